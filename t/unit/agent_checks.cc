// Copyright (C) 2026 The f0 authors

#include "agent_checks.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "agent_rig.h"
#include "core/front/chat_completions/request.h"
#include "core/agent/classify.h"
#include "core/agent/context.h"
#include "core/agent/diff_text.h"
#include "core/agent/prompt.h"
#include "core/agent/render.h"

namespace {

using namespace f0::agent_test;
using std::string;
using std::string_view;

string wrong;

const char* say(string text) {
  wrong = std::move(text);
  return wrong.c_str();
}

#define WANT(cond, text)                                                                        \
  do {                                                                                          \
    if (!(cond)) return say(string(__func__) + ":" + std::to_string(__LINE__) + ": " + (text)); \
  } while (0)

// f0::edit's and the checks' own words for the same files.
const string kA = "const a = 1;\nconst b = 2;\nconst c = 3;\n";
const string kA2 = "const a = 1;\nconst b = 20;\nconst c = 3;\n";

string block(string_view path, string_view search, string_view replace) {
  return string(path) + "\n```\n<<<<<<< SEARCH\n" + string(search) + "=======\n" + string(replace) +
         ">>>>>>> REPLACE\n```\n";
}

const string kGood = block("src/a.ts", "const b = 2;\n", "const b = 20;\n");
const string kBad = block("src/a.ts", "const bb = 2;\n", "const b = 20;\n");

// A request read without a turn.
struct parsed {
  f0::json::document doc;
  f0::chat::request r;
  explicit parsed(string_view body) {
    const f0::json::value* v = doc.parse(body);
    f0::chat::bad_request bad;
    if (v == nullptr || !f0::front::read_request(*v, r, bad)) abort();
  }
};

f0::model agent_model() {
  f0::model m;
  m.id = "f0-code-agent";
  m.mode = f0::mode::agent;
  return m;
}

string lane_of(string_view body, f0::mode mode = f0::mode::agent) {
  parsed p(body);
  f0::model m = agent_model();
  m.mode = mode;
  return string(f0::agent::lane_word(f0::agent::classify(p.r, m).lane));
}

string member(string_view more) {
  return R"({"messages":[{"role":"user","content":"hi"}],)" + string(more) + "}";
}

}  // namespace

// ---- the request

const char* agent_check_classify(void) {
  struct {
    string body;
    const char* lane;
  } cases[] = {
      {R"({"messages":[{"role":"user","content":"hi"}]})", "chat"},
      {request({{"a.c", "x\n"}}), "edit"},
      {member(R"("fz_context":{})"), "edit"},
      {member(
           R"("files":[{"path":"a","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}])"),
       "proxy"},
      {R"({"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"```"}],"files":[{"path":"a","content":"x"}]})",
       "proxy"},
      {member(R"("max_tokens":16,"files":[{"path":"a","content":"x"}])"), "proxy"},
      {R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}],"max_tokens":16,"files":[{"path":"a","content":"x"}]})",
       "edit"},
      {member(
           R"("fz_context":{"currentFile":{"path":"a","content":"xyz","selection":{"start":0,"end":2}}})"),
       "refactor"},
      {member(
           R"("fz_context":{"currentFile":{"path":"a","content":"  z","selection":{"start":0,"end":2}}})"),
       "edit"},
      {R"({"messages":[{"role":"user","content":"<fim_prefix>a<fim_suffix>b<fim_middle>"}],"files":[{"path":"a","content":"x"}]})",
       "fim"},
      {R"({"messages":[{"role":"user","content":"what does <fim_prefix> mean?"}]})", "chat"},
      {member(R"("suffix":"x")"), "fim"},
      {R"({"messages":[{"role":"user","content":"```ts src/a.ts\nx\n```"}]})", "edit"},
      {R"({"messages":[{"role":"user","content":"```ts\nx\n```"}]})", "chat"},
      {R"({"messages":[{"role":"system","content":"```tool\nTOOL_NAME: x\n```"},{"role":"user","content":"hi"}],"files":[{"path":"a","content":"x"}]})",
       "proxy"},
      {member(R"("projectId":"p")"), "edit"},
      {member(R"("workspaceId":"w")"), "edit"},
      {member(R"("projectId":"p","tools":[{"type":"function","function":{"name":"f"}}])"), "proxy"},
      {member(R"("fz_mode":"proxy","files":[{"path":"a","content":"x"}])"), "proxy"},
      {member(R"("fz_mode":"chat","files":[{"path":"a","content":"x"}])"), "chat"},
      {member(R"("fz_mode":"apply","files":[{"path":"a","content":"x"}])"), "apply"},
      {member(R"("fz_mode":"edit","tools":[{"type":"function","function":{"name":"f"}}])"), "edit"},
      {member(R"("fz_mode":"refactor","files":[{"path":"a","content":"x"}])"), "edit"},
  };
  for (const auto& c : cases) {
    WANT(lane_of(c.body) == c.lane, lane_of(c.body) + " instead of " + c.lane + " for " + c.body);
  }
  string files = request({{"a.c", "x\n"}});
  WANT(lane_of(files, f0::mode::chat) == "chat", "a chat model is a chat model");
  WANT(lane_of(files, f0::mode::apply) == "apply", "an apply model is an apply model");
  WANT(lane_of(member(R"("fz_mode":"edit")"), f0::mode::chat) == "edit",
       "fz_mode wins over the model");
  return nullptr;
}

const char* agent_check_overrides(void) {
  play_options o;
  o.model = {{"overrides", "off"}};
  result r = play(request({{"src/a.ts", kA}}, R"("fz_mode":"chat")"), {{kGood}}, o);
  WANT(r.status == 400 &&
           r.raw.find(R"("param":"fz_mode","code":"unsupported_value")") != string::npos,
       r.raw);
  r = play(request({{"src/a.ts", kA}}, R"("fz_edit_format":"whole")"), {{kGood}}, o);
  WANT(r.status == 400 && r.raw.find(R"("param":"fz_edit_format")") != string::npos, r.raw);
  r = play(request({{"src/a.ts", kA}}), {{kGood}}, o);
  WANT(r.status == 0 && r.patches == 1, "without a wish it works");
  return nullptr;
}

