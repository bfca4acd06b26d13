// Copyright (C) 2026 The f0 authors

#include "responses_front_checks.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/chat/envelope.h"
#include "core/front/chat_completions/request.h"
#include "core/front/responses/responses.h"
#include "core/json/json.h"
#include "responses_oracle.h"
#include "wrong.h"

namespace {

using std::string_view;
namespace chat = f0::chat;
namespace front = f0::front;
namespace fs = std::filesystem;
namespace json = f0::json;
using responses_oracle::reader;
using what = chat::event::kind;

std::string slurp(const fs::path& p) {
  std::ifstream f(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(f), {}};
}

// ---- requests

struct reading {
  std::string text;
  json::document doc;
  chat::request request;
  chat::bad_request bad;
  bool ok = false;

  explicit reading(string_view body, bool chat_form = false) : text(body) {
    const json::value* root = doc.parse(text);
    if (!root) return;
    ok = chat_form ? front::read_request(*root, request, bad)
                   : front::kResponses.read(*root, request, bad);
  }
  // As those hear it that speak another API.
  bool refused() const { return !ok || request.own_form_only; }
  const chat::bad_request& why() const { return ok ? *request.own_form_only : bad; }
};

std::string shown(const json::value* v) {
  std::string out;
  if (v) json::append_value(out, *v);
  return out;
}

void show_message(std::string& out, const chat::message& m) {
  for (const chat::part& p : m.parts) {
    if (p.type == chat::part::kind::image) {
      out += "[" + std::string(p.url) + " " + std::string(p.detail) + "]\n";
    } else if (p.type == chat::part::kind::file) {
      out += "[" + std::string(p.filename) + " " + std::string(p.file_data) + "]\n";
    } else {
      out += std::string(p.text) + "\n";
    }
  }
  for (const chat::tool_call& c : m.tool_calls) {
    out += "call " + std::string(c.id) + " " + std::string(c.name) + " " +
           std::string(c.arguments) + "\n";
  }
}

// What was understood of it; |loose|: of tools only their names.
std::string show(const chat::request& r, bool loose = false) {
  static constexpr string_view kChoices[] = {"", "none", "", "required", "named", "allowed"};
  std::string out;
  const chat::message* before = nullptr;
  for (const chat::message& m : r.messages) {
    // Neighbours of one kind say the same as one message.
    if (!before || before->role != m.role || m.role == chat::role::tool) {
      out += "<" + std::string(chat::role_word(m.role)) + " " + std::string(m.tool_call_id) + ">\n";
    }
    show_message(out, m);
    before = &m;
  }
  for (const chat::tool& t : r.tools) {
    out += "tool " + std::string(t.name);
    if (!loose) out += " " + std::string(t.description) + " " + shown(t.parameters);
    out += '\n';
  }
  out += "choice " + std::string(kChoices[size_t(r.tool_choice.type)]) + " " +
         std::string(r.tool_choice.name) + "\n";
  out += "format " + std::to_string(int(r.response_format.type)) + " " +
         shown(r.response_format.schema) + "\n";
  const auto number = [&](const char* name, const auto& n) {
    if (n) out += name + std::to_string(*n) + "\n";
  };
  number("temperature ", r.temperature);
  number("top_p ", r.top_p);
  number("limit ", r.max_output);
  if (r.parallel_tool_calls == false) out += "serial\n";
  if (r.stream) out += "stream\n";
  return out;
}

const char* check_accepted(const std::string& name, const reading& r, const json::value& expect) {
  const reading means("{\"messages\":[]," + shown(expect.get("means")).substr(1), true);
  if (!means.ok) return wrong(name + ": its meaning is not read: " + means.bad.message);
  const bool loose = expect.get("loose") || name == "codex-turn";
  const std::string got = show(r.request, loose), want = show(means.request, loose);
  if (got != want && !r.request.own_form_only) {
    return wrong(name + ": " + got + "\nwant: " + want);
  }
  const json::value* by = expect.get("refused_by");
  const json::value* all = by && by->size() == 4 ? by->get("openai") : nullptr;
  if ((all != nullptr) != (r.request.own_form_only != nullptr)) return wrong(name + ": own form");
  if (all && r.request.own_form_only->param != all->str("param")) return wrong(name + ": param");
  const json::value* dropped = expect.get("dropped");
  const std::string list = r.request.dropped.header();
  if (dropped && dropped->is_array()) {
    for (const json::value& p : *dropped) {
      if (list.find(std::string(p.text()) + " (") == std::string::npos) {
        return wrong(name + ": dropped " + list);
      }
    }
  }
  return nullptr;
}

const char* check_file(const fs::path& file) {
  const std::string name = file.stem(),
                    text = slurp(fs::path(file).replace_extension(".expect.json"));
  json::document doc;
  const json::value* expect = doc.parse(text);
  if (!expect) return wrong(name + ": no expectation");
  const reading r(slurp(file));
  if (expect->get("accept")->boolean()) {
    if (!r.ok) return wrong(name + ": " + r.bad.param + " " + r.bad.message);
    return check_accepted(name, r, *expect);
  }
  if (!r.refused()) return wrong(name + ": accepted");
  const json::value& error = *expect->get("error");
  const json::value* param = error.get("param");
  if (r.text.size() < 5 || !param) return nullptr;
  const chat::bad_request& b = r.why();
  if (param->is_string() && param->text() != b.param) return wrong(name + ": param " + b.param);
  const string_view code = error.str("code");
  if (!code.empty() && code != b.code) return wrong(name + ": code " + b.code);
  return nullptr;
}

std::string body_with(string_view members) {
  std::string out = "{\"model\":\"m\",\"input\":\"x\"";
  if (!members.empty()) out += ",";
  return out.append(members) + "}";
}

std::string body_of(string_view items, string_view members = "") {
  std::string out = "{\"model\":\"m\",\"input\":[" + std::string(items) + "]";
  if (!members.empty()) out += ",";
  return out.append(members) + "}";
}

// The error of a body as "code param", or "accepted".
std::string error_of(const std::string& body) {
  const reading r(body);
  if (!r.refused()) return "accepted";
  return (r.why().code.empty() ? "null" : r.why().code) + " " + r.why().param;
}

constexpr string_view kUser = R"({"role":"user","content":"go"})";
constexpr string_view kCall =
    R"({"type":"function_call","call_id":"c1","name":"f","arguments":"{}"})";

std::string output(string_view id, string_view text) {
  return R"({"type":"function_call_output","call_id":")" + std::string(id) + R"(","output":")" +
         std::string(text) + "\"}";
}

