// Copyright (C) 2026 The f0 authors

#include "diff_text.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "render.h"

namespace f0::agent {
namespace {

// Lines compared in the search for a hunk's place; beyond it a file is shown
// whole.
constexpr size_t kMaxSteps = 4'000'000;

struct hunk_head {
  size_t old_start = 0, old_count = 1, new_start = 0, new_count = 1;
};

bool take_number(string_view& s, size_t& out) {
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), out);
  if (ec != std::errc()) return false;
  s.remove_prefix(static_cast<size_t>(end - s.data()));
  return true;
}

// "-12,3" or "-12"
bool take_range(string_view& s, char sign, size_t& start, size_t& count) {
  if (s.empty() || s[0] != sign) return false;
  s.remove_prefix(1);
  if (!take_number(s, start)) return false;
  if (s.empty() || s[0] != ',') return true;
  s.remove_prefix(1);
  return take_number(s, count);
}

bool read_head(string_view line, hunk_head& h) {
  if (line.substr(0, 3) != "@@ ") return false;
  line.remove_prefix(3);
  if (!take_range(line, '-', h.old_start, h.old_count)) return false;
  if (line.empty()) return false;
  line.remove_prefix(1);
  return take_range(line, '+', h.new_start, h.new_count);
}

std::string head_text(const hunk_head& h, size_t first_line) {
  size_t add = first_line - 1;
  return "@@ -" + std::to_string(h.old_start + add) + "," + std::to_string(h.old_count) + " +" +
         std::to_string(h.new_start + add) + "," + std::to_string(h.new_count) + " @@";
}

// Calls head(h), line(sign, text) and other(line) for a diff's lines, texts
// without LF.  What is a hunk's line is told by the counts of its head.
template <typename Head, typename Line, typename Other>
void walk(string_view diff, Head head, Line line, Other other) {
  size_t old_left = 0, new_left = 0;
  while (!diff.empty()) {
    size_t end = diff.find('\n');
    string_view s = diff.substr(0, end);
    diff.remove_prefix(end == string_view::npos ? diff.size() : end + 1);
    hunk_head h;
    if (old_left == 0 && new_left == 0) {
      if (!read_head(s, h)) {
        other(s);
        continue;
      }
      old_left = h.old_count;
      new_left = h.new_count;
      head(h, s);
      continue;
    }
    char sign = s.empty() ? ' ' : s[0];
    if (sign == '\\') {
      other(s);
      continue;
    }
    if (sign != '+' && old_left > 0) old_left--;
    if (sign != '-' && new_left > 0) new_left--;
    line(sign, s.empty() ? s : s.substr(1));
  }
}

std::vector<string_view> lines_of(string_view s) {
  std::vector<string_view> out;
  for (;;) {
    size_t end = s.find('\n');
    out.push_back(s.substr(0, end));
    if (end == string_view::npos) return out;
    s.remove_prefix(end + 1);
  }
}

string_view trim_front(string_view s) {
  size_t i = s.find_first_not_of(" \t\r\v\f");
  return i == string_view::npos ? string_view() : s.substr(i);
}

string_view trim_newlines(string_view s) {
  while (!s.empty() && s.back() == '\n') s.remove_suffix(1);
  return s;
}

// A run of lines that a diff takes out and puts in at one place.
struct change {
  size_t begin, end;  // bytes of the text before
  std::string text;
};

std::vector<change> changes_of(string_view before, string_view diff) {
  std::vector<change> out;
  size_t at = 0, line_no = 1;
  bool open = false;
  char last = ' ';
  walk(
      diff,
      [&](const hunk_head& h, string_view) {
        size_t first = h.old_count == 0 ? h.old_start + 1 : h.old_start;
        for (; line_no < first && at < before.size(); line_no++) {
          size_t end = before.find('\n', at);
          at = end == string_view::npos ? before.size() : end + 1;
        }
        open = false;
      },
      [&](char sign, string_view text) {
        last = sign;
        if (sign == ' ') {
          open = false;
        } else if (!open) {
          out.push_back({at, at, {}});
          open = true;
        }
        if (sign == '+') {
          out.back().text += text;
          out.back().text += '\n';
          return;
        }
        size_t end = before.find('\n', at);
        at = end == string_view::npos ? before.size() : end + 1;
        line_no++;
        if (sign == '-') out.back().end = at;
      },
      [&](string_view s) {
        // "\ No newline at end of file" speaks of the line before it.
        if (!s.empty() && s[0] == '\\' && last == '+' && !out.empty()) out.back().text.pop_back();
      });
  return out;
}

// The same change on as few bytes as can be.
void shrink(string_view before, change& c) {
  size_t same = 0, most = std::min(c.end - c.begin, c.text.size());
  while (same < most && before[c.begin + same] == c.text[same]) same++;
  c.begin += same;
  c.text.erase(0, same);
  while (c.begin < c.end && !c.text.empty() && before[c.end - 1] == c.text.back()) {
    c.end--;
    c.text.pop_back();
  }
}

