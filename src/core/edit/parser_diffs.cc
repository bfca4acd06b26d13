// Copyright (C) 2026 The f0 authors

#include <algorithm>

#include "patch_reader.h"
#include "reader.h"

namespace f0::edit {

// ---- a path line before something that names its files itself

void parser::impl::hold_back_path() {
  pending.clear();
  pending_path.clear();
  bool in = false;
  for (const held_line& h : held) {
    if (h.kind == held_kind::path) {
      in = true;
      pending_path = normal_path(h.path);
    } else if (h.kind != held_kind::blank) {
      in = false;
    }
    if (in) pending += h.raw;
  }
  drop_held();
}

void parser::impl::settle_pending(const std::string& path) {
  if (!pending.empty() && pending_path != normal_path(path)) emit(pending);
  pending.clear();
  pending_path.clear();
}

// ---- unified diff

void parser::impl::start_diff(string_view raw) {
  auto p = head_path();
  block_path = p ? p->path : std::string();
  std::vector<std::string> first;
  for (const held_line& h : held) {
    if (h.kind == held_kind::inner) first.push_back(h.raw);
  }
  hold_back_path();
  block_fence = head;
  begin_section(format::udiff, block_path);
  st = state::diff;
  for (const std::string& s : first) diff_line(s);
  diff_line(raw);
}

void parser::impl::begin_section(format f, std::string path, bool tell) {
  clear_section();
  begin_block(f, std::move(path), tell);
}

void parser::impl::clear_section() {
  sec_lines.clear();
  sec_sizes.clear();
  marks = {};
}

void parser::impl::diff_line(string_view raw) {
  string_view text = chomp(raw);
  if (block_fence.closed_by(text, block_fence.indent)) {
    end_diff_section();
    settle_pending({});
    st = state::prose;
    around.reset();
    own = false;
    return;
  }
  text.remove_prefix(std::min(block_fence.indent, indent_of(text)));
  bool room = grow(raw);
  // Of a section that is too large only what may begin the next one is kept.
  if (!room) keep_last(3);
  sec_lines.emplace_back(room || text.size() <= max_header ? text : string_view());
  sec_sizes.push_back(raw.size());
  split_diff(next_diff_section(sec_lines, marks));
}

void parser::impl::keep_last(size_t n) {
  if (sec_lines.size() <= n) return;
  auto drop = static_cast<std::ptrdiff_t>(sec_lines.size() - n);
  sec_lines.erase(sec_lines.begin(), sec_lines.begin() + drop);
  sec_sizes.erase(sec_sizes.begin(), sec_sizes.begin() + drop);
  sec_lines.insert(sec_lines.begin(), "@@");  // stands for what is gone
  sec_sizes.insert(sec_sizes.begin(), 0);
  marks = {};
}

void parser::impl::split_diff(size_t at) {
  if (at == 0) return;
  auto from = static_cast<std::ptrdiff_t>(at);
  std::vector<std::string> rest(sec_lines.begin() + from, sec_lines.end());
  std::vector<size_t> sizes(sec_sizes.begin() + from, sec_sizes.end());
  sec_lines.resize(at);
  size_t moved = 0;
  for (size_t n : sizes) moved += n;
  std::string raw;
  if (moved <= cur.raw.size() && !too_large) {
    raw = cur.raw.substr(cur.raw.size() - moved);
    cur.raw.resize(cur.raw.size() - moved);
  }
  end_diff_section();
  begin_section(format::udiff, {}, false);
  if (raw.empty()) {
    for (const std::string& s : rest) raw += s + "\n";
  }
  grow(raw);
  sec_lines = std::move(rest);
  sec_sizes = std::move(sizes);
  marks = {};
}

void parser::impl::end_diff_section() {
  block b;
  bool good = read_diff_section(sec_lines, opt.known, b);
  clear_section();
  if (b.path.empty()) b.path = own_or_last(block_path);
  prefer_outer_path(b);
  b.raw = std::move(cur.raw);
  b.form = format::udiff;
  cur = std::move(b);
  if (!cur.path.empty()) last_path = cur.path;
  settle_pending(cur.path);
  if (good) return finish_block();
  finish_block(code::malformed);
}

void parser::impl::prefer_outer_path(block& b) const {
  bool changes = b.kind == op::update || b.kind == op::rename;
  if (!changes || !is_known(block_path) || is_known(b.path)) return;
  b.path = block_path;
  b.kind = op::update;
  b.to.clear();
}

bool parser::impl::is_known(const std::string& path) const {
  return !path.empty() && opt.known.find(path) != nullptr;
}

void parser::impl::finish_diff() {
  block b;
  read_diff_section(sec_lines, opt.known, b);
  clear_section();
  cur.path = b.path.empty() ? own_or_last(block_path) : b.path;
  settle_pending(cur.path);
  finish_block(code::truncated);
}

// ---- apply_patch envelope

void parser::impl::start_envelope(string_view raw, bool no_begin) {
  hold_heredoc();
  hold_back_path();
  own_fence();
  st = state::envelope;
  sec = section::none;
  sec_any = false;
  block_path.clear();
  begin_section(format::apply_patch, {}, false);
  strip = begin_column = indent_of(raw);
  if (no_begin) return envelope_line(raw);
  grow(raw);
}

void parser::impl::hold_heredoc() {
  heredoc.clear();
  for (const held_line& h : held) {
    if (h.kind == held_kind::inner) heredoc = heredoc_word(chomp(h.raw));
  }
}

string_view parser::impl::dedent(string_view text, bool header) {
  if (strip == 0) return text;
  if (header && indent_of(text) < strip) strip = 0;
  if (indent_of(text) >= strip) text.remove_prefix(strip);
  return text;
}

bool parser::impl::ends_envelope(string_view text) const {
  size_t column = indent_of(text);
  if (column == 0 || column == begin_column || sec != section::update) return true;
  return opt.shows_end.find(cur.path) == nullptr;
}

void parser::impl::envelope_line(string_view raw) {
  string_view text = chomp(raw);
  if (is_end_patch(text) && ends_envelope(text)) return end_envelope();
  if (own && around->closed_by(text, around->indent)) {
    end_envelope();
    around.reset();
    own = false;
    return;
  }
  bool outside = sec == section::none || sec == section::remove;
  text = dedent(text, outside && starts(trim_blanks(text), "*** "));
  string_view head_text = outside || sec == section::bad ? trim_blanks(text) : trim_right(text);
  if (text.size() <= max_header && starts(head_text, "*** ") && envelope_header(head_text, raw))
    return;
  if (outside) {
    if (is_blank(text) || starts(head_text, "*** Environment ID") || head_text[0] == '#') return;
    end_section();
    begin_section(format::apply_patch, {}, false);
    sec = section::bad;
    sec_any = true;
  }
  if (!grow(raw)) return clear_section();
  sec_lines.emplace_back(text);
}

bool parser::impl::envelope_header(string_view text, string_view raw) {
  static constexpr std::pair<string_view, section> heads[] = {
      {"*** Add File:", section::add},
      {"*** Update File:", section::update},
      {"*** Delete File:", section::remove}};
  for (auto [word, kind] : heads) {
    if (!starts(text, word)) continue;
    end_section();
    std::string path = opt.known.meant(diff_header_path(text.substr(word.size())));
    settle_pending(path);
    begin_section(format::apply_patch, path);
    grow(raw);
    sec = kind;
    sec_any = true;
    return true;
  }
  string_view move = "*** Move to:";
  if (sec == section::update && starts(text, move) && sec_lines.empty()) {
    cur.kind = op::rename;
    cur.to = opt.known.meant(diff_header_path(text.substr(move.size())));
    grow(raw);
    return true;
  }
  return false;
}

void parser::impl::end_section() {
  if (sec == section::none) return;
  section kind = sec;
  sec = section::none;
  std::vector<std::string> lines = std::move(sec_lines);
  clear_section();
  bool good = false;
  if (too_large) {
  } else if (kind == section::add) {
    good = read_add_section(lines, cur);
  } else if (kind == section::update) {
    good = read_update_section(lines, cur);
  } else if (kind == section::remove) {
    cur.kind = op::remove;
    good = true;
  }
  if (cur.path.empty() && kind == section::bad) cur.path = own_or_last({});
  if (good) return finish_block();
  finish_block(code::malformed);
}

void parser::impl::end_envelope() {
  if (sec_any) {
    end_section();
  } else {
    cur.path = own_or_last({});
    finish_block(code::malformed);
  }
  settle_pending({});
  st = state::prose;
}

}  // namespace f0::edit
