// Copyright (C) 2026 The f0 authors
//
// encode_parts.h - what the encoders share: translate.md 1, "For every
// dialect".

#ifndef F0_CORE_DIALECT_ENCODE_PARTS_H_
#define F0_CORE_DIALECT_ENCODE_PARTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "encode.h"
#include "picture.h"

namespace f0::dialect {

// One function for each dialect, under encode().
void encode_openai(const call& c, encoded& out);
void encode_anthropic(const call& c, encoded& out);
void encode_gemini(const call& c, encoded& out);
void encode_ollama(const call& c, encoded& out);
void encode_responses(const call& c, encoded& out);

// A tool call's arguments as a JSON object: {} for none, {"_raw": text} for what
// is no object.
void append_arguments(std::string& out, string_view text);

// The client's tools that are offered; |filter|: only those that an
// allowed_tools choice names.
std::vector<const api::tool*> offered_tools(const call& c, bool filter);

// The parameters as they came, or a schema that takes none.
void append_schema(std::string& out, const api::tool& t);

// The choice that counts: unset without tools.
api::tool_choice::kind choice_of(const call& c, const std::vector<const api::tool*>& tools);

// The output limit, capped by the try line.
std::optional<int64_t> output_limit(const call& c);

// A sampling option under |key|, as the client wrote it.
void append_number(json::writer& w, string_view key, const call& c, string_view field,
                   const std::optional<double>& n);

// Text and refusal parts are text to every provider but OpenAI.
inline bool is_text(const api::part& p) {
  return p.type == api::part::kind::text || p.type == api::part::kind::refusal;
}

inline bool is_media(const api::part& p) {
  return p.type == api::part::kind::image || p.type == api::part::kind::file;
}

inline bool is_system(const api::message& m) {
  return m.role == api::role::system || m.role == api::role::developer;
}

inline bool is_result(const api::message& m) {
  return m.role == api::role::tool || m.role == api::role::function;
}

// What |s| says, or what the model's name does.
inline bool decide(setting s, bool by_name) {
  return s == setting::automatic ? by_name : s == setting::on;
}

inline bool takes_temperature(const call& c) { return decide(c.options.temperature, true); }

// Ids that f0 made up do not go back to a provider that gave none.
inline bool is_made_up(string_view id) { return id.empty() || id.substr(0, 8) == "call_f0_"; }

}  // namespace f0::dialect

#endif  // F0_CORE_DIALECT_ENCODE_PARTS_H_
