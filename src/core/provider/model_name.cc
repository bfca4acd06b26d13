// Copyright (C) 2026 The f0 authors

#include "model_name.h"

#include <algorithm>

#include "../base/text.h"

namespace f0::dialect {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// One or two digits at |i|: a longer number is a date.
std::optional<int> number_at(string_view s, size_t i) {
  size_t end = i;
  while (end < s.size() && is_digit(s[end])) ++end;
  if (end == i || end - i > 2) return std::nullopt;
  return end - i == 1 ? s[i] - '0' : (s[i] - '0') * 10 + (s[i + 1] - '0');
}

// "4-7", "4.7", "4" at |i|.
std::optional<version> version_at(string_view s, size_t i) {
  const std::optional<int> major = number_at(s, i);
  if (!major) return std::nullopt;
  i += *major > 9 ? 2 : 1;
  if (*major > 12) return version{*major / 10, *major % 10};  // claude-35: 3.5
  if (i + 1 >= s.size() || (s[i] != '-' && s[i] != '.')) return version{*major, 0};
  return version{*major, number_at(s, i + 1).value_or(0)};
}

// Behind |family|, perhaps with one word between.
std::optional<version> version_behind(string_view model, string_view family) {
  const std::string name = text::to_lower(model);
  for (size_t at = name.find(family); at != std::string::npos; at = name.find(family, at + 1)) {
    size_t i = at + family.size();
    if (i < name.size() && name[i] == 'v') ++i;  // claude-v2
    if (auto v = version_at(name, i)) return v;
    while (i < name.size() && is_lower(name[i])) ++i;
    if (i < name.size() && name[i] == '-') {
      if (auto v = version_at(name, i + 1)) return v;
    }
  }
  return std::nullopt;
}

// Without what stands before the last slash.
std::string bare(string_view model) {
  const size_t slash = model.rfind('/');
  return text::to_lower(slash == string_view::npos ? model : model.substr(slash + 1));
}

}  // namespace

std::optional<version> claude_version(string_view model) {
  return version_behind(model, "claude-");
}

std::optional<version> gemini_version(string_view model) {
  return version_behind(model, "gemini-");
}

bool is_reasoning_openai(string_view model) {
  const std::string name = bare(model);
  string_view s = name;
  for (const string_view vendor : {"openai.", "azure.", "ft:"}) {
    if (s.starts_with(vendor)) s.remove_prefix(vendor.size());
  }
  if (s.size() >= 2 && s[0] == 'o' && is_digit(s[1])) return true;
  if (!s.starts_with("gpt-")) return false;
  const std::optional<int> major = number_at(s, 4);
  return major && *major >= 5 && *major != 35;  // gpt-35-turbo: 3.5 at Azure
}

bool is_mistral(string_view model) {
  const std::string name = text::to_lower(model);
  for (const string_view family :
       {"mistral", "mixtral", "ministral", "codestral", "devstral", "magistral", "pixtral"}) {
    if (name.find(family) != std::string::npos) return true;
  }
  return false;
}

}  // namespace f0::dialect
