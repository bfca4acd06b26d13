// Copyright (C) 2026 The f0 authors

#include "elision.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

#include "../base/text.h"
#include "edit.h"
#include "marker.h"

namespace f0::edit {

namespace {

constexpr size_t max_line = 200;  // a longer line is no remark
constexpr size_t max_words = 10;

using words = std::vector<std::string>;

bool one_of(string_view w, std::initializer_list<string_view> list) {
  return std::find(list.begin(), list.end(), w) != list.end();
}

bool is_article(string_view w) {
  return one_of(w, {"the", "a", "an", "of", "all", "your", "my", "our", "this", "these", "those",
                    "its", "any", "some"});
}

bool begins_remark(string_view w) {
  return one_of(w, {"rest", "remainder", "remaining", "existing", "other", "others", "previous",
                    "same", "unchanged"});
}

// Parts of a program or of a document.
bool is_part(string_view w) {
  if (w.size() > 3 && w.ends_with("ies"))
    return is_part(std::string(w.substr(0, w.size() - 3)) + "y");
  static const std::set<string_view> parts = {
      "code",      "file",      "method",      "function",    "import",      "job",
      "column",    "class",     "field",       "line",        "content",     "implementation",
      "logic",     "section",   "block",       "part",        "stuff",       "prop",
      "property",  "attribute", "member",      "variable",    "declaration", "definition",
      "constant",  "test",      "case",        "route",       "handler",     "endpoint",
      "component", "element",   "option",      "setting",     "config",      "configuration",
      "style",     "rule",      "markup",      "html",        "jsx",         "css",
      "body",      "step",      "script",      "module",      "statement",   "parameter",
      "param",     "argument",  "text",        "document",    "page",        "template",
      "task",      "stage",     "service",     "dependency",  "key",         "type",
      "interface", "enum",      "struct",      "hook",        "helper",      "utility",
      "setup",     "program",   "source",      "selector",    "query",       "paragraph",
      "chapter",   "export",    "include",     "entry",       "row",         "item",
      "table",     "schema",    "constructor", "header",      "footer",      "example",
      "comment",   "branch",    "loop",        "switch",      "object",      "array",
      "list",      "dict",      "map",         "node",        "view",        "render",
      "state",     "getter",    "setter",      "macro",       "namespace",   "package",
      "layer",     "target",    "resource",    "environment", "env",         "mapping",
      "assertion", "fixture",   "mock"};
  if (parts.count(w) > 0) return true;
  if (w.size() > 4 && w.ends_with("es") && parts.count(w.substr(0, w.size() - 2)) > 0) return true;
  return w.size() > 2 && w.back() == 's' && parts.count(w.substr(0, w.size() - 1)) > 0;
}

// What may follow the part that is meant.
bool is_tail(string_view w) {
  return one_of(
      w, {"here",      "above",     "below",      "goes",    "go",      "follows",   "follow",
          "continues", "continue",  "unchanged",  "remains", "remain",  "stays",     "stay",
          "same",      "as",        "before",     "is",      "are",     "in",        "from",
          "for",       "brevity",   "omitted",    "elided",  "skipped", "truncated", "not",
          "shown",     "untouched", "unmodified", "it",      "they",    "was",       "were",
          "exactly",   "and",       "identical"});
}

bool says_it_stays(string_view w) {
  return one_of(w, {"unchanged", "same", "before", "omitted", "elided", "skipped", "truncated",
                    "shown", "untouched", "unmodified", "stays", "stay", "remains", "remain",
                    "brevity", "is", "identical"});
}

// "... is the same", "... as before", "... not shown".
bool ends_as_kept(const words& w) {
  string_view last = w.back();
  if (one_of(last, {"unchanged", "same", "omitted", "elided", "skipped", "truncated", "untouched",
                    "unmodified", "brevity", "identical"})) {
    return true;
  }
  string_view before = w.size() > 1 ? string_view(w[w.size() - 2]) : string_view();
  return (last == "before" && before == "as") || (last == "shown" && before == "not") ||
         (last == "is" && before == "as") || (last == "are" && before == "as");
}

enum class meaning : uint8_t { none, part, stays };

bool all_tail(const words& w, size_t from) {
  return std::all_of(w.begin() + static_cast<std::ptrdiff_t>(from), w.end(),
                     [](const std::string& s) { return is_tail(s) || is_part(s); });
}

meaning tail_meaning(const words& w, size_t from) {
  bool stays = std::any_of(w.begin() + static_cast<std::ptrdiff_t>(from), w.end(),
                           [](const std::string& s) { return says_it_stays(s); });
  return stays ? meaning::stays : meaning::part;
}

// What the words of a remark, articles gone, say of the lines that it stands
// for.  |dotted|: behind dots, where two words of any kind may follow.
meaning meaning_of(words w, bool dotted) {
  if (!w.empty() &&
      one_of(w[0], {"keep", "leave", "retain", "include", "preserve", "insert", "plus", "and"})) {
    w.erase(w.begin());
  }
  if (w.empty() || w.size() > max_words) return meaning::none;
  if (w[0] == "no" && w.size() > 1 && (w[1] == "change" || w[1] == "changes")) {
    for (size_t i = 2; i < w.size(); i++) {
      bool fine =
          is_tail(w[i]) || is_part(w[i]) || one_of(w[i], {"around", "needed", "required", "to"});
      if (!fine) return meaning::none;
    }
    return meaning::stays;
  }
  if (begins_remark(w[0])) {
    size_t at = 1;
    if (w.size() == 1) return w[0] == "unchanged" ? meaning::stays : meaning::part;
    if (!is_part(w[1]) && w.size() > 2 && is_part(w[2])) at = 2;
    if (is_part(w[at]) && all_tail(w, at + 1)) return tail_meaning(w, at + 1);
    if (all_tail(w, 1) && !is_part(w[1])) return tail_meaning(w, 1);
    if (dotted && w.size() <= 3) return meaning::part;
  }
  bool names = std::any_of(w.begin(), w.end(), [](const auto& s) {
    return is_part(s) || one_of(s, {"rest", "remainder", "everything", "remaining"});
  });
  return names && w.size() <= 6 && ends_as_kept(w) ? meaning::stays : meaning::none;
}

words words_of(string_view s) {
  words out;
  std::string w;
  auto take = [&] {
    if (!w.empty() && !is_article(w)) out.push_back(w);
    w.clear();
  };
  for (char c : s) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' || c == '-' || c == '_') {
      w += c;
    } else if (c >= 'A' && c <= 'Z') {
      w += static_cast<char>(c - 'A' + 'a');
    } else if (c == ' ' || c == '\t' || c == ',' || c == '/' || c == ':' || c == '.') {
      take();
    } else {
      return {};  // no plain words
    }
  }
  take();
  return out;
}

