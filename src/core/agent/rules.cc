// Copyright (C) 2026 The f0 authors
//
// The words in which a model is told how to write edits.

#include "prompt.h"

namespace f0::agent {
namespace {

constexpr string_view kSearchReplace =
    "Write every change as a SEARCH/REPLACE block. The file's path stands alone on the line "
    "before the fence:\n"
    "\n"
    "path/to/file\n"
    "@@@\n"
    "<<<<<<< SEARCH\n"
    "the lines that are there now\n"
    "=======\n"
    "the lines that take their place\n"
    ">>>>>>> REPLACE\n"
    "@@@\n"
    "\n"
    "- Copy the SEARCH lines from the file: whole lines, character for character, with their "
    "indentation.\n"
    "- The SEARCH lines must fit one place of the file only. Add the lines above or below them "
    "until they do.\n"
    "- One short block for each place. Two blocks must not touch the same lines.\n"
    "- For a new file the SEARCH part is empty. For lines that only go the REPLACE part is "
    "empty.\n";

constexpr string_view kWhole =
    "Write every file that you change or add whole. Its path stands alone on the line before "
    "the fence:\n"
    "\n"
    "path/to/file\n"
    "@@@\n"
    "all lines of the file\n"
    "@@@\n"
    "\n"
    "- Write all of its lines, also those that stay as they are. Never leave a part out and "
    "never write a remark in its place.\n"
    "- Files that stay as they are are not written.\n";

constexpr string_view kUdiff =
    "Write every change as a unified diff in a fence named diff:\n"
    "\n"
    "@@@diff\n"
    "--- a/path/to/file\n"
    "+++ b/path/to/file\n"
    "@@ -10,4 +10,4 @@\n"
    " a line that stays\n"
    "-a line that goes\n"
    "+a line that comes\n"
    " a line that stays\n"
    "@@@\n"
    "\n"
    "- Lines that stay or go are copied from the file character for character, behind their "
    "sign.\n"
    "- Each hunk has about three lines that stay on both sides, and fits one place of the file "
    "only.\n"
    "- For a new file the first line is \"--- /dev/null\", for a deleted one the second is \"+++ "
    "/dev/null\".\n";

constexpr string_view kApplyPatch =
    "Write all changes in one patch of this form:\n"
    "\n"
    "*** Begin Patch\n"
    "*** Update File: path/to/file\n"
    "@@\n"
    " a line that stays\n"
    "-a line that goes\n"
    "+a line that comes\n"
    " a line that stays\n"
    "*** Add File: path/to/new\n"
    "+each line of the new file\n"
    "*** Delete File: path/to/old\n"
    "*** End Patch\n"
    "\n"
    "- Lines that stay or go are copied from the file character for character, behind their "
    "sign.\n"
    "- Each part behind @@ has about three lines that stay on both sides, and fits one place of "
    "the file only.\n"
    "- \"*** Move to: path\" below \"*** Update File\" renames the file.\n";

constexpr string_view kAlways =
    "- Paths are written as the list of files has them, relative and with forward slashes.\n"
    "- Change only what was asked for. Nothing to change: answer in plain words, without such "
    "a block.\n"
    "- No other way to write code for these files counts, whatever was said before.\n";

string_view words_of(edit::format f) {
  switch (f) {
    case edit::format::search_replace:
      return kSearchReplace;
    case edit::format::whole:
      return kWhole;
    case edit::format::udiff:
      return kUdiff;
    case edit::format::apply_patch:
      return kApplyPatch;
  }
  return {};
}

}  // namespace

std::string format_rules(edit::format f, string_view fence, bool examples_only) {
  std::string out;
  string_view words = words_of(f);
  for (size_t at = 0; at < words.size();) {
    if (words.substr(at, 3) == "@@@" && (at == 0 || words[at - 1] == '\n')) {
      out += fence;
      at += 3;
    } else {
      out += words[at++];
    }
  }
  if (!examples_only) out += kAlways;
  return out;
}

}  // namespace f0::agent
