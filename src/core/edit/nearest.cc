// Copyright (C) 2026 The f0 authors
//
// What a failed block probably meant, for a repair prompt.  The only place
// where similarity counts.

#include <algorithm>
#include <array>
#include <bit>

#include "../base/text.h"
#include "edit.h"
#include "lines.h"
#include "marker.h"

namespace f0::edit {

namespace {

constexpr size_t max_sought = 24;     // lines of the block that are looked for
constexpr size_t max_file = 100'000;  // lines of the file that are looked at
constexpr size_t around = 3;          // lines shown before and behind
constexpr size_t max_shown = 40;

// The pairs of characters of a line without its blanks, as bits.
struct sketch {
  std::array<uint64_t, 4> bits{};
  int count = 0;
};

sketch sketch_of(string_view line) {
  sketch s;
  unsigned char last = 0;
  for (char c : line.substr(0, 400)) {
    auto u = static_cast<unsigned char>(c);
    if (u <= ' ') continue;
    if (u >= 'A' && u <= 'Z') u = static_cast<unsigned char>(u + 32);
    unsigned h = (last * 31u + u) * 2654435761u;
    s.bits[h >> 30] |= uint64_t{1} << (h >> 20 & 63);
    last = u;
  }
  for (uint64_t b : s.bits) s.count += std::popcount(b);
  return s;
}

// 0 to 100
int likeness(const sketch& a, const sketch& b) {
  if (a.count == 0 || b.count == 0) return 0;
  int common = 0;
  for (size_t i = 0; i < 4; i++) common += std::popcount(a.bits[i] & b.bits[i]);
  return 200 * common / (a.count + b.count);
}

// What the block looks for: the old lines of its first part.
line_views sought_lines(const block& b) {
  line_views out;
  if (b.form == format::search_replace && !b.dividers.empty()) {
    out = split_lf(string_view(b.body).substr(0, b.dividers[0]));
  }
  if (b.form == format::udiff || b.form == format::apply_patch) {
    for (const hunk& h : b.hunks) {
      for (const hunk::line& l : h.lines) {
        if (l.sign == '+') continue;
        out.push_back(string_view(l.text).substr(l.sign == ' ' && l.blank ? 1 : 0));
      }
    }
  }
  if (out.size() > max_sought) out.resize(max_sought);
  return out;
}

struct best {
  size_t line = 0;
  int score = 0;
};

best best_window(const std::vector<sketch>& file, const std::vector<sketch>& sought) {
  best b;
  for (size_t i = 0; i < file.size(); i++) {
    int score = 0;
    for (size_t k = 0; k < sought.size() && i + k < file.size(); k++) {
      int l = likeness(file[i + k], sought[k]);
      score += l > 40 ? l : 0;
    }
    if (score > b.score) b = {i, score};
  }
  return b;
}

void append_line(std::string& out, size_t number, string_view line) {
  std::string n = std::to_string(number);
  out.append(n.size() < 5 ? 5 - n.size() : 0, ' ');
  out += n + " | ";
  out += text::cut(line, 200);
  out += '\n';
}

}  // namespace

std::string nearest(const block& b, string_view content, size_t max) {
  text_lines t(content);
  line_views sought = sought_lines(b);
  std::vector<sketch> file, want;
  for (size_t i = 0; i < std::min(t.size(), max_file); i++) file.push_back(sketch_of(t.lines[i]));
  for (string_view s : sought) want.push_back(sketch_of(s));
  best at = best_window(file, want);
  if (at.score == 0) return {};
  size_t from = at.line - std::min(at.line, around);
  size_t to = std::min(t.size(), at.line + std::min(sought.size(), max_shown) + around);
  std::string out;
  for (size_t i = from; i < to; i++) {
    std::string line;
    append_line(line, i + 1, t.lines[i]);
    if (out.size() + line.size() > max) break;
    out += line;
  }
  return out;
}

}  // namespace f0::edit
