// Copyright (C) 2026 The f0 authors

#include "front.h"

#include "chat_completions/chat_completions.h"
#include "completions/completions.h"
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
    case id::completions:
      return completions::kCompletions;
    case id::fim:
      return completions::kFim;
    case id::chat:
      break;
  }
  return kChatCompletions;
}

}  // namespace f0::front
