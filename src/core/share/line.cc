// Copyright (C) 2026 The f0 authors

#include "line.h"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace f0 {
namespace {

constexpr int64_t kUnit = 1 << 20;        // of a tag: one turn of weight 1
constexpr int64_t kLook = 1'000;          // where turns stand is told as often
constexpr unsigned kMean = 8;             // turns that the mean looks back upon, about
constexpr int64_t kLongest = 86'400'000;  // what took longer was measured by another clock

template <class F>
void each(line_state& line, F f) {
  for (line_block* b = &line.first; b != nullptr; b = b->next) {
    for (place_state& p : b->places) {
      if (p.worker != 0) f(p);
    }
  }
}

bool before(const place_state& a, const place_state& b) {
  return std::tie(a.tag, a.number) < std::tie(b.tag, b.number);
}

int64_t end_of(const place_state& p) { return p.tag + kUnit / std::max(p.weight, 1u); }

int64_t age(const place_state& p, int64_t now) {
  return std::clamp<int64_t>(now - p.since, 0, kLongest);
}

}  // namespace

// A line while it is locked; whom to wake is told when it is let go.
class place::visit {
 public:
  visit(const f0_limit_t& l, int64_t now) : limit_(l), now_(now) { shared().lock(shared().data); }
  ~visit() {
    shared().unlock(shared().data);
    for (size_t i = 0; i < wakes_; i++) shared().wake(shared().data, wake_[i]);
  }
  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;

  const f0_shared_t& shared() const { return *limit_.shared; }

  line_state* find(const std::string& name) {
    return static_cast<line_state*>(
        shared().find(shared().data, {name.data(), name.size()}, sizeof(line_state)));
  }

  void count(line_state& line, unsigned& running, unsigned& waiting) const {
    running = waiting = 0;
    each(line, [&](place_state& p) { (p.runs != 0 ? running : waiting)++; });
  }

  // Of a worker that was killed nobody will give them back.
  void sweep(line_state& line) {
    if (line.looked_at <= now_ && now_ - line.looked_at < kLook) return;
    line.looked_at = now_;
    int64_t known = 0;
    bool alive = true;
    each(line, [&](place_state& p) {
      if (p.worker == shared().self) return;
      if (p.worker != known) {
        known = p.worker;
        alive = shared().alive(shared().data, known) != 0;
      }
      if (alive) return;
      p.worker = 0;
    });
  }

  place_state* take(line_state& line) {
    line_block* last = nullptr;
    for (line_block* b = &line.first; b != nullptr; b = b->next) {
      for (place_state& p : b->places) {
        if (p.worker == 0) return &p;
      }
      last = b;
    }
    last->next = static_cast<line_block*>(shared().more(shared().data, &line, sizeof(line_block)));
    return last->next != nullptr ? &last->next->places[0] : nullptr;
  }

  // Whoever is next gets what is free.
  void grant(line_state& line) {
    unsigned running, waiting;
    count(line, running, waiting);
    for (; waiting > 0 && running < limit_.places; waiting--, running++) {
      place_state* next = nullptr;
      each(line, [&](place_state& p) {
        if (p.runs == 0 && (next == nullptr || before(p, *next))) next = &p;
      });
      next->runs = 1;
      next->since = now_;
      line.time = std::max(line.time, next->tag);
      wake(next->worker);
    }
  }

  // How long one who comes now would wait, about.
  int64_t pause(line_state& line) const {
    unsigned running, waiting;
    count(line, running, waiting);
    int64_t ms = line.mean_ms;
    // As long as the oldest one has run by now it will run again.
    if (ms == 0) {
      each(line, [&](const place_state& p) {
        if (p.runs != 0) ms = std::max(ms, age(p, now_));
      });
    }
    return ms * (waiting + 1) / std::max(limit_.places, 1u);
  }

  // One that is not among so many finds out when it looks again.
  void wake(int64_t worker) {
    const auto end = wake_.begin() + wakes_;
    if (wakes_ < wake_.size() && std::find(wake_.begin(), end, worker) == end) {
      wake_[wakes_++] = worker;
    }
  }

 private:
  const f0_limit_t& limit_;
  const int64_t now_;
  std::array<int64_t, 16> wake_;
  size_t wakes_ = 0;
};

place::place(waiting_room& room, const f0_limit_t& l, uint64_t key, unsigned weight, void* host)
    : room_(room),
      limit_(l),
      name_(l.name.data, std::min<size_t>(l.name.len, F0_LIMIT_NAME)),
      key_(key),
      weight_(std::clamp(weight, 1u, 100u)),
      host_(host) {}

