// Copyright (C) 2026 The f0 authors

#include "proxy.h"

#include <string>
#include <utility>

#include "forwarding.h"

namespace f0 {
namespace {

class proxy final : public forwarding {
 public:
  using forwarding::forwarding;

  void start() override {
    call_plan plan;
    plan.last = true;
    turn_.call_model(plan);
  }

  size_t content_run(const string_view* json, size_t n) override {
    return turn_.client().content_run(json, n);
  }
};

// The operations only tell usage and the end here.
class raw_lane final : public backend {
 public:
  using backend::backend;

  void start() override {
    call_plan plan;
    plan.last = true;
    turn_.call_model(plan);
  }

  bool raw() const override { return true; }
  bool may_restart() const override { return body_.empty() && !turn_.client().useful(); }

  void raw_head(string_view content_type) override { content_type_ = content_type; }

  void raw_bytes(string_view bytes) override {
    if (turn_.client().streams()) return turn_.client().raw(bytes);
    if (!turn_.memory().charge(bytes.size())) {
      api::told t;
      t.type = "server_error";
      t.code = "upstream_error";
      t.message = "the provider's answer is larger than the limit";
      return turn_.fail(t);
    }
    body_ += bytes;
  }

  void call_done() override {
    if (turn_.client().streams()) return turn_.finish();
    turn_.respond(std::move(content_type_), std::move(body_));
  }

  void role(int) override {}
  void content(int, string_view) override {}
  void reasoning(int, string_view) override {}
  void refusal(int, string_view) override {}
  void tool_start(int, int, string_view, string_view) override {}
  void tool_args(int, int, string_view) override {}
  void tool_signature(int, int, string_view) override {}
  void finish(int, dialect::finish, string_view) override {}

 private:
  std::string content_type_, body_;
};

}  // namespace

std::unique_ptr<backend> make_proxy(turn_services& t) { return std::make_unique<proxy>(t); }

std::unique_ptr<backend> make_raw(turn_services& t) { return std::make_unique<raw_lane>(t); }

}  // namespace f0
