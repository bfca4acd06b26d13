// Copyright (C) 2026 The f0 authors
//
// Diffs by libgit2 (its xdiff gives up minimality before it gets slow), the
// headers by ourselves: git_patch_from_buffers() knows no renames.

#include "diff.h"

#include <git2.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <new>

#include "edit.h"
#include "path.h"

namespace f0::edit {

namespace {

constexpr uint32_t context = 3;
// xdiff takes some microseconds a line at worst, and more of more lines: more
// lines than these (of a few bytes each, that is) become one change, unless
// they are known to be nearly the same.
constexpr size_t max_diffed = 80'000;
constexpr size_t few_changed = 30'000;

git_diff_options options(uint32_t context) {
  git_diff_options o;
  git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION);
  o.flags = GIT_DIFF_FORCE_TEXT;
  o.context_lines = context;
  o.interhunk_lines = 0;
  return o;
}

struct ranges_out {
  std::vector<line_range> ranges;
  bool full = false;  // out of memory
};

// C calls this: nothing may be thrown through it.
int on_hunk(const git_diff_delta*, const git_diff_hunk* h, void* data) {
  auto* out = static_cast<ranges_out*>(data);
  line_range r;
  r.old_count = static_cast<size_t>(h->old_lines);
  r.new_count = static_cast<size_t>(h->new_lines);
  // Of an empty side git names the line before.
  r.old_begin = static_cast<size_t>(h->old_start) - (r.old_count > 0 ? 1 : 0);
  r.new_begin = static_cast<size_t>(h->new_start) - (r.new_count > 0 ? 1 : 0);
  try {
    out->ranges.push_back(r);
  } catch (const std::bad_alloc&) {
    out->full = true;
    return -1;
  }
  return 0;
}

struct text_out {
  std::string text;
  size_t lines_before = 0;  // of the window that libgit2 sees
  size_t leading = 0;       // context lines before the first change
  size_t trailing = 0;      // context lines behind the last one
  bool changed = false;
  bool full = false;

