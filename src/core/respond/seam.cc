// Copyright (C) 2026 The f0 authors

#include "seam.h"

#include <algorithm>

#include "../base/text.h"

namespace f0 {
namespace {

constexpr size_t kLeast = 8;         // characters of an overlap
constexpr size_t kMost = 400;        // likewise, and of a line that may be repeated
constexpr size_t kHeld = 4 * kMost;  // bytes that are held for fences and headings

// The last |n| characters of it.
string_view last_of(string_view s, size_t n) {
  size_t at = s.size();
  while (at > 0 && n > 0) {
    at--;
    n -= (static_cast<uint8_t>(s[at]) & 0xC0) != 0x80;
  }
  return s.substr(at);
}

// A fence: so many marks begin the line.
size_t fence_marks(string_view line) {
  if (line.empty() || (line[0] != '`' && line[0] != '~')) return 0;
  const size_t n = std::min(line.find_first_not_of(line[0]), line.size());
  return n < 3 ? 0 : n;
}

bool opens(string_view line) {
  const size_t n = fence_marks(line);
  return n > 0 && (line[0] == '~' || line.find('`', n) == line.npos);
}

bool closes(string_view line, string_view fence) {
  const size_t n = fence_marks(line);
  return n == line.size() && n >= fence_marks(fence) && line[0] == fence[0];
}

// With words: a lone "#" may be the half of "##".
bool is_heading(string_view line) {
  const size_t n = std::min(line.find_first_not_of('#'), line.size());
  return n >= 1 && n <= 6 && n < line.size() && (line[n] == ' ' || line[n] == '\t');
}

}  // namespace

// ---- overlap

bool overlap::take(char c) {
  size_t k = border_.empty() ? 0 : border_.back();
  while (k > 0 && seen_[k] != c) k = border_[k - 1];
  border_.push_back(static_cast<uint16_t>(!seen_.empty() && seen_[k] == c ? k + 1 : 0));
  seen_ += c;
  while (size_ < seen_.size() && at_ < before_.size()) step();
  return at_ == before_.size();
}

void overlap::finish() {
  while (at_ < before_.size()) {
    if (size_ > 0 && size_ == seen_.size()) size_ = border_[size_ - 1];
    step();
  }
}

void overlap::step() {
  if (size_ < seen_.size() && before_[at_] == seen_[size_]) {
    at_++;
    size_++;
  } else if (size_ == 0) {
    at_++;
  } else {
    size_ = border_[size_ - 1];
  }
}

// ---- seam

seam::seam(string_view sent, size_t unseen)
    : tail_(last_of(sent, kMost)),
      unseen_(sent.substr(sent.size() - std::min(unseen, sent.size()))),
      words_(tail_) {
  read(sent);
}

// Which fence and heading the text stands behind.
void seam::read(string_view sent) {
  string_view fence, heading;
  size_t mark = sent.npos;
  for (size_t at = 0; at < sent.size();) {
    const size_t end = std::min(sent.find('\n', at), sent.size());
    const string_view line = text::trim(sent.substr(at, end - at));
    const size_t begin = at;
    in_line_ = end == sent.size();
    at = end + 1;
    if (line.empty()) continue;
    mark = sent.npos;
    if (!fence.empty() && closes(line, fence)) {
      fence = {};
      if (in_line_) mark = begin;
    } else if (fence.empty() && opens(line)) {
      fence = line;
      mark = begin;
    } else if (fence.empty() && is_heading(line)) {
      heading = line;
      mark = begin;
    }
  }
  if (mark != sent.npos) mark_ = sent.size() - mark;
  in_code_ = !fence.empty();
  // One that says no more would be its end.
  if (fence_marks(fence) == fence.size() && mark_ == 0) fence = {};
  if (text::code_points(fence) <= kMost) fence_ = fence;
  if (text::code_points(heading) <= kMost) heading_ = heading;
}

string_view seam::take(string_view piece) {
  if (settled()) return piece;
  held_ += piece;
  compare(piece);
  return settled() ? string_view(told_) : string_view();
}

string_view seam::end() {
  if (settled()) return {};
  if (stage_ == stage::words) {
    words_.finish();
    words_over();
  }
  if (stage_ == stage::marks) find_marks(true);
  if (stage_ == stage::words_again) {
    words_.finish();
    words_over();
  }
  return told_;
}

// |bytes| are the last ones of what is held.
void seam::compare(string_view bytes) {
  if (stage_ != stage::marks) {
    size_t i = 0;
    while (i < bytes.size() && !words_.take(bytes[i])) i++;
    if (i == bytes.size()) return;
    words_over();
  }
  if (stage_ == stage::marks) find_marks(false);
}

bool seam::is_repeated(size_t n) const {
  if (mark_ > 0 && n >= mark_) return true;
  return text::code_points(string_view(held_).substr(words_from_, n)) >= kLeast;
}

void seam::words_over() {
  const size_t n = words_.size();
  if (is_repeated(n)) return settle(words_from_ + n);
  if (stage_ == stage::words) {
    stage_ = stage::marks;
    return;
  }
  // Line feeds before the mark end the line that was broken off.
  if (in_line_) told_.assign(feeds_, '\n');
  settle(words_from_);
}

void seam::settle(size_t from) {
  told_.append(held_, from);
  std::string().swap(held_);
  stage_ = stage::settled;
}

void seam::find_marks(bool last) {
  size_t at = 0;
  const fit f = match_marks(at, last);
  if (f == fit::more) return;
  if (f == fit::no) return settle(at);
  words_from_ = at;
  words_ = overlap(tail_);
  stage_ = stage::words_again;
  compare(string_view(held_).substr(at));
}

// Where what is told begins, if there is none: behind white space that is there
// already.
seam::fit seam::match_marks(size_t& at, bool last) {
  const string_view s = held_;
  at = static_cast<size_t>(std::mismatch(s.begin(), s.end(), unseen_.begin(), unseen_.end()).first -
                           s.begin());
  if (at == s.size() && at < unseen_.size() && !last) return fit::more;
  if (s.size() > kHeld || (in_code_ ? fence_ : heading_).empty()) return fit::no;
  size_t next = std::min(s.find_first_not_of('\n', at), s.size());
  feeds_ = next - at;
  const fit heading = match_line(heading_, next, last);
  if (heading == fit::more) return fit::more;
  if (heading == fit::yes) next = std::min(s.find_first_not_of('\n', next), s.size());
  // A comment in code may look like a heading.
  const fit all = in_code_ ? match_line(fence_, next, last) : heading;
  if (all != fit::yes) return all;
  if (!in_code_ && next == s.size() && !last) return fit::more;
  at = next;
  return fit::yes;
}

seam::fit seam::match_line(string_view line, size_t& at, bool last) const {
  const string_view s = string_view(held_).substr(at);
  const fit at_end = last ? fit::no : fit::more;
  if (line.empty()) return fit::no;
  const size_t begin = s.find_first_not_of(" \t");
  if (begin == s.npos) return at_end;
  const string_view rest = s.substr(begin);
  if (!rest.starts_with(line)) return line.starts_with(rest) ? at_end : fit::no;
  const size_t end = rest.find_first_not_of(" \t\r", line.size());
  if (end == rest.npos && !last) return fit::more;
  if (end != rest.npos && rest[end] != '\n') return fit::no;
  at += end == rest.npos ? s.size() : begin + end + 1;
  return fit::yes;
}

}  // namespace f0
