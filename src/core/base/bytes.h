// Copyright (C) 2026 The f0 authors
//
// bytes.h - bytes that come in pieces, in one place.

#ifndef F0_CORE_BASE_BYTES_H_
#define F0_CORE_BASE_BYTES_H_

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "budget.h"

namespace f0 {

// As std::string, but large ones grow without being copied (realloc() moves
// pages), and what is not yet used is no memory.
class bytes {
 public:
  bytes() = default;
  bytes(const bytes&) = delete;
  bytes& operator=(const bytes&) = delete;
  ~bytes() { free(data_); }

  void append(string_view s) {
    if (s.empty()) return;
    if (s.size() > room_ - size_) grow(size_ + s.size());
    memcpy(data_ + size_, s.data(), s.size());
    size_ += s.size();
  }
  // No more will come.
  void fit() {
    if (room_ > size_ + size_ / 8) resize(size_);
  }
  void clear() {
    free(data_);
    data_ = nullptr;
    size_ = room_ = 0;
  }
  size_t size() const { return size_; }
  string_view view() const { return {data_, size_}; }

 private:
  void grow(size_t want) { resize(want > 2 * room_ ? want : 2 * room_); }
  void resize(size_t room) {
    if (room == 0) return;
    void* p = realloc(data_, room);
    if (!p) throw std::bad_alloc();
    data_ = static_cast<char*>(p);
    room_ = room;
  }

  char* data_ = nullptr;
  size_t size_ = 0, room_ = 0;
};

}  // namespace f0

#endif  // F0_CORE_BASE_BYTES_H_
