// Copyright (C) 2026 The f0 authors

#include "messages.h"

#include "../../json/json.h"
#include "request_reader.h"
#include "writer.h"

namespace f0::front {

namespace messages {

namespace {

bool read(const value& root, request& out, bad_request& bad) {
  return request_reader(root, out, bad).read(false);
}

bool read_count(const value& root, request& out, bad_request& bad) {
  return request_reader(root, out, bad).read(true);
}

string_view type_of(int status) {
  switch (status) {
    case 400:
      return "invalid_request_error";
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 503:
    case 529:
      return "overloaded_error";
    default:
      return status >= 400 && status < 500 ? "invalid_request_error" : "api_error";
  }
}

string_view stop_reason(const ending& e) {
  if (e.refused && e.why != finish::length) return "refusal";
  switch (e.why) {
    case finish::length:
      return "max_tokens";
    case finish::tool_calls:
      return "tool_use";
    case finish::content_filter:
      return "refusal";
    default:
      return e.calls ? "tool_use" : e.sequence.empty() ? "end_turn" : "stop_sequence";
  }
}

// This form has no member for the place of a fault: the message names it.
std::string message_of(const api_error& t) {
  // Clients know a conversation that has to be shortened by these words.
  constexpr string_view kTooLong = "prompt is too long: ";
  std::string out;
  if (t.code == "context_length_exceeded") {
    if (!t.message.starts_with(kTooLong)) out = kTooLong;
  } else if (!t.param.empty() && t.message.find(t.param) == std::string::npos) {
    out = t.param + ": ";
  }
  return out.append(t.message);
}

// An id of that form, whatever the turn's is.
void append_id(std::string& out, string_view prefix, string_view turn, bool underscore) {
  out += prefix;
  for (char c : turn) {
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      (underscore && (c == '_' || c == '-'));
    if (good) out += c;
  }
}

}  // namespace

void append_head(std::string& out, const identity& who) {
  out += "{\"id\":\"";
  append_id(out, "msg_", who.id, true);
  out += "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":";
  json::append_string(out, who.model);
}

void append_stop(std::string& out, const ending& e) {
  const string_view reason = stop_reason(e);
  out.append("\"stop_reason\":\"").append(reason).append("\",\"stop_sequence\":");
  if (reason == "stop_sequence") {
    json::append_string(out, e.sequence);
  } else {
    out += "null";
  }
}

void append_usage(std::string& out, const chat::usage& u, int64_t prompt, int64_t completion) {
  const int64_t cached = u.cached > 0 ? u.cached : 0,
                written = u.cache_write > 0 ? u.cache_write : 0;
  // What came from the cache or went into it is not counted among the input.
  const int64_t rest = u.prompt - cached - written;
  const int64_t input = u.prompt < 0 ? prompt : rest < 0 ? 0 : rest;
  const int64_t output = u.completion >= 0 ? u.completion : completion;
  out += "{\"input_tokens\":" + std::to_string(input);
  if (cached > 0) out += ",\"cache_read_input_tokens\":" + std::to_string(cached);
  if (written > 0) out += ",\"cache_creation_input_tokens\":" + std::to_string(written);
  out += ",\"output_tokens\":" + std::to_string(output) + '}';
}

void append_error(std::string& out, const api_error& t, string_view turn) {
  out.append("{\"type\":\"error\",\"error\":{\"type\":\"").append(type_of(t.status));
  out += "\",\"message\":";
  json::append_string(out, message_of(t));
  if (!t.details.empty()) out.append(",\"details\":").append(t.details);
  out += '}';
  if (!turn.empty()) {
    out += ",\"request_id\":\"";
    append_id(out, "req_", turn, false);
    out += '"';
  }
  out += '}';
}

}  // namespace messages

void append_count(std::string& out, int64_t tokens) {
  out += "{\"input_tokens\":" + std::to_string(tokens) + '}';
}

const row kMessages = {"messages", messages::read, messages::make_stream, messages::make_body,
                       messages::append_error};
const row kCountTokens = {"count_tokens", messages::read_count, messages::make_stream,
                          messages::make_body, messages::append_error};

}  // namespace f0::front
