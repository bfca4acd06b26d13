// Copyright (C) 2026 The f0 authors
//
// object_scan.h - whether a text is a JSON object, while it comes.

#ifndef F0_CORE_JSON_OBJECT_SCAN_H_
#define F0_CORE_JSON_OBJECT_SCAN_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "../base/budget.h"

namespace f0::json {

// Whether a text that comes in pieces is, so far, one JSON object and nothing
// else.  Each byte is looked at once.
class object_scan {
 public:
  void feed(string_view text);
  bool whole() const noexcept { return state_ == state::end && object_; }

 private:
  enum class state : uint8_t {
    value,        // a value is due
    first_value,  // or the end of its array
    first_key,    // a key is due, or the end of its object
    key,
    colon,
    next,  // a comma, or an end
    text,
    escape,
    hex,
    number,
    word,
    end,
    bad
  };

  void begin_value(char c);
  bool number(char c);
  void close(char c);
  void value_over();

  std::vector<bool> open_;  // of what is open, outermost first: is it an object?
  state state_ = state::value;
  bool object_ = false;  // the outermost value is one
  bool in_key_ = false;  // the string is a key
  uint8_t left_ = 0;     // hexadecimal digits that are due, or a word's place
  uint8_t part_ = 0;     // of a number
  const char* word_ = nullptr;
};

}  // namespace f0::json

#endif  // F0_CORE_JSON_OBJECT_SCAN_H_
