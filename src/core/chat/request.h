// Copyright (C) 2026 The f0 authors
//
// request.h - a chat completions request: what was understood of it.
//
// Fields, ranges and errors: openai-chat.md 2, 3, 7, 8 of the wire reference.

#ifndef F0_CORE_CHAT_REQUEST_H_
#define F0_CORE_CHAT_REQUEST_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"
#include "../json/json.h"
#include "dropped.h"

namespace f0::chat {

enum class role : uint8_t { system, developer, user, assistant, tool, function };
string_view role_word(role r);

struct part {
  // other: of a type that only its provider knows, or a thought that comes back.
  enum class kind : uint8_t { text, refusal, image, audio, file, other } type = kind::text;
  string_view text;  // text, refusal
  string_view url;   // image
  string_view detail;
  string_view file_data, filename, file_id;
  string_view at;  // where it stands in the client's body, unless that is chat's: media
  const json::value* source = nullptr;  // the part as it came; nullptr: made by f0, or
                                        // in another API's shape
};

struct tool_call {
  string_view id, name, arguments;
  const json::value* source = nullptr;
};

// What a provider gave to get it back (event.h), as a client brought it along with
// an assistant's message: an envelope of f0's (envelope.h), or a thinking block of
// Anthropic's own, redacted or not.
struct returned_state {
  string_view envelope;
  const json::value* thought = nullptr;
  size_t call = 0;  // it stood before this call of the message
};

struct message {
  chat::role role = chat::role::user;
  std::vector<part> parts;  // a string content is one text part; empty: null or absent
  string_view name, tool_call_id;
  string_view reasoning;                // assistant: text that its engine may want back
  std::vector<tool_call> tool_calls;    // a deprecated function_call is one without id
  std::vector<returned_state> states;   // in their order
  const json::value* source = nullptr;  // nullptr: made by f0, or another API's shape
  std::string text() const;             // text parts joined with "\n"
};

struct tool {
  string_view name, description;
  const json::value* parameters = nullptr;
  bool custom = false;
  bool other = false;  // of a type that only its provider knows: nothing is read of it
  std::optional<bool> strict;
  bool foreign = false;  // a flat tool with input_schema
  // What it is to a client who knows more kinds of tools, and names in namespaces;
  // an empty name is the same.
  enum class origin : uint8_t { function, custom, search } from = origin::function;
  string_view client_name, ns;
  string_view at;  // as a part's
  const json::value* source = nullptr;
};

struct tool_choice {
  enum class kind : uint8_t { unset, none, automatic, required, named, allowed } type = kind::unset;
  string_view name;               // named
  bool allowed_required = false;  // allowed: its mode
  std::vector<string_view> allowed;
};

struct response_format {
  enum class kind : uint8_t { unset, text, json_object, json_schema, other } type = kind::unset;
  const json::value* schema = nullptr;
  string_view name, description;
  std::optional<bool> strict;
};

// A member that f0 only passes on, to whoever has it: under the name that chat
// has for it.
struct option {
  string_view key;
  const json::value* val;
  string_view at;  // where it stands in the client's body
};

// A file that the client sent (fz_context or files).
struct file {
  string_view path, content, language;
  std::optional<bool> is_open, allow_edit;
};

// Offsets in UTF-16 code units as sent; |text| is the selected text that the
// client states, empty if it does not.
struct selection {
  int64_t start = 0, end = 0;
  string_view text;
  bool desktop = false;  // fz_context.selection, the desktop's own shape
};

struct context {
  enum class source : uint8_t { none, fz_context, files } from = source::none;
  std::optional<file> current;  // fz_context.currentFile
  std::vector<file> open;       // fz_context.openFiles, or files
  std::optional<chat::selection> selection;
};

// fz_stream, or its header twin.
struct stream_events {
  enum class progress : uint8_t { off, comment, chunk, event } progress = progress::off;
  enum class patches : uint8_t { markdown, chunk, event, both } patches = patches::markdown;
};

// A refusal, as OpenAI words it.
struct bad_request {
  int status = 400;
  std::string type = "invalid_request_error";
  std::string code;   // empty: null
  std::string param;  // empty: null
  std::string message;
};

struct request {
  string_view model;  // "f0-code-agent" if none was named
  bool stream = false;
  bool include_usage = false;
  std::vector<message> messages;
  // A text to go on with, and what stands behind the gap, in place of messages.
  bool completion = false;
  string_view prompt, suffix;
  std::optional<double> temperature, top_p, presence_penalty, frequency_penalty;
  std::optional<int64_t> max_output;  // max_completion_tokens, else max_tokens
  std::optional<int64_t> seed, top_k;
  std::vector<string_view> stop;
  std::vector<tool> tools;  // functions[] too
  chat::tool_choice tool_choice;
  std::optional<bool> parallel_tool_calls;
  chat::response_format response_format;
  string_view reasoning_effort;  // empty: absent
  bool effort_by_leave = false;  // it is sent only where a try line says so
  string_view user;
  std::vector<option> options;  // what is not among the others
  // What the front has no word for, and where it has those that a dialect may
  // lack.
  drop_list dropped;
  chat::places places;
  // F0's own
  string_view project_id, workspace_id, ide_type;  // empty: absent
  bool has_project = false;                        // projectId or workspaceId was sent
  chat::context context;
  string_view fz_mode, fz_edit_format;  // empty: absent; validated words
  stream_events events;
  bool events_in_body = false;        // fz_stream was sent: it wins over the header
  const json::value* root = nullptr;  // the whole body
  bool translated = false;            // it is not in chat's form
  // Why nobody can take it but an API of the client's own form; nullptr: others can.
  std::shared_ptr<const bad_request> own_form_only;
  // Texts that the views above point to, but the body does not hold.
  std::shared_ptr<std::deque<std::string>> made;
  std::shared_ptr<json::document> values;  // likewise, of parameters
};

}  // namespace f0::chat

#endif  // F0_CORE_CHAT_REQUEST_H_
