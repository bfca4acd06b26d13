// Copyright (C) 2026 The f0 authors

#include "template.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <vector>

#include "../sse/scan.h"
#include "reader_base.h"

namespace f0::dialect {

namespace {

constexpr size_t longest_event = 4096;

// Where the content's text lies; "" is the first element of an array.
constexpr string_view openai_path[] = {"choices", "", "delta", "content"};
constexpr string_view anthropic_path[] = {"delta", "text"};
constexpr string_view gemini_path[] = {"candidates", "", "content", "parts", "", "text"};
constexpr string_view ollama_path[] = {"message", "content"};
constexpr string_view responses_path[] = {"delta"};

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
    case id::responses:
      return responses_path;
  }
  return {};
}

// Strings at the top that mean nothing and differ in each event.
bool is_noise(id dialect, string_view key) {
  if (dialect == id::ollama) return key == "created_at";
  if (dialect == id::responses) return key == "obfuscation";
  return dialect == id::openai && (key == "obfuscation" || key == "p");
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
      : dialect_(dialect), path_(path_of(dialect)), p_(json.data()), end_(p_ + json.size()) {
    // Some servers of Responses change an item's id in every event; where it has
    // an index the id says nothing.
    indexed_ = dialect == id::responses && json.find("\"output_index\":") != string_view::npos;
  }

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
    if (c == '"' && is_text(key, step)) {
      const string_view s = string();
      if (s.empty()) return true;
      ++contents_;
      note(s, kind::content, none);
      return true;
    }
    const bool noise = is_noise(dialect_, key) || (indexed_ && key == "item_id");
    if (depth_ == 1 && c == '"' && noise) {
      note(string(), kind::string, none);
      return true;
    }
    if (depth_ == 1 && dialect_ == id::responses && key == "sequence_number") return number();
    if (depth_ == 1 && dialect_ == id::gemini && key == "usageMetadata") {
      return value(string_view::npos, 1, none);
    }
    if (usage == 1) {
      varies_ = key == "totalTokenCount" || key.starts_with("candidates");
      return value(string_view::npos, 2, tag_of(key));
    }
    return value(string_view::npos, usage != 0 ? usage + 1 : 0, none);
  }

  // Of completions, beside the path.
  bool is_text(string_view key, size_t step) const {
    return (dialect_ == id::openai && step == 2 && key == "text") ||
           (dialect_ == id::ollama && depth_ == 1 && key == "response");
  }

  // One that counts the events.
  bool number() {
    const char* const begin = p_;
    while (p_ != end_ && is_digit(*p_)) ++p_;
    const string_view s(begin, static_cast<size_t>(p_ - begin));
    if (s.empty() || s.size() > 15) return false;
    note(s, kind::number, none);
    return true;
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
  bool indexed_ = false;
  bool varies_ = false;  // counts here differ from event to event
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

inline bool is_plain_escape(char c) noexcept {
  return c == 'n' || c == '"' || c == '\\' || c == 't' || c == 'r';
}

// How many of the eight bytes at |p| are digits, before the first other one.
inline size_t digits_at(const char* p) noexcept {
  uint64_t v;
  std::memcpy(&v, p, sizeof v);
  if constexpr (std::endian::native == std::endian::big) v = __builtin_bswap64(v);
  v ^= 0x3030303030303030u;  // a digit is 0 to 9 now
  const uint64_t other = (v | (v + 0x0606060606060606u)) & 0xf0f0f0f0f0f0f0f0u;
  return other == 0 ? 8 : static_cast<size_t>(__builtin_ctzll(other)) / 8;
}

// The length of the UTF-8 sequence at |s|, which is no ASCII; 0: it is invalid or
// goes beyond |end|.
inline size_t sequence_at(const char* s, const char* end) noexcept {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto follows = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned lead = byte(0);
  if (lead < 0xc2 || lead > 0xf4 || end - s < 4) return 0;
  if (!follows(1)) return 0;
  if (lead < 0xe0) return 2;
  if (!follows(2)) return 0;
  const unsigned second = byte(1);
  if (lead < 0xf0) {
    return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ? 0 : 3;
  }
  if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return 0;
  return follows(3) ? 4 : 0;
}

// The length of what stands at |p| in plain text and is not just a character of
// it: a plain escape, a sequence of UTF-8.  0: it does not belong there.
inline size_t odd_at(const char* p, const char* end) noexcept {
  if (*p == '\\') return is_plain_escape(p[1]) ? 2 : 0;
  return (*p & 0x80) != 0 ? sequence_at(p, end) : 0;
}

// The quote that ends the plain text at |p|, or nullptr: it is empty, not plain,
// or has no end here.
[[gnu::always_inline]] inline const char* end_of_text(const char* p, const char* end) noexcept {
  const char* const begin = p;
#if defined(__SSE2__)
  while (end - p > 16) {
    size_t step = 16;
    for (unsigned odd = sse::odd_bytes(p); odd != 0;) {
      const unsigned i = static_cast<unsigned>(__builtin_ctz(odd));
      if (p[i] == '"') return p + i != begin ? p + i : nullptr;
      const size_t n = odd_at(p + i, end);
      if (n == 0) return nullptr;
      odd &= ~(((1u << n) - 1) << i);
      if (i + n > step) step = i + n;
    }
    p += step;
  }
#endif
  while (end - p >= 2) {
    if (*p == '"') return p != begin ? p : nullptr;
    const bool odd = *p == '\\' || static_cast<signed char>(*p) < 0x20;
    const size_t n = odd ? odd_at(p, end) : 1;
    if (n == 0) return nullptr;
    p += n;
  }
  return nullptr;
}

// Small pieces are not worth a call.
inline bool equal(const char* a, const char* b, size_t n) noexcept {
  const auto both = [&]<typename T>(T) {  // the first and the last of these
    T x, y, u, v;
    std::memcpy(&x, a, sizeof x);
    std::memcpy(&y, b, sizeof y);
    std::memcpy(&u, a + n - sizeof u, sizeof u);
    std::memcpy(&v, b + n - sizeof v, sizeof v);
    return ((x ^ y) | (u ^ v)) == 0;
  };
#if defined(__SSE2__)
  if (n > 32) return std::memcmp(a, b, n) == 0;
  if (n >= 16) {
    const auto same = [](const char* x, const char* y) {
      return _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x)),
                            _mm_loadu_si128(reinterpret_cast<const __m128i*>(y)));
    };
    return _mm_movemask_epi8(_mm_and_si128(same(a, b), same(a + n - 16, b + n - 16))) == 0xffff;
  }
