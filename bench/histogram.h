// Copyright (C) 2026 The f0 authors
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>

namespace bench {

// Log-linear, 64 steps to each power of two: percentiles within 1.6 %.
class Histogram {
 public:
  void add(uint64_t ns) {
    int shift = std::max(0, int(std::bit_width(ns)) - 7);
    cells_[shift * 64 + (ns >> shift)]++;
    count_++;
    max_ = std::max(max_, ns);
  }

  // The |q| quantile, in microseconds.
  double at(double q) const {
    uint64_t want = std::max<uint64_t>(1, q * count_ + 0.5), seen = 0;
    for (size_t i = 0; i < cells_.size(); i++) {
      if ((seen += cells_[i]) < want) continue;
      size_t shift = i < 128 ? 0 : i / 64 - 1;
      return std::min<double>(max_, double((i - shift * 64) << shift)) / 1000;
    }
    return 0;
  }

  // As one more member of a JSON object; nothing if nothing was added.
  void print(const char* name) const {
    if (!count_) return;
    printf(
        ",\n \"%s\": {\"count\": %lu, \"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"max\": %.1f}",
        name, count_, at(.5), at(.9), at(.99), max_ / 1000.0);
  }

 private:
  std::array<uint64_t, 64 * 60> cells_{};
  uint64_t count_ = 0, max_ = 0;
};

}  // namespace bench
