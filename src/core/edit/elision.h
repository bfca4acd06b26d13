// Copyright (C) 2026 The f0 authors
//
// elision.h - lines that stand for others, which a file must never hold.
//
//   // ... existing code ...      dots, then a remark: always
//   (rest of methods)             a remark alone, and
//   // ...                        dots alone: only where code goes for them
//
// A spread ("...rest"), Go's and Python's own dots and a sentence about the rest
// of something are code and stay.

#ifndef F0_CORE_EDIT_ELISION_H_
#define F0_CORE_EDIT_ELISION_H_

#include <optional>
#include <string_view>

#include "lines.h"

namespace f0::edit {

// What a line by itself may be.
enum class stand_in : uint8_t {
  none,
  dots,    // nothing but dots
  remark,  // words for what stays
  sure     // dots, then such words
};

// |above|: the line before it in the same text, for a comment of several lines.
// |path| says which signs begin a comment.
stand_in stand_in_of(string_view line, string_view above, string_view path);

// The first line of |to| that stands for lines of |from| (of a new file: for
// lines that nobody wrote).  Lines that |from| or |own|, the file, already hold
// are no such lines.  Linear but for the diff of |from| and |to|.
std::optional<string_view> abbreviation(const line_views& from, const line_views& to,
                                        const line_views& own, string_view path);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_ELISION_H_
