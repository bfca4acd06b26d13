// Copyright (C) 2026 The f0 authors
//
// request_checks.cc - checks of the reading of requests: the corpus of the wire
// reference with its expectations, and what it does not hold.

#include "request_checks.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "core/chat/request.h"
#include "core/front/chat_completions/request.h"
#include "core/front/models.h"
#include "core/json/json.h"
#include "wrong.h"

using std::string_view;
namespace chat = f0::chat;
namespace front = f0::front;
namespace fs = std::filesystem;
namespace json = f0::json;

namespace {

std::string slurp(const fs::path& p) {
  std::ifstream f(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(f), {}};
}

// A body; in a way that large ones are read too.
struct reading {
  std::string text;
  json::document doc;
  chat::request request;
  chat::bad_request bad;
  bool ok = false;

  explicit reading(string_view body, bool large = false) : text(body) {
    json::limits l;
    l.skip_bom = l.borrow = l.in_place = true;
    if (large) l.eager = 0;
    const json::value* root = doc.parse(text, l);
    ok = root && front::read_request(*root, request, bad);
  }

  // The facts, or the error in the words of the expect files.
  std::string outcome() const {
    if (ok) return front::describe(request);
    std::string out;
    json::writer w(out);
    w.begin_object().key("status").integer(bad.status).key("type").string(bad.type);
    w.key("code");
    if (bad.code.empty())
      w.null();
    else
      w.string(bad.code);
    w.key("param");
    if (bad.param.empty())
      w.null();
    else
      w.string(bad.param);
    w.end_object();
    return out;
  }
};

// Long texts stand in the expect files as a digest: head, tail and size are
// compared.
bool same_digest(const json::value& want, const json::value& got) {
  string_view s = got.text(), head = want.str("head"), tail = want.str("tail");
  return got.is_string() && int64_t(s.size()) == want.get("bytes")->integer() &&
         s.substr(0, head.size()) == head && s.substr(s.size() - tail.size()) == tail;
}

// What |want| holds must be in |got|; "" or the place that differs.
std::string missing_from(const json::value& want, const json::value& got, const std::string& at) {
  if (want.is_object() && want.get("sha256")) return same_digest(want, got) ? "" : at;
  if (want.type != got.type) return at;
  if (want.is_object()) {
    for (const json::member* m : want.unique_members()) {
      std::string name = at + "." + std::string(m->key);
      const json::value* v = got.get(m->key);
      std::string place = v ? missing_from(m->val, *v, name) : name;
      if (!place.empty()) return place;
    }
    return "";
  }
  if (want.is_array()) {
    if (want.size() != got.size()) return at;
    for (size_t i = 0; i < want.size(); i++) {
      std::string place = missing_from(want[i], got[i], at + "[" + std::to_string(i) + "]");
      if (!place.empty()) return place;
    }
    return "";
  }
  std::string a, b;
  json::append_value(a, want);
  json::append_value(b, got);
  return a == b ? "" : at + ": " + b + ", want " + a;
}

const char* check_file(const fs::path& file, bool large) {
  std::string body = slurp(file);
  std::string expect_text = slurp(fs::path(file).replace_extension(".expect.json"));
  json::document expect_doc, got_doc;
  const json::value* expect = expect_doc.parse(expect_text);
  if (!expect) return wrong(file.string() + ": no expectation");
  reading r(body, large);
  std::string outcome = r.outcome();
  if (r.ok != expect->get("accept")->boolean()) return wrong(file.string() + ": " + outcome);
  const json::value* got = got_doc.parse(outcome);
  std::string place = missing_from(*expect->get(r.ok ? "facts" : "error"), *got, "");
  return place.empty() ? nullptr : wrong(file.string() + ": " + place);
}

template <typename F>
const char* each_file(F check) {
  size_t n = 0;
  for (const auto& entry : fs::directory_iterator("t/wire/requests")) {
    std::string name = entry.path().filename();
    if (name.find(".expect.json") != std::string::npos) continue;
    n++;
    if (const char* w = check(entry.path())) return w;
  }
  return n > 100 ? nullptr : "the corpus is not there";
}

// |fields| behind a message: {"messages":[...],FIELDS}
std::string body_with(string_view fields) {
  std::string out = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
  if (!fields.empty()) out += ",";
  return out.append(fields) + "}";
}

std::string body_of(string_view messages) {
  return "{\"messages\":[" + std::string(messages) + "]}";
}

// The error of a body as "code param", or "accepted".
std::string error_of(const std::string& body) {
  reading r(body);
  if (r.ok) return "accepted";
  return (r.bad.code.empty() ? "null" : r.bad.code) + " " + r.bad.param;
}

struct refusal {
  std::string body;
  string_view want;
};

const char* expect_errors(std::initializer_list<refusal> list) {
  for (const refusal& c : list) {
    std::string got = error_of(c.body);
    if (got != c.want)
      return wrong(c.body.substr(0, 300) + ": " + got + ", want " + std::string(c.want));
  }
  return nullptr;
}

}  // namespace

