// Copyright (C) 2026 The f0 authors

#include "raw_json.h"

#include <algorithm>

#include "../base/text.h"

namespace f0::front {

size_t raw_json::string_end(size_t quote) const {
  for (size_t i = quote + 1;; i += 2) {
    i = text::find_quote_or_escape(s_, std::min(i, s_.size()));
    if (i >= s_.size()) return s_.size();
    if (s_[i] == '"') return i + 1;
  }
}

// At a line's beginning: behind "data:", over lines that are something else.
void raw_json::line() {
  constexpr string_view kData = "data:";
  while (at_ < s_.size() && s_.substr(at_, kData.size()) != kData) {
    at_ = std::min(s_.find_first_of("\r\n", at_), s_.size());
    if (at_ < s_.size()) ++at_;
  }
  at_ = std::min(at_ + kData.size(), s_.size());
}

void raw_json::white() {
  for (; at_ < s_.size(); ++at_) {
    const char c = s_[at_];
    if (c == ' ' || c == '\t') continue;
    if (c != '\n' && c != '\r') return;
    if (!event_) continue;
    if (c == '\r' && at_ + 1 < s_.size() && s_[at_ + 1] == '\n') ++at_;
    ++at_;
    line();
    --at_;
  }
}

string_view raw_json::key() {
  if (!at('"')) return {};
  const size_t begin = at_ + 1, end = string_end(at_);
  at_ = end;
  white();
  if (at(':')) step();
  return s_.substr(begin, end - begin - 1);
}

void raw_json::skip() {
  size_t depth = 0;
  while (at_ < s_.size()) {
    const char c = s_[at_];
    if (c == '"') {
      at_ = string_end(at_);
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at_;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return;
      --depth;
      ++at_;
    } else if (depth == 0 && c == ',') {
      return;
    } else {
      ++at_;
      white();
      continue;  // within a number or word, or behind a comma or colon
    }
    white();
    if (depth == 0) return;
  }
}

bool raw_json::find(string_view name) {
  if (!at('{')) return false;
  enter();
  while (at('"')) {
    if (key() == name) return true;
    skip();
    comma();
  }
  return false;
}

string_view raw_json::text() const {
  if (!at('"')) return {};
  return s_.substr(at_ + 1, string_end(at_) - at_ - 2);
}

}  // namespace f0::front
