// Copyright (C) 2026 The f0 authors

#include "json_walk.h"

#include <charconv>
#include <cstdint>

namespace bench {
namespace {

void append_utf8(std::string& s, uint32_t u) {
  if (u < 0x80) {
    s += char(u);
    return;
  }
  int extra = u < 0x800 ? 1 : u < 0x10000 ? 2 : 3;
  s += char(0xF0 << (3 - extra)) | char(u >> 6 * extra);
  while (extra--) s += char(0x80 | (u >> 6 * extra & 0x3F));
}

// The \uXXXX at |at|.
bool hex4(std::string_view s, size_t at, uint32_t& u) {
  if (at + 6 > s.size() || s[at] != '\\' || s[at + 1] != 'u') return false;
  const char* end = s.data() + at + 6;
  return std::from_chars(end - 4, end, u, 16).ptr == end;
}

}  // namespace

bool unescape(std::string_view raw, std::string& out) {
  static constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
  size_t i = 0;
  for (;;) {
    size_t special = std::min(raw.size(), raw.find_first_of("\"\\", i));
    out += raw.substr(i, special - i);
    if (special == raw.size()) return true;
    i = special;
    if (raw[i] == '"' || i + 1 == raw.size()) return false;
    uint32_t u, low;
    if (size_t k = kFrom.find(raw[i + 1]); k != kFrom.npos) {
      out += kTo[k];
      i += 2;
    } else if (hex4(raw, i, u)) {
      i += 6;
      if (u >= 0xD800 && u < 0xDC00 && hex4(raw, i, low)) {
        u = 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00);
        i += 6;
      }
      append_utf8(out, u);
    } else {
      return false;
    }
  }
}

}  // namespace bench
