// Copyright (C) 2026 The f0 authors
//
// render.h - accepted and refused edits as each kind of client reads them
// (agents.md 2.3, 6.3, 6.4, 6.20, 6.22, 6.23).

#ifndef F0_CORE_AGENT_RENDER_H_
#define F0_CORE_AGENT_RENDER_H_

#include <string>
#include <string_view>

#include "../base/budget.h"
#include "../edit/edit.h"
#include "context.h"

namespace f0::agent {

// Continue's: the path in the info string.  F0's: a heading with the path.
enum class form : uint8_t { editor, f0 };

// What a patch is relative to.
struct before_patch {
  std::string content;    // of the file, as earlier patches left it
  string_view language;   // the client's word for it; may be empty
  bool part = false;      // only a part of the file is known,
  size_t first_line = 1;  // from this line on
};

// Whether a patch may hold the whole file, or leaves it for the call's end.
enum class how_whole : uint8_t { now, late };

// The markdown of a patch; begins and ends with a whole line, or is empty.
std::string patch_markdown(form f, const edit::accepted& a, const before_patch& before,
                           how_whole how);
bool shown_in_part(const before_patch& before);

// A whole file as the desktop reads it.
std::string file_markdown(string_view path, string_view language, string_view content);

// The one fence that the desktop puts in the place of its selection.
std::string snippet_markdown(string_view text, string_view path);

// The sentence that tells a refused edit.
std::string rejection_markdown(const edit::rejected& r);

// {"v":1,"seq":N,"type":"patch",...}
std::string patch_object(const edit::accepted& a, const before_patch& before, unsigned seq,
                         unsigned attempt, how_whole how);
std::string failed_object(const edit::rejected& r, string_view id, unsigned seq, unsigned attempt);
struct progress {
  string_view stage;
  string_view detail;      // may be empty
  unsigned n = 0, of = 0;  // 0: not told
};
std::string progress_object(const progress& p, unsigned seq);

// Where the bytes of |range| are after |diff| was applied to |before|.  False:
// it also changes something outside of them.
bool follow_selection(string_view before, string_view diff, edit::byte_range& range);

// A unified diff as Continue applies it: it ignores the numbers.  Whether that
// gives |after|, line ends aside.
bool continue_applies(string_view before, string_view after, string_view diff);

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_RENDER_H_
