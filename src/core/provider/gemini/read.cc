// Copyright (C) 2026 The f0 authors
//
// read.cc - Gemini's generateContent, whole or streamed (translate.md 7).

#include "../reader_base.h"

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
    tell_usage(o.get("usageMetadata"));
    for (size_t place = 0; place < n; ++place) {
      const json::value& c = (*list)[place];
      if (failing(finish(c), c.str("finishMessage"))) return;
    }
    for (size_t place = 0; place < n; ++place) {
      const json::value& c = (*list)[place];
      if (c.is_object()) candidate(index_of(c, place), c);
      if (out_.ended()) return;
    }
    for (size_t place = 0; place < n; ++place) {
      const json::value& c = (*list)[place];
      if (const std::string f = finish(c); !f.empty()) finish_with(index_of(c, place), f);
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
  static std::string finish(const json::value& candidate) {
    std::string f = finish_of(candidate.get("finishReason"));
    return f == "FINISH_REASON_UNSPECIFIED" ? std::string() : f;
  }

  void candidate(int choice, const json::value& c) {
    open(choice);
    const json::value* parts = array_at(object_at(&c, "content"), "parts");
    if (parts == nullptr) return;
    for (const json::value& p : *parts) {
      if (p.is_object() && !out_.ended()) part(choice, p);
    }
  }

  void part(int choice, const json::value& p) {
    const bool thought = truthy(p.get("thought"));
    if (const string_view s = p.str("text"); !s.empty()) {
      return thought ? reasoning(choice, s) : content(choice, s);
    }
    const json::value* f = object_at(&p, "functionCall");
    if (f != nullptr && !f->str("name").empty()) {
      call(choice, *f, p.str("thoughtSignature"));
    } else if (!thought) {
      other(choice, p);
    }
  }

  void call(int choice, const json::value& f, string_view signature) {
    const int k = next_call(choice);
    if (k < 0) return;
    std::string extra;
    if (!signature.empty()) {
      json::writer w(extra);
      w.begin_object().key("google").begin_object().key("thought_signature");
      w.string(utf8(signature)).end_object().end_object();
    }
    out_.tool_start(choice, k, {f.str("id"), f.str("name"), false, extra});
    out_.tool_args(choice, k, arguments_of(f.get("args")));
  }

  // Pictures are told; the rest has no place in a chat's answer.
  void other(int choice, const json::value& p) {
    if (object_at(&p, "functionCall") != nullptr) {
      return upstream("malformed_event", "upstream sent a tool call without a name");
    }
    for (const string_view kind : {"inlineData", "fileData"}) {
      const json::value* d = object_at(&p, kind);
      if (d == nullptr) continue;
      const string_view type = d->str("mimeType");
      if (!type.starts_with("image/")) {
        lost(kind);
      } else if (kind == "fileData") {
        image(choice, d->str("fileUri"));
      } else if (const string_view data = d->str("data"); !data.empty()) {
        image(choice, "data:" + std::string(type) + ";base64," + std::string(data));
      }
      return;
    }
    for (const string_view kind : {"executableCode", "codeExecutionResult"}) {
      if (truthy(p.get(kind))) lost(kind);
    }
  }

  void tell_usage(const json::value* u) {
    if (u == nullptr || !u->is_object() || count(u->get("promptTokenCount")) < 0) return;
    out_.usage(gemini_usage(count(u->get("promptTokenCount")),
                            count(u->get("candidatesTokenCount")),
                            count(u->get("thoughtsTokenCount")), count(u->get("totalTokenCount")),
                            count(u->get("cachedContentTokenCount"))));
  }
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
