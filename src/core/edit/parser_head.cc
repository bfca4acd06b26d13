// Copyright (C) 2026 The f0 authors

#include <algorithm>

#include "reader.h"

namespace f0::edit {

namespace {

constexpr size_t max_heredoc = 200;

bool is_diff_info(string_view info) {
  string_view word = info.substr(0, info.find_first_of(" \t:"));
  return word == "diff" || word == "patch" || word == "udiff" || word == "Diff" || word == "DIFF";
}

bool may_be_heredoc(string_view head) {
  string_view s = head.substr(indent_of(head));
  return s.size() <= max_heredoc &&
         (starts(s, "<<") || starts(s, "apply") || starts("<<", s) || starts("apply", s));
}

bool is_diff_head(string_view s) {
  for (string_view w : {"diff --git ", "@@", "Index: ", "index ", "new file mode",
                        "deleted file mode", "rename from ", "similarity index "}) {
    if (starts(s, w)) return true;
  }
  return false;
}

}  // namespace

std::string heredoc_word(string_view line) {
  size_t at = line.find("<<");
  if (at == string_view::npos || line.size() >= max_heredoc) return {};
  string_view before = trim_blanks(line.substr(0, at));
  if (!before.empty() && !starts(before, "apply")) return {};
  string_view w = trim_blanks(line.substr(at + 2));
  if (!w.empty() && w.front() == '-') w.remove_prefix(1);
  if (w.size() > 2 && (w.front() == '\'' || w.front() == '"') && w.back() == w.front()) {
    w = w.substr(1, w.size() - 2);
  }
  bool plain = !w.empty() && std::all_of(w.begin(), w.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  });
  return plain ? std::string(w) : std::string();
}

// ---- a fence's first line is held, the lines behind it decide

void parser::impl::open_head(string_view raw, const fence& f) {
  nested_head = (around && !own) || f.indent > 3;
  const held_line* p = held_path();
  auto info = read_info_path(f.info, opt.known);
  // Another path in the info string: then the line above is prose.
  if (p && info && normal_path(info->path) != normal_path(p->path)) release();
  if (own && only_blanks_held()) drop_held();
  hold(held_kind::fence, raw, info);
  head = f;
  st = state::head;
}

std::optional<path_line> parser::impl::head_path() const {
  for (auto h = held.rbegin(); h != held.rend(); ++h) {
    if (h->kind != held_kind::inner && !h->path.empty()) return path_line{h->path, h->strong};
  }
  return std::nullopt;
}

bool parser::impl::has_inner() const {
  return std::any_of(held.begin(), held.end(),
                     [](const held_line& h) { return h.kind == held_kind::inner; });
}

bool parser::impl::whole_file() const {
  if (opt.asked != format::whole || nested_head) return false;
  auto p = head_path();
  if (!p) return false;
  if (!p->strong) {
    // A mere slash is enough in "lang path" only.
    bool in_info = std::any_of(held.begin(), held.end(), [&](const held_line& h) {
      return h.kind == held_kind::fence && h.path == p->path;
    });
    if (!in_info || head.info.find_first_of(" \t") == std::string::npos) return false;
  }
  if (!is_diff_info(head.info)) return true;
  return p->path.ends_with(".diff") || p->path.ends_with(".patch");
}

bool parser::impl::diff_fence() const {
  if (nested_head || whole_file()) return false;
  return is_diff_info(head.info) || (head.info.empty() && opt.asked == format::udiff);
}

parser::impl::verdict parser::impl::begins_diff(string_view text) const {
  string_view inner;
  if (held.back().kind == held_kind::inner) inner = chomp(held.back().raw);
  if (starts(inner, "--- ")) {
    return starts(text, "+++ ") || sure_of_diff() ? verdict::yes : verdict::no;
  }
  if (is_blank(text) && text.empty()) return verdict::wait;
  if (is_diff_head(text)) return verdict::yes;
  if (starts(text, "--- ")) return verdict::wait;
  bool sign = text[0] == '+' || text[0] == '-' || text[0] == ' ';
  return sign && sure_of_diff() ? verdict::yes : verdict::no;
}

bool parser::impl::sure_of_diff() const {
  return is_diff_info(head.info) && (opt.asked == format::udiff || head_path());
}

void parser::impl::head_line(string_view raw) {
  string_view text = chomp(raw);
  if (!whole_file() && too_long(text)) return not_an_edit(raw);
  if (auto m = read_search_marker(text)) return start_sr(raw, *m);
  if (is_other_search(text) && !nested_head) return start_other(raw);
  if (is_begin_patch(text)) return start_envelope(raw);
  if (is_diff_info(head.info) && !nested_head && !whole_file() && is_file_header(text)) {
    return start_envelope(raw, true);
  }
  if (whole_file()) {
    start_whole();
    return whole_line(raw);
  }
  if (diff_fence()) {
    verdict v = begins_diff(text);
    if (v == verdict::yes) return start_diff(raw);
    if (v == verdict::wait && held.size() < 2 * max_held_blanks + 3) {
      return hold(held_kind::inner, raw);
    }
  }
  if (has_inner()) {
    bool room = is_short_blank(text) && held.size() < 2 * max_held_blanks + 3;
    return room ? hold(held_kind::blank, raw) : not_an_edit(raw);
  }
  if (head.closed_by(text, 3)) return not_an_edit(raw);
  auto p = read_comment_path(text, opt.known);
  if (!p) p = read_path_line(text, opt.known);
  if (p || !heredoc_word(text).empty()) return hold(held_kind::inner, raw, p);
  not_an_edit(raw);
}

void parser::impl::not_an_edit(string_view raw) {
  enter_prose_fence();
  prose_line(raw);
}

void parser::impl::enter_prose_fence() {
  auto p = head_path();
  fence_path = p ? p->path : std::string();
  release();
  st = state::prose;
  behind = behind_envelope = false;
  if (nested_head) return;
  fence_divider = false;
  around = head;
  own = false;
}

bool parser::impl::too_long(string_view text) const {
  return held_size + chomp(text).size() > opt.held_max;
}

bool parser::impl::may_matter(string_view text) const {
  if (too_long(text)) return false;
  if (may_be_marker(text) || may_be_fence(text)) return true;
  if (st == state::prose) {
    return may_be_path_line(text, opt.known) ||
           (!heredoc.empty() && starts(heredoc, trim_blanks(text)));
  }
  if (diff_fence() && may_begin_diff(text)) return true;
  return may_be_heredoc(text) || may_be_path_line(text, opt.known) || may_be_comment_path(text);
}

bool parser::impl::may_begin_diff(string_view text) const {
  if (begins_diff(text) != verdict::no) return true;
  for (string_view w : {"diff --git ", "@@", "Index: ", "index ", "new file mode",
                        "deleted file mode", "rename from ", "similarity index ", "--- ", "+++ ",
                        "*** Update File:", "*** Add File:", "*** Delete File:"}) {
    size_t n = std::min(w.size(), text.size());
    if (starts(w, text.substr(0, n))) return true;
  }
  return false;
}

}  // namespace f0::edit