std::string names_of(const reading& r) {
  std::string out;
  for (const chat::tool& t : r.request.tools) {
    out += std::string(t.name) + "=" + std::string(t.ns) + "." + std::string(t.client_name) + "=" +
           std::to_string(int(t.from)) + " ";
  }
  return out;
}

// ---- answers

chat::event text_event(what type, string_view s) {
  chat::event e{};
  e.type = type;
  e.text = s;
  return e;
}
chat::event call_event(int k, string_view id, string_view name, bool custom = false) {
  chat::event e{};
  e.type = what::call;
  e.number = k;
  e.id = id;
  e.name = name;
  e.custom = custom;
  return e;
}
chat::event arguments(int k, string_view s) {
  chat::event e = text_event(what::arguments, s);
  e.number = k;
  return e;
}
chat::event finish(chat::finish why) {
  chat::event e{};
  e.type = what::finish;
  e.why = why;
  return e;
}

constexpr string_view kTools = R"("tools":[{"type":"function","name":"f"},
  {"type":"custom","name":"patch","description":"d"},{"type":"tool_search","parameters":{}},
  {"type":"namespace","name":"ns","tools":[{"type":"function","name":"f"},
   {"type":"custom","name":"run"}]}])";

// A turn's writers, and what they wrote.
struct rig {
  reading asked;
  front::identity who{"0abc", 1754000000, "m"};
  f0::budget memory;
  std::unique_ptr<front::stream_writer> writer;
  std::unique_ptr<front::body_writer> body;
  std::string out;

  chat::envelopes sealed{"0123456789abcdef0123456789abcdef"}, sealed_too = sealed;

  explicit rig(const std::string& request = body_with(kTools), size_t limit = SIZE_MAX)
      : asked(request), memory(limit) {
    front::writer_options o{who, asked.request, 7, memory, &sealed};
    writer = front::kResponses.stream(o);
    o.envelopes = &sealed_too;
    body = front::kResponses.body(o);
  }
  void say(std::initializer_list<chat::event> events) {
    for (const chat::event& e : events) {
      writer->on(out, e);
      body->on(e);
    }
  }
  void done(const chat::usage& u = {}) {
    writer->done(out, u);
    body->usage(u);
  }
  std::string whole() const {
    std::string s;
    body->write(s);
    return s;
  }
};

std::string of_rig(rig& r, string_view end = "response.completed") {
  const reader got(r.out);
  if (!got.wrong.empty()) return got.wrong;
  if (got.end != end) return "it ended " + got.end;
  return "";
}

// The items: type|call_id|ns|name|text|sealed|status, one a line, without the end.
std::string items_of(const rig& r) {
  const reader got(r.out);
  if (!got.wrong.empty()) return got.wrong + "\n" + r.out;
  const std::string all = got.said();
  return all.substr(0, all.rfind('\n') + 1);
}

const char* expect_items(const rig& r, string_view want) {
  const std::string got = items_of(r);
  return got == want ? nullptr : wrong(got + "want\n" + std::string(want));
}

}  // namespace

// ---- requests

const char* responses_front_check_corpus() {
  size_t n = 0;
  for (const auto& entry : fs::directory_iterator("t/wire/requests-responses")) {
    if (entry.path().string().find(".expect.") != std::string::npos) continue;
    n++;
    if (const char* w = check_file(entry.path())) return w;
  }
  return n > 30 ? nullptr : "the corpus is not there";
}

