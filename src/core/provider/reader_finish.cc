// Copyright (C) 2026 The f0 authors

#include "reader_finish.h"

#include <algorithm>

#include "../base/text.h"

namespace f0::dialect {

namespace {

struct known_finish {
  string_view word;
  finish means;
};

constexpr known_finish good_ends[] = {
    {"stop", finish::stop},
    {"end_turn", finish::stop},
    {"stop_sequence", finish::stop},
    {"pause_turn", finish::stop},
    {"compaction", finish::stop},
    {"eos", finish::stop},
    {"eos_token", finish::stop},
    {"complete", finish::stop},
    {"completed", finish::stop},
    {"STOP", finish::stop},
    {"length", finish::length},
    {"max_tokens", finish::length},
    {"model_length", finish::length},
    {"MAX_TOKENS", finish::length},
    {"model_context_window_exceeded", finish::length},
    {"max_output_tokens", finish::length},
    {"incomplete", finish::length},
    {"repetition", finish::length},
    {"repetition_truncation", finish::length},
    {"tool_calls", finish::tool_calls},
    {"tool_use", finish::tool_calls},
    {"function_call", finish::tool_calls},
    {"content_filter", finish::content_filter},
    {"refusal", finish::content_filter},
    {"sensitive", finish::content_filter},
    {"SAFETY", finish::content_filter},
    {"RECITATION", finish::content_filter},
    {"BLOCKLIST", finish::content_filter},
    {"PROHIBITED_CONTENT", finish::content_filter},
    {"SPII", finish::content_filter},
    {"MODEL_ARMOR", finish::content_filter},
    {"IMAGE_SAFETY", finish::content_filter},
    {"IMAGE_PROHIBITED_CONTENT", finish::content_filter},
    {"IMAGE_RECITATION", finish::content_filter},
};

// Those that do not read like failures.
constexpr string_view failures[] = {
    "insufficient_system_resource",
    "load",
    "unload",
    "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE",
    "OTHER",
    "LANGUAGE",
    "NO_IMAGE",
    "IMAGE_OTHER",
};

// What failures have in their words, in any case.
constexpr string_view failing[] = {"error",      "abort",   "fail",    "malformed",
                                   "unexpected", "network", "timeout", "cancel"};

}  // namespace

finish good_end(string_view native) {
  for (const known_finish& f : good_ends) {
    if (f.word == native) return f.means;
  }
  return finish::none;
}

bool is_failure(string_view native) {
  if (good_end(native) != finish::none) return false;
  if (std::find(std::begin(failures), std::end(failures), native) != std::end(failures)) {
    return true;
  }
  const std::string lower = text::to_lower(native);
  return std::any_of(std::begin(failing), std::end(failing),
                     [&](string_view part) { return lower.find(part) != std::string::npos; });
}

finish told_end(string_view native, bool calls) {
  const finish f = good_end(native);
  if (f == finish::length || f == finish::content_filter) return f;
  return calls ? finish::tool_calls : finish::stop;
}

}  // namespace f0::dialect
