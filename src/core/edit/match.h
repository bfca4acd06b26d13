// Copyright (C) 2026 The f0 authors
//
// match.h - where in a file do these lines stand?  Never by similarity.

#ifndef F0_CORE_EDIT_MATCH_H_
#define F0_CORE_EDIT_MATCH_H_

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "lines.h"

namespace f0::edit {

// The ladder, in order: as they are; but for blanks at the end; with one shift
// of the indentation for all; with typographic signs folded to ASCII; both.
enum class rung : uint8_t { exact, ws, indent, fold, fold_indent };
constexpr std::array<rung, 5> ladder = {rung::exact, rung::ws, rung::indent, rung::fold,
                                        rung::fold_indent};

string_view rung_word(rung r) noexcept;  // "exact", "ws", "indent", "fold"

// Searches one file.  A search is linear; of many searches in a row each looks
// only where a rare line of the pattern stands.
class matcher {
 public:
  // |file| must outlive this.
  explicit matcher(const text_lines& file) : file_(file) {}

  // All places (first line) of |pattern|, which isn't empty.
  std::vector<size_t> find(const line_views& pattern, rung r);
  // Does |pattern| stand at |line|?
  bool fits(const line_views& pattern, rung r, size_t line);
  // The same by the real bytes: what was found by hashes is what it seems.
  bool same(const line_views& pattern, rung r, size_t line) const;

  // Lines whose text without outer blanks is |s|, else those that begin so.
  std::vector<size_t> anchors(string_view s);

  // Steps done since the last reset(), about a nanosecond or two each: a block
  // of thousands of hunks that fit nowhere must not take all day.
  size_t work() const { return work_; }
  // Before a new block; of a large file lets go of what only loose rungs need.
  void reset();

 private:
  struct hashes {
    std::vector<uint64_t> whole;  // of the line, as the rung sees it
    std::vector<uint64_t> step;   // text and indentation relative to the line before
  };
  struct rung_cache {
    hashes of;
    size_t searches = 0;
    std::vector<uint32_t> order;  // lines by hash
  };
  static hashes hash_lines(const line_views& lines, rung r);
  rung_cache& of_file(rung r);
  bool fits(const hashes& p, const line_views& pattern, const rung_cache& f, rung r,
            size_t line) const;
  // Where |pattern| may stand, if that is few places; nothing: search all.
  std::optional<std::vector<size_t>> candidates(const hashes& p, rung_cache& f);
  std::vector<size_t> find_shifted(const line_views& pattern, const hashes& p,
                                   const hashes& f) const;

  const text_lines& file_;
  std::array<std::optional<rung_cache>, ladder.size()> cache_;
  size_t work_ = 0;
};

// How far a block is shifted against the file: |add| is put before, or |drop|
// taken from, each line that isn't blank.
struct shift {
  std::string add, drop;
  std::string apply(string_view line) const;
};

// By the first line that isn't blank; none if it is no plain shift.
std::optional<shift> shift_between(string_view file_line, string_view block_line);

// Typographic quotes, dashes, blanks and dots as ASCII; right blanks gone.
std::string fold(string_view line);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_MATCH_H_
