// Copyright (C) 2026 The f0 authors

#include "unread.h"

#include <algorithm>
#include <new>

#include "../base/text.h"
#include "escape.h"
#include "yajl_guard.h"

namespace f0::json {

namespace {

constexpr size_t kLarge = 2048;  // bytes of an array or object whose end is noted
constexpr size_t kLong = 64;     // bytes of a string that yajl does not see
constexpr size_t kMany = 4096;   // members of an object that are kept
constexpr uint32_t kReplacement = 0xFFFD;

enum : uint8_t { kOther, kOpen, kClose, kQuote, kWrong };

// What a byte is outside of strings.
struct byte_classes {
  uint8_t of[256] = {};
  constexpr byte_classes() {
    for (int c = 0x80; c < 256; c++) of[c] = kWrong;
    of[0x0B] = of[0x0C] = kWrong;  // yajl takes both for white space
    of[int('[')] = of[int('{')] = kOpen;
    of[int(']')] = of[int('}')] = kClose;
    of[int('"')] = kQuote;
  }
};
constexpr byte_classes kClasses;

uint8_t class_of(char c) { return kClasses.of[static_cast<unsigned char>(c)]; }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Whether |s|, the inside of a string, has only escapes that there are and no
// control character.
bool is_sound(string_view s) {
  for (size_t i = 0; i < s.size();) {
    auto c = static_cast<unsigned char>(s[i]);
    if (c < 0x20) return false;
    if (c != '\\') {
      i++;
    } else if (i + 1 < s.size() && s[i + 1] == 'u') {
      if (escape_at(s, i) < 0) return false;
      i += 6;
    } else {
      if (i + 1 == s.size() || !strchr("\"\\/bfnrt", s[i + 1]) || s[i + 1] == '\0') return false;
      i += 2;
    }
  }
  return true;
}

}  // namespace

// ---- the check

error unread::check() {
  if (text_.size() > UINT32_MAX) return error::memory;
  yajl_guard yajl(nullptr, nullptr, false);
  auto wrong = [&] { return yajl.out_of_memory() ? error::memory : error::syntax; };
  std::vector<size_t> open;  // in |ends_|
  size_t done = 0;           // yajl has seen so much
  for (size_t i = 0; i < text_.size(); i++) {
    switch (class_of(text_[i])) {
      case kOther:
        break;
      case kWrong:
        return error::syntax;
      case kOpen:
        if (open.size() == limits_.depth) return error::depth;
        open.push_back(ends_.size());
        ends_.push_back({static_cast<uint32_t>(i), 0});
        break;
      case kClose:
        if (open.empty()) return error::syntax;
        ends_[open.back()].end = static_cast<uint32_t>(i + 1);
        // Those within a small one are small, and gone.
        if (i + 1 - ends_[open.back()].begin < kLarge) ends_.pop_back();
        open.pop_back();
        break;
      case kQuote: {
        size_t end = string_end(i, text_.size());
        if (end == string_view::npos) return error::syntax;
        if (end - i > kLong) {
          if (!is_sound(text_.substr(i + 1, end - i - 2))) return error::syntax;
          if (!yajl.parse(text_.substr(done, i + 1 - done))) return wrong();
          done = end - 1;
        }
        i = end - 1;
        break;
      }
    }
  }
  if (!yajl.parse(text_.substr(done)) || !yajl.finish()) return wrong();
  ends_.shrink_to_fit();
  return arena_.charge(memory()) ? error::none : error::memory;
}

// ---- ways through a text that was checked

size_t unread::skip_blanks(size_t at) const {
  while (at < text_.size() && is_blank(text_[at])) at++;
  return at;
}

// Behind the string that begins at |at|; npos: it does not end before |limit|.
size_t unread::string_end(size_t at, size_t limit) const {
  string_view s = text_.substr(0, limit);
  for (size_t i = at + 1; i < s.size(); i += 2) {
    i = text::find_quote_or_escape(s, i);
    if (i < s.size() && s[i] == '"') return i + 1;
  }
  return string_view::npos;
}

// Behind the array or object that begins at |at|.
size_t unread::nested_end(size_t at) const {
  size_t depth = 0, limit = std::min(at + kLarge, text_.size());
  for (size_t i = at; i < limit;) {
    uint8_t c = class_of(text_[i]);
    if (c == kQuote) {
      i = string_end(i, limit);
      continue;
    }
    i++;
    if (c == kOpen) depth++;
    if (c == kClose && --depth == 0) return i;
  }
  return std::lower_bound(ends_.begin(), ends_.end(), at,
                          [](const large& l, size_t begin) { return l.begin < begin; })
      ->end;
}

size_t unread::value_end(size_t at) const {
  uint8_t c = class_of(text_[at]);
  if (c == kQuote) return string_end(at, text_.size());
  if (c == kOpen) return nested_end(at);
  while (at < text_.size() && !is_blank(text_[at]) && text_[at] != ',' &&
         class_of(text_[at]) != kClose) {
    at++;
  }
  return at;
}

// f(key, value) for what stands in the array or object at |at|: where they begin
// (elements have no key: 0), and in |key_end| where a key ends.  f is told nothing
// more once it says false.
template <typename F>
void unread::each(size_t at, F f) const {
  bool object = text_[at] == '{';
  size_t i = skip_blanks(at + 1);
  while (class_of(text_[i]) != kClose) {
    size_t key = 0, key_end = 0;
    if (object) {
      key = i;
      key_end = string_end(i, text_.size());
      i = skip_blanks(skip_blanks(key_end) + 1);  // behind the colon
    }
    size_t begin = i;
    i = value_end(i);
    f(key, key_end, begin, i);
    i = skip_blanks(i);
    if (text_[i] == ',') i = skip_blanks(i + 1);
  }
}

size_t unread::count(const value& v) const {
  size_t n = 0;
  each(v.size_, [&](size_t, size_t, size_t, size_t) { n++; });
  return n;
}

// ---- reading

// The string whose quotes stand at |quote| and before |end|.  |keep|: the text must
// stay as it is.
string_view unread::text_at(size_t quote, size_t end, bool keep) {
  string_view raw = text_.substr(quote + 1, end - quote - 2);
  const void* hit = memchr(raw.data(), '\\', raw.size());
  if (!hit) return raw;
  size_t i = static_cast<size_t>(static_cast<const char*>(hit) - raw.data());
  char* to = limits_.in_place && !keep ? const_cast<char*>(raw.data())
                                       : static_cast<char*>(arena_.take(raw.size()));
  if (!to) {
    failed_ = true;
    return {};
  }
  char* p = to + i;
  if (to != raw.data()) memcpy(to, raw.data(), i);
  while (i < raw.size()) {
    escape e = read_escape(raw, i);
    if (e.half() && limits_.join_surrogates) e.c = kReplacement;
    p = put_code_point(p, e.c);
    i += e.size;
    size_t next = i;
    hit = i < raw.size() ? memchr(raw.data() + i, '\\', raw.size() - i) : nullptr;
    next = hit ? static_cast<size_t>(static_cast<const char*>(hit) - raw.data()) : raw.size();
    memmove(p, raw.data() + i, next - i);
    p += next - i;
    i = next;
  }
  return {to, static_cast<size_t>(p - to)};
}

value unread::value_at(size_t at, bool keep) {
  value v;
  switch (text_[at]) {
    case '{':
    case '[':
      v.type = text_[at] == '{' ? kind::object : kind::array;
      v.state_ = value::state::unread;
      v.size_ = at;
      v.keep_ = keep;
      v.source_ = this;
      break;
    case '"': {
      string_view s = text_at(at, string_end(at, text_.size()), keep);
      v.type = kind::string;
      v.size_ = s.size();
      v.text_ = s.data();
      break;
    }
    case 'n':
      break;
    case 't':
    case 'f':
      v.type = kind::boolean;
      v.bool_ = text_[at] == 't';
      break;
    default:
      v.type = kind::number;
      v.size_ = value_end(at) - at;
      v.text_ = text_.data() + at;
  }
  return v;
}

const value* unread::root() {
  void* p = arena_.take(sizeof(value));
  return p ? new (p) value(value_at(skip_blanks(0), false)) : nullptr;
}

// Once its strings may have been decoded where they stand, the text of |v| itself
// is not looked at again; those of the arrays and objects in it are whole.
void unread::read(const value& v) {
  size_t at = v.size_, n = count(v), i = 0;
  bool object = v.type == kind::object, keep = v.keep_ || v.state_ == value::state::giant;
  void* to = n == 0 ? nullptr : arena_.take(n * (object ? sizeof(member) : sizeof(value)));
  v.state_ = value::state::read;
  v.size_ = to ? n : 0;
  v.items_ = nullptr;
  if (!to) {
    failed_ |= n > 0;
    return;
  }
  if (object) {
    member* m = static_cast<member*>(to);
    v.members_ = m;
    each(at, [&](size_t key, size_t key_end, size_t begin, size_t) {
      new (&m[i++]) member{text_at(key, key_end, keep), value_at(begin, keep)};
    });
  } else {
    value* e = static_cast<value*>(to);
    v.items_ = e;
    each(at,
         [&](size_t, size_t, size_t begin, size_t) { new (&e[i++]) value(value_at(begin, keep)); });
  }
}

bool unread::find(const value& v, string_view key, const value** found) {
  if (v.state_ == value::state::unread) {
    if (count(v) <= kMany) {
      read(v);
      return false;
    }
    v.state_ = value::state::giant;
  }
  size_t last = 0;
  std::string decoded;
  each(v.size_, [&](size_t k, size_t key_end, size_t begin, size_t) {
    string_view raw = text_.substr(k + 1, key_end - k - 2);
    if (raw.find('\\') == string_view::npos) {
      if (raw == key) last = begin;
    } else if (raw.size() <= 12 * key.size()) {
      decoded.clear();
      for (size_t i = 0; i < raw.size();) {
        escape e;
        if (raw[i] != '\\') {
          decoded += raw[i++];
          continue;
        }
        char c[4];
        e = read_escape(raw, i);
        decoded.append(c, put_code_point(c, e.half() ? kReplacement : e.c));
        i += e.size;
      }
      if (decoded == key) last = begin;
    }
  });
  *found = nullptr;
  if (last == 0) return true;
  void* p = arena_.take(sizeof(value));
  if (p) *found = new (p) value(value_at(last, true));
  failed_ |= !p;
  return true;
}

// ---- writing what was not read

// Copies tokens; blanks go, escapes become those of the writer, and of equal keys
// the last one stays.
struct unread::copier {
  struct written {
    size_t begin, key_end;  // in |out|
  };

