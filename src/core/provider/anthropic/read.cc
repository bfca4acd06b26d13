// Copyright (C) 2026 The f0 authors
//
// read.cc - Anthropic's Messages (anthropic-messages.md 4-7, translate.md 3).

#include <algorithm>
#include <functional>
#include <optional>

#include "../reader_base.h"
#include "../reader_finish.h"

namespace f0::dialect {

namespace {

constexpr size_t most_blocks = 4096;

// The thinking blocks that were not told yet, as they have to go back: unmodified,
// with their signatures.
class thoughts {
 public:
  void text(string_view s) { add(text_, s); }
  void sign(string_view s) { add(signature_, s); }
  void redacted(string_view data) {
    if (data.empty() || too_long_) return;
    json::writer w(next());
    w.begin_object().key("type").string("redacted_thinking");
    w.key("data").string(utf8(data)).end_object();
    too_long_ = json_.size() > chat::kLongestState;
  }

  // A JSON array; empty: there are none, or too much of them.
  std::string take() {
    end();
    std::string out = json_.empty() || too_long_ ? std::string() : json_ + ']';
    *this = {};
    return out;
  }

 private:
  void add(std::string& to, string_view s) {
    const size_t size = json_.size() + text_.size() + signature_.size() + s.size();
    too_long_ = too_long_ || size > chat::kLongestState;
    if (!too_long_) to += s;
  }
  std::string& next() { return json_ += json_.empty() ? '[' : ','; }
  // Without a signature a thought is not taken back.
  void end() {
    if (!signature_.empty()) {
      json::writer w(next());
      w.begin_object().key("type").string("thinking").key("thinking").string(utf8(text_));
      w.key("signature").string(utf8(signature_)).end_object();
    }
    text_.clear();
    signature_.clear();
  }

  std::string json_;  // of the blocks that are over, without the array's end
  std::string text_, signature_;
  bool too_long_ = false;
};

class anthropic_reader final : public reader {
 public:
  anthropic_reader(gate& out, bool json_tool, bool count)
      : reader(out), json_tool_(json_tool), count_(count) {}

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
      delta(find(index(o)), object_at(&o, "delta"));
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
    if (count_) return counted(o);
    if (o.get("content") == nullptr && !truthy(o.get("stop_reason"))) {
      return upstream("malformed_body", "upstream body is no message");
    }
    open(0);
    note_usage(o.get("usage"));
    if (is_failure(finish_of(o.get("stop_reason")))) return stop_with(o);
    whole_blocks(o.get("content"));
    if (truthy(o.get("stop_reason"))) stop_with(o);
    done();
  }

 private:
  // Deltas say themselves what they are; only a tool's input needs its block.
  enum class block_type : uint8_t { other, text, tool, json };

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
    tell_prompt();
    whole_blocks(m->get("content"));
  }

  void whole_blocks(const json::value* list) {
    if (list == nullptr || !list->is_array()) return;
    for (const json::value& b : *list) {
      block state = start_block(b);
      if (out_.ended()) return;
      stop_block(state);
    }
  }

  void start_indexed(const json::value& o) {
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
    keep_thoughts();
    const string_view type = b.str("type");
    if (type == "tool_use") {
      const string_view name = b.str("name");
      s.input = arguments_of(b.get("input"));
      if (!hold(s.input.size())) return s;
      if (json_tool_ && name == "json") {
        s.type = block_type::json;
        return s;
      }
      if (name.empty()) {
        upstream("malformed_event", "upstream sent a tool call without a name");
        return s;
      }
      s.type = block_type::tool;
      s.k = next_call(0);
      if (s.k < 0) return s;
      out_.tool_start(0, s.k, {b.str("id"), name});
    } else if (type == "text") {
      s.type = block_type::text;
      content(0, b.str("text"));
    } else if (type == "thinking") {
      s.type = block_type::text;
      thoughts_.text(b.str("thinking"));
      thoughts_.sign(b.str("signature"));
      reasoning(0, b.str("thinking"));
    } else if (type == "redacted_thinking") {
      thoughts_.redacted(b.str("data"));
    }
    return s;
  }

  void input(block& b, string_view text) {
    b.args = true;
    std::string().swap(b.input);
    if (b.type == block_type::json) {
      content(0, text);
    } else {
      out_.tool_args(0, b.k, text);
    }
  }

