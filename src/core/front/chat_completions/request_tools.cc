// Copyright (C) 2026 The f0 authors
//
// request_tools.cc - the tools that a request offers, and the choice of them.

#include "../../base/text.h"
#include "request_reader.h"

namespace f0::front {

namespace {

constexpr string_view kCallWords[] = {"none", "auto"};
constexpr string_view kChoiceWords[] = {"none", "auto", "required"};
constexpr string_view kChoiceKinds[] = {"function", "custom", "allowed_tools"};
constexpr string_view kAllowedModes[] = {"auto", "required"};

}  // namespace

bool request_reader::tools() {
  path at = top("tools");
  const value* list;
  if (!want(root_, "tools", json::kind::array, at, &list)) return false;
  if (!list) return true;
  if (list->size() > kMaxTools) return too_long(at, "array", kMaxTools, list->size());
  size_t j = 0;
  for (const value& t : *list) {
    if (!one_tool(t, element(at, j++))) return false;
  }
  return true;
}

bool request_reader::one_tool(const value& t, const path& p) {
  if (!t.is_object()) return wrong_type(p, "an object", t);
  tool made;
  made.source = &t;
  // Anthropic's shape: flat, with input_schema.
  made.foreign = t.get("input_schema") && !t.get("function") && !t.get("custom");
  string_view kind;
  if (!made.foreign) {
    path type = p / "type";
    if (!want_string(t, "type", type, &kind, true)) return false;
    if (kind != "function" && kind != "custom") {
      made.other = true;
      out_.tools.push_back(made);
      return true;
    }
  }
  path inner = p / kind;
  const path& at = made.foreign ? p : inner;
  const value* f = &t;
  if (!made.foreign && !want(t, kind, json::kind::object, at, &f, true)) return false;
  path name = at / "name";
  string_view schema = made.foreign ? "input_schema" : "parameters";
  if (!want_string(*f, "name", name, &made.name, true)) return false;
  if (!is_name(made.name)) return wrong_value(name, made.name);
  if (!want(*f, schema, json::kind::object, at / schema, &made.parameters) ||
      !want_string(*f, "description", at / "description", &made.description) ||
      !want_bool(*f, "strict", at / "strict", &made.strict)) {
    return false;
  }
  made.custom = kind == "custom";
  out_.tools.push_back(made);
  return true;
}

bool request_reader::functions() {
  path at = top("functions");
  const value* list;
  if (!want(root_, "functions", json::kind::array, at, &list)) return false;
  if (!list) return true;
  if (list->size() > kMaxTools) return too_long(at, "array", kMaxTools, list->size());
  size_t j = 0;
  for (const value& f : *list) {
    path p = element(at, j++);
    path name = p / "name";
    if (!f.is_object()) return wrong_type(p, "an object", f);
    tool made;
    made.source = &f;
    if (!want_string(f, "name", name, &made.name, true)) return false;
    if (!is_name(made.name)) return wrong_value(name, made.name);
    if (!want(f, "parameters", json::kind::object, p / "parameters", &made.parameters) ||
        !want_string(f, "description", p / "description", &made.description)) {
      return false;
    }
    out_.tools.push_back(made);
  }
  return true;
}

// A tool that is asked for by name must have been offered.
bool request_reader::chosen_name(const value& f, const path& p, const char* param) {
  chat::tool_choice& c = out_.tool_choice;
  if (!want_string(f, "name", p / "name", &c.name, true)) return false;
  for (const tool& t : out_.tools) {
    if (t.name == c.name) {
      c.type = chat::tool_choice::kind::named;
      return true;
    }
  }
  return fail("", param,
              "Tool choice '" + std::string(c.name.substr(0, text::prefix_of(c.name, kMaxQuoted))) +
                  "' not found in 'tools' parameter.");
}

bool request_reader::choice() {
  using kind = chat::tool_choice::kind;
  chat::tool_choice& c = out_.tool_choice;
  const value* v = root_.get("tool_choice");
  const char* param = "tool_choice";
  if (!v || v->is_null()) {
    param = "function_call";
    v = root_.get(param);
    if (!v || v->is_null()) return true;
    if (v->is_object()) return chosen_name(*v, top(param), param);
    if (v->is_string() && v->text() == "required")
      return wrong_value(top(param), v->text(), kCallWords);
  }
  if (v->is_object()) return choice_object(*v);
  if (!v->is_string()) return wrong_type(top(param), "a string or an object", *v);
  if (v->text() == "none") {
    c.type = kind::none;
  } else if (v->text() == "auto") {
    c.type = kind::automatic;
  } else if (v->text() == "required") {
    c.type = kind::required;
    if (out_.tools.empty()) {
      return fail("", "tool_choice",
                  "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' "
                  "are specified.");
    }
  } else {
    return wrong_value(top(param), v->text(), kChoiceWords);
  }
  return true;
}

bool request_reader::choice_object(const value& c) {
  path at = top("tool_choice");
  path type = at / "type";
  string_view kind;
  if (!want_string(c, "type", type, &kind, true)) return false;
  if (kind == "allowed_tools") return allowed_tools(c);
  if (kind != "function" && kind != "custom") {
    return wrong_value(type, kind, kChoiceKinds);
  }
  path inner = at / kind;
  const value* f;
  return want(c, kind, json::kind::object, inner, &f, true) &&
         chosen_name(*f, inner, "tool_choice");
}

bool request_reader::allowed_tools(const value& c) {
  path up = top("tool_choice");
  path at = up / "allowed_tools";
  path list_path = at / "tools";
  const value *body, *list;
  string_view mode;
  if (!want(c, "allowed_tools", json::kind::object, at, &body, true) ||
      !want_word(*body, "mode", at / "mode", kAllowedModes, &mode) ||
      !want(*body, "tools", json::kind::array, list_path, &list, true)) {
    return false;
  }
  if (list->size() > kMaxTools) return too_long(list_path, "array", kMaxTools, list->size());
  out_.tool_choice.type = chat::tool_choice::kind::allowed;
  out_.tool_choice.allowed_required = mode == "required";
  size_t j = 0;
  for (const value& t : *list) {
    path p = element(list_path, j++);
    if (!t.is_object()) return wrong_type(p, "an object", t);
    string_view kind = t.str("type") == "custom" ? "custom" : "function";
    path inner = p / kind;
    const value* f;
    string_view name;
    if (!want(t, kind, json::kind::object, inner, &f, true) ||
        !want_string(*f, "name", inner / "name", &name, true)) {
      return false;
    }
    out_.tool_choice.allowed.push_back(name);
  }
  return true;
}

}  // namespace f0::front
