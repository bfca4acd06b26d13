// Copyright (C) 2026 The f0 authors

#include "lines.h"

#include <algorithm>
#include <iterator>

#include "diff.h"

namespace f0::edit {

text_lines::text_lines(string_view text) {
  if (text.substr(0, 3) == "\xef\xbb\xbf") {
    bom = true;
    text.remove_prefix(3);
  }
  while (!text.empty()) {
    size_t nl = text.find('\n');
    if (nl == string_view::npos) {
      lines.push_back(text);
      ends.push_back(eol::none);
      return;
    }
    bool cr = nl > 0 && text[nl - 1] == '\r';
    lines.push_back(text.substr(0, cr ? nl - 1 : nl));
    ends.push_back(cr ? eol::crlf : eol::lf);
    cr ? crlf++ : lf++;
    text.remove_prefix(nl + 1);
  }
}

bool change_list::touched(size_t begin, size_t end) const {
  auto it = replaced_.lower_bound(end);
  return it != replaced_.begin() && std::prev(it)->second.end > begin;
}

bool change_list::add(change c) {
  size_t bytes = sizeof(change);
  for (const std::string& s : c.text) bytes += s.size() + sizeof(std::string);
  if (c.begin == c.end) {
    auto it = replaced_.lower_bound(c.begin);
    if (it != replaced_.begin() && std::prev(it)->second.end > c.begin) return false;
    inserted_.emplace(c.begin, std::move(c));
    bytes_ += bytes;
    return true;
  }
  if (touched(c.begin, c.end)) return false;
  auto within = inserted_.upper_bound(c.begin);
  if (within != inserted_.end() && within->first < c.end) return false;
  replaced_.emplace(c.begin, std::move(c));
  bytes_ += bytes;
  return true;
}

std::vector<const change*> change_list::sorted() const {
  std::vector<const change*> out;
  out.reserve(replaced_.size() + inserted_.size());
  auto r = replaced_.begin();
  for (const auto& [at, c] : inserted_) {
    for (; r != replaced_.end() && r->first < at; ++r) out.push_back(&r->second);
    out.push_back(&c);
  }
  for (; r != replaced_.end(); ++r) out.push_back(&r->second);
  return out;
}

void change_list::clear() {
  replaced_.clear();
  inserted_.clear();
  bytes_ = 0;
}

std::string render(const text_lines& t, const change_list& changes) {
  string_view end = t.major_end();
  std::string out = t.bom ? "\xef\xbb\xbf" : "";
  size_t at = 0, last_end = 0;
  auto end_of = [&](size_t i) -> size_t {
    return t.ends[i] == eol::crlf ? 2 : t.ends[i] == eol::lf;
  };
  // Lines that nobody touched are one stretch of the text.
  auto keep = [&](size_t until) {
    if (at >= until) return;
    const char* from = t.lines[at].data();
    const char* to = t.lines[until - 1].data() + t.lines[until - 1].size() + end_of(until - 1);
    out.append(from, to);
    last_end = end_of(until - 1);
    if (last_end == 0) {
      out += end;
      last_end = end.size();
    }
    at = until;
  };
  for (const change* c : changes.sorted()) {
    keep(c->begin);
    for (const std::string& s : c->text) {
      out += s;
      out += end;
      last_end = end.size();
    }
    at = std::max(at, c->end);
  }
  keep(t.size());
  if (!t.final_newline()) out.resize(out.size() - last_end);
  return out;
}

std::vector<change> line_changes(const line_views& from, const line_views& to, size_t at) {
  size_t head = 0, n = std::min(from.size(), to.size());
  while (head < n && from[head] == to[head]) head++;
  size_t tail = 0;
  while (tail < n - head && from[from.size() - 1 - tail] == to[to.size() - 1 - tail]) tail++;
  std::vector<change> out;
  size_t olds = from.size() - head - tail, news = to.size() - head - tail;
  if (olds == 0 && news == 0) return out;
  std::vector<line_range> ranges{{head, olds, head, news}};
  if (olds > 0 && news > 0) ranges = diff_ranges(from, to, head, olds, head, news);
  for (const line_range& r : ranges) {
    change c{at + r.old_begin, at + r.old_begin + r.old_count, {}};
    for (size_t i = 0; i < r.new_count; i++) c.text.emplace_back(to[r.new_begin + i]);
    out.push_back(std::move(c));
  }
  return out;
}

line_views split_lf(string_view s) {
  line_views out;
  while (!s.empty()) {
    size_t nl = s.find('\n');
    if (nl == string_view::npos) nl = s.size();
    out.push_back(s.substr(0, nl));
    s.remove_prefix(std::min(s.size(), nl + 1));
  }
  return out;
}

}  // namespace f0::edit
