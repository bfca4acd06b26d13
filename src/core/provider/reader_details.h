// Copyright (C) 2026 The f0 authors
//
// reader_details.h - reasoning_details that come in pieces, as those of one
// message (translate.md 11).

#ifndef F0_CORE_PROVIDER_READER_DETAILS_H_
#define F0_CORE_PROVIDER_READER_DETAILS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../base/budget.h"
#include "../json/json.h"

namespace f0::dialect {

// Pieces of one "type" and "index" are one entry: their texts are joined, of other
// members the last one counts.
class details_list {
 public:
  void add(const json::value& pieces);  // an array

  bool empty() const { return entries_.empty(); }
  size_t memory() const { return memory_; }
  std::string json() const;

 private:
  struct entry_member {
    std::string key;
    bool text;          // it grows
    std::string value;  // decoded if it grows, else JSON
  };
  struct entry {
    std::vector<entry_member> members;
    std::string other;  // JSON of what is no object
  };

  void merge(entry& e, const json::value& piece);

  std::vector<entry> entries_;
  std::unordered_map<std::string, size_t> places_;  // by type and index
  size_t memory_ = 0;
};

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_READER_DETAILS_H_