  const unread& from;
  std::string& out;
  std::vector<written> members;  // of the open objects

  void string(size_t at, size_t end) {
    string_view raw = from.text_.substr(at + 1, end - at - 2);
    out += '"';
    for (size_t i = 0;;) {
      size_t next = std::min(raw.find('\\', i), raw.size());
      out.append(raw.data() + i, next - i);
      if (next == raw.size()) break;
      escape e = read_escape(raw, next);
      char c[4];
      char* end_of = put_code_point(c, e.half() ? kReplacement : e.c);
      append_escaped(out, {c, static_cast<size_t>(end_of - c)});
      i = next + e.size;
    }
    out += '"';
  }

  // Writes the value at |at|; returns where it ends.
  size_t value(size_t at) {
    char c = from.text_[at];
    if (c == '{' || c == '[') return nested(at, c == '{');
    size_t end = from.value_end(at);
    if (c == '"') {
      string(at, end);
    } else {
      out += from.text_.substr(at, end - at);
    }
    return end;
  }

  size_t nested(size_t at, bool object) {
    size_t base = members.size(), n = 0;
    out += object ? '{' : '[';
    size_t i = from.skip_blanks(at + 1);
    while (class_of(from.text_[i]) != kClose) {
      if (n++ > 0) out += ',';
      if (object) {
        size_t begin = out.size(), end = from.string_end(i, from.text_.size());
        string(i, end);
        if (n <= kMany + 1) members.push_back({begin, out.size()});
        out += ':';
        i = from.skip_blanks(from.skip_blanks(end) + 1);
      }
      i = from.skip_blanks(value(i));
      if (from.text_[i] == ',') i = from.skip_blanks(i + 1);
    }
    if (object && n > 1 && n <= kMany) drop_replaced(base);
    members.resize(base);
    out += object ? '}' : ']';
    return i + 1;
  }

