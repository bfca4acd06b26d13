// Copyright (C) 2026 The f0 authors

#include "worker.h"

#include <iterator>

namespace f0 {

void state_store::drop(std::list<entry>::iterator e) {
  bytes_ -= cost(*e);
  index_.erase(e->first);
  recent_.erase(e);
}

void state_store::put(string_view key, string_view value) {
  if (value.empty() || key.size() + value.size() > F0_MEMORY_MAX) return;
  if (host_.put != nullptr) {
    return host_.put(host_.data, {key.data(), key.size()}, {value.data(), value.size()});
  }
  if (const auto it = index_.find(key); it != index_.end()) drop(it->second);
  recent_.emplace_front(key, value);
  index_.emplace(recent_.front().first, recent_.begin());
  bytes_ += cost(recent_.front());
  while (bytes_ > kMaxBytes) drop(std::prev(recent_.end()));
}

string_view state_store::get(string_view key) {
  if (host_.get != nullptr) {
    value_.resize(F0_MEMORY_MAX);
    const size_t n = host_.get(host_.data, {key.data(), key.size()}, value_.data());
    return string_view(value_).substr(0, n);
  }
  const auto it = index_.find(key);
  if (it == index_.end()) return {};
  recent_.splice(recent_.begin(), recent_, it->second);
  return it->second->second;
}

}  // namespace f0
