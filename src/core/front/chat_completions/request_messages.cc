// Copyright (C) 2026 The f0 authors
//
// request_messages.cc - the messages of a request, and the calls in them.

#include <algorithm>

#include "request_reader.h"

namespace f0::front {

namespace {

constexpr string_view kRoles[] = {"system", "assistant", "user", "function", "tool", "developer"};
constexpr string_view kText[] = {"text"};

// Whether a message without content says something all the same.
bool may_be_empty(role r, const value& m, const value* content) {
  if (r == role::function) return true;
  if (r == role::tool) return content != nullptr;
  if (r != role::assistant) return false;
  for (string_view key : {"tool_calls", "function_call", "refusal", "reasoning_content",
                          "reasoning", "reasoning_details"}) {
    if (is_something(m.get(key))) return true;
  }
  return false;
}

}  // namespace

bool request_reader::misplaced(size_t i, const char* why) {
  // The dot before the bracket is OpenAI's.
  return fail("", "messages.[" + std::to_string(i) + "].role",
              std::string("Invalid parameter: ") + why);
}

bool request_reader::messages() {
  path p = top("messages");
  const value* list = root_.get("messages");
  if (!list) {
    if (root_.get("input")) {
      return fail("missing_required_parameter", "messages",
                  "Missing required parameter: 'messages'. This endpoint takes chat completions; "
                  "'input' belongs to the Responses API.");
    }
    return missing(p);
  }
  if (!list->is_array()) return wrong_type(p, "an array of objects", *list);
  if (list->size() == 0) return empty_array(p);
  if (list->size() > kMaxMessages) return too_long(p, "array", kMaxMessages, list->size());
  out_.messages.reserve(list->size());
  size_t i = 0;
  for (const value& m : *list) {
    if (!one_message(m, element(p, i), i)) return false;
    i++;
  }
  return true;
}

bool request_reader::one_message(const value& m, const path& p, size_t i) {
  static constexpr role kRoleOf[] = {role::system,   role::assistant, role::user,
                                     role::function, role::tool,      role::developer};
  if (!m.is_object()) return wrong_type(p, "an object", m);
  path role_path = p / "role";
  string_view word;
  if (!want_string(m, "role", role_path, &word, true)) return false;
  auto known = std::find(std::begin(kRoles), std::end(kRoles), word);
  if (known == std::end(kRoles)) return wrong_value(role_path, word, kRoles);

  message to;
  to.role = kRoleOf[known - kRoles];
  to.source = &m;
  results_.clear();
  if (!content(m, p, to)) return false;
  if (!want_string(m, "name", p / "name", &to.name, to.role == role::function)) return false;
  if (to.role == role::assistant) {
    to.reasoning = m.str("reasoning_content");
    if (to.reasoning.empty()) to.reasoning = m.str("reasoning");
  }
  if (to.role == role::tool &&
      !want_string(m, "tool_call_id", p / "tool_call_id", &to.tool_call_id, true)) {
    return false;
  }
  for (message& r : results_) {
    if (!answer(r, i) || !add(std::move(r))) return false;
  }
  // A turn that held nothing but results is told by them.
  if (!results_.empty() && to.parts.empty()) return true;
  if (!answer(to, i)) return false;
  if (to.role == role::assistant &&
      (!tool_calls(m, p, to) || !function_call(m, p, to) || !count_calls(to, p))) {
    return false;
  }
  return add(std::move(to));
}

// Results that came as blocks of one message are messages too.
bool request_reader::add(message m) {
  if (out_.messages.size() == kMaxMessages) {
    return too_long(top("messages"), "array", kMaxMessages, kMaxMessages + 1);
  }
  out_.messages.push_back(std::move(m));
  return true;
}

// Results follow their calls, and nothing else does before all are there.
bool request_reader::answer(const message& m, size_t i) {
  if (m.role == role::tool) {
    auto call = pending_.find(m.tool_call_id);
    if (!waiting_ || call == pending_.end()) {
      return misplaced(i,
                       "messages with role 'tool' must be a response to a preceeding message "
                       "with 'tool_calls'.");
    }
    call->second = true;
    return true;
  }
  if (waiting_) {
    for (const auto& [id, answered] : pending_) {
      if (!answered) {
        return misplaced(i,
                         "an assistant message with 'tool_calls' must be followed by tool "
                         "messages responding to each 'tool_call_id'.");
      }
    }
    pending_.clear();
    waiting_ = false;
  }
  return true;
}

bool request_reader::content(const value& m, const path& p, message& to) {
  path at = p / "content";
  const value* refusal = nullptr;
  if (to.role == role::assistant &&
      !want(m, "refusal", json::kind::string, p / "refusal", &refusal)) {
    return false;
  }
  const value* c = m.get("content");
  bool nothing = !c || c->is_null() || (c->is_array() && c->size() == 0);
  if (nothing && may_be_empty(to.role, m, c)) {
    // What f0 answered comes back so, and a result of nothing is an empty one.
  } else if (!c || c->is_null()) {
    return c ? wrong_type(at, "a string or an array of parts", *c) : missing(at);
  } else if (c->is_string()) {
    part t;
    t.text = c->text();
    to.parts.push_back(t);
  } else if (c->is_array()) {
    if (c->size() == 0) return empty_array(at);
    if (c->size() > kMaxParts - parts_) return too_long(at, "array", kMaxParts - parts_, c->size());
    parts_ += c->size();
    to.parts.reserve(c->size());
    size_t j = 0;
    for (const value& v : *c) {
      if (!one_part(v, element(at, j++), to)) return false;
    }
  } else {
    return wrong_type(at, "a string or an array of parts", *c);
  }
  if (is_something(refusal)) {
    part t;
    t.type = part::kind::refusal;
    t.text = refusal->text();
    to.parts.push_back(t);
  }
  return true;
}

bool request_reader::one_part(const value& v, const path& p, message& to) {
  if (!v.is_object()) return wrong_type(p, "an object", v);
  path type = p / "type";
  string_view t;
  if (!want_string(v, "type", type, &t, true)) return false;
  part made;
  made.source = &v;
  bool user = to.role == role::user, assistant = to.role == role::assistant;
  if (t == "text" || (assistant && t == "refusal")) {
    if (t == "refusal") made.type = part::kind::refusal;
    if (!want_string(v, t, p / t, &made.text, true)) return false;
  } else if (user && t == "image_url") {
    if (!image(v, p, made)) return false;
  } else if (user && t == "input_audio") {
    made.type = part::kind::audio;
    const value* body;
    path at = p / "input_audio";
    if (!want(v, "input_audio", json::kind::object, at, &body, true) ||
        !want_string(*body, "data", at / "data", nullptr, true) ||
        !want_string(*body, "format", at / "format", nullptr)) {
      return false;
    }
  } else if (user && t == "file") {
    if (!file_part(v, p, made)) return false;
  } else if ((user && t == "tool_result") || (assistant && t == "tool_use")) {
    return foreign_block(v, p, to);
  } else if (user || assistant) {
    made.type = part::kind::other;
  } else {
    return wrong_value(type, t, kText);
  }
  to.parts.push_back(made);
  return true;
}

bool request_reader::image(const value& v, const path& p, part& to) {
  to.type = part::kind::image;
  const value* body;
  path at = p / "image_url";
  path url = at / "url";
  if (!want(v, "image_url", json::kind::object, at, &body, true) ||
      !want_string(*body, "url", url, &to.url, true)) {
    return false;
  }
  if (to.url.empty()) return wrong_value(url, "");
  return want_string(*body, "detail", at / "detail", &to.detail);
}

bool request_reader::file_part(const value& v, const path& p, part& to) {
  to.type = part::kind::file;
  const value* body;
  path at = p / "file";
  return want(v, "file", json::kind::object, at, &body, true) &&
         want_string(*body, "file_data", at / "file_data", &to.file_data) &&
         want_string(*body, "file_id", at / "file_id", &to.file_id) &&
         want_string(*body, "filename", at / "filename", &to.filename);
}

// Some editors put Anthropic's tool blocks into chat messages.
bool request_reader::foreign_block(const value& v, const path& p, message& to) {
  to.source = nullptr;
  if (to.role == role::user) return tool_result(v, p);
  tool_call call;
  const value* input;
  if (!want_string(v, "id", p / "id", &call.id, true) ||
      !want_string(v, "name", p / "name", &call.name, true) ||
      !want(v, "input", json::kind::object, p / "input", &input)) {
    return false;
  }
  std::string arguments;
  if (input) json::append_value(arguments, *input);
  call.arguments = keep(input ? std::move(arguments) : "{}");
  to.tool_calls.push_back(call);
  return true;
}

bool request_reader::tool_result(const value& v, const path& p) {
  message r;
  r.role = role::tool;
  if (!want_string(v, "tool_use_id", p / "tool_use_id", &r.tool_call_id, true)) return false;
  path at = p / "content";
  const value* c = v.get("content");
  part t;
  if (!c || c->is_null()) {
    r.parts.push_back(t);
  } else if (c->is_string()) {
    t.text = c->text();
    r.parts.push_back(t);
  } else if (c->is_array()) {
    size_t j = 0;
    for (const value& b : *c) {
      path q = element(at, j++);
      if (!b.is_object()) return wrong_type(q, "an object", b);
      // Pictures in results have no place in chat messages.
      if (b.str("type") != "text") return wrong_value(q / "type", b.str("type"), kText);
      if (!want_string(b, "text", q / "text", &t.text, true)) return false;
      r.parts.push_back(t);
    }
  } else {
    return wrong_type(at, "a string or an array of parts", *c);
  }
  results_.push_back(std::move(r));
  return true;
}

bool request_reader::tool_calls(const value& m, const path& p, message& to) {
  path at = p / "tool_calls";
  const value* calls;
  if (!want(m, "tool_calls", json::kind::array, at, &calls)) return false;
  if (calls) {
    if (calls->size() > kMaxToolCalls) return too_long(at, "array", kMaxToolCalls, calls->size());
    size_t j = 0;
    for (const value& c : *calls) {
      tool_call call;
      if (!one_call(c, element(at, j++), call)) return false;
      to.tool_calls.push_back(call);
    }
  }
  waiting_ = !to.tool_calls.empty();
  for (const tool_call& c : to.tool_calls) pending_[c.id] = false;
  return true;
}

// Blocks of Anthropic's count as calls, whatever they were sent as.
bool request_reader::count_calls(const message& m, const path& p) {
  path at = p / "tool_calls";
  size_t n = m.tool_calls.size();
  if (n > kMaxToolCalls) return too_long(at, "array", kMaxToolCalls, n);
  calls_ += n;
  if (calls_ <= kMaxCallsInAll) return true;
  return fail("array_above_max_length", at.str(),
              "Invalid 'messages': too many tool calls. Expected at most " +
                  std::to_string(kMaxCallsInAll) + " in all.");
}

bool request_reader::one_call(const value& c, const path& p, tool_call& to) {
  if (!c.is_object()) return wrong_type(p, "an object", c);
  to.source = &c;
  string_view type;
  if (!want_string(c, "id", p / "id", &to.id, true) ||
      !want_string(c, "type", p / "type", &type, true)) {
    return false;
  }
  const value* f;
  if (type == "custom" && c.get("custom")) {
    path at = p / "custom";
    return want(c, "custom", json::kind::object, at, &f, true) &&
           want_string(*f, "name", at / "name", &to.name, true) &&
           want_string(*f, "input", at / "input", &to.arguments, true);
  }
  path at = p / "function";
  return want(c, "function", json::kind::object, at, &f, true) &&
         want_string(*f, "name", at / "name", &to.name, true) &&
         want_string(*f, "arguments", at / "arguments", &to.arguments, true);
}

// Deprecated: a call without id, whose result names the function.
bool request_reader::function_call(const value& m, const path& p, message& to) {
  path at = p / "function_call";
  const value* f;
  if (!want(m, "function_call", json::kind::object, at, &f)) return false;
  if (!f || f->size() == 0) return true;
  tool_call call;
  if (!want_string(*f, "name", at / "name", &call.name, true) ||
      !want_string(*f, "arguments", at / "arguments", &call.arguments, true)) {
    return false;
  }
  to.tool_calls.push_back(call);
  return true;
}

}  // namespace f0::front