size_t dots_at(string_view s) {
  size_t n = 0;
  for (;;) {
    size_t run = 0;
    while (n + run < s.size() && s[n + run] == '.') run++;
    if (run >= 3) {
      n += run;
    } else if (s.substr(n, 3) == "\xe2\x80\xa6") {
      n += 3;
    } else {
      return n;
    }
  }
}

// Takes dots off the end.
string_view without_dots(string_view s) {
  for (;;) {
    size_t n = s.size();
    while (n > 0 && s[n - 1] == '.') n--;
    if (s.size() - n >= 3) {
      s = trim_blanks(s.substr(0, n));
    } else if (s.ends_with("\xe2\x80\xa6")) {
      s = trim_blanks(s.substr(0, s.size() - 3));
    } else {
      return s;
    }
  }
}

bool is_css(string_view lang) { return lang == "css" || lang == "scss" || lang == "less"; }

// The text behind a comment's sign; nothing: |s| is no comment.
std::optional<string_view> comment_text(string_view s, string_view lang) {
  static constexpr std::pair<string_view, string_view> pairs[] = {
      {"{/*", "*/}"}, {"/*", "*/"}, {"<!--", "-->"},
      {"(*", "*)"},   {"{#", "#}"}, {"\"\"\"", "\"\"\""}};
  for (auto [a, b] : pairs) {
    if (!s.starts_with(a)) continue;
    s.remove_prefix(a.size());
    s = trim_blanks(s);
    if (s.ends_with(b)) s.remove_suffix(b.size());
    while (!s.empty() && s.front() == '*') s.remove_prefix(1);
    return trim_blanks(s);
  }
  for (string_view sign : {"//", "#", "--", ";", "%", "*"}) {
    if (!s.starts_with(sign)) continue;
    if (sign == "#" && lang == "markdown") return std::nullopt;
    string_view rest = s.substr(sign.size());
    while (rest.starts_with(sign)) rest.remove_prefix(sign.size());
    while (!rest.empty() && (rest[0] == '/' || rest[0] == '!')) rest.remove_prefix(1);
    bool apart = rest.empty() || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '.' ||
                 rest[0] == '(' || rest[0] == '[' || rest.starts_with("\xe2\x80\xa6");
    if (!apart && (sign != "//" && (sign != "#" || is_css(lang)))) return std::nullopt;
    if (sign == "*" && !rest.empty() && rest[0] != ' ') return std::nullopt;
    return trim_blanks(rest);
  }
  return std::nullopt;
}