const char* request_check_corpus() {
  return each_file([](const fs::path& p) { return check_file(p, false); });
}

const char* request_check_large() {
  return each_file([](const fs::path& p) { return check_file(p, true); });
}

const char* request_check_errors() {
  return expect_errors({
      {"[]", "null "},
      {body_with("\"model\":null"), "accepted"},
      {body_with("\"temperature\":2.1"), "decimal_above_max_value temperature"},
      {body_with("\"temperature\":true"), "invalid_type temperature"},
      {body_with("\"temperature\":1e400"), "decimal_above_max_value temperature"},
      {body_with("\"frequency_penalty\":-2.01"), "decimal_below_min_value frequency_penalty"},
      {body_with("\"seed\":9223372036854775808"), "integer_above_max_value seed"},
      {body_with("\"seed\":-9223372036854775809"), "integer_below_min_value seed"},
      {body_with("\"seed\":1.0"), "invalid_type seed"},
      {body_with("\"max_completion_tokens\":0"), "integer_below_min_value max_completion_tokens"},
      {body_with("\"stream\":true,\"stream_options\":{\"include_usage\":1}"),
       "invalid_type stream_options.include_usage"},
      {body_with("\"stop\":[null]"), "invalid_type stop[0]"},
      {body_with("\"response_format\":{}"), "missing_required_parameter response_format.type"},
      {body_with("\"response_format\":{\"type\":1}"), "invalid_type response_format.type"},
      {body_with("\"response_format\":{\"type\":\"json_schema\"}"),
       "missing_required_parameter response_format.json_schema"},
      {body_with("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}"),
       "missing_required_parameter response_format.json_schema.name"},
      {body_with("\"modalities\":[\"text\",\"audio\"]"), "unsupported_value modalities"},
      {body_with("\"verbosity\":1"), "invalid_type verbosity"},
      {body_with("\"service_tier\":[]"), "invalid_type service_tier"},
      {body_with("\"reasoning_effort\":2"), "invalid_type reasoning_effort"},
      {body_with("\"modalities\":[\"text\",\"audio\"]"), "unsupported_value modalities"},
      {body_with("\"modalities\":[\"image\",3]"), "invalid_type modalities[1]"},
      {body_with("\"metadata\":[]"), "invalid_type metadata"},
      {body_with("\"logit_bias\":[]"), "invalid_type logit_bias"},
      {body_with("\"prediction\":\"x\""), "invalid_type prediction"},
      {body_with("\"parallel_tool_calls\":\"no\""), "invalid_type parallel_tool_calls"},
      {"{\"input\":\"hi\",\"model\":\"m\"}", "missing_required_parameter messages"},
      {body_of("{\"role\":\"user\",\"content\":[]}"), "empty_array messages[0].content"},
      {body_of("{\"role\":\"user\",\"content\":[\"x\"]}"), "invalid_type messages[0].content[0]"},
      {body_of("{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{}]}"),
       "missing_required_parameter messages[0].tool_calls[0].id"},
      {body_of("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[]}"),
       "invalid_type messages[0].content"},
      {body_of("{\"role\":\"assistant\",\"content\":null,\"refusal\":\"no\"}"), "accepted"},
      {body_of("{\"role\":\"assistant\",\"content\":null,\"refusal\":5}"),
       "invalid_type messages[0].refusal"},
      {body_of("{\"role\":\"function\",\"content\":\"1\"}"),
       "missing_required_parameter messages[0].name"},
      {body_of("{\"role\":\"user\",\"content\":\"x\",\"name\":1}"),
       "invalid_type messages[0].name"},
      {body_of("{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\"}}"),
       "missing_required_parameter messages[0].function_call.arguments"},
  });
}

static std::string many(size_t n, const std::string& one) {
  std::string out;
  for (size_t i = 0; i < n; i++) out += (i ? "," : "") + one;
  return out;
}

