// Copyright (C) 2026 The f0 authors
//
// budget.h - what every part of the core uses: the memory budget of a turn.

#ifndef F0_CORE_BASE_BUDGET_H_
#define F0_CORE_BASE_BUDGET_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace f0 {

using std::string_view;

// Counts what a turn holds, so that one request cannot take the worker's
// memory.  yajl cannot survive a failing allocator, so nothing fails: callers
// charge before they grow and stop in order when the answer is false.
class budget {
 public:
  explicit budget(size_t limit = SIZE_MAX) : limit_(limit) {}

  // False, and nothing charged, when |n| more bytes would pass the limit.
  bool charge(size_t n) noexcept {
    size_t before = used_.load(std::memory_order_relaxed);
    do {
      if (before > limit_ || n > limit_ - before) return false;
    } while (!used_.compare_exchange_weak(before, before + n, std::memory_order_relaxed));
    return true;
  }
  void release(size_t n) noexcept { used_.fetch_sub(n, std::memory_order_relaxed); }
  size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
  size_t limit() const noexcept { return limit_; }

 private:
  size_t limit_;
  std::atomic<size_t> used_ = 0;  // a work may charge while its turn gives back
};

// A part of a budget, given back at the end.
class holding {
 public:
  explicit holding(budget& b) : budget_(b) {}
  holding(const holding&) = delete;
  holding& operator=(const holding&) = delete;
  ~holding() { let_go(); }

  bool take(size_t n) noexcept {
    if (!budget_.charge(n)) return false;
    taken_ += n;
    return true;
  }
  void let_go() noexcept {
    budget_.release(taken_);
    taken_ = 0;
  }

 private:
  budget& budget_;
  size_t taken_ = 0;
};

}  // namespace f0

#endif  // F0_CORE_BASE_BUDGET_H_
