// Copyright (C) 2026 The f0 authors
//
// encode.cc - to Ollama's own API: translate.md 10.

#include <algorithm>

#include "../encode_parts.h"

namespace f0::dialect {

namespace {

using chat::member;
using chat::tool_choice;

bool is_mute(const chat::message& m) {
  return m.tool_calls.empty() &&
         std::none_of(m.parts.begin(), m.parts.end(),
                      [](const chat::part& p) { return is_text(p) || is_media(p); });
}

class ollama {
 public:
  ollama(const call& c, encoded& out) : c_(c), r_(*c.request), out_(out), w_(out.body) {}

  void write();

 private:
  void messages();
  void content(const chat::message& m);
  void calls(const chat::message& m);
  void results(const chat::message* begin, const chat::message* end);
  void tools();
  void options();
  void format();
  void think();
  void lose_others(bool tools);

  const call& c_;
  const chat::request& r_;
  encoded& out_;
  json::writer w_;
  const chat::message* asked_ = nullptr;  // the last message with tool calls
};

void ollama::content(const chat::message& m) {
  w_.key("content").string(m.text());
  bool first = true;
  for (const chat::part& p : m.parts) {
    std::optional<data_url> data;
    if (p.type == chat::part::kind::image) data = read_data_url(p.url);
    if (!data) continue;
    if (first) w_.key("images").begin_array();
    first = false;
    std::string base64;
    append_base64(base64, data->data);
    w_.raw(base64);
  }
  if (!first) w_.end_array();
}

void ollama::calls(const chat::message& m) {
  if (m.tool_calls.empty()) return;
  w_.key("tool_calls").begin_array();
  for (const chat::tool_call& t : m.tool_calls) {
    std::string arguments;
    append_arguments(arguments, t.arguments);
    w_.begin_object().key("function").begin_object().key("name").string(t.name);
    w_.key("arguments").raw(arguments).end_object().end_object();
  }
  w_.end_array();
}

// Results have no ids here: those of calls with the same name are told apart by
// their order alone.
void ollama::results(const chat::message* begin, const chat::message* end) {
  // The first of its calls that has no result yet; else the last one.
  std::vector<bool> answered(asked_ ? asked_->tool_calls.size() : 0);
  auto place = [&](const chat::message& m) {
    size_t found = answered.size();
    for (size_t k = 0; k < answered.size(); k++) {
      const chat::tool_call& t = asked_->tool_calls[k];
      if (m.role == chat::role::tool ? t.id != m.tool_call_id : t.name != m.name) continue;
      found = k;
      if (answered[k]) continue;
      answered[k] = true;
      break;
    }
    return found;
  };
  std::vector<std::pair<size_t, const chat::message*>> order;
  for (const chat::message* m = begin; m != end; m++) order.emplace_back(place(*m), m);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [k, m] : order) {
    bool known = asked_ && k < asked_->tool_calls.size();
    string_view name = known             ? asked_->tool_calls[k].name
                       : m->name.empty() ? m->tool_call_id
                                         : m->name;
    w_.begin_object().key("role").string("tool").key("tool_name").string(name);
    w_.key("content").string(m->text()).end_object();
  }
}

void ollama::messages() {
  w_.key("messages").begin_array();
  const chat::message* end = c_.messages->data() + c_.messages->size();
  for (const chat::message* m = c_.messages->data(); m != end;) {
    if (is_result(*m)) {
      const chat::message* last = m;
      while (last != end && is_result(*last)) last++;
      results(m, last);
      m = last;
      continue;
    }
    // A turn of reasoning only says nothing here.
    if (m->role == chat::role::assistant && is_mute(*m)) {
      m++;
      continue;
    }
    w_.begin_object().key("role").string(is_system(*m) ? "system" : chat::role_word(m->role));
    content(*m);
    if (c_.options.reasoning_back && !m->reasoning.empty()) w_.key("thinking").string(m->reasoning);
    calls(*m);
    w_.end_object();
    if (!m->tool_calls.empty()) asked_ = m;
    m++;
  }
  w_.end_array();
}

void ollama::tools() {
  std::vector<const chat::tool*> tools = offered_tools(c_, true);
  // Ollama has no tool_choice: "none" can only be said by offering none.
  if (tools.empty() || r_.tool_choice.type == tool_choice::kind::none) return lose_others(false);
  lose_others(true);
  w_.key("tools").begin_array();
  for (const chat::tool* t : tools) {
    std::string schema;
    append_schema(schema, *t);
    w_.begin_object().key("type").string("function").key("function").begin_object();
    w_.key("name").string(t->name);
    if (!t->description.empty()) w_.key("description").string(t->description);
    w_.key("parameters").raw(schema).end_object().end_object();
  }
  w_.end_array();
}

void ollama::options() {
  std::string options;
  json::writer w(options);
  w.begin_object();
  if (std::optional<int64_t> n = output_limit(c_)) w.key("num_predict").integer(*n);
  if (takes_temperature(c_)) append_number(w, "temperature", c_, "temperature", r_.temperature);
  append_number(w, "top_p", c_, "top_p", r_.top_p);
  if (r_.top_k) w.key("top_k").integer(*r_.top_k);
  if (r_.seed) w.key("seed").integer(*r_.seed);
  append_number(w, "presence_penalty", c_, "presence_penalty", r_.presence_penalty);
  append_number(w, "frequency_penalty", c_, "frequency_penalty", r_.frequency_penalty);
  if (!r_.stop.empty()) {
    w.key("stop").begin_array();
    for (string_view s : r_.stop) w.string(s);
    w.end_array();
  }
  w.end_object();
  if (options != "{}") w_.key("options").raw(options);
}

void ollama::format() {
  using kind = chat::response_format::kind;
  const chat::response_format& f = r_.response_format;
  if (f.type == kind::json_schema && f.schema)
    w_.key("format").val(*f.schema);
  else if (f.type == kind::json_object || f.type == kind::json_schema)
    w_.key("format").string("json");
}

void ollama::think() {
  string_view e = effort_of(c_);
  if (e.empty()) return;
  w_.key("think");
  if (e == "none") {
    w_.boolean(false);
  } else if (!c_.options.think_levels) {
    w_.boolean(true);
  } else {
    w_.string(e == "minimal" || e == "low" ? "low" : e == "medium" ? "medium" : "high");
  }
}

void ollama::lose_others(bool tools) {
  using kind = tool_choice::kind;
  for (const member m : {member::user, member::format_description, member::cache_control,
                         member::name, member::detail, member::filename}) {
    lose(c_, m, out_);
  }
  if (!takes_temperature(c_)) lose(c_, member::temperature, out_);
  if (tools) {
    const tool_choice& choice = r_.tool_choice;
    // Which tools may be called is said by what is offered.
    if (choice.type != kind::allowed || choice.allowed_required) {
      lose(c_, member::tool_choice, out_);
    }
    lose(c_, member::parallel_tool_calls, out_);
    lose(c_, member::strict, out_);
  }
  lose_options(c_, {}, out_);
}

void ollama::write() {
  w_.begin_object().key("model").string(c_.model);
  w_.key("stream").boolean(c_.stream);  // always said: Ollama's default is true
  messages();
  tools();
  format();
  options();
  think();
  w_.end_object();
}

}  // namespace

void encode_ollama(const call& c, encoded& out) { ollama(c, out).write(); }

}  // namespace f0::dialect
