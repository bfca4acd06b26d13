// Copyright (C) 2026 The f0 authors
//
// json.h - JSON values, a parser over yajl, a writer.
//
// yajl alone accepts overlong UTF-8, VT and FF, any nesting and a cut body, and
// destroys lone surrogates (openai-chat.md 8): the parser here guards it.

#ifndef F0_CORE_JSON_JSON_H_
#define F0_CORE_JSON_JSON_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"

namespace f0::json {

enum class kind : uint8_t { null, boolean, number, string, array, object };

struct member;

class parser;
class unread;

// An immutable node.  It and all that it points to live as long as the
// document that made it.
//
// Arrays and objects of a large text are read when somebody looks into them, and
// only they: a request of 31 MB of numbers that nobody asks for is held once, as
// text.  So two threads may not look into one document at a time.
class value {
 public:
  kind type = kind::null;

  bool is_null() const { return type == kind::null; }
  bool is_bool() const { return type == kind::boolean; }
  bool is_number() const { return type == kind::number; }
  bool is_string() const { return type == kind::string; }
  bool is_array() const { return type == kind::array; }
  bool is_object() const { return type == kind::object; }

  bool boolean() const { return bool_; }
  // A string's decoded text, or a number's literal.
  string_view text() const { return {text_, size_}; }
  // Elements of an array or members of an object.
  size_t size() const { return state_ == state::read ? size_ : count(); }
  const value* begin() const { return known().items_; }
  const value* end() const { return known().items_ + known().size_; }
  const value& operator[](size_t i) const { return known().items_[i]; }
  // Members of an object, in order, duplicates included.
  const member* members_begin() const { return known().members_; }
  const member* members_end() const;
  // The members that no later one of the same name replaces, in order.
  std::vector<const member*> unique_members() const;
  // The last member of that name, or nullptr (also if this is no object).
  const value* get(string_view key) const {
    return type == kind::object && (names_ & mark_of(key)) != 0 ? find(key) : nullptr;
  }

  // Convenience: the member's text if it is a non-empty string, else empty.
  string_view str(string_view key) const;
  // An integer literal (no fraction, no exponent) within int64.
  std::optional<int64_t> integer() const;
  // Any number literal; overflow gives +-infinity.
  std::optional<double> decimal() const;

 private:
  friend class parser;
  friend class unread;
  friend void append_value(std::string& out, const value& v);

  // unread: |source_| has the text, in which this begins at |size_|.  giant: the
  // same, an object of so many members that they are not kept.  Within one of
  // those the text stays as it is (|keep_|).
  enum class state : uint8_t { read, unread, giant };

  const value& known() const {
    if (state_ != state::read) read();
    return *this;
  }
  void read() const;
  size_t count() const;
  const value* find(string_view key) const;

  // One bit of 32: most names that are looked for in an object are not in it.
  static uint32_t mark_of(string_view key) {
    return key.empty() ? 1 : 1u << ((key.size() + 3u * static_cast<unsigned char>(key[0])) & 31);
  }

  bool bool_ = false;
  bool keep_ = false;
  mutable state state_ = state::read;
  uint32_t names_ = UINT32_MAX;  // the marks of the members' names, and perhaps of others
  mutable size_t size_ = 0;
  union {
    const char* text_ = nullptr;
    mutable const value* items_;
    mutable const member* members_;
    unread* source_;
  };
};

struct member {
  string_view key;
  value val;
};

struct limits {
  size_t depth = 128;           // nesting levels; the outermost is 1
  bool strict_utf8 = true;      // false: invalid bytes become U+FFFD first
  bool join_surrogates = true;  // true: halves joined or U+FFFD; false: kept as WTF-8
  bool skip_bom = false;
  bool borrow = false;      // values may point into the text
  bool in_place = false;    // and it may be overwritten: the caller has no use for it
  size_t eager = 64 << 10;  // of a larger text arrays and objects are read when wanted
};

enum class error : uint8_t { none, syntax, utf8, depth, memory };

// Owns the memory of the values.  clear() keeps a block for the next use, and
// parse() its parser, so that one document can serve all events of a worker.  The
// result never depends on a text's size.
class document {
 public:
  document();
  ~document();
  document(document&&) noexcept;
  document& operator=(document&&) noexcept;

  void clear();
  size_t memory() const;  // bytes held
  // False: there was no memory to read a value that somebody looked into, and it
  // seemed to be empty.
  bool complete() const;

  // The whole text at once.  nullptr on error (see |why|).  The root value
  // lives until clear(), and so does the charge to |b|, which must live as long.
  const value* parse(string_view text, const limits& l = {}, error* why = nullptr,
                     budget* b = nullptr);

 private:
  friend class parser;
  friend class unread;
  struct arena;
  const value* parse_clean(string_view text, const limits& l, error& why);

  std::unique_ptr<arena> arena_;
  std::unique_ptr<parser> kept_;
  std::unique_ptr<unread> unread_;         // of a large text
  std::unique_ptr<std::string> repaired_;  // a text that was not UTF-8
};

// ---- writing: compact, raw UTF-8, as in wire/golden

// Appends |s| (valid UTF-8) escaped, without quotes: \" \\ \b \f \n \r \t and
// \u00xx (lower-case hex) below 0x20, nothing else.
void append_escaped(std::string& out, string_view s);
// The same with quotes.
void append_string(std::string& out, string_view s);
// A value as compact JSON; of duplicate keys only the last one, in its place.
// WTF-8 halves become U+FFFD.
void append_value(std::string& out, const value& v);

// Comma bookkeeping for hand-written objects and arrays.
class writer {
 public:
  explicit writer(std::string& out) : out_(out) {}
  writer& begin_object() {
    sep();
    out_ += '{';
    first_ = true;
    return *this;
  }
  writer& end_object() {
    out_ += '}';
    first_ = false;
    return *this;
  }
  writer& begin_array() {
    sep();
    out_ += '[';
    first_ = true;
    return *this;
  }
  writer& end_array() {
    out_ += ']';
    first_ = false;
    return *this;
  }
  writer& key(string_view k) {
    sep();
    append_string(out_, k);
    out_ += ':';
    first_ = true;
    return *this;
  }
  writer& string(string_view s) {
    sep();
    append_string(out_, s);
    return *this;
  }
  writer& raw(string_view s) {
    sep();
    out_ += s;
    return *this;
  }
  writer& integer(int64_t n) { return raw(std::to_string(n)); }
  writer& boolean(bool b) { return raw(b ? "true" : "false"); }
  writer& null() { return raw("null"); }
  writer& val(const value& v) {
    sep();
    append_value(out_, v);
    return *this;
  }

 private:
  void sep() {
    if (!first_) out_ += ',';
    first_ = false;
  }
  std::string& out_;
  bool first_ = true;
};

}  // namespace f0::json

#endif  // F0_CORE_JSON_JSON_H_