const char* agent_check_editable(void) {
  auto editable = [](const string& body) {
    parsed p(body);
    f0::agent::workspace w;
    f0::agent::read_context(p.r, 3, w);
    string out;
    for (const auto& f : w.files) out += f.path + (f.editable ? "+ " : "- ");
    return out;
  };
  auto ctx = [](string_view s) { return member(R"("fz_context":{)" + string(s) + "}"); };
  string got = editable(ctx(
      R"("currentFile":{"path":"a","content":""},"openFiles":[{"path":"b","content":""},{"path":"c","content":"","isOpen":false},{"path":"d","content":""},{"path":"e","content":""}])"));
  WANT(got == "a+ b+ c- d+ e- ", got);
  got = editable(ctx(
      R"("currentFile":{"path":"a","content":"","allowEdit":false},"openFiles":[{"path":"./a","content":"z"},{"path":"b","content":"","isOpen":false,"allowEdit":true}])"));
  WANT(got == "a- b+ ", got);
  got = editable(member(
      R"("files":[{"path":"a","content":""},{"path":"b","content":""},{"path":"c","content":"","isOpen":true}])"));
  WANT(got == "a+ b- c+ ", got);
  got = editable(member(
      R"("fz_context":{"currentFile":{"path":"z","content":""}},"files":[{"path":"a","content":""}])"));
  WANT(got == "z+ ", got);
  got = editable(
      member(R"("fz_context":{},"files":[{"path":"a","content":""},{"path":"b","content":""}])"));
  WANT(got == "a+ b+ ", got);
  return nullptr;
}

const char* agent_check_selection(void) {
  auto selected = [](const string& content, string_view selection, bool desktop = false) -> string {
    string sel = desktop ? R"(,"selection":)" + string(selection) : "";
    string own = desktop ? "" : R"(,"selection":)" + string(selection);
    parsed p(member(R"("fz_context":{"currentFile":{"path":"a","content":)" + quoted(content) +
                    own + "}" + sel + "}"));
    f0::agent::workspace w;
    f0::agent::read_context(p.r, 3, w);
    if (!w.selection) return w.notes.empty() ? "(none)" : "(note)";
    auto b = w.selection->bytes;
    return content.substr(b.begin, b.end - b.begin);
  };
  const string smile = "\xf0\x9f\x98\x80";
  struct {
    string content, selection, want;
  } cases[] = {
      {"abcdef", R"({"start":1,"end":3})", "bc"},
      {"abcdef", R"({"start":-4,"end":2})", "ab"},
      {"abcdef", R"({"start":4,"end":99})", "ef"},
      {"abcdef", R"({"start":4,"end":2})", "(none)"},
      {"abcdef", R"({"start":3,"end":3})", "(none)"},
      {smile + "x" + smile + "y", R"({"start":2,"end":3})", "x"},
      {smile + "x" + smile + "y", R"({"start":1,"end":4})", smile + "x" + smile},
      {"a\r\nb\r\nc", R"({"start":3,"end":4})", "b"},
      {"a\r\nb\r\nc", R"({"start":0,"end":4,"text":"a\nb"})", "a\r\nb"},
      {"one\r\ntwo\r\n", R"({"start":4,"end":7,"text":"two"})", "two"},
      {"x = 1\ny = 2\n", R"({"start":0,"end":3,"text":"y = 2"})", "y = 2"},
      {"x\nx\n", R"({"start":0,"end":2,"text":"x"})", "(note)"},
      {"x\nx\n", R"({"start":0,"end":1,"text":"nowhere"})", "(note)"},
      {"a\xc2\xa0\xef\xbb\xbf b", R"({"start":1,"end":4})", "(none)"},
  };
  for (const auto& c : cases) {
    string got = selected(c.content, c.selection);
    WANT(got == c.want, "'" + got + "' instead of '" + c.want + "' for " + c.selection);
  }
  string got =
      selected("abcdef", R"({"path":"a","startOffset":1,"endOffset":3,"selectedText":"bc"})", true);
  WANT(got == "bc", got);
  return nullptr;
}

const char* agent_check_harvest(void) {
  auto files = [](string_view text, string_view later = {}) {
    string body = R"({"messages":[{"role":"user","content":)" + quoted(text) + "}";
    if (!later.empty()) {
      body +=
          R"(,{"role":"assistant","content":"ok"},{"role":"user","content":)" + quoted(later) + "}";
    }
    parsed p(body + "]}");
    f0::agent::workspace w;
    f0::agent::harvest(p.r, 3, w);
    string out;
    for (const auto& f : w.files) {
      out += f.path + (f.part ? "@" + std::to_string(f.first_line) : "") + "=" + string(f.content) +
             ";";
    }
    return out;
  };
  struct {
    string_view text;
    string_view want;
  } cases[] = {
      {"```ts src/a.ts\nx\n```", "src/a.ts=x\n;"},
      {"```src/a.ts\nx\n```", "src/a.ts=x\n;"},
      {"~~~py b.py\nx\n~~~", "b.py=x\n;"},
      {"```ts src/a.ts (3-9)\nx\n```", "src/a.ts@3=x\n;"},
      {"```src/a.ts (3-9)\nx\n```", "src/a.ts@3=x\n;"},
      {"```ts\nx\n```", ""},
      {"```diff src/a.ts\nx\n```", ""},
      {"```js {1,3}\nx\n```", ""},
      {"```python title=\"a.py\"\nx\n```", ""},
      {"```ts ../a.ts\nx\n```", ""},
      {"```ts /etc/a.ts\nx\n```", ""},
      {"```ts src/a.ts\nx\n", ""},
      {"````md r.md\n```sh\nls\n```\n````", "r.md=```sh\nls\n```\n;"},
      {"```ts src/a.ts\nx\n\n```", "src/a.ts=x\n;"},
      {"```make Makefile\nx\n```", "Makefile=x\n;"},
      {"```ts src/a.ts\nx\n```\n```ts src/b.ts\ny\n```", "src/a.ts=x\n;src/b.ts=y\n;"},
      // agents.md 6.41: its end.
      {"```md r.md\n# A\n\n```sh\nls\n```\n\nB\n```\n\nGo.", "r.md=# A\n\n```sh\nls\n```\n\nB\n;"},
      {"```r.md\n# A\n\n```\nls\n```\n\nB\n```\n\nGo.", "r.md=# A\n\n```\nls\n```\n\nB\n;"},
      {"```a.txt\na\n```\nb\n```\nc\n```\n", "a.txt@1=a\n;"},
      // 6.42: its path.
      {"```ts src/a.ts:3-9\nx\n```", "src/a.ts@3=x\n;"},
      {"```3:9:src/a.ts\nx\n```", "src/a.ts@3=x\n;"},
      {"```src/a.ts#L3-L9\nx\n```", "src/a.ts@3=x\n;"},
      {"```ts src/a.ts L3-L9\nx\n```", "src/a.ts@3=x\n;"},
      {"```ts src\\a.ts\nx\n```", "src/a.ts=x\n;"},
      {"```cfg etc/conf\nx\n```", "etc/conf=x\n;"},
      {"```application/json\nx\n```", ""},
      {"```text/html\nx\n```", ""},
      {"```http GET /users\nx\n```", ""},
      {"```python 3.11\nx\n```", ""},
      {"```console $ cat a.ts\nx\n```", ""},
      {"```sh npm run build/all\nx\n```", ""},
      {"```text https://x.org/a.ts\nx\n```", ""},
      {"```sh ~/a.ts\nx\n```", ""},
  };
  for (const auto& c : cases) {
    WANT(files(c.text) == c.want, files(c.text) + " instead of " + string(c.want));
  }
  string got = files("```ts src/a.ts\nold\n```", "```ts src/a.ts\nnew\n```");
  WANT(got == "src/a.ts=new\n;", got);
  result r = play(
      R"({"stream":true,"fz_stream":{"patches":"event"},"messages":[{"role":"user","content":)" +
          quoted("```ts src/a.ts\n" + kA + "```\nchange b") + "}]}",
      {{kGood}});
  WANT(r.patches == 1 && r.content.empty(), r.raw);
  return nullptr;
}

