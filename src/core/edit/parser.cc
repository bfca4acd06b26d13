// Copyright (C) 2026 The f0 authors

#include <algorithm>

#include "../base/text.h"
#include "reader.h"

namespace f0::edit {

// ---- prose

void parser::impl::emit(string_view s) {
  if (!s.empty()) out.prose(s);
}

void parser::impl::note(string_view raw) {
  if (!is_blank(chomp(raw))) behind = behind_envelope = false;
  if (around && !own && is_divider(chomp(raw))) fence_divider = true;
  std::string p = mentioned_path(text::cut(chomp(raw), mention_head), opt.known);
  if (p.empty()) return;
  mention = std::move(p);
  mention_line = line_no;
}

void parser::impl::hold(held_kind k, string_view raw, const std::optional<path_line>& p) {
  held_line h{k, std::string(raw), line_no, {}, false};
  if (p) {
    h.path = p->path;
    h.strong = p->strong;
  }
  held_size += raw.size();
  held.push_back(std::move(h));
}

void parser::impl::release() {
  for (held_line& h : held) {
    if (!h.path.empty() && h.strong) {
      near_path = h.path;
      near_line = h.line_no;
      if (is_known(h.path)) last_path = h.path;
    }
    emit(h.raw);
  }
  drop_held();
}

void parser::impl::drop_held() {
  held.clear();
  held_size = 0;
}

const parser::impl::held_line* parser::impl::held_path() const {
  for (const held_line& h : held) {
    if (h.kind == held_kind::path) return &h;
  }
  return nullptr;
}

bool parser::impl::only_blanks_held() const {
  return std::all_of(held.begin(), held.end(),
                     [](const held_line& h) { return h.kind == held_kind::blank; });
}

void parser::impl::prose_line(string_view raw) {
  string_view text = chomp(raw);
  if (too_long(text)) return plain_line(raw);
  if (auto m = read_search_marker(text)) return start_sr(raw, *m);
  if (is_other_search(text) && !around) return start_other(raw);
  if (is_replace_marker(text) || is_end_patch(text)) return lone_end(raw);
  if (behind && is_other_replace(text)) return lone_end(raw);
  if (is_begin_patch(text)) return start_envelope(raw);
  if (behind_envelope && is_file_header(text)) return start_envelope(raw, true);
  if (!around && is_think_end(text)) return think_line();
  if (around && closes_around(text)) return close_around(raw);
  if (own && !heredoc.empty() && trim_blanks(text) == heredoc) return heredoc.clear();
  if (is_short_blank(text)) return blank_line(raw);
  if (auto f = read_fence(text)) return open_head(raw, *f);
  auto p = read_path_line(text, opt.known);
  if (!p) return plain_line(raw);
  behind = behind_envelope = false;
  if (!own || !only_blanks_held()) release();
  hold(held_kind::path, raw, p);
}

void parser::impl::plain_line(string_view raw) {
  release();
  emit(raw);
  note(raw);
}

void parser::impl::blank_line(string_view raw) {
  bool room = held.size() <= max_held_blanks;
  if (room && (own || held_path())) return hold(held_kind::blank, raw);
  release();
  emit(raw);
}

bool parser::impl::closes_around(string_view text) const {
  if (own) {
    fence any = *around;
    any.length = 3;
    return any.closed_by(text, std::max<size_t>(3, any.indent));
  }
  return around->closed_by(text, 3);
}

void parser::impl::close_around(string_view raw) {
  if (own && only_blanks_held()) drop_held();
  release();
  if (!own) emit(raw);
  around.reset();
  own = false;
  heredoc.clear();
}

void parser::impl::own_fence() {
  if (around && !own) emit(std::string(around->length, around->sign) + "\n");
  if (st == state::head) around = head;
  own = around.has_value();
}

void parser::impl::lone_end(string_view raw) {
  bool replace = is_replace_marker(chomp(raw));
  if (behind) {
    if (own && only_blanks_held()) drop_held();
    return;
  }
  if (!(replace && around && fence_divider && !fence_path.empty())) return plain_line(raw);
  release();
  block b;
  b.form = format::search_replace;
  b.path = fence_path;
  b.raw = std::string(chomp(raw)) + "\n";
  fence_divider = false;
  out.broken(std::move(b), code::malformed);
}

// ---- whose block

std::string parser::impl::own_or_last(std::string given) {
  if (!given.empty()) return given;
  if (near_line > 0 && near_line + near_lines >= line_no) return near_path;
  if (mention_line > 0 && mention_line + near_lines >= line_no) return mention;
  if (!last_path.empty()) return last_path;
  return opt.only_editable;
}

std::string parser::impl::given_path(string_view on_marker) const {
  if (auto p = read_path_line(on_marker, opt.known)) return p->path;
  for (auto h = held.rbegin(); h != held.rend(); ++h) {
    if (!h->path.empty()) return h->path;
  }
  return {};
}

void parser::impl::consume_held(const std::string& path) {
  bool keep = false;
  for (const held_line& h : held) {
    if (h.kind == held_kind::path) {
      keep = normal_path(h.path) != normal_path(path);
    } else if (h.kind != held_kind::blank) {
      keep = false;
    }
    if (keep) emit(h.raw);
  }
  drop_held();
}

void parser::impl::begin_block(format f, std::string path, bool tell) {
  cur = block();
  cur.form = f;
  cur.path = std::move(path);
  size = 0;
  too_large = false;
  if (!cur.path.empty()) last_path = cur.path;
  if (tell) out.begin(cur.path);
}

bool parser::impl::grow(string_view raw) {
  size += raw.size() + cut;
  if (size > opt.block_max) {
    too_large = true;
    return false;
  }
  cur.raw += raw;
  return true;
}

void parser::impl::finish_block(code why) {
  if (too_large) why = code::too_large;
  block b;
  b.form = cur.form;
  b.path = std::move(cur.path);
  b.raw = std::move(cur.raw);
  cur = block();
  behind = true;
  behind_envelope = b.form == format::apply_patch;
  out.broken(std::move(b), why);
}

void parser::impl::finish_block() {
  if (too_large) return finish_block(code::too_large);
  block b = std::move(cur);
  cur = block();
  behind = true;
  behind_envelope = b.form == format::apply_patch;
  out.edit(std::move(b));
}

// ---- lines

void parser::impl::on_line(string_view raw) {
  line_no++;
  switch (st) {
    case state::prose:
      return prose_line(raw);
    case state::head:
      return head_line(raw);
    case state::sr:
      return sr_line(raw);
    case state::whole:
      return whole_line(raw);
    case state::diff:
      return diff_line(raw);
    case state::envelope:
      return envelope_line(raw);
  }
}

void parser::impl::feed(string_view text) {
  if (thinks == thought::none) return feed_text(text);
  feed_text(read_thought(text));
}

void parser::impl::feed_text(string_view text) {
  while (!text.empty()) {
    size_t nl = text.find('\n');
    size_t n = nl == string_view::npos ? text.size() : nl + 1;
    string_view piece = text.substr(0, n);
    text.remove_prefix(n);
    if (plain) {
      plain_piece(piece);
      continue;
    }
    line += piece;
    if (nl != string_view::npos) {
      std::string whole = std::move(line);
      line.clear();
      on_line(whole);
      cut = 0;
    } else if (st == state::head && whole_file()) {
      if (may_be_marker(line)) continue;
      start_whole();
      cap_line();
    } else if (in_block()) {
      cap_line();
    } else if (!may_matter(line)) {
      turn_plain();
    }
  }
}

void parser::impl::turn_plain() {
  if (st == state::head) {
    enter_prose_fence();
    if (may_matter(line)) return;
  }
  release();
  std::string s = std::move(line);
  line.clear();
  plain = true;
  plain_piece(s);
}

void parser::impl::plain_piece(string_view piece) {
  emit(piece);
  if (seen.size() < mention_head) seen += piece.substr(0, mention_head - seen.size());
  if (piece.back() != '\n') return;
  line_no++;
  plain = false;
  note(seen);
  seen.clear();
}

void parser::impl::cap_line() {
  if (line.size() <= std::max(opt.block_max, 2 * kept_head)) return;
  size_t kept = text::cut(line, kept_head).size();
  cut += line.size() - kept;
  line.resize(kept);
}

void parser::impl::finish(bool was_cut) {
  is_cut = was_cut;
  finish_thought();
  if (plain) {
    plain = false;
  } else if (!line.empty()) {
    std::string last = std::move(line);
    line.clear();
    on_line(last);
    cut = 0;
  }
  // What stands behind a block that nothing closed is read anew, and may be one
  // again.
  do {
    if (st == state::head) finish_head();
    finish_open();
  } while (st != state::prose);
}

void parser::impl::finish_open() {
  switch (st) {
    case state::prose:
      if (own && only_blanks_held()) drop_held();
      release();
      break;
    case state::head:
      break;
    case state::diff:
      finish_diff();
      break;
    case state::envelope:
      if (!sec_any) cur.path = own_or_last({});
      settle_pending(cur.path);
      finish_block(code::truncated);
      break;
    case state::sr:
      if (end_at_first()) return;
      finish_block(code::truncated);
      break;
    case state::whole:
      return finish_whole();
  }
  st = state::prose;
}

void parser::impl::finish_head() {
  st = state::prose;
  if (!whole_file()) return release();
  start_whole();
}

void parser::impl::abandon() {
  plain = false;
  if (!in_block()) {
    release();
    emit(line);
  } else {
    emit(pending);
  }
  line.clear();
  pending.clear();
  whole_lines.clear();
  cur = block();
  clear_section();
  st = state::prose;
}

size_t parser::impl::memory() const {
  size_t n =
      line.capacity() + held_size + pending.capacity() + cur.raw.capacity() + cur.body.capacity();
  for (const auto* lines : {&sec_lines, &whole_lines}) {
    for (const std::string& s : *lines) n += s.size() + sizeof(std::string);
  }
  return n + wholes_size + think_held.capacity();
}

parser::parser(parse_options o, sink& out) : impl_(new impl(std::move(o), out)) {}
parser::~parser() = default;
void parser::feed(string_view text) { impl_->feed(text); }
void parser::finish(bool cut) { impl_->finish(cut); }
void parser::abandon() { impl_->abandon(); }
bool parser::in_block() const noexcept { return impl_->in_block(); }
size_t parser::memory() const noexcept { return impl_->memory(); }

}  // namespace f0::edit
