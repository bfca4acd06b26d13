// Copyright (C) 2026 The f0 authors
//
// editor.h - the turns that change files.

#ifndef F0_CORE_AGENT_EDITOR_H_
#define F0_CORE_AGENT_EDITOR_H_

#include <memory>

#include "../respond/responder.h"
#include "classify.h"

namespace f0::agent {

std::unique_ptr<responder> make_editor(turn_services& t, decision d);

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_EDITOR_H_
