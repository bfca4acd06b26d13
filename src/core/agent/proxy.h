// Copyright (C) 2026 The f0 authors
//
// proxy.h - the proxy lane: messages up, text down, byte for byte, in f0's own
// chunk form (design 6).

#ifndef F0_CORE_AGENT_PROXY_H_
#define F0_CORE_AGENT_PROXY_H_

#include <memory>

#include "backend.h"

namespace f0 {

std::unique_ptr<backend> make_proxy(turn_services& t);

}  // namespace f0

#endif  // F0_CORE_AGENT_PROXY_H_