const char* request_check_messages_of_errors() {
  struct {
    std::string body;
    string_view want;
  } cases[] = {
      {"{}", "Missing required parameter: 'messages'."},
      {"{\"messages\":\"hi\"}",
       "Invalid type for 'messages': expected an array of objects, but got a string instead."},
      {body_of("{\"role\":\"robot\",\"content\":\"x\"}"),
       "Invalid value: 'robot'. Supported values are: 'system', 'assistant', 'user', 'function', "
       "'tool', "
       "and 'developer'."},
      {body_with("\"n\":130"),
       "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 130 instead."},
      {"{\"messages\":[]}",
       "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty "
       "array "
       "instead."},
      {body_with("\"stream_options\":{}"),
       "The 'stream_options' parameter is only allowed when 'stream' is enabled."},
      {body_with("\"tool_choice\":\"some\""),
       "Invalid value: 'some'. Supported values are: 'none', 'auto', and 'required'."},
      {body_with("\"stop\":[" + many(65, "\"a\"") + "]"),
       "Invalid 'stop': array too long. Expected an array with maximum length 64, but got an array "
       "with length 65 instead."},
      {body_with("\"stop\":\"" + std::string(8193, 'a') + "\""),
       "Invalid 'stop': sequences too long. Expected at most 8192 bytes in all, but got 8193 "
       "instead."},
  };
  for (const auto& c : cases) {
    reading r(c.body);
    if (r.bad.message != c.want) return wrong(r.bad.message);
  }
  // A wrong value is quoted, but not at any length.
  reading r(body_of("{\"role\":\"" + std::string(100000, 'r') + "\",\"content\":\"x\"}"));
  return r.bad.message.size() < 300 ? nullptr : "a long message";
}

const char* request_check_limits() {
  std::string message = "{\"role\":\"user\",\"content\":\"x\"}";
  std::string tool = "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}";
  std::string text = "{\"type\":\"text\",\"text\":\"\"}";
  std::string use = "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\"}";
  std::string result = "{\"type\":\"tool_result\",\"tool_use_id\":\"a\"}";
  std::string pairs;
  for (int i = 0; i < 17; i++) pairs += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"v\"";
  return expect_errors({
      {body_of(many(4096, message)), "accepted"},
      {body_of(many(4097, message)), "array_above_max_length messages"},
      {body_with("\"tools\":[" + many(128, tool) + "]"), "accepted"},
      {body_with("\"tools\":[" + many(129, tool) + "]"), "array_above_max_length tools"},
      {body_with("\"metadata\":{" + pairs + "}"), "object_above_max_properties metadata"},
      {body_with("\"metadata\":{\"a\":\"" + std::string(512, 'v') + "\"}"), "accepted"},
      {body_with("\"metadata\":{\"a\":\"" + std::string(513, 'v') + "\"}"),
       "string_above_max_length metadata.a"},
      {body_with("\"metadata\":{\"" + std::string(65, 'k') + "\":\"v\"}"),
       "string_above_max_length metadata"},
      {body_with("\"safety_identifier\":\"" + std::string(65, 'i') + "\""),
       "string_above_max_length safety_identifier"},
      {body_with("\"model\":\"" + std::string(256, 'm') + "\""), "accepted"},
      {body_with("\"model\":\"" + std::string(257, 'm') + "\""), "string_above_max_length model"},
      {body_with("\"stop\":[" + many(64, "\"a\"") + "]"), "accepted"},
      {body_with("\"stop\":[" + many(65, "\"a\"") + "]"), "array_above_max_length stop"},
      {body_with("\"stop\":[\"" + std::string(8192, 'a') + "\"]"), "accepted"},
      {body_with("\"stop\":[\"" + std::string(8192, 'a') + "\",\"b\"]"),
       "string_above_max_length stop"},
      {body_with("\"modalities\":[" + many(17, "\"text\"") + "]"),
       "array_above_max_length modalities"},
      {body_with("\"logit_bias\":{" + many(1025, "\"1\":1") + "}"),
       "object_above_max_properties logit_bias"},
      {body_with(
           "\"tools\":[" + tool +
           "],\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\","
           "\"tools\":[" +
           many(129, tool) + "]}}"),
       "array_above_max_length tool_choice.allowed_tools.tools"},
      // Blocks of Anthropic's count as what they stand for.
      {body_of("{\"role\":\"assistant\",\"content\":[" + many(129, use) + "]}"),
       "array_above_max_length messages[0].tool_calls"},
      {body_of(many(65, "{\"role\":\"assistant\",\"content\":[" + many(128, use) +
                            "]},{\"role\":\"user\",\"content\":[" + result + "]}")),
       "array_above_max_length messages[128].tool_calls"},
      {body_of("{\"role\":\"assistant\",\"content\":[" + use + "]}," +
               many(3, "{\"role\":\"user\",\"content\":[" + many(2000, result) + "]}")),
       "array_above_max_length messages"},
  });
}

