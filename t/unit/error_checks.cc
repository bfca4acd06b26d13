// Copyright (C) 2026 The f0 authors
//
// error_checks.cc - checks of providers' errors.

#include "error_checks.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/chat/failure.h"
#include "core/front/chat_completions/request.h"
#include "core/provider/failure.h"
#include "wrong.h"

using std::string_view;
namespace chat = f0::chat;
namespace front = f0::front;
namespace dialect = f0::dialect;
namespace json = f0::json;

namespace {

std::string told_of(const chat::failure& f) {
  const chat::api_error t = chat::answer(f, false);
  std::string out = std::to_string(t.status) + ' ' + (t.code.empty() ? "-" : t.code);
  for (const auto& [name, value] : t.headers) {
    if (name == "x-should-retry") out += ' ' + value;
  }
  return out;
}

}  // namespace

// The first words that are found count, one level deep: translate.md 6.2.
const char* error_check_places() {
  struct {
    string_view body, message, type, code;
  } cases[] = {
      {R"({"error":{"message":"m","type":"t","code":"c"}})", "m", "t", "c"},
      {R"({"error":"m","code":"c","type":"t"})", "m", "t", "c"},
      {R"([{"error":{"message":"m","status":"S","code":400}}])", "m", "S", ""},
      {R"({"type":"error","error":{"type":"t","message":"m"}})", "m", "t", ""},
      {R"({"message":"m"})", "m", "", ""},
      {R"({"Message":"m"})", "m", "", ""},
      {R"({"msg":"m","code":1214})", "m", "", ""},
      {R"({"error_msg":"m","error_code":17})", "m", "", ""},
      {R"({"error_message":"m"})", "m", "", ""},
      {R"({"detail":"m"})", "m", "", ""},
      {R"({"detail":[{"msg":"x"}]})", R"([{"msg":"x"}])", "", ""},
      {R"({"success":false,"errors":[{"code":7,"message":"m","type":"t"}],"messages":[]})", "m",
       "t", ""},
      {R"({"errors":["m"]})", "m", "", ""},
      {R"({"error":{"error":{"message":"m","code":"c"}}})", "m", "", "c"},
      {R"({"error":{"type":"t","error":{"message":"m","type":"inner"}}})", "m", "t", ""},
      {R"({"error":{"message":{"message":"m","type":"t"}}})", "m", "t", ""},
      {R"({"error":{"message":{"detail":"m"}}})", "m", "", ""},
      {R"({"error":{"message":"","msg":"m"}})", "m", "", ""},
      {R"({"message":{"msg":"m"}})", "m", "", ""},
      {R"({"error":{"Message":"m","Code":"c"}})", "m", "", ""},
      {R"({"error":{"errors":[{"message":"m"}],"code":"c"}})", "m", "", "c"},
      {R"({"status":400,"title":"Bad Request"})", "upstream answered HTTP 400", "upstream_error",
       ""},
      {R"({"error":null})", "upstream answered HTTP 400", "upstream_error", ""},
      {"<html>", "upstream answered HTTP 400", "upstream_error", ""},
      {"", "upstream answered HTTP 400", "upstream_error", ""},
  };
  for (const auto& c : cases) {
    json::document doc;
    const chat::failure f = dialect::failure_of_body(c.body, 400, doc);
    if (f.message != c.message || f.type != c.type || f.code != c.code || f.status != 400) {
      return wrong(std::string(c.body) + ": " + f.message + ", " + f.type + ", " + f.code);
    }
  }
  return nullptr;
}

// The status that an error inside a 200 stands for.
const char* error_check_statuses() {
  struct {
    string_view error;
    int status;
  } cases[] = {
      {R"({"code":429})", 429},
      {R"({"code":"429"})", 429},
      {R"({"status":503,"message":"m"})", 503},
      {R"({"StatusCode":"504"})", 504},
      {R"({"code":"rate_limit_exceeded"})", 429},
      {R"({"code":"RateLimitReached"})", 429},
      {R"({"type":"too_many_requests"})", 429},
      {R"({"code":"engine_timeout","type":"server_error"})", 504},
      {R"({"type":"server_overloaded"})", 503},
      {R"({"code":"slow_down","type":"invalid_request_error"})", 503},
      {R"({"type":"service_unavailable_error"})", 503},
      {R"({"type":"overloaded_error"})", 529},
      {R"({"code":"server_error"})", 500},
      {R"({"code":200})", 502},
      {R"({"code":"4290"})", 502},
      {R"({"message":"m"})", 502},
      {R"("text")", 502},
      {R"([{"code":404}])", 404},
  };
  for (const auto& c : cases) {
    json::document doc;
    const json::value* v = doc.parse(c.error);
    if (v == nullptr) return wrong("no JSON: " + std::string(c.error));
    const int got = dialect::failure_of(*v, 0).status;
    if (got != c.status) return wrong(std::string(c.error) + ": " + std::to_string(got));
  }
  return nullptr;
}

