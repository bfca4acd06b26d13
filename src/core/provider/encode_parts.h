// Copyright (C) 2026 The f0 authors
//
// encode_parts.h - what the encoders share: translate.md 1, "For every
// dialect".

#ifndef F0_CORE_PROVIDER_ENCODE_PARTS_H_
#define F0_CORE_PROVIDER_ENCODE_PARTS_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "call.h"
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
std::vector<const chat::tool*> offered_tools(const call& c, bool filter);

// The parameters as they came, or a schema that takes none.
void append_schema(std::string& out, const chat::tool& t);

// The choice that counts: unset without tools.
chat::tool_choice::kind choice_of(const call& c, const std::vector<const chat::tool*>& tools);

// The output limit, capped by the try line.
std::optional<int64_t> output_limit(const call& c);

// A sampling option under |key|, as the client wrote it.
void append_number(json::writer& w, string_view key, const call& c, string_view field,
                   const std::optional<double>& n);

// Text and refusal parts are text to every provider but OpenAI.
inline bool is_text(const chat::part& p) {
  return p.type == chat::part::kind::text || p.type == chat::part::kind::refusal;
}

inline bool is_media(const chat::part& p) {
  return p.type == chat::part::kind::image || p.type == chat::part::kind::file;
}

inline bool is_system(const chat::message& m) {
  return m.role == chat::role::system || m.role == chat::role::developer;
}

inline bool is_result(const chat::message& m) {
  return m.role == chat::role::tool || m.role == chat::role::function;
}

// What |s| says, or what the model's name does.
inline bool decide(setting s, bool by_name) {
  return s == setting::automatic ? by_name : s == setting::on;
}

// The dialect, or the model, has no word for what the client says with |m|.
inline void lose(const call& c, chat::member m, encoded& out) {
  out.dropped.append(c.request->places[m]);
}

// Nor for the members that f0 only passes on, but for |taken|.
void lose_options(const call& c, std::span<const string_view> taken, encoded& out);

// The effort that is asked for; empty: none, or the operator does not want it sent.
inline string_view effort_of(const call& c) {
  const bool sent = !c.request->effort_by_leave || c.options.effort;
  return sent ? c.request->reasoning_effort : string_view();
}

inline bool takes_temperature(const call& c) { return decide(c.options.temperature, true); }

// Ids that f0 made up do not go back to a provider that gave none.
inline bool is_made_up(string_view id) { return id.empty() || id.substr(0, 8) == "call_f0_"; }

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_ENCODE_PARTS_H_
