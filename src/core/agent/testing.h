// Copyright (C) 2026 The f0 authors
//
// testing.h - a responder for tests only (F0_TESTING): two model calls with a
// wait between them.

#ifndef F0_CORE_AGENT_TESTING_H_
#define F0_CORE_AGENT_TESTING_H_

#ifdef F0_TESTING

#include <memory>

#include "../respond/responder.h"

namespace f0 {

// "wait=N" in the last message is the wait in milliseconds (20), "work=1" puts
// a work behind the first call's first text.
std::unique_ptr<responder> make_testing(turn_services& t);

}  // namespace f0

#endif  // F0_TESTING

#endif  // F0_CORE_AGENT_TESTING_H_
