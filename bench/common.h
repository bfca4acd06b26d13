// Copyright (C) 2026 The f0 authors
//
// What the mock provider and the load generator agree on: how a request asks
// for an answer, and the content that such an answer must carry.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

// CLOCK_MONOTONIC, so that a stamp of one process can be read by another.
uint64_t now_ns();

void raise_fd_limit();

// Prints |what| with errno's message and exits.
[[noreturn]] void die(const char* what);

// The number at the start of |s|, 0 if there is none.
long to_long(std::string_view s, int base = 10);

// "host:port" with an IPv4 host; exits if it is not that.
struct Address {
  std::string host = "127.0.0.1";
  int port = 0;

  static Address parse(std::string_view s);
};

sockaddr_in to_sockaddr(const Address& a);

// What the mock is told, anywhere in the request body: mock{chunks=9;seed=7}.
struct Params {
  long chunks = 200;      // content events
  long bytes = 20;        // of content in each, cut at characters
  long ttft_us = 0;       // wait before the first byte
  long interval_us = 0;   // between writes, on an absolute plan; 0: none
  long burst = 1;         // events in one write
  long pack = 1;          // events in one HTTP chunk
  long pause_after = -1;  // silence after that many events
  long lockstep = 0;      // 1: the next write waits for a datagram
  long die_after = -1;    // closes the connection after that many events
  long stamp = 0;         // 1: content starts with the time of its write
  long full = 0;          // 1: api.openai.com's long form of an event
  long fault = 0;         // see Fault
  long seed = 1;          // which content

  void parse(std::string_view s);
};

// Ways in which an answer can be spoilt, to prove that the check sees them.
enum Fault : long {
  kNoFault,
  kNoRole,
  kNoFinish,
  kNoEnd,
  kBrokenJson,
  kDataAfterEnd,
  kEventTwice,
  kErrorEvent,
};

// The promised content: one text, repeated, from a place that the seed sets.
// It does not depend on how it is cut, so it can be checked after any.
class Content {
 public:
  explicit Content(long seed = 0);

  // The first character boundary at or after byte |i|.
  size_t edge(size_t i) const;
  size_t total(const Params& p) const { return edge(p.chunks * p.bytes); }
  // Bytes [from, from + n) as one piece; n is cut to what lies in a row.
  std::string_view piece(size_t from, size_t n) const;

 private:
  size_t base_;
};

inline constexpr size_t kStampLen = 21;  // [[t0123456789abcdef]]: now_ns() in hex

}  // namespace bench
