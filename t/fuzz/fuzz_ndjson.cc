// Copyright (C) 2026 The f0 authors
//
// Newline-delimited JSON: the same lines at every cut.

#include "decoded.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::check(f0::sse::framing::lines, {reinterpret_cast<const char*>(data), size});
  return 0;
}
