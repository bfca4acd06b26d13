// Copyright (C) 2026 The f0 authors
//
// What a model says to the code agent: text with edits, in the form in which a
// provider would send it.  The input is the model's text.

#include "host.h"

namespace {

std::string quoted(std::string_view s) {
  static const char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : s) {
    auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || c == '"' || c == '\\') {
      out += "\\u00";
      out += kHex[u >> 4];
      out += kHex[u & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

constexpr std::string_view kRequest =
    R"({"model":"x","stream":true,"messages":[{"role":"user","content":"change it"}],)"
    R"("files":[{"path":"a.c","content":"int a;\nint b;\nint c;\n","allowEdit":true}]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string stream;
  for (size_t at = 0; at < text.size(); at += 16) {
    stream += R"(data: {"choices":[{"index":0,"delta":{"content":)" + quoted(text.substr(at, 16)) +
              "}}]}\n\n";
  }
  stream +=
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
      "data: [DONE]\n\n";
  fuzz::host h("openai", "agent");
  for (uint32_t seed : {0u, 2654435761u}) h.play(kRequest, stream, "text/event-stream", 200, seed);
  return 0;
}
