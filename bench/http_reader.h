// Copyright (C) 2026 The f0 authors
#pragma once

#include <string>
#include <string_view>

namespace bench {

// Reads one HTTP/1.1 answer, chunked or with a length; anything else, and any
// status but 200, is a failure.
class HttpReader {
 public:
  // Takes bytes off |d|.  True: |body| is the next piece of the body, and there
  // may be more.  False: all of |d| was taken, or the answer is over.
  bool next(std::string_view& d, std::string_view& body);

  bool complete() const { return state_ == State::kComplete; }
  // NULL: none.
  const char* failure() const { return failure_; }
  // Whether the server closes the connection after this answer.
  bool closes() const { return closes_; }

 private:
  enum class State {
    kHead,
    kLength,
    kChunkSize,
    kChunkData,
    kChunkEnd,
    kTrailer,
    kComplete,
    kFailed
  };

  void fail(const char* why);
  void parse_head();
  void on_line();
  bool take_line(std::string_view& d);

  State state_ = State::kHead;
  std::string line_;  // the head, then a line of the chunked coding
  size_t left_ = 0;
  bool closes_ = false;
  const char* failure_ = nullptr;
};

}  // namespace bench
