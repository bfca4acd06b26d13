// Copyright (C) 2026 The f0 authors
//
// reader_finish.h - what a provider's finish word means: translate.md 5.

#ifndef F0_CORE_PROVIDER_READER_FINISH_H_
#define F0_CORE_PROVIDER_READER_FINISH_H_

#include <string_view>

#include "../base/budget.h"
#include "provider.h"

namespace f0::dialect {

// The good ends are a closed list: none for every other word.
finish good_end(string_view native);

// Whether the word says that the generation failed.
bool is_failure(string_view native);

// What the client is told of a good or unknown word; |calls|: whether the choice
// has tool calls, which decides between stop and tool_calls.
finish told_end(string_view native, bool calls);

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_READER_FINISH_H_
