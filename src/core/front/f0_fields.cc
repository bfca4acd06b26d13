// Copyright (C) 2026 The f0 authors

#include "f0_fields.h"

#include <algorithm>

#include "../base/text.h"
#include "reader.h"

namespace f0::front {

namespace {

constexpr size_t kMaxFiles = 1024;  // an editor's tabs are some dozens
constexpr size_t kMaxPath = 4096;   // bytes, as systems have it

constexpr string_view kFields[] = {"projectId",  "workspaceId", "ideType",        "files",
                                   "fz_context", "fz_mode",     "fz_edit_format", "fz_stream"};
constexpr string_view kModes[] = {"chat", "edit", "refactor", "proxy", "apply", "fim"};
constexpr string_view kEditFormats[] = {"search_replace", "whole", "udiff", "apply_patch"};
constexpr string_view kProgress[] = {"off", "comment", "chunk", "event"};
constexpr string_view kPatches[] = {"markdown", "chunk", "event", "both"};

class f0_reader : reader {
 public:
  using reader::reader;

  bool read() { return fields() && manner() && events(); }

 private:
  bool one_file(const value& f, const path& p, file& to);
  bool selection(const value& s, const path& p, bool desktop);
  bool context(const value& c);
  bool fields();
  bool manner();
  bool events();
};

bool f0_reader::one_file(const value& f, const path& p, file& to) {
  if (!f.is_object()) return wrong_type(p, "an object", f);
  path at = p / "path";
  if (!want_string(f, "path", at, &to.path, true)) return false;
  if (to.path.empty() || to.path.find('\0') != string_view::npos) {
    return fail("invalid_value", at.str(),
                "Invalid '" + at.str() + "': a path must not be empty nor hold NUL.");
  }
  if (to.path.size() > kMaxPath) return too_long(at, "string", kMaxPath, to.path.size());
  return want_string(f, "content", p / "content", &to.content, true) &&
         want_string(f, "languageId", p / "languageId", &to.language) &&
         want_bool(f, "isOpen", p / "isOpen", &to.is_open) &&
         want_bool(f, "allowEdit", p / "allowEdit", &to.allow_edit);
}

bool f0_reader::selection(const value& s, const path& p, bool desktop) {
  if (!s.is_object()) return wrong_type(p, "an object", s);
  static constexpr string_view kNames[2][3] = {{"start", "end", "text"},
                                               {"startOffset", "endOffset", "selectedText"}};
  const string_view* names = kNames[desktop];
  chat::selection made;
  made.desktop = desktop;
  for (int k = 0; k < 2; k++) {
    path at = p / names[k];
    const value* v = s.get(names[k]);
    if (!v) return missing(at);
    if (!is_integral(*v)) return wrong_type(at, "an integer", *v);
    // What is out of range is clamped like any offset behind the end.
    int64_t n = v->integer().value_or(v->text().front() == '-' ? INT64_MIN : INT64_MAX);
    (k == 0 ? made.start : made.end) = n;
  }
  if (!want_string(s, names[2], p / names[2], &made.text)) return false;
  out_.context.selection = made;
  return true;
}

bool f0_reader::context(const value& c) {
  path at = top("fz_context");
  path current = at / "currentFile";
  chat::context& to = out_.context;
  to.from = chat::context::source::fz_context;
  const value *file_value, *list;
  if (!want(c, "currentFile", json::kind::object, current, &file_value) ||
      !want_string(c, "workspaceRoot", at / "workspaceRoot", nullptr) ||
      !want_string(c, "projectType", at / "projectType", nullptr)) {
    return false;
  }
  if (file_value) {
    if (!one_file(*file_value, current, to.current.emplace())) return false;
    const value* s = file_value->get("selection");
    bool desktop = !s || s->is_null();
    if (desktop) s = c.get("selection");
    if (s && !s->is_null()) {
      path p = desktop ? at / "selection" : current / "selection";
      if (!selection(*s, p, desktop)) return false;
      // The desktop's selection names its file.
      const value* named = desktop ? s->get("path") : nullptr;
      if (named && !named->is_null() &&
          (!named->is_string() || named->text() != to.current->path)) {
        to.selection.reset();
      }
    }
  }
  path open = at / "openFiles";
  if (!want(c, "openFiles", json::kind::array, open, &list)) return false;
  if (!list) return true;
  if (list->size() > kMaxFiles) return too_long(open, "array", kMaxFiles, list->size());
  size_t j = 0;
  for (const value& f : *list) {
    if (!one_file(f, element(open, j++), to.open.emplace_back())) return false;
  }
  return true;
}

bool f0_reader::manner() {
  return want_word(root_, "fz_mode", top("fz_mode"), kModes, &out_.fz_mode) &&
         want_word(root_, "fz_edit_format", top("fz_edit_format"), kEditFormats,
                   &out_.fz_edit_format);
}

bool f0_reader::events() {
  using progress = enum stream_events::progress;
  using patches = enum stream_events::patches;
  path at = top("fz_stream");
  const value* v;
  if (!want(root_, "fz_stream", json::kind::object, at, &v)) return false;
  if (!v) return true;
  out_.events_in_body = true;
  string_view p, e;
  if (!want_word(*v, "progress", at / "progress", kProgress, &p) ||
      !want_word(*v, "patches", at / "patches", kPatches, &e)) {
    return false;
  }
  out_.events.progress = p == "comment" ? progress::comment
                         : p == "chunk" ? progress::chunk
                         : p == "event" ? progress::event
                                        : progress::off;
  out_.events.patches = e == "chunk"   ? patches::chunk
                        : e == "event" ? patches::event
                        : e == "both"  ? patches::both
                                       : patches::markdown;
  return true;
}

bool f0_reader::fields() {
  path at = top("files");
  const value *list, *c;
  if (!want_string(root_, "projectId", top("projectId"), &out_.project_id) ||
      !want_string(root_, "workspaceId", top("workspaceId"), &out_.workspace_id) ||
      !want_string(root_, "ideType", top("ideType"), &out_.ide_type) ||
      !want(root_, "files", json::kind::array, at, &list)) {
    return false;
  }
  out_.has_project = !out_.project_id.empty() || !out_.workspace_id.empty();
  std::vector<file> files;
  if (list) {
    if (list->size() > kMaxFiles) return too_long(at, "array", kMaxFiles, list->size());
    size_t j = 0;
    for (const value& f : *list) {
      if (!one_file(f, element(at, j++), files.emplace_back())) return false;
    }
  }
  if (!want(root_, "fz_context", json::kind::object, top("fz_context"), &c)) return false;
  if (c) return context(*c);
  if (files.empty()) return true;
  out_.context.from = chat::context::source::files;
  out_.context.open = std::move(files);
  return true;
}

}  // namespace

bool read_f0_fields(const value& root, request& out, bad_request& bad) {
  return f0_reader(root, out, bad).read();
}

bool is_f0_field(string_view key) {
  return std::find(std::begin(kFields), std::end(kFields), key) != std::end(kFields);
}

void read_stream_header(string_view header, stream_events& out) {
  using progress = enum stream_events::progress;
  using patches = enum stream_events::patches;
  while (!header.empty()) {
    size_t comma = header.find_first_of(",;");
    string_view pair = header.substr(0, comma);
    header = comma == string_view::npos ? string_view() : header.substr(comma + 1);
    size_t equal = pair.find('=');
    if (equal == string_view::npos) continue;
    string_view name = text::trim(pair.substr(0, equal));
    string_view word = text::trim(pair.substr(equal + 1));
    if (text::iequals(name, "progress")) {
      if (word == "off") out.progress = progress::off;
      if (word == "comment") out.progress = progress::comment;
      if (word == "chunk") out.progress = progress::chunk;
      if (word == "event") out.progress = progress::event;
    } else if (text::iequals(name, "patches")) {
      if (word == "markdown") out.patches = patches::markdown;
      if (word == "chunk") out.patches = patches::chunk;
      if (word == "event") out.patches = patches::event;
      if (word == "both") out.patches = patches::both;
    }
  }
}

}  // namespace f0::front
