// Copyright (C) 2026 The f0 authors

#include "failure.h"

#include <algorithm>
#include <span>

#include "../base/text.h"
#include "../json/json.h"
#include "redact.h"

namespace f0::chat {

namespace {

constexpr size_t message_max = 500;  // characters

constexpr string_view refused_words = "the provider refused the gateway's account or configuration";
constexpr string_view failed_words = "the provider failed";

bool is_one_of(int status, std::initializer_list<int> list) {
  return std::find(list.begin(), list.end(), status) != list.end();
}

// A failure's words, as the lists below are looked for in them: in lower case,
// any white space as one space.
class folded {
 public:
  explicit folded(string_view message) {
    for (const char c : message) {
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        if (!text_.empty() && text_.back() != ' ') text_ += ' ';
      } else {
        text_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
      }
    }
  }

  bool has(string_view words) const { return text_.find(words) != std::string::npos; }
  bool has_any(std::initializer_list<string_view> list) const {
    return std::any_of(list.begin(), list.end(), [&](string_view words) { return has(words); });
  }
  // The same, but no part of a longer word.
  bool has_word(string_view word) const {
    for (size_t i = text_.find(word); i != std::string::npos; i = text_.find(word, i + 1)) {
      const size_t end = i + word.size();
      if ((i == 0 || !is_letter(text_[i - 1])) && (end == text_.size() || !is_letter(text_[end]))) {
        return true;
      }
    }
    return false;
  }
  // |word| begins a word; some words later, |most| at the most, |rest| follows.
  bool has_near(string_view word, size_t most, std::span<const string_view> rest) const {
    for (size_t i = text_.find(word); i != std::string::npos; i = text_.find(word, i + 1)) {
      size_t at = text_.find(' ', i);
      for (size_t skipped = 0; at != std::string::npos && skipped <= most; ++skipped) {
        const string_view from = string_view(text_).substr(at + 1);
        for (const string_view r : rest) {
          if (from.starts_with(r)) return true;
        }
        at = text_.find(' ', at + 1);
      }
    }
    return false;
  }

 private:
  static bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

