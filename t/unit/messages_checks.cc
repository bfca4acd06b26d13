// Copyright (C) 2026 The f0 authors
//
// messages_checks.cc - checks of the Messages front.

#include "messages_checks.h"

extern "C" {
#include "rig.h"
}

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/front/chat_completions/request.h"
#include "core/front/messages/messages.h"
#include "core/json/json.h"
#include "messages_oracle.h"
#include "wire_rig.h"
#include "wrong.h"

using std::string_view;
namespace chat = f0::chat;
namespace front = f0::front;
namespace fs = std::filesystem;
namespace json = f0::json;
using chat::event;
using kind = chat::event::kind;

namespace {

const char* expect(const std::string& got, const std::string& want) {
  return got == want ? nullptr : wrong("got:  " + got + "\nwant: " + want);
}

std::string slurp(const fs::path& p) {
  std::ifstream f(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(f), {}};
}

// ---- reading

struct reading {
  std::string text;
  json::document doc;
  chat::request request;
  chat::bad_request bad;
  bool ok = false;

  explicit reading(string_view body, const front::row& row = front::kMessages, bool large = false)
      : text(body) {
    json::limits l;
    l.skip_bom = l.borrow = l.in_place = true;
    if (large) l.eager = 0;
    const json::value* root = doc.parse(text, l);
    ok = root && row.read(*root, request, bad);
  }
};

std::string json_of(const json::value& v) {
  std::string out;
  json::append_value(out, v);
  return out;
}

std::string number(std::optional<double> d) { return d ? std::to_string(*d) : "-"; }

void tell_message(std::string& out, const chat::message& m) {
  out += std::string(chat::role_word(m.role)) + ":";
  if (!m.tool_call_id.empty()) out += " <" + std::string(m.tool_call_id) + ">";
  std::string text;
  bool any = false;
  const auto flush = [&] {
    if (any) out += " '" + text + "'";
    text.clear();
    any = false;
  };
  for (const chat::part& p : m.parts) {
    if (p.type == chat::part::kind::text) {
      if (any) text += '\n';
      text += p.text;
      any = true;
      continue;
    }
    flush();
    if (p.type == chat::part::kind::image) out += " image " + std::string(p.url);
    if (p.type == chat::part::kind::file) {
      out += " file " + std::string(p.filename) + " " + std::string(p.file_data);
    }
  }
  flush();
  for (const chat::tool_call& c : m.tool_calls) {
    out +=
        " call " + std::string(c.id) + " " + std::string(c.name) + " " + std::string(c.arguments);
  }
  out += '\n';
}

// What a provider would be asked, in words of this test.
std::string tell(const chat::request& r) {
  std::string out;
  for (const chat::message& m : r.messages) tell_message(out, m);
  out += "max " + (r.max_output ? std::to_string(*r.max_output) : "-");
  out += " t " + number(r.temperature) + " p " + number(r.top_p);
  out += r.stream ? " stream" : "";
  for (string_view s : r.stop) out += " stop '" + std::string(s) + "'";
  for (const chat::tool& t : r.tools) {
    out += "\ntool " + std::string(t.name) + " '" + std::string(t.description) + "' " +
           (t.parameters ? json_of(*t.parameters) : "-");
  }
  out += "\nchoice " + std::to_string(int(r.tool_choice.type)) + std::string(r.tool_choice.name);
  if (r.parallel_tool_calls) out += *r.parallel_tool_calls ? " parallel" : " serial";
  out += " format " + std::to_string(int(r.response_format.type));
  if (r.response_format.schema) out += json_of(*r.response_format.schema);
  return out;
}

// The same conversation in the form of chat.
std::string told_by_chat(const json::value& means) {
  std::string text = json_of(means);
  json::document doc;
  chat::request r;
  chat::bad_request bad;
  const json::value* root = doc.parse(text);
  if (!root || !front::read_request(*root, r, bad)) return "refused: " + bad.message;
  return tell(r);
}

bool lists(const chat::drop_list& d, string_view pointer) {
  const std::string all = ", " + d.header();
  const std::string entry = ", " + std::string(pointer);
  const size_t at = all.find(entry);
  if (at == std::string::npos) return false;
  const size_t end = at + entry.size();
  return end == all.size() || all[end] == ',' || all[end] == ' ';
}

bool lists_anywhere(const chat::request& r, string_view pointer) {
  if (lists(r.dropped, pointer)) return true;
  for (size_t i = 0; i < size_t(chat::member::count); i++) {
    if (lists(r.places[chat::member(i)], pointer)) return true;
  }
  return false;
}

// What the client reads of it.
std::string shown(const chat::bad_request& bad) {
  chat::api_error t;
  t.status = bad.status;
  t.type = bad.type;
  t.code = bad.code;
  t.param = bad.param;
  t.message = bad.message;
  std::string out;
  front::kMessages.error(out, t, "");
  return out;
}

const char* check_refused(const std::string& file, const json::value& e,
                          const chat::bad_request& bad) {
  const string_view param = e.str("param");
  if (bad.status != e.get("status")->integer() || bad.type != e.str("type")) {
    return wrong(file + ": another status or type");
  }
  if (shown(bad).find(param) == std::string::npos) {
    return wrong(file + ": no " + std::string(param) + " in " + shown(bad));
  }
  const json::value* details = e.get("details");
  if (details && json_of(*details) != bad.details) return wrong(file + ": details " + bad.details);
  return nullptr;
}

const char* check_file(const fs::path& path, bool large) {
  const std::string file = path.filename();
  const std::string expectation = slurp(fs::path(path).replace_extension(".expect.json"));
  json::document doc;
  const json::value* e = doc.parse(expectation);
  if (!e) return wrong(file + ": no expectation");
  reading r(slurp(path), front::kMessages, large);
  if (r.ok != e->get("accept")->boolean()) return wrong(file + ": " + r.bad.message);
  if (!r.ok) return r.bad.message.empty() ? nullptr : check_refused(file, *e->get("error"), r.bad);
  const json::value* by = e->get("refused_by");
  const json::value* refused = by ? by->get("openai") : nullptr;
  if (refused) {
    if (!r.request.own_form_only) return wrong(file + ": others could take it");
    return check_refused(file, *refused, *r.request.own_form_only);
  }
  if (r.request.own_form_only) return wrong(file + ": " + r.request.own_form_only->message);
  const std::string got = tell(r.request), want = told_by_chat(*e->get("means"));
  // Texts of one turn may be cut as one likes.
  if (got != want) return wrong(file + ":\n" + got + "\nwant:\n" + want);
  const json::value* dropped = e->get("dropped");
  if (!dropped) return nullptr;
  if (dropped->is_array()) {
    for (const json::value& p : *dropped) {
      if (!lists_anywhere(r.request, p.text()))
        return wrong(file + ": lost " + std::string(p.text()));
    }
    return nullptr;
  }
  for (const json::member* m : dropped->unique_members()) {
    if (!lists_anywhere(r.request, m->key)) return wrong(file + ": lost " + std::string(m->key));
  }
  return nullptr;
}

// A request whose messages are |messages|, and |more| members.
std::string ask(string_view messages, string_view more = "") {
  std::string out = "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[";
  out.append(messages).append("]").append(more).append("}");
  return out;
}
std::string user(string_view blocks) {
  return "{\"role\":\"user\",\"content\":[" + std::string(blocks) + "]}";
}
std::string assistant(string_view blocks) {
  return "{\"role\":\"assistant\",\"content\":[" + std::string(blocks) + "]}";
}
constexpr string_view kHi = R"({"role":"user","content":"hi"})";

std::string told(const std::string& body) {
  reading r(body);
  if (!r.ok) return "refused at " + r.bad.param + ": " + r.bad.message;
  if (r.request.own_form_only) return "own form: " + r.request.own_form_only->param;
  std::string out;
  for (const chat::message& m : r.request.messages) tell_message(out, m);
  return out;
}

struct pair {
  std::string body, want;
};

const char* all(const std::vector<pair>& pairs) {
  for (const pair& p : pairs) {
    const std::string got = told(p.body);
    if (got != p.want) return wrong(p.body + "\ngot:  " + got + "\nwant: " + p.want);
  }
  return nullptr;
}

constexpr string_view kCall =
    R"({"type":"tool_use","id":"t1","name":"a","input":{"b":1,"a":[ 2 ]}})";

}  // namespace

