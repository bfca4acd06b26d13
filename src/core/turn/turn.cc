// Copyright (C) 2026 The f0 authors

#include "turn.h"

#include <algorithm>

#include "../agent/agent.h"
#include "../agent/testing.h"
#include "../base/text.h"
#include "../respond/lane.h"

namespace f0 {
namespace {

constexpr size_t kDrain = 16 << 10;  // output of one f0_turn_output()
constexpr size_t kLittle = 4 << 10;  // of output, which is not counted
constexpr size_t kPieces = 80;       // code points: the seed's pieces
#ifdef F0_TESTING
constexpr size_t kLeastMemory = 0;  // tests give a turn as little as they like
#else
constexpr size_t kLeastMemory = 4 << 20;  // of a turn, however small its request must be
#endif
constexpr size_t kKeep = 256 << 10;  // a worker's buffers shrink to this
constexpr size_t kLongestSeed = 256;
constexpr size_t kClient = 32;  // bytes that tell one client from another

// A time of the host's, 0: the default.
uint32_t limit(int64_t ms, uint32_t preset) {
  return ms > 0 ? static_cast<uint32_t>(std::min<int64_t>(ms, UINT32_MAX)) : preset;
}

// Messages of f0 are short and its own; "info" says what was wrong.  A code may
// be the provider's, a parameter's name the client's.
std::string reason_of(string_view what, string_view code, string_view param) {
  std::string s(what);
  if (!param.empty()) s.append(" at ").append(param);
  if (!code.empty()) s.append(": ").append(code);
  return text::for_log(s);
}

}  // namespace

chat::api_error server_error(string_view code, string_view message, int status) {
  chat::api_error t;
  t.status = status;
  t.type = "server_error";
  t.code = code;
  t.message = message;
  return t;
}

turn::turn(worker& w, const f0::config& cf, const f0_turn_options_t& o)
    : worker_(w),
      config_(cf),
      budget_(std::max(o.body_max * 4, kLeastMemory)),
      incoming_(std::make_unique<incoming>(budget_)),
      front_id_(static_cast<front::id>(o.front)),
      front_(front::row_of(front_id_)),
      envelopes_(w.key),
      host_(o.host),
      id_(text::cut_repaired(view(o.seed), kLongestSeed)),
      client_(view(o.client).substr(0, kClient)),
      now_(o.now),
      created_(o.created),
      began_(o.now),
      last_output_(o.now),
      last_chunk_(o.now),
      first_byte_ms_(limit(o.first_byte_ms, 120'000)),
      idle_ms_(limit(o.idle_ms, 120'000)),
      progress_ms_(limit(o.progress_ms, 600'000)),
      total_ms_(limit(o.total_ms, 900'000)),
      keepalive_ms_(limit(o.keepalive_ms, 15'000)),
      chunk_size_(o.chunk_size > 0 ? o.chunk_size : kPieces) {
  strict_ = o.strict != 0;
  if (o.nlimits > 0) admission_ = std::make_unique<f0::admission>(w.waiting, o, client_, this);
  incoming_->header = view(o.stream_header);
  if (!passes_bytes()) return;
  incoming_->args = view(o.args);
  incoming_->version = view(o.anthropic_version);
  incoming_->beta = view(o.anthropic_beta);
}

turn::~turn() {
  if (worker_.owner == this) {
    worker_.owner = nullptr;
    worker_.out().clear();
  }
}

void turn::take_buffer() {
  // What the host did not yet take of another turn stays that turn's.
  if (worker_.owner != nullptr && !worker_.out().empty()) worker_.owner->spill_ += worker_.out();
  worker_.out().clear();
  worker_.owner = this;
  if (outlet_) outlet_->write_to(worker_.out());
}

void turn::call_model(const call_plan& plan) {
  plan_ = plan;
  want_call_ = true;
  if (!tries_->chosen()) tries_->begin(attempt_, now_);
}

void turn::run_work(std::unique_ptr<work> w) {
  work_.work = std::move(w);
  want_work_ = working_ = paused_ = true;
}

void turn::job::run() noexcept {
  try {
    (turn_.*run_)();
  } catch (...) {
    failed_ = true;
  }
}

void turn::job::tell() {
  if (failed_) {
    return turn_.fail(server_error("code_generation_failed", "the server ran out of memory", 500));
  }
  (turn_.*over_)();
}

void turn::perform(size_t bytes, void (turn::*run)(), void (turn::*over)()) {
  if (bytes <= kInline) {
    (this->*run)();
    return (this->*over)();
  }
  own_work_ = true;
  run_work(std::make_unique<job>(*this, run, over));
}

void turn::end_as(ending e, string_view word) {
  if (ending_ != ending::none) return;
  // A call that is broken off here was paid for up to here.
  if (calling_) {
    count_tokens();
    const bool late = end_ == "deadline" && last_byte_ < 0 && now_ - call_began_ >= first_byte_ms_;
    tries_->left(e == ending::cancelled ? "client_gone" : late ? "timeout" : "ended", late, now_);
  }
  work_.stop = true;
  if (admission_) admission_->leave(now_);
  ending_ = e;
  if (end_.empty()) end_ = word;
  if (outlet_) outlet_->close();
  want_call_ = call_ready_ = want_work_ = calling_ = false;
  wait_until_ = -1;
}

void turn::finish() {
  if (ending_ != ending::none) return;
  if (outlet_->over_limit()) return too_large();
  outlet_->done();
  if (outlet_->streams()) return end_as(ending::finished, "done");
  written_ = std::make_unique<whole_answer>();
  perform(budget_.used(), &turn::write_answer, &turn::answer_written);
}

void turn::write_answer() { outlet_->write_body(written_->body); }

void turn::answer_written() {
  answer_ = std::move(written_);
  end_as(ending::respond, "done");
}

// It was read as JSON, whatever its provider called it.
void turn::respond(std::string body) {
  if (ending_ != ending::none) return;
  answer_ = std::make_unique<whole_answer>();
  answer_->body = std::move(body);
  end_as(ending::respond, "done");
}

void turn::pass_failure(const chat::api_error& t, std::string body) {
  if (ending_ != ending::none) return;
  answer_ = std::make_unique<whole_answer>();
  answer_->told = t;
  answer_->status = t.status;
  answer_->body = std::move(body);
  answer_->reason = reason_of(t.type, t.code, {});
  end_as(ending::respond, "upstream_error");
}

chat::api_error turn::told(const chat::failure& f) const {
  return chat::answer(f, model_ != nullptr && attempt().model.empty(), config_.secrets());
}

bool turn::has_secret(string_view s) const {
  const auto& all = config_.secrets();
  return std::any_of(all.begin(), all.end(),
                     [&](const std::string& x) { return s.find(x) != s.npos; });
}

void turn::too_large() {
  if (end_.empty()) end_ = "limit";
  fail(server_error("upstream_error", "the answer is larger than the turn's memory", 502));
}

void turn::fail(const chat::failure& f) {
  if (ending_ != ending::none) return;
  string_view word = timed_out_                                ? "idle_timeout"
                     : f.at == chat::failure::phase::truncated ? "upstream_truncated"
                                                               : "upstream_error";
  if (end_.empty()) end_ = word;
  fail(told(f));
}

void turn::fail(const chat::api_error& t) {
  if (ending_ != ending::none) return;
  if (outlet_ && outlet_->streams() && outlet_->committed()) {
    outlet_->error(t);
    return end_as(ending::finished, "upstream_error");
  }
  answer_ = std::make_unique<whole_answer>();
  answer_->told = t;
  answer_->status = t.status;
  front_.error(answer_->body, t, id_);
  answer_->reason = reason_of(t.type, t.code, t.param);
  end_as(ending::respond, t.status < 500 ? "refused" : "upstream_error");
}

int turn::work_done(int64_t now) {
  now_ = now;
  if (!working_) return F0_ERR_STATE;
  claim();
  std::unique_ptr<work> w = std::move(work_.work);
  working_ = paused_ = false;
  quiet_until_ = 0;
  resume_clocks();
  if (ending_ != ending::none) return F0_OK;
  if (own_work_) {
    own_work_ = false;
    static_cast<job&>(*w).tell();
    return F0_OK;
  }
  responder_->work_over(*w);
  replay();
  after_operations();
  return F0_OK;
}

size_t turn::buffered() const {
  return (worker_.owner == this ? worker_.out().size() : 0) + spill_.size();
}

size_t turn::waiting() const { return buffered() + outlet_->queued_bytes(); }

// What is queued was charged when it was.  A little is mostly taken at once.
bool turn::charge_output() {
  const size_t n = buffered();
  return (n <= kLittle && output_charged_ == 0) || charge_much(n);
}

bool turn::charge_much(size_t n) {
  if (n > output_charged_ && !budget_.charge(n - output_charged_)) return false;
  if (n < output_charged_) budget_.release(output_charged_ - n);
  output_charged_ = n;
  return true;
}

void turn::next(int64_t now, f0_action_t& a) {
  now_ = std::max(now_, now);
  a.kind = F0_WAIT;
  a.deadline = quiet_until_;
  a.idle = 0;
  a.notice = f0_str_t{"", 0};
  // Bytes only put deadlines off: most of the time there is nothing to look at.
  if (now_ < quiet_until_ && ending_ == ending::none && !want_call_ && !call_ready_ && !want_work_)
    return;
  claim();
  act(a);
  if (notice_.empty()) return;
  notice_told_ = std::exchange(notice_, {});
  a.notice = str(notice_told_);
}

void turn::act(f0_action_t& a) {
  if (ending_ == ending::none) expire();
  if (ending_ == ending::none && queued()) admit();
  if (ending_ == ending::none && stalled_ && !crowded()) room();
  while (ending_ == ending::none && want_call_) {
    want_call_ = false;
    prepare_call();
    perform(plan_size_above(kInline) ? SIZE_MAX : 0, &turn::encode_call, &turn::call_encoded);
  }
  if (ending_ == ending::none && call_ready_) return start_call(a);
  switch (ending_) {
    case ending::respond:
      a.kind = F0_RESPOND;
      a.response.nheaders = 0;
      a.response.status = answer_->status;
      a.response.content_type = str(answer_->content_type);
      for (const auto& [name, value] : answer_->told.headers) {
        if (a.response.nheaders == std::size(a.response.headers)) break;
        a.response.headers[a.response.nheaders++] = {str(name), str(value)};
      }
      if (!dropped_.empty() && a.response.nheaders < std::size(a.response.headers)) {
        a.response.headers[a.response.nheaders++] = {str("x-f0-dropped"), str(dropped_)};
      }
      a.response.body = str(answer_->body);
      a.response.reason = str(answer_->reason);
      return;
    case ending::finished:
    case ending::cancelled:
      a.kind = F0_FINISHED;
      return;
    case ending::none:
      break;
  }
  if (!body_complete_) {
    a.kind = F0_NEED_BODY;
    a.deadline = deadline();
    return;
  }
  if (want_work_) {
    want_work_ = false;
    a.kind = F0_RUN_WORK;
    a.work = &work_;
    a.deadline = deadline();
    return;
  }
  if (stalled_) {
    a.kind = F0_AGAIN;
    a.deadline = sliced_ && !crowded() ? now_ + 1 : deadline();
    return;
  }
  if (queued()) tell_place();
  keep_awake();
  a.kind = F0_WAIT;
  a.idle = calling_ ? 0 : 1;
  a.deadline = quiet_until_ = deadline();
}

void turn::join_spill() {
  worker_.view() = spill_ + worker_.out();
  worker_.out().clear();
  spill_ = std::string();
}

string_view turn::output() {
  claim();
  if (ending_ == ending::cancelled) {
    worker_.out().clear();
    return {};
  }
  const bool queued = outlet_ && outlet_->queued();
  if (!queued && worker_.out().empty() && spill_.empty()) return {};
  if (queued && worker_.out().size() < kDrain) {
    outlet_->drain(kDrain);
    if (!outlet_->queued()) quiet_until_ = 0;
  }
  if (worker_.out().empty() && spill_.empty()) return {};
  worker_.view().clear();
  if (worker_.view().capacity() > kKeep) worker_.view().shrink_to_fit();
  if (spill_.empty()) {
    worker_.hand_over();
    outlet_->write_to(worker_.out());
  } else {
    join_spill();
  }
  if (output_charged_ != 0) budget_.release(std::exchange(output_charged_, 0));
  // A provider's own pings keep no client awake.
  const bool counts = outlet_->signs() != signs_seen_;
  if (counts || !responder_->raw()) last_output_ = now_;
  if (counts) {
    signs_seen_ = outlet_->signs();
    last_chunk_ = now_;
  }
  if (ttft_ < 0 && outlet_->useful()) ttft_ = now_ - began_;
  return worker_.view();
}

void turn::cancel() {
  claim();
  worker_.out().clear();
  spill_.clear();
  // A stream that was finished, but not yet taken, is said no further.
  if (ending_ == ending::finished) ending_ = ending::cancelled;
  end_as(ending::cancelled, "client_gone");
  if (ending_ == ending::cancelled && !late_) stream_.reset();
}

void turn::info(f0_turn_info_t& i) const {
  i = f0_turn_info_t();
  i.model = str(model_name_);
  if (calls_ > 0) i.provider = str(config_.provider_at(provider_).name);
  i.mode = str(mode_);
  i.project = str(project_);
  i.end = str(ending_ == ending::none ? string_view() : end_);
  tally t = tokens_;
  if (calling_ && stream_) t.add(responder_->call_usage(), sent_, said());
  i.prompt_tokens = t.prompt();
  i.completion_tokens = t.completion();
  i.cached_tokens = t.told().cached;
  i.usage_estimated = !t.complete();
  i.ttft_ms = ttft_;
  i.calls = calls_;
  i.chunks = outlet_ ? outlet_->chunks() : 0;
  i.patches = patches_;
  i.odd_finish = str(odd_finish_);
  i.dropped = str(dropped_);
  if (tries_) i.tries = str(tries_->log());
}

std::unique_ptr<responder> make_responder(turn_services& t, std::shared_ptr<agent::decision> d) {
  switch (t.model().mode) {
    case mode::raw:
      return make_lane(t);
#ifdef F0_TESTING
    case mode::testing:
      return make_testing(t);
#endif
    // Classifies; "overrides" and fz_mode count for every one of its modes.
    default:
      return make_agent(t, std::move(d));
  }
}

}  // namespace f0
