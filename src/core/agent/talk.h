// Copyright (C) 2026 The f0 authors
//
// talk.h - a talk about files: the model is told of them, its text passes as it
// is.

#ifndef F0_CORE_AGENT_TALK_H_
#define F0_CORE_AGENT_TALK_H_

#include <memory>

#include "backend.h"
#include "classify.h"

namespace f0::agent {

std::unique_ptr<backend> make_talk(turn_services& t, decision d);

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_TALK_H_
