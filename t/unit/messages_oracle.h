// Copyright (C) 2026 The f0 authors
//
// messages_oracle.h - a strict reader of a Messages stream: what f0 may write, and
// what a client has in the end.

#ifndef F0_UNIT_MESSAGES_ORACLE_H_
#define F0_UNIT_MESSAGES_ORACLE_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/json.h"

namespace messages_oracle {

using f0::json::value;
using std::string_view;

struct block {
  std::string type, id, name, text, signature;
  bool closed = false;
};

class reading {
 public:
  // |whole|: the stream is at its end, which must be there.
  explicit reading(string_view stream, bool whole = true) {
    while (!stream.empty() && wrong.empty()) {
      const size_t end = stream.find("\n\n");
      if (end == string_view::npos) {
        bad("an event without an end");
        return;
      }
      event(stream.substr(0, end));
      stream.remove_prefix(end + 2);
    }
    if (whole && wrong.empty() && !over) bad("no end");
  }

  std::string wrong;  // empty: nothing is
  std::vector<block> blocks;
  bool started = false, over = false;
  bool open = false;  // the last block is
  std::string error_type, error_message, stop, sequence, id, model;
  int64_t input = -1, output = -1, cached = -1, written = -1, estimate = -1;
  unsigned events = 0, pings = 0, empty_deltas = 0, comments = 0;

  // What a client makes of it.
  std::string told() const {
    std::string out;
    for (const block& b : blocks) {
      out += b.type + "(" + (b.type == "tool_use" ? b.id + " " + b.name + " " : "") + b.text + ")" +
             (b.closed ? "" : "...") + " ";
    }
    if (!error_type.empty()) return out + "error " + error_type + ": " + error_message;
    return out + stop + (sequence.empty() ? "" : " " + sequence);
  }

 private:
  void bad(std::string what) {
    if (wrong.empty()) wrong = std::move(what);
  }

  // The members of |o| are just these; those with a '?' may be absent.
  void members(const value* o, std::initializer_list<const char*> names, const char* where) {
    if (o == nullptr || !o->is_object()) return bad(std::string(where) + ": no object");
    size_t known = 0;
    for (string_view name : names) {
      const bool optional = name.back() == '?';
      if (optional) name.remove_suffix(1);
      if (o->get(name) != nullptr) {
        known++;
      } else if (!optional) {
        bad(std::string(where) + ": no " + std::string(name));
      }
    }
    if (known != o->size()) bad(std::string(where) + ": members of no meaning");
  }

  static int64_t number(const value* o, string_view key) {
    const value* v = o ? o->get(key) : nullptr;
    return v ? v->integer().value_or(-2) : -1;
  }
  static const value* get(const value* o, string_view key) { return o ? o->get(key) : nullptr; }
  static bool is_null(const value* o, string_view key) {
    const value* v = get(o, key);
    return v != nullptr && v->is_null();
  }

  void event(string_view text) {
    if (text.starts_with(": ")) {
      if (text.find('\n') != string_view::npos) bad("a comment of two lines");
      comments++;
      return;
    }
    if (over) return bad("something behind the end: " + std::string(text));
    const size_t line = text.find('\n');
    if (!text.starts_with("event: ") || line == string_view::npos ||
        text.substr(line, 7) != "\ndata: " || text.find('\n', line + 1) != string_view::npos) {
      return bad("not the two lines of an event: " + std::string(text));
    }
    const string_view name = text.substr(7, line - 7);
    f0::json::document doc;
    const value* o = doc.parse(text.substr(line + 7));
    if (o == nullptr || !o->is_object()) return bad("data that is no object: " + std::string(text));
    if (o->str("type") != name) return bad("an event of another type: " + std::string(text));
    events++;
    take(name, *o);
  }

  void take(string_view name, const value& o) {
    if (name == "error") return failure(o);
    if (name == "message_start") return start(o);
    if (!started) return bad(std::string(name) + " before message_start");
    if (name == "ping") {
      pings++;
      return members(&o, {"type"}, "ping");
    }
    if (name == "message_stop") {
      members(&o, {"type"}, "message_stop");
      if (stop.empty()) bad("message_stop without message_delta");
      over = true;
      return;
    }
    if (!stop.empty()) return bad(std::string(name) + " behind message_delta");
    if (name == "content_block_start") return block_start(o);
    if (name == "content_block_delta") return block_delta(o);
    if (name == "content_block_stop") return block_stop(o);
    if (name == "message_delta") return message_delta(o);
    bad("an unknown event: " + std::string(name));
  }

  void failure(const value& o) {
    members(&o, {"type", "error", "request_id?"}, "error");
    const value* e = o.get("error");
    members(e, {"type", "message", "details?"}, "error.error");
    if (!stop.empty()) bad("error behind message_delta");
    error_type = e ? e->str("type") : "";
    error_message = e ? e->str("message") : "";
    if (error_type.empty()) bad("an error without a type");
    over = true;
  }

