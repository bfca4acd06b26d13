// Copyright (C) 2026 The f0 authors
//
// raw.h - a provider's own bytes: the request goes up as it came, the events come
// down as they are.

#ifndef F0_CORE_RESPOND_RAW_H_
#define F0_CORE_RESPOND_RAW_H_

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "passthrough.h"

namespace f0 {

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

// Of a stream the operations are only heard, not told, but for an answer of the
// other form, one JSON body in place of a stream: that has no events to pass on, so
// the client gets f0's.  This one is the lane of chat completions.
class raw_lane : public passthrough {
 public:
  using passthrough::passthrough;

  bool raw() const override { return turn_.dialect() == dialect::id::openai; }
  void raw_head(int status, bool labelled_body) override {
    (void) labelled_body;
    good_ = status == 200;
  }
  void raw_bytes(string_view bytes, size_t unframed) override;
  void raw_body() override { whole_ = true; }

  bool tells_text() const override { return false; }
  void call_restarts() override;
  void call_goes_on() override { forget(); }
  void call_done() override;
  void call_failed(const chat::failure& f) override;
  void error(const chat::failure& f) override;
  void on(const chat::event& e) override;
  size_t content_run(const string_view* json, size_t n) override;

 protected:
  // Whether the operations are told.
  virtual bool telling() const { return !raw() || (whole_ && turn_.outlet().streams()); }
  // Whole events leave.
  virtual void write(string_view events) { turn_.outlet().raw(events); }
  // The last ones have; a stream.
  virtual void ended() { turn_.outlet().close(); }
  // The provider's own words for |f| have.
  virtual void ended_badly(const chat::failure& f) {
    (void) f;
    turn_.outlet().raw("data: [DONE]\n\n");
    turn_.outlet().close();
  }
  // What is not written yet of the answer, or all of its body.
  std::string& held() { return held_; }
  bool good() const { return good_; }
  bool whole() const { return whole_; }
  void take_as_whole() { whole_ = true; }

 private:
  void forget();
  bool hold();
  void pass(size_t n);
  void pass_rest();

  std::string held_;  // events that wait, or a body
  event_ends ends_;
  size_t charged_ = 0;
  bool good_ = true;      // the answer's status is 200
  bool passing_ = false;  // whole events go out
  bool whole_ = false;    // the answer is one body
  bool failed_ = false, own_ = false;
  bool told_ = false;  // the failure went out, in the provider's words
};

// "mode raw" of chat completions.
std::unique_ptr<responder> make_raw(turn_services& t);

}  // namespace f0

#endif  // F0_CORE_RESPOND_RAW_H_
