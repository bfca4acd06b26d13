// Copyright (C) 2026 The f0 authors
//
// answer_write.cc - items and their events as JSON.

#include <charconv>
#include <cstring>

#include "../../json/json.h"
#include "answer.h"

namespace f0::front::responses {

namespace {

constexpr string_view words[] = {"message", "reasoning", "function_call", "custom_tool_call",
                                 "tool_search_call"};
constexpr string_view prefixes[] = {"msg_", "rs_", "fc_", "ctc_", "tsc_"};

// Event names by the kind of item.
constexpr string_view deltas[] = {
    "response.output_text.delta", "response.reasoning_summary_text.delta",
    "response.function_call_arguments.delta", "response.custom_tool_call_input.delta"};
constexpr string_view dones[] = {
    "response.output_text.done", "response.reasoning_summary_text.done",
    "response.function_call_arguments.done", "response.custom_tool_call_input.done"};

// Of the delta of a message, what stands around its number, place and text.
constexpr string_view text_delta =
    "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
    "\"sequence_number\":";
constexpr string_view delta_key = ",\"delta\":\"";
constexpr string_view text_delta_end = "\",\"logprobs\":[]}\n\n";
constexpr size_t number_digits = 10;

// Parts, up to their text.
constexpr string_view output_text =
    "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"";
constexpr string_view summary_text = "{\"type\":\"summary_text\",\"text\":\"";

// A search's arguments are an object, whatever the model wrote.
void append_object(std::string& out, string_view arguments) {
  json::document doc;
  const json::value* v = doc.parse(arguments);
  if (v && v->is_object()) {
    json::append_value(out, *v);
  } else if (arguments.empty()) {
    out += "{}";
  } else {
    out += "{\"query\":";
    json::append_string(out, arguments);
    out += '}';
  }
}

}  // namespace

// ---- events

void answer::begin_event(string_view type) {
  out_->append("event: ").append(type).append("\ndata: {\"type\":\"").append(type);
  out_->append("\",\"sequence_number\":").append(std::to_string(number_++));
}

void answer::begin_placed(string_view type) {
  begin_event(type);
  *out_ += place_;
}

void answer::lifecycle(string_view type, status s, const chat::usage& u, string_view error) {
  if (!out_) return;
  begin_event(type);
  *out_ += ",\"response\":";
  response_.append(*out_, s, string_view(output_).substr(0, finished_), u, error);
  *out_ += "}\n\n";
}

// More of the open item's text.
void answer::say(string_view s) {
  const size_t before = output_.size();
  if (!out_) {
    json::append_escaped(output_, s);
  } else {
    begin_placed(deltas[size_t(now_)]);
    *out_ += delta_key;
    const size_t text = out_->size();
    json::append_escaped(*out_, s);
    output_.append(*out_, text);
    *out_ += now_ == kind::message ? text_delta_end : "\"}\n\n";
  }
  charge(output_.size() - before);
}

// One text of a run, put together in |out|: returns its end.
char* answer::put_delta(char* p, string_view json) {
  const auto put = [&](string_view s) {
    std::memcpy(p, s.data(), s.size());
    p += s.size();
  };
  put(text_delta);
  p = std::to_chars(p, p + number_digits, number_++).ptr;
  put(place_);
  put(delta_key);
  put(json);
  put(text_delta_end);
  return p;
}

// Events are put together in a small buffer first: appending to a string piece by
// piece costs more.
size_t answer::content_run(const string_view* json, size_t n) {
  if (ended_ || over_limit_ || queue_.size() != 1) return 0;
  const item& i = queue_.front();
  if (!i.open || i.what != kind::message || !out_) return 0;
  char buffer[4096];
  const size_t frame =
      text_delta.size() + number_digits + place_.size() + delta_key.size() + text_delta_end.size();
  const size_t before = output_.size();
  char* p = buffer;
  for (size_t k = 0; k < n; k++) {
    output_ += json[k];
    if (frame + json[k].size() > static_cast<size_t>(buffer + sizeof buffer - p)) {
      out_->append(buffer, static_cast<size_t>(p - buffer));
      p = buffer;
    }
    if (frame + json[k].size() > sizeof buffer) {
      begin_placed(deltas[0]);
      out_->append(delta_key).append(json[k]).append(text_delta_end);
    } else {
      p = put_delta(p, json[k]);
    }
  }
  out_->append(buffer, static_cast<size_t>(p - buffer));
  charge(output_.size() - before);
  return n;
}

// ---- items

// An item's members up to those that come while it is open.
void answer::append_head(const item& i) {
  output_.append("{\"type\":\"").append(words[size_t(i.what)]).append("\",\"id\":");
  json::append_string(output_, item_id(i.what));
  if (!i.is_call()) return;
  output_ += ",\"call_id\":";
  json::append_string(output_, i.id);
  if (i.what == kind::search) {
    output_ += ",\"execution\":\"client\"";
    return;
  }
  output_ += ",\"name\":";
  json::append_string(output_, i.name);
  if (i.ns.empty()) return;
  output_ += ",\"namespace\":";
  json::append_string(output_, i.ns);
}

std::string answer::item_id(kind what) const {
  return std::string(prefixes[size_t(what)]) + turn_ + '_' + std::to_string(items_);
}

void answer::open(item& i) {
  static constexpr string_view kEmpty[] = {
      ",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}", ",\"summary\":[]}",
      ",\"arguments\":\"\",\"status\":\"in_progress\"}",
      ",\"input\":\"\",\"status\":\"in_progress\"}",
      ",\"arguments\":{},\"status\":\"in_progress\"}"};
  static constexpr string_view kBegin[] = {",\"role\":\"assistant\",\"content\":[",
                                           ",\"summary\":[", ",\"arguments\":\"", ",\"input\":\"",
                                           ",\"arguments\":"};
  i.open = true;
  now_ = i.what;
  if (items_ > 0) output_ += ',';
  item_at_ = output_.size();
  append_head(i);
  if (out_) {
    begin_event("response.output_item.added");
    out_->append(",\"output_index\":").append(std::to_string(items_)).append(",\"item\":");
    out_->append(output_, item_at_).append(kEmpty[size_t(i.what)]).append("}\n\n");
    place_ = ",\"item_id\":";
    json::append_string(place_, item_id(i.what));
    place_ += ",\"output_index\":" + std::to_string(items_);
    if (i.what == kind::message) place_ += ",\"content_index\":0";
    if (i.what == kind::reasoning) place_ += ",\"summary_index\":0";
  }
  output_ += kBegin[size_t(i.what)];
  text_at_ = output_.size();
  charge(output_.size() - item_at_);
  if (i.what == kind::message || (i.what == kind::reasoning && !i.waiting.empty())) open_part(i);
}

// A message's text, or the words of reasoning.
void answer::open_part(item& i) {
  i.begun = true;
  const string_view part = i.what == kind::message ? output_text : summary_text;
  output_ += part;
  text_at_ = output_.size();
  if (!out_) return;
  begin_placed(i.what == kind::message ? "response.content_part.added"
                                       : "response.reasoning_summary_part.added");
  out_->append(",\"part\":").append(part).append("\"}}\n\n");
}

void answer::close_part(const item& i) {
  const string_view part = i.what == kind::message ? output_text : summary_text;
  if (out_) {
    tell_text(i);
    begin_placed(i.what == kind::message ? "response.content_part.done"
                                         : "response.reasoning_summary_part.done");
    out_->append(",\"part\":").append(part).append(said()).append("\"}}\n\n");
  }
  output_ += "\"}";
}

// The event that repeats all of an item's text.
void answer::tell_text(const item& i) {
  static constexpr string_view kNames[] = {"text", "text", "arguments", "input"};
  if (!out_) return;
  begin_placed(dones[size_t(i.what)]);
  if (i.what == kind::function) {
    *out_ += ",\"name\":";
    json::append_string(*out_, i.name);
  }
  out_->append(",\"").append(kNames[size_t(i.what)]).append("\":\"").append(said());
  *out_ += i.what == kind::message ? text_delta_end : "\"}\n\n";
}

void answer::write(item& i, string_view s) {
  switch (i.what) {
    case kind::function:
      return write_function(i, s);
    case kind::custom:
      return write_custom(i, s);
    case kind::search:
      i.raw += s;
      return;
    default:
      return say(s);
  }
}

// What its provider knows as text becomes the one argument of a function.
void answer::write_function(item& i, string_view s) {
  if (!i.own_text) return say(s);
  std::string json = i.begun ? "" : "{\"input\":\"";
  i.begun = true;
  json::append_escaped(json, s);
  say(json);
}

void answer::write_custom(item& i, string_view s) {
  if (i.own_text) return say(s);
  if (!i.input.begun()) {
    i.raw += s;
    charge(s.size());
  }
  std::string text;
  i.input.feed(text, s);
  if (i.input.begun()) i.raw = {};
  if (!text.empty()) say(text);
}

// What of a call's text could only be told at its end.
void answer::last_words(item& i) {
  if (i.what == kind::function && i.own_text) {
    say(i.begun ? "\"}" : "{\"input\":\"\"}");
  } else if (i.what == kind::function && said().empty()) {
    say("{}");
  } else if (i.what == kind::custom && !i.own_text && !i.input.begun()) {
    std::string text;
    append_input(text, i.raw);
    if (!text.empty()) say(text);
  }
}

void answer::close(item& i, bool last) {
  const size_t before = output_.size();
  if (i.what == kind::message) {
    close_part(i);
    output_ += last && outcome() != status::completed ? "],\"status\":\"incomplete\"}"
                                                      : "],\"status\":\"completed\"}";
  } else if (i.what == kind::reasoning) {
    if (i.begun) close_part(i);
    output_ += ']';
    if (!i.sealed.empty()) {
      output_ += ",\"encrypted_content\":";
      json::append_string(output_, i.sealed);
    }
    output_ += '}';
  } else if (i.what == kind::search) {
    append_object(output_, i.raw);
    output_ += ",\"status\":\"completed\"}";
  } else {
    last_words(i);
    tell_text(i);
    output_ += "\",\"status\":\"completed\"}";
  }
  charge(output_.size() - before);
  if (out_) {
    begin_event("response.output_item.done");
    out_->append(",\"output_index\":").append(std::to_string(items_)).append(",\"item\":");
    out_->append(output_, item_at_).append("}\n\n");
  }
  finished_ = output_.size();
  items_++;
}

}  // namespace f0::front::responses
