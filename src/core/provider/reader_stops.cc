// Copyright (C) 2026 The f0 authors

#include "reader_stops.h"

#include <algorithm>
#include <utility>

namespace f0::dialect {

stop_set::stop_set(std::vector<std::string> stops) {
  for (std::string& s : stops) {
    if (s.empty()) continue;
    pattern p{std::move(s), {}};
    p.border.assign(p.text.size(), 0);
    uint32_t k = 0;
    for (size_t i = 1; i < p.text.size(); ++i) {
      while (k > 0 && p.text[i] != p.text[k]) k = p.border[k - 1];
      if (p.text[i] == p.text[k]) ++k;
      p.border[i] = k;
    }
    stops_.push_back(std::move(p));
  }
}

bool stop_search::take(string_view text, std::string& out) {
  const size_t before = held_.size();
  held_.append(text);
  for (size_t i = before; i < held_.size(); ++i) {
    size_t longest = 0;  // of the stops that are complete here
    for (size_t n = 0; n < matched_.size(); ++n) {
      const stop_set::pattern& p = set_->stops_[n];
      uint32_t k = matched_[n];
      while (k > 0 && p.text[k] != held_[i]) k = p.border[k - 1];
      if (p.text[k] == held_[i]) ++k;
      matched_[n] = k;
      if (k == p.text.size() && k > longest) {
        longest = k;
        stop_ = p.text;
      }
    }
    if (longest != 0) {
      out.assign(held_, 0, i + 1 - longest);
      held_.clear();
      return true;
    }
  }
  size_t keep = 0;
  for (const uint32_t k : matched_) keep = std::max<size_t>(keep, k);
  out.assign(held_, 0, held_.size() - keep);
  held_.erase(0, held_.size() - keep);
  return false;
}

std::string stop_search::flush() {
  std::fill(matched_.begin(), matched_.end(), 0);
  return std::exchange(held_, {});
}

}  // namespace f0::dialect
