// Copyright (C) 2026 The f0 authors
//
// parser.cc - yajl, guarded: UTF-8, depth, white space, surrogates, memory.
//
// Small texts are read as a whole by yajl's callbacks, large ones when somebody
// looks into them (unread.h).

#include <new>

#include "../base/text.h"
#include "arena.h"
#include "escape.h"
#include "unread.h"
#include "yajl_guard.h"

namespace f0::json {

namespace {

constexpr size_t kKeptText = 64 << 10;  // a parser that saw more may hold too much

// Copies whole tokens, and writes each high half without a low one as the
// three bytes that yajl hands through.
void write_lone_halves(std::string& out, string_view s) {
  for (size_t i = 0;;) {
    const void* hit = i < s.size() ? memchr(s.data() + i, '\\', s.size() - i) : nullptr;
    size_t at = hit ? static_cast<const char*>(hit) - s.data() : s.size();
    out.append(s.data() + i, at - i);
    if (!hit) return;
    int high = escape_at(s, at);
    if (high < 0xD800 || high > 0xDBFF) {
      out.append(s.data() + at, std::min<size_t>(2, s.size() - at));
      i = std::min(at + 2, s.size());
      continue;
    }
    int low = escape_at(s, at + 6);
    if (low >= 0xDC00 && low <= 0xDFFF) {
      out.append(s.data() + at, 12);
      i = at + 12;
    } else {
      char c[3] = {char(0xED), char(0x80 | (high >> 6 & 0x3F)), char(0x80 | (high & 0x3F))};
      out.append(c, 3);
      i = at + 6;
    }
  }
}

// Whether there is an escape of a code point from D000 on.
bool may_hold_halves(string_view s) {
  for (size_t i = s.find('\\'); i < s.size(); i = s.find('\\', i + 2)) {
    if (s.size() - i > 2 && s[i + 1] == 'u' && (s[i + 2] | 0x20) == 'd') return true;
  }
  return false;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

string_view without_blanks(string_view s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}

bool is_nested(string_view s) {
  return s.size() > 1 && (s.front() == '{' || s.front() == '[') &&
         (s.back() == '}' || s.back() == ']');
}

}  // namespace

// ---- a small text

class parser {
 public:
  explicit parser(document::arena& a);
  parser(const parser&) = delete;
  parser& operator=(const parser&) = delete;

  // |text| is valid UTF-8, an array or object, and not followed by anything.
  // After an error this is of no use any more.
  const value* read(string_view text, const limits& l);

  error why = error::none;

 private:
  // yajl's view of this.
  static const yajl_callbacks kCallbacks;
  static int on_null(void* p);
  static int on_boolean(void* p, int b);
  static int on_number(void* p, const char* s, size_t n);
  static int on_string(void* p, const unsigned char* s, size_t n);
  static int on_start_object(void* p);
  static int on_start_array(void* p);
  static int on_end_object(void* p);
  static int on_end_array(void* p);

  bool fail(error e) {
    if (why == error::none) why = e;
    return false;
  }
  bool add(const value& v) { return arena_.push(v) || fail(error::memory); }
  bool add_text(string_view s);
  bool add_joined(string_view s);
  const char* kept(string_view s);
  bool start(kind k);
  bool end_object();
  bool end_array();
  bool hand_on(string_view tokens);

