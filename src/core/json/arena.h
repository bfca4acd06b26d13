// Copyright (C) 2026 The f0 authors
//
// arena.h - what parser and document share: the memory of values.

#ifndef F0_CORE_JSON_ARENA_H_
#define F0_CORE_JSON_ARENA_H_

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
  budget* owner = nullptr;  // is charged while a parser runs

  arena() = default;
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;
  ~arena();

  // Memory for |n| bytes, aligned for values; nullptr: the budget or the
  // machine has no more.
  void* take(size_t n);
  const char* copy(string_view s);
  bool push(const value& v);
  void shrink_stack();
  void clear();

 private:
  static char* start_of(block* b);
  block* make_block(size_t size);
};

}  // namespace f0::json

#endif  // F0_CORE_JSON_ARENA_H_