  void count(char origin) {
    if (origin == GIT_DIFF_LINE_CONTEXT) {
      changed ? trailing++ : leading++;
    } else if (origin == GIT_DIFF_LINE_ADDITION || origin == GIT_DIFF_LINE_DELETION) {
      changed = true;
      trailing = 0;
    }
  }
};

// "@@ -1,2 +3,4 @@"; a count of one is left out, as git does.
std::string hunk_header(const git_diff_hunk& h, size_t lines_before) {
  auto range = [&](int start, int count) {
    size_t at = static_cast<size_t>(start) + lines_before;
    return std::to_string(at) + (count == 1 ? "" : "," + std::to_string(count));
  };
  return "@@ -" + range(h.old_start, h.old_lines) + " +" + range(h.new_start, h.new_lines) +
         " @@\n";
}

int on_line(const git_diff_delta*, const git_diff_hunk* h, const git_diff_line* l, void* data) {
  auto* out = static_cast<text_out*>(data);
  if (l->origin == GIT_DIFF_LINE_FILE_HDR || l->origin == GIT_DIFF_LINE_BINARY) return 0;
  out->count(l->origin);
  try {
    if (l->origin == GIT_DIFF_LINE_HUNK_HDR) {
      out->text += hunk_header(*h, out->lines_before);
      return 0;
    }
    if (l->origin == GIT_DIFF_LINE_CONTEXT || l->origin == GIT_DIFF_LINE_ADDITION ||
        l->origin == GIT_DIFF_LINE_DELETION) {
      out->text += l->origin;
    }
    out->text.append(l->content, l->content_len);
  } catch (const std::bad_alloc&) {
    out->full = true;
    return -1;
  }
  return 0;
}

std::string join(const line_views& v, size_t at, size_t n) {
  std::string s;
  for (size_t i = at; i < at + n; i++) {
    s += v[i];
    s += '\n';
  }
  return s;
}

// Bytes at the end of |a| and |b| that are whole equal lines.
size_t equal_tail(string_view a, string_view b) {
  size_t n = 0, m = std::min(a.size(), b.size()), whole = 0;
  while (n < m && a[a.size() - 1 - n] == b[b.size() - 1 - n]) {
    if (n > 0 && a[a.size() - 1 - n] == '\n') whole = n;
    n++;
  }
  return n == a.size() && n == b.size() ? n : whole;
}

// Where the last |n| lines of |s| begin; all lines of |s| are ended.
size_t last_lines(string_view s, size_t n) {
  size_t at = s.size();
  for (; n > 0 && at > 0; n--) {
    size_t nl = at < 2 ? string_view::npos : s.rfind('\n', at - 2);
    at = nl == string_view::npos ? 0 : nl + 1;
  }
  return at;
}

// Where the first |n| lines of |s| end.
size_t first_lines(string_view s, size_t n) {
  size_t at = 0;
  for (; n > 0 && at < s.size(); n--) {
    size_t nl = s.find('\n', at);
    at = nl == string_view::npos ? s.size() : nl + 1;
  }
  return at;
}

text_out print_patch(string_view a, string_view b, size_t lines_before) {
  text_out out;
  out.lines_before = lines_before;
  git_diff_options o = options(context);
  git_patch* patch = nullptr;
  int rc = git_patch_from_buffers(&patch, a.data(), a.size(), "f", b.data(), b.size(), "f", &o);
  if (rc == 0) rc = git_patch_print(patch, on_line, &out);
  git_patch_free(patch);
  if (rc != 0 || (out.text.empty() && a != b)) throw std::bad_alloc();
  return out;
}

void print_lines(std::string& out, char sign, string_view s) {
  while (!s.empty()) {
    size_t end = std::min(s.find('\n'), s.size() - 1) + 1;
    out += sign;
    out += s.substr(0, end);
    if (out.back() != '\n') out += "\n\\ No newline at end of file\n";
    s.remove_prefix(end);
  }
}

size_t count_lines(string_view s) {
  auto n = static_cast<size_t>(std::count(s.begin(), s.end(), '\n'));
  return n + (!s.empty() && s.back() != '\n');
}

// One hunk that takes all of |a| for all of |b|, between |lead| and |trail|.
std::string print_exchange(string_view lead, string_view a, string_view b, string_view trail,
                           size_t lines_before) {
  size_t around = count_lines(lead) + count_lines(trail);
  git_diff_hunk h = {};
  h.old_lines = static_cast<int>(count_lines(a) + around);
  h.new_lines = static_cast<int>(count_lines(b) + around);
  h.old_start = h.old_lines > 0;
  h.new_start = h.new_lines > 0;
  std::string out = hunk_header(h, lines_before);
  print_lines(out, ' ', lead);
  print_lines(out, '-', a);
  print_lines(out, '+', b);
  print_lines(out, ' ', trail);
  return out;
}

// libgit2 sees only what lies between the first and the last difference and
// some lines around: time goes with the size of the edit, not of the file.  If
// it slides a change to the edge of that window, the window is too small.
std::string hunks_of(string_view before, string_view after, size_t changed) {
  start_library();
  size_t head = 0, m = std::min(before.size(), after.size());
  while (head < m && before[head] == after[head]) head++;
  while (head > 0 && before[head - 1] != '\n') head--;
  size_t tail = equal_tail(before.substr(head), after.substr(head));
  string_view equal = before.substr(before.size() - tail);
  string_view old_part = before.substr(head, before.size() - head - tail);
  string_view new_part = after.substr(head, after.size() - head - tail);
  bool large = changed > few_changed && count_lines(old_part) + count_lines(new_part) > max_diffed;
  for (size_t around : {size_t{context}, size_t{100}, SIZE_MAX}) {
    size_t from = last_lines(before.substr(0, head), around);
    size_t more = first_lines(equal, around);
    auto lines =
        std::count(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(from), '\n');
    if (large) {
      return print_exchange(before.substr(from, head - from), old_part, new_part,
                            equal.substr(0, more), static_cast<size_t>(lines));
    }
    text_out out = print_patch(before.substr(from, before.size() - from - tail + more),
                               after.substr(from, after.size() - from - tail + more),
                               static_cast<size_t>(lines));
    bool good = (from == 0 || out.leading >= context) && (more == tail || out.trailing >= context);
    if (good) return out.text;
  }
  return {};
}

// As git writes it: quoted if it must be.
std::string quoted(string_view prefix, string_view path) {
  std::string s(prefix);
  bool odd = false;
  for (char c : path) {
    auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      s += '\\';
      s += c;
      odd = true;
    } else if (u < 0x20 || u == 0x7f) {
      s += {'\\', static_cast<char>('0' + u / 64), static_cast<char>('0' + u / 8 % 8),
            static_cast<char>('0' + u % 8)};
      odd = true;
    } else {
      s += c;
    }
  }
  return odd ? "\"" + s + "\"" : s;
}

