// Copyright (C) 2026 The f0 authors
//
// read.cc - OpenAI's Responses API, whole or streamed (fronts.md 7).
//
// Everything is told several times: as deltas, in the "done" events of a part and
// of its item, and in response.completed.  What was told once is not told again;
// what comes in one of them only is told all the same.

#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "../reader_base.h"
#include "../reader_finish.h"

namespace f0::dialect {

namespace {

using json::value;

constexpr size_t most_items = 4096;

struct known_code {
  string_view word;
  int status;
};

// What the codes of failures stand for; those of pictures have that word in them.
constexpr known_code codes[] = {
    {"rate_limit_exceeded", 429}, {"usage_limit_reached", 429},
    {"insufficient_quota", 429},  {"server_is_overloaded", 503},
    {"slow_down", 503},           {"invalid_prompt", 400},
    {"content_filter", 400},      {"context_length_exceeded", 400},
    {"model_not_found", 404},     {"vector_store_timeout", 504},
    {"server_error", 500},
};

int status_of_code(string_view code) {
  for (const known_code& c : codes) {
    if (c.word == code) return c.status;
  }
  return code.find("image") != string_view::npos ? 400 : 0;
}

bool is_call(string_view type) { return type == "function_call" || type == "custom_tool_call"; }

std::optional<int64_t> integer_at(const value& o, string_view key) {
  const value* v = o.get(key);
  return v != nullptr && v->is_number() ? v->integer() : std::nullopt;
}

// A text, or a value in place of one as JSON.
std::string text_of(const value* v) {
  if (v == nullptr || v->is_null()) return {};
  return v->is_string() ? std::string(v->text()) : arguments_of(v);
}

// An item of encrypted reasoning as it has to go back, in a JSON array; empty: it is
// none, or too long.
std::string sealed_reasoning(const value& item) {
  const string_view sealed = item.str("encrypted_content");
  std::string summary = "[]";
  if (const value* s = array_at(&item, "summary")) {
    summary.clear();
    json::append_value(summary, *s);
  }
  if (sealed.empty() || summary.size() + sealed.size() > chat::kLongestState) return {};
  std::string out;
  json::writer w(out);
  w.begin_array().begin_object().key("type").string("reasoning");
  if (const string_view id = item.str("id"); !id.empty()) w.key("id").string(utf8(id));
  w.key("summary").raw(utf8(summary));
  w.key("encrypted_content").string(utf8(sealed)).end_object().end_array();
  return out;
}

class responses_reader final : public reader {
 public:
  explicit responses_reader(gate& out) : reader(out) {}

 protected:
  void on_event(string_view name, const value& o) override {
    catch_up();
    take(name, o);
    told_ = out_.text_bytes();
  }

  void on_body(const value& o) override {
    const string_view status = o.str("status");
    const value* error = o.get("error");
    note_usage(o.get("usage"));
    if (truthy(error) && (status.empty() || status == "failed")) return fail_with(*error);
    const value* object = o.get("object");
    const bool response = object == nullptr || object->is_null() || words(object) == "response";
    if (!response || (status != "completed" && status != "incomplete" && status != "failed")) {
      return upstream("stream_truncated", "the response is not complete");
    }
    over(status, &o);
  }

  // No end here: it stands behind one.
  void on_done() override {
    if (is_open(0)) return upstream("stream_truncated", "[DONE] before the response was complete");
    upstream("empty_stream", "upstream stream held no response");
  }

  void fail_with(const value& error) override {
    chat::failure f = failure_of(error, status_of_code(words(error.get("code"))));
    if (f.type == "error") f.type.clear();  // the event's own type
    fail(std::move(f));
  }

  void before_finish(int) override {
    for (item& s : items_) {
      for (const part& p : s.given) tell(s, p);
      if (out_.ended()) return;
      if (s.k < 0 && (is_call(s.type) || !s.waiting.empty())) {
        return upstream("malformed_event", "upstream sent a tool call without a name");
      }
      if (s.k >= 0 && !s.args) {
        const std::string rest = s.arguments.empty() && !s.custom ? "{}" : s.arguments;
        arguments(s, rest);
      }
    }
  }

 private:
  enum class channel : uint8_t { content, refusal, reasoning };
  // Where a text stands in its item: in the summary?  And its number there.
  using place = std::pair<bool, int64_t>;

  struct part {
    place at;
    channel to;
    std::string text;
  };

