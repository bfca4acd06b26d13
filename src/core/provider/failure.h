// Copyright (C) 2026 The f0 authors
//
// failure.h - what a provider's error says, wherever it says it: translate.md
// 6.2.

#ifndef F0_CORE_PROVIDER_FAILURE_H_
#define F0_CORE_PROVIDER_FAILURE_H_

#include <string_view>

#include "../base/budget.h"
#include "../chat/failure.h"
#include "../json/json.h"

namespace f0::dialect {

// The failure of an error object, a string or anything else.  |status| 0: none
// is known, and the error says which one it stands for.
chat::failure failure_of(const json::value& error, int status);

// The failure of a body that came with an error status of its own.
chat::failure failure_of_body(string_view body, int status, json::document& doc);

// A failure that f0 found itself; reported as 502.
chat::failure own_failure(string_view code, string_view message);
chat::failure incomplete();

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_FAILURE_H_
