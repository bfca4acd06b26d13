// Copyright (C) 2026 The f0 authors

#include "attempt.h"

#include <algorithm>
#include <set>

#include "../base/text.h"
#include "elision.h"
#include "frame.h"
#include "marker.h"

namespace f0::edit {

namespace {

constexpr size_t max_splits = 16;  // of a block with many dividers

line_views slice(const line_views& v, size_t begin, size_t end) {
  return {v.begin() + static_cast<std::ptrdiff_t>(begin),
          v.begin() + static_cast<std::ptrdiff_t>(end)};
}

size_t written_lines(const line_views& v) {
  return static_cast<size_t>(
      std::count_if(v.begin(), v.end(), [](auto l) { return !is_blank(l); }));
}

bool all_blank(const line_views& v) { return std::all_of(v.begin(), v.end(), is_blank); }

// The refusal of new text that leaves lines out.
std::optional<failure> abbreviated(const line_views& from, const line_views& to,
                                   const line_views& own, string_view path) {
  auto line = abbreviation(from, to, own, path);
  if (!line) return std::nullopt;
  std::string quoted = text::cut_repaired(*line, 100);
  std::replace(quoted.begin(), quoted.end(), '`', '\'');
  return fail(code::malformed, "the line `" + quoted +
                                   "` stands for code that was left out; the new text must be "
                                   "written in full");
}

std::string places_text(const place& p) {
  if (p.all.size() < 2) return {};
  std::string s = " (lines ";
  for (size_t i = 0; i < p.all.size(); i++) {
    if (i > 0) s += i + 1 == p.all.size() ? " and " : ", ";
    s += std::to_string(p.all[i] + 1);
  }
  return s + ")";
}

failure place_failure(const place& p, string_view what) {
  std::string w(what);
  switch (p.what) {
    case place::result::many:
      return fail(code::ambiguous, "the " + w + " fits more than one place" + places_text(p) +
                                       "; it needs more context");
    case place::result::taken:
      return fail(code::overlap, "the " + w +
                                     " needs lines that an earlier edit of this "
                                     "answer has changed");
    case place::result::too_hard:
      return fail(code::too_large, "it takes too long to find the places of its hunks");
    case place::result::exists:
      return fail(code::exists, "the hunk says that the file is empty, and it is not");
    case place::result::counts:
      return fail(code::malformed, "the hunk's header counts old lines, and the hunk has none");
    case place::result::none:
    case place::result::found:
      break;
  }
  return fail(code::not_found, "the " + w + " does not match the file");
}

// The changes that make |to| of |from|, which stands at |p|; nothing: by which
// indentation the new lines go can't be told.
std::optional<std::vector<change>> changes_at(const place& p, const text_lines& text,
                                              const line_views& from, const line_views& to) {
  if (p.how != rung::indent && p.how != rung::fold_indent) {
    return line_changes(from, to, p.line);
  }
  return framed_changes(text.lines, p.line, from, to);
}

failure no_frame(string_view what) {
  return fail(code::not_found, "the " + std::string(what) +
                                   " has another indentation than the file, and its new lines "
                                   "have neither");
}

// Adds all or says no; counts their lines.
bool add_all(change_list& list, std::vector<change> changes, size_t& lines) {
  return std::all_of(changes.begin(), changes.end(), [&](change& c) {
    lines += c.end - c.begin + c.text.size();
    return list.add(std::move(c));
  });
}

std::string joined(const line_views& v, string_view end = "\n") {
  std::string s;
  for (string_view l : v) {
    s += l;
    s += end;
  }
  return s;
}

// Is |pattern| in the file as it is now?
bool is_in(const std::string& now, const line_views& pattern) {
  text_lines t(now);
  matcher m(t);
  return !m.find(pattern, rung::exact).empty() || !m.find(pattern, rung::ws).empty();
}

// Two blocks in one, the first without its end: a divider behind a SEARCH
// marker in the new text.
bool swallows_block(const line_views& fresh) {
  bool open = false;
  for (string_view l : fresh) {
    open = open || read_search_marker(l);
    if (open && is_divider(l)) return true;
  }
  return false;
}

struct split {
  line_views search, replace;
};

// Somebody made this change before: its old text is gone, and its new text
// stands in the file.  One line may stand there by chance, unless the old one
// is known to have been there.  The ladder has not found the old text in |view|.
bool is_done(const file& f, const split& s, const shown_file& view) {
  if (all_blank(s.replace) || s.replace == s.search) return false;
  size_t telling = written_lines(s.replace);
  if (f.now == f.shown) {
    return telling > 1 && !view.match.find(s.replace, rung::exact).empty();
  }
  bool was = f.shown && is_in(*f.shown, s.search);
  return (was || telling > 1) && is_in(*f.now, s.replace) && !is_in(*f.now, s.search);
}

failure done_already() { return fail(code::no_op, "the file already has this change"); }

// A block's lines, and at which of them it may be split: the longest SEARCH
// first, the first divider last.
struct splits {
  line_views lines;
  std::vector<size_t> at;