  std::string text_;
};

// Whether the type, the code or the digits of a code is one of |list|.
bool is_coded(const failure& f, std::initializer_list<string_view> list) {
  return std::any_of(list.begin(), list.end(), [&](string_view word) {
    return f.type == word || f.code == word || f.number == word;
  });
}

// "Too many tokens" of a minute is another thing than those of a context.
bool is_of_rate(const folded& words) {
  return words.has("rate limit") || words.has_word("per minute") || words.has_word("per hour") ||
         words.has_word("per day") || words.has_word("tpm") || words.has_word("rpm") ||
         words.has_word("tpd") || words.has_word("rpd");
}

bool is_too_long(const folded& words) {
  return words.has_any({"context length", "context size", "context window", "context limit",
                        "prompt is too long", "prompt too long", "input is too long",
                        "input too long", "input token count", "prompt token count",
                        "maximum prompt length", "exceeded model token limit",
                        "prompt exceeds max length", "range of input length should be",
                        "longer than the maximum model length", "maximum allowed input length",
                        "tokens + `max_new_tokens` must be", "tokens + max_new_tokens must be"}) &&
         !is_of_rate(words);
}

bool is_filtered(const folded& words) {
  static constexpr string_view rules[] = {
      "usage guideline", "usage polic",      "content guideline",
      "content polic",   "safety guideline", "safety polic",
  };
  static constexpr string_view flagged[] = {"was flagged", "were flagged", "is flagged",
                                            "has been flagged"};
  if (words.has_any({"content exists risk", "inappropriate content"})) return true;
  for (const string_view word : {"violates", "violated", "violating"}) {
    if (words.has_near(word, 1, rules)) return true;
  }
  for (const string_view what : {"input", "prompt", "content", "message", "request"}) {
    if (words.has_near(what, 0, flagged)) {
      return true;
    }
  }
  return false;
}

// Failures about the request that are worth a code of their own, whatever their
// status was; empty: not one of them.
string_view recognised(const failure& f) {
  if (is_coded(f, {"context_length_exceeded", "exceed_context_size_error",
                   "model_max_prompt_tokens_exceeded", "1261"})) {
    return "context_length_exceeded";
  }
  if (is_coded(f, {"content_filter", "content_policy_violation", "data_inspection_failed",
                   "DataInspectionFailed", "1301"}) ||
      (f.status == 403 && f.moderated)) {
    return "content_filter";
  }
  if (!is_one_of(f.status, {400, 403, 413, 422})) return {};
  const folded words(f.message);
  if (f.status != 403 && is_too_long(words)) return "context_length_exceeded";
  if (f.status != 413 && is_filtered(words)) return "content_filter";
  return {};
}

// About the operator's account or configuration: nothing that the client could mend.
bool of_operator(const failure& f) {
  if (is_one_of(f.status, {401, 402, 403, 404, 405, 410})) return true;
  if (is_coded(f, {"insufficient_quota", "invalid_api_key", "exceeded_current_quota_error",
                   "Arrearage", "1113"}) ||
      f.type.starts_with("billing") || f.code.starts_with("billing")) {
    return true;
  }
  if (!is_one_of(f.status, {400, 429})) return false;
  const folded words(f.message);
  return words.has_any({"api key not valid", "credit balance is too low", "insufficient balance",
                        "insufficient credit", "good standing", "usage limit",
                        "included credits"}) ||
         words.has_word("recharge");
}

bool found_by_f0(const failure& f) {
  return f.type == "upstream_error" && (f.code == "malformed_event" || f.code == "empty_stream" ||
                                        f.code == "stream_truncated" || f.code == "event_too_long");
}

void forbid_retry(api_error& t) { t.headers.emplace_back("x-should-retry", "false"); }

api_error table(const failure& f, bool same_model) {
  const auto make = [](int status, string_view type, string_view code) {
    api_error t;
    t.status = status;
    t.type = type;
    t.code = code;
    return t;
  };
  const int s = f.type == "overloaded_error" ? 503 : f.status;

  if (const string_view code = recognised(f); !code.empty()) {
    return make(400, "invalid_request_error", code);
  }
  if (found_by_f0(f)) {
    api_error t = make(502, "server_error", f.code);
    // The model would write the same again.
    if (f.code == "event_too_long") forbid_retry(t);
    return t;
  }
  if (s == 404 && same_model) return make(404, "invalid_request_error", "model_not_found");
  if (of_operator(f)) {
    api_error t = make(502, "server_error", "upstream_error");
    forbid_retry(t);
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

api_error answer(const failure& f, bool same_model, secret_list secrets) {
  api_error t = table(f, same_model);
  t.message = public_message(f, secrets);
  for (const auto& h : f.headers) {
    if (h.first == "x-upstream-request-id" || t.status == 429 || t.status == 503) {
      t.headers.push_back(h);
    }
  }
  return t;
}

fault fault_of(const failure& f) {
  // The model would write the same again, and so would another one.
  if (!recognised(f).empty() || f.code == "event_too_long") return fault::request;
  if (found_by_f0(f)) return fault::provider;
  if (of_operator(f)) return fault::operators;
  if (f.type == "overloaded_error" || is_one_of(f.status, {429, 503, 529})) return fault::busy;
  return is_one_of(f.status, {400, 413, 422}) ? fault::request : fault::provider;
}

std::string public_message(const failure& f, secret_list secrets) {
  if (of_operator(f) && recognised(f).empty()) return std::string(refused_words);
  const string_view text = text::trim(f.message);
  if (text.empty() || holds_markup(text)) return std::string(failed_words);
  std::string shown = redacted(text, secrets);
  if (text::code_points(shown) > message_max) {
    shown.resize(text::prefix_of(shown, message_max - 3));
    shown += "...";
  }
  return shown;
}

void append_error_object(std::string& out, const api_error& t) {
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

}  // namespace f0::chat
