// Copyright (C) 2026 The f0 authors

#include "picture.h"

#include <algorithm>

#include "../base/text.h"
#include "../json/json.h"

namespace f0::dialect {

namespace {

constexpr size_t kHead = 64;       // of a URL: where its label, or its data, begins
constexpr size_t kMaxLabel = 512;  // of "MIME;parameters;base64"

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// RIFF, four bytes of a size, WEBP.  The W shares a character with the size: its
// two highest bits are 01.
bool is_webp(string_view base64) {
  constexpr string_view kSecond =
      "BFJNRVZdhlptx159";  // the characters whose number ends in these two bits
  return base64.starts_with("UklGR") && base64.size() >= 16 &&
         kSecond.find(base64[10]) != string_view::npos && base64.substr(11, 5) == "XRUJQ";
}

}  // namespace

std::optional<data_url> read_data_url(string_view url) {
  if (!text::istarts_with(url, "data:")) return std::nullopt;
  const size_t comma = url.substr(0, kMaxLabel).find(',');
  if (comma == string_view::npos) return std::nullopt;
  const string_view head = url.substr(5, comma - 5);
  constexpr string_view kBase64 = ";base64";
  if (head.size() < kBase64.size() ||
      !text::iequals(head.substr(head.size() - kBase64.size()), kBase64)) {
    return std::nullopt;
  }
  data_url out;
  out.mime = text::to_lower(text::trim(head.substr(0, head.find(';'))));
  out.data = url.substr(comma + 1);
  return out;
}

std::string scheme_of(string_view url) {
  const size_t colon = url.substr(0, kHead).find(':');
  return colon == string_view::npos ? std::string() : text::to_lower(url.substr(0, colon));
}

std::string picture_type(const data_url& url) {
  std::string head;
  for (const char c : url.data.substr(0, kHead)) {
    if (!is_space(c)) head += c;
  }
  if (head.starts_with("/9j/")) return "image/jpeg";
  if (head.starts_with("iVBORw0KGgo")) return "image/png";
  if (head.starts_with("R0lGOD")) return "image/gif";
  if (is_webp(head)) return "image/webp";
  return url.mime == "image/jpg" ? "image/jpeg" : url.mime;
}

bool is_common_picture(string_view type) {
  return type == "image/jpeg" || type == "image/png" || type == "image/gif" || type == "image/webp";
}

void append_base64(std::string& out, string_view data) {
  out += '"';
  while (!data.empty()) {
    const size_t n = std::find_if(data.begin(), data.end(), is_space) - data.begin();
    json::append_escaped(out, data.substr(0, n));
    data.remove_prefix(n);
    while (!data.empty() && is_space(data.front())) data.remove_prefix(1);
  }
  out += '"';
}

}  // namespace f0::dialect
