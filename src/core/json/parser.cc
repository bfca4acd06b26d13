// Copyright (C) 2026 The f0 authors
//
// parser.cc - yajl, guarded: UTF-8, depth, white space, surrogates, memory.
//
// yajl sees whole tokens only.  It reads a token that is cut from its start
// again with each piece, so that one long string in many pieces would take
// quadratic time; and a whole string is where surrogate escapes can be put
// right without another state machine.

#include <yajl/yajl_parse.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <new>
#include <type_traits>

#include "../text.h"
#include "arena.h"

namespace f0::json {

namespace {

constexpr size_t kFirstBlock = 4096;
constexpr size_t kMaxBlock = 1 << 20;
constexpr size_t kLarge = kFirstBlock / 4;  // not worth waste at a block's end
constexpr size_t kKeptStack = 4096;         // elements
constexpr size_t kKeptText = 64 << 10;      // a parser that saw more may hold too much
constexpr size_t kAlign = alignof(std::max_align_t);

// What a byte is outside of strings.
enum : uint8_t { kToken, kBreak, kQuote, kWrong };

struct byte_classes {
  uint8_t of[256] = {};
  constexpr byte_classes() {
    for (int c = 0x80; c < 256; c++) of[c] = kWrong;
    of[0x0B] = of[0x0C] = kWrong;  // yajl takes both for white space
    of[int(' ')] = of[int('\t')] = of[int('\r')] = of[int('\n')] = kBreak;
    of[int(',')] = of[int(':')] = kBreak;
    of[int('[')] = of[int('{')] = of[int(']')] = of[int('}')] = kBreak;
    of[int('"')] = kQuote;
  }
};
constexpr byte_classes kClasses;

inline uint8_t class_of(char c) { return kClasses.of[static_cast<unsigned char>(c)]; }

// The value of the four hex digits behind "\u" at |i|, or -1.
int escape_at(string_view s, size_t i) {
  if (s.size() - i < 6 || s[i] != '\\' || s[i + 1] != 'u') return -1;
  int v = 0;
  for (size_t k = i + 2; k < i + 6; k++) {
    char c = s[k] | 0x20;
    if (s[k] >= '0' && s[k] <= '9')
      v = v << 4 | (s[k] - '0');
    else if (c >= 'a' && c <= 'f')
      v = v << 4 | (c - 'a' + 10);
    else
      return -1;
  }
  return v;
}

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

}  // namespace

// ---- memory

document::arena::~arena() {
  give_back();
  while (blocks) {
    block* next = blocks->next;
    free(blocks);
    blocks = next;
  }
  free(stack);
}

document::arena::block* document::arena::make_block(size_t size) {
  if (owner && !owner->charge(size)) return nullptr;
  charged += size;
  block* b = static_cast<block*>(malloc(aligned(sizeof(block)) + size));
  if (!b) {
    if (owner) owner->release(size);
    charged -= size;
    return nullptr;
  }
  b->next = nullptr;
  b->size = size;
  held += size;
  return b;
}

// |n| is aligned, and too much for the current block.
void* document::arena::take_more(size_t n) {
  size_t size = blocks ? std::min(blocks->size * 2, kMaxBlock) : kFirstBlock;
  block* b = make_block(n > kLarge ? n : size);
  if (!b) return nullptr;
  if (n > kLarge && blocks) {
    // A block of its own: the rest of the current one stays in use.
    b->next = blocks->next;
    blocks->next = b;
    return start_of(b);
  }
  b->next = blocks;
  blocks = b;
  used = n;
  return start_of(b);
}

const char* document::arena::copy(string_view s) {
  if (s.empty()) return "";
  char* p = static_cast<char*>(take(s.size()));
  if (p) memcpy(p, s.data(), s.size());
  return p;
}

bool document::arena::grow_stack() {
  static_assert(std::is_trivially_copyable_v<value>);
  size_t want = room ? room * 2 : 64;
  size_t more = (want - room) * sizeof(value);
  if (owner && !owner->charge(more)) return false;
  stack_charged += more;
  void* grown = realloc(static_cast<void*>(stack), want * sizeof(value));
  if (!grown) {
    if (owner) owner->release(more);
    stack_charged -= more;
    return false;
  }
  stack = static_cast<value*>(grown);
  room = want;
  return true;
}

void document::arena::shrink_stack() {
  depth = 0;
  if (owner) owner->release(stack_charged);
  stack_charged = 0;
  if (room <= kKeptStack) return;
  free(stack);
  stack = nullptr;
  room = 0;
}

void document::arena::clear() {
  // The oldest block is kept, unless the first value was a giant.
  block* keep = nullptr;
  while (blocks) {
    block* next = blocks->next;
    if (!next && blocks->size <= kMaxBlock) {
      keep = blocks;
    } else {
      free(blocks);
    }
    blocks = next;
  }
  blocks = keep;
  held = keep ? keep->size : 0;
  used = depth = 0;
  give_back();
  owner = nullptr;
}

void document::clear() {
  if (arena_) arena_->clear();
}

size_t document::memory() const { return arena_ ? arena_->held : 0; }

// ---- the parser

struct parser::impl {
  impl(document& doc, const limits& l, budget* b);
  ~impl();

