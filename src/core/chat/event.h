// Copyright (C) 2026 The f0 authors
//
// event.h - what a model did, one thing after the other: the one currency
// between providers, who tells of it, and what clients read.

#ifndef F0_CORE_CHAT_EVENT_H_
#define F0_CORE_CHAT_EVENT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "../base/budget.h"
#include "failure.h"

namespace f0::chat {

enum class finish : uint8_t { none, stop, length, tool_calls, content_filter };
string_view finish_word(finish f);  // OpenAI's word; "" for none

// Token counts; -1: not stated.
struct usage {
  int64_t prompt = -1, completion = -1, total = -1;
  int64_t cached = -1, cache_write = -1, reasoning = -1;
  bool any() const { return prompt >= 0 || completion >= 0 || total >= 0; }
  bool complete() const { return prompt >= 0 && completion >= 0 && total >= 0; }
};

// How a provider's answer ended.
enum class terminal : uint8_t { done, eof_after_finish, error, truncated };

// What a provider wants back in the next request (translate.md 11), as JSON.
enum class state : uint8_t {
  extra,     // extra_content of a tool call, an object
  details,   // reasoning_details of a message, an array
  thinking,  // Anthropic's thinking blocks before a call, an array
  reasoning  // Responses' encrypted reasoning items before a call, an array
};
// A longer one is not kept: no envelope has room for it (envelope.h).
constexpr size_t kLongestState = 192 << 10;
// Under which it is kept.
constexpr char letter(state s) { return "xdtr"[static_cast<size_t>(s)]; }

// Texts are valid UTF-8, never cut inside a character, valid during the call
// only.  Calls are numbered 0, 1, ... within their choice.
struct event {
  enum class kind : uint8_t {
    role,       // the choice begins
    content,    // text
    reasoning,  // text
    refusal,    // text
    arguments,  // text, of call
    call,       // a tool call begins: id (empty: make one up), name, custom; json: its
                // extra_content, an object, or empty
    extra,      // json: extra_content that came after the call's beginning
    details,    // text, perhaps empty, with json: the reasoning_details that say the same,
                // an array that is not empty
    image,      // text: its URL
    keep,       // json: of, once it is whole; belongs to call, which may begin only later,
                // or to the choice's message (-1: it has no calls).  Several before one
                // call belong together; details are the whole list so far, joined
    finish      // why; text: the provider's own word; name: the client's stop sequence that
                // ended it, if that is known
  };

  kind type;
  bool custom = false;        // call: its arguments are any text, not JSON
  state of = state::extra;    // keep
  finish why = finish::none;  // finish
  int choice = 0;
  int number = 0;  // of the call
  string_view text = {}, json = {};
  string_view id = {}, name = {};  // call
};

// An event that waits: it owns its texts.
class kept_event {
 public:
  explicit kept_event(const event& e);
  kept_event(const kept_event&) = delete;
  kept_event& operator=(const kept_event&) = delete;

  // Valid as long as this.
  const event& get() const { return event_; }
  // Bytes that it takes, itself included.
  size_t cost() const { return sizeof *this + 32 + texts_.size(); }

 private:
  std::string texts_;
  event event_;
};

// Receives what one model call gives, in order.  After end() nothing follows;
// error() comes right before end(error or truncated).
class sink {
 public:
  virtual ~sink() = default;

  virtual void on(const event& e) = 0;
  virtual void usage(const chat::usage& u) = 0;  // cumulative: the last one counts
  virtual void error(const failure& f) = 0;
  virtual void end(terminal how) = 0;

  // The fast lane (../provider/template.h): |n| > 0 content events of choice 0, in
  // order, as their still escaped texts, free of anything but plain characters and
  // the escapes \n \t \r \" \\, valid UTF-8, so that they can be copied into chunks
  // as they are.  How many were taken; the next one comes to on() then.
  virtual size_t content_run(const string_view* json, size_t n) {
    (void) json, (void) n;
    return 0;
  }
};

}  // namespace f0::chat

#endif  // F0_CORE_CHAT_EVENT_H_