  string_view key(size_t i) const {
    return string_view(out).substr(members[i].begin, members[i].key_end - members[i].begin);
  }

  // Of the members from |base| on, whose text ends |out|.
  void drop_replaced(size_t base) {
    std::vector<size_t> order;
    for (size_t i = base; i < members.size(); i++) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      int by_key = key(a).compare(key(b));
      return by_key != 0 ? by_key < 0 : a < b;
    });
    std::vector<bool> gone(members.size() - base, false);
    bool any = false;
    for (size_t k = 0; k + 1 < order.size(); k++) {
      if (key(order[k]) == key(order[k + 1])) any = gone[order[k] - base] = true;
    }
    if (!any) return;
    std::string kept;
    for (size_t i = base; i < members.size(); i++) {
      if (gone[i - base]) continue;
      size_t end = i + 1 < members.size() ? members[i + 1].begin - 1 : out.size();
      if (!kept.empty()) kept += ',';
      kept.append(out, members[i].begin, end - members[i].begin);
    }
    out.replace(members[base].begin, std::string::npos, kept);
  }
};

void unread::write(std::string& out, const value& v) const {
  copier{*this, out, {}}.value(v.size_);
}

void value::read() const { source_->read(*this); }

size_t value::count() const { return source_->count(*this); }

}  // namespace f0::json
