// Copyright (C) 2026 The f0 authors
//
// Each case is a model's answer, and what must come of it.  It runs whole, byte
// by byte and cut once at every place: the outcome must be the same.

#include "edit_checks.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/edit/edit.h"

using namespace f0;
using edit::code;
using edit::format;
using std::string;
using std::string_view;

namespace {

using texts = std::map<string, string>;

struct given {
  format asked = format::search_replace;
  texts files;
  std::vector<string> read_only = {};
  std::vector<string> answers = {};
};

struct wanted {
  string prose = {};
  texts files = {};    // that differ from what was given; "-" for none
  string failed = {};  // codes, in order, each with a blank behind it
  int patches = -1;    // -1: as many as files differ
};

struct result {
  string prose;
  string thoughts;
  string log;  // all events in order
  string failed;
  texts files;
  string matches;
  int patches = 0;
};

class recorder final : public edit::sink {
 public:
  recorder(edit::files& f, result& r) : files_(f), r_(r) {}

  void prose(string_view s) override {
    r_.prose += s;
    r_.log += s;
  }
  void begin(string_view) override {}
  void edit(edit::block&& b) override {
    edit::outcome o = files_.apply(b);
    if (auto* a = std::get_if<edit::accepted>(&o)) {
      r_.patches++;
      r_.matches += string(a->match) + " ";
      r_.log += "\x01patch " + string(edit::op_word(a->kind)) + " " + a->path + " " + a->to + "\n" +
                a->diff + "\x01";
    } else if (auto* x = std::get_if<edit::rejected>(&o)) {
      failed(*x);
    } else {
      r_.log +=
          "\x01"
          "again\x01";
    }
  }
  void broken(edit::block&& b, code why) override {
    failed(files_.refuse(b, why));
    r_.log += b.raw;
  }
  void thinking(string_view s) override { r_.thoughts += s; }
  void retract() override {
    for (const edit::accepted& a : files_.take_back()) {
      r_.log += "\x01" "back " + a.path + "\n" + a.diff + "\x01";
    }
    r_.failed.clear();
  }

 private:
  void failed(const edit::rejected& x) {
    r_.failed += string(edit::code_word(x.why)) + " ";
    r_.log +=
        "\x01"
        "failed " +
        x.path + " " + x.message + "\x01";
  }

  edit::files& files_;
  result& r_;
};

using cutter = std::function<void(edit::parser&, string_view)>;

result run(const given& g, const cutter& feed, size_t block_max = 256 * 1024) {
  result r;
  edit::files files;
  edit::parse_options o;
  o.asked = g.asked;
  o.block_max = block_max;
  size_t editable = 0;
  for (const auto& [path, text] : g.files) {
    bool fixed = std::find(g.read_only.begin(), g.read_only.end(), path) != g.read_only.end();
    files.add(path, text, !fixed);
    o.known.insert(path);
    if (text.find("*** End Patch") != string::npos) o.shows_end.insert(path);
    if (fixed) continue;
    o.only_editable = path;
    editable++;
  }
  if (editable != 1) o.only_editable.clear();
  for (const string& answer : g.answers) {
    files.begin_call();
    recorder rec(files, r);
    edit::parser p(o, rec);
    feed(p, answer);
    p.finish();
  }
  for (const auto& f : files.list()) r.files[f.path] = f.content;
  return r;
}

string shown(string_view s) {
  string out;
  for (char c : s.substr(0, 400)) {
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < ' ') {
      out += '?';
    } else {
      out += c;
    }
  }
  return out;
}

string text_of_files(const texts& f) {
  string s;
  for (const auto& [path, text] : f) s += path + "=[" + shown(text) + "] ";
  return s;
}

void whole(edit::parser& p, string_view s) { p.feed(s); }

void bytes(edit::parser& p, string_view s) {
  for (size_t i = 0; i < s.size(); i++) p.feed(s.substr(i, 1));
}

string compare(const given& g, const wanted& w, const result& r) {
  texts want = g.files;
  int patches = 0;
  for (const auto& [path, text] : w.files) {
    if (text == "-") {
      want.erase(path);
    } else {
      want[path] = text;
    }
    patches++;
  }
  if (r.files != want) {
    return "files: want " + text_of_files(want) + " got " + text_of_files(r.files) + " (" +
           r.failed + ")";
  }
  if (r.failed != w.failed) return "failed: want " + w.failed + "got " + r.failed;
  if (r.prose != w.prose) return "prose: want " + shown(w.prose) + " got " + shown(r.prose);
  if (w.patches >= 0) patches = w.patches;
  if (r.patches != patches) return "patches: got " + std::to_string(r.patches);
  return {};
}

string wrong;

// What is wrong with the case, or nothing.
bool bad(const char* name, const given& g, const wanted& w) {
  result r = run(g, whole);
  string why = compare(g, w, r);
  if (why.empty() && run(g, bytes).log != r.log) why = "differs byte by byte";
  for (size_t at = 0; why.empty() && at <= g.answers.back().size(); at++) {
    auto cut = [&](edit::parser& p, string_view s) {
      size_t n = std::min(at, s.size());
      p.feed(s.substr(0, n));
      p.feed(s.substr(n));
    };
    if (run(g, cut).log != r.log) why = "differs when cut at " + std::to_string(at);
  }
  if (why.empty()) return false;
  wrong = string(name) + ": " + why;
  return true;
}

const char* verdict(bool failed) { return failed ? wrong.c_str() : nullptr; }

const string abc = "one\ntwo\nthree\n";
const string edited = "one\nTWO\nthree\n";

string sr(const string& search, const string& replace, int n = 7) {
  auto s = static_cast<size_t>(n);
  return string(s, '<') + " SEARCH\n" + search + string(s, '=') + "\n" + replace + string(s, '>') +
         " REPLACE\n";
}

const string two = sr("two\n", "TWO\n");

string fenced(const string& path, const string& body, const string& lang = "") {
  return path + "\n```" + lang + "\n" + body + "```\n";
}

given one(const string& answer, format f = format::search_replace) {
  return {f, {{"src/a.txt", abc}}, {}, {answer}};
}

const wanted ok = {"", {{"src/a.txt", edited}}};

}  // namespace

const char* edit_check_formats() {
  const string udiff =
      "```diff\n--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n```\n";
  const string patch =
      "*** Begin Patch\n*** Update File: src/a.txt\n@@\n one\n-two\n+TWO\n*** End Patch\n";
  const string file = fenced("src/a.txt", edited, "text");
  for (format f : {format::search_replace, format::whole, format::udiff, format::apply_patch}) {
    if (bad("SEARCH/REPLACE is always read", one(fenced("src/a.txt", two), f), ok) ||
        bad("a diff is always read", one(udiff, f), ok) ||
        bad("an envelope is always read", one(patch, f), ok) ||
        bad("a fenced envelope", one("```\n" + patch + "```\n", f), ok)) {
      return verdict(true);
    }
    wanted w = f == format::whole ? ok : wanted{file, {}};
    if (bad("a file in a fence", one(file, f), w)) return verdict(true);
  }
  return verdict(
      bad("prose around keeps its bytes",
          one("Intro \n\n" + fenced("src/a.txt", two, "txt") + "\n\n  Outro."),
          {"Intro \n\n\n\n  Outro.", ok.files}) ||
      bad("the last line has no end", one("src/a.txt\n```\n" + two + "```"), ok) ||
      bad("the marker has no end", one("src/a.txt\n" + two.substr(0, two.size() - 1)), ok) ||
      bad("a fence that isn't closed", one("src/a.txt\n```\n" + two), ok) ||
      bad("CRLF",
          one("src/a.txt\r\n```\r\n<<<<<<< SEARCH\r\ntwo\r\n=======\r\nTWO\r\n"
              ">>>>>>> REPLACE\r\n```\r\nend\r\n"),
          {"end\r\n", ok.files}) ||
      bad("no fence", one("See:\nsrc/a.txt\n" + two + "Done.\n"), {"See:\nDone.\n", ok.files}) ||
      bad("a block in a list item",
          one("1. do it\n\n   src/a.txt\n   ```\n   <<<<<<< SEARCH\n   two\n   =======\n   TWO\n"
              "   >>>>>>> REPLACE\n   ```\n2. done\n"),
          {"1. do it\n\n2. done\n", ok.files}) ||
      bad("the path on the marker's line",
          one("```\n<<<<<<< SEARCH src/a.txt\ntwo\n=======\nTWO\n>>>>>>> REPLACE\n```\n"), ok) ||
      bad("a blank line behind the path in the fence", one("```\nsrc/a.txt\n\n" + two + "```\n"),
          ok) ||
      bad("a fence of prose is closed before an edit in it",
          one("```ts\ncode\n" + two + "```\nend\n"), {"```ts\ncode\n```\nend\n", ok.files}) ||
      bad("and one that the model did not close",
          one("~~~sh\nls\nsrc/a.txt\n```\n" + two + "```\nend\n"),
          {"~~~sh\nls\n~~~\nend\n", ok.files}) ||
      bad("a stray sign", one("src/a.txt\n<<<<<<< SEARCH>\ntwo\n=======\nTWO\n>>>>>>> REPLACE\n"),
          ok));
}

const char* edit_check_path_lines() {
  for (int n = 5; n <= 9; n++) {
    if (bad("signs", one("src/a.txt\n" + sr("two\n", "TWO\n", n)), ok)) return verdict(true);
  }
  for (const char* line :
       {"src/a.txt", "src/a.txt:", "### src/a.txt", "# `src/a.txt`", "**src/a.txt**",
        "**`src/a.txt`**", "`src/a.txt`:", "**src/a.txt:**", "  src/a.txt  ", "./src/a.txt",
        "src//a.txt", "File: src/a.txt", "**File:** `src/a.txt`", "1. src/a.txt", "- `src/a.txt`",
        "### src/a.txt (updated)", "_src/a.txt_", "\"src/a.txt\""}) {
    string l = line;
    if (bad(line, one("Hi.\n\n" + l + "\n```\n" + two + "```\nBye.\n"),
            {"Hi.\n\nBye.\n", ok.files}) ||
        bad(line, one("Hi.\n\n" + l + "\n\n~~~~ts\n" + two + "~~~~\nBye.\n"),
            {"Hi.\n\nBye.\n", ok.files}) ||
        bad(line, one(l + "\n````\n" + edited + "````\n", format::whole), ok)) {
      return verdict(true);
    }
  }
  for (const char* first : {"src/a.txt", "// src/a.txt", "# src/a.txt", "<!-- src/a.txt -->"}) {
    string l = first;
    if (bad(first, one("```txt\n" + l + "\n" + two + "```\n"), ok)) return verdict(true);
  }
  for (const char* info :
       {"src/a.txt", "text src/a.txt", "text:src/a.txt", "text title=\"src/a.txt\""}) {
    string l = info;
    if (bad(info, one("```" + l + "\n" + two + "```\n"), ok) ||
        bad(info, one("```" + l + "\n" + edited + "```\n", format::whole), ok)) {
      return verdict(true);
    }
  }
  return verdict(
      bad("a range behind the path", one("```text src/a.txt (1-2)\nx\n```\n", format::whole),
          {"", {{"src/a.txt", "x\n"}}}) ||
      bad("a path with a blank",
          {format::search_replace, {{"my file.txt", abc}}, {}, {fenced("my file.txt", two)}},
          {"", {{"my file.txt", edited}}}) ||
      bad("a new path with a blank", one("docs/my notes.md\n```\n" + sr("", "x\n") + "```\n"),
          {"", {{"docs/my notes.md", "x\n"}}}));
}