const char* messages_check_corpus(void) {
  size_t n = 0;
  for (const auto& entry : fs::directory_iterator("t/wire/requests-messages")) {
    const std::string name = entry.path().filename();
    if (name.find(".expect.json") != std::string::npos) continue;
    n++;
    for (bool large : {false, true}) {
      if (const char* w = check_file(entry.path(), large)) return w;
    }
  }
  return n > 30 ? nullptr : "the corpus is not there";
}

const char* messages_check_turns(void) {
  const std::string call(kCall);
  return all({
      {ask(kHi, R"(,"system":"")"), "user: 'hi'\n"},
      {ask(kHi, R"(,"system":[{"type":"text","text":"a"},{"type":"text","text":"b"}])"),
       "system: 'a\n\nb'\nuser: 'hi'\n"},
      {ask(kHi, R"(,"system":[{"type":"text","text":"x-anthropic-billing-header: 1"}])"),
       "user: 'hi'\n"},
      // Only the first block is the client's bookkeeping.
      {ask(kHi, R"(,"system":[{"type":"text","text":"a"},)"
                R"({"type":"text","text":"x-anthropic-billing-header: 1"}])"),
       "system: 'a\n\nx-anthropic-billing-header: 1'\nuser: 'hi'\n"},
      {ask(std::string(kHi) + R"(,{"role":"system","content":[{"type":"text","text":"now"}]})"),
       "user: 'hi'\nsystem: 'now'\n"},
      // Of thoughts alone nothing is left.
      {ask(std::string(kHi) + "," +
           assistant(R"({"type":"thinking","thinking":"x","signature":"s"})") + "," +
           std::string(kHi)),
       "user: 'hi'\nuser: 'hi'\n"},
      {ask(std::string(kHi) + "," + assistant(R"({"type":"text","text":"ok"},)" + call) + "," +
           user(R"({"type":"tool_result","tool_use_id":"t1"})")),
       "user: 'hi'\nassistant: 'ok' call t1 a {\"b\":1,\"a\":[2]}\ntool: <t1> ''\n"},
      {ask(std::string(kHi) + "," + assistant(R"({"type":"compaction","content":"so far"})") + "," +
           std::string(kHi)),
       "user: 'hi'\nassistant: 'so far'\nuser: 'hi'\n"},
      {ask(std::string(kHi) + "," +
           assistant(
               R"({"type":"server_tool_use","id":"s","name":"x","input":{}},)"
               R"({"type":"code_execution_tool_result","tool_use_id":"s","content":)"
               R"({"type":"code_execution_result","stdout":"42","stderr":"","return_code":0}})")),
       "user: 'hi'\nassistant: '42'\n"},
  });
}

