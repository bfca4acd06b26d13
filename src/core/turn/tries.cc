// Copyright (C) 2026 The f0 authors

#include "tries.h"

#include <algorithm>
#include <cstdio>
#include <new>
#include <utility>

#include "../chat/pause.h"

namespace f0 {
namespace {

constexpr int64_t kBackOff = 250;     // before the first ask beyond the round, at most
constexpr unsigned kDoublings = 2;    // of it
constexpr int64_t kLookAgain = 50;    // a line that was free was taken: milliseconds
constexpr int64_t kProbe = 500;       // another turn's probe is given so long
constexpr size_t kLongestLog = 2048;  // about
// Kept connections that were closed, one after the other: more than a host keeps.
constexpr uint8_t kAnew = 100;

uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

uint64_t hash(string_view s) {
  uint64_t h = 0xcbf29ce484222325;
  for (const char c : s) h = (h ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return h;
}

}  // namespace

tries::tries(const config& cf, const model& m, health_board& b, string_view seed, int64_t began,
             int64_t ends)
    : config_(cf),
      model_(m),
      retry_(m.retry),
      health_(b, cf.breakers()),
      seed_(hash(seed)),
      began_(began),
      ends_(ends),
      size_(static_cast<unsigned>(m.tries.size())) {}

bool tries::usable(unsigned line, const carries& can) {
  if ((checked_ & bit(line)) == 0) {
    checked_ |= bit(line);
    if (!can(line)) out_ |= bit(line);
  }
  return (out_ & bit(line)) == 0;
}

bool tries::take(unsigned line, int64_t now, bool forced) {
  if (!forced && health_.cooling(provider(line), now) > 0) return false;
  return health_.take(provider(line), now, forced);
}

tries::choice tries::ask(unsigned line) {
  due_ = INT64_MAX;
  chosen_ = true;
  rested_ = false;
  line_ = line;
  return {what::ask, line};
}

tries::choice tries::next(int64_t now, const carries& can) {
  while (visited_ < size_) {
    const unsigned line = (first_ + visited_++) % size_;
    if (usable(line, can) && take(line, now, false)) return ask(line);
  }
  if (tried_ != 0) return beyond(now, can);
  // All of them cool: a breaker alone refuses nobody.
  int soonest = -1;
  int64_t least = 0;
  for (unsigned i = 0; i < size_; i++) {
    if (!usable(i, can)) continue;
    const int64_t ms = health_.cooling(provider(i), now);
    if (soonest < 0 || ms < least) soonest = static_cast<int>(i), least = ms;
  }
  if (soonest < 0) return {what::none, 0};
  const unsigned line = static_cast<unsigned>(soonest);
  take(line, now, true);
  return ask(line);
}

// The first line behind the last one that may be asked; if it has to wait, until any
// may.
tries::choice tries::beyond(int64_t now, const carries& can) {
  due_ = INT64_MAX;
  const bool rested = std::exchange(rested_, false);
  if (extra_ >= retry_.times || now > began_ + retry_.budget_ms) return {what::none, 0};
  int64_t wait = INT64_MAX;
  for (unsigned k = 1; k <= size_; k++) {
    const unsigned line = (line_ + k) % size_;
    if (!usable(line, can)) continue;
    const int64_t cools = health_.cooling(provider(line), now);
    const int64_t rest = rested || (tried_ & bit(line)) == 0 ? 0 : back_off();
    if (cools == 0 && rest == 0 && take(line, now, false)) {
      extra_++;
      return ask(line);
    }
    // In all, since the last ask: what others learn there meanwhile may put it off.
    if (now + cools <= failed_at_ + retry_.wait_ms + (cools < kProbe ? kProbe : 0))
      wait = std::min(wait, cools > 0 ? cools : std::max(rest, kLookAgain));
    if (cools == 0 && rest > 0) break;
  }
  if (wait == INT64_MAX || now + wait > began_ + retry_.budget_ms || now + wait >= ends_) {
    return {what::none, 0};
  }
  rested_ = true;
  due_ = now + wait;
  return {what::wait, 0};
}

// Full jitter: those that failed together do not come back together.
int64_t tries::back_off() const {
  const int64_t most = kBackOff << std::min(extra_, kDoublings);
  return static_cast<int64_t>(mixed(seed_ + extra_) % static_cast<uint64_t>(most + 1));
}

void tries::begin(unsigned line, int64_t now) {
  first_ = line_ = line;
  visited_ = 1;
  extra_ = 0;
  tried_ = 0;
  kept_.reset();
  take(line, now, true);
  chosen_ = true;
}

void tries::pursue(unsigned line, int64_t now) {
  take(line, now, true);
  chosen_ = true;
}

// ---- one ask

void tries::asked(unsigned line, int64_t now) {
  line_ = line;
  tried_ |= bit(line);
  chosen_ = false;
  asked_at_ = now;
  status_ = 0;
  word_ = {};
}

void tries::answers(int64_t now) { health_.answers(provider(line_), now); }

void tries::succeeded(int64_t now) {
  note(word_, now);
  kept_.reset();
  health_.succeeded(provider(line_), now);
}

void tries::failed(const chat::failure& f, int64_t now, int64_t unix_ms) {
  note(word_, now);
  failed_at_ = now;
  const unsigned p = provider(line_);
  switch (chat::fault_of(f)) {
    case chat::fault::busy:
      return health_.limited(p, now, chat::pause_of(f, unix_ms));
    case chat::fault::operators:
      out_ |= bit(line_);
      break;
    case chat::fault::request:
      break;
    case chat::fault::provider:
      if (f.status >= 400 && f.status < 500) break;
      return health_.failed(p, now);
  }
  health_.neutral(p, now);
}

void tries::left(string_view word, bool late, int64_t now) {
  note(word, now);
  if (late) return health_.failed(provider(line_), now);
  health_.neutral(provider(line_), now);
}

bool tries::anew() {
  if (anew_ == kAnew) return false;
  anew_++;
  return true;
}

// A turn that is broken off must get through here: without memory its log lacks an
// entry.
void tries::note(string_view word, int64_t now) noexcept {
  if (log_.size() > kLongestLog) return;
  const int64_t ms = std::max<int64_t>(now - asked_at_, 0);
  char text[64];
  std::snprintf(text, sizeof(text), " %lld.%03d", static_cast<long long>(ms / 1000),
                static_cast<int>(ms % 1000));
  try {
    std::string entry = log_.empty() ? "" : ", ";
    entry.append(config_.provider_at(provider(line_)).name).append(1, ' ');
    entry.append(status_ > 0 ? std::to_string(status_) : std::string(word)).append(text);
    if (log_.size() + entry.size() > kLongestLog) entry += ", ...";
    log_ += entry;
  } catch (const std::bad_alloc&) {
    return;
  }
}

// ---- what is told

// Where a provider will be free again, or may be better next time, nobody is told
// that only the operator can help; of two that are busy the sooner one counts.
void tries::keep(const chat::failure& f, bool timed_out, int64_t unix_ms) {
  const chat::fault fault = chat::fault_of(f);
  const int64_t pause = fault == chat::fault::busy ? chat::pause_of(f, unix_ms) : -1;
  if (kept_) {
    const chat::fault old = kept_->fault;
    if (fault == chat::fault::operators && old != fault) return;
    const bool both_say = kept_->pause >= 0 && pause >= 0;
    if (old == chat::fault::busy && fault == old && both_say && kept_->pause <= pause) return;
  }
  kept_ = std::make_unique<failure>(failure{f, line_, timed_out, pause, fault});
}

}  // namespace f0
