// Copyright (C) 2026 The f0 authors
//
// schema.cc - JSON Schemas as providers take them.  For output_config:
//
//   {"type":"integer","minimum":1}  ->
//   {"type":"integer","description":"(minimum: 1)"}

#include "schema.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <vector>

namespace f0::dialect {

namespace {

using json::member;
using json::value;
using json::writer;

constexpr string_view kCombinators[] = {"anyOf", "oneOf", "allOf"};
// What output_config refuses.
constexpr string_view kBounds[] = {
    "minimum",   "maximum",  "exclusiveMinimum", "exclusiveMaximum", "multipleOf",   "minLength",
    "maxLength", "maxItems", "uniqueItems",      "minProperties",    "maxProperties"};
constexpr string_view kFormats[] = {"date-time", "time", "date", "duration", "email",
                                    "hostname",  "uri",  "ipv4", "ipv6",     "uuid"};
// Keys that hold schemas by name, and those that hold schemas.
constexpr string_view kMaps[] = {"properties", "$defs", "definitions"};
constexpr string_view kNested[] = {"items", "anyOf", "oneOf", "allOf", "prefixItems"};

template <size_t N>
bool among(string_view s, const string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), s) != std::end(list);
}

bool says_object(const value& type) {
  if (type.is_string()) return type.text() == "object";
  if (!type.is_array()) return false;
  return std::any_of(type.begin(), type.end(), [](const value& t) { return t.text() == "object"; });
}

// ---- output_config

bool is_refused(const value& schema, const member& m) {
  // They would be two of one name.
  if (m.key == "oneOf" && schema.get("anyOf")) return true;
  if (among(m.key, kBounds)) return true;
  if (m.key == "minItems") return m.val.decimal().value_or(0) > 1;
  return m.key == "format" && !(m.val.is_string() && among(m.val.text(), kFormats));
}

class output_schema {
 public:
  explicit output_schema(std::string& out) : w_(out) {}

  void schema(const value& v) {
    if (v.is_array()) {
      w_.begin_array();
      for (const value& s : v) schema(s);
      w_.end_array();
    } else if (v.is_object()) {
      object(v);
    } else {
      w_.val(v);
    }
  }

 private:
  void object(const value& v) {
    const std::vector<const member*> members = v.unique_members();
    std::string hints;
    for (const member* m : members) {
      if (!is_refused(v, *m)) continue;
      hints += hints.empty() ? "(" : ", ";
      hints.append(m->key).append(": ");
      if (m->val.is_string())
        hints += m->val.text();
      else
        json::append_value(hints, m->val);
    }
    if (!hints.empty()) hints += ')';
    w_.begin_object();
    const value* type = v.get("type");
    const bool closed = (type && says_object(*type)) || v.get("properties");
    for (const member* m : members) {
      if (is_refused(v, *m) || (closed && m->key == "additionalProperties")) continue;
      if (m->key == "description" && m->val.is_string() && !hints.empty()) {
        described(m->val.text(), hints);
        hints.clear();
      } else {
        one(*m);
      }
    }
    if (closed) w_.key("additionalProperties").boolean(false);
    if (!hints.empty()) w_.key("description").string(hints);
    w_.end_object();
  }

  void described(string_view text, const std::string& hints) {
    std::string s(text);
    if (!s.empty()) s += ' ';
    w_.key("description").string(s + hints);
  }

  void one(const member& m) {
    w_.key(m.key == "oneOf" ? "anyOf" : m.key);
    if (among(m.key, kMaps) && m.val.is_object()) {
      w_.begin_object();
      for (const member* p : m.val.unique_members()) {
        w_.key(p->key);
        schema(p->val);
      }
      w_.end_object();
    } else if (among(m.key, kNested)) {
      schema(m.val);
    } else {
      w_.val(m.val);
    }
  }

  writer w_;
};

// ---- input_schema

// Properties of the root and of the branches of its combinators, the root's
// first; a name once.
class joined {
 public:
  explicit joined(const value& root) : root_(root) {
    each_branch([this](const value& branch, bool all) {
      take(branch.get("properties"));
      if (all) need(branch.get("required"));
    });
  }

