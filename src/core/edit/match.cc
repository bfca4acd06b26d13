// Copyright (C) 2026 The f0 authors

#include "match.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "marker.h"

namespace f0::edit {

namespace {

constexpr uint64_t blank_hash = 0x9e3779b97f4a7c15u;
constexpr size_t direct_searches = 4;  // before it pays to sort the lines
constexpr size_t max_rare = 64;        // lines among which the rarest is sought
constexpr size_t kept_lines = 50'000;  // of a file whose loose rungs are kept

uint64_t mix(uint64_t a, uint64_t b) {
  a ^= b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2);
  return a * 0xff51afd7ed558ccdu;
}

uint64_t hash(string_view s) { return std::hash<string_view>()(s); }

bool indented(rung r) { return r == rung::indent || r == rung::fold_indent; }
bool folded(rung r) { return r == rung::fold || r == rung::fold_indent; }

// Knuth-Morris-Pratt: all places of |pattern| in |text|.
std::vector<size_t> find_all(const std::vector<uint64_t>& text, const uint64_t* pattern, size_t m) {
  std::vector<size_t> out;
  if (m == 0 || m > text.size()) return out;
  std::vector<uint32_t> fail(m, 0);
  for (size_t i = 1, k = 0; i < m; i++) {
    while (k > 0 && pattern[i] != pattern[k]) k = fail[k - 1];
    if (pattern[i] == pattern[k]) k++;
    fail[i] = static_cast<uint32_t>(k);
  }
  for (size_t i = 0, k = 0; i < text.size(); i++) {
    while (k > 0 && (k == m || text[i] != pattern[k])) k = fail[k - 1];
    if (text[i] == pattern[k]) k++;
    if (k == m) out.push_back(i + 1 - m);
  }
  return out;
}

// What of |a| and |b| stands behind their common beginning.
uint64_t hash_step(string_view a, string_view b) {
  size_t n = 0, m = std::min(a.size(), b.size());
  while (n < m && a[n] == b[n]) n++;
  return mix(hash(a.substr(n)), hash(b.substr(n)));
}

}  // namespace

string_view rung_word(rung r) noexcept {
  switch (r) {
    case rung::exact:
      return "exact";
    case rung::ws:
      return "ws";
    case rung::indent:
      return "indent";
    case rung::fold:
    case rung::fold_indent:
      break;
  }
  return "fold";
}

std::string fold(string_view line) {
  static constexpr struct {
    string_view from, to;
  } folds[] = {
      {"\xe2\x80\x98", "'"},   {"\xe2\x80\x99", "'"},  {"\xe2\x80\x9a", "'"},
      {"\xe2\x80\x9b", "'"},   {"\xe2\x80\x9c", "\""}, {"\xe2\x80\x9d", "\""},
      {"\xe2\x80\x9e", "\""},  {"\xe2\x80\x9f", "\""}, {"\xe2\x80\x90", "-"},
      {"\xe2\x80\x91", "-"},   {"\xe2\x80\x92", "-"},  {"\xe2\x80\x93", "-"},
      {"\xe2\x80\x94", "-"},   {"\xe2\x80\x95", "-"},  {"\xe2\x88\x92", "-"},
      {"\xe2\x80\xa6", "..."}, {"\xe2\x80\xaf", " "},  {"\xe2\x81\x9f", " "},
      {"\xe3\x80\x80", " "},
  };
  std::string out;
  for (size_t i = 0; i < line.size();) {
    auto c = static_cast<unsigned char>(line[i]);
    if (c < 0x80) {
      out += line[i++];
      continue;
    }
    if (line.substr(i, 2) == "\xc2\xa0") {  // no-break space
      out += ' ';
      i += 2;
      continue;
    }
    string_view three = line.substr(i, 3);
    // U+2002..200A, blanks of all widths
    if (three.size() == 3 && three.substr(0, 2) == "\xe2\x80" && three[2] >= '\x82' &&
        three[2] <= '\x8a') {
      out += ' ';
      i += 3;
      continue;
    }
    auto f = std::find_if(std::begin(folds), std::end(folds),
                          [&](const auto& x) { return x.from == three; });
    if (f == std::end(folds)) {
      out += line[i++];
    } else {
      out += f->to;
      i += 3;
    }
  }
  out.resize(trim_right(out).size());
  return out;
}

