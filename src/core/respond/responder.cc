// Copyright (C) 2026 The f0 authors

#include "responder.h"

namespace f0 {
namespace {

// More calls, or longer ids, are not worth keeping.
constexpr size_t kCalls = 1024;
constexpr size_t kLongestId = 256;
constexpr size_t kEarly = 64;  // states that wait for their calls
constexpr size_t kLongestEarly = 60 << 10;

}  // namespace

void responder::tell(const chat::event& e) {
  using kind = chat::event::kind;
  if (e.type == kind::call) {
    const chat::event named = turn_.outlet().named(e);
    turn_.outlet().on(named);
    if (calls_told_.size() == kCalls || named.id.size() + e.name.size() > kLongestId) return;
    calls_told_.push_back({e.choice, e.number, std::string(named.id), std::string(e.name)});
    if (!e.json.empty()) turn_.keep_state(named.id, e.name, chat::state::extra, e.json);
    const auto mine = [&](const early_state& s) {
      return s.choice == e.choice && s.number == e.number;
    };
    for (const early_state& s : early_) {
      if (mine(s)) turn_.keep_state(named.id, e.name, s.of, s.json);
    }
    std::erase_if(early_, mine);
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
  if (e.number >= 0) keep_early(e);
}

// Lists of one call are joined, but of details, which are whole each time.  Half
// of what was thought is of no use.
void responder::keep_early(const chat::event& e) {
  const string_view json = e.json.size() <= kLongestEarly ? e.json : string_view();
  for (early_state& s : early_) {
    if (s.choice != e.choice || s.number != e.number || s.of != e.of) continue;
    if (e.of == chat::state::details) {
      s.json = json;
    } else if (s.json.empty() || json.empty() || s.json.size() + json.size() > kLongestEarly) {
      s.json.clear();
    } else {
      s.json.back() = ',';
      s.json.append(json, 1);
    }
    return;
  }
  if (early_.size() < kEarly) early_.push_back({e.choice, e.number, e.of, std::string(json)});
}

}  // namespace f0