const char* responses_front_check_refused() {
  const struct {
    std::string body, want;
  } cases[] = {
      {"{}", "missing_required_parameter input"},
      {"{\"input\":null}", "invalid_type input"},
      {"{\"input\":[]}", "empty_array input"},
      {"{\"input\":[1]}", "invalid_type input[0]"},
      {body_with("\"model\":1"), "invalid_type model"},
      {body_with("\"instructions\":[]"), "invalid_type instructions"},
      {body_with("\"temperature\":3"), "decimal_above_max_value temperature"},
      {body_with("\"max_output_tokens\":0"), "integer_below_min_value max_output_tokens"},
      {body_with("\"store\":1"), "invalid_type store"},
      {body_with("\"include\":\"x\""), "invalid_type include"},
      {body_with("\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}"),
       "missing_required_parameter text.format.name"},
      {body_with("\"tools\":[{\"name\":\"f\"}]"), "missing_required_parameter tools[0].type"},
      {body_with("\"tools\":[{\"type\":\"namespace\",\"name\":\"n\",\"tools\":[{\"type\":"
                 "\"custom\"}]}]"),
       "missing_required_parameter tools[0].tools[0].name"},
      {body_with("\"tool_choice\":\"required\""), "null tool_choice"},
      {body_with("\"tool_choice\":\"maybe\""), "invalid_value tool_choice"},
      {body_with("\"tool_choice\":1"), "invalid_type tool_choice"},
      {body_of(R"({"role":"user"})"), "missing_required_parameter input[0].content"},
      {body_of(R"({"role":"tool","content":"x"})"), "invalid_value input[0].role"},
      {body_of(R"({"role":"user","content":[{"type":"input_image","image_url":""}]})"),
       "invalid_value input[0].content[0].image_url"},
      {body_of(std::string(kCall) + R"(,{"type":"function_call_output","call_id":"c1"})"),
       "missing_required_parameter input[1].output"},
      {body_of(std::string(kUser) + "," + output("c9", "x")), "null input[1].call_id"},
      {body_of(R"({"type":"function_call","call_id":"c1","arguments":"{}"})"),
       "missing_required_parameter input[0].name"},
      {body_of(R"({"type":"additional_tools","tools":[{"type":"function"}]})"),
       "missing_required_parameter input[0].tools[0].name"},
      {body_with("\"fz_mode\":\"fly\""), "invalid_value fz_mode"},
  };
  for (const auto& c : cases) {
    const std::string got = error_of(c.body);
    if (got != c.want) return wrong(c.body + ": " + got + ", want " + c.want);
  }
  return nullptr;
}

// What only the same API can take is no fault where it speaks on both sides.
const char* responses_front_check_own_form() {
  const struct {
    std::string body, want;
  } cases[] = {
      {body_with("\"conversation\":\"conv_1\""), "unsupported_parameter conversation"},
      {body_with("\"conversation\":{\"id\":\"conv_1\"}"), "unsupported_parameter conversation"},
      {body_with("\"prompt\":{\"id\":\"p\"}"), "unsupported_parameter prompt"},
      {body_with("\"previous_response_id\":\"r\""), "unsupported_parameter previous_response_id"},
      {body_with("\"background\":true"), "unsupported_parameter background"},
      {body_with("\"text\":{\"format\":{\"type\":\"grammar\"}}"),
       "unsupported_value text.format.type"},
      {body_of(R"({"type":"item_reference","id":"msg_1"})"), "null input"},
      {body_of(R"({"role":"user","content":[{"type":"input_image","file_id":"f"}]})"),
       "unsupported_value input[0].content[0]"},
      {body_of(R"({"role":"user","content":[{"type":"input_file","file_url":"u"}]})"),
       "unsupported_value input[0].content[0]"},
      {body_with(R"("tools":[{"type":"web_search"}],"tool_choice":"required")"),
       "unsupported_value tool_choice"},
      {body_with(R"("tools":[{"type":"mcp"}],"tool_choice":{"type":"mcp","server_label":"s"})"),
       "unsupported_value tool_choice"},
  };
  for (const auto& c : cases) {
    const reading r(c.body);
    if (!r.ok) return wrong(c.body + ": refused in its own form: " + r.bad.message);
    const std::string got = error_of(c.body);
    if (got != c.want) return wrong(c.body + ": " + got + ", want " + c.want);
  }
  const reading named(body_of(R"({"type":"item_reference","id":"msg_77"})"));
  if (named.why().message.substr(0, 31) != "Item with id 'msg_77' not found") {
    return wrong(named.why().message);
  }
  for (const char* fine : {"\"background\":false", "\"previous_response_id\":null",
                           "\"store\":true", "\"tool_choice\":\"auto\""}) {
    if (error_of(body_with(fine)) != "accepted") return wrong(fine);
  }
  return nullptr;
}

const char* responses_front_check_dropped() {
  const reading r(body_of(
      R"({"type":"web_search_call","id":"w"},{"role":"user","content":"a"},)"
      R"({"type":"computer_call","call_id":"k"},)"
      R"({"type":"function_call_output","call_id":"k","output":"x"},)"
      R"({"type":"compaction","encrypted_content":"zz"},)"
      R"({"type":"additional_tools","tools":[{"type":"web_search"}]})",
      R"("tools":[{"type":"namespace","name":"n","tools":[{"type":"mcp"}]}],"truncation":"auto",)"
      R"("next_year":1,"nothing":null,"never":false,"store":true,"include":[],"stream":true,)"
      R"("metadata":{"a":"b"},"reasoning":{"effort":"low"},"projectId":"p")"));
  if (!r.ok) return wrong(r.bad.message);
  const std::string want =
      "tools[0].tools[0] (mcp), input[5].tools[0] (web_search), input[0] (web_search_call), "
      "input[2] (computer_call), input[3] (function_call_output), input[4] (compaction), "
      "truncation, next_year";
  if (r.request.dropped.header() != want) return wrong(r.request.dropped.header());
  if (r.request.messages.size() != 1 || r.request.project_id != "p") return "its meaning";
  if (r.request.options.size() != 1 || r.request.options[0].key != "metadata") return "options";
  if (r.request.reasoning_effort != "low" || !r.request.effort_by_leave) return "the effort";
  return r.request.places[chat::member::effort].first() == "reasoning.effort" ? nullptr : "places";
}

