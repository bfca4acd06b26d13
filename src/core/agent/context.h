// Copyright (C) 2026 The f0 authors
//
// context.h - which files a request brings, which of them may be changed, and
// what is selected.

#ifndef F0_CORE_AGENT_CONTEXT_H_
#define F0_CORE_AGENT_CONTEXT_H_

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"
#include "../chat/request.h"
#include "../edit/edit.h"

namespace f0::agent {

// A file of the request.  Views point into the request or into workspace::own.
struct source_file {
  std::string path;  // as it was sent
  string_view content;
  string_view language;  // the client's word; may be empty
  bool editable = false;
  bool harvested = false;  // it stands in a message already
  size_t first_line = 1;   // of a part of a file: where it begins there
  bool part = false;
};

// Bytes of files[file].content.
struct selected {
  size_t file = 0;
  edit::byte_range bytes;
  bool desktop = false;
};

struct workspace {
  std::vector<source_file> files;     // each path once, the primary file first
  std::optional<selected> selection;  // only a valid one
  std::vector<std::string> notes;     // what was left aside, in sentences
  std::deque<std::string> own;

  bool any_editable() const;
};

// From fz_context, else files (agents.md 1.3, 1.11).  At most |max_editable|
// files are editable.
void read_context(const chat::request& r, unsigned max_editable, workspace& out);

// From fences in the user's messages whose info string is "lang path", "path"
// or "path (a-b)"; what stands in later messages goes first and counts.  At
// most 64 files, out of the last MiB.
void harvest(const chat::request& r, unsigned max_editable, workspace& out);

// Whether JavaScript's trim() leaves nothing.
bool js_blank(string_view s);

// |s| with LF line ends and without a BOM.
std::string plain_text(string_view s);

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_CONTEXT_H_
