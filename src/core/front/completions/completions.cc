// Copyright (C) 2026 The f0 authors

#include "completions.h"

#include "../chat_completions/chat_completions.h"

namespace f0::front::completions {
namespace {

std::unique_ptr<stream_writer> chat_stream(const writer_options& o) {
  return kChatCompletions.stream(o);
}

std::unique_ptr<body_writer> chat_body(const writer_options& o) { return kChatCompletions.body(o); }

void write_error(std::string& out, const chat::api_error& t, string_view turn) {
  kChatCompletions.error(out, t, turn);
}

}  // namespace

const row kCompletions = {"completions", read, stream, body, write_error};
const row kFim = {"fim/completions", read, chat_stream, chat_body, write_error};

}  // namespace f0::front::completions