// A search that the client ran itself is a call, and what it found is offered.
const char* responses_front_check_found() {
  const std::string found =
      R"({"type":"tool_search_output","call_id":"s1","execution":"client","status":"completed",)"
      R"("tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f",)"
      R"("defer_loading":true}]},{"type":"function","name":"g"}]})";
  const std::string none = R"({"type":"tool_search_output","call_id":"s2","tools":[]})";
  const auto call = [](const std::string& id) {
    return R"({"type":"tool_search_call","id":"x","call_id":")" + id +
           R"(","status":"completed","execution":"client","arguments":{"query":"a b","limit":2}})";
  };
  const std::string tools = R"("tools":[{"type":"tool_search","execution":"client"}])";
  const reading r(body_of(
      std::string(kUser) + "," + call("s1") + "," + found + "," + call("s2") + "," + none, tools));
  if (!r.ok) return wrong(r.bad.message);
  if (!r.request.dropped.header().empty()) return wrong(r.request.dropped.header());
  if (names_of(r) != "tool_search=.tool_search=2 n__f=n.f=0 g=.=0 ") return wrong(names_of(r));
  std::string said;
  for (const chat::message& m : r.request.messages) show_message(said, m);
  const auto& messages = r.request.messages;
  if (messages.size() != 5 || messages[1].tool_calls.size() != 1 ||
      messages[1].tool_calls[0].id != "s1" || messages[1].tool_calls[0].name != "tool_search" ||
      messages[1].tool_calls[0].arguments != "{\"query\":\"a b\",\"limit\":2}" ||
      messages[2].tool_call_id != "s1") {
    return wrong(said);
  }
  if (messages[2].parts[0].text != "These tools were found and can be called now: n__f, g" ||
      messages[4].parts[0].text != "No tools were found.") {
    return wrong(said);
  }
  // One of the vendor's own has no call id.
  const reading theirs(body_of(
      std::string(kUser) +
      R"(,{"type":"tool_search_call","call_id":null,"arguments":{}},)"
      R"({"type":"tool_search_output","call_id":null,"tools":[{"type":"function","name":"h"}]})"));
  if (!theirs.ok || !names_of(theirs).empty()) return wrong(names_of(theirs));
  if (theirs.request.dropped.header() !=
      "input[1] (tool_search_call), input[2] (tool_search_output)") {
    return wrong(theirs.request.dropped.header());
  }
  if (error_of(body_of(std::string(kUser) + "," + none)) != "null input[1].call_id") {
    return "an output without its search";
  }
  const reading deferred(
      body_with(R"("tools":[{"type":"function","name":"f","defer_loading":true},)"
                R"({"type":"function","name":"g","defer_loading":false}])"));
  return deferred.ok && deferred.request.dropped.header() == "tools[0].defer_loading"
             ? nullptr
             : wrong(deferred.request.dropped.header());
}

const char* responses_front_check_names() {
  const std::string longest(60, 'n');
  const reading r(
      body_with(R"("tools":[{"type":"function","name":"a__b__c"},)"
                R"({"type":"namespace","name":"a","tools":[{"type":"function","name":"b__c"}]},)"
                R"({"type":"namespace","name":"a__b","tools":[{"type":"custom","name":"c"}]},)"
                R"({"type":"namespace","name":"a.b","tools":[{"type":"function","name":"c/d"}]},)"
                R"({"type":"namespace","name":")" +
                longest +
                R"(","tools":[{"type":"function","name":"one"},)"
                R"({"type":"function","name":"two"}]},{"type":"function","name":"a__b__c"},)"
                R"({"type":"tool_search"},{"type":"function","name":"tool_search"}],)"
                R"("tool_choice":{"type":"function","name":"two","namespace":")" +
                longest + R"("})"));
  if (!r.ok) return wrong(r.bad.message);
  const auto& tools = r.request.tools;
  if (tools.size() != 8) return wrong(names_of(r));
  for (size_t i = 0; i < tools.size(); i++) {
    const string_view name = tools[i].name;
    if (name.empty() || name.size() > 64) return wrong(std::string(name));
    if (name.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") !=
        string_view::npos) {
      return wrong(std::string(name));
    }
    for (size_t k = 0; k < i; k++) {
      if (tools[k].name == name) return wrong("twice: " + std::string(name));
    }
  }
  if (tools[0].name != "a__b__c" || !tools[0].client_name.empty()) return wrong(names_of(r));
  if (tools[2].ns != "a__b" || tools[2].client_name != "c") return wrong(names_of(r));
  if (r.request.tool_choice.name != tools[5].name) return "the choice";
  // The same in the history, also of a tool that is offered no longer.
  const reading h(body_of(
      R"({"type":"function_call","call_id":"1","name":"b__c","namespace":"a","arguments":"{}"},)"
      R"({"type":"custom_tool_call","call_id":"2","name":"c","namespace":"a__b","input":"x"},)"
      R"({"type":"function_call","call_id":"3","name":"gone","namespace":"a","arguments":"{}"})",
      R"("tools":[{"type":"function","name":"a__b__c"},)"
      R"({"type":"namespace","name":"a","tools":[{"type":"function","name":"b__c"}]},)"
      R"({"type":"namespace","name":"a__b","tools":[{"type":"custom","name":"c"}]}])"));
  if (!h.ok || h.request.messages.size() != 1) return "the history";
  const auto& calls = h.request.messages[0].tool_calls;
  if (calls[0].name != tools[1].name || calls[1].name != tools[2].name) return "other names";
  if (calls[1].arguments != "{\"input\":\"x\"}") return wrong(std::string(calls[1].arguments));
  return calls[2].name == "a__gone" ? nullptr : "a name that nobody offers";
}

