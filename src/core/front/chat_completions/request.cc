// Copyright (C) 2026 The f0 authors
//
// request.cc - reading chat completions requests: the fields without a file of
// their own, and for the tests what was understood.

#include "request.h"

#include <algorithm>

#include "../../base/text.h"
#include "request_reader.h"

namespace f0::front {

namespace {

constexpr size_t kMaxMetadata = 16;
constexpr size_t kMaxTwice = 1024;  // of which so many may repeat a key
constexpr size_t kMaxMetadataKey = 64;
constexpr size_t kMaxMetadataValue = 512;
constexpr size_t kMaxIdentifier = 64;
constexpr size_t kMaxBiases = 1024;
constexpr size_t kMaxModalities = 16;

}  // namespace

bool request_reader::logprobs() {
  return integer("top_logprobs", 0, 20) && want_bool(root_, "logprobs", top("logprobs"), nullptr);
}

bool request_reader::format() {
  using kind = chat::response_format::kind;
  path at = top("response_format");
  path type = at / "type";
  const value* v;
  string_view word;
  if (!want(root_, "response_format", json::kind::object, at, &v)) return false;
  if (!v) return true;
  if (!want_string(*v, "type", type, &word, true)) return false;
  chat::response_format& f = out_.response_format;
  if (word == "text") {
    f.type = kind::text;
  } else if (word == "json_object") {
    f.type = kind::json_object;
  } else if (word == "json_schema") {
    f.type = kind::json_schema;
    path inner = at / "json_schema";
    path at_name = inner / "name";
    const value* schema;
    if (!want(*v, "json_schema", json::kind::object, inner, &schema, true) ||
        !want_string(*schema, "name", at_name, &f.name, true)) {
      return false;
    }
    if (!is_name(f.name)) return wrong_value(at_name, f.name);
    f.description = schema->str("description");
    const value* strict = schema->get("strict");
    if (strict && strict->is_bool()) f.strict = strict->boolean();
    return want(*schema, "schema", json::kind::object, inner / "schema", &f.schema);
  } else {
    f.type = kind::other;
  }
  return true;
}

bool request_reader::metadata() {
  path at = top("metadata");
  const value* v;
  if (!want(root_, "metadata", json::kind::object, at, &v)) return false;
  if (!v) return true;
  std::vector<const json::member*> pairs;
  size_t n = v->size();
  if (n <= kMaxTwice) {
    pairs = v->unique_members();
    n = pairs.size();
  }
  if (n > kMaxMetadata) return too_many(at, kMaxMetadata, n);
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

bool request_reader::modalities() {
  path at = top("modalities");
  const value* list;
  if (!want(root_, "modalities", json::kind::array, at, &list)) return false;
  if (!list) return true;
  if (list->size() > kMaxModalities) return too_long(at, "array", kMaxModalities, list->size());
  size_t j = 0;
  for (const value& m : *list) {
    path p = element(at, j++);
    if (!m.is_string()) return wrong_type(p, "a string", m);
    if (m.text() == "audio") {
      return fail("unsupported_value", "modalities",
                  "Unsupported value: 'modalities' does not support 'audio' with this model.");
    }
  }
  return true;
}

bool request_reader::other_options() {
  path at = top("safety_identifier");
  string_view identifier;
  // Which words there are is for the provider to say: check_dialect().
  if (!want_string(root_, "reasoning_effort", top("reasoning_effort"), &out_.reasoning_effort) ||
      !want_string(root_, "verbosity", top("verbosity"), nullptr) ||
      !want_string(root_, "service_tier", top("service_tier"), nullptr) || !metadata() ||
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
    if (v && key == "logit_bias" && v->size() > kMaxBiases) {
      return too_many(top(key), kMaxBiases, v->size());
    }
  }
  return true;
}

bool request_reader::read() {
  if (!model() || !messages() || !sampling() || !logprobs() || !stream() || !stops("stop") ||
      !tools() || !functions() || !choice() ||
      !want_bool(root_, "parallel_tool_calls", top("parallel_tool_calls"),
                 &out_.parallel_tool_calls) ||
      !format() || !other_options() || !read_f0_fields(root_, out_, bad_)) {
    return false;
  }
  note_places();
  return true;
}

bool read_request(const json::value& root, request& out, bad_request& bad) {
  return request_reader(root, out, bad).read();
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
  static constexpr string_view kFormats[] = {"", "text", "json_object", "json_schema", "other"};
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

}  // namespace f0::front
