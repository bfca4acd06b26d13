// Copyright (C) 2026 The f0 authors
//
// read.cc - Ollama's own /api/chat and /api/generate: one JSON object a line
// (translate.md 10).

#include <algorithm>

#include "../reader_base.h"

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
    const bool over = truthy(o.get("done"));
    std::string reason = over ? finish_of(o.get("done_reason")) : std::string();
    if (reason.empty()) reason = "stop";
    if (over) tell_usage(o);
    if (over && failing(reason)) return;
    if (const json::value* m = object_at(&o, "message")) message(*m);
    reasoning(0, o.str("thinking"));
    content(0, o.str("response"));
    if (out_.ended() || !over) return;
    finish_with(0, reason);
    done();
  }

 private:
  void tell_usage(const json::value& o) {
    const auto stated = [&](string_view key) { return std::max<int64_t>(count(o.get(key)), 0); };
    usage u;
    u.prompt = stated("prompt_eval_count");
    u.completion = stated("eval_count");
    u.total = u.prompt + u.completion;
    out_.usage(u);
  }

  void message(const json::value& m) {
    reasoning(0, m.str("thinking"));
    content(0, m.str("content"));
    const json::value* calls = array_at(&m, "tool_calls");
    if (calls == nullptr) return;
    for (const json::value& t : *calls) {
      const json::value* f = object_at(&t, "function");
      const string_view name = f != nullptr ? f->str("name") : string_view();
      if (name.empty()) {
        return upstream("malformed_event", "upstream sent a tool call without a name");
      }
      const int k = next_call(0);
      if (k < 0) return;
      out_.tool_start(0, k, {t.str("id"), name});
      out_.tool_args(0, k, arguments_of(f->get("arguments")));
    }
  }
};

}  // namespace

std::unique_ptr<reader> make_ollama_reader(gate& out) {
  return std::make_unique<ollama_reader>(out);
}

}  // namespace f0::dialect
