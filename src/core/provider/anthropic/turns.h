// Copyright (C) 2026 The f0 authors
//
// turns.h - a conversation in the order that Anthropic's API insists
// on: turns alternate, results come first in the user turn behind their calls,
// every call has one, and its own id (translate.md 1).

#ifndef F0_CORE_PROVIDER_ANTHROPIC_TURNS_H_
#define F0_CORE_PROVIDER_ANTHROPIC_TURNS_H_

#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "../../base/budget.h"
#include "../../chat/request.h"
#include "../call.h"
#include "../call_ids.h"

namespace f0::dialect {

struct block {
  enum class kind : uint8_t {
    text,
    media,
    thoughts,
    tool_use,
    tool_result,
    no_result
  } type = kind::text;
  string_view text;  // text; a tool's name; thoughts as a JSON array
  std::string id;    // tool_use and results, as Anthropic takes it
  const chat::part* media = nullptr;
  string_view arguments;
  const chat::message* result = nullptr;
  const json::value* mark = nullptr;  // the client's cache_control
  bool own_mark = false;
};

struct user_or_assistant {
  bool user = false;
  std::vector<block> blocks;
  size_t results = 0;  // they lead the blocks
};

struct system_block {
  std::string text;
  const json::value* mark = nullptr;
  bool own_mark = false;
};

// The client's cache_control there; nullptr: none.
const json::value* mark_of(const json::value* source);

class conversation {
 public:
  // |kept|: what earlier answers brought; may be nullptr.
  conversation(const std::vector<chat::message>& messages, const kept_states* kept);

  // A text of f0's own behind the system prompt.
  void add_system(string_view text);

  // Begins with the user; ends with the user too, unless |prefill| allows the
  // assistant: then |words| are said.  REQUIRES: nothing is added afterwards.
  void finish(bool prefill, string_view words);

  std::vector<system_block> system;
  std::vector<user_or_assistant> turns;
  std::vector<string_view> called;  // names of all calls, each once
  bool unsigned_calls = false;      // a turn used tools, and its thoughts are lost

 private:
  struct open_call {
    string_view id, name;  // the client's
    std::string mapped;
    bool answered = false;
  };

  void read_system(const chat::message& m);
  void read_user(const chat::message& m);
  void read_assistant(const chat::message& m);
  string_view kept_thoughts(const chat::message& m, size_t call) const;
  void add_thoughts(const chat::message& m, size_t call);
  string_view tool_name(string_view name);
  void read_result(const chat::message& m);
  void settle_calls();
  user_or_assistant& turn_of(bool user);
  void add_result(block b);
  void add_text(user_or_assistant& t, string_view s, const json::value* mark = nullptr);

  bool system_closed_ = true;    // the next text begins a block
  std::vector<open_call> open_;  // of the last assistant turn
  std::unordered_set<string_view> names_;
  std::deque<std::string> mended_;  // names that were not as the API wants them
  const kept_states* kept_;
  call_ids ids_;
};

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_ANTHROPIC_TURNS_H_
