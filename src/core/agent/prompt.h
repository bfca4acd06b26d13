// Copyright (C) 2026 The f0 authors
//
// prompt.h - what the model is told: the rules, the files as far as they fit,
// the conversation, and, when an edit failed, what was wrong with it.
//
// The same request always gives the same bytes: no time, no id, no random part.
// What changes least stands first, so that providers can cache it.

#ifndef F0_CORE_AGENT_PROMPT_H_
#define F0_CORE_AGENT_PROMPT_H_

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"
#include "../chat/request.h"
#include "../edit/edit.h"
#include "context.h"

namespace f0::agent {

struct prompt_options {
  edit::format format = edit::format::search_replace;
  bool edits = true;        // false: a talk about the files, nothing is changed
  int64_t context = 65536;  // tokens in all
};

// How much of a file the model sees.
enum class shown : uint8_t { whole, windows, no };

// Messages and the texts that they point to; the request must outlive it.
struct prompt {
  std::vector<chat::message> messages;
  std::deque<std::string> text;
  std::vector<f0::agent::shown> shown;  // of each file of the workspace
  size_t left_out = 0;                  // old messages that did not fit

  size_t memory() const;
};

void build_prompt(const chat::request& r, const workspace& w, const prompt_options& o, prompt& out);

// ---- repair

struct failed_edit {
  std::string path;  // may be empty
  std::string code;
  std::string message;
  std::string raw;      // as the model wrote it
  std::string nearest;  // numbered real lines, or empty
};

struct repair {
  std::vector<failed_edit> failed;
  struct file {
    std::string path;
    string_view content;  // as it is now
    bool whole = true;    // false: too large, only the nearest lines are told
  };
  std::vector<file> files;
  std::vector<std::string> editable;  // all paths that may be changed
  std::vector<std::string> accepted;  // "src/a.ts (update)"
};

void build_repair(const chat::request& r, const repair& what, const prompt_options& o, prompt& out);

// ---- pieces of it

// How edits are to be written.
std::string format_rules(edit::format f, string_view fence, bool examples_only = false);

// A fence of |least| backticks or more that no line of the texts can close.
std::string fence_for(const std::vector<string_view>& texts, size_t least = 3);

// |content| as numbered windows around what matters, about |max| bytes.
std::string windows(string_view content, size_t first_line, const edit::byte_range* selection,
                    const std::vector<std::string>& words, size_t max);

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_PROMPT_H_
