// Copyright (C) 2026 The f0 authors

#include "response.h"

#include <algorithm>

#include "../../json/json.h"

namespace f0::front::responses {

namespace {

// The member |name| of |o|, or |absent|.
void append_member(std::string& out, const json::value* o, string_view name, string_view absent) {
  const json::value* v = o ? o->get(name) : nullptr;
  if (v && !v->is_null()) {
    json::append_value(out, *v);
  } else {
    out += absent;
  }
}

void append_request(std::string& out, string_view model, const json::value* root) {
  const auto repeat = [&](string_view name, string_view absent) {
    out.append(",\"").append(name).append("\":");
    append_member(out, root, name, absent);
  };
  const json::value* reasoning = root ? root->get("reasoning") : nullptr;
  const json::value* text = root ? root->get("text") : nullptr;
  repeat("instructions", "null");
  repeat("max_output_tokens", "null");
  repeat("metadata", "{}");
  out += ",\"model\":";
  json::append_string(out, model);
  repeat("parallel_tool_calls", "true");
  out += ",\"previous_response_id\":null,\"reasoning\":{\"effort\":";
  append_member(out, reasoning, "effort", "null");
  out += ",\"summary\":";
  append_member(out, reasoning, "summary", "null");
  out += "},\"store\":false";
  repeat("temperature", "null");
  out += ",\"text\":{\"format\":";
  append_member(out, text, "format", "{\"type\":\"text\"}");
  if (text && !text->str("verbosity").empty()) {
    out += ",\"verbosity\":";
    append_member(out, text, "verbosity", "");
  }
  out += '}';
  repeat("tool_choice", "\"auto\"");
  repeat("tools", "[]");
  repeat("top_p", "null");
  out += ",\"truncation\":\"disabled\"";
}

void append_usage(std::string& out, const chat::usage& u) {
  const auto count = [&](string_view name, int64_t n) {
    out.append("\"").append(name).append("\":").append(std::to_string(std::max<int64_t>(n, 0)));
  };
  if (!u.any()) {
    out += "null";
    return;
  }
  const int64_t sum = std::max<int64_t>(u.prompt, 0) + std::max<int64_t>(u.completion, 0);
  out += '{';
  count("input_tokens", u.prompt);
  out += ",\"input_tokens_details\":{";
  count("cached_tokens", u.cached);
  out += "},";
  count("output_tokens", u.completion);
  out += ",\"output_tokens_details\":{";
  count("reasoning_tokens", u.reasoning);
  out += "},";
  count("total_tokens", u.total >= 0 ? u.total : sum);
  out += '}';
}

}  // namespace

response::response(const identity& who, const chat::request& r) {
  same_ = "{\"id\":";
  json::append_string(same_, "resp_" + who.id);
  same_ += ",\"object\":\"response\",\"created_at\":" + std::to_string(who.created);
  head_size_ = same_.size();
  append_request(same_, who.model, r.root);
  same_.shrink_to_fit();
}

void response::append(std::string& out, status s, string_view output, const chat::usage& u,
                      string_view error) const {
  static constexpr string_view kStatus[] = {"in_progress", "completed", "incomplete", "incomplete",
                                            "failed"};
  out.append(same_, 0, head_size_).append(",\"status\":\"").append(kStatus[size_t(s)]);
  out += "\",\"error\":";
  if (s == status::failed) {
    out.append("{").append(error).append("}");
  } else {
    out += "null";
  }
  out += ",\"incomplete_details\":";
  out += s == status::too_long   ? "{\"reason\":\"max_output_tokens\"}"
         : s == status::filtered ? "{\"reason\":\"content_filter\"}"
                                 : "null";
  out.append(same_, head_size_).append(",\"output\":[").append(output).append("],\"usage\":");
  append_usage(out, u);
  out += '}';
}

string_view code_of(const chat::api_error& t) {
  if (t.code == "context_length_exceeded" || t.code == "insufficient_quota") return t.code;
  switch (t.status) {
    case 429:
      return "rate_limit_exceeded";
    case 503:
      return "server_is_overloaded";
    case 400:
    case 413:
    case 422:
      return "invalid_prompt";
    default:
      return "server_error";
  }
}

std::string error_members(const chat::api_error& t) {
  std::string out = "\"code\":";
  json::append_string(out, code_of(t));
  out += ",\"message\":";
  json::append_string(out, t.message);
  return out;
}

}  // namespace f0::front::responses