const char* responses_front_check_turns() {
  const reading r(
      body_of(R"({"role":"user","content":"a"},)"
              R"({"type":"reasoning","summary":[{"type":"summary_text","text":"own"}]},)"
              R"({"role":"assistant","content":"one"},{"role":"assistant","content":"two"},)" +
              std::string(kCall) + R"(,{"role":"user","content":"b"},)" + output("c1", "r1") +
              R"(,{"type":"reasoning","summary":[{"text":"theirs"}],"encrypted_content":"gAAA"},)"
              R"({"type":"function_call","call_id":"c2","name":"f","arguments":"{}"},)"
              R"({"type":"function_call","call_id":"c3","name":"f","arguments":"{}"},)" +
              output("c3", "r3") + "," + output("c2", "r2")));
  if (!r.ok) return wrong(r.bad.message);
  const std::string want =
      "<user >\na\n<assistant >\none\ntwo\ncall c1 f {}\n<tool c1>\nr1\n<user >\nb\n"
      "<assistant >\ncall c2 f {}\ncall c3 f {}\n<tool c3>\nr3\n<tool c2>\nr2\n";
  if (show(r.request).substr(0, want.size()) != want) return wrong(show(r.request));
  if (r.request.messages[1].reasoning != "own") return "what f0 told may go back";
  return r.request.messages[4].reasoning.empty() ? nullptr : "another's reasoning";
}

const char* responses_front_check_outputs() {
  const reading r(body_of(
      std::string(kUser) + "," + std::string(kCall) +
      R"(,{"type":"function_call","call_id":"c2","name":"f","arguments":"{}"},)"
      R"({"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"a"},)"
      R"({"type":"input_image","image_url":"https://x/1"},{"type":"output_text","text":"b"}]},)"
      R"({"type":"function_call_output","call_id":"c2","output":[)"
      R"({"type":"input_image","image_url":"https://x/2","detail":"high"}]})"));
  if (!r.ok) return wrong(r.bad.message);
  const std::string want =
      "<user >\ngo\n<assistant >\ncall c1 f {}\ncall c2 f {}\n<tool c1>\na\nb\n<tool c2>\n\n"
      "<user >\nImage from tool result c1:\n[https://x/1 ]\nImage from tool result c2:\n"
      "[https://x/2 high]\n";
  return show(r.request).substr(0, want.size()) == want ? nullptr : wrong(show(r.request));
}

// Steps are counted by the bytes that are made.
const char* responses_front_check_linear() {
  std::string items;
  for (int i = 0; i < 4000; i++) {
    items += R"({"type":"reasoning","summary":[{"text":"0123456789"}]},)"
             R"({"role":"assistant","content":"x"},)";
  }
  items.pop_back();
  const reading r(body_of(items));
  if (!r.ok) return wrong(r.bad.message);
  size_t made = 0;
  for (const std::string& s : *r.request.made) made += s.size();
  return made < 100000 ? nullptr : wrong("made " + std::to_string(made) + " bytes");
}

// ---- answers

const char* responses_front_check_items() {
  rig r;
  r.say({text_event(what::role, ""), text_event(what::reasoning, "I "),
         text_event(what::reasoning, "think"), text_event(what::content, "\"Hello\"\n"),
         text_event(what::refusal, " no"), call_event(0, "c1", "f"), arguments(0, "{\"a\":"),
         arguments(0, "1}"), call_event(1, "c2", "ns__f"), arguments(1, "{}"),
         call_event(2, "c3", "f"), finish(chat::finish::tool_calls)});
  r.done({10, 4, 14, 3, -1, 2});
  if (const std::string w = of_rig(r); !w.empty()) return wrong(w + "\n" + r.out);
  const reader got(r.out);
  if (got.usage !=
      "{\"input_tokens\":10,\"input_tokens_details\":{\"cached_tokens\":3},"
      "\"output_tokens\":4,\"output_tokens_details\":{\"reasoning_tokens\":2},"
      "\"total_tokens\":14}") {
    return wrong(got.usage);
  }
  if (r.writer->chunks() != got.events) return "events are counted";
  return expect_items(r,
                      "reasoning||||I think||\nmessage||||\"Hello\"\n no||completed\n"
                      "function_call|c1||f|{\"a\":1}||completed\n"
                      "function_call|c2|ns|f|{}||completed\n"
                      "function_call|c3||f|{}||completed\n");
}

// One item is open; what comes meanwhile waits.
const char* responses_front_check_interleaved() {
  rig r;
  r.say({call_event(0, "c1", "f"), arguments(0, "{\"a\":"), call_event(1, "c2", "f"),
         arguments(1, "{\"b\":"), text_event(what::content, "text"), arguments(1, "2}"),
         arguments(0, "1}"), text_event(what::content, " more"), finish(chat::finish::tool_calls)});
  r.done();
  if (const std::string w = of_rig(r); !w.empty()) return wrong(w + "\n" + r.out);
  if (const char* w = expect_items(r,
                                   "function_call|c1||f|{\"a\":1}||completed\n"
                                   "function_call|c2||f|{\"b\":2}||completed\n"
                                   "message||||text more||completed\n")) {
    return w;
  }
  // Only the first choice is told.
  rig s;
  chat::event other = text_event(what::content, "no");
  other.choice = 1;
  s.say({text_event(what::content, "yes"), other});
  s.done();
  return expect_items(s, "message||||yes||completed\n");
}