// agents.md 6.17: lines that stand for others, and lines that look so.
const char* edit_check_stand_ins() {
  const string file = "import a\n\nfunction one() {\n  return 1;\n}\n\nfunction two() {\n  return 2;\n}\n";
  auto whole = [&](const string& path, const string& text) {
    return given{format::whole, {{path, file}}, {}, {path + "\n````\n" + text + "````\n"}};
  };
  for (const char* line :
       {"// ... existing code ...", "(rest of methods ...)", "// (...no changes around here)",
        "// (unchanged fields...)", "# remaining methods", "// rest of the code remains the same",
        "# [rest of file unchanged]", "// [existing code here]", "...", "// ...", "/* ... */",
        "// rest unchanged", "\xe2\x80\xa6", "// other imports", "// ... (rest of the code)",
        "// function two is unchanged", "// ... keep existing code", "{/* ... */}"}) {
    string path = line[0] == '#' ? "a.py" : "a.ts";
    string text = string("function one() {\n  return 11;\n}\n") + line + "\n";
    if (bad(line, whole(path, text), {"", {}, "malformed "})) return verdict(true);
  }
  for (const char* line :
       {"  ...existingUser,", "  ...remaining", "  {...remainingProps}", "  ...(existing ?? {})",
        "// the rest of the path is the query", "// remaining attempts", "  log(\"...\");",
        "// existing users keep their name", "func f(a ...int) {}", "// Previous value wins."}) {
    string text = file + line + "\n";
    if (bad(line, whole("a.ts", text), {"", {{"a.ts", text}}})) return verdict(true);
  }
  const string stub = "class A:\n    def f(self): ...\n    def g(self): ...\n";
  return verdict(
      bad("Python's own dots", {format::whole, {{"a.py", "class A:\n    def f(self): ...\n"}}, {},
                                {"a.py\n```\n" + stub + "```\n"}},
          {"", {{"a.py", stub}}}) ||
      bad("dots in place of a body",
          {format::search_replace, {{"a.ts", file}}, {},
           {"a.ts\n" + sr("function two() {\n  return 2;\n}\n", "function two() { ... }\n")}},
          {"", {}, "malformed "}) ||
      bad("a new file with a spread",
          {format::whole, {{"a.ts", file}}, {}, {"b.ts\n```\nconst a = {\n  ...existing,\n};\n```\n"}},
          {"", {{"b.ts", "const a = {\n  ...existing,\n};\n"}}}));
}

// agents.md 6.34 to 6.36: indentation, lines without sign, hunks' headers.
const char* edit_check_frames() {
  const string py = "class A:\n    def f(self):\n        x = 1\n        y = 2\n";
  auto with = [&](const string& answer, format f = format::search_replace) {
    return given{f, {{"a.py", py}}, {}, {answer}};
  };
  auto got = [&](const string& lines) {
    return texts{{"a.py", "class A:\n    def f(self):\n" + lines}};
  };
  const string nums = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
  auto diff = [&](const string& hunk) {
    return given{format::udiff, {{"n.txt", nums}}, {}, {"```diff\n--- a/n.txt\n+++ b/n.txt\n" + hunk + "```\n"}};
  };
  return verdict(
      bad("in the old lines' frame", with("a.py\n" + sr("x = 1\ny = 2\n", "x = 1\ny = 3\nz = 4\n")),
          {"", got("        x = 1\n        y = 3\n        z = 4\n")}) ||
      bad("in the file's frame",
          with("a.py\n" + sr("x = 1\ny = 2\n", "        x = 5\n        y = 6\n")),
          {"", got("        x = 5\n        y = 6\n")}) ||
      bad("all but the first", with("a.py\n" + sr("x = 1\n", "x = 5\n        w = 6\n")),
          {"", got("        x = 5\n        w = 6\n        y = 2\n")}) ||
      bad("a body that the first line opens",
          with("a.py\n" + sr("x = 1\n", "if x:\n    w = 6\n")),
          {"", got("        if x:\n            w = 6\n        y = 2\n")}) ||
      bad("neither", with("a.py\n" + sr("x = 1\ny = 2\n", "   x = 5\n   y = 6\n")),
          {"", {}, "not_found "}) ||
      bad("context without signs",
          with("```diff\n--- a/a.py\n+++ b/a.py\n@@\n        x = 1\n+        z = 3\n        y = 2\n```\n",
               format::udiff),
          {"", got("        x = 1\n        z = 3\n        y = 2\n")}) ||
      bad("context with signs",
          with("```diff\n--- a/a.py\n+++ b/a.py\n@@\n         x = 1\n+        z = 3\n         y = 2\n```\n",
               format::udiff),
          {"", got("        x = 1\n        z = 3\n        y = 2\n")}) ||
      bad("-0,0 on a file with text", diff("@@ -0,0 +1,2 @@\n+a\n+b\n"), {"", {}, "exists "}) ||
      bad("old lines counted and not there", diff("@@ -5,3 +5,5 @@\n+a\n"), {"", {}, "malformed "}) ||
      bad("behind line 2", diff("@@ -2,0 +3 @@\n+a\n"),
          {"", {{"n.txt", "1\n2\na\n" + nums.substr(4)}}}) ||
      bad("behind a line that is not there", diff("@@ -40,0 +41 @@\n+a\n"), {"", {}, "not_found "}) ||
      bad("false numbers with old lines", diff("@@ -9,1 +9,1 @@\n-3\n+three\n"),
          {"", {{"n.txt", "1\n2\nthree\n" + nums.substr(6)}}}) ||
      bad("by the text behind @@", diff("@@ 7 @@\n+a\n"),
          {"", {{"n.txt", "1\n2\n3\n4\n5\n6\n7\na\n8\n9\n10\n11\n12\n"}}}));
}

// agents.md 6.30 to 6.32: names of files, and what is none.
const char* edit_check_names() {
  const string abc2 = "one\nTWO\nthree\n";
  for (const char* path :
       {"src/a.ts:1-3", "src/a.ts:2", "src/a.ts:2:5", "src/a.ts#L1-L3", "src/a.ts (1-3)",
        "src/a.ts (lines 1-3)", "src/a.ts L1-L3", "[src/a.ts](src/a.ts)", "[src/a.ts]", "@src/a.ts",
        "\xc2\xa0src/a.ts\xc2\xa0", "12:15:src/a.ts", "### src/a.ts:1-3", "**`src/a.ts`**",
        "src\\a.ts"}) {
    given g = {format::whole, {{"src/a.ts", abc}, {"b.ts", "b\n"}}, {}, {}};
    g.answers = {string(path) + "\n```ts\n" + abc2 + "```\n"};
    if (bad(path, g, {"", {{"src/a.ts", abc2}}})) return verdict(true);
    g.asked = format::search_replace;
    g.answers = {string(path) + "\n```\n" + sr("two\n", "TWO\n") + "```\n"};
    if (bad(path, g, {"", {{"src/a.ts", abc2}}})) return verdict(true);
  }
  for (const char* line : {"### Input/Output", "**Request/Response**", "TCP/IP:", "npm/yarn:",
                           "### Object.keys", "### api.example.com", "Promise.all:", "### v1.x",
                           "/users", "process.env:", "### Node.js"}) {
    string text = string(line) + "\n```\nx\n```\n";
    given g = {format::whole, {{"src/a.ts", abc}}, {}, {text}};
    if (bad(line, g, {text})) return verdict(true);
  }
  const string nfd = "src/cafe\xcc\x81.ts", nfc = "src/caf\xc3\xa9.ts";
  return verdict(
      bad("another normal form", {format::whole, {{nfd, abc}}, {}, {nfc + "\n```\n" + abc2 + "```\n"}},
          {"", {{nfd, abc2}}}) ||
      bad("the same in a block",
          {format::search_replace, {{nfd, abc}, {"b.ts", "b\n"}}, {}, {nfc + "\n" + sr("two\n", "TWO\n")}},
          {"", {{nfd, abc2}}}) ||
      bad("no second file in another form",
          {format::apply_patch, {{nfd, abc}}, {},
           {"*** Begin Patch\n*** Add File: " + nfc + "\n+x\n*** End Patch\n"}},
          {"", {}, "exists "}) ||
      bad("an ending that a sent file has",
          {format::whole, {{"a.foo", abc}}, {}, {"new/b.foo\n```\nx\n```\n"}},
          {"", {{"new/b.foo", "x\n"}}}) ||
      bad("signs that belong to the name",
          {format::whole, {{"a.ts", abc}}, {}, {"@types/x.d.ts\n```\nx\n```\n\napp/[id]/page.tsx\n```\ny\n```\n"}},
          {"\n", {{"@types/x.d.ts", "x\n"}, {"app/[id]/page.tsx", "y\n"}}}));
}

