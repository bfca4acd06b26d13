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

  // A whole answer is sent at its end: what was said of it can be taken back.
  bool may_restart() const override {
    return !turn_.client().streams() || !turn_.client().useful();
  }

  void call_done() override { turn_.finish(); }

  void role(int choice) override { turn_.client().role(choice); }
  void content(int choice, string_view text) override { turn_.client().content(choice, text); }
  void reasoning(int choice, string_view text) override { turn_.client().reasoning(choice, text); }
  void refusal(int choice, string_view text) override { turn_.client().refusal(choice, text); }

  void tool_start(int choice, int k, string_view id, string_view name) override {
    tool_id_ = turn_.client().tool_start(choice, k, id, name);
  }

  void tool_args(int choice, int k, string_view text) override {
    turn_.client().tool_args(choice, k, text);
  }

  // Comes behind the call that it belongs to.
  void tool_signature(int, int, string_view signature) override {
    turn_.keep_signature(tool_id_, signature);
  }

  void finish(int choice, dialect::finish f, string_view) override {
    turn_.client().finish(choice, f);
  }

 private:
  std::string tool_id_;  // of the call that began last
};

}  // namespace f0

#endif  // F0_CORE_AGENT_FORWARDING_H_
