// Copyright (C) 2026 The f0 authors
//
// encode.cc - to OpenAI's Responses API: fronts.md 4 backwards, 7.

#include <algorithm>

#include "../encode_parts.h"
#include "../schema.h"

namespace f0::dialect {

namespace {

using chat::member;
using chat::tool_choice;
using json::value;

// Members that both APIs have.
constexpr string_view kSame[] = {"metadata", "safety_identifier", "prompt_cache_key",
                                 "service_tier"};
constexpr string_view kTaken[] = {"metadata", "safety_identifier", "prompt_cache_key",
                                  "service_tier", "verbosity"};

bool is_custom(const chat::tool_call& t) {
  return t.source && t.source->str("type") == "custom" && t.source->get("custom");
}

class responses {
 public:
  responses(const call& c, encoded& out) : c_(c), r_(*c.request), out_(out), w_(out.body) {}

  void write();

 private:
  // A call of the last assistant turn, as its provider is told of it.
  struct asked {
    const chat::tool_call* call;
    std::string id;
    bool answered;
  };

  void instructions(const chat::message*& m, const chat::message* end);
  void input(const chat::message* m, const chat::message* end);
  void message(const chat::message& m);
  void part(const chat::part& p, bool assistant);
  void assistant(const chat::message& m);
  void thoughts(const chat::tool_call& t);
  void one_call(const chat::tool_call& t);
  void result(const chat::message& m);
  void output(const asked& a, string_view text);
  void settle();
  void tools();
  void tool(const chat::tool& t);
  void choice(const std::vector<const chat::tool*>& tools);
  void named(string_view name);
  void text();
  void format();
  void options();
  void lose_others();

  const value* option(string_view key) const {
    for (const chat::option& o : r_.options) {
      if (o.key == key) return o.val;
    }
    return nullptr;
  }
  bool in_words() const {
    return !c_.options.native_schema &&
           r_.response_format.type == chat::response_format::kind::json_schema;
  }

