// Copyright (C) 2026 The f0 authors

#include "front.h"

#include "chat_completions/chat_completions.h"
#include "messages/messages.h"
#include "responses/responses.h"

namespace f0::front {

const row& row_of(id f) {
  switch (f) {
    case id::messages:
      return kMessages;
    case id::count_tokens:
      return kCountTokens;
    case id::responses:
      return kResponses;
    case id::chat:
    case id::completions:
    case id::fim:
      return kChatCompletions;
  }
  return kChatCompletions;
}

}  // namespace f0::front
