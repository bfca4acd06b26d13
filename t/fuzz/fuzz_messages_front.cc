// Copyright (C) 2026 The f0 authors
//
// The Messages front.  Any bytes as a request, also of a count: it is refused with
// its place, or asked of each dialect, with nothing taken and not read; a turn of
// it is the same at every cut.

#include "front_request.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::check_request(f0::front::id::messages, bytes);
  fuzz::check_request(f0::front::id::count_tokens, bytes);
  for (const char* dialect : {"anthropic", "openai"}) {
    fuzz::host h(dialect, "chat", "", F0_FRONT_MESSAGES);
    fuzz::play_all(h, bytes, {{"", "text/plain", 500}});
  }
  return 0;
}
