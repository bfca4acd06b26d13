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

  void on(std::string& out, const chat::event& e) override {
    told_ = true;
    own_->on(out, e);
  }
  size_t content_run(std::string& out, const string_view* json, size_t n) override {
    return told_ ? own_->content_run(out, json, n) : 0;
  }
  void extension(std::string& out, string_view object, string_view event) override {
    own_->extension(out, object, event);
  }
  void stay_awake(std::string& out, bool long_silence) override {
    if (told_) return own_->stay_awake(out, long_silence);
    awake(out);
  }
  void done(std::string& out, const chat::usage& u) override {
    if (told_) return own_->done(out, u);
    end(out);
  }
  void error(std::string& out, const chat::api_error& t) override {
    if (told_) return own_->error(out, t);
    fail(out, t);
  }

 protected:
  // What goes out now.
  virtual void note(string_view events) { (void) events; }
  // One event: its bytes, and its data, an object.
  virtual void look(string_view event, const json::value& data) = 0;
  // Whether |events| hold one to look at.
  virtual bool to_look_at(string_view events) const = 0;
  virtual void awake(std::string& out) = 0;
  virtual void end(std::string& out) = 0;
  virtual void fail(std::string& out, const chat::api_error& t) = 0;

  // The event at hand as it is passed on: with the client's name of the model in
  // its member |object|, if there is one.
  void rename(string_view event, string_view object);

  identity who_;

 private:
  std::unique_ptr<stream_writer> own_;
  std::string passed_;
  bool renamed_ = false;
  bool told_ = false;
};

// Whether there are providers that speak the API.
constexpr bool has_lane(id front) { return front == id::messages || front == id::responses; }

// REQUIRES: has_lane(front).
std::unique_ptr<lane_writer> make_lane_writer(id front, const identity& who);

// A whole answer with the client's name of the model.
std::string renamed_body(string_view body, string_view model);

// The request's |body| without what only f0 can read: thinking blocks and items of
// reasoning with an envelope.  |body| is known to be a valid JSON object.
std::string without_envelopes(id front, string_view body);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_LANE_H_
