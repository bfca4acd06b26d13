// Copyright (C) 2026 The f0 authors
//
// event_queue.h - holds back a model's operations while a work of the turn runs
// in another thread, and tells them afterwards, in order.

#ifndef F0_CORE_TURN_EVENT_QUEUE_H_
#define F0_CORE_TURN_EVENT_QUEUE_H_

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "../base/budget.h"
#include "../chat/event.h"

namespace f0 {

class event_queue final : public chat::sink {
 public:
  // |held| says whether operations have to wait at the moment.  Longer texts than
  // |piece| bytes are told in pieces.
  event_queue(chat::sink& to, const bool& held, size_t piece, budget& b)
      : to_(to), held_(held), piece_(piece), budget_(b) {}
  ~event_queue() override { budget_.release(charged_); }

  // Tells what waits, until something is held again or so much was told that
  // others should have their turn.
  void replay();
  // There was no memory for something that had to wait.
  bool over_limit() const { return over_limit_; }
  bool empty() const { return waiting_.empty() && !failure_ && !end_ && !usage_; }

  void role(int choice) override;
  void content(int choice, string_view text) override;
  void reasoning(int choice, string_view text) override;
  void refusal(int choice, string_view text) override;
  void tool_start(int choice, int k, const chat::tool_head& head) override;
  void tool_args(int choice, int k, string_view text) override;
  void tool_extra(int choice, int k, string_view json) override;
  void reasoning_details(int choice, string_view text, string_view json) override;
  void image(int choice, string_view url) override;
  void keep(int choice, int k, chat::state of, string_view json) override;
  void usage(const chat::usage& u) override;
  void finish(int choice, chat::finish f, string_view native) override;
  void error(const chat::failure& f) override;
  void end(chat::terminal how) override;

 private:
  enum class what : uint8_t {
    role,
    content,
    reasoning,
    refusal,
    details,
    image,
    tool_start,
    custom_start,
    tool_args,
    tool_extra,
    keep,
    finish
  };
  struct operation {
    what kind;
    int choice, k;
    uint8_t word;  // a chat::finish, or a chat::state
    size_t told;   // bytes of |a|
    std::string a, b, c;

    size_t cost() const { return sizeof(operation) + 16 + a.size() + b.size() + c.size(); }
  };

  void put(what kind, int choice, int k = 0, string_view a = {}, string_view b = {},
           string_view c = {}, uint8_t word = 0);
  bool tell_part(operation& o);
  void tell(what kind, int choice, int k, string_view a, string_view b, string_view c,
            uint8_t word);

  chat::sink& to_;
  const bool& held_;
  size_t piece_;
  budget& budget_;
  size_t charged_ = 0;
  bool over_limit_ = false;
  std::list<operation> waiting_;
  // What is no operation: told behind them.
  std::optional<chat::usage> usage_;
  std::unique_ptr<chat::failure> failure_;
  std::optional<chat::terminal> end_;
};

}  // namespace f0

#endif  // F0_CORE_TURN_EVENT_QUEUE_H_