  explicit splits(const block& b) : lines(split_lf(b.body)) {
    std::vector<size_t> all;
    for (size_t pos = 0, line = 0; line < lines.size() && all.size() < b.dividers.size(); line++) {
      if (pos == b.dividers[all.size()]) all.push_back(line);
      pos += lines[line].size() + 1;
    }
    for (size_t k = 0; k + 1 < std::min(all.size(), max_splits); k++) {
      at.push_back(all[all.size() - 1 - k]);
    }
    if (!all.empty()) at.push_back(all[0]);
  }

  split get(size_t k) const {
    split s{slice(lines, 0, at[k]), slice(lines, at[k] + 1, lines.size())};
    for (line_views* v : {&s.search, &s.replace}) {
      if (!v->empty()) (*v)[0] = without_bom((*v)[0]);
    }
    return s;
  }
};

attempt edit_split(const split& s, const file& f, const shown_file& view) {
  if (s.search.empty() || (view.text.size() == 0 && all_blank(s.search))) {
    if (!all_blank(view.text.lines)) {
      return fail(code::exists, "the file exists and the SEARCH part is empty");
    }
    if (f.touched() && !view.changes.empty()) return wrote_it();
    change_list list;
    list.add({0, view.text.size(), {s.replace.begin(), s.replace.end()}});
    return edited{render(view.text, list), std::move(list), rung::exact, SIZE_MAX};
  }
  place p = find_place(view, s.search, nullptr);
  bool free = p.what == place::result::found || p.what == place::result::many;
  if (!free && is_done(f, s, view)) return done_already();
  if (p.what == place::result::none && f.touched() && is_in(*f.now, s.search)) return wrote_it();
  if (p.what != place::result::found) return place_failure(p, "SEARCH text");
  auto changes = changes_at(p, view.text, s.search, s.replace);
  if (!changes) return no_frame("SEARCH text");
  change_list list = view.changes;
  size_t lines = 0;
  if (!add_all(list, std::move(*changes), lines)) return wrote_it();
  return edited{render(view.text, list), std::move(list), p.how, lines};
}

// What is wrong with a split that fits.
std::optional<failure> bad_split(const split& s, const text_lines& text, const block& b) {
  if (s.search == s.replace) return fail(code::no_op, "SEARCH and REPLACE are the same");
  if (b.unclosed && swallows_block(s.replace) &&
      std::none_of(text.lines.begin(), text.lines.end(),
                   [](string_view l) { return read_search_marker(l).has_value(); })) {
    return fail(code::malformed, "a block begins before the one before it has ended");
  }
  return abbreviated(s.search, s.replace, text.lines, b.path);
}

// A hunk's lines as old and new text, but for the last |drop_tail| ones.
// |whole|: what has neither + nor - is text from its first byte on, since a
// model that leaves the blank of context lines out leaves it out of all.
split parts_of(const hunk& h, size_t drop_tail, bool whole) {
  split s;
  for (size_t i = 0; i + drop_tail < h.lines.size(); i++) {
    const hunk::line& l = h.lines[i];
    string_view text = l.text;
    if (!whole && l.sign == ' ' && l.blank) text.remove_prefix(1);
    if (l.sign != '+') s.search.push_back(without_bom(text));
    if (l.sign != '-') s.replace.push_back(without_bom(text));
  }
  return s;
}

// Where the hunk stands, in one reading of its lines.
place place_of(const hunk& h, const shown_file& view, bool whole, rungs which, split& s) {
  s = parts_of(h, 0, whole);
  place p = find_place(view, s.search, &h, which);
  if (p.what != place::result::none || h.loose_tail == 0) return p;
  // Blank lines without a sign at its end may be none.
  split t = parts_of(h, h.loose_tail, whole);
  if (t.search.empty()) return p;
  place q = find_place(view, t.search, &h, which);
  if (q.what == place::result::none) return p;
  s = std::move(t);
  return q;
}

// By its signs; without them; by its signs and more loosely.
place place_of(const hunk& h, const shown_file& view, split& s) {
  place p = place_of(h, view, false, rungs::strict, s);
  if (p.what != place::result::none) return p;
  bool signs = std::any_of(h.lines.begin(), h.lines.end(),
                           [](const hunk::line& l) { return l.sign == ' ' && l.blank; });
  if (signs) {
    p = place_of(h, view, true, rungs::strict, s);
    if (p.what != place::result::none) return p;
  }
  return place_of(h, view, false, rungs::loose, s);
}

std::optional<failure> edit_hunk(const hunk& h, format form, const file& f, const shown_file& view,
                                 change_list& list, edited& out) {
  split s = parts_of(h, 0, false);
  place p;
  if (s.search.empty()) {
    p = insert_place(view, h, form);
    if (p.what != place::result::found) return place_failure(p, "hunk");
  } else {
    p = place_of(h, view, s);
  }
  if (p.what == place::result::none || p.what == place::result::taken) {
    if (is_done(f, s, view)) return done_already();
  }
  if (p.what == place::result::none) {
    if (f.touched() && is_in(*f.now, s.search)) return wrote_it();
    if (h.unsigned_lines) {
      return fail(code::malformed, "the hunk has lines without a sign and does not match");
    }
  }
  if (p.what != place::result::found) return place_failure(p, "hunk");
  auto changes = changes_at(p, view.text, s.search, s.replace);
  if (!changes) return no_frame("hunk");
  if (!add_all(list, std::move(*changes), out.changed)) return wrote_it();
  out.how = std::max(out.how, p.how);
  return std::nullopt;
}

// The old and the new lines of all hunks.
split parts_of_all(const block& b) {
  split s;
  for (const hunk& h : b.hunks) {
    split one = parts_of(h, 0, false);
    s.search.insert(s.search.end(), one.search.begin(), one.search.end());
    s.replace.insert(s.replace.end(), one.replace.begin(), one.replace.end());
  }
  return s;
}

constexpr size_t kept_whole = 10;  // lines of a file that nobody means to shorten by half

// A part of a sent file, given for all of it.
std::optional<failure> excerpt(const file& f, const line_views& old, const line_views& fresh) {
  size_t before = written_lines(old), after = written_lines(fresh);
  if (!f.sent || before < kept_whole || 2 * after >= before) return std::nullopt;
  std::set<string_view> lines;
  for (string_view l : fresh) {
    if (!is_blank(l)) lines.insert(trim_blanks(l));
  }
  bool some = std::any_of(old.begin(), old.end(),
                          [&](string_view l) { return lines.count(trim_blanks(l)) > 0; });
  if (!some) return std::nullopt;
  return fail(code::malformed,
              std::to_string(before - after) + " of the file's " + std::to_string(before) +
                  " lines are missing; to take lines out, use a SEARCH/REPLACE block or a diff");
}

}  // namespace

string_view without_bom(string_view s) {
  return s.substr(0, 3) == "\xef\xbb\xbf" ? s.substr(3) : s;
}

const failure& wrote_it() {
  static const failure f = {code::overlap,
                            "it needs lines that an earlier edit of this answer wrote"};
  return f;
}

attempt edit_whole(const block& b, const file& f) {
  if (f.in_part) {
    return fail(code::malformed, "the file was not shown whole, so it can't be replaced whole");
  }
  text_lines t(*f.now);
  line_views fresh = split_lf(b.body);
  if (!fresh.empty()) fresh[0] = without_bom(fresh[0]);
  if (auto x = abbreviated(t.lines, fresh, t.lines, f.path)) return *x;
  if (fresh.empty() && t.size() > 0) return fail(code::malformed, "the new file is empty");
  if (auto x = excerpt(f, t.lines, fresh)) return *x;
  if (t.mixed()) {
    change_list list;
    size_t lines = 0;
    add_all(list, line_changes(t.lines, fresh, 0), lines);
    return edited{render(t, list), {}, rung::exact, lines};
  }
  std::string text = t.bom ? "\xef\xbb\xbf" : "";
  text += joined(fresh, t.major_end());
  if (!t.final_newline() && !fresh.empty()) text.resize(text.size() - t.major_end().size());
  return edited{std::move(text), {}, rung::exact, SIZE_MAX};
}

attempt edit_search(const block& b, const file& f, const shown_file& view) {
  splits all(b);
  std::optional<failure> why;
  for (size_t k = 0; k < all.at.size(); k++) {
    split s = all.get(k);
    attempt a = edit_split(s, f, view);
    if (auto* x = std::get_if<failure>(&a)) {
      if (!why || why->why == code::not_found) why = *x;
      bool same = all.at.size() == 1 && s.search == s.replace;
      if (same) return fail(code::no_op, "SEARCH and REPLACE are the same");
      continue;
    }
    if (auto x = bad_split(s, view.text, b)) return *x;
    return a;
  }
  return *why;
}

attempt edit_hunks(const block& b, const file& f, const shown_file& view) {
  if (b.hunks.empty() && b.kind == op::update) {
    return fail(code::malformed, "the patch has no hunks");
  }
  change_list list = view.changes;
  edited e;
  e.changed = 0;
  for (const hunk& h : b.hunks) {
    shown_file now{view.text, view.match, list, view.selected};
    if (auto x = edit_hunk(h, b.form, f, now, list, e)) return *x;
  }
  split all = parts_of_all(b);
  if (auto x = abbreviated(all.search, all.replace, view.text.lines, f.path)) return *x;
  e.text = render(view.text, list);
  e.changes = std::move(list);
  return e;
}

attempt new_text(const block& b) {
  line_views lines;
  if (b.form == format::whole) {
    lines = split_lf(b.body);
  } else if (b.form == format::search_replace) {
    splits all(b);
    lines = all.get(all.at.size() - 1).replace;  // the first divider
    if (b.unclosed && swallows_block(lines)) {
      return fail(code::malformed, "a block begins before the one before it has ended");
    }
  } else {
    for (const hunk& h : b.hunks) {
      for (const hunk::line& l : h.lines) {
        if (l.sign == '-') continue;
        lines.push_back(string_view(l.text).substr(l.sign == ' ' && l.blank ? 1 : 0));
      }
    }
  }
  if (!lines.empty()) lines[0] = without_bom(lines[0]);
  if (auto x = abbreviated({}, lines, {}, b.path)) return *x;
  edited e;
  e.text = joined(lines);
  return e;
}

bool may_create(const block& b) {
  switch (b.form) {
    case format::whole:
      return true;
    case format::search_replace: {
      splits s(b);
      return all_blank(s.get(s.at.size() - 1).search);
    }
    case format::udiff:
      return b.kind == op::update && !b.hunks.empty() &&
             std::all_of(b.hunks.begin(), b.hunks.end(), [](const hunk& h) {
               return std::all_of(h.lines.begin(), h.lines.end(),
                                  [](const hunk::line& l) { return l.sign == '+'; });
             });
    case format::apply_patch:
      break;
  }
  return false;
}

}  // namespace f0::edit