// "--- a/x": a name with a blank is ended by a tab.
std::string name_line(string_view sign, string_view prefix, string_view path) {
  std::string s(sign);
  s += quoted(prefix, path);
  if (path.find(' ') != string_view::npos) s += '\t';
  return s + "\n";
}

}  // namespace

// Once for the process.
void start_library() {
  static const int done = git_libgit2_init();
  static_cast<void>(done);
}

std::vector<line_range> diff_ranges(const line_views& from, const line_views& to, size_t old_at,
                                    size_t olds, size_t new_at, size_t news) {
  if (olds + news > max_diffed) return {{old_at, olds, new_at, news}};
  start_library();
  std::string a = join(from, old_at, olds), b = join(to, new_at, news);
  git_diff_options o = options(0);
  ranges_out out;
  int rc = git_diff_buffers(a.data(), a.size(), "f", b.data(), b.size(), "f", &o, nullptr, nullptr,
                            on_hunk, nullptr, &out);
  // Not each allocation that fails in there is told.
  if (rc != 0 || (out.ranges.empty() && a != b)) throw std::bad_alloc();
  for (line_range& r : out.ranges) {
    r.old_begin += old_at;
    r.new_begin += new_at;
  }
  return std::move(out.ranges);
}

std::string make_diff(string_view path, std::optional<string_view> before,
                      std::optional<string_view> after, string_view to, size_t changed) {
  string_view target = to.empty() ? path : to;
  std::string s = "diff --git " + quoted("a/", path) + " " + quoted("b/", target) + "\n";
  if (!before) s += "new file mode 100644\n";
  if (!after) s += "deleted file mode 100644\n";
  bool same = before && after && *before == *after;
  if (!to.empty()) {
    s += same ? "similarity index 100%\n" : "similarity index 90%\n";
    s += "rename from " + quoted("", path) + "\nrename to " + quoted("", to) + "\n";
  }
  std::string hunks =
      same ? std::string()
           : hunks_of(before.value_or(string_view("")), after.value_or(string_view("")), changed);
  if (hunks.empty()) return s;
  s += before ? name_line("--- ", "a/", path) : "--- /dev/null\n";
  s += after ? name_line("+++ ", "b/", target) : "+++ /dev/null\n";
  return s + hunks;
}

std::string sha256_hex(string_view data) {
  unsigned char md[EVP_MAX_MD_SIZE];
  unsigned int n = 0;
  if (EVP_Digest(data.data(), data.size(), md, &n, EVP_sha256(), nullptr) != 1) {
    ERR_clear_error();  // or the host's TLS would find it
    throw std::bad_alloc();
  }
  std::string out;
  for (unsigned int i = 0; i < n; i++) {
    out += "0123456789abcdef"[md[i] >> 4];
    out += "0123456789abcdef"[md[i] & 15];
  }
  return out;
}

}  // namespace f0::edit
