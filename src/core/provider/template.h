// Copyright (C) 2026 The f0 authors
//
// template.h - the fast lane: content events of one stream differ in little more
// than their text, so most of them need no JSON parser.
//
// What surrounds the text is learned from an event that was parsed in full.  The
// next ones that match it byte for byte, with plain text between, mean the same
// but for the text: it can be copied out as it is.  Small differences that mean
// nothing (padding, time stamps) or just a number (Gemini's usage) are holes.

#ifndef F0_CORE_PROVIDER_TEMPLATE_H_
#define F0_CORE_PROVIDER_TEMPLATE_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "../base/budget.h"
#include "provider.h"

namespace f0::dialect {

class content_template {
 public:
  enum class fit : uint8_t {
    yes,
    no,   // not an event of this kind
    more  // the bytes end inside what may be one
  };

  // From the event |raw|, whose data is |json| (inside |raw|) and meant just the
  // content |text| of choice 0.  nullptr: it is too special.
  static std::unique_ptr<content_template> learn(id dialect, string_view raw, string_view json,
                                                 string_view text);

  // Takes events off the beginning of |in|, at most |max|.  Their texts, still
  // escaped, go to |texts|, their number to *n.  yes: there may be more.
  fit run(string_view& in, string_view* texts, size_t max, size_t* n) noexcept;

  // Whether |raw| begins like the events that this was made for.
  bool begins(string_view raw) const noexcept {
    return raw.size() >= first_ && begins_at(raw.data(), first_);
  }

  // Whether the events tell usage, and the last one that was taken (or learned
  // from).
  bool has_usage() const noexcept { return has_usage_; }
  usage last_usage() const noexcept;

  size_t memory() const noexcept { return sizeof(*this) + bytes_.capacity(); }

 private:
  enum class kind : uint8_t { content, string, number, spaces };
  enum tag : uint8_t { prompt, candidates, thoughts, total, cached, none };
  // What differs, and the length of the bytes after it that do not (after the last
  // hole: up to the first one of the next event).
  struct hole {
    kind what;
    tag of;
    uint16_t after;
  };
  class finder;
  struct cursor;
  static constexpr size_t most_holes = 8;

  static const char* past(kind what, const char* p, const char* end) noexcept;
  static bool ends_inside(kind what, const char* p, const char* end) noexcept;
  static bool step(kind what, const hole& h, const char*& at, const char*& bytes, const char* end,
                   string_view* text) noexcept;
  template <kind... kinds>
  void take(cursor& c) const noexcept;
  using taker = void (content_template::*)(cursor& c) const noexcept;
  taker taker_of_holes() const noexcept;
  fit diagnose(const char* event, const char* end) const noexcept;
  void note_counts(const char* event, const char* end, string_view text) noexcept;
  bool begins_at(const char* p, size_t n) const noexcept {
    return std::memcmp(p, bytes_.data() + bytes_.size() - first_, n) == 0;
  }

  // The bytes after each hole, then those before the first one: the end of an
  // event and the beginning of the next are compared in one go.
  std::string bytes_;
  taker take_ = nullptr;
  uint16_t first_ = 0;  // bytes before the first hole
  uint16_t last_ = 0;   // bytes after the last one
  uint8_t holes_used_ = 0;
  bool has_usage_ = false;
  hole holes_[most_holes];
  int64_t counts_[5] = {-1, -1, -1, -1, -1};
};

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_TEMPLATE_H_
