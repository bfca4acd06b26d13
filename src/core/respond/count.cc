// Copyright (C) 2026 The f0 authors

#include "count.h"

#include <string>
#include <utility>

#include "../front/messages/messages.h"

namespace f0 {
namespace {

// The request goes up as it came.  Another provider would count otherwise, so
// that none is asked in its place.
class counter final : public responder {
 public:
  using responder::responder;

  void start() override {
    call_plan plan;
    plan.last = true;
    turn_.call_model(plan);
  }
  bool raw() const override { return true; }
  bool may_restart() const override { return false; }
  void on(const chat::event&) override {}
  void call_done() override {
    std::string body;
    front::append_count(body, call_usage().prompt);
    turn_.respond(std::move(body));
  }
};

}  // namespace

std::unique_ptr<responder> make_counter(turn_services& t) { return std::make_unique<counter>(t); }

}  // namespace f0