  const call& c_;
  const chat::request& r_;
  encoded& out_;
  json::writer w_;
  std::vector<asked> asked_;
  size_t unnamed_ = 0;  // calls without an id so far
  bool said_ = false;   // the input has an item
};

// ---- messages

// The leading system texts.
void responses::instructions(const chat::message*& m, const chat::message* end) {
  std::string all;
  const auto add = [&](string_view text) {
    if (text.empty()) return;
    if (!all.empty()) all += "\n\n";
    all += text;
  };
  for (; m != end && is_system(*m); m++) add(m->text());
  if (in_words()) add(format_in_words(r_.response_format));
  if (!all.empty()) w_.key("instructions").string(all);
}

void responses::input(const chat::message* m, const chat::message* end) {
  w_.key("input").begin_array();
  for (; m != end; m++) {
    if (m->role == chat::role::assistant) {
      assistant(*m);
    } else if (is_result(*m)) {
      result(*m);
    } else {
      message(*m);
    }
  }
  settle();
  if (!said_) {
    w_.begin_object().key("type").string("message").key("role").string("user");
    w_.key("content").string("Go on.").end_object();
  }
  w_.end_array();
}

void responses::message(const chat::message& m) {
  const auto says = [](const chat::part& p) {
    return is_media(p) || (is_text(p) && !p.text.empty());
  };
  const auto parts = std::count_if(m.parts.begin(), m.parts.end(), says);
  if (parts == 0) return;
  said_ = true;
  const bool own = m.role == chat::role::assistant;
  w_.begin_object().key("type").string("message").key("role");
  w_.string(is_system(m) ? "system" : chat::role_word(m.role)).key("content");
  const auto first = std::find_if(m.parts.begin(), m.parts.end(), says);
  if (parts == 1 && first->type == chat::part::kind::text) {
    w_.string(first->text);
  } else {
    w_.begin_array();
    for (const chat::part& p : m.parts) {
      if (says(p)) part(p, own);
    }
    w_.end_array();
  }
  w_.end_object();
}

void responses::part(const chat::part& p, bool assistant) {
  using kind = chat::part::kind;
  w_.begin_object().key("type");
  if (p.type == kind::refusal && assistant) {
    w_.string("refusal").key("refusal").string(p.text);
  } else if (is_text(p)) {
    w_.string(assistant ? "output_text" : "input_text").key("text").string(p.text);
  } else if (p.type == kind::image) {
    w_.string("input_image").key("image_url").string(p.url);
    w_.key("detail").string(p.detail.empty() ? "auto" : p.detail);
  } else {
    w_.string("input_file");
    if (!p.file_id.empty()) w_.key("file_id").string(p.file_id);
    if (!p.file_data.empty()) w_.key("file_data").string(p.file_data);
    if (!p.filename.empty() && p.file_id.empty()) w_.key("filename").string(p.filename);
  }
  w_.end_object();
}

void responses::assistant(const chat::message& m) {
  settle();
  if (!m.tool_calls.empty()) thoughts(m.tool_calls.front());
  message(m);
  for (const chat::tool_call& t : m.tool_calls) {
    if (&t != m.tool_calls.data()) thoughts(t);
    one_call(t);
  }
}

// What the model thought before the call, sealed.
void responses::thoughts(const chat::tool_call& t) {
  string_view kept = c_.kept ? c_.kept->get(state::reasoning, t) : string_view();
  if (kept.size() <= 2) return;
  kept.remove_prefix(1);
  kept.remove_suffix(1);
  w_.raw(kept);
}

void responses::one_call(const chat::tool_call& t) {
  const bool custom = is_custom(t);
  asked_.push_back({&t, std::string(t.id), false});
  std::string& id = asked_.back().id;
  if (id.empty()) id = "call_f0_" + std::to_string(unnamed_++);
  w_.begin_object().key("type").string(custom ? "custom_tool_call" : "function_call");
  w_.key("call_id").string(id).key("name").string(t.name);
  w_.key(custom ? "input" : "arguments");
  w_.string(t.arguments.empty() && !custom ? "{}" : t.arguments).end_object();
  said_ = true;
}

void responses::result(const chat::message& m) {
  for (asked& a : asked_) {
    const bool same =
        m.role == chat::role::tool ? a.call->id == m.tool_call_id : a.call->name == m.name;
    if (!same || a.answered) continue;
    a.answered = true;
    return output(a, m.text());
  }
  // Nobody asked: it is told as text.
  chat::message told;
  told.role = chat::role::user;
  told.parts = m.parts;
  message(told);
}

void responses::output(const asked& a, string_view text) {
  w_.begin_object().key("type");
  w_.string(is_custom(*a.call) ? "custom_tool_call_output" : "function_call_output");
  w_.key("call_id").string(a.id).key("output").string(text).end_object();
}

// A history that was cut: every call needs a result.
void responses::settle() {
  for (const asked& a : asked_) {
    if (!a.answered) output(a, "no result");
  }
  asked_.clear();
}

// ---- tools

void responses::tools() {
  const std::vector<const chat::tool*> tools = offered_tools(c_, false);
  if (tools.empty()) return;
  w_.key("tools").begin_array();
  for (const chat::tool* t : tools) tool(*t);
  w_.end_array();
  choice(tools);
  if (r_.parallel_tool_calls) w_.key("parallel_tool_calls").boolean(*r_.parallel_tool_calls);
}

void responses::tool(const chat::tool& t) {
  w_.begin_object().key("type").string(t.custom ? "custom" : "function").key("name").string(t.name);
  if (!t.description.empty()) w_.key("description").string(t.description);
  if (!t.custom) {
    std::string schema;
    append_schema(schema, t);
    // Always said: the API's own default is true.
    w_.key("parameters").raw(schema).key("strict").boolean(t.strict.value_or(false));
    w_.end_object();
    return;
  }
  const value* custom = t.source ? t.source->get("custom") : nullptr;
  const value* format = custom ? custom->get("format") : nullptr;
  if (format && format->is_object()) {
    w_.key("format").begin_object();
    for (const json::member* m : format->unique_members()) {
      if (m->key != "grammar" || !m->val.is_object()) {
        w_.key(m->key).val(m->val);
        continue;
      }
      for (const json::member* g : m->val.unique_members()) w_.key(g->key).val(g->val);
    }
    w_.end_object();
  }
  w_.end_object();
}

void responses::named(string_view name) {
  const auto custom = [&](const chat::tool& t) { return t.custom && t.name == name; };
  const bool any = std::any_of(r_.tools.begin(), r_.tools.end(), custom);
  w_.key("type").string(any ? "custom" : "function").key("name").string(name);
}

void responses::choice(const std::vector<const chat::tool*>& tools) {
  const tool_choice& choice = r_.tool_choice;
  const tool_choice::kind kind = choice_of(c_, tools);
  if (kind == tool_choice::kind::unset) return;
  w_.key("tool_choice");
  switch (kind) {
    case tool_choice::kind::none:
      w_.string("none");
      break;
    case tool_choice::kind::required:
      w_.string("required");
      break;
    case tool_choice::kind::named:
      w_.begin_object();
      named(choice.name);
      w_.end_object();
      break;
    case tool_choice::kind::allowed:
      w_.begin_object().key("type").string("allowed_tools");
      w_.key("mode").string(choice.allowed_required ? "required" : "auto");
      w_.key("tools").begin_array();
      for (const string_view name : choice.allowed) {
        w_.begin_object();
        named(name);
        w_.end_object();
      }
      w_.end_array().end_object();
      break;
    default:
      w_.string("auto");
  }
}

// ---- options

void responses::format() {
  using kind = chat::response_format::kind;
  const chat::response_format& f = r_.response_format;
  if (f.type != kind::json_object && f.type != kind::json_schema) return;
  w_.key("format").begin_object().key("type");
  if (f.type == kind::json_object || in_words()) {
    w_.string("json_object").end_object();
    return;
  }
  w_.string("json_schema");
  w_.key("name").string(f.name.empty() ? "answer" : f.name);
  if (!f.description.empty()) w_.key("description").string(f.description);
  if (f.strict) w_.key("strict").boolean(*f.strict);
  w_.key("schema");
  if (f.schema) {
    w_.val(*f.schema).end_object();
  } else {
    w_.begin_object().end_object().end_object();
  }
}

void responses::text() {
  const value* said = option("verbosity");
  const string_view verbosity = said ? said->text() : string_view();
  using kind = chat::response_format::kind;
  const kind f = r_.response_format.type;
  const bool formed = f == kind::json_object || f == kind::json_schema;
  if (!formed && verbosity.empty()) return;
  w_.key("text").begin_object();
  format();
  if (!verbosity.empty()) w_.key("verbosity").string(verbosity);
  w_.end_object();
}

void responses::options() {
  if (const std::optional<int64_t> n = output_limit(c_)) w_.key("max_output_tokens").integer(*n);
  if (takes_temperature(c_)) {
    append_number(w_, "temperature", c_, "temperature", r_.temperature);
    append_number(w_, "top_p", c_, "top_p", r_.top_p);
  }
  if (const string_view effort = effort_of(c_); !effort.empty()) {
    w_.key("reasoning").begin_object().key("effort").string(effort).end_object();
    // Nothing is kept there: what was thought must come back with its calls.
    w_.key("include").begin_array().string("reasoning.encrypted_content").end_array();
  }
  if (!r_.user.empty()) w_.key("user").string(r_.user);
  for (const string_view key : kSame) {
    if (const value* v = option(key)) w_.key(key).val(*v);
  }
}

void responses::lose_others() {
  for (const member m : {member::seed, member::presence_penalty, member::frequency_penalty,
                         member::top_k, member::cache_control, member::name}) {
    lose(c_, m, out_);
  }
  if (!takes_temperature(c_)) {
    lose(c_, member::temperature, out_);
    lose(c_, member::top_p, out_);
  }
  lose_options(c_, kTaken, out_);
}

void responses::write() {
  const chat::message* m = c_.messages->data();
  const chat::message* const end = m + c_.messages->size();
  w_.begin_object().key("model").string(c_.model);
  instructions(m, end);
  input(m, end);
  tools();
  text();
  options();
  w_.key("stream").boolean(c_.stream).key("store").boolean(false).end_object();
  lose_others();
}

}  // namespace

void encode_responses(const call& c, encoded& out) {
  responses(c, out).write();
  // The API knows no stop sequences.
  for (const string_view s : c.request->stop) {
    if (!s.empty()) out.stops.emplace_back(s);
  }
}

}  // namespace f0::dialect
