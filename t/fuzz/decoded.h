// Copyright (C) 2026 The f0 authors
//
// decoded.h - the framing decoder against a reader that has the whole text.

#ifndef F0_T_FUZZ_DECODED_H_
#define F0_T_FUZZ_DECODED_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/sse/sse.h"

namespace fuzz {

using std::string_view;

constexpr size_t kLineMax = 300;

inline void show(std::string& out, string_view name, string_view data, bool at_eof) {
  out += std::to_string(name.size()) + ':' + std::string(name) + '|';
  out += std::to_string(data.size()) + ':' + std::string(data) + (at_eof ? "|eof\n" : "\n");
}

// The rules once more, on the whole text.
class simple_reader {
 public:
  std::string read(string_view text) {
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    while (!text.empty()) {
      const size_t end = text.find_first_of("\r\n");
      const string_view line = text.substr(0, end);
      const size_t first = line.find_first_not_of(" \t\v\f");
      if (first != string_view::npos && (line[first] == '{' || line[first] == '[')) {
        finish();
        return out_ + "RAW " + std::string(text);
      }
      if (line.size() > kLineMax) return out_ + "LONG";
      if (end == string_view::npos) {
        text = {};
      } else {
        text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
      }
      if (line.empty() && end != string_view::npos) {
        if (has_data_) show(out_, name_, data_, false);
        reset();
      } else if (!line.empty() && line[0] != ':' && !field(line)) {
        return out_ + "LONG";
      }
    }
    finish();
    return out_;
  }

 private:
  bool field(string_view line) {
    const size_t colon = line.find(':');
    const string_view name = line.substr(0, colon);
    string_view value = colon == string_view::npos ? string_view() : line.substr(colon + 1);
    if (value.substr(0, 1) == " ") value.remove_prefix(1);
    if (name == "data") {
      if (has_data_) data_ += '\n';
      data_ += value;
      has_data_ = true;
    } else if (name == "event") {
      name_ = value;
    } else if (name == "error") {
      show(out_, "error", value, false);
    }
    return data_.size() <= kLineMax;
  }
  void finish() {
    if (has_data_) show(out_, name_, data_, true);
    reset();
  }
  void reset() {
    data_.clear();
    name_.clear();
    has_data_ = false;
  }

  std::string out_, data_, name_;
  bool has_data_ = false;
};

inline std::string decode(f0::sse::framing kind, string_view bytes, uint32_t seed) {
  f0::sse::decoder d(kind, kLineMax, size_t{1} << 20);
  std::string out;
  f0::sse::event ev;
  while (!bytes.empty()) {
    size_t n = bytes.size();
    if (seed != 0) {
      seed = seed * 1664525 + 1013904223;
      n = 1 + (seed >> 16) % (seed & 0x1000 ? 3 : 40);
      if (n > bytes.size()) n = bytes.size();
    }
    const std::vector<char> piece(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(n));
    bytes.remove_prefix(n);
    string_view in(piece.data(), piece.size());
    for (;;) {
      const f0::sse::result r = d.next(in, ev);
      if (r == f0::sse::result::too_long) return out + "LONG";
      if (r == f0::sse::result::more) break;
      show(out, ev.name, ev.data, ev.at_eof);
    }
  }
  for (;;) {
    const f0::sse::result r = d.finish(ev);
    if (r == f0::sse::result::too_long) return out + "LONG";
    if (r == f0::sse::result::more) break;
    show(out, ev.name, ev.data, ev.at_eof);
  }
  if (d.has_raw()) out += "RAW " + std::string(d.raw());
  return out;
}

inline void check(f0::sse::framing kind, string_view bytes) {
  const std::string whole = decode(kind, bytes, 0);
  if (kind == f0::sse::framing::events && whole != simple_reader().read(bytes)) {
    std::fprintf(stderr, "fuzz: other events than a simple reader's\n");
    std::abort();
  }
  for (uint32_t seed = 1; seed <= 4; ++seed) {
    if (decode(kind, bytes, seed * 2654435761u) == whole) continue;
    std::fprintf(stderr, "fuzz: the events depend on the cuts\n");
    std::abort();
  }
}

}  // namespace fuzz

#endif  // F0_T_FUZZ_DECODED_H_
