// Copyright (C) 2026 The f0 authors
//
// request_reader.h - the parts that request*.cc share.  Private to them.

#ifndef F0_CORE_FRONT_CHAT_COMPLETIONS_REQUEST_READER_H_
#define F0_CORE_FRONT_CHAT_COMPLETIONS_REQUEST_READER_H_

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "../reader.h"
#include "request.h"

namespace f0::front {

// Reads one request, in the order of the reference, up to its first fault.
class request_reader : reader {
 public:
  using reader::reader;

  // False: |bad| holds the first fault, |out| is of no use.
  bool read();

 private:
  // request_messages.cc: messages[], in |out_|.  Results follow their calls.
  bool messages();
  bool one_message(const value& m, const path& p, size_t i);
  bool content(const value& m, const path& p, message& to);
  bool one_part(const value& v, const path& p, message& to);
  bool image(const value& v, const path& p, part& to);
  bool file_part(const value& v, const path& p, part& to);
  bool answer(const message& m, size_t i);
  bool tool_calls(const value& m, const path& p, message& to);
  bool one_call(const value& c, const path& p, tool_call& to);
  bool function_call(const value& m, const path& p, message& to);
  bool add(message m);
  bool misplaced(size_t i, const char* why);
  bool count_calls(const message& m, const path& p);

  // Anthropic's blocks in a message.
  bool foreign_block(const value& v, const path& p, message& to);
  bool tool_result(const value& v, const path& p);

  // request.cc: one field or some that belong together, at the top.
  bool logprobs();
  bool format();
  bool other_options();
  bool metadata();
  bool modalities();

  // request_tools.cc: what is offered, then what is chosen of it.
  bool tools();
  bool one_tool(const value& t, const path& p);
  bool functions();
  bool choice();
  bool choice_object(const value& c);
  bool allowed_tools(const value& c);
  bool chosen_name(const value& f, const path& p, const char* param);

  // request_dropped.cc: what may not reach a provider.
  void note_places();
  void note_top();
  void note_message(const value& m, const path& p);
  void note_part(const value& v, const path& p);
  void note_tools();
  void note_choice();
  void note(chat::member what, const value& o, const path& p, string_view key);
  bool read_top_k(const value& v);

  size_t parts_ = 0, calls_ = 0;  // of all messages
  // The tool calls that wait for their results; whether one came.
  bool waiting_ = false;
  std::unordered_map<string_view, bool> pending_;
  std::unordered_set<string_view> called_;  // names
  // The results that Anthropic's user turns hold: messages of their own.
  std::vector<message> results_;
};

}  // namespace f0::front

#endif  // F0_CORE_FRONT_CHAT_COMPLETIONS_REQUEST_READER_H_