// agents.md 6.28 and 6.40: where a whole file ends, and what is but a part.
const char* edit_check_ends() {
  auto with = [&](const string& answer) {
    return given{format::whole, {{"r.md", "old\n"}, {"s.ts", "old\n"}}, {}, {answer}};
  };
  const string doc = "# A\n\n```\nrun\n```\n\nEnd.\n";
  const string mixed = "# A\n\n```sh\nmake\n```\n\nThen:\n\n```\nrun\n```\n\nEnd.\n";
  string long_file, part;
  for (int i = 0; i < 12; i++) long_file += "line " + std::to_string(i) + "\n";
  return verdict(
      bad("a bare inner fence", with("r.md\n```md\n" + doc + "```\n\nDone.\n"), {"\nDone.\n", {{"r.md", doc}}}) ||
      bad("at the answer's end", with("r.md\n```md\n" + doc + "```"), {"", {{"r.md", doc}}}) ||
      bad("a named one and a bare one, then another file",
          with("r.md\n```md\n" + mixed + "```\n\nAnd:\n\ns.ts\n```ts\nnew\n```\n"),
          {"\nAnd:\n\n", {{"r.md", mixed}, {"s.ts", "new\n"}}}) ||
      bad("output behind the file", with("s.ts\n```ts\nnew\n```\n\nIt prints:\n\n```\n1\n```\n\nGood.\n"),
          {"\nIt prints:\n\n```\n1\n```\n\nGood.\n", {{"s.ts", "new\n"}}}) ||
      bad("a fence in Python", with("s.ts\n```ts\nH = \"\"\"\n```python\nrun\n```\n\"\"\"\n```\n\nX.\n"),
          {"\nX.\n", {{"s.ts", "H = \"\"\"\n```python\nrun\n```\n\"\"\"\n"}}}) ||
      bad("text right behind a single one", with("s.ts\n```ts\nnew\n```\nDone.\n"),
          {"Done.\n", {{"s.ts", "new\n"}}}) ||
      bad("several that fit", with("s.ts\n```ts\na\n```\nb\n```\nc\n```\n"), {"", {}, "malformed "}) ||
      bad("a longer fence", with("r.md\n````md\n```\nrun\n````\n"), {"", {{"r.md", "```\nrun\n"}}}) ||
      bad("an excerpt of what was written",
          with("s.ts\n```ts\na\nb\nc\n```\n\nThe line:\n\ns.ts\n```ts\nb\n```\n\nX\n"),
          {"\nThe line:\n\ns.ts\n```ts\nb\n```\n\nX\n", {{"s.ts", "a\nb\nc\n"}}}) ||
      bad("a part of a long file",
          {format::whole, {{"l.txt", long_file}}, {}, {"l.txt\n```\nline 3\nline 4b\n```\n"}},
          {"", {}, "malformed "}) ||
      bad("a shorter file",
          {format::whole, {{"l.txt", long_file}}, {}, {"l.txt\n```\n" + long_file.substr(0, 56) + "```\n"}},
          {"", {{"l.txt", long_file.substr(0, 56)}}}) ||
      bad("nothing in common",
          {format::whole, {{"l.txt", long_file}}, {}, {"l.txt\n```\nnew\n```\n"}},
          {"", {{"l.txt", "new\n"}}}));
}

// agents.md 6.37 to 6.39 and 6.43: markers that are content, ends and prose.
const char* edit_check_markers() {
  const string example = sr("old town\n", "new town\n");
  const string doc = "# E\n\n" + example + "\nLast.\n";
  const string patch = "A.\n*** Begin Patch\n@@\n*** End Patch\nB.\n";
  auto with = [&](const string& answer, format f = format::search_replace) {
    return given{f, {{"d.md", doc}, {"p.md", patch}, {"a.txt", abc}}, {}, {answer}};
  };
  const string other = sr("north\n", "south\n");
  return verdict(
      bad("an example is replaced", with("d.md\n" + sr(example, other)),
          {"", {{"d.md", "# E\n\n" + other + "\nLast.\n"}}}) ||
      bad("a new file that shows one", with("n.md\n" + sr("", "# N\n\n" + example + "\nEnd.\n")),
          {"", {{"n.md", "# N\n\n" + example + "\nEnd.\n"}}}) ||
      bad("a block that is never closed",
          with("a.txt\n<<<<<<< SEARCH\ntwo\n=======\nTWO\n\na.txt\n" + sr("one\n", "ONE\n") + "\nEnd.\n"),
          {"\nEnd.\n", {}, "malformed "}) ||
      bad("git's own markers",
          {format::search_replace, {{"m.txt", "1\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n2\n"}}, {},
           {"m.txt\n" + sr("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", "ab\n")}},
          {"", {{"m.txt", "1\nab\n2\n"}}}) ||
      bad("an end of a patch as context",
          with("*** Begin Patch\n*** Update File: p.md\n@@\n *** End Patch\n-B.\n+C.\n*** End Patch\n",
               format::apply_patch),
          {"", {{"p.md", "A.\n*** Begin Patch\n@@\n*** End Patch\nC.\n"}}}) ||
      bad("an indented end",
          with("*** Begin Patch\n*** Update File: a.txt\n@@\n-two\n+TWO\n *** End Patch\n\nX\n",
               format::apply_patch),
          {"\nX\n", {{"a.txt", "one\nTWO\nthree\n"}}}) ||
      bad("a section behind the end",
          with("*** Begin Patch\n*** Add File: n.ts\n+x\n*** End Patch\n\n*** Update File: a.txt\n@@\n"
               "-two\n+TWO\n*** End Patch\n",
               format::apply_patch),
          {"\n", {{"n.ts", "x\n"}, {"a.txt", "one\nTWO\nthree\n"}}}) ||
      bad("an end in prose", with("It ends so:\n\n```\n*** End Patch\n```\n\nX\n"),
          {"It ends so:\n\n```\n*** End Patch\n```\n\nX\n"}) ||
      bad("an end that comes twice",
          with("a.txt\n```\n" + sr("two\n", "TWO\n") + ">>>>>>> REPLACE\n```\n\nX\n"),
          {"\nX\n", {{"a.txt", "one\nTWO\nthree\n"}}}) ||
      bad("a block without its first marker",
          with("a.txt\n```\ntwo\n=======\nTWO\n>>>>>>> REPLACE\n```\n"),
          {"a.txt\n```\ntwo\n=======\nTWO\n```\n", {}, "malformed "}) ||
      bad("other markers", with("a.txt\n```\n------- SEARCH\ntwo\n=======\nTWO\n+++++++ REPLACE\n```\n\nX\n"),
          {"\nX\n", {{"a.txt", "one\nTWO\nthree\n"}}}) ||
      bad("other markers that are prose", with("See:\n\n----- BEFORE\nx\n\nNo more.\n"),
          {"See:\n\n----- BEFORE\nx\n\nNo more.\n"}) ||
      bad("the change is there already",
          with("a.txt\n" + sr("two\n", "TWO\n") + "\na.txt\n" + sr("two\nthree\n", "TWO\nthree\n")),
          {"\n", {{"a.txt", "one\nTWO\nthree\n"}}, "no_op "}));
}

// agents.md 6.33: drafts are no edits.
const char* edit_check_thoughts() {
  const string draft = "Maybe:\n\na.txt\n```\n" + sr("two\n", "9\n") + "```\n\nNo.\n";
  const string edit = "a.txt\n" + sr("two\n", "TWO\n");
  const texts edited = {{"a.txt", "one\nTWO\nthree\n"}};
  auto with = [&](const string& answer) {
    return given{format::search_replace, {{"a.txt", abc}}, {}, {answer}};
  };
  for (const char* tag : {"think", "thinking"}) {
    string open = string("<") + tag + ">\n", close = string("</") + tag + ">\n\n";
    if (bad(tag, with(open + draft + close + edit), {"", edited}) ||
        bad(tag, with("\n" + open + draft + close + "Fine as it is.\n"), {"Fine as it is.\n"}) ||
        bad(tag, with(open + draft), {})) {
      return verdict(true);
    }
  }
  given closing = with(draft + "</think>\n\nNow:\n\n" + edit);
  return verdict(
      bad("only the closing tag", closing,
          {"Maybe:\n\n\nNo.\n\nNow:\n\n", edited, "", 2}) ||
      bad("a new file of a draft",
          with("n.txt\n" + sr("", "x\n") + "\n</think>\nNo.\n"), {"\nNo.\n", {}, "", 1}) ||
      bad("tags within a line", with("Use <think> and </think> here.\n"),
          {"Use <think> and </think> here.\n"}) ||
      bad("a tag in a fence", with("So:\n```\n</think>\n```\n" + edit),
          {"So:\n```\n</think>\n```\n", edited}) ||
      bad("a word that begins so", with("<thinker>\n" + edit), {"<thinker>\n", edited}));
}

const char* edit_check_owner() {
  given both = {format::search_replace, {{"a.txt", abc}, {"b.txt", abc}}, {}, {}};
  auto with = [&](const string& s) {
    given g = both;
    g.answers = {s};
    return g;
  };
  const string three = sr("three\n", "THREE\n");
  return verdict(
      bad("the last path", with(fenced("b.txt", two) + "and\n```\n" + three + "```\n"),
          {"and\n", {{"b.txt", "one\nTWO\nTHREE\n"}}, {}, 2}) ||
      bad("several in one fence", with(fenced("b.txt", two + "\n" + three)),
          {"", {{"b.txt", "one\nTWO\nTHREE\n"}}, {}, 2}) ||
      bad("two files in one fence", with(fenced("b.txt", two + "\na.txt\n" + three)),
          {"", {{"a.txt", "one\ntwo\nTHREE\n"}, {"b.txt", edited}}}) ||
      bad("the only editable file", one("Here:\n```\n" + two + "```\n"), {"Here:\n", ok.files}) ||
      bad("nobody's", with("Here:\n" + two), {"Here:\n", {}, "malformed "}) ||
      bad("a sentence names it", with("Change `b.txt` so:\n\n```\n" + two + "```\n"),
          {"Change `b.txt` so:\n\n", {{"b.txt", edited}}}) ||
      bad("a sentence names two", with("From `b.txt` to `a.txt`:\n" + two),
          {"From `b.txt` to `a.txt`:\n", {}, "malformed "}) ||
      bad("words between the path and the fence", with("a.txt\nThe change:\n```\n" + two + "```\n"),
          {"a.txt\nThe change:\n", {{"a.txt", edited}}}) ||
      bad("the info string wins over the line above", with("a.txt\n```txt b.txt\n" + two + "```\n"),
          {"a.txt\n", {{"b.txt", edited}}}) ||
      bad("a fence with the path alone", with("```\nb.txt\n```\n```\n" + two + "```\n"),
          {"```\nb.txt\n```\n", {{"b.txt", edited}}}));
}

