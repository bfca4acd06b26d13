// Copyright (C) 2026 The f0 authors
//
// yajl_guard.h - yajl, which writes through the null pointer of a failed
// allocation, so that it fails in order: its allocator jumps out of it, and what
// it held is known here and freed.

#ifndef F0_CORE_JSON_YAJL_GUARD_H_
#define F0_CORE_JSON_YAJL_GUARD_H_

#include <yajl/yajl_parse.h>

#include <string_view>

#include "../base/budget.h"

namespace f0::json {

class yajl_guard {
 public:
  // Throws std::bad_alloc.  |callbacks|, which must not throw and whose context
  // is |self|, may be nullptr.  UTF-8 is checked elsewhere, strictly; yajl's own
  // check is not.
  yajl_guard(const yajl_callbacks* callbacks, void* self, bool many);
  ~yajl_guard();
  yajl_guard(const yajl_guard&) = delete;
  yajl_guard& operator=(const yajl_guard&) = delete;

  // False: it is no JSON, a callback has stopped it, or there is no memory.
  // After that only the destructor is of use.
  bool parse(string_view s);
  bool finish();
  bool out_of_memory() const { return out_of_memory_; }

 private:
  struct block;
  struct rescue;

  template <class F>
  bool run(F f);
  static void* allocate(void* p, size_t n);
  static void* reallocate(void* p, void* old, size_t n);
  static void release(void* p, void* old);
  void free_all();

  block* blocks_ = nullptr;
  rescue* rescue_ = nullptr;  // while yajl runs
  bool out_of_memory_ = false;
  yajl_alloc_funcs functions_{allocate, reallocate, release, this};
  yajl_handle yajl_ = nullptr;
};

}  // namespace f0::json

#endif  // F0_CORE_JSON_YAJL_GUARD_H_
