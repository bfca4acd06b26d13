// Copyright (C) 2026 The f0 authors

#include "path.h"

#include "../base/text.h"
#include "edit.h"

namespace f0::edit {

namespace {

constexpr size_t max_path = 400;
constexpr size_t max_comment = 300;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

string_view trim(string_view s) { return trim_wide(s); }

// ".ext" with 1 to 10 letters or digits, a letter first, and something before
// it or a dot file.
bool has_extension(string_view name) {
  size_t dot = name.rfind('.');
  if (dot == string_view::npos) return false;
  string_view ext = name.substr(dot + 1);
  if (ext.empty() || ext.size() > 10 || is_digit(ext.front())) return false;
  for (char c : ext) {
    if (!is_alnum(c) && c != '_' && c != '-') return false;
  }
  return true;
}

// Words of prose that look like a file's name.
bool is_product(string_view s) {
  for (string_view w :
       {"node.js",     "next.js",     "vue.js",     "react.js",  "express.js", "nuxt.js",
        "three.js",    "d3.js",       "p5.js",      "chart.js",  "alpine.js",  "nest.js",
        "ember.js",    "backbone.js", "discord.js", "moment.js", "day.js",     "solid.js",
        "knockout.js", "asp.net",     "socket.io",  "e.g",       "i.e"}) {
    if (text::iequals(s, w)) return true;
  }
  return false;
}

bool has_url_scheme(string_view s) {
  return text::istarts_with(s, "http://") || text::istarts_with(s, "https://");
}

// Things that nobody writes but to leave the workspace.
bool looks_evil(string_view s) {
  if (s.front() == '\\' || s.substr(0, 3) == "../") return true;
  if (s.size() > 2 && is_alnum(s[0]) && s[1] == ':' && (s[2] == '/' || s[2] == '\\')) {
    return true;
  }
  return s.find("/../") != string_view::npos || s.find("\\") != string_view::npos ||
         s.find("://") != string_view::npos;
}

// Full-width punctuation of a sentence: U+3000..303F, U+FF00..FF0F.
bool has_wide_punctuation(string_view s) {
  return s.find("\xe3\x80") != string_view::npos || s.find("\xef\xbc") != string_view::npos;
}

bool is_known(string_view s, const path_set& known) { return known.find(s) != nullptr; }

// A space is allowed in a path only behind a folder's name, and when the whole
// ends as a file's name does.
bool spaces_are_fine(string_view s) {
  size_t space = s.find_first_of(" \t");
  if (space == string_view::npos) return true;
  if (s[0] == '/' || s.find('/') > space || !has_extension(base_name(s))) return false;
  size_t words = 1;
  for (char c : s) words += c == ' ';
  return words <= 5 && s.find(". ") == string_view::npos && s.find('\t') == string_view::npos;
}

std::optional<path_line> judge(string_view given, const path_set& known) {
  if (given.empty() || given.size() > max_path) return std::nullopt;
  std::string undressed = known.meant(given);
  string_view s = undressed;
  if (s.empty()) return std::nullopt;
  if (const std::string* p = known.find(s)) return path_line{*p, true};
  if (s.find_first_of("<>|\"*?;,=`") != string_view::npos) return std::nullopt;
  if (!spaces_are_fine(s) || has_wide_punctuation(s) || is_product(s)) return std::nullopt;
  if (s.back() == '/' || s.back() == '.') return std::nullopt;
  bool named = known.ends_as_file(s);
  bool folder = s.find_first_of("/\\") != string_view::npos;
  if (!folder) {
    if (!named) return std::nullopt;
    for (char c : s) {
      if (c == '(' || c == '[' || c == '{') return std::nullopt;
    }
    return path_line{std::string(s), true};
  }
  if (has_url_scheme(s)) {
    size_t host_end = s.find('/', s.find("//") + 2);
    if (host_end == string_view::npos || !named) return std::nullopt;
  }
  return path_line{std::string(s), named || looks_evil(s)};
}

// Bullet or number of a list item: "- ", "* ", "+ ", "12. ", "3) ".
string_view strip_bullet(string_view s) {
  if (s.size() > 1 && (s[0] == '-' || s[0] == '*' || s[0] == '+') && s[1] == ' ') {
    return trim(s.substr(2));
  }
  size_t n = 0;
  while (n < s.size() && n < 3 && is_digit(s[n])) n++;
  if (n > 0 && n + 1 < s.size() && (s[n] == '.' || s[n] == ')') && s[n + 1] == ' ') {
    return trim(s.substr(n + 2));
  }
  return s;
}

string_view strip_heading(string_view s) {
  size_t n = 0;
  while (n < s.size() && n < 7 && s[n] == '#') n++;
  return n > 0 && n < 7 && n < s.size() && s[n] == ' ' ? trim(s.substr(n)) : s;
}

string_view strip_label(string_view s) {
  string_view bold = s.substr(0, 2) == "**" ? s.substr(2) : s;  // "**File:** x"
  for (string_view w : {"file:", "filename:", "file name:", "path:", "file path:", "filepath:"}) {
    if (!text::istarts_with(bold, w)) continue;
    string_view rest = bold.substr(w.size());
    bool closed = rest.substr(0, 2) == "**";
    if (bold.size() < s.size() && !closed) break;  // "**File: x**" is wrapped
    return trim(closed ? rest.substr(2) : rest);
  }
  return s;
}

// One pair of signs around the whole: ** __ * _ ` " '.
bool strip_wrap(string_view& s) {
  for (string_view w : {"**", "__", "``", "`", "*", "_", "\"", "'"}) {
    if (s.size() > 2 * w.size() && s.substr(0, w.size()) == w &&
        s.substr(s.size() - w.size()) == w) {
      string_view inner = s.substr(w.size(), s.size() - 2 * w.size());
      if (w == "_" && (inner.front() == '_' || inner.back() == '_')) continue;
      s = trim(inner);
      return true;
    }
  }
  return false;
}

// "x (new file)" -> "x"
string_view strip_note(string_view s) {
  if (s.size() < 4 || s.back() != ')') return s;
  size_t open = s.rfind(" (");
  if (open == string_view::npos || open == 0) return s;
  string_view note = s.substr(open + 2);
  for (char c : note) {
    if (is_digit(c) || c == '/') return s;  // "(3-9)": a part of a file
  }
  return trim(s.substr(0, open));
}

string_view strip_all(string_view s) {
  s = strip_label(strip_bullet(strip_heading(trim(s))));
  for (int i = 0; i < 4; i++) {
    if (s.size() > 1 && s.back() == ':') s = trim(s.substr(0, s.size() - 1));
    s = strip_note(s);
    if (!strip_wrap(s)) break;
    s = strip_label(s);
  }
  if (s.size() > 1 && s.back() == ':') s = trim(s.substr(0, s.size() - 1));
  return s;
}

}  // namespace

std::optional<path_line> read_path_line(string_view line, const path_set& known) {
  if (line.size() > max_path) return std::nullopt;
  line = trim(line);
  if (line.empty()) return std::nullopt;
  if (const std::string* p = known.find(line)) return path_line{*p, true};
  string_view bare = strip_all(line);
  auto out = judge(bare, known);
  if (!out || out->strong) return out;
  bool plain = bare == line || line == "`" + std::string(bare) + "`";
  return plain ? out : std::nullopt;
}

std::optional<path_line> read_comment_path(string_view line, const path_set& known) {
  string_view s = trim(line);
  if (s.size() >= max_comment) return std::nullopt;
  string_view bare = s;
  for (string_view w : {"///", "//", "#", "--", ";", "%"}) {
    if (s.substr(0, w.size()) == w && s.size() > w.size() && is_space(s[w.size()])) {
      bare = trim(s.substr(w.size()));
      break;
    }
  }
  for (auto [a, b] : {std::pair<string_view, string_view>{"/*", "*/"}, {"<!--", "-->"}}) {
    if (s.size() > a.size() + b.size() && s.substr(0, a.size()) == a &&
        s.substr(s.size() - b.size()) == b) {
      bare = trim(s.substr(a.size(), s.size() - a.size() - b.size()));
    }
  }
  if (bare.size() == s.size()) return std::nullopt;
  return judge(strip_all(bare), known);
}

std::optional<path_line> read_info_path(string_view info, const path_set& known) {
  info = trim(info);
  if (info.empty()) return std::nullopt;
  if (const std::string* p = known.find(info)) return path_line{*p, true};
  if (std::string m = known.meant(info); known.find(m)) return path_line{m, true};
  size_t space = info.find_first_of(" \t");
  if (space == string_view::npos) {
    auto whole = judge(info, known);
    size_t colon = info.find(':');  // "ts:src/a.ts", but not "C:/x"
    if (colon != string_view::npos && colon > 1 && info.substr(colon, 3) != "://") {
      auto rest = judge(info.substr(colon + 1), known);
      if (rest && rest->strong) return rest;
    }
    return whole;
  }
  string_view rest = trim(info.substr(space));
  for (string_view w : {"title=", "file=", "filename=", "path="}) {
    if (text::istarts_with(rest, w)) {
      rest = rest.substr(w.size());
      break;
    }
  }
  strip_wrap(rest);
  return judge(rest, known);
}

bool may_be_comment_path(string_view head) {
  string_view s = trim(head);
  return s.size() < max_comment &&
         (s.empty() || string_view("/#-;%<").find(s[0]) != string_view::npos);
}

bool may_be_path_line(string_view head, const path_set& known) {
  string_view s = trim(head);
  if (head.size() > max_path + 1) return false;  // 1: CR of the line's end
  if (s.empty()) return true;
  if (has_wide_punctuation(s)) return false;
  if (s[0] == '[' || s[0] == '@' || s.find("](") != string_view::npos) return true;
  if (is_digit(s[0]) && s[s.find_first_not_of("0123456789") % s.size()] == ':') return true;
  auto prefix_of_known = [&](string_view x) { return known.begins_one(x); };
  if (prefix_of_known(s)) return true;
  // A decoration alone may still grow into one.
  if (s.find_first_not_of("#*-+_`\"'0123456789.)") == string_view::npos) return true;
  s = strip_label(strip_bullet(strip_heading(s)));
  bool ticked = false;
  while (!s.empty() && (s.front() == '*' || s.front() == '_' || s.front() == '`' ||
                        s.front() == '"' || s.front() == '\'')) {
    ticked = ticked || s.front() == '`';
    s.remove_prefix(1);
  }
  s = strip_label(s);
  if (s.empty()) return true;
  for (string_view w : {"file name:", "file path:"}) {
    if (s.size() < w.size() && text::istarts_with(w, s)) return true;
  }
  if (prefix_of_known(s)) return true;
  size_t space = s.find_first_of(" \t");
  if (space == string_view::npos) return s.find_first_of("<>|?;,=") == string_view::npos;
  if (space == s.size()) return true;
  string_view rest = trim(s.substr(space));
  if (!rest.empty() && (rest[0] == 'L' || rest[0] == '#') && is_known(s.substr(0, space), known)) {
    return true;
  }
  if (rest.empty() || rest.front() == '(' || rest.front() == '*')
    return s.find('/') != string_view::npos || s.find('.') < space;
  if (ticked && s.find('`') == string_view::npos) return true;
  return s.find('/') < space && s.find(". ") == string_view::npos &&
         s.find_first_of("<>|?;,=") == string_view::npos;
}

std::string mentioned_path(string_view line, const path_set& known) {
  std::string found;
  size_t i = 0;
  while (i < line.size()) {
    if (is_space(line[i])) {
      i++;
      continue;
    }
    size_t end = i;
    while (end < line.size() && !is_space(line[end])) end++;
    string_view word = line.substr(i, end - i);
    i = end;
    while (!word.empty() && string_view("`*_\"'([").find(word.front()) != string_view::npos) {
      word.remove_prefix(1);
    }
    while (!word.empty() && string_view("`*_\"')],:;.!?").find(word.back()) != string_view::npos) {
      word.remove_suffix(1);
    }
    const std::string* known_path = word.empty() ? nullptr : known.find(word);
    if (!known_path) continue;
    const std::string& p = *known_path;
    if (!found.empty() && found != p) return {};
    found = p;
  }
  return found;
}

namespace {

// git's C-style quoting: "\"", "\\", "\t", "\303", ...  Bytes that are no
// character become U+FFFD: whoever is told of the path reads UTF-8.
std::string unquote(string_view s) {
  std::string out;
  for (size_t i = 0; i < s.size() && s[i] != '"'; i++) {
    if (s[i] != '\\' || i + 1 >= s.size()) {
      out += s[i];
      continue;
    }
    char c = s[++i];
    if (c >= '0' && c <= '3' && i + 2 < s.size() && is_digit(s[i + 1]) && is_digit(s[i + 2])) {
      out += static_cast<char>((c - '0') * 64 + (s[i + 1] - '0') * 8 + (s[i + 2] - '0'));
      i += 2;
    } else {
      size_t at = string_view("abtnvfr").find(c);
      out += at == string_view::npos ? c : "\a\b\t\n\v\f\r"[at];
    }
  }
  std::string valid;
  text::append_repaired(valid, out);
  return valid;
}

}  // namespace

std::string diff_header_path(string_view rest) {
  rest = trim(rest);
  if (!rest.empty() && rest.front() == '"') return unquote(rest.substr(1));
  size_t tab = rest.find('\t');
  if (tab != string_view::npos) rest = trim(rest.substr(0, tab));
  while (strip_wrap(rest)) {
  }
  return std::string(rest);
}

// ---- clean paths

namespace {

// git refuses what HFS+ and NTFS would take for ".git".
bool is_git_dir(string_view part) {
  static constexpr string_view ignorable[] = {
      "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x8e", "\xe2\x80\x8f",
      "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae",
      "\xe2\x81\xaa", "\xe2\x81\xab", "\xe2\x81\xac", "\xe2\x81\xad", "\xe2\x81\xae",
      "\xe2\x81\xaf", "\xef\xbb\xbf"};
  std::string s;
  for (size_t i = 0; i < part.size();) {
    bool skip = false;
    for (string_view w : ignorable) skip = skip || part.substr(i, 3) == w;
    if (skip) {
      i += 3;
    } else {
      s += part[i++];
    }
  }
  string_view v = s;
  size_t colon = v.find(':');
  if (colon != string_view::npos) v = v.substr(0, colon);
  while (!v.empty() && (v.back() == ' ' || v.back() == '.')) v.remove_suffix(1);
  return text::iequals(v, ".git") || text::iequals(v, "git~1");
}

bool has_control(string_view s) {
  for (size_t i = 0; i < s.size(); i++) {
    auto c = static_cast<unsigned char>(s[i]);
    if (c < 0x20 || c == 0x7f) return true;
    if (c == 0xc2 && i + 1 < s.size() && static_cast<unsigned char>(s[i + 1]) < 0xa0) return true;
  }
  return false;
}

// "C:", "file:", "x-y:" before any slash.
bool has_scheme(string_view s) {
  size_t colon = s.find(':');
  if (colon == string_view::npos || colon == 0 || s.find('/') < colon) return false;
  for (char c : s.substr(0, colon)) {
    if (!is_alnum(c) && c != '+' && c != '-' && c != '.') return false;
  }
  return !is_digit(s[0]);
}

}  // namespace

std::string normal_path(string_view path) {
  std::string out;
  bool root = !path.empty() && (path.front() == '/' || path.front() == '\\');
  size_t i = 0;
  while (i <= path.size()) {
    size_t end = path.find_first_of("/\\", i);
    if (end == string_view::npos) end = path.size();
    string_view part = path.substr(i, end - i);
    i = end + 1;
    if (part.empty() || part == ".") continue;
    if (!out.empty() || root) out += '/';
    root = false;
    out += part;
  }
  return out;
}

std::optional<std::string> clean_path(string_view path) {
  if (path.empty() || path.size() > 4096 || path.front() == '/' || path.back() == '/' ||
      path.find('\\') != string_view::npos || has_control(path) || has_scheme(path) ||
      !text::valid_utf8(path)) {
    return std::nullopt;
  }
  std::string out = normal_path(path);
  if (out.empty()) return std::nullopt;
  for (size_t i = 0; i <= out.size();) {
    size_t end = std::min(out.find('/', i), out.size());
    string_view part = string_view(out).substr(i, end - i);
    if (part == ".." || part.size() > 255 || is_git_dir(part)) return std::nullopt;
    i = end + 1;
  }
  return out;
}

}  // namespace f0::edit