const char* edit_check_prose() {
  for (const char* s : {"Yes",
                        "",
                        "\n",
                        "\r\n",
                        "Run:\n\n```sh\nnpm test\n```\n",
                        "```sh\nls\n",
                        "```\n\n```\n",
                        "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n",
                        "Title\n=====\n\nSub\n-----\n",
                        "<<<<<\n=======\n>>>>>>>\n",
                        "> q\n>>>>>>> seven\n",
                        "src/a.txt\n",
                        "src/a.txt",
                        "src/a.txt\n\n\n\nis it.\n",
                        "### src/a.txt\n\nwords\n",
                        "```ts src/x.ts\ncode\n```\n",
                        "a.ts\n```ts\nexample\n```\nso.\n",
                        "```diff\n-old\n+new\n```\n",
                        "*** note ***\n",
                        "*** Update File: is a header\n",
                        "`code` and ```not a fence```\n",
                        "``` ` ```\n",
                        "~~~\n<<<<<<< HEAD\n~~~\n",
                        "<<<<<<< SEARCHING\n",
                        "====\n",
                        "1. a\n2. b\n",
                        "```md\n```diff\n```\n",
                        "````md\n```diff\n--- a/x\n+++ b/x\n@@\n-a\n+b\n```\n````\n",
                        "    ```diff\n    --- a\n",
                        "  \n \t\n",
                        "docs/x.md\n\n```\n",
                        "```text\n--- a/x\n+++ b/x\n"
                        "@@ -1 +1 @@\n-a\n+b\n```\n",
                        "\xe2\x9c\x85 done \xf0\x9f\x98\x80\n",
                        "a\rb\r\n",
                        "N/A\n"}) {
    if (bad(s, one(s), {s})) return verdict(true);
  }
  string line(40'000, 'w'), spaces(5'000, ' '), ticks(9'000, '`');
  return verdict(bad("a long line", one(line), {line}) ||
                 bad("a long blank line", one(spaces + "\n"), {spaces + "\n"}) ||
                 bad("a long run of back-ticks", one(ticks + "\nx"), {ticks + "\nx"}) ||
                 bad("in format whole, a fence without path",
                     one("So:\n```js\nrun()\n```\n", format::whole), {"So:\n```js\nrun()\n```\n"}));
}

namespace {

class listener final : public edit::sink {
 public:
  string text;
  void prose(string_view s) override { text += s; }
  void begin(string_view) override {}
  void edit(edit::block&&) override {}
  void broken(edit::block&&, code) override {}
  void thinking(string_view) override {}
  void retract() override {}
};

}  // namespace

const char* edit_check_prose_at_once() {
  struct {
    const char *text, *out;
  } cases[] = {
      {"I will", "I will"},
      {"I will change", "I will change"},
      {"- item one", "- item one"},
      {"### A heading of", "### A heading of"},
      {"word ", ""},
      {"x\nsrc/a.txt", "x\n"},
      {"x\nsrc/a.txt\n", "x\n"},
      {"x\n```sh\nls -l", "x\n```sh\nls -l"},
      {"**Note**: the", "**Note**: the"},
      {"a < b", "a < b"},
      {"x\n<<<<<<< SEAR", "x\n"},
      {"x\n<<<<<<< HE", "x\n<<<<<<< HE"},
      {"src/a.txt\nthe file", "src/a.txt\nthe file"},
  };
  for (const auto& c : cases) {
    listener l;
    edit::parse_options o;
    o.known.insert("src/a.txt");
    edit::parser p(o, l);
    p.feed(c.text);
    if (l.text != c.out && string(c.out) != "") {
      wrong = string(c.text) + ": out is " + shown(l.text);
      return wrong.c_str();
    }
    p.abandon();
    if (l.text != c.text && string(c.text).find("SEARCH") == string::npos) {
      wrong = string(c.text) + ": abandoned, " + shown(l.text);
      return wrong.c_str();
    }
  }
  listener l;
  edit::parser p({}, l);
  for (int i = 0; i < 20'000; i++) p.feed("x/");
  if (l.text.size() < 30'000 || p.memory() > 16 * 1024) {
    wrong = "holds back too much";
    return wrong.c_str();
  }
  return nullptr;
}

const char* edit_check_fences() {
  const string readme = "# T\n\n```sh\nls\n```\n";
  given g = {format::whole, {{"r.md", "old\n"}}, {}, {}};
  auto with = [&](const string& s) {
    given x = g;
    x.answers = {s};
    return x;
  };
  wanted w = {"", {{"r.md", readme}}};
  return verdict(
      bad("a longer fence", with("r.md\n````md\n" + readme + "````\n"), w) ||
      bad("tildes", with("r.md\n~~~md\n" + readme + "~~~\n"), w) ||
      bad("a fence too short for its text", with("r.md\n```md\n" + readme + "```\nEnd.\n"),
          {"End.\n", w.files}) ||
      bad("an indented fence within", with("r.md\n```md\n- a\n\n  ```\n  b\n  ```\n\nc\n```\n"),
          {"", {{"r.md", "- a\n\n  ```\n  b\n  ```\n\nc\n"}}}) ||
      bad("fences in SEARCH/REPLACE are content",
          {format::search_replace,
           {{"r.md", readme}},
           {},
           {"r.md\n```md\n" + sr("```sh\nls\n```\n", "```sh\nls -l\n```\n") + "```\n"}},
          {"", {{"r.md", "# T\n\n```sh\nls -l\n```\n"}}}) ||
      bad("a diff's fence closes at column 0 only",
          {format::udiff,
           {{"r.md", readme}},
           {},
           {"```diff\n--- a/r.md\n+++ b/r.md\n@@ -2,4 +2,5 @@\n \n ```sh\n ls\n+pwd\n ```\n```\n"}},
          {"", {{"r.md", "# T\n\n```sh\nls\npwd\n```\n"}}}) ||
      bad("two files between prose",
          {format::whole,
           {{"a.md", "1\n"}, {"b.md", "2\n"}},
           {},
           {fenced("a.md", "x\n") + "then\n" + fenced("b.md", "y\n") + "end\n"}},
          {"then\nend\n", {{"a.md", "x\n"}, {"b.md", "y\n"}}}));
}

const char* edit_check_ladder() {
  struct {
    const char *name, *file, *search, *replace, *after, *rung, *failed;
  } cases[] = {
      {"exact", "a\nb\n", "b\n", "c\n", "a\nc\n", "exact ", ""},
      {"blanks at the end", "a  \nb\t\nc\n", "a\nb\n", "a\nB\n", "a  \nB\nc\n", "ws ", ""},
      {"blanks in the block", "a\nb\n", "b  \n", "c\n", "a\nc\n", "ws ", ""},
      {"a blank line with blanks", "a\n   \nb\n", "a\n\nb\n", "a\n\nc\n", "a\n   \nc\n", "ws ", ""},
      {"shifted to the right", "  if x:\n    y\n", "if x:\n  y\n", "if x:\n  z\n",
       "  if x:\n    z\n", "indent ", ""},
      {"shifted to the left", "if x:\n  y\n", "    if x:\n      y\n", "    if x:\n      z\n    w\n",
       "if x:\n  z\nw\n", "indent ", ""},
      {"shifted by a tab", "\tif x\n\t\ty\n", "if x\n\ty\n", "if x\n\tz\n", "\tif x\n\t\tz\n",
       "indent ", ""},
      {"a blank line first", "  a\n\n  b\n", "a\n\nb\n", "a\n\n\nc\n", "  a\n\n\n  c\n", "indent ",
       ""},
      {"no uniform shift", "  a\n      b\n", "a\n  b\n", "a\n", "", "", "not_found "},
      {"typographic quotes", "say \xe2\x80\x9chi\xe2\x80\x9d\n", "say \"hi\"\n", "say \"ho\"\n",
       "say \"ho\"\n", "fold ", ""},
      {"no-break space and dash", "a\xc2\xa0\xe2\x80\x93 b\nx\n", "a - b\nx\n", "a - b\ny\n",
       "a\xc2\xa0\xe2\x80\x93 b\ny\n", "fold ", ""},
      {"fold and shift", "  a\xe2\x80\x99s\n", "a's\n", "b's\n", "  b's\n", "fold ", ""},
      {"two exact places", "a\nb\na\n", "a\n", "c\n", "", "", "ambiguous "},
      {"two places of a lower rung", "a \nb\na\t\n", "a\n", "c\n", "", "", "ambiguous "},
      {"two shifted places", " a\nb\n  a\n", "a\n", "c\n", "", "", "ambiguous "},
      {"the exact one wins over the loose one", "a \na\n", "a\n", "c\n", "a \nc\n", "exact ", ""},
      {"nowhere", "a\nb\n", "z\n", "c\n", "", "", "not_found "},
      {"not as part of a line", "const a = 1;\n", "a = 1;\n", "a = 2;\n", "", "", "not_found "},
      {"case counts", "Ab\n", "ab\n", "c\n", "", "", "not_found "},
      {"the order counts", "a\nb\n", "b\na\n", "c\n", "", "", "not_found "},
      {"no change", "a\nb\n", "a\n", "a\n", "", "", "no_op "},
      {"no change that fits nowhere", "a\nb\n", "z\n", "z\n", "", "", "no_op "},
      {"lines go", "a\nb\nc\n", "b\n", "", "a\nc\n", "exact ", ""},
      {"all lines go", "a\n", "a\n", "", "", "exact ", ""},
      {"an abbreviation", "a\nb\n", "a\nb\n", "a\n// ... existing code ...\n", "", "",
       "malformed "},
      {"tabs for blanks are another indentation", "\ta\n\t\tb\n", "    a\n        b\n", "x\n", "",
       "", "not_found "},
  };
  for (const auto& c : cases) {
    given g = {
        format::search_replace, {{"f.txt", c.file}}, {}, {"f.txt\n" + sr(c.search, c.replace)}};
    wanted w = {"", {}, c.failed};
    if (string(c.failed).empty()) w.files["f.txt"] = c.after;
    if (bad(c.name, g, w)) return verdict(true);
    result r = run(g, whole);
    if (r.matches != c.rung) {
      wrong = string(c.name) + ": matched by " + r.matches;
      return wrong.c_str();
    }
  }
  return nullptr;
}

const char* edit_check_as_shown() {
  given g = {format::search_replace, {{"u.txt", "a\nstep\nb\nmark\n"}}, {}, {}};
  auto with = [&](const std::vector<string>& blocks) {
    given x = g;
    string s;
    for (const string& b : blocks) s += "u.txt\n" + b;
    x.answers = {s};
    return x;
  };
  return verdict(bad("lines written before are no candidates",
                     with({sr("a\n", "a\nmark\n"), sr("mark\n", "MARK\n")}),
                     {"", {{"u.txt", "a\nmark\nstep\nb\nMARK\n"}}, {}, 2}) ||
                 bad("a block that needs them", with({sr("a\n", "new\n"), sr("new\n", "newer\n")}),
                     {"", {{"u.txt", "new\nstep\nb\nmark\n"}}, "overlap "}) ||
                 bad("a block that needs lines that are gone",
                     with({sr("step\nb\n", "x\n"), sr("b\nmark\n", "y\n")}),
                     {"", {{"u.txt", "a\nx\nmark\n"}}, "overlap "}) ||
                 bad("context may be shared",
                     with({sr("a\nstep\n", "A\nstep\n"), sr("step\nb\n", "step\nB\n")}),
                     {"", {{"u.txt", "A\nstep\nB\nmark\n"}}, {}, 2}) ||
                 bad("in reverse order", with({sr("mark\n", "M\n"), sr("a\n", "x\ny\n")}),
                     {"", {{"u.txt", "x\ny\nstep\nb\nM\n"}}, {}, 2}) ||
                 bad("of equal places one is used up",
                     {format::search_replace,
                      {{"u.txt", "p\nq\nr\nq\n"}},
                      {},
                      {"u.txt\n" + sr("p\nq\n", "p\nQ\n") + "u.txt\n" + sr("q\n", "Z\n")}},
                     {"", {{"u.txt", "p\nQ\nr\nZ\n"}}, {}, 2}) ||
                 bad("the next call sees what was written",
                     {format::search_replace,
                      {{"u.txt", "a\nb\n"}},
                      {},
                      {"u.txt\n" + sr("a\n", "new\n"), "u.txt\n" + sr("new\n", "newer\n")}},
                     {"", {{"u.txt", "newer\nb\n"}}, {}, 2}) ||
                 bad("a whole file after a block",
                     {format::whole,
                      {{"u.txt", "a\nb\n"}},
                      {},
                      {"u.txt\n" + sr("a\n", "x\n") + fenced("u.txt", "z\n")}},
                     {"", {{"u.txt", "z\n"}}, {}, 2}) ||
                 bad("a block after a whole file",
                     {format::whole,
                      {{"u.txt", "a\nb\n"}},
                      {},
                      {fenced("u.txt", "z\nb\n") + "u.txt\n" + sr("b\n", "x\n")}},
                     {"", {{"u.txt", "z\nb\n"}}, "overlap "}));
}

const char* edit_check_hints() {
  const string r = "a\nsame\nb\nc\nsame\nd\n";
  auto udiff = [&](const string& at, const string& want_a, const string& failed) {
    given g = {format::udiff,
               {{"r.txt", r}},
               {},
               {"```diff\n--- a/r.txt\n+++ b/r.txt\n" + at + "\n-same\n+other\n```\n"}};
    wanted w = {"", {}, failed};
    if (failed.empty()) w.files["r.txt"] = want_a;
    return bad(at.c_str(), g, w);
  };
  auto patch = [&](const char* name, const string& file, const string& body, const string& want_a,
                   const string& failed) {
    given g = {format::apply_patch,
               {{"r.txt", file}},
               {},
               {"*** Begin Patch\n*** Update File: r.txt\n" + body + "*** End Patch\n"}};
    wanted w = {"", {}, failed};
    if (failed.empty()) w.files["r.txt"] = want_a;
    return bad(name, g, w);
  };
  const string cls = "class A\n  run\n  x\nclass B\n  run\n  x\n";
  return verdict(
      udiff("@@ -5,1 +5,1 @@", "a\nsame\nb\nc\nother\nd\n", "") ||
      udiff("@@ -2 +2 @@", "a\nother\nb\nc\nsame\nd\n", "") ||
      udiff("@@ -3,1 +3,1 @@", "", "ambiguous ") || udiff("@@ ... @@", "", "ambiguous ") ||
      patch("an anchor", cls, "@@ class B\n-  x\n+  y\n",
            "class A\n  run\n  x\nclass B\n  run\n  y\n", "") ||
      patch("two anchors", cls, "@@ class B\n@@   run\n-  x\n+  y\n",
            "class A\n  run\n  x\nclass B\n  run\n  y\n", "") ||
      patch("an anchor with signs behind it", cls, "@@ class A @@\n-  x\n+  y\n",
            "class A\n  run\n  y\nclass B\n  run\n  x\n", "") ||
      patch("an anchor of two places", cls, "@@   run\n-  x\n+  y\n", "", "ambiguous ") ||
      patch("an anchor that isn't there, one place", cls, "@@ class Z\n class B\n-  run\n+  go\n",
            "class A\n  run\n  x\nclass B\n  go\n  x\n", "") ||
      patch("the end of the file", "x\ny\nx\n", "@@\n-x\n+z\n*** End of File\n", "x\ny\nz\n", "") ||
      patch("nothing says which", "x\ny\nx\n", "@@\n-x\n+z\n", "", "ambiguous ") ||
      patch("lines alone go behind the anchor", cls, "@@ class B\n+  first\n",
            "class A\n  run\n  x\nclass B\n  first\n  run\n  x\n", "") ||
      patch("lines alone go to the end", "x\n", "@@\n+y\n", "x\ny\n", ""));
}

const char* edit_check_divider() {
  const string rst = "Title\n=======\n\nText\n";
  auto g = [](const string& file, const string& body) {
    return given{format::search_replace,
                 {{"w.rst", file}},
                 {},
                 {"w.rst\n<<<<<<< SEARCH\n" + body + ">>>>>>> REPLACE\n"}};
  };
  return verdict(bad("in the new text", g(rst, "Text\n=======\nNew\n=======\nText\n"),
                     {"", {{"w.rst", "Title\n=======\n\nNew\n=======\nText\n"}}}) ||
                 bad("in the old text", g(rst, "Title\n=======\n=======\nName\n=======\n"),
                     {"", {{"w.rst", "Name\n=======\n\nText\n"}}}) ||
                 bad("in both", g(rst, "Title\n=======\n\n=======\nName\n=======\n\n"),
                     {"", {{"w.rst", "Name\n=======\n\nText\n"}}}) ||
                 bad("a marker in SEARCH is content",
                     g("use <<<\n<<<<<<< SEARCH\nend\n", "<<<<<<< SEARCH\n=======\n<<<<<<< FIND\n"),
                     {"", {{"w.rst", "use <<<\n<<<<<<< FIND\nend\n"}}}) ||
                 bad("an end is missing",
                     g("a\nc\n", "a\n=======\nb\n<<<<<<< SEARCH\nc\n=======\nd\n"),
                     {"", {}, "malformed "}) ||
                 bad("no divider", g("a\n", "a\nb\n"), {"", {}, "malformed "}) ||
                 bad("a new file with a divider",
                     one("n.rst\n<<<<<<< SEARCH\n=======\nT\n=======\n>>>>>>> REPLACE\n"),
                     {"", {{"n.rst", "T\n=======\n"}}}));
}

// A line that std::hash takes for |line|, of 16 bytes: MurmurHash of 64 bits goes
// backwards, so that what follows any first half can be found.  Empty where
// std::hash is another one.
namespace {

string twin_of(const string& line) {
  constexpr uint64_t mul = 0xc6a4a7935bd1e995u;
  uint64_t inverse = mul;  // of |mul|, modulo 2^64
  for (int i = 0; i < 6; i++) inverse *= 2 - mul * inverse;
  auto shift = [](uint64_t x) { return x ^ (x >> 47); };
  auto half = [&](const char* s) {
    uint64_t x;
    memcpy(&x, s, 8);
    return shift(x * mul) * mul;
  };
  const uint64_t begin = 0xc70f6907u ^ (16 * mul);
  const uint64_t want = ((begin ^ half(line.data())) * mul) ^ half(line.data() + 8);
  for (unsigned n = 0; n < 1000000; n++) {
    char s[17];
    snprintf(s, sizeof(s), "%08u", n);
    const uint64_t x = shift((((begin ^ half(s)) * mul) ^ want) * inverse) * inverse;
    memcpy(s + 8, &x, 8);
    string twin(s, 16);
    bool plain = std::all_of(twin.begin(), twin.end(), [](char c) { return c > ' ' && c < 0x7f; });
    std::hash<string_view> hash;
    if (plain && hash(twin) == hash(line)) return twin;
  }
  return {};
}

}  // namespace

// Lines are looked up by their hashes, but it is their bytes that must be equal.
const char* edit_check_hashes() {
  const string line = "let answer = 42;";
  const string twin = twin_of(line);
#ifdef __GLIBCXX__
  if (twin.empty()) return "no line was found that has the same hash";
#endif
  if (twin.empty()) return nullptr;
  for (const char* around : {"", "  "}) {
    given g{.files = {{"a.c", around + line + "\n"}}, .answers = {
        "a.c\n<<<<<<< SEARCH\n" + twin + "\n=======\nx\n>>>>>>> REPLACE\n"}};
    result r = run(g, [](edit::parser& p, string_view s) { p.feed(s); });
    if (r.patches != 0 || r.failed != "not_found ") {
      wrong = "a line of the same hash is taken for it: " + shown(r.log);
      return wrong.c_str();
    }
  }
  return nullptr;
}

const char* edit_check_bytes() {
  struct {
    const char *name, *file, *after;
  } cases[] = {
      {"LF", "a\nb\nc\n", "a\nX\nY\nc\n"},
      {"CRLF", "a\r\nb\r\nc\r\n", "a\r\nX\r\nY\r\nc\r\n"},
      {"mostly CRLF", "a\r\nb\nc\r\nd\r\n", "a\r\nX\r\nY\r\nc\r\nd\r\n"},
      {"mostly LF", "a\nb\r\nc\nd\r\ne\n", "a\nX\nY\nc\nd\r\ne\n"},
      {"BOM",
       "\xef\xbb\xbf"
       "a\nb\nc\n",
       "\xef\xbb\xbf"
       "a\nX\nY\nc\n"},
      {"no final newline", "a\nb\nc", "a\nX\nY\nc"},
      {"the last line changes, no final newline", "a\nb", "a\nX\nY"},
      {"one line", "b", "X\nY"},
      {"CR alone ends nothing", "a\rz\nb\n", "a\rz\nX\nY\n"},
      {"VT, FF, NEL and U+2028 neither", "a\vb\f\nb\n\xc2\x85\xe2\x80\xa8z\n",
       "a\vb\f\nX\nY\n\xc2\x85\xe2\x80\xa8z\n"},
  };
  for (const auto& c : cases) {
    string plain = c.after;
    for (size_t at; (at = plain.find("\r\n")) != string::npos;) plain.erase(at, 1);
    if (plain.substr(0, 3) == "\xef\xbb\xbf") plain.erase(0, 3);
    if (plain.back() != '\n') plain += '\n';
    string envelope = "*** Begin Patch\n*** Update File: f\n@@\n-b\n+X\n+Y\n*** End Patch\n";
    string diff =
        "```diff\n--- f\n+++ f\n@@ -2 +2,2 @@\n-b\n+X\n+Y\n\\ No newline at end of file\n```\n";
    wanted w = {"", {{"f", c.after}}};
    texts f = {{"f", c.file}};
    if (bad(c.name, {format::search_replace, f, {}, {"f\n" + sr("b\n", "X\nY\n")}}, w) ||
        bad(c.name, {format::apply_patch, f, {}, {envelope}}, w) ||
        bad(c.name, {format::udiff, f, {}, {diff}}, w) ||
        bad(c.name, {format::whole, f, {}, {"f\n```\n" + plain + "```\n"}}, w)) {
      return verdict(true);
    }
  }
  return verdict(
      bad("the model's BOM goes",
          {format::whole, {{"f", "a\n"}}, {}, {"f\n```\n\xef\xbb\xbfz\n```\n"}},
          {"", {{"f", "z\n"}}}) ||
      bad("a new file ends with a newline", one("n.txt\n```\nx\n```", format::whole),
          {"", {{"n.txt", "x\n"}}}) ||
      bad("an empty file is filled",
          {format::search_replace, {{"f", ""}}, {}, {"f\n" + sr("", "x\n")}},
          {"", {{"f", "x\n"}}}) ||
      bad("a diff of the final newline alone",
          {format::udiff,
           {{"f", "a\nb"}},
           {},
           {"```diff\n--- f\n+++ f\n@@ -2 +2 @@\n-b\n\\ No newline at end of file\n+b\n```\n"}},
          {"", {}, "no_op "}));
}

const char* edit_check_paths() {
  for (const char* p : {"../evil.ts",         "../../etc/passwd.txt",
                        "src/../../evil.ts",  "src/../src/x.ts",
                        "/etc/passwd.txt",    "//etc/passwd.txt",
                        "C:/Windows/win.ini", "C:\\x.ini",
                        "src\\..\\x.ts",      "file:///etc/x.txt",
                        "https://x.org/a.ts", ".git/config.txt",
                        ".GIT/config.txt",    "src/.Git/hooks/x.sh",
                        ".git./x.txt",        "a/.git /x.txt",
                        "src/a\x01.ts",       "src/a\x7f.ts",
                        "git~1/x.txt",        ".g\xe2\x80\x8cit/x.txt"}) {
    string path = p;
    wanted w = {"", {}, "path_denied "};
    if (bad(p, one("*** Begin Patch\n*** Add File: " + path + "\n+x\n*** End Patch\n"), w) ||
        bad(p, one("```diff\n--- /dev/null\n+++ b/" + path + "\n@@ -0,0 +1 @@\n+x\n```\n"), w) ||
        bad(p,
            one("*** Begin Patch\n*** Update File: src/a.txt\n*** Move to: " + path +
                "\n@@\n-two\n+TWO\n*** End Patch\n"),
            w) ||
        bad(p, one(path + "\n" + sr("", "x\n")), w) ||
        bad(p, one(path + "\n```\nx\n```\n", format::whole), w)) {
      return verdict(true);
    }
  }
  for (const char* p : {"n.txt", "./n.txt", "x/./n.txt", "x//n.txt", "%2e%2e/n.txt", "..n.txt",
                        "x/...txt", ".github/n.yml", ".gitignore", "a b/n.txt",
                        "gr\xc3\xb6\xc3\x9f"
                        "e.txt",
                        "app/[id]/(x)/page.tsx", "SRC/a.txt"}) {
    auto clean = edit::clean_path(p);
    if (!clean ||
        bad(p, one(string("*** Begin Patch\n*** Add File: ") + p + "\n+x\n*** End Patch\n"),
            {"", {{*clean, "x\n"}}})) {
      return verdict(true);
    }
  }
  given fixed = {format::search_replace, {{"a.txt", abc}, {"ro.txt", abc}}, {"ro.txt"}, {}};
  auto with = [&](const string& s) {
    given g = fixed;
    g.answers = {s};
    return g;
  };
  wanted denied = {"", {}, "path_denied "};
  return verdict(
      bad("read-only", with("ro.txt\n" + two), denied) ||
      bad(
          "read-only, whole",
          [&] {
            given g = with(fenced("ro.txt", "x\n"));
            g.asked = format::whole;
            return g;
          }(),
          denied) ||
      bad("read-only, deleted", with("*** Begin Patch\n*** Delete File: ro.txt\n*** End Patch\n"),
          denied) ||
      bad("backslashes that name a file",
          one("*** Begin Patch\n*** Update File: src\\a.txt\n@@\n-two\n+TWO\n*** End Patch\n"),
          ok) ||
      bad("another case is another file", one("SRC/A.TXT\n" + two), {"", {}, "not_found "}) ||
      bad("a file that isn't there", one("src/b.txt\n" + two), {"", {}, "not_found "}) ||
      bad("a folder of a file", one("src/a.txt/x.txt\n" + sr("", "x\n")), denied));
}

const char* edit_check_exists() {
  wanted w = {"", {}, "exists "};
  given both = {format::udiff, {{"a.txt", abc}, {"b.txt", abc}}, {}, {}};
  auto with = [&](const string& s) {
    given g = both;
    g.answers = {s};
    return g;
  };
  return verdict(
      bad("Add File", with("*** Begin Patch\n*** Add File: a.txt\n+x\n*** End Patch\n"), w) ||
      bad("/dev/null", with("```diff\n--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+x\n```\n"), w) ||
      bad("a rename",
          with("*** Begin Patch\n*** Update File: a.txt\n*** Move to: b.txt\n*** End Patch\n"),
          w) ||
      bad("an empty SEARCH", with("a.txt\n" + sr("", "x\n")), w) ||
      bad("made before, then again other",
          with("a/n.txt\n" + sr("", "x\n") + "a/n.txt\n" + sr("", "y\n")),
          {"", {{"a/n.txt", "x\n"}}, "overlap "}) ||
      bad("gone, then made",
          with("*** Begin Patch\n*** Delete File: a.txt\n*** Add File: a.txt\n+n\n*** End Patch\n"),
          {"", {{"a.txt", "n\n"}}, {}, 2}));
}

const char* edit_check_udiff() {
  given g = {format::udiff, {{"src/a.txt", abc}, {"src/b.txt", "x\ny\n"}}, {}, {}};
  auto with = [&](const string& body, const char* info = "diff") {
    given x = g;
    x.answers = {string("```") + info + "\n" + body + "```\n"};
    return x;
  };
  const string a = "--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n";
  const string b = "--- a/src/b.txt\n+++ b/src/b.txt\n@@ -1,2 +1,2 @@\n-x\n+X\n y\n";
  wanted wa = {"", {{"src/a.txt", edited}}};
  wanted wab = {"", {{"src/a.txt", edited}, {"src/b.txt", "X\ny\n"}}};
  return verdict(
      bad("patch", with(a, "patch"), wa) || bad("udiff", with(a, "udiff"), wa) ||
      bad("git", with("diff --git a/src/a.txt b/src/a.txt\nindex 1..2 100644\n" + a), wa) ||
      bad("two files", with(a + b), wab) || bad("a blank line between", with(a + "\n" + b), wab) ||
      bad("two files by git",
          with("diff --git a/src/a.txt b/src/a.txt\n" + a + "diff --git a/src/b.txt b/src/b.txt\n" +
               b),
          wab) ||
      bad("no prefixes", with("--- src/a.txt\n+++ src/a.txt\n@@ @@\n-two\n+TWO\n"), wa) ||
      bad("labels", with("--- original\n+++ modified\n@@ @@\n-two\n+TWO\n", "diff src/a.txt"),
          wa) ||
      bad("one label is the file", with("--- src/a.txt\n+++ src/a.new.txt\n@@ @@\n-two\n+TWO\n"),
          wa) ||
      bad("names with prefixes are a rename",
          with("--- a/src/b.txt\n+++ b/src/c.txt\n@@ @@\n-x\n+X\n"),
          {"", {{"src/b.txt", "-"}, {"src/c.txt", "X\ny\n"}}, {}, 1}) ||
      bad("a time stamp",
          with("--- a/src/a.txt\t2026-01-01\n+++ b/src/a.txt\t2026-01-01\n@@ @@\n-two\n+TWO\n"),
          wa) ||
      bad("wrong numbers",
          with("--- a/src/a.txt\n+++ b/src/a.txt\n@@ -900,9 +903,7 @@\n one\n-two\n+TWO\n"), wa) ||
      bad(
          "no header, a path above",
          [&] {
            given x = g;
            x.answers = {"src/a.txt\n```diff\n@@ -1 +1 @@\n-two\n+TWO\n```\n"};
            return x;
          }(),
          wa) ||
      bad("no header, a path in the info string",
          with("@@ -1 +1 @@\n-two\n+TWO\n", "diff src/a.txt"), wa) ||
      bad("no header, no hunk header", with("-two\n+TWO\n", "diff src/a.txt"), wa) ||
      bad("blank lines without sign",
          with("--- a/src/a.txt\n+++ b/src/a.txt\n@@ @@\n-two\n+TWO\n\n\n"), wa) ||
      bad("a blank line between hunks",
          with("--- a/src/a.txt\n+++ b/src/a.txt\n@@ @@\n-one\n+ONE\n\n@@ @@\n-three\n+THREE\n"),
          {"", {{"src/a.txt", "ONE\ntwo\nTHREE\n"}}}) ||
      bad("one hunk fails, the file stands or falls as a whole",
          with("--- a/src/a.txt\n+++ b/src/a.txt\n@@ @@\n-two\n+TWO\n@@ @@\n-nope\n+x\n"),
          {"", {}, "not_found "}) ||
      bad("one file fails, the other doesn't",
          with("--- a/src/a.txt\n+++ b/src/a.txt\n@@ @@\n-nope\n+x\n" + b),
          {"", {{"src/b.txt", "X\ny\n"}}, "not_found "}) ||
      bad("a new file", with("--- /dev/null\n+++ b/n.txt\n@@ -0,0 +1,2 @@\n+a\n+b\n"),
          {"", {{"n.txt", "a\nb\n"}}}) ||
      bad("a new file without /dev/null", with("--- a/n.txt\n+++ b/n.txt\n@@ -0,0 +1 @@\n+a\n"),
          {"", {{"n.txt", "a\n"}}}) ||
      bad("an empty new file", with("diff --git a/n.txt b/n.txt\nnew file mode 100644\n"),
          {"", {{"n.txt", ""}}}) ||
      bad("a deletion", with("--- a/src/b.txt\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x\n-y\n"),
          {"", {{"src/b.txt", "-"}}}) ||
      bad("a deletion of half", with("--- a/src/b.txt\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x\n"),
          {"", {}, "malformed "}) ||
      bad("a rename",
          with("diff --git a/src/b.txt b/src/c.txt\nsimilarity index 100%\n"
               "rename from src/b.txt\nrename to src/c.txt\n"),
          {"", {{"src/b.txt", "-"}, {"src/c.txt", "x\ny\n"}}, {}, 1}) ||
      bad("a rename with a change",
          with("diff --git a/src/b.txt b/src/c.txt\nsimilarity index 50%\nrename from src/b.txt\n"
               "rename to src/c.txt\n--- a/src/b.txt\n+++ b/src/c.txt\n@@ -1,2 +1,2 @@\n-x\n+X\n "
               "y\n"),
          {"", {{"src/b.txt", "-"}, {"src/c.txt", "X\ny\n"}}, {}, 1}) ||
      bad("no change", with("--- a/src/b.txt\n+++ b/src/b.txt\n@@ @@\n-x\n+x\n"),
          {"", {}, "no_op "}) ||
      bad("no hunks", with("--- a/src/b.txt\n+++ b/src/b.txt\n"), {"", {}, "malformed "}) ||
      bad("a binary", with("diff --git a/src/b.txt b/src/b.txt\nBinary files differ\n"),
          {"", {}, "malformed "}) ||
      bad("lines that look like headers",
          {format::udiff,
           {{"q.sql", "-- old\nx\n++ y\n"}},
           {},
           {"```diff\n--- a/q.sql\n+++ b/q.sql\n@@ -1,3 +1,3 @@\n--- old\n+-- new\n x\n-++ y\n+++ "
            "z\n```\n"}},
          {"", {{"q.sql", "-- new\nx\n++ z\n"}}}) ||
      bad("a quoted path",
          {format::udiff,
           {{"gr\xc3\xbc.txt", "x\n"}},
           {},
           {"```diff\n--- \"a/gr\\303\\274.txt\"\n+++ \"b/gr\\303\\274.txt\"\n@@ "
            "@@\n-x\n+y\n```\n"}},
          {"", {{"gr\xc3\xbc.txt", "y\n"}}}) ||
      bad("an insertion by its number",
          with("--- a/src/b.txt\n+++ b/src/b.txt\n@@ -1,0 +2 @@\n+n\n"),
          {"", {{"src/b.txt", "x\nn\ny\n"}}}));
}

