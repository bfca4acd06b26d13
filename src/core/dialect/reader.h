// Copyright (C) 2026 The f0 authors
//
// reader.h - what providers say, as one canonical series of operations.

#ifndef F0_CORE_DIALECT_READER_H_
#define F0_CORE_DIALECT_READER_H_

#include <cstdint>
#include <string_view>

#include "../api/error.h"
#include "../base.h"

namespace f0::dialect {

enum class id : uint8_t { openai, anthropic, gemini, ollama };

enum class finish : uint8_t { none, stop, length, tool_calls, content_filter };
string_view finish_word(finish f);  // OpenAI's word; "" for none

// Token counts; -1: not stated.
struct usage {
  int64_t prompt = -1, completion = -1, total = -1;
  int64_t cached = -1, cache_write = -1, reasoning = -1;
  bool any() const { return prompt >= 0 || completion >= 0 || total >= 0; }
  bool complete() const { return prompt >= 0 && completion >= 0 && total >= 0; }
};

enum class terminal : uint8_t { done, eof_after_finish, error, truncated };

// Receives the operations of one model call, in order.  Texts are valid UTF-8,
// never cut inside a character, valid during the call only.  After end()
// nothing follows; error() comes right before end(error or truncated).
class sink {
 public:
  virtual ~sink() = default;

  virtual void role(int choice) = 0;  // the choice begins
  virtual void content(int choice, string_view text) = 0;
  virtual void reasoning(int choice, string_view text) = 0;
  virtual void refusal(int choice, string_view text) = 0;
  // Calls are numbered 0, 1, ... within the choice; |id| may be empty: make one up.
  virtual void tool_start(int choice, int k, string_view id, string_view name) = 0;
  virtual void tool_args(int choice, int k, string_view json_text) = 0;
  // Gemini's thoughtSignature of call |k|, opaque.
  virtual void tool_signature(int choice, int k, string_view signature) = 0;
  virtual void usage(const dialect::usage& u) = 0;  // cumulative: the last one counts
  virtual void finish(int choice, dialect::finish f, string_view native) = 0;
  virtual void error(const api::failure& f) = 0;
  virtual void end(terminal how) = 0;

  // The fast lane (template.h): |json| is the still escaped text of a content
  // delta of choice 0, free of anything but plain characters and the escapes
  // \n \t \r \" \\, valid UTF-8, so that it can be copied into a chunk as it
  // is.  A sink that wants decoded text answers false each time.
  virtual bool content_escaped(string_view json) {
    (void) json;
    return false;
  }
  // The same for |n| > 0 such deltas at once, in order.  How many were taken; the
  // next one comes as content() then.
  virtual size_t content_run(const string_view* json, size_t n) {
    size_t taken = 0;
    while (taken < n && content_escaped(json[taken])) ++taken;
    return taken;
  }
};

}  // namespace f0::dialect

#endif  // F0_CORE_DIALECT_READER_H_
