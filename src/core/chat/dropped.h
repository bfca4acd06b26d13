// Copyright (C) 2026 The f0 authors
//
// dropped.h - what of a request reaches nobody, in words that its client can
// follow: fronts.md 6, 10.

#ifndef F0_CORE_CHAT_DROPPED_H_
#define F0_CORE_CHAT_DROPPED_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"

namespace f0::chat {

// Pointers into the client's body ("tools[3] (web_search)"), in its order.  Kept
// are as many as the header can show, the others are counted.
class drop_list {
 public:
  void push_back(string_view entry);
  void push_back(string_view pointer, string_view type);
  void append(const drop_list& other);

  bool empty() const { return entries_.empty(); }
  size_t size() const { return entries_.size() + more_; }
  string_view first() const;  // its pointer alone
  // A header's value of at most 1 KB: visible ASCII, no comma but between entries.
  std::string header() const;

 private:
  std::vector<std::string> entries_;
  size_t bytes_ = 0, more_ = 0;
};

// What the neutral request has a word for, but not every dialect.
enum class member : uint8_t {
  temperature,
  top_p,
  top_k,
  seed,
  presence_penalty,
  frequency_penalty,
  user,
  effort,
  tool_choice,
  parallel_tool_calls,
  strict,              // of tools, where it is true
  format_description,  // of a JSON schema
  cache_control,       // marks, wherever they stand
  name,                // of messages
  detail,              // of pictures
  filename,
  count
};

// Where each of them stands in the client's body; empty: it was not sent, or says
// no more than the default does.
class places {
 public:
  drop_list& operator[](member m) { return at_[static_cast<size_t>(m)]; }
  const drop_list& operator[](member m) const { return at_[static_cast<size_t>(m)]; }

 private:
  std::array<drop_list, static_cast<size_t>(member::count)> at_;
};

}  // namespace f0::chat

#endif  // F0_CORE_CHAT_DROPPED_H_
