// Copyright (C) 2026 The f0 authors

#include "error.h"

#include <algorithm>

#include "../json/json.h"
#include "../text.h"
#include "redact.h"

namespace f0::api {

namespace {

constexpr size_t message_max = 500;  // characters

constexpr string_view refused_words = "the provider refused the gateway's account or configuration";
constexpr string_view failed_words = "the provider failed";

bool contains(string_view text, string_view word) {  // word: lower case
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [&](char a, char b) { return lower(a) == b; }) != text.end();
}

bool contains_any(string_view text, std::initializer_list<string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](string_view word) { return contains(text, word); });
}

bool is_one_of(int status, std::initializer_list<int> list) {
  return std::find(list.begin(), list.end(), status) != list.end();
}

// Failures about the request that are worth a code of their own, whatever their
// status was; empty: not one of them.
string_view recognised(const failure& f) {
  if (f.code == "context_length_exceeded" || f.type == "exceed_context_size_error") {
    return "context_length_exceeded";
  }
  if (f.code == "content_filter" || f.code == "content_policy_violation") return "content_filter";
  if (is_one_of(f.status, {400, 413, 422}) &&
      contains_any(f.message, {"context length", "context size", "context window", "context limit",
                               "prompt is too long", "input token count"})) {
    return "context_length_exceeded";
  }
  return {};
}

// About the operator's account or configuration: nothing that the client could mend.
bool of_operator(const failure& f) {
  const auto about_account = [](string_view word) {
    return word == "invalid_api_key" || word == "insufficient_quota" || word.starts_with("billing");
  };
  return is_one_of(f.status, {401, 402, 403, 404, 405, 410}) || about_account(f.type) ||
         about_account(f.code) ||
         (f.status == 400 &&
          contains_any(f.message, {"api key not valid", "credit balance is too low"}));
}

bool found_by_f0(const failure& f) {
  return f.type == "upstream_error" &&
         (f.code == "malformed_event" || f.code == "empty_stream" || f.code == "stream_truncated");
}

told table(const failure& f, bool same_model) {
  const auto make = [](int status, string_view type, string_view code) {
    told t;
    t.status = status;
    t.type = type;
    t.code = code;
    return t;
  };
  const int s = f.type == "overloaded_error" ? 503 : f.status;

  if (const string_view code = recognised(f); !code.empty()) {
    return make(400, "invalid_request_error", code);
  }
  if (found_by_f0(f)) return make(502, "server_error", f.code);
  if (s == 404 && same_model) return make(404, "invalid_request_error", "model_not_found");
  if (of_operator(f)) {
    told t = make(502, "server_error", "upstream_error");
    t.headers.emplace_back("x-should-retry", "false");
    return t;
  }
  switch (s) {
    case 400:
    case 422:
      return make(s, "invalid_request_error", f.code);
    case 413:
      return make(s, "invalid_request_error", "request_too_large");
    case 429:
      return make(429, "rate_limit_error", "rate_limit_exceeded");
    case 408:
    case 504:
      return make(504, "server_error", "upstream_timeout");
    case 503:
    case 529:
      return make(503, "server_error", "overloaded");
    default:
      return make(502, "server_error", "upstream_error");
  }
}

}  // namespace

told answer(const failure& f, bool same_model) {
  told t = table(f, same_model);
  t.message = public_message(f);
  for (const auto& h : f.headers) {
    if (h.first == "x-upstream-request-id" || t.status == 429 || t.status == 503) {
      t.headers.push_back(h);
    }
  }
  return t;
}

std::string public_message(const failure& f) {
  if (of_operator(f) && recognised(f).empty()) return std::string(refused_words);
  const string_view text = text::trim(f.message);
  if (text.empty() || holds_markup(text)) return std::string(failed_words);
  std::string shown = redacted(text);
  if (text::code_points(shown) > message_max) {
    shown.resize(text::prefix_of(shown, message_max - 3));
    shown += "...";
  }
  return shown;
}

void append_error_object(std::string& out, const told& t) {
  const auto or_null = [&](string_view key, string_view value) {
    out += ",\"";
    out += key;
    out += "\":";
    if (value.empty()) {
      out += "null";
    } else {
      json::append_string(out, value);
    }
  };
  out += "{\"error\":{\"message\":";
  json::append_string(out, t.message);
  out += ",\"type\":";
  json::append_string(out, t.type);
  or_null("param", t.param);
  or_null("code", t.code);
  out += "}}";
}

}  // namespace f0::api
