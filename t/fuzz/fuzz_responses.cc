// Copyright (C) 2026 The f0 authors
//
// A provider's answer in dialect responses, announced as a stream and as JSON.

#include "host.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view answer(reinterpret_cast<const char*>(data), size);
  fuzz::same_at_every_cut("responses", "text/event-stream", answer);
  fuzz::same_at_every_cut("responses", "application/json", answer);
  return 0;
}
