// Copyright (C) 2026 The f0 authors
//
// abi.h - strings of f0.h as those of the core, and back.

#ifndef F0_CORE_BASE_ABI_H_
#define F0_CORE_BASE_ABI_H_

#include <string_view>

#include "../../f0.h"

namespace f0 {

inline std::string_view view(f0_str_t s) { return {s.data, s.len}; }
inline f0_str_t str(std::string_view s) { return {s.data(), s.size()}; }

}  // namespace f0

#endif  // F0_CORE_BASE_ABI_H_
