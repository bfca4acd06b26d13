// Copyright (C) 2026 The f0 authors

#include "worker.h"

namespace f0 {

void signature_store::put(string_view id, string_view signature) {
  if (id.size() + signature.size() > kMaxOne) return;
  if (auto it = index_.find(id); it != index_.end()) {
    bytes_ -= it->second->first.size() + it->second->second.size();
    auto old = it->second;
    index_.erase(it);
    recent_.erase(old);
  }
  recent_.emplace_front(id, signature);
  index_.emplace(recent_.front().first, recent_.begin());
  bytes_ += id.size() + signature.size();
  while (bytes_ > kMaxBytes) {
    const entry& last = recent_.back();
    bytes_ -= last.first.size() + last.second.size();
    index_.erase(last.first);
    recent_.pop_back();
  }
}

string_view signature_store::get(string_view id) {
  auto it = index_.find(id);
  if (it == index_.end()) return {};
  recent_.splice(recent_.begin(), recent_, it->second);
  return it->second->second;
}

}  // namespace f0
