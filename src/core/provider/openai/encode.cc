// Copyright (C) 2026 The f0 authors
//
// encode.cc - to OpenAI and the many that speak like it: the client's
// body, with as little changed as can be (translate.md 13).

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "../call_ids.h"
#include "../encode_parts.h"
#include "../model_name.h"
#include "../schema.h"

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

// A format that goes in words is only asked for as JSON.
bool in_words(const call& c) {
  return !c.options.native_schema &&
         c.request->response_format.type == chat::response_format::kind::json_schema;
}

void append_part(json::writer& w, const chat::part& p) {
  if (is_text(p)) {
    string_view word = p.type == chat::part::kind::refusal ? "refusal" : "text";
    w.begin_object().key("type").string(word).key(word).string(p.text);
    const value* mark = p.source ? p.source->get("cache_control") : nullptr;
    if (mark) w.key("cache_control").val(*mark);
    w.end_object();
  } else if (p.source) {
    w.val(*p.source);
  } else if (p.type == chat::part::kind::image) {
    w.begin_object().key("type").string("image_url").key("image_url").begin_object();
    w.key("url").string(p.url);
    if (!p.detail.empty()) w.key("detail").string(p.detail);
    w.end_object().end_object();
  } else if (p.type == chat::part::kind::file) {
    w.begin_object().key("type").string("file").key("file").begin_object();
    if (!p.file_id.empty()) w.key("file_id").string(p.file_id);
    if (!p.filename.empty()) w.key("filename").string(p.filename);
    if (!p.file_data.empty()) w.key("file_data").string(p.file_data);
    w.end_object().end_object();
  }
}

