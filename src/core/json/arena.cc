// Copyright (C) 2026 The f0 authors

#include "arena.h"

#include <algorithm>
#include <type_traits>

namespace f0::json {

namespace {

constexpr size_t kFirstBlock = 4096;
constexpr size_t kMaxBlock = 1 << 20;
constexpr size_t kLarge = kFirstBlock / 4;  // not worth waste at a block's end
constexpr size_t kKeptStack = 4096;         // elements

}  // namespace

document::arena::~arena() {
  give_back();
  while (blocks) {
    block* next = blocks->next;
    free(blocks);
    blocks = next;
  }
  free(stack);
}

document::arena::block* document::arena::make_block(size_t size) {
  if (!charge(size)) return nullptr;
  block* b = static_cast<block*>(malloc(aligned(sizeof(block)) + size));
  if (!b) {
    if (owner) owner->release(size);
    charged -= size;
    return nullptr;
  }
  b->next = nullptr;
  b->size = size;
  held += size;
  return b;
}

// |n| is aligned, and too much for the current block.
void* document::arena::take_more(size_t n) {
  size_t size = blocks ? std::min(blocks->size * 2, kMaxBlock) : kFirstBlock;
  block* b = make_block(n > kLarge ? n : size);
  if (!b) return nullptr;
  if (n > kLarge && blocks) {
    // A block of its own: the rest of the current one stays in use.
    b->next = blocks->next;
    blocks->next = b;
    return start_of(b);
  }
  b->next = blocks;
  blocks = b;
  used = n;
  return start_of(b);
}

const char* document::arena::copy(string_view s) {
  if (s.empty()) return "";
  char* p = static_cast<char*>(take(s.size()));
  if (p) memcpy(p, s.data(), s.size());
  return p;
}

bool document::arena::grow_stack() {
  static_assert(std::is_trivially_copyable_v<value>);
  size_t want = room ? room * 2 : 64;
  size_t more = (want - room) * sizeof(value);
  if (owner && !owner->charge(more)) return false;
  stack_charged += more;
  void* grown = realloc(static_cast<void*>(stack), want * sizeof(value));
  if (!grown) {
    if (owner) owner->release(more);
    stack_charged -= more;
    return false;
  }
  stack = static_cast<value*>(grown);
  room = want;
  return true;
}

void document::arena::shrink_stack() {
  depth = 0;
  if (owner) owner->release(stack_charged);
  stack_charged = 0;
  if (room <= kKeptStack) return;
  free(stack);
  stack = nullptr;
  room = 0;
}

void document::arena::clear() {
  // The oldest block is kept, unless the first value was a giant.
  block* keep = nullptr;
  while (blocks) {
    block* next = blocks->next;
    if (!next && blocks->size <= kMaxBlock) {
      keep = blocks;
    } else {
      free(blocks);
    }
    blocks = next;
  }
  blocks = keep;
  held = keep ? keep->size : 0;
  used = depth = 0;
  give_back();
  owner = nullptr;
}

}  // namespace f0::json
