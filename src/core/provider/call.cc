// Copyright (C) 2026 The f0 authors
//
// call.cc - what all encoders share, and the raw lane.

#include "call.h"

#include <algorithm>
#include <charconv>

#include "../base/text.h"
#include "completion/completion.h"
#include "encode_parts.h"

namespace f0::dialect {

namespace {

using json::value;

// The end of the string that begins behind the quote at |i|: its closing quote.
size_t string_end(string_view s, size_t i) {
  for (;;) {
    i = text::find_quote_or_escape(s, std::min(i, s.size()));
    if (i == s.size() || s[i] == '"') return i;
    i += 2;
  }
}

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

size_t skip_white(string_view s, size_t i) {
  while (i < s.size() && is_white(s[i])) i++;
  return i;
}

// The end of the value at |i|.
size_t value_end(string_view s, size_t i) {
  size_t depth = 0;
  for (; i < s.size(); i++) {
    char c = s[i];
    if (c == '"') {
      i = string_end(s, i + 1);
    } else if (c == '{' || c == '[') {
      depth++;
    } else if (c == '}' || c == ']' || c == ',') {
      if (depth == 0) return i;
      if (c != ',') depth--;
    }
    if (depth == 0 && (c == '"' || c == '}' || c == ']')) return i + 1;
  }
  return s.size();
}

// About as much as the body will take: a large one is not to be copied from
// buffer to buffer while it grows.
size_t estimate(const call& c) {
  size_t n = c.request->prompt.size() + c.request->suffix.size();
  for (const chat::message& m : *c.messages) {
    for (const chat::part& p : m.parts) n += p.text.size() + p.url.size() + p.file_data.size();
    for (const chat::tool_call& t : m.tool_calls) n += t.arguments.size();
  }
  return n + n / 8 + 4096;
}

bool is_model_key(string_view raw) {
  if (raw.find('\\') == string_view::npos) return raw == "model";
  json::document doc;
  const value* key = doc.parse("\"" + std::string(raw) + "\"");
  return key && key->text() == "model";
}

}  // namespace

std::vector<state> states_of(id dialect) {
  switch (dialect) {
    case id::openai:
      return {state::extra, state::details};
    case id::anthropic:
      return {state::thinking};
    case id::gemini:
      return {state::extra};
    case id::responses:
      return {state::reasoning};
    case id::ollama:
      break;
  }
  return {};
}

void append_arguments(std::string& out, string_view text) {
  if (text::is_blank(text)) {
    out += "{}";
    return;
  }
  json::document doc;
  const value* v = doc.parse(text);
  if (v && v->is_object()) {
    json::append_value(out, *v);
    return;
  }
  json::writer(out).begin_object().key("_raw").string(text).end_object();
}

std::vector<const chat::tool*> offered_tools(const call& c, bool filter) {
  std::vector<const chat::tool*> out;
  if (!c.client_tools) return out;
  const chat::tool_choice& choice = c.request->tool_choice;
  filter = filter && choice.type == chat::tool_choice::kind::allowed;
  for (const chat::tool& t : c.request->tools) {
    if (filter &&
        std::find(choice.allowed.begin(), choice.allowed.end(), t.name) == choice.allowed.end()) {
      continue;
    }
    out.push_back(&t);
  }
  return out;
}

void append_schema(std::string& out, const chat::tool& t) {
  if (t.parameters && t.parameters->size() > 0) {
    json::append_value(out, *t.parameters);
  } else {
    out += "{\"type\":\"object\",\"properties\":{}}";
  }
}

chat::tool_choice::kind choice_of(const call& c, const std::vector<const chat::tool*>& tools) {
  return tools.empty() ? chat::tool_choice::kind::unset : c.request->tool_choice.type;
}

std::optional<int64_t> output_limit(const call& c) {
  std::optional<int64_t> n = c.request->max_output;
  if (n && c.options.max_output > 0) n = std::min(*n, c.options.max_output);
  return n;
}

void append_number(json::writer& w, string_view key, const call& c, string_view field,
                   const std::optional<double>& n) {
  if (!n) return;
  const value* v = c.request->root ? c.request->root->get(field) : nullptr;
  if (v && v->is_number()) {
    w.key(key).raw(v->text());
    return;
  }
  char buffer[32];
  auto [end, ec] = std::to_chars(buffer, buffer + sizeof(buffer), *n);
  if (ec == std::errc()) w.key(key).raw({buffer, size_t(end - buffer)});
}

void lose_options(const call& c, std::span<const string_view> taken, encoded& out) {
  for (const chat::option& o : c.request->options) {
    if (std::find(taken.begin(), taken.end(), o.key) == taken.end()) out.dropped.push_back(o.at);
  }
}

void encode(id d, const call& c, encoded& out) {
  if (c.path.empty()) {
    default_path(d, c.model, c.stream, out.path, out.args);
  } else {
    out.path = c.path;
  }
  const char* accept = !c.stream         ? "application/json"
                       : d == id::ollama ? "application/x-ndjson"
                                         : "text/event-stream";
  out.headers.emplace_back("content-type", "application/json");
  out.body.reserve(estimate(c));
  out.headers.emplace_back("accept", accept);
  const chat::request& r = *c.request;
  // A chat request goes to its like as it came.
  if (d != id::openai || r.translated || !c.verbatim) out.dropped.append(r.dropped);
  if (effort_of(c).empty()) lose(c, chat::member::effort, out);
  if (c.request->completion) return encode_completion(d, c, out);
  switch (d) {
    case id::openai:
      encode_openai(c, out);
      break;
    case id::anthropic:
      out.headers.emplace_back("anthropic-version", "2023-06-01");
      encode_anthropic(c, out);
      break;
    case id::gemini:
      encode_gemini(c, out);
      break;
    case id::ollama:
      encode_ollama(c, out);
      break;
    case id::responses:
      encode_responses(c, out);
      break;
  }
}

std::string replace_model(string_view body, string_view model) {
  constexpr string_view kBom = "\xEF\xBB\xBF";
  if (body.substr(0, 3) == kBom) body.remove_prefix(3);
  std::string quoted;
  json::append_string(quoted, model);
  std::string out;
  out.reserve(body.size() + quoted.size() + 16);
  size_t i = body.find('{');
  if (i == string_view::npos) return std::string(body);
  size_t first = ++i, done = 0;
  bool found = false;
  for (;;) {
    i = skip_white(body, i);
    if (i >= body.size() || body[i] != '"') break;
    size_t end = string_end(body, i + 1);
    bool hit = is_model_key(body.substr(i + 1, end - i - 1));
    i = skip_white(body, end + 1);  // the colon
    i = skip_white(body, i + 1);
    end = value_end(body, i);
    if (hit) {
      while (end > i && is_white(body[end - 1])) end--;
      out.append(body.substr(done, i - done));
      out += quoted;
      done = end;
      found = true;
    }
    i = skip_white(body, end);
    if (i >= body.size() || body[i] != ',') break;
    i++;
  }
  if (!found) {
    out.append(body.substr(0, first));
    out += "\"model\":" + quoted;
    size_t next = skip_white(body, first);
    if (next < body.size() && body[next] != '}') out += ',';
    done = first;
  }
  out.append(body.substr(done));
  return out;
}

void default_path(id d, string_view model, bool stream, std::string& path, std::string& args) {
  args.clear();
  switch (d) {
    case id::openai:
      path = "v1/chat/completions";
      break;
    case id::anthropic:
      path = "v1/messages";
      break;
    case id::gemini:
      path = "v1beta/models/" + text::percent_encode(model) +
             (stream ? ":streamGenerateContent" : ":generateContent");
      if (stream) args = "alt=sse";
      break;
    case id::ollama:
      path = "api/chat";
      break;
    case id::responses:
      path = "v1/responses";
      break;
  }
}

}  // namespace f0::dialect
