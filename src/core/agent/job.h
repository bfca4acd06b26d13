// Copyright (C) 2026 The f0 authors
//
// job.h - a step of a turn that may take long.

#ifndef F0_CORE_AGENT_JOB_H_
#define F0_CORE_AGENT_JOB_H_

#include <functional>
#include <utility>

#include "../chat/failure.h"
#include "../respond/responder.h"

namespace f0::agent {

// Work on up to so many bytes is done at once: well below a millisecond.
constexpr size_t kInline = 48 * 1024;

// Runs |f|, perhaps in another thread.
//
// REQUIRES: |f| touches nothing but what it owns and members of its responder that
// nobody reads or writes until work_over().  The turn holds the model's operations
// back until then (event_queue.h) and asks its responder nothing, but the host may feed
// it, drain it and let time pass meanwhile: f0's client, the stream, usage and
// failures belong to the host's thread.  |f| may call const functions of
// turn_.request(), turn_.model() and turn_.attempt(), which stand still while a
// call's work runs, and nothing else of the turn.
class job final : public work {
 public:
  explicit job(std::function<void()> f) : f_(std::move(f)) {}

  void run() noexcept override {
    try {
      f_();
    } catch (...) {
      failed_ = true;
    }
  }
  bool failed() const { return failed_; }

 private:
  std::function<void()> f_;
  bool failed_ = false;
};

inline chat::api_error out_of_memory() {
  chat::api_error t;
  t.status = 500;
  t.type = "server_error";
  t.code = "code_generation_failed";
  t.message = "The turn needs more memory than its limit.";
  return t;
}

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_JOB_H_
