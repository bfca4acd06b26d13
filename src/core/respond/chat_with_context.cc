// Copyright (C) 2026 The f0 authors

#include "chat_with_context.h"

#include <utility>

#include "../agent/job.h"
#include "../agent/prompt.h"
#include "passthrough.h"

namespace f0::agent {
namespace {

class chat_with_context final : public passthrough {
 public:
  chat_with_context(turn_services& t, decision d) : passthrough(t), decision_(std::move(d)) {}

  bool defers() const override { return true; }

  void start() override {
    size_t bytes = 0;
    for (const auto& f : decision_.files.files) bytes += f.content.size();
    auto work = std::make_unique<job>([this] {
      prompt_options o;
      o.edits = false;
      o.context = turn_.model().context;
      build_prompt(turn_.request(), decision_.files, o, prompt_);
    });
    if (bytes > kInline) return turn_.run_work(std::move(work));
    work->run();
    work_over(*work);
  }

  void work_over(work& w) override {
    size_t taken = prompt_.memory();
    if (static_cast<job&>(w).failed() || !turn_.memory().charge(taken)) {
      return turn_.fail(out_of_memory());
    }
    taken_ = taken;
    call_plan plan;
    plan.messages = &prompt_.messages;
    plan.last = true;
    turn_.call_model(plan);
  }

  void call_is_last() override {
    decision_ = {};
    prompt_ = {};
    turn_.memory().release(std::exchange(taken_, 0));
  }

 private:
  decision decision_;
  prompt prompt_;
  size_t taken_ = 0;  // of the turn's memory
};

}  // namespace

std::unique_ptr<responder> make_talk(turn_services& t, decision d) {
  return std::make_unique<chat_with_context>(t, std::move(d));
}

}  // namespace f0::agent
