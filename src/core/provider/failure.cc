// Copyright (C) 2026 The f0 authors

#include "failure.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "../base/text.h"
#include "reader_base.h"

namespace f0::dialect {

namespace {

using json::value;

// Nobody reads more of an error than this, and what is looked for in it stands
// near its beginning.
constexpr size_t kMessageMax = 8 << 10;

struct known_type {
  string_view word;
  int status;
};

// The statuses that errors inside a 200 stand for.
constexpr known_type status_of_type[] = {
    {"invalid_request_error", 400},
    {"authentication_error", 401},
    {"billing_error", 402},
    {"permission_error", 403},
    {"not_found_error", 404},
    {"request_too_large", 413},
    {"rate_limit_error", 429},
    {"requests", 429},
    {"tokens", 429},
    {"insufficient_quota", 429},
    {"api_error", 500},
    {"server_error", 500},
    {"timeout_error", 504},
    {"overloaded_error", 529},
    {"INVALID_ARGUMENT", 400},
    {"UNAUTHENTICATED", 401},
    {"PERMISSION_DENIED", 403},
    {"NOT_FOUND", 404},
    {"RESOURCE_EXHAUSTED", 429},
    {"INTERNAL", 500},
    {"UNAVAILABLE", 503},
    {"DEADLINE_EXCEEDED", 504},
};

// Words in a code or a type that tell as much.
constexpr known_type status_of_part[] = {
    {"rate_limit", 429},
    {"ratelimit", 429},
    {"too_many_requests", 429},
    {"toomanyrequests", 429},
    {"timeout", 504},
    {"time_out", 504},
    {"timed_out", 504},
    {"timedout", 504},
    {"overloaded", 503},
    {"service_unavailable", 503},
    {"serviceunavailable", 503},
    {"slow_down", 503},
};

// Where providers put their words.
constexpr string_view kWords[] = {"message",   "Message",       "msg",
                                  "error_msg", "error_message", "detail"};

// The first kMessageMax bytes, whole characters.
std::string message_of(string_view wtf8) {
  if (wtf8.size() > kMessageMax) {
    wtf8 = wtf8.substr(0, kMessageMax);
    wtf8.remove_suffix(text::incomplete_tail(wtf8));
  }
  return utf8(wtf8);
}

std::string compact(const value& v) {
  std::string out;
  json::append_value(out, v);
  return out;
}

// One error, the outer object before the inner one.
class error_view {
 public:
  explicit error_view(const value& e) : outer_(&e) {
    if (e.is_array() && e.size() != 0) outer_ = e.begin();
    if (!outer_->is_object()) {
      message_ = outer_->is_string() ? message_of(outer_->text()) : message_of(compact(*outer_));
      return;
    }
    message_ = words_of(*outer_);
    if (!message_.empty() && words(outer_->get("message")).size() != 0) return;
    look_inside();
    const value* detail = outer_->get("detail");
    if (message_.empty() && truthy(detail)) message_ = message_of(compact(*detail));  // FastAPI
  }

  const std::string& message() const { return message_; }

  // A member of the error; the inner one's where the outer has none.
  const value* get(string_view key) const {
    for (const value* o : {outer_, inner_}) {
      const value* v = o != nullptr ? o->get(key) : nullptr;
      if (v != nullptr && !v->is_null()) return v;
    }
    return nullptr;
  }

 private:
  static std::string words_of(const value& o) {
    for (const string_view key : kWords) {
      if (const string_view s = words(o.get(key)); !s.empty()) return message_of(s);
    }
    return message_of(words(o.get("error")));
  }

  // error.error, error.message and errors[0] may hold what the error itself does
  // not say.
  void look_inside() {
    for (const string_view key : {"error", "message", "errors"}) {
      const value* v = outer_->get(key);
      if (v == nullptr || !(v->is_object() || v->is_array()) || v->size() == 0) continue;
      if (v->is_array()) v = v->begin();
      if (v->is_object()) inner_ = v;
      if (!message_.empty()) return;
      message_ = v->is_string() ? message_of(v->text()) : v->is_object() ? words_of(*v) : "";
      return;
    }
  }

