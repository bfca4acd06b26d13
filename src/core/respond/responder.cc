// Copyright (C) 2026 The f0 authors

#include "responder.h"

namespace f0 {
namespace {

// More calls, or longer ids, are not worth keeping.
constexpr size_t kCalls = 1024;
constexpr size_t kLongestId = 256;

}  // namespace

void responder::tell(const chat::event& e) {
  using kind = chat::event::kind;
  if (e.type == kind::call) {
    const chat::event named = turn_.outlet().named(e);
    turn_.outlet().on(named);
    if (calls_told_.size() == kCalls || named.id.size() + e.name.size() > kLongestId) return;
    calls_told_.push_back({e.choice, e.number, std::string(named.id), std::string(e.name)});
    if (!e.json.empty()) turn_.keep_state(named.id, e.name, chat::state::extra, e.json);
    return;
  }
  turn_.outlet().on(e);
  if (e.type == kind::extra) keep_state(e, chat::state::extra);
  if (e.type == kind::keep) keep_state(e, e.of);
}

void responder::keep_state(const chat::event& e, chat::state of) {
  for (auto c = calls_told_.rbegin(); c != calls_told_.rend(); ++c) {
    if (c->choice != e.choice || c->number != e.number) continue;
    return turn_.keep_state(c->id, c->name, of, e.json);
  }
}

}  // namespace f0
