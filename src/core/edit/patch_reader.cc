// Copyright (C) 2026 The f0 authors

#include "patch_reader.h"

#include <algorithm>

#include "marker.h"
#include "path.h"

namespace f0::edit {

namespace {

bool starts(string_view s, string_view w) { return s.substr(0, w.size()) == w; }

bool number(string_view& s, size_t& n) {
  size_t i = 0;
  n = 0;
  while (i < s.size() && i < 9 && s[i] >= '0' && s[i] <= '9') n = n * 10 + size_t(s[i++] - '0');
  s.remove_prefix(i);
  return i > 0;
}

struct hunk_header {
  bool numbered = false;
  size_t old_start = 0, old_count = 1, new_start = 0, new_count = 1;
  string_view rest;  // behind the second "@@", or all if there are no numbers
};

bool range(string_view& s, char sign, size_t& start, size_t& count) {
  s = s.substr(indent_of(s));
  if (s.empty() || s.front() != sign) return false;
  s.remove_prefix(1);
  if (!number(s, start)) return false;
  count = 1;
  if (!s.empty() && s.front() == ',') {
    s.remove_prefix(1);
    if (!number(s, count)) return false;
  }
  return true;
}

hunk_header read_hunk_header(string_view line) {
  hunk_header h;
  string_view s = line.substr(2);
  string_view t = s;
  if (range(t, '-', h.old_start, h.old_count) && range(t, '+', h.new_start, h.new_count)) {
    t = trim_blanks(t);
    if (starts(t, "@@")) t = trim_blanks(t.substr(2));
    h.numbered = true;
    h.rest = t;
    return h;
  }
  s = trim_blanks(s);
  if (s.size() >= 2 && s.substr(s.size() - 2) == "@@") s = trim_blanks(s.substr(0, s.size() - 2));
  if (starts(s, "...") && s.find_first_not_of(". ,") == string_view::npos) s = {};
  h.rest = s;
  return h;
}

// One line of a hunk's body.
void add_line(hunk& h, string_view s) {
  if (s.empty()) {
    h.lines.push_back({' ', {}});
    h.loose_tail++;
    return;
  }
  if (s[0] == '\\' && starts(s, "\\ No newline")) return;
  h.loose_tail = 0;
  if (s[0] == '+' || s[0] == '-') {
    h.lines.push_back({s[0], std::string(s.substr(1))});
  } else {
    h.lines.push_back({' ', std::string(s), s[0] == ' '});
    h.unsigned_lines = h.unsigned_lines || s[0] != ' ';
  }
}

// Blank lines without a sign at the end of a section are none.
void drop_tail(hunk& h) {
  h.lines.resize(h.lines.size() - h.loose_tail);
  h.loose_tail = 0;
}

bool has_change(const hunk& h) {
  return std::any_of(h.lines.begin(), h.lines.end(),
                     [](const hunk::line& l) { return l.sign != ' '; });
}

bool has_old(const hunk& h) {
  return std::any_of(h.lines.begin(), h.lines.end(),
                     [](const hunk::line& l) { return l.sign != '+'; });
}

void close_hunks(std::vector<hunk>& hunks) {
  if (!hunks.empty()) drop_tail(hunks.back());
  // A hunk of nothing says nothing, nor does one of mere context beside others.
  bool any = std::any_of(hunks.begin(), hunks.end(), has_change);
  std::erase_if(hunks, [&](const hunk& h) { return h.lines.empty() || (any && !has_change(h)); });
}

// Would "--- x" and "+++ y" at |at| and |at| + 1 be the last two lines that the
// counts of the hunk before still expect?
bool counts_expect(const std::vector<std::string>& lines, size_t at) {
  size_t head = at;
  while (head > 0 && !starts(lines[head - 1], "@@")) head--;
  if (head == 0) return false;
  hunk_header h = read_hunk_header(lines[head - 1]);
  if (!h.numbered) return false;
  size_t olds = 0, news = 0;
  for (size_t i = head; i < at; i++) {
    char c = lines[i].empty() ? ' ' : lines[i][0];
    olds += c != '+' && c != '\\';
    news += c != '-' && c != '\\';
  }
  return olds + 1 == h.old_count && news + 1 == h.new_count;
}

}  // namespace

void diff_marks::note(const std::vector<std::string>& lines) {
  for (; seen < lines.size(); seen++) {
    const std::string& s = lines[seen];
    if (first_mark == SIZE_MAX && (starts(s, "@@") || starts(s, "+++ "))) first_mark = seen;
    if (first_text == SIZE_MAX && !is_blank(s)) first_text = seen;
  }
}

size_t next_diff_section(const std::vector<std::string>& lines, diff_marks& marks) {
  size_t n = lines.size();
  marks.note(lines);
  if (n < 2) return 0;
  const std::string& last = lines[n - 1];
  auto any = [&](size_t end) { return marks.first_mark < end; };
  if (starts(last, "diff --git ")) return marks.first_text < n - 1 ? n - 1 : 0;
  if (starts(last, "Index: ")) return any(n - 1) ? n - 1 : 0;
  if (starts(last, "+++ ") && starts(lines[n - 2], "--- ") &&
      (diff_header_path(last.substr(4)) == "/dev/null" ||
       diff_header_path(lines[n - 2].substr(4)) == "/dev/null")) {
    return any(n - 2) ? n - 2 : 0;
  }
  if (n >= 4 && starts(last, "@@") && starts(lines[n - 2], "+++ ") &&
      starts(lines[n - 3], "--- ") && any(n - 3) && !counts_expect(lines, n - 3)) {
    return n - 3;
  }
  return 0;
}

namespace {

// What the header lines of a section say.
struct diff_head {
  std::string old_path, new_path;  // of --- and +++
  bool old_given = false, new_given = false;
  std::string git_old, git_new;
  std::string from, to;
  bool created = false, deleted = false, binary = false, copied = false;
  bool prefixed = false;  // "--- a/..." and "+++ b/..."
};

// "a/X b/Y" of "diff --git": equal names first, then the blank that splits.
void read_git_line(string_view s, diff_head& h) {
  s = trim_blanks(s);
  if (!s.empty() && s.front() == '"') {
    size_t end = 1;
    while (end < s.size() && s[end] != '"') end += s[end] == '\\' ? 2 : 1;
    h.git_old = diff_header_path(s.substr(0, end + 1));
    h.git_new = end + 1 < s.size() ? diff_header_path(s.substr(end + 1)) : h.git_old;
    return;
  }
  size_t half = s.size() / 2;
  if (s.size() % 2 == 1 && s[half] == ' ' && s.size() > 4 &&
      s.substr(s.find('/') + 1, half - s.find('/') - 1) ==
          s.substr(half + 1).substr(s.substr(half + 1).find('/') + 1)) {
    h.git_old = std::string(s.substr(0, half));
    h.git_new = std::string(s.substr(half + 1));
    return;
  }
  size_t at = s.find(" b/");
  if (at == string_view::npos) at = s.find(' ');
  if (at == string_view::npos) return;
  h.git_old = std::string(s.substr(0, at));
  h.git_new = diff_header_path(s.substr(at + 1));
}

void read_head_line(string_view s, diff_head& h) {
  if (starts(s, "diff --git ")) {
    read_git_line(s.substr(11), h);
  } else if (starts(s, "new file mode")) {
    h.created = true;
  } else if (starts(s, "deleted file mode")) {
    h.deleted = true;
  } else if (starts(s, "rename from ")) {
    h.from = diff_header_path(s.substr(12));
  } else if (starts(s, "rename to ")) {
    h.to = diff_header_path(s.substr(10));
  } else if (starts(s, "copy from ") || starts(s, "copy to ")) {
    h.copied = true;
  } else if (starts(s, "Binary files") || starts(s, "GIT binary patch")) {
    h.binary = true;
  }
}

bool has_prefix(string_view p, char c) { return p.size() > 2 && p[0] == c && p[1] == '/'; }

// "a/X" and "b/Y" without the prefixes; a name without them stays as it is.
void strip_prefixes(std::string& a, std::string& b, const path_set& known) {
  bool a_null = a.empty() || a == "/dev/null", b_null = b.empty() || b == "/dev/null";
  bool ok = (a_null || has_prefix(a, 'a')) && (b_null || has_prefix(b, 'b'));
  if (!ok || (a_null && b_null)) return;
  auto is = [&](const std::string& p) { return known.find(p) != nullptr; };
  // A folder that really is called "a" or "b".
  if (a_null && is(b) && !is(b.substr(2))) return;
  if (b_null && is(a) && !is(a.substr(2))) return;
  if (!a_null) a.erase(0, 2);
  if (!b_null) b.erase(0, 2);
}

// The file, and what happens to it, by all headers together.
bool settle_head(diff_head& h, const path_set& known, block& b) {
  if (h.binary || h.copied) return false;
  h.prefixed = has_prefix(h.old_path, 'a') && has_prefix(h.new_path, 'b');
  strip_prefixes(h.git_old, h.git_new, known);
  if (h.old_given || h.new_given) strip_prefixes(h.old_path, h.new_path, known);
  bool from_null = h.old_given && h.old_path == "/dev/null";
  bool to_null = h.new_given && h.new_path == "/dev/null";
  if (from_null && to_null) return false;
  std::string before = h.old_given && !from_null ? h.old_path : h.git_old;
  std::string after = h.new_given && !to_null ? h.new_path : h.git_new;
  if (!h.from.empty()) before = h.from;
  if (!h.to.empty()) after = h.to;
  before = known.meant(before);
  after = known.meant(after);
  if (from_null || h.created) {
    b.kind = op::create;
    b.path = after.empty() ? before : after;
  } else if (to_null || h.deleted) {
    b.kind = op::remove;
    b.path = before.empty() ? after : before;
  } else if (!before.empty() && !after.empty() && before != after) {
    // Without git's words and prefixes two names are mere labels.
    bool labels = h.from.empty() && h.git_old.empty() && !h.prefixed;
    bool held = known.find(after) != nullptr && h.from.empty();
    bool rename = !labels && !held;
    bool first = rename || (!held && known.find(before) != nullptr);
    b.kind = rename ? op::rename : op::update;
    b.path = first ? before : after;
    if (rename) b.to = after;
  } else {
    b.kind = op::update;
    b.path = after.empty() ? before : after;
  }
  return true;
}

}  // namespace

bool read_diff_section(const std::vector<std::string>& lines, const path_set& known, block& b) {
  diff_head head;
  bool in_hunk = false;
  b.form = format::udiff;
  for (size_t i = 0; i < lines.size(); i++) {
    string_view s = lines[i];
    if (starts(s, "@@")) {
      hunk_header hh = read_hunk_header(s);
      hunk h;
      h.numbered = hh.numbered;
      h.old_start = hh.old_start;
      h.old_count = hh.old_count;
      if (!hh.numbered && !hh.rest.empty()) h.anchors.emplace_back(hh.rest);
      b.hunks.push_back(std::move(h));
      in_hunk = true;
    } else if (in_hunk) {
      add_line(b.hunks.back(), s);
    } else if (starts(s, "--- ") && i + 1 < lines.size() && starts(lines[i + 1], "+++ ")) {
      head.old_path = diff_header_path(s.substr(4));
      head.new_path = diff_header_path(string_view(lines[i + 1]).substr(4));
      head.old_given = head.new_given = true;
      i++;
      // Hunks may follow without "@@".
      if (i + 1 < lines.size() && !starts(lines[i + 1], "@@") && !is_blank(lines[i + 1])) {
        b.hunks.emplace_back();
        in_hunk = true;
      }
    } else if (!head.old_given && !s.empty() && (s[0] == '+' || s[0] == '-' || s[0] == ' ')) {
      b.hunks.emplace_back();  // no header at all
      in_hunk = true;
      add_line(b.hunks.back(), s);
    } else {
      read_head_line(s, head);
    }
  }
  close_hunks(b.hunks);
  // In a diff the text behind "@@" says where only if nothing else does.
  for (hunk& h : b.hunks) {
    if (has_old(h)) h.anchors.clear();
  }
  if (!settle_head(head, known, b)) return false;
  return !b.hunks.empty() || b.kind != op::update;
}

bool read_update_section(const std::vector<std::string>& lines, block& b) {
  b.form = format::apply_patch;
  bool open = false;   // a chunk has lines
  bool ended = false;  // *** End of File was seen
  for (const std::string& line : lines) {
    string_view s = line;
    if (starts(s, "@@")) {
      hunk_header hh = read_hunk_header(s);
      if (b.hunks.empty() || !b.hunks.back().lines.empty() || ended) b.hunks.emplace_back();
      hunk& h = b.hunks.back();
      if (hh.numbered) {
        h.numbered = true;
        h.old_start = hh.old_start;
        h.old_count = hh.old_count;
      }
      if (!hh.rest.empty()) h.anchors.emplace_back(hh.rest);
      open = true;
      ended = false;
    } else if (trim_right(s) == "*** End of File") {
      if (b.hunks.empty()) return false;
      drop_tail(b.hunks.back());
      b.hunks.back().at_end = true;
      ended = true;
    } else if (starts(s, "*** ") || starts(s, "***\t")) {
      return false;
    } else if (ended) {
      if (!s.empty()) return false;
    } else {
      if (!open) {
        if (s.empty()) continue;
        b.hunks.emplace_back();
        open = true;
      }
      add_line(b.hunks.back(), s);
    }
  }
  close_hunks(b.hunks);
  return !b.hunks.empty() || b.kind == op::rename;
}

bool read_add_section(const std::vector<std::string>& lines, block& b) {
  b.form = format::apply_patch;
  b.kind = op::create;
  hunk h;
  for (const std::string& line : lines) {
    if (line.empty()) {
      h.lines.push_back({'+', {}});
      h.loose_tail++;
      continue;
    }
    if (line[0] != '+') return false;
    h.loose_tail = 0;
    h.lines.push_back({'+', line.substr(1)});
  }
  drop_tail(h);
  if (!h.lines.empty()) b.hunks.push_back(std::move(h));
  return true;
}

}  // namespace f0::edit