const char* agent_check_prompt(void) {
  string body =
      R"({"stream":true,"temperature":0.5,"max_tokens":99,"stop":["zz"],"messages":[)"
      R"({"role":"system","content":"rule-1"},{"role":"user","content":"old-1"},)"
      R"({"role":"assistant","content":"old-2"},{"role":"user","content":"the words"}],)"
      R"("fz_context":{"currentFile":{"path":"src/a.ts","content":)" +
      quoted(kA) +
      R"(,"selection":{"start":13,"end":25}},"openFiles":[{"path":"r.md","content":"```\nro\n```\n","isOpen":false}]}})";
  result one = play(body, {{"ok"}}), two = play(body, {{"ok"}}, {.seed = 7});
  WANT(one.asked.size() == 1, "one call");
  WANT(one.asked[0] == two.asked[0], "the same request gives the same prompt");
  size_t at = 0;
  for (const char* part : {"rule-1", "SEARCH", "old-1", "old-2", "r.md", "ro\\n", "src/a.ts",
                           "const a = 1;", "const b = 2;", "the words"}) {
    at = one.asked[0].find(part, at);
    WANT(at != string::npos, string(part) + " is missing or out of order");
  }
  WANT(one.asked[0].find("````") != string::npos, "the fence is longer than those of the files");
  for (const char* part : {"\"temperature\":0.5", "99", "\"zz\""}) {
    WANT(one.asked[0].find(part) != string::npos, string(part) + " is not asked for");
  }
  // Old messages that do not fit go first, never the question.
  string history;
  for (int i = 0; i < 40; i++) {
    history += R"({"role":"user","content":"q)" + std::to_string(i) + string(400, 'x') +
               R"("},{"role":"assistant","content":"a"},)";
  }
  play_options small;
  small.model = {{"context", "2k"}};
  result r =
      play(R"({"stream":true,"fz_mode":"edit","messages":[)" + history +
               R"({"role":"user","content":"the last"}],"files":[{"path":"a","content":"x\n"}]})",
           {{"ok"}}, small);
  WANT(r.asked[0].find("q39xx") != string::npos && r.asked[0].find("q0xx") == string::npos,
       "the newest stay");
  WANT(r.asked[0].find("the last") != string::npos, "the question stays");
  return nullptr;
}

const char* agent_check_windows(void) {
  string big;
  for (int i = 1; i <= 4000; i++) big += "int value_" + std::to_string(i) + " = 0;\n";
  play_options small;
  small.model = {{"context", "4k"}};
  string body =
      request({{"big.c", big}}, R"("fz_stream":{"patches":"event"})", "raise value_2500 to one");
  string edit = block("big.c", "int value_2500 = 0;\n", "int value_2500 = 1;\n");
  result r = play(body, {{edit}}, small);
  WANT(r.patches == 1, "SEARCH/REPLACE works on a file shown in parts");
  WANT(r.asked[0].find("2500| int value_2500 = 0;") != string::npos,
       "the lines that the words name are shown");
  WANT(r.asked[0].size() < 16384, "the prompt keeps to the context");
  string whole = "big.c\n```c\nint x;\n```\n";
  r = play(request({{"big.c", big}}, R"("fz_stream":{"patches":"event"},"fz_edit_format":"whole")"),
           {{whole}}, small);
  WANT(r.patches == 0 && r.of("patch_failed", "code") == std::vector<string>{"malformed"}, r.raw);
  string diff =
      "```diff\n--- a/big.c\n+++ b/big.c\n@@ -1,1 +1,1 @@\n-int value_1 = 0;\n+int value_1 = "
      "1;\n```\n";
  r = play(request({{"big.c", big}}, R"("fz_stream":{"patches":"event"})"), {{diff}}, small);
  WANT(r.patches == 1, "a diff says enough");
  return nullptr;
}

// ---- the answer

const char* agent_check_formats(void) {
  string diff =
      "```diff\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,3 +1,3 @@\n const a = 1;\n-const b = "
      "2;\n+const b = 20;\n const c = 3;\n```\n";
  string patch =
      "*** Begin Patch\n*** Update File: src/a.ts\n@@\n const a = 1;\n-const b = 2;\n+const b = "
      "20;\n const c = 3;\n*** End Patch\n";
  string whole = "src/a.ts\n```ts\n" + kA2 + "```\n";
  for (const char* asked : {"search_replace", "whole", "udiff", "apply_patch"}) {
    for (const string& text : {kGood, diff, patch, whole}) {
      string body =
          request({{"src/a.ts", kA}},
                  R"("fz_stream":{"patches":"event"},"fz_edit_format":")" + string(asked) + "\"");
      result r = play(body, {{"Before.\n\n" + text + "After.\n"}});
      bool prose = &text == &whole ? false : text == whole && string(asked) != "whole";
      tree files{{"src/a.ts", kA}};
      string why;
      WANT(apply(files, r, why), why);
      WANT(files["src/a.ts"] == (prose ? kA : kA2), string(asked) + ": " + text + r.raw);
      WANT(r.content.find("Before.\n") == 0 && r.content.find("After.\n") != string::npos,
           r.content);
      WANT(prose == (r.content.find("const b = 20") != string::npos), r.content);
    }
  }
  play_options o;
  o.model = {{"try", "up", "edit_format=whole"}};
  result r = play(request({{"src/a.ts", kA}}), {{whole}}, o);
  WANT(r.patches == 1, "the model's own edit_format");
  r = play(request({{"src/a.ts", kA}}, R"("fz_edit_format":"udiff")"), {{whole}}, o);
  WANT(r.patches == 0 && r.content == whole, "the body's wins");
  return nullptr;
}