  // For another text, after one that was good.
  void begin_again(const limits& l, budget* b);
  bool feed(string_view piece);
  const value* finish();
  const value* whole(string_view text);
  // Many values may follow each other.
  void allow_many() { yajl_config(yajl_, yajl_allow_multiple_values, 1); }

  error why = error::none;

 private:
  // yajl's view of this.
  static int on_null(void* p);
  static int on_boolean(void* p, int b);
  static int on_number(void* p, const char* s, size_t n);
  static int on_string(void* p, const unsigned char* s, size_t n);
  static int on_key(void* p, const unsigned char* s, size_t n);
  static int on_start_object(void* p);
  static int on_start_array(void* p);
  static int on_end_object(void* p);
  static int on_end_array(void* p);
  static void* allocate(void* p, size_t n);
  static void* reallocate(void* p, void* old, size_t n);
  static void release(void* p, void* old);

  bool fail(error e) {
    if (why == error::none) why = e;
    return false;
  }
  bool add(const value& v) { return arena_.push(v) || fail(error::memory); }
  bool text_of(value& v, string_view s);
  const char* kept(string_view s);
  const value* root();
  bool start(kind k);
  bool end_object();
  bool end_array();

  static bool is_plain(string_view text);
  const value* take(string_view text);
  bool feed_clean(string_view piece);
  bool scan(string_view piece, size_t* first, size_t* last);
  bool hold(string_view piece);
  bool hand_on(string_view tokens);

  document::arena& arena_;
  limits limits_;
  string_view lent_;  // the text, if values may point into it
  budget* budget_;
  yajl_alloc_funcs allocator_;
  yajl_handle yajl_;

