// Copyright (C) 2026 The f0 authors
//
// edit.h - edits in a model's answer: reading them, checking them against the
// files that the client sent, and making a diff of each that fits.
//
//   parser   the model's text in any pieces -> prose and blocks, in order
//   files    the virtual workspace; apply() takes a block or says why not
//   nearest  the real lines that a failed block probably meant (for a repair)
//
// Nothing here does I/O or throws but std::bad_alloc.  Contract: a block is
// matched by whole lines against the file as the running model call was shown
// it, at one place only, and never by similarity.

#ifndef F0_CORE_EDIT_EDIT_H_
#define F0_CORE_EDIT_EDIT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../base/budget.h"
#include "names.h"

namespace f0::edit {

enum class format : uint8_t { search_replace, whole, udiff, apply_patch };

// "search_replace", "whole", "udiff", "apply_patch".
string_view format_word(format f) noexcept;
std::optional<format> format_of(string_view word) noexcept;

enum class code : uint8_t {
  path_denied,
  not_found,
  ambiguous,
  no_op,
  overlap,
  too_large,
  truncated,
  malformed,
  exists
};

string_view code_word(code c) noexcept;

// ---- paths

// A clean relative path ("./" and "//" gone), or nothing if it may not be
// written: "..", a leading "/", a drive or scheme, a backslash, a control
// character, a component ".git" in any case.
std::optional<std::string> clean_path(string_view path);

// The same with "/" for "\\", but only for comparing: what the client sent is
// never refused.
std::string normal_path(string_view path);

// The language word for a fence, by the path's extension; may be empty.
string_view lang_of_path(string_view path) noexcept;

// ---- blocks

enum class op : uint8_t { create, update, remove, rename };

string_view op_word(op o) noexcept;  // "create", "update", "delete", "rename"

// One hunk of a diff or one chunk of an envelope.
struct hunk {
  struct line {
    char sign;           // ' ', '-' or '+'
    std::string text;    // without line end; behind the sign if that is - or +
    bool blank = false;  // of ' ': the text begins with the blank that may be its sign
  };
  std::vector<line> lines;
  size_t old_start = 0;  // from "@@ -N,M"; meaningful if |numbered|
  size_t old_count = 0;
  bool numbered = false;
  bool at_end = false;               // *** End of File
  bool unsigned_lines = false;       // some lines had no sign and count as context
  size_t loose_tail = 0;             // so many blank lines at the end may be none
  std::vector<std::string> anchors;  // what stands behind "@@" and counts as a hint
};

// An edit as the model wrote it, read but not checked.
struct block {
  format form = format::search_replace;
  std::string path;  // as written, decoration gone; empty: nobody says whose it is
  std::string raw;   // the block's text as the model wrote it, markers included

  // search_replace: the lines between the outer markers, each ended by LF, and
  // where the dividers among them begin (never empty; more than one: the file
  // decides which counts).  whole: the file's lines.
  std::string body;
  std::vector<size_t> dividers;
  // search_replace: a block that began within it was never closed, so that its
  // first end counts.
  bool unclosed = false;

  // udiff, apply_patch
  op kind = op::update;
  std::string to;  // rename
  std::vector<hunk> hunks;

  // The same block sent twice has the same key (line ends and the decoration
  // around it don't count).
  std::string key() const;
};

// ---- parser

class sink {
 public:
  virtual ~sink() = default;
  // Text that is no part of an edit, byte for byte.
  virtual void prose(string_view text) = 0;
  // A block began; |path| is empty if it isn't known yet.  For progress only.
  virtual void begin(string_view path) = 0;
  // A block is complete.
  virtual void edit(block&& b) = 0;
  // A block that can't be used: malformed, too_large or truncated.  Only
  // form, path and raw (cut to the limit) are set.
  virtual void broken(block&& b, code why) = 0;
  // Text between <think> and </think>: no prose, and no edit is read in it.
  virtual void thinking(string_view text) = 0;
  // All that came before was thinking: its edits don't count.
  virtual void retract() = 0;
};

struct parse_options {
  format asked = format::search_replace;  // whole: fences under a path are files
  path_set known;                         // the files that were sent
  path_set shows_end;                     // those with a line "*** End Patch"
  std::string only_editable;              // owner of a block without path; empty: none or several
  size_t block_max = size_t{256} * 1024;
  size_t held_max = size_t{4} * 1024;
};

// The answer of one model call.  Any split of the text gives the same events
// (but for where prose is cut).
class parser {
 public:
  parser(parse_options o, sink& out);
  ~parser();
  parser(const parser&) = delete;
  parser& operator=(const parser&) = delete;

