// Copyright (C) 2026 The f0 authors
//
// The reader of a model's answer: a state machine over lines.
//
// In prose a line goes out as soon as it can't be (or belong to) an edit any
// more.  What may still belong to one waits in |held_|: a path line, blank
// lines behind it, a fence's first line.  The next line decides.

#include <algorithm>

#include "edit.h"
#include "marker.h"
#include "patch_reader.h"
#include "path.h"

namespace f0::edit {

namespace {

constexpr size_t max_held_blanks = 2;   // between a path and its fence
constexpr size_t near_lines = 3;        // a path belongs to a marker so far below
constexpr size_t kept_head = 8192;      // of a line that is too large for a block
constexpr size_t max_header = 4096;     // a line that names a file
constexpr size_t max_heredoc = 200;
constexpr size_t mention_head = 512;    // of a line of prose, looked at for paths

bool starts(string_view s, string_view w) { return s.substr(0, w.size()) == w; }

string_view chomp(string_view raw) {
  if (!raw.empty() && raw.back() == '\n') raw.remove_suffix(1);
  if (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
  return raw;
}

bool is_diff_info(string_view info) {
  string_view word = info.substr(0, info.find_first_of(" \t:"));
  return word == "diff" || word == "patch" || word == "udiff" || word == "Diff" ||
         word == "DIFF";
}

bool is_markdown(string_view path) {
  string_view lang = lang_of_path(path);
  return lang == "markdown" || (path.size() > 4 && path.substr(path.size() - 4) == ".mdx");
}

// "apply_patch <<'EOF'" and its like: the word that ends it.
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

bool is_file_header(string_view s) {
  return starts(s, "*** Update File:") || starts(s, "*** Add File:") ||
         starts(s, "*** Delete File:");
}

}  // namespace

struct parser::impl {
  enum class state : uint8_t { prose, head, sr, whole, diff, envelope };
  enum class section : uint8_t { none, add, update, remove, bad };
  enum class held_kind : uint8_t { path, blank, fence, inner };

  struct held_line {
    held_kind kind;
    std::string raw;
    size_t line_no;
    std::string path;  // of kind path, and of inner if it names one
    bool strong = false;
  };

  impl(parse_options o, sink& s) : opt(std::move(o)), out(s) {}

  parse_options opt;
  sink& out;
  state st = state::prose;
  std::string line;      // the current line so far, with its end if it came
  bool plain = false;    // the rest of the current line is prose
  std::string seen;      // the head of a plain line, for mentions
  size_t cut = 0;        // bytes of the current line that were not kept
  size_t line_no = 0;

  std::vector<held_line> held;
  size_t held_size = 0;
  std::optional<fence> around;  // an open fence of prose, or (|own|) of edits
  bool own = false;
  std::string heredoc;  // ends the shell's text around an envelope

  // Whose block, see 6.14.
  std::string near_path, mention, last_path;
  size_t near_line = 0, mention_line = 0;

  // The open block.
  fence block_fence;
  std::string block_path;   // from outside of the block
  block cur;
  size_t size = 0;          // bytes of the block as the model wrote it
  bool too_large = false;
  size_t strip = 0;         // indentation of the marker
  size_t nested = 0;        // fences open inside a whole file
  std::string pending;      // a path line that may belong to the block's first section
  std::string pending_path;
  section sec = section::none;
  bool sec_any = false;     // the envelope had a section
  bool implied = false;     // an envelope without "*** Begin Patch"

  // ---- prose

  void emit(string_view s) {
    if (!s.empty()) out.prose(s);
  }

  // A line of prose went out: it may name the file of the next block.
  void note(string_view raw) {
    std::string p = mentioned_path(chomp(raw).substr(0, mention_head), opt.known);
    if (p.empty()) return;
    mention = std::move(p);
    mention_line = line_no;
  }

  void hold(held_kind k, string_view raw, const std::optional<path_line>& p = {}) {
    held_line h{k, std::string(raw), line_no, {}, false};
    if (p) {
      h.path = p->path;
      h.strong = p->strong;
    }
    held_size += raw.size();
    held.push_back(std::move(h));
  }

