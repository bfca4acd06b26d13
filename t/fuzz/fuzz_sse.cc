// Copyright (C) 2026 The f0 authors
//
// Server-sent events: what the decoder gives is what a simple reader of the
// whole text gives, however the bytes are cut.

#include "decoded.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::check(f0::sse::framing::events, {reinterpret_cast<const char*>(data), size});
  return 0;
}
