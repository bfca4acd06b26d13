// Copyright (C) 2026 The f0 authors
//
// anthropic.cc - Anthropic's Messages (anthropic-messages.md 4-7, translate.md 3).

#include <algorithm>
#include <functional>
#include <optional>

#include "reader_base.h"

namespace f0::dialect {

namespace {

constexpr size_t most_blocks = 4096;

class anthropic_reader final : public reader {
 public:
  anthropic_reader(gate& out, bool json_tool) : reader(out), json_tool_(json_tool) {}

  unsigned generation() const override { return generation_; }

 protected:
  void on_event(string_view name, const json::value& o) override {
    string_view type = words(o.get("type"));
    if (!truthy(o.get("type"))) type = name;
    const json::value* error = o.get("error");
    if (type == "error" || (type.empty() && truthy(error))) {
      return fail_with(truthy(error) ? *error : o);
    }
    if (type == "message_start") return start(o.get("message"));
    if (!is_open(0)) return;  // ping and unknown events may come first
    if (type == "content_block_start") {
      start_indexed(o);
    } else if (type == "content_block_delta") {
      if (block* b = find(index(o))) delta(*b, object_at(&o, "delta"));
    } else if (type == "content_block_stop") {
      if (block* b = find(index(o))) stop_block(*b);
    } else if (type == "message_delta") {
      note_usage(o.get("usage"));
      const json::value* d = object_at(&o, "delta");
      if (d != nullptr && truthy(d->get("stop_reason"))) stop_with(*d);
    } else if (type == "message_stop") {
      if (!stopped_) return upstream("stream_truncated", "message_stop without a stop_reason");
      done();
    }
  }

  void on_body(const json::value& o) override {
    const json::value* error = o.get("error");
    if (o.str("type") == "error" || truthy(error)) return fail_with(truthy(error) ? *error : o);
    if (o.get("content") == nullptr && !truthy(o.get("stop_reason"))) {
      return upstream("malformed_body", "upstream body is no message");
    }
    open(0);
    whole_blocks(o.get("content"));
    note_usage(o.get("usage"));
    if (truthy(o.get("stop_reason"))) stop_with(o);
    done();
  }

  finish mapped(int choice, string_view native) override {
    if (native == "tool_use" && json_used_ && !has_tools(choice)) return finish::stop;
    return reader::mapped(choice, native);
  }

 private:
  enum class block_type : uint8_t { other, text, thinking, tool, json };

  struct block {
    int64_t index = -1;
    block_type type = block_type::other;
    bool args = false;  // some of its input was told
    int k = 0;          // of a tool: its number
    std::string input;  // of a tool: what it is if no fragments come
  };

  static int64_t index(const json::value& o) {
    const json::value* v = o.get("index");
    return v != nullptr && v->is_number() ? v->integer().value_or(-1) : -1;
  }

  block* find(int64_t index) {
    const auto it = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                 [&](const block& b) { return b.index == index; });
    return it == blocks_.rend() ? nullptr : &*it;
  }

  void start(const json::value* m) {
    const json::value* id = m != nullptr ? m->get("id") : nullptr;
    const size_t hash = std::hash<string_view>()(words(id));
    if (is_open(0)) {
      // The same message again is a proxy's second try.
      if (hash != message_) {
        upstream("malformed_event", "a second message started inside the first");
      }
      return;
    }
    message_ = hash;
    open(0);
    if (m == nullptr || !m->is_object()) return;
    note_usage(m->get("usage"));
    whole_blocks(m->get("content"));
  }

  void whole_blocks(const json::value* list) {
    if (list == nullptr || !list->is_array()) return;
    for (const json::value& b : *list) {
      block state = start_block(b);
      stop_block(state);
    }
  }

  void start_indexed(const json::value& o) {
    generation_++;
    const json::value* b = object_at(&o, "content_block");
    const int64_t i = index(o);
    block* old = find(i);
    if (old == nullptr && blocks_.size() == most_blocks) {
      return upstream("malformed_event", "upstream sent too many blocks");
    }
    block state = b != nullptr ? start_block(*b) : block();
    state.index = i;
    if (old != nullptr) {
      *old = std::move(state);
    } else {
      blocks_.push_back(std::move(state));
    }
  }

