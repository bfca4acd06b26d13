// Copyright (C) 2026 The f0 authors
//
// path.h - lines and words of an answer that name a file.

#ifndef F0_CORE_EDIT_PATH_H_
#define F0_CORE_EDIT_PATH_H_

#include <optional>
#include <string>
#include <string_view>

#include "../base/budget.h"
#include "names.h"

namespace f0::edit {

// What a line says about a path.
struct path_line {
  std::string path;
  bool strong = false;  // surely a file's, not merely a word with a slash
};

// A line that is a path and nothing else: plain, a heading, bold, back-ticked,
// with a trailing colon, a bullet or "File:".  A mere slash makes a path only
// of a plain or back-ticked line: "### Input/Output" is none.
std::optional<path_line> read_path_line(string_view line, const path_set& known);

// The same behind a comment sign, as in a fence's first line.
std::optional<path_line> read_comment_path(string_view line, const path_set& known);

// The path in a fence's info string ("path", "lang path", "lang:path",
// "lang title=path"); none if it names a part of a file ("lang path (3-9)").
std::optional<path_line> read_info_path(string_view info, const path_set& known);

// Could a line that begins with |head| be one of these?
bool may_be_path_line(string_view head, const path_set& known);
bool may_be_comment_path(string_view head);

// The one known path that a sentence mentions; empty: none or several.
std::string mentioned_path(string_view line, const path_set& known);

// The path of a "--- " or "+++ " line: quotes and the time stamp gone.
std::string diff_header_path(string_view rest);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_PATH_H_
