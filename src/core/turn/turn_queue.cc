// Copyright (C) 2026 The f0 authors
//
// turn_queue.cc - a turn that waits for a place, and what its client hears of it.

#include "../agent/reporter.h"
#include "turn.h"

namespace f0 {
namespace {

constexpr int64_t kTell = 1'000;  // its place is told as often

// "queued 3 of 12, about 20 s"
std::string words_of(const standing& s) {
  std::string out = "queued " + std::to_string(s.position) + " of " + std::to_string(s.of);
  if (s.wait_ms >= 0) out += ", about " + std::to_string((s.wait_ms + 999) / 1000) + " s";
  return out;
}

}  // namespace

// Begins the answer if it may: not before there is a place for it.
void turn::admit() {
  if (admission_) {
    switch (admission_->go_on(now_)) {
      case admission::answer::in:
        break;
      case admission::answer::waits:
        return;
      case admission::answer::refused:
        return turn_away();
    }
  }
  quiet_until_ = 0;
  begin_answer();
}

void turn::turn_away() {
  chat::api_error t;
  t.status = 429;
  t.type = "rate_limit_error";
  t.code = "rate_limit_exceeded";
  t.message = admission_->waits()
                  ? "Too many requests at once, and none ended in time: try again later."
                  : "Too many requests at once: try again later.";
  t.headers = {{"retry-after", std::to_string(admission_->retry_after(now_))}};
  end_ = "queue";
  fail(t);
}

// Once the head was held back long enough it hears where it stands, and then when
// that changes.
void turn::tell_place() {
  if (!outlet_->streams()) return;
  const standing& s = admission_->where();
  if (s.position == 0 || now_ < place_due()) return;
  place_told_ = words_of(s);
  place_told_at_ = last_output_ = now_;
  const bool comments = front_id_ != front::id::responses;
  if (comments) outlet_->comment(place_told_);
  if (!comments || front_id_ == front::id::messages) outlet_->stay_awake(false);
  if (responder_->queued(s.position, s.of)) return;
  agent::tell_progress(*outlet_, request_->events,
                       agent::progress_object({"queued", {}, s.position, s.of}, ++places_told_));
}

// When its place is told; never, as long as that is no news.
int64_t turn::place_due() const {
  if (!outlet_->streams()) return INT64_MAX;
  if (!outlet_->committed()) return comment_due();
  return words_of(admission_->where()) == place_told_ ? INT64_MAX : place_told_at_ + kTell;
}

}  // namespace f0
