// Copyright (C) 2026 The f0 authors
//
// health.h - which providers may be asked: a breaker for each that fails, a
// pause for each that was asked too often, and the one probe that ends either.
//
//   healthy --fails in a row--> open --time--> due --probe--> trial --success--> healthy
//      |                         ^                |             |
//      |                         +----failure-----+-------------+  (twice as long)
//      +--429--> limited --time--> due
//
// A trial is what the probe's first output begins: others may ask then, but one
// failure is enough to open the breaker again.

#ifndef F0_CORE_SHARE_HEALTH_H_
#define F0_CORE_SHARE_HEALTH_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "../../f0.h"

namespace f0 {

// When a provider is not asked any more: after so many failures in a row, for so
// long, and longer each time.
struct breaker {
  unsigned fails = 3;  // 1 to provider_state::kFails
  int64_t cool_ms = 10'000;
};

// What is kept of one provider, in memory that workers may share: zeros at first,
// and sound whatever a worker that was killed left in it.
struct provider_state {
  static constexpr unsigned kFails = 128;

  int64_t failed_at[kFails];  // the latest failures, a ring
  int64_t open_until;         // the breaker's; 0: closed, or on trial
  int64_t limited_until;      // 0: not limited
  int64_t prober;             // the worker whose probe is out; 0: none
  uint32_t failures;          // in a row
  uint32_t opened;            // how often, since it was healthy
};
static_assert(sizeof(provider_state) <= F0_HEALTH_SIZE);

// The states of all providers: the worker's own, or those that the host shares
// over workers.
class health_board {
 public:
  void share(const f0_shared_t& s, void* const* slots, size_t n);

  provider_state& of(unsigned provider);
  bool alive(int64_t worker) const;
  int64_t self() const { return shared_.self; }
  void lock() const {
    if (shared_.lock != nullptr) shared_.lock(shared_.data);
  }
  void unlock() const {
    if (shared_.unlock != nullptr) shared_.unlock(shared_.data);
  }

 private:
  f0_shared_t shared_{nullptr, nullptr, nullptr, nullptr, 1, nullptr, nullptr, nullptr};
  std::vector<provider_state*> slots_;
  std::deque<provider_state> own_;
};

// The same as one turn uses it, which asks one provider at a time.  A probe that
// it has not told the end of is given back with it.
class health {
 public:
  // |all|: of each provider.
  health(health_board& board, const std::vector<breaker>& all) : board_(board), breakers_(all) {}
  ~health() { give_back(); }
  health(const health&) = delete;
  health& operator=(const health&) = delete;

  // Milliseconds until |provider| may be asked; 0: now.
  int64_t cooling(unsigned provider, int64_t now) const;
  // Whether it is asked now: takes the one probe where one is due.  |forced|: even
  // while it cools, as everyone else does.
  bool take(unsigned provider, int64_t now, bool forced);

  // Something useful has come: others may ask it as well.
  void answers(unsigned provider, int64_t now);
  // How the ask ended, by one of these.
  void succeeded(unsigned provider, int64_t now);
  void failed(unsigned provider, int64_t now);
  // 429, 503, 529: |ms| of its Retry-After, less than 0: none.
  void limited(unsigned provider, int64_t now, int64_t ms);
  // The request's own fault, or the client left: nothing is known.
  void neutral(unsigned provider, int64_t now);

 private:
  enum class ask : uint8_t { plain, forced, probe };
  class guard;

  int64_t longest(unsigned provider) const;
  int64_t left(unsigned provider, int64_t until, int64_t now) const;
  int64_t cooling_of(unsigned provider, const provider_state& s, int64_t now) const;
  bool probed(const provider_state& s) const;
  void open(unsigned provider, provider_state& s, int64_t now) const;
  void end_ask(provider_state& s);
  void give_back();

  health_board& board_;
  const std::vector<breaker>& breakers_;
  unsigned provider_ = 0;  // of the probe
  ask ask_ = ask::plain;
};

}  // namespace f0

#endif  // F0_CORE_SHARE_HEALTH_H_
