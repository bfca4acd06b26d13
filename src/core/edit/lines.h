// Copyright (C) 2026 The f0 authors
//
// lines.h - a text as lines, and changes of lines.

#ifndef F0_CORE_EDIT_LINES_H_
#define F0_CORE_EDIT_LINES_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"

namespace f0::edit {

using line_views = std::vector<string_view>;

enum class eol : uint8_t { none, lf, crlf };

// A file's lines.  Only LF and CRLF end one.
struct text_lines {
  bool bom = false;
  line_views lines;       // without ends, views into the text
  std::vector<eol> ends;  // none only for the last one
  size_t crlf = 0;        // lines that end so
  size_t lf = 0;

  explicit text_lines(string_view text);
  size_t size() const { return lines.size(); }
  string_view major_end() const { return crlf > lf ? "\r\n" : "\n"; }
  bool mixed() const { return crlf > 0 && lf > 0; }
  // A text that is empty is as good as one with a final newline.
  bool final_newline() const { return ends.empty() || ends.back() != eol::none; }
};

// Lines [begin, end) of a text become |text|.
struct change {
  size_t begin = 0;
  size_t end = 0;
  std::vector<std::string> text;
};

// Changes of one text, none within another.
class change_list {
 public:
  // Is a line of [begin, end) replaced or removed by a change?
  bool touched(size_t begin, size_t end) const;
  // False, and nothing done, if |c| runs into another one.
  bool add(change c);
  // By place; what is inserted before a line comes before what replaces it.
  std::vector<const change*> sorted() const;
  bool empty() const { return replaced_.empty() && inserted_.empty(); }
  void clear();
  size_t memory() const noexcept { return bytes_; }

 private:
  std::map<size_t, change> replaced_;       // by begin; these don't overlap
  std::multimap<size_t, change> inserted_;  // of one place in the order of add()
  size_t bytes_ = 0;
};

// The text after the changes: untouched lines keep their bytes, new ones end as
// most lines do, and the final newline is there if it was before.
std::string render(const text_lines& t, const change_list& changes);

// The smallest changes that make |to| of |from|, by lines; |at| is added to
// their places.  Near-linear.
std::vector<change> line_changes(const line_views& from, const line_views& to, size_t at);

// Views of the lines of |s|, each ended by LF.
line_views split_lf(string_view s);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_LINES_H_
