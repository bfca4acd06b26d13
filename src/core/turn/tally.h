// Copyright (C) 2026 The f0 authors
//
// tally.h - the tokens of a turn: what its calls were told to have used, and a
// guess at the rest.

#ifndef F0_CORE_TURN_TALLY_H_
#define F0_CORE_TURN_TALLY_H_

#include "../chat/event.h"

namespace f0 {

class tally {
 public:
  // One call: what its provider told, and how many bytes of text went up and
  // came down.
  void add(chat::usage u, size_t up, size_t down) {
    if (u.completion < 0 && down == 0) u.completion = 0;
    if (u.total < 0 && u.prompt >= 0) u.total = sum(u.prompt, u.completion);
    plus(told_, u);
    guess(prompt_guess_, u.prompt, up);
    guess(completion_guess_, u.completion, down);
  }

  // A call in whose place another one is made: only what it told is known.
  void add_told(chat::usage u) {
    if (u.total < 0 && u.prompt >= 0) u.total = sum(u.prompt, u.completion);
    plus(told_, u);
  }

  const chat::usage& told() const { return told_; }
  // Whether nothing had to be guessed.
  bool complete() const { return prompt_guess_ < 0 && completion_guess_ < 0; }
  // -1: there was no call that counts.
  int64_t prompt() const { return sum(told_.prompt, prompt_guess_); }
  int64_t completion() const { return sum(told_.completion, completion_guess_); }

 private:
  static int64_t sum(int64_t a, int64_t b) { return a < 0 ? b : b < 0 ? a : a + b; }
  static void plus(int64_t& to, int64_t n) { to = sum(to, n); }
  static void plus(chat::usage& to, const chat::usage& u) {
    plus(to.prompt, u.prompt);
    plus(to.completion, u.completion);
    plus(to.total, u.total);
    plus(to.cached, u.cached);
    plus(to.cache_write, u.cache_write);
    plus(to.reasoning, u.reasoning);
  }
  // About four bytes a token.
  static void guess(int64_t& to, int64_t known, size_t bytes) {
    if (known < 0) plus(to, static_cast<int64_t>(bytes / 4));
  }

  chat::usage told_;
  int64_t prompt_guess_ = -1, completion_guess_ = -1;
};

}  // namespace f0

#endif  // F0_CORE_TURN_TALLY_H_
