// Copyright (C) 2026 The f0 authors
//
// raw.h - the raw lane: a provider's own events, byte for byte.

#ifndef F0_CORE_RESPOND_RAW_H_
#define F0_CORE_RESPOND_RAW_H_

#include <memory>

#include "responder.h"

namespace f0 {

// "mode raw": the request goes up as it came, the events come down as they are.
std::unique_ptr<responder> make_raw(turn_services& t);

}  // namespace f0

#endif  // F0_CORE_RESPOND_RAW_H_
