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
// Of the 16 bytes at |p|, a bit for each that ends or breaks plain string text: a
// quote, a backslash, anything below 0x20.  *above: those above 0x7f.
inline unsigned specials(const char* p, unsigned* above) noexcept {
  const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const __m128i control = _mm_set1_epi8(0x1f);
  const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, control), v);
  const __m128i mark = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
  *above = static_cast<unsigned>(_mm_movemask_epi8(v));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(low, mark)));
}
#endif

// The first such byte in [p, end), or |end|.
inline const char* find_special(const char* p, const char* end) noexcept {
#if defined(__SSE2__)
  for (; end - p >= 16; p += 16) {
    unsigned above;
    const unsigned hit = specials(p, &above);
    if (hit != 0) return p + __builtin_ctz(hit);
  }
#endif
  while (p != end && static_cast<unsigned char>(*p) >= 0x20 && *p != '"' && *p != '\\') ++p;
  return p;
}

}  // namespace f0::sse

#endif  // F0_CORE_SSE_SCAN_H_
