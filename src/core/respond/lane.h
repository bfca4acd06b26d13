// Copyright (C) 2026 The f0 authors
//
// lane.h - turns whose client may speak what their provider speaks: its bytes pass
// where it does, and are translated where it does not (fronts.md 1).

#ifndef F0_CORE_RESPOND_LANE_H_
#define F0_CORE_RESPOND_LANE_H_

#include <memory>

#include "responder.h"

namespace f0 {

// REQUIRES: front::has_lane(t.front()), or the model's mode is raw.
std::unique_ptr<responder> make_lane(turn_services& t);

}  // namespace f0

#endif  // F0_CORE_RESPOND_LANE_H_