  struct item {
    std::string type, id, name;
    int k = -1;               // of a call: its number, once its name came
    bool begun = false;       // it was announced
    bool custom = false;      // its arguments are any text
    bool args = false;        // some of them were told
    bool sealed = false;      // its reasoning was kept
    std::string waiting;      // arguments that came before the name
    std::string arguments;    // what they are if no deltas come
    std::vector<part> given;  // texts that it began with
    std::set<place> seen;     // places whose text was told
  };

  // ---- events

  void take(string_view name, const value& o) {
    string_view type = words(o.get("type"));
    if (type.empty()) type = name;
    const value* error = o.get("error");
    if (type == "error" || (type.empty() && truthy(error))) {
      return fail_with(truthy(error) ? *error : o);
    }
    if (!type.starts_with("response.")) return;
    type.remove_prefix(string_view("response.").size());
    const value* r = object_at(&o, "response");
    if (r != nullptr) note_usage(r->get("usage"));
    const size_t dot = type.rfind('.');
    if (dot == string_view::npos) return phase(type, r);
    const string_view kind = type.substr(0, dot), step = type.substr(dot + 1);
    const bool delta = step == "delta";
    if (kind == "output_item" && (step == "added" || step == "done")) {
      if (const value* i = object_at(&o, "item")) item_event(o, *i, step == "done");
    } else if (!delta && step != "done") {
      return;
    } else if (kind == "content_part" || kind == "reasoning_summary_part") {
      const value* p = object_at(&o, "part");
      if (p != nullptr && !delta) part_event(o, kind, *p);
    } else if (kind == "function_call_arguments" || kind == "custom_tool_call_input") {
      const string_view whole = kind == "function_call_arguments" ? "arguments" : "input";
      arguments_event(o, text_of(o.get(delta ? "delta" : whole)), delta);
    } else {
      text_event(o, kind, delta);
    }
  }

  void phase(string_view word, const value* r) {
    if (word == "created" || word == "in_progress" || word == "queued") {
      open(0);
    } else if (word == "cancelled") {
      failing(word);
    } else if (word == "completed" || word == "incomplete" || word == "failed") {
      const string_view status = r != nullptr ? r->str("status") : string_view();
      const bool worse = status == "incomplete" || status == "failed";
      over(word == "completed" && worse ? status : word, r);
    }
  }

  void over(string_view how, const value* r) {
    if (how == "failed") {
      const value* error = r != nullptr ? r->get("error") : nullptr;
      if (truthy(error)) return fail_with(*error);
      chat::failure f = own_failure({}, "the provider's response failed");
      f.own = false;
      return fail(std::move(f));
    }
    string_view reason = how;
    if (how == "incomplete") {
      const value* details = r != nullptr ? object_at(r, "incomplete_details") : nullptr;
      const string_view why = details != nullptr ? details->str("reason") : string_view();
      // Whatever stopped it, it is not whole.
      if (good_end(why) != finish::none || is_failure(why)) reason = why;
    }
    if (failing(reason)) return;
    open(0);
    if (r != nullptr) whole(*r);
    finish_with(0, reason);
    done();
  }

  void item_event(const value& o, const value& i, bool done) {
    item* s = find(o, &i);
    if (s != nullptr && !s->type.empty()) {
      // Another item may have had its index, and one may be begun twice.
      const bool again = !s->id.empty() && s->id == i.str("id");
      if (s->type != i.str("type") || (!done && s->begun && !again))
        s = done ? by_id(i.str("id")) : nullptr;
    }
    if (s == nullptr) s = add(o, &i);
    if (s == nullptr) return;
    s->begun = true;
    take_item(*s, i, done);
  }

  void part_event(const value& o, string_view kind, const value& p) {
    item* const s = find(o);
    if (s != nullptr) take_part(*s, place_of(o, kind), p, true);
  }

  void text_event(const value& o, string_view kind, bool delta) {
    channel to;
    if (kind == "output_text") {
      to = channel::content;
    } else if (kind == "refusal") {
      to = channel::refusal;
    } else if (kind == "reasoning_text" || kind == "reasoning_summary_text") {
      to = channel::reasoning;
    } else {
      return;
    }
    const string_view key = delta ? "delta" : to == channel::refusal ? "refusal" : "text";
    const string_view text = o.str(key);
    if (text.empty()) return;
    item* s = find(o);
    if (s == nullptr) s = add(o, nullptr);
    if (s == nullptr) return;
    if (s->type.empty()) s->type = to == channel::reasoning ? "reasoning" : "message";
    const place at = place_of(o, kind);
    if (delta && to == channel::content) lane_ = {s, integer_at(o, "output_index"), at};
    if (delta || s->seen.find(at) == s->seen.end()) say(*s, at, to, text);
  }

