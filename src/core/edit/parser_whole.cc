// Copyright (C) 2026 The f0 authors
//
// A whole file's lines are kept until its end is known (fence_end.h).

#include <algorithm>
#include <utility>

#include "../base/text.h"
#include "reader.h"

namespace f0::edit {

namespace {

// Whole files of an answer that are kept to tell an excerpt of one.
constexpr size_t max_wholes = size_t{1} << 20;

bool is_markdown(string_view path) {
  return lang_of_path(path) == "markdown" || path.ends_with(".mdx");
}

}  // namespace

void parser::impl::start_whole() {
  std::string path = head_path()->path;
  whole_head.clear();
  for (const held_line& h : held) whole_head += h.raw;
  consume_held(path);
  begin_block(format::whole, path);
  block_fence = head;
  strip = head.indent;
  whole_lines.clear();
  ends = {};
  mark = SIZE_MAX;
  st = state::whole;
}

// What the fence line that waits for its neighbour is, now that |text| follows.
void parser::impl::whole_mark(string_view text) {
  if (mark == SIZE_MAX) return;
  size_t at = std::exchange(mark, SIZE_MAX);
  bool blank_above = at == 0 || is_blank(chomp(whole_lines[at - 1]));
  ends.take(at, bare_line(blank_above, is_blank(text)));
}

// Does |text| begin the next file or block, whose path stands above?
bool parser::impl::at_boundary(string_view text) const {
  if (!read_fence(text) && !read_search_marker(text)) return false;
  size_t i = whole_lines.size();
  while (i > 0 && whole_lines.size() - i < max_held_blanks && is_blank(chomp(whole_lines[i - 1]))) {
    i--;
  }
  if (i == 0) return false;
  auto p = read_path_line(chomp(whole_lines[i - 1]), opt.known);
  return p && p->strong;
}

void parser::impl::whole_line(string_view raw) {
  string_view text = chomp(raw);
  bool bare = block_fence.closed_by(text, std::max<size_t>(3, block_fence.indent));
  if (!grow(raw)) {
    // It can't be used any more: the first line that may end it does.
    whole_lines.clear();
    cur.raw.clear();
    ends = {};
    mark = SIZE_MAX;
    if (bare) break_whole(code::too_large, 0);
    return;
  }
  whole_mark(text);
  if (auto end = ends.decided()) {
    whole_lines.emplace_back(raw);
    return end_whole(*end);
  }
  if (at_boundary(text)) {
    size_t first = whole_lines.size();
    while (first > 0 && is_blank(chomp(whole_lines[first - 1]))) first--;
    fence_end::verdict v = ends.boundary();
    whole_lines.emplace_back(raw);
    if (v == fence_end::verdict::found) return end_whole(ends.end());
    if (v == fence_end::verdict::several) return break_whole(code::malformed, first - 1);
    if (v == fence_end::verdict::none) return break_whole(code::truncated, first - 1);
  } else {
    whole_lines.emplace_back(raw);
  }
  if (bare) {
    mark = whole_lines.size() - 1;
    return;
  }
  auto f = read_fence(text);
  if (f && f->sign == block_fence.sign && f->length >= block_fence.length && f->indent <= 3 &&
      !f->info.empty()) {
    ends.take(whole_lines.size() - 1, fence_line::info);
  }
}

// It can't be used; the lines from |lines| on are read anew.
void parser::impl::break_whole(code why, size_t lines) {
  std::string rest;
  for (size_t i = lines; i < whole_lines.size(); i++) rest += whole_lines[i];
  if (rest.size() <= cur.raw.size()) cur.raw.resize(cur.raw.size() - rest.size());
  whole_lines.clear();
  st = state::prose;
  around.reset();
  own = false;
  finish_block(why);
  replay(rest);
}

bool parser::impl::is_excerpt() const {
  if (cur.body.empty()) return false;
  return std::any_of(wholes.begin(), wholes.end(), [&](const std::string& w) {
    if (cur.body.size() >= w.size()) return false;
    if (w.starts_with(cur.body)) return true;
    return text::find(w, "\n" + cur.body) != string_view::npos;
  });
}

void parser::impl::keep_whole() {
  if (wholes_size + cur.body.size() > max_wholes) return;
  wholes_size += cur.body.size();
  wholes.push_back(cur.body);
}

void parser::impl::end_whole(size_t end) {
  std::vector<std::string> lines = std::move(whole_lines);
  whole_lines.clear();
  std::string rest;
  cur.raw.clear();
  bool search = false, divider = false, lone = false;
  for (size_t i = 0; i < lines.size(); i++) {
    if (i >= end) {
      if (i > end) rest += lines[i];
      continue;
    }
    cur.raw += lines[i];
    string_view text = chomp(lines[i]);
    search = search || read_search_marker(text);
    divider = divider || is_divider(text);
    lone = lone || (divider && !search && is_replace_marker(text));
    text.remove_prefix(std::min(strip, indent_of(text)));
    cur.body += text;
    cur.body += '\n';
  }
  line_no -= lines.size() - std::min(lines.size(), end + 1);
  st = state::prose;
  around.reset();
  own = false;
  if (is_excerpt()) {
    emit(whole_head);
    emit(cur.raw);
    emit(end < lines.size() ? lines[end] : std::string());
    cur = block();
    note("-");
  } else if (lone) {
    finish_block(code::malformed);  // half a SEARCH/REPLACE block
  } else {
    keep_whole();
    finish_block();
  }
  replay(rest);
}

void parser::impl::finish_whole() {
  if (too_large) {
    st = state::prose;
    return finish_block(code::too_large);
  }
  bool last = mark != SIZE_MAX && mark + 1 == whole_lines.size();
  bool below_blank = last && mark > 0 && is_blank(chomp(whole_lines[mark - 1]));
  whole_mark({});
  fence_end::verdict v = ends.finish();
  if (v == fence_end::verdict::several) return break_whole(code::malformed, whole_lines.size());
  if (v != fence_end::verdict::found) return break_whole(code::truncated, whole_lines.size());
  // An answer that was cut may stop at a fence line of the file.
  bool ends_there = last && ends.end() + 1 == whole_lines.size();
  bool doubtful = ends.against_neighbours() ||
                  (ends_there && (is_markdown(cur.path) || ends.other_lines() || below_blank));
  if (is_cut && doubtful) return break_whole(code::truncated, whole_lines.size());
  end_whole(ends.end());
}

}  // namespace f0::edit
