// Copyright (C) 2026 The f0 authors

#include "template.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "../sse/scan.h"
#include "../text.h"
#include "reader_base.h"

namespace f0::dialect {

namespace {

constexpr size_t longest_event = 4096;

// Where the content's text lies; "" is the first element of an array.
constexpr string_view openai_path[] = {"choices", "", "delta", "content"};
constexpr string_view anthropic_path[] = {"delta", "text"};
constexpr string_view gemini_path[] = {"candidates", "", "content", "parts", "", "text"};
constexpr string_view ollama_path[] = {"message", "content"};

std::span<const string_view> path_of(id dialect) {
  switch (dialect) {
    case id::openai:
      return openai_path;
    case id::anthropic:
      return anthropic_path;
    case id::gemini:
      return gemini_path;
    case id::ollama:
      return ollama_path;
  }
  return {};
}

// Strings at the top that mean nothing and differ in each event.
bool is_noise(id dialect, string_view key) {
  return dialect == id::ollama ? key == "created_at"
                               : dialect == id::openai && (key == "obfuscation" || key == "p");
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether |escaped| holds no escapes but the plain ones, and says |text|.
bool says(string_view escaped, string_view text) {
  size_t n = 0;
  for (size_t i = 0; i < escaped.size(); ++i, ++n) {
    char c = escaped[i];
    if (c == '\\') {
      c = ++i < escaped.size() ? escaped[i] : '\0';
      if (c == 'n') {
        c = '\n';
      } else if (c == 't') {
        c = '\t';
      } else if (c == 'r') {
        c = '\r';
      } else if (c != '"' && c != '\\') {
        return false;
      }
    }
    if (n == text.size() || text[n] != c) return false;
  }
  return n == text.size();
}

}  // namespace

// Finds the text and the holes of an event.  The JSON is known to be valid.
class content_template::finder {
 public:
  struct span {
    const char* begin;
    const char* end;
    hole kind;
    tag of;
  };

  finder(id dialect, string_view json)
      : dialect_(dialect), path_(path_of(dialect)), p_(json.data()), end_(p_ + json.size()) {}

  bool run() { return value(0, 0, none) && contents_ == 1; }

  std::vector<span> spans;

 private:
  static constexpr int deepest = 16;

  char peek() {
    while (p_ != end_ && (*p_ == ' ' || *p_ == '\n' || *p_ == '\r' || *p_ == '\t')) ++p_;
    return p_ != end_ ? *p_ : '\0';
  }

  // The raw inside of the string at p_.
  string_view string() {
    const char* const begin = ++p_;
    while (p_ != end_ && *p_ != '"') p_ += *p_ == '\\' && end_ - p_ > 1 ? 2 : 1;
    const string_view s(begin, static_cast<size_t>(p_ - begin));
    if (p_ != end_) ++p_;
    return s;
  }

  void note(string_view s, hole kind, tag of) {
    spans.push_back({s.data(), s.data() + s.size(), kind, of});
  }

  // |step|: how much of the path leads here, npos: none.  |usage| 0: not inside
  // Gemini's usage; else the depth in it, |of| the member's meaning.
  bool value(size_t step, int usage, tag of) {
    if (++depth_ > deepest) return false;
    bool ok = true;
    const char c = peek();
    if (c == '{') {
      ok = object(step, usage);
    } else if (c == '[') {
      ok = array(step, usage);
    } else if (c == '"') {
      string();
    } else {
      const char* const begin = p_;
      while (p_ != end_ && std::strchr(",]} \t\r\n", *p_) == nullptr) ++p_;
      const string_view s(begin, static_cast<size_t>(p_ - begin));
      if (usage != 0 && !s.empty() && (is_digit(s[0]) || s[0] == '-')) {
        ok = std::all_of(s.begin(), s.end(), is_digit);
        note(s, hole::number, of);
      }
    }
    --depth_;
    return ok;
  }

  bool object(size_t step, int usage) {
    ++p_;
    while (peek() == '"') {
      const string_view key = string();
      if (peek() != ':') return false;
      ++p_;
      if (!member(key, step, usage)) return false;
      if (peek() == ',') ++p_;
    }
    if (peek() != '}') return false;
    ++p_;
    return true;
  }

  bool member(string_view key, size_t step, int usage) {
    const char c = peek();
    if (step < path_.size() && key == path_[step]) {
      if (step + 1 < path_.size()) return value(step + 1, usage, none);
      if (c != '"') return false;
      ++contents_;
      note(string(), hole::content, none);
      return true;
    }
    if (depth_ == 1 && c == '"' && is_noise(dialect_, key)) {
      note(string(), hole::string, none);
      return true;
    }
    if (depth_ == 1 && dialect_ == id::gemini && key == "usageMetadata") {
      return value(string_view::npos, 1, none);
    }
    return value(string_view::npos, usage != 0 ? usage + 1 : 0, usage == 1 ? tag_of(key) : none);
  }

  static tag tag_of(string_view key) {
    return key == "promptTokenCount"          ? prompt
           : key == "candidatesTokenCount"    ? candidates
           : key == "thoughtsTokenCount"      ? thoughts
           : key == "totalTokenCount"         ? total
           : key == "cachedContentTokenCount" ? cached
                                              : none;
  }

