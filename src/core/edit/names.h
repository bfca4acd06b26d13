// Copyright (C) 2026 The f0 authors
//
// names.h - the files that an answer may mean, by the names that models give
// them: with a range, as a link, with backslashes, in another normal form.

#ifndef F0_CORE_EDIT_NAMES_H_
#define F0_CORE_EDIT_NAMES_H_

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "../base/budget.h"

namespace f0::edit {

// |s| in Unicode's normal form C; as it is if it is not UTF-8.
std::string nfc(string_view s);
bool is_ascii(string_view s) noexcept;

// What stands behind the last slash, of either kind.
string_view base_name(string_view path) noexcept;

// Ends the name as that of a file does whose kind is known: "x.ts", "Makefile",
// ".gitignore"?
bool has_known_ending(string_view path) noexcept;

// Blanks of every kind at both ends gone.
string_view trim_wide(string_view s) noexcept;

// Takes a range of lines off |s|: "path:12-34", "path#L1-L3", "path (1-3)",
// "path L1-L3", "12:15:path", ...; |first| is where it begins.
bool strip_range(string_view& s, size_t* first = nullptr) noexcept;

class path_set {
 public:
  void insert(string_view path);
  bool empty() const { return all_.empty(); }
  // The file that |path| names, "./", backslashes and its normal form aside, as
  // it was inserted; nullptr: none.  Valid until insert().
  const std::string* find(string_view path) const;
  // Is |head| what the name of one of the files begins with?
  bool begins_one(string_view head) const;
  // Ends |path| as a file does whose kind is known, or as one of these files?
  bool ends_as_file(string_view path) const;

  // What |s| means: of the files, by taking its decoration off layer by layer;
  // else a new one, of which only ranges and links come off.
  std::string meant(string_view s) const;

 private:
  std::set<std::string, std::less<>> all_;  // normal paths
  std::map<std::string, std::string> nfc_;  // of those that aren't ASCII
  std::set<std::string> endings_;           // extensions, in small letters
};

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_NAMES_H_