const char* edit_check_envelope() {
  given g = {format::apply_patch, {{"a.txt", abc}, {"b.txt", "x\n"}}, {}, {}};
  auto with = [&](const string& s) {
    given x = g;
    x.answers = {s};
    return x;
  };
  const string up = "*** Update File: a.txt\n@@\n-two\n+TWO\n";
  wanted wa = {"", {{"a.txt", edited}}};
  return verdict(
      bad("all at once",
          with("So:\n*** Begin Patch\n*** Add File: n/m.txt\n+1\n+\n+2\n" + up +
               "*** Delete File: b.txt\n*** End Patch\nEnd.\n"),
          {"So:\nEnd.\n", {{"n/m.txt", "1\n\n2\n"}, {"a.txt", edited}, {"b.txt", "-"}}}) ||
      bad("blanks around the markers", with("  *** Begin Patch  \n" + up + " *** End Patch \n"),
          wa) ||
      bad("an indented envelope",
          with("  *** Begin Patch\n  *** Update File: a.txt\n  @@\n  -two\n  +TWO\n  *** End "
               "Patch\n"),
          wa) ||
      bad("a fence named patch", with("```patch\n*** Begin Patch\n" + up + "*** End Patch\n```\n"),
          wa) ||
      bad("a shell's here-document",
          with("```bash\napply_patch <<'EOF'\n*** Begin Patch\n" + up +
               "*** End Patch\nEOF\n```\nok\n"),
          {"ok\n", wa.files}) ||
      bad("no first @@",
          with("*** Begin Patch\n*** Update File: a.txt\n-two\n+TWO\n*** End Patch\n"), wa) ||
      bad("blank lines between sections",
          with("*** Begin Patch\n\n" + up + "\n*** Delete File: b.txt\n\n*** End Patch\n"),
          {"", {{"a.txt", edited}, {"b.txt", "-"}}}) ||
      bad("a rename",
          with("*** Begin Patch\n*** Update File: b.txt\n*** Move to: c/d.txt\n@@\n-x\n+y\n*** End "
               "Patch\n"),
          {"", {{"b.txt", "-"}, {"c/d.txt", "y\n"}}, {}, 1}) ||
      bad("a rename alone",
          with("*** Begin Patch\n*** Update File: b.txt\n*** Move to: c.txt\n*** End Patch\n"),
          {"", {{"b.txt", "-"}, {"c.txt", "x\n"}}, {}, 1}) ||
      bad("one section fails",
          with("*** Begin Patch\n" + up + "*** Delete File: none.txt\n*** End Patch\n"),
          {"", wa.files, "not_found "}) ||
      bad("an unknown header", with("*** Begin Patch\n*** Frobnicate File: a.txt\n*** End Patch\n"),
          {"", {}, "malformed "}) ||
      bad("nothing in it", with("*** Begin Patch\n*** End Patch\n"), {"", {}, "malformed "}) ||
      bad("an empty update", with("*** Begin Patch\n*** Update File: a.txt\n*** End Patch\n"),
          {"", {}, "malformed "}) ||
      bad("an added line without sign",
          with("*** Begin Patch\n*** Add File: n.txt\nx\n*** End Patch\n"),
          {"", {}, "malformed "}) ||
      bad("its end alone", with("x\n*** End Patch\ny\n"), {"x\n*** End Patch\ny\n"}) ||
      bad("markers as content",
          with("*** Begin Patch\n*** Update File: b.txt\n@@\n-x\n+*** End Patch\n+<<<<<<< "
               "SEARCH\n*** End Patch\n"),
          {"", {{"b.txt", "*** End Patch\n<<<<<<< SEARCH\n"}}}) ||
      bad("a remark between sections",
          with("*** Begin Patch\n# first\n*** Delete File: b.txt\n# then\n" + up +
               "*** End Patch\n"),
          {"", {{"a.txt", edited}, {"b.txt", "-"}}}) ||
      bad("numbers behind @@",
          with("*** Begin Patch\n*** Update File: a.txt\n@@ -2,1 +2,1 @@\n-two\n+TWO\n*** End "
               "Patch\n"),
          wa));
}

