// Copyright (C) 2026 The f0 authors
//
// turn_clock.cc - a turn's deadlines, and what keeps its client awake.

#include <algorithm>

#include "turn.h"

namespace f0 {
namespace {

constexpr int64_t kHeadWait = 10'000;      // the head is held back so long for a true status
constexpr int64_t kChunkSilence = 60'000;  // some clients count only chunks (agents.md 2.1)

}  // namespace

int64_t turn::deadline() const {
  int64_t d = std::min(began_ + total_ms_, comment_due());
  if (calling_ && !paused_) d = std::min(d, patience());
  if (wait_until_ >= 0) d = std::min(d, wait_until_);
  if (queued()) d = std::min({d, admission_->deadline(), place_due()});
  if (tries_) d = std::min(d, tries_->due());
  return d;
}

// While it waits for us: when it would be, were it let go now.  Any byte ends a
// silence; only output ends the wait for it, where it comes bit by bit.
int64_t turn::patience() const {
  const auto since = [&](int64_t t) { return held_ ? now_ : t; };
  if (last_byte_ < 0) return since(call_began_) + (streams_ ? first_byte_ms_ : total_ms_);
  int64_t d = since(last_byte_) + idle_ms_;
  if (!stream_->framed()) return d;
  d = std::min(d, since(last_use_) + progress_ms_);
  if (streams_ && !stream_->output()) d = std::min(d, since(call_began_) + first_byte_ms_);
  return d;
}

// What the provider could not do meanwhile is no fault of its own.
void turn::resume_clocks() {
  if (last_byte_ < 0) {
    call_began_ = now_;
  } else {
    last_byte_ = now_;
    if (stream_ && !late_ && !stream_->output()) call_began_ = now_;
  }
  last_use_ = now_;
}

void turn::note_output() {
  if (!stream_ || stream_->progress() == used_) return;
  if (used_ == 0) tries_->answers(now_);
  used_ = stream_->progress();
  last_use_ = now_;
}

// Until the head is sent the client may hear nothing for so long that it is; longer
// once an ask has failed, when a status is what will most likely be told.
int64_t turn::comment_due() const {
  if (!outlet_ || !outlet_->streams() || outlet_->queued()) return INT64_MAX;
  const int64_t silence = keepalive_ms_;
  if (outlet_->committed()) return last_output_ + silence;
  const bool failed = tries_ && !tries_->log().empty();
  return last_output_ + (failed ? kHeadWait : std::min(kHeadWait, silence));
}

void turn::expire() {
  if (now_ >= began_ + total_ms_) {
    end_ = "deadline";
    if (!outlet_)
      return refuse({408, "invalid_request_error", "", "", "The request came too slowly."});
    return fail(server_error("upstream_timeout", "the turn took longer than its limit", 504));
  }
  if (calling_ && !paused_ && now_ >= patience()) {
    timed_out_ = true;
    end_stream(dialect::transport_end::timeout);
  }
  if (wait_until_ >= 0 && now_ >= wait_until_) {
    wait_until_ = -1;
    responder_->wait_over();
  }
  if (tries_ && now_ >= tries_->due()) go_on();
}

int turn::drain(int64_t now) {
  now_ = std::max(now_, now);
  if (working_) return F0_ERR_STATE;
  if (ending_ != ending::none) return F0_OK;
  claim();
  end_ = "drained";
  fail(server_error("server_shutting_down", "the server is shutting down; please try again", 503));
  return F0_OK;
}

void turn::keep_awake() {
  if (now_ < comment_due()) return;
  // Between a provider's own chunks f0 has no place; a lane knows its own.
  const bool may_speak = front::has_lane(front_id_) || !responder_->raw();
  outlet_->stay_awake(now_ >= last_chunk_ + kChunkSilence && may_speak);
  last_output_ = now_;
}

}  // namespace f0
