// Copyright (C) 2026 The f0 authors
//
// messages.h - the front that speaks Anthropic's Messages API: fronts.md 2, 3.

#ifndef F0_CORE_FRONT_MESSAGES_MESSAGES_H_
#define F0_CORE_FRONT_MESSAGES_MESSAGES_H_

#include "../front.h"

namespace f0::front {

extern const row kMessages;
// messages/count_tokens: the same request, answered with a number.
extern const row kCountTokens;

// {"input_tokens":N}
void append_count(std::string& out, int64_t tokens);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_MESSAGES_MESSAGES_H_
