// Copyright (C) 2026 The f0 authors

#include "proxy.h"

#include <string>
#include <utility>

#include "../front/lane.h"
#include "lane.h"
#include "passthrough.h"

namespace f0 {
namespace {

class proxy final : public passthrough {
 public:
  using passthrough::passthrough;

  size_t content_run(const string_view* json, size_t n) override {
    return turn_.outlet().content_run(json, n);
  }
};

}  // namespace

std::unique_ptr<responder> make_proxy(turn_services& t) {
  if (front::has_lane(t.front())) return make_lane(t);
  return std::make_unique<proxy>(t);
}

}  // namespace f0
