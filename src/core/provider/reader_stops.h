// Copyright (C) 2026 The f0 authors
//
// reader_stops.h - stop sequences that the provider was not given, enforced
// here (translate.md 1).

#ifndef F0_CORE_PROVIDER_READER_STOPS_H_
#define F0_CORE_PROVIDER_READER_STOPS_H_

#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"

namespace f0::dialect {

// The texts to look for, prepared once per call.
class stop_set {
 public:
  explicit stop_set(std::vector<std::string> stops);

  bool empty() const noexcept { return stops_.empty(); }
  size_t size() const noexcept { return stops_.size(); }

 private:
  friend class stop_search;
  struct pattern {
    std::string text;
    std::vector<uint32_t> border;  // of each prefix: its longest proper border
  };
  std::vector<pattern> stops_;
};

// The search in the content of one choice, over any cuts (Knuth-Morris-Pratt for
// each stop): linear, and what is held back is just what may begin a stop.
class stop_search {
 public:
  explicit stop_search(const stop_set& set) : set_(&set), matched_(set.size(), 0) {}

  // Takes |text| (whole characters).  What is certain goes to |out|.  True: a
  // stop is complete, |out| ends before it, and the rest is dropped.
  bool take(string_view text, std::string& out);

  // The stop that was complete.
  string_view stop() const { return stop_; }

  // What was held back turns out to be text.
  std::string flush();

 private:
  const stop_set* set_;
  std::string held_;
  string_view stop_;               // the set's
  std::vector<uint32_t> matched_;  // of each stop: how much of it |held_| ends with
};

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_READER_STOPS_H_
