// Copyright (C) 2026 The f0 authors
//
// tries.h - which try line of its model a turn asks next, and when.
//
// A round goes through the lines as they are written, past those whose provider
// cools.  Beyond it the model's "retry" allows a few more asks, each after a pause;
// a line that only the operator can mend is out.

#ifndef F0_CORE_TURN_TRIES_H_
#define F0_CORE_TURN_TRIES_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "../chat/failure.h"
#include "../config.h"
#include "../share/health.h"

namespace f0 {

class tries {
 public:
  enum class what : uint8_t { ask, wait, none };
  struct choice {
    tries::what what;
    unsigned line;  // to be asked
  };
  // Whether the provider of a line can carry the request.
  using carries = std::function<bool(unsigned line)>;

  // The turn began then, and is over by |ends|; |seed| makes its pauses.
  tries(const config& cf, const model& m, health_board& b, string_view seed, int64_t began,
        int64_t ends);

  choice next(int64_t now, const carries& can);
  // When next() is to be asked again, after it said "wait"; else INT64_MAX.
  int64_t due() const { return due_; }
  // Another call of the turn begins, with the line that was asked last.
  void begin(unsigned line, int64_t now);
  // That line is asked next: it goes on where another one broke off.
  void pursue(unsigned line, int64_t now);
  // A line was chosen and has not been asked yet.
  bool chosen() const { return chosen_; }
  void give_up(unsigned line) { out_ |= bit(line); }
  // No line will be asked in place of the one that runs.
  bool spent() const { return visited_ == size_ && extra_ >= retry_.times; }

  // One ask, from its beginning to one of its ends.
  void asked(unsigned line, int64_t now);
  void heard(int status) { status_ = status; }     // the answer's head
  void answers(int64_t now);                       // its first output
  void closed(string_view word) { word_ = word; }  // why there is no head; a literal
  void succeeded(int64_t now);
  // |unix_ms|: what |now| is to the world.
  void failed(const chat::failure& f, int64_t now, int64_t unix_ms);
  // The turn wants no more of it; |late|: it was given all the time there was.
  void left(string_view word, bool late, int64_t now);
  // A kept connection was closed before a byte of the answer came: whether the same
  // is asked anew, which is no ask of its own.
  bool anew();

  // What is told if nobody answers: the failure that leaves most hope.
  struct failure {
    chat::failure what;
    unsigned line;
    bool timed_out;
    int64_t pause;  // that the provider asked for; -1: none
    chat::fault fault;
  };
  void keep(const chat::failure& f, bool timed_out, int64_t unix_ms);
  std::unique_ptr<failure> take_kept() { return std::move(kept_); }

  // "claude 429 0.120, local 200 3.410": of each ask that is over.
  const std::string& log() const { return log_; }

 private:
  static uint64_t bit(unsigned line) { return uint64_t{1} << line; }
  unsigned provider(unsigned line) const { return model_.tries[line].provider; }
  bool usable(unsigned line, const carries& can);
  bool take(unsigned line, int64_t now, bool forced);
  choice ask(unsigned line);
  choice beyond(int64_t now, const carries& can);
  int64_t back_off() const;
  void note(string_view word, int64_t now) noexcept;

  const config& config_;
  const model& model_;
  const f0::retry retry_;
  health health_;
  uint64_t seed_;
  int64_t began_, ends_, due_ = INT64_MAX, asked_at_ = 0, failed_at_ = 0;
  uint64_t out_ = 0, checked_ = 0, tried_ = 0;  // a bit for each line
  std::unique_ptr<failure> kept_;
  std::string log_;
  string_view word_;
  unsigned size_, first_ = 0, visited_ = 0, line_ = 0, extra_ = 0;
  int status_ = 0;
  uint8_t anew_ = 0;
  bool chosen_ = false, rested_ = false;
};

}  // namespace f0

#endif  // F0_CORE_TURN_TRIES_H_
