// Copyright (C) 2026 The f0 authors
//
// escape.h - the escapes of a JSON string.

#ifndef F0_CORE_JSON_ESCAPE_H_
#define F0_CORE_JSON_ESCAPE_H_

#include <cstring>
#include <string_view>

#include "../base/budget.h"

namespace f0::json {

// The value of the four hex digits behind "\u" at |i|, or -1.
inline int escape_at(string_view s, size_t i) {
  if (i > s.size() || s.size() - i < 6 || s[i] != '\\' || s[i + 1] != 'u') return -1;
  int v = 0;
  for (size_t k = i + 2; k < i + 6; k++) {
    char c = s[k] | 0x20;
    if (s[k] >= '0' && s[k] <= '9')
      v = v << 4 | (s[k] - '0');
    else if (c >= 'a' && c <= 'f')
      v = v << 4 | (c - 'a' + 10);
    else
      return -1;
  }
  return v;
}

// One escape of a valid string: what it stands for, and how long it is.
struct escape {
  uint32_t c = 0;  // a code point, or half of a surrogate pair that stands alone
  size_t size = 2;

  bool half() const { return c >= 0xD800 && c <= 0xDFFF; }
};

inline escape read_escape(string_view s, size_t i) {
  static constexpr char kFrom[] = "bfnrt", kTo[] = "\b\f\n\r\t";
  if (s[i + 1] != 'u') {
    const char* at = strchr(kFrom, s[i + 1]);
    return {static_cast<unsigned char>(at ? kTo[at - kFrom] : s[i + 1]), 2};
  }
  auto c = static_cast<uint32_t>(escape_at(s, i));
  if (c < 0xD800 || c > 0xDBFF) return {c, 6};
  int low = escape_at(s, i + 6);
  if (low < 0xDC00 || low > 0xDFFF) return {c, 6};
  return {0x10000 + ((c - 0xD800) << 10) + (static_cast<uint32_t>(low) - 0xDC00), 12};
}

// Writes |c| as UTF-8 (a half as its three bytes); returns the end.
inline char* put_code_point(char* p, uint32_t c) {
  if (c < 0x80) {
    *p++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *p++ = static_cast<char>(0xC0 | c >> 6);
    *p++ = static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *p++ = static_cast<char>(0xE0 | c >> 12);
    *p++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    *p++ = static_cast<char>(0x80 | (c & 0x3F));
  } else {
    *p++ = static_cast<char>(0xF0 | c >> 18);
    *p++ = static_cast<char>(0x80 | (c >> 12 & 0x3F));
    *p++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    *p++ = static_cast<char>(0x80 | (c & 0x3F));
  }
  return p;
}

}  // namespace f0::json

#endif  // F0_CORE_JSON_ESCAPE_H_