// Takes one pair of brackets off.
bool strip_brackets(string_view& s) {
  for (string_view pair : {"()", "[]", "{}", "<>"}) {
    if (s.size() > 2 && s.front() == pair[0] && s.back() == pair[1]) {
      s = trim_blanks(s.substr(1, s.size() - 2));
      return true;
    }
  }
  return false;
}

// "f() { ... }", in Python "def f(): ..."
bool is_empty_body(string_view s) {
  while (!s.empty() && (s.back() == ';' || s.back() == ',' || s.back() == ')')) {
    s = trim_blanks(s.substr(0, s.size() - 1));
  }
  if (s.ends_with('}')) {
    string_view in = trim_blanks(s.substr(0, s.size() - 1));
    string_view bare = without_dots(in);
    return bare.size() < in.size() && bare.ends_with('{');
  }
  string_view bare = without_dots(s);
  return bare.size() < s.size() && bare.ends_with(':');
}

// A comment behind code: "f(  // ... existing code ...".
bool trailing_remark(string_view s) {
  for (string_view sign : {"/*", "//", "#", "<!--"}) {
    size_t at = s.rfind(sign);
    if (at == string_view::npos || at == 0) continue;
    string_view t = trim_blanks(s.substr(at + sign.size()));
    for (string_view end : {"*/", "-->"}) {
      size_t stop = t.find(end);
      if (stop != string_view::npos) t = trim_blanks(t.substr(0, stop));
    }
    size_t n = dots_at(t);
    if (n == 0) continue;
    t = without_dots(trim_blanks(t.substr(n)));
    strip_brackets(t);
    if (meaning_of(words_of(t), true) != meaning::none) return true;
  }
  return false;
}

}  // namespace

