// Copyright (C) 2026 The f0 authors
//
// models.h - GET models and models/{id}: openai-chat.md 9.

#ifndef F0_CORE_FRONT_MODELS_H_
#define F0_CORE_FRONT_MODELS_H_

#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"

namespace f0::front {

void append_model(std::string& out, string_view id);
void append_model_list(std::string& out, const std::vector<std::string>& ids);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_MODELS_H_
