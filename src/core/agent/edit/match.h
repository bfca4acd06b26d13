// Copyright (C) 2026 The f0 authors
//
// match.h - where in a file do these lines stand?  Never by similarity.

#ifndef F0_CORE_AGENT_EDIT_MATCH_H_
#define F0_CORE_AGENT_EDIT_MATCH_H_

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

class matcher {
 public:
  // |file| must outlive this.
  explicit matcher(const text_lines& file) : file_(file) {}

  // All places (first line) of |pattern|, which isn't empty.  Linear time.
  std::vector<size_t> find(const line_views& pattern, rung r);

  // Lines whose text without outer blanks is |s|, else those that begin so.
  std::vector<size_t> anchors(string_view s) const;

 private:
  struct hashes {
    std::vector<uint64_t> whole;  // of the line, as the rung sees it
    std::vector<uint64_t> step;   // text and indentation relative to the line before
  };
  static hashes hash_lines(const line_views& lines, rung r);
  const hashes& of_file(rung r);
  std::vector<size_t> find_shifted(const line_views& pattern, const hashes& p, const hashes& f);

  const text_lines& file_;
  std::array<std::optional<hashes>, ladder.size()> cache_;
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

#endif  // F0_CORE_AGENT_EDIT_MATCH_H_
