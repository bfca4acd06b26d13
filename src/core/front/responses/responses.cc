// Copyright (C) 2026 The f0 authors

#include "responses.h"

#include "answer.h"
#include "request.h"

namespace f0::front {

namespace {

class writer final : public stream_writer {
 public:
  explicit writer(const writer_options& o) : answer_(o) { note(); }

  void on(std::string& out, const chat::event& e) override {
    answer_.tell_to(&out);
    answer_.on(e);
    note();
  }
  size_t content_run(std::string& out, const string_view* json, size_t n) override {
    answer_.tell_to(&out);
    n = answer_.content_run(json, n);
    note();
    return n;
  }
  // Its clients die of events that they do not know.
  void extension(std::string& out, string_view object, string_view event) override {
    (void) event;
    comment(out, "f0 " + std::string(object));
  }
  // No comment is a sign of life to them.
  void stay_awake(std::string& out, bool long_silence) override {
    (void) long_silence;
    answer_.tell_to(&out);
    answer_.stay_awake();
    note();
  }
  void done(std::string& out, const chat::usage& u) override {
    answer_.tell_to(&out);
    answer_.end();
    answer_.finish(u);
    note();
  }
  void error(std::string& out, const chat::api_error& t) override {
    answer_.tell_to(&out);
    answer_.fail(t);
    note();
  }

 private:
  void note() {
    chunks_ = answer_.events();
    over_limit_ = answer_.over_limit();
  }

  responses::answer answer_;
};

class body final : public body_writer {
 public:
  explicit body(const writer_options& o) : answer_(o) {}

  bool on(const chat::event& e) override {
    answer_.on(e);
    return !answer_.over_limit();
  }
  void restart() override { answer_.forget(); }
  void usage(const chat::usage& u) override {
    answer_.end();
    usage_ = u;
  }
  // A response has no member for it.
  void extension(string_view object) override { (void) object; }
  void write(std::string& out) const override { answer_.append_body(out, usage_); }

 private:
  responses::answer answer_;
  chat::usage usage_;
};

}  // namespace

const row kResponses = {
    "responses",
    responses::read,
    [](const writer_options& o) -> std::unique_ptr<stream_writer> {
      return std::make_unique<writer>(o);
    },
    [](const writer_options& o) -> std::unique_ptr<body_writer> {
      return std::make_unique<body>(o);
    },
    [](std::string& out, const chat::api_error& t, string_view turn) {
      (void) turn;
      append_error_object(out, t);
    },
};

}  // namespace f0::front
