// Copyright (C) 2026 The f0 authors

#include "line_checks.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/share/line.h"
#include "wrong.h"

namespace {

using namespace f0;
using answer = place::answer;

// What workers share, and one of them.
struct memory {
  ~memory() {
    for (void* p : all) free(p);
  }
  void* give(size_t size) {
    if (left < size) return nullptr;
    left -= size;
    all.push_back(calloc(1, size));
    return all.back();
  }

  std::map<std::string, void*> named;
  std::vector<void*> all;
  std::set<int64_t> dead;
  size_t left = 1 << 20;
  int held = 0;
};

struct worker {
  worker(memory& m, int64_t number) : shared_memory(m) {
    shared = {this, lock, unlock, alive, number, find, more, wake};
  }

  static worker& of(void* p) { return *static_cast<worker*>(p); }
  static void lock(void* p) { of(p).shared_memory.held++; }
  static void unlock(void* p) { of(p).shared_memory.held--; }
  static int alive(void* p, int64_t w) { return !of(p).shared_memory.dead.contains(w); }
  static void* find(void* p, f0_str_t name, size_t size) {
    memory& m = of(p).shared_memory;
    void*& block = m.named[std::string(name.data, name.len)];
    if (block == nullptr) block = m.give(size);
    return block;
  }
  static void* more(void* p, void*, size_t size) { return of(p).shared_memory.give(size); }
  static void wake(void* p, int64_t w) { of(p).woken.insert(w); }

  // What happened to its places is known to them.
  std::vector<place*> look(int64_t now) {
    std::vector<place*> ready;
    room.look(now);
    while (place* p = room.ready()) ready.push_back(p);
    return ready;
  }

