// Copyright (C) 2026 The f0 authors
//
// place.h - the one place that a block or hunk means.

#ifndef F0_CORE_EDIT_PLACE_H_
#define F0_CORE_EDIT_PLACE_H_

#include <optional>
#include <string>
#include <vector>

#include "edit.h"
#include "match.h"

namespace f0::edit {

// A file as the running model call was shown it, and what was done to it since.
struct shown_file {
  const text_lines& text;
  matcher& match;
  const change_list& changes;
  const byte_range* selected;  // lines; nullptr: none
};

struct place {
  enum class result : uint8_t {
    found,
    none,
    many,
    taken,
    too_hard,
    exists,  // its header says that the file is empty
    counts   // its header counts old lines that it has not
  };
  result what = result::none;
  size_t line = 0;
  rung how = rung::exact;
  std::vector<size_t> all;  // of many: where, the first few
};

// Rungs of the ladder: those that take the text as it is but for blanks at the
// end, or the others.
enum class rungs : uint8_t { all, strict, loose };

// Climbs the ladder; of several places the hints of |h| (nullptr: none) and the
// selection decide.  |pattern| isn't empty.
place find_place(const shown_file& f, const line_views& pattern, const hunk* h,
                 rungs which = rungs::all);

// For a hunk without old lines: the line before which its lines go.
place insert_place(const shown_file& f, const hunk& h, format form);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_PLACE_H_