const char* messages_check_results(void) {
  const std::string head = std::string(kHi) + "," + assistant(kCall) + ",";
  const std::string before = "user: 'hi'\nassistant: call t1 a {\"b\":1,\"a\":[2]}\n";
  const auto result = [&](string_view members, string_view behind = "") {
    return ask(head + user(R"({"type":"tool_result","tool_use_id":"t1")" + std::string(members) +
                           "}" + std::string(behind)));
  };
  return all({
      {result(R"(,"content":"x","is_error":true)"), before + "tool: <t1> 'Error: x'\n"},
      {result(R"(,"content":"Error: x","is_error":true)"), before + "tool: <t1> 'Error: x'\n"},
      {result(R"(,"is_error":true)"), before + "tool: <t1> 'Error: '\n"},
      {result(R"(,"content":[])"), before + "tool: <t1> ''\n"},
      {result(R"(,"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}])"),
       before + "tool: <t1> 'a\nb'\n"},
      // Results lead, whatever stood before them.
      {ask(head + user(R"({"type":"text","text":"see"},)"
                       R"({"type":"tool_result","tool_use_id":"t1","content":"r"})")),
       before + "tool: <t1> 'r'\nuser: 'see'\n"},
      {result(R"(,"content":[{"type":"image","source":{"type":"url","url":"http://x/"}},)"
              R"({"type":"text","text":"a"}])",
              R"(,{"type":"text","text":"so?"})"),
       before +
           "tool: <t1> 'a'\nuser: 'Image from tool result t1:' image http://x/\nuser: 'so?'\n"},
      {result(R"(,"content":[{"type":"document","source":{"type":"text","media_type":"text/plain",)"
              R"("data":"d"},"title":"t"}])"),
       before + "tool: <t1> 't\nd'\n"},
      {result(R"(,"content":[{"type":"search_result","source":"s","title":"t","content":)"
              R"([{"type":"text","text":"c"}]}])"),
       before + "tool: <t1> 't\ns\nc'\n"},
      // What was searched for and found is offered; the model has to be told so.
      {result(R"(,"content":[{"type":"tool_reference","tool_name":"a"},)"
              R"({"type":"tool_reference","tool_name":"b"}])"),
       before + "tool: <t1> 'The tool a was found and can be called now.\n"
                "The tool b was found and can be called now.'\n"},
      {result(R"(,"content":[{"type":"hologram"}])"),
       "own form: messages[2].content[0].content[0]"},
      // Several turns in a row answer together.
      {ask(std::string(kHi) + "," +
           assistant(std::string(kCall) +
                     R"(,{"type":"tool_use","id":"t2","name":"a","input":{}})") +
           "," + user(R"({"type":"tool_result","tool_use_id":"t1","content":"1"})") + "," +
           user(R"({"type":"tool_result","tool_use_id":"t2","content":"2"})")),
       "user: 'hi'\nassistant: call t1 a {\"b\":1,\"a\":[2]} call t2 a {}\n"
       "tool: <t1> '1'\ntool: <t2> '2'\n"},
      {ask(std::string(kHi) + "," + assistant(kCall) + "," + std::string(kHi)),
       "own form: messages[2]"},
  });
}

const char* messages_check_parts(void) {
  const auto one = [](string_view block) { return ask(user(block)); };
  return all({
      {one(R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}})"),
       "user: image data:image/png;base64,AA==\n"},
      {one(R"({"type":"document","source":{"type":"base64","media_type":"application/pdf",)"
           R"("data":"AA=="},"title":"a.pdf"})"),
       "user: file a.pdf data:application/pdf;base64,AA==\n"},
      {one(R"({"type":"document","source":{"type":"text","media_type":"text/plain","data":"d"}})"),
       "user: 'd'\n"},
      {one(R"({"type":"document","source":{"type":"content","content":[{"type":"text","text":"d"},)"
           R"({"type":"image","source":{"type":"url","url":"http://x/"}}]},"title":"t"})"),
       "user: 't\nd' image http://x/\n"},
      {one(R"({"type":"document","source":{"type":"url","url":"http://x/"}})"),
       "own form: messages[0].content[0]"},
      {one(R"({"type":"image","source":{"type":"file","file_id":"f"}})"),
       "own form: messages[0].content[0]"},
      {one(R"({"type":"search_result","source":"s","title":"t","content":[]})"), "user: 't\ns'\n"},
      {one(R"({"type":"text","text":""},{"type":"text","text":"b"})"), "user: 'b'\n"},
      {one(R"({"type":"container_upload","file_id":"f"})"), "user: ''\n"},
  });
}