const char* agent_check_opt_in(void) {
  auto ask = [](string_view more, string_view header = {}) {
    play_options o;
    o.header = header;
    return play(request({{"src/a.ts", kA}}, more), {{"Now.\n\n" + kGood + kBad}}, o);
  };
  auto names = [](const result& r) {
    string out;
    for (const auto& e : r.events) {
      if (e.name != "content") out += e.name + " ";
    }
    return out;
  };
  result r = ask("");
  WANT(names(r).empty(), names(r));
  WANT(r.content.find("```typescript src/a.ts\n") != string::npos, r.content);
  r = ask(R"("fz_stream":{"patches":"event"})");
  WANT(names(r) == "f0.patch f0.patch_failed " && r.content == "Now.\n\n", r.raw);
  r = ask(R"("fz_stream":{"patches":"chunk"})");
  WANT(names(r) == "chunk chunk " && r.content == "Now.\n\n", r.raw);
  r = ask(R"("fz_stream":{"patches":"both"})");
  WANT(names(r) == "f0.patch f0.patch_failed ", r.raw);
  WANT(r.content.find("src/a.ts\n") != string::npos && r.content.find("not_found") != string::npos,
       r.content);
  r = ask("", "progress=chunk, patches=event");
  WANT(names(r).find("f0.patch ") != string::npos && names(r).find("chunk") == 0, names(r));
  r = ask(R"("fz_stream":{"patches":"markdown"})", "progress=chunk, patches=event");
  WANT(names(r).empty(), names(r));
  for (const char* form : {"comment", "chunk", "event"}) {
    r = ask(R"("fz_stream":{"progress":")" + string(form) + "\"}");
    string want = form == string("event") ? "f0.progress" : form, stages;
    for (const auto& s : r.of("progress", "stage")) stages += s + " ";
    WANT(stages.find("assemble call edit validate ") == 0 &&
             stages.find("repair ") != string::npos && stages.find("done ") == stages.size() - 5,
         stages);
    WANT(names(r).find(want) == 0, names(r));
  }
  // A failure is a status as long as nothing was said.
  answer bad;
  bad.status = 500;
  r = play(request({{"src/a.ts", kA}}, R"("fz_stream":{"progress":"event"})"), {bad});
  WANT(r.status >= 500, "a status: " + r.raw);
  return nullptr;
}

const char* agent_check_json(void) {
  string body =
      R"({"messages":[{"role":"user","content":"go"}],"files":[{"path":"src/a.ts","content":)" +
      quoted(kA) + "}]}";
  result r = play(body, {{"Now.\n\n" + kGood + "then\n\n" + kBad}});
  WANT(r.status == 200 && r.body_f0.find(R"({"mode":"edit","patches":[{)") == 0, r.raw);
  WANT(r.of("patch", "path") == std::vector<string>{"src/a.ts"}, r.raw);
  WANT(r.of("patch_failed", "code") == std::vector<string>{"not_found"}, r.raw);
  WANT(r.body_f0.find(R"("context":[{"path":"src/a.ts","editable":true,"shown":"whole")") !=
           string::npos,
       r.body_f0);
  WANT(r.content.find("```typescript src/a.ts\n" + kA2 + "```\n") != string::npos, r.content);
  for (const char* key :
       {"id", "path", "op", "base_sha256", "lang", "diff", "new_content", "match", "attempt"}) {
    WANT(r.of("patch", key)[0] != "(none)", key);
  }
  for (const char* key : {"id", "path", "code", "message", "attempt"}) {
    WANT(r.of("patch_failed", key)[0] != "(none)", key);
  }
  // A talk says nothing of files.
  r = play(R"({"messages":[{"role":"user","content":"go"}]})", {{"ok"}});
  WANT(r.body_f0.empty() && r.content == "ok", r.raw);
  return nullptr;
}

namespace {

// The content for one edit of one file.
string shown_as(string_view ide, const tree& files, const string& answer_text,
                string_view more = {}) {
  string m = R"("ideType":")" + string(ide) + "\"";
  if (!more.empty()) m += "," + string(more);
  return play(request(files, m), {{answer_text}}).content;
}

}  // namespace

const char* agent_check_editor_form(void) {
  string got = shown_as("continue", {{"src/a.ts", kA}}, "Now.\n\n" + kGood + "Done.\n");
  WANT(got == "Now.\n\n```typescript src/a.ts\n" + kA2 + "```\nDone.\n", got);
  string big;
  for (int i = 1; i <= 500; i++) big += "line " + std::to_string(i) + "\n";
  got = shown_as("continue", {{"t.txt", big}}, block("t.txt", "line 250\n", "LINE\n"));
  WANT(got.find("diff t.txt\n--- a/t.txt\n+++ b/t.txt\n@@ -247,7 +247,7 @@\n line 247\n") !=
           string::npos,
       got);
  // Continue would take the first of equal places.
  string same;
  for (int i = 0; i < 300; i++) same += "a\nb\n";
  string diff = "```diff\n--- a/t.txt\n+++ b/t.txt\n@@ -401,3 +401,3 @@\n a\n-b\n+B\n a\n```\n";
  got = shown_as("continue", {{"t.txt", same}}, diff);
  WANT(got.find("@@") == string::npos &&
           got.find("t.txt\n" + same.substr(0, 802) + "B\n") != string::npos,
       got.substr(0, 200));
  // Fences inside.
  got = shown_as("continue", {{"r.md", "x\n"}}, block("r.md", "x\n", "````sh\nls\n````\n"));
  WANT(got.find("`````markdown r.md\n````sh\nls\n````\n`````\n") != string::npos, got);
  got = shown_as("continue", {{"src/a.ts", kA}},
                 "*** Begin Patch\n*** Delete File: src/a.ts\n*** End Patch\n");
  WANT(got.find("```diff src/a.ts\ndiff --git a/src/a.ts b/src/a.ts\ndeleted file mode 100644\n") !=
           string::npos,
       got);
  got = shown_as(
      "continue", {{"src/a.ts", kA}},
      "*** Begin Patch\n*** Update File: src/a.ts\n*** Move to: src/b.ts\n*** End Patch\n");
  WANT(got.find("src/a.ts") != string::npos &&
           got.find("```typescript src/b.ts\n" + kA + "```\n") != string::npos,
       got);
  got = shown_as("continue", {{"my file.ts", "x\n"}}, block("my file.ts", "x\n", "y\n"));
  WANT(got.find("### `my file.ts`\n\n```typescript\ny\n```\n") != string::npos, got);
  got = shown_as("continue", {{"a.ts", "x\n"}}, block("a.ts", "x\n", ""));
  WANT(got.find("```diff a.ts\n") != string::npos && got.find("-x\n```") != string::npos, got);
  got = shown_as("continue", {{"a.ts", "\xef\xbb\xbfx\r\n"}}, block("a.ts", "x\n", "y\n"));
  WANT(got == "```typescript a.ts\ny\n```\n", got);
  return nullptr;
}

