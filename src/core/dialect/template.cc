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

int64_t number_of(string_view digits) {
  int64_t n = 0;
  for (const char c : digits) n = n * 10 + (c - '0');
  return n;
}

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
    kind what;
    tag of;
  };

  finder(id dialect, string_view json)
      : dialect_(dialect), path_(path_of(dialect)), p_(json.data()), end_(p_ + json.size()) {}

  bool run() { return value(0, 0, none) && contents_ == 1; }

  std::vector<span> spans;
  int64_t counts[5] = {-1, -1, -1, -1, -1};

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

  void note(string_view s, kind what, tag of) {
    spans.push_back({s.data(), s.data() + s.size(), what, of});
  }

  // |step|: how much of the path leads here, npos: none.  |usage|: the depth in
  // Gemini's usage, 0: not in it; |of|: the meaning of a count at depth 2.
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
      if (of != none || (usage > 2 && varies_)) {
        ok = !s.empty() && s.size() <= 15 && std::all_of(s.begin(), s.end(), is_digit);
        if (!ok) return false;
        if (of != none) counts[of] = number_of(s);
        // What was asked does not change while the answer comes.
        if (varies_) note(s, kind::number, of);
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
      note(string(), kind::content, none);
      return true;
    }
    if (depth_ == 1 && c == '"' && is_noise(dialect_, key)) {
      note(string(), kind::string, none);
      return true;
    }
    if (depth_ == 1 && dialect_ == id::gemini && key == "usageMetadata") {
      return value(string_view::npos, 1, none);
    }
    if (usage == 1) {
      varies_ = key == "totalTokenCount" || key.starts_with("candidates");
      return value(string_view::npos, 2, tag_of(key));
    }
    return value(string_view::npos, usage != 0 ? usage + 1 : 0, none);
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
  bool varies_ = false;   // counts here differ from event to event
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
    f.spans.push_back({s, brace, kind::spaces, none});
  }
  if (f.spans.size() > most_holes) return nullptr;

  auto t = std::make_unique<content_template>();
  const char* p = raw.data();
  for (const finder::span& s : f.spans) {
    if (s.begin < p) return nullptr;
    if (s.what == kind::content && !says({s.begin, static_cast<size_t>(s.end - s.begin)}, text)) {
      return nullptr;
    }
    const uint16_t between = static_cast<uint16_t>(s.begin - p);
    if (t->holes_used_ == 0) {
      t->first_ = between;
    } else {
      t->holes_[t->holes_used_ - 1].after = between;
      t->bytes_.append(p, s.begin);
    }
    t->holes_[t->holes_used_++] = {s.what, s.of, 0};
    p = s.end;
  }
  t->last_ = static_cast<uint16_t>(raw_end - p);
  t->holes_[t->holes_used_ - 1].after = static_cast<uint16_t>(t->last_ + t->first_);
  t->bytes_.append(p, raw_end);
  t->bytes_.append(raw.substr(0, t->first_));
  t->bytes_.shrink_to_fit();
  std::copy(std::begin(f.counts), std::end(f.counts), t->counts_);
  t->has_usage_ = f.counts[prompt] >= 0;
  return t;
}

// The end of the hole at |p|, or nullptr: it does not end well, or not here.
[[gnu::always_inline]] inline const char* content_template::past(kind what, const char* p, const char* end) noexcept {
  const char* const begin = p;
  unsigned high = 0;
  if (what == kind::content) {
    for (;;) {
      p = sse::find_special(p, end, &high);
      if (end - p < 2) return nullptr;
      if (*p == '"') break;
      if (*p != '\\') return nullptr;
      const char c = p[1];
      if (c != 'n' && c != '"' && c != '\\' && c != 't' && c != 'r') return nullptr;
      p += 2;
    }
    const string_view text(begin, static_cast<size_t>(p - begin));
    return text.empty() || (high != 0 && !text::valid_utf8(text)) ? nullptr : p;
  }
  if (what == kind::spaces) {
    while (p != end && *p == ' ') ++p;
    return p;
  }
  if (what == kind::number) {
    while (p != end && is_digit(*p)) ++p;
    const size_t digits = static_cast<size_t>(p - begin);
    if (p == end || digits - 1 > 14) return nullptr;  // none, or too many
    return *begin == '0' && digits > 1 ? nullptr : p;
  }
  p = sse::find_special(p, end, &high);
  return p != end && *p == '"' ? p : nullptr;
}

