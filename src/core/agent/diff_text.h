// Copyright (C) 2026 The f0 authors
//
// diff_text.h - reading git's diffs again: as an editor numbers them, moved to
// where a part of a file stands, as Continue applies them, and what they do to
// a selection.

#ifndef F0_CORE_AGENT_DIFF_TEXT_H_
#define F0_CORE_AGENT_DIFF_TEXT_H_

#include <string>
#include <string_view>

#include "../base/budget.h"

namespace f0::agent {

// The diff from "---" on for people and editors: both counts in each hunk's
// header, LF only, no "\ No newline".  Its lines begin at |first_line|.
std::string numbered(string_view diff, size_t first_line);

// Whether an editor would take |text| for a diff: it holds a hunk's header.
bool looks_like_diff(string_view text);

// The same bytes with the hunks' line numbers moved.
std::string shifted(string_view diff, size_t first_line);

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_DIFF_TEXT_H_
