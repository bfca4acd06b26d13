// Copyright (C) 2026 The f0 authors
//
// raw_json.h - where things stand in JSON whose bytes are to stay as they are: in a
// body, or in an event of a stream, whose data may be cut into lines.

#ifndef F0_CORE_FRONT_RAW_JSON_H_
#define F0_CORE_FRONT_RAW_JSON_H_

#include <cstddef>
#include <string_view>

#include "../base/budget.h"

namespace f0::front {

// Moves over JSON that is known to be valid; over other bytes it comes to an end
// somewhere.
class raw_json {
 public:
  // |event|: it is an event's lines.
  explicit raw_json(string_view s, bool event = false) : s_(s), event_(event) {
    if (s_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    if (event_) line();
    white();
  }

  size_t at() const { return at_; }
  bool at(char c) const { return at_ < s_.size() && s_[at_] == c; }

  // Enters an object or array: at its first key or value, or its end.
  void enter() { step(); }
  // In an object, at a key: at its value; the key without its quotes, as it is
  // written.  Empty: the object is over.
  string_view key();
  // In an array, at a value.
  bool more() const { return at_ < s_.size() && s_[at_] != ']'; }
  // Over the value; then over a comma, if there is one.
  void skip();
  void comma() {
    if (at(',')) step();
  }
  // Enters the object and goes to its member's value; false: it has none.
  bool find(string_view name);
  // The string at hand without its quotes, as it is written.
  string_view text() const;

 private:
  void step() {
    if (at_ < s_.size()) ++at_;
    white();
  }
  void white();
  void line();
  size_t string_end(size_t quote) const;  // behind its closing quote

  string_view s_;
  size_t at_ = 0;
  bool event_;
};

}  // namespace f0::front

#endif  // F0_CORE_FRONT_RAW_JSON_H_
