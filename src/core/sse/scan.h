// Copyright (C) 2026 The f0 authors
//
// scan.h - the next byte of interest, sixteen at a time where the machine can.

#ifndef F0_CORE_SSE_SCAN_H_
#define F0_CORE_SSE_SCAN_H_

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace f0::sse {

// The first LF or CR in [p, end), or |end|.
inline const char* find_eol(const char* p, const char* end) noexcept {
#if defined(__SSE2__)
  const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
  for (; end - p >= 16; p += 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const unsigned hit = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr))));
    if (hit != 0) return p + __builtin_ctz(hit);
  }
#endif
  while (p != end && *p != '\n' && *p != '\r') ++p;
  return p;
}

#if defined(__SSE2__)
// Of the 16 bytes at |p|, a bit for each that is not just a character of plain
// string text: a quote, a backslash, below 0x20 or above 0x7f.
inline unsigned odd_bytes(const char* p) noexcept {
  const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const __m128i mark =
      _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
  // Signed: what is above 0x7f is below 0, too.
  const __m128i out = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(out, mark)));
}
#endif

}  // namespace f0::sse

#endif  // F0_CORE_SSE_SCAN_H_