stand_in stand_in_of(string_view line, string_view above, string_view path) {
  string_view s = trim_blanks(line);
  if (s.empty() || s.size() > max_line) return stand_in::none;
  string_view lang = lang_of_path(path);
  auto comment = comment_text(s, lang);
  string_view t = comment ? *comment : s;
  bool bracket = false, dotted = false, apart = false;
  for (;;) {
    size_t n = dots_at(t);
    if (n > 0) {
      dotted = true;
      apart = apart || n == t.size() || t[n] == ' ' || t[n] == '\t';
      t = trim_blanks(t.substr(n));
    }
    if (t.empty()) return dotted ? stand_in::dots : stand_in::none;
    if (!strip_brackets(t)) break;
    bracket = true;
  }
  t = without_dots(t);
  if (t.empty()) return stand_in::dots;
  words w = words_of(t);
  meaning m = meaning_of(w, dotted);
  bool plain = !comment && !bracket;
  if (plain && !dotted) {
    if (trailing_remark(s)) return stand_in::sure;
    return is_empty_body(s) ? stand_in::dots : stand_in::none;
  }
  // "...rest" is a spread, "...rest of the code..." is not.
  if (plain && !apart &&
      (w.size() < 2 || t.find_first_of(" \t") == string_view::npos || t.ends_with(','))) {
    return stand_in::none;
  }
  if (m == meaning::none) return stand_in::none;
  if (dotted) return stand_in::sure;
  if (!comment && w.size() < 2) return stand_in::none;  // "[other]", "<rest>"
  bool goes_on = comment && comment_text(trim_blanks(above), lang).value_or("") != "";
  return goes_on && m != meaning::stays ? stand_in::none : stand_in::remark;
}

namespace {

bool counts(string_view line, string_view lang) {
  string_view s = trim_blanks(line);
  return !s.empty() && !comment_text(s, lang);
}

// How many lines of code go and come in the changes of a text.
struct balance {
  size_t gone = 0, come = 0;
  bool loses(bool self) const { return gone > come - (self ? 1 : 0); }
};

struct run {
  size_t begin, end;  // lines of the new text
  balance of;
};

std::vector<run> runs_of(const line_views& from, const line_views& to, string_view lang,
                         balance& all) {
  std::vector<run> out;
  size_t shift = 0;
  for (const change& c : line_changes(from, to, 0)) {
    run r{c.begin + shift, c.begin + shift + c.text.size(), {}};
    for (size_t i = c.begin; i < c.end; i++) r.of.gone += counts(from[i], lang);
    for (const std::string& s : c.text) r.of.come += counts(s, lang);
    shift += c.text.size() - (c.end - c.begin);
    all.gone += r.of.gone;
    all.come += r.of.come;
    out.push_back(r);
  }
  return out;
}

}  // namespace

std::optional<string_view> abbreviation(const line_views& from, const line_views& to,
                                        const line_views& own, string_view path) {
  struct mark {
    size_t line;
    stand_in what;
  };
  std::vector<mark> marks;
  for (size_t i = 0; i < to.size(); i++) {
    stand_in k = stand_in_of(to[i], i > 0 ? to[i - 1] : string_view(), path);
    if (k != stand_in::none) marks.push_back({i, k});
  }
  if (marks.empty()) return std::nullopt;
  std::set<string_view> there;
  for (const mark& m : marks) there.insert(trim_blanks(to[m.line]));
  std::set<string_view> held;
  for (const line_views* v : {&own, &from}) {
    for (string_view l : *v) {
      string_view s = trim_blanks(l);
      if (there.count(s) > 0) held.insert(s);
    }
  }
  std::erase_if(marks, [&](const mark& m) { return held.count(trim_blanks(to[m.line])) > 0; });
  for (const mark& m : marks) {
    if (m.what == stand_in::sure) return trim_blanks(to[m.line]);
  }
  if (marks.empty() || from.empty()) return std::nullopt;
  string_view lang = lang_of_path(path);
  balance all;
  std::vector<run> runs = runs_of(from, to, lang, all);
  for (const mark& m : marks) {
    bool self = counts(to[m.line], lang);
    if (all.loses(self)) return trim_blanks(to[m.line]);
    auto r = std::find_if(runs.begin(), runs.end(), [&](const run& x) { return m.line < x.end; });
    if (r != runs.end() && m.line >= r->begin && r->of.loses(self)) return trim_blanks(to[m.line]);
  }
  return std::nullopt;
}

}  // namespace f0::edit