const char* agent_check_continue_reader(void) {
  using f0::agent::continue_applies;
  auto diff = [](string_view body) { return "--- a/x\n+++ b/x\n" + string(body); };
  WANT(continue_applies("a\nb\nc\n", "a\nB\nc\n", diff("@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n")),
       "a plain one");
  WANT(!continue_applies("a\nb\na\nb\n", "a\nb\na\nB\n", diff("@@ -3,2 +3,2 @@\n a\n-b\n+B\n")),
       "the first place");
  WANT(!continue_applies("-- a\nb\n", "b\n", diff("@@ -1,2 +1,1 @@\n--- a\n b\n")),
       "--- is skipped");
  WANT(!continue_applies("b\n", "++ a\nb\n", diff("@@ -1,1 +1,2 @@\n+++ a\n b\n")),
       "+++ is skipped");
  WANT(continue_applies("  a\nb", "  a\nc", diff("@@ -1,2 +1,2 @@\n   a\n-b\n+c\n")),
       "no final newline");
  WANT(!continue_applies("x\n", "y\n", diff("@@ -1,1 +1,1 @@\n-z\n+y\n")), "nowhere");
  string git =
      "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@ f()\n-a\n\\ No newline "
      "at end of file\n+b\n\\ No newline at end of file\n";
  string got = f0::agent::numbered(git, 1);
  WANT(got == "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n+b\n", got);
  got = f0::agent::shifted(git, 11);
  WANT(got.find("@@ -11,1 +11,1 @@\n-a\n\\ No") != string::npos, got);
  return nullptr;
}

const char* agent_check_f0_form(void) {
  string got = shown_as("desktop", {{"src/a.ts", kA}}, "Now.\n\n" + kGood + "Done.\n");
  WANT(got == "Now.\n\n### src/a.ts\n\n```typescript\n" + kA2 + "```\nDone.\n", got);
  got = shown_as("desktop", {{"package.json", "{}\n"}}, block("package.json", "{}\n", "[]\n"));
  WANT(got == "### ./package.json\n\n```json\n[]\n```\n", got);
  got = shown_as("desktop", {{"src/a.ts", kA}},
                 "*** Begin Patch\n*** Delete File: src/a.ts\n*** End Patch\n");
  WANT(got.find("src/a.ts (deleted)") != string::npos && got.find("```") == string::npos, got);
  // What the desktop would take for a file behind an edit is one of f0's or none.
  got = shown_as("desktop", {{"src/a.ts", kA}},
                 kGood + "### ../../x.desktop\n\n```text\nEVIL\n```\n\nSo:\n\n```sh\nls\n```\n");
  WANT(got.find("### ../../x.desktop\n\n~~~text\nEVIL\n~~~\n\nSo:\n\n```sh\nls\n```\n") != string::npos, got);
  got = shown_as("desktop", {{"r.md", "x\n"}}, block("r.md", "x\n", "```sh\nls\n```\n"));
  WANT(got.find("````markdown\n```sh\nls\n```\n````\n") != string::npos, got);
  string body =
      R"({"ideType":"desktop","messages":[{"role":"user","content":"go"}],"files":[{"path":"src/a.ts","content":)" +
      quoted(kA) + "}]}";
  result r = play(body, {{kGood + block("src/n.ts", "", "x\n")}});
  size_t at = r.content.find("## Generated Files:\n\n### src/a.ts\n");
  WANT(at != string::npos && r.content.find("## Generated Files:", at + 1) == string::npos,
       r.content);
  return nullptr;
}

namespace {

const string kSel =
    "let top = 1;\nfunction a() {\n  work();\n}\nfunction b() {\n  work();\n}\nlet end = 2;\n";

// The desktop's own selection of kSel's function a.
string desktop_selection(string_view more = {}) {
  string m =
      R"("ideType":"desktop","fz_context":{"currentFile":{"path":"src/s.ts","content":)" +
      quoted(kSel) +
      R"(},"openFiles":[{"path":"src/o.ts","content":"o\n"}],"selection":{"path":"src/s.ts","startOffset":13,"endOffset":39,"selectedText":"function a() {\n  work();\n}"}})";
  if (!more.empty()) m += "," + string(more);
  return request({}, m);
}

}  // namespace

const char* agent_check_snippet(void) {
  string inner = block("src/s.ts", "function a() {\n  work();\n", "function a() {\n  more();\n");
  const string fence = "```typescript\nfunction a() {\n  more();\n}\n```\n";
  result r = play(desktop_selection(), {{"Now.\n\n" + inner + "Done.\n"}});
  WANT(r.content == "Now.\n\nDone.\n\n" + fence, r.content);
  WANT(r.mode == "refactor", r.mode);
  r = play(desktop_selection(), {{inner + block("src/s.ts", "let end = 2;\n", "let end = 3;\n") +
                                  block("src/o.ts", "o\n", "p\n")}});
  WANT(r.content.find(fence) != string::npos, r.content);
  WANT(r.content.find("`src/s.ts` outside of the selection") != string::npos, r.content);
  WANT(r.content.find("`src/o.ts` outside of the selection") != string::npos, r.content);
  r = play(desktop_selection(), {{"Run:\n```sh\nls\n```\n" + inner}});
  WANT(r.content == "Run:\n~~~sh\nls\n~~~\n\n" + fence, r.content);
  r = play(desktop_selection(), {{"Run:\n```sh\nls\n```\n"}});
  WANT(r.content == "Run:\n```sh\nls\n```\n", r.content);
  // The edit of the whole is shown as what becomes of the selection.
  string whole = kSel;
  whole.replace(whole.find("work"), 4, "more");
  r = play(desktop_selection(R"("fz_edit_format":"whole")"),
           {{"src/s.ts\n```\n" + whole + "```\n"}});
  WANT(r.content == fence, r.content);
  // Repaired, it is one fence still.
  r = play(desktop_selection(),
           {{block("src/s.ts", "function a() {\n  wrk();\n", "x\n")}, {inner}});
  WANT(r.content == fence && r.asked.size() == 2, r.content);
  return nullptr;
}

const char* agent_check_follow_selection(void) {
  struct {
    string before, after;
    size_t begin, end;
    bool inside;
    string want;
  } cases[] = {
      {"a\nb\nc\n", "a\nB\nc\n", 2, 3, true, "B"},
      {"a\nb\nc\n", "a\nb\nx\nc\n", 2, 3, true, "b\nx"},
      {"a\nb\nc\n", "a\nx\nb\nc\n", 2, 3, true, "x\nb"},
      {"a\nb\nc\n", "A1\nb\nc\n", 2, 3, false, "b"},
      {"a\nb\nc\n", "a\nb\nC\n", 2, 3, false, "b"},
      {"a\nb\nc\n", "a\nc\n", 2, 4, true, ""},
      {"f(w * h);\n", "f(abs(w * h));\n", 2, 7, true, "abs(w * h)"},
      {"a\nb\nc\nd\n", "a\nX\nd\n", 2, 3, false, "X"},
      {"a\r\nb\r\nc\r\n", "a\r\nBB\r\nc\r\n", 3, 4, true, "BB"},
      {"a\nb", "a\nc", 2, 3, true, "c"},
  };
  for (const auto& c : cases) {
    f0::edit::byte_range range{c.begin, c.end};
    string diff = f0::edit::make_diff("x", string_view(c.before), string_view(c.after));
    bool inside = f0::agent::follow_selection(c.before, diff, range);
    string got = c.after.substr(range.begin, range.end - range.begin);
    WANT(inside == c.inside && got == c.want,
         "'" + got + "' instead of '" + c.want + "' in\n" + diff);
  }
  return nullptr;
}

