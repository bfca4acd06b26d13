// Copyright (C) 2026 The f0 authors
//
// run.h - many events that differ in one text only: the fast lane of the fronts'
// writers (chat/event.h).

#ifndef F0_CORE_FRONT_RUN_H_
#define F0_CORE_FRONT_RUN_H_

#include <cstring>
#include <string>
#include <string_view>

#include "../base/budget.h"

namespace f0::front {

// Appends |n| > 0 texts, each between |frame|'s end and its beginning: |frame| is
// the |close| bytes that end an event and, behind them, what begins the next one.
//
// They are put together in a small buffer first: growing a string clears what it
// gains, and appending to it piece by piece costs more.
inline void append_run(std::string& out, string_view frame, size_t close, const string_view* texts,
                       size_t n) {
  const string_view before = frame.substr(close);
  if (n == 1) {
    out.append(before).append(*texts).append(frame.substr(0, close));
    return;
  }
  char buffer[4096];
  const char* const end = buffer + sizeof buffer;
  char* p = buffer;
  out.append(before);
  for (size_t i = 0; i < n; ++i) {
    const string_view s = texts[i];
    if (s.size() + frame.size() > static_cast<size_t>(end - p)) {
      out.append(buffer, static_cast<size_t>(p - buffer));
      p = buffer;
      if (s.size() + frame.size() > sizeof buffer) {
        out.append(s).append(frame);
        continue;
      }
    }
    std::memcpy(p, s.data(), s.size());
    p += s.size();
    std::memcpy(p, frame.data(), frame.size());
    p += frame.size();
  }
  out.append(buffer, static_cast<size_t>(p - buffer));
  out.resize(out.size() - before.size());
}

}  // namespace f0::front

#endif  // F0_CORE_FRONT_RUN_H_
