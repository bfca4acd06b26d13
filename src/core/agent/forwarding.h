// Copyright (C) 2026 The f0 authors
//
// forwarding.h - a backend whose operations reach the client as they come.

#ifndef F0_CORE_AGENT_FORWARDING_H_
#define F0_CORE_AGENT_FORWARDING_H_

#include <string>

#include "backend.h"

namespace f0 {

// One call of the model answers the turn.  Runs of content are left to those
// that can take them.
class forwarding : public backend {
 public:
  using backend::backend;

  // The request goes up with the client's own messages.
  void start() override {
    call_plan plan;
    plan.last = true;
    turn_.call_model(plan);
  }

  // A whole answer is sent at its end: what was said of it can be taken back.
  bool may_restart() const override {
    return !turn_.client().streams() || !turn_.client().useful();
  }

  void call_done() override { turn_.finish(); }

  void role(int choice) override { turn_.client().role(choice); }
  void content(int choice, string_view text) override { turn_.client().content(choice, text); }
  void reasoning(int choice, string_view text) override { turn_.client().reasoning(choice, text); }
  void refusal(int choice, string_view text) override { turn_.client().refusal(choice, text); }

  void reasoning_details(int choice, string_view text, string_view json) override {
    turn_.client().reasoning_details(choice, text, json);
  }
  void image(int choice, string_view url) override { turn_.client().image(choice, url); }

  void tool_start(int choice, int k, const dialect::tool_head& head) override {
    note_call(choice, k, turn_.client().tool_start(choice, k, head), head);
  }
  void tool_args(int choice, int k, string_view text) override {
    turn_.client().tool_args(choice, k, text);
  }
  void tool_extra(int choice, int k, string_view json) override {
    turn_.client().tool_extra(choice, k, json);
    keep_state(choice, k, dialect::state::extra, json);
  }
  void keep(int choice, int k, dialect::state what, string_view json) override {
    if (what == dialect::state::details) turn_.client().details(choice, json);
    keep_state(choice, k, what, json);
  }

  void finish(int choice, dialect::finish f, string_view) override {
    turn_.client().finish(choice, f);
  }
};

}  // namespace f0

#endif  // F0_CORE_AGENT_FORWARDING_H_
