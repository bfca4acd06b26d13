// Copyright (C) 2026 The f0 authors

#include "chat_completions.h"

#include "request.h"
#include "writer.h"

namespace f0::front {
namespace {

std::unique_ptr<stream_writer> make_stream(const writer_options& o) {
  return std::make_unique<chunk_writer>(o.who, o.request.include_usage);
}

std::unique_ptr<body_writer> make_body(const writer_options& o) {
  return std::make_unique<completion_writer>(o.who, o.memory);
}

void write_error(std::string& out, const chat::api_error& t, string_view) {
  chat::append_error_object(out, t);
}

}  // namespace

const row kChatCompletions = {"chat", read_request, make_stream, make_body, write_error};

}  // namespace f0::front
