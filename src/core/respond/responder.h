// Copyright (C) 2026 The f0 authors
//
// responder.h - what runs a turn: it asks for model calls, hears what the models
// say, and speaks to the client.  One object per turn, chosen by the model's
// mode.

#ifndef F0_CORE_RESPOND_RESPONDER_H_
#define F0_CORE_RESPOND_RESPONDER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"
#include "../chat/event.h"
#include "../chat/failure.h"
#include "../chat/request.h"
#include "../config.h"
#include "../turn/outlet.h"

namespace f0 {

// A pure function of data that it owns: run() may be called in another thread.
class work {
 public:
  virtual ~work() = default;
  virtual void run() noexcept = 0;
};

// One model call as a responder wants it.
struct call_plan {
  // What is sent; nullptr: the request's own messages, as they came.  Borrowed
  // until the call is over.
  const std::vector<chat::message>* messages = nullptr;
  bool client_tools = true;  // the client's tools are offered
  bool last = false;         // the request itself is not needed any more afterwards
};

// What the turn offers its responder.  Of call_model, wait, run_work and
// wait_for_room one may be pending at a time; each is answered by one of the
// responder's functions below.
class turn_services {
 public:
  virtual ~turn_services() = default;

  virtual const chat::request& request() const = 0;
  virtual const f0::model& model() const = 0;
  // The try line that is (or will be) asked, and what its provider speaks.
  virtual const f0::attempt& attempt() const = 0;
  virtual dialect::id dialect() const = 0;
  // What the client speaks, and its turn.
  virtual front::id front() const = 0;
  virtual front::identity identity() const = 0;
  virtual f0::outlet& outlet() = 0;
  virtual budget& memory() = 0;
  // The turn is over, whatever a work still does: long ones look here.
  virtual bool stopped() const = 0;
  virtual unsigned calls() const = 0;  // model calls so far, failed ones included

  virtual void call_model(const call_plan& plan) = 0;
  virtual void wait(int64_t ms) = 0;
  // May be asked for while a call runs: no operation of it is told until
  // work_over().
  virtual void run_work(std::unique_ptr<work> w) = 0;
  // The client has so much to read that a responder with more to say waits for
  // room, and no operation of a running call is told until room().
  virtual bool crowded() const = 0;
  virtual void wait_for_room() = 0;

  // The turn is over.  The finish chunk is the responder's to write before.
  virtual void finish() = 0;
  // The turn is over and its whole answer is |body|, as it is.
  virtual void respond(std::string body) = 0;
  // The provider's own answer to a call that failed: |t| has its status and
  // headers.
  virtual void pass_failure(const chat::api_error& t, std::string body) = 0;
  // What |f| is to the client, if f0 says it.
  virtual chat::api_error told(const chat::failure& f) const = 0;
  virtual bool has_secret(string_view s) const = 0;
  virtual void fail(const chat::failure& f) = 0;  // told by translate.md 6
  virtual void fail(const chat::api_error& t) = 0;

  // Keeps what this call's provider wants back, for later requests with the tool
  // call that the client knows as |id|.
  virtual void keep_state(string_view id, string_view name, chat::state what, string_view json) = 0;

  // For the variables.
  virtual void count_patch() = 0;
  virtual void set_mode(string_view word) = 0;  // a literal
};

class responder : public chat::sink {
 public:
  explicit responder(turn_services& t) : turn_(t) {}

  // The request is complete.
  virtual void start() = 0;
  // Before that: it waits for others.  False: it has no way of its own to tell it.
  virtual bool queued(unsigned position, unsigned of) {
    (void) position, (void) of;
    return false;
  }
  // The call that was asked for is over and was complete; its operations, the
  // sink's functions, were told before.
  virtual void call_done() = 0;
  // It failed, and no other provider can be asked.
  virtual void call_failed(const chat::failure& f) { turn_.fail(f); }
  // It failed before it said anything, and the next provider is being asked.
  virtual void call_restarts() { turn_.outlet().restart(); }
  // What it said may be gone on with by another provider: ever, and right now.
  virtual bool tells_text() const { return false; }
  virtual bool may_go_on() const { return tells_text(); }
  // Somebody would.
  virtual void watch() {}
  // It was broken off, and another one is being asked to go on.
  virtual void call_goes_on() {}
  // Bytes of the provider have come: what it says of them follows.
  virtual void begin_input() {}
  virtual void wait_over() {}
  virtual void work_over(work& w) { (void) w; }
  virtual void room() {}

  // The running call is the turn's last one, and no other provider will be asked
  // in its place: neither turn_.request() nor the plan's messages are there any
  // more.
  virtual void call_is_last() {}

  // A lane: its request goes up as it came, and it is given the answer's bytes, a
  // good one's behind the operations that they held.  The last |unframed| bytes so
  // far are no events but a body, or may become one.
  virtual bool raw() const { return false; }
  virtual void raw_head(int status, bool labelled_body) {
    (void) status;
    (void) labelled_body;
  }
  virtual void raw_bytes(string_view bytes, size_t unframed) {
    (void) bytes;
    (void) unframed;
  }
  // The answer was one body: its operations follow.
  virtual void raw_body() {}

  // It asks for works while a call runs.
  virtual bool defers() const { return false; }

  // Nothing said by the running call would have to be taken back if another
  // provider were asked instead.
  virtual bool may_restart() const { return !turn_.outlet().useful(); }

  // The turn sums usage up and watches the ends.
  void usage(const chat::usage& u) final { usage_ = u; }
  void error(const chat::failure& f) override { failure_ = std::make_unique<chat::failure>(f); }
  void end(chat::terminal) final {}

  // Of the call that runs or has just ended.
  void begin_call() {
    usage_ = {};
    failure_.reset();
    calls_told_.clear();
    early_.clear();
  }
  const chat::usage& call_usage() const { return usage_; }
  std::unique_ptr<chat::failure> take_failure() { return std::move(failure_); }

 protected:
  // The client hears it, and what its provider wants back is kept.
  void tell(const chat::event& e);

  turn_services& turn_;

 private:
  struct call_told {
    int choice, number;
    std::string id, name;
  };
  // A state of a call that has not begun.
  struct early_state {
    int choice, number;
    chat::state of;
    std::string json;
  };
  void keep_state(const chat::event& e, chat::state of);
  void keep_early(const chat::event& e);

  std::vector<call_told> calls_told_;
  std::vector<early_state> early_;
  chat::usage usage_;
  std::unique_ptr<chat::failure> failure_;
};

namespace agent {
struct decision;
}

// The responder for the turn's model and request, of which |d| says what it wants
// (agent/agent.h).
std::unique_ptr<responder> make_responder(turn_services& t, std::shared_ptr<agent::decision> d);

}  // namespace f0

#endif  // F0_CORE_RESPOND_RESPONDER_H_
