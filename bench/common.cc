// Copyright (C) 2026 The f0 authors

#include "common.h"

#include <arpa/inet.h>
#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace bench {
namespace {

// Quotes, backslashes, tabs, line ends, two- to four-byte UTF-8 and lines that
// look like the protocol: all of it must arrive unharmed.
constexpr std::string_view kText =
    "The quick brown fox said \"stay\", then wrote C:\\temp\\new and left; it was "
    "7/8 done. Streams of tokens flow past, one small word at a time,\n"
    "\tand every one must arrive whole, once, and in order. Café, naïve, Ærø, "
    "3 € and 5 £; 東京 and 北京; smiles 😀 and rockets 🚀 too.\n"
    "A trap for careless parsers:\n\ndata: [DONE]\n\nevent: message_stop\n"
    "data: {\"choices\":[{\"delta\":{\"content\":\"not me\"}}]}\n\n"
    "</script> & <b>bold</b> {braces} [brackets] 'quotes' `ticks` 100% ~tilde~ "
    "^caret^ |pipe| $dollar #hash @at !bang ?what =eq +plus *star.\n"
    "1. First item: measure twice, cut once. 2. Second item: a ratio without its "
    "spread is a rumour. 3. Third item: keep the load on loopback.\n"
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod "
    "tempor incididunt ut labore et dolore magna aliqua. Ut enim ad\n"
    "minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex "
    "ea commodo consequat. End of the text; it now begins again. ";

constexpr std::pair<std::string_view, long Params::*> kFields[] = {
    {"chunks", &Params::chunks},
    {"bytes", &Params::bytes},
    {"ttft_us", &Params::ttft_us},
    {"interval_us", &Params::interval_us},
    {"burst", &Params::burst},
    {"pack", &Params::pack},
    {"pause_after", &Params::pause_after},
    {"lockstep", &Params::lockstep},
    {"die_after", &Params::die_after},
    {"stamp", &Params::stamp},
    {"full", &Params::full},
    {"fault", &Params::fault},
    {"seed", &Params::seed},
};

}  // namespace

uint64_t now_ns() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void raise_fd_limit() {
  rlimit r;
  getrlimit(RLIMIT_NOFILE, &r);
  r.rlim_cur = r.rlim_max;
  setrlimit(RLIMIT_NOFILE, &r);
}

void die(const char* what) {
  perror(what);
  exit(1);
}

long to_long(std::string_view s, int base) {
  long n = 0;
  std::from_chars(s.data(), s.data() + s.size(), n, base);
  return n;
}

Address Address::parse(std::string_view s) {
  Address a;
  size_t colon = s.find(':');
  if (colon == s.npos || !(a.port = to_long(s.substr(colon + 1)))) {
    fprintf(stderr, "not host:port: %.*s\n", int(s.size()), s.data());
    exit(2);
  }
  a.host = s.substr(0, colon);
  return a;
}

sockaddr_in to_sockaddr(const Address& a) {
  sockaddr_in sa{};
  sa.sin_family = AF_INET;
  sa.sin_port = htons(a.port);
  inet_pton(AF_INET, a.host.c_str(), &sa.sin_addr);
  return sa;
}

// Unknown names are ignored: what stands around them may be anything.
void Params::parse(std::string_view s) {
  while (!s.empty()) {
    size_t end = s.find(';');
    std::string_view item = s.substr(0, end);
    s.remove_prefix(end == s.npos ? s.size() : end + 1);
    size_t eq = item.find('=');
    if (eq == item.npos) continue;
    for (auto& [name, field] : kFields) {
      if (name == item.substr(0, eq)) this->*field = to_long(item.substr(eq + 1));
    }
  }
}

Content::Content(long seed) : base_(0) { base_ = edge(seed * 7919 % kText.size()); }

size_t Content::edge(size_t i) const {
  while ((kText[(base_ + i) % kText.size()] & 0xC0) == 0x80) i++;
  return i;
}

std::string_view Content::piece(size_t from, size_t n) const {
  return kText.substr((base_ + from) % kText.size(), n);
}

}  // namespace bench
