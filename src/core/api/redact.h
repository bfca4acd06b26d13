// Copyright (C) 2026 The f0 authors
//
// redact.h - what must not be shown of a provider's words.

#ifndef F0_CORE_API_REDACT_H_
#define F0_CORE_API_REDACT_H_

#include <string>

#include "../base.h"

namespace f0::api {

// Whether |text| is a page rather than a sentence: <html, <body, <!doctype ...
bool holds_markup(string_view text) noexcept;

// |text| with keys, URLs, addresses and host names of private networks, or with
// ports, replaced by [...].  Linear in the text's length.
std::string redacted(string_view text);

}  // namespace f0::api

#endif  // F0_CORE_API_REDACT_H_
