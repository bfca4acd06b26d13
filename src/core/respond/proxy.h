// Copyright (C) 2026 The f0 authors
//
// proxy.h - the proxy lane: messages up, text down, byte for byte, in f0's own
// chunk form (design 6).

#ifndef F0_CORE_RESPOND_PROXY_H_
#define F0_CORE_RESPOND_PROXY_H_

#include <memory>

#include "responder.h"

namespace f0 {

std::unique_ptr<responder> make_proxy(turn_services& t);

}  // namespace f0

#endif  // F0_CORE_RESPOND_PROXY_H_
