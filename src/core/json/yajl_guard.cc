// Copyright (C) 2026 The f0 authors

#include "yajl_guard.h"

#include <csetjmp>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace f0::json {

// What stands before each of yajl's blocks: they are all in one list.
struct alignas(std::max_align_t) yajl_guard::block {
  block* next;
  block** link;  // what points here

  void* bytes() { return this + 1; }
  static block* of(void* p) { return static_cast<block*>(p) - 1; }
  void join(block*& list) {
    next = list;
    if (next) next->link = &next;
    link = &list;
    list = this;
  }
  void leave() {
    *link = next;
    if (next) next->link = link;
  }
};

struct yajl_guard::rescue {
  jmp_buf from;
};

// Nothing but frames of yajl and of the allocator lies between the jump and its
// end, none of which has anything to destroy.
template <class F>
bool yajl_guard::run(F f) {
  rescue r;
  rescue_ = &r;
  if (setjmp(r.from) != 0) {
    rescue_ = nullptr;
    out_of_memory_ = true;
    return false;
  }
  bool good = f();
  rescue_ = nullptr;
  return good;
}

void* yajl_guard::allocate(void* p, size_t n) { return reallocate(p, nullptr, n); }

void* yajl_guard::reallocate(void* p, void* old, size_t n) {
  auto* self = static_cast<yajl_guard*>(p);
  block* b = old ? block::of(old) : nullptr;
  if (b) b->leave();
  auto* grown = static_cast<block*>(realloc(static_cast<void*>(b), sizeof(block) + n));
  if (grown) {
    grown->join(self->blocks_);
    return grown->bytes();
  }
  if (b) b->join(self->blocks_);
  longjmp(self->rescue_->from, 1);
}

void yajl_guard::release(void*, void* old) {
  if (!old) return;
  block* b = block::of(old);
  b->leave();
  free(b);
}

void yajl_guard::free_all() {
  while (blocks_) release(nullptr, blocks_->bytes());
}

yajl_guard::yajl_guard(const yajl_callbacks* callbacks, void* self, bool many) {
  bool good = run([&] {
    yajl_ = yajl_alloc(callbacks, &functions_, self);
    yajl_config(yajl_, yajl_dont_validate_strings, 1);
    if (many) yajl_config(yajl_, yajl_allow_multiple_values, 1);
    return true;
  });
  if (good) return;
  free_all();
  throw std::bad_alloc();
}

// What was left in the middle is in no state for yajl_free().
yajl_guard::~yajl_guard() { free_all(); }

bool yajl_guard::parse(string_view s) {
  if (s.empty()) return true;
  return run([&] {
    auto p = reinterpret_cast<const unsigned char*>(s.data());
    return yajl_parse(yajl_, p, s.size()) == yajl_status_ok;
  });
}

bool yajl_guard::finish() {
  return run([&] { return yajl_complete_parse(yajl_) == yajl_status_ok; });
}

}  // namespace f0::json
