// Copyright (C) 2026 The f0 authors
//
// pause.h - how long a provider that was asked too often wants to be left alone.

#ifndef F0_CORE_CHAT_PAUSE_H_
#define F0_CORE_CHAT_PAUSE_H_

#include <cstdint>

#include "failure.h"

namespace f0::chat {

// Milliseconds, by retry-after-ms or Retry-After (seconds or a date); -1: it does
// not say.  |now|: Unix time, in milliseconds.
int64_t pause_of(const failure& f, int64_t now);

}  // namespace f0::chat

#endif  // F0_CORE_CHAT_PAUSE_H_
