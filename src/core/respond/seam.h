// Copyright (C) 2026 The f0 authors
//
// seam.h - where one provider's text goes on with another one's: what the second
// says again of the first is left out.
//
// A model that is asked to go on often begins with the last words of what it was
// shown, or writes the fence of its code or the heading once more.  The beginning of
// its answer is held back until that is settled: a few characters mostly, some
// hundred at most.

#ifndef F0_CORE_RESPOND_SEAM_H_
#define F0_CORE_RESPOND_SEAM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"

namespace f0 {

// The longest beginning of what comes that is an end of what was there, found as
// Knuth, Morris and Pratt do.
class overlap {
 public:
  explicit overlap(string_view before) : before_(before) {}

  // The next byte.  True: it is settled, whatever follows.
  bool take(char c);
  // Nothing follows.
  void finish();
  size_t size() const { return size_; }

 private:
  void step();

  string_view before_;
  std::string seen_;
  std::vector<uint16_t> border_;  // of each beginning of |seen_|
  size_t at_ = 0;                 // |before_| up to here ...
  size_t size_ = 0;               // ... ends with so much of |seen_|
};

class seam {
 public:
  // |sent| is the text so far, valid UTF-8.  Of the white space at its end |unseen|
  // bytes are not known to who goes on with it.
  explicit seam(string_view sent, size_t unseen = 0);
  seam(const seam&) = delete;
  seam& operator=(const seam&) = delete;

  // What may be told once |piece|, of whole characters, has come; valid until the
  // next call, or as long as |piece|.
  string_view take(string_view piece);
  // Likewise, once there is no more.
  string_view end();
  bool settled() const { return stage_ == stage::settled; }

 private:
  // What is compared: words, then fences and headings, then words behind those.
  enum class stage : uint8_t { words, marks, words_again, settled };
  enum class fit : uint8_t { no, yes, more };

  void read(string_view sent);
  bool is_repeated(size_t n) const;
  void compare(string_view bytes);
  void words_over();
  void find_marks(bool last);
  fit match_marks(size_t& at, bool last);
  fit match_line(string_view line, size_t& at, bool last) const;
  void settle(size_t from);

  std::string tail_;     // of what was sent
  std::string fence_;    // the line that opened the code; empty: nothing can repeat it
  std::string heading_;  // the line above the text
  std::string unseen_;   // white space
  size_t mark_ = 0;      // bytes from the last fence or heading to the end, if no text follows it
  bool in_code_ = false, in_line_ = false;
  std::string held_, told_;
  size_t feeds_ = 0;       // line feeds of |held_| before a repeated mark
  size_t words_from_ = 0;  // in |held_|
  overlap words_;
  stage stage_ = stage::words;
};

}  // namespace f0

#endif  // F0_CORE_RESPOND_SEAM_H_
