// Copyright (C) 2026 The f0 authors

#include "http_reader.h"

#include <strings.h>

#include <algorithm>
#include <utility>

#include "common.h"

namespace bench {

void HttpReader::fail(const char* why) {
  failure_ = why;
  state_ = State::kFailed;
}

// Moves bytes to line_, to the end of a line (to the empty one in the head).
bool HttpReader::take_line(std::string_view& d) {
  while (!d.empty()) {
    size_t n = std::min(d.size(), d.find('\n')) + 1;
    line_ += d.substr(0, n);
    d.remove_prefix(std::min(n, d.size()));
    if (line_.ends_with(state_ == State::kHead ? "\r\n\r\n" : "\r\n")) return true;
  }
  return false;
}

void HttpReader::parse_head() {
  std::string head = std::exchange(line_, "");
  if (!head.starts_with("HTTP/1.1 200")) {
    static thread_local std::string why;
    why = "status " + head.substr(std::min<size_t>(head.size(), 9), 3);
    return fail(why.c_str());
  }
  bool known = false;
  for (size_t at = head.find("\r\n"); at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
    const char* line = head.c_str() + at + 2;
    if (!strncasecmp(line, "content-length:", 15)) {
      left_ = to_long(std::string_view(line + 16));
      state_ = State::kLength;
      known = true;
    } else if (!strncasecmp(line, "transfer-encoding: chunked", 26)) {
      state_ = State::kChunkSize;
      known = true;
    } else if (!strncasecmp(line, "connection: close", 17)) {
      closes_ = true;
    }
  }
  if (!known) fail("neither chunked nor with a length");
}

void HttpReader::on_line() {
  std::string line = std::exchange(line_, "");
  switch (state_) {
    case State::kChunkSize:
      left_ = to_long(line, 16);
      if (line.find_first_not_of("0123456789abcdefABCDEF") != line.size() - 2)
        fail("bad chunk size");
      else
        state_ = left_ ? State::kChunkData : State::kTrailer;
      break;
    case State::kChunkEnd:
      if (line != "\r\n")
        fail("bad chunk end");
      else
        state_ = State::kChunkSize;
      break;
    default:
      if (line != "\r\n")
        fail("bad trailer");
      else
        state_ = State::kComplete;
  }
}

bool HttpReader::next(std::string_view& d, std::string_view& body) {
  for (;;) {
    switch (state_) {
      case State::kHead:
        if (!take_line(d)) return false;
        parse_head();
        break;
      case State::kLength:
      case State::kChunkData:
        if (!left_) {
          state_ = state_ == State::kLength ? State::kComplete : State::kChunkEnd;
          break;
        }
        if (d.empty()) return false;
        body = d.substr(0, left_);
        left_ -= body.size();
        d.remove_prefix(body.size());
        return true;
      case State::kChunkSize:
      case State::kChunkEnd:
      case State::kTrailer:
        if (!take_line(d)) return false;
        on_line();
        break;
      case State::kComplete:
      case State::kFailed:
        return false;
    }
  }
}

}  // namespace bench
