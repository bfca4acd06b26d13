// Copyright (C) 2026 The f0 authors
//
// value.cc - looking into values.

#include <algorithm>
#include <charconv>
#include <limits>

#include "unread.h"

namespace f0::json {

namespace {

// Whether a number literal is at least 1: what is out of a double's range is
// then too large, else too small.
bool is_large(string_view s) {
  if (!s.empty() && s.front() == '-') s.remove_prefix(1);
  size_t e = s.find_first_of("eE");
  string_view mantissa = s.substr(0, e);
  bool negative = false;
  int64_t exponent = 0;
  if (e != string_view::npos) {
    string_view digits = s.substr(e + 1);
    if (!digits.empty() && (digits.front() == '+' || digits.front() == '-')) {
      negative = digits.front() == '-';
      digits.remove_prefix(1);
    }
    for (char c : digits) {
      if (exponent < int64_t(1) << 50) exponent = exponent * 10 + (c - '0');
    }
  }
  // The place of the first digit that counts, seen from the point.
  size_t point = mantissa.find('.');
  if (point == string_view::npos) point = mantissa.size();
  size_t digit = mantissa.find_first_of("123456789");
  if (digit == string_view::npos) return false;
  int64_t place = int64_t(point) - int64_t(digit);
  return place + (negative ? -exponent : exponent) > 0;
}

}  // namespace

const member* value::members_end() const { return known().members_ + known().size_; }

std::vector<const member*> value::unique_members() const {
  constexpr size_t kFew = 16;
  std::vector<const member*> out;
  if (type != kind::object || known().size_ == 0) return out;
  out.reserve(size_);
  const member* end = members_end();
  if (size_ <= kFew) {
    for (const member* m = members_; m != end; m++) {
      const member* later = m + 1;
      while (later != end && later->key != m->key) later++;
      if (later == end) out.push_back(m);
    }
    return out;
  }
  for (const member* m = members_; m != end; m++) out.push_back(m);
  auto by_key = [](const member* a, const member* b) {
    return a->key != b->key ? a->key < b->key : a < b;
  };
  std::sort(out.begin(), out.end(), by_key);
  size_t kept = 0;
  for (size_t i = 0; i < out.size(); i++) {
    if (i + 1 == out.size() || out[i]->key != out[i + 1]->key) out[kept++] = out[i];
  }
  out.resize(kept);
  std::sort(out.begin(), out.end());
  return out;
}

const value* value::find(string_view key) const {
  if (state_ != state::read) {
    if (const value * found; source_->find(*this, key, &found)) return found;
  }
  // Most keys differ in length or in their first byte.
  for (const member* m = members_end(); m != members_;) {
    --m;
    if (m->key.size() != key.size()) continue;
    if (key.empty()) return &m->val;
    if (m->key.front() == key.front() && m->key == key) return &m->val;
  }
  return nullptr;
}

string_view value::str(string_view key) const {
  const value* v = get(key);
  return v && v->is_string() ? v->text() : string_view();
}

std::optional<int64_t> value::integer() const {
  if (type != kind::number) return std::nullopt;
  int64_t n;
  auto [end, ec] = std::from_chars(text_, text_ + size_, n);
  if (ec != std::errc() || end != text_ + size_) return std::nullopt;
  return n;
}

std::optional<double> value::decimal() const {
  if (type != kind::number) return std::nullopt;
  double d = 0;
  auto [end, ec] = std::from_chars(text_, text_ + size_, d);
  if (ec == std::errc()) return d;
  bool negative = text_[0] == '-';
  d = is_large(text()) ? std::numeric_limits<double>::infinity() : 0.0;
  return negative ? -d : d;
}

}  // namespace f0::json
