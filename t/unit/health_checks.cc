// Copyright (C) 2026 The f0 authors

#include "health_checks.h"

#include <iterator>
#include <string>
#include <vector>

#include "core/config.h"
#include "core/share/health.h"
#include "wrong.h"

namespace {

using namespace f0;

// Providers as one worker sees them, at a time that the check sets.
struct world {
  explicit world(unsigned fails = 3, int64_t cool_ms = 10'000) : breakers(2, {fails, cool_ms}) {}

  // One ask and its end; false: it was not asked.
  bool fails(unsigned p = 0, bool forced = false) {
    health h(board, breakers);
    if (!h.take(p, now, forced)) return false;
    h.failed(p, now);
    return true;
  }
  bool works(unsigned p = 0, bool forced = false) {
    health h(board, breakers);
    if (!h.take(p, now, forced)) return false;
    h.answers(p, now);
    h.succeeded(p, now);
    return true;
  }
  bool limits(int64_t ms, unsigned p = 0) {
    health h(board, breakers);
    if (!h.take(p, now, false)) return false;
    h.limited(p, now, ms);
    return true;
  }
  int64_t cooling(unsigned p = 0) { return health(board, breakers).cooling(p, now); }
  void opens(unsigned n = 3) {
    while (n-- > 0) fails();
  }

  std::vector<breaker> breakers;
  health_board board;
  int64_t now = 1'000'000;
};

}  // namespace

const char* health_check_opens() {
  world w;
  EXPECT(w.fails() && w.fails());
  EXPECT(w.cooling() == 0);
  EXPECT(w.fails());
  EXPECT(w.cooling() == 10'000 && !w.works());
  w.now += 9'999;
  EXPECT(w.cooling() == 1 && !w.works());
  w.now += 1;
  EXPECT(w.cooling() == 0 && w.works());
  EXPECT(w.fails() && w.fails() && w.cooling() == 0);
  return nullptr;
}

const char* health_check_success_between() {
  world w;
  EXPECT(w.fails() && w.fails() && w.works() && w.fails() && w.fails());
  EXPECT(w.cooling() == 0);
  EXPECT(w.fails() && w.cooling() == 10'000);
  return nullptr;
}

// The last three of them count, not those since the first.
const char* health_check_window() {
  world w;
  w.fails();
  w.now += 20'000;
  w.fails();
  w.now += 10'001;
  w.fails();
  EXPECT(w.cooling() == 0);
  w.now += 19'999;
  w.fails();
  EXPECT(w.cooling() == 10'000);
  return nullptr;
}

const char* health_check_single_probe() {
  world w;
  w.opens();
  w.now += 10'000;
  health first(w.board, w.breakers);
  EXPECT(first.take(0, w.now, false));
  for (int i = 0; i < 49; i++) EXPECT(!w.works() && w.cooling() > 0);
  first.answers(0, w.now);
  EXPECT(w.cooling() == 0 && w.works());
  return nullptr;
}

const char* health_check_probe_given_back() {
  world w;
  w.opens();
  w.now += 10'000;
  {
    health left(w.board, w.breakers);
    EXPECT(left.take(0, w.now, false) && !w.works());
    left.neutral(0, w.now);
  }
  {
    health forgotten(w.board, w.breakers);
    EXPECT(forgotten.take(0, w.now, false) && !w.works());
  }
  {
    // Whoever goes on to another provider has none of this one any more.
    health moved(w.board, w.breakers);
    EXPECT(moved.take(0, w.now, false) && moved.take(1, w.now, false));
    health next(w.board, w.breakers);
    EXPECT(next.take(0, w.now, false));
  }
  // A 429 is no end of it either.
  EXPECT(w.limits(1'000));
  w.now += 1'000;
  EXPECT(w.fails() && w.cooling() == 20'000);
  return nullptr;
}

const char* health_check_doubles() {
  world w(1);
  int64_t want = 10'000;
  for (int i = 0; i < 10; i++) {
    EXPECT(w.fails());
    EXPECT(w.cooling() == want);
    w.now += want;
    want = want * 2 < 300'000 ? want * 2 : 300'000;
  }
  EXPECT(want == 300'000 && w.works());
  EXPECT(w.fails() && w.cooling() == 10'000);
  world slow(1, 600'000);
  EXPECT(slow.fails() && slow.cooling() == 600'000);
  slow.now += 600'000;
  EXPECT(slow.fails() && slow.cooling() == 600'000);
  return nullptr;
}

// Output lets others ask it; an answer that is then cut is a probe that failed.
const char* health_check_trial() {
  world w;
  w.opens();
  w.now += 10'000;
  health probe(w.board, w.breakers);
  EXPECT(probe.take(0, w.now, false));
  probe.answers(0, w.now);
  EXPECT(w.cooling() == 0);
  probe.failed(0, w.now);
  EXPECT(w.cooling() == 20'000);
  w.now += 20'000;
  EXPECT(w.works() && w.fails() && w.cooling() == 0);
  return nullptr;
}

// What was asked while all was well neither opens it further nor closes it.
const char* health_check_old_asks() {
  world w;
  health a(w.board, w.breakers), b(w.board, w.breakers), c(w.board, w.breakers);
  for (health* h : {&a, &b, &c}) EXPECT(h->take(0, w.now, false));
  w.opens();
  a.failed(0, w.now);
  EXPECT(w.cooling() == 10'000);
  b.succeeded(0, w.now);
  EXPECT(w.cooling() == 10'000);
  w.now += 10'000;
  health probe(w.board, w.breakers);
  EXPECT(probe.take(0, w.now, false));
  c.failed(0, w.now);
  EXPECT(w.cooling() > 0 && w.cooling() < 1'000);
  probe.succeeded(0, w.now);
  EXPECT(w.cooling() == 0);
  return nullptr;
}

const char* health_check_limited() {
  world w;
  const int64_t told[] = {-1, 0, 1'000, 7'500, 60'000, 3'600'000};
  const int64_t want[] = {2'000, 1'000, 1'000, 7'500, 60'000, 60'000};
  for (size_t i = 0; i < std::size(told); i++) {
    EXPECT(w.limits(told[i]));
    EXPECT(w.cooling() == want[i]);
    w.now += want[i];
    EXPECT(w.works());
  }
  // Neither a failure nor a success.
  EXPECT(w.fails() && w.fails() && w.limits(1'000));
  w.now += 1'000;
  EXPECT(w.fails() && w.cooling() == 10'000);
  // The longer one of two holds.
  world two;
  health a(two.board, two.breakers), b(two.board, two.breakers);
  EXPECT(a.take(0, two.now, false) && b.take(0, two.now, false));
  a.limited(0, two.now, 20'000);
  b.limited(0, two.now, -1);
  EXPECT(two.cooling() == 20'000);
  return nullptr;
}

const char* health_check_limited_probe() {
  world w;
  EXPECT(w.limits(5'000));
  w.now += 5'000;
  {
    health probe(w.board, w.breakers);
    EXPECT(probe.take(0, w.now, false) && !w.works());
    // It opens no breaker: that takes as many failures as ever.
    probe.failed(0, w.now);
  }
  EXPECT(w.cooling() == 0 && w.fails() && w.cooling() == 0);
  return nullptr;
}

const char* health_check_forced() {
  world w;
  w.opens();
  EXPECT(!w.works() && w.fails(0, true));
  EXPECT(w.cooling() == 10'000);
  EXPECT(w.works(0, true) && w.cooling() == 0);
  EXPECT(w.fails() && w.fails() && w.cooling() == 0);
  return nullptr;
}

namespace {

// Two workers, of which the second may be dead.
struct pair : world {
  pair() : world() {
    f0_shared_t s = {this, lock, unlock, runs, 7, nullptr, nullptr, nullptr};
    void* const slots[] = {&memory[0], &memory[1]};
    board.share(s, slots, 2);
    s.self = 8;
    other.share(s, slots, 2);
  }

  static void lock(void* p) { static_cast<pair*>(p)->held++; }
  static void unlock(void* p) { static_cast<pair*>(p)->held--; }
  static int runs(void* p, int64_t worker) { return worker != 8 || !static_cast<pair*>(p)->dead; }

  provider_state memory[2] = {};
  health_board other;
  int held = 0;
  bool dead = false;
};

}  // namespace

const char* health_check_two_workers() {
  pair w;
  EXPECT(w.fails() && w.fails());
  health there(w.other, w.breakers);
  EXPECT(there.take(0, w.now, false));
  there.failed(0, w.now);
  EXPECT(w.cooling() == 10'000 && w.held == 0);
  w.now += 10'000;
  EXPECT(there.take(0, w.now, false) && !w.works());
  there.succeeded(0, w.now);
  EXPECT(w.cooling() == 0 && w.held == 0);
  return nullptr;
}

const char* health_check_killed_worker() {
  pair w;
  w.opens();
  w.now += 10'000;
  health there(w.other, w.breakers);
  EXPECT(there.take(0, w.now, false) && !w.works());
  w.dead = true;
  health here(w.board, w.breakers);
  EXPECT(w.cooling() == 0 && here.take(0, w.now, false));
  // What the other one would give back is not its own any more.
  there.neutral(0, w.now);
  EXPECT(w.memory[0].prober == 7);
  here.succeeded(0, w.now);
  EXPECT(w.cooling() == 0);
  return nullptr;
}

const char* health_check_other_clock() {
  world w;
  w.opens();
  w.now -= 3'600'000;
  EXPECT(w.cooling() == 0 && w.works());
  w.opens();
  w.now += 3'600'000;
  EXPECT(w.cooling() == 0 && w.works());
  return nullptr;
}

const char* health_check_each_provider() {
  world w;
  w.opens();
  EXPECT(w.cooling(0) == 10'000 && w.cooling(1) == 0 && w.works(1));
  return nullptr;
}

const char* health_check_config() {
  config c;
  EXPECT(!c.set_health(3, 10'000));
  c.add_provider("a", "openai", "/a/", "");
  EXPECT(c.breakers()[0].fails == 3 && c.breakers()[0].cool_ms == 10'000);
  EXPECT(!c.set_health(0, 1) && !c.set_health(129, 1) && !c.set_health(1, 0));
  EXPECT(c.set_health(128, 1) && c.breakers()[0].fails == 128 && c.breakers()[0].cool_ms == 1);
  return nullptr;
}
