// Copyright (C) 2026 The f0 authors

#include "admission.h"

#include <algorithm>
#include <cstring>

namespace f0 {
namespace {

constexpr int64_t kLongestPause = 3'600;  // seconds

// A client is told by a digest: any part of it does.
uint64_t key_of(std::string_view client) {
  uint64_t key = 0;
  std::memcpy(&key, client.data(), std::min(client.size(), sizeof(key)));
  return key;
}

}  // namespace

admission::admission(waiting_room& room, const f0_turn_options_t& o, std::string_view client,
                     void* turn) {
  for (size_t i = 0; i < o.nlimits; i++) {
    places_.emplace_back(room, o.limits[i], key_of(client), o.weight, turn);
  }
}

admission::answer admission::go_on(int64_t now) {
  for (; next_ < places_.size(); next_++) {
    place& p = places_[next_];
    if (waits_) {
      if (!p.in()) return now < deadline_ ? answer::waits : answer::refused;
      waits_ = false;
      continue;
    }
    switch (p.enter(now)) {
      case place::answer::in:
        continue;
      case place::answer::waits:
        waits_ = true;
        deadline_ = now + p.wait_ms();
        return answer::waits;
      case place::answer::full:
        return answer::refused;
    }
  }
  return answer::in;
}

void admission::leave(int64_t now) {
  for (place& p : places_) p.leave(now);
  waits_ = false;
}

int64_t admission::retry_after(int64_t now) const {
  const int64_t ms = next_ < places_.size() ? places_[next_].pause(now) : 0;
  return std::clamp<int64_t>((ms + 999) / 1000, 1, kLongestPause);
}

}  // namespace f0
