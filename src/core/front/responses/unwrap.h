// Copyright (C) 2026 The f0 authors
//
// unwrap.h - the text in {"input":"..."}, while it comes: a custom tool is a
// function with one string to those who know no other tools.

#ifndef F0_CORE_FRONT_RESPONSES_UNWRAP_H_
#define F0_CORE_FRONT_RESPONSES_UNWRAP_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "../../base/budget.h"

namespace f0::front::responses {

class unwrapped {
 public:
  // Appends to |out| what |json| tells of the text, whole characters.  False: it
  // is told no longer, since these arguments have another form.
  bool feed(std::string& out, string_view json);
  // The text is over.
  bool over() const { return state_ == state::over; }
  // It began: what was appended is its beginning.
  bool begun() const { return begun_; }

 private:
  enum class state : uint8_t { brace, key, colon, quote, text, escape, hex, over, other };

  void before(char c);
  size_t plain(std::string& out, string_view json);
  void unit(std::string& out);
  void lone(std::string& out);

  state state_ = state::brace;
  bool begun_ = false;
  uint8_t at_ = 0;     // in the key, or hexadecimal digits so far
  uint16_t unit_ = 0;  // that they say
  uint16_t high_ = 0;  // the first half of a pair whose second one is due; 0: none
};

// The text of whole arguments, whatever their form: what a custom tool gets.
void append_input(std::string& out, string_view arguments);

}  // namespace f0::front::responses

#endif  // F0_CORE_FRONT_RESPONSES_UNWRAP_H_
