// Copyright (C) 2026 The f0 authors

#include <algorithm>
#include <utility>

#include "reader.h"

namespace f0::edit {

// ---- SEARCH/REPLACE

void parser::impl::start_sr(string_view raw, const search_marker& m) {
  std::string path = own_or_last(given_path(m.rest));
  consume_held(path);
  own_fence();
  begin_block(format::search_replace, path);
  strip = m.indent;
  other = false;
  levels.assign(1, m.signs);
  first_end = 0;
  st = state::sr;
  grow(raw);
}

// Until it has an end it may be prose as well: what is held stays so.
void parser::impl::start_other(string_view raw) {
  nested_head = st == state::head;  // a fence is held
  begin_block(format::search_replace, own_or_last(given_path({})), false);
  strip = indent_of(raw);
  other = true;
  levels.assign(1, signs_of(raw));
  first_end = 0;
  st = state::sr;
  grow(raw);
}

bool parser::impl::sr_end(string_view text) {
  bool ends = is_replace_marker(text) || (other && is_other_replace(text));
  if (!ends) {
    bool opens = read_search_marker(text) && !other && !too_large && replays < max_replays;
    if (opens) levels.push_back(signs_of(text));
    return false;
  }
  if (first_end == 0) first_end = cur.raw.size();
  auto same = std::find(levels.rbegin(), levels.rend(), signs_of(text));
  size_t n =
      same == levels.rend() ? levels.size() - 1 : static_cast<size_t>(levels.rend() - same) - 1;
  levels.resize(too_large ? 0 : n);
  return levels.empty();
}

void parser::impl::sr_line(string_view raw) {
  string_view text = chomp(raw);
  if (other && (read_search_marker(text) || is_begin_patch(text))) {
    replay(std::exchange(cur.raw, {}) + std::string(raw));
    return;
  }
  grow(raw);
  if (sr_end(text)) {
    if (other) {
      if (cur.dividers.empty()) return replay(std::exchange(cur.raw, {}));
      if (nested_head) st = state::head;
      std::string path = cur.path;
      consume_held(path);
      own_fence();
    }
    st = state::prose;
    if (cur.dividers.empty()) return finish_block(code::malformed);
    unindent(cur, strip);
    return finish_block();
  }
  if (too_large) {
    cur.body.clear();
    return;
  }
  bool outer =
      levels.size() == 1 || (signs_of(text) == levels.front() && levels.back() != levels.front());
  if (outer && is_divider(text)) cur.dividers.push_back(cur.body.size());
  cur.body += text;
  cur.body += '\n';
}

bool parser::impl::end_at_first() {
  if (too_large) return false;
  if (other) {
    replay(std::exchange(cur.raw, {}));
    return true;
  }
  if (first_end == 0) return false;
  replays++;
  std::string rest = cur.raw.substr(first_end);
  cur.raw.resize(first_end);
  cur.body.clear();
  cur.dividers.clear();
  cur.unclosed = true;
  string_view lines = cur.raw;
  lines.remove_prefix(lines.find('\n') + 1);
  while (!lines.empty()) {
    size_t nl = std::min(lines.find('\n'), lines.size() - 1) + 1;
    string_view text = chomp(lines.substr(0, nl));
    lines.remove_prefix(nl);
    if (lines.empty()) break;  // its end
    if (is_divider(text)) cur.dividers.push_back(cur.body.size());
    cur.body += text;
    cur.body += '\n';
  }
  st = state::prose;
  if (cur.dividers.empty()) {
    finish_block(code::malformed);
  } else {
    unindent(cur, strip);
    finish_block();
  }
  replay(rest);
  return true;
}

void parser::impl::replay(const std::string& raw) {
  string_view s = raw;
  bool first = st == state::sr;  // a block of other markers that is none
  if (first) {
    cur = block();
    release();
    st = state::prose;
    if (nested_head) {
      nested_head = false;
      around = head;
      own = false;
    }
  }
  while (!s.empty()) {
    size_t nl = std::min(s.find('\n'), s.size() - 1) + 1;
    string_view one = s.substr(0, nl);
    s.remove_prefix(nl);
    if (first) {
      plain_line(one);
    } else {
      on_line(one);
    }
    first = false;
  }
}

void parser::impl::unindent(block& b, size_t n) {
  if (n == 0) return;
  std::string text;
  std::vector<size_t> dividers;
  for (size_t i = 0; i < b.body.size();) {
    size_t end = b.body.find('\n', i) + 1;
    string_view s = string_view(b.body).substr(i, end - i);
    if (!is_blank(s.substr(0, s.size() - 1)) && indent_of(s) < n) return;
    if (std::binary_search(b.dividers.begin(), b.dividers.end(), i)) {
      dividers.push_back(text.size());
    }
    text += s.substr(std::min(n, s.size() - 1));
    i = end;
  }
  b.body = std::move(text);
  b.dividers = std::move(dividers);
}

}  // namespace f0::edit
