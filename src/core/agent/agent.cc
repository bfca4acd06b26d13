// Copyright (C) 2026 The f0 authors

#include "agent.h"

#include "../respond/chat_with_context.h"
#include "../respond/proxy.h"
#include "classify.h"
#include "editor.h"

namespace f0 {

// Models of another mode are proxies unless the request says otherwise.
std::shared_ptr<agent::decision> decide(const chat::request& r, const model& m) {
  if (r.completion || agent::refused_override(r, m)) return nullptr;
  if (m.mode == mode::raw || (m.mode != mode::agent && r.fz_mode.empty())) return nullptr;
  return std::make_shared<agent::decision>(agent::classify(r, m));
}

std::unique_ptr<responder> make_agent(turn_services& t, std::shared_ptr<agent::decision> d) {
  if (auto told = agent::refused_override(t.request(), t.model())) {
    t.fail(*told);
    return nullptr;
  }
  if (!d) return make_proxy(t);
  t.set_mode(agent::lane_word(d->lane));
  if (d->lane == agent::lane::edit || d->lane == agent::lane::refactor) {
    return agent::make_editor(t, std::move(*d));
  }
  if (d->with_context) return agent::make_talk(t, std::move(*d));
  return make_proxy(t);
}

}  // namespace f0
