// Copyright (C) 2026 The f0 authors
//
// patch_reader.h - the section of one file in a diff or in an envelope.

#ifndef F0_CORE_AGENT_EDIT_PATCH_READER_H_
#define F0_CORE_AGENT_EDIT_PATCH_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "edit.h"
#include "path.h"

namespace f0::edit {

// Does the last of |lines| begin another file's section, and where?  The index
// of that section's first line, or 0: it does not.  (A "--- x" begins a file
// only with "+++ y" on the next line.)
size_t next_diff_section(const std::vector<std::string>& lines);

// |lines| of a unified diff -> |b| (form, path, to, kind, hunks).  The path is
// left empty if no header names one.  False: malformed.
bool read_diff_section(const std::vector<std::string>& lines, const path_set& known, block& b);

// |lines| behind "*** Update File:" or "*** Add File:" -> |b|.
bool read_update_section(const std::vector<std::string>& lines, block& b);
bool read_add_section(const std::vector<std::string>& lines, block& b);

}  // namespace f0::edit

#endif  // F0_CORE_AGENT_EDIT_PATCH_READER_H_
