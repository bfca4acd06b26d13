// Copyright (C) 2026 The f0 authors

#include "talk.h"

#include "job.h"
#include "prompt.h"

namespace f0::agent {
namespace {

class talk final : public backend {
 public:
  talk(turn_services& t, decision d) : backend(t), decision_(std::move(d)) {}

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
    call_plan plan;
    plan.messages = &prompt_.messages;
    turn_.call_model(plan);
  }

  void call_done() override { turn_.finish(); }

  void role(int choice) override { turn_.client().role(choice); }
  void content(int choice, string_view text) override { turn_.client().content(choice, text); }
  void reasoning(int choice, string_view text) override { turn_.client().reasoning(choice, text); }
  void refusal(int choice, string_view text) override { turn_.client().refusal(choice, text); }

  void tool_start(int choice, int k, string_view id, string_view name) override {
    tool_id_ = turn_.client().tool_start(choice, k, id, name);
  }
  void tool_args(int choice, int k, string_view text) override {
    turn_.client().tool_args(choice, k, text);
  }
  void tool_signature(int, int, string_view signature) override {
    turn_.keep_signature(tool_id_, signature);
  }
  void finish(int choice, dialect::finish f, string_view) override {
    turn_.client().finish(choice, f);
  }

 private:
  decision decision_;
  prompt prompt_;
  std::string tool_id_;
};

}  // namespace

std::unique_ptr<backend> make_talk(turn_services& t, decision d) {
  return std::make_unique<talk>(t, std::move(d));
}

}  // namespace f0::agent
