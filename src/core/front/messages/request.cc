// Copyright (C) 2026 The f0 authors
//
// request.cc - reading a request of the Messages API: the members without a file
// of their own.

#include <algorithm>

#include "../f0_fields.h"
#include "request_reader.h"

namespace f0::front::messages {

namespace {

constexpr string_view kKnown[] = {"model",          "messages", "max_tokens",    "system",
                                  "temperature",    "top_p",    "top_k",         "tools",
                                  "stop_sequences", "metadata", "tool_choice",   "thinking",
                                  "stream",         "thread",   "output_config", "output_format"};
constexpr string_view kThinking[] = {"enabled", "disabled", "adaptive"};

// What a budget of thinking tokens comes to.
string_view effort_of(int64_t budget) {
  return budget < 2048 ? "low" : budget < 8192 ? "medium" : "high";
}

}  // namespace

// ---- what others cannot take

void request_reader::own_form_only(const path& p, std::string why, std::string details) {
  if (out_.own_form_only || count_) return;
  auto bad = std::make_shared<bad_request>();
  bad->code = "unsupported_value";
  bad->param = p.str();
  bad->message = "'" + bad->param + "': " + why;
  bad->details = std::move(details);
  out_.own_form_only = std::move(bad);
}

void request_reader::drop(const path& p, string_view type) {
  out_.dropped.push_back(p.str(), type);
}

void request_reader::place(member m, const path& p) { out_.places[m].push_back(p.str()); }

void request_reader::drop_others(const value& o, const path& p, names known) {
  for (const json::member* m : o.unique_members()) {
    if (!is_something(&m->val) || std::find(known.begin(), known.end(), m->key) != known.end()) {
      continue;
    }
    if (m->key == "cache_control") {
      place(member::cache_control, p / m->key);
    } else {
      drop(p / m->key);
    }
  }
}

// Only Anthropic keeps what came before.  The details are what makes a client send
// all of it again.
void request_reader::thread() {
  const value* v = root_.get("thread");
  if (!v || v->is_null()) return;
  has_thread_ = true;
  own_form_only(top("thread"),
                "this model's provider keeps no threads. Send the whole conversation in "
                "'messages', without 'thread'.",
                R"({"error_code":"thread_unsupported_request","unsupported":["thread"]})");
}

// ---- members

bool request_reader::sampling(bool count) {
  constexpr int64_t kMost = INT64_MAX;
  const value* list;
  std::optional<bool> stream;
  if (!integer("max_tokens", 1, kMost, &out_.max_output)) return false;
  if (!out_.max_output && !count) return missing(top("max_tokens"));
  if (!decimal("temperature", 0, 1, &out_.temperature) || !decimal("top_p", 0, 1, &out_.top_p) ||
      !integer("top_k", 0, kMost, &out_.top_k) ||
      !want(root_, "stop_sequences", json::kind::array, top("stop_sequences"), &list) ||
      !stops("stop_sequences") || !want_bool(root_, "stream", top("stream"), &stream)) {
    return false;
  }
  if (out_.temperature) place(member::temperature, top("temperature"));
  if (out_.top_p) place(member::top_p, top("top_p"));
  if (out_.top_k) place(member::top_k, top("top_k"));
  out_.stream = !count && stream.value_or(false);
  out_.include_usage = true;
  return true;
}

bool request_reader::metadata() {
  const path at = top("metadata");
  const value* v;
  if (!want(root_, "metadata", json::kind::object, at, &v)) return false;
  if (!v) return true;
  if (v->size() > kMaxMembers) return too_many(at, kMaxMembers, v->size());
  if (!want_string(*v, "user_id", at / "user_id", &out_.user)) return false;
  if (!out_.user.empty()) place(member::user, at / "user_id");
  drop_others(*v, at, {"user_id"});
  return true;
}

// A budget says how much effort; that a model may think as it likes says nothing.
bool request_reader::thinking() {
  const path at = top("thinking"), type = at / "type", budget = at / "budget_tokens";
  const value* v;
  string_view word;
  if (!want(root_, "thinking", json::kind::object, at, &v)) return false;
  if (!v) return true;
  if (v->size() > kMaxMembers) return too_many(at, kMaxMembers, v->size());
  if (!want_string(*v, "type", type, &word, true)) return false;
  if (std::find(std::begin(kThinking), std::end(kThinking), word) == std::end(kThinking)) {
    own_form_only(type, "this model's provider has no such way of thinking.");
    return true;
  }
  drop_others(*v, at, {"type", "budget_tokens"});
  if (word != "enabled") return true;
  const value* tokens = v->get("budget_tokens");
  if (!tokens) return missing(budget);
  if (!is_integral(*tokens)) return wrong_type(budget, "an integer", *tokens);
  out_.reasoning_effort = effort_of(tokens->integer().value_or(INT64_MAX));
  out_.effort_by_leave = true;
  place(member::effort, at);
  return true;
}

bool request_reader::format(const value& f, const path& p) {
  const path type = p / "type";
  string_view word;
  if (!want_string(f, "type", type, &word, true)) return false;
  drop_others(f, p, {"type", "schema"});
  if (word != "json_schema") {
    own_form_only(type, "this model's provider has no such format.");
    return true;
  }
  const value* schema;
  if (!want(f, "schema", json::kind::object, p / "schema", &schema, true)) return false;
  out_.response_format.type = chat::response_format::kind::json_schema;
  out_.response_format.schema = schema;
  out_.response_format.name = "answer";
  return true;
}

bool request_reader::output_config() {
  const path at = top("output_config"), older = top("output_format");
  const value *v, *f;
  string_view effort;
  if (!want(root_, "output_format", json::kind::object, older, &f)) return false;
  if (f && !format(*f, older)) return false;
  if (!want(root_, "output_config", json::kind::object, at, &v)) return false;
  if (!v) return true;
  if (v->size() > kMaxMembers) return too_many(at, kMaxMembers, v->size());
  const path format_at = at / "format";
  if (!want_string(*v, "effort", at / "effort", &effort) ||
      !want(*v, "format", json::kind::object, format_at, &f) || (f && !format(*f, format_at))) {
    return false;
  }
  drop_others(*v, at, {"effort", "format"});
  if (effort.empty()) return true;
  // It says more than a budget does, in whose place it stands.
  out_.reasoning_effort = effort;
  out_.effort_by_leave = true;
  place(member::effort, at / "effort");
  return true;
}

// Members that are only Anthropic's, or of a day to come.
bool request_reader::others() {
  for (const json::member* m : root_.unique_members()) {
    if (!is_something(&m->val) || is_f0_field(m->key) ||
        std::find(std::begin(kKnown), std::end(kKnown), m->key) != std::end(kKnown)) {
      continue;
    }
    if (m->key == "cache_control") {
      place(member::cache_control, top(m->key));
    } else {
      drop(top(m->key));
    }
  }
  return true;
}

bool request_reader::read(bool count) {
  count_ = count;
  out_.count_only = count;
  out_.translated = true;
  if (!model()) return false;
  thread();
  return system() && messages() && sampling(count) && metadata() && tools() && choice() &&
         thinking() && output_config() && others() && read_f0_fields(root_, out_, bad_);
}

}  // namespace f0::front::messages
