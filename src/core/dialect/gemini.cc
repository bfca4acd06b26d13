// Copyright (C) 2026 The f0 authors
//
// gemini.cc - Gemini's generateContent, whole or streamed (translate.md 7).

#include "reader_base.h"

namespace f0::dialect {

namespace {

class gemini_reader final : public reader {
 public:
  explicit gemini_reader(gate& out) : reader(out) {}

 protected:
  void on_event(string_view, const json::value& o) override { on_body(o); }

  void on_body(const json::value& o) override {
    const json::value* error = o.get("error");
    if (truthy(error)) return fail_with(*error);
    const json::value* list = array_at(&o, "candidates");
    const size_t n = list != nullptr ? list->size() : 0;
    for (size_t place = 0; place < n; ++place) {
      const json::value& c = (*list)[place];
      if (!c.is_object()) continue;
      const int choice = index_of(c, place);
      open(choice);
      if (out_.ended()) return;
      if (const json::value* parts = array_at(object_at(&c, "content"), "parts")) {
        for (const json::value& p : *parts) part(choice, p);
      }
    }
    tell_usage(o.get("usageMetadata"));
    for (size_t place = 0; place < n; ++place) {
      const json::value& c = (*list)[place];
      const json::value* f = c.is_object() ? c.get("finishReason") : nullptr;
      if (truthy(f)) finish_with(index_of(c, place), words(f));
    }
    const json::value* feedback = object_at(&o, "promptFeedback");
    if (n == 0 && feedback != nullptr && truthy(feedback->get("blockReason"))) {
      open(0);
      finish_with(0, "SAFETY");
    }
  }

  // A stream that was asked for without alt=sse is one array of its events.
  void on_array(const json::value& a) override {
    for (const json::value& o : a) {
      if (o.is_object() && !out_.ended()) on_body(o);
    }
  }

 private:
  void part(int choice, const json::value& p) {
    if (!p.is_object()) return;
    if (const string_view s = p.str("text"); !s.empty()) {
      if (truthy(p.get("thought"))) {
        out_.reasoning(choice, s);
      } else {
        out_.content(choice, s);
      }
      return;
    }
    const json::value* f = object_at(&p, "functionCall");
    const string_view name = f != nullptr ? f->str("name") : string_view();
    if (name.empty()) return;
    const int k = next_tool(choice);
    note_tool(choice);
    out_.tool_start(choice, k, f->str("id"), name);
    out_.tool_args(choice, k, arguments_of(f->get("args")));
    if (const string_view s = p.str("thoughtSignature"); !s.empty()) {
      out_.tool_signature(choice, k, s);
    }
  }

  int next_tool(int choice) {
    for (counter& c : tools_) {
      if (c.choice == choice) return c.next++;
    }
    tools_.push_back({choice, 1});
    return 0;
  }

  void tell_usage(const json::value* u) {
    if (u == nullptr || !u->is_object() || count(u->get("promptTokenCount")) < 0) return;
    out_.usage(gemini_usage(count(u->get("promptTokenCount")),
                            count(u->get("candidatesTokenCount")),
                            count(u->get("thoughtsTokenCount")), count(u->get("totalTokenCount")),
                            count(u->get("cachedContentTokenCount"))));
  }

  struct counter {
    int choice, next;
  };
  std::vector<counter> tools_;
};

}  // namespace

usage gemini_usage(int64_t prompt, int64_t candidates, int64_t thoughts, int64_t total,
                   int64_t cached) {
  const auto stated = [](int64_t n) { return n < 0 ? int64_t{0} : n; };
  usage u;
  u.prompt = prompt;
  u.completion = stated(candidates) + stated(thoughts);
  u.total = total > 0 ? total : prompt + u.completion;
  u.cached = cached;
  u.reasoning = thoughts;
  return u;
}

std::unique_ptr<reader> make_gemini_reader(gate& out) {
  return std::make_unique<gemini_reader>(out);
}

}  // namespace f0::dialect
