// Copyright (C) 2026 The f0 authors
//
// completion.h - a prompt in a provider's words, where there is no conversation:
// fronts.md 8.

#ifndef F0_CORE_PROVIDER_COMPLETION_COMPLETION_H_
#define F0_CORE_PROVIDER_COMPLETION_COMPLETION_H_

#include <string_view>

#include "../call.h"

namespace f0::dialect {

// Whether a model that fills middles in that way can be asked by the dialect at
// all: for the configuration.
bool knows_fim(id d, fim f);

// Before anything is asked.  False: |bad| says what stands against it.
bool check_completion(id d, fim f, const chat::request& r, chat::bad_request& bad);

// The request's prompt and suffix: path and body.
void encode_completion(id d, const call& c, encoded& out);

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_COMPLETION_COMPLETION_H_