  const value* outer_;
  const value* inner_ = nullptr;
  std::string message_;
};

std::string text_of(const value* v) {
  return v != nullptr && v->is_string() ? utf8(v->text()) : std::string();
}

// 400 to 599, as a number or three digits in a string; 0: neither.
int status_in(const value* v) {
  if (v == nullptr) return 0;
  const string_view s = v->is_number() || v->is_string() ? v->text() : string_view();
  int n = 0;
  const auto [end, e] = std::from_chars(s.data(), s.data() + s.size(), n);
  return e == std::errc() && end == s.data() + s.size() && n >= 400 && n <= 599 ? n : 0;
}

int status_of_word(string_view word) {
  const auto* known = std::find_if(std::begin(status_of_type), std::end(status_of_type),
                                   [&](const known_type& t) { return t.word == word; });
  return known != std::end(status_of_type) ? known->status : 0;
}

int status_of_words(string_view word) {
  const std::string lower = text::to_lower(word.substr(0, 128));
  for (const known_type& t : status_of_part) {
    if (lower.find(t.word) != std::string::npos) return t.status;
  }
  return 0;
}

// The status that an error inside a 200 stands for.
int status_of(const error_view& e, string_view type, string_view code) {
  for (const string_view key : {"code", "status", "StatusCode"}) {
    if (const int n = status_in(e.get(key))) return n;
  }
  if (const int n = status_of_words(code)) return n;
  if (const int n = status_of_word(type)) return n;
  if (const int n = status_of_words(type)) return n;
  const int n = status_of_word(code);
  return n != 0 ? n : 502;
}

// "34.4s" -> milliseconds; negative: none.
double milliseconds(string_view delay) {
  if (!delay.ends_with('s')) return -1;
  double seconds = -1;
  const char* const end = delay.data() + delay.size() - 1;
  const auto [p, e] = std::from_chars(delay.data(), end, seconds, std::chars_format::fixed);
  return e == std::errc() && p == end && seconds >= 0 && seconds < 86400 ? seconds * 1000 : -1;
}

// Gemini tells in the error's details when to come again.
void note_retry(const value* details, chat::failure& f) {
  if (details == nullptr || !details->is_array()) return;
  for (const value& d : *details) {
    if (d.str("@type").find("RetryInfo") == string_view::npos) continue;
    const double ms = milliseconds(d.str("retryDelay"));
    if (ms < 0) continue;
    f.headers.emplace_back("retry-after",
                           std::to_string(static_cast<int64_t>(std::ceil(ms / 1000))));
    f.headers.emplace_back("retry-after-ms", std::to_string(static_cast<int64_t>(std::ceil(ms))));
    return;
  }
}

chat::failure failure_of(const error_view& e, int status) {
  chat::failure f;
  f.message = e.message();
  const value* type = e.get("type");
  if (type == nullptr) type = e.get("status");  // Google
  const value* code = e.get("code");
  f.type = text_of(type);
  f.code = text_of(code);
  if (code != nullptr && code->integer()) f.number = code->text();
  f.status = status != 0 ? status : status_of(e, f.type, f.code);
  f.moderated = array_at(e.get("metadata"), "reasons") != nullptr;
  note_retry(e.get("details"), f);
  return f;
}

}  // namespace

chat::failure failure_of(const value& error, int status) {
  return failure_of(error_view(error), status);
}

chat::failure failure_of_body(string_view body, int status, json::document& doc) {
  const value* o = parse_lenient(strip(body), doc);
  if (o != nullptr && o->is_array() && o->size() != 0) o = o->begin();
  if (o != nullptr && o->is_object()) {
    const value* error = o->get("error");
    // xAI and Ollama have the code beside the text.
    if (truthy(error) && !error->is_string()) return failure_of(*error, status);
    const error_view e(*o);
    if (!e.message().empty()) return failure_of(e, status);
  }
  chat::failure f;
  f.status = status;
  f.type = "upstream_error";
  f.message = "upstream answered HTTP " + std::to_string(status);
  return f;
}

chat::failure own_failure(string_view code, string_view message) {
  chat::failure f;
  f.status = 502;
  f.type = "upstream_error";
  f.code = code;
  f.message = message;
  f.own = true;
  return f;
}

chat::failure incomplete() {
  return own_failure("stream_truncated", "upstream closed the stream before it was complete");
}

}  // namespace f0::dialect
