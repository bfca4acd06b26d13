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

constexpr std::string_view kStream =
    R"({"model":"x","stream":true,"messages":[{"role":"user","content":"change it"}],)"
    R"("files":[{"path":"a.c","content":"int a;\nint b;\nint c;\n","allowEdit":true},)"
    R"({"path":"b/\u00e9.py","content":"def f():\n    return 1\n","allowEdit":true}]})";

constexpr std::string_view kEvents =
    R"({"model":"x","stream":true,"fz_stream":{"patches":"both","progress":"chunk"},)"
    R"("messages":[{"role":"user","content":"change it"}],)"
    R"("files":[{"path":"a.c","content":"int a;\nint b;\nint c;\n","allowEdit":true}]})";

constexpr std::string_view kBody =
    R"({"model":"x","messages":[{"role":"user","content":"change it"}],)"
    R"("files":[{"path":"a.c","content":"int a;\nint b;\nint c;\n","allowEdit":true}]})";

// The text in events of so many bytes.
std::string stream_of(std::string_view text, size_t each) {
  std::string stream;
  for (size_t at = 0; at < text.size(); at += each) {
    stream += R"(data: {"choices":[{"index":0,"delta":{"content":)" +
              quoted(text.substr(at, each)) + "}}]}\n\n";
  }
  return stream +
         "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
         "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
         "data: [DONE]\n\n";
}

}  // namespace

// What the model says first, and what it answers to a repair: the input, cut at
// its first NUL.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view first = text.substr(0, text.find('\0'));
  const std::string_view second = text.substr(std::min(text.size(), first.size() + 1));
  const std::string streams[] = {stream_of(first, 16), stream_of(second, 7)};
  fuzz::host h("openai", "agent");
  for (std::string_view request : {kStream, kEvents, kBody}) {
    fuzz::play_all(h, request, {{streams[0]}, {streams[1]}});
  }
  return 0;
}
