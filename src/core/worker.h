// Copyright (C) 2026 The f0 authors
//
// worker.h - what the turns of one thread share: buffers for bytes that are on
// their way, and what providers want back in later requests.

#ifndef F0_CORE_WORKER_H_
#define F0_CORE_WORKER_H_

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../f0.h"
#include "base/budget.h"
#include "chat/failure.h"
#include "provider/stream.h"
#include "share/health.h"
#include "share/line.h"

namespace f0 {

class turn;

// What a provider wants back with a later request (translate.md 11), kept until
// then: by the host for all workers, or here.  Bounded; the least recently used go
// first, and a lost one is legal.
class state_store {
 public:
  // The host's memory takes the place of this one.
  void use(const f0_memory_t& m) { host_ = m; }

  void put(string_view key, string_view value);
  // Empty if it is not here.  Valid until the next call.
  string_view get(string_view key);

 private:
  static constexpr size_t kMaxBytes = 4 << 20;
  static constexpr size_t kEntry = 200;  // of an entry beside its bytes, about

  using entry = std::pair<std::string, std::string>;
  static size_t cost(const entry& e) { return e.first.size() + e.second.size() + kEntry; }
  void drop(std::list<entry>::iterator e);

  f0_memory_t host_{};
  std::string value_;        // the last one that the host gave
  std::list<entry> recent_;  // newest first
  std::unordered_map<string_view, std::list<entry>::iterator> index_;
  size_t bytes_ = 0;
};

class worker {
 public:
  worker() = default;
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  dialect::scratch scratch;
  json::document spare;  // for the next request: one that was read has a parser
  turn* owner = nullptr;
  std::string body;      // of an answer that is no turn
  chat::api_error told;  // and what it says
  std::string reason;
  state_store states;
  std::string key;  // that envelopes are sealed with (chat/envelope.h)
  health_board providers;
  waiting_room waiting;

  // Whether the log hears now that only the operator can help a provider: once a
  // minute it does.
  bool complains(unsigned provider, int64_t now) {
    constexpr int64_t kMinute = 60'000;
    if (complained_.size() <= provider) complained_.resize(provider + 1, INT64_MIN);
    int64_t& last = complained_[provider];
    if (last != INT64_MIN && now - last < kMinute) return false;
    last = now;
    return true;
  }

  // Output of |owner| that was not yet taken.
  std::string& out() { return *out_; }
  // Output that the host is reading.
  std::string& view() { return *view_; }
  // What was not yet taken is read now.
  void hand_over() { std::swap(out_, view_); }

 private:
  std::vector<int64_t> complained_;  // when, for each provider
  std::string first_, second_;
  std::string* out_ = &first_;
  std::string* view_ = &second_;
};

}  // namespace f0

#endif  // F0_CORE_WORKER_H_
