// Copyright (C) 2026 The f0 authors
//
// redact.h - what must not be shown of a provider's words.

#ifndef F0_CORE_CHAT_REDACT_H_
#define F0_CORE_CHAT_REDACT_H_

#include <span>
#include <string>

#include "../base/budget.h"

namespace f0::chat {

// The operator's own, the longest first: one may begin with another.
using secret_list = std::span<const std::string>;

// Whether |text| is a page rather than a sentence: <html, <body, <!doctype ...
bool holds_markup(string_view text) noexcept;

// The beginning of |text|, some KiB, with |secrets|, keys, URLs, paths of files,
// addresses and host names of private networks, or with ports, replaced by
// [...].  Linear in the text's length.
std::string redacted(string_view text, secret_list secrets = {});

}  // namespace f0::chat

#endif  // F0_CORE_CHAT_REDACT_H_
