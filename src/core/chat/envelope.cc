// Copyright (C) 2026 The f0 authors

#include "envelope.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <optional>
#include <utility>

namespace f0::chat {

namespace {

constexpr string_view kPrefix = "f0.";
constexpr char kVersion = 1;
constexpr size_t kMac = 32;
constexpr size_t kMost = 256 << 10;  // of a turn's envelopes, as they are written
constexpr string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr size_t encoded_size(size_t n) { return kPrefix.size() + (n * 4 + 2) / 3; }

void append_base64url(std::string& out, string_view s) {
  uint32_t bits = 0;
  unsigned n = 0;
  for (const char c : s) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (n += 8; n >= 6; n -= 6) out += kDigits[bits >> (n - 6) & 63];
  }
  if (n > 0) out += kDigits[bits << (6 - n) & 63];
}

struct digit_values {
  signed char of[256];
  constexpr digit_values() : of{} {
    for (signed char& v : of) v = -1;
    for (size_t i = 0; i < kDigits.size(); ++i) {
      of[static_cast<unsigned char>(kDigits[i])] = static_cast<signed char>(i);
    }
  }
};
constexpr digit_values kValues;

// The one way to write |s|, or nothing.
std::optional<std::string> decode_base64url(string_view s) {
  std::string out;
  out.reserve(s.size() / 4 * 3 + 2);
  uint32_t bits = 0;
  unsigned n = 0;
  for (const char c : s) {
    const int v = kValues.of[static_cast<unsigned char>(c)];
    if (v < 0) return {};
    bits = bits << 6 | static_cast<uint32_t>(v);
    if (n += 6; n >= 8) out += static_cast<char>(bits >> (n -= 8) & 255);
  }
  if (n >= 6 || (bits & ((1U << n) - 1)) != 0) return {};
  return out;
}

void append_number(std::string& out, size_t n) {
  for (; n >= 128; n >>= 7) out += static_cast<char>(n | 128);
  out += static_cast<char>(n);
}

void append_text(std::string& out, string_view s) {
  append_number(out, s.size());
  out += s;
}

// Bytes that append_text() takes at most.
size_t text_size(string_view s) { return s.size() + 5; }

// Takes a text off the front of |s|.
bool take_text(string_view& s, std::string& out) {
  size_t n = 0, i = 0;
  for (unsigned shift = 0;; shift += 7, ++i) {
    if (i == s.size() || shift > 28) return false;
    n |= static_cast<size_t>(s[i] & 127) << shift;
    if ((s[i] & 128) == 0) break;
  }
  s.remove_prefix(i + 1);
  if (n > s.size()) return false;
  out = s.substr(0, n);
  s.remove_prefix(n);
  return true;
}

std::optional<state> state_of(char letter_of) {
  for (const state s : {state::extra, state::details, state::thinking, state::reasoning}) {
    if (letter(s) == letter_of) return s;
  }
  return {};
}

// Empty: there was no memory for it.
std::string mac_of(string_view key, string_view s) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(s.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, s.size(), mac, &n) ==
      nullptr) {
    return {};
  }
  return std::string(reinterpret_cast<const char*>(mac), n);
}

}  // namespace

void envelopes::from(string_view origin, string_view model) {
  origin_ = origin;
  model_ = model;
  waiting_.clear();
  size_ = 0;
}

void envelopes::add(state of, string_view json, string_view call) {
  if (key_.empty() || json.empty()) return;
  const auto cost = [](const auto& i) { return 1 + text_size(i.call) + text_size(i.json); };
  // The whole list each time: the last one counts.
  std::erase_if(waiting_, [&](const item& i) {
    const bool same = of == state::details && i.of == of && i.call == call;
    if (same) size_ -= cost(i);
    return same;
  });
  item i{of, std::string(call), std::string(json)};
  const size_t form = 1 + text_size(origin_) + text_size(model_) + size_ + cost(i);
  // What no envelope will take is not held.
  if (written_ + encoded_size(form + kMac) > kMost) return;
  size_ += cost(i);
  waiting_.push_back(std::move(i));
}

void envelopes::add(const event& e, string_view call) {
  if (e.type == event::kind::call || e.type == event::kind::extra) {
    add(state::extra, e.json, call);
  } else if (e.type == event::kind::keep) {
    add(e.of, e.json, call);
  }
}

std::string envelopes::take() {
  std::string form(1, kVersion);
  if (!waiting_.empty()) {
    append_text(form, origin_);
    append_text(form, model_);
    for (const item& i : waiting_) {
      form += letter(i.of);
      append_text(form, i.call);
      append_text(form, i.json);
    }
  }
  const bool holds = !waiting_.empty();
  waiting_ = {};
  size_ = 0;
  form += mac_of(key_, form);
  std::string out(kPrefix);
  out.reserve(encoded_size(form.size()));
  append_base64url(out, form);
  if (holds) written_ += out.size();
  return out;
}

bool open_envelope(string_view text, string_view key, opened& out) {
  out = {};
  if (key.empty() || !is_envelope(text)) return false;
  const std::optional<std::string> bytes = decode_base64url(text.substr(kPrefix.size()));
  if (!bytes || bytes->size() < 1 + kMac) return false;
  string_view form(*bytes);
  const string_view mac = form.substr(form.size() - kMac);
  form.remove_suffix(kMac);
  const std::string right = mac_of(key, form);
  if (right.size() != kMac || CRYPTO_memcmp(right.data(), mac.data(), kMac) != 0) return false;
  if (form[0] != kVersion) return false;
  form.remove_prefix(1);
  if (form.empty()) return true;
  opened o;
  bool good = take_text(form, o.origin) && take_text(form, o.model);
  while (good && !form.empty()) {
    const std::optional<state> of = state_of(form[0]);
    form.remove_prefix(1);
    opened::item& i = o.items.emplace_back();
    good = of && take_text(form, i.call) && take_text(form, i.json);
    if (good) i.of = *of;
  }
  if (good) out = std::move(o);
  return good;
}

}  // namespace f0::chat
