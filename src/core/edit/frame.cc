// Copyright (C) 2026 The f0 authors

#include "frame.h"

#include <algorithm>
#include <string>

#include "marker.h"
#include "match.h"

namespace f0::edit {

namespace {

enum class moves : uint8_t { all, first, none, unknown };

string_view indentation(string_view l) { return l.substr(0, indent_of(l)); }

// The smallest indentation of the lines that aren't blank.
std::optional<string_view> smallest(const line_views& lines) {
  std::optional<string_view> least;
  for (string_view l : lines) {
    if (is_blank(l)) continue;
    string_view in = indentation(l);
    if (!least || in.size() < least->size()) least = in;
  }
  return least;
}

moves compare(string_view fresh, string_view answer, string_view file) {
  if (fresh == answer) return moves::all;
  return fresh == file ? moves::none : moves::unknown;
}

// A line that ends so is followed by lines further in, or goes on.
bool opens(string_view l) {
  string_view s = trim_blanks(l);
  return !s.empty() && string_view(":([{,+-*/%=<>&|^~?\\.").find(s.back()) != string_view::npos;
}

// One old line, and of several new ones only the first lacks the file's
// indentation.
bool only_first(const line_views& from, const line_views& to, string_view file) {
  if (from.size() != 1 || to.size() < 2 || is_blank(to[0]) || opens(to[0])) return false;
  if (indentation(to[0]).size() >= file.size()) return false;
  bool any = false;
  for (size_t i = 1; i < to.size(); i++) {
    if (is_blank(to[i])) continue;
    if (!indentation(to[i]).starts_with(file)) return false;
    any = true;
  }
  return any;
}

// The old line that new line |i| of |c| takes the place of, or the nearest one
// above it.
std::optional<size_t> old_line_of(const change& c, size_t i, const line_views& from) {
  size_t k = c.begin + i;
  if (k < c.end && !is_blank(from[k])) return k;
  for (k = std::min(k, c.end); k > 0; k--) {
    if (!is_blank(from[k - 1])) return k - 1;
  }
  return std::nullopt;
}

moves decide(const line_views& file, size_t line, const line_views& from, const line_views& to,
             const std::vector<change>& changes) {
  for (const change& c : changes) {
    for (size_t i = 0; i < c.text.size(); i++) {
      if (is_blank(c.text[i])) continue;
      auto old = old_line_of(c, i, from);
      if (!old) break;
      moves m =
          compare(indentation(c.text[i]), indentation(from[*old]), indentation(file[line + *old]));
      if (m != moves::unknown) return m;
      break;
    }
    if (std::any_of(c.text.begin(), c.text.end(), [](const auto& s) { return !is_blank(s); }))
      break;
  }
  auto fresh = smallest(to), answer = smallest(from);
  if (!fresh || !answer) return moves::all;
  line_views there(file.begin() + static_cast<std::ptrdiff_t>(line),
                   file.begin() + static_cast<std::ptrdiff_t>(line + from.size()));
  return compare(*fresh, *answer, *smallest(there));
}

}  // namespace

std::optional<std::vector<change>> framed_changes(const line_views& file, size_t line,
                                                  const line_views& from, const line_views& to) {
  size_t first = 0;
  while (first < from.size() && is_blank(from[first])) first++;
  shift sh;
  if (first < from.size()) {
    if (auto s = shift_between(file[line + first], from[first])) sh = *s;
  }
  std::vector<change> out = line_changes(from, to, 0);
  moves m = moves::all;
  if (first < from.size() && only_first(from, to, indentation(file[line]))) {
    m = to[0] == from[0] ? moves::none : moves::first;
  } else if (first < from.size()) {
    bool fresh = std::any_of(out.begin(), out.end(), [](const change& c) {
      return std::any_of(c.text.begin(), c.text.end(), [](const auto& s) { return !is_blank(s); });
    });
    if (fresh) m = decide(file, line, from, to, out);
  }
  if (m == moves::unknown) return std::nullopt;
  bool move = m != moves::none;
  for (change& c : out) {
    c.begin += line;
    c.end += line;
    for (std::string& s : c.text) {
      if (move) s = sh.apply(s);
      if (m == moves::first && !is_blank(s)) move = false;
    }
  }
  return out;
}

}  // namespace f0::edit