  // What was held is prose after all.
  void release() {
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

  void drop_held() {
    held.clear();
    held_size = 0;
  }

  const held_line* held_path() const {
    for (const held_line& h : held) {
      if (h.kind == held_kind::path) return &h;
    }
    return nullptr;
  }

  bool only_blanks_held() const {
    return std::all_of(held.begin(), held.end(),
                       [](const held_line& h) { return h.kind == held_kind::blank; });
  }

  void prose_line(string_view raw) {
    string_view text = chomp(raw);
    if (too_long(text)) return plain_line(raw);
    if (auto m = read_search_marker(text)) return start_sr(raw, *m);
    if (is_replace_marker(text) || is_end_patch(text)) return orphan(raw);
    if (is_begin_patch(text)) return start_envelope(raw);
    if (around && closes_around(text)) return close_around(raw);
    if (own && !heredoc.empty() && trim_blanks(text) == heredoc) return heredoc.clear();
    if (is_short_blank(text)) return blank_line(raw);
    if (auto f = read_fence(text); f && (!around || own || !f->info.empty())) {
      return open_head(raw, *f);
    }
    auto p = read_path_line(text, opt.known);
    if (!p) return plain_line(raw);
    if (!own || !only_blanks_held()) release();
    hold(held_kind::path, raw, p);
  }

  void plain_line(string_view raw) {
    release();
    emit(raw);
    note(raw);
  }

  void blank_line(string_view raw) {
    bool room = held.size() <= max_held_blanks;
    if (room && (own || held_path())) return hold(held_kind::blank, raw);
    release();
    emit(raw);
  }

  // Behind a finished block any bare fence closes the fence that it stood in.
  bool closes_around(string_view text) const {
    if (own) {
      fence any = *around;
      any.length = 3;
      return any.closed_by(text, std::max<size_t>(3, any.indent));
    }
    return around->closed_by(text, 3);
  }

  void close_around(string_view raw) {
    if (own && only_blanks_held()) drop_held();
    release();
    if (!own) emit(raw);
    around.reset();
    own = false;
    heredoc.clear();
  }

  // A block begins.  What is shown of it must not stand within a fence of
  // prose, and nobody else closes that.
  void own_fence() {
    if (around && !own) emit(std::string(around->length, around->sign) + "\n");
    if (st == state::head) around = head;
    own = around.has_value();
  }

  // An end without a beginning: nothing of it may reach the client.
  void orphan(string_view raw) {
    release();
    block b;
    b.form = is_replace_marker(chomp(raw)) ? format::search_replace : format::apply_patch;
    b.path = own_or_last({});
    b.raw = std::string(chomp(raw)) + "\n";
    out.broken(std::move(b), code::malformed);
  }

  // ---- a fence's first line is held, the lines behind it decide

  bool nested_head = false;  // within a fence of prose: no files, no diffs
  fence head;

  void open_head(string_view raw, const fence& f) {
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

  std::optional<path_line> head_path() const {
    for (auto h = held.rbegin(); h != held.rend(); ++h) {
      if (h->kind != held_kind::inner && !h->path.empty()) return path_line{h->path, h->strong};
    }
    return std::nullopt;
  }

  // A line behind the fence is held too.
  bool has_inner() const {
    return std::any_of(held.begin(), held.end(),
                       [](const held_line& h) { return h.kind == held_kind::inner; });
  }

  // Is the fence that is held a file of its own?
  bool whole_file() const {
    if (opt.asked != format::whole || nested_head) return false;
    auto p = head_path();
    if (!p) return false;
    bool decorated = false;
    for (const held_line& h : held) {
      decorated = decorated || (h.kind == held_kind::path && chomp(h.raw) != h.path);
    }
    if (!p->strong && !decorated) return false;
    if (!is_diff_info(head.info)) return true;
    return p->path.size() > 5 && (p->path.substr(p->path.size() - 5) == ".diff" ||
                                  p->path.substr(p->path.size() - 6) == ".patch");
  }

  bool diff_fence() const {
    if (nested_head || whole_file()) return false;
    return is_diff_info(head.info) || (head.info.empty() && opt.asked == format::udiff);
  }

  enum class verdict : uint8_t { yes, no, wait };

  // Does |text|, the first line behind the fence, begin a diff?
  verdict begins_diff(string_view text) const {
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

  // Lines with signs alone are a diff if it was asked for or has a path.
  bool sure_of_diff() const {
    return is_diff_info(head.info) && (opt.asked == format::udiff || head_path());
  }

  void head_line(string_view raw) {
    string_view text = chomp(raw);
    if (!whole_file() && too_long(text)) return not_an_edit(raw);
    if (auto m = read_search_marker(text)) return start_sr(raw, *m);
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

  void not_an_edit(string_view raw) {
    release();
    enter_prose_fence();
    prose_line(raw);
  }

  void enter_prose_fence() {
    st = state::prose;
    if (nested_head) return;
    around = head;
    own = false;
  }

  // More than may be held back.
  bool too_long(string_view text) const {
    return held_size + chomp(text).size() > opt.held_max;
  }

  // Can the line that begins with |text| be more than prose?
  bool may_matter(string_view text) const {
    if (too_long(text)) return false;
    if (may_be_marker(text) || may_be_fence(text)) return true;
    if (st == state::prose) {
      return may_be_path_line(text, opt.known) ||
             (!heredoc.empty() && starts(heredoc, trim_blanks(text)));
    }
    if (diff_fence() && may_begin_diff(text)) return true;
    return may_be_heredoc(text) || may_be_path_line(text, opt.known) || may_be_comment_path(text);
  }

  bool may_begin_diff(string_view text) const {
    if (begins_diff(text) != verdict::no) return true;
    for (string_view w : {"diff --git ", "@@", "Index: ", "index ", "new file mode",
                          "deleted file mode", "rename from ", "similarity index ", "--- ",
                          "+++ ", "*** Update File:", "*** Add File:", "*** Delete File:"}) {
      size_t n = std::min(w.size(), text.size());
      if (starts(w, text.substr(0, n))) return true;
    }
    return false;
  }

  // ---- whose block

  std::string own_or_last(std::string given) {
    if (!given.empty()) return given;
    if (near_line > 0 && near_line + near_lines >= line_no) return near_path;
    if (mention_line > 0 && mention_line + near_lines >= line_no) return mention;
    if (!last_path.empty()) return last_path;
    return opt.only_editable;
  }

  // The path that stands in what is held, or on the marker's line.
  std::string given_path(string_view on_marker) const {
    if (auto p = read_path_line(on_marker, opt.known)) return p->path;
    for (auto h = held.rbegin(); h != held.rend(); ++h) {
      if (!h->path.empty()) return h->path;
    }
    return {};
  }

  // What was held belongs to the block that begins; another file's path line
  // does not.
  void consume_held(const std::string& path) {
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

  void begin_block(format f, std::string path, bool tell = true) {
    cur = block();
    cur.form = f;
    cur.path = std::move(path);
    size = 0;
    too_large = false;
    if (!cur.path.empty()) last_path = cur.path;
    if (tell) out.begin(cur.path);
  }

  // Counts and keeps a line of the block; false if it is over the limit.
  bool grow(string_view raw) {
    size += raw.size() + cut;
    if (size > opt.block_max) {
      too_large = true;
      return false;
    }
    cur.raw += raw;
    return true;
  }

  void finish_block(code why) {
    if (too_large) why = code::too_large;
    block b;
    b.form = cur.form;
    b.path = std::move(cur.path);
    b.raw = std::move(cur.raw);
    cur = block();
    out.broken(std::move(b), why);
  }

  void finish_block() {
    if (too_large) return finish_block(code::too_large);
    block b = std::move(cur);
    cur = block();
    out.edit(std::move(b));
  }

  // ---- SEARCH/REPLACE

  void start_sr(string_view raw, const search_marker& m) {
    std::string given = given_path(m.rest);
    std::string path = own_or_last(given);
    consume_held(path);
    own_fence();
    begin_block(format::search_replace, path);
    strip = m.indent;
    st = state::sr;
    grow(raw);
  }

  void sr_line(string_view raw) {
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

  // A block in a list item: its lines are as far in as its marker.
  static void unindent(block& b, size_t n) {
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

  void start_whole() {
    std::string path = head_path()->path;
    consume_held(path);
    begin_block(format::whole, path);
    block_fence = head;
    strip = head.indent;
    nested = 0;
    st = state::whole;
  }

  void whole_line(string_view raw) {
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
      if (f && f->sign == block_fence.sign && f->length == block_fence.length &&
          f->indent == 0 && !f->info.empty()) {
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

  // ---- a path line before something that names its files itself

  void hold_back_path() {
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

  void settle_pending(const std::string& path) {
    if (!pending.empty() && pending_path != normal_path(path)) emit(pending);
    pending.clear();
    pending_path.clear();
  }

  // ---- unified diff

  std::vector<std::string> sec_lines;  // of the open section
  std::vector<size_t> sec_sizes;       // their lengths as the model wrote them

  void start_diff(string_view raw) {
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

  void begin_section(format f, std::string path, bool tell = true) {
    clear_section();
    begin_block(f, std::move(path), tell);
  }

  void clear_section() {
    sec_lines.clear();
    sec_sizes.clear();
  }

  void diff_line(string_view raw) {
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
    split_diff(next_diff_section(sec_lines));
  }

  void keep_last(size_t n) {
    if (sec_lines.size() <= n) return;
    auto drop = static_cast<std::ptrdiff_t>(sec_lines.size() - n);
    sec_lines.erase(sec_lines.begin(), sec_lines.begin() + drop);
    sec_sizes.erase(sec_sizes.begin(), sec_sizes.begin() + drop);
    sec_lines.insert(sec_lines.begin(), "@@");  // stands for what is gone
    sec_sizes.insert(sec_sizes.begin(), 0);
  }

  // The lines from |at| on are the next file's.
  void split_diff(size_t at) {
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
  }

  void end_diff_section() {
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

  // "--- original" and "+++ modified" under a path line name no file.
  void prefer_outer_path(block& b) const {
    bool changes = b.kind == op::update || b.kind == op::rename;
    if (!changes || !is_known(block_path) || is_known(b.path)) return;
    b.path = block_path;
    b.kind = op::update;
    b.to.clear();
  }

  bool is_known(const std::string& path) const {
    return !path.empty() && opt.known.count(normal_path(path)) > 0;
  }

  // ---- apply_patch envelope

  void start_envelope(string_view raw, bool no_begin = false) {
    hold_heredoc();
    hold_back_path();
    own_fence();
    st = state::envelope;
    sec = section::none;
    sec_any = false;
    implied = no_begin;
    block_path.clear();
    begin_section(format::apply_patch, {}, false);
    strip = indent_of(raw);
    if (no_begin) return envelope_line(raw);
    grow(raw);
  }

  void hold_heredoc() {
    heredoc.clear();
    for (const held_line& h : held) {
      if (h.kind == held_kind::inner) heredoc = heredoc_word(chomp(h.raw));
    }
  }

  // Lines of an indented envelope lose its indentation, if its headers have it.
  string_view dedent(string_view text, bool header) {
    if (strip == 0) return text;
    if (header && indent_of(text) < strip) strip = 0;
    if (indent_of(text) >= strip) text.remove_prefix(strip);
    return text;
  }

  void envelope_line(string_view raw) {
    string_view text = chomp(raw);
    if (is_end_patch(text)) return end_envelope();
    if (own && around->closed_by(text, around->indent)) {
      end_envelope();
      around.reset();
      own = false;
      return;
    }
    bool outside = sec == section::none || sec == section::remove;
    text = dedent(text, outside && starts(trim_blanks(text), "*** "));
    string_view head_text = outside || sec == section::bad ? trim_blanks(text) : trim_right(text);
    if (text.size() <= max_header && starts(head_text, "*** ") && envelope_header(head_text, raw)) return;
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

  bool envelope_header(string_view text, string_view raw) {
    static constexpr std::pair<string_view, section> heads[] = {
        {"*** Add File:", section::add},
        {"*** Update File:", section::update},
        {"*** Delete File:", section::remove}};
    for (auto [word, kind] : heads) {
      if (!starts(text, word)) continue;
      end_section();
      std::string path = diff_header_path(text.substr(word.size()));
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
      cur.to = diff_header_path(text.substr(move.size()));
      grow(raw);
      return true;
    }
    return false;
  }

  void end_section() {
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

  void end_envelope() {
    if (sec_any) {
      end_section();
    } else {
      cur.path = own_or_last({});
      finish_block(code::malformed);
    }
    settle_pending({});
    st = state::prose;
  }

  // ---- lines

  void on_line(string_view raw) {
    line_no++;
    switch (st) {
      case state::prose: return prose_line(raw);
      case state::head: return head_line(raw);
      case state::sr: return sr_line(raw);
      case state::whole: return whole_line(raw);
      case state::diff: return diff_line(raw);
      case state::envelope: return envelope_line(raw);
    }
  }

  bool in_block() const { return st != state::prose && st != state::head; }

  void feed(string_view text) {
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

  // The current line is prose, whatever follows.
  void turn_plain() {
    if (st == state::head) {
      release();
      enter_prose_fence();
      if (may_matter(line)) return;
    }
    release();
    std::string s = std::move(line);
    line.clear();
    plain = true;
    plain_piece(s);
  }

  void plain_piece(string_view piece) {
    emit(piece);
    if (seen.size() < mention_head) seen += piece.substr(0, mention_head - seen.size());
    if (piece.back() != '\n') return;
    line_no++;
    plain = false;
    note(seen);
    seen.clear();
  }

  // Of a line that is larger than a block may be only the head is kept.
  void cap_line() {
    if (line.size() <= std::max(opt.block_max, 2 * kept_head)) return;
    cut += line.size() - kept_head;
    line.resize(kept_head);
  }

  void finish() {
    if (plain) {
      plain = false;
    } else if (!line.empty()) {
      std::string last = std::move(line);
      line.clear();
      on_line(last);
      cut = 0;
    }
    if (st == state::head) finish_head();
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
      case state::whole:
        finish_block(code::truncated);
        break;
    }
    st = state::prose;
  }

  void finish_head() {
    st = state::prose;
    if (!whole_file()) return release();
    std::string path = head_path()->path;
    consume_held(path);
    begin_block(format::whole, path);
    st = state::whole;
  }

  void finish_diff() {
    block b;
    read_diff_section(sec_lines, opt.known, b);
    clear_section();
    cur.path = b.path.empty() ? own_or_last(block_path) : b.path;
    settle_pending(cur.path);
    finish_block(code::truncated);
  }

  void abandon() {
    plain = false;
    if (!in_block()) {
      release();
      emit(line);
    } else {
      emit(pending);
    }
    line.clear();
    pending.clear();
    cur = block();
    clear_section();
    st = state::prose;
  }

  size_t memory() const {
    size_t n = line.capacity() + held_size + pending.capacity() + cur.raw.capacity() +
               cur.body.capacity();
    for (const std::string& s : sec_lines) n += s.size() + sizeof(s);
    return n;
  }
};

parser::parser(parse_options o, sink& out) : impl_(new impl(std::move(o), out)) {}
parser::~parser() = default;
void parser::feed(string_view text) { impl_->feed(text); }
void parser::finish() { impl_->finish(); }
void parser::abandon() { impl_->abandon(); }
bool parser::in_block() const noexcept { return impl_->in_block(); }
size_t parser::memory() const noexcept { return impl_->memory(); }

}  // namespace f0::edit
