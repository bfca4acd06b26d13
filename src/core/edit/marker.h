// Copyright (C) 2026 The f0 authors
//
// marker.h - the lines by which edits are told from prose.
//
// "Line" is without its end.  The may_be_* functions tell whether a line that
// so far is |head| can still become one: only such a head is held back.

#ifndef F0_CORE_EDIT_MARKER_H_
#define F0_CORE_EDIT_MARKER_H_

#include <optional>
#include <string>
#include <string_view>

#include "../base/budget.h"

namespace f0::edit {

bool is_blank(string_view line) noexcept;
// One that may be held back.
bool is_short_blank(string_view line) noexcept;
size_t indent_of(string_view line) noexcept;  // leading blanks and tabs, bytes
string_view trim_blanks(string_view s) noexcept;
string_view trim_right(string_view s) noexcept;

// "<<<<<<< SEARCH", 5 to 9 signs, perhaps a stray ">" or a path behind it.
struct search_marker {
  size_t indent = 0;
  size_t signs = 0;
  string_view rest;  // what stands behind SEARCH
};
std::optional<search_marker> read_search_marker(string_view line) noexcept;
bool is_divider(string_view line) noexcept;
size_t signs_of(string_view line) noexcept;  // how many of its first sign
bool is_replace_marker(string_view line) noexcept;
// The same in other words, as other tools have them: "------- SEARCH",
// "<<<<<<< ORIGINAL", "+++++++ REPLACE", ">>>>>>> UPDATED", in any case.
bool is_other_search(string_view line) noexcept;
bool is_other_replace(string_view line) noexcept;
bool is_begin_patch(string_view line) noexcept;
bool is_end_patch(string_view line) noexcept;
// "*** Update File:", "*** Add File:", "*** Delete File:"
bool is_file_header(string_view line) noexcept;
// "</think>" alone.
bool is_think_end(string_view line) noexcept;
bool may_be_marker(string_view head) noexcept;

struct fence {
  char sign = 0;
  size_t length = 0;
  size_t indent = 0;
  std::string info;
  // A line that closes this fence and is indented by |depth| at most.
  bool closed_by(string_view line, size_t depth) const noexcept;
};
std::optional<fence> read_fence(string_view line);
bool may_be_fence(string_view head) noexcept;

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_MARKER_H_
