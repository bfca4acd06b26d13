// Copyright (C) 2026 The f0 authors
//
// models.h - GET models and models/{id}, as OpenAI or as Anthropic tells them.

#ifndef F0_CORE_FRONT_MODELS_H_
#define F0_CORE_FRONT_MODELS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"

namespace f0::front {

enum class model_form : uint8_t { openai, anthropic };

void append_model(std::string& out, string_view id, model_form form);
// All on one page, whatever part of them was asked for.
void append_model_list(std::string& out, const std::vector<std::string>& ids, model_form form);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_MODELS_H_