const char* messages_check_refusals(void) {
  struct row {
    std::string body;
    const char* param;
  };
  const std::string hi(kHi);
  const row rows[] = {
      {R"([])", ""},
      {R"({"model":"m","max_tokens":0,"messages":[]})", "messages"},
      {R"({"model":"m","messages":[{"role":"user","content":"x"}]})", "max_tokens"},
      {R"({"model":5})", "model"},
      {ask(hi, R"(,"max_tokens":0)"), "max_tokens"},
      {ask(hi, R"(,"max_tokens":"9")"), "max_tokens"},
      {ask(hi, R"(,"temperature":1.5)"), "temperature"},
      {ask(hi, R"(,"top_k":-1)"), "top_k"},
      {ask(hi, R"(,"top_k":1.5)"), "top_k"},
      {ask(hi, R"(,"stop_sequences":"x")"), "stop_sequences"},
      {ask(hi, R"(,"stop_sequences":[5])"), "stop_sequences[0]"},
      {ask(hi, R"(,"metadata":{"user_id":5})"), "metadata.user_id"},
      {ask(hi, R"(,"thinking":{"type":"enabled"})"), "thinking.budget_tokens"},
      {ask(hi, R"(,"thinking":true)"), "thinking"},
      {ask(hi, R"(,"output_config":{"effort":5})"), "output_config.effort"},
      {ask(hi, R"(,"output_config":{"format":{"type":"json_schema"}})"),
       "output_config.format.schema"},
      {ask(hi, R"(,"system":[{"type":"text"}])"), "system[0].text"},
      {ask(hi, R"(,"tools":[{"name":"a b","input_schema":{}}])"), "tools[0].name"},
      {ask(hi, R"(,"tools":[5])"), "tools[0]"},
      {ask(hi, R"(,"tool_choice":"auto")"), "tool_choice"},
      {ask(hi, R"(,"tool_choice":{"type":"some"})"), "tool_choice.type"},
      {ask(hi, R"(,"tool_choice":{"type":"any"})"), "tool_choice"},
      {ask(hi, R"(,"tool_choice":{"type":"tool"},"tools":[{"name":"a","input_schema":{}}])"),
       "tool_choice.name"},
      {ask("5"), "messages[0]"},
      {ask(R"({"content":"x"})"), "messages[0].role"},
      {ask(R"({"role":"user"})"), "messages[0].content"},
      {ask(R"({"role":"user","content":[]})"), "messages[0].content"},
      {ask(R"({"role":"user","content":null})"), "messages[0].content"},
      {ask(user("5")), "messages[0].content[0]"},
      {ask(user(R"({"text":"x"})")), "messages[0].content[0].type"},
      {ask(user(R"({"type":"text"})")), "messages[0].content[0].text"},
      {ask(user(R"({"type":"image","source":{"type":"base64","media_type":"image/png"}})")),
       "messages[0].content[0].source.data"},
      {ask(user(R"({"type":"tool_result","tool_use_id":"t1"})")), "messages[0].content[0]"},
      {ask(assistant(R"({"type":"tool_use","id":"t","name":"a","input":"{}"})")),
       "messages[0].content[0].input"},
      {ask(assistant(R"({"type":"thinking"})")), "messages[0].content[0].thinking"},
      {ask(hi, R"(,"fz_mode":"dream")"), "fz_mode"},
      {ask(hi, R"(,"fz_context":{"currentFile":{"path":""}})"), "fz_context.currentFile.path"},
  };
  for (const row& r : rows) {
    reading got(r.body);
    if (got.ok) return wrong("taken: " + r.body);
    if (got.bad.param != r.param || shown(got.bad).find(r.param) == std::string::npos) {
      return wrong(r.body + ": " + got.bad.param + ": " + got.bad.message);
    }
  }
  return nullptr;
}

const char* messages_check_own_form(void) {
  // A thread's first result has its call elsewhere: nothing of that is judged.
  const std::string result = user(R"({"type":"tool_result","tool_use_id":"gone","content":"x"})");
  for (string_view t : {R"(,"thread":{"type":"continue","previous_message_id":"msg_1"})",
                        R"(,"thread":{"type":"create"})"}) {
    reading r(ask(result, t));
    if (!r.ok) return wrong(r.bad.message);
    if (!r.request.own_form_only || r.request.own_form_only->param != "thread" ||
        r.request.own_form_only->details !=
            R"({"error_code":"thread_unsupported_request","unsupported":["thread"]})") {
      return "a thread is not told as what it is";
    }
  }
  reading none(ask(kHi, R"(,"thread":null)"));
  if (!none.ok || none.request.own_form_only) return "no thread is one";
  // Tools that only Anthropic has: dropped, but not when one is asked for.
  constexpr string_view search = R"(,"tools":[{"type":"web_search_20250305","name":"web_search"}])";
  reading left(ask(kHi, search));
  if (!left.ok || left.request.own_form_only) return "a tool that is not asked for";
  if (const char* w = expect(left.request.dropped.header(), "tools[0] (web_search_20250305)")) {
    return w;
  }
  for (string_view c : {R"({"type":"any"})", R"({"type":"tool","name":"web_search"})"}) {
    const std::string body = ask(kHi, std::string(search) + ",\"tool_choice\":" + std::string(c));
    if (const char* w = expect(told(body), "own form: tool_choice")) return w;
  }
  return nullptr;
}

const char* messages_check_members(void) {
  reading r(ask(
      user(
          R"({"type":"text","text":"x","cache_control":{"type":"ephemeral"},"citations":null,"z":1})"),
      R"(,"top_k":5,"metadata":{"user_id":"u","team":"t"},"thinking":{"type":"enabled",)"
      R"("budget_tokens":3000},"output_config":{"task_budget":{"total":1},"future":{}},"container":"c",)"
      R"("cache_control":{"type":"ephemeral"},"mcp_servers":[{"name":"m"}],"betas":[],"service_tier":null)"));
  if (!r.ok) return wrong(r.bad.message);
  using chat::member;
  const chat::request& q = r.request;
  if (q.user != "u" || q.top_k != 5 || q.reasoning_effort != "medium" || !q.effort_by_leave) {
    return "user, top_k or effort";
  }
  if (const char* w = expect(q.dropped.header(),
                             "messages[0].content[0].z, metadata.team, output_config.task_budget, "
                             "container, mcp_servers")) {
    return w;
  }
  if (const char* w = expect(q.places[member::cache_control].header(),
                             "messages[0].content[0].cache_control, cache_control")) {
    return w;
  }
  if (q.places[member::top_k].header() != "top_k" ||
      q.places[member::user].header() != "metadata.user_id" ||
      q.places[member::effort].header() != "thinking") {
    return "places";
  }
  struct row {
    const char *members, *effort;
  };
  for (const row& e :
       {row{R"("thinking":{"type":"enabled","budget_tokens":2047})", "low"},
        row{R"("thinking":{"type":"enabled","budget_tokens":2048})", "medium"},
        row{R"("thinking":{"type":"enabled","budget_tokens":8192})", "high"},
        row{R"("thinking":{"type":"adaptive"})", ""}, row{R"("thinking":{"type":"disabled"})", ""},
        row{R"("thinking":{"type":"adaptive"},"output_config":{"effort":"max"})", "max"},
        row{R"("thinking":{"type":"enabled","budget_tokens":1},"output_config":{"effort":"high"})",
            "high"}}) {
    reading one(ask(kHi, "," + std::string(e.members)));
    if (!one.ok || one.request.reasoning_effort != e.effort) return wrong(e.members);
  }
  reading older(ask(kHi, R"(,"output_format":{"type":"json_schema","schema":{"type":"object"}})"));
  if (!older.ok || !older.request.response_format.schema) return "output_format";
  reading thoughts(ask(std::string(kHi) + "," +
                       assistant(R"({"type":"thinking","thinking":"a","signature":"s"},)"
                                 R"({"type":"redacted_thinking","data":"x"},)"
                                 R"({"type":"thinking","thinking":"b","signature":""},)"
                                 R"({"type":"text","text":"t"})")));
  if (!thoughts.ok || thoughts.request.messages[1].reasoning != "a\n\nb") return "thoughts";
  return nullptr;
}

