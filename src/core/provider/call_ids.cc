// Copyright (C) 2026 The f0 authors

#include "call_ids.h"

#include <algorithm>

namespace f0::dialect {

namespace {

constexpr size_t kNine = 9;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_word(char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; }

// Nine characters that are always the same for |id| and |n|: FNV-1a, mixed
// (Stafford's thirteenth), in base 62.
std::string nine_of(string_view id, size_t n) {
  uint64_t h = 0xcbf29ce484222325 + n * 0x9e3779b97f4a7c15;
  for (const char c : id) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9;
  h = (h ^ (h >> 27)) * 0x94d049bb133111eb;
  h ^= h >> 31;
  constexpr string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string out;
  for (size_t i = 0; i < kNine; i++, h /= kDigits.size()) out += kDigits[h % kDigits.size()];
  return out;
}

}  // namespace

call_ids::call_ids(form f, const std::vector<chat::message>& messages) : form_(f) {
  for (const chat::message& m : messages) {
    for (const chat::tool_call& t : m.tool_calls) {
      if (is_good(t.id)) used_.emplace(t.id);
    }
  }
}

bool call_ids::is_good(string_view id) const {
  if (form_ == form::nine) {
    return id.size() == kNine && std::all_of(id.begin(), id.end(), is_letter_or_digit);
  }
  return !id.empty() && std::all_of(id.begin(), id.end(), is_word);
}

// The n-th id made of |base|; the first ones of Anthropic's are as near to what
// was sent as can be.
std::string call_ids::variant(const std::string& base, size_t n) const {
  if (form_ == form::nine) return nine_of(base, n);
  return n == 1 ? base : base + "_" + std::to_string(n);
}

std::string call_ids::take(const chat::tool_call& t) {
  const bool good = is_good(t.id);
  if (good && given_.insert(t.id).second) return std::string(t.id);
  std::string base = t.id.empty() ? "call_f0_" + std::to_string(unnamed_++) : std::string(t.id);
  if (form_ == form::words) {
    std::replace_if(
        base.begin(), base.end(), [](char c) { return !is_word(c); }, '_');
  }
  // What was tried for one call is not tried again for the next.
  size_t& n = variants_[base];
  for (;;) {
    std::string id = variant(base, ++n);
    if (used_.insert(id).second) return id;
  }
}

}  // namespace f0::dialect