const char* responses_front_check_custom() {
  const struct {
    string_view arguments, want;
  } cases[] = {
      {R"({"input":"a\"b\\\n\u00e9\ud83d\ude00/\/"})", "a\"b\\\né😀//"},
      {"{ \"input\" :\n \"x\" }", "x"},
      {R"({"input":"\ud83d x\ude00"})", "\xEF\xBF\xBD x\xEF\xBF\xBD"},
      {R"({"input":""})", ""},
      {"{}", ""},
      {"", ""},
      {R"({"patch":"p"})", "p"},
      {R"({"a":1,"input":"q"})", "q"},
      {R"({"input":{"a":1}})", R"({"input":{"a":1}})"},
      {"plain text", "plain text"},
      {R"({"inputs":"p","x":1})", R"({"inputs":"p","x":1})"},
  };
  for (const auto& c : cases) {
    for (size_t step = 1; step <= c.arguments.size() + 1; step++) {
      rig r;
      r.say({call_event(0, "c", "patch")});
      for (size_t at = 0; at < c.arguments.size(); at += step) {
        r.say({arguments(0, c.arguments.substr(at, step))});
      }
      r.say({finish(chat::finish::tool_calls)});
      r.done();
      const std::string want = "custom_tool_call|c||patch|" + std::string(c.want) + "||completed\n";
      if (const char* w = expect_items(r, want)) return w;
    }
  }
  // Decoded as it streams, and with its namespace.
  rig r;
  r.say({call_event(0, "c", "ns__run"), arguments(0, R"({"input":"begin)")});
  if (r.out.find("\"delta\":\"begin\"") == std::string::npos) return "held back";
  // A provider that knows such tools itself.
  rig own;
  own.say({call_event(0, "c", "patch", true), arguments(0, "a\"b"), arguments(0, "c"),
           call_event(1, "d", "f", true), arguments(1, "x\"y"), finish(chat::finish::tool_calls)});
  own.done();
  return expect_items(own,
                      "custom_tool_call|c||patch|a\"bc||completed\n"
                      "function_call|d||f|{\"input\":\"x\\\"y\"}||completed\n");
}

const char* responses_front_check_search() {
  rig r;
  r.say({call_event(0, "s", "tool_search"), arguments(0, "{\"query\":")});
  if (r.out.find("tool_search_call") != std::string::npos) return "open without a delta";
  r.writer->stay_awake(r.out, true);
  r.say({arguments(0, "\"db\"}"), text_event(what::content, "found"),
         call_event(1, "t", "tool_search"), arguments(1, "no object"),
         finish(chat::finish::tool_calls)});
  r.done();
  if (const std::string w = of_rig(r); !w.empty()) return wrong(w + "\n" + r.out);
  if (reader(r.out).signs != 1) return "no sign of life";
  return expect_items(r,
                      "tool_search_call|s|||{\"query\":\"db\"}||completed\n"
                      "message||||found||completed\n"
                      "tool_search_call|t|||{\"query\":\"no object\"}||completed\n");
}

const char* responses_front_check_ends() {
  const struct {
    chat::finish why;
    string_view end, reason;
  } cases[] = {{chat::finish::stop, "response.completed", ""},
               {chat::finish::none, "response.completed", ""},
               {chat::finish::length, "response.incomplete", "max_output_tokens"},
               {chat::finish::content_filter, "response.incomplete", "content_filter"}};
  for (const auto& c : cases) {
    rig r;
    r.say({text_event(what::content, "half"), finish(c.why)});
    r.done();
    if (const std::string w = of_rig(r, c.end); !w.empty()) return wrong(w);
    const reader got(r.out);
    if (got.reason != c.reason) return wrong(got.reason);
    if (got.items[0].status != (c.reason.empty() ? "completed" : "incomplete")) return "status";
  }
  // A call that was cut is not closed: a client would run it.
  rig r;
  r.say({text_event(what::content, "t"), call_event(0, "c", "f"), arguments(0, "{}"),
         call_event(1, "d", "patch"), arguments(1, "{\"input\":\"ha"),
         finish(chat::finish::length)});
  r.done();
  if (const std::string w = of_rig(r, "response.incomplete"); !w.empty()) return wrong(w);
  if (const char* w = expect_items(r,
                                   "message||||t||completed\nfunction_call|c||f|{}||completed\n"
                                   "custom_tool_call|d||patch|ha||\n")) {
    return w;
  }
  if (r.whole().find("custom_tool_call") != std::string::npos) return "a body with half a call";
  // Nothing at all.
  rig none;
  none.done();
  return of_rig(none).empty() ? nullptr : "an empty answer";
}

const char* responses_front_check_failures() {
  const struct {
    int status;
    string_view code, want;
  } cases[] = {{429, "rate_limit_exceeded", "rate_limit_exceeded"},
               {503, "overloaded", "server_is_overloaded"},
               {400, "context_length_exceeded", "context_length_exceeded"},
               {400, "", "invalid_prompt"},
               {413, "request_too_large", "invalid_prompt"},
               {422, "", "invalid_prompt"},
               {429, "insufficient_quota", "insufficient_quota"},
               {502, "stream_truncated", "server_error"},
               {504, "upstream_timeout", "server_error"}};
  for (const auto& c : cases) {
    chat::api_error t;
    t.status = c.status;
    t.code = c.code;
    t.message = "it \"broke\"";
    rig r;
    r.say({text_event(what::reasoning, "r"), call_event(0, "c", "f"), arguments(0, "{")});
    r.writer->error(r.out, t);
    if (const std::string w = of_rig(r, "response.failed"); !w.empty()) return wrong(w + r.out);
    const reader got(r.out);
    if (got.code != c.want) return wrong(got.code);
    if (!got.items.back().whole.empty()) return "half a call was closed";
    rig first;
    first.writer->error(first.out, t);
    if (const std::string w = of_rig(first, "response.failed"); !w.empty()) return wrong(w);
  }
  std::string out;
  chat::api_error t;
  t.message = "no";
  t.type = "invalid_request_error";
  front::kResponses.error(out, t, "turn");
  return out == "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"param\":null,"
                "\"code\":null}}"
             ? nullptr
             : wrong(out);
}

const char* responses_front_check_silence() {
  rig r;
  const auto wait = [&] { r.writer->stay_awake(r.out, false); };
  wait();
  if (r.out.find("response.created") == std::string::npos) return "it does not begin";
  wait();
  r.say({text_event(what::reasoning, "a")});
  wait();
  r.say({text_event(what::content, "b")});
  wait();
  r.say({call_event(0, "c", "f")});
  wait();
  r.say({arguments(0, "{}"), call_event(1, "d", "patch")});
  wait();
  r.writer->extension(r.out, "{\"type\":\"status\"}", "f0.status");
  r.say({finish(chat::finish::tool_calls)});
  r.done();
  if (const std::string w = of_rig(r); !w.empty()) return wrong(w + "\n" + r.out);
  const reader got(r.out);
  if (got.signs != 5) return wrong("signs of life: " + std::to_string(got.signs));
  if (got.comments != "f0 {\"type\":\"status\"}\n") return wrong(got.comments);
  return r.out.find("f0.status") == std::string::npos ? nullptr : "an event of f0's own";
}

// The response says its request again.
const char* responses_front_check_repeated() {
  const std::string members =
      R"("instructions":"be \"brief\"","max_output_tokens":9,"metadata":{"k":"v"},)"
      R"("parallel_tool_calls":false,"temperature":0.5,"top_p":1,"store":true,)"
      R"("reasoning":{"effort":"low","summary":"auto"},"tool_choice":{"type":"custom","name":"p"},)"
      R"("text":{"verbosity":"low"},"tools":[{"type":"custom","name":"p"},{"type":"web_search"}])";
  rig r(body_with(members));
  r.done();
  json::document doc;
  const std::string whole = r.whole();
  const json::value* v = doc.parse(whole);
  if (!v) return wrong(whole);
  const struct {
    string_view key, want;
  } cases[] = {{"id", "\"resp_0abc\""},
               {"created_at", "1754000000"},
               {"model", "\"m\""},
               {"instructions", "\"be \\\"brief\\\"\""},
               {"max_output_tokens", "9"},
               {"metadata", "{\"k\":\"v\"}"},
               {"parallel_tool_calls", "false"},
               {"temperature", "0.5"},
               {"top_p", "1"},
               {"store", "false"},
               {"reasoning", "{\"effort\":\"low\",\"summary\":\"auto\"}"},
               {"text", "{\"format\":{\"type\":\"text\"},\"verbosity\":\"low\"}"},
               {"tool_choice", "{\"type\":\"custom\",\"name\":\"p\"}"},
               {"tools", "[{\"type\":\"custom\",\"name\":\"p\"},{\"type\":\"web_search\"}]"},
               {"usage", "null"},
               {"status", "\"completed\""}};
  for (const auto& c : cases) {
    if (shown(v->get(c.key)) != c.want)
      return wrong(std::string(c.key) + ": " + shown(v->get(c.key)));
  }
  rig plain(body_with(""));
  plain.done();
  return plain.whole().find(
             "\"metadata\":{},\"model\":\"m\",\"parallel_tool_calls\":true,"
             "\"previous_response_id\":null,\"reasoning\":{\"effort\":null,"
             "\"summary\":null},\"store\":false,\"temperature\":null,"
             "\"text\":{\"format\":{\"type\":\"text\"}},\"tool_choice\":\"auto\","
             "\"tools\":[],\"top_p\":null,\"truncation\":\"disabled\"") != std::string::npos
             ? nullptr
             : wrong(plain.whole());
}