const char* request_check_tools() {
  const std::string f = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
  const char* w = expect_errors({
      {body_with("\"tools\":[{\"type\":\"function\"}]"),
       "missing_required_parameter tools[0].function"},
      {body_with("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"a b\"}}]"),
       "invalid_value tools[0].custom.name"},
      {body_with("\"tools\":[{\"name\":\"f\"}]"), "missing_required_parameter tools[0].type"},
      {body_with(f + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}}"),
       "null tool_choice"},
      {body_with(f + ",\"tool_choice\":{\"type\":\"allowed_tools\"}"),
       "missing_required_parameter tool_choice.allowed_tools"},
      {body_with(f +
                 ",\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"any\","
                 "\"tools\":[]}}"),
       "invalid_value tool_choice.allowed_tools.mode"},
      {body_with("\"functions\":[{\"name\":\"f\"}],\"function_call\":{\"name\":\"g\"}"),
       "null function_call"},
      {body_with("\"functions\":[{\"name\":\"f\"}],\"function_call\":\"required\""),
       "invalid_value function_call"},
      {body_with("\"functions\":[{}]"), "missing_required_parameter functions[0].name"},
  });
  if (w) return w;
  reading old(body_with(
      "\"functions\":[{\"name\":\"f\",\"description\":\"d\"}],\"function_call\":{\"name\":\"f\"}"));
  if (!old.ok || old.request.tools.size() != 1 || old.request.tools[0].description != "d" ||
      old.request.tool_choice.type != chat::tool_choice::kind::named ||
      old.request.tool_choice.name != "f") {
    return "functions are not tools";
  }
  reading allowed(body_with(
      f +
      ",\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":"
      "\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}"));
  const chat::tool_choice& c = allowed.request.tool_choice;
  if (!allowed.ok || c.type != chat::tool_choice::kind::allowed || !c.allowed_required ||
      c.allowed.size() != 1 || c.allowed[0] != "f") {
    return "allowed_tools";
  }
  return nullptr;
}

