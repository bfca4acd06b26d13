// Copyright (C) 2026 The f0 authors

#include "request.h"

namespace f0::chat {

string_view role_word(role r) {
  static constexpr string_view kWords[] = {"system",    "developer", "user",
                                           "assistant", "tool",      "function"};
  return kWords[size_t(r)];
}

std::string message::text() const {
  std::string out;
  bool first = true;
  for (const part& p : parts) {
    if (p.type != part::kind::text && p.type != part::kind::refusal) continue;
    if (!first) out += '\n';
    first = false;
    out += p.text;
  }
  return out;
}

}  // namespace f0::chat
