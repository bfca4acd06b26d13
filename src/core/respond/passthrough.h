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

  void call_done() override { turn_.finish(); }

  void role(int choice) override { turn_.outlet().role(choice); }
  void content(int choice, string_view text) override { turn_.outlet().content(choice, text); }
  void reasoning(int choice, string_view text) override { turn_.outlet().reasoning(choice, text); }
  void refusal(int choice, string_view text) override { turn_.outlet().refusal(choice, text); }

  void reasoning_details(int choice, string_view text, string_view json) override {
    turn_.outlet().reasoning_details(choice, text, json);
  }
  void image(int choice, string_view url) override { turn_.outlet().image(choice, url); }

  void tool_start(int choice, int k, const chat::tool_head& head) override {
    note_call(choice, k, turn_.outlet().tool_start(choice, k, head), head);
  }
  void tool_args(int choice, int k, string_view text) override {
    turn_.outlet().tool_args(choice, k, text);
  }
  void tool_extra(int choice, int k, string_view json) override {
    turn_.outlet().tool_extra(choice, k, json);
    keep_state(choice, k, chat::state::extra, json);
  }
  void keep(int choice, int k, chat::state what, string_view json) override {
    if (what == chat::state::details) turn_.outlet().details(choice, json);
    keep_state(choice, k, what, json);
  }

  void finish(int choice, chat::finish f, string_view) override {
    turn_.outlet().finish(choice, f);
  }
};

}  // namespace f0

#endif  // F0_CORE_RESPOND_PASSTHROUGH_H_