// Anthropic's shapes inside of chat messages.
const char* request_check_foreign() {
  auto r = std::make_unique<reading>(
      "{\"messages\":[{\"role\":\"user\",\"content\":\"go\"},"
      "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"I look\"},"
      "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"ls\",\"input\":{\"a\": 1}},"
      "{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"pwd\"}]},"
      "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t2\","
      "\"content\":\"/\"},"
      "{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":[{\"type\":\"text\",\"text\":"
      "\"x\"}]},"
      "{\"type\":\"text\",\"text\":\"and now?\"}]}],"
      "\"tools\":[{\"name\":\"ls\",\"description\":\"lists\",\"input_schema\":{\"type\":\"object\"}"
      "}]}");
  if (!r->ok) return wrong(r->bad.param + " " + r->bad.message);
  const chat::request moved = std::move(r->request);
  const auto& m = moved.messages;
  if (m.size() != 5 || m[1].tool_calls.size() != 2 || m[1].source || m[1].text() != "I look") {
    return "the assistant's turn";
  }
  if (m[1].tool_calls[0].arguments != "{\"a\":1}" || m[1].tool_calls[1].arguments != "{}")
    return "arguments";
  if (m[2].role != chat::role::tool || m[2].tool_call_id != "t2" || m[2].text() != "/" ||
      m[3].tool_call_id != "t1" || m[3].text() != "x") {
    return "the results";
  }
  if (m[4].role != chat::role::user || m[4].text() != "and now?")
    return "the rest of the user's turn";
  if (moved.tools.size() != 1 || !moved.tools[0].foreign || !moved.tools[0].parameters)
    return "the tool";
  return expect_errors({
      {body_of(
           "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\"}]}"),
       "null messages.[0].role"},
      {body_of("{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\"}]}"),
       "missing_required_parameter messages[0].content[0].name"},
  });
}

const char* request_check_context() {
  const std::string file = "{\"path\":\"a.ts\",\"content\":\"abc\"";
  auto with = [&](const std::string& in_file, const std::string& beside) {
    return body_with("\"fz_context\":{\"currentFile\":" + file + in_file + "}" + beside + "}");
  };
  const char* w = expect_errors({
      {with(",\"isOpen\":1", ""), "invalid_type fz_context.currentFile.isOpen"},
      {with(",\"allowEdit\":\"no\"", ""), "invalid_type fz_context.currentFile.allowEdit"},
      {with(",\"selection\":[0,1]", ""), "invalid_type fz_context.currentFile.selection"},
      {with("", ",\"selection\":{\"startOffset\":0}"),
       "missing_required_parameter fz_context.selection.endOffset"},
      {with("", ",\"openFiles\":[{\"path\":\"\",\"content\":\"\"}]"),
       "invalid_value fz_context.openFiles[0].path"},
      {with("", ",\"openFiles\":[{\"path\":\"b\"}]"),
       "missing_required_parameter fz_context.openFiles[0].content"},
      {body_with("\"files\":[5]"), "invalid_type files[0]"},
      {body_with("\"projectId\":5"), "invalid_type projectId"},
      {body_with("\"fz_context\":{\"selection\":5}"), "accepted"},
  });
  if (w) return w;
  reading own(
      with(",\"selection\":{\"start\":-9,\"end\":99999999999999999999,\"text\":\"b\"},"
           "\"allowEdit\":false",
           ",\"selection\":{\"startOffset\":0,\"endOffset\":1}"));
  const chat::context& c = own.request.context;
  if (!own.ok || !c.selection || c.selection->start != -9 || c.selection->end != INT64_MAX ||
      c.selection->text != "b" || c.selection->desktop || c.current->allow_edit != false ||
      c.current->is_open.has_value()) {
    return "the file's own selection";
  }
  reading desktop(with("", ",\"selection\":{\"path\":\"a.ts\",\"startOffset\":0,\"endOffset\":2}"));
  if (!desktop.request.context.selection || !desktop.request.context.selection->desktop) {
    return "the desktop's selection";
  }
  reading other(with("", ",\"selection\":{\"path\":\"b.ts\",\"startOffset\":0,\"endOffset\":2}"));
  if (!other.ok || other.request.context.selection) return "another file's selection";
  reading empty(body_with("\"fz_context\":{},\"files\":[" + file + "}],\"workspaceId\":\"w\""));
  if (empty.request.context.from != chat::context::source::fz_context ||
      !empty.request.context.open.empty() || !empty.request.has_project) {
    return "an empty fz_context";
  }
  return nullptr;
}

const char* request_check_words() {
  const char* w = expect_errors({
      {body_with("\"fz_mode\":\"paint\""), "invalid_value fz_mode"},
      {body_with("\"fz_mode\":1"), "invalid_type fz_mode"},
      {body_with("\"fz_edit_format\":\"ed\""), "invalid_value fz_edit_format"},
      {body_with("\"fz_stream\":true"), "invalid_type fz_stream"},
      {body_with("\"fz_stream\":{\"progress\":\"loud\"}"), "invalid_value fz_stream.progress"},
      {body_with("\"fz_stream\":{\"patches\":\"none\"}"), "invalid_value fz_stream.patches"},
      {body_with("\"fz_stream\":null,\"fz_mode\":null,\"fz_edit_format\":null"), "accepted"},
  });
  if (w) return w;
  reading r(
      body_with("\"fz_stream\":{\"progress\":\"event\",\"patches\":\"both\"},\"fz_mode\":\"apply\","
                "\"fz_edit_format\":\"apply_patch\""));
  if (!r.ok || r.request.fz_mode != "apply" || r.request.fz_edit_format != "apply_patch" ||
      !r.request.events_in_body ||
      r.request.events.progress != chat::stream_events::progress::event ||
      r.request.events.patches != chat::stream_events::patches::both) {
    return "the words are not kept";
  }
  return nullptr;
}

const char* request_check_header() {
  chat::stream_events e;
  front::read_stream_header(" progress = chunk ,patches=event", e);
  if (e.progress != chat::stream_events::progress::chunk ||
      e.patches != chat::stream_events::patches::event) {
    return "both words";
  }
  front::read_stream_header("progress=loud, x=y, patches, =, PATCHES=both;", e);
  if (e.progress != chat::stream_events::progress::chunk ||
      e.patches != chat::stream_events::patches::both) {
    return "unknown words";
  }
  front::read_stream_header("", e);
  return nullptr;
}

const char* request_check_models() {
  std::string out;
  front::append_model_list(out, {"f0-code-agent", "a/b\"c"}, front::model_form::openai);
  return out == "{\"object\":\"list\",\"data\":[{\"id\":\"f0-code-agent\",\"object\":\"model\","
                "\"created\":1732665600,"
                "\"owned_by\":\"f0\"},{\"id\":\"a/"
                "b\\\"c\",\"object\":\"model\",\"created\":1732665600,"
                "\"owned_by\":\"f0\"}]}"
             ? nullptr
             : wrong(out);
}