#endif
  if (n > 16) return std::memcmp(a, b, n) == 0;
  if (n >= 8) return both(uint64_t{});
  if (n >= 4) return both(uint32_t{});
  if (n >= 2) return both(uint16_t{});
  return n == 0 || *a == *b;
}

// The end of the hole at |p|, or nullptr: it does not end well, or not here.
[[gnu::always_inline]] inline const char* content_template::past(kind what, const char* p,
                                                                 const char* end) noexcept {
  const char* const begin = p;
  if (what == kind::content) return end_of_text(p, end);
  if (what == kind::spaces) {
    while (p != end && *p == ' ') ++p;
    return p;
  }
  if (what == kind::number) {
    const size_t at_once = end - p > 8 ? digits_at(p) : 8;
    if (at_once < 8) {
      p += at_once;
    } else {
      while (p != end && is_digit(*p)) ++p;
    }
    const size_t digits = static_cast<size_t>(p - begin);
    if (p == end || digits - 1 > 14) return nullptr;  // none, or too many
    return *begin == '0' && digits > 1 ? nullptr : p;
  }
#if defined(__SSE2__)
  for (; end - p >= 16; p += 16) {
    const unsigned odd = sse::odd_bytes(p);
    if (odd == 0) continue;
    p += __builtin_ctz(odd);
    return *p == '"' ? p : nullptr;
  }
#endif
  while (p != end && *p != '"' && *p != '\\' && static_cast<signed char>(*p) >= 0x20) ++p;
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

// The counts of the event at |p|, which fits and says |text|.
void content_template::note_counts(const char* p, const char* end, string_view text) noexcept {
  p += first_;
  for (const hole* h = holes_; h != holes_ + holes_used_; ++h) {
    const char* const begin = p;
    p = h->what == kind::content ? text.data() + text.size() : past(h->what, p, end);
    if (h->of != none) counts_[h->of] = number_of({begin, static_cast<size_t>(p - begin)});
    p += h->after;
  }
}

// Where run() is.
struct content_template::cursor {
  const char* event;     // the beginning of the one that is looked at
  const char* end;       // of the bytes
  const char* previous;  // the last event that was taken
  string_view* text;     // where the next text goes
  const string_view* limit;
};

// A hole, then the bytes after it.  Not: *at is where they should have begun, or
// nullptr if it was the hole.
[[gnu::always_inline]] inline bool content_template::step(kind what, const hole& h, const char*& at,
                                                          const char*& bytes, const char* end,
                                                          string_view* text) noexcept {
  const char* const begin = at;
  at = past(what, begin, end);
  if (at == nullptr) return false;
  if (what == kind::content) *text = {begin, static_cast<size_t>(at - begin)};
  const size_t n = h.after;
  if (static_cast<size_t>(end - at) < n || !equal(at, bytes, n)) return false;
  at += n;
  bytes += n;
  return true;
}

// Takes events as long as they fit.  |kinds|: of their holes, in order, if there
// is a loop of its own for them; else any.
template <content_template::kind... kinds>
void content_template::take(cursor& c) const noexcept {
  const size_t first = first_, last = last_;
  const hole* const holes_end = holes_ + holes_used_;
  const char* event = c.event;
  const char* p = event + first;
  string_view* text = c.text;
  while (text != c.limit) {
    const char* q = p;
    const char* bytes = bytes_.data();
    const hole* h = holes_;
    bool fits;
    if constexpr (sizeof...(kinds) != 0) {
      fits = ((step(kinds, *h++, q, bytes, c.end, text)) && ...);
    } else {
      do {
        fits = step(h->what, *h, q, bytes, c.end, text);
      } while (++h != holes_end && fits);
    }
    if (fits) {  // and the next one begins well
      c.previous = event;
      event = q - first;
      p = q;
      ++text;
      continue;
    }
    // The last of its kind, or of the bytes.
    if (q != nullptr && h == holes_end && static_cast<size_t>(c.end - q) >= last &&
        std::memcmp(q, bytes, last) == 0) {
      c.previous = event;
      event = q + last;
      ++text;
    }
    break;
  }
  c.event = event;
  c.text = text;
}

content_template::fit content_template::run(string_view& in, string_view* texts, size_t max,
                                            size_t* n) noexcept {
  cursor c{in.data(), in.data() + in.size(), nullptr, texts, texts + max};
  *n = 0;
  if (in.size() < first_ || !begins_at(c.event, first_)) return diagnose(c.event, c.end);

  const auto shaped = [&](std::initializer_list<kind> kinds) {
    return kinds.size() == holes_used_ &&
           std::equal(kinds.begin(), kinds.end(), holes_,
                      [](kind k, const hole& h) { return k == h.what; });
  };
  if (shaped({kind::content})) {
    take<kind::content>(c);
  } else if (shaped({kind::content, kind::string})) {
    take<kind::content, kind::string>(c);
  } else if (shaped({kind::content, kind::spaces})) {
    take<kind::content, kind::spaces>(c);
  } else if (shaped({kind::string, kind::content})) {
    take<kind::string, kind::content>(c);
  } else if (shaped({kind::content, kind::number, kind::number})) {
    take<kind::content, kind::number, kind::number>(c);
  } else {
    take<>(c);
  }
  if (has_usage_ && c.previous != nullptr) note_counts(c.previous, c.end, c.text[-1]);
  *n = static_cast<size_t>(c.text - texts);
  in.remove_prefix(static_cast<size_t>(c.event - in.data()));
  return c.text == c.limit ? fit::yes : diagnose(c.event, c.end);
}

usage content_template::last_usage() const noexcept {
  return gemini_usage(counts_[prompt], counts_[candidates], counts_[thoughts], counts_[total],
                      counts_[cached]);
}

}  // namespace f0::dialect
