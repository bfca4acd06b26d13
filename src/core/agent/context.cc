// Copyright (C) 2026 The f0 authors

#include "context.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>
#include <utility>

#include "../text.h"

namespace f0::agent {
namespace {

// What is looked through for files, the newest messages first.
constexpr size_t kHarvestBytes = 1 << 20;
constexpr size_t kHarvestFiles = 64;
// A fence's first line that is longer names no file.
constexpr size_t kLongestInfo = 4096;

// Bytes of the white space that |s| begins with in JavaScript's eyes; 0: none.
size_t js_space(string_view s) {
  if (s.empty()) return 0;
  auto c = static_cast<unsigned char>(s[0]);
  if (c == ' ' || (c >= 0x09 && c <= 0x0d)) return 1;
  if (s.substr(0, 2) == "\xc2\xa0") return 2;
  string_view three = s.substr(0, 3);
  static constexpr string_view kWide[] = {"\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                          "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
                                          "\xef\xbb\xbf"};
  for (string_view w : kWide) {
    if (three == w) return 3;
  }
  if (three.size() == 3 && three.substr(0, 2) == "\xe2\x80") {
    auto last = static_cast<unsigned char>(three[2]);
    if (last >= 0x80 && last <= 0x8a) return 3;
  }
  return 0;
}

// One entry of the client's lists before it is decided what may be changed.
struct candidate {
  const api::file* file;
  bool open;
};

void add_files(const std::vector<candidate>& list, unsigned max_editable, workspace& out) {
  std::set<std::string> seen;
  unsigned editable = 0;
  for (const auto& c : list) {
    if (!seen.insert(edit::normal_path(c.file->path)).second) continue;
    source_file f;
    f.path = c.file->path;
    f.content = c.file->content;
    f.language = c.file->language;
    bool wanted = out.files.empty() || c.open || c.file->allow_edit.value_or(false);
    if (!edit::clean_path(edit::normal_path(f.path))) {
      wanted = false;
      out.notes.push_back("`" + text::cut_repaired(f.path, 100) +
                          "` is no path within the workspace, so it can only be read.");
    }
    f.editable = wanted && c.file->allow_edit.value_or(true) && editable < max_editable;
    editable += f.editable;
    out.files.push_back(std::move(f));
  }
}

// "files" beside an fz_context that holds none.
std::vector<api::file> legacy_files(const api::request& r) {
  std::vector<api::file> out;
  const json::value* list = r.root ? r.root->get("files") : nullptr;
  if (list == nullptr || !list->is_array()) return out;
  for (const auto& v : *list) {
    const json::value* content = v.get("content");
    if (v.str("path").empty() || content == nullptr || !content->is_string()) continue;
    api::file f;
    f.path = v.str("path");
    f.content = content->text();
    f.language = v.str("languageId");
    const json::value* open = v.get("isOpen");
    if (open != nullptr && open->is_bool()) f.is_open = open->boolean();
    out.push_back(f);
  }
  return out;
}

size_t find_file(const workspace& w, string_view path) {
  std::string wanted = edit::normal_path(path);
  for (size_t i = 0; i < w.files.size(); i++) {
    if (edit::normal_path(w.files[i].path) == wanted) return i;
  }
  return w.files.size();
}

// Where LF text at |at| of the text without CRs stands in |s|.
size_t in_crlf(string_view s, size_t at) {
  size_t i = 0;
  for (size_t n = 0; i < s.size(); i++) {
    if (s[i] == '\r' && i + 1 < s.size() && s[i + 1] == '\n') continue;
    if (n == at) break;
    n++;
  }
  return i;
}

std::string without_cr(string_view s) {
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size(); i++) {
    if (s[i] != '\r' || i + 1 == s.size() || s[i + 1] != '\n') out += s[i];
  }
  return out;
}

// The one place of |part| in |whole|, line ends aside.
std::optional<edit::byte_range> find_once(string_view whole, string_view part) {
  size_t at = text::find(whole, part);
  if (at != string_view::npos) {
    if (text::find(whole, part, at + 1) != string_view::npos) return {};
    return edit::byte_range{at, at + part.size()};
  }
  std::string lf = without_cr(whole), wanted = without_cr(part);
  at = text::find(lf, wanted);
  if (at == std::string::npos || text::find(lf, wanted, at + 1) != std::string::npos) return {};
  return edit::byte_range{in_crlf(whole, at), in_crlf(whole, at + wanted.size())};
}

// The path that fz_context.selection names; the selection of a file has none.
string_view selection_path(const api::request& r) {
  const json::value* context = r.root ? r.root->get("fz_context") : nullptr;
  const json::value* sel = context ? context->get("selection") : nullptr;
  return sel ? sel->str("path") : string_view();
}

void read_selection(const api::request& r, workspace& out) {
  const auto& sel = r.context.selection;
  if (!sel || out.files.empty()) return;
  selected s;
  s.desktop = sel->desktop;
  string_view path = sel->desktop ? selection_path(r) : string_view();
  if (!path.empty()) s.file = find_file(out, path);
  if (s.file == out.files.size()) {
    out.notes.push_back("The selection is in a file that was not sent, so it was not used.");
    return;
  }
  string_view content = out.files[s.file].content;
  s.bytes.begin = text::utf16_to_byte(content, sel->start, false);
  s.bytes.end = std::max(s.bytes.begin, text::utf16_to_byte(content, sel->end, true));
  string_view slice = content.substr(s.bytes.begin, s.bytes.end - s.bytes.begin);
  if (!sel->text.empty() && slice != sel->text && without_cr(slice) != without_cr(sel->text)) {
    auto found = js_blank(sel->text) ? std::nullopt : find_once(content, sel->text);
    if (!found) {
      out.notes.push_back(
          "The selected text is not where the selection says, nor anywhere else "
          "just once, so the selection was not used.");
      return;
    }
    s.bytes = *found;
    slice = content.substr(s.bytes.begin, s.bytes.end - s.bytes.begin);
  }
  if (!js_blank(slice)) out.selection = s;
}

// ---- harvesting

struct fence_info {
  std::string path;
  size_t first_line = 1;
  bool part = false;
};

bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// A folder or an extension makes a path of a word.
bool looks_like_path(string_view s) {
  if (s.empty() || s.find_first_of("=\"'{}<>|*?`") != string_view::npos) return false;
  if (s.find("://") != string_view::npos) return false;
  size_t slash = s.rfind('/');
  string_view name = slash == string_view::npos ? s : s.substr(slash + 1);
  if (name.empty()) return false;
  if (slash != string_view::npos) return true;
  static constexpr string_view kNames[] = {"Makefile", "Dockerfile", "LICENSE", "CMakeLists.txt"};
  for (string_view n : kNames) {
    if (name == n) return true;
  }
  size_t dot = name.rfind('.');
  if (dot == string_view::npos || dot + 1 == name.size() || name.size() - dot > 12) return false;
  return std::all_of(name.begin() + static_cast<long>(dot) + 1, name.end(), word_char);
}

// Takes " (12-34)" off the end of |s|.
bool take_range(string_view& s, size_t& first) {
  size_t open = s.rfind('(');
  if (open == string_view::npos || s.back() != ')') return false;
  string_view inner = s.substr(open + 1, s.size() - open - 2);
  size_t dash = inner.find('-'), last = 0;
  if (dash == string_view::npos) return false;
  auto number = [](string_view n, size_t& out) {
    auto [end, ec] = std::from_chars(n.data(), n.data() + n.size(), out);
    return ec == std::errc() && end == n.data() + n.size() && !n.empty();
  };
  size_t begin = 0;
  if (!number(inner.substr(0, dash), begin) || !number(inner.substr(dash + 1), last)) return false;
  if (begin == 0 || begin > last) return false;
  first = begin;
  s = text::trim(s.substr(0, open));
  return true;
}

std::optional<fence_info> read_info(string_view info) {
  fence_info out;
  info = text::trim(info);
  if (info.empty()) return {};
  if (info.size() > kLongestInfo) return {};
  out.part = take_range(info, out.first_line);
  size_t blank = info.find_first_of(" \t");
  string_view path = info;
  if (blank != string_view::npos) {
    string_view lang = info.substr(0, blank);
    if (lang == "diff" || lang == "patch" || lang == "udiff" || lang == "tool") return {};
    if (!looks_like_path(lang)) path = text::trim(info.substr(blank));
  } else if (path.find('/') == string_view::npos && (path == "Makefile" || path == "Dockerfile")) {
    return {};  // a language as well
  }
  if (!looks_like_path(path)) return {};
  auto clean = edit::clean_path(path);
  if (!clean) return {};
  out.path = *clean;
  return out;
}

// The sign and length of the fence that |line| begins; 0: none.
size_t fence_of(string_view line, char& sign, string_view& rest) {
  size_t i = line.find_first_not_of(' ');
  if (i == string_view::npos || i > 3 || (line[i] != '`' && line[i] != '~')) return 0;
  sign = line[i];
  size_t end = line.find_first_not_of(sign, i);
  if (end == string_view::npos) end = line.size();
  rest = line.substr(end);
  if (sign == '`' && rest.find('`') != string_view::npos) return 0;
  return end - i >= 3 ? end - i : 0;
}

string_view take_line(string_view& s) {
  size_t end = s.find('\n');
  string_view line = s.substr(0, end);
  s.remove_prefix(end == string_view::npos ? s.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// The files of one message: whole ones first, as they count more than parts of
// one.
class harvested {
 public:
  explicit harvested(workspace& out) : out_(out) {}

  void take(fence_info&& info, string_view content) {
    std::vector<source_file>& list = info.part ? parts_ : wholes_;
    if (list.size() == kHarvestFiles || !seen_[info.part].insert(info.path).second) return;
    source_file f;
    f.path = std::move(info.path);
    f.harvested = true;
    f.part = info.part;
    f.first_line = info.first_line;
    // Editors put a line end between a text and the closing fence even where
    // the text ends with one.
    if (content.ends_with("\n\n")) content.remove_suffix(1);
    out_.own.emplace_back(content);
    f.content = out_.own.back();
    list.push_back(std::move(f));
  }
  std::vector<source_file> files() {
    std::move(parts_.begin(), parts_.end(), std::back_inserter(wholes_));
    return std::move(wholes_);
  }

 private:
  workspace& out_;
  std::vector<source_file> wholes_, parts_;
  std::set<std::string> seen_[2];
};

void harvest_text(string_view s, harvested& found) {
  while (!s.empty()) {
    char sign = 0, other = 0;
    string_view info, rest;
    size_t n = fence_of(take_line(s), sign, info);
    if (n == 0) continue;
    string_view body = s;
    size_t size = 0;
    bool closed = false;
    while (!s.empty()) {
      size = static_cast<size_t>(s.data() - body.data());
      size_t m = fence_of(take_line(s), other, rest);
      if (m >= n && other == sign && text::trim(rest).empty()) {
        closed = true;
        break;
      }
    }
    auto read = read_info(info);
    if (!closed || !read) continue;
    found.take(std::move(*read), body.substr(0, size));
  }
}

}  // namespace

bool js_blank(string_view s) {
  while (!s.empty()) {
    size_t n = js_space(s);
    if (n == 0) return false;
    s.remove_prefix(n);
  }
  return true;
}

std::string plain_text(string_view s) {
  if (s.substr(0, 3) == "\xef\xbb\xbf") s.remove_prefix(3);
  return without_cr(s);
}

bool workspace::any_editable() const {
  return std::any_of(files.begin(), files.end(), [](const auto& f) { return f.editable; });
}

void read_context(const api::request& r, unsigned max_editable, workspace& out) {
  const auto& c = r.context;
  std::vector<candidate> list;
  std::vector<api::file> legacy;
  bool fz = c.from == api::context::source::fz_context;
  if (c.current) list.push_back({&*c.current, true});
  for (const auto& f : c.open) list.push_back({&f, f.is_open.value_or(fz)});
  if (fz && list.empty()) {
    legacy = legacy_files(r);
    for (const auto& f : legacy) list.push_back({&f, f.is_open.value_or(true)});
  }
  add_files(list, max_editable, out);
  read_selection(r, out);
}

void harvest(const api::request& r, unsigned max_editable, workspace& out) {
  unsigned editable = 0;
  size_t bytes = 0;
  std::set<std::string> seen;
  for (auto m = r.messages.rbegin(); m != r.messages.rend(); ++m) {
    if (m->role != api::role::user) continue;
    for (const auto& p : m->parts) bytes += p.text.size() + 1;
    if (bytes > kHarvestBytes + 1) break;
    harvested found(out);
    harvest_text(m->text(), found);
    for (auto& f : found.files()) {
      if (out.files.size() == kHarvestFiles) return;
      if (!seen.insert(edit::normal_path(f.path)).second) continue;
      f.editable = editable < max_editable;
      editable += f.editable;
      out.files.push_back(std::move(f));
    }
  }
}

}  // namespace f0::agent