const char* messages_check_count(void) {
  const auto count = [](string_view body) { return reading(body, front::kCountTokens); };
  reading r = count(R"({"model":"m","messages":[{"role":"user","content":"x"}],"stream":true})");
  if (!r.ok || !r.request.count_only || r.request.stream) return "a count";
  reading thread =
      count(R"({"model":"m","thread":{"type":"create"},"messages":[{"role":"user","content":)"
            R"([{"type":"tool_result","tool_use_id":"gone"},{"type":"hologram"}]}]})");
  if (!thread.ok || thread.request.own_form_only) return "a count refuses what it could count";
  if (count(R"({"model":"m","messages":[{"role":"user","content":5}]})").ok) return "taken";
  if (reading(ask(kHi)).request.count_only) return "no count";
  std::string out;
  front::append_count(out, 12);
  return expect(out, "{\"input_tokens\":12}");
}

const char* messages_check_f0_fields(void) {
  reading r(ask(
      kHi, R"(,"projectId":"p","ideType":"vscode","fz_mode":"edit","fz_stream":)"
           R"({"progress":"comment"},"fz_context":{"currentFile":{"path":"a","content":"b"}})"));
  if (!r.ok) return wrong(r.bad.message);
  if (r.request.project_id != "p" || r.request.fz_mode != "edit" || !r.request.context.current ||
      r.request.context.current->path != "a" || !r.request.events_in_body) {
    return "F0's fields are not read";
  }
  return r.request.dropped.empty() ? nullptr : "F0's fields are listed as dropped";
}

const char* messages_check_limits(void) {
  std::string many = std::string(kHi);
  for (int i = 0; i < 4096; i++) many += "," + std::string(kHi);
  if (reading r(ask(many)); r.ok || r.bad.param != "messages") return "messages";
  std::string blocks = R"({"type":"text","text":"x"})";
  for (int i = 0; i < 16384; i++) blocks += R"(,{"type":"text","text":"x"})";
  if (reading r(ask(user(blocks))); r.ok || r.bad.param != "messages[0].content") return "blocks";
  std::string calls(kCall);
  for (int i = 0; i < 128; i++) calls += "," + std::string(kCall);
  if (reading r(ask(assistant(calls))); r.ok || r.bad.param != "messages[0]") return "calls";
  std::string stops = "\"x\"";
  for (int i = 0; i < 64; i++) stops += ",\"x\"";
  if (reading r(ask(kHi, ",\"stop_sequences\":[" + stops + "]"));
      r.ok || r.bad.param != "stop_sequences") {
    return "stops";
  }
  // Results are messages of their own.
  std::string results, wanted(kCall);
  for (int i = 0; i < 4096; i++) {
    results += (i ? "," : "") + std::string(R"({"type":"tool_result","tool_use_id":"t1"})");
  }
  if (reading r(ask(assistant(kCall) + "," + user(results))); r.ok || r.bad.param != "messages") {
    return "results";
  }
  return nullptr;
}

// ---- writing

namespace {

struct rig {
  front::identity who{"0a1b", 1754000000, "claude-x"};
  chat::request request;
  f0::budget memory;
  front::writer_options options{who, request, 42, memory};
  std::unique_ptr<front::stream_writer> stream;
  std::unique_ptr<front::body_writer> body;
  std::string out;

  explicit rig(size_t limit = SIZE_MAX) : memory(limit) {
    stream = front::kMessages.stream(options);
    body = front::kMessages.body(options);
  }
  void on(const event& e) {
    stream->on(out, e);
    body->on(e);
  }
  void text(kind k, string_view s) {
    event e{k};
    e.text = s;
    on(e);
  }
  void call(int n, string_view name, bool custom = false) {
    const std::string id = "call_" + std::to_string(n);
    event e{kind::call};
    e.number = n;
    e.id = id;
    e.name = name;
    e.custom = custom;
    on(e);
  }
  void arguments(int n, string_view s) {
    event e{kind::arguments};
    e.number = n;
    e.text = s;
    on(e);
  }
  void finish(chat::finish why) {
    event e{kind::finish};
    e.why = why;
    on(e);
  }
  void done(const chat::usage& u = {}) {
    stream->done(out, u);
    body->usage(u);
  }
  // What a client has, or what is wrong.
  std::string read(bool whole = true) const {
    const messages_oracle::reading r(out, whole);
    return r.wrong.empty() ? r.told() : "WRONG " + r.wrong + "\n" + out;
  }
  std::string whole() const {
    std::string s;
    body->write(s);
    return s;
  }
};

}  // namespace

