// Copyright (C) 2026 The f0 authors
//
// openai.cc - Chat Completions as OpenAI and all its compatible engines send it:
// one tolerant reader, no switches (translate.md 4).

#include <algorithm>

#include "reader_base.h"

namespace f0::dialect {

namespace {

constexpr size_t most_calls = 1024;       // in a choice
constexpr size_t most_waiting = 1 << 20;  // bytes of arguments before their name

// A tool call that is being put together.
struct slot {
  int64_t index;
  bool has_index;
  bool args = false;  // some arguments were told
  int k = -1;         // its number, once its name came and it was told
  std::string id;
  std::string waiting;  // arguments that came before the name
};

struct choice_tools {
  int choice;
  int told = 0;  // numbers given so far: no gaps, whatever stays nameless
  std::vector<slot> slots;
};

usage usage_of(const json::value& u) {
  usage out;
  out.prompt = count(u.get("prompt_tokens"));
  out.completion = count(u.get("completion_tokens"));
  out.total = count(u.get("total_tokens"));
  if (out.total < 0 && out.prompt >= 0 && out.completion >= 0) {
    out.total = out.prompt + out.completion;
  }
  const json::value* pd = object_at(&u, "prompt_tokens_details");
  const json::value* cd = object_at(&u, "completion_tokens_details");
  const auto first = [](std::initializer_list<const json::value*> places) {
    for (const json::value* v : places) {
      if (const int64_t n = count(v); n >= 0) return n;
    }
    return int64_t{-1};
  };
  const auto detail = [](const json::value* d, string_view key) {
    return d != nullptr ? d->get(key) : nullptr;
  };
  out.cached = first(
      {detail(pd, "cached_tokens"), u.get("prompt_cache_hit_tokens"), u.get("cached_tokens")});
  out.cache_write = first({detail(pd, "cache_write_tokens")});
  out.reasoning = first({detail(cd, "reasoning_tokens"), u.get("reasoning_tokens")});
  return out;
}

// The reasoning of a delta.  Several fields may carry the same text: one counts.
std::string reasoning_of(const json::value& d) {
  for (const string_view key : {"reasoning_content", "reasoning"}) {
    if (const string_view s = d.str(key); !s.empty()) return std::string(s);
  }
  std::string out;
  const json::value* details = array_at(&d, "reasoning_details");
  if (details == nullptr) return out;
  for (const json::value& p : *details) {
    const string_view type = p.str("type");
    if (type != "reasoning.text" && type != "reasoning.summary") continue;
    const string_view text = p.str("text");
    out += text.empty() ? p.str("summary") : text;
  }
  return out;
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

 protected:
  void on_event(string_view name, const json::value& o) override {
    const json::value* error = o.get("error");
    if (name == "error" && o.get("choices") == nullptr && error == nullptr) return fail_with(o);
    if (truthy(error)) return fail_with(*error);
    const json::value* groq = object_at(&o, "x_groq");
    const json::value* groq_error = groq != nullptr ? groq->get("error") : nullptr;
    if (truthy(groq_error)) {
      api::failure f;
      f.type = "upstream_error";
      if (groq_error->is_string()) f.message = failure_of(*groq_error, 502).message;
      return fail(std::move(f));
    }
    chunk(o, "delta");
  }

  void on_body(const json::value& o) override {
    const json::value* error = o.get("error");
    if (truthy(error)) return fail_with(*error);
    chunk(o, "message");
    done();
  }

  void before_finish(int choice) override {
    for (choice_tools& c : tools_) {
      if (c.choice != choice) continue;
      for (slot& s : c.slots) {
        if (s.k < 0 || s.args) continue;
        s.args = true;
        out_.tool_args(choice, s.k, "{}");  // a call without arguments
      }
    }
  }

 private:
  void chunk(const json::value& o, string_view key) {
    const json::value* used = o.get("usage");
    if (!truthy(used)) {
      const json::value* groq = object_at(&o, "x_groq");
      used = groq != nullptr ? groq->get("usage") : nullptr;
    }
    const json::value* choices = array_at(&o, "choices");
    const size_t n = choices != nullptr ? choices->size() : 0;
    for (size_t place = 0; place < n; ++place) {
      const json::value& c = (*choices)[place];
      if (!c.is_object()) continue;
      if (!truthy(used)) used = c.get("usage");  // Moonshot
      take(c, index_of(c, place), key);
      if (out_.ended()) return;
    }
    if (used != nullptr && used->is_object() && used->size() != 0) {
      if (const usage u = usage_of(*used); u.any()) out_.usage(u);
    }
    for (size_t place = 0; place < n; ++place) {
      const json::value& c = (*choices)[place];
      const json::value* f = c.is_object() ? c.get("finish_reason") : nullptr;
      if (truthy(f)) finish_with(index_of(c, place), words(f));
    }
  }

  void take(const json::value& c, int choice, string_view key) {
    const json::value* d = c.get(key);
    if (d == nullptr || !d->is_object()) {
      // Fake streaming: a message in place of a delta, unless it only repeats.
      d = is_open(choice) ? nullptr : c.get("message");
      if (d != nullptr && !d->is_object()) d = nullptr;
    }
    const bool something = d != nullptr && d->size() != 0;
    // Azure's choices that hold only a filter's result open nothing.
    if (something || truthy(c.get("finish_reason"))) open(choice);
    if (something && !out_.ended()) delta(choice, *d);
  }

  void delta(int choice, const json::value& d) {
    if (const std::string r = reasoning_of(d); !r.empty()) out_.reasoning(choice, r);
    content(choice, d.get("content"));
    if (const string_view s = d.str("refusal"); !s.empty()) out_.refusal(choice, s);
    const json::value* call = d.get("function_call");
    if (call != nullptr && call->is_object()) tool(choice, -1, true, {}, call);  // deprecated
    const json::value* calls = array_at(&d, "tool_calls");
    if (calls == nullptr) return;
    for (const json::value& t : *calls) {
      if (!t.is_object()) continue;
      const json::value* index = t.get("index");
      const auto n = index != nullptr && index->is_number() ? index->integer() : std::nullopt;
      tool(choice, n.value_or(0), n.has_value(), t.str("id"), object_at(&t, "function"));
    }
  }

  void content(int choice, const json::value* c) {
    if (c == nullptr) return;
    if (c->is_string()) {
      if (c->size() != 0) out_.content(choice, c->text());
      return;
    }
    if (!c->is_array()) return;
    for (const json::value& p : *c) {  // Mistral's typed parts
      const string_view type = p.str("type");
      if (type == "text") {
        if (const string_view s = p.str("text"); !s.empty()) out_.content(choice, s);
      } else if (type == "thinking") {
        if (const std::string s = thinking_of(p); !s.empty()) out_.reasoning(choice, s);
      }
    }
  }

  choice_tools& tools_of(int choice) {
    for (choice_tools& c : tools_) {
      if (c.choice == choice) return c;
    }
    return tools_.emplace_back(choice_tools{choice, 0, {}});
  }

  // The call that a fragment belongs to, or the end.
  static std::vector<slot>::iterator find(std::vector<slot>& slots, int64_t index, bool has_index,
                                          string_view id, string_view name) {
    if (has_index) {
      const auto it = std::find_if(slots.rbegin(), slots.rend(),
                                   [&](const slot& s) { return s.has_index && s.index == index; });
      if (it == slots.rend()) return slots.end();
      // The index is used again for another call (Ollama).
      const bool other = !id.empty() && !name.empty() && !it->id.empty() && it->id != id;
      return other ? slots.end() : it.base() - 1;
    }
    if (!id.empty()) {
      return std::find_if(slots.begin(), slots.end(), [&](const slot& s) { return s.id == id; });
    }
    return name.empty() && !slots.empty() ? slots.end() - 1 : slots.end();
  }

  void tool(int choice, int64_t index, bool has_index, string_view id, const json::value* fn) {
    choice_tools& all = tools_of(choice);
    std::vector<slot>& slots = all.slots;
    const string_view name = fn != nullptr ? fn->str("name") : string_view();
    auto cur = find(slots, index, has_index, id, name);
    if (cur == slots.end()) {
      if (slots.size() == most_calls) {
        return upstream("malformed_event", "upstream sent too many tool calls");
      }
      cur = slots.insert(slots.end(), slot{index, has_index, false, -1, {}, {}});
    }
    if (cur->id.empty()) cur->id = id;  // the first one stays

    const json::value* a = fn != nullptr ? fn->get("arguments") : nullptr;
    if (a != nullptr && a->is_string()) {
      cur->waiting += a->text();
    } else if (a != nullptr && (a->is_object() || a->is_array())) {
      json::append_value(cur->waiting, *a);
    }
    if (cur->k < 0 && !name.empty()) {
      cur->k = all.told++;
      note_tool(choice);
      out_.tool_start(choice, cur->k, cur->id, name);
    }
    if (cur->k < 0 && cur->waiting.size() > most_waiting) {
      return upstream("malformed_event", "upstream sent a tool call without a name");
    }
    if (cur->k >= 0 && !cur->waiting.empty()) {
      out_.tool_args(choice, cur->k, cur->waiting);
      cur->args = true;
      std::string().swap(cur->waiting);
    }
  }

  std::vector<choice_tools> tools_;
};

}  // namespace

std::unique_ptr<reader> make_openai_reader(gate& out) {
  return std::make_unique<openai_reader>(out);
}

}  // namespace f0::dialect
