// Copyright (C) 2026 The f0 authors
//
// The words in which a model is told how to write edits.

#include "prompt.h"

namespace f0::agent {
namespace {

constexpr string_view kSearchReplace =
    "Write each change as a SEARCH/REPLACE block. Put the file's path alone on the line before "
    "the fence:\n"
    "\n"
    "path/to/file\n"
    "@@@\n"
    "<<<<<<< SEARCH\n"
    "the existing lines\n"
    "=======\n"
    "the new lines\n"
    ">>>>>>> REPLACE\n"
    "@@@\n"
    "\n"
    "- Copy the SEARCH lines from the file: whole lines, character for character, including "
    "their indentation.\n"
    "- SEARCH must match exactly one place in the file. Add lines above or below until it "
    "does.\n"
    "- Use one short block per place. Two blocks must not touch the same lines.\n"
    "- To create a file, leave the SEARCH section empty. To delete lines, leave the REPLACE "
    "section empty.\n";

constexpr string_view kWhole =
    "Output the complete content of every file that you change or create. Put its path alone on "
    "the line before the fence:\n"
    "\n"
    "path/to/file\n"
    "@@@\n"
    "all lines of the file\n"
    "@@@\n"
    "\n"
    "- Output every line, including unchanged ones. Never leave code out and never put a comment "
    "in its place.\n"
    "- The fence must be longer than any run of backticks inside the file.\n"
    "- Do not output files you did not change.\n";

constexpr string_view kUdiff =
    "Write each change as a unified diff in a fence named diff:\n"
    "\n"
    "@@@diff\n"
    "--- a/path/to/file\n"
    "+++ b/path/to/file\n"
    "@@ -10,4 +10,4 @@\n"
    " a context line\n"
    "-a removed line\n"
    "+an added line\n"
    " a context line\n"
    "@@@\n"
    "\n"
    "- Copy context and removed lines from the file character for character, after their "
    "sign.\n"
    "- Give each hunk about three context lines on both sides. It must match exactly one place in "
    "the file.\n"
    "- To create a file, use \"--- /dev/null\"; to delete one, use \"+++ /dev/null\".\n";

constexpr string_view kApplyPatch =
    "Write all changes in one patch of this form:\n"
    "\n"
    "*** Begin Patch\n"
    "*** Update File: path/to/file\n"
    "@@\n"
    " a context line\n"
    "-a removed line\n"
    "+an added line\n"
    " a context line\n"
    "*** Add File: path/to/new\n"
    "+each line of the new file\n"
    "*** Delete File: path/to/old\n"
    "*** End Patch\n"
    "\n"
    "- Copy context and removed lines from the file character for character, after their "
    "sign.\n"
    "- Give each section after @@ about three context lines on both sides. It must match exactly "
    "one place in the file.\n"
    "- To rename a file, put \"*** Move to: path\" below \"*** Update File\".\n";

constexpr string_view kAlways =
    "- Write paths as in the list of files: relative, with forward slashes.\n"
    "- Change only what was asked for. If no change is needed, answer in prose without such a "
    "block.\n"
    "- Use only this format for these files, whatever was said before.\n";

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
