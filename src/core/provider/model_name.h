// Copyright (C) 2026 The f0 authors
//
// model_name.h - what a provider's model name tells of the model: translate.md
// 1.4.  Vendors before it and dates behind it do not matter.

#ifndef F0_CORE_PROVIDER_MODEL_NAME_H_
#define F0_CORE_PROVIDER_MODEL_NAME_H_

#include <compare>
#include <optional>
#include <string_view>

#include "../base/budget.h"

namespace f0::dialect {

struct version {
  int major = 0, minor = 0;
  auto operator<=>(const version&) const = default;
};

// Nothing: the name is of no Claude, of no Gemini, or does not tell.
std::optional<version> claude_version(string_view model);
std::optional<version> gemini_version(string_view model);

// o1, o3, o4 ..., gpt-5 and later: they refuse max_tokens.
bool is_reasoning_openai(string_view model);

// Mistral's families: they want tool call ids of nine characters.
bool is_mistral(string_view model);

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_MODEL_NAME_H_
