// Copyright (C) 2026 The f0 authors

#include "redact.h"

#include "../text.h"

namespace f0::api {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Inside a name, letters of any script count; which characters those are isn't
// worth a table here.
bool is_inner(char c) { return is_word(c) || (c & 0x80) != 0; }

bool is_label(char c) { return is_inner(c) || c == '-'; }

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f); }

class redactor {
 public:
  explicit redactor(string_view text) : text_(text) {}

  std::string run() {
    std::string out;
    size_t i = 0;
    while (i < text_.size()) {
      const size_t end = boundary(i) ? match(i) : 0;
      if (end > i) {
        out += "[...]";
        i = end;
      } else {
        out += text_[i++];
      }
    }
    return out;
  }

 private:
  char at(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  bool word_at(size_t i) const { return i < text_.size() && is_word(text_[i]); }

  // Between a word's character and another one, to either side; never inside one.
  bool boundary(size_t i) const {
    if ((text_[i] & 0xc0) == 0x80) return false;
    const bool before = i > 0 && is_word(text_[i - 1]);
    return before != is_inner(text_[i]);
  }

  // The end of a word: nothing that belongs to it follows.
  bool ends(size_t i) const { return !word_at(i); }

  // Each returns the end of what matches at |i|, or 0.
  size_t match(size_t i) {
    if (const size_t end = key(i)) return end;
    if (const size_t end = url(i)) return end;
    if (const size_t end = address(i)) return end;
    return host(i);
  }

  size_t not_space(size_t i) const {
    while (i < text_.size() && !is_space(text_[i])) ++i;
    return i;
  }

  // "Bearer ...", "sk-...", "AIza..."
  size_t key(size_t i) const {
    const string_view rest = text_.substr(i);
    if (text::istarts_with(rest, "bearer")) {
      size_t j = i + 6;
      while (j < text_.size() && is_space(text_[j])) ++j;
      const size_t end = not_space(j);
      return j > i + 6 && end > j ? end : 0;
    }
    for (const string_view prefix : {"sk-", "pk-", "rk-", "gsk-", "xai-", "key-"}) {
      if (!text::istarts_with(rest, prefix)) continue;
      if (const size_t end = token(i + prefix.size(), 4)) return end;
    }
    return text::istarts_with(rest, "aiza") ? token(i + 4, 8) : 0;
  }

  size_t token(size_t i, size_t least) const {
    size_t j = i;
    while (j < text_.size() && (is_label(text_[j]) || text_[j] == '*')) ++j;
    return j - i >= least ? j : 0;
  }

  // scheme://...
  size_t url(size_t i) const {
    size_t j = i;
    while (j < text_.size() && is_inner(text_[j])) ++j;
    if (j == i || text_.substr(j, 3) != "://") return 0;
    const size_t end = not_space(j + 3);
    return end > j + 3 ? end : 0;
  }

  size_t digits(size_t i) const {
    while (i < text_.size() && is_digit(text_[i])) ++i;
    return i;
  }

  // 10.0.0.1, perhaps with a port
  size_t address(size_t i) const {
    for (int part = 0; part < 4; ++part) {
      if (part > 0 && at(i++) != '.') return 0;
      const size_t end = digits(i);
      if (end == i || end - i > 3) return 0;
      i = end;
    }
    if (at(i) == ':') {
      const size_t end = digits(i + 1);
      if (end > i + 1 && ends(end)) return end;
    }
    return ends(i) ? i : 0;
  }

  // A port of two to five digits after the colon at |i|.
  size_t port(size_t i) const {
    if (at(i) != ':') return 0;
    const size_t end = digits(i + 1);
    return end - (i + 1) >= 2 && end - (i + 1) <= 5 && ends(end) ? end : 0;
  }

  // localhost:1, a.b:1, a.internal
  size_t host(size_t i) {
    if (text::istarts_with(text_.substr(i), "localhost")) {
      if (const size_t end = port(i + 9)) return end;
    }
    if (i >= text_.size() || !is_label(text_[i])) return 0;
    if (i >= chain_end_) read_chain(i);
    if (chain_port_ != 0 && i < last_dot_) return chain_port_;
    return i < private_dot_ ? private_end_ : 0;
  }

  // Labels joined by single dots, from |i| on.  What a host name that begins in
  // them ends in is the same for all beginnings, so it is looked for once.
  void read_chain(size_t i) {
    last_dot_ = private_dot_ = private_end_ = 0;
    for (;;) {
      while (i < text_.size() && is_label(text_[i])) ++i;
      if (at(i) != '.' || i + 1 >= text_.size() || !is_label(text_[i + 1])) break;
      last_dot_ = i;
      if (const size_t end = private_suffix(i + 1)) {
        private_dot_ = i;
        private_end_ = end;
      }
      ++i;
    }
    chain_end_ = i;
    chain_port_ = port(i);
  }

  size_t private_suffix(size_t i) const {
    for (const string_view word : {"internal", "local", "lan", "svc"}) {
      if (text::istarts_with(text_.substr(i), word) && ends(i + word.size())) {
        return i + word.size();
      }
    }
    return 0;
  }

  string_view text_;
  size_t chain_end_ = 0, last_dot_ = 0, chain_port_ = 0;
  size_t private_dot_ = 0, private_end_ = 0;
};

}  // namespace

bool holds_markup(string_view text) noexcept {
  for (size_t i = text.find('<'); i != string_view::npos; i = text.find('<', i + 1)) {
    const string_view rest = text.substr(i + 1);
    for (const string_view tag : {"!doctype", "html", "head", "body", "title", "script"}) {
      if (text::istarts_with(rest, tag) &&
          (rest.size() == tag.size() || !is_word(rest[tag.size()]))) {
        return true;
      }
    }
  }
  return false;
}

std::string redacted(string_view text) { return redactor(text).run(); }

}  // namespace f0::api
