// Copyright (C) 2026 The f0 authors
//
// read.cc - Chat Completions as OpenAI and all its compatible engines send it:
// one tolerant reader, no switches (translate.md 4).

#include <algorithm>

#include "../reader_base.h"
#include "../reader_calls.h"
#include "../reader_details.h"

namespace f0::dialect {

namespace {

// What is stated elsewhere counts where the OpenAI name says nothing: absent or 0.
usage usage_of(const json::value& u) {
  const auto in = [&](string_view key, string_view name) -> const json::value* {
    const json::value* details = object_at(&u, key);
    return details != nullptr ? details->get(name) : nullptr;
  };
  usage out;
  out.prompt = first_count({u.get("prompt_tokens"), u.get("input_tokens")});
  out.completion = first_count({u.get("completion_tokens"), u.get("output_tokens")});
  out.total = count(u.get("total_tokens"));
  if (out.total <= 0 && out.prompt >= 0 && out.completion >= 0) {
    out.total = out.prompt + out.completion;
  }
  out.cached = first_count({in("prompt_tokens_details", "cached_tokens"),
                            in("input_tokens_details", "cached_tokens"),
                            u.get("prompt_cache_hit_tokens"), u.get("cached_tokens")});
  out.cache_write = count(in("prompt_tokens_details", "cache_write_tokens"));
  out.reasoning =
      first_count({in("completion_tokens_details", "reasoning_tokens"),
                   in("output_tokens_details", "reasoning_tokens"), u.get("reasoning_tokens")});
  return out;
}

bool is_zero(const usage& u) {
  return u.prompt <= 0 && u.completion <= 0 && u.total <= 0 && u.cached <= 0 &&
         u.cache_write <= 0 && u.reasoning <= 0;
}

// The text of reasoning_details.
std::string text_of(const json::value& details) {
  std::string out;
  for (const json::value& p : details) {
    const string_view type = p.str("type");
    if (type != "reasoning.text" && type != "reasoning.summary") continue;
    const string_view text = p.str("text");
    out += text.empty() ? p.str("summary") : text;
  }
  return out;
}

string_view url_of(const json::value& part) {
  const json::value* url = part.get("image_url");
  return url != nullptr && url->is_object() ? url->str("url") : words(url);
}

std::string thinking_of(const json::value& part) {
  if (const string_view s = part.str("thinking"); !s.empty()) return std::string(s);
  std::string out;
  if (const json::value* pieces = array_at(&part, "thinking")) {
    for (const json::value& p : *pieces) out += p.str("text");
  }
  return out;
}

class openai_reader final : public reader {
 public:
  explicit openai_reader(gate& out) : reader(out) {}

  string_view reasoning_name() const override { return reasoning_name_; }

 protected:
  void on_event(string_view name, const json::value& o) override {
    const json::value* error = o.get("error");
    if (name == "error" && o.get("choices") == nullptr && error == nullptr) return fail_with(o);
    if (truthy(error)) return fail_with(*error);
    const json::value* groq = object_at(&o, "x_groq");
    const json::value* groq_error = groq != nullptr ? groq->get("error") : nullptr;
    if (truthy(groq_error)) {
      chat::failure f;
      f.type = "upstream_error";
      if (groq_error->is_string()) f.message = failure_of(*groq_error, 502).message;
      return fail(std::move(f));
    }
    if (is_infill(o)) return infill(o);
    chunk(o, "delta");
  }

  void on_body(const json::value& o) override {
    const json::value* error = o.get("error");
    if (truthy(error)) return fail_with(*error);
    if (is_infill(o)) return infill(o);
    chunk(o, "message");
    done();
  }

  void before_finish(int choice) override {
    const auto it = std::find_if(choices_.begin(), choices_.end(),
                                 [&](const auto& c) { return c->index == choice; });
    if (it == choices_.end()) return;
    (*it)->calls.finish(**it);
    if (!out_.ended()) (*it)->keep_details(calls(choice) > 0 ? 0 : -1);
  }

 private:
  // A choice that has tool calls or reasoning_details.
  struct choice_parts final : call_events {
    choice_parts(openai_reader& r, int i) : to(r), index(i) {}