  // The members that stand in the place of the root's properties and required.
  void append(writer& w) {
    const value* own = root_.get("properties");
    if (!more_.empty() || (own && own->is_object())) {
      w.key("properties").begin_object();
      if (own && own->is_object()) {
        for (const member* m : own->unique_members()) w.key(m->key).val(m->val);
      }
      for (const member* m : more_) w.key(m->key).val(m->val);
      w.end_object();
    } else {
      w.key("properties").raw("{}");
    }
    const value* required = root_.get("required");
    if (needed_.empty()) {
      if (required) w.key("required").val(*required);
      return;
    }
    w.key("required").begin_array();
    if (required && required->is_array()) {
      for (const value& r : *required) w.val(r);
    }
    for (string_view name : needed_) w.string(name);
    w.end_array();
  }

 private:
  template <typename F>
  void each_branch(F f) {
    note(root_.get("properties"), root_.get("required"));
    for (const string_view key : kCombinators) {
      const value* list = root_.get(key);
      if (!list || !list->is_array()) continue;
      for (const value& branch : *list) {
        if (branch.is_object()) f(branch, key == "allOf");
      }
    }
  }

  void note(const value* properties, const value* required) {
    if (properties && properties->is_object()) {
      for (const member* m : properties->unique_members()) names_.insert(m->key);
    }
    if (!required || !required->is_array()) return;
    for (const value& r : *required) {
      if (r.is_string()) required_.insert(r.text());
    }
  }

  void take(const value* properties) {
    if (!properties || !properties->is_object()) return;
    for (const member* m : properties->unique_members()) {
      if (names_.insert(m->key).second) more_.push_back(m);
    }
  }

  void need(const value* required) {
    if (!required || !required->is_array()) return;
    for (const value& r : *required) {
      if (r.is_string() && required_.insert(r.text()).second) needed_.push_back(r.text());
    }
  }

  const value& root_;
  std::unordered_set<string_view> names_, required_;
  std::vector<const member*> more_;
  std::vector<string_view> needed_;
};

}  // namespace

bool takes_objects(const chat::tool& t) {
  const value* type = t.parameters ? t.parameters->get("type") : nullptr;
  return !type || says_object(*type);
}

void append_input_schema(std::string& out, const chat::tool& t, std::string& description) {
  if (!t.parameters || t.parameters->size() == 0) {
    out += "{\"type\":\"object\",\"properties\":{}}";
    return;
  }
  const value& root = *t.parameters;
  writer w(out);
  bool combined = false;
  for (const string_view key : kCombinators) combined = combined || root.get(key);
  const value* type = root.get("type");
  if (!combined && type && type->is_string()) {
    w.val(root);
    return;
  }
  w.begin_object().key("type").string("object");
  for (const member* m : root.unique_members()) {
    if (m->key == "type") continue;
    if (!combined) {
      w.key(m->key).val(m->val);
    } else if (among(m->key, kCombinators)) {
      description += description.empty() ? "" : " ";
      description.append("The input also fits ").append(m->key).append(": ");
      json::append_value(description, m->val);
    } else if (m->key != "properties" && m->key != "required") {
      w.key(m->key).val(m->val);
    }
  }
  if (combined) joined(root).append(w);
  w.end_object();
}

void append_output_schema(std::string& out, const value& schema) {
  output_schema(out).schema(schema);
}

std::string format_in_words(const chat::response_format& f) {
  const value* type = f.schema ? f.schema->get("type") : nullptr;
  std::string s =
      !type || says_object(*type) ? "Answer with one JSON object only." : "Answer with JSON only.";
  if (!f.description.empty()) s.append(" What it is for: ").append(f.description).append("\n");
  if (!f.schema) return s;
  s.append(s.ends_with('\n') ? "" : " ").append("Its JSON Schema: ");
  json::append_value(s, *f.schema);
  return s;
}

}  // namespace f0::dialect
