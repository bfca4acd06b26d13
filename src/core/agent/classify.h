// Copyright (C) 2026 The f0 authors
//
// classify.h - what a request wants, decided once and before any model is
// asked (agents.md 5 and 6).  In doubt the text passes as it is.

#ifndef F0_CORE_AGENT_CLASSIFY_H_
#define F0_CORE_AGENT_CLASSIFY_H_

#include <optional>
#include <string_view>

#include "../chat/failure.h"
#include "../chat/request.h"
#include "../config.h"
#include "context.h"

namespace f0::agent {

// proxy, apply and fim differ in name only.
enum class lane : uint8_t { proxy, apply, fim, chat, edit, refactor };

string_view lane_word(lane l);  // a literal

struct decision {
  f0::agent::lane lane = lane::proxy;
  // The context is told to the model, although its text passes as it is.
  bool with_context = false;
  // A body of F0's own kind: projectId or workspaceId, no client tools.
  bool f0_request = false;
  // Nothing was asked: what the user wrote last is blank.
  bool empty = false;
  workspace files;
};

// Linear in the request: of a large one not for the event loop.
decision classify(const chat::request& r, const model& m);

// Words that this model does not obey.
std::optional<chat::api_error> refused_override(const chat::request& r, const model& m);

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_CLASSIFY_H_