const char* edit_check_broken() {
  string sr_part = two.substr(0, two.find(">>>"));
  wanted cut = {"Now:\n", {}, "truncated "};
  return verdict(
      bad("in REPLACE", one("Now:\nsrc/a.txt\n```\n" + sr_part), cut) ||
      bad("in SEARCH", one("Now:\nsrc/a.txt\n```\n<<<<<<< SEARCH\ntwo\n"), cut) ||
      bad("behind the marker", one("Now:\n<<<<<<< SEARCH"), cut) ||
      bad("in a file", one("Now:\nsrc/a.txt\n```\none\nTWO\n", format::whole), cut) ||
      bad("behind a file's fence", one("Now:\nsrc/a.txt\n```", format::whole), cut) ||
      bad("in a diff", one("Now:\n```diff\n--- a/src/a.txt\n+++ b/src/a.txt\n@@ @@\n-two\n+TWO\n"),
          cut) ||
      bad("in an envelope",
          one("Now:\n*** Begin Patch\n*** Update File: src/a.txt\n@@\n-two\n+TWO\n"), cut) ||
      bad("behind Begin Patch", one("Now:\n*** Begin Patch"), cut) ||
      bad("the section before is whole",
          one("*** Begin Patch\n*** Add File: n.txt\n+x\n*** Update File: src/a.txt\n@@\n-two\n"),
          {"", {{"n.txt", "x\n"}}, "truncated "}) ||
      bad("an end without beginning", one("x\n>>>>>>> REPLACE\ny\n"),
          {"x\n>>>>>>> REPLACE\ny\n"}) ||
      bad("an abbreviated file",
          one("src/a.txt\n```\none\n// ... existing code ...\n```\n", format::whole),
          {"", {}, "malformed "}) ||
      bad("an abbreviation that the file holds",
          {format::whole,
           {{"f", "a\n# ... existing code ...\n"}},
           {},
           {"f\n```\nb\n# ... existing code ...\n```\n"}},
          {"", {{"f", "b\n# ... existing code ...\n"}}}) ||
      bad("an empty file for one with text", one("src/a.txt\n```\n```\n", format::whole),
          {"", {}, "malformed "}));
}

