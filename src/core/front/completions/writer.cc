// Copyright (C) 2026 The f0 authors
//
// writer.cc - text_completion, as chunks and whole.  A completion is text alone:
// whatever else a model says has no place in it.

#include "../chat_completions/writer.h"

#include <utility>

#include "../../json/json.h"
#include "completions.h"

namespace f0::front::completions {

namespace {

using chat::event;

constexpr string_view kOpen = "{\"index\":0,\"text\":\"";
constexpr string_view kClose = "\",\"logprobs\":null,\"finish_reason\":";

// Up to the choices.
void append_head(std::string& out, const identity& who) {
  out += "{\"id\":";
  json::append_string(out, "cmpl-" + who.id);
  out += ",\"object\":\"text_completion\",\"created\":";
  out += std::to_string(who.created);
  out += ",\"model\":";
  json::append_string(out, who.model);
  out += ",\"choices\":[";
}

// Its text is all that a choice has.
string_view word_of(chat::finish f) {
  return chat::finish_word(f == chat::finish::tool_calls ? chat::finish::stop : f);
}

// One event of choice 0: its text, or its end.
class text_stream final : public stream_writer {
 public:
  explicit text_stream(const writer_options& o) : include_usage_(o.request.include_usage) {
    head_ = "data: ";
    append_head(head_, o.who);
    head_.shrink_to_fit();
  }

  void on(std::string& out, const event& e) override {
    if (e.choice != 0) return;
    if (e.type == event::kind::content) {
      begin(out);
      json::append_escaped(out, e.text);
      end(out);
    } else if (e.type == event::kind::finish) {
      begin(out);
      end(out, word_of(e.why));
    }
  }

  size_t content_run(std::string& out, const string_view* json, size_t n) override {
    for (size_t i = 0; i < n; i++) {
      begin(out);
      out += json[i];
      end(out);
    }
    return n;
  }

  // No agent works here.
  void extension(std::string&, string_view, string_view) override {}

  void stay_awake(std::string& out, bool long_silence) override {
    if (!long_silence) return comment(out, "keep-alive");
    begin(out);
    end(out);
  }

  void done(std::string& out, const chat::usage& u) override {
    if (include_usage_ && u.any()) {
      chunks_++;
      out.append(head_).append("],\"usage\":");
      append_usage(out, u);
      out += "}\n\n";
    }
    out += "data: [DONE]\n\n";
  }

  void error(std::string& out, const chat::api_error& t) override {
    out += "data: ";
    chat::append_error_object(out, t);
    out += "\n\ndata: [DONE]\n\n";
  }

 private:
  void begin(std::string& out) {
    chunks_++;
    out.append(head_).append(kOpen);
  }

  void end(std::string& out, string_view finish = {}) {
    out += kClose;
    if (finish.empty()) {
      out += "null";
    } else {
      json::append_string(out, finish);
    }
    out += include_usage_ ? "}],\"usage\":null}\n\n" : "}]}\n\n";
  }

  std::string head_;
  bool include_usage_;
};

class text_body final : public body_writer {
 public:
  explicit text_body(const writer_options& o) : who_(o.who), memory_(o.memory) {}
  ~text_body() override { memory_.release(charged_); }

  bool on(const event& e) override {
    if (e.choice != 0) return true;
    if (e.type == event::kind::finish) finish_ = e.why;
    if (e.type != event::kind::content) return true;
    if (!memory_.charge(e.text.size())) return false;
    charged_ += e.text.size();
    text_.append(e.text);
    return true;
  }

  void restart() override {
    memory_.release(std::exchange(charged_, 0));
    text_.clear();
    finish_ = chat::finish::none;
  }

  void usage(const chat::usage& u) override { usage_ = u; }
  void extension(string_view) override {}

  void write(std::string& out) const override {
    append_head(out, who_);
    out += kOpen;
    json::append_escaped(out, text_);
    out += kClose;
    if (finish_ == chat::finish::none) {
      out += "null";
    } else {
      json::append_string(out, word_of(finish_));
    }
    out += "}]";
    if (usage_.any()) {
      out += ",\"usage\":";
      append_usage(out, usage_);
    }
    out += '}';
  }

 private:
  const identity who_;
  budget& memory_;
  size_t charged_ = 0;
  std::string text_;
  chat::finish finish_ = chat::finish::none;
  chat::usage usage_;
};

}  // namespace

std::unique_ptr<stream_writer> stream(const writer_options& o) {
  return std::make_unique<text_stream>(o);
}

std::unique_ptr<body_writer> body(const writer_options& o) {
  return std::make_unique<text_body>(o);
}

}  // namespace f0::front::completions