place::answer place::enter(int64_t now) {
  now_ = now;
  visit v(limit_, now);
  line_state* line = v.find(name_);
  if (line == nullptr) return answer::full;
  v.sweep(*line);
  v.grant(*line);
  unsigned running, waiting;
  v.count(*line, running, waiting);
  const bool free = waiting == 0 && running < limit_.places;
  place_state* s = free || waiting < limit_.queue ? v.take(*line) : nullptr;
  if (s == nullptr) {
    // Without a place in it the line may go at any time.
    pause_ms_ = v.pause(*line);
    return answer::full;
  }
  line_ = line;
  int64_t tag = line->time;
  each(*line, [&](const place_state& p) {
    if (p.key == key_) tag = std::max(tag, end_of(p));
  });
  *s = {0, ++line->numbers, key_, tag, now, weight_, free ? 1u : 0u};
  s->worker = v.shared().self;
  state_ = s;
  number_ = s->number;
  in_ = free;
  if (free) {
    line->time = std::max(line->time, tag);
    return answer::in;
  }
  room_.add(*this);
  v.wake(v.shared().self);
  return answer::waits;
}

void place::leave(int64_t now) {
  if (state_ == nullptr) return;
  room_.remove(*this);
  visit v(limit_, now);
  place_state& s = *std::exchange(state_, nullptr);
  in_ = false;
  // Another one's, if this worker was taken for dead.
  if (s.worker != v.shared().self || s.number != number_) return;
  if (s.runs != 0) {
    const int64_t ms = age(s, now);
    line_->mean_ms = line_->mean_ms == 0 ? ms : line_->mean_ms + (ms - line_->mean_ms) / kMean;
  } else {
    // It was no turn of its key: the others move up.
    const int64_t length = end_of(s) - s.tag;
    each(*line_, [&](place_state& p) {
      if (p.key == key_ && p.runs == 0 && before(s, p)) p.tag -= length;
    });
  }
  s.worker = 0;
  v.sweep(*line_);
  v.grant(*line_);
}

int64_t place::pause(int64_t now) const {
  if (state_ == nullptr) return pause_ms_;
  visit v(limit_, now);
  return v.pause(*line_);
}

bool is_idle(const f0_shared_t& s, const line_state& line) {
  bool idle = true;
  each(const_cast<line_state&>(line), [&](const place_state& p) {
    if (p.worker == s.self || s.alive(s.data, p.worker) != 0) idle = false;
  });
  return idle;
}

void waiting_room::remove(place& p) {
  const auto at = std::find(places_.begin(), places_.end(), &p);
  if (at != places_.end()) places_.erase(at);
}

int64_t waiting_room::look(int64_t now) {
  if (places_.empty()) return -1;
  std::stable_sort(places_.begin(), places_.end(), [](const place* a, const place* b) {
    return std::less<>()(a->line_, b->line_);
  });
  for (size_t from = 0, to = 0; from < places_.size(); from = to) {
    while (to < places_.size() && places_[to]->line_ == places_[from]->line_) to++;
    look_at(from, to, now);
  }
  return kLook;
}

// Those from |from| to |to| stand in one line.
void waiting_room::look_at(size_t from, size_t to, int64_t now) {
  place& any = *places_[from];
  place::visit v(any.limit_, now);
  line_state& line = *any.line_;
  v.sweep(line);
  v.grant(line);
  std::unordered_map<uint64_t, place*> ours;
  for (size_t i = from; i < to; i++) ours.emplace(places_[i]->number_, places_[i]);
  std::vector<place_state*> waiting;
  const int64_t self = v.shared().self;
  each(line, [&](place_state& p) {
    if (p.runs == 0) return waiting.push_back(&p);
    const auto at = p.worker == self ? ours.find(p.number) : ours.end();
    if (at == ours.end() || at->second->in_) return;
    at->second->in_ = at->second->news_ = news_ = true;
  });
  std::sort(waiting.begin(), waiting.end(),
            [](const place_state* a, const place_state* b) { return before(*a, *b); });
  for (size_t i = 0; i < waiting.size(); i++) {
    if (waiting[i]->worker != self) continue;
    const auto at = ours.find(waiting[i]->number);
    if (at == ours.end()) continue;
    place& p = *at->second;
    const auto position = static_cast<unsigned>(i + 1);
    const standing now_at{
        position, static_cast<unsigned>(waiting.size()),
        line.mean_ms == 0 ? -1 : line.mean_ms * position / std::max(p.limit_.places, 1u)};
    if (now_at == p.where_) continue;
    p.where_ = now_at;
    p.news_ = news_ = true;
  }
}

place* waiting_room::ready() {
  if (!news_) return nullptr;
  for (place* p : places_) {
    if (!p->news_) continue;
    p->news_ = false;
    // It does not wait any more.
    if (p->in_) remove(*p);
    return p;
  }
  news_ = false;
  return nullptr;
}

}  // namespace f0
