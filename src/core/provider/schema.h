// Copyright (C) 2026 The f0 authors
//
// schema.h - JSON Schemas as providers take them: translate.md 1.3.

#ifndef F0_CORE_PROVIDER_SCHEMA_H_
#define F0_CORE_PROVIDER_SCHEMA_H_

#include <string>
#include <string_view>

#include "../base/budget.h"
#include "../chat/request.h"
#include "../json/json.h"

namespace f0::dialect {

// Whether a tool's parameters may be an object: what Anthropic wants.
bool takes_objects(const chat::tool& t);

// A tool's parameters as Anthropic's input_schema: an object, no combinator at
// its root.  What is left out of it goes behind |description|, as JSON.
void append_input_schema(std::string& out, const chat::tool& t, std::string& description);

// An answer's schema as Anthropic's output_config takes it: closed objects,
// bounds as words in the descriptions.
void append_output_schema(std::string& out, const json::value& schema);

// A response format in words: for providers that cannot be sent it otherwise.
std::string format_in_words(const chat::response_format& f);

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_SCHEMA_H_
