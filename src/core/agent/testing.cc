// Copyright (C) 2026 The f0 authors

#include "testing.h"

#ifdef F0_TESTING

#include <cstdlib>
#include <string>
#include <utility>

namespace f0 {
namespace {

class sum_work final : public work {
 public:
  explicit sum_work(long millions) : n_(millions * 1000000) {}
  void run() noexcept override {
    for (long i = 0; i < n_; i++) sum_ = sum_ * 31 + static_cast<unsigned>(i);
  }

 private:
  long n_;
  volatile unsigned sum_ = 0;
};

class two_calls final : public responder {
 public:
  using responder::responder;

  void start() override {
    std::string last = turn_.request().messages.back().text();
    wait_ms_ = option(last, "wait=", 20);
    work_ = option(last, "work=", 0);
    turn_.call_model({});
  }

  bool defers() const override { return true; }

  void on(const chat::event& e) override {
    using kind = chat::event::kind;
    if (e.type == kind::finish) finish_ = e.why;
    if (e.type > kind::refusal) return;
    turn_.outlet().on(e);
    if (e.type != kind::content) return;
    if (work_ > 0) turn_.run_work(std::make_unique<sum_work>(work_));
    work_ = 0;
  }

  void call_done() override {
    if (second_) {
      turn_.outlet().on({.type = chat::event::kind::finish, .why = finish_});
      return turn_.finish();
    }
    second_ = true;
    turn_.wait(wait_ms_);
  }

  void wait_over() override { turn_.call_model({}); }

 private:
  static long option(const std::string& s, const char* name, long otherwise) {
    size_t at = s.find(name);
    return at == std::string::npos ? otherwise : std::atol(s.c_str() + s.find('=', at) + 1);
  }

  long wait_ms_ = 0, work_ = 0;  // millions of steps
  bool second_ = false;
  chat::finish finish_ = chat::finish::stop;
};

}  // namespace

std::unique_ptr<responder> make_testing(turn_services& t) { return std::make_unique<two_calls>(t); }

}  // namespace f0

#endif  // F0_TESTING
