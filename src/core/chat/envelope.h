// Copyright (C) 2026 The f0 authors
//
// envelope.h - what a provider wants back in a later request, in a form that a
// client can carry: f0 itself remembers nothing (fronts.md 4).
//
//   f0.BASE64URL
//
// of the version, the provider and its model, the states, and an HMAC-SHA256 of
// all of them.  It is signed, not encrypted: what it holds was the client's to
// read.  Nobody but f0 has any use for it, so that it never goes to a provider.

#ifndef F0_CORE_CHAT_ENVELOPE_H_
#define F0_CORE_CHAT_ENVELOPE_H_

#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"
#include "event.h"

namespace f0::chat {

// Whether it says that it is one; whoever made it.
inline bool is_envelope(string_view s) { return s.starts_with("f0."); }

// Writes the envelopes of one turn.
class envelopes {
 public:
  // |key|: of the host, borrowed; empty: it has none, and no envelope holds
  // anything.
  explicit envelopes(string_view key = {}) : key_(key) {}

  // A call begins: whose states follow.  What waits is forgotten.
  void from(string_view origin, string_view model);

  // Puts a state into the next envelope.  |call|: the client's id of the tool call
  // that it belongs to; empty: the next one of the same message.
  void add(state of, string_view json, string_view call = {});
  // What |e| brings, of whatever kind it is: a call's or a later extra_content
  // belongs to |call|, the client's id of it.
  void add(const event& e, string_view call = {});
  // There is something that no envelope has taken yet.
  bool waiting() const { return !waiting_.empty(); }

  // The envelope of what waits; one that holds nothing is an envelope too.
  std::string take();

 private:
  struct item {
    state of;
    std::string call, json;
  };

  string_view key_;
  std::string origin_, model_;
  std::vector<item> waiting_;
  size_t size_ = 0;     // of what waits, in an envelope
  size_t written_ = 0;  // by the envelopes that hold something
};

// What an envelope held.
struct opened {
  struct item {
    state of;
    std::string call, json;
  };
  std::string origin, model;
  std::vector<item> items;
};

// False, and nothing in |out|: it is not whole, or was not made with |key|.
bool open_envelope(string_view text, string_view key, opened& out);

}  // namespace f0::chat

#endif  // F0_CORE_CHAT_ENVELOPE_H_
