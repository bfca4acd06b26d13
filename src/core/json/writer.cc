// Copyright (C) 2026 The f0 authors
//
// writer.cc - compact JSON, raw UTF-8.

#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../base/text.h"
#include "unread.h"

namespace f0::json {

namespace {

// What stands behind the backslash; 0: the byte is written as it is; 'u': as
// \u00xx.
struct escapes {
  char of[256] = {};
  constexpr escapes() {
    for (int c = 0; c < 0x20; c++) of[c] = 'u';
    of[int('"')] = '"';
    of[int('\\')] = '\\';
    of[int('\b')] = 'b';
    of[int('\f')] = 'f';
    of[int('\n')] = 'n';
    of[int('\r')] = 'r';
    of[int('\t')] = 't';
  }
};
constexpr escapes kEscapes;

// Length of the run at |p| that needs no escape.
size_t plain_run(const char* p, size_t n) {
  constexpr uint64_t kOnes = 0x0101010101010101u, kHighs = 0x8080808080808080u;
  size_t i = 0;
  for (; n - i >= 8; i += 8) {
    uint64_t w;
    memcpy(&w, p + i, 8);
    uint64_t q = w ^ (kOnes * '"'), b = w ^ (kOnes * '\\');
    uint64_t hit = ((q - kOnes) & ~q) | ((b - kOnes) & ~b) | ((w - kOnes * 0x20) & ~w);
    if ((hit & kHighs) == 0) continue;
    // The lowest mark is a true one.
    if constexpr (std::endian::native != std::endian::little) break;
    return i + static_cast<size_t>(__builtin_ctzll(hit & kHighs)) / 8;
  }
  while (i < n && !kEscapes.of[static_cast<unsigned char>(p[i])]) i++;
  return i;
}

void check([[maybe_unused]] string_view s) {
#ifdef F0_TESTING
  if (!text::valid_utf8(s)) {
    fprintf(stderr, "f0: text for JSON that is not UTF-8: %.*s\n", static_cast<int>(s.size()),
            s.data());
    abort();
  }
#endif
}

void append_text(std::string& out, string_view s) {
  // Halves of surrogates begin with ED, and so do some characters of Hangul.
  if (!s.empty() && memchr(s.data(), 0xED, s.size())) {
    std::string joined;
    text::append_joined(joined, s);
    append_string(out, joined);
  } else {
    append_string(out, s);
  }
}

void append_object(std::string& out, const value& v) {
  char before = '{';
  for (const member* m : v.unique_members()) {
    out += before;
    append_text(out, m->key);
    out += ':';
    append_value(out, m->val);
    before = ',';
  }
  if (before == '{') out += '{';
  out += '}';
}

}  // namespace

// Short pieces are put together first: each call of append() costs more.
void append_escaped(std::string& out, string_view s) {
  check(s);
  static const char kHex[] = "0123456789abcdef";
  constexpr size_t kShort = 64;
  char buffer[512];
  size_t n = 0;
  for (size_t at = 0; at < s.size();) {
    size_t run = plain_run(s.data() + at, s.size() - at);
    if (run > kShort || n + run + 6 > sizeof buffer) {
      out.append(buffer, n);
      n = 0;
    }
    if (run > kShort) {
      out.append(s.data() + at, run);
    } else {
      memcpy(buffer + n, s.data() + at, run);
      n += run;
    }
    at += run;
    if (at == s.size()) break;
    unsigned char c = static_cast<unsigned char>(s[at++]);
    char to[6] = {'\\', kEscapes.of[c], '0', '0', kHex[c >> 4], kHex[c & 15]};
    memcpy(buffer + n, to, 6);
    n += to[1] == 'u' ? 6 : 2;
  }
  out.append(buffer, n);
}

void append_string(std::string& out, string_view s) {
  constexpr size_t kShort = 64;
  if (s.size() <= kShort && plain_run(s.data(), s.size()) == s.size()) {
    char buffer[kShort + 2];
    buffer[0] = '"';
    s.copy(buffer + 1, s.size());  // which may have no data
    buffer[s.size() + 1] = '"';
    out.append(buffer, s.size() + 2);
    return check(s);
  }
  out += '"';
  append_escaped(out, s);
  out += '"';
}

void append_value(std::string& out, const value& v) {
  if (v.state_ != value::state::read) return v.source_->write(out, v);
  switch (v.type) {
    case kind::null:
      out += "null";
      break;
    case kind::boolean:
      out += v.boolean() ? "true" : "false";
      break;
    case kind::number:
      out += v.text();
      break;
    case kind::string:
      append_text(out, v.text());
      break;
    case kind::array: {
      char before = '[';
      for (const value& e : v) {
        out += before;
        append_value(out, e);
        before = ',';
      }
      if (before == '[') out += '[';
      out += ']';
      break;
    }
    case kind::object:
      append_object(out, v);
      break;
  }
}

}  // namespace f0::json
