// Copyright (C) 2026 The f0 authors

#include "place.h"

#include <algorithm>

namespace f0::edit {

namespace {

constexpr size_t max_told = 5;
constexpr size_t max_work = 100'000'000;  // some tenths of a second

// The lines at which the text behind the hunk's "@@" stands; of several "@@"
// each begins behind the one before.
std::vector<size_t> anchor_lines(const shown_file& f, const hunk& h) {
  std::vector<size_t> at;
  for (size_t k = 0; k < h.anchors.size(); k++) {
    std::vector<size_t> next = f.match.anchors(h.anchors[k]);
    if (k == 0) {
      at = std::move(next);
      continue;
    }
    std::vector<size_t> behind;
    for (size_t a : at) {
      auto it = std::upper_bound(next.begin(), next.end(), a);
      if (it != next.end() && (behind.empty() || behind.back() != *it)) behind.push_back(*it);
    }
    at = std::move(behind);
  }
  return at;
}

// The first place from each anchor on; one if all anchors agree.
std::optional<size_t> by_anchor(const shown_file& f, const hunk& h,
                                const std::vector<size_t>& places) {
  std::optional<size_t> one;
  for (size_t a : anchor_lines(f, h)) {
    auto it = std::lower_bound(places.begin(), places.end(), a);
    if (it == places.end()) continue;
    if (one && *one != *it) return std::nullopt;
    one = *it;
  }
  return one;
}

std::optional<size_t> by_selection(const byte_range& sel, const std::vector<size_t>& places,
                                   size_t m) {
  std::optional<size_t> within, touching;
  size_t n_within = 0, n_touching = 0;
  for (size_t p : places) {
    if (p >= sel.begin && p + m <= sel.end) {
      within = p;
      n_within++;
    }
    if (p < sel.end && p + m > sel.begin) {
      touching = p;
      n_touching++;
    }
  }
  if (n_within == 1) return within;
  return n_within == 0 && n_touching == 1 ? touching : std::nullopt;
}

std::optional<size_t> by_hints(const shown_file& f, const std::vector<size_t>& places, size_t m,
                               const hunk* h) {
  if (h && h->at_end) return places.back();
  if (h && !h->anchors.empty()) {
    if (auto p = by_anchor(f, *h, places)) return p;
  }
  return f.selected ? by_selection(*f.selected, places, m) : std::nullopt;
}

place found_at(size_t line, rung r) { return {place::result::found, line, r, {}}; }

}  // namespace

namespace {

place climb(const shown_file& f, const line_views& pattern, const hunk* h, rungs which) {
  size_t m = pattern.size();
  bool numbered = h && h->numbered && !h->at_end && h->old_start > 0;
  for (rung r : ladder) {
    if (which != rungs::all && (which == rungs::strict) != (r <= rung::ws)) continue;
    if (f.match.work() > max_work) return {place::result::too_hard, 0, r, {}};
    // The line that the hunk names needs no look at the others.
    size_t named = numbered ? h->old_start - 1 : 0;
    if (numbered && !f.changes.touched(named, named + m) && f.match.fits(pattern, r, named)) {
      return found_at(named, r);
    }
    std::vector<size_t> places = f.match.find(pattern, r);
    if (places.empty()) continue;
    std::vector<size_t> open;
    for (size_t p : places) {
      if (!f.changes.touched(p, p + m)) open.push_back(p);
    }
    if (open.empty()) return {place::result::taken, places[0], r, {}};
    if (open.size() == 1) return found_at(open[0], r);
    if (auto p = by_hints(f, open, m, h)) return found_at(*p, r);
    if (open.size() > max_told) open.resize(max_told);
    return {place::result::many, open[0], r, std::move(open)};
  }
  return {};
}

}  // namespace

// Lines are compared by their hashes; the place that counts by its bytes too.
place find_place(const shown_file& f, const line_views& pattern, const hunk* h, rungs which) {
  place p = climb(f, pattern, h, which);
  if (p.what == place::result::found && !f.match.same(pattern, p.how, p.line)) return {};
  return p;
}

// What only adds lines goes by its header.
place insert_place(const shown_file& f, const hunk& h, format form) {
  size_t n = f.text.size();
  if (h.at_end) return found_at(n, rung::exact);
  if (f.match.work() > max_work) return {place::result::too_hard, 0, rung::exact, {}};
  if (h.numbered && h.old_count > 0) return {place::result::counts, 0, rung::exact, {}};
  if (h.numbered && h.old_start == 0) {
    return n == 0 ? found_at(0, rung::exact) : place{place::result::exists, 0, rung::exact, {}};
  }
  if (h.numbered) return h.old_start <= n ? found_at(h.old_start, rung::exact) : place{};
  if (n == 0) return found_at(0, rung::exact);
  if (!h.anchors.empty()) {
    std::vector<size_t> at = anchor_lines(f, h);
    if (at.size() == 1) return found_at(at[0] + 1, rung::exact);
    if (at.empty()) return {};
    return {place::result::many, at[0], rung::exact, std::move(at)};
  }
  if (form == format::apply_patch) return found_at(n, rung::exact);
  return {place::result::many, 0, rung::exact, {}};
}

}  // namespace f0::edit