  void arguments_event(const value& o, const std::string& text, bool delta) {
    item* s = find(o);
    if (s == nullptr) s = add(o, nullptr);
    if (s == nullptr || (!delta && (s->args || !s->waiting.empty()))) return;
    arguments(*s, text);
  }

  // ---- items

  item* find(const value& o, const value* i = nullptr) {
    if (const auto n = integer_at(o, "output_index")) {
      const auto it = at_.find(*n);
      return it != at_.end() ? it->second : nullptr;
    }
    string_view id = o.str("item_id");
    if (id.empty() && i != nullptr) id = i->str("id");
    return id.empty() ? last_ : by_id(id);
  }

  item* by_id(string_view id) {
    const auto it = id.empty() ? ids_.end() : ids_.find(std::string(id));
    return it != ids_.end() ? it->second : nullptr;
  }

  item* add(const value& o, const value* i) {
    open(0);
    if (items_.size() == most_items) {
      upstream("malformed_event", "upstream sent too many items");
      return nullptr;
    }
    constexpr size_t entries = 200;  // of the maps, about
    if (!hold(sizeof(item) + entries)) return nullptr;
    item& s = items_.emplace_back();
    if (const auto n = integer_at(o, "output_index")) at_[*n] = &s;
    note_id(s, o.str("item_id"));
    if (i != nullptr) {
      s.id = i->str("id");
      note_id(s, s.id);
    }
    return last_ = &s;
  }

  void note_id(item& s, string_view id) {
    if (!id.empty() && hold(id.size())) ids_[std::string(id)] = &s;
  }

  // An item as it begins, or at its end.
  void take_item(item& s, const value& i, bool done) {
    if (const string_view type = i.str("type"); !type.empty()) s.type = type;
    if (is_call(s.type)) return take_call(s, i, done);
    if (!s.type.empty() && s.type != "message" && s.type != "reasoning") return;
    for (const bool summary : {true, false}) {
      const value* list = i.get(summary ? "summary" : "content");
      if (list == nullptr) continue;
      if (list->is_string() && !summary) {
        const channel to = s.type == "reasoning" ? channel::reasoning : channel::content;
        take_text(s, {summary, 0}, to, list->text(), done);
      }
      if (!list->is_array()) continue;
      int64_t n = 0;
      for (const value& p : *list) {
        if (p.is_object() && !out_.ended()) take_part(s, {summary, n}, p, done);
        ++n;
      }
    }
    if (!done || s.type != "reasoning" || s.sealed) return;
    s.sealed = true;
    const std::string sealed = sealed_reasoning(i);
    if (!sealed.empty()) out_.keep(0, calls(0), state::reasoning, sealed);
  }

  void take_part(item& s, place at, const value& p, bool done) {
    const string_view type = p.str("type");
    if (type == "refusal") {
      take_text(s, at, channel::refusal, p.str("refusal"), done);
    } else if (type == "reasoning_text" || type == "summary_text" ||
               (type == "text" && s.type == "reasoning")) {
      take_text(s, at, channel::reasoning, p.str("text"), done);
    } else if (type == "output_text" || type == "text") {
      take_text(s, at, channel::content, p.str("text"), done);
    }
  }

  // A whole text: told if nothing of its place was, and now if there will be no
  // deltas of it.
  void take_text(item& s, place at, channel to, string_view text, bool done) {
    if (text.empty() || s.seen.find(at) != s.seen.end()) return;
    if (done) return say(s, at, to, text);
    if (hold(sizeof(part) + text.size())) s.given.push_back({at, to, std::string(text)});
  }

  void tell(item& s, const part& p) {
    if (s.seen.find(p.at) == s.seen.end()) say(s, p.at, p.to, p.text);
  }

  void say(item& s, place at, channel to, string_view text) {
    constexpr size_t entry = 64;  // of the set, about
    if (s.seen.insert(at).second && !hold(entry)) return;
    if (to == channel::content) return content(0, text);
    if (to == channel::refusal) return refusal(0, text);
    // Its parts are paragraphs.
    const std::pair<const item*, place> here(&s, at);
    const bool next = paragraph_.first != nullptr && paragraph_ != here;
    paragraph_ = here;
    if (next) return reasoning(0, std::string("\n\n").append(text));
    reasoning(0, text);
  }

  // ---- calls

  void take_call(item& s, const value& i, bool done) {
    s.custom = s.type == "custom_tool_call";
    if (s.k < 0) start(s, i);
    if (out_.ended() || s.args || !s.waiting.empty()) return;
    std::string text = text_of(i.get(s.custom ? "input" : "arguments"));
    if (text.empty()) return;
    if (done) return arguments(s, text);
    if (hold(text.size())) s.arguments = std::move(text);
  }

