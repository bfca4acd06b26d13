// Copyright (C) 2026 The f0 authors
//
// agent.h - the built-in code agent: one turn from the request to edits that
// were checked, or to a told refusal (agents.md 5, 6).

#ifndef F0_CORE_AGENT_AGENT_H_
#define F0_CORE_AGENT_AGENT_H_

#include <memory>

#include "../respond/responder.h"

namespace f0 {

namespace agent {
struct decision;
}

// What the request wants, for models of any mode but raw (fz_mode wins over the
// model's own mode); nullptr: that needs no look into it.  Linear in the request,
// and fit for a thread.
std::shared_ptr<agent::decision> decide(const chat::request& r, const model& m);

// |d| is what decide() said.  A turn that is no agent's gets the proxy.
std::unique_ptr<responder> make_agent(turn_services& t, std::shared_ptr<agent::decision> d);

}  // namespace f0

#endif  // F0_CORE_AGENT_AGENT_H_
