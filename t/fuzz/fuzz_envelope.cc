// Copyright (C) 2026 The f0 authors
//
// What clients carry for providers: bytes that were not sealed open nothing, and
// what was sealed comes back, whatever bytes it is of.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/chat/envelope.h"
#include "host.h"

namespace {

using f0::chat::state;

// The bytes cut into a state: its kind, its call, its JSON.
struct cut {
  explicit cut(std::string_view s) {
    if (!s.empty()) of = static_cast<state>(s[0] & 3);
    const size_t n = s.size() > 1 ? std::min<size_t>(s.size() - 2, s[1] & 31) : 0;
    if (s.size() > 2) call = s.substr(2, n), json = s.substr(2 + n);
  }
  state of = state::extra;
  std::string_view call, json;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string key(32, 'k');
  f0::chat::opened o;
  fuzz::require(!f0::chat::open_envelope(bytes, key, o), "what nobody sealed was opened");
  fuzz::require(!f0::chat::open_envelope("f0." + std::string(bytes), key, o), "and so was this");
  fuzz::require(o.items.empty(), "something is in it");

  const cut c(bytes);
  f0::chat::envelopes e(key);
  e.from(c.call, "model");
  e.add(c.of, c.json, c.call);
  const bool holds = e.waiting();
  std::string text = e.take();
  fuzz::require(f0::chat::open_envelope(text, key, o), "it stays closed");
  fuzz::require(holds == !o.items.empty(), "what it holds");
  if (holds) {
    fuzz::require(o.origin == c.call && o.model == "model", "another provider");
    fuzz::require(o.items[0].of == c.of && o.items[0].call == c.call && o.items[0].json == c.json,
                  "another state");
  }
  text[text.size() / 2] ^= 1;
  fuzz::require(!f0::chat::open_envelope(text, key, o), "a changed one was opened");
  return 0;
}
