// Copyright (C) 2026 The f0 authors
//
// responses.h - the front of OpenAI's Responses API: fronts.md 4, 5.

#ifndef F0_CORE_FRONT_RESPONSES_RESPONSES_H_
#define F0_CORE_FRONT_RESPONSES_RESPONSES_H_

#include "../front.h"

namespace f0::front {

extern const row kResponses;

}  // namespace f0::front

#endif  // F0_CORE_FRONT_RESPONSES_RESPONSES_H_
