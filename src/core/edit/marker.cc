// Copyright (C) 2026 The f0 authors

#include "marker.h"

#include <algorithm>
#include <initializer_list>

#include "../base/text.h"

namespace f0::edit {

namespace {

constexpr size_t max_indent = 200;
constexpr size_t max_marker = 400;
constexpr size_t max_info = 512;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

size_t run_of(string_view s, char c) {
  size_t n = 0;
  while (n < s.size() && s[n] == c) n++;
  return n;
}

// No marker stands so far in, or has so much behind it.
bool too_wide(string_view line) { return line.size() > max_marker || indent_of(line) > max_indent; }

// What stands behind 5 to 9 signs and |word|.
std::optional<string_view> behind(string_view line, char sign, string_view word) {
  string_view s = line.substr(indent_of(line));
  size_t n = run_of(s, sign);
  if (n < 5 || n > 9) return std::nullopt;
  s = trim_blanks(s.substr(n));
  if (s.substr(0, word.size()) != word) return std::nullopt;
  return s.substr(word.size());
}

bool may_be_behind(string_view s, char sign, string_view word) {
  size_t n = run_of(s, sign);
  if (n == 0 || n > 9) return false;
  if (n == s.size()) return true;
  if (n < 5) return false;
  s = trim_blanks(s.substr(n));
  return s.size() < word.size() ? word.substr(0, s.size()) == s : s.substr(0, word.size()) == word;
}

// 5 to 9 of one of |signs| and one of |words|, nothing else.
bool is_other(string_view line, string_view signs, std::initializer_list<string_view> words) {
  if (too_wide(line)) return false;
  string_view s = trim_blanks(line);
  if (s.empty() || signs.find(s.front()) == string_view::npos) return false;
  size_t n = run_of(s, s.front());
  if (n < 5 || n > 9) return false;
  s = trim_blanks(s.substr(n));
  return std::any_of(words.begin(), words.end(),
                     [&](string_view w) { return text::iequals(s, w); });
}

// What may become such a line.
bool may_be_other(string_view s) {
  if (string_view("<->+").find(s.front()) == string_view::npos) return false;
  size_t n = run_of(s, s.front());
  if (n == s.size()) return n <= 9;
  if (n < 5 || n > 9) return false;
  string_view word = trim_blanks(s.substr(n));
  for (string_view w :
       {"SEARCH", "ORIGINAL", "OLD", "BEFORE", "FIND", "REPLACE", "UPDATED", "NEW", "AFTER"}) {
    if (word.size() <= w.size() && text::istarts_with(w, word)) return true;
  }
  return false;
}

}  // namespace

bool is_blank(string_view line) noexcept { return indent_of(line) == line.size(); }

bool is_short_blank(string_view line) noexcept {
  return line.size() < max_indent && is_blank(line);
}

size_t indent_of(string_view line) noexcept {
  size_t n = 0;
  while (n < line.size() && is_space(line[n])) n++;
  return n;
}

string_view trim_right(string_view s) noexcept {
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

string_view trim_blanks(string_view s) noexcept { return trim_right(s.substr(indent_of(s))); }

std::optional<search_marker> read_search_marker(string_view line) noexcept {
  if (too_wide(line)) return std::nullopt;
  auto rest = behind(line, '<', "SEARCH");
  if (!rest) return std::nullopt;
  // A stray ">" or ":", then nothing or one word: a path.
  string_view r = *rest;
  bool apart = r.empty() || is_space(r.front()) || r.front() == '>' || r.front() == ':';
  if (!apart) return std::nullopt;
  while (!r.empty() && (is_space(r.front()) || r.front() == '>' || r.front() == ':')) {
    r.remove_prefix(1);
  }
  r = trim_blanks(r);
  if (r.find_first_of(" \t") != string_view::npos) return std::nullopt;
  return search_marker{indent_of(line), signs_of(line), r};
}

size_t signs_of(string_view line) noexcept {
  string_view s = line.substr(indent_of(line));
  return s.empty() ? 0 : run_of(s, s.front());
}

bool is_divider(string_view line) noexcept {
  string_view s = trim_blanks(line);
  size_t n = run_of(s, '=');
  return n >= 5 && n <= 9 && n == s.size();
}

bool is_replace_marker(string_view line) noexcept {
  auto rest = too_wide(line) ? std::nullopt : behind(line, '>', "REPLACE");
  if (!rest) return false;
  string_view r = trim_blanks(*rest);
  return r.empty() || r == ">" || r == "<" || r == ":";
}

bool is_other_search(string_view line) noexcept {
  return is_other(line, "<-", {"SEARCH", "ORIGINAL", "OLD", "BEFORE", "FIND"});
}

bool is_other_replace(string_view line) noexcept {
  return is_other(line, ">+", {"REPLACE", "UPDATED", "NEW", "AFTER"});
}

bool is_file_header(string_view s) noexcept {
  return s.starts_with("*** Update File:") || s.starts_with("*** Add File:") ||
         s.starts_with("*** Delete File:");
}

bool is_think_end(string_view line) noexcept {
  if (too_wide(line)) return false;
  string_view s = trim_blanks(line);
  return s == "</think>" || s == "</thinking>";
}

bool is_begin_patch(string_view line) noexcept {
  if (too_wide(line)) return false;
  string_view s = trim_blanks(line);
  return s == "*** Begin Patch" || s == "*** Begin Patch:";
}

bool is_end_patch(string_view line) noexcept {
  if (too_wide(line)) return false;
  string_view s = trim_blanks(line);
  return s == "*** End Patch" || s == "*** End Patch:";
}

bool may_be_marker(string_view head) noexcept {
  string_view s = head.substr(indent_of(head));
  if (s.empty()) return head.size() <= max_indent;
  if (head.size() > max_marker + 1) return false;  // 1: CR of the line's end
  if (may_be_behind(s, '<', "SEARCH") || may_be_behind(s, '>', "REPLACE")) return true;
  if (may_be_other(s)) return true;
  for (string_view w : {"*** Begin Patch", "*** End Patch", "*** Update File:", "*** Add File:",
                        "*** Delete File:", "</think>", "</thinking>"}) {
    size_t n = std::min(w.size(), s.size());
    if (s.substr(0, n) == w.substr(0, n)) return true;
  }
  return false;
}

bool fence::closed_by(string_view line, size_t depth) const noexcept {
  size_t in = indent_of(line);
  string_view s = line.substr(in);
  size_t n = run_of(s, sign);
  if (s.size() > max_info) return false;
  return in <= depth && n >= length && is_blank(s.substr(n));
}

std::optional<fence> read_fence(string_view line) {
  fence f;
  f.indent = indent_of(line);
  string_view s = line.substr(f.indent);
  if (f.indent >= max_indent) return std::nullopt;
  if (s.empty() || (s.front() != '`' && s.front() != '~')) return std::nullopt;
  f.sign = s.front();
  f.length = run_of(s, f.sign);
  if (f.length < 3 || s.size() > max_info) return std::nullopt;
  f.info = std::string(trim_blanks(s.substr(f.length)));
  if (f.sign == '`' && f.info.find('`') != std::string::npos) return std::nullopt;
  return f;
}

bool may_be_fence(string_view head) noexcept {
  string_view s = head.substr(indent_of(head));
  if (s.empty()) return head.size() <= max_indent;
  if (head.size() > max_indent + max_info + 1 || s.size() > max_info + 1) return false;
  if (s.front() != '`' && s.front() != '~') return false;
  size_t n = run_of(s, s.front());
  if (n < 3) return n == s.size();
  return s.front() == '~' || s.substr(n).find('`') == string_view::npos;
}

}  // namespace f0::edit
