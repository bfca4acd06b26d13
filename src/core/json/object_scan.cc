// Copyright (C) 2026 The f0 authors

#include "object_scan.h"

#include <algorithm>

#include "../base/text.h"

namespace f0::json {

namespace {

constexpr size_t deepest = 512;

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Of a number: what came last.
enum part : uint8_t { minus, zero, whole_digits, point, fraction, e, e_sign, exponent };

}  // namespace

void object_scan::value_over() { state_ = open_.empty() ? state::end : state::next; }

void object_scan::close(char c) {
  if (open_.empty() || open_.back() != (c == '}')) {
    state_ = state::bad;
    return;
  }
  open_.pop_back();
  value_over();
}

void object_scan::begin_value(char c) {
  in_key_ = false;
  if (open_.empty()) object_ = c == '{';
  if (c == '{' || c == '[') {
    open_.push_back(c == '{');
    state_ = open_.size() > deepest ? state::bad : c == '{' ? state::first_key : state::first_value;
  } else if (c == '"') {
    state_ = state::text;
  } else if (c == '-' || is_digit(c)) {
    state_ = state::number;
    part_ = c == '-' ? minus : c == '0' ? zero : whole_digits;
  } else {
    word_ = c == 't' ? "true" : c == 'f' ? "false" : c == 'n' ? "null" : nullptr;
    state_ = word_ != nullptr ? state::word : state::bad;
    left_ = 1;
  }
}

// Whether |c| still belongs to the number.
bool object_scan::number(char c) {
  const auto to = [&](part p) {
    part_ = p;
    return true;
  };
  switch (part_) {
    case minus:
      return (c == '0' && to(zero)) || (is_digit(c) && to(whole_digits));
    case whole_digits:
      if (is_digit(c)) return true;
      [[fallthrough]];
    case zero:
      return (c == '.' && to(point)) || ((c == 'e' || c == 'E') && to(e));
    case point:
      return is_digit(c) && to(fraction);
    case fraction:
      return is_digit(c) || ((c == 'e' || c == 'E') && to(e));
    case e:
      if (c == '+' || c == '-') return to(e_sign);
      [[fallthrough]];
    case e_sign:
      return is_digit(c) && to(exponent);
    default:
      return is_digit(c);
  }
}

void object_scan::feed(string_view text) {
  for (size_t i = 0; i < text.size() && state_ != state::bad; ++i) {
    const char c = text[i];
    switch (state_) {
      case state::text:
        i = std::min(text::find_quote_or_escape(text, i), text.size());
        if (i == text.size()) return;
        if (text[i] == '\\') {
          state_ = state::escape;
        } else if (in_key_) {
          state_ = state::colon;
        } else {
          value_over();
        }
        continue;
      case state::escape:
        left_ = 4;
        state_ = c == 'u'                                                 ? state::hex
                 : string_view("\"\\/bfnrt").find(c) != string_view::npos ? state::text
                                                                          : state::bad;
        continue;
      case state::hex:
        if (!is_hex(c)) {
          state_ = state::bad;
        } else if (--left_ == 0) {
          state_ = state::text;
        }
        continue;
      case state::word:
        if (word_[left_] != c) {
          state_ = state::bad;
        } else if (word_[++left_] == '\0') {
          value_over();
        }
        continue;
      case state::number:
        if (number(c)) continue;
        if (part_ == minus || part_ == point || part_ == e || part_ == e_sign) {
          state_ = state::bad;
          continue;
        }
        value_over();
        break;
      default:
        break;
    }
    if (is_white(c)) continue;
    switch (state_) {
      case state::first_value:
        if (c == ']') {
          close(c);
          break;
        }
        [[fallthrough]];
      case state::value:
        begin_value(c);
        break;
      case state::first_key:
        if (c == '}') {
          close(c);
          break;
        }
        [[fallthrough]];
      case state::key:
        in_key_ = true;
        state_ = c == '"' ? state::text : state::bad;
        break;
      case state::colon:
        state_ = c == ':' ? state::value : state::bad;
        break;
      case state::next:
        if (c != ',') {
          close(c);
        } else {
          state_ = open_.back() ? state::key : state::value;
        }
        break;
      default:
        state_ = state::bad;  // something behind the end
        break;
    }
  }
}

}  // namespace f0::json