  void start(item& s, const value& i) {
    const string_view name = i.str("name");
    if (name.empty()) return;
    string_view id = i.str("call_id");
    note_id(s, id);
    if (id.empty()) id = i.str("id");
    s.name = name;
    s.k = next_call(0);
    if (s.k < 0) return;
    out_.tool_start(0, s.k, {id, name, s.custom});
    const std::string waiting = std::exchange(s.waiting, {});
    arguments(s, waiting);
  }

  void arguments(item& s, string_view text) {
    if (text.empty() || out_.ended()) return;
    if (s.k < 0) {
      if (hold(text.size())) s.waiting += text;
      return;
    }
    s.args = true;
    out_.tool_args(0, s.k, text);
  }

  // ---- the end, which repeats everything

  // What of its output was not told yet.
  void whole(const value& r) {
    const value* output = array_at(&r, "output");
    if (output == nullptr) return;
    std::vector<std::pair<const value*, item*>> all;
    std::set<const item*> known;
    int64_t n = 0;
    for (const value& i : *output) {
      item* const s = i.is_object() ? same(i, n) : nullptr;
      if (s != nullptr) known.insert(s);
      if (i.is_object()) all.emplace_back(&i, s);
      ++n;
    }
    // Items whose ids and indexes tell nothing are paired in their order.
    auto next = items_.begin();
    const auto streamed = items_.end();
    for (auto& [i, s] : all) {
      while (s == nullptr && next != streamed && known.count(&*next) != 0) ++next;
      if (s == nullptr && next != streamed && next->type == i->str("type") &&
          next->name == i->str("name")) {
        s = &*next++;
      }
    }
    for (const auto& [i, s] : all) {
      if (out_.ended()) return;
      item* const to = s != nullptr ? s : add(*i, i);
      if (to != nullptr) take_item(*to, *i, true);
    }
  }

  item* same(const value& i, int64_t n) {
    for (const string_view key : {"id", "call_id"}) {
      if (item* const s = by_id(i.str(key))) return s;
    }
    const auto it = at_.find(n);
    const bool fits =
        it != at_.end() && it->second->type == i.str("type") && it->second->name == i.str("name");
    return fits ? it->second : nullptr;
  }

  static place place_of(const value& o, string_view kind) {
    const bool summary = kind.starts_with("reasoning_summary");
    return {summary, integer_at(o, summary ? "summary_index" : "content_index").value_or(0)};
  }

  // The fast lane took deltas since the last event: like the last one of content.
  void catch_up() {
    if (told_ == out_.text_bytes() || lane_.last == nullptr) return;
    const auto it = lane_.index ? at_.find(*lane_.index) : at_.end();
    (it != at_.end() ? it->second : lane_.last)->seen.insert(lane_.at);
  }

  // A usage of zeros after one with counts says nothing.
  void note_usage(const value* u) {
    if (u == nullptr || !u->is_object()) return;
    const auto detail = [&](string_view group, string_view key) {
      const value* d = object_at(u, group);
      return d != nullptr ? d->get(key) : nullptr;
    };
    usage out;
    out.prompt = first_count({u->get("input_tokens"), u->get("prompt_tokens")});
    out.completion = first_count({u->get("output_tokens"), u->get("completion_tokens")});
    if (out.prompt < 0 && out.completion < 0) return;
    if (counted_ && out.prompt <= 0 && out.completion <= 0) return;
    counted_ = counted_ || out.prompt > 0 || out.completion > 0;
    out.total = count(u->get("total_tokens"));
    if (out.total <= 0 && out.prompt >= 0 && out.completion >= 0) {
      out.total = out.prompt + out.completion;
    }
    out.cached = count(detail("input_tokens_details", "cached_tokens"));
    out.cache_write = count(detail("input_tokens_details", "cache_write_tokens"));
    out.reasoning = count(detail("output_tokens_details", "reasoning_tokens"));
    out_.usage(out);
  }

  struct lane {
    item* last = nullptr;  // that a delta of content was of
    std::optional<int64_t> index;
    place at;
  };

  std::deque<item> items_;
  std::unordered_map<int64_t, item*> at_;       // by output_index
  std::unordered_map<std::string, item*> ids_;  // by id and call_id
  item* last_ = nullptr;
  std::pair<const item*, place> paragraph_{};  // of the reasoning
  lane lane_;
  size_t told_ = 0;  // bytes of text when the last event was over
  bool counted_ = false;
};

}  // namespace

std::unique_ptr<reader> make_responses_reader(gate& out) {
  return std::make_unique<responses_reader>(out);
}

}  // namespace f0::dialect
