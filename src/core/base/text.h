// Copyright (C) 2026 The f0 authors
//
// text.h - UTF-8 and UTF-16 arithmetic, surrogates.
//
// "WTF-8" below is UTF-8 that may hold surrogate halves as three bytes
// (ED A0..BF xx): the form in which json::parser hands escaped halves on, so
// that a pair cut between two events can still be joined (translate.md 8).

#ifndef F0_CORE_BASE_TEXT_H_
#define F0_CORE_BASE_TEXT_H_

#include <string>
#include <string_view>

#include "budget.h"

namespace f0::text {

// Strict UTF-8: no overlongs, no surrogates, nothing above U+10FFFF.
bool valid_utf8(string_view s) noexcept;

// The same over pieces cut anywhere.
class utf8_checker {
 public:
  bool feed(string_view s) noexcept;                     // false: the text can't become valid
  bool complete() const noexcept { return need_ == 0; }  // no character is open

 private:
  uint8_t need_ = 0, low_ = 0, high_ = 0;
};

// Appends |s| to |out|; each maximal invalid sequence becomes one U+FFFD.
void append_repaired(std::string& out, string_view s);

// How many bytes at the end of |s| may be the beginning of a character: 0..3.
size_t incomplete_tail(string_view s) noexcept;

// WTF-8 -> UTF-8: pairs of halves joined, the rest U+FFFD, appended to |out|.
// With |hold| a high half at the very end of |s| is not written but left in
// *hold (3 bytes; *hold is also put before |s|); without it becomes U+FFFD.
void append_joined(std::string& out, string_view s, std::string* hold = nullptr);

// Number of code points of valid UTF-8.
size_t code_points(string_view s) noexcept;

// Byte length of the first |n| code points (all of |s| if it has fewer).
size_t prefix_of(string_view s, size_t n) noexcept;

// At most |n| bytes of valid UTF-8, never cut inside a character: what every
// shortening of a text is done with.
string_view cut(string_view s, size_t n) noexcept;

// The same of bytes that came from anywhere: repaired first.
std::string cut_repaired(string_view s, size_t n);

// What of it may stand in a line of a log: cut, without control characters.
std::string for_log(string_view s);

// JavaScript's string index (UTF-16 code units) -> byte offset, clamped to the
// text.  An index inside a surrogate pair goes to its start, or its end if |up|.
size_t utf16_to_byte(string_view s, int64_t index, bool up) noexcept;

// Length in UTF-16 code units.
size_t utf16_length(string_view s) noexcept;

// Where the next '"' or '\\' stands at or after |i|; s.size() if there is none.
size_t find_quote_or_escape(string_view s, size_t i) noexcept;

// As s.find(what, from), but linear whatever the texts are.
size_t find(string_view s, string_view what, size_t from = 0) noexcept;

std::string_view trim(string_view s) noexcept;                // ASCII white space
std::string_view trim_right_unicode(string_view s) noexcept;  // all of Unicode's white space
bool is_blank(string_view s) noexcept;                        // nothing but Unicode's white space
std::string to_lower(string_view s);                          // ASCII only
bool iequals(string_view a, string_view b) noexcept;          // ASCII only
bool istarts_with(string_view s, string_view prefix) noexcept;

// RFC 3986 percent-encoding of everything but unreserved characters.
std::string percent_encode(string_view s);
std::string percent_decode(string_view s);  // bad escapes stay as they are

}  // namespace f0::text

#endif  // F0_CORE_BASE_TEXT_H_
