// Copyright (C) 2026 The f0 authors

#include "pause.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "../base/text.h"

namespace f0::chat {
namespace {

constexpr double kLongest = 1e9;  // seconds: more is nonsense
constexpr string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                   "jul", "aug", "sep", "oct", "nov", "dec"};

// A number of |unit| milliseconds; -1: it is none.
int64_t milliseconds(string_view s, double unit) {
  double n = -1;
  const auto [end, e] = std::from_chars(s.data(), s.data() + s.size(), n, std::chars_format::fixed);
  if (e != std::errc() || end != s.data() + s.size() || !(n >= 0) || n > kLongest) return -1;
  return static_cast<int64_t>(std::ceil(n * unit));
}

// Of digits alone; -1: it is none.
int number(string_view s) {
  int n = -1;
  const auto [end, e] = std::from_chars(s.data(), s.data() + s.size(), n);
  return e == std::errc() && end == s.data() + s.size() && n >= 0 ? n : -1;
}

int64_t days_since_1970(int year, int month, int day) {
  const int y = month > 2 ? year : year - 1, era = y / 400, of_era = y % 400;
  const int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return int64_t{era} * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// Seconds of "08:49:37"; -1: it is none.
int time_of_day(string_view s) {
  int total = 0;
  for (const int most : {23, 59, 60}) {
    const size_t end = std::min(s.find(':'), s.size());
    const int n = number(s.substr(0, end));
    if (n < 0 || n > most) return -1;
    total = total * 60 + n;
    s.remove_prefix(std::min(end + 1, s.size()));
  }
  return s.empty() ? total : -1;
}

struct date {
  int day = -1, month = -1, year = -1, time = -1;

  void take(string_view word) {
    const std::string lower = text::to_lower(word);
    const auto* m = std::find(std::begin(kMonths), std::end(kMonths), lower);
    if (m != std::end(kMonths)) {
      month = static_cast<int>(m - std::begin(kMonths)) + 1;
    } else if (word.find(':') != string_view::npos) {
      time = time_of_day(word);
    } else if (const int n = number(word); n >= 0) {
      (day < 0 ? day : year) = n;
    }
  }
  // Unix time in seconds; -1: it is none.
  int64_t seconds() const {
    if (day < 1 || day > 31 || month < 1 || year < 0 || year > 9999 || time < 0) return -1;
    const int whole = year >= 100 ? year : year + (year < 70 ? 2000 : 1900);
    return days_since_1970(whole, month, day) * 86400 + time;
  }
};

// In any of HTTP's three forms: the words tell themselves apart.
int64_t date_in(string_view s) {
  date d;
  while (!s.empty()) {
    const size_t end = std::min(s.find_first_of(" ,-"), s.size());
    if (end > 0) d.take(s.substr(0, end));
    s.remove_prefix(std::min(end + 1, s.size()));
  }
  return d.seconds();
}

}  // namespace

int64_t pause_of(const failure& f, int64_t now) {
  int64_t ms = -1;
  for (const auto& [name, value] : f.headers) {
    const string_view s = text::trim(value);
    if (name == "retry-after-ms") {
      if (const int64_t n = milliseconds(s, 1); n >= 0) return n;
    }
    if (name != "retry-after" || ms >= 0) continue;
    ms = milliseconds(s, 1000);
    if (ms >= 0) continue;
    if (const int64_t at = date_in(s); at >= 0) ms = std::max<int64_t>(at * 1000 - now, 0);
  }
  return ms;
}

}  // namespace f0::chat
