// Copyright (C) 2026 The f0 authors
//
// encode_openai.cc - to OpenAI and the many that speak like it: the client's
// body, with as little changed as can be.

#include <algorithm>
#include <iterator>

#include "encode_parts.h"

namespace f0::dialect {

namespace {

using json::value;

constexpr size_t kStops = 4;  // as many as OpenAI takes

// Of no meaning to a provider, or said by the encoder.
constexpr string_view kOurs[] = {"projectId",  "workspaceId", "ideType",        "files",
                                 "fz_context", "fz_stream",   "fz_mode",        "fz_edit_format",
                                 "model",      "stream",      "stream_options", "messages"};
constexpr string_view kToolFields[] = {"tools", "tool_choice", "functions", "function_call",
                                       "parallel_tool_calls"};

bool among(string_view key, const string_view* begin, const string_view* end) {
  return std::find(begin, end, key) != end;
}

void append_part(json::writer& w, const api::part& p) {
  if (is_text(p)) {
    string_view word = p.type == api::part::kind::refusal ? "refusal" : "text";
    w.begin_object().key("type").string(word).key(word).string(p.text);
    const value* mark = p.source ? p.source->get("cache_control") : nullptr;
    if (mark) w.key("cache_control").val(*mark);
    w.end_object();
  } else if (p.source) {
    w.val(*p.source);
  }
}

void append_content(json::writer& w, const api::message& m) {
  w.key("content");
  bool plain = m.parts.size() == 1 && m.parts[0].type == api::part::kind::text &&
               !(m.parts[0].source && m.parts[0].source->get("cache_control"));
  if (plain) {
    w.string(m.parts[0].text);
  } else if (!m.parts.empty()) {
    w.begin_array();
    for (const api::part& p : m.parts) append_part(w, p);
    w.end_array();
  } else if (m.tool_calls.empty()) {
    w.string("");
  } else {
    w.null();
  }
}

bool is_something(const value* v) {
  return v && !v->is_null() && (v->is_number() || v->is_bool() || v->size() > 0);
}

// With what its provider wants back, unless the client has it.
void append_call(json::writer& w, const call& c, const api::tool_call& t) {
  const bool told = t.source && is_something(t.source->get("extra_content"));
  const string_view kept = c.kept && !told ? c.kept->get(state::extra, t) : string_view();
  if (t.source && kept.empty()) {
    w.val(*t.source);
    return;
  }
  w.begin_object();
  if (t.source) {
    for (const json::member* m : t.source->unique_members()) {
      if (m->key != "extra_content") w.key(m->key).val(m->val);
    }
  } else {
    w.key("id").string(t.id).key("type").string("function").key("function").begin_object();
    w.key("name").string(t.name).key("arguments").string(t.arguments).end_object();
  }
  if (!kept.empty()) w.key("extra_content").raw(kept);
  w.end_object();
}

// The message's reasoning under the name that its provider knows, and the
// reasoning_details.
void append_thoughts(json::writer& w, const call& c, const api::message& m) {
  const value* sent = m.source;
  for (const string_view key : {"reasoning_content", "reasoning"}) {
    const value* v = sent ? sent->get(key) : nullptr;
    if (!is_something(v)) continue;
    const bool rename = c.kept && !c.kept->reasoning_name.empty() && v->is_string();
    w.key(rename ? string_view(c.kept->reasoning_name) : key).val(*v);
    if (rename) break;
  }
  const value* details = sent ? sent->get("reasoning_details") : nullptr;
  if (is_something(details)) {
    w.key("reasoning_details").val(*details);
    return;
  }
  for (const api::tool_call& t : m.tool_calls) {
    const string_view kept = c.kept ? c.kept->get(state::details, t) : string_view();
    if (kept.empty()) continue;
    w.key("reasoning_details").raw(kept);
    return;
  }
}

// As it came, but with what its provider wants back.
void append_assistant(json::writer& w, const call& c, const api::message& m) {
  w.begin_object();
  for (const json::member* f : m.source->unique_members()) {
    if (f->key == "reasoning_content" || f->key == "reasoning" || f->key == "reasoning_details") {
      continue;
    }
    w.key(f->key);
    if (f->key != "tool_calls" || !f->val.is_array() || f->val.size() != m.tool_calls.size()) {
      w.val(f->val);
      continue;
    }
    w.begin_array();
    for (const api::tool_call& t : m.tool_calls) append_call(w, c, t);
    w.end_array();
  }
  append_thoughts(w, c, m);
  w.end_object();
}

// From what was understood, for messages that are f0's own.
void append_message(json::writer& w, const call& to, const api::message& m) {
  w.begin_object().key("role").string(api::role_word(m.role));
  append_content(w, m);
  if (!m.name.empty()) w.key("name").string(m.name);
  if (m.role == api::role::tool) w.key("tool_call_id").string(m.tool_call_id);
  const api::tool_call* old = nullptr;  // deprecated: a call without id
  bool first = true;
  for (const api::tool_call& c : m.tool_calls) {
    if (c.id.empty() && !c.source) {
      old = &c;
      continue;
    }
    if (first) w.key("tool_calls").begin_array();
    first = false;
    append_call(w, to, c);
  }
  if (!first) w.end_array();
  if (old) {
    w.key("function_call").begin_object().key("name").string(old->name);
    w.key("arguments").string(old->arguments).end_object();
  }
  if (m.role == api::role::assistant) append_thoughts(w, to, m);
  w.end_object();
}

void append_messages(json::writer& w, const call& c) {
  w.key("messages").begin_array();
  for (const api::message& m : *c.messages) {
    if (!c.verbatim || !m.source)
      append_message(w, c, m);
    else if (m.role == api::role::assistant)
      append_assistant(w, c, m);
    else
      w.val(*m.source);
  }
  w.end_array();
}

void append_tools(json::writer& w, const api::request& r, const value& sent) {
  bool foreign =
      std::any_of(r.tools.begin(), r.tools.end(), [](const api::tool& t) { return t.foreign; });
  if (!foreign) {
    w.key("tools").val(sent);
    return;
  }
  w.key("tools").begin_array();
  for (const api::tool& t : r.tools) {
    if (!t.foreign) {
      w.val(*t.source);
      continue;
    }
    w.begin_object().key("type").string("function").key("function").begin_object();
    w.key("name").string(t.name);
    if (!t.description.empty()) w.key("description").string(t.description);
    if (t.parameters) w.key("parameters").val(*t.parameters);
    w.end_object().end_object();
  }
  w.end_array();
}

void append_stops(json::writer& w, const api::request& r, const value& sent, encoded& out) {
  if (r.stop.empty()) return;
  if (r.stop.size() <= kStops) {
    w.key("stop").val(sent);
    return;
  }
  w.key("stop").begin_array();
  for (size_t i = 0; i < kStops; i++) w.string(r.stop[i]);
  w.end_array();
  for (size_t i = kStops; i < r.stop.size(); i++) {
    if (!r.stop[i].empty()) out.stops.emplace_back(r.stop[i]);
  }
}

void append_limit(json::writer& w, string_view key, const value& sent, int64_t cap) {
  std::optional<int64_t> n = sent.integer();
  w.key(key);
  if (n && cap > 0 && *n > cap)
    w.integer(cap);
  else
    w.val(sent);
}

// Usage is always asked for; whether the client sees it is another thing.
void append_stream(json::writer& w, const call& c) {
  if (!c.stream) return;
  w.key("stream").boolean(true).key("stream_options").begin_object();
  const value* root = c.request->root;
  const value* options = root ? root->get("stream_options") : nullptr;
  if (options) {
    for (const json::member* m : options->unique_members()) {
      if (m->key != "include_usage") w.key(m->key).val(m->val);
    }
  }
  w.key("include_usage").boolean(true).end_object();
}

void append_field(json::writer& w, const call& c, const json::member& m, encoded& out) {
  const api::request& r = *c.request;
  if (among(m.key, std::begin(kOurs), std::end(kOurs))) return;
  if (!c.client_tools && among(m.key, std::begin(kToolFields), std::end(kToolFields))) return;
  if (m.key == "tools" && m.val.is_array()) {
    append_tools(w, r, m.val);
  } else if (m.key == "stop" && !m.val.is_null()) {
    append_stops(w, r, m.val, out);
  } else if (m.key == "max_tokens" || m.key == "max_completion_tokens") {
    append_limit(w, m.key, m.val, c.options.max_output);
  } else if (m.key != "temperature" || c.options.temperature) {
    w.key(m.key).val(m.val);
  }
}

}  // namespace

void encode_openai(const call& c, encoded& out) {
  json::writer w(out.body);
  w.begin_object().key("model").string(c.model);
  append_messages(w, c);
  append_stream(w, c);
  if (c.request->root) {
    for (const json::member* m : c.request->root->unique_members()) append_field(w, c, *m, out);
  }
  w.end_object();
}

}  // namespace f0::dialect