// Lines that are put in at the edge of a selection may be seen one line end
// earlier or later.
void slide(string_view before, const edit::byte_range& range, change& c) {
  if (c.begin != c.end) return;
  size_t n = c.text.size();
  if (c.begin > range.end) {
    size_t k = c.begin - range.end;
    if (k <= n && before.substr(range.end, k) == string_view(c.text).substr(n - k)) {
      c.text = std::string(before.substr(range.end, k)) + c.text.substr(0, n - k);
      c.begin = c.end = range.end;
    }
  } else if (c.begin < range.begin) {
    size_t k = range.begin - c.begin;
    if (k <= n && before.substr(c.begin, k) == string_view(c.text).substr(0, k)) {
      c.text = c.text.substr(k) + std::string(before.substr(c.begin, k));
      c.begin = c.end = range.begin;
    }
  }
}

}  // namespace

std::string numbered(string_view diff, size_t first_line) {
  std::string out;
  bool hunks = false;
  auto add = [&out](string_view s) {
    if (!s.empty() && s.back() == '\r') s.remove_suffix(1);
    out += s;
    out += '\n';
  };
  walk(
      diff,
      [&](const hunk_head& h, string_view) {
        hunks = true;
        add(head_text(h, first_line));
      },
      [&](char sign, string_view text) {
        out += sign;
        add(text);
      },
      [&](string_view s) {
        if (!hunks && (s.substr(0, 4) == "--- " || s.substr(0, 4) == "+++ ")) add(s);
      });
  return out;
}

std::string shifted(string_view diff, size_t first_line) {
  std::string out;
  auto add = [&out](string_view s) {
    out += s;
    out += '\n';
  };
  walk(
      diff, [&](const hunk_head& h, string_view) { add(head_text(h, first_line)); },
      [&](char sign, string_view text) {
        out += sign;
        add(text);
      },
      add);
  return out;
}

bool looks_like_diff(string_view text) {
  for (size_t at = 0; at != string_view::npos && at < text.size();) {
    hunk_head h;
    if (text.substr(at, 4) == "@@ -" && read_head(text.substr(at, text.find('\n', at) - at), h)) {
      return true;
    }
    at = text.find('\n', at);
    if (at != string_view::npos) at++;
  }
  return false;
}

bool continue_applies(string_view before, string_view after, string_view diff) {
  std::vector<std::vector<string_view>> hunks;
  for (string_view line : lines_of(trim_newlines(diff))) {
    if (line.substr(0, 3) == "---" || line.substr(0, 3) == "+++") continue;
    if (line.substr(0, 2) == "@@") {
      hunks.emplace_back();
    } else if (!hunks.empty()) {
      hunks.back().push_back(line);
    }
  }
  if (hunks.empty()) return false;
  std::vector<string_view> source = lines_of(before);
  std::string out;
  auto add = [&out](string_view s) {
    out += s;
    out += '\n';
  };
  size_t at = 0, steps = 0;
  for (const auto& hunk : hunks) {
    std::vector<string_view> old;
    for (string_view line : hunk) {
      if (line.empty() || line[0] != '+')
        old.push_back(trim_front(line.substr(line.empty() ? 0 : 1)));
    }
    size_t found = at;
    auto fits = [&](size_t i) {
      for (size_t k = 0; k < old.size(); k++, steps++) {
        if (trim_front(source[i + k]) != old[k]) return false;
      }
      return true;
    };
    while (found + old.size() <= source.size() && steps < kMaxSteps && !fits(found)) found++;
    if (found + old.size() > source.size() || steps >= kMaxSteps) return false;
    for (; at < found; at++) add(source[at]);
    for (string_view line : hunk) {
      if (!line.empty() && line[0] == '+') {
        add(line.substr(1));
      } else {
        if (line.empty() || line[0] != '-') add(source[at]);
        at++;
      }
    }
  }
  for (; at < source.size(); at++) add(source[at]);
  return trim_newlines(out) == trim_newlines(after);
}

bool follow_selection(string_view before, string_view diff, edit::byte_range& range) {
  bool inside = true;
  size_t begin = range.begin, end = range.end;
  for (change& c : changes_of(before, diff)) {
    shrink(before, c);
    slide(before, range, c);
    size_t added = c.text.size(), removed = c.end - c.begin;
    if (c.begin >= range.begin && c.end <= range.end) {
      end += added - removed;
      continue;
    }
    inside = false;
    if (c.end <= range.begin) {
      begin += added - removed;
      end += added - removed;
    } else if (c.begin < range.end) {
      // Across an edge: what is left of the selection ends there.
      if (c.begin < range.begin) begin -= range.begin - c.begin;
      end += added - removed;
      if (c.end > range.end) end += c.end - range.end;
    }
  }
  range = {begin, std::max(begin, end)};
  return inside;
}

}  // namespace f0::agent