  void feed(string_view text);
  // The answer is over: held prose goes out, an open block is broken(truncated).
  // |cut|: at its limit of length, and not where the model would have ended it.
  void finish(bool cut = false);
  // The answer broke off: held prose goes out, an open block is dropped.
  void abandon();
  // True while a block is open (heartbeats, progress).
  bool in_block() const noexcept;
  size_t memory() const noexcept;  // bytes held

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// ---- files

struct accepted {
  unsigned seq = 0;  // 1, 2, ... in order of acceptance within the turn
  op kind = op::update;
  std::string path;         // of a rename: the old one
  std::string to;           // rename
  std::string base_sha256;  // hex, of the content that the client sent; empty for a new file
  std::string diff;         // input of `git apply`, relative to the patches before
  std::string new_content;  // whole file afterwards; empty for a delete
  string_view match;        // "exact", "ws", "indent" or "fold"
  string_view lang;         // word for a fence
};

struct rejected {
  std::string path;
  code why = code::malformed;
  std::string message;  // a sentence for people; names the file and the reason
};

struct duplicate {};  // was accepted before: nothing to say

using outcome = std::variant<accepted, rejected, duplicate>;

struct byte_range {
  size_t begin = 0;
  size_t end = 0;
};

class files {
 public:
  files();
  ~files();
  files(files&&) noexcept;
  files& operator=(files&&) noexcept;

  // A file of the request; of one path sent twice the first counts (false).
  bool add(string_view path, std::string content, bool editable);
  // A hint where the user wants the change: bytes of the content sent.
  void select(string_view path, byte_range r);
  // The model saw only windows of it: a whole file in its place is refused.
  void shown_in_part(string_view path);
  // Only edits within the selection are accepted (the desktop's snippet);
  // others are path_denied.
  void only_selection(bool on);

  // A model call begins: it is shown the current content.
  void begin_call();

  // Takes the block or says why not.  May take long on large input; touches
  // nothing but this object and |b|, so it may run in another thread as long
  // as nobody else uses them.
  outcome apply(const block& b);
  // For blocks that the parser found broken: the words for it.
  rejected refuse(const block& b, code why) const;

  // The files as the running call was shown them: what was changed since goes
  // back, and each change back is a patch.
  std::vector<accepted> take_back();

  // Current content; nullptr if there is no such file (any more).
  const std::string* current(string_view path) const;
  // All files that are there now: those of the request in the order of add(),
  // then the new ones.  Valid until the next apply().
  struct entry {
    const std::string& path;  // normal
    const std::string& content;
    bool editable;
  };
  std::vector<entry> list() const;
  // As the client sent it; nullptr if it did not.
  const std::string* original(string_view path) const;
  bool editable(string_view path) const;
  // The new text of the selection, if there is one and nothing outside of it
  // has changed.
  std::optional<std::string> selection_text() const;
  size_t memory() const noexcept;
  // Lets go of what only makes the next edits faster.
  void forget_lines();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// Numbered real lines ("  12 | text\n") around the place of |content| that is
// most like what |b| looks for; empty if nothing is.  At most |max| bytes.
std::string nearest(const block& b, string_view content, size_t max = 4096);

// ---- diff

// Starts libgit2, which takes some milliseconds and reads the certificates of
// the system: call it where nobody waits.  Otherwise the first diff does.
void start_library();

// Input for `git apply`: |before| -> |after|; nullopt: the file does not exist.
// With |to| it is a rename.  |changed|: lines known to differ at most, if known.
std::string make_diff(string_view path, std::optional<string_view> before,
                      std::optional<string_view> after, string_view to = {},
                      size_t changed = SIZE_MAX);

std::string sha256_hex(string_view data);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_EDIT_H_
