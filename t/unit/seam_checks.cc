// Copyright (C) 2026 The f0 authors
//
// seam_checks.cc - checks of where one text goes on with another one's.

#include "seam_checks.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/respond/seam.h"

using std::string_view;
using f0::seam;
namespace text = f0::text;

namespace {

std::string wrong_;

// Fences with and without a word, headings, lists, and characters of one to four
// bytes; of its words none stand twice in a row.
constexpr string_view kText =
    "# Größen\n\nZuerst prüfen wir, ob 数据 da ist.\n\n## Eins\n"
    "```python\ndef a():\n    # Eins\n    return \"数据\"  # 😀 done\n\n\n"
    "def b():\n    return 2\n```\nDann:\n\n```\n$ make\n$ make check\n```\n"
    "~~~text\nplain ``` inside\n~~~\n### 第三步：安装\n\n"
    "- erstens – \u201cquoted\u201d\n- zweitens `code`, 终于完成了这一切。\n\n"
    "Done, and nothing more to say about it: all is well that ends well.\n";

// The bytes at which characters begin, and the end.
std::vector<size_t> places(string_view s) {
  std::vector<size_t> at;
  for (size_t i = 0; i <= s.size(); i++) {
    if (i == s.size() || (static_cast<unsigned char>(s[i]) & 0xC0) != 0x80) at.push_back(i);
  }
  return at;
}

// In pieces of |n| characters.
std::string joined(string_view sent, string_view more, size_t n, size_t unseen = 0) {
  seam s(sent, unseen);
  std::string out;
  while (!more.empty()) {
    const size_t k = text::prefix_of(more, n);
    out += s.take(more.substr(0, k));
    more.remove_prefix(k);
  }
  return out += s.end();
}

const char* compare(string_view sent, string_view more, string_view want, size_t unseen = 0) {
  for (const size_t n : {1, 2, 3, 7, 64, 1000000}) {
    const std::string got = joined(sent, more, n, unseen);
    if (got == want) continue;
    const string_view end = sent.size() > 40 ? sent.substr(sent.size() - 40) : sent;
    wrong_ = "behind ..." + std::string(end) + "| came " + std::string(more.substr(0, 80)) +
             "| in pieces of " + std::to_string(n) + ": told " + got.substr(0, 80) +
             "| instead of " + std::string(want.substr(0, 80)) + "|";
    return wrong_.c_str();
  }
  return nullptr;
}

// The plain way: the longest beginning of 8 to 400 characters that is an end.
size_t overlap_of(string_view sent, string_view more) {
  for (size_t n = std::min<size_t>(400, text::code_points(more)); n >= 8; n--) {
    const string_view begin = more.substr(0, text::prefix_of(more, n));
    if (sent.ends_with(begin)) return begin.size();
  }
  return 0;
}

}  // namespace

// Whatever was sent, a model that goes on where it stopped is told word for word,
// and one that says the last 8 to 400 characters again is told without them.
const char* seam_check_cuts() {
  const std::vector<size_t> at = places(kText);
  for (size_t c = 0; c < at.size(); c++) {
    const string_view sent = kText.substr(0, at[c]), rest = kText.substr(at[c]);
    if (const char* w = compare(sent, rest, rest)) return w;
    for (const size_t k : {8, 9, 11, 20, 50, 64, 100, 255, 399, 400}) {
      if (k > c) break;
      if (const char* w = compare(sent, kText.substr(at[c - k]), rest)) return w;
    }
    // All of it once more.
    if (c >= 8 && c <= 400) {
      if (const char* w = compare(sent, kText, rest)) return w;
    }
    // Too little to be sure of: it is told, unless it is a mark.
    for (size_t k = 1; k < 8 && k <= c; k++) {
      const string_view more = kText.substr(at[c - k]);
      const string_view again = more.substr(0, more.size() - rest.size());
      const std::string got = joined(sent, more, 1);
      if (got == more) continue;
      if (got == rest && again.find_first_of("`~#") != again.npos) continue;
      return compare(sent, more, more);
    }
  }
  return nullptr;
}

