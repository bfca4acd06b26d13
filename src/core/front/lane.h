// Copyright (C) 2026 The f0 authors
//
// lane.h - the client and the provider speak the same API: the provider's own
// events are passed on, byte for byte but for the model's name, and f0 adds only
// what the contract of ends and of silence asks for (fronts.md 1, 10).

#ifndef F0_CORE_FRONT_LANE_H_
#define F0_CORE_FRONT_LANE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "../base/budget.h"
#include "front.h"

namespace f0::front {

// What stands in the place of a front's own writer.  An answer that is no stream
// of events is told by that writer, after all.
class lane_writer : public stream_writer {
 public:
  explicit lane_writer(identity who) : who_(std::move(who)) {}

  // The front's own, which tells what is told by on().
  void use(std::unique_ptr<stream_writer> own) { own_ = std::move(own); }

  // Whole events of the provider's as the client reads them; valid until the next
  // call.  |counts|: one of them is a sign of life to a client.
  string_view pass(string_view events, bool& counts);
  // What went out told the failure itself: what has to follow it.
  virtual void follow(std::string& out, const chat::api_error& t) { (void) out, (void) t; }

  // Another provider may go on with what this one says: the front's own writer hears
  // it, and says nothing.
  void hear(const chat::event& e) {
    silent_.clear();
    own_->on(silent_, e);
  }
  size_t hear_run(const string_view* json, size_t n) {
    silent_.clear();
    return own_->content_run(silent_, json, n);
  }
  // Whether it stands where the provider's own events do, in a text; then it goes on
  // from here.
  bool in_text() const { return own_->is_in_text(open_text()); }
  void go_on() {
    told_ = true;
    take_over();
  }

  // Whether what is asked now speaks another API: then the front's own writer
  // tells of silence and ends, too.
  void translate(bool on) { translates_ = on; }
  // The front's own writer has begun the answer: no other one may follow.
  bool began() const { return began_; }

  void on(std::string& out, const chat::event& e) override {
    told_ = true;
    own_->on(out, e);
    take_over();
  }
  size_t content_run(std::string& out, const string_view* json, size_t n) override {
    if (!told_) return 0;
    const size_t taken = own_->content_run(out, json, n);
    take_over();
    return taken;
  }
  void extension(std::string& out, string_view object, string_view event) override {
    own_->extension(out, object, event);
    take_over();
  }
  void stay_awake(std::string& out, bool long_silence) override {
    if (!tells()) return awake(out, long_silence);
    own_->stay_awake(out, long_silence);
    take_over();
  }
  void done(std::string& out, const chat::usage& u) override {
    if (!tells()) return end(out);
    own_->done(out, u);
    take_over();
  }
  void error(std::string& out, const chat::api_error& t) override {
    if (!tells()) return fail(out, t);
    own_->error(out, t);
    take_over();
  }

 protected:
  // The block of the provider's that is open, if it is text; else -1.
  virtual int64_t open_text() const { return -1; }
  // What goes out now.
  virtual void note(string_view events) { (void) events; }
  // One event: its bytes, and its data, an object, as text and as it is read.
  virtual void look(string_view event, string_view text, const json::value& data) = 0;
  // Whether |events| hold one to look at.
  virtual bool to_look_at(string_view events) const = 0;
  virtual void awake(std::string& out, bool long_silence) = 0;
  virtual void end(std::string& out) = 0;
  virtual void fail(std::string& out, const chat::api_error& t) = 0;

  // The event at hand as it is passed on: with the client's name of the model in
  // its member |object|, if there is one, and |ident| for its id, unless empty.
  void rename(string_view event, string_view object, string_view ident = {});
  // It is not passed on.
  void leave_out() { renamed_ = true; }
  // The answer's start in the front's own words, whoever goes on with it.
  void start(std::string& out) { own_->stay_awake(out, true); }

  identity who_;

 private:
  bool tells() const { return told_ || translates_; }
  // What the front's own writer counts is this one's.
  void take_over() {
    began_ = true;
    chunks_ = own_->chunks();
    over_limit_ = own_->over_limit();
  }

  std::unique_ptr<stream_writer> own_;
  std::string passed_, silent_;
  bool renamed_ = false;
  bool told_ = false, translates_ = false, began_ = false;
};

// Whether there are providers that speak the API.
constexpr bool has_lane(id front) { return front == id::messages || front == id::responses; }

// |stored|: the client may ask for the answer again by its provider's id.
// REQUIRES: has_lane(front).
std::unique_ptr<lane_writer> make_lane_writer(id front, const identity& who, bool stored);

// A whole answer with the client's name of the model.
std::string renamed_body(string_view body, string_view model);

// The request's |body| without what only f0 can read: thinking blocks and items of
// reasoning with an envelope.  |body| is known to be a valid JSON object.
std::string without_envelopes(id front, string_view body);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_LANE_H_
