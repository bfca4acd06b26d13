// Copyright (C) 2026 The f0 authors
//
// diff.h - what libgit2 does for us.  No other file knows it.

#ifndef F0_CORE_EDIT_DIFF_H_
#define F0_CORE_EDIT_DIFF_H_

#include <vector>

#include "lines.h"

namespace f0::edit {

struct line_range {
  size_t old_begin, old_count, new_begin, new_count;
};

// Where |olds| lines of |from| and |news| lines of |to| differ.
std::vector<line_range> diff_ranges(const line_views& from, const line_views& to, size_t old_at,
                                    size_t olds, size_t new_at, size_t news);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_DIFF_H_
