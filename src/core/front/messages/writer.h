// Copyright (C) 2026 The f0 authors
//
// writer.h - what a client of the Messages API reads: fronts.md 3.  Private to
// the folder.

#ifndef F0_CORE_FRONT_MESSAGES_WRITER_H_
#define F0_CORE_FRONT_MESSAGES_WRITER_H_

#include <memory>
#include <string>
#include <string_view>

#include "../front.h"

namespace f0::front::messages {

using namespace chat;

std::unique_ptr<stream_writer> make_stream(const writer_options& o);
std::unique_ptr<body_writer> make_body(const writer_options& o);
void append_error(std::string& out, const api_error& t, string_view turn);

// What streams and bodies share.

// How it ended, as the client reads it.
struct ending {
  finish why = finish::none;
  bool refused = false;  // the model's words were a refusal
  bool calls = false;    // there were tool calls
  std::string sequence;  // the stop sequence that ended it; empty: none
};

// The members up to "content": id, type, role, model.
void append_head(std::string& out, const identity& who);
// "stop_reason":...,"stop_sequence":...
void append_stop(std::string& out, const ending& e);
// The object of usage: |u|, and guesses at what it lacks.
void append_usage(std::string& out, const chat::usage& u, int64_t prompt, int64_t completion);
// The signature of thoughts that nobody wants back: an envelope that holds nothing.
constexpr string_view kNoEnvelope = "f0.0";

// About so many tokens.
inline int64_t tokens_of(size_t bytes) { return static_cast<int64_t>((bytes + 3) / 4); }

}  // namespace f0::front::messages

#endif  // F0_CORE_FRONT_MESSAGES_WRITER_H_
