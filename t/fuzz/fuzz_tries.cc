// Copyright (C) 2026 The f0 authors
//
// Two try lines: the input is the first provider's answer, the second one's is
// good or fails.  The first byte chooses dialects, mode, status and ends.

#include "host.h"

namespace {

constexpr std::string_view kGood =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"second\"}}]}\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
    "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n"
    "data: [DONE]\n\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string_view dialects[] = {"openai", "anthropic", "gemini", "ollama"};
  static const std::string_view types[] = {"text/event-stream", "application/x-ndjson",
                                           "application/json", ""};
  static const std::string_view modes[] = {"chat", "agent"};
  if (size == 0) return 0;
  const unsigned choose = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const int status = choose & 0x20 ? 503 : 200;
  const f0_model_end_t end = choose & 0x40 ? F0_END_TRUNCATED : F0_END_CLEAN;
  const fuzz::answer first = {bytes, types[choose >> 2 & 3], status, end};
  const fuzz::answer second = choose & 0x80 ? fuzz::answer{"busy", "text/plain", 503}
                                            : fuzz::answer{kGood};
  fuzz::host h(dialects[choose & 3], modes[choose >> 4 & 1], "openai");
  for (std::string_view body : {fuzz::kWhole, fuzz::kStream}) {
    fuzz::play_all(h, body, {first, second});
  }
  return 0;
}
