// Copyright (C) 2026 The f0 authors

#include "dropped.h"

#include "../base/text.h"

namespace f0::chat {

namespace {

constexpr size_t kMost = 1024;    // bytes of the header's value
constexpr size_t kLongest = 120;  // of an entry: names may be of any length
constexpr size_t kLongestWord = 40;

// A name that the client made up, so that nothing in it reads as more than one.
void append_visible(std::string& out, string_view s) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const unsigned char c : s) {
    if (c > 0x20 && c < 0x7f && string_view(",()%\"\\;").find(char(c)) == string_view::npos) {
      out += char(c);
    } else {
      out.append({'%', kHex[c >> 4], kHex[c & 15]});
    }
  }
}

// Where the type of an entry begins, in its brackets; its end if it has none.
size_t type_of(string_view entry) {
  const size_t at = entry.ends_with(')') ? entry.rfind(" (") : string_view::npos;
  return at == string_view::npos ? entry.size() : at;
}

std::string visible(string_view entry) {
  std::string out;
  const size_t end = type_of(entry);
  append_visible(out, entry.substr(0, end));
  if (end == entry.size()) return out;
  out += " (";
  append_visible(out, entry.substr(end + 2, entry.size() - end - 3));
  out += ')';
  return out;
}

std::string others(size_t n) { return ", +" + std::to_string(n) + " more"; }

}  // namespace

void drop_list::push_back(string_view entry) {
  if (bytes_ >= kMost) {
    more_++;
    return;
  }
  entries_.push_back(std::string(entry.size() > kLongest ? text::cut(entry, kLongest) : entry));
  bytes_ += entries_.back().size() + 2;
}

void drop_list::push_back(string_view pointer, string_view type) {
  if (type.empty() || bytes_ >= kMost) return push_back(pointer);
  std::string entry(text::cut(pointer, kLongest - kLongestWord - 3));
  push_back(entry.append(" (").append(text::cut(type, kLongestWord)).append(")"));
}

void drop_list::append(const drop_list& other) {
  for (const std::string& e : other.entries_) push_back(e);
  more_ += other.more_;
}

string_view drop_list::first() const {
  if (entries_.empty()) return {};
  const string_view entry = entries_.front();
  return entry.substr(0, type_of(entry));
}

std::string drop_list::header() const {
  std::string out;
  size_t left = size();
  for (const std::string& e : entries_) {
    const std::string one = (out.empty() ? "" : ", ") + visible(e);
    if (out.size() + one.size() + (left > 1 ? others(left - 1).size() : 0) > kMost) break;
    out += one;
    left--;
  }
  return left > 0 ? out + others(left) : out;
}

}  // namespace f0::chat
