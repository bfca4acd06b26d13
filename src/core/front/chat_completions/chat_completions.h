// Copyright (C) 2026 The f0 authors
//
// chat_completions.h - OpenAI's chat completions: openai-chat.md of the wire
// reference.

#ifndef F0_CORE_FRONT_CHAT_COMPLETIONS_CHAT_COMPLETIONS_H_
#define F0_CORE_FRONT_CHAT_COMPLETIONS_CHAT_COMPLETIONS_H_

#include "../front.h"

namespace f0::front {

extern const row kChatCompletions;

}  // namespace f0::front

#endif  // F0_CORE_FRONT_CHAT_COMPLETIONS_CHAT_COMPLETIONS_H_