// ---- refusals and repairs

const char* agent_check_told(void) {
  struct {
    string text;
    const char* code;
  } cases[] = {
      {block("../x.ts", "", "x\n"), "path_denied"},
      {kBad, "not_found"},
      {block("src/a.ts", "const b = 2;\n", "const b = 2;\n"), "no_op"},
      {block("src/a.ts", "", "x\n"), "exists"},
      {kGood.substr(0, kGood.size() - 25), "truncated"},
      {block("src/ro.ts", "r\n", "s\n"), "path_denied"},
  };
  for (const auto& c : cases) {
    string body =
        R"({"stream":true,"messages":[{"role":"user","content":"go"}],"files":[{"path":"src/a.ts","content":)" +
        quoted(kA) + R"(},{"path":"src/ro.ts","content":"r\n"}],"fz_stream":{"patches":"both"}})";
    result r = play(body, {{"Now.\n\n" + c.text}});
    WANT(r.of("patch_failed", "code") == std::vector<string>{c.code},
         string(c.code) + ": " + r.raw);
    WANT(r.content.find("Now.\n") == 0 && r.content.find(c.code) != string::npos, r.content);
    WANT(r.content.find("SEARCH\n") == string::npos && r.content.find("=======") == string::npos,
         r.content);
    WANT(r.asked.size() == 2, "the same failing block twice ends it");
    WANT(r.asked[1].find(c.code) != string::npos, "the code is told: " + r.asked[1]);
    WANT(r.patches == 0 && r.finish == "stop", r.raw);
  }
  return nullptr;
}

const char* agent_check_repair(void) {
  string more = R"("fz_stream":{"patches":"event"})";
  string body = request({{"src/a.ts", kA}, {"src/b.ts", "bee\n"}}, more);
  result r = play(body, {{"One.\n\n" + kBad}, {"SECRET\n\n" + kGood + "SECRET\n"}});
  WANT(r.asked.size() == 2 && r.patches == 1 && r.content == "One.\n\n", r.raw);
  WANT(r.of("patch_failed", "code").empty(), "made good");
  WANT(r.of("patch", "attempt") == std::vector<string>{"2"}, "the second attempt");
  for (const char* part : {"not_found", "const bb = 2;", "Please make the change.", "const a = 1;",
                           "2 | const b = 2;"}) {
    WANT(r.asked[1].find(part) != string::npos, string(part) + " is not in the repair's prompt");
  }
  WANT(r.asked[1].find("bee") == string::npos, "only what is affected is shown");
  WANT(r.prompt_tokens == 101 + 102, "usage is the sum");
  // What was accepted is not said twice, and what is shown then is what is now.
  r = play(body, {{kGood + kBad}, {kGood + block("src/a.ts", "const c = 3;\n", "const c = 4;\n")}});
  WANT(r.patches == 2 && r.asked[1].find("const b = 20;\\nconst c = 3;") != string::npos, r.raw);
  tree files{{"src/a.ts", kA}, {"src/b.ts", "bee\n"}};
  string why;
  WANT(apply(files, r, why) && files["src/a.ts"] == "const a = 1;\nconst b = 20;\nconst c = 4;\n",
       why + files["src/a.ts"]);
  // Three attempts, no more.
  string bad2 = block("src/a.ts", "const b3 = 2;\n", "x\n"),
         bad3 = block("src/a.ts", "const b4 = 2;\n", "x\n");
  r = play(body, {{kBad}, {bad2}, {bad3}, {kGood}});
  WANT(r.asked.size() == 3 && r.patches == 0 &&
           r.of("patch_failed", "attempt") == std::vector<string>{"3"},
       r.raw);
  r = play(body, {{kBad}, {bad2}, {kGood}});
  WANT(r.asked.size() == 3 && r.patches == 1 && r.of("patch_failed", "code").empty(), r.raw);
  // Two of a file, one of them made good: the other one's failure stays.
  string c = block("src/b.ts", "nope\n", "x\n");
  r = play(body, {{kBad + c}, {kGood}});
  WANT(r.of("patch_failed", "path") == std::vector<string>{"src/b.ts"}, r.raw);
  // A wrong path made good under the right one.
  r = play(body, {{block("src/zz.ts", "const b = 2;\n", "const b = 20;\n")}, {kGood}});
  WANT(r.patches == 1 && r.of("patch_failed", "code").empty(), r.raw);
  play_options one;
  one.model = {{"max_calls", "1"}};
  r = play(body, {{kBad}, {kGood}}, one);
  WANT(r.asked.size() == 1 && r.of("patch_failed", "code").size() == 1, "max_calls counts");
  return nullptr;
}

const char* agent_check_repair_fails(void) {
  string body = request({{"src/a.ts", kA}}, R"("fz_stream":{"patches":"event"})");
  answer five, cut{"src/a.ts\n```\n<<<<<<< SEA"}, gone;
  five.status = 500;
  cut.breaks = true;
  gone.bare = true;
  for (const answer& second : {five, cut, gone}) {
    string other = block("src/a.ts", "const c = 3;\n", "const c = 4;\n");
    result r = play(body, {{"One.\n\n" + other + kBad}, second});
    WANT(r.status == 0 && r.error.empty(), r.raw);
    WANT(r.patches == 1 && r.of("patch_failed", "code") == std::vector<string>{"not_found"}, r.raw);
    WANT(r.finish == "stop", r.raw);
  }
  return nullptr;
}

const char* agent_check_finish(void) {
  string body = request({{"src/a.ts", kA}}, R"("fz_stream":{"patches":"event"})");
  answer cut{kGood.substr(0, 60), "length"};
  result r = play(body, {cut});
  WANT(r.finish == "length" && r.of("patch_failed", "code") == std::vector<string>{"truncated"},
       r.raw);
  r = play(body, {cut, {kGood}});
  WANT(r.finish == "stop" && r.patches == 1, r.raw);
  answer filtered{"I cannot", "content_filter"};
  r = play(body, {filtered});
  WANT(r.finish == "content_filter" && r.content == "I cannot", r.raw);
  return nullptr;
}