// Of several overlaps the longest one counts.
const char* seam_check_repetitions() {
  std::string rings, dashes, odd = "Yes. ";
  for (int i = 0; i < 100; i++) rings += "ring o' ";
  for (int i = 0; i < 70; i++) dashes += i % 10 == 9 ? "|\n" : "|---";
  for (int i = 0; i < 60; i++) odd.append(i % 7 + 1, 'a').append("数b");
  for (const string_view s : {string_view(rings), string_view(dashes), string_view(odd)}) {
    const std::vector<size_t> at = places(s);
    for (size_t c = 0; c < at.size(); c += 3) {
      for (const size_t k : {0, 5, 8, 13, 40, 200, 400, 500}) {
        if (k > c) break;
        const string_view sent = s.substr(0, at[c]), more = s.substr(at[c - k]);
        if (const char* w = compare(sent, more, more.substr(overlap_of(sent, more)))) return w;
      }
    }
    // Nothing but what was there.
    for (const size_t k : {8, 30, 100}) {
      const string_view more = s.substr(at[at.size() - 1 - k]);
      if (const char* w = compare(s, more, more.substr(overlap_of(s, more)))) return w;
    }
  }
  return nullptr;
}

const char* seam_check_marks() {
  struct {
    string_view sent, more, told;
  } cases[] = {
      // A fence that is open.
      {"So:\n\n```python\na = 1\n\n", "```python\nb = 2\n```\n", "b = 2\n```\n"},
      {"So:\n\n```python\na = 1\n\n", "\n```python\nb = 2\n", "b = 2\n"},
      {"So:\n\n```python\na = 1 +", "```python\n 2\n", " 2\n"},
      {"So:\n\n```python\na = 1", "\n```python\nb = 2\n", "\nb = 2\n"},
      {"So:\n\n```python\na = 1\n", "``` python\nb = 2\n", "``` python\nb = 2\n"},
      {"So:\n\n  ```js\n  a()\n", "```js\n  b()\n", "  b()\n"},
      {"So:\n~~~~ sh\n$ a\n", "~~~~ sh\n$ b\n", "$ b\n"},
      {"So:\n```python\nfirst = 1\nlast = 2\n", "```python\nlast = 2\nmore\n", "more\n"},
      {"So:\n```py", "```python\nx\n", "thon\nx\n"},
      {"So:\n```\n", "```\nx\n", "x\n"},
      {"So:\n```\n\n", "```\nx\n", "x\n"},
      {"So:\n```python\n", "```python\n", ""},
      {"So:\n```python\nx\n", "```python", ""},
      {"So:\n```python\nx\n", "```python3\ny\n", "```python3\ny\n"},
      {"So:\n```python\nx\n", "```", "```"},
      // Its end is none, nor is one that is not open.
      {"So:\n```\nx\n", "```\nDone.", "```\nDone."},
      {"So:\n```python\nx\n", "```\nDone.", "```\nDone."},
      {"So:\n```python\nx\n```\n", "```python\ny\n", "```python\ny\n"},
      {"So:\n````md\n```python\n", "```\n````\n", "```\n````\n"},
      {"A ```py", "```python\ny\n", "```python\ny\n"},
      // An end that was begun.
      {"So:\n```python\nx\n```", "```\nDone.", "\nDone."},
      {"So:\n```python\nx\n``", "`\nDone.", "`\nDone."},
      // A heading.
      {"## To do\n\nFirst ", "## To do\n\nof all\n", "of all\n"},
      {"## To do\n\nFirst ", "\n\n## To do  \n\n\nof all\n", "\n\nof all\n"},
      {"## To do\n\nFirst.\n\n", "\n## To do\nThen\n", "Then\n"},
      {"# A\n\nText\n\n## B\n\n- x\n", "## B\n\n- y\n", "- y\n"},
      {"# A\n\nText\n\n## B\n\n- x\n", "# A\n\n- y\n", "# A\n\n- y\n"},
      {"# A\n", "# A\n\nx\n", "\nx\n"},
      {"# A\n\n", "# A\n\nx\n", "x\n"},
      {"# A\n\n", "# A\nx\n", "x\n"},
      {"## Ste", "## Steps\n\n1. x\n", "ps\n\n1. x\n"},
      {"# A\n\nText\n", "# A", ""},
      {"# A\n\nText\n", "# Ab\n", "# Ab\n"},
      {"# A\n\nText\n", "## A\n", "## A\n"},
      {"#", "# A\n", "# A\n"},
      {"# 第一步：安装\n\n先", "# 第一步：安装\n\n下载\n", "下载\n"},
      // Both, and a comment that looks like one.
      {"## Run\n\n```sh\nmake\n", "## Run\n\n```sh\nmake check\n", "make check\n"},
      {"## Run\n\n```sh\nmake\n", "## Run\nmake check\n", "## Run\nmake check\n"},
      {"```sh\n# Run\nmake\n", "# Run\nmake check\n", "# Run\nmake check\n"},
      {"## Run\n\nmake\n", "## Run\n\nmake it so\n\n", "make it so\n\n"},
      {"## Run\n\nmake it so\n", "## Run\n\nmake it so\nand so on\n", "and so on\n"},
      // Nothing was sent, or nothing comes.
      {"", "x", "x"},
      {"", "# A\n", "# A\n"},
      {"Some words here", "", ""},
  };
  for (const auto& c : cases) {
    if (const char* w = compare(c.sent, c.more, c.told)) return w;
  }
  return nullptr;
}

