// Copyright (C) 2026 The f0 authors
//
// raw.cc - the bytes wait until the events that they hold were read, because
// these decide: before the first output a failure is still an HTTP answer, or
// the next provider's turn; behind it the provider's own error event ends the
// stream.  Only whole events go out, so that anything of f0's own, a comment or
// an error, stands between two of them.

#include "raw.h"

#include <utility>

namespace f0 {
namespace {

// So much can be no mere opening: it goes out whatever it holds.
constexpr size_t kHeldMax = 64 << 10;

// Something that can't be taken back.
bool is_useful(const chat::event& e) {
  using kind = chat::event::kind;
  switch (e.type) {
    case kind::role:
    case kind::extra:
    case kind::keep:
    case kind::finish:
      return false;
    case kind::details:
      return !e.text.empty();
    default:
      return true;
  }
}

}  // namespace

void raw_lane::raw_bytes(string_view bytes, size_t unframed) {
  const bool streams = turn_.outlet().streams() && good_;
  if (streams && whole_) return;  // told, not passed on
  held_ += bytes;
  if (!hold()) return;
  if (!streams) return;
  ends_.scan(string_view(held_).substr(0, held_.size() - std::min(unframed, held_.size())));
  // An event that failed is the last one.
  size_t good = ends_.last();
  if (failed_ && good == held_.size()) good = ends_.before();
  if (good > kHeldMax) passing_ = true;
  if (!passing_) return;
  told_ = failed_ && !own_ && good < ends_.last();
  pass(told_ ? ends_.last() : good);
}

void raw_lane::call_restarts() {
  passthrough::call_restarts();
  forget();
}

void raw_lane::forget() {
  held_.clear();
  ends_ = {};
  failed_ = own_ = whole_ = false;
  good_ = true;
  hold();
}

void raw_lane::call_done() {
  if (telling()) return passthrough::call_done();
  if (!turn_.outlet().streams()) {
    // Events in place of a body: their end is one however it was cut.
    if (!whole_) ends_.scan(held_);
    if (ends_.owes_lf()) held_ += '\n';
    return turn_.respond(std::move(held_));
  }
  pass_rest();
  ended();
  turn_.finish();
}

void raw_lane::call_failed(const chat::failure& f) {
  if (told_) {
    pass_rest();
    ended_badly(f);
  }
  turn_.fail(f);
}

void raw_lane::error(const chat::failure& f) {
  failed_ = true;
  own_ = f.own;
  passthrough::error(f);
}

void raw_lane::on(const chat::event& e) {
  if (is_useful(e)) passing_ = true;
  if (telling()) passthrough::on(e);
}

size_t raw_lane::content_run(const string_view* json, size_t n) {
  passing_ = true;
  return telling() ? turn_.outlet().content_run(json, n) : n;
}

// Charges what is held.
bool raw_lane::hold() {
  turn_.memory().release(charged_);
  charged_ = 0;
  if (!turn_.memory().charge(held_.size())) {
    turn_.outlet().exceed();
    return false;
  }
  charged_ = held_.size();
  return true;
}

// Nothing that stands behind the end was read, not even the LF of its CR.
void raw_lane::pass_rest() {
  pass(held_.size());
  if (ends_.owes_lf()) turn_.outlet().raw("\n");
}

void raw_lane::pass(size_t n) {
  if (n == 0) return;
  write(string_view(held_).substr(0, n));
  held_.erase(0, n);
  ends_.drop(n);
  hold();
}

std::unique_ptr<responder> make_raw(turn_services& t) { return std::make_unique<raw_lane>(t); }

}  // namespace f0
