// Copyright (C) 2026 The f0 authors

#include "unfence.h"

#include <algorithm>
#include <utility>

namespace f0::dialect {

namespace {

constexpr size_t kLeast = 3;     // marks of a fence
constexpr size_t kLongest = 96;  // bytes of its line

constexpr string_view kBlank = " \t\r\n";

size_t run_of(string_view s, size_t at, char mark) {
  size_t n = 0;
  while (at + n < s.size() && s[at + n] == mark) n++;
  return n;
}

bool is_mark(char c) { return c == '`' || c == '~'; }

}  // namespace

bool ends_in_fence(string_view text) {
  char open = '\0';
  size_t size = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || !is_mark(line[0])) continue;
    const size_t n = run_of(line, 0, line[0]);
    if (open == '\0' && n >= kLeast) {
      open = line[0];
      size = n;
    } else if (line[0] == open && n >= size &&
               line.find_first_not_of(kBlank, n) == string_view::npos) {
      open = '\0';
    }
  }
  return open != '\0';
}

// Decides what |held_|, the beginning of the answer, is as soon as it can; how long
// the fence's opening is.
size_t unfence::begin() {
  const string_view s = held_;
  const size_t at = std::min(s.find_first_not_of(kBlank), s.size());
  const size_t end = s.find('\n', at);
  const string_view line = s.substr(at, end == string_view::npos ? end : end - at);
  now_ = state::plain;
  if (at > kLongest || line.size() > kLongest) return 0;
  if (line.empty()) {
    now_ = state::start;
    return 0;
  }
  if (!is_mark(line[0])) return 0;
  mark_ = line[0];
  size_ = run_of(line, 0, mark_);
  const string_view info = line.substr(size_);
  const bool bare = info.find_first_not_of(kBlank) == string_view::npos;
  if (info.find(mark_) != string_view::npos) return 0;
  if (size_ < kLeast && (end != string_view::npos || !info.empty())) return 0;
  if (end == string_view::npos) {
    now_ = state::start;
    return 0;
  }
  if (at > 0 && bare) return 0;
  now_ = state::line;  // its first line may be its last
  return end + 1;
}

bool unfence::take(string_view text, std::string& out) {
  if (now_ == state::plain) {
    out.append(text);
    return true;
  }
  if (now_ != state::start) return code(text, out);
  held_.append(text);
  const size_t opening = begin();
  if (now_ == state::start) return true;
  const std::string all = std::exchange(held_, {});
  if (now_ != state::plain) return code(string_view(all).substr(opening), out);
  out.append(all);
  return true;
}

// Whether the line that closes the fence may go on with |c|.
bool unfence::goes_on(char c) const {
  if (held_.size() == kLongest) return false;
  if (held_ == "\r") return c == '\n';
  const bool only_marks = held_.empty() || held_.back() == '\n' || held_.back() == mark_;
  if (c == mark_) return only_marks;
  return marks_ >= size_ && kBlank.find(c) != string_view::npos;
}

bool unfence::code(string_view text, std::string& out) {
  while (!text.empty() && now_ != state::behind) {
    if (now_ == state::code) {
      const size_t n = std::min(text.find_first_of("\r\n"), text.size());
      out.append(text.substr(0, n));
      text.remove_prefix(n);
      if (text.empty()) break;
      now_ = state::line;
      held_ = text[0];
      marks_ = 0;
      text.remove_prefix(1);
    } else if (!goes_on(text[0])) {
      now_ = state::code;
      out.append(held_);
      held_.clear();
    } else {
      held_ += text[0];
      if (text[0] == mark_) marks_++;
      if (text[0] == '\n' && marks_ > 0) {
        now_ = state::behind;
        held_.clear();
      }
      text.remove_prefix(1);
    }
  }
  return now_ != state::behind || text.find_first_not_of(kBlank) == string_view::npos;
}

// A fence that an answer's end cut is one all the same.
void unfence::finish(std::string& out) {
  const bool opening = now_ == state::start && size_ >= kLeast && held_.starts_with(mark_) &&
                       held_.find_first_not_of(kBlank, size_) != std::string::npos;
  const bool closing = now_ == state::line && marks_ > 0;
  if (!opening && !closing) out.append(held_);
  held_.clear();
  now_ = state::behind;
}

}  // namespace f0::dialect