  void start(const value& o) {
    if (started) return bad("a second message_start");
    started = true;
    members(&o, {"type", "message"}, "message_start");
    const value* m = o.get("message");
    members(m, {"id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"},
            "message");
    if (!wrong.empty()) return;
    id = m->str("id");
    model = m->str("model");
    if (!id.starts_with("msg_") || m->str("type") != "message" || m->str("role") != "assistant" ||
        !is_null(m, "stop_reason") || !is_null(m, "stop_sequence") ||
        !m->get("content")->is_array() || m->get("content")->size() != 0) {
      bad("message_start is not as it must be");
    }
    members(m->get("usage"), {"input_tokens", "output_tokens"}, "message.usage");
    estimate = number(m->get("usage"), "input_tokens");
    if (estimate <= 0) bad("an estimate of nothing");
  }

  void index(const value& o, size_t want) {
    if (number(&o, "index") != static_cast<int64_t>(want)) bad("a wrong index");
  }

  void block_start(const value& o) {
    members(&o, {"type", "index", "content_block"}, "content_block_start");
    index(o, blocks.size());
    if (open) bad("a block within a block");
    open = true;
    const value* b = o.get("content_block");
    block made;
    made.type = b ? b->str("type") : "";
    if (made.type == "text") {
      members(b, {"type", "text"}, "text");
    } else if (made.type == "thinking") {
      members(b, {"type", "thinking", "signature"}, "thinking");
    } else if (made.type == "tool_use") {
      members(b, {"type", "id", "name", "input"}, "tool_use");
      made.id = b->str("id");
      made.name = b->str("name");
      const value* input = b->get("input");
      if (made.id.empty() || made.name.empty() || !input->is_object() || input->size() != 0) {
        bad("a tool_use without its members");
      }
      for (const block& other : blocks) {
        if (other.type == "tool_use" && other.id == made.id) bad("an id twice");
      }
    } else {
      bad("a block of no type");
    }
    for (const char* key : {"text", "thinking", "signature"}) {
      const value* v = b ? b->get(key) : nullptr;
      if (v && (!v->is_string() || !v->text().empty())) bad("a block that begins with words");
    }
    blocks.push_back(std::move(made));
  }

  void block_delta(const value& o) {
    members(&o, {"type", "index", "delta"}, "content_block_delta");
    if (!open) return bad("a delta outside of blocks");
    index(o, blocks.size() - 1);
    block& b = blocks.back();
    const value* d = o.get("delta");
    const string_view type = d ? d->str("type") : string_view();
    const char* key = type == "text_delta"         ? "text"
                      : type == "thinking_delta"   ? "thinking"
                      : type == "signature_delta"  ? "signature"
                      : type == "input_json_delta" ? "partial_json"
                                                   : nullptr;
    if (key == nullptr) return bad("a delta of no type");
    members(d, {"type", key}, "delta");
    const string_view want = type == "signature_delta" || type == "thinking_delta" ? "thinking"
                             : type == "text_delta"                                ? "text"
                                                                                   : "tool_use";
    if (b.type != want) return bad("a delta of another block's");
    if (!d->get(key)->is_string()) return bad("a delta without text");
    const string_view text = d->get(key)->text();
    if (!b.signature.empty()) return bad("more thoughts behind the signature");
    if (type == "signature_delta") {
      b.signature = text;
      if (!text.starts_with("f0.")) bad("a signature that is not f0's");
      return;
    }
    if (text.empty()) empty_deltas++;
    b.text += text;
  }

  void block_stop(const value& o) {
    members(&o, {"type", "index"}, "content_block_stop");
    if (!open) return bad("the end of no block");
    index(o, blocks.size() - 1);
    block& b = blocks.back();
    if (b.type == "text" && b.text.empty()) bad("an empty text block");
    if (b.type == "thinking" && b.signature.empty()) bad("thoughts without a signature");
    b.closed = true;
    open = false;
  }

  void message_delta(const value& o) {
    members(&o, {"type", "delta", "usage"}, "message_delta");
    if (open) bad("message_delta in an open block");
    const value* d = o.get("delta");
    members(d, {"stop_reason", "stop_sequence"}, "delta");
    const value* u = o.get("usage");
    members(u,
            {"input_tokens", "output_tokens", "cache_read_input_tokens?",
             "cache_creation_input_tokens?"},
            "usage");
    if (!wrong.empty()) return;
    stop = d->str("stop_reason");
    sequence = d->str("stop_sequence");
    bool known = false;
    for (const char* word : {"end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal"}) {
      known |= stop == word;
    }
    if (!known) bad("a stop_reason of no meaning");
    if ((stop == "stop_sequence") == sequence.empty()) bad("stop_sequence and its reason differ");
    input = number(u, "input_tokens");
    output = number(u, "output_tokens");
    cached = number(u, "cache_read_input_tokens");
    written = number(u, "cache_creation_input_tokens");
    if (input < 0 || output < 0) bad("usage without numbers");
  }
};

}  // namespace messages_oracle

#endif  // F0_UNIT_MESSAGES_ORACLE_H_
