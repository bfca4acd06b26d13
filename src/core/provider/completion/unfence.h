// Copyright (C) 2026 The f0 authors
//
// unfence.h - takes the fence off that a model put around the code it was to
// write: what an editor inserts is code, whatever the model is used to.

#ifndef F0_CORE_PROVIDER_COMPLETION_UNFENCE_H_
#define F0_CORE_PROVIDER_COMPLETION_UNFENCE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "../../base/budget.h"

namespace f0::dialect {

// Over any cuts, linear; what is held is a line of a fence at most.
//
// A fence is one if the answer begins with it; a line break before it may be the
// code's own, so that such a one must have an info string to be believed.
class unfence {
 public:
  // What is certain of the code is appended to |out|.  False: the fence was
  // closed, and what came behind it is no code.
  bool take(string_view text, std::string& out);
  // The answer is over: what was held is code, or it is not.
  void finish(std::string& out);
  // There is no fence: nothing will be held any more.
  bool passes() const { return now_ == state::plain; }

 private:
  enum class state : uint8_t {
    start,  // what |held_| may begin
    plain,  // there is none
    code,   // inside it
    line,   // likewise; |held_| may begin its last line
    behind  // it was closed
  };

  size_t begin();
  bool code(string_view text, std::string& out);
  bool goes_on(char c) const;

  std::string held_;
  state now_ = state::start;
  char mark_ = '`';
  size_t size_ = 0;   // of the fence
  size_t marks_ = 0;  // in |held_|, of the line
};

// Whether |text| ends inside a fence of its own: what comes next may close it.
bool ends_in_fence(string_view text);

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_COMPLETION_UNFENCE_H_