const char* messages_check_stream(void) {
  rig r;
  r.on(event{kind::role});
  r.text(kind::reasoning, "hm");
  r.text(kind::content, "");
  r.text(kind::content, "a\"");
  r.text(kind::content, "b\n");
  r.call(0, "f");
  r.arguments(0, "{\"a\":");
  r.arguments(0, "1}");
  r.finish(chat::finish::tool_calls);
  chat::usage u;
  u.prompt = 100;
  u.cached = 60;
  u.cache_write = 10;
  u.completion = 7;
  r.done(u);
  if (const char* w =
          expect(r.read(), "thinking(hm) text(a\"b\n) tool_use(call_0 f {\"a\":1}) tool_use")) {
    return w;
  }
  const messages_oracle::reading got(r.out);
  if (got.id != "msg_0a1b" || got.model != "claude-x" || got.estimate != 42) return "the head";
  if (got.input != 30 || got.cached != 60 || got.written != 10 || got.output != 7) return "usage";
  if (r.stream->chunks() != got.events) return "events are counted wrongly";
  // Without usage it is a guess.
  rig guess;
  guess.text(kind::content, "12345678");
  guess.finish(chat::finish::stop);
  guess.done();
  const messages_oracle::reading guessed(guess.out);
  if (guessed.input != 42 || guessed.output != 2) return "a guess at usage";
  // The fast lane writes the same bytes.
  rig slow, fast;
  const std::string long_text(5000, 'x');
  const string_view texts[] = {"a\\\"", "b", long_text, "c"};
  slow.text(kind::content, "begin");
  fast.text(kind::content, "begin");
  for (string_view s :
       {string_view("a\""), string_view("b"), string_view(long_text), string_view("c")})
    slow.text(kind::content, s);
  if (fast.stream->content_run(fast.out, texts, 4) != 4) return "the fast lane is closed";
  if (slow.out != fast.out || slow.stream->chunks() != fast.stream->chunks()) {
    return "the fast lane writes other bytes";
  }
  fast.call(0, "f");
  if (fast.stream->content_run(fast.out, texts, 4) != 0) return "the fast lane in a call";
  // An answer of nothing.
  rig empty;
  empty.done();
  return expect(empty.read(), "end_turn");
}

const char* messages_check_parallel(void) {
  rig r;
  r.call(0, "a");
  r.call(1, "b");
  r.arguments(1, "{\"x\"");
  r.arguments(0, "{\"y\":");
  r.text(kind::content, "words");
  r.arguments(1, ":2}");
  if (const char* w = expect(r.read(false), "tool_use(call_0 a {\"y\":)... ")) return w;
  r.arguments(0, "1}");
  if (const char* w =
          expect(r.read(false),
                 "tool_use(call_0 a {\"y\":1}) tool_use(call_1 b {\"x\":2}) text(words)... ")) {
    return w;
  }
  r.arguments(0, " ");  // behind its end
  r.call(2, "c");
  r.call(3, "d");
  r.arguments(3, "{}");
  r.text(kind::content, "more");
  r.finish(chat::finish::tool_calls);
  r.done();
  if (const char* w =
          expect(r.read(),
                 "tool_use(call_0 a {\"y\":1}) tool_use(call_1 b {\"x\":2}) text(words) "
                 "tool_use(call_2 c ) tool_use(call_3 d {}) text(more) tool_use")) {
    return w;
  }
  if (r.memory.used() > 8192) return "what waited is still charged";
  rig custom;
  custom.call(0, "p", true);
  custom.arguments(0, "a \"b\"\n");
  custom.arguments(0, "c");
  custom.call(1, "q");
  custom.arguments(1, "{}");
  custom.done();
  return expect(
      custom.read(),
      "tool_use(call_0 p {\"input\":\"a \\\"b\\\"\\nc\"}) tool_use(call_1 q {}) tool_use");
}

const char* messages_check_awake(void) {
  rig r;
  const auto wake = [&] { r.stream->stay_awake(r.out, false); };
  wake();
  wake();
  r.text(kind::reasoning, "hm");
  wake();
  r.text(kind::content, "a");
  wake();
  r.call(0, "f");
  wake();
  r.arguments(0, "{}");
  wake();
  r.finish(chat::finish::tool_calls);
  r.done();
  const messages_oracle::reading got(r.out);
  if (!got.wrong.empty()) return wrong(got.wrong + "\n" + r.out);
  if (got.pings != 2 || got.empty_deltas != 4) return "not the signs of life that clients count";
  r.out.clear();
  rig e;
  e.stream->extension(e.out, "{\"v\":1}", "f0.progress");
  return expect(e.out, ": f0 {\"v\":1}\n\n");
}

const char* messages_check_failure(void) {
  chat::api_error t;
  t.status = 503;
  t.message = "busy";
  rig r;
  r.text(kind::content, "a");
  r.call(0, "f");
  r.call(1, "g");
  r.arguments(0, "{\"a");
  r.stream->error(r.out, t);
  if (const char* w =
          expect(r.read(), "text(a) tool_use(call_0 f {\"a)... error overloaded_error: busy")) {
    return w;
  }
  rig first;
  first.stream->stay_awake(first.out, false);
  first.stream->error(first.out, t);
  return expect(first.read(), "error overloaded_error: busy");
}

const char* messages_check_stops(void) {
  struct row {
    chat::finish why;
    bool refusal, call;
    const char *sequence, *want;
  };
  for (const row& x : {row{chat::finish::stop, false, false, "", "end_turn"},
                       row{chat::finish::stop, true, false, "", "refusal"},
                       row{chat::finish::stop, false, false, "END", "stop_sequence END"},
                       row{chat::finish::length, false, false, "", "max_tokens"},
                       row{chat::finish::tool_calls, false, true, "", "tool_use"},
                       row{chat::finish::stop, false, true, "", "tool_use"},
                       row{chat::finish::content_filter, false, false, "", "refusal"},
                       row{chat::finish::none, false, false, "", "end_turn"}}) {
    rig r;
    r.text(x.refusal ? kind::refusal : kind::content, "x");
    if (x.call) r.call(0, "f");
    event e{kind::finish};
    e.why = x.why;
    e.name = x.sequence;
    r.on(e);
    r.done();
    const messages_oracle::reading got(r.out);
    std::string told = got.wrong + got.stop + (got.sequence.empty() ? "" : " " + got.sequence);
    if (told != x.want) return wrong("got " + told + ", want " + x.want);
    const std::string reason = "\"stop_reason\":\"" + got.stop + "\"";
    if (r.whole().find(reason) == std::string::npos) return wrong(r.whole());
  }
  return nullptr;
}

