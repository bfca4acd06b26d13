// Copyright (C) 2026 The f0 authors
//
// A provider's answer in the raw lane, announced as a stream, as JSON and not at
// all: its own bytes at every cut, and no more than one end.

#include "host.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::host h("openai", "raw");
  for (std::string_view type : {"text/event-stream", "application/json", ""}) {
    for (std::string_view body : {fuzz::kStream, fuzz::kWhole}) {
      for (f0_model_end_t end : {F0_END_CLEAN, F0_END_TRUNCATED}) {
        const std::vector<fuzz::answer> answers = {{bytes, type, 200, end}};
        const fuzz::outcome whole = h.play(body, answers, 0);
        for (uint32_t seed = 1; seed <= 2; seed++) {
          const fuzz::outcome cut = h.play(body, answers, seed * 2654435761u);
          fuzz::require(cut.status == whole.status && cut.end == whole.end, "another end");
          fuzz::require(cut.output == whole.output, "other bytes");
        }
        h.play(body, answers, 0, 2);
        h.play(body, answers, 0, -1, 1024);
      }
    }
  }
  return 0;
}
