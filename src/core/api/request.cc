// Copyright (C) 2026 The f0 authors
//
// request.cc - reading chat completions requests.

#include "request.h"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "../text.h"

namespace f0::api {

namespace {

using json::value;

constexpr size_t kMaxMessages = 4096;
constexpr size_t kMaxTools = 128;
constexpr size_t kMaxToolCalls = 128;
constexpr size_t kMaxMetadata = 16;
constexpr size_t kMaxMetadataKey = 64;
constexpr size_t kMaxMetadataValue = 512;
constexpr size_t kMaxIdentifier = 64;
constexpr size_t kMaxQuoted = 64;  // of a wrong value in a message

// Where a value stands: "messages[0].content[1].type".  It is spelled out only
// when something is wrong with it.
struct path {
  const path* up = nullptr;
  string_view name;
  int64_t index = -1;

  void append_to(std::string& out) const {
    if (up) up->append_to(out);
    if (index >= 0) {
      out += '[';
      out += std::to_string(index);
      out += ']';
    } else {
      if (!out.empty()) out += '.';
      out += name;
    }
  }
  std::string str() const {
    std::string out;
    append_to(out);
    return out;
  }
};

path operator/(const path& up, string_view name) { return {&up, name, -1}; }
path element(const path& up, size_t i) { return {&up, {}, int64_t(i)}; }
path top(string_view name) { return {nullptr, name, -1}; }

bool is_integral(const value& v) {
  return v.is_number() && v.text().find_first_of(".eE") == string_view::npos;
}

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

// A name of a tool or a schema: ^[a-zA-Z0-9_-]{1,64}$
bool is_name(string_view s) {
  if (s.empty() || s.size() > 64) return false;
  return std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// null and "" and [] and {} and false, as the seed's JavaScript and the
// reference take them when they ask whether something is there.
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

// The words that a field may hold.
using words = std::span<const string_view>;

constexpr string_view kAudioFormats[] = {"wav", "mp3"};
constexpr string_view kDetails[] = {"auto", "low", "high"};
constexpr string_view kText[] = {"text"};
constexpr string_view kToolKinds[] = {"function", "custom"};
constexpr string_view kCallWords[] = {"none", "auto"};
constexpr string_view kChoiceKinds[] = {"function", "custom", "allowed_tools"};
constexpr string_view kAllowedModes[] = {"auto", "required"};
constexpr string_view kFormats[] = {"json_object", "json_schema", "text"};
constexpr string_view kModalities[] = {"text", "audio"};
constexpr string_view kEfforts[] = {"none", "minimal", "low", "medium", "high", "xhigh", "max"};
constexpr string_view kVerbosities[] = {"low", "medium", "high"};
constexpr string_view kTiers[] = {"auto", "default", "flex", "scale", "priority", "fast"};
constexpr string_view kModes[] = {"chat", "edit", "refactor", "proxy", "apply", "fim"};
constexpr string_view kEditFormats[] = {"search_replace", "whole", "udiff", "apply_patch"};
constexpr string_view kProgress[] = {"off", "comment", "chunk", "event"};
constexpr string_view kPatches[] = {"markdown", "chunk", "event", "both"};
constexpr string_view kRoles[] = {"system", "assistant", "user", "function", "tool", "developer"};
constexpr string_view kUserParts[] = {"text", "image_url", "input_audio", "file"};
constexpr string_view kAssistantParts[] = {"text", "refusal"};
constexpr string_view kChoiceWords[] = {"none", "auto", "required"};

class reader {
 public:
  reader(const value& root, request& out, bad_request& bad) : root_(root), out_(out), bad_(bad) {}

  bool read();

 private:
  // Failures; all return false.
  bool fail(string_view code, std::string param, std::string message);
  bool missing(const path& p);
  bool wrong_type(const path& p, const char* expected, const value& got);
  bool wrong_value(const path& p, string_view got, words allowed = {});
  bool too_long(const path& p, const char* what, size_t most, size_t got);

  // *v: the member, nullptr if absent or null.
  bool want(const value& o, string_view key, json::kind k, const path& p, const value** v,
            bool required = false);
  bool want_string(const value& o, string_view key, const path& p, string_view* s,
                   bool required = false);
  bool want_bool(const value& o, string_view key, const path& p, std::optional<bool>* b);
  bool want_word(const value& o, string_view key, const path& p, words allowed,
                 string_view* s = nullptr);
  bool integer(string_view key, int64_t low, int64_t high, std::optional<int64_t>* n = nullptr);
  bool decimal(string_view key, double low, double high, std::optional<double>* n);

  bool messages();
  bool one_message(const value& m, const path& p, size_t i);
  bool content(const value& m, const path& p, message& to);
  bool one_part(const value& v, const path& p, message& to);
  bool image(const value& v, const path& p, part& to);
  bool file_part(const value& v, const path& p, part& to);
  bool answer(const message& m, size_t i);
  bool tool_calls(const value& m, const path& p, message& to);
  bool one_call(const value& c, const path& p, tool_call& to);
  bool function_call(const value& m, const path& p, message& to);
  bool misplaced(size_t i, const char* why);

  // Anthropic's blocks in a message.
  bool foreign_block(const value& v, const path& p, message& to);
  bool tool_result(const value& v, const path& p);

  bool sampling();
  bool stream();
  bool stop();
  bool tools();
  bool one_tool(const value& t, const path& p);
  bool functions();
  bool choice();
  bool choice_object(const value& c);
  bool allowed_tools(const value& c);
  bool chosen_name(const value& f, const path& p, const char* param);
  bool format();
  bool other_options();
  bool metadata();
  bool modalities();

  bool f0_fields();
  bool f0_words();
  bool one_file(const value& f, const path& p, file& to);
  bool context(const value& c);
  bool selection(const value& s, const path& p, bool desktop);

  string_view keep(std::string s);

  const value& root_;
  request& out_;
  bad_request& bad_;

  // The tool calls that wait for their results; whether one came.
  bool waiting_ = false;
  std::unordered_map<string_view, bool> pending_;
  // The results that Anthropic's user turns hold: messages of their own.
  std::vector<message> results_;
};

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

string_view reader::keep(std::string s) {
  if (!out_.made) out_.made = std::make_shared<std::deque<std::string>>();
  out_.made->push_back(std::move(s));
  return out_.made->back();
}

// ---- messages

bool reader::misplaced(size_t i, const char* why) {
  // The dot before the bracket is OpenAI's.
  return fail("", "messages.[" + std::to_string(i) + "].role",
              std::string("Invalid parameter: ") + why);
}

bool reader::messages() {
  path p = top("messages");
  const value* list = root_.get("messages");
  if (!list) {
    if (root_.get("input")) {
      return fail("missing_required_parameter", "messages",
                  "Missing required parameter: 'messages'. This endpoint takes chat completions; "
                  "'input' belongs to the Responses API.");
    }
    return missing(p);
  }
  if (!list->is_array()) return wrong_type(p, "an array of objects", *list);
  if (list->size() == 0) {
    return fail("empty_array", "messages",
                "Invalid 'messages': empty array. Expected an array with minimum length 1, but "
                "got an empty array instead.");
  }
  if (list->size() > kMaxMessages) return too_long(p, "array", kMaxMessages, list->size());
  out_.messages.reserve(list->size());
  size_t i = 0;
  for (const value& m : *list) {
    if (!one_message(m, element(p, i), i)) return false;
    i++;
  }
  return true;
}

bool reader::one_message(const value& m, const path& p, size_t i) {
  static constexpr role kRoleOf[] = {role::system,   role::assistant, role::user,
                                     role::function, role::tool,      role::developer};
  if (!m.is_object()) return wrong_type(p, "an object", m);
  path role_path = p / "role";
  string_view word;
  if (!want_string(m, "role", role_path, &word, true)) return false;
  auto known = std::find(std::begin(kRoles), std::end(kRoles), word);
  if (known == std::end(kRoles)) return wrong_value(role_path, word, kRoles);

  message to;
  to.role = kRoleOf[known - kRoles];
  to.source = &m;
  results_.clear();
  if (!content(m, p, to)) return false;
  if (!want_string(m, "name", p / "name", &to.name, to.role == role::function)) return false;
  if (to.role == role::tool &&
      !want_string(m, "tool_call_id", p / "tool_call_id", &to.tool_call_id, true)) {
    return false;
  }
  for (message& r : results_) {
    if (!answer(r, i)) return false;
    out_.messages.push_back(std::move(r));
  }
  // A turn that held nothing but results is told by them.
  if (!results_.empty() && to.parts.empty()) return true;
  if (!answer(to, i)) return false;
  if (to.role == role::assistant && (!tool_calls(m, p, to) || !function_call(m, p, to))) {
    return false;
  }
  out_.messages.push_back(std::move(to));
  return true;
}

// Results follow their calls, and nothing else does before all are there.
bool reader::answer(const message& m, size_t i) {
  if (m.role == role::tool) {
    auto call = pending_.find(m.tool_call_id);
    if (!waiting_ || call == pending_.end()) {
      return misplaced(i,
                       "messages with role 'tool' must be a response to a preceeding message "
                       "with 'tool_calls'.");
    }
    call->second = true;
    return true;
  }
  if (waiting_) {
    for (const auto& [id, answered] : pending_) {
      if (!answered) {
        return misplaced(i,
                         "an assistant message with 'tool_calls' must be followed by tool "
                         "messages responding to each 'tool_call_id'.");
      }
    }
    pending_.clear();
    waiting_ = false;
  }
  return true;
}

bool reader::content(const value& m, const path& p, message& to) {
  path at = p / "content";
  const value* refusal = nullptr;
  if (to.role == role::assistant &&
      !want(m, "refusal", json::kind::string, p / "refusal", &refusal)) {
    return false;
  }
  const value* c = m.get("content");
  if (!c || c->is_null()) {
    bool optional = to.role == role::function ||
                    (to.role == role::assistant &&
                     (is_something(m.get("tool_calls")) || is_something(m.get("function_call")) ||
                      is_something(refusal)));
    if (!optional) return c ? wrong_type(at, "a string or an array of parts", *c) : missing(at);
  } else if (c->is_string()) {
    part t;
    t.text = c->text();
    to.parts.push_back(t);
  } else if (c->is_array()) {
    if (c->size() == 0) {
      std::string name = at.str();
      std::string message = "Invalid '" + name +
                            "': empty array. Expected an array with minimum "
                            "length 1, but got an empty array instead.";
      return fail("empty_array", std::move(name), std::move(message));
    }
    to.parts.reserve(c->size());
    size_t j = 0;
    for (const value& v : *c) {
      if (!one_part(v, element(at, j++), to)) return false;
    }
  } else {
    return wrong_type(at, "a string or an array of parts", *c);
  }
  if (is_something(refusal)) {
    part t;
    t.type = part::kind::refusal;
    t.text = refusal->text();
    to.parts.push_back(t);
  }
  return true;
}

bool reader::one_part(const value& v, const path& p, message& to) {
  if (!v.is_object()) return wrong_type(p, "an object", v);
  path type = p / "type";
  string_view t;
  if (!want_string(v, "type", type, &t, true)) return false;
  part made;
  made.source = &v;
  bool user = to.role == role::user, assistant = to.role == role::assistant;
  if (t == "text" || (assistant && t == "refusal")) {
    if (t == "refusal") made.type = part::kind::refusal;
    if (!want_string(v, t, p / t, &made.text, true)) return false;
  } else if (user && t == "image_url") {
    if (!image(v, p, made)) return false;
  } else if (user && t == "input_audio") {
    made.type = part::kind::audio;
    const value* body;
    path at = p / "input_audio";
    if (!want(v, "input_audio", json::kind::object, at, &body, true) ||
        !want_string(*body, "data", at / "data", nullptr, true) ||
        !want_word(*body, "format", at / "format", kAudioFormats)) {
      return false;
    }
  } else if (user && t == "file") {
    if (!file_part(v, p, made)) return false;
  } else if ((user && t == "tool_result") || (assistant && t == "tool_use")) {
    return foreign_block(v, p, to);
  } else {
    return user        ? wrong_value(type, t, kUserParts)
           : assistant ? wrong_value(type, t, kAssistantParts)
                       : wrong_value(type, t, kText);
  }
  to.parts.push_back(made);
  return true;
}

bool reader::image(const value& v, const path& p, part& to) {
  to.type = part::kind::image;
  const value* body;
  path at = p / "image_url";
  path url = at / "url";
  if (!want(v, "image_url", json::kind::object, at, &body, true) ||
      !want_string(*body, "url", url, &to.url, true)) {
    return false;
  }
  if (to.url.empty()) return wrong_value(url, "");
  return want_word(*body, "detail", at / "detail", kDetails, &to.detail);
}

bool reader::file_part(const value& v, const path& p, part& to) {
  to.type = part::kind::file;
  const value* body;
  path at = p / "file";
  return want(v, "file", json::kind::object, at, &body, true) &&
         want_string(*body, "file_data", at / "file_data", &to.file_data) &&
         want_string(*body, "file_id", at / "file_id", &to.file_id) &&
         want_string(*body, "filename", at / "filename", &to.filename);
}

// Some editors put Anthropic's tool blocks into chat messages.
bool reader::foreign_block(const value& v, const path& p, message& to) {
  to.source = nullptr;
  if (to.role == role::user) return tool_result(v, p);
  tool_call call;
  const value* input;
  if (!want_string(v, "id", p / "id", &call.id, true) ||
      !want_string(v, "name", p / "name", &call.name, true) ||
      !want(v, "input", json::kind::object, p / "input", &input)) {
    return false;
  }
  std::string arguments;
  if (input) json::append_value(arguments, *input);
  call.arguments = keep(input ? std::move(arguments) : "{}");
  to.tool_calls.push_back(call);
  return true;
}

bool reader::tool_result(const value& v, const path& p) {
  message r;
  r.role = role::tool;
  if (!want_string(v, "tool_use_id", p / "tool_use_id", &r.tool_call_id, true)) return false;
  path at = p / "content";
  const value* c = v.get("content");
  part t;
  if (!c || c->is_null()) {
    r.parts.push_back(t);
  } else if (c->is_string()) {
    t.text = c->text();
    r.parts.push_back(t);
  } else if (c->is_array()) {
    size_t j = 0;
    for (const value& b : *c) {
      path q = element(at, j++);
      if (!b.is_object()) return wrong_type(q, "an object", b);
      // Pictures in results have no place in chat messages.
      if (b.str("type") != "text") return wrong_value(q / "type", b.str("type"), kText);
      if (!want_string(b, "text", q / "text", &t.text, true)) return false;
      r.parts.push_back(t);
    }
  } else {
    return wrong_type(at, "a string or an array of parts", *c);
  }
  results_.push_back(std::move(r));
  return true;
}

bool reader::tool_calls(const value& m, const path& p, message& to) {
  path at = p / "tool_calls";
  const value* calls;
  if (!want(m, "tool_calls", json::kind::array, at, &calls)) return false;
  if (calls) {
    if (calls->size() > kMaxToolCalls) return too_long(at, "array", kMaxToolCalls, calls->size());
    size_t j = 0;
    for (const value& c : *calls) {
      tool_call call;
      if (!one_call(c, element(at, j++), call)) return false;
      to.tool_calls.push_back(call);
    }
  }
  waiting_ = !to.tool_calls.empty();
  for (const tool_call& c : to.tool_calls) pending_[c.id] = false;
  return true;
}

bool reader::one_call(const value& c, const path& p, tool_call& to) {
  if (!c.is_object()) return wrong_type(p, "an object", c);
  to.source = &c;
  string_view type;
  if (!want_string(c, "id", p / "id", &to.id, true) ||
      !want_string(c, "type", p / "type", &type, true)) {
    return false;
  }
  const value* f;
  if (type == "custom" && c.get("custom")) {
    path at = p / "custom";
    return want(c, "custom", json::kind::object, at, &f, true) &&
           want_string(*f, "name", at / "name", &to.name, true) &&
           want_string(*f, "input", at / "input", &to.arguments, true);
  }
  path at = p / "function";
  return want(c, "function", json::kind::object, at, &f, true) &&
         want_string(*f, "name", at / "name", &to.name, true) &&
         want_string(*f, "arguments", at / "arguments", &to.arguments, true);
}

// Deprecated: a call without id, whose result names the function.
bool reader::function_call(const value& m, const path& p, message& to) {
  path at = p / "function_call";
  const value* f;
  if (!want(m, "function_call", json::kind::object, at, &f)) return false;
  if (!f || f->size() == 0) return true;
  tool_call call;
  if (!want_string(*f, "name", at / "name", &call.name, true) ||
      !want_string(*f, "arguments", at / "arguments", &call.arguments, true)) {
    return false;
  }
  to.tool_calls.push_back(call);
  return true;
}

// ---- options

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
      !integer("seed", INT64_MIN, kMost, &out_.seed) || !integer("top_logprobs", 0, 20)) {
    return false;
  }
  out_.max_output = max_completion ? max_completion : max_tokens;
  return want_bool(root_, "logprobs", top("logprobs"), nullptr);
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

bool reader::stop() {
  path at = top("stop");
  const value* v = root_.get("stop");
  if (!v || v->is_null()) return true;
  if (v->is_string()) {
    out_.stop.push_back(v->text());
    return true;
  }
  if (!v->is_array()) return wrong_type(at, "a string or an array of strings", *v);
  out_.stop.reserve(v->size());
  size_t j = 0;
  for (const value& s : *v) {
    if (!s.is_string()) return wrong_type(element(at, j), "a string", s);
    out_.stop.push_back(s.text());
    j++;
  }
  return true;
}

bool reader::tools() {
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

bool reader::one_tool(const value& t, const path& p) {
  if (!t.is_object()) return wrong_type(p, "an object", t);
  tool made;
  made.source = &t;
  // Anthropic's shape: flat, with input_schema.
  made.foreign = t.get("input_schema") && !t.get("function") && !t.get("custom");
  string_view kind;
  if (!made.foreign) {
    path type = p / "type";
    if (!want_string(t, "type", type, &kind, true)) return false;
    if (kind != "function" && kind != "custom") return wrong_value(type, kind, kToolKinds);
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

bool reader::functions() {
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
bool reader::chosen_name(const value& f, const path& p, const char* param) {
  api::tool_choice& c = out_.tool_choice;
  if (!want_string(f, "name", p / "name", &c.name, true)) return false;
  for (const tool& t : out_.tools) {
    if (t.name == c.name) {
      c.type = api::tool_choice::kind::named;
      return true;
    }
  }
  return fail("", param,
              "Tool choice '" + std::string(c.name.substr(0, text::prefix_of(c.name, kMaxQuoted))) +
                  "' not found in 'tools' parameter.");
}

bool reader::choice() {
  using kind = api::tool_choice::kind;
  api::tool_choice& c = out_.tool_choice;
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

bool reader::choice_object(const value& c) {
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

bool reader::allowed_tools(const value& c) {
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
  out_.tool_choice.type = api::tool_choice::kind::allowed;
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

bool reader::format() {
  using kind = api::response_format::kind;
  path at = top("response_format");
  path type = at / "type";
  const value* v;
  string_view word;
  if (!want(root_, "response_format", json::kind::object, at, &v)) return false;
  if (!v) return true;
  if (!want_string(*v, "type", type, &word, true)) return false;
  api::response_format& f = out_.response_format;
  if (word == "text") {
    f.type = kind::text;
  } else if (word == "json_object") {
    f.type = kind::json_object;
  } else if (word == "json_schema") {
    f.type = kind::json_schema;
    path inner = at / "json_schema";
    path name = inner / "name";
    const value* schema;
    if (!want(*v, "json_schema", json::kind::object, inner, &schema, true) ||
        !want_string(*schema, "name", name, &f.name, true)) {
      return false;
    }
    if (!is_name(f.name)) return wrong_value(name, f.name);
    return want(*schema, "schema", json::kind::object, inner / "schema", &f.schema);
  } else {
    return wrong_value(type, word, kFormats);
  }
  return true;
}

bool reader::metadata() {
  path at = top("metadata");
  const value* v;
  if (!want(root_, "metadata", json::kind::object, at, &v)) return false;
  if (!v) return true;
  std::vector<const json::member*> pairs = v->unique_members();
  if (pairs.size() > kMaxMetadata) {
    return fail("object_above_max_properties", "metadata",
                "Invalid 'metadata': too many properties. Expected an object with at most 16 "
                "properties, but got an object with " +
                    std::to_string(pairs.size()) + " properties instead.");
  }
  for (const json::member* m : pairs) {
    size_t length = text::code_points(m->key);
    if (length > kMaxMetadataKey) return too_long(at, "string", kMaxMetadataKey, length);
    path p = at / m->key;
    if (!m->val.is_string()) return wrong_type(p, "a string", m->val);
    length = text::code_points(m->val.text());
    if (length > kMaxMetadataValue) return too_long(p, "string", kMaxMetadataValue, length);
  }
  return true;
}

bool reader::modalities() {
  path at = top("modalities");
  const value* list;
  if (!want(root_, "modalities", json::kind::array, at, &list)) return false;
  if (!list) return true;
  size_t j = 0;
  for (const value& m : *list) {
    path p = element(at, j++);
    if (!m.is_string()) return wrong_type(p, "a string", m);
    if (m.text() == "audio") {
      return fail("unsupported_value", "modalities",
                  "Unsupported value: 'modalities' does not support 'audio' with this model.");
    }
    if (m.text() != "text") return wrong_value(p, m.text(), kModalities);
  }
  return true;
}

bool reader::other_options() {
  path at = top("safety_identifier");
  string_view identifier;
  if (!want_word(root_, "reasoning_effort", top("reasoning_effort"), kEfforts,
                 &out_.reasoning_effort) ||
      !want_word(root_, "verbosity", top("verbosity"), kVerbosities) ||
      !want_word(root_, "service_tier", top("service_tier"), kTiers) || !metadata() ||
      !want_string(root_, "user", top("user"), &out_.user) ||
      !want_bool(root_, "store", top("store"), nullptr) || !modalities() ||
      !want_string(root_, "safety_identifier", at, &identifier)) {
    return false;
  }
  size_t length = text::code_points(identifier);
  if (length > kMaxIdentifier) return too_long(at, "string", kMaxIdentifier, length);
  for (string_view key :
       {"logit_bias", "audio", "prediction", "web_search_options", "moderation"}) {
    const value* v;
    if (!want(root_, key, json::kind::object, top(key), &v)) return false;
  }
  return true;
}

// ---- F0's own fields

bool reader::one_file(const value& f, const path& p, file& to) {
  if (!f.is_object()) return wrong_type(p, "an object", f);
  path at = p / "path";
  if (!want_string(f, "path", at, &to.path, true)) return false;
  if (to.path.empty() || to.path.find('\0') != string_view::npos) {
    return fail("invalid_value", at.str(),
                "Invalid '" + at.str() + "': a path must not be empty nor hold NUL.");
  }
  return want_string(f, "content", p / "content", &to.content, true) &&
         want_string(f, "languageId", p / "languageId", &to.language) &&
         want_bool(f, "isOpen", p / "isOpen", &to.is_open) &&
         want_bool(f, "allowEdit", p / "allowEdit", &to.allow_edit);
}

bool reader::selection(const value& s, const path& p, bool desktop) {
  if (!s.is_object()) return wrong_type(p, "an object", s);
  static constexpr string_view kNames[2][3] = {{"start", "end", "text"},
                                               {"startOffset", "endOffset", "selectedText"}};
  const string_view* names = kNames[desktop];
  api::selection made;
  made.desktop = desktop;
  for (int k = 0; k < 2; k++) {
    path at = p / names[k];
    const value* v = s.get(names[k]);
    if (!v) return missing(at);
    if (!is_integral(*v)) return wrong_type(at, "an integer", *v);
    // What is out of range is clamped like any offset behind the end.
    int64_t n = v->integer().value_or(v->text().front() == '-' ? INT64_MIN : INT64_MAX);
    (k == 0 ? made.start : made.end) = n;
  }
  if (!want_string(s, names[2], p / names[2], &made.text)) return false;
  out_.context.selection = made;
  return true;
}

bool reader::context(const value& c) {
  path at = top("fz_context");
  path current = at / "currentFile";
  api::context& to = out_.context;
  to.from = api::context::source::fz_context;
  const value *file_value, *list;
  if (!want(c, "currentFile", json::kind::object, current, &file_value) ||
      !want_string(c, "workspaceRoot", at / "workspaceRoot", &to.workspace_root) ||
      !want_string(c, "projectType", at / "projectType", &to.project_type)) {
    return false;
  }
  if (file_value) {
    if (!one_file(*file_value, current, to.current.emplace())) return false;
    const value* s = file_value->get("selection");
    bool desktop = !s || s->is_null();
    if (desktop) s = c.get("selection");
    if (s && !s->is_null()) {
      path p = desktop ? at / "selection" : current / "selection";
      if (!selection(*s, p, desktop)) return false;
      // The desktop's selection names its file.
      const value* named = desktop ? s->get("path") : nullptr;
      if (named && !named->is_null() &&
          (!named->is_string() || named->text() != to.current->path)) {
        to.selection.reset();
      }
    }
  }
  path open = at / "openFiles";
  if (!want(c, "openFiles", json::kind::array, open, &list)) return false;
  if (!list) return true;
  size_t j = 0;
  for (const value& f : *list) {
    if (!one_file(f, element(open, j++), to.open.emplace_back())) return false;
  }
  return true;
}

bool reader::f0_words() {
  using progress = enum stream_events::progress;
  using patches = enum stream_events::patches;
  if (!want_word(root_, "fz_mode", top("fz_mode"), kModes, &out_.fz_mode) ||
      !want_word(root_, "fz_edit_format", top("fz_edit_format"), kEditFormats,
                 &out_.fz_edit_format)) {
    return false;
  }
  path at = top("fz_stream");
  const value* v;
  if (!want(root_, "fz_stream", json::kind::object, at, &v)) return false;
  if (!v) return true;
  out_.events_in_body = true;
  string_view p, e;
  if (!want_word(*v, "progress", at / "progress", kProgress, &p) ||
      !want_word(*v, "patches", at / "patches", kPatches, &e)) {
    return false;
  }
  out_.events.progress = p == "comment" ? progress::comment
                         : p == "chunk" ? progress::chunk
                         : p == "event" ? progress::event
                                        : progress::off;
  out_.events.patches = e == "chunk"   ? patches::chunk
                        : e == "event" ? patches::event
                        : e == "both"  ? patches::both
                                       : patches::markdown;
  return true;
}

bool reader::f0_fields() {
  path at = top("files");
  const value *list, *c;
  if (!want_string(root_, "projectId", top("projectId"), &out_.project_id) ||
      !want_string(root_, "workspaceId", top("workspaceId"), &out_.workspace_id) ||
      !want_string(root_, "ideType", top("ideType"), &out_.ide_type) ||
      !want(root_, "files", json::kind::array, at, &list)) {
    return false;
  }
  out_.has_project = !out_.project_id.empty() || !out_.workspace_id.empty();
  std::vector<file> files;
  if (list) {
    size_t j = 0;
    for (const value& f : *list) {
      if (!one_file(f, element(at, j++), files.emplace_back())) return false;
    }
  }
  if (!want(root_, "fz_context", json::kind::object, top("fz_context"), &c)) return false;
  if (c) return context(*c);
  if (files.empty()) return true;
  out_.context.from = api::context::source::files;
  out_.context.open = std::move(files);
  return true;
}

bool reader::read() {
  out_.root = &root_;
  if (!root_.is_object()) {
    return fail("", "",
                "We could not parse the JSON body of your request: the body must be a "
                "JSON object.");
  }
  if (!want_string(root_, "model", top("model"), &out_.model)) return false;
  if (out_.model.empty()) out_.model = "f0-code-agent";
  return messages() && sampling() && stream() && stop() && tools() && functions() && choice() &&
         want_bool(root_, "parallel_tool_calls", top("parallel_tool_calls"),
                   &out_.parallel_tool_calls) &&
         format() && other_options() && f0_fields() && f0_words();
}

}  // namespace

string_view role_word(role r) {
  switch (r) {
    case role::system:
      return "system";
    case role::developer:
      return "developer";
    case role::user:
      return "user";
    case role::assistant:
      return "assistant";
    case role::tool:
      return "tool";
    case role::function:
      return "function";
  }
  return "";
}

std::string message::text() const {
  std::string out;
  bool first = true;
  for (const part& p : parts) {
    if (p.type != part::kind::text && p.type != part::kind::refusal) continue;
    if (!first) out += '\n';
    first = false;
    out += p.text;
  }
  return out;
}

bool read_request(const json::value& root, request& out, bad_request& bad) {
  return reader(root, out, bad).read();
}

void read_stream_header(string_view header, stream_events& out) {
  using progress = enum stream_events::progress;
  using patches = enum stream_events::patches;
  while (!header.empty()) {
    size_t comma = header.find_first_of(",;");
    string_view pair = header.substr(0, comma);
    header = comma == string_view::npos ? string_view() : header.substr(comma + 1);
    size_t equal = pair.find('=');
    if (equal == string_view::npos) continue;
    string_view name = text::trim(pair.substr(0, equal));
    string_view word = text::trim(pair.substr(equal + 1));
    if (text::iequals(name, "progress")) {
      if (word == "off") out.progress = progress::off;
      if (word == "comment") out.progress = progress::comment;
      if (word == "chunk") out.progress = progress::chunk;
      if (word == "event") out.progress = progress::event;
    } else if (text::iequals(name, "patches")) {
      if (word == "markdown") out.patches = patches::markdown;
      if (word == "chunk") out.patches = patches::chunk;
      if (word == "event") out.patches = patches::event;
      if (word == "both") out.patches = patches::both;
    }
  }
}

#ifdef F0_TESTING

namespace {

constexpr string_view kKnown[] = {"model",
                                  "messages",
                                  "stream",
                                  "stream_options",
                                  "temperature",
                                  "top_p",
                                  "n",
                                  "stop",
                                  "max_tokens",
                                  "max_completion_tokens",
                                  "presence_penalty",
                                  "frequency_penalty",
                                  "logit_bias",
                                  "logprobs",
                                  "top_logprobs",
                                  "seed",
                                  "user",
                                  "metadata",
                                  "store",
                                  "tools",
                                  "tool_choice",
                                  "parallel_tool_calls",
                                  "response_format",
                                  "reasoning_effort",
                                  "verbosity",
                                  "service_tier",
                                  "modalities",
                                  "audio",
                                  "prediction",
                                  "functions",
                                  "function_call",
                                  "safety_identifier",
                                  "prompt_cache_key",
                                  "prompt_cache_retention",
                                  "prompt_cache_options",
                                  "web_search_options",
                                  "moderation",
                                  "projectId",
                                  "workspaceId",
                                  "ideType",
                                  "files",
                                  "fz_context",
                                  "fz_stream",
                                  "fz_mode",
                                  "fz_edit_format"};

void text_or_null(json::writer& w, string_view key, string_view s) {
  w.key(key);
  if (s.empty())
    w.null();
  else
    w.string(s);
}

std::string without_cr(string_view s) {
  std::string out;
  for (size_t i = 0; i < s.size(); i++) {
    if (s[i] != '\r' || i + 1 == s.size() || s[i + 1] != '\n') out += s[i];
  }
  return out;
}

size_t count(string_view s, string_view what) {
  size_t n = 0;
  for (size_t at = 0; (at = s.find(what, at)) != string_view::npos; at += what.size()) n++;
  return n;
}

// The mode and the selected text, as the reference takes them.
void describe_selection(json::writer& w, const context& c) {
  string_view mode = c.current ? "GENERATE" : "UNKNOWN";
  if (c.current && c.selection && c.selection->start < c.selection->end) {
    string_view s = c.current->content;
    size_t from = text::utf16_to_byte(s, c.selection->start, false);
    size_t to = std::max(from, text::utf16_to_byte(s, c.selection->end, true));
    string_view cut = s.substr(from, to - from), said = c.selection->text;
    bool by_text = !said.empty() && said != cut && count(without_cr(s), said) == 1;
    if (by_text) cut = said;
    if (!cut.empty()) {
      mode = "REFACTOR";
      w.key("selection").begin_object();
      if (!by_text) {
        w.key("start").integer(text::utf16_length(s.substr(0, from)));
        w.key("end").integer(text::utf16_length(s.substr(0, to)));
      }
      w.key("text").string(cut).key("source").string(by_text ? "text" : "offsets").end_object();
    }
  }
  if (mode != "REFACTOR") w.key("selection").null();
  w.key("mode").string(mode);
}

void describe_f0(json::writer& w, const request& r) {
  static constexpr string_view kSources[] = {"none", "fz_context", "files"};
  const context& c = r.context;
  w.key("f0").begin_object();
  w.key("project_id").string(r.project_id.empty() ? "default" : r.project_id);
  text_or_null(w, "workspace_id", r.workspace_id);
  w.key("ide_type").string(r.ide_type.empty() ? "continue" : r.ide_type);
  w.key("context_source").string(kSources[int(c.from)]);
  w.key("files").begin_array();
  if (c.current) w.string(c.current->path);
  for (const file& f : c.open) w.string(f.path);
  w.end_array();
  string_view primary;
  if (c.current)
    primary = c.current->path;
  else if (c.from == context::source::files)
    primary = c.open.front().path;
  text_or_null(w, "primary_path", primary);
  describe_selection(w, c);
  w.end_object();
}

void describe_messages(json::writer& w, const request& r) {
  std::string system;
  const message* user = nullptr;
  size_t images = 0;
  w.key("roles").begin_array();
  for (const message& m : r.messages) {
    w.string(role_word(m.role));
    for (const part& p : m.parts) images += p.type == part::kind::image;
    if (m.role == role::user) user = &m;
    std::string s = m.role == role::system || m.role == role::developer ? m.text() : "";
    if (!s.empty()) system += (system.empty() ? "" : "\n\n") + s;
  }
  w.end_array();
  w.key("images").integer(images);
  text_or_null(w, "system_text", system);
  w.key("last_user_text");
  if (user)
    w.string(user->text());
  else
    w.null();
}

void describe_choice(json::writer& w, const request& r) {
  static constexpr string_view kWords[] = {"", "none", "auto", "required"};
  w.key("tool_choice");
  const tool_choice& c = r.tool_choice;
  if (c.type == tool_choice::kind::unset || c.type == tool_choice::kind::allowed)
    w.null();
  else if (c.type == tool_choice::kind::named)
    w.string(c.name);
  else
    w.string(kWords[int(c.type)]);
}

}  // namespace

std::string describe(const request& r) {
  static constexpr string_view kFormats[] = {"", "text", "json_object", "json_schema"};
  std::string out;
  json::writer w(out);
  w.begin_object();
  w.key("model").string(r.model).key("stream").boolean(r.stream);
  w.key("include_usage").boolean(r.include_usage).key("n").integer(1);
  describe_messages(w, r);
  w.key("max_output_tokens");
  if (r.max_output)
    w.integer(*r.max_output);
  else
    w.null();
  w.key("stop").begin_array();
  for (string_view s : r.stop) w.string(s);
  w.end_array();
  w.key("tools").begin_array();
  for (const tool& t : r.tools) w.string(t.name);
  w.end_array();
  describe_choice(w, r);
  text_or_null(w, "response_format", kFormats[int(r.response_format.type)]);
  describe_f0(w, r);
  std::vector<string_view> ignored;
  for (const json::member* m : r.root->unique_members()) {
    if (std::find(std::begin(kKnown), std::end(kKnown), m->key) == std::end(kKnown)) {
      ignored.push_back(m->key);
    }
  }
  std::sort(ignored.begin(), ignored.end());
  w.key("ignored").begin_array();
  for (string_view s : ignored) w.string(s);
  w.end_array().end_object();
  return out;
}

#endif

}  // namespace f0::api
