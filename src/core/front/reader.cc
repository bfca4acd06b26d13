// Copyright (C) 2026 The f0 authors
//
// reader.cc - members of a type, and how they are refused.

#include "reader.h"

#include <algorithm>

#include "../base/text.h"

namespace f0::front {

namespace {

const char* kind_name(const value& v) {
  switch (v.type) {
    case json::kind::null:
      return "null";
    case json::kind::boolean:
      return "a boolean";
    case json::kind::number:
      return is_integral(v) ? "an integer" : "a decimal";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  return "";
}

const char* kind_name(json::kind k) {
  switch (k) {
    case json::kind::boolean:
      return "a boolean";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    default:
      return "an object";
  }
}

}  // namespace

bool is_integral(const value& v) {
  return v.is_number() && v.text().find_first_of(".eE") == string_view::npos;
}

bool is_something(const value* v) {
  if (!v) return false;
  switch (v->type) {
    case json::kind::null:
      return false;
    case json::kind::boolean:
      return v->boolean();
    case json::kind::number:
      return true;
    default:
      return v->size() > 0;
  }
}

bool is_name(string_view s) {
  if (s.empty() || s.size() > 64) return false;
  return std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// ---- failures

bool reader::fail(string_view code, std::string param, std::string message) {
  bad_.code = code;
  bad_.param = std::move(param);
  bad_.message = std::move(message);
  return false;
}

bool reader::missing(const path& p) {
  std::string name = p.str();
  std::string message = "Missing required parameter: '" + name + "'.";
  return fail("missing_required_parameter", std::move(name), std::move(message));
}

bool reader::wrong_type(const path& p, const char* expected, const value& got) {
  std::string name = p.str();
  std::string message = "Invalid type for '" + name + "': expected " + expected + ", but got " +
                        kind_name(got) + " instead.";
  return fail("invalid_type", std::move(name), std::move(message));
}

bool reader::wrong_value(const path& p, string_view got, words allowed) {
  std::string message = "Invalid value: '";
  size_t n = text::prefix_of(got, kMaxQuoted);
  message.append(got.substr(0, n));
  message += n < got.size() ? "...'." : "'.";
  size_t i = 0;
  for (string_view w : allowed) {
    bool last = ++i == allowed.size();
    message += i == 1 ? " Supported values are: '" : !last ? ", '" : i == 2 ? " and '" : ", and '";
    message.append(w);
    message += '\'';
  }
  if (i > 0) message += '.';
  return fail("invalid_value", p.str(), std::move(message));
}

bool reader::too_long(const path& p, const char* what, size_t most, size_t got) {
  std::string name = p.str();
  bool array = string_view(what) == "array";
  std::string message = "Invalid '" + name + "': " + what + " too long. Expected " +
                        (array ? "an array" : "a string") + " with maximum length " +
                        std::to_string(most) + ", but got " + (array ? "an array" : "a string") +
                        " with length " + std::to_string(got) + " instead.";
  return fail(array ? "array_above_max_length" : "string_above_max_length", std::move(name),
              std::move(message));
}

bool reader::too_many(const path& p, size_t most, size_t got) {
  std::string name = p.str();
  std::string message = "Invalid '" + name +
                        "': too many properties. Expected an object with at "
                        "most " +
                        std::to_string(most) + " properties, but got an object with " +
                        std::to_string(got) + " properties instead.";
  return fail("object_above_max_properties", std::move(name), std::move(message));
}

bool reader::empty_array(const path& p) {
  std::string name = p.str();
  std::string message = "Invalid '" + name +
                        "': empty array. Expected an array with minimum length 1, but got an "
                        "empty array instead.";
  return fail("empty_array", std::move(name), std::move(message));
}

// ---- members of a type

bool reader::want(const value& o, string_view key, json::kind k, const path& p, const value** v,
                  bool required) {
  const value* got = o.get(key);
  *v = nullptr;
  if (!got) return required ? missing(p) : true;
  if (got->is_null() && !required) return true;
  if (got->type != k) return wrong_type(p, kind_name(k), *got);
  *v = got;
  return true;
}

bool reader::want_string(const value& o, string_view key, const path& p, string_view* s,
                         bool required) {
  const value* v;
  if (!want(o, key, json::kind::string, p, &v, required)) return false;
  if (v && s) *s = v->text();
  return true;
}

bool reader::want_bool(const value& o, string_view key, const path& p, std::optional<bool>* b) {
  const value* v;
  if (!want(o, key, json::kind::boolean, p, &v)) return false;
  if (v && b) *b = v->boolean();
  return true;
}

bool reader::want_word(const value& o, string_view key, const path& p, words allowed,
                       string_view* s) {
  const value* v;
  if (!want(o, key, json::kind::string, p, &v)) return false;
  if (!v) return true;
  if (std::find(allowed.begin(), allowed.end(), v->text()) == allowed.end()) {
    return wrong_value(p, v->text(), allowed);
  }
  if (s) *s = v->text();
  return true;
}

bool reader::integer(string_view key, int64_t low, int64_t high, std::optional<int64_t>* n) {
  const value* v = root_.get(key);
  if (!v || v->is_null()) return true;
  if (!is_integral(*v)) return wrong_type(top(key), "an integer", *v);
  std::optional<int64_t> got = v->integer();
  bool below = got ? *got < low : v->text().front() == '-';
  if (got && *got >= low && *got <= high) {
    if (n) *n = got;
    return true;
  }
  std::string message = "Invalid '" + std::string(key) + "': integer " +
                        (below ? "below minimum" : "above maximum") + " value. Expected a value " +
                        (below ? ">= " : "<= ") + std::to_string(below ? low : high) +
                        ", but got " + std::string(v->text().substr(0, kMaxQuoted)) + " instead.";
  return fail(below ? "integer_below_min_value" : "integer_above_max_value", std::string(key),
              std::move(message));
}

bool reader::decimal(string_view key, double low, double high, std::optional<double>* n) {
  const value* v = root_.get(key);
  if (!v || v->is_null()) return true;
  if (!v->is_number()) return wrong_type(top(key), "a decimal", *v);
  double d = *v->decimal();
  if (d >= low && d <= high) {
    *n = d;
    return true;
  }
  // As in the reference, what no double can hold is above, whatever its sign.
  bool below = d < low && d >= -1.7976931348623157e308;
  std::string message = "Invalid '" + std::string(key) + "': decimal " +
                        (below ? "below minimum" : "above maximum") + " value. Expected a value " +
                        (below ? ">= " : "<= ") + std::to_string(int(below ? low : high)) +
                        ", but got " + std::string(v->text().substr(0, kMaxQuoted)) + " instead.";
  return fail(below ? "decimal_below_min_value" : "decimal_above_max_value", std::string(key),
              std::move(message));
}

bool reader::model() {
  out_.root = &root_;
  if (!root_.is_object()) {
    return fail("", "",
                "We could not parse the JSON body of your request: the body must be a "
                "JSON object.");
  }
  if (root_.size() > kMaxMembers) {
    return fail("object_above_max_properties", "",
                "Invalid body: too many properties. Expected an object with at most " +
                    std::to_string(kMaxMembers) + " properties, but got an object with " +
                    std::to_string(root_.size()) + " properties instead.");
  }
  if (!want_string(root_, "model", top("model"), &out_.model)) return false;
  if (out_.model.empty()) out_.model = "f0-code-agent";
  size_t length = text::code_points(out_.model);
  return length <= kMaxModel || too_long(top("model"), "string", kMaxModel, length);
}

bool reader::stops(string_view key) {
  path at = top(key);
  const value* v = root_.get(key);
  if (!v || v->is_null()) return true;
  if (!v->is_string() && !v->is_array()) {
    return wrong_type(at, "a string or an array of strings", *v);
  }
  if (v->is_string()) {
    out_.stop.push_back(v->text());
  } else if (v->size() > kMaxStops) {
    return too_long(at, "array", kMaxStops, v->size());
  } else {
    size_t j = 0;
    for (const value& s : *v) {
      if (!s.is_string()) return wrong_type(element(at, j), "a string", s);
      out_.stop.push_back(s.text());
      j++;
    }
  }
  size_t bytes = 0;
  for (string_view s : out_.stop) bytes += s.size();
  if (bytes <= kMaxStopBytes) return true;
  return fail("string_above_max_length", at.str(),
              "Invalid '" + at.str() + "': sequences too long. Expected at most " +
                  std::to_string(kMaxStopBytes) + " bytes in all, but got " +
                  std::to_string(bytes) + " instead.");
}

bool reader::sampling() {
  constexpr int64_t kMost = INT64_MAX;
  std::optional<int64_t> n, max_tokens, max_completion;
  if (!decimal("temperature", 0, 2, &out_.temperature) || !decimal("top_p", 0, 1, &out_.top_p) ||
      !decimal("presence_penalty", -2, 2, &out_.presence_penalty) ||
      !decimal("frequency_penalty", -2, 2, &out_.frequency_penalty) || !integer("n", 1, 128, &n)) {
    return false;
  }
  if (n && *n > 1) {
    return fail("unsupported_value", "n",
                "Unsupported value: 'n' does not support " + std::to_string(*n) +
                    " with this model. Only 1 choice is served.");
  }
  if (!integer("max_tokens", 1, kMost, &max_tokens) ||
      !integer("max_completion_tokens", 1, kMost, &max_completion) ||
      !integer("seed", INT64_MIN, kMost, &out_.seed)) {
    return false;
  }
  out_.max_output = max_completion ? max_completion : max_tokens;
  return true;
}

bool reader::stream() {
  std::optional<bool> on, usage;
  const value* options;
  path at = top("stream_options");
  if (!want_bool(root_, "stream", top("stream"), &on) ||
      !want(root_, "stream_options", json::kind::object, at, &options)) {
    return false;
  }
  out_.stream = on.value_or(false);
  if (!options) return true;
  if (!out_.stream) {
    return fail("", "stream_options",
                "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
  }
  if (!want_bool(*options, "include_usage", at / "include_usage", &usage)) return false;
  out_.include_usage = usage.value_or(false);
  return true;
}

string_view reader::keep(std::string s) {
  if (!out_.made) out_.made = std::make_shared<std::deque<std::string>>();
  out_.made->push_back(std::move(s));
  return out_.made->back();
}

// An object of more members than anybody documents is listed as a whole.
void reader::drop_others(const value& o, const path& p, words known) {
  constexpr size_t most = 256;
  if (!o.is_object()) return;
  if (o.size() > most) return out_.dropped.push_back(p.str());
  for (const json::member* m = o.members_begin(); m != o.members_end(); m++) {
    if (!is_something(&m->val)) continue;
    if (std::find(known.begin(), known.end(), m->key) != known.end()) continue;
    out_.dropped.push_back((p / m->key).str());
  }
}

}  // namespace f0::front