const char* agent_check_prose(void) {
  for (const char* text :
       {"Yes", "  \n\n", "a\n```sh\nls\n```\nb", "```sh\nls",
        "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", "Title\n=====\n\n> q\n>>>>>>> r\n", "src/a.ts",
        "src/a.ts\n```ts\nconst b = 1;\n```\n", "`", "a\r\nb\r\n",
        "\xf0\x9f\x98\x80 \xe2\x80\xa8"}) {
    for (const char* ide : {"continue", "desktop"}) {
      for (unsigned seed = 0; seed < 4; seed++) {
        result r = play(request({{"src/a.ts", kA}}, R"("ideType":")" + string(ide) + "\""),
                        {{text}}, {.seed = seed});
        WANT(r.content == text && r.asked.size() == 1,
             quoted(text) + " became " + quoted(r.content));
      }
    }
  }

  return nullptr;
}

const char* agent_check_tools(void) {
  string body = request(
      {{"src/a.ts", kA}},
      R"("fz_mode":"edit","fz_stream":{"patches":"event"},"tools":[{"type":"function","function":{"name":"look"}}])");
  answer a{"Hm.\n\n" + kGood + kBad, "tool_calls"};
  a.tool = "look";
  result r = play(body, {a});
  WANT(r.finish == "tool_calls" && r.asked.size() == 1, "no repair once the client is asked");
  WANT(r.patches == 1 && r.of("patch_failed", "code").size() == 1, r.raw);
  WANT(r.raw.find(R"("name":"look")") != string::npos, r.raw);
  answer think{"ok"};
  think.reasoning = "let me see";
  r = play(request({{"src/a.ts", kA}}), {think});
  WANT(r.events.size() == 2 && r.events[0].name == "reasoning" && r.events[0].text == "let me see",
       r.raw);
  return nullptr;
}

const char* agent_check_provider_breaks(void) {
  string body = request({{"src/a.ts", kA}}, R"("fz_stream":{"patches":"event"})");
  answer a{"Hello there.\n\n" + kGood + "src/a.ts\n```\n<<<<<<< SEARCH\nconst c"};
  a.breaks = true;
  result r = play(body, {a});
  WANT(r.status == 0 && !r.error.empty() && r.finish.empty(), r.raw);
  WANT(r.patches == 1 && r.content.find("SEARCH") == string::npos && r.asked.size() == 1, r.raw);
  answer five;
  five.status = 500;
  r = play(body, {five});
  WANT(r.status >= 500, "before any output it is a status");
  // Another provider may be asked only then.
  play_options two;
  two.model = {{"try", "up"}, {"try", "up", "other", "edit_format=whole"}};
  r = play(body, {five, {"src/a.ts\n```\n" + kA2 + "```\n"}}, two);
  WANT(r.patches == 1 && r.asked.size() == 2, "the second provider's format counts: " + r.raw);
  return nullptr;
}

const char* agent_check_seed(void) {
  string words = R"("messages":[{"role":"user","content":"Create a React button component"}])";
  string text =
      "I'll create a React button component for "
      "you.\n\nsrc/components/Button.tsx\n```typescript\nexport {};\n```\n";
  result r = play(R"({"projectId":"test-project","stream":true,)" + words + "}", {{text}});
  WANT(r.content ==
               "I'll create a React button component for you.\n\n### "
               "src/components/Button.tsx\n\n```tsx\nexport {};\n```\n" ||
           r.content.find("### src/components/Button.tsx\n\n```typescript\nexport {};\n```\n") !=
               string::npos,
       r.content);
  WANT(r.asked[0].find(R"({"role":"user","content":"Create a React button component"})") !=
           string::npos,
       r.asked[0]);
  r = play(R"({"projectId":"test-project",)" + words + "}", {{text}});
  WANT(r.content.find("\n\n## Generated Files:\n\n### src/components/Button.tsx\n\n```") !=
           string::npos,
       r.content);
  r = play(R"({"projectId":"test-project","stream":true,)" + words + "}", {{"Just words.\n"}});
  WANT(r.content == "Just words.\n", r.content);
  r = play(R"({"projectId":"p","stream":true,"messages":[{"role":"user","content":"  \n"}]})",
           {{"x"}});
  WANT(r.status == 500 && r.raw.find("code_generation_failed") != string::npos, r.raw);
  return nullptr;
}

// ---- interruptions, size, splits

const char* agent_check_cancel(void) {
  string body = request({{"src/a.ts", kA}}, R"("fz_stream":{"patches":"both","progress":"event"})");
  std::vector<answer> script{{"One.\n\n" + kBad + "Two.\n"}, {kGood}};
  for (int i = 0; i < 60; i++) {
    result r = play(body, script, {.seed = static_cast<unsigned>(i + 1), .cancel_after = i});
    WANT(r.broken.empty(), r.broken);
  }
  return nullptr;
}

const char* agent_check_large(void) {
  tree files;
  string script_text;
  for (const char* name : {"a.c", "b.c", "c.c"}) {
    string text;
    for (int i = 0; text.size() < (1 << 20); i++)
      text += "int v" + std::to_string(i) + " = " + std::to_string(i % 7) + ";\n";
    files[name] = text;
    string search, replace;
    for (int i = 20000; search.size() < 110 * 1024; i++) {
      search += "int v" + std::to_string(i) + " = " + std::to_string(i % 7) + ";\n";
      replace += "int w" + std::to_string(i) + " = " + std::to_string(i % 5) + ";\n";
    }
    script_text += block(name, search, replace);
  }
  result r =
      play(request(files, R"("fz_stream":{"patches":"event"})"), {{script_text}}, {.seed = 3});
  string why;
  tree before = files;
  WANT(r.patches == 3 && apply(files, r, why), why + r.raw.substr(0, 200));
  WANT(files["b.c"].find("int w20001 = 1;\n") != string::npos, "it is there");
  return nullptr;
}

// Nor is a file of very many lines more than a turn's memory.
const char* agent_check_lines(void) {
  string file = "first\n";
  for (int i = 0; i < 3200000; i++) file += "x\n";
  tree files{{"a.txt", file}};
  string text = block("a.txt", "first\n", "second\n") + block("a.txt", "second\n", "third\n");
  result r = play(request(files, R"("fz_stream":{"patches":"event"})"), {{text}, {"no\n"}});
  WANT(r.patches == 1 && r.error.empty(), r.error);
  return nullptr;
}