// White space that the provider was not shown it says again, or does not.
const char* seam_check_unseen() {
  struct {
    string_view sent;
    size_t unseen;
    string_view more, told;
  } cases[] = {
      {"The quick ", 1, " brown fox", "brown fox"},
      {"The quick ", 1, "brown fox", "brown fox"},
      {"The quick ", 1, "\nbrown fox", "\nbrown fox"},
      {"The quick ", 0, " brown fox", " brown fox"},
      {"One.\n\n", 2, "\n\nTwo.", "Two."},
      {"One.\n\n", 2, "\nTwo.", "Two."},
      {"One.\n\n", 2, "\n\n\nTwo.", "\nTwo."},
      {"One.\n\n", 2, "Two.", "Two."},
      {"One.\n\n", 2, "\n", ""},
      {"The quick brown ", 1, "quick brown fox", "fox"},
      {"So:\n```sh\nmake\n\n", 2, "\n\n```sh\nls\n", "ls\n"},
  };
  for (const auto& c : cases) {
    if (const char* w = compare(c.sent, c.more, c.told, c.unseen)) return w;
  }
  return nullptr;
}

// What is held ends, whatever comes.
const char* seam_check_bounds() {
  struct {
    std::string sent, piece;
  } cases[] = {
      {std::string(100000, 'a'), "a"},
      {"# A\n\nText", "\n"},
      {"# A\n\nText", " "},
      {"# " + std::string(5000, 'x') + "\n\nText", "# " + std::string(50, 'x')},
      {"So:\n```" + std::string(399, 'y') + "\nText", "`"},
      {"x" + std::string(100000, ' '), " "},
  };
  for (const auto& c : cases) {
    seam s(c.sent, c.sent.size() - std::min(c.sent.find_last_not_of(" ") + 1, c.sent.size()));
    size_t n = 0;
    for (; !s.settled() && n < 400000; n += c.piece.size()) s.take(c.piece);
    if (n > 110000) return "it never settles";
    if (s.take("more") != "more") return "it holds what is not its own";
    if (!s.end().empty()) return "it tells something twice";
  }
  return nullptr;
}
