// Copyright (C) 2026 The f0 authors
//
// fence_end.h - at which of the bare fence lines does a whole file end?
//
//   ```markdown            the file's own fence
//   # Ferry
//
//   ```                    opens: a blank line above, text right behind
//   pip install ferry
//   ```                    closes what is open
//
//   MIT
//   ```                    the end: nothing is open, a blank line behind
//
//   That is all.
//
// Within the file and in the prose behind it opening and closing must alternate;
// the end is the one bare line for which they do.  What a bare line may be where
// nothing is open, its neighbours say.

#ifndef F0_CORE_EDIT_FENCE_END_H_
#define F0_CORE_EDIT_FENCE_END_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "../base/budget.h"

namespace f0::edit {

enum class fence_line : uint8_t {
  info,    // with an info string: it opens
  opens,   // bare, as its neighbours say
  closes,  // bare
  either   // bare, text on both sides
};

// What a bare line may be by the lines beside it.
constexpr fence_line bare_line(bool blank_above, bool blank_below) {
  if (blank_below) return fence_line::closes;
  return blank_above ? fence_line::opens : fence_line::either;
}

// Takes the fence lines of a file's own kind in order.  Constant in memory.
class fence_end {
 public:
  enum class verdict : uint8_t { open, found, several, none };

  void take(size_t line, fence_line what);
  // The one line that must be the end, as soon as no other can be.
  std::optional<size_t> decided() const;
  // Something begins that can't be in the prose behind the file: which lines
  // would be its end so far?  |open|: none, the file goes on.
  verdict boundary();
  // The answer is over.
  verdict finish();
  size_t end() const { return end_; }  // of |found|
  // |found| by finish(): it was the only bare line, and its neighbours would
  // have it open something.
  bool against_neighbours() const { return against_; }
  bool other_lines() const { return lines_ > 1; }

 private:
  // Ends that are in the same state: how many, and one of them.
  struct group {
    size_t n = 0, line = 0;
    void add(const group& g) {
      if (n == 0) line = g.line;
      n += g.n;
    }
  };

  group closed_, open_;  // by what the prose behind the end left
  bool alive_ = true;    // the file may still go on
  bool inner_ = false;   // something is open within it
  size_t lines_ = 0;
  size_t bare_ = 0, bare_line_ = 0;  // those that did not close a named one
  bool named_ = false;               // what is open has an info string
  bool bare_opens_ = false;
  size_t end_ = 0;
  bool against_ = false;
};

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_FENCE_END_H_
