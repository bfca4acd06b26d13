// Copyright (C) 2026 The f0 authors
//
// The check of one answer against what the mock promised: every event is valid
// JSON, the content is exactly the promised one, role and ending are there.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common.h"

namespace bench {

// What the answer looks like on the wire.
enum class Shape { kOpenAi, kAnthropic, kGemini, kOllama, kJsonBody };

class Check {
 public:
  // |on_stamp| is given the time that each stamp in the content holds.
  Check(Shape shape, const Params& p, std::function<void(uint64_t)> on_stamp);

  // One event's JSON (or OpenAI's [DONE]).  True: it held content.
  bool event(std::string_view s);
  long pieces() const { return pieces_; }
  size_t content_bytes() const { return pos_; }
  // After the last event: what was wrong, NULL if nothing was.
  const char* verdict();
  // What is wrong so far.
  const char* wrong() const { return wrong_; }

 private:
  void fail(const char* what);
  bool parse(std::string_view s);
  bool same_frame(std::string_view s);
  void content(std::string_view raw);
  void text(std::string_view s);
  void plain(std::string_view s);

  Shape shape_;
  bool stamp_;
  Content content_;
  size_t pos_ = 0, total_;
  bool role_ = false, finish_ = false, done_ = false;
  long pieces_ = 0;
  const char* wrong_ = nullptr;
  std::string prefix_, suffix_;  // of the last parsed content event
  std::string unescaped_;
  std::string carry_;  // the beginning of a stamp, or what looks like one
  std::function<void(uint64_t)> on_stamp_;
};

}  // namespace bench
