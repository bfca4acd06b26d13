// Copyright (C) 2026 The f0 authors
//
// admission.h - the places that a turn needs before it begins: one in each of its
// limits, in their order.

#ifndef F0_CORE_TURN_ADMISSION_H_
#define F0_CORE_TURN_ADMISSION_H_

#include <cstdint>
#include <deque>
#include <string_view>

#include "../../f0.h"
#include "../share/line.h"

namespace f0 {

class admission {
 public:
  enum class answer : uint8_t { in, waits, refused };

  // |turn|: what waiting_room::ready() says of it.
  admission(waiting_room& room, const f0_turn_options_t& o, std::string_view client, void* turn);

  // As far as it goes now; |refused|: its queue is full, or it waited too long.
  answer go_on(int64_t now);
  // All are given back.
  void leave(int64_t now);

  bool waits() const { return waits_; }
  int64_t deadline() const { return waits_ ? deadline_ : INT64_MAX; }
  const standing& where() const { return places_[next_].where(); }
  // Seconds after which one that was refused may come again.
  int64_t retry_after(int64_t now) const;

 private:
  std::deque<place> places_;
  size_t next_ = 0;  // that is entered, or will be
  int64_t deadline_ = 0;
  bool waits_ = false;
};

}  // namespace f0

#endif  // F0_CORE_TURN_ADMISSION_H_