matcher::hashes matcher::hash_lines(const line_views& lines, rung r) {
  hashes h;
  h.whole.reserve(lines.size());
  if (indented(r)) h.step.reserve(lines.size());
  std::string folded_line, indent;
  bool first = true;
  for (string_view s : lines) {
    if (folded(r)) {
      folded_line = fold(s);
      s = folded_line;
    }
    if (r == rung::exact) {
      h.whole.push_back(hash(s));
      continue;
    }
    s = trim_right(s);
    if (!indented(r)) {
      h.whole.push_back(hash(s));
      continue;
    }
    if (s.empty()) {
      h.whole.push_back(blank_hash);
      h.step.push_back(blank_hash);
      continue;
    }
    string_view in = s.substr(0, indent_of(s));
    uint64_t text = hash(s.substr(in.size()));
    h.whole.push_back(text);
    h.step.push_back(first ? text : mix(text, hash_step(indent, in)));
    indent = in;
    first = false;
  }
  return h;
}

matcher::rung_cache& matcher::of_file(rung r) {
  auto& slot = cache_[static_cast<size_t>(r)];
  if (!slot) {
    slot = rung_cache();
    slot->of = hash_lines(file_.lines, r);
    work_ += 8 * file_.size();
  }
  return *slot;
}

void matcher::reset() {
  work_ = 0;
  if (file_.size() <= kept_lines) return;
  for (size_t i = 1; i < cache_.size(); i++) cache_[i].reset();
}

std::optional<std::vector<size_t>> matcher::candidates(const hashes& p, rung_cache& f) {
  if (++f.searches <= direct_searches) return std::nullopt;
  const std::vector<uint64_t>& h = f.of.whole;
  if (f.order.empty()) {
    f.order.resize(h.size());
    std::iota(f.order.begin(), f.order.end(), 0u);
    std::sort(f.order.begin(), f.order.end(),
              [&](uint32_t a, uint32_t b) { return h[a] != h[b] ? h[a] < h[b] : a < b; });
    work_ += 32 * h.size();
  }
  auto less = [&](uint32_t line, uint64_t x) { return h[line] < x; };
  auto more = [&](uint64_t x, uint32_t line) { return x < h[line]; };
  size_t few = h.size() + 1, where = 0;
  auto from = f.order.begin();
  for (size_t i = 0; i < p.whole.size() && i < max_rare; i++) {
    if (p.whole[i] == blank_hash) continue;
    auto lo = std::lower_bound(f.order.begin(), f.order.end(), p.whole[i], less);
    auto hi = std::upper_bound(lo, f.order.end(), p.whole[i], more);
    auto n = static_cast<size_t>(hi - lo);
    work_ += 40;
    if (n >= few) continue;
    few = n;
    where = i;
    from = lo;
    if (few == 0) break;
  }
  if (few * p.whole.size() > h.size()) return std::nullopt;
  work_ += few * p.whole.size();
  std::vector<size_t> out;
  for (size_t k = 0; k < few; k++) {
    size_t line = from[static_cast<std::ptrdiff_t>(k)];
    if (line >= where) out.push_back(line - where);
  }
  return out;
}

bool matcher::fits(const hashes& p, const line_views& pattern, const rung_cache& f, rung r,
                   size_t line) const {
  size_t m = pattern.size();
  if (line > file_.size() || m > file_.size() - line) return false;
  auto at = static_cast<std::ptrdiff_t>(line);
  if (!indented(r)) return std::equal(p.whole.begin(), p.whole.end(), f.of.whole.begin() + at);
  if (!std::equal(p.whole.begin(), p.whole.end(), f.of.whole.begin() + at)) return false;
  size_t lead = 0;
  while (lead < m && p.whole[lead] == blank_hash) lead++;
  if (lead == m) return false;
  auto first = static_cast<std::ptrdiff_t>(lead) + 1;
  return std::equal(p.step.begin() + first, p.step.end(), f.of.step.begin() + at + first) &&
         shift_between(file_.lines[line + lead], pattern[lead]).has_value();
}

