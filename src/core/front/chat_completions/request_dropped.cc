// Copyright (C) 2026 The f0 authors
//
// request_dropped.cc - what of a request f0 only passes on, what it has no word
// for, and where the members stand that a provider may have none for: fronts.md 6.

#include <algorithm>

#include "../f0_fields.h"
#include "request_reader.h"

namespace f0::front {

namespace {

// What is read of an object, or is f0's own affair.
constexpr string_view kTop[] = {"model",
                                "messages",
                                "stream",
                                "stream_options",
                                "temperature",
                                "top_p",
                                "top_k",
                                "n",
                                "stop",
                                "max_tokens",
                                "presence_penalty",
                                "max_completion_tokens",
                                "seed",
                                "frequency_penalty",
                                "user",
                                "store",
                                "tools",
                                "tool_choice",
                                "functions",
                                "function_call",
                                "response_format",
                                "parallel_tool_calls",
                                "reasoning_effort"};
// Reasoning that comes back is its engine's state.
constexpr string_view kMessage[] = {
    "role",       "content",           "name",         "tool_call_id",
    "tool_calls", "function_call",     "refusal",      "reasoning_content",
    "reasoning",  "reasoning_details", "cache_control"};
constexpr string_view kText[] = {"type", "text", "cache_control"};
constexpr string_view kRefusal[] = {"type", "refusal"};
constexpr string_view kImagePart[] = {"type", "image_url", "cache_control"};
constexpr string_view kImage[] = {"url", "detail"};
constexpr string_view kFilePart[] = {"type", "file", "cache_control"};
constexpr string_view kFile[] = {"file_data", "filename", "file_id"};
constexpr string_view kUse[] = {"type", "id", "name", "input"};
constexpr string_view kResult[] = {"type", "tool_use_id", "content"};
constexpr string_view kCall[] = {"id", "type", "function", "custom", "index", "extra_content"};
constexpr string_view kCalled[] = {"name", "arguments"};
constexpr string_view kTool[] = {"type", "function", "custom", "cache_control"};
constexpr string_view kFlatTool[] = {"type",         "name",   "description",
                                     "input_schema", "strict", "cache_control"};
constexpr string_view kFunction[] = {"name", "description", "parameters", "strict"};
constexpr string_view kChoice[] = {"type", "function", "custom", "allowed_tools"};
constexpr string_view kChosen[] = {"name"};
constexpr string_view kAllowed[] = {"mode", "tools"};
constexpr string_view kFormat[] = {"type", "json_schema"};
constexpr string_view kSchema[] = {"name", "description", "schema", "strict"};

// Says what the API would do anyway.
bool is_default(const json::member& m) {
  if (m.key == "service_tier") return m.val.text() == "auto";
  if (m.key == "top_logprobs") return m.val.integer() == 0;
  if (m.key != "modalities") return false;
  return std::all_of(m.val.begin(), m.val.end(), [](const value& v) { return v.text() == "text"; });
}

}  // namespace

void request_reader::note(chat::member what, const value& o, const path& p, string_view key) {
  if (is_something(o.get(key))) out_.places[what].push_back((p / key).str());
}

void request_reader::note_top() {
  struct place {
    chat::member what;
    string_view key;
  };
  using enum chat::member;
  static constexpr place kPlaces[] = {{temperature, "temperature"},
                                      {top_p, "top_p"},
                                      {seed, "seed"},
                                      {user, "user"},
                                      {effort, "reasoning_effort"}};
  for (const place& p : kPlaces) {
    if (is_something(root_.get(p.key))) out_.places[p.what].push_back(p.key);
  }
  if (out_.presence_penalty.value_or(0) != 0) {
    out_.places[presence_penalty].push_back("presence_penalty");
  }
  if (out_.frequency_penalty.value_or(0) != 0) {
    out_.places[frequency_penalty].push_back("frequency_penalty");
  }
  using choice = chat::tool_choice::kind;
  if (out_.tool_choice.type != choice::unset && out_.tool_choice.type != choice::automatic) {
    const bool now = is_something(root_.get("tool_choice"));
    out_.places[tool_choice].push_back(now ? "tool_choice" : "function_call");
  }
  if (!out_.parallel_tool_calls.value_or(true)) {
    out_.places[parallel_tool_calls].push_back("parallel_tool_calls");
  }
  for (const json::member* m : root_.unique_members()) {
    const bool known = std::find(std::begin(kTop), std::end(kTop), m->key) != std::end(kTop);
    if (m->key == "top_k" && read_top_k(m->val)) continue;
    if ((known && m->key != "top_k") || is_f0_field(m->key)) continue;
    if (is_something(&m->val) && !is_default(*m)) out_.options.push_back({m->key, &m->val, m->key});
  }
}

// No member of OpenAI's, but many engines'; what else it may be is theirs to know.
bool request_reader::read_top_k(const value& v) {
  const std::optional<int64_t> k = v.integer();
  if (!k || *k < 1 || *k > INT32_MAX) return false;
  out_.top_k = k;
  out_.places[chat::member::top_k].push_back("top_k");
  return true;
}

void request_reader::note_part(const value& v, const path& p) {
  const string_view type = v.str("type");
  note(chat::member::cache_control, v, p, "cache_control");
  const value* inner = v.get(type);
  const path at = p / type;
  if (type == "text") {
    drop_others(v, p, kText);
  } else if (type == "refusal") {
    drop_others(v, p, kRefusal);
  } else if (type == "tool_use") {
    drop_others(v, p, kUse);
  } else if (type == "tool_result") {
    drop_others(v, p, kResult);
  } else if (type == "image_url" && inner) {
    drop_others(v, p, kImagePart);
    drop_others(*inner, at, kImage);
    if (inner->str("detail") != "auto") note(chat::member::detail, *inner, at, "detail");
  } else if (type == "file" && inner) {
    drop_others(v, p, kFilePart);
    drop_others(*inner, at, kFile);
    note(chat::member::filename, *inner, at, "filename");
  }
}

void request_reader::note_message(const value& m, const path& p) {
  const string_view role = m.str("role");
  drop_others(m, p, kMessage);
  if (role != "tool" && role != "function") note(chat::member::name, m, p, "name");
  // What many say of a result is the name that its call has anyway.
  if (role == "tool" && is_something(m.get("name")) && !called_.contains(m.str("name"))) {
    out_.dropped.push_back((p / "name").str());
  }
  const bool system = role == "system" || role == "developer";
  if (system) note(chat::member::cache_control, m, p, "cache_control");
  if (!system && is_something(m.get("cache_control"))) {
    out_.dropped.push_back((p / "cache_control").str());
  }
  const value* content = m.get("content");
  if (content && content->is_array()) {
    const path at = p / "content";
    size_t j = 0;
    for (const value& v : *content) note_part(v, element(at, j++));
  }
  const value* calls = m.get("tool_calls");
  if (!calls || !calls->is_array()) return;
  const path at = p / "tool_calls";
  size_t j = 0;
  for (const value& c : *calls) {
    const path one = element(at, j++);
    drop_others(c, one, kCall);
    const value *f = c.get("function"), *custom = c.get("custom");
    if (f) drop_others(*f, one / "function", kCalled);
    for (const value* named : {f, custom}) {
      if (named) called_.insert(named->str("name"));
    }
  }
}

void request_reader::note_tools() {
  const path list = top("tools"), old = top("functions");
  size_t j = 0, k = 0;
  for (const tool& t : out_.tools) {
    if (!t.foreign && !t.source->get("type")) {
      drop_others(*t.source, element(old, k++), kFunction);
      continue;
    }
    const path p = element(list, j++);
    if (t.other) continue;
    drop_others(*t.source, p, t.foreign ? words(kFlatTool) : words(kTool));
    note(chat::member::cache_control, *t.source, p, "cache_control");
    const value* f = t.foreign ? t.source : t.source->get("function");
    const path at = t.foreign ? p : p / "function";
    if (!t.foreign && f) drop_others(*f, at, kFunction);
    if (f && t.strict.value_or(false)) note(chat::member::strict, *f, at, "strict");
  }
}

void request_reader::note_choice() {
  const path at = top("tool_choice");
  const value* v = root_.get("tool_choice");
  if (!v || !v->is_object()) return;
  drop_others(*v, at, kChoice);
  const value *function = v->get("function"), *allowed = v->get("allowed_tools");
  if (function) drop_others(*function, at / "function", kChosen);
  if (allowed) drop_others(*allowed, at / "allowed_tools", kAllowed);
}

void request_reader::note_places() {
  note_top();
  note_choice();
  const path messages = top("messages");
  size_t i = 0;
  for (const value& m : *root_.get("messages")) note_message(m, element(messages, i++));
  note_tools();
  const value* format = root_.get("response_format");
  if (!format || !format->is_object()) return;
  const path at = top("response_format");
  drop_others(*format, at, kFormat);
  if (const value* schema = format->get("json_schema")) {
    drop_others(*schema, at / "json_schema", kSchema);
    note(chat::member::format_description, *schema, at / "json_schema", "description");
  }
}

}  // namespace f0::front
