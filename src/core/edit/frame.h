// Copyright (C) 2026 The f0 authors
//
// frame.h - new lines of a block whose old lines stand elsewhere than the
// file's: do they move with them?

#ifndef F0_CORE_EDIT_FRAME_H_
#define F0_CORE_EDIT_FRAME_H_

#include <optional>
#include <vector>

#include "lines.h"

namespace f0::edit {

// The changes that make |to| of |from|, which stands at |line| of |file| with
// another indentation.  A model writes the new lines in the frame of its old
// ones, and they all move with them; or in the file's own, and they stay.
// Nothing: one can't tell.
std::optional<std::vector<change>> framed_changes(const line_views& file, size_t line,
                                                  const line_views& from, const line_views& to);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_FRAME_H_