  document::arena& arena_;
  limits limits_;
  string_view lent_;  // the text, if values may point into it
  yajl_guard yajl_;
  size_t depth_ = 0;     // open arrays and objects
  bool halves_ = false;  // there may be surrogate escapes
  size_t frame_ = 0;     // where the innermost open value begins
};

int parser::on_null(void* p) { return static_cast<parser*>(p)->add(value()); }

int parser::on_boolean(void* p, int b) {
  value v;
  v.type = kind::boolean;
  v.bool_ = b != 0;
  return static_cast<parser*>(p)->add(v);
}

int parser::on_number(void* p, const char* s, size_t n) {
  parser* self = static_cast<parser*>(p);
  value v;
  v.type = kind::number;
  v.size_ = n;
  v.text_ = self->kept({s, n});
  return v.text_ ? self->add(v) : self->fail(error::memory);
}

// Where the bytes may stay.
const char* parser::kept(string_view s) {
  size_t at = static_cast<size_t>(s.data() - lent_.data());
  return at < lent_.size() ? s.data() : arena_.copy(s);
}

// A decoded string.
bool parser::add_text(string_view s) {
  value v;
  v.type = kind::string;
  v.size_ = s.size();
  v.text_ = kept(s);
  return v.text_ ? add(v) : fail(error::memory);
}

bool parser::add_joined(string_view s) {
  std::string joined;
  try {
    text::append_joined(joined, s);
  } catch (const std::bad_alloc&) {
    return fail(error::memory);
  }
  return add_text(joined);
}

int parser::on_string(void* p, const unsigned char* s, size_t n) {
  parser* self = static_cast<parser*>(p);
  const string_view text(reinterpret_cast<const char*>(s), n);
  if (self->halves_ && self->limits_.join_surrogates && memchr(s, 0xED, n)) {
    return self->add_joined(text);
  }
  return self->add_text(text);
}

// The open value lies on the stack before its elements, with the frame that
// it interrupts as its size.
bool parser::start(kind k) {
  if (++depth_ > limits_.depth) return fail(error::depth);
  value v;
  v.type = k;
  v.size_ = frame_;
  if (!add(v)) return false;
  frame_ = arena_.depth;
  return true;
}

int parser::on_start_object(void* p) { return static_cast<parser*>(p)->start(kind::object); }

int parser::on_start_array(void* p) { return static_cast<parser*>(p)->start(kind::array); }

bool parser::end_array() {
  depth_--;
  size_t n = arena_.depth - frame_;
  value& v = arena_.stack[frame_ - 1];
  frame_ = v.size_;
  v.size_ = n;
  v.items_ = nullptr;
  arena_.depth -= n;
  if (n == 0) return true;
  void* to = arena_.take(n * sizeof(value));
  if (!to) return fail(error::memory);
  memcpy(to, static_cast<const void*>(&v + 1), n * sizeof(value));
  v.items_ = static_cast<const value*>(to);
  return true;
}

bool parser::end_object() {
  depth_--;
  size_t n = (arena_.depth - frame_) / 2;
  value& v = arena_.stack[frame_ - 1];
  frame_ = v.size_;
  v.size_ = n;
  v.members_ = nullptr;
  v.names_ = 0;
  arena_.depth -= 2 * n;
  if (n == 0) return true;
  member* to = static_cast<member*>(arena_.take(n * sizeof(member)));
  if (!to) return fail(error::memory);
  const value* from = &v + 1;
  uint32_t names = 0;
  for (size_t i = 0; i < n; i++) {
    const string_view key = from[2 * i].text();
    names |= value::mark_of(key);
    new (&to[i]) member{key, from[2 * i + 1]};
  }
  v.members_ = to;
  v.names_ = names;
  return true;
}

int parser::on_end_object(void* p) { return static_cast<parser*>(p)->end_object(); }

int parser::on_end_array(void* p) { return static_cast<parser*>(p)->end_array(); }

const yajl_callbacks parser::kCallbacks = {
    on_null,         on_boolean, nullptr,       nullptr,        on_number,   on_string,
    on_start_object, on_string,  on_end_object, on_start_array, on_end_array};
static constexpr bool kMany = true;  // one text follows another

parser::parser(document::arena& a) : arena_(a), yajl_(&kCallbacks, this, kMany) {}

bool parser::hand_on(string_view tokens) {
  if (yajl_.parse(tokens) && why == error::none) return true;
  return fail(yajl_.out_of_memory() ? error::memory : error::syntax);
}

// If the root is closed before the last byte, something stands behind it.
const value* parser::read(string_view text, const limits& l) {
  limits_ = l;
  // yajl takes both for white space.
  if (text.find('\x0B') != string_view::npos || text.find('\x0C') != string_view::npos) {
    fail(error::syntax);
    return nullptr;
  }
  std::string rewritten;
  if (l.borrow) lent_ = text;
  halves_ = may_hold_halves(text);
  if (halves_) {
    write_lone_halves(rewritten, text);
    text = rewritten;
  }
  arena_.depth = 0;
  bool good = hand_on(text.substr(0, text.size() - 1)) && depth_ > 0 &&
              hand_on(text.substr(text.size() - 1)) && depth_ == 0 && arena_.depth == 1;
  lent_ = {};
  void* to = good ? arena_.take(sizeof(value)) : nullptr;
  if (!to) {
    fail(good ? error::memory : error::syntax);
    return nullptr;
  }
  return new (to) value(arena_.stack[0]);
}

// ---- the document

document::document() = default;
document::~document() = default;
document::document(document&&) noexcept = default;

document& document::operator=(document&& other) noexcept {
  kept_.reset();  // these look at the arena
  unread_.reset();
  arena_ = std::move(other.arena_);
  kept_ = std::move(other.kept_);
  unread_ = std::move(other.unread_);
  repaired_ = std::move(other.repaired_);
  return *this;
}

void document::clear() {
  unread_.reset();
  repaired_.reset();
  if (arena_) arena_->clear();
}

size_t document::memory() const {
  return (arena_ ? arena_->held : 0) + (repaired_ ? repaired_->capacity() : 0) +
         (unread_ ? unread_->memory() : 0);
}

bool document::complete() const { return !unread_ || !unread_->failed(); }

const value* document::parse_clean(string_view text, const limits& l, error& why) {
  string_view inner = without_blanks(text);
  if (text.size() <= l.eager && is_nested(inner)) {
    if (!kept_) kept_ = std::make_unique<parser>(*arena_);
    const value* root = kept_->read(inner, l);
    why = kept_->why;
    arena_->shrink_stack();
    if (!root || text.size() > kKeptText) kept_.reset();
    return root;
  }
  limits own = l;
  if (!l.borrow) {
    text = {arena_->copy(text), text.size()};
    own.in_place = true;
    if (!text.data()) {
      why = error::memory;
      return nullptr;
    }
  }
  unread_ = std::make_unique<unread>(*arena_, text, own);
  why = unread_->check();
  const value* root = why == error::none ? unread_->root() : nullptr;
  if (!root && why == error::none) why = error::memory;
  return root;
}

const value* document::parse(string_view text, const limits& l, error* why, budget* b) {
  error none;
  error& e = why ? *why : none;
  e = error::none;
  if (!arena_) arena_ = std::make_unique<arena>();
  unread_.reset();
  if (!arena_->charge_to(b)) {
    e = error::memory;
    return nullptr;
  }
  if (l.skip_bom && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text::valid_utf8(text)) return parse_clean(text, l, e);
  if (l.strict_utf8) {
    e = error::utf8;
    return nullptr;
  }
  repaired_ = std::make_unique<std::string>();
  text::append_repaired(*repaired_, text);
  if (!arena_->charge(repaired_->capacity())) {
    e = error::memory;
    return nullptr;
  }
  limits own = l;
  own.borrow = own.in_place = true;
  return parse_clean(*repaired_, own, e);
}

}  // namespace f0::json
