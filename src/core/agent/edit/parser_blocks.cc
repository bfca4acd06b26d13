// Copyright (C) 2026 The f0 authors

#include <algorithm>

#include "reader.h"

namespace f0::edit {

namespace {

bool is_markdown(string_view path) {
  string_view lang = lang_of_path(path);
  return lang == "markdown" || (path.size() > 4 && path.substr(path.size() - 4) == ".mdx");
}

}  // namespace

// ---- SEARCH/REPLACE

void parser::impl::start_sr(string_view raw, const search_marker& m) {
  std::string given = given_path(m.rest);
  std::string path = own_or_last(given);
  consume_held(path);
  own_fence();
  begin_block(format::search_replace, path);
  strip = m.indent;
  st = state::sr;
  grow(raw);
}

void parser::impl::sr_line(string_view raw) {
  string_view text = chomp(raw);
  bool end = is_replace_marker(text);
  grow(raw);
  if (end) {
    st = state::prose;
    if (cur.dividers.empty()) return finish_block(code::malformed);
    unindent(cur, strip);
    return finish_block();
  }
  if (too_large) {
    cur.body.clear();
    return;
  }
  if (is_divider(text)) cur.dividers.push_back(cur.body.size());
  cur.body += text;
  cur.body += '\n';
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

// ---- a whole file

void parser::impl::start_whole() {
  std::string path = head_path()->path;
  consume_held(path);
  begin_block(format::whole, path);
  block_fence = head;
  strip = head.indent;
  nested = 0;
  st = state::whole;
}

void parser::impl::whole_line(string_view raw) {
  string_view text = chomp(raw);
  bool bare = block_fence.closed_by(text, block_fence.indent);
  if (bare && nested == 0) {
    st = state::prose;
    around.reset();
    own = false;
    return finish_block();
  }
  if (bare) {
    nested--;
  } else if (is_markdown(cur.path)) {
    // A model that didn't choose a longer fence for text with fences.
    auto f = read_fence(text);
    if (f && f->sign == block_fence.sign && f->length == block_fence.length && f->indent == 0 &&
        !f->info.empty()) {
      nested++;
    }
  }
  if (!grow(raw)) {
    cur.body.clear();
    return;
  }
  text.remove_prefix(std::min(strip, indent_of(text)));
  cur.body += text;
  cur.body += '\n';
}

}  // namespace f0::edit