// What waits is charged, and no more than the turn has.
const char* messages_check_memory(void) {
  rig r(100000);
  r.call(0, "f");
  r.call(1, "g");
  const std::string piece(1000, 'x');
  for (int i = 0; i < 200 && !r.stream->over_limit(); i++) {
    event e{kind::arguments};
    e.number = 1;
    e.text = piece;
    r.stream->on(r.out, e);
  }
  if (!r.stream->over_limit()) return "it holds what it has no memory for";
  if (r.memory.used() > 100000) return "more than the turn has";
  r.stream.reset();
  r.body.reset();
  return r.memory.used() == 0 ? nullptr : "it does not give back what it held";
}

// Any order of things that a provider may tell, in pieces of any size.
const char* messages_check_random(void) {
  uint32_t seed = 1;
  const auto next = [&](uint32_t n) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 16) % n;
  };
  const std::string whole = "{\"k\":\"v\\\"}{\",\"n\":[1,{}]}";
  for (int round = 0; round < 3000; round++) {
    rig r;
    std::vector<size_t> at;  // of each call: how much of its arguments was told
    std::string texts, thoughts;
    for (uint32_t steps = 3 + next(30); steps > 0; steps--) {
      switch (next(7)) {
        case 0:
          r.text(kind::content, "t\xc3\xa9");
          texts += "t\xc3\xa9";
          break;
        case 1:
          r.text(kind::reasoning, "r");
          thoughts += "r";
          break;
        case 2:
          if (at.size() < 6) {
            r.call(static_cast<int>(at.size()), "f");
            at.push_back(0);
          }
          break;
        case 3:
          r.stream->stay_awake(r.out, next(2) == 0);
          break;
        default:
          if (at.empty()) break;
          const size_t n = next(static_cast<uint32_t>(at.size()));
          const size_t size = std::min<size_t>(whole.size() - at[n], 1 + next(9));
          if (size == 0) break;
          r.arguments(static_cast<int>(n), string_view(whole).substr(at[n], size));
          at[n] += size;
      }
      const messages_oracle::reading now(r.out, false);
      if (!now.wrong.empty()) return wrong(now.wrong + "\n" + r.out);
      for (const auto& b : now.blocks) {
        if (b.type == "tool_use" && b.closed && b.text != whole) return "half a call was closed";
      }
    }
    r.finish(chat::finish::stop);
    r.done();
    const messages_oracle::reading end(r.out);
    if (!end.wrong.empty()) return wrong(end.wrong + "\n" + r.out);
    std::string said, thought;
    size_t calls = 0;
    for (const auto& b : end.blocks) {
      if (b.type == "text") said += b.text;
      if (b.type == "thinking") thought += b.text;
      if (b.type != "tool_use") continue;
      const size_t n = static_cast<size_t>(b.id.back() - '0');
      if (b.text != whole.substr(0, at[n])) return wrong("arguments: " + b.text);
      calls++;
    }
    if (said != texts || thought != thoughts || calls != at.size()) return "something is lost";
    json::document doc;
    const std::string body = r.whole();
    const json::value* v = doc.parse(body);
    if (!v || v->get("content")->size() == 0) {
      if (!end.blocks.empty()) return wrong(body);
    }
  }
  return nullptr;
}

const char* messages_check_body(void) {
  rig r;
  r.text(kind::reasoning, "hm");
  r.text(kind::content, "a");
  r.text(kind::content, "b");
  r.call(0, "f");
  r.call(1, "g");
  r.arguments(1, "{\"x\": 1, \"x\": [2 ]}");
  r.call(2, "h", true);
  r.arguments(2, "text");
  r.finish(chat::finish::tool_calls);
  chat::usage u;
  u.prompt = 5;
  u.completion = 6;
  r.done(u);
  const char* w = expect(
      r.whole(),
      R"({"id":"msg_0a1b","type":"message","role":"assistant","model":"claude-x","content":[)"
      R"({"type":"thinking","thinking":"hm","signature":"f0.0"},{"type":"text","text":"ab"},)"
      R"({"type":"tool_use","id":"call_0","name":"f","input":{}},)"
      R"({"type":"tool_use","id":"call_1","name":"g","input":{"x":[2]}},)"
      R"({"type":"tool_use","id":"call_2","name":"h","input":{"input":"text"}}],)"
      R"("stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":6}})");
  if (w) return w;
  rig cut;
  cut.text(kind::content, "a");
  cut.call(0, "f");
  cut.arguments(0, "{\"a\":");
  cut.finish(chat::finish::length);
  cut.done();
  if (cut.whole().find("tool_use") != std::string::npos) return "half an input";
  // Another provider is asked.
  cut.body->restart();
  cut.finish(chat::finish::stop);
  if (cut.whole().find("\"content\":[],\"stop_reason\":\"end_turn\"") == std::string::npos) {
    return wrong(cut.whole());
  }
  return nullptr;
}