const char* edit_check_sizes() {
  auto size_case = [&](const char* name, const given& g, const string& failed) {
    auto at = [&](const cutter& c) { return run(g, c, 100); };
    result r = at(whole);
    if (r.failed != failed || at(bytes).log != r.log) {
      wrong = string(name) + ": failed " + r.failed;
      return true;
    }
    return false;
  };
  string big(120, 'x');
  string update = "*** Update File: src/a.txt\n@@\n-two\n+TWO\n";
  return verdict(
      size_case("a block", one("src/a.txt\n" + sr("two\n", big + "\n")), "too_large ") ||
      size_case("just not", one("src/a.txt\n" + sr("two\n", string(40, 'x') + "\n")), "") ||
      size_case("a file", one(fenced("src/a.txt", big + "\n"), format::whole), "too_large ") ||
      size_case("one that never ends", one("src/a.txt\n<<<<<<< SEARCH\n" + big + big),
                "too_large ") ||
      size_case(
          "a section of an envelope, not the others",
          one("*** Begin Patch\n*** Add File: n.txt\n+" + big + "\n" + update + "*** End Patch\n"),
          "too_large ") ||
      size_case("a file of a diff, not the others",
                one("```diff\n--- /dev/null\n+++ b/n.txt\n@@ -0,0 +1 @@\n+" + big +
                    "\n--- a/src/a.txt\n+++ b/src/a.txt\n@@ @@\n-two\n+TWO\n```\n"),
                "too_large "));
}

