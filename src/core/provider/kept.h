// Copyright (C) 2026 The f0 authors
//
// kept.h - what earlier answers brought that their provider wants back, by the
// tool calls of the history (translate.md 11, fronts.md 4).

#ifndef F0_CORE_PROVIDER_KEPT_H_
#define F0_CORE_PROVIDER_KEPT_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../base/budget.h"
#include "../chat/request.h"
#include "provider.h"

namespace f0::dialect {

class kept_states {
 public:
  // The last one counts.
  void put(state what, const chat::tool_call& t, string_view json) {
    if (!json.empty()) by_call_[key(what, t)] = json;
  }
  // JSON as the reader told it (../chat/event.h); empty: nothing was kept.
  string_view get(state what, const chat::tool_call& t) const {
    if (by_call_.empty()) return {};
    const auto it = by_call_.find(key(what, t));
    return it != by_call_.end() ? string_view(it->second) : string_view();
  }

  // What the client brought back of |d|'s own: it counts more than what was put
  // before.  |key|, |origin|, |model|: as in chat/envelope.h.
  void take_returned(id d, const std::vector<chat::message>& messages, string_view key,
                     string_view origin, string_view model, holding& memory);

  std::string reasoning_name;  // dialect openai: the field it came in last; empty: not known

 private:
  static std::string key(state what, const chat::tool_call& t) {
    return std::string(1, letter(what)).append(t.id).append(1, '\0').append(t.name);
  }
  std::unordered_map<std::string, std::string> by_call_;
};

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_KEPT_H_
