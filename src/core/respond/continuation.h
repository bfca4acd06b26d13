// Copyright (C) 2026 The f0 authors
//
// continuation.h - a text that one provider broke off and another one goes on with:
// keeps what the client was told, and joins what comes next to it (turns.md 3).
//
// It stands between a model's events and the responder, where a line of "try" says
// continue=on.

#ifndef F0_CORE_RESPOND_CONTINUATION_H_
#define F0_CORE_RESPOND_CONTINUATION_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"
#include "../chat/event.h"
#include "../chat/request.h"
#include "seam.h"

namespace f0 {

class continuation final : public chat::sink {
 public:
  continuation(chat::sink& to, const chat::request& r, budget& b);
  ~continuation() override { budget_.release(charged_); }
  continuation(const continuation&) = delete;
  continuation& operator=(const continuation&) = delete;

  // Whether an answer to |r| is a text that another provider may go on with.
  static bool suits(const chat::request& r);

  // Whether all that was told is such a text, broken off where it may be joined.
  bool can_go_on() const;
  // What was told.
  const std::string& text() const { return text_; }
  // Grows with whatever is told but thoughts.
  size_t said() const { return said_; }
  // What comes next goes on with it; |unseen| as for a seam.
  void go_on(size_t unseen);

  void on(const chat::event& e) override;
  void usage(const chat::usage& u) override { to_.usage(u); }
  void error(const chat::failure& f) override;
  void end(chat::terminal how) override;
  size_t content_run(const string_view* json, size_t n) override;

 private:
  void tell(string_view text);
  void keep(string_view text);
  void give_up();
  void settle();

  chat::sink& to_;
  budget& budget_;
  std::string text_;
  std::vector<std::string> stops_;
  std::unique_ptr<seam> seam_;  // until it is settled
  size_t charged_ = 0, said_ = 0;
  bool plain_ = true;    // nothing but text, behind reasoning at most
  bool joined_ = false;  // what comes goes on with what another one said
};

}  // namespace f0

#endif  // F0_CORE_RESPOND_CONTINUATION_H_
