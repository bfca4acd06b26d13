// Copyright (C) 2026 The f0 authors
//
// family.h - how a model is asked to fill a middle: the words of "fim=", and the
// tokens of the families whose prompts f0 writes itself (fronts.md 8).

#ifndef F0_CORE_PROVIDER_COMPLETION_FAMILY_H_
#define F0_CORE_PROVIDER_COMPLETION_FAMILY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "../../base/budget.h"

namespace f0::dialect {

enum class fim : uint8_t {
  none,
  suffix,  // the provider's own completions take "suffix"
  infill,  // llama.cpp's infill
  // f0 writes the tokens of the family
  qwen,
  starcoder,
  codellama,
  deepseek,
  codestral,
  granite,
  codegemma,
  stable_code
};

// False: no such word.
bool read_fim(string_view word, fim& out);
// All of them, for a message: "suffix, infill, ... or stable-code".
std::string fim_words();

constexpr bool is_family(fim f) { return f >= fim::qwen; }

// The prompt of a family for the middle between two texts; |model| is the
// provider's name of it.
void append_middle(std::string& out, fim f, string_view model, string_view prefix,
                   string_view suffix);

// The tokens that no client may read; the first one ends a middle.  Empty: none.
std::span<const string_view> special_tokens(fim f);

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_COMPLETION_FAMILY_H_