// Of many edits of a large file that don't fit, few steps in a thread are made,
// and what is told of them is the same however the answer comes.
const char* agent_check_tries(void) {
  string file, text;
  for (int i = 0; i < 9000; i++) file += "line " + std::to_string(i) + "\n";
  tree files{{"a.txt", file}, {"b.txt", "b\n"}};
  auto bad = [](int i) { return block("a.txt", "none " + std::to_string(i) + "\n", "x\n"); };
  auto good = [](int i) {
    string line = "line " + std::to_string(i);
    return block("a.txt", line + "\n", line + ".\n");
  };
  for (int i = 0; i < 400; i++) {
    text += i % 3 == 0 ? "Then.\n" + bad(i) : bad(i);
    if (i % 100 == 42) text += good(i) + block("b.txt", "c\n", "d\n") + good(i);
  }
  text += "Done.\n";
  for (const char* more : {R"("fz_stream":{"patches":"both","progress":"event"})",
                           R"("ideType":"desktop")", R"("fz_stream":{"patches":"chunk"})"}) {
    string body = request(files, more);
    result whole = play(body, {{text}, {"no\n"}});
    WANT(whole.broken.empty() && whole.patches == 4, whole.broken);
    tree after = files;
    string why;
    bool diffs = !whole.of("patch", "diff").empty();
    WANT(apply(after, whole, why), why);
    WANT(!diffs || after["a.txt"].find("line 342.\n") != string::npos, "the last edit is there");
    WANT(whole.works < 40, std::to_string(whole.works) + " steps");
    for (unsigned seed = 1; seed < 6; seed++) {
      result r = play(body, {{text}, {"no\n"}}, {.seed = seed, .late = seed % 2 == 0});
      WANT(r.events == whole.events && r.asked == whole.asked, "otherwise when it comes in pieces");
    }
  }
  // Nor are very many made at once while others wait.
  text.clear();
  for (int i = 0; i < 500; i++) text += block("c" + std::to_string(i), "x\n", "y\n");
  result small = play(request(files), {{text}, {"no\n"}});
  WANT(small.works > 5, std::to_string(small.works) + " steps");
  return nullptr;
}

// Many small edits of a file that is large: as the desktop reads it, each shows
// the whole file.
namespace {

struct many_edits {
  tree files;
  string text, after;
  many_edits() {
    string before;
    for (int i = 0; i < 16000; i++) {
      string line = "line " + std::to_string(100000 + i);
      string changed = i < 300 ? line + "." : line;
      if (i < 300) text += block("src/a.txt", line + "\n", changed + "\n");
      before += line + "\n";
      after += changed + "\n";
    }
    files["src/a.txt"] = before;
  }
};

}  // namespace

const char* agent_check_unread(void) {
  many_edits m;
  for (const char* more : {R"("ideType":"desktop")", R"("fz_stream":{"patches":"both"})"}) {
    for (unsigned seed = 0; seed < 3; seed++) {
      play_options o;
      o.seed = seed;
      o.late = true;
      result late = play(request(m.files, more), {{m.text}}, o);
      o.late = false;
      result whole = play(request(m.files, more), {{m.text}}, o);
      WANT(late.broken.empty() && late.patches == 300, late.broken + std::to_string(late.patches));
      WANT(late.content == whole.content && late.finish == "stop", "the same text");
      // 64 KiB and one edit, which may show the file twice.
      WANT(late.most < 65536 + 3 * m.after.size(), std::to_string(late.most) + " bytes waited");
    }
  }
  return nullptr;
}

const char* agent_check_whole_once(void) {
  many_edits m;
  string last = "### src/a.txt\n\n```text\n" + m.after + "```\n";
  result r = play(request(m.files, R"("ideType":"desktop")"), {{m.text}});
  size_t bound = (4 << 20) + 8 * m.after.size();
  WANT(r.raw.size() < 2 * bound, std::to_string(r.raw.size()) + " bytes");
  WANT(r.patches == 300 && r.content.size() >= last.size() &&
           r.content.compare(r.content.size() - last.size(), last.size(), last) == 0,
       "the file ends the answer: " + r.content.substr(r.content.size() - 200));

  r = play(request(m.files, R"("fz_stream":{"patches":"event"})"), {{m.text}});
  WANT(r.raw.size() < 2 * bound, std::to_string(r.raw.size()) + " bytes of events");
  auto contents = r.of("patch", "new_content");
  WANT(contents.size() == 300 && contents[0] != "(none)" && contents[299] == "(none)",
       "new_content");
  string why;
  WANT(apply(m.files, r, why) && m.files["src/a.txt"] == m.after, why);

  // What few edits say is as it was.
  m = many_edits();
  r = play(request(m.files, R"("ideType":"desktop")"),
           {{m.text.substr(0, m.text.find("src/a.txt", 99))}});
  WANT(r.content.find("line 100000.\n") != string::npos, r.content.substr(0, 300));
  return nullptr;
}

const char* agent_check_replays(void) {
  string diff = "```diff\n--- a/src/b.ts\n+++ b/src/b.ts\n@@ -1,1 +1,2 @@\n bee\n+wasp\n```\n";
  string patch =
      "*** Begin Patch\n*** Add File: src/n.ts\n+x\n+\n+y\n*** Delete File: src/c.ts\n*** End "
      "Patch\n";
  const string texts[] = {
      "I say \xf0\x9f\x98\x80.\n\n" + kGood + "\nand `this`:\n\n" + diff +
          "\nDone <<<<<<< or not.\n",
      patch + "\nA list:\n- ======= x\n>>>>>>> REPLACE it\n\n" + kGood,
      "One.\n\n" + kBad + "Two.\n" + kGood + kGood.substr(0, 50),
      "```sh\nnpm test\n```\n**`src/a.ts`**:\n````ts\n<<<<< SEARCH\nconst b = 2;\n=====\nconst b = "
      "3;\n>>>>> REPLACE\n````\n### src/b.ts\n```\nx\n",
  };
  const char* mores[] = {
      R"("fz_stream":{"patches":"both","progress":"event"})",
      R"("ideType":"continue")",
      R"("ideType":"desktop")",
      R"("fz_stream":{"patches":"chunk"},"fz_edit_format":"whole")",
  };
  const char* env = getenv("F0_REPLAYS");
  int count = env != nullptr ? atoi(env) : 10000;
  tree files{{"src/a.ts", kA}, {"src/b.ts", "bee\n"}, {"src/c.ts", "sea\n"}};
  for (int i = 0; i < count;) {
    for (const auto& first : texts) {
      for (const char* more : mores) {
        string body = request(files, more);
        std::vector<answer> script{{first}, {"no\n" + kGood + "no\n"}};
        result whole = play(body, script);
        WANT(whole.broken.empty(), whole.broken);
        tree after = files;
        string why;
        WANT(apply(after, whole, why), why);
        for (unsigned k = 1; k <= 32; k++, i++) {
          unsigned seed = static_cast<unsigned>(i) * 7 + k;
          play_options o;
          o.seed = seed;
          if (k % 8 == 0) o.cancel_after = static_cast<int>(seed % 40);
          result r = play(body, script, o);
          WANT(r.broken.empty(), r.broken);
          if (r.cancelled) {
            WANT(whole.content.substr(0, r.content.size()) == r.content,
                 "another beginning: " + r.content);
            continue;
          }
          WANT(r.events == whole.events && r.finish == whole.finish,
               "seed " + std::to_string(seed) + ":\n" + r.raw + "\ninstead of\n" + whole.raw);
          WANT(r.asked == whole.asked, "other prompts");
        }
      }
    }
  }
  return nullptr;
}