// Whether the bytes at |p| end where an event of this kind could go on.
content_template::fit content_template::diagnose(const char* p, const char* end) const noexcept {
  const char* bytes = bytes_.data() + bytes_.size() - first_;
  size_t n = first_;
  for (const hole* h = holes_;; ++h) {
    const size_t left = static_cast<size_t>(end - p);
    if (std::memcmp(p, bytes, std::min(left, n)) != 0) return fit::no;
    if (left <= n) return fit::more;
    if (h == holes_ + holes_used_) return fit::no;
    p += n;
    bytes = h == holes_ ? bytes_.data() : bytes + n;
    n = h->after;
    const char* const q = past(h->what, p, end);
    if (q == nullptr) return ends_inside(h->what, p, end) ? fit::more : fit::no;
    p = q;
  }
}

// Whether the hole at |p| has no end yet.  What is wrong in it will be seen when
// it has one.
bool content_template::ends_inside(kind what, const char* p, const char* end) noexcept {
  if (what == kind::number) return std::all_of(p, end, is_digit);
  for (; p != end && *p != '"'; ++p) {
    if (static_cast<unsigned char>(*p) < 0x20) return false;
    if (*p == '\\' && ++p == end) return true;
  }
  return end - p < 2;
}

// The counts of the event at |p|, which fits.
void content_template::note_counts(const char* p, const char* end) noexcept {
  p += first_;
  for (const hole* h = holes_; h != holes_ + holes_used_; ++h) {
    const char* const begin = p;
    p = past(h->what, p, end);
    if (h->of != none) counts_[h->of] = number_of({begin, static_cast<size_t>(p - begin)});
    p += h->after;
  }
}

content_template::fit content_template::run(string_view& in, string_view* texts, size_t max,
                                            size_t* n) noexcept {
  const size_t first = first_;
  const hole* const last_hole = holes_ + holes_used_ - 1;
  const char* event = in.data();
  const char* const end = event + in.size();
  const char* previous = nullptr;
  string_view* text = texts;
  string_view* const limit = texts + max;
  *n = 0;
  if (in.size() < first || !begins_at(event, first)) return diagnose(event, end);

  const char* p = event + first;
  while (text != limit) {
    const char* q = p;
    const char* bytes = bytes_.data();
    const hole* h = holes_;
    for (;; ++h) {
      const char* const begin = q;
      q = past(h->what, q, end);
      if (q == nullptr) break;
      if (h->what == kind::content) *text = {begin, static_cast<size_t>(q - begin)};
      const size_t after = h->after;
      if (static_cast<size_t>(end - q) < after || std::memcmp(q, bytes, after) != 0) break;
      q += after;
      bytes += after;
      if (h == last_hole) break;
    }
    if (q == nullptr) break;
    if (bytes == bytes_.data() + bytes_.size()) {  // and the next one begins well
      previous = event;
      event = q - first;
      p = q;
      ++text;
      continue;
    }
    // The last of its kind, or of the bytes.
    if (h == last_hole && static_cast<size_t>(end - q) >= last_ &&
        std::memcmp(q, bytes, last_) == 0) {
      previous = event;
      event = q + last_;
      ++text;
    }
    break;
  }
  if (has_usage_ && previous != nullptr) note_counts(previous, end);
  *n = static_cast<size_t>(text - texts);
  in.remove_prefix(static_cast<size_t>(event - in.data()));
  return text == limit ? fit::yes : diagnose(event, end);
}

usage content_template::last_usage() const noexcept {
  return gemini_usage(counts_[prompt], counts_[candidates], counts_[thoughts], counts_[total],
                      counts_[cached]);
}

}  // namespace f0::dialect
