// Copyright (C) 2026 The f0 authors

#include "health.h"

#include <algorithm>

namespace f0 {
namespace {

constexpr int64_t kWindow = 30'000;       // failures in a row count for so long
constexpr int64_t kLongest = 300'000;     // a breaker stays open, however often it opened
constexpr int64_t kLimited = 2'000;       // without Retry-After
constexpr int64_t kLeastLimited = 1'000;  // with it
constexpr int64_t kMostLimited = 60'000;
constexpr int64_t kProbing = 250;  // whoever waits for another one's probe looks again

bool needs_probe(const provider_state& s) { return s.open_until != 0 || s.limited_until != 0; }

}  // namespace

void health_board::share(const f0_shared_t& s, void* const* slots, size_t n) {
  shared_ = s;
  slots_.clear();
  for (size_t i = 0; i < n; i++) slots_.push_back(static_cast<provider_state*>(slots[i]));
}

provider_state& health_board::of(unsigned provider) {
  if (provider < slots_.size()) return *slots_[provider];
  const size_t own = provider - slots_.size();
  while (own_.size() <= own) own_.push_back(provider_state{});
  return own_[own];
}

bool health_board::alive(int64_t worker) const {
  return worker == shared_.self || shared_.alive == nullptr ||
         shared_.alive(shared_.data, worker) != 0;
}

class health::guard {
 public:
  explicit guard(const health_board& b) : board_(b) { board_.lock(); }
  ~guard() { board_.unlock(); }
  guard(const guard&) = delete;
  guard& operator=(const guard&) = delete;

 private:
  const health_board& board_;
};

int64_t health::longest(unsigned provider) const {
  return std::max(breakers_[provider].cool_ms, kLongest);
}

// What lies further ahead than anything was ever set was left by another clock.
int64_t health::left(unsigned provider, int64_t until, int64_t now) const {
  return until <= now || until - now > longest(provider) ? 0 : until - now;
}

bool health::probed(const provider_state& s) const {
  return s.prober != 0 && board_.alive(s.prober);
}

int64_t health::cooling_of(unsigned provider, const provider_state& s, int64_t now) const {
  const int64_t ms =
      std::max(left(provider, s.open_until, now), left(provider, s.limited_until, now));
  if (ms > 0) return ms;
  return needs_probe(s) && probed(s) ? kProbing : 0;
}

int64_t health::cooling(unsigned provider, int64_t now) const {
  const provider_state& s = board_.of(provider);
  const guard g(board_);
  return cooling_of(provider, s, now);
}

bool health::take(unsigned provider, int64_t now, bool forced) {
  give_back();
  provider_state& s = board_.of(provider);
  const guard g(board_);
  if (!needs_probe(s)) return true;
  if (cooling_of(provider, s, now) > 0) {
    if (forced) ask_ = ask::forced;
    return forced;
  }
  ask_ = ask::probe;
  provider_ = provider;
  s.prober = board_.self();
  return true;
}

void health::answers(unsigned provider, int64_t) {
  if (ask_ == ask::plain) return;
  provider_state& s = board_.of(provider);
  const guard g(board_);
  s.open_until = s.limited_until = 0;
  end_ask(s);
}

// One that was asked before it opened says nothing of how it is now.
void health::succeeded(unsigned provider, int64_t) {
  provider_state& s = board_.of(provider);
  const guard g(board_);
  s.failures = 0;
  if (ask_ != ask::plain) s.open_until = s.limited_until = 0;
  if (s.open_until == 0) s.opened = 0;
  end_ask(s);
}

void health::failed(unsigned provider, int64_t now) {
  provider_state& s = board_.of(provider);
  const guard g(board_);
  const bool probe = ask_ == ask::probe;
  end_ask(s);
  if (s.open_until != 0 && !probe) return;
  if (probe) s.limited_until = 0;
  const unsigned fails = breakers_[provider].fails;
  s.failed_at[s.failures++ % provider_state::kFails] = now;
  // The first of so many in a row.
  const int64_t since =
      s.failures < fails ? INT64_MIN : s.failed_at[(s.failures - fails) % provider_state::kFails];
  if (s.opened > 0 || (since != INT64_MIN && now - since <= kWindow)) open(provider, s, now);
}

void health::open(unsigned provider, provider_state& s, int64_t now) const {
  int64_t ms = std::max<int64_t>(breakers_[provider].cool_ms, 1);
  for (unsigned i = 0; i < s.opened && ms < kLongest; i++) ms = std::min(ms * 2, kLongest);
  s.open_until = now + ms;
  s.opened++;
  s.failures = 0;
}

void health::limited(unsigned provider, int64_t now, int64_t ms) {
  provider_state& s = board_.of(provider);
  const guard g(board_);
  end_ask(s);
  ms = ms < 0 ? kLimited : std::clamp(ms, kLeastLimited, kMostLimited);
  s.limited_until = now + std::max(ms, left(provider, s.limited_until, now));
}

void health::neutral(unsigned, int64_t) { give_back(); }

void health::end_ask(provider_state& s) {
  if (ask_ == ask::probe && s.prober == board_.self()) s.prober = 0;
  ask_ = ask::plain;
}

void health::give_back() {
  if (ask_ == ask::probe) {
    provider_state& s = board_.of(provider_);
    const guard g(board_);
    end_ask(s);
  }
  ask_ = ask::plain;
}

}  // namespace f0
