// Copyright (C) 2026 The f0 authors
//
// text.cc - UTF-8 and UTF-16 arithmetic, surrogates.

#include "text.h"

#include <cstring>

namespace f0::text {

namespace {

constexpr char kReplacement[] = "\xEF\xBF\xBD";

inline unsigned char byte_at(string_view s, size_t i) { return static_cast<unsigned char>(s[i]); }

// Length of the run of ASCII at |p|.
size_t ascii_run(const char* p, size_t n) {
  size_t i = 0;
  for (; n - i >= 8; i += 8) {
    uint64_t word;
    memcpy(&word, p + i, 8);
    if (word & 0x8080808080808080u) break;
  }
  while (i < n && static_cast<unsigned char>(p[i]) < 0x80) i++;
  return i;
}

// What a lead byte asks for: the number of continuation bytes, and the range
// of the first of them.  |need| 0: not a lead byte.
struct lead {
  uint8_t need, low, high;
};

lead lead_of(unsigned char c) {
  if (c >= 0xC2 && c <= 0xDF) return {1, 0x80, 0xBF};
  if (c == 0xE0) return {2, 0xA0, 0xBF};
  if (c == 0xED) return {2, 0x80, 0x9F};
  if (c >= 0xE1 && c <= 0xEF) return {2, 0x80, 0xBF};
  if (c == 0xF0) return {3, 0x90, 0xBF};
  if (c >= 0xF1 && c <= 0xF3) return {3, 0x80, 0xBF};
  if (c == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

// The length of the longest well-formed beginning of a character at |i|,
// which holds no ASCII byte; *whole tells if it is a character.
size_t sequence_at(string_view s, size_t i, bool* whole) {
  lead l = lead_of(byte_at(s, i));
  *whole = false;
  if (l.need == 0) return 1;
  size_t n = 1;
  for (; n <= l.need && i + n < s.size(); n++) {
    unsigned char c = byte_at(s, i + n);
    if (c < (n == 1 ? l.low : 0x80) || c > (n == 1 ? l.high : 0xBF)) return n;
  }
  *whole = n == size_t(l.need) + 1;
  return n;
}

// Bytes of the character that begins with |c|; |s| is valid.
inline size_t width(unsigned char c) { return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4; }

inline bool is_half(string_view s, size_t i, unsigned char low, unsigned char high) {
  return s.size() - i >= 3 && byte_at(s, i) == 0xED && byte_at(s, i + 1) >= low &&
         byte_at(s, i + 1) <= high;
}

inline bool is_high(string_view s, size_t i) { return is_half(s, i, 0xA0, 0xAF); }
inline bool is_low(string_view s, size_t i) { return is_half(s, i, 0xB0, 0xBF); }

unsigned half_value(string_view s, size_t i) {
  return (byte_at(s, i + 1) & 0x0Fu) << 6 | (byte_at(s, i + 2) & 0x3Fu);
}

void append_pair(std::string& out, string_view high, string_view low) {
  unsigned point = 0x10000 + (half_value(high, 0) << 10) + (half_value(low, 0) & 0x3FF);
  char c[4] = {char(0xF0 | point >> 18), char(0x80 | (point >> 12 & 0x3F)),
               char(0x80 | (point >> 6 & 0x3F)), char(0x80 | (point & 0x3F))};
  out.append(c, 4);
}

void join_all(std::string& out, string_view s, std::string* hold) {
  size_t done = 0;
  for (size_t i = 0;;) {
    const void* hit = i < s.size() ? memchr(s.data() + i, 0xED, s.size() - i) : nullptr;
    if (!hit) break;
    i = static_cast<const char*>(hit) - s.data();
    bool high = is_high(s, i);
    if (!high && !is_low(s, i)) {
      i++;
      continue;
    }
    out.append(s.data() + done, i - done);
    if (high && i + 3 < s.size() && is_low(s, i + 3)) {
      append_pair(out, s.substr(i, 3), s.substr(i + 3, 3));
      i += 6;
    } else if (high && hold && i + 3 == s.size()) {
      hold->assign(s.data() + i, 3);
      i += 3;
    } else {
      out.append(kReplacement, 3);
      i += 3;
    }
    done = i;
  }
  out.append(s.data() + done, s.size() - done);
}

inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Of one character.
bool is_wide_space(string_view c) {
  if (c.size() == 1) return is_space(c[0]) || (c[0] >= 0x1C && c[0] <= 0x1F);
  if (c.size() == 2) return c == "\xC2\x85" || c == "\xC2\xA0";
  if (c.size() != 3) return false;
  unsigned char last = byte_at(c, 2);
  if (c.substr(0, 2) == "\xE2\x80")
    return last <= 0x8A || last == 0xA8 || last == 0xA9 || last == 0xAF;
  return c == "\xE1\x9A\x80" || c == "\xE2\x81\x9F" || c == "\xE3\x80\x80";
}

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

bool utf8_checker::feed(string_view s) noexcept {
  for (size_t i = 0; i < s.size();) {
    if (need_ == 0) {
      i += ascii_run(s.data() + i, s.size() - i);
      if (i == s.size()) return true;
      // Whole characters at once, while none can be cut.
      bool whole = true;
      while (s.size() - i >= 4 && byte_at(s, i) >= 0x80) {
        i += sequence_at(s, i, &whole);
        if (!whole) return false;
      }
      if (i == s.size() || byte_at(s, i) < 0x80) continue;
      lead l = lead_of(byte_at(s, i++));
      if (l.need == 0) return false;
      need_ = l.need;
      low_ = l.low;
      high_ = l.high;
      continue;
    }
    unsigned char c = byte_at(s, i++);
    if (c < low_ || c > high_) return false;
    low_ = 0x80;
    high_ = 0xBF;
    need_--;
  }
  return true;
}

bool valid_utf8(string_view s) noexcept {
  utf8_checker check;
  return check.feed(s) && check.complete();
}

void append_repaired(std::string& out, string_view s) {
  size_t done = 0;
  for (size_t i = 0;;) {
    i += ascii_run(s.data() + i, s.size() - i);
    if (i == s.size()) break;
    bool whole;
    size_t n = sequence_at(s, i, &whole);
    if (!whole) {
      out.append(s.data() + done, i - done);
      out.append(kReplacement, 3);
      done = i + n;
    }
    i += n;
  }
  out.append(s.data() + done, s.size() - done);
}

size_t incomplete_tail(string_view s) noexcept {
  for (size_t n = 1; n <= 3 && n <= s.size(); n++) {
    unsigned char c = byte_at(s, s.size() - n);
    if ((c & 0xC0) == 0x80) continue;
    if (c < 0x80) return 0;
    bool whole;
    size_t got = sequence_at(s, s.size() - n, &whole);
    return !whole && got == n && lead_of(c).need >= n ? n : 0;
  }
  return 0;
}

void append_joined(std::string& out, string_view s, std::string* hold) {
  if (!hold || hold->empty()) return join_all(out, s, hold);
  if (s.empty()) return;
  // Only the first half of |s| matters for the one that was held.
  std::string held;
  held.swap(*hold);
  if (is_low(s, 0)) {
    append_pair(out, held, s.substr(0, 3));
    s.remove_prefix(3);
  } else {
    out.append(kReplacement, 3);
  }
  join_all(out, s, hold);
}

size_t code_points(string_view s) noexcept {
  size_t n = 0;
  for (char c : s) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

size_t prefix_of(string_view s, size_t n) noexcept {
  size_t i = 0;
  for (; n > 0 && i < s.size(); n--) i += width(byte_at(s, i));
  return i < s.size() ? i : s.size();
}

string_view cut(string_view s, size_t n) noexcept {
  if (s.size() <= n) return s;
  while (n > 0 && (byte_at(s, n) & 0xC0) == 0x80) n--;
  return s.substr(0, n);
}

std::string cut_repaired(string_view s, size_t n) {
  std::string out;
  append_repaired(out, s.substr(0, n + 3));  // a character that begins before |n| is whole
  out.resize(cut(out, n).size());
  return out;
}

std::string for_log(string_view s) {
  constexpr size_t most = 300;
  std::string out = cut_repaired(s, most);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return out;
}

size_t utf16_to_byte(string_view s, int64_t index, bool up) noexcept {
  size_t i = 0;
  while (index > 0 && i < s.size()) {
    size_t w = width(byte_at(s, i));
    if (w == 4 && index == 1) return up ? i + w : i;
    index -= w == 4 ? 2 : 1;
    i += w;
  }
  return i < s.size() ? i : s.size();
}

size_t utf16_length(string_view s) noexcept {
  size_t n = 0;
  for (char c : s) {
    unsigned char u = static_cast<unsigned char>(c);
    n += (u & 0xC0) != 0x80;
    n += u >= 0xF0;
  }
  return n;
}

size_t find_quote_or_escape(string_view s, size_t i) noexcept {
  constexpr uint64_t kOnes = 0x0101010101010101u, kHighs = 0x8080808080808080u;
  for (; s.size() - i >= 8; i += 8) {
    uint64_t word;
    memcpy(&word, s.data() + i, 8);
    uint64_t q = word ^ (kOnes * '"'), b = word ^ (kOnes * '\\');
    if ((((q - kOnes) & ~q) | ((b - kOnes) & ~b)) & kHighs) break;
  }
  while (i < s.size() && s[i] != '"' && s[i] != '\\') i++;
  return i;
}

std::  // glibc's and musl's memmem() is the two-way algorithm.
    size_t
    find(string_view s, string_view what, size_t from) noexcept {
  if (from > s.size()) return string_view::npos;
  const void* at = memmem(s.data() + from, s.size() - from, what.data(), what.size());
  return at ? static_cast<size_t>(static_cast<const char*>(at) - s.data()) : string_view::npos;
}

string_view trim(string_view s) noexcept {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

std::string_view trim_right_unicode(string_view s) noexcept {
  while (!s.empty()) {
    size_t n = 1;
    while (n < s.size() && (byte_at(s, s.size() - n) & 0xC0) == 0x80) n++;
    if (!is_wide_space(s.substr(s.size() - n))) break;
    s.remove_suffix(n);
  }
  return s;
}

bool is_blank(string_view s) noexcept { return trim_right_unicode(s).empty(); }

std::string to_lower(string_view s) {
  std::string out(s);
  for (char& c : out) c = lower(c);
  return out;
}

bool iequals(string_view a, string_view b) noexcept {
  return a.size() == b.size() && istarts_with(a, b);
}

bool istarts_with(string_view s, string_view prefix) noexcept {
  if (s.size() < prefix.size()) return false;
  for (size_t i = 0; i < prefix.size(); i++) {
    if (lower(s[i]) != lower(prefix[i])) return false;
  }
  return true;
}

std::string percent_encode(string_view s) {
  static const char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(s.size());
  for (char c : s) {
    bool alnum = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
    if (alnum || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      unsigned char u = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[u >> 4];
      out += kHex[u & 15];
    }
  }
  return out;
}

std::string percent_decode(string_view s) {
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size(); i++) {
    int high = s[i] == '%' && i + 2 < s.size() ? hex_value(s[i + 1]) : -1;
    int low = high >= 0 ? hex_value(s[i + 2]) : -1;
    if (low >= 0) {
      out += char(high << 4 | low);
      i += 2;
    } else {
      out += s[i];
    }
  }
  return out;
}

}  // namespace f0::text
