// Copyright (C) 2026 The f0 authors
//
// request_tools.cc - the tools that a request offers, and the choice of them.

#include <algorithm>

#include "../../base/text.h"
#include "request_reader.h"

namespace f0::front::messages {

namespace {

// Clients bring those of many servers along.
constexpr size_t kMaxOffered = 2048;
constexpr size_t kMaxName = 128;

constexpr string_view kChoices[] = {"auto", "any", "tool", "none"};

// bash_20250124: Anthropic runs it, or taught its models to ask for it.
bool has_date(string_view type) {
  constexpr size_t kDate = 9;  // _YYYYMMDD
  if (type.size() <= kDate || type[type.size() - kDate] != '_') return false;
  const string_view digits = type.substr(type.size() - kDate + 1);
  return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_tool_name(string_view s) {
  for (; s.size() > 64; s.remove_prefix(64)) {
    if (s.size() > kMaxName || !is_name(s.substr(0, 64))) return false;
  }
  return is_name(s);
}

std::string quoted(string_view s) {
  return "'" + std::string(s.substr(0, text::prefix_of(s, kMaxQuoted))) + "'";
}

}  // namespace

bool request_reader::tools() {
  const path at = top("tools");
  const value* list;
  if (!want(root_, "tools", json::kind::array, at, &list)) return false;
  if (!list) return true;
  if (list->size() > kMaxOffered) return too_long(at, "array", kMaxOffered, list->size());
  size_t j = 0;
  for (const value& t : *list) {
    if (!one_tool(t, element(at, j++))) return false;
  }
  return true;
}

bool request_reader::one_tool(const value& t, const path& p) {
  if (!t.is_object()) return wrong_type(p, "an object", t);
  if (t.size() > kMaxMembers) return too_many(p, kMaxMembers, t.size());
  string_view type;
  if (!want_string(t, "type", p / "type", &type)) return false;
  if (!type.empty() && type != "custom") {
    left_out_.push_back(t.str("name"));
    if (has_date(type)) {
      drop(p, type);
    } else {
      own_form_only(
          p, "tools of the type " + quoted(type) + " cannot be sent to this model's provider.");
    }
    return true;
  }
  tool made;
  const path name = p / "name", schema = p / "input_schema", strict = p / "strict";
  if (!want_string(t, "name", name, &made.name, true)) return false;
  if (!is_tool_name(made.name)) return wrong_value(name, made.name);
  if (!want_string(t, "description", p / "description", &made.description) ||
      !want(t, "input_schema", json::kind::object, schema, &made.parameters, true) ||
      !want_bool(t, "strict", strict, &made.strict)) {
    return false;
  }
  if (made.strict.value_or(false)) place(member::strict, strict);
  drop_others(t, p, {"type", "name", "description", "input_schema", "strict"});
  made.at = keep(p.str());
  out_.tools.push_back(made);
  return true;
}

bool request_reader::choice() {
  using kind = chat::tool_choice::kind;
  const path at = top("tool_choice"), type = at / "type", name = at / "name";
  const path alone = at / "disable_parallel_tool_use";
  const value* v;
  string_view word;
  std::optional<bool> serial;
  if (!want(root_, "tool_choice", json::kind::object, at, &v)) return false;
  if (!v) return true;
  if (v->size() > kMaxMembers) return too_many(at, kMaxMembers, v->size());
  if (!want_string(*v, "type", type, &word, true)) return false;
  if (std::find(std::begin(kChoices), std::end(kChoices), word) == std::end(kChoices)) {
    return wrong_value(type, word, kChoices);
  }
  chat::tool_choice& c = out_.tool_choice;
  if (!want_string(*v, "name", name, &c.name, word == "tool") ||
      !want_bool(*v, "disable_parallel_tool_use", alone, &serial)) {
    return false;
  }
  drop_others(*v, at, {"type", "name", "disable_parallel_tool_use"});
  c.type = word == "auto"   ? kind::automatic
           : word == "any"  ? kind::required
           : word == "tool" ? kind::named
                            : kind::none;
  if (serial.value_or(false)) {
    out_.parallel_tool_calls = false;
    place(member::parallel_tool_calls, alone);
  }
  if (c.type != kind::automatic) place(member::tool_choice, at);
  const auto offered = [&](const tool& t) { return t.name == c.name; };
  if (c.type == kind::required && out_.tools.empty()) {
    if (left_out_.empty()) {
      return fail("", at.str(),
                  "Invalid value for 'tool_choice': there are no tools to choose from.");
    }
    own_form_only(at,
                  "a tool is required, but none of those that are offered can be sent to this "
                  "model's provider.");
  } else if (c.type == kind::named && std::none_of(out_.tools.begin(), out_.tools.end(), offered)) {
    if (std::find(left_out_.begin(), left_out_.end(), c.name) == left_out_.end()) {
      return fail(
          "", at.str(),
          "Invalid value for 'tool_choice': the tool " + quoted(c.name) + " is not among 'tools'.");
    }
    own_form_only(at, "the tool " + quoted(c.name) + " cannot be sent to this model's provider.");
  }
  return true;
}

}  // namespace f0::front::messages