void append_content(json::writer& w, const chat::message& m) {
  w.key("content");
  bool plain = m.parts.size() == 1 && m.parts[0].type == chat::part::kind::text &&
               !(m.parts[0].source && m.parts[0].source->get("cache_control"));
  if (plain) {
    w.string(m.parts[0].text);
  } else if (!m.parts.empty()) {
    w.begin_array();
    for (const chat::part& p : m.parts) append_part(w, p);
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

bool is_thought(string_view key) {
  return key == "reasoning_content" || key == "reasoning" || key == "reasoning_details";
}

// Writes the messages, with as little changed as the provider's model allows.
class openai_messages {
 public:
  openai_messages(json::writer& w, const call& c) : w_(w), c_(c) {
    if (decide(c.options.short_ids, is_mistral(c.model))) {
      ids_.emplace(call_ids::form::nine, *c.messages);
    }
    if (in_words(c)) words_ = dialect::format_in_words(c.request->response_format);
  }

  void write() {
    w_.key("messages").begin_array();
    auto m = c_.messages->begin();
    if (!words_.empty()) {
      const bool system = m != c_.messages->end() && is_system(*m);
      append_words(system ? &*m++ : nullptr);
    }
    for (; m != c_.messages->end(); ++m) {
      if (!c_.verbatim || !m->source || c_.request->translated)
        append_message(*m);
      else if (is_changed(*m))
        append_changed(*m);
      else
        w_.val(*m->source);
    }
    w_.end_array();
  }

 private:
  static string_view role_of(const chat::message& m) {
    return m.role == chat::role::developer ? "system" : chat::role_word(m.role);
  }

  // The first system message, or a new one, with the format of the answer.
  void append_words(const chat::message* m) {
    w_.begin_object().key("role").string("system").key("content");
    if (!m || m->parts.empty()) {
      w_.string(words_);
    } else if (m->parts.size() == 1 && !m->parts[0].source) {
      w_.string(std::string(m->parts[0].text) + "\n\n" + words_);
    } else {
      w_.begin_array();
      for (const chat::part& p : m->parts) append_part(w_, p);
      w_.begin_object().key("type").string("text").key("text").string(words_).end_object();
      w_.end_array();
    }
    if (m && !m->name.empty()) w_.key("name").string(m->name);
    w_.end_object();
  }

  // null, [] and nothing: engines take none of them where nothing else is said.
  static bool has_content(const chat::message& m) {
    const value* v = m.source->get("content");
    return v && !v->is_null() && !(v->is_array() && v->size() == 0);
  }

  bool is_changed(const chat::message& m) const {
    if (m.role == chat::role::developer) return true;
    if (m.role == chat::role::assistant && c_.kept) return true;
    if (m.role == chat::role::assistant || m.role == chat::role::tool) {
      return ids_.has_value() || !has_content(m);
    }
    return false;
  }

  // The message as it came but for its role, a missing content, ids, and what its
  // provider wants back.
  void append_changed(const chat::message& m) {
    w_.begin_object();
    bool content = false;
    for (const json::member* f : m.source->unique_members()) {
      if (f->key == "content") {
        content = true;
        append_given(m, f->val);
      } else if (f->key == "role") {
        w_.key("role").string(role_of(m));
      } else if (f->key == "tool_call_id" && m.role == chat::role::tool) {
        w_.key("tool_call_id").string(result_id(m.tool_call_id));
      } else if (m.role == chat::role::assistant && is_thought(f->key)) {
        continue;
      } else if (f->key == "tool_calls" && f->val.is_array() && (ids_ || c_.kept)) {
        w_.key("tool_calls").begin_array();
        for (const chat::tool_call& t : m.tool_calls) {
          if (t.source) append_call(t);
        }
        w_.end_array();
      } else {
        w_.key(f->key).val(f->val);
      }
    }
    if (!content && m.role == chat::role::assistant) append_given(m, value());
    if (m.role == chat::role::assistant) append_thoughts(m);
    w_.end_object();
  }

  void append_given(const chat::message& m, const value& content) {
    w_.key("content");
    if (has_content(m)) {
      w_.val(content);
    } else if (m.tool_calls.empty() && m.parts.empty()) {
      w_.string("");
    } else {
      w_.null();
    }
  }

  std::string call_id(const chat::tool_call& t) {
    if (!ids_) return std::string(t.id);
    std::string id = ids_->take(t);
    given_[t.id].ids.push_back(id);
    return id;
  }

  // Results go to the calls of their id in order.
  std::string result_id(string_view id) {
    auto calls = given_.find(id);
    if (calls == given_.end()) return std::string(id);
    asked& a = calls->second;
    return a.ids[std::min(a.answered++, a.ids.size() - 1)];
  }

  // With what its provider wants back, unless the client has it.
  void append_call(const chat::tool_call& t) {
    const std::string id = call_id(t);
    const bool told = t.source && is_something(t.source->get("extra_content"));
    const string_view kept = c_.kept && !told ? c_.kept->get(state::extra, t) : string_view();
    if (t.source && kept.empty() && id == t.id) {
      w_.val(*t.source);
      return;
    }
    w_.begin_object().key("id").string(id);
    if (t.source) {
      for (const json::member* f : t.source->unique_members()) {
        if (f->key != "id" && (told || f->key != "extra_content")) w_.key(f->key).val(f->val);
      }
    } else {
      w_.key("type").string("function").key("function").begin_object();
      w_.key("name").string(t.name).key("arguments").string(t.arguments).end_object();
    }
    if (!kept.empty()) w_.key("extra_content").raw(kept);
    w_.end_object();
  }

  // The message's reasoning under the name that its provider knows, and the
  // reasoning_details.
  void append_thoughts(const chat::message& m) {
    const value* sent = m.source;
    if (!sent && c_.options.reasoning_back && !m.reasoning.empty()) {
      w_.key("reasoning_content").string(m.reasoning);
    }
    for (const string_view key : {"reasoning_content", "reasoning"}) {
      const value* v = sent ? sent->get(key) : nullptr;
      if (!is_something(v)) continue;
      const bool rename = c_.kept && !c_.kept->reasoning_name.empty() && v->is_string();
      w_.key(rename ? string_view(c_.kept->reasoning_name) : key).val(*v);
      if (rename) break;
    }
    const value* details = sent ? sent->get("reasoning_details") : nullptr;
    if (is_something(details)) {
      w_.key("reasoning_details").val(*details);
      return;
    }
    for (const chat::tool_call& t : m.tool_calls) {
      const string_view kept = c_.kept ? c_.kept->get(state::details, t) : string_view();
      if (kept.empty()) continue;
      w_.key("reasoning_details").raw(kept);
      return;
    }
  }

  // From what was understood, for messages that are f0's own.
  void append_message(const chat::message& m) {
    w_.begin_object().key("role").string(role_of(m));
    append_content(w_, m);
    if (!m.name.empty()) w_.key("name").string(m.name);
    if (m.role == chat::role::tool) w_.key("tool_call_id").string(result_id(m.tool_call_id));
    const chat::tool_call* old = nullptr;  // deprecated: a call without id
    bool first = true;
    for (const chat::tool_call& c : m.tool_calls) {
      if (c.id.empty() && !c.source) {
        old = &c;
        continue;
      }
      if (first) w_.key("tool_calls").begin_array();
      first = false;
      append_call(c);
    }
    if (!first) w_.end_array();
    if (old) {
      w_.key("function_call").begin_object().key("name").string(old->name);
      w_.key("arguments").string(old->arguments).end_object();
    }
    if (m.role == chat::role::assistant) append_thoughts(m);
    w_.end_object();
  }

  struct asked {
    std::vector<std::string> ids;
    size_t answered = 0;
  };

  json::writer& w_;
  const call& c_;
  std::string words_;  // empty: the provider takes the format as it is
  std::optional<call_ids> ids_;
  std::unordered_map<string_view, asked> given_;
};

void append_tool(json::writer& w, const chat::tool& t) {
  w.begin_object().key("type").string("function").key("function").begin_object();
  w.key("name").string(t.name);
  if (!t.description.empty()) w.key("description").string(t.description);
  if (t.parameters) w.key("parameters").val(*t.parameters);
  if (t.strict) w.key("strict").boolean(*t.strict);
  w.end_object().end_object();
}

void append_tools(json::writer& w, const chat::request& r, const value& sent) {
  bool foreign =
      std::any_of(r.tools.begin(), r.tools.end(), [](const chat::tool& t) { return t.foreign; });
  if (!foreign) {
    w.key("tools").val(sent);
    return;
  }
  w.key("tools").begin_array();
  for (const chat::tool& t : r.tools) {
    if (t.foreign)
      append_tool(w, t);
    else
      w.val(*t.source);
  }
  w.end_array();
}

void append_stops(json::writer& w, const chat::request& r, const value* sent, encoded& out) {
  if (r.stop.empty()) return;
  if (sent && r.stop.size() <= kStops) {
    w.key("stop").val(*sent);
    return;
  }
  w.key("stop").begin_array();
  for (size_t i = 0; i < std::min(r.stop.size(), kStops); i++) w.string(r.stop[i]);
  w.end_array();
  for (size_t i = kStops; i < r.stop.size(); i++) {
    if (!r.stop[i].empty()) out.stops.emplace_back(r.stop[i]);
  }
}

// The name under which the output limit goes; empty: each as the client sent it.
string_view limit_name(const call& c) {
  using limit = enum provider_options::limit_name;
  switch (c.options.limit) {
    case limit::automatic:
      return is_reasoning_openai(c.model) ? "max_completion_tokens" : "";
    case limit::max_tokens:
      return "max_tokens";
    case limit::max_completion_tokens:
      return "max_completion_tokens";
    case limit::as_sent:
      break;
  }
  return {};
}

void append_limit(json::writer& w, const call& c, string_view key, const value& sent) {
  const string_view name = limit_name(c);
  if (!name.empty()) {
    // max_completion_tokens wins where both were sent.
    const value* newer = c.request->root->get("max_completion_tokens");
    if (sent.is_null() || (key == "max_tokens" && newer && !newer->is_null())) return;
    key = name;
  }
  const int64_t cap = c.options.max_output;
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
  w.key("stream").boolean(true);
  if (!c.options.stream_options) return;
  w.key("stream_options").begin_object();
  const value* root = c.request->translated ? nullptr : c.request->root;
  const value* options = root ? root->get("stream_options") : nullptr;
  if (options) {
    for (const json::member* m : options->unique_members()) {
      if (m->key != "include_usage") w.key(m->key).val(m->val);
    }
  }
  w.key("include_usage").boolean(true).end_object();
}

void append_field(json::writer& w, const call& c, const json::member& m, encoded& out) {
  const chat::request& r = *c.request;
  if (among(m.key, std::begin(kOurs), std::end(kOurs))) return;
  const bool tools = c.client_tools && !r.tools.empty();
  if (!tools && among(m.key, std::begin(kToolFields), std::end(kToolFields))) return;
  if (m.key == "tools" && m.val.is_array()) {
    append_tools(w, r, m.val);
  } else if (m.key == "stop" && !m.val.is_null()) {
    append_stops(w, r, &m.val, out);
  } else if (m.key == "max_tokens" || m.key == "max_completion_tokens") {
    append_limit(w, c, m.key, m.val);
  } else if (m.key == "response_format" && in_words(c)) {
    w.key(m.key).begin_object().key("type").string("json_object").end_object();
  } else if (m.key != "temperature" || takes_temperature(c)) {
    w.key(m.key).val(m.val);
  }
}

// ---- from what was understood, where the client speaks another API

void append_known_tools(json::writer& w, const call& c) {
  using kind = chat::tool_choice::kind;
  const std::vector<const chat::tool*> tools = offered_tools(c, false);
  if (tools.empty()) return;
  w.key("tools").begin_array();
  for (const chat::tool* t : tools) append_tool(w, *t);
  w.end_array();
  const auto function = [&](string_view name) {
    w.begin_object().key("type").string("function").key("function").begin_object();
    w.key("name").string(name).end_object().end_object();
  };
  const chat::tool_choice& choice = c.request->tool_choice;
  if (choice.type != kind::unset) w.key("tool_choice");
  switch (choice.type) {
    case kind::unset:
      break;
    case kind::none:
      w.string("none");
      break;
    case kind::automatic:
      w.string("auto");
      break;
    case kind::required:
      w.string("required");
      break;
    case kind::named:
      function(choice.name);
      break;
    case kind::allowed:
      w.begin_object().key("type").string("allowed_tools").key("allowed_tools").begin_object();
      w.key("mode").string(choice.allowed_required ? "required" : "auto");
      w.key("tools").begin_array();
      for (const string_view name : choice.allowed) function(name);
      w.end_array().end_object().end_object();
      break;
  }
  if (c.request->parallel_tool_calls) {
    w.key("parallel_tool_calls").boolean(*c.request->parallel_tool_calls);
  }
}

void append_known_format(json::writer& w, const call& c) {
  using kind = chat::response_format::kind;
  const chat::response_format& f = c.request->response_format;
  if (f.type != kind::json_object && f.type != kind::json_schema) return;
  const bool schema = f.type == kind::json_schema && !in_words(c);
  w.key("response_format").begin_object().key("type");
  w.string(schema ? "json_schema" : "json_object");
  if (schema) {
    w.key("json_schema").begin_object().key("name").string(f.name.empty() ? "answer" : f.name);
    if (!f.description.empty()) w.key("description").string(f.description);
    if (f.strict) w.key("strict").boolean(*f.strict);
    if (f.schema) w.key("schema").val(*f.schema);
    w.end_object();
  }
  w.end_object();
}

void append_known(json::writer& w, const call& c, encoded& out) {
  using chat::member;
  const chat::request& r = *c.request;
  append_known_tools(w, c);
  append_known_format(w, c);
  if (const std::optional<int64_t> n = output_limit(c)) {
    const string_view name = limit_name(c);
    w.key(name.empty() ? "max_tokens" : name).integer(*n);
  }
  if (takes_temperature(c)) append_number(w, "temperature", c, "temperature", r.temperature);
  append_number(w, "top_p", c, "top_p", r.top_p);
  append_number(w, "presence_penalty", c, "presence_penalty", r.presence_penalty);
  append_number(w, "frequency_penalty", c, "frequency_penalty", r.frequency_penalty);
  if (r.seed) w.key("seed").integer(*r.seed);
  append_stops(w, r, nullptr, out);
  if (const string_view e = effort_of(c); !e.empty()) w.key("reasoning_effort").string(e);
  if (!r.user.empty()) w.key("user").string(r.user);
  for (const chat::option& o : r.options) w.key(o.key).val(*o.val);
  lose(c, member::top_k, out);
  lose(c, member::cache_control, out);
}

}  // namespace

void encode_openai(const call& c, encoded& out) {
  json::writer w(out.body);
  w.begin_object().key("model").string(c.model);
  openai_messages(w, c).write();
  append_stream(w, c);
  if (c.request->translated) {
    append_known(w, c, out);
  } else if (c.request->root) {
    for (const json::member* m : c.request->root->unique_members()) append_field(w, c, *m, out);
  }
  if (!takes_temperature(c)) lose(c, chat::member::temperature, out);
  w.end_object();
}

}  // namespace f0::dialect
