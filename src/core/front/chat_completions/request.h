// Copyright (C) 2026 The f0 authors
//
// request.h - reads a chat completions request: openai-chat.md 2, 3, 7, 8 of the
// wire reference.

#ifndef F0_CORE_FRONT_CHAT_COMPLETIONS_REQUEST_H_
#define F0_CORE_FRONT_CHAT_COMPLETIONS_REQUEST_H_

#include <string>

#include "../../chat/request.h"
#include "../f0_fields.h"

namespace f0::front {

// Validates |root| and fills |out|, whose views point into |root|'s document.
// False: |bad| says why (the first fault in document order of section 7).
bool read_request(const json::value& root, chat::request& out, chat::bad_request& bad);

#ifdef F0_TESTING
// What wire/requests/*.expect.json call "facts".
std::string describe(const chat::request& r);
#endif

}  // namespace f0::front

#endif  // F0_CORE_FRONT_CHAT_COMPLETIONS_REQUEST_H_