  memory& shared_memory;
  f0_shared_t shared;
  waiting_room room;
  std::set<int64_t> woken;
};

// One line as one worker sees it.
struct world {
  explicit world(unsigned places, unsigned queue = 1000, int64_t number = 1)
      : w(m, number), limit{&w.shared, {"x", 1}, places, queue, 30'000} {}

  place& come(uint64_t key, unsigned weight = 1) {
    place& p = turns.emplace_back(w.room, limit, key, weight, nullptr);
    keys[&p] = key;
    last = p.enter(now);
    if (last == answer::in) running.push_back(&p);
    return p;
  }
  // The oldest one that runs ends; the keys of those that are let in then.
  std::string end() {
    place* p = running.front();
    running.pop_front();
    p->leave(now);
    return let_in();
  }
  std::string let_in() {
    std::string in;
    for (place* p : w.look(now)) {
      if (!p->in()) continue;
      running.push_back(p);
      in += static_cast<char>(keys[p]);
    }
    return in;
  }
  std::string ends(unsigned n) {
    std::string in;
    while (n-- > 0 && !running.empty()) in += end();
    return in;
  }

  memory m;
  worker w;
  f0_limit_t limit;
  std::list<place> turns;
  std::map<place*, uint64_t> keys;
  std::deque<place*> running;
  answer last = answer::in;
  int64_t now = 1'000'000;
};

}  // namespace

const char* line_check_places() {
  world l(2);
  l.come('a');
  EXPECT(l.last == answer::in);
  l.come('a');
  EXPECT(l.last == answer::in);
  l.come('b');
  EXPECT(l.last == answer::waits && l.running.size() == 2);
  EXPECT(l.end() == "b" && l.running.size() == 2);
  EXPECT(l.end() == "" && l.end() == "" && l.m.held == 0);
  l.come('c');
  EXPECT(l.last == answer::in);
  return nullptr;
}

const char* line_check_full() {
  world l(1, 2);
  for (const answer want : {answer::in, answer::waits, answer::waits, answer::full}) {
    l.come('a');
    EXPECT(l.last == want);
  }
  EXPECT(l.end() == "a");
  l.come('b');
  EXPECT(l.last == answer::waits);
  world none(1, 0);
  none.come('a');
  none.come('a');
  EXPECT(none.last == answer::full);
  return nullptr;
}

const char* line_check_first_come() {
  world l(1);
  std::vector<place*> all;
  for (int i = 0; i < 50; i++) all.push_back(&l.come('a'));
  for (int i = 1; i < 50; i++) {
    EXPECT(l.end() == "a");
    EXPECT(l.running.front() == all[i]);
  }
  return nullptr;
}

// One key floods the line; nine others come behind it, with two turns each.
const char* line_check_flood() {
  world l(2);
  for (int i = 0; i < 102; i++) l.come('f');
  for (int round = 0; round < 2; round++) {
    for (char k = 'a'; k <= 'e'; k++) l.come(k);
    for (char k = 'v'; k <= 'y'; k++) l.come(k);
  }
  const std::string first = l.ends(10), second = l.ends(10);
  for (const char k : std::string("abcdefvwxy")) {
    if (std::count(first.begin(), first.end(), k) != 1) return wrong("first: " + first);
    if (std::count(second.begin(), second.end(), k) != 1) return wrong("second: " + second);
  }
  // A newcomer is behind nobody but who was let in meanwhile.
  l.come('z');
  const std::string then = l.ends(2);
  if (then.find('z') == then.npos) return wrong("then: " + then);
  EXPECT(l.ends(200).size() == 97);
  return nullptr;
}

const char* line_check_weights() {
  world l(1);
  l.come('x');
  for (int i = 0; i < 12; i++) l.come('a', 3);
  for (int i = 0; i < 12; i++) l.come('b', 1);
  for (int i = 0; i < 12; i++) l.come('c', 2);
  const std::string in = l.ends(18);
  const auto n = [&](char k) { return std::count(in.begin(), in.end(), k); };
  if (n('a') != 9 || n('b') != 3 || n('c') != 6) return wrong(in);
  return nullptr;
}

// Whoever goes makes room; what its key had before it is not held against it.
const char* line_check_leaving() {
  world l(1, 8);
  l.come('x');
  std::vector<place*> gone;
  for (int i = 0; i < 5; i++) gone.push_back(&l.come('a'));
  place& stays = l.come('a');
  l.come('b');
  l.come('b');
  l.come('c');
  EXPECT(l.last == answer::full);
  for (place* p : gone) p->leave(l.now);
  l.come('c');
  EXPECT(l.last == answer::waits);
  EXPECT(l.end() == "a" && l.running.front() == &stays);
  EXPECT(l.ends(3) == "bcb");
  // One that was let in, but left before it knew.
  world two(1);
  two.come('a');
  place& let = two.come('b');
  two.come('c');
  two.running.front()->leave(two.now);
  two.running.clear();
  let.leave(two.now);
  EXPECT(two.let_in() == "c");
  return nullptr;
}

const char* line_check_standing() {
  world l(1);
  l.come('x');
  place& a = l.come('a');
  place& b = l.come('a');
  EXPECT(l.w.look(l.now).size() == 2);
  EXPECT(a.where() == (standing{1, 2, -1}) && b.where() == (standing{2, 2, -1}));
  EXPECT(l.w.look(l.now).empty());
  place& c = l.come('c');
  EXPECT(l.w.look(l.now).size() == 3);
  EXPECT(c.where() == (standing{2, 3, -1}) && b.where() == (standing{3, 3, -1}));
  l.now += 4'000;
  EXPECT(l.end() == "a");
  EXPECT(c.where() == (standing{1, 2, 4'000}) && b.where() == (standing{2, 2, 8'000}));
  return nullptr;
}

const char* line_check_pace() {
  world l(2, 1);
  l.come('a');
  l.come('a');
  l.now += 10'000;
  place& waits = l.come('a');
  // Nothing is known yet but that they have run so long.
  EXPECT(l.come('a').pause(l.now) == 10'000 && l.last == answer::full);
  l.now += 10'000;
  EXPECT(waits.pause(l.now) == 20'000);
  EXPECT(l.end() == "a");
  l.come('a');
  EXPECT(l.last == answer::waits && l.come('a').pause(l.now) == 20'000);
  return nullptr;
}

namespace {

struct pair : world {
  explicit pair(unsigned places) : world(places), other(m, 2) {
    there = limit;
    there.shared = &other.shared;
  }

  worker other;
  f0_limit_t there;
};

}  // namespace

const char* line_check_two_workers() {
  pair l(1);
  l.come('a');
  place p(l.other.room, l.there, 'b', 1, nullptr);
  EXPECT(p.enter(l.now) == answer::waits && l.other.woken.contains(2));
  l.come('c');
  EXPECT(l.other.look(l.now).size() == 1 && p.where() == (standing{1, 2, -1}));
  EXPECT(l.end() == "" && l.w.woken.contains(2));
  EXPECT(!p.in() && l.other.look(l.now) == std::vector<place*>{&p} && p.in());
  p.leave(l.now);
  EXPECT(l.other.woken.contains(1) && l.let_in() == "c");
  return nullptr;
}

const char* line_check_killed_worker() {
  pair l(2);
  place a(l.other.room, l.there, 'a', 1, nullptr), b(l.other.room, l.there, 'b', 1, nullptr),
      c(l.other.room, l.there, 'c', 1, nullptr);
  EXPECT(a.enter(l.now) == answer::in && b.enter(l.now) == answer::in);
  EXPECT(c.enter(l.now) == answer::waits);
  l.come('d');
  EXPECT(l.let_in() == "");
  l.m.dead.insert(2);
  l.now += 1'000;
  EXPECT(l.let_in() == "d");
  l.come('e');
  EXPECT(l.last == answer::in);
  l.come('f');
  EXPECT(l.last == answer::waits);
  // What it gives back was given away: nobody's place is lost by that.
  a.leave(l.now);
  EXPECT(l.let_in() == "" && l.end() == "f");
  return nullptr;
}

const char* line_check_names() {
  world l(1);
  l.come('a');
  l.limit.name = {"y", 1};
  l.come('a');
  EXPECT(l.last == answer::in);
  l.limit.name = {"x", 1};
  l.come('a');
  EXPECT(l.last == answer::waits);
  return nullptr;
}

const char* line_check_no_room() {
  world l(1000);
  l.m.left = sizeof(line_state) + sizeof(line_block);
  for (unsigned i = 0; i < 2 * line_block::kPlaces; i++) {
    l.come('a');
    EXPECT(l.last == answer::in);
  }
  l.come('a');
  EXPECT(l.last == answer::full && l.m.held == 0);
  l.end();
  l.come('a');
  EXPECT(l.last == answer::in);
  l.limit.name = {"y", 1};
  place& p = l.come('a');
  EXPECT(l.last == answer::full && p.pause(l.now) == 0);
  return nullptr;
}

const char* line_check_idle() {
  world l(1);
  const auto idle = [&] { return f0_limit_idle(&l.w.shared, l.m.named["x"]) != 0; };
  l.come('a');
  EXPECT(!idle());
  l.come('b');
  EXPECT(l.end() == "b" && !idle());
  l.end();
  EXPECT(idle());
  pair two(1);
  place there(two.other.room, two.there, 'a', 1, nullptr);
  EXPECT(there.enter(two.now) == answer::in);
  EXPECT(f0_limit_idle(&two.w.shared, two.m.named["x"]) == 0);
  two.m.dead.insert(2);
  EXPECT(f0_limit_idle(&two.w.shared, two.m.named["x"]) != 0);
  return nullptr;
}

// By a reload.
const char* line_check_fewer_places() {
  world l(3);
  for (int i = 0; i < 3; i++) l.come('a');
  l.limit.places = 1;
  l.come('b');
  EXPECT(l.last == answer::waits);
  return nullptr;
}

const char* line_check_other_clock() {
  world l(1);
  l.come('a');
  l.come('b');
  l.now -= 3'600'000;
  EXPECT(l.end() == "b");
  l.now += 36'000'000;
  l.come('c');
  EXPECT(l.end() == "c");
  return nullptr;
}