// The fast lane says the same as the slow one.
const char* responses_front_check_lane() {
  const string_view json[] = {"a", "\\\"b\\\\", "c\\n", "é"};
  rig fast, slow;
  if (fast.writer->content_run(fast.out, json, 4) != 0) return "before there is a message";
  fast.say({text_event(what::content, ">")});
  slow.say({text_event(what::content, ">"), text_event(what::content, "a"),
            text_event(what::content, "\"b\\"), text_event(what::content, "c\n"),
            text_event(what::content, "é")});
  if (fast.writer->content_run(fast.out, json, 4) != 4) return "not taken";
  if (fast.out != slow.out) return wrong(fast.out + "\nwant\n" + slow.out);
  fast.say({call_event(0, "c", "f")});
  if (fast.writer->content_run(fast.out, json, 4) != 0) return "inside a call";
  fast.writer->done(fast.out, {});
  return of_rig(fast).empty() ? nullptr : wrong(of_rig(fast));
}

const char* responses_front_check_memory() {
  rig r(body_with(kTools), 64 << 10);
  const std::string kilobyte(1024, 'x');
  size_t n = 0;
  for (; n < 200 && !r.writer->over_limit(); n++) {
    r.writer->on(r.out, text_event(what::content, kilobyte));
  }
  if (n == 200) return "no limit";
  chat::api_error t;
  t.message = "too large";
  r.writer->error(r.out, t);
  if (const std::string w = of_rig(r, "response.failed"); !w.empty()) return wrong(w);
  // Calls that wait count, too.
  rig held(body_with(kTools), 64 << 10);
  held.say({call_event(0, "c", "f")});
  for (n = 1; n < 1000 && !held.writer->over_limit(); n++) {
    held.say({call_event(int(n), "d", "f"), arguments(int(n), kilobyte)});
  }
  if (n == 1000) return "no limit for what waits";
  rig small(body_with(kTools), 1 << 20);
  small.writer.reset();
  small.body.reset();
  return small.memory.used() == 0 ? nullptr : "not given back";
}

