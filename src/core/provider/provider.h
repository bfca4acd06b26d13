// Copyright (C) 2026 The f0 authors
//
// provider.h - the dialects that providers speak, and the neutral words in which
// their readers and encoders are written.

#ifndef F0_CORE_PROVIDER_PROVIDER_H_
#define F0_CORE_PROVIDER_PROVIDER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../chat/event.h"

namespace f0::dialect {

using chat::finish;
using chat::finish_word;
using chat::sink;
using chat::state;
using chat::terminal;
using chat::usage;

// How a tool call begins.
struct tool_head {
  string_view id = {};     // empty: make one up
  string_view name = {};   // never empty
  bool custom = false;     // its arguments are any text, not JSON
  string_view extra = {};  // its extra_content, a JSON object; empty: none
};

enum class id : uint8_t { openai, anthropic, gemini, ollama, responses };

// What providers of a dialect may want back.
std::vector<state> states_of(id dialect);

// Names of tools: the provider's, the client's.
using name_pairs = std::vector<std::pair<std::string, std::string>>;

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_PROVIDER_H_
