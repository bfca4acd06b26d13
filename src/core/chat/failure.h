// Copyright (C) 2026 The f0 authors
//
// failure.h - failures of providers, and what f0's client is told of them:
// the one table of translate.md 6.

#ifndef F0_CORE_CHAT_FAILURE_H_
#define F0_CORE_CHAT_FAILURE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../base/budget.h"
#include "redact.h"

namespace f0::chat {

// A provider's failure, as it came.
struct failure {
  enum class phase : uint8_t { http, before_content, mid_stream, truncated } at = phase::http;
  int status = 502;        // upstream's, or the one that its error stands for
  std::string type;        // empty: none
  std::string code;        // string codes; empty: none or a number
  std::string number;      // the digits of a code that is a number
  bool moderated = false;  // OpenRouter: metadata.reasons says why
  std::string message;
  // Headers worth passing on: retry-after, retry-after-ms, x-ratelimit-*,
  // anthropic-ratelimit-*, and upstream's request id as x-upstream-request-id.
  std::vector<std::pair<std::string, std::string>> headers;
  bool own = false;  // f0 found it (malformed_event, empty_stream, stream_truncated)
};

// Whose fault it is: what may come next depends on it (turns.md 1).
enum class fault : uint8_t {
  provider,   // another one may do better, and so may this one
  busy,       // it was asked too often
  operators,  // its account or configuration
  request     // whoever is asked would say the same
};
fault fault_of(const failure& f);

// What the client is told.
struct api_error {
  int status = 502;
  std::string type, code, param, message;  // empty code or param: null
  std::vector<std::pair<std::string, std::string>> headers;
  std::string details = {};  // a JSON object, for fronts that have it; empty: none
};

// |same_model|: the client's own model name was sent upstream unchanged.
// |secrets|: what the message must not hold, the longest first.
api_error answer(const failure& f, bool same_model, secret_list secrets = {});

// Upstream's words without secrets, keys, addresses and markup; at most 500
// characters.
std::string public_message(const failure& f, secret_list secrets = {});

// {"error":{"message","type","param","code"}}
void append_error_object(std::string& out, const api_error& t);

}  // namespace f0::chat

#endif  // F0_CORE_CHAT_FAILURE_H_
