// Copyright (C) 2026 The f0 authors

#include "kept.h"

#include <algorithm>
#include <map>
#include <utility>

#include "../chat/envelope.h"
#include "../json/json.h"

namespace f0::dialect {

namespace {

// What one message brought back: by the place of a call, and what it is.
using states_of_message = std::map<std::pair<size_t, state>, std::string>;

// Lists are joined, but of details, which are whole each time.
void add(states_of_message& to, size_t call, state what, string_view json) {
  std::string& s = to[{call, what}];
  const bool list = what == state::thinking || what == state::reasoning;
  if (!list || s.empty()) {
    s = json;
  } else if (json.size() > 2 && json.front() == '[') {
    s.back() = ',';
    s.append(json, 1);
  }
}

size_t place_of(const chat::message& m, const chat::opened::item& i, size_t next) {
  if (i.call.empty()) return next;
  const auto it = std::find_if(m.tool_calls.begin(), m.tool_calls.end(),
                               [&](const chat::tool_call& t) { return t.id == i.call; });
  return static_cast<size_t>(it - m.tool_calls.begin());
}

}  // namespace

void kept_states::take_returned(id d, const std::vector<chat::message>& messages, string_view key,
                                string_view origin, string_view model, holding& memory) {
  const std::vector<state> wanted = states_of(d);
  const auto wants = [&](state s) {
    return std::find(wanted.begin(), wanted.end(), s) != wanted.end();
  };
  for (const chat::message& m : messages) {
    states_of_message found;
    for (const chat::returned_state& r : m.states) {
      if (r.thought != nullptr && wants(state::thinking)) {
        std::string json = "[";
        json::append_value(json, *r.thought);
        add(found, r.call, state::thinking, json += ']');
      }
      chat::opened o;
      if (!chat::open_envelope(r.envelope, key, o) || o.origin != origin || o.model != model) {
        continue;
      }
      for (const chat::opened::item& i : o.items) {
        if (wants(i.of)) add(found, place_of(m, i, r.call), i.of, i.json);
      }
    }
    for (const auto& [place, json] : found) {
      if (place.first >= m.tool_calls.size() || !memory.take(json.size())) continue;
      put(place.second, m.tool_calls[place.first], json);
    }
  }
}

}  // namespace f0::dialect
