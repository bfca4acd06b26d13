// Copyright (C) 2026 The f0 authors

#include "event_queue.h"

#include <algorithm>
#include <utility>

#include "../base/text.h"

namespace f0 {
namespace {

constexpr size_t kEvents = 1000;  // in a row
constexpr size_t kBytes = 32 << 10;

}  // namespace

void event_queue::on(const chat::event& e) {
  if (!held_ && empty()) return to_.on(e);
  if (over_limit_) return;
  const size_t cost = waiting_.emplace_back(e).kept.cost();
  if (budget_.charge(cost)) {
    charged_ += cost;
    return;
  }
  waiting_.pop_back();
  over_limit_ = true;
}

// Long texts are told in pieces.
bool event_queue::tell_part(waiting& w, size_t& bytes) {
  chat::event e = w.kept.get();
  if (e.type != chat::event::kind::content || e.text.size() - w.told <= piece_) return false;
  e.text = e.text.substr(w.told, piece_);
  e.text.remove_suffix(text::incomplete_tail(e.text));
  to_.on(e);
  w.told += e.text.size();
  bytes += piece_;
  return true;
}

void event_queue::replay() {
  size_t told = 0, bytes = 0;
  while (!held_ && !waiting_.empty()) {
    if (told++ == kEvents || bytes >= std::min(piece_, kBytes)) return;
    if (tell_part(waiting_.front(), bytes)) continue;
    // Taken out first: what it leads to may add to the list.
    std::list<waiting> last;
    last.splice(last.begin(), waiting_, waiting_.begin());
    const waiting& w = last.front();
    budget_.release(w.kept.cost());
    charged_ -= w.kept.cost();
    chat::event e = w.kept.get();
    e.text.remove_prefix(w.told);
    bytes += e.text.size() + e.json.size() + e.id.size() + e.name.size();
    to_.on(e);
  }
  if (held_ || !waiting_.empty()) return;
  if (usage_) to_.usage(*std::exchange(usage_, std::nullopt));
  if (auto f = std::move(failure_)) to_.error(*f);
  if (end_) to_.end(*std::exchange(end_, std::nullopt));
}

void event_queue::usage(const chat::usage& u) {
  if (!held_ && empty()) return to_.usage(u);
  usage_ = u;
}

void event_queue::error(const chat::failure& f) {
  if (!held_ && empty()) return to_.error(f);
  failure_ = std::make_unique<chat::failure>(f);
}

void event_queue::end(chat::terminal how) {
  if (!held_ && empty()) return to_.end(how);
  end_ = how;
}

}  // namespace f0
