// Copyright (C) 2026 The f0 authors

#include "lane.h"

#include <utility>

#include "../front/lane.h"
#include "../json/json.h"
#include "raw.h"

namespace f0 {
namespace {

// A thread of Anthropic's that is not there: its client sends all of it again.
bool is_lost_thread(string_view body) {
  return body.find("thread_not_found") != body.npos ||
         body.find("previous_message_id") != body.npos;
}

// Responses are, unless their client says that it wants no such thing.
bool is_stored(const chat::request& r) {
  const json::value* v = r.root != nullptr ? r.root->get("store") : nullptr;
  return v == nullptr || !v->is_bool() || v->boolean();
}

class api_lane final : public raw_lane {
 public:
  explicit api_lane(turn_services& t) : raw_lane(t) {
    if (!t.outlet().streams()) return;
    std::unique_ptr<front::lane_writer> w =
        front::make_lane_writer(t.front(), t.identity(), is_stored(t.request()));
    writer_ = w.get();
    writer_->use(t.outlet().exchange(std::move(w)));
  }

  void start() override {
    choose();
    raw_lane::start();
  }
  void call_restarts() override {
    raw_lane::call_restarts();
    choose();
  }

  bool tells_text() const override { return writer_ != nullptr; }
  void watch() override { watched_ = true; }
  // Behind the provider's own bytes, if f0 knows where they stand.
  bool may_go_on() const override { return writer_->began() || writer_->in_text(); }
  void call_goes_on() override {
    if (!writer_->began()) writer_->go_on();
    raw_lane::call_goes_on();
    choose();
  }

  void on(const chat::event& e) override {
    if (watched_ && !telling()) writer_->hear(turn_.outlet().named(e));
    raw_lane::on(e);
  }
  size_t content_run(const string_view* json, size_t n) override {
    if (watched_ && !telling()) n = writer_->hear_run(json, n);
    return raw_lane::content_run(json, n);
  }

  // Not behind an answer that was begun in f0's own words.
  bool raw() const override {
    if (writer_ != nullptr && writer_->began()) return false;
    const dialect::id d = turn_.dialect();
    return turn_.front() == front::id::messages ? d == dialect::id::anthropic
                                                : d == dialect::id::responses;
  }

  // What is no stream by its own label is translated, though it may hold events.
  void raw_head(int status, bool labelled_body) override {
    raw_lane::raw_head(status, labelled_body);
    if (labelled_body && turn_.outlet().streams()) take_as_whole();
  }

  void call_done() override {
    if (telling() || turn_.outlet().streams()) return raw_lane::call_done();
    turn_.respond(front::renamed_body(held(), turn_.identity().model));
  }

  // Bodies of errors are the provider's too, but for what is the operator's.
  void call_failed(const chat::failure& f) override {
    if (!raw() || good() || turn_.outlet().committed()) return raw_lane::call_failed(f);
    chat::api_error t = turn_.told(f);
    if (f.status == 404 && is_lost_thread(held())) {
      t.headers.clear();
    } else if (is_final(t)) {
      return raw_lane::call_failed(f);
    }
    json::document doc;
    const json::value* o = doc.parse(held());
    if (o == nullptr || !o->is_object() || turn_.has_secret(held())) {
      return raw_lane::call_failed(f);
    }
    // Nobody is sent elsewhere.
    if (f.status >= 400) t.status = f.status;
    turn_.pass_failure(t, std::move(held()));
  }

 protected:
  bool telling() const override {
    return !raw() || (good() && whole() == turn_.outlet().streams());
  }

  void write(string_view events) override {
    bool counts = true;
    const string_view s = writer_->pass(events, counts);
    ends_well_ =
        s.ends_with("\n\n") || s.ends_with("\n\r\n") || s.ends_with("\n\r") || s.ends_with("\r\r");
    ends_line_ = s.ends_with('\n') || s.ends_with('\r');
    turn_.outlet().raw(s, counts);
  }

  // The end is the writer's to complete.
  void ended() override {
    if (!ends_well_) turn_.outlet().raw(ends_line_ ? "\n" : "\n\n");
  }
  void ended_badly(const chat::failure& f) override {
    ended();
    std::string more;
    writer_->follow(more, turn_.told(f));
    turn_.outlet().raw(more);
    turn_.outlet().close();
  }

 private:
  void choose() {
    if (writer_ != nullptr) writer_->translate(!raw());
  }

  // What only the operator can mend.
  static bool is_final(const chat::api_error& t) {
    for (const auto& [name, value] : t.headers) {
      if (name == "x-should-retry" && value == "false") return true;
    }
    return false;
  }

  bool watched_ = false;                  // others may go on with what is told
  front::lane_writer* writer_ = nullptr;  // the outlet's; of a stream
  bool ends_well_ = true, ends_line_ = true;
};

}  // namespace

std::unique_ptr<responder> make_lane(turn_services& t) {
  if (front::has_lane(t.front())) return std::make_unique<api_lane>(t);
  return make_raw(t);
}

}  // namespace f0
