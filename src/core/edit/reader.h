// Copyright (C) 2026 The f0 authors
//
// reader.h - the parser's inside: a state machine over lines.
//
// In prose a line goes out as soon as it can't be (or belong to) an edit any
// more.  What may still belong to one waits in |held|: a path line, blank
// lines behind it, a fence's first line.  The next line decides.
//
//   parser.cc         lines, prose, and whose a block is
//   parser_head.cc    a fence's first lines
//   parser_blocks.cc  SEARCH/REPLACE
//   parser_whole.cc   whole files
//   parser_think.cc   what the model thinks aloud
//   parser_diffs.cc   unified diffs and envelopes

#ifndef F0_CORE_EDIT_READER_H_
#define F0_CORE_EDIT_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "edit.h"
#include "fence_end.h"
#include "marker.h"
#include "patch_reader.h"
#include "path.h"

namespace f0::edit {

constexpr size_t max_held_blanks = 2;  // between a path and its fence
constexpr size_t near_lines = 3;       // a path belongs to a marker so far below
constexpr size_t kept_head = 8192;     // of a line that is too large for a block
constexpr size_t max_header = 4096;    // a line that names a file
constexpr size_t mention_head = 512;   // of a line of prose, looked at for paths
constexpr int max_replays = 64;        // of blocks that nothing closed

inline bool starts(string_view s, string_view w) { return s.substr(0, w.size()) == w; }

// A line without its end.
inline string_view chomp(string_view raw) {
  if (!raw.empty() && raw.back() == '\n') raw.remove_suffix(1);
  if (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
  return raw;
}

// "apply_patch <<'EOF'" and its like: the word that ends it.
std::string heredoc_word(string_view line);

// A |raw| line has its end, if it came; |text| is without it.
struct parser::impl {
  enum class state : uint8_t { prose, head, sr, whole, diff, envelope };
  enum class section : uint8_t { none, add, update, remove, bad };
  enum class verdict : uint8_t { yes, no, wait };
  enum class held_kind : uint8_t { path, blank, fence, inner };

  struct held_line {
    held_kind kind;
    std::string raw;
    size_t line_no;
    std::string path;  // of kind path, and of inner if it names one
    bool strong = false;
  };

  impl(parse_options o, sink& s) : opt(std::move(o)), out(s) {}

  // ---- prose

  void emit(string_view s);

  // A line of prose went out: it may name the file of the next block.
  void note(string_view raw);
  void hold(held_kind k, string_view raw, const std::optional<path_line>& p = {});

  // What was held is prose after all.
  void release();
  void drop_held();
  const held_line* held_path() const;
  bool only_blanks_held() const;
  void prose_line(string_view raw);
  void plain_line(string_view raw);
  void blank_line(string_view raw);

  // Behind a finished block any bare fence closes the fence that it stood in.
  bool closes_around(string_view text) const;
  void close_around(string_view raw);

  // A block begins.  What is shown of it must not stand within a fence of
  // prose, and nobody else closes that.
  void own_fence();

  // An end without a beginning: right behind a block it belongs to it, in a
  // fence under a path behind a divider it ends something that can't be read,
  // else it is prose.
  void lone_end(string_view raw);

  // ---- a fence's first line is held, the lines behind it decide

  void open_head(string_view raw, const fence& f);
  std::optional<path_line> head_path() const;

  // A line behind the fence is held too.
  bool has_inner() const;

  // Is the fence that is held a file of its own?
  bool whole_file() const;
  bool diff_fence() const;

  // Does |text|, the first line behind the fence, begin a diff?
  verdict begins_diff(string_view text) const;

  // Lines with signs alone are a diff if it was asked for or has a path.
  bool sure_of_diff() const;
  void head_line(string_view raw);
  void not_an_edit(string_view raw);
  // The fence that is held, and what stands behind it, is prose.
  void enter_prose_fence();

  // More than may be held back.
  bool too_long(string_view text) const;

  // Can the line that begins with |text| be more than prose?
  bool may_matter(string_view text) const;
  bool may_begin_diff(string_view text) const;

  // ---- whose block

  std::string own_or_last(std::string given);

  // The path that stands in what is held, or on the marker's line.
  std::string given_path(string_view on_marker) const;

  // What was held belongs to the block that begins; another file's path line
  // does not.
  void consume_held(const std::string& path);
  void begin_block(format f, std::string path, bool tell = true);

  // Counts and keeps a line of the block; false if it is over the limit.
  bool grow(string_view raw);
  void finish_block(code why);
  void finish_block();

  // ---- SEARCH/REPLACE

  void start_sr(string_view raw, const search_marker& m);
  // |other|: in markers of another tool, which may be prose as well.
  void start_other(string_view raw);
  void open_sr(string_view raw, string_view rest);
  void sr_line(string_view raw);
  // A marker within the block: does it end it?
  bool sr_end(string_view text);
  // The answer ended within a block: its first end counts, and what stands
  // behind it is read anew.  False: it has none.
  bool end_at_first();

  // Lines that were read as something that they are not.
  void replay(const std::string& raw);

  // A block in a list item: its lines are as far in as its marker.
  static void unindent(block& b, size_t n);

  // ---- a whole file

  void start_whole();
  void whole_line(string_view raw);
  void whole_mark(string_view text);
  bool at_boundary(string_view text) const;
  // The lines before |end| are the file; those behind it are read anew.
  void end_whole(size_t end);
  void break_whole(code why, size_t lines);
  void finish_whole();
  bool is_excerpt() const;
  void keep_whole();

  // ---- a path line before something that names its files itself

  void hold_back_path();
  void settle_pending(const std::string& path);

  // ---- unified diff

  void start_diff(string_view raw);
  void begin_section(format f, std::string path, bool tell = true);
  void clear_section();
  void diff_line(string_view raw);
  void keep_last(size_t n);

  // The lines from |at| on are the next file's.
  void split_diff(size_t at);
  void end_diff_section();

  // "--- original" and "+++ modified" under a path line name no file.
  void prefer_outer_path(block& b) const;
  bool is_known(const std::string& path) const;

  // ---- apply_patch envelope

  void start_envelope(string_view raw, bool no_begin = false);
  void hold_heredoc();

  // Lines of an indented envelope lose its indentation, if its headers have it.
  string_view dedent(string_view text, bool header);
  // Is "*** End Patch" the end, and no line of the file?
  bool ends_envelope(string_view text) const;
  void envelope_line(string_view raw);
  bool envelope_header(string_view text, string_view raw);
  void end_section();
  void end_envelope();

  // ---- lines

  void on_line(string_view raw);
  bool in_block() const { return st != state::prose && st != state::head; }

  void feed(string_view text);
  void feed_text(string_view text);

  // The current line is prose, whatever follows.
  void turn_plain();
  void plain_piece(string_view piece);

  // Of a line that is larger than a block may be only the head is kept.
  void cap_line();
  void finish(bool was_cut);
  void finish_open();
  void finish_head();
  void finish_diff();
  void abandon();
  size_t memory() const;

  // ---- state

  parse_options opt;
  sink& out;
  std::string line;  // the current line so far, with its end if it came
  std::string seen;  // the head of a plain line, for mentions
  size_t cut = 0;    // bytes of the current line that were not kept
  size_t line_no = 0;

  std::vector<held_line> held;
  size_t held_size = 0;
  std::optional<fence> around;  // an open fence of prose, or (|own|) of edits
  fence head;                   // the fence that is held
  std::string heredoc;          // ends the shell's text around an envelope

  // Whose block is one that does not say so.
  std::string near_path, mention, last_path;
  size_t near_line = 0, mention_line = 0;

  // The open block.
  fence block_fence;
  std::string block_path;  // from outside of the block
  block cur;
  size_t size = 0;   // bytes of the block as the model wrote it
  size_t strip = 0;  // indentation of the marker

  // SEARCH/REPLACE
  std::vector<size_t> levels;  // signs of the markers that are open, the block's own first
  size_t first_end = 0;        // of |cur.raw|: behind its first end; 0: it had none
  bool other = false;          // in markers of another tool
  int replays = 0;

  // A whole file.
  std::vector<std::string> whole_lines;
  fence_end ends;
  std::string whole_head;           // what stood before its first line
  size_t mark = SIZE_MAX;           // a bare fence line whose neighbours aren't both known
  std::vector<std::string> wholes;  // files of this answer
  size_t wholes_size = 0;
  std::string pending;  // a path line that may belong to the block's first section
  std::string pending_path;
  std::vector<std::string> sec_lines;  // of the open section
  std::vector<size_t> sec_sizes;       // their lengths as the model wrote them
  diff_marks marks;                    // of a diff's section

  state st = state::prose;
  section sec = section::none;
  bool plain = false;        // the rest of the current line is prose
  bool own = false;          // |around| closes without a word
  bool nested_head = false;  // |head| is within a fence of prose: no files, no diffs
  bool too_large = false;    // the open block is
  bool sec_any = false;      // the envelope had a section
  bool is_cut = false;       // finish() is of an answer at its limit
  bool behind = false;       // nothing but blanks since the last block
  bool behind_envelope = false;
  size_t begin_column = 0;  // of the envelope's first line
  std::string fence_path;   // of |around|, if a path line stood above
  bool fence_divider = false;

  // ---- thinking aloud
  enum class thought : uint8_t { start, inside, over, none };
  thought thinks = thought::start;
  string_view think_tag;   // the closing one that is waited for
  std::string think_held;  // what may be a tag
  std::string read_thought(string_view text);
  void finish_thought();
  void think_line();
};

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_READER_H_
