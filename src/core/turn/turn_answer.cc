// Copyright (C) 2026 The f0 authors
//
// turn_answer.cc - what the provider that a turn asked has to say, and what
// becomes of the turn then.

#include <utility>

#include "../base/text.h"
#include "../chat/redact.h"
#include "turn.h"

namespace f0 {
namespace {

constexpr size_t kCrowded = 64 << 10;  // so much output waits: no more of it is made

// Why there is no head, if there is none.
string_view word_of(dialect::transport_end how) {
  switch (how) {
    case dialect::transport_end::timeout:
      return "timeout";
    case dialect::transport_end::tls:
      return "tls";
    case dialect::transport_end::large_head:
      return "large_head";
    default:
      return "unreachable";
  }
}

}  // namespace

void turn::model_hold(bool held, int64_t now) {
  now_ = now;
  if (held_ && !held) resume_clocks();
  held_ = held;
}

int turn::model_head(int status, const f0_header_t* headers, size_t n, int64_t now) {
  now_ = now;
  if (!calling_) return F0_OK;
  claim();
  dialect::header_list list;
  list.reserve(n);
  tries_->heard(status);
  for (size_t i = 0; i < n; i++) list.emplace_back(view(headers[i].name), view(headers[i].value));
  stream_->head(status, list);
  raw_ = responder_->raw();
  if (raw_) responder_->raw_head(status, stream_->labelled_body());
  return F0_OK;
}

int turn::model_data(string_view bytes, int64_t now) {
  if (last_byte_ < 0) quiet_until_ = 0;
  now_ = last_byte_ = now;
  if (!calling_) return F0_MODEL_DONE;
  claim();
  outgoing_.reset();
  if (late_) {  // which waits for a thread
    late_->bytes += bytes;
    return F0_OK;
  }
  responder_->begin_input();
  if (stream_->heavy(bytes)) {
    read_later(bytes, {});
    return F0_OK;
  }
  bool more = stream_->data(bytes);
  if (raw_) {
    responder_->raw_bytes(bytes.substr(0, bytes.size() - stream_->unread()), stream_->unframed());
  }
  note_output();
  after_operations();
  if (request_ && !relay_ && calling_ && plan_.last && !responder_->may_restart()) {
    release_request();
  }
  return more && calling_ ? F0_OK : F0_MODEL_DONE;
}

int turn::model_end(f0_model_end_t how, int64_t now) {
  now_ = now;
  if (!calling_) return F0_OK;
  claim();
  if (how == F0_END_STALE) {
    if (ask_anew()) return F0_OK;
    how = F0_END_UNREACHABLE;
  }
  if (late_) {
    late_->then = static_cast<dialect::transport_end>(how);
    return F0_OK;
  }
  responder_->begin_input();
  end_stream(static_cast<dialect::transport_end>(how));
  return F0_OK;
}

// A whole body's texts are told now, and cut into pieces for a stream.
void turn::end_stream(dialect::transport_end how) {
  tries_->closed(word_of(how));
  if (stream_->whole()) {
    outlet_->cut(attempt().pieces > 0 ? attempt().pieces : chunk_size_);
    if (raw_) responder_->raw_body();
  }
  if (stream_->heavy_end()) return read_later({}, how);
  stream_->end(how);
  after_operations();
}

// The operations wait as they do while the responder works.
void turn::read_later(string_view bytes, std::optional<dialect::transport_end> end) {
  late_ = std::make_unique<late_input>();
  late_->bytes = bytes;
  late_->end = end;
  late_->said = stream_->text_bytes();
  if (!events_) events_ = std::make_unique<event_queue>(sink(), paused_, SIZE_MAX, budget_);
  stream_->redirect(*events_, late_->scratch);
  perform(SIZE_MAX, &turn::read_late, &turn::late_read);
}

void turn::read_late() {
  if (late_->end) return stream_->end(*late_->end);
  stream_->data(late_->bytes);
}

void turn::late_read() {
  stream_->redirect(*events_, worker_.scratch);
  const std::unique_ptr<late_input> late = std::move(late_);
  paused_ = stalled_;
  responder_->begin_input();
  if (raw_ && !late->end) {
    // A lane does little more than hear the events: they come before their bytes.
    while (!paused_ && !events_->empty()) events_->replay();
    string_view bytes = late->bytes;
    responder_->raw_bytes(bytes.substr(0, bytes.size() - stream_->unread()), stream_->unframed());
  }
  note_output();
  replay();
  if (late->then && calling_) return end_stream(*late->then);
  after_operations();
}

// So much at a time as others can wait for.
void turn::replay() {
  if (!events_) return;
  events_->replay();
  if (paused_ || events_->empty()) return;
  sliced_ = true;
  wait_for_room();
}

bool turn::crowded() const { return streams_ && waiting() >= kCrowded; }

void turn::wait_for_room() {
  stalled_ = paused_ = true;
  quiet_until_ = 0;
}

void turn::room() {
  stalled_ = paused_ = false;
  resume_clocks();
  responder_->begin_input();
  if (!std::exchange(sliced_, false)) responder_->room();
  replay();
  after_operations();
}

void turn::after_operations() {
  // Nothing is read behind what was too much to hold.
  const bool ended = stream_ && !late_ && stream_->ended();
  const bool over = !charge_output() || outlet_->over_limit() || (ended && stream_->over_limit()) ||
                    (events_ && events_->over_limit());
  if (ending_ == ending::none && over) too_large();
  if (!calling_) {
    if (!late_) stream_.reset();
    return;
  }
  if (ended && !paused_ && (!events_ || events_->empty())) call_over();
}

void turn::call_over() {
  std::unique_ptr<chat::failure> f = responder_->take_failure();
  note_reasoning();
  if (!stream_->odd_finish().empty()) odd_finish_ = stream_->odd_finish();
  const chat::usage used = responder_->call_usage();
  const bool output = stream_->output();
  const size_t text = said();
  ask_over(f.get());
  calling_ = raw_ = false;
  stream_.reset();
  outgoing_.reset();
  const bool kept = f && asks_again(*f);
  if (kept && ask_next()) {
    tokens_.add_told(used);
    return go_on();
  }
  // One that failed before it gave anything is not paid for, unless it says so.
  if (!f || output || used.any()) tokens_.add(used, sent_, text);
  if (f && goes_on(*f)) return;
  outlet_->usage(tokens_.complete() ? tokens_.told() : chat::usage());
  if (kept) return tell_kept();
  if (f) {
    responder_->call_failed(*f);
  } else {
    responder_->call_done();
  }
}

// How it went, for those who ask the provider next and for the log.
void turn::ask_over(const chat::failure* f) {
  if (f == nullptr) return tries_->succeeded(now_);
  tries_->failed(*f, now_, unix_ms());
  if (chat::fault_of(*f) == chat::fault::operators) complain(*f);
}

void turn::complain(const chat::failure& f) {
  if (!worker_.complains(provider_, now_)) return;
  notice_ = "provider \"" + config_.provider_at(provider_).name +
            "\" refuses this server's account or configuration: " + std::to_string(f.status);
  for (const string_view s : {string_view(f.type), string_view(f.code)}) {
    if (!s.empty()) notice_.append(" ").append(s);
  }
  if (!f.message.empty()) notice_ += ": " + chat::redacted(f.message, config_.secrets());
  notice_ = text::for_log(notice_);
}

// Only while nothing was said, and not if the request itself is at fault.
bool turn::asks_again(const chat::failure& f) {
  if (!request_ || !responder_->may_restart()) return false;
  if (chat::fault_of(f) == chat::fault::request) return false;
  tries_->keep(f, timed_out_, unix_ms());
  return true;
}

// A line was chosen, or its time has come.
void turn::go_on() {
  if (tries_->due() != INT64_MAX) {
    if (now_ < tries_->due()) return;
    if (!ask_next()) return tell_kept();
    if (!tries_->chosen()) return;
  }
  responder_->call_restarts();
  want_call_ = true;
}

void turn::tell_kept() {
  const std::unique_ptr<tries::failure> k = tries_->take_kept();
  // What a lane holds is another one's answer.
  if (k->line != attempt_) responder_->call_restarts();
  attempt_ = k->line;
  timed_out_ = k->timed_out;
  responder_->call_failed(k->what);
}

void turn::count_tokens() { tokens_.add(responder_->call_usage(), sent_, said()); }

}  // namespace f0
