// Copyright (C) 2026 The f0 authors
//
// cli - runs the edit engine for scripts: a JSON object a line in, one out.
//
//   in   {"asked": FORMAT, "files": [{"path", "content", "editable"}], "only": PATH,
//         "selection": {"path", "begin", "end"}, "calls": [TEXT...], "cut": N}
//        cut: 0 whole, -1 each byte, else the seed of random pieces
//   out  {"events": [["prose", TEXT], ["patch", {...}], ["failed", {...}], ["duplicate"]],
//         "files": {PATH: CONTENT}}

#include <cstdio>
#include <iostream>
#include <string>

#include "core/edit/edit.h"
#include "core/json/json.h"

namespace {

using namespace f0;
using edit::code;

class out_sink final : public edit::sink {
 public:
  out_sink(json::writer& w, edit::files& f) : w_(w), files_(f) {}

  void prose(string_view s) override { text_ += s; }
  void begin(string_view) override {}

  void edit(edit::block&& b) override {
    flush();
    edit::outcome o = files_.apply(b);
    if (auto* a = std::get_if<edit::accepted>(&o)) return patch(*a);
    if (auto* r = std::get_if<edit::rejected>(&o)) return failed(*r, b);
    w_.begin_array().string("duplicate").end_array();
  }

  void broken(edit::block&& b, code why) override {
    flush();
    failed(files_.refuse(b, why), b);
  }

  void thinking(string_view) override {}
  void retract() override {
    flush();
    for (const edit::accepted& a : files_.take_back()) patch(a);
  }

  void flush() {
    if (text_.empty()) return;
    w_.begin_array().string("prose").string(text_).end_array();
    text_.clear();
  }

 private:
  void patch(const edit::accepted& a) {
    w_.begin_array().string("patch").begin_object();
    w_.key("op").string(edit::op_word(a.kind)).key("path").string(a.path);
    w_.key("to").string(a.to).key("base_sha256").string(a.base_sha256);
    w_.key("diff").string(a.diff).key("match").string(a.match);
    w_.end_object().end_array();
  }

  void failed(const edit::rejected& r, const edit::block& b) {
    w_.begin_array().string("failed").begin_object();
    w_.key("path").string(r.path).key("code").string(edit::code_word(r.why));
    w_.key("message").string(r.message).key("raw").integer(static_cast<int64_t>(b.raw.size()));
    w_.end_object().end_array();
  }

  json::writer& w_;
  edit::files& files_;
  std::string text_;
};

void feed(edit::parser& p, string_view text, int64_t cut) {
  uint64_t seed = static_cast<uint64_t>(cut) * 2654435761u + 1;
  while (!text.empty()) {
    size_t n = text.size();
    if (cut == -1) n = 1;
    if (cut > 0) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      uint64_t x = seed >> 33;
      n = x % 3 == 0 ? 1 : 1 + (x >> 3) % 60;
    }
    n = std::min(n, text.size());
    p.feed(text.substr(0, n));
    text.remove_prefix(n);
  }
}

std::string run(const json::value& in) {
  edit::files files;
  edit::parse_options o;
  if (auto f = edit::format_of(in.str("asked"))) o.asked = *f;
  o.only_editable = in.str("only");
  if (const json::value* list = in.get("files")) {
    for (const json::value& f : *list) {
      const json::value* e = f.get("editable");
      files.add(f.str("path"), std::string(f.get("content")->text()), !e || e->boolean());
      o.known.insert(f.str("path"));
    }
  }
  if (const json::value* s = in.get("selection"); s && s->is_object()) {
    files.select(s->str("path"), {static_cast<size_t>(*s->get("begin")->integer()),
                                  static_cast<size_t>(*s->get("end")->integer())});
  }
  const json::value* cut = in.get("cut");
  std::string text;
  json::writer w(text);
  w.begin_object().key("events").begin_array();
  out_sink sink(w, files);
  for (const json::value& call : *in.get("calls")) {
    files.begin_call();
    edit::parser p(o, sink);
    feed(p, call.text(), cut ? cut->integer().value_or(0) : 0);
    p.finish();
    sink.flush();
  }
  w.end_array().key("files").begin_object();
  for (const edit::files::entry& f : files.list()) w.key(f.path).string(f.content);
  w.end_object().end_object();
  return text;
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  std::string line;
  json::document doc;
  while (std::getline(std::cin, line)) {
    doc.clear();
    const json::value* v = doc.parse(line);
    if (v == nullptr || !v->is_object()) return 1;
    std::cout << run(*v) << std::endl;
  }
  return 0;
}
