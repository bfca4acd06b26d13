// Copyright (C) 2026 The f0 authors
//
// Some models think in their answer: "<think>", what they consider (with drafts
// of edits in it), "</think>", and then the answer.  Of some only the closing
// tag comes.

#include <utility>

#include "reader.h"

namespace f0::edit {

namespace {

constexpr std::pair<string_view, string_view> tags[] = {{"<think>", "</think>"},
                                                        {"<thinking>", "</thinking>"}};

size_t blanks_at(string_view s) {
  size_t n = s.find_first_not_of(" \t\r\n");
  return n == string_view::npos ? s.size() : n;
}

// How much of the end of |s| may begin |word|.
size_t tail_of(string_view s, string_view word) {
  for (size_t n = std::min(s.size(), word.size() - 1); n > 0; n--) {
    if (word.starts_with(s.substr(s.size() - n))) return n;
  }
  return 0;
}

}  // namespace

// What of the answer is no thought; what isn't known yet waits.
std::string parser::impl::read_thought(string_view text) {
  think_held += text;
  for (;;) {
    if (thinks == thought::none) return std::exchange(think_held, {});
    if (thinks == thought::inside) {
      size_t at = think_held.find(think_tag);
      size_t n = at == std::string::npos ? think_held.size() - tail_of(think_held, think_tag) : at;
      if (n > 0) out.thinking(string_view(think_held).substr(0, n));
      if (at == std::string::npos) {
        think_held.erase(0, n);
        return {};
      }
      think_held.erase(0, at + think_tag.size());
      thinks = thought::over;
    }
    size_t blanks = blanks_at(think_held);
    string_view word = string_view(think_held).substr(blanks);
    bool wait = word.empty();
    bool found = false;
    for (auto [open, close] : tags) {
      wait = wait || (word.size() < open.size() && open.starts_with(word));
      if (!word.starts_with(open)) continue;
      found = true;
      think_tag = close;
      think_held.erase(0, blanks + open.size());
      break;
    }
    if (found) {
      thinks = thought::inside;
    } else if (wait && think_held.size() <= kept_head) {
      return {};
    } else {
      // Blank lines behind a thought belong to it, not the answer's indentation.
      if (thinks == thought::over && blanks > 0) {
        size_t nl = think_held.rfind('\n', blanks - 1);
        if (nl != std::string::npos) think_held.erase(0, nl + 1);
      }
      thinks = thought::none;
    }
  }
}

void parser::impl::finish_thought() {
  std::string rest = std::exchange(think_held, {});
  thought was = std::exchange(thinks, thought::none);
  if (rest.empty()) return;
  if (was == thought::inside) return out.thinking(rest);
  if (was == thought::over && blanks_at(rest) == rest.size()) return;
  feed_text(rest);
}

// All before this line was a thought.
void parser::impl::think_line() {
  release();
  near_line = mention_line = 0;
  last_path.clear();
  behind = behind_envelope = false;
  wholes.clear();
  wholes_size = 0;
  out.retract();
}

}  // namespace f0::edit
