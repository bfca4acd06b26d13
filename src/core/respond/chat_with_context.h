// Copyright (C) 2026 The f0 authors
//
// chat_with_context.h - a talk about files: the model is told of them, its text passes as it
// is.

#ifndef F0_CORE_RESPOND_CHAT_WITH_CONTEXT_H_
#define F0_CORE_RESPOND_CHAT_WITH_CONTEXT_H_

#include <memory>

#include "../agent/classify.h"
#include "responder.h"

namespace f0::agent {

std::unique_ptr<responder> make_talk(turn_services& t, decision d);

}  // namespace f0::agent

#endif  // F0_CORE_RESPOND_CHAT_WITH_CONTEXT_H_
