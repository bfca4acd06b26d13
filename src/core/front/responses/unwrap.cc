// Copyright (C) 2026 The f0 authors

#include "unwrap.h"

#include "../../base/text.h"
#include "../../json/escape.h"
#include "../../json/json.h"

namespace f0::front::responses {

namespace {

constexpr string_view key = "\"input\"";

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

void append_code_point(std::string& out, uint32_t c) {
  char bytes[4];
  out.append(bytes, static_cast<size_t>(json::put_code_point(bytes, c) - bytes));
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

}  // namespace

// Up to the text's first quotation mark.
void unwrapped::before(char c) {
  if (is_white(c) && (state_ != state::key || at_ == 0)) return;
  switch (state_) {
    case state::brace:
      state_ = c == '{' ? state::key : state::other;
      break;
    case state::key:
      if (c != key[at_]) {
        state_ = state::other;
      } else if (++at_ == key.size()) {
        state_ = state::colon;
      }
      break;
    case state::colon:
      state_ = c == ':' ? state::quote : state::other;
      break;
    default:
      begun_ = c == '"';
      state_ = begun_ ? state::text : state::other;
      break;
  }
}

// How much of it stands for itself.
size_t unwrapped::plain(std::string& out, string_view json) {
  const size_t n = text::find_quote_or_escape(json, 0);
  if (n > 0) {
    lone(out);
    out.append(json.substr(0, n));
  }
  return n;
}

// Half of a pair that stays alone.
void unwrapped::lone(std::string& out) {
  if (high_ != 0) append_code_point(out, 0xFFFD);
  high_ = 0;
}

void unwrapped::unit(std::string& out) {
  const bool low = unit_ >= 0xDC00 && unit_ <= 0xDFFF;
  if (low && high_ != 0) {
    append_code_point(out, 0x10000 + ((high_ - 0xD800u) << 10) + (unit_ - 0xDC00u));
    high_ = 0;
    return;
  }
  lone(out);
  if (unit_ >= 0xD800 && unit_ <= 0xDBFF) {
    high_ = unit_;
  } else {
    append_code_point(out, low ? 0xFFFD : unit_);
  }
}

bool unwrapped::feed(std::string& out, string_view json) {
  while (!json.empty() && state_ < state::over) {
    if (state_ == state::text) json.remove_prefix(plain(out, json));
    if (json.empty()) break;
    const char c = json.front();
    json.remove_prefix(1);
    switch (state_) {
      case state::text:
        state_ = c == '"' ? state::over : state::escape;
        if (c == '"') lone(out);
        break;
      case state::escape:
        state_ = c == 'u' ? state::hex : state::text;
        at_ = 0;
        unit_ = 0;
        if (c == 'u') break;
        lone(out);
        append_code_point(out, json::read_escape(std::string{'\\', c}, 0).c);
        break;
      case state::hex:
        if (digit(c) < 0) {
          state_ = state::other;
          break;
        }
        unit_ = static_cast<uint16_t>(unit_ << 4 | digit(c));
        if (++at_ == 4) {
          state_ = state::text;
          unit(out);
        }
        break;
      default:
        before(c);
    }
  }
  return state_ != state::other;
}

void append_input(std::string& out, string_view arguments) {
  json::document doc;
  const json::value* v = doc.parse(arguments);
  const json::value* input = v ? v->get("input") : nullptr;
  // A model that calls its one argument something else means it all the same.
  if (!input && v && v->is_object() && v->size() == 1) input = &v->members_begin()->val;
  if (input && input->is_string()) {
    text::append_joined(out, input->text());
  } else if (!v || !v->is_object() || v->size() > 0) {
    out += arguments;
  }
}

}  // namespace f0::front::responses
