// Copyright (C) 2026 The f0 authors
//
// ollama.cc - Ollama's own /api/chat: one JSON object a line (translate.md 10).

#include "reader_base.h"

namespace f0::dialect {

namespace {

class ollama_reader final : public reader {
 public:
  explicit ollama_reader(gate& out) : reader(out) {}

 protected:
  void on_body(const json::value& o) override { on_event({}, o); }

  void on_event(string_view, const json::value& o) override {
    const json::value* error = o.get("error");
    if (truthy(error)) return fail_with(*error);
    open(0);
    if (const json::value* m = object_at(&o, "message")) message(*m);
    if (out_.ended() || !truthy(o.get("done"))) return;
    const auto stated = [&](string_view key) {
      const int64_t n = count(o.get(key));
      return n < 0 ? int64_t{0} : n;
    };
    usage u;
    u.prompt = stated("prompt_eval_count");
    u.completion = stated("eval_count");
    u.total = u.prompt + u.completion;
    out_.usage(u);
    const json::value* reason = o.get("done_reason");
    finish_with(0, truthy(reason) ? words(reason) : "stop");
    done();
  }

 private:
  void message(const json::value& m) {
    if (const string_view s = m.str("thinking"); !s.empty()) out_.reasoning(0, s);
    if (const string_view s = m.str("content"); !s.empty()) out_.content(0, s);
    const json::value* calls = array_at(&m, "tool_calls");
    if (calls == nullptr) return;
    for (const json::value& t : *calls) {
      const json::value* f = object_at(&t, "function");
      const string_view name = f != nullptr ? f->str("name") : string_view();
      if (name.empty()) continue;
      note_tool(0);
      out_.tool_start(0, tools_, t.str("id"), name);
      out_.tool_args(0, tools_++, arguments_of(f->get("arguments")));
    }
  }

  int tools_ = 0;
};

}  // namespace

std::unique_ptr<reader> make_ollama_reader(gate& out) {
  return std::make_unique<ollama_reader>(out);
}

}  // namespace f0::dialect
