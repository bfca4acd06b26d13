// Copyright (C) 2026 The f0 authors
//
// request_tools.cc - the tools that a request offers, and the choice of them.

#include <algorithm>
#include <cstdio>

#include "../../base/text.h"
#include "request_reader.h"

namespace f0::front::responses {

namespace {

using origin = tool::origin;

// Clients bring those of many servers along.
constexpr size_t kMaxOffered = 2048;
constexpr size_t kLongest = 64;  // name that every provider takes

constexpr string_view kChoices[] = {"none", "auto", "required"};
constexpr string_view kModes[] = {"auto", "required"};

// What a function with one text takes.
constexpr string_view kOneText =
    R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"],)"
    R"("additionalProperties":false})";

// Eight digits that are always the same for |s|: FNV-1a, folded.
std::string digits_of(string_view s) {
  uint64_t h = 0xcbf29ce484222325;
  for (const char c : s) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  char out[9];
  std::snprintf(out, sizeof out, "%08x", static_cast<unsigned>(h ^ h >> 32));
  return out;
}

bool is_word(char c) { return is_name(string_view(&c, 1)); }

// What is read of each kind of tool.
constexpr string_view kNamespace[] = {"type", "name", "tools"};
constexpr string_view kFunction[] = {"type",       "name",   "description",
                                     "parameters", "strict", "defer_loading"};
constexpr string_view kCustom[] = {"type", "name", "description", "format", "defer_loading"};
constexpr string_view kGrammar[] = {"type", "syntax", "definition"};
constexpr string_view kChoice[] = {"type", "name", "namespace", "mode", "tools"};
constexpr string_view kSearch[] = {"type", "execution", "description", "parameters"};

}  // namespace

// ---- names

std::string flat_names::key(string_view name, string_view ns) {
  return std::string(ns).append(1, '\0').append(name);
}

std::string flat_names::of(string_view name, string_view ns, origin from) {
  const std::string named = key(name, ns);
  const std::string tool = std::to_string(int(from)) + named;
  if (const auto known = by_tool_.find(tool); known != by_tool_.end()) return known->second;
  const std::string wanted =
      ns.empty() ? std::string(name) : std::string(ns) + "__" + std::string(name);
  std::string flat = wanted;
  std::replace_if(
      flat.begin(), flat.end(), [](char c) { return !is_word(c); }, '_');
  if (flat != wanted || flat.size() > kLongest || taken_.count(flat) > 0) {
    flat.resize(std::min(flat.size(), kLongest - 9));
    const std::string base = flat + '_';
    std::string more = tool;
    do {
      flat = base + digits_of(more);
      more += '\0';
    } while (taken_.count(flat) > 0);
  }
  taken_.insert(flat);
  by_name_.emplace(named, flat);
  by_tool_.emplace(tool, flat);
  return flat;
}

string_view flat_names::given(string_view name, string_view ns) const {
  const auto known = by_name_.find(key(name, ns));
  return known != by_name_.end() ? string_view(known->second) : string_view();
}

// ---- tools

bool request_reader::tools(const value& list, const path& p, string_view ns) {
  size_t j = 0;
  for (const value& t : list) {
    if (!one_tool(t, element(p, j++), ns)) return false;
  }
  return true;
}

bool request_reader::one_tool(const value& t, const path& p, string_view ns) {
  if (!t.is_object()) return wrong_type(p, "an object", t);
  string_view type;
  if (!want_string(t, "type", p / "type", &type, true)) return false;
  const value* deferred = t.get("defer_loading");
  if (deferred && deferred->is_bool() && deferred->boolean() && !late_) drop(p / "defer_loading");
  if (type == "function") return function(t, p, ns);
  if (type == "custom") return custom(t, p, ns);
  if (type == "tool_search" && ns.empty()) return search(t, p);
  if (type == "namespace" && ns.empty()) {
    const path at = p / "tools", name = p / "name";
    const value* list;
    string_view inner;
    if (!want_string(t, "name", name, &inner, true) ||
        !want(t, "tools", json::kind::array, at, &list, true)) {
      return false;
    }
    drop_others(t, p, kNamespace);
    return inner.empty() ? wrong_value(name, inner) : tools(*list, at, inner);
  }
  left_out_++;
  drop(p, type);
  return true;
}

bool request_reader::function(const value& t, const path& p, string_view ns) {
  const path at = p / "name", strict = p / "strict";
  tool made;
  string_view name;
  if (!want_string(t, "name", at, &name, true) ||
      !want_string(t, "description", p / "description", &made.description) ||
      !want(t, "parameters", json::kind::object, p / "parameters", &made.parameters) ||
      !want_bool(t, "strict", strict, &made.strict)) {
    return false;
  }
  if (name.empty()) return wrong_value(at, name);
  if (made.strict.value_or(false)) place(member::strict, strict);
  drop_others(t, p, kFunction);
  return add(made, p, name, ns, origin::function);
}

// A function that takes one text; what the text must look like is said in words.
bool request_reader::custom(const value& t, const path& p, string_view ns) {
  const path at = p / "name", format_path = p / "format";
  tool made;
  string_view name, definition, syntax;
  const value* format;
  if (!want_string(t, "name", at, &name, true) ||
      !want_string(t, "description", p / "description", &made.description) ||
      !want(t, "format", json::kind::object, format_path, &format)) {
    return false;
  }
  if (name.empty()) return wrong_value(at, name);
  if (format && (!want_string(*format, "definition", format_path / "definition", &definition) ||
                 !want_string(*format, "syntax", format_path / "syntax", &syntax))) {
    return false;
  }
  if (!definition.empty()) {
    std::string words(made.description);
    if (!words.empty()) words += "\n\n";
    words += "The input follows this ";
    if (!syntax.empty()) words.append(syntax).append(" ");
    made.description = keep(words.append("grammar:\n").append(definition));
  }
  made.parameters = one_text();
  drop_others(t, p, kCustom);
  if (format) drop_others(*format, format_path, kGrammar);
  return add(made, p, name, ns, origin::custom);
}

bool request_reader::search(const value& t, const path& p) {
  tool made;
  if (!want_string(t, "description", p / "description", &made.description) ||
      !want(t, "parameters", json::kind::object, p / "parameters", &made.parameters)) {
    return false;
  }
  drop_others(t, p, kSearch);
  return add(made, p, "tool_search", {}, origin::search);
}

bool request_reader::add(tool made, const path& p, string_view name, string_view ns, origin from) {
  const std::string flat = names_.of(name, ns, from);
  // Tools that come later may have been there before.
  if (!names_.offer(flat)) return true;
  if (out_.tools.size() == kMaxOffered) return too_long(p, "array", kMaxOffered, kMaxOffered + 1);
  made.from = from;
  made.name = flat == name ? name : keep(flat);
  if (from != origin::function || flat != name) made.client_name = name;
  made.ns = ns;
  made.at = keep(p.str());
  out_.tools.push_back(made);
  return true;
}

const value* request_reader::one_text() {
  if (!out_.values) out_.values = std::make_shared<json::document>();
  return one_text_ ? one_text_ : one_text_ = out_.values->parse(kOneText);
}

// ---- the choice

bool request_reader::choice() {
  const value* v = root_.get("tool_choice");
  if (!v || v->is_null()) return true;
  if (v->is_string()) return choice_word(v->text());
  if (!v->is_object()) return wrong_type(top("tool_choice"), "a string or an object", *v);
  return choice_object(*v);
}

bool request_reader::choice_word(string_view word) {
  using kind = chat::tool_choice::kind;
  const path at = top("tool_choice");
  const auto* known = std::find(std::begin(kChoices), std::end(kChoices), word);
  if (known == std::end(kChoices)) return wrong_value(at, word, kChoices);
  static constexpr kind kKinds[] = {kind::none, kind::automatic, kind::required};
  out_.tool_choice.type = kKinds[known - kChoices];
  if (out_.tool_choice.type != kind::automatic) place(member::tool_choice, at);
  if (out_.tool_choice.type != kind::required || !out_.tools.empty()) return true;
  if (left_out_ == 0) {
    return fail("", at.str(),
                "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are "
                "specified.");
  }
  own_form_only("unsupported_value", at.str(),
                "Unsupported value: 'tool_choice' requires a tool, but none of those that are "
                "offered can be sent to this model's provider.");
  return true;
}

// The flat name of what |c| names; empty: nothing that is offered.
string_view request_reader::chosen(const value& c) const {
  const string_view name = c.str("type") == "tool_search" ? "tool_search" : c.str("name");
  const string_view flat = names_.given(name, c.str("namespace"));
  for (const tool& t : out_.tools) {
    if (t.name == flat) return t.name;
  }
  return {};
}

bool request_reader::choice_object(const value& c) {
  const path at = top("tool_choice");
  string_view type, name;
  if (!want_string(c, "type", at / "type", &type, true)) return false;
  place(member::tool_choice, at);
  drop_others(c, at, kChoice);
  if (type == "allowed_tools") return allowed_tools(c);
  const bool named = type == "function" || type == "custom";
  if (!want_string(c, "name", at / "name", &name, named)) return false;
  out_.tool_choice.type = chat::tool_choice::kind::named;
  out_.tool_choice.name = chosen(c);
  if (!out_.tool_choice.name.empty()) return true;
  const std::string what(named ? name : type);
  const std::string quoted = "'" + what.substr(0, text::prefix_of(what, kMaxQuoted)) + "'";
  if (named) {
    return fail("", at.str(), "Tool choice " + quoted + " not found in 'tools' parameter.");
  }
  own_form_only("unsupported_value", at.str(),
                "Unsupported value: 'tool_choice' names a tool of the type " + quoted +
                    ", which cannot be sent to this model's provider.");
  return true;
}

bool request_reader::allowed_tools(const value& c) {
  const path up = top("tool_choice"), at = up / "tools";
  const value* list;
  string_view mode;
  if (!want_word(c, "mode", up / "mode", kModes, &mode) ||
      !want(c, "tools", json::kind::array, at, &list, true)) {
    return false;
  }
  if (list->size() > kMaxOffered) return too_long(at, "array", kMaxOffered, list->size());
  chat::tool_choice& to = out_.tool_choice;
  to.type = chat::tool_choice::kind::allowed;
  to.allowed_required = mode == "required";
  size_t j = 0;
  for (const value& t : *list) {
    const path p = element(at, j++);
    if (!t.is_object()) return wrong_type(p, "an object", t);
    if (const string_view name = chosen(t); !name.empty()) to.allowed.push_back(name);
  }
  if (to.allowed.empty() && to.allowed_required) {
    own_form_only("unsupported_value", up.str(),
                  "Unsupported value: 'tool_choice' requires a tool, but none of those that it "
                  "allows can be sent to this model's provider.");
  }
  return true;
}

}  // namespace f0::front::responses