bool matcher::same(const line_views& pattern, rung r, size_t line) const {
  if (line > file_.size() || pattern.size() > file_.size() - line) return false;
  for (size_t i = 0; i < pattern.size(); i++) {
    string_view a = file_.lines[line + i], b = pattern[i];
    if (a == b) continue;
    if (r == rung::exact) return false;
    std::string left(a), right(b);
    if (folded(r)) {
      left = fold(a);
      right = fold(b);
    }
    a = trim_right(left);
    b = trim_right(right);
    if (indented(r)) {
      a.remove_prefix(indent_of(a));
      b.remove_prefix(indent_of(b));
    }
    if (a != b) return false;
  }
  return true;
}

bool matcher::fits(const line_views& pattern, rung r, size_t line) {
  if (pattern.size() > file_.size()) return false;
  work_ += 8 * pattern.size();
  return fits(hash_lines(pattern, r), pattern, of_file(r), r, line);
}

std::vector<size_t> matcher::find(const line_views& pattern, rung r) {
  if (pattern.size() > file_.size()) return {};
  hashes p = hash_lines(pattern, r);
  rung_cache& f = of_file(r);
  work_ += 8 * pattern.size();
  if (auto few = candidates(p, f)) {
    std::erase_if(*few, [&](size_t line) { return !fits(p, pattern, f, r, line); });
    return *few;
  }
  work_ += 2 * file_.size();
  if (!indented(r)) return find_all(f.of.whole, p.whole.data(), p.whole.size());
  return find_shifted(pattern, p, f.of);
}

// Behind the first line that isn't blank the steps must be equal: they don't
// change if all lines are shifted alike.  What stands before is checked apart.
std::vector<size_t> matcher::find_shifted(const line_views& pattern, const hashes& p,
                                          const hashes& f) const {
  size_t m = pattern.size(), n = file_.size(), lead = 0;
  while (lead < m && p.whole[lead] == blank_hash) lead++;
  if (lead == m) return {};
  std::vector<size_t> found;
  if (lead + 1 == m) {
    found = find_all(f.whole, p.whole.data() + lead, 1);
  } else {
    found = find_all(f.step, p.step.data() + lead + 1, m - lead - 1);
    for (size_t& i : found) i--;  // may wrap: checked below
  }
  std::vector<size_t> blanks(n + 1, 0);  // run of blank lines that ends before i
  for (size_t i = 0; i < n; i++) blanks[i + 1] = f.whole[i] == blank_hash ? blanks[i] + 1 : 0;
  std::vector<size_t> out;
  for (size_t i : found) {
    if (i >= n || f.whole[i] != p.whole[lead] || blanks[i] < lead) continue;
    if (shift_between(file_.lines[i], pattern[lead])) out.push_back(i - lead);
  }
  return out;
}

std::vector<size_t> matcher::anchors(string_view s) {
  work_ += 8 * file_.size();
  std::vector<size_t> equal, begins;
  s = trim_blanks(s);
  if (s.empty()) return equal;
  for (size_t i = 0; i < file_.size(); i++) {
    string_view l = trim_blanks(file_.lines[i]);
    if (l == s) {
      equal.push_back(i);
    } else if (l.substr(0, s.size()) == s) {
      begins.push_back(i);
    }
  }
  return equal.empty() ? begins : equal;
}

std::string shift::apply(string_view line) const {
  if (is_blank(line)) return std::string(line);
  size_t n = 0;
  while (n < drop.size() && n < line.size() && line[n] == drop[n]) n++;
  return add + std::string(line.substr(n));
}

std::optional<shift> shift_between(string_view file_line, string_view block_line) {
  string_view a = file_line.substr(0, indent_of(file_line));
  string_view b = block_line.substr(0, indent_of(block_line));
  auto ends_with = [](string_view s, string_view t) {
    return s.size() >= t.size() && s.substr(s.size() - t.size()) == t;
  };
  if (ends_with(a, b)) return shift{std::string(a.substr(0, a.size() - b.size())), {}};
  if (ends_with(b, a)) return shift{{}, std::string(b.substr(0, b.size() - a.size()))};
  return std::nullopt;
}

}  // namespace f0::edit