  // Citations, server tools and what is unknown are dropped.
  void delta(block* b, const json::value* d) {
    if (d == nullptr) return;
    const string_view type = d->str("type");
    if (type == "text_delta") {
      content(0, d->str("text"));
    } else if (type == "thinking_delta") {
      thoughts_.text(d->str("thinking"));
      reasoning(0, d->str("thinking"));
    } else if (type == "signature_delta") {
      thoughts_.sign(d->str("signature"));
    } else if (type == "input_json_delta") {
      const string_view text = d->str("partial_json");
      if (text.empty()) return;
      if (b == nullptr || b->type == block_type::text) {
        return upstream("malformed_event", "upstream sent tool input outside of a tool block");
      }
      if (b->type >= block_type::tool) input(*b, text);
    }
  }

  void stop_block(block& b) {
    keep_thoughts();
    if (b.type < block_type::tool || b.args) return;
    const std::string whole = b.input;
    input(b, whole);
  }

  // {"input_tokens":N}: usage is all that there is.
  void counted(const json::value& o) {
    const json::value* n = o.get("input_tokens");
    const int64_t tokens = n != nullptr ? n->integer().value_or(-1) : -1;
    if (tokens < 0) return upstream("malformed_body", "upstream body is no count of tokens");
    open(0);
    chat::usage u;
    u.prompt = tokens;
    u.completion = 0;
    out_.usage(u);
    finish_with(0, "end_turn");
    done();
  }

  void stop_with(const json::value& d) {
    tell_usage();
    if (stopped_) return;
    stopped_ = true;
    const std::string reason = finish_of(d.get("stop_reason"));
    const json::value* details = object_at(&d, "stop_details");
    if (reason == "refusal" && details != nullptr) refusal(0, details->str("explanation"));
    constexpr size_t longest = 8192;  // of a client's
    const string_view stop = reason == "stop_sequence" ? d.str("stop_sequence") : string_view();
    finish_with(0, reason, stop.size() <= longest ? stop : string_view());
  }

  // Counts are cumulative: what is stated replaces what was.  Null, what is no
  // count, and a zero after a count state nothing.
  void note_usage(const json::value* u) {
    if (u != nullptr && u->is_object()) {
      const auto take = [](int64_t n, int64_t& to) {
        if (n > 0 || (n == 0 && to <= 0)) to = n;
      };
      take(count(u->get("input_tokens")), input_);
      take(count(u->get("output_tokens")), output_);
      take(written(*u), written_);
      take(count(u->get("cache_read_input_tokens")), read_);
      const json::value* details = object_at(u, "output_tokens_details");
      if (details != nullptr) take(count(details->get("thinking_tokens")), thinking_);
    }
    if (stopped_) tell_usage();
  }

  // What was written to the cache, or the sum of what is split by its lifetime.
  static int64_t written(const json::value& u) {
    int64_t sum = -1;
    if (const json::value* split = object_at(&u, "cache_creation")) {
      for (const json::member* m : split->unique_members()) {
        sum = std::max<int64_t>(sum, 0) + std::max<int64_t>(count(&m->val), 0);
      }
    }
    const int64_t whole = count(u.get("cache_creation_input_tokens"));
    return whole > 0 ? whole : std::max(whole, sum);
  }

  usage prompt_usage() const {
    const auto stated = [](int64_t n) { return n < 0 ? int64_t{0} : n; };
    usage u;
    u.prompt = stated(input_) + stated(written_) + stated(read_);
    u.cached = read_;
    u.cache_write = written_;
    return u;
  }

  // Known before the first word, and paid for whatever becomes of the answer.
  // The output that a message begins with is a placeholder.
  void tell_prompt() {
    if (input_ >= 0) out_.usage(prompt_usage());
  }

  void tell_usage() {
    if (output_ < 0) return;
    usage u = prompt_usage();
    u.completion = output_;
    u.total = u.prompt + u.completion;
    u.reasoning = thinking_;
    out_.usage(u);
  }

  // What was thought before a call goes back with it.  Told when a block is over:
  // a client's own block may be waiting for it.
  void keep_thoughts() {
    const std::string json = thoughts_.take();
    if (!json.empty()) out_.keep(0, calls(0), state::thinking, json);
  }

  std::vector<block> blocks_;
  size_t message_ = 0;  // hash of the message's id
  int64_t input_ = -1, output_ = -1, written_ = -1, read_ = -1, thinking_ = -1;
  thoughts thoughts_;
  bool stopped_ = false;
  bool json_tool_, count_;
};

}  // namespace

std::unique_ptr<reader> make_anthropic_reader(gate& out, bool json_tool, bool count) {
  return std::make_unique<anthropic_reader>(out, json_tool, count);
}

}  // namespace f0::dialect
