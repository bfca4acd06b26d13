// Copyright (C) 2026 The f0 authors
//
// turn_relay.cc - a text that a provider broke off goes on with another one's, where
// a line of "try" says continue=on (turns.md 3).

#include <algorithm>
#include <utility>

#include "../base/text.h"
#include "turn.h"

namespace f0 {
namespace {

constexpr unsigned kMost = 2;  // a text is gone on with so often

}  // namespace

// What is told is kept only if somebody may take it over.
void turn::watch_text() {
  const auto& tries = model_->tries;
  if (front_id_ != front::id::chat && !has_lane(front_id_)) return;
  if (std::none_of(tries.begin(), tries.end(), [](const auto& a) { return a.goes_on; })) return;
  if (!responder_->tells_text() || !continuation::suits(*request_)) return;
  relay_ = std::make_unique<relay>(*responder_, *request_, budget_);
  responder_->watch();
}

chat::sink& turn::sink() {
  if (relay_) return relay_->text;
  return *responder_;
}

// The call failed once something was said.  False: it is told, |f| says what.
bool turn::goes_on(chat::failure& f) {
  if (!relay_ || !request_ || responder_->may_restart()) return false;
  relay& r = *relay_;
  const bool more = r.cuts == 0 || r.text.said() > r.said;
  if (more) {
    if (chat::fault_of(f) != chat::fault::provider || r.cuts == kMost || !responder_->may_go_on() ||
        !r.text.can_go_on()) {
      return false;
    }
    r.cuts++;
    r.said = r.text.said();
    r.why = f;
    r.timed_out = timed_out_;
    r.line = attempt_;
    r.step = 0;
  }
  if ((more || chat::fault_of(f) != chat::fault::request) && next_runner()) return true;
  f = r.why;
  attempt_ = r.line;
  timed_out_ = r.timed_out;
  return false;
}

// Each line is asked once, and not the provider that broke off.
bool turn::next_runner() {
  relay& r = *relay_;
  const auto& tries = model_->tries;
  while (++r.step < tries.size()) {
    const unsigned line = static_cast<unsigned>((r.line + r.step) % tries.size());
    chat::bad_request why;
    if (!tries[line].goes_on || tries[line].provider == tries[r.line].provider ||
        !is_carried(tries[line], why)) {
      continue;
    }
    attempt_ = line;
    if (!show_text()) return false;
    responder_->call_goes_on();
    tries_->pursue(line, now_);
    want_call_ = true;
    return true;
  }
  return false;
}

// The conversation with the answer so far.  False: there is no memory for it.
bool turn::show_text() {
  relay& r = *relay_;
  if (plan_.messages != &r.messages) {
    r.own = plan_.messages == nullptr;
    r.messages = r.own ? request_->messages : *plan_.messages;
    r.length = r.messages.size();
    if (!r.held.take(r.length * sizeof(chat::message))) return false;
  }
  const string_view text = r.text.text();
  r.messages.resize(r.length);
  chat::message answer;
  answer.role = chat::role::assistant;
  answer.parts.emplace_back().text = text;
  r.messages.push_back(std::move(answer));
  if (!dialect::goes_on(dialect())) {
    r.messages.emplace_back().parts.emplace_back().text = dialect::kGoOn;
  }
  plan_.messages = &r.messages;
  // White space at the end of the conversation is taken off for this one.
  r.text.go_on(dialect() == dialect::id::anthropic
                   ? text.size() - text::trim_right_unicode(text).size()
                   : 0);
  return true;
}

// The line that was chosen would not tell its provider all of the request.
void turn::pass_relay() {
  outgoing_.reset();
  if (next_runner()) return;
  attempt_ = relay_->line;
  timed_out_ = relay_->timed_out;
  responder_->call_failed(relay_->why);
}

}  // namespace f0
