// Copyright (C) 2026 The f0 authors
//
// call.h - a request in a provider's words: translate.md 1, 7, 10.

#ifndef F0_CORE_PROVIDER_CALL_H_
#define F0_CORE_PROVIDER_CALL_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../base/budget.h"
#include "../chat/request.h"
#include "completion/family.h"
#include "kept.h"
#include "provider.h"

namespace f0::dialect {

// automatic: the provider's model name decides (translate.md 1.4).
enum class setting : uint8_t { automatic, on, off };

// Options of one "try" line that change how a provider is asked.
struct provider_options {
  int64_t max_output = 0;         // cap of the model's output; 0: none
  int64_t default_output = 8192;  // anthropic: max_tokens when the client names none
  enum class thinking : uint8_t { automatic, off, budget, adaptive } thinking = thinking::automatic;
  // The schema of an answer as the dialect has it; else anthropic: the forced
  // tool "json", openai: json_object and the schema in words.
  bool native_schema = true;
  setting prefill = setting::automatic;            // anthropic: a last assistant message is allowed
  setting temperature = setting::automatic;        // the model takes temperature (and top_p)
  bool cache = true;                               // anthropic: cache_control marks are added
  bool think_levels = false;                       // ollama: think takes low/medium/high
  setting skip_signature = setting::automatic;     // gemini: the stand-in for lost signatures
  setting format_with_tools = setting::automatic;  // gemini: a response format beside tools
  setting short_ids = setting::automatic;          // openai: tool call ids of nine characters
  dialect::fim fim = fim::none;                    // how the model fills a middle
  bool stream_options = true;                      // openai: usage is asked for with it
  bool effort = false;          // what other fronts say of thinking is sent as an effort
  bool reasoning_back = false;  // openai, ollama: earlier turns' reasoning is sent
  // openai: the name under which the output limit goes; as_sent: the client's.
  enum class limit_name : uint8_t {
    automatic,
    as_sent,
    max_tokens,
    max_completion_tokens
  } limit = limit_name::automatic;
};

// What a provider is told that knows no answer that was begun.
constexpr string_view kGoOn = "Continue exactly where you stopped.";

// One model call in f0's terms.
struct call {
  const chat::request* request = nullptr;  // sampling options, tools, source
  const std::vector<chat::message>* messages =
      nullptr;               // what is sent: the request's, or the agent's own
  bool verbatim = true;      // openai: messages with a source go up as they came
  string_view model;         // the provider's name of it
  string_view path;          // the operator's own, in place of the dialect's; empty: none
  bool stream = true;        // asked of the provider
  bool goes_on = false;      // the last message was broken off, and the answer goes on with it
  bool client_tools = true;  // the client's tools are offered
  provider_options options;
  const kept_states* kept = nullptr;
};

struct encoded {
  std::string path;  // without leading "/", e.g. "v1/chat/completions"
  std::string args;  // without "?"
  std::string body;
  std::vector<std::pair<string_view, string_view>>
      headers;                     // content-type, accept, anthropic-version: literals
  std::vector<std::string> stops;  // those that f0 has to enforce
  bool json_tool = false;          // for stream::options, like the next one
  name_pairs names;                // of tools: the provider's, the client's; where they differ
  chat::drop_list dropped;         // what the client said and the provider is not told
  bool unfence = false;            // what comes is code: a fence around it is no part of it
};

// What the dialect cannot carry, before anything is asked.  False: |bad|.
bool check_dialect(id d, const chat::request& r, chat::bad_request& bad);

void encode(id d, const call& c, encoded& out);

// Whether the dialect has a way to go on with an answer that was begun; in others it
// is an answer, and a message of the user's follows.
constexpr bool goes_on(id d) { return d != id::openai && d != id::responses; }

// The raw lane: |body| untouched but for the value of each top-level "model".
// |body| is known to be a valid JSON object.
std::string replace_model(string_view body, string_view model);

// The dialect's path for a model; |stream| chooses Gemini's method.
void default_path(id d, string_view model, bool stream, std::string& path, std::string& args);

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_CALL_H_
