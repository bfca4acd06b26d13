// Copyright (C) 2026 The f0 authors
//
// count.h - how many tokens a request has, asked of the provider that bills them.

#ifndef F0_CORE_RESPOND_COUNT_H_
#define F0_CORE_RESPOND_COUNT_H_

#include <memory>

#include "responder.h"

namespace f0 {

// |estimate|: in tokens, told where the provider has no count.
std::unique_ptr<responder> make_counter(turn_services& t, int64_t estimate);

}  // namespace f0

#endif  // F0_CORE_RESPOND_COUNT_H_
