// Copyright (C) 2026 The f0 authors
//
// front.h - what clients speak: one folder and one row of a table for each API.
// A front reads a request into the neutral words of chat/ and writes events, a
// body and errors in its own form.  It knows of no provider.

#ifndef F0_CORE_FRONT_FRONT_H_
#define F0_CORE_FRONT_FRONT_H_

#include <memory>
#include <string>
#include <string_view>

#include "../base/budget.h"
#include "../chat/envelope.h"
#include "../chat/event.h"
#include "../chat/failure.h"
#include "../chat/request.h"

namespace f0::front {

// As f0_front_t.
enum class id : uint8_t { chat, messages, count_tokens, responses, completions, fim };

// What all that is written of one turn shares.
struct identity {
  std::string id;  // the turn's, unique: each API puts its own prefix before it
  int64_t created = 0;
  std::string model;  // the client's word for it
};

// Writes whole events of a stream to |out| (given at each call: a worker's
// buffer).  One that waits is cheap: an idle stream holds little more than this.
// What it has to hold back, it charges to the turn's budget.
class stream_writer {
 public:
  virtual ~stream_writer() = default;

  // Nothing is written before the first of these calls, and nothing comes behind
  // done() or error().  A call has an id.
  virtual void on(std::string& out, const chat::event& e) = 0;
  // The fast lane (chat/event.h); it may be asked at any time.
  virtual size_t content_run(std::string& out, const string_view* json, size_t n) {
    (void) out, (void) json, (void) n;
    return 0;
  }
  // An agent's event: an object; |event| is its name, or empty (agents.md 2.4).
  virtual void extension(std::string& out, string_view object, string_view event) = 0;
  // The client has heard nothing for a while.  |long_silence|: nor anything that
  // clients count that take no comment for a sign of life.
  virtual void stay_awake(std::string& out, bool long_silence) = 0;
  // The good end.  |u|: what is known of it.
  virtual void done(std::string& out, const chat::usage& u) = 0;
  // The end by a failure: what is open stays open.
  virtual void error(std::string& out, const chat::api_error& t) = 0;

  // Whether text is open as block |index| of the answer and nothing waits: a stream
  // whose events were passed on may then go on in this writer's words.
  virtual bool is_in_text(int64_t index) const {
    (void) index;
    return false;
  }

  void comment(std::string& out, string_view text) { out.append(": ").append(text).append("\n\n"); }
  // Events written so far that a client counts.
  unsigned chunks() const { return chunks_; }
  // There was no memory for something that had to wait: the turn fails.
  bool over_limit() const { return over_limit_; }

 protected:
  unsigned chunks_ = 0;
  bool over_limit_ = false;
};

// Collects a whole answer.
class body_writer {
 public:
  virtual ~body_writer() = default;

  virtual bool on(const chat::event& e) = 0;  // false: over the turn's memory
  // Forgets all of it: another provider is asked.
  virtual void restart() = 0;
  virtual void usage(const chat::usage& u) = 0;
  // An agent's account of the turn, as JSON, for fronts that have room for it.
  virtual void extension(string_view object) = 0;
  virtual void write(std::string& out) const = 0;  // may run in a thread
};

// What a front's writers are made of; they copy what they keep.
struct writer_options {
  const identity& who;
  const chat::request& request;
  int64_t prompt_tokens;  // an estimate of what is sent, never 0
  budget& memory;
  // What the provider wants back, for the client to carry: add() each event of a
  // call, extra and keep, and take() one when a reasoning block or item is closed.
  // The close waits for the next event that is no keep; what is waiting() before a
  // call, or at the end, gets a reasoning block or item of its own, without words.
  // Outlives the writer.
  chat::envelopes* envelopes = nullptr;
};

struct row {
  string_view name;  // for logs and variables
  // Validates |root| and fills |out|, whose views point into |root|'s document.
  // False: |bad| says why.
  bool (*read)(const json::value& root, chat::request& out, chat::bad_request& bad);
  std::unique_ptr<stream_writer> (*stream)(const writer_options& o);
  std::unique_ptr<body_writer> (*body)(const writer_options& o);
  // An error's body; |turn|: the turn's id.
  void (*error)(std::string& out, const chat::api_error& t, string_view turn);
};
const row& row_of(id f);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_FRONT_H_