// What a provider wants back goes with the reasoning before its call.
const char* responses_front_check_envelopes() {
  const auto keep = [](int k, string_view json) {
    chat::event e{};
    e.type = what::keep;
    e.of = chat::state::thinking;
    e.number = k;
    e.json = json;
    return e;
  };
  const auto play = [&](const std::string& request) {
    auto r = std::make_unique<rig>(request);
    r->sealed.from("up", "m");
    r->sealed_too.from("up", "m");
    chat::event extra = call_event(1, "c1", "f");
    extra.json = "{\"google\":1}";
    r->say({text_event(what::reasoning, "thought"), keep(0, "[1]"), call_event(0, "c0", "f"),
            arguments(0, "{}"), extra, arguments(1, "{}"), finish(chat::finish::tool_calls)});
    r->done();
    return r;
  };
  const auto asked = play(body_with("\"include\":[\"reasoning.encrypted_content\"]"));
  const reader got(asked->out);
  if (!got.wrong.empty()) return wrong(got.wrong + "\n" + asked->out);
  if (got.items.size() != 4 || got.items[2].type != "reasoning" || !got.items[2].text.empty()) {
    return wrong(got.said());
  }
  for (const size_t i : {0, 2}) {
    chat::opened o;
    if (!chat::open_envelope(got.items[i].sealed, "0123456789abcdef0123456789abcdef", o)) {
      return wrong("no envelope: " + got.said());
    }
    if (o.items.size() != 1 || o.items[0].json != (i == 0 ? "[1]" : "{\"google\":1}"))
      return "its states";
    if (asked->whole().find(got.items[i].sealed) == std::string::npos) return "not in the body";
  }
  const auto not_asked = play(body_with(""));
  if (not_asked->out.find("encrypted") != std::string::npos) return "nobody asked for it";
  // And it comes back with the calls that it stood before.
  const reading r(body_of(
      R"({"type":"reasoning","summary":[],"encrypted_content":"f0.a"},)" + std::string(kCall) +
      R"(,{"type":"reasoning","summary":[],"encrypted_content":"f0.b"},)"
      R"({"type":"function_call","call_id":"c2","name":"f","arguments":"{}"})"));
  if (!r.ok || r.request.messages.size() != 1) return "the next request";
  const auto& states = r.request.messages[0].states;
  return states.size() == 2 && states[0].envelope == "f0.a" && states[0].call == 0 &&
                 states[1].envelope == "f0.b" && states[1].call == 1
             ? nullptr
             : "its envelopes";
}

// However texts are cut, the same is said.
const char* responses_front_check_splits() {
  struct piece {
    what type;
    int k;
    string_view text;
  };
  const piece pieces[] = {{what::reasoning, 0, "thinking 终"},
                          {what::content, 0, "words \"and\" \\ more 😀"},
                          {what::call, 0, "f"},
                          {what::arguments, 0, R"({"a":[1,{"b":"}\""}]})"},
                          {what::call, 1, "patch"},
                          {what::arguments, 1, R"({"input":"x\n\u7d42\ud83d\ude00\"y"})"},
                          {what::call, 2, "tool_search"},
                          {what::arguments, 2, R"({"query":"q"})"}};
  const auto play = [&](size_t step) {
    rig r;
    for (const piece& p : pieces) {
      if (p.type == what::call) {
        r.say({call_event(p.k, "c" + std::to_string(p.k), p.text)});
        continue;
      }
      for (size_t at = 0; at < p.text.size();) {
        size_t end = std::min(p.text.size(), at + step);
        while (end < p.text.size() && (p.text[end] & 0xC0) == 0x80) end++;
        chat::event e = text_event(p.type, p.text.substr(at, end - at));
        e.number = p.k;
        r.say({e});
        at = end;
      }
    }
    r.say({finish(chat::finish::tool_calls)});
    r.done({1, 2, 3, -1, -1, -1});
    const reader got(r.out);
    return (got.wrong.empty() ? got.said() : got.wrong) + r.whole();
  };
  const std::string want = play(1000);
  for (size_t step = 1; step < 40; step++) {
    const std::string got = play(step);
    if (got != want) return wrong(std::to_string(step) + ": " + got + "\nwant " + want);
  }
  return want.find("custom_tool_call|c1||patch|x\n終😀\"y||completed") != std::string::npos
             ? nullptr
             : wrong(want);
}

// A body has the items of the stream.
const char* responses_front_check_body() {
  rig r;
  r.say({text_event(what::reasoning, "r"), text_event(what::content, "lost")});
  r.body->restart();
  r.out.clear();
  rig s;
  const auto answer = {text_event(what::reasoning, "r"), text_event(what::content, "c"),
                       call_event(0, "c", "ns__run"), arguments(0, "{\"input\":\"i\"}"),
                       finish(chat::finish::length)};
  s.say(answer);
  for (const chat::event& e : answer) r.body->on(e);
  s.done({1, 2, 3, -1, -1, -1});
  r.body->usage({1, 2, 3, -1, -1, -1});
  if (r.whole() != s.whole()) return wrong("after a restart: " + r.whole());
  const size_t at = s.out.rfind("\"response\":");
  const std::string last = s.out.substr(at + 11, s.out.size() - at - 11 - 3);
  if (last != s.whole()) return wrong(s.whole() + "\nwant\n" + last);
  s.body->extension("{\"patches\":1}");
  // Its members are the API's.
  return s.whole() == last ? nullptr : wrong(s.whole());
}