  bool array(size_t step, int usage) {
    ++p_;
    const bool leads = step < path_.size() && path_[step].empty();
    bool first = true;
    while (peek() != ']') {
      if (p_ == end_) return false;
      const size_t next = leads && first ? step + 1 : string_view::npos;
      if (!value(next, usage != 0 ? usage + 1 : 0, none)) return false;
      first = false;
      if (peek() == ',') ++p_;
    }
    ++p_;
    return true;
  }

  id dialect_;
  std::span<const string_view> path_;
  const char* p_;
  const char* end_;
  int depth_ = 0;
  int contents_ = 0;
};

std::unique_ptr<content_template> content_template::learn(id dialect, string_view raw,
                                                          string_view json, string_view text) {
  const char* const raw_end = raw.data() + raw.size();
  if (raw.size() > longest_event || text.empty() || !raw.ends_with('\n')) return nullptr;
  if (json.data() < raw.data() || json.data() + json.size() > raw_end) return nullptr;
  json = strip(json);

  finder f(dialect, json);
  if (!f.run()) return nullptr;
  if (dialect == id::anthropic && json.ends_with('}')) {  // it pads its events there
    const char* const brace = json.data() + json.size() - 1;
    const char* s = brace;
    while (s[-1] == ' ') --s;
    f.spans.push_back({s, brace, hole::spaces, none});
  }
  if (f.spans.size() >= most_pieces) return nullptr;

  auto t = std::make_unique<content_template>();
  const char* p = raw.data();
  size_t n = 0;
  for (const finder::span& s : f.spans) {
    if (s.begin < p) return nullptr;
    if (s.kind == hole::content &&
        !says({s.begin, static_cast<size_t>(s.end - s.begin)}, text)) {
      return nullptr;
    }
    t->pieces_[n++] = {static_cast<uint16_t>(s.begin - p), s.kind, s.of};
    t->bytes_.append(p, s.begin);
    p = s.end;
    if (s.of == none) continue;
    if (s.end - s.begin > 15 || t->counts_[s.of] >= 0) return nullptr;
    t->counts_[s.of] = 0;
    for (const char* d = s.begin; d != s.end; ++d) {
      t->counts_[s.of] = t->counts_[s.of] * 10 + (*d - '0');
    }
  }
  t->pieces_[n] = {static_cast<uint16_t>(raw_end - p), hole::end, none};
  t->bytes_.append(p, raw_end);
  t->bytes_.shrink_to_fit();
  t->has_usage_ = t->counts_[prompt] >= 0;
  return t;
}

inline content_template::fit content_template::one(const char** at, const char* end,
                                                   string_view* text) noexcept {
  const char* p = *at;
  const char* bytes = bytes_.data();
  int64_t counts[5];
  if (has_usage_) std::memcpy(counts, counts_, sizeof counts);

  for (const piece* it = pieces_;; ++it) {
    const size_t n = it->length;
    const size_t left = static_cast<size_t>(end - p);
    if (left < n) return std::memcmp(p, bytes, left) == 0 ? fit::more : fit::no;
    if (std::memcmp(p, bytes, n) != 0) return fit::no;
    p += n;
    bytes += n;

    const char* const begin = p;
    unsigned high = 0;
    switch (it->kind) {
      case hole::end:
        if (has_usage_) std::memcpy(counts_, counts, sizeof counts);
        *at = p;
        return fit::yes;

      case hole::content:
        for (;;) {
          p = sse::find_special(p, end, &high);
          if (p == end) return fit::more;
          if (*p == '"') break;
          if (*p != '\\') return fit::no;
          if (end - p < 2) return fit::more;
          const char c = p[1];
          if (c != 'n' && c != '"' && c != '\\' && c != 't' && c != 'r') return fit::no;
          p += 2;
        }
        *text = {begin, static_cast<size_t>(p - begin)};
        if (p == begin || (high != 0 && !text::valid_utf8(*text))) return fit::no;
        break;

      case hole::string:
        p = sse::find_special(p, end, &high);
        if (p == end) return fit::more;
        if (*p != '"') return fit::no;
        break;

      case hole::number: {
        int64_t value = 0;
        while (p != end && is_digit(*p) && p - begin < 16) value = value * 10 + (*p++ - '0');
        if (p == end) return fit::more;
        if (p == begin || p - begin > 15 || (*begin == '0' && p - begin > 1)) return fit::no;
        if (it->of != none) counts[it->of] = value;
        break;
      }

      case hole::spaces:
        while (p != end && *p == ' ') ++p;
        if (p == end) return fit::more;
        break;
    }
  }
}

content_template::fit content_template::run(string_view& in, string_view* texts, size_t max,
                                            size_t* n) noexcept {
  const char* p = in.data();
  const char* const end = p + in.size();
  size_t taken = 0;
  fit f = fit::yes;
  while (taken < max && (f = one(&p, end, texts + taken)) == fit::yes) ++taken;
  in.remove_prefix(static_cast<size_t>(p - in.data()));
  *n = taken;
  return f;
}

bool content_template::begins(string_view raw) const noexcept {
  return raw.starts_with(string_view(bytes_).substr(0, pieces_[0].length));
}

usage content_template::last_usage() const noexcept {
  return gemini_usage(counts_[prompt], counts_[candidates], counts_[thoughts], counts_[total],
                      counts_[cached]);
}

}  // namespace f0::dialect