  text::utf8_checker utf8_;
  std::string broken_;  // a cut character, when broken ones are repaired
  size_t bom_ = 0;      // bytes of a BOM seen; 4: no longer looked for
  size_t depth_ = 0;    // open arrays and objects
  bool in_string_ = false;
  bool escaped_ = false;  // the string goes on behind a backslash
  bool halves_ = false;   // there may be surrogate escapes
  std::string pending_;   // the token that the last piece cut
  size_t pending_charged_ = 0;
  size_t frame_ = 0;  // where the innermost open value begins
};

int parser::impl::on_null(void* p) { return static_cast<impl*>(p)->add(value()); }

int parser::impl::on_boolean(void* p, int b) {
  value v;
  v.type = kind::boolean;
  v.bool_ = b != 0;
  return static_cast<impl*>(p)->add(v);
}

int parser::impl::on_number(void* p, const char* s, size_t n) {
  impl* self = static_cast<impl*>(p);
  value v;
  v.type = kind::number;
  v.size_ = n;
  v.text_ = self->kept({s, n});
  return v.text_ ? self->add(v) : self->fail(error::memory);
}

// Where the bytes may stay.
const char* parser::impl::kept(string_view s) {
  size_t at = static_cast<size_t>(s.data() - lent_.data());
  return at < lent_.size() ? s.data() : arena_.copy(s);
}

// A decoded string: halves joined if that was asked for.
bool parser::impl::text_of(value& v, string_view s) {
  v.type = kind::string;
  std::string joined;
  if (halves_ && limits_.join_surrogates && memchr(s.data(), 0xED, s.size())) {
    try {
      text::append_joined(joined, s);
    } catch (const std::bad_alloc&) {
      return fail(error::memory);
    }
    s = joined;
  }
  v.size_ = s.size();
  v.text_ = kept(s);
  return v.text_ || fail(error::memory);
}

int parser::impl::on_string(void* p, const unsigned char* s, size_t n) {
  impl* self = static_cast<impl*>(p);
  value v;
  return self->text_of(v, {reinterpret_cast<const char*>(s), n}) && self->add(v);
}

int parser::impl::on_key(void* p, const unsigned char* s, size_t n) { return on_string(p, s, n); }

// The open value lies on the stack before its elements, with the frame that
// it interrupts as its size.
bool parser::impl::start(kind k) {
  if (++depth_ > limits_.depth) return fail(error::depth);
  value v;
  v.type = k;
  v.size_ = frame_;
  if (!add(v)) return false;
  frame_ = arena_.depth;
  return true;
}

int parser::impl::on_start_object(void* p) { return static_cast<impl*>(p)->start(kind::object); }

int parser::impl::on_start_array(void* p) { return static_cast<impl*>(p)->start(kind::array); }

bool parser::impl::end_array() {
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

bool parser::impl::end_object() {
  depth_--;
  size_t n = (arena_.depth - frame_) / 2;
  value& v = arena_.stack[frame_ - 1];
  frame_ = v.size_;
  v.size_ = n;
  v.members_ = nullptr;
  arena_.depth -= 2 * n;
  if (n == 0) return true;
  member* to = static_cast<member*>(arena_.take(n * sizeof(member)));
  if (!to) return fail(error::memory);
  const value* from = &v + 1;
  for (size_t i = 0; i < n; i++) new (&to[i]) member{from[2 * i].text(), from[2 * i + 1]};
  v.members_ = to;
  return true;
}

int parser::impl::on_end_object(void* p) { return static_cast<impl*>(p)->end_object(); }

int parser::impl::on_end_array(void* p) { return static_cast<impl*>(p)->end_array(); }

// yajl writes through a null pointer, so there is none: what it holds is
// bounded by the longest token, and charged after the fact.
void* parser::impl::allocate(void* p, size_t n) { return reallocate(p, nullptr, n); }

void* parser::impl::reallocate(void* p, void* old, size_t n) {
  impl* self = static_cast<impl*>(p);
  char* base = old ? static_cast<char*>(old) - kAlign : nullptr;
  size_t before = 0;
  if (base) memcpy(&before, base, sizeof(before));
  base = static_cast<char*>(realloc(base, n + kAlign));
  if (!base) {
    fputs("f0: out of memory\n", stderr);
    abort();
  }
  memcpy(base, &n, sizeof(n));
  if (n > before && self->budget_ && !self->budget_->charge(n - before)) {
    memcpy(base, &before, sizeof(before));
    self->fail(error::memory);
  }
  return base + kAlign;
}

void parser::impl::release(void* p, void* old) {
  if (!old) return;
  impl* self = static_cast<impl*>(p);
  char* base = static_cast<char*>(old) - kAlign;
  size_t n;
  memcpy(&n, base, sizeof(n));
  if (self->budget_) self->budget_->release(n);
  free(base);
}

parser::impl::impl(document& doc, const limits& l, budget* b)
    : arena_(*(doc.arena_ ? doc.arena_ : doc.arena_ = std::make_unique<document::arena>())),
      limits_(l),
      budget_(b),
      allocator_{allocate, reallocate, release, this} {
  static const yajl_callbacks kCallbacks = {on_null,       on_boolean,     nullptr,         nullptr,
                                            on_number,     on_string,      on_start_object, on_key,
                                            on_end_object, on_start_array, on_end_array};
  arena_.charge_to(b);
  arena_.depth = 0;
  yajl_ = yajl_alloc(&kCallbacks, &allocator_, this);
  // UTF-8 is checked here, strictly; yajl's own check is not.
  yajl_config(yajl_, yajl_dont_validate_strings, 1);
  if (!l.skip_bom) bom_ = 4;
}

parser::impl::~impl() {
  yajl_free(yajl_);
  if (budget_) budget_->release(pending_charged_);
  arena_.shrink_stack();
}

bool parser::impl::feed(string_view piece) {
  if (why != error::none) return false;
  static constexpr char kBom[] = "\xEF\xBB\xBF";
  while (bom_ < 3 && !piece.empty()) {
    if (piece.front() != kBom[bom_]) {
      if (bom_ > 0) return fail(error::utf8);
      bom_ = 4;
      break;
    }
    piece.remove_prefix(1);
    bom_++;
  }
  if (limits_.strict_utf8) {
    if (!utf8_.feed(piece)) return fail(error::utf8);
    return feed_clean(piece);
  }
  if (broken_.empty() && text::valid_utf8(piece)) return feed_clean(piece);
  broken_.append(piece);
  size_t tail = text::incomplete_tail(broken_);
  std::string repaired;
  text::append_repaired(repaired, string_view(broken_).substr(0, broken_.size() - tail));
  broken_.erase(0, broken_.size() - tail);
  return feed_clean(repaired);
}

// Follows strings.  *first: where the token that was open at the
// beginning ends (npos: not in this piece); *last: where the one begins that
// is open at the end.
bool parser::impl::scan(string_view s, size_t* first, size_t* last) {
  size_t i = 0;
  size_t from = 0;  // of the open token
  *first = pending_.empty() ? 0 : string_view::npos;
  while (i < s.size()) {
    if (escaped_) {
      // A half is told by its first digit, which may be in the next piece.
      if (s[i] == 'u' && (i + 1 == s.size() || (s[i + 1] | 0x20) == 'd')) halves_ = true;
      escaped_ = false;
      i++;
    } else if (in_string_) {
      i = text::find_quote_or_escape(s, i);
      if (i == s.size()) break;
      escaped_ = s[i] == '\\';
      in_string_ = escaped_;
      i++;
      if (in_string_) continue;
      if (*first == string_view::npos) *first = i;
      from = i;
    } else {
      uint8_t c = class_of(s[i]);
      if (c == kToken) {
        i++;
        continue;
      }
      if (c == kWrong) return fail(error::syntax);
      if (*first == string_view::npos) *first = i;
      from = i;
      if (c == kQuote)
        in_string_ = true;
      else
        from++;
      i++;
    }
  }
  *last = from;
  return true;
}

// |piece| is valid UTF-8, but may end inside a character.
bool parser::impl::feed_clean(string_view piece) {
  size_t first, last;
  if (!scan(piece, &first, &last)) return false;
  if (first == string_view::npos) return hold(piece);
  if (!pending_.empty()) {
    if (!hold(piece.substr(0, first)) || !hand_on(pending_)) return false;
    pending_.clear();
  }
  return hand_on(piece.substr(first, last - first)) && hold(piece.substr(last));
}

bool parser::impl::hold(string_view piece) {
  if (piece.empty()) return true;
  size_t want = pending_.size() + piece.size();
  if (want > pending_charged_) {
    size_t more = std::max(want, 2 * pending_.capacity()) - pending_charged_;
    if (budget_ && !budget_->charge(more)) return fail(error::memory);
    pending_charged_ += more;
  }
  pending_.append(piece);
  return true;
}

bool parser::impl::hand_on(string_view tokens) {
  if (tokens.empty()) return true;
  std::string rewritten;
  if (halves_) {
    write_lone_halves(rewritten, tokens);
    tokens = rewritten;
  }
  yajl_status s =
      yajl_parse(yajl_, reinterpret_cast<const unsigned char*>(tokens.data()), tokens.size());
  return (s == yajl_status_ok && why == error::none) || fail(error::syntax);
}

const value* parser::impl::finish() {
  if (why != error::none) return nullptr;
  if (!utf8_.complete() || (bom_ > 0 && bom_ < 3)) {
    fail(error::utf8);
    return nullptr;
  }
  if (!broken_.empty()) {
    std::string repaired;
    text::append_repaired(repaired, broken_);
    if (!feed_clean(repaired)) return nullptr;
  }
  // Behind the root yajl waits for the end of a string without complaint.
  if (in_string_) {
    fail(error::syntax);
    return nullptr;
  }
  if (!pending_.empty() && !hand_on(pending_)) return nullptr;
  if (yajl_complete_parse(yajl_) != yajl_status_ok || arena_.depth != 1) {
    fail(error::syntax);
    return nullptr;
  }
  return root();
}

const value* parser::impl::root() {
  value* root = static_cast<value*>(arena_.take(sizeof(value)));
  if (!root) {
    fail(error::memory);
    return nullptr;
  }
  *root = arena_.stack[0];
  arena_.depth = 0;
  return root;
}

// Whether nothing of |text| needs the guard: it is an array or object of valid
// UTF-8, without what yajl takes for white space and without \u.
bool parser::impl::is_plain(string_view text) {
  return text.size() > 1 && (text.front() == '{' || text.front() == '[') &&
         (text.back() == '}' || text.back() == ']') && text.find('\x0B') == string_view::npos &&
         text.find('\x0C') == string_view::npos && text.find("\\u") == string_view::npos &&
         text::valid_utf8(text);
}

// If the root is closed before the last byte, something stands behind it.
const value* parser::impl::take(string_view text) {
  string_view last = text.substr(text.size() - 1);
  if (limits_.borrow) lent_ = text;
  bool good = hand_on(text.substr(0, text.size() - 1)) && depth_ > 0 && hand_on(last) &&
              depth_ == 0 && arena_.depth == 1;
  lent_ = {};
  if (good) return root();
  fail(error::syntax);
  return nullptr;
}

const value* parser::impl::whole(string_view text) {
  if (is_plain(text)) return take(text);
  return feed(text) ? finish() : nullptr;
}

void parser::impl::begin_again(const limits& l, budget* b) {
  arena_.charge_to(b);
  limits_ = l;
  bom_ = l.skip_bom ? 0 : 4;
  halves_ = false;
  broken_.clear();
  pending_.clear();
  arena_.shrink_stack();
}

parser::parser(document& doc, const limits& l, budget* b)
    : impl_(std::make_unique<impl>(doc, l, b)) {}
parser::~parser() = default;

bool parser::feed(string_view piece) { return impl_->feed(piece); }
const value* parser::finish() { return impl_->finish(); }
const value* parser::whole(string_view text) { return impl_->whole(text); }
error parser::why() const { return impl_->why; }

// ---- the document's own parser

struct document::kept_parser : parser::impl {
  explicit kept_parser(document& doc) : impl(doc, {}, nullptr) { allow_many(); }
};

document::document() = default;
document::~document() = default;
document::document(document&&) noexcept = default;

document& document::operator=(document&& other) noexcept {
  kept_.reset();  // it looks at the arena
  arena_ = std::move(other.arena_);
  kept_ = std::move(other.kept_);
  return *this;
}

const value* document::parse(string_view text, const limits& l, error* why, budget* b) {
  if (!kept_) kept_ = std::make_unique<kept_parser>(*this);
  kept_->begin_again(l, b);
  const value* root = kept_->whole(text);
  arena_->shrink_stack();
  if (why) *why = kept_->why;
  // After an error yajl does not go on.
  if (!root || text.size() > kKeptText) kept_.reset();
  return root;
}

}  // namespace f0::json