// What words and codes decide: translate.md 6.1.
const char* error_check_words() {
  constexpr string_view kLong = "400 context_length_exceeded", kFiltered = "400 content_filter",
                        kDead = "502 upstream_error false";
  struct {
    int status;
    string_view error, want;
  } cases[] = {
      {400, R"({"message":"This model's maximum prompt length is 131072"})", kLong},
      {400, R"({"message":"Invalid request: Your request exceeded model token limit: 8192"})",
       kLong},
      {400, R"({"code":"1261","message":"m"})", kLong},
      {500, R"({"code":1261,"message":"m"})", kLong},
      {400, R"({"message":"Range of input length should be [1, 98304]"})", kLong},
      {400, R"({"code":"model_max_prompt_tokens_exceeded","message":"m"})", kLong},
      {400, R"({"message":"Input is too long for requested model."})", kLong},
      {422, R"({"message":"`inputs` tokens + `max_new_tokens` must be <= 4096"})", kLong},
      {422, R"({"message":"inputs tokens + max_new_tokens must be <= 4096"})", kLong},
      {400, R"({"message":"The decoder prompt is longer than the maximum model length of 8"})",
       kLong},
      {400, R"({"message":"exceeds the maximum allowed input length of 1"})", kLong},
      {400, R"({"message":"Prompt too long: 9 tokens"})", kLong},
      {413, R"({"message":"prompt   token\ncount of 9 exceeds"})", kLong},
      {401, R"({"message":"prompt too long"})", kDead},
      {429, R"({"message":"context window"})", "429 rate_limit_exceeded"},
      {400, R"({"message":"Rate limit: context length tokens per minute"})", "400 -"},
      {400, R"({"message":"context window of 9 TPM"})", "400 -"},
      {400, R"({"message":"context window of ATPMX"})", kLong},
      {403, R"({"message":"Content violates usage guidelines. Failed check: X"})", kFiltered},
      {400, R"({"message":"it violated our content policy"})", kFiltered},
      {422, R"({"message":"violating the safety policies"})", kFiltered},
      {403, R"({"message":"violates one of our usage policies"})", kDead},
      {400, R"({"message":"Content Exists Risk"})", kFiltered},
      {400, R"({"message":"Input data may contain inappropriate content."})", kFiltered},
      {400, R"({"message":"Your prompt was flagged by moderation"})", kFiltered},
      {403, R"({"message":"The request has been flagged"})", kFiltered},
      {403, R"({"message":"m","metadata":{"reasons":["violence"]}})", kFiltered},
      {403, R"({"message":"m","metadata":{"reasons":[]}})", kDead},
      {500, R"({"code":"data_inspection_failed","message":"m"})", kFiltered},
      {400, R"({"type":"DataInspectionFailed","message":"m"})", kFiltered},
      {400, R"({"code":1301,"message":"m"})", kFiltered},
      {400, R"({"code":"content_filter","message":"context length"})", kFiltered},
      {500, R"({"message":"Content Exists Risk"})", "502 upstream_error"},
      {429, R"({"type":"exceeded_current_quota_error","message":"m"})", kDead},
      {429, R"({"code":"1113","message":"m"})", kDead},
      {429, R"({"code":1113,"message":"m"})", kDead},
      {400, R"({"code":"Arrearage","message":"m"})", kDead},
      {429, R"({"message":"Insufficient balance or no resource package. Please recharge."})",
       kDead},
      {400, R"({"message":"Access denied, your account is not in good standing"})", kDead},
      {429, R"({"message":"you have reached your weekly usage limit"})", kDead},
      {429, R"({"message":"exceeded your monthly included credits"})", kDead},
      {429, R"({"message":"insufficient credits"})", kDead},
      {429, R"({"message":"the battery is rechargeable"})", "429 rate_limit_exceeded"},
      {429, R"({"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED"})",
       "429 rate_limit_exceeded"},
      {500, R"({"message":"usage limit"})", "502 upstream_error"},
  };
  for (const auto& c : cases) {
    json::document doc;
    const json::value* v = doc.parse(c.error);
    if (v == nullptr) return wrong("no JSON: " + std::string(c.error));
    const std::string got = told_of(dialect::failure_of(*v, c.status));
    if (got != c.want) return wrong(std::string(c.error) + ": " + got);
  }
  chat::failure f = dialect::own_failure("event_too_long", "m");
  if (told_of(f) != "502 event_too_long false") return wrong(told_of(f));
  if (chat::fault_of(f) != chat::fault::request) return wrong("another one would write the same");
  return nullptr;
}

const char* error_check_private() {
  struct {
    const char *message, *want;
  } cases[] = {
      {"bad key gsk_abcdEFGH1234", "bad key [...]"},
      {"hf_abcdefghij is bad", "[...] is bad"},
      {"ghp_0123456789abcdef", "[...]"},
      {"github_pat_11ABCDEFG0 x", "[...] x"},
      {"user AKIAIOSFODNN7EXAMPLE is not", "user [...] is not"},
      {"AKIA alone", "AKIA alone"},
      {"token eyJhbGciOi.eyJzdWIiOiIx.SflKxw-x_y expired", "token [...] expired"},
      {"api_key: abc123def", "[...]"},
      {"API key=\"s3cretvalue\" is wrong", "[...]\" is wrong"},
      {"{\"api_key\": \"abc123def\"}", "{\"[...]\"}"},
      {"password=hunter2, sorry", "[...], sorry"},
      {"Authorization: Basic dXNlcjpwYXNz here", "[...] here"},
      {"authorization: abcdefgh12 here", "[...] here"},
      {"with Basic dXNlcjpwYXNzMTIz here", "with [...] here"},
      {"Basic authentication is needed", "Basic authentication is needed"},
      {"the api key is not valid", "the api key is not valid"},
      {"max tokens: 100000", "max tokens: 100000"},
      {"dial [::1]:8080 refused", "dial [...] refused"},
      {"dial [fe80::1%eth0]: refused", "dial [...]: refused"},
      {"at 2001:db8::1 x", "at [...] x"},
      {"at ::1", "at [...]"},
      {"[1, 2] and [a:b]", "[1, 2] and [a:b]"},
      {"at 12:30:45", "at 12:30:45"},
      {"std::vector", "std::vector"},
      {"connect unix:/run/llama.sock failed", "connect [...] failed"},
      {"no file /home/op/models/x.gguf", "no file [...]"},
      {"'/opt/keys' is", "'[...]' is"},
      {"open ~/.keys/a", "open [...]"},
      {"see /a/b.pem.", "see [...]."},
      {"C:\\Users\\op is", "[...] is"},
      {"POST /v1/chat/completions", "POST /v1/chat/completions"},
      {"application/json and/or text/plain", "application/json and/or text/plain"},
      {"/messages/0/content is", "/messages/0/content is"},
      {"gw.corp and db.intranet", "[...] and [...]"},
      {"\xe5\xaf\x86sk-abcd1234", "\xe5\xaf\x86[...]"},
      {"\xe5\xaf\x86\xe9\x92\xa5\xef\xbc\x9ask-abcd1234\xe3\x80\x82",
       "\xe5\xaf\x86\xe9\x92\xa5\xef\xbc\x9a[...]"},
  };
  for (const auto& c : cases) {
    const std::string got = chat::redacted(c.message);
    if (got != c.want) return wrong(std::string(c.message) + ": " + got);
  }
  return nullptr;
}

// What the operator told f0 is shown nowhere, in whatever form it is.
const char* error_check_secrets() {
  const std::vector<std::string> secrets = {"plain words as key", "correct-horse", "correct"};
  if (chat::redacted("it is plain words as key!", secrets) != "it is [...]!") {
    return wrong("a secret with blanks");
  }
  if (chat::redacted("xcorrect-horsey correct", secrets) != "x[...]y [...]") {
    return wrong("secrets in words: " + chat::redacted("xcorrect-horsey correct", secrets));
  }
  // One that stands across the place where the text is cut.
  for (size_t n = 4080; n < 4100; n++) {
    const std::string got = chat::redacted(std::string(n, ' ') + "plain words as key", secrets);
    if (got.find("plain") != std::string::npos) return wrong("a secret at the cut");
  }
  chat::failure f;
  f.status = 500;
  f.message = "correct-horse";
  const std::string told = chat::answer(f, false, secrets).message;
  return told == "[...]" ? nullptr : wrong(told);
}

// However long an error is, little of it is looked at, and what is shown is
// UTF-8.
const char* error_check_long() {
  const std::string cjk = "\xe7\xb5\x82";
  std::string text;
  for (int i = 0; i < 100000; i++) text += cjk;
  const std::string got = chat::redacted(text);
  if (got.size() > 8192 || got.size() < 1500 || !f0::text::valid_utf8(got)) {
    return wrong("300 KB of text: " + std::to_string(got.size()));
  }
  std::string body = "{\"error\":{\"message\":\"" + text + "\"}}";
  json::document doc;
  const chat::failure f = dialect::failure_of_body(body, 422, doc);
  if (f.message.size() > 8192 || !f0::text::valid_utf8(f.message)) return wrong("not cut");
  doc.clear();
  body = "{\"detail\":[{\"input\":\"" + text + "\"}]}";
  const chat::failure d = dialect::failure_of_body(body, 422, doc);
  if (d.message.size() > 8192 || !f0::text::valid_utf8(d.message)) return wrong("detail not cut");
  return nullptr;
}
