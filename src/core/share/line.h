// Copyright (C) 2026 The f0 authors
//
// line.h - turns that stand in line for a place: so many at once run, the others
// wait, and keys take turns.
//
// Each turn gets a tag when it comes: its line's time, or what the turn before it
// of the same key has for an end, whichever is later; it ends 1/weight behind.  The
// one with the least tag is next, and the line's time is the tag of the last one
// that was let in (start-time fair queueing).  So a key that floods the line only
// puts off itself, and within a key the first come is the first served.
//
//   places 1, weights a 1, b 2      a1 a2 a3 b1 b2 come while another one runs
//   tags                            0  1  2  0  0.5
//   order                           a1 b1 b2 a2 a3

#ifndef F0_CORE_SHARE_LINE_H_
#define F0_CORE_SHARE_LINE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "../../f0.h"

namespace f0 {

// All of these lie in memory that workers share: zeros at first.
struct place_state {
  int64_t worker;  // whose it is; 0: nobody's
  uint64_t number;
  uint64_t key;
  int64_t tag;
  int64_t since;  // it came, or was let in
  uint32_t weight;
  uint32_t runs;  // 0: it waits
};

struct line_block {
  static constexpr unsigned kPlaces = 16;

  line_block* next;
  place_state places[kPlaces];
};

struct line_state {
  int64_t time;
  uint64_t numbers;   // given so far
  int64_t mean_ms;    // that a turn has its place, about; 0: not known
  int64_t looked_at;  // for workers that are gone
  line_block first;
};

// Where a turn stands.
struct standing {
  unsigned position = 0, of = 0;  // 0: it does not wait
  int64_t wait_ms = -1;           // until it is let in, about; less than 0: not known

  bool operator==(const standing&) const = default;
};

class place;

// Whose turns wait in this worker.
class waiting_room {
 public:
  void add(place& p) { places_.push_back(&p); }
  void remove(place& p);
  // Tells each where it stands; those to whom this is news are ready.  When to look
  // again, in milliseconds; -1: nobody waits.
  int64_t look(int64_t now);
  // The next one that is; nullptr: none.
  place* ready();

 private:
  void look_at(size_t from, size_t to, int64_t now);

  std::vector<place*> places_;
  bool news_ = false;
};

// What one turn needs before it begins.
class place {
 public:
  enum class answer : uint8_t { in, waits, full };

  place(waiting_room& room, const f0_limit_t& l, uint64_t key, unsigned weight, void* host);
  ~place() { leave(now_); }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

  answer enter(int64_t now);
  // Gives it back, or leaves the queue.
  void leave(int64_t now);

  bool in() const { return in_; }
  const standing& where() const { return where_; }
  int64_t wait_ms() const { return limit_.wait_ms; }
  // How long one who comes now would wait, about; of one that was refused: who came
  // then.
  int64_t pause(int64_t now) const;
  void* host() const { return host_; }

 private:
  friend class waiting_room;
  class visit;

  waiting_room& room_;
  f0_limit_t limit_;
  std::string name_;
  const uint64_t key_;
  const unsigned weight_;
  void* const host_;

  line_state* line_ = nullptr;    // while it is there
  place_state* state_ = nullptr;  // while it is there
  uint64_t number_ = 0;
  int64_t now_ = 0, pause_ms_ = 0;
  standing where_;
  bool in_ = false, news_ = false;
};

// Nobody has a place there, but workers that are gone.
bool is_idle(const f0_shared_t& s, const line_state& line);

}  // namespace f0

#endif  // F0_CORE_SHARE_LINE_H_
