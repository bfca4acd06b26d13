// Copyright (C) 2026 The f0 authors
//
// models.h - GET models and models/{id}: openai-chat.md 9.

#ifndef F0_CORE_API_MODELS_H_
#define F0_CORE_API_MODELS_H_

#include <string>
#include <string_view>
#include <vector>

#include "../base.h"

namespace f0::api {

void append_model(std::string& out, string_view id);
void append_model_list(std::string& out, const std::vector<std::string>& ids);

}  // namespace f0::api

#endif  // F0_CORE_API_MODELS_H_
