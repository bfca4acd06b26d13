// Copyright (C) 2026 The f0 authors
//
// writer.h - what f0's client reads: OpenAI chunks, or one JSON body.
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

// Writes whole SSE events to |out| (given at each call: a worker's buffer).
// Keeps only the prefix of a content chunk: an idle stream is cheap.
class chunk_writer {
 public:
  chunk_writer(const identity& who, bool include_usage);

  void role(std::string& out, int choice);
  void content(std::string& out, int choice, string_view text);
  // The fast lane: |n| chunks whose texts are already escaped.
  void content_run(std::string& out, const string_view* json, size_t n);
  void reasoning(std::string& out, int choice, string_view text);
  void refusal(std::string& out, int choice, string_view text);
  void reasoning_details(std::string& out, int choice, string_view text, string_view json);
  void image(std::string& out, int choice, string_view url);
  void tool_start(std::string& out, int choice, int k, const chat::tool_head& head);
  void tool_args(std::string& out, int choice, int k, string_view text);
  void tool_extra(std::string& out, int choice, int k, string_view json);
  void finish(std::string& out, int choice, chat::finish f);
  void usage(std::string& out, const chat::usage& u);  // if it was asked for
  void error(std::string& out, const api_error& t);
  void done(std::string& out);
  void comment(std::string& out, string_view text);  // ": text\n\n"
  void empty_delta(std::string& out);                // a chunk for clients that count only those
  // A valid chunk, delta {}, with the extra member "f0": |object|; with
  // |event| not empty the SSE event is named so (agents.md 2.4).
  void extension(std::string& out, string_view object, string_view event);

  unsigned chunks() const { return chunks_; }

 private:
  string_view head() const { return string_view(frame_).substr(close_size_, head_size_); }
  void open(std::string& out, int choice);
  void close(std::string& out, string_view finish = {});
  void text(std::string& out, int choice, string_view key, string_view text);
  void open_call(std::string& out, int choice, int k);

  // The end of a content chunk of choice 0 and the beginning of the next one, up
  // to its text: what comes between two texts in a run.
  std::string frame_;
  uint32_t close_size_;     // of it, the end
  uint32_t head_size_ = 0;  // after that, what all chunks share: up to "choices":[
  bool include_usage_;
  unsigned chunks_ = 0;
  std::vector<std::pair<int, int>> custom_;  // the calls of custom tools: choice, number
};

// Collects a whole chat.completion.
class completion_writer {
 public:
  completion_writer(const identity& who, budget& b);
  ~completion_writer();

  // False: over the turn's memory.
  bool role(int choice);
  bool content(int choice, string_view text);
  bool reasoning(int choice, string_view text);
  bool refusal(int choice, string_view text);
  bool image(int choice, string_view url);
  // The whole list of reasoning_details.
  bool details(int choice, string_view json);
  bool tool_start(int choice, int k, const chat::tool_head& head);
  bool tool_args(int choice, int k, string_view text);
  bool tool_extra(int choice, int k, string_view json);
  void finish(int choice, chat::finish f);
  void usage(const chat::usage& u);
  // Forgets all of it.
  void restart();
  // The member "f0" of an agent's answer, as JSON.
  void extension(string_view object);
  // The body.
  void write(std::string& out) const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// {"prompt_tokens":...}: the usage object that clients are told.
void append_usage(std::string& out, const chat::usage& u);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_CHAT_COMPLETIONS_WRITER_H_
