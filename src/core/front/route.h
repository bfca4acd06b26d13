// Copyright (C) 2026 The f0 authors
//
// route.h - what a request is for: the table of paths (fronts.md 1).

#ifndef F0_CORE_FRONT_ROUTE_H_
#define F0_CORE_FRONT_ROUTE_H_

#include <string_view>

#include "../../f0.h"
#include "../base/abi.h"
#include "../base/budget.h"

namespace f0::front {

// |location|: the prefix of |uri| that is f0's; empty, or none of |uri|'s: only
// the end of |uri| tells.  |out| points into these and into tables.
void route(string_view location, string_view uri, string_view method, bool anthropic,
           f0_route_t& out);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_ROUTE_H_
