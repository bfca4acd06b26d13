// Copyright (C) 2026 The f0 authors
//
// request.cc - the members of a request that have no file of their own.

#include "request.h"

#include <algorithm>

#include "../../base/text.h"
#include "../f0_fields.h"
#include "request_reader.h"

namespace f0::front::responses {

namespace {

constexpr size_t kMaxPairs = 16;  // of metadata

// What refers to something that f0 would have to have kept.
constexpr string_view kKept[] = {"previous_response_id", "conversation", "prompt"};

// What is read, or is f0's own part.
constexpr string_view kKnown[] = {"model",
                                  "input",
                                  "instructions",
                                  "stream",
                                  "tools",
                                  "tool_choice",
                                  "parallel_tool_calls",
                                  "temperature",
                                  "top_p",
                                  "max_output_tokens",
                                  "text",
                                  "reasoning",
                                  "metadata",
                                  "user",
                                  "service_tier",
                                  "prompt_cache_key",
                                  "prompt_cache_retention",
                                  "safety_identifier",
                                  "store",
                                  "include",
                                  "background",
                                  "previous_response_id",
                                  "conversation",
                                  "prompt"};

// Texts that chat has under the same name.
constexpr string_view kSame[] = {"service_tier", "prompt_cache_key", "prompt_cache_retention",
                                 "safety_identifier"};

constexpr string_view kText[] = {"format", "verbosity"};
constexpr string_view kFormat[] = {"type", "name", "schema", "description", "strict"};
// Of what was thought a summary is always told.
constexpr string_view kReasoning[] = {"effort", "summary", "generate_summary"};

}  // namespace

void request_reader::own_form_only(string_view code, std::string param, std::string message) {
  if (out_.own_form_only) return;
  auto bad = std::make_shared<bad_request>();
  bad->code = code;
  bad->param = std::move(param);
  bad->message = std::move(message);
  out_.own_form_only = std::move(bad);
}

bool request_reader::kept_elsewhere() {
  std::optional<bool> background;
  if (!want_bool(root_, "background", top("background"), &background) ||
      !want_bool(root_, "store", top("store"), nullptr)) {
    return false;
  }
  for (const string_view key : kKept) {
    const value* v = root_.get(key);
    if (!v || v->is_null()) continue;
    own_form_only("unsupported_parameter", std::string(key),
                  "Unsupported parameter: '" + std::string(key) +
                      "' refers to something that is kept, and nothing is kept here. Send the "
                      "whole conversation in 'input'.");
  }
  if (background.value_or(false)) {
    own_form_only("unsupported_parameter", "background",
                  "Unsupported parameter: 'background' is not supported with this model. Leave it "
                  "out, or set it to false.");
  }
  return true;
}

bool request_reader::sampling() {
  std::optional<bool> stream;
  if (!want_bool(root_, "stream", top("stream"), &stream) ||
      !decimal("temperature", 0, 2, &out_.temperature) || !decimal("top_p", 0, 1, &out_.top_p) ||
      !integer("max_output_tokens", 1, INT64_MAX, &out_.max_output)) {
    return false;
  }
  if (out_.temperature) place(member::temperature, top("temperature"));
  if (out_.top_p) place(member::top_p, top("top_p"));
  out_.stream = stream.value_or(false);
  out_.include_usage = true;
  return true;
}

bool request_reader::format() {
  using kind = chat::response_format::kind;
  const path up = top("text"), at = up / "format", type = at / "type", name = at / "name";
  const value *text, *v;
  string_view word;
  if (!want(root_, "text", json::kind::object, up, &text)) return false;
  if (!text) return true;
  if (!want(*text, "format", json::kind::object, at, &v)) return false;
  if (!v) return true;
  if (!want_string(*v, "type", type, &word, true)) return false;
  drop_others(*v, at, kFormat);
  chat::response_format& f = out_.response_format;
  if (word == "text" || word == "json_object") {
    f.type = word == "text" ? kind::text : kind::json_object;
    return true;
  }
  if (word != "json_schema") {
    f.type = kind::other;
    own_form_only("unsupported_value", type.str(),
                  "Unsupported value: this model's provider has no such format.");
    return true;
  }
  f.type = kind::json_schema;
  if (!want_string(*v, "name", name, &f.name, true) ||
      !want(*v, "schema", json::kind::object, at / "schema", &f.schema, true) ||
      !want_string(*v, "description", at / "description", &f.description) ||
      !want_bool(*v, "strict", at / "strict", &f.strict)) {
    return false;
  }
  if (!f.description.empty()) place(member::format_description, at / "description");
  return is_name(f.name) || wrong_value(name, f.name);
}

bool request_reader::text() {
  const path up = top("text"), at = up / "verbosity";
  const value* text = root_.get("text");
  const value* v;
  if (!format()) return false;
  if (!text || !want(*text, "verbosity", json::kind::string, at, &v)) return !text;
  drop_others(*text, up, kText);
  if (v) out_.options.push_back({"verbosity", v, keep(at.str())});
  return true;
}

bool request_reader::reasoning() {
  const path up = top("reasoning"), at = up / "effort";
  const value* v;
  if (!want(root_, "reasoning", json::kind::object, up, &v)) return false;
  if (!v) return true;
  if (!want_string(*v, "effort", at, &out_.reasoning_effort)) return false;
  if (!out_.reasoning_effort.empty()) place(member::effort, at);
  drop_others(*v, up, kReasoning);
  out_.effort_by_leave = true;
  return true;
}

bool request_reader::options() {
  const value *metadata, *include;
  if (!want(root_, "metadata", json::kind::object, top("metadata"), &metadata) ||
      !want(root_, "include", json::kind::array, top("include"), &include) ||
      !want_string(root_, "user", top("user"), &out_.user)) {
    return false;
  }
  if (metadata && metadata->size() > kMaxPairs) {
    return too_many(top("metadata"), kMaxPairs, metadata->size());
  }
  if (metadata && metadata->size() > 0) {
    out_.options.push_back({"metadata", metadata, "metadata"});
  }
  if (!out_.user.empty()) place(member::user, top("user"));
  for (const string_view key : kSame) {
    const value* v;
    if (!want(root_, key, json::kind::string, top(key), &v)) return false;
    if (v) out_.options.push_back({key, v, key});
  }
  return true;
}

// What nobody here knows.
void request_reader::others() {
  for (const json::member* m : root_.unique_members()) {
    const bool known = std::find(std::begin(kKnown), std::end(kKnown), m->key) != std::end(kKnown);
    if (is_something(&m->val) && !known && !is_f0_field(m->key)) drop(top(m->key));
  }
}

bool request_reader::read() {
  out_.root = &root_;
  out_.translated = true;
  if (!model() || !kept_elsewhere() || !input() || !sampling() ||
      !want_bool(root_, "parallel_tool_calls", top("parallel_tool_calls"),
                 &out_.parallel_tool_calls) ||
      !choice() || !text() || !reasoning() || !options()) {
    return false;
  }
  if (!out_.parallel_tool_calls.value_or(true)) {
    place(member::parallel_tool_calls, top("parallel_tool_calls"));
  }
  others();
  return read_f0_fields(root_, out_, bad_);
}

bool read(const json::value& root, chat::request& out, chat::bad_request& bad) {
  return request_reader(root, out, bad).read();
}

}  // namespace f0::front::responses
