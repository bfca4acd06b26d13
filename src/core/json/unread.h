// Copyright (C) 2026 The f0 authors
//
// unread.h - a large text whose arrays and objects are read when somebody looks
// into them.
//
// check() goes through the text once: yajl sees all of it but the insides of long
// strings, which are checked here.  What comes after can trust it.  Where large
// arrays and objects end is noted then, so that looking into one skips those within
// it: each level's bytes are looked at a bounded number of times.
//
//   {"model":"m","messages":[...],"x":[0,0,0,...]}
//   get("model") reads the three members: a string, and two places in the text.

#ifndef F0_CORE_JSON_UNREAD_H_
#define F0_CORE_JSON_UNREAD_H_

#include <cstdint>
#include <vector>

#include "arena.h"

namespace f0::json {

class unread {
 public:
  // |text| is valid UTF-8 and outlives this.
  unread(document::arena& a, string_view text, const limits& l)
      : arena_(a), text_(text), limits_(l) {}

  // Whether it is JSON.
  error check();
  // The value of the whole text; nullptr: there is no memory.
  const value* root();

  // For values that are unread: how many elements or members they have, and to
  // read them.
  size_t count(const value& v) const;
  void read(const value& v);
  // True: |v| is a giant, and *found its last member |key|, or nullptr.  False: it
  // was read.
  bool find(const value& v, string_view key, const value** found);
  // As append_value(), without reading it.
  void write(std::string& out, const value& v) const;

  bool failed() const { return failed_; }
  size_t memory() const { return ends_.capacity() * sizeof(large); }

 private:
  // An array or object of at least kLarge bytes: where it begins and ends.
  struct large {
    uint32_t begin, end;
  };

  size_t skip_blanks(size_t at) const;
  size_t string_end(size_t at, size_t limit) const;
  size_t nested_end(size_t at) const;
  size_t value_end(size_t at) const;
  template <typename F>
  void each(size_t at, F f) const;
  string_view text_at(size_t quote, size_t end, bool keep);
  value value_at(size_t at, bool keep);
  struct copier;

  document::arena& arena_;
  string_view text_;
  limits limits_;
  std::vector<large> ends_;  // by where they begin
  bool failed_ = false;
};

}  // namespace f0::json

#endif  // F0_CORE_JSON_UNREAD_H_
