// Copyright (C) 2026 The f0 authors

#include "count.h"

#include <string>
#include <utility>

#include "../front/messages/messages.h"

namespace f0 {
namespace {

// The request goes up as it came.  Another provider would count otherwise, so
// that none is asked in its place.  Servers that speak like Anthropic may not count
// at all: f0's estimate stands in for them.
class counter final : public responder {
 public:
  counter(turn_services& t, int64_t estimate) : responder(t), estimate_(estimate) {}

  void start() override {
    call_plan plan;
    plan.last = true;
    turn_.call_model(plan);
  }
  bool raw() const override { return true; }
  bool may_restart() const override { return false; }
  void on(const chat::event&) override {}
  void call_done() override { tell_count(call_usage().prompt); }
  void call_failed(const chat::failure& f) override {
    const bool counts = f.code != kNoCount && f.status != 404 && f.status != 405 && f.status != 501;
    if (counts) return turn_.fail(f);
    tell_count(estimate_);
  }

 private:
  // The reader's word for a body that is something else.
  static constexpr string_view kNoCount = "malformed_body";

  void tell_count(int64_t tokens) {
    std::string body;
    front::append_count(body, tokens);
    turn_.respond(std::move(body));
  }

  int64_t estimate_;
};

}  // namespace

std::unique_ptr<responder> make_counter(turn_services& t, int64_t estimate) {
  return std::make_unique<counter>(t, estimate);
}

}  // namespace f0
