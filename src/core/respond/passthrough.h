// Copyright (C) 2026 The f0 authors
//
// passthrough.h - a responder whose operations reach the client as they come.

#ifndef F0_CORE_RESPOND_PASSTHROUGH_H_
#define F0_CORE_RESPOND_PASSTHROUGH_H_

#include <string>

#include "responder.h"

namespace f0 {

// One call of the model answers the turn.  Runs of content are left to those
// that can take them.
class passthrough : public responder {
 public:
  using responder::responder;

  // The request goes up with the client's own messages.
  void start() override {
    call_plan plan;
    plan.last = true;
    turn_.call_model(plan);
  }

  // A whole answer is sent at its end: what was said of it can be taken back.
  bool may_restart() const override {
    return !turn_.outlet().streams() || !turn_.outlet().useful();
  }

  bool tells_text() const override { return true; }

  void call_done() override { turn_.finish(); }

  void on(const chat::event& e) override { tell(e); }
};

}  // namespace f0

#endif  // F0_CORE_RESPOND_PASSTHROUGH_H_
