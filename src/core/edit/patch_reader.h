// Copyright (C) 2026 The f0 authors
//
// patch_reader.h - the section of one file in a diff or in an envelope.

#ifndef F0_CORE_EDIT_PATCH_READER_H_
#define F0_CORE_EDIT_PATCH_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "edit.h"
#include "path.h"

namespace f0::edit {

// What is known of a section's lines, so that none is looked at twice.
struct diff_marks {
  size_t seen = 0;               // lines that were looked at
  size_t first_mark = SIZE_MAX;  // the first "@@" or "+++ "
  size_t first_text = SIZE_MAX;  // the first line that isn't blank

  void note(const std::vector<std::string>& lines);
};

// Does the last of |lines| begin another file's section, and where?  The index
// of that section's first line, or 0: it does not.  (A "--- x" begins a file
// only with "+++ y" on the next line.)  |marks| is of the same lines; begin
// with a new one whenever lines at the front go away.
size_t next_diff_section(const std::vector<std::string>& lines, diff_marks& marks);

// |lines| of a unified diff -> |b| (form, path, to, kind, hunks).  The path is
// left empty if no header names one.  False: malformed.
bool read_diff_section(const std::vector<std::string>& lines, const path_set& known, block& b);

// |lines| behind "*** Update File:" or "*** Add File:" -> |b|.
bool read_update_section(const std::vector<std::string>& lines, block& b);
bool read_add_section(const std::vector<std::string>& lines, block& b);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_PATCH_READER_H_
