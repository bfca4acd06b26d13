// Copyright (C) 2026 The f0 authors
//
// A client's body, for each dialect: it is refused or asked, the same at every
// cut.

#include "host.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const char* dialect : {"openai", "anthropic", "gemini", "ollama", "responses"}) {
    fuzz::host h(dialect, "chat");
    fuzz::play_all(h, body, {{"", "text/plain", 500}});
  }
  return 0;
}