  block start_block(const json::value& b) {
    block s;
    const string_view type = b.str("type");
    if (type == "tool_use") {
      const string_view name = b.str("name");
      s.input = arguments_of(b.get("input"));
      if (json_tool_ && name == "json") {
        s.type = block_type::json;
        json_used_ = true;
        return s;
      }
      if (name.empty()) return s;
      s.type = block_type::tool;
      s.k = tools_++;
      note_tool(0);
      out_.tool_start(0, s.k, b.str("id"), name);
    } else if (type == "text") {
      s.type = block_type::text;
      if (const string_view t = b.str("text"); !t.empty()) out_.content(0, t);
    } else if (type == "thinking") {
      s.type = block_type::thinking;
      if (const string_view t = b.str("thinking"); !t.empty()) out_.reasoning(0, t);
    }
    return s;
  }

  void input(block& b, string_view text) {
    b.args = true;
    std::string().swap(b.input);
    if (b.type == block_type::json) {
      out_.content(0, text);
    } else {
      out_.tool_args(0, b.k, text);
    }
  }

  void delta(block& b, const json::value* d) {
    if (d == nullptr) return;
    const string_view type = d->str("type");
    const auto text = [&](string_view key) { return d->str(key); };
    if (type == "text_delta" && b.type == block_type::text && !text("text").empty()) {
      out_.content(0, text("text"));
    } else if (type == "thinking_delta" && b.type == block_type::thinking &&
               !text("thinking").empty()) {
      out_.reasoning(0, text("thinking"));
    } else if (type == "input_json_delta" && b.type >= block_type::tool &&
               !text("partial_json").empty()) {
      input(b, text("partial_json"));
    }
    // Signatures, citations, server tools and what is unknown are dropped.
  }

  void stop_block(block& b) {
    if (b.type < block_type::tool || b.args) return;
    const std::string whole = b.input;
    input(b, whole);
  }

  void stop_with(const json::value& d) {
    if (!stopped_) {
      stopped_ = true;
      const string_view reason = words(d.get("stop_reason"));
      const json::value* details = object_at(&d, "stop_details");
      const string_view why = details != nullptr ? details->str("explanation") : string_view();
      if (reason == "refusal" && !why.empty()) out_.refusal(0, why);
      tell_usage();
      finish_with(0, reason);
    } else {
      tell_usage();
    }
  }

  // Counts are cumulative: what is stated replaces what was, null states nothing.
  void note_usage(const json::value* u) {
    if (u != nullptr && u->is_object()) {
      const auto take = [&](string_view key, int64_t& n) {
        const json::value* v = u->get(key);
        if (v != nullptr && !v->is_null()) n = count(v);
      };
      take("input_tokens", input_);
      take("output_tokens", output_);
      take("cache_creation_input_tokens", written_);
      take("cache_read_input_tokens", read_);
      const json::value* details = u->get("output_tokens_details");
      if (details != nullptr && !details->is_null()) {
        thinking_ = count(details->get("thinking_tokens"));
      }
    }
    if (stopped_) tell_usage();
  }

  void tell_usage() {
    if (output_ < 0) return;
    const auto stated = [](int64_t n) { return n < 0 ? int64_t{0} : n; };
    usage u;
    u.prompt = stated(input_) + stated(written_) + stated(read_);
    u.completion = output_;
    u.total = u.prompt + u.completion;
    u.cached = read_;
    u.cache_write = written_;
    u.reasoning = thinking_;
    out_.usage(u);
  }

  std::vector<block> blocks_;
  size_t message_ = 0;  // hash of the message's id
  int64_t input_ = -1, output_ = -1, written_ = -1, read_ = -1, thinking_ = -1;
  int tools_ = 0;
  unsigned generation_ = 0;
  bool stopped_ = false;
  bool json_tool_;
  bool json_used_ = false;
};

}  // namespace

std::unique_ptr<reader> make_anthropic_reader(gate& out, bool json_tool) {
  return std::make_unique<anthropic_reader>(out, json_tool);
}

}  // namespace f0::dialect