    int start(const tool_head& head) override {
      const int k = to.next_call(index);
      if (k == 0) keep_details(0);
      if (k >= 0) to.out_.tool_start(index, k, head);
      return k;
    }
    void arguments(int k, string_view text) override { to.out_.tool_args(index, k, text); }
    void extra(int k, string_view json) override { to.out_.tool_extra(index, k, json); }
    bool hold(size_t n) override { return to.hold(n); }
    void malformed(string_view why) override { to.upstream("malformed_event", why); }

    // Those so far, unless they are known; |k| as in chat/event.h.
    void keep_details(int k) {
      if (details.memory() == kept) return;
      kept = details.memory();
      to.out_.keep(index, k, state::details, details.json());
    }

    openai_reader& to;
    int index;
    joined_calls calls;
    details_list details;
    size_t kept = 0;  // of their bytes
  };

  choice_parts& parts_of(int choice) {
    for (const auto& c : choices_) {
      if (c->index == choice) return *c;
    }
    return *choices_.emplace_back(std::make_unique<choice_parts>(*this, choice));
  }

  // llama.cpp's own form, of infill.
  static bool is_infill(const json::value& o) {
    if (o.get("choices") != nullptr) return false;
    const json::value* text = o.get("content");
    const json::value* stop = o.get("stop");
    return text != nullptr && text->is_string() && stop != nullptr && stop->is_bool();
  }

  void infill(const json::value& o) {
    const bool over = truthy(o.get("stop"));
    if (over) tell_counts(o);
    open(0);
    content(0, o.str("content"));
    if (out_.ended() || !over) return;
    const bool limit = o.str("stop_type") == "limit" || truthy(o.get("stopped_limit"));
    finish_with(0, limit ? "length" : "stop");
    done();
  }

  void tell_counts(const json::value& o) {
    const json::value* timings = object_at(&o, "timings");
    usage u;
    u.prompt = count(o.get("tokens_evaluated"));
    u.completion = count(o.get("tokens_predicted"));
    if (u.prompt >= 0 && u.completion >= 0) u.total = u.prompt + u.completion;
    u.cached = timings != nullptr ? count(timings->get("cache_n")) : -1;
    if (u.any()) out_.usage(u);
  }

  // An error or a finish word that tells one voids what the chunk brings, but its
  // usage.
  bool voided(const json::value* choices) {
    if (choices == nullptr) return false;
    for (const json::value& c : *choices) {
      const json::value* error = c.get("error");
      if (truthy(error)) {  // OpenRouter
        fail_with(*error);
        return true;
      }
      if (failing(finish_of(c.get("finish_reason")))) return true;
    }
    return false;
  }

  void tell_usage(const json::value& o, const json::value* choices) {
    const json::value* used = o.get("usage");
    if (!truthy(used)) {
      const json::value* groq = object_at(&o, "x_groq");
      used = groq != nullptr ? groq->get("usage") : nullptr;
    }
    for (size_t i = 0; choices != nullptr && !truthy(used) && i < choices->size(); ++i) {
      used = (*choices)[i].get("usage");  // Moonshot
    }
    if (used == nullptr || !used->is_object() || used->size() == 0) return;
    const usage u = usage_of(*used);
    // Zeros after counts say nothing.
    if (!u.any() || (counted_ && is_zero(u))) return;
    counted_ = !is_zero(u);
    out_.usage(u);
  }

  void chunk(const json::value& o, string_view key) {
    const json::value* choices = array_at(&o, "choices");
    tell_usage(o, choices);
    if (choices == nullptr || voided(choices)) return;
    for (size_t place = 0; place < choices->size(); ++place) {
      const json::value& c = (*choices)[place];
      if (c.is_object()) take(c, index_of(c, place), key);
      if (out_.ended()) return;
    }
    for (size_t place = 0; place < choices->size(); ++place) {
      const json::value& c = (*choices)[place];
      const std::string f = finish_of(c.get("finish_reason"));
      if (!f.empty()) finish_with(index_of(c, place), f);
    }
  }

