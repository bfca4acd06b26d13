// Copyright (C) 2026 The f0 authors
//
// raw.cc - the bytes wait until the events that they hold were read, because
// these decide: before the first output a failure is still an HTTP answer, or
// the next provider's turn; behind it the provider's own error event ends the
// stream.  Only whole events go out, so that anything of f0's own, a comment or
// an error, stands between two of them.

#include "raw.h"

#include <algorithm>
#include <string>
#include <utility>

#include "passthrough.h"

namespace f0 {
namespace {

// So much can be no mere opening: it goes out whatever it holds.
constexpr size_t kHeldMax = 64 << 10;

// Where events end: behind blank lines, whatever ends a line.
class event_ends {
 public:
  // Looks at what |s| has beyond the last call's.
  void scan(string_view s) {
    for (; at_ < s.size(); at_++) {
      const char c = s[at_];
      if (c == '\n' && cr_) {
        if (last_ == at_) last_++;  // the LF of the CR that ended an event
        cr_ = false;
        crlf_ = true;
        continue;
      }
      cr_ = c == '\r';
      if (c != '\n' && !cr_) {
        blank_ = false;
        continue;
      }
      if (blank_) {
        before_ = last_;
        last_ = at_ + 1;
      }
      blank_ = true;
    }
  }
  size_t last() const { return last_; }      // the end of the last whole event
  size_t before() const { return before_; }  // and of the one before it
  // A CR was the last byte, and an LF will follow it.
  bool owes_lf() const { return cr_ && crlf_; }
  void drop(size_t n) {
    at_ -= n;
    last_ -= std::min(n, last_);
    before_ -= std::min(n, before_);
  }

 private:
  size_t at_ = 0, last_ = 0, before_ = 0;
  bool blank_ = true, cr_ = false, crlf_ = false;
};

// Of a stream the operations are only heard, not told, but for a provider that
// answers a stream's request with one JSON body: that has no events to pass on,
// so the client gets f0's.
class raw_lane final : public passthrough {
 public:
  using passthrough::passthrough;

  bool raw() const override { return true; }

  void raw_bytes(string_view bytes, size_t unframed) override {
    held_ += bytes;
    if (!hold()) return;
    if (!turn_.outlet().streams()) return;
    ends_.scan(string_view(held_).substr(0, held_.size() - std::min(unframed, held_.size())));
    // An event that failed is the last one.
    size_t good = ends_.last();
    if (failed_ && good == held_.size()) good = ends_.before();
    if (good > kHeldMax) passing_ = true;
    if (!passing_) return;
    told_ = failed_ && !own_ && good < ends_.last();
    pass(told_ ? ends_.last() : good);
  }

  void raw_body() override { whole_ = turn_.outlet().streams(); }

  void call_restarts() override {
    passthrough::call_restarts();
    held_.clear();
    ends_ = {};
    failed_ = own_ = whole_ = false;
    hold();
  }

  void call_done() override {
    if (!turn_.outlet().streams()) return turn_.respond(std::move(held_));
    if (!whole_) end_with("");
    turn_.finish();
  }

  void call_failed(const chat::failure& f) override {
    if (told_) end_with("data: [DONE]\n\n");
    turn_.fail(f);
  }

  void error(const chat::failure& f) override {
    failed_ = true;
    own_ = f.own;
    passthrough::error(f);
  }

  void on(const chat::event& e) override {
    if (is_useful(e)) passing_ = true;
    if (whole_) passthrough::on(e);
  }
  size_t content_run(const string_view*, size_t n) override {
    passing_ = true;
    return n;
  }

 private:
  // Something that can't be taken back.
  static bool is_useful(const chat::event& e) {
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

  // Charges what is held.
  bool hold() {
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
  void end_with(string_view mark) {
    pass(held_.size());
    if (ends_.owes_lf()) turn_.outlet().raw("\n");
    turn_.outlet().raw(mark);
    turn_.outlet().close();
  }

  void pass(size_t n) {
    if (n == 0) return;
    turn_.outlet().raw(string_view(held_).substr(0, n));
    held_.erase(0, n);
    ends_.drop(n);
    hold();
  }

  std::string held_;  // events that wait, or a body
  event_ends ends_;
  size_t charged_ = 0;
  bool passing_ = false;  // whole events go out
  bool whole_ = false;    // the answer to a stream's request is one body
  bool failed_ = false, own_ = false;
  bool told_ = false;  // the failure went out, in the provider's words
};

}  // namespace

std::unique_ptr<responder> make_raw(turn_services& t) { return std::make_unique<raw_lane>(t); }

}  // namespace f0