const char* messages_check_errors(void) {
  struct row {
    int status;
    const char* type;
  };
  for (const row& x :
       {row{400, "invalid_request_error"}, row{401, "authentication_error"},
        row{403, "permission_error"}, row{404, "not_found_error"}, row{413, "request_too_large"},
        row{429, "rate_limit_error"}, row{503, "overloaded_error"}, row{529, "overloaded_error"},
        row{422, "invalid_request_error"}, row{500, "api_error"}, row{502, "api_error"},
        row{504, "api_error"}}) {
    chat::api_error t;
    t.status = x.status;
    t.message = "\"no\"";
    std::string out;
    front::kMessages.error(out, t, "ab-12_c");
    const std::string want = std::string(R"({"type":"error","error":{"type":")") + x.type +
                             R"(","message":"\"no\""},"request_id":"req_ab12c"})";
    if (const char* w = expect(out, want)) return w;
  }
  chat::api_error t;
  t.status = 400;
  t.code = "context_length_exceeded";
  t.message = "8193 > 8192";
  t.details = "{\"a\":1}";
  std::string out;
  front::kMessages.error(out, t, "");
  return expect(out, R"({"type":"error","error":{"type":"invalid_request_error","message":)"
                     R"("prompt is too long: 8193 > 8192","details":{"a":1}}})");
}

const char* messages_check_stop_words(void) {
  using namespace wire;
  const auto told = [](const answer& a, const std::string& bytes) {
    std::string all;
    dialect::scratch s;
    each_cut(bytes, [&](const std::vector<size_t>& cuts) {
      recorder r(true);
      play(a, bytes, cuts, r, s);
      const std::string one = r.complaint + messages_oracle::reading(r.messages, false).told();
      if (all.empty()) all = one;
      if (all != one) all = "another at other cuts: " + one;
    });
    return all;
  };
  // The provider tells.
  const std::string claude =
      "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n"
      "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
      "\"text\":\"ok\"}}\n\n"
      "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"stop_sequence\","
      "\"stop_sequence\":\"E\\u00e9\"}}\n\n"
      "data: {\"type\":\"message_stop\"}\n\n";
  if (const char* w =
          expect(told(sse(dialect::id::anthropic), claude), "text(ok) stop_sequence E\xc3\xa9")) {
    return w;
  }
  // f0 enforces it: the longest of those that end at one place.
  answer a = sse(dialect::id::openai);
  a.options.stops = {"ND", "END", "never"};
  return expect(told(a, content("one E") + content("ND two") + stop_chunk + done_mark),
                "text(one ) stop_sequence END");
}

namespace {

struct turn_rig : rig_t {
  turn_rig(const char* dialect, f0_front_t of) : rig_t() {
    rig_open(this, dialect, "chat");
    front = of;
    answers = &answer;
    nanswers = 1;
    answer = {200, "application/json", "", 0, F0_END_CLEAN};
  }
  ~turn_rig() { rig_close(this); }

  // The client's side of it: the status of a whole answer, and what came.
  std::string play(const std::string& body, string_view says, const char* type) {
    answer.content_type = type;
    answer.body = says.data();
    answer.len = says.size();
    if (rig_play(this, body.data(), body.size()) != 0) return "the turn is wrong";
    return (status ? std::to_string(status) + " " : "") + std::string(out.data, out.len);
  }

  rig_answer_t answer;
};

std::string view(const rig_buf_t& b) { return {b.data ? b.data : "", b.len}; }

}  // namespace

const char* messages_check_turn(void) {
  const std::string said =
      wire::content("Hi") + wire::content(" you") + wire::stop_chunk + wire::done_mark;
  turn_rig stream("openai", F0_FRONT_MESSAGES);
  const std::string out = stream.play(ask(kHi, ",\"stream\":true"), said, "text/event-stream");
  const messages_oracle::reading r(out);
  if (!r.wrong.empty()) return wrong(r.wrong + "\n" + out);
  if (const char* w = expect(r.told(), "text(Hi you) end_turn")) return w;
  if (stream.status != 0 || r.model != "m" || r.estimate < 5) return wrong(out);
  turn_rig whole("openai", F0_FRONT_MESSAGES);
  const std::string body = whole.play(
      ask(kHi),
      R"({"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]})",
      "application/json");
  if (body.find(R"("content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn")") ==
      std::string::npos) {
    return wrong(body);
  }
  turn_rig thread("openai", F0_FRONT_MESSAGES);
  const std::string refused = thread.play(ask(kHi, R"(,"thread":{"type":"create"})"), "", "");
  if (!refused.starts_with(R"(400 {"type":"error","error":{"type":"invalid_request_error",)") ||
      refused.find(R"("details":{"error_code":"thread_unsupported_request")") ==
          std::string::npos) {
    return wrong(refused);
  }
  return thread.calls == 0 ? nullptr : "a provider was asked";
}

const char* messages_check_count_turn(void) {
  const std::string body =
      R"({"model":"m","messages":[{"role":"user","content":")" + std::string(4000, 'x') + R"("}]})";
  turn_rig guess("openai", F0_FRONT_COUNT_TOKENS);
  if (const char* w = expect(guess.play(body, "", ""), "200 {\"input_tokens\":1014}")) return w;
  if (guess.calls != 0) return "counting asked a provider that does not count";
  turn_rig asked("anthropic", F0_FRONT_COUNT_TOKENS);
  if (const char* w = expect(asked.play(body, "{\"input_tokens\":77}", "application/json"),
                             "200 {\"input_tokens\":77}")) {
    return w;
  }
  if (asked.calls != 1 || !view(asked.uri).ends_with("v1/messages/count_tokens")) {
    return wrong(view(asked.uri));
  }
  if (view(asked.asked).find(std::string(4000, 'x')) == std::string::npos) return "not the request";
  turn_rig odd("anthropic", F0_FRONT_COUNT_TOKENS);
  return expect(odd.play(body, "{\"content\":[]}", "application/json"),
                "200 {\"input_tokens\":1014}");
}
