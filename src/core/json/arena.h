// Copyright (C) 2026 The f0 authors
//
// arena.h - what parser and document share: the memory of values.

#ifndef F0_CORE_JSON_ARENA_H_
#define F0_CORE_JSON_ARENA_H_

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "json.h"

namespace f0::json {

// Blocks that only grow, and the stack on which arrays and objects are put
// together.  Nothing here throws: yajl's callbacks must not be unwound.
struct document::arena {
  struct block {
    block* next;
    size_t size;  // of what follows
  };

  block* blocks = nullptr;  // the current one first
  size_t used = 0;          // of the current block
  size_t held = 0;          // all blocks
  value* stack = nullptr;   // elements of the open arrays and objects
  size_t depth = 0, room = 0;
  budget* owner = nullptr;  // is charged for all of it, until clear()
  size_t charged = 0;       // of |owner|, for blocks
  size_t stack_charged = 0;

  arena() = default;
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;
  ~arena();

  // Memory for |n| bytes, aligned for values; nullptr: the budget or the
  // machine has no more.
  void* take(size_t n) {
    n = aligned(n);
    if (!blocks || blocks->size - used < n) return take_more(n);
    void* p = start_of(blocks) + used;
    used += n;
    return p;
  }
  const char* copy(string_view s);
  bool push(const value& v) {
    if (depth == room && !grow_stack()) return false;
    stack[depth++] = v;
    return true;
  }
  void shrink_stack();
  void clear();
  // Charges |b| (may be nullptr) for what is there, and for what is taken from now
  // on.
  bool charge_to(budget* b) {
    give_back();
    owner = b;
    return charge(held);
  }
  // For what stands beside the blocks.
  bool charge(size_t n) {
    if (owner && !owner->charge(n)) return false;
    charged += n;
    return true;
  }

 private:
  static constexpr size_t aligned(size_t n) {
    constexpr size_t k = alignof(std::max_align_t);
    return (n + k - 1) & ~(k - 1);
  }
  static char* start_of(block* b) { return reinterpret_cast<char*>(b) + aligned(sizeof(block)); }
  void give_back() {
    if (owner) owner->release(charged + stack_charged);
    charged = stack_charged = 0;
  }
  block* make_block(size_t size);
  void* take_more(size_t n);
  bool grow_stack();
};

}  // namespace f0::json

#endif  // F0_CORE_JSON_ARENA_H_