const char* edit_check_repairs() {
  const string insert = sr("one\n", "one\nhalf\n");
  return verdict(bad("an accepted insertion is not doubled",
                     {format::search_replace,
                      {{"f", abc}},
                      {},
                      {"f\n" + insert, "f\n" + insert + "f\n" + two}},
                     {"", {{"f", "one\nhalf\nTWO\nthree\n"}}, {}, 2}) ||
                 bad("nor in the same answer",
                     {format::search_replace, {{"f", abc}}, {}, {"f\n" + insert + "f\n" + insert}},
                     {"", {{"f", "one\nhalf\ntwo\nthree\n"}}, {}, 1}) ||
                 bad("a file sent again",
                     {format::whole, {{"f", abc}}, {}, {fenced("f", "x\n"), fenced("f", "x\n")}},
                     {"", {{"f", "x\n"}}, {}, 1}) ||
                 bad("a new file is shown next time",
                     {format::search_replace,
                      {{"f", abc}},
                      {},
                      {"n.txt\n" + sr("", "x\ny\n"), "n.txt\n" + sr("y\n", "z\n")}},
                     {"", {{"n.txt", "x\nz\n"}}, {}, 2}) ||
                 bad("but not before",
                     {format::search_replace,
                      {{"f", abc}},
                      {},
                      {"n.txt\n" + sr("", "x\ny\n") + "n.txt\n" + sr("y\n", "z\n")}},
                     {"", {{"n.txt", "x\ny\n"}}, "overlap "}));
}

const char* edit_check_selection() {
  const string s = "f {\n  work\n}\ng {\n  work\n}\n";
  auto apply = [&](edit::files& f, const string& search, const string& replace) {
    edit::block b;
    b.path = "s.txt";
    b.body = search + "=======\n" + replace;
    b.dividers = {search.size()};
    return f.apply(b);
  };
  edit::files f;
  f.add("s.txt", s, true);
  size_t at = s.rfind("  work");
  f.select("s.txt", {at, at + 7});
  f.begin_call();
  edit::outcome o = apply(f, "  work\n", "  rest\n");
  if (!std::holds_alternative<edit::accepted>(o) ||
      *f.current("s.txt") != "f {\n  work\n}\ng {\n  rest\n}\n" ||
      f.selection_text() != std::optional<string>("  rest\n")) {
    return "the selection does not decide";
  }
  edit::files only;
  only.add("s.txt", s, true);
  only.select("s.txt", {at, at + 7});
  only.only_selection(true);
  only.begin_call();
  o = apply(only, "f {\n", "h {\n");
  if (!std::holds_alternative<edit::rejected>(o)) return "an edit outside of the selection";
  o = apply(only, "  work\n", "  a\n  b\n");
  if (!std::holds_alternative<edit::accepted>(o) ||
      only.selection_text() != std::optional<string>("  a\n  b\n")) {
    return "an edit within the selection";
  }
  // It moves with the lines before it.
  edit::files moved;
  moved.add("s.txt", s, true);
  moved.select("s.txt", {at, at + 7});
  moved.begin_call();
  apply(moved, "f {\n", "a\nb\nc\nf {\n");
  moved.begin_call();
  o = apply(moved, "  work\n", "  rest\n");
  return std::holds_alternative<edit::accepted>(o) ? nullptr : "the selection does not move";
}

const char* edit_check_diffs() {
  struct {
    const char* name;
    std::optional<string_view> before, after;
    const char *path, *to, *want;
  } cases[] = {
      {"a change", "a\nb\nc\n", "a\nB\nc\n", "x/f", "",
       "diff --git a/x/f b/x/f\n--- a/x/f\n+++ b/x/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
      {"a new file",
       {},
       "a\n",
       "f",
       "",
       "diff --git a/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n"},
      {"an empty new file", {}, "", "f", "", "diff --git a/f b/f\nnew file mode 100644\n"},
      {"a deletion",
       "a\n",
       {},
       "f",
       "",
       "diff --git a/f b/f\ndeleted file mode 100644\n--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"},
      {"a rename", "a\n", "a\n", "f", "g",
       "diff --git a/f b/g\nsimilarity index 100%\nrename from f\nrename to g\n"},
      {"no final newline", "a\nb", "a\nc", "f", "",
       "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of "
       "file\n"
       "+c\n\\ No newline at end of file\n"},
      {"CRLF", "a\r\nb\r\n", "a\r\nc\r\n", "f", "",
       "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"},
      {"a blank in the name", "a\n", "b\n", "a f", "",
       "diff --git a/a f b/a f\n--- a/a f\t\n+++ b/a f\t\n@@ -1 +1 @@\n-a\n+b\n"},
      {"a quote in the name", "a\n", "b\n", "a\"f", "",
       "diff --git \"a/a\\\"f\" \"b/a\\\"f\"\n--- \"a/a\\\"f\"\n+++ \"b/a\\\"f\"\n@@ -1 +1 "
       "@@\n-a\n+b\n"},
      {"far down", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\nX\n7\n8\n9\n", "f", "",
       "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -3,7 +3,7 @@\n 3\n 4\n 5\n-6\n+X\n 7\n 8\n 9\n"},
      {"among equal lines", "a\na\na\na\na\na\na\na\nb\n", "a\na\na\na\na\na\na\na\na\nb\n", "f",
       "", "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -6,4 +6,5 @@\n a\n a\n a\n+a\n b\n"},
  };
  for (const auto& c : cases) {
    string d = edit::make_diff(c.path, c.before, c.after, c.to);
    if (d == c.want) continue;
    wrong = string(c.name) + ": " + shown(d);
    return wrong.c_str();
  }
  return edit::sha256_hex("abc") ==
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
             ? nullptr
             : "sha256";
}

const char* edit_check_nearest() {
  edit::block b;
  b.body = "let totl = 0;\n=======\nx\n";
  b.dividers = {14};
  string file;
  for (int i = 0; i < 30; i++) file += "line " + std::to_string(i) + "\n";
  file += "  let total = 0;\n";
  string n = edit::nearest(b, file);
  if (n.find("   31 |   let total = 0;\n") == string::npos) {
    wrong = "nearest: " + shown(n);
    return wrong.c_str();
  }
  b.body = "\x01\x02\n=======\nx\n";
  b.dividers = {3};
  return edit::nearest(b, "zzz\n").empty() ? nullptr : "nearest of nothing";
}

const char* edit_check_random_cuts() {
  static const char* const parts[] = {"<<<<<<< SEARCH\n",
                                      "=======\n",
                                      ">>>>>>> REPLACE\n",
                                      "```\n",
                                      "```ts\n",
                                      "````md\n",
                                      "~~~\n",
                                      "```diff\n",
                                      "```ts src/a.txt\n",
                                      "--- a/src/a.txt\n",
                                      "+++ b/src/a.txt\n",
                                      "--- /dev/null\n",
                                      "@@ -1,2 +1,2 @@\n",
                                      " one\n",
                                      "-two\n",
                                      "+TWO\n",
                                      "\n",
                                      "\r\n",
                                      "*** Begin Patch\n",
                                      "*** End Patch\n",
                                      "*** Update File: src/a.txt\n",
                                      "*** Add File: q.txt\n",
                                      "src/a.txt\n",
                                      "### src/a.txt\n",
                                      "// src/a.txt\n",
                                      "words about src/a.txt\n",
                                      "two\n",
                                      "<<",
                                      "=",
                                      "```",
                                      "*** ",
                                      "x",
                                      "\xe2\x9c\x85",
                                      "apply_patch <<'EOF'\n",
                                      "EOF\n",
                                      "diff --git a/q b/q\n"};
  std::mt19937 random(7);
  for (int round = 0; round < 3'000; round++) {
    given g = one("", static_cast<format>(random() % 4));
    string s;
    for (size_t i = random() % 20; i > 0; i--) s += parts[random() % std::size(parts)];
    g.answers = {s};
    result r = run(g, whole, 200);
    auto cut = [&](edit::parser& p, string_view text) {
      while (!text.empty()) {
        size_t n = std::min<size_t>(1 + random() % 9, text.size());
        p.feed(text.substr(0, n));
        text.remove_prefix(n);
      }
    };
    if (run(g, cut, 200).log != r.log || run(g, bytes, 200).log != r.log) {
      wrong = "differs when cut: " + shown(s);
      return wrong.c_str();
    }
    if (r.log == r.prose && r.prose != s) {
      wrong = "prose lost bytes: " + shown(s);
      return wrong.c_str();
    }
  }
  return nullptr;
}

// The bound is far above what it takes: it must not be quadratic.
const char* edit_check_time() {
  auto lines = [](const string& s, size_t size) {
    string out;
    while (out.size() < size) out += s;
    return out;
  };
  const size_t mib = 1024 * 1024, block = 120 * 1024;
  string same = lines("a\n", mib);
  std::vector<std::pair<string, string>> blocks = {
      {lines("a\n", block), lines("b\n", block)}, {"a\n", "b\n"}, {lines(" a\n", block), "b\n"}};
  auto start = std::chrono::steady_clock::now();
  for (const auto& [search, replace] : blocks) {
    edit::files f;
    f.add("f", same, true);
    f.begin_call();
    edit::block b;
    b.path = "f";
    b.body = search + "=======\n" + replace;
    b.dividers = {search.size()};
    edit::outcome o = f.apply(b);
    if (!std::holds_alternative<edit::rejected>(o)) return "a place among equal lines";
    edit::nearest(b, same);
  }
  edit::files f;
  f.add("f", same, true);
  f.begin_call();
  edit::block b;
  b.path = "f";
  b.form = format::udiff;
  for (size_t i = 0; i < 12'000; i++) {
    edit::hunk h;
    h.numbered = true;
    h.old_start = 1 + i * 3;
    h.old_count = 1;
    h.lines = {{'-', "a"}, {'+', "b"}};
    b.hunks.push_back(h);
  }
  if (!std::holds_alternative<edit::accepted>(f.apply(b))) return "many hunks";
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return took.count() < 10 ? nullptr : "it takes too long";
}
