// Copyright (C) 2026 The f0 authors

#include "front.h"

#include "chat_completions/chat_completions.h"
#include "completions/completions.h"
#include "responses/responses.h"

namespace f0::front {

const row& row_of(id f) {
  switch (f) {
    case id::chat:
    case id::messages:
    case id::count_tokens:
      return kChatCompletions;
    case id::responses:
      return kResponses;
    case id::completions:
      return completions::kCompletions;
    case id::fim:
      return completions::kFim;
  }
  return kChatCompletions;
}

}  // namespace f0::front
