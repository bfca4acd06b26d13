// Copyright (C) 2026 The f0 authors
//
// event_queue.h - holds back a model's events while a work of the turn runs in
// another thread, and tells them afterwards, in order.

#ifndef F0_CORE_TURN_EVENT_QUEUE_H_
#define F0_CORE_TURN_EVENT_QUEUE_H_

#include <list>
#include <memory>
#include <optional>

#include "../base/budget.h"
#include "../chat/event.h"

namespace f0 {

class event_queue final : public chat::sink {
 public:
  // |held| says whether events have to wait at the moment.  Longer texts than
  // |piece| bytes are told in pieces.
  event_queue(chat::sink& to, const bool& held, size_t piece, budget& b)
      : to_(to), held_(held), piece_(piece), budget_(b) {}
  ~event_queue() override { budget_.release(charged_); }

  // Replays what waits, until something is held again or so much was told that
  // others should have their turn.
  void replay();
  // There was no memory for something that had to wait.
  bool over_limit() const { return over_limit_; }
  bool empty() const { return waiting_.empty() && !failure_ && !end_ && !usage_; }

  void on(const chat::event& e) override;
  void usage(const chat::usage& u) override;
  void error(const chat::failure& f) override;
  void end(chat::terminal how) override;

 private:
  struct waiting {
    explicit waiting(const chat::event& e) : kept(e) {}

    chat::kept_event kept;
    size_t told = 0;  // bytes of its text
  };

  bool tell_part(waiting& w, size_t& bytes);

  chat::sink& to_;
  const bool& held_;
  size_t piece_;
  budget& budget_;
  size_t charged_ = 0;
  bool over_limit_ = false;
  std::list<waiting> waiting_;
  // What is no event: told behind them.
  std::optional<chat::usage> usage_;
  std::unique_ptr<chat::failure> failure_;
  std::optional<chat::terminal> end_;
};

}  // namespace f0

#endif  // F0_CORE_TURN_EVENT_QUEUE_H_