  void take(const json::value& c, int choice, string_view key) {
    const json::value* d = c.get(key);
    bool whole = key == "message";
    if (d == nullptr || !d->is_object()) {
      // Fake streaming: a message in place of a delta, unless it only repeats.
      d = is_open(choice) ? nullptr : c.get("message");
      if (d != nullptr && !d->is_object()) d = nullptr;
      whole = true;
    }
    // Raw completions have a text in its place.
    const string_view text = d == nullptr ? c.str("text") : string_view();
    const bool something = d != nullptr && d->size() != 0;
    // Azure's choices that hold only a filter's result open nothing.
    if (something || !text.empty() || truthy(c.get("finish_reason"))) open(choice);
    if (!text.empty() && !out_.ended()) content(choice, text);
    if (something && !out_.ended()) delta(choice, *d, whole);
  }

  void delta(int choice, const json::value& d, bool whole) {
    thoughts(choice, d);
    content_of(choice, d.get("content"));
    refusal(choice, d.str("refusal"));
    if (const json::value* images = array_at(&d, "images")) {
      for (const json::value& p : *images) image(choice, url_of(p));
    }
    if (object_at(&d, "audio") != nullptr) lost("sound");
    const json::value* call = d.get("function_call");  // deprecated
    if (call != nullptr && call->is_object()) {
      call_fragment f;
      f.index = -1;
      f.whole = whole;
      tool(choice, f, call, "arguments");
    }
    const json::value* calls = array_at(&d, "tool_calls");
    if (calls == nullptr) return;
    for (const json::value& t : *calls) {
      if (t.is_object() && !out_.ended()) tool_call(choice, t, whole);
    }
  }

  // Several fields may carry the same text: one counts.
  void thoughts(int choice, const json::value& d) {
    const json::value* details = array_at(&d, "reasoning_details");
    string_view text;
    for (const string_view key : {"reasoning_content", "reasoning"}) {
      if (text = d.str(key); text.empty()) continue;
      reasoning_name_ = key;
      break;
    }
    if (details == nullptr) return reasoning(choice, text);
    std::string own;
    if (text.empty()) text = own = text_of(*details);
    std::string json;
    json::append_value(json, *details);
    details_list& list = parts_of(choice).details;
    const size_t before = list.memory();
    list.add(*details);
    if (hold(list.memory() - before)) out_.reasoning_details(choice, text, json);
  }

  void content_of(int choice, const json::value* c) {
    if (c == nullptr) return;
    if (c->is_string()) return content(choice, c->text());
    if (!c->is_array()) return;
    for (const json::value& p : *c) {  // Mistral's typed parts
      const string_view type = p.str("type");
      if (type == "text") {
        content(choice, p.str("text"));
      } else if (type == "thinking") {
        reasoning(choice, thinking_of(p));
      } else if (type == "image_url") {
        image(choice, url_of(p));
      }
    }
  }

  void tool_call(int choice, const json::value& t, bool whole) {
    const json::value* index = t.get("index");
    const json::value* fn = t.get("custom");
    call_fragment f;
    f.custom = fn != nullptr && fn->is_object();
    if (!f.custom) fn = t.get("function");
    if (fn != nullptr && (!fn->is_object() || fn->size() == 0)) fn = nullptr;
    f.index = index != nullptr && index->is_number() ? index->integer() : std::nullopt;
    f.id = t.str("id");
    f.whole = whole;
    const string_view type = t.str("type");
    f.odd = fn == nullptr && !type.empty();
    f.foreign = f.odd && type != "function" && type != "custom";
    if (const json::value* extra = object_at(&t, "extra_content")) {
      json::append_value(f.extra, *extra);
    }
    tool(choice, f, fn, f.custom ? "input" : "arguments");
  }

  void tool(int choice, call_fragment& f, const json::value* fn, string_view key) {
    std::string json;
    if (fn != nullptr) {
      f.name = fn->str("name");
      const json::value* a = fn->get(key);
      if (a != nullptr && a->is_string()) {
        f.arguments = a->text();
      } else if (a != nullptr && (a->is_object() || a->is_array())) {
        json::append_value(json, *a);
        f.arguments = json;
      }
    }
    choice_parts& parts = parts_of(choice);
    parts.calls.take(f, parts);
  }

  std::vector<std::unique_ptr<choice_parts>> choices_;
  string_view reasoning_name_;  // the field that reasoning came in; empty: none did
  bool counted_ = false;        // usage was told that is not all zeros
};

}  // namespace

std::unique_ptr<reader> make_openai_reader(gate& out) {
  return std::make_unique<openai_reader>(out);
}

}  // namespace f0::dialect
