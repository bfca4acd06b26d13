// Copyright (C) 2026 The f0 authors
//
// writer.h - what a client of chat completions reads: chunks, or one JSON body.
//
// The form is wire/golden, byte for byte: role chunk first and once, one kind of
// thing per delta, exactly one finish_reason, usage only in a last choice-less
// chunk, then [DONE].

#ifndef F0_CORE_FRONT_CHAT_COMPLETIONS_WRITER_H_
#define F0_CORE_FRONT_CHAT_COMPLETIONS_WRITER_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../base/budget.h"
#include "../../chat/event.h"
#include "../../chat/failure.h"
#include "../front.h"

namespace f0::front {

using namespace chat;

// Keeps only the prefix of a content chunk: an idle stream is cheap.
class chunk_writer final : public stream_writer {
 public:
  chunk_writer(const identity& who, bool include_usage);

  void on(std::string& out, const event& e) override;
  size_t content_run(std::string& out, const string_view* json, size_t n) override;
  // A valid chunk, delta {}, with the extra member "f0"; with |event| not empty the
  // SSE event is named so.
  void extension(std::string& out, string_view object, string_view event) override;
  // A comment, or a chunk for clients that count only those.
  void stay_awake(std::string& out, bool long_silence) override;
  // Usage if it was asked for and there is some, [DONE].
  void done(std::string& out, const chat::usage& u) override;
  void error(std::string& out, const api_error& t) override;

 private:
  string_view head() const { return string_view(frame_).substr(close_size_, head_size_); }
  void open(std::string& out, int choice);
  void close(std::string& out, string_view finish = {});
  void role(std::string& out, int choice);
  void text(std::string& out, int choice, string_view key, string_view text);
  void details(std::string& out, const event& e);
  void image(std::string& out, const event& e);
  void open_call(std::string& out, const event& e);
  void call(std::string& out, const event& e);
  void arguments(std::string& out, const event& e);
  void extra(std::string& out, const event& e);

  // The end of a content chunk of choice 0 and the beginning of the next one, up
  // to its text: what comes between two texts in a run.
  std::string frame_;
  uint32_t close_size_;     // of it, the end
  uint32_t head_size_ = 0;  // after that, what all chunks share: up to "choices":[
  bool include_usage_;
  bool began_ = false;                       // choice 0 did
  std::vector<std::pair<int, int>> custom_;  // the calls of custom tools: choice, number
};

// Collects a whole chat.completion.
class completion_writer final : public body_writer {
 public:
  completion_writer(const identity& who, budget& b);
  ~completion_writer() override;

  bool on(const event& e) override;
  void restart() override;
  void usage(const chat::usage& u) override;
  void extension(string_view object) override;
  void write(std::string& out) const override;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// {"prompt_tokens":...}: the usage object that clients are told.
void append_usage(std::string& out, const chat::usage& u);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_CHAT_COMPLETIONS_WRITER_H_
