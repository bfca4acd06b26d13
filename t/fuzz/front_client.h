// Copyright (C) 2026 The f0 authors
//
// front_client.h - a client's side of a turn through any front, whole and streamed
// at once.  Strict readers say what each front may write; the body must say what
// the stream says.

#ifndef F0_FUZZ_FRONT_CLIENT_H_
#define F0_FUZZ_FRONT_CLIENT_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../unit/messages_oracle.h"
#include "../unit/responses_oracle.h"
#include "core/front/front.h"
#include "core/provider/stream.h"

namespace fuzz {

namespace chat = f0::chat;
namespace dialect = f0::dialect;
namespace front = f0::front;
namespace json = f0::json;
using std::string_view;

inline void demand(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "fuzz: %s\n", what.c_str());
  std::abort();
}

// What a client has in the end: of a stream, or of a body.
struct said {
  std::string text, thoughts, calls, end;
  std::string all() const { return text + '|' + thoughts + '|' + calls + '|' + end; }
};

inline void append_text(std::string& to, const json::value* v) {
  if (v && v->is_string()) to += v->text();
}

// A chunk of chat or of completions, or one of its bodies.
inline void take_choice(said& to, const json::value& c, string_view holder) {
  // Chat passes more than the one that was asked for.
  if (c.get("index")->integer() != 0) return;
  append_text(to.text, c.get("text"));
  append_text(to.end, c.get("finish_reason"));
  const json::value* d = c.get(holder);
  if (!d) return;
  append_text(to.text, d->get("content"));
  append_text(to.thoughts, d->get("reasoning_content"));
  const json::value* calls = d->get("tool_calls");
  if (!calls || !calls->is_array()) return;
  for (const json::value& t : *calls) {
    for (const char* kind : {"function", "custom"}) {
      const json::value* f = t.get(kind);
      if (f && t.get("id")) to.calls.append(t.str("id")).append(" ").append(f->str("name")) += ';';
    }
  }
}

// data lines, each a chunk of |object|; then [DONE].
inline said read_chunks(string_view stream, string_view object) {
  said out;
  json::document doc;
  bool failed = false;
  while (!stream.empty()) {
    const size_t end = stream.find("\n\n");
    demand(end != string_view::npos, "an event without an end");
    const string_view event = stream.substr(0, end);
    stream.remove_prefix(end + 2);
    if (event.starts_with(": ")) continue;
    demand(event.starts_with("data: "), "an event that is no data");
    if (event == "data: [DONE]") {
      demand(stream.empty(), "something after [DONE]");
      return out;
    }
    demand(!failed, "something after the error");
    doc.clear();
    const json::value* o = doc.parse(event.substr(6));
    demand(o && o->is_object(), "a chunk that is no object");
    failed = o->get("error") != nullptr;
    if (failed) {
      demand(o->size() == 1, "an error in a chunk");
      out.end = "error " + std::string(o->get("error")->str("message"));
      continue;
    }
    demand(o->str("object") == object, "a chunk of another object");
    const json::value* choices = o->get("choices");
    demand(choices && choices->is_array() && choices->size() <= 1, "choices");
    for (const json::value& c : *choices) take_choice(out, c, "delta");
  }
  demand(false, "no [DONE]");
  return out;
}

inline said read_chunk_body(const json::value& o, string_view object) {
  said out;
  demand(o.str("object") == object, "a body of another object");
  for (const json::value& c : *o.get("choices")) take_choice(out, c, "message");
  return out;
}

inline said read_messages(string_view stream) {
  const messages_oracle::reading got(stream);
  demand(got.wrong.empty(), "Messages: " + got.wrong + "\n" + std::string(stream));
  said out;
  for (const messages_oracle::block& b : got.blocks) {
    if (b.type == "text") out.text += b.text;
    if (b.type == "thinking") out.thoughts += b.text;
    if (b.type == "tool_use") out.calls += b.id + ' ' + b.name + ';';
  }
  out.end = got.error_type.empty() ? got.stop : "error " + got.error_message;
  return out;
}

inline said read_messages_body(const json::value& o) {
  said out;
  demand(o.str("type") == "message" && o.str("role") == "assistant", "a body that is no message");
  for (const json::value& b : *o.get("content")) {
    append_text(out.text, b.get("text"));
    append_text(out.thoughts, b.get("thinking"));
    if (b.str("type") != "tool_use") continue;
    demand(b.get("input") && b.get("input")->is_object(), "an input that is no object");
    out.calls.append(b.str("id")).append(" ").append(b.str("name")) += ';';
  }
  out.end = o.str("stop_reason");
  return out;
}

class front_client final : public chat::sink {
 public:
  front_client(front::id f, const chat::request& r, uint32_t signs)
      : front_(f),
        options_{who_, r, 5, memory_},
        stream_(front::row_of(f).stream(options_)),
        body_(front::row_of(f).body(options_)),
        signs_(signs) {}

  void on(const chat::event& e) override {
    chat::event named = e;
    const std::string id = "call_f0_" + std::to_string(calls_);
    if (e.type == chat::event::kind::call && e.id.empty()) {
      named.id = id;
      calls_++;
    }
    tell(named);
    signs_ = signs_ * 1664525 + 1013904223;
    if (signs_ >> 30 == 1) stream_->stay_awake(out_, (signs_ >> 28 & 1) != 0);
  }
  void usage(const chat::usage& u) override { usage_ = u; }
  void error(const chat::failure& f) override { failure_ = chat::answer(f, false); }
  void end(chat::terminal how) override {
    demand(!ended_, "a second end");
    ended_ = true;
    good_ = how == chat::terminal::done || how == chat::terminal::eof_after_finish;
    if (good_) {
      stream_->done(out_, usage_);
      body_->usage(usage_);
    } else {
      stream_->error(out_, failure_);
    }
  }
  size_t content_run(const string_view* json, size_t n) override {
    const size_t taken = stream_->content_run(out_, json, n);
    for (size_t i = 0; i < taken; i++) {
      json::document doc;
      const json::value* v = doc.parse("\"" + std::string(json[i]) + "\"");
      demand(v != nullptr, "a run that is no JSON");
      chat::event e{};
      e.type = chat::event::kind::content;
      const std::string text(v->text());
      e.text = text;
      body_->on(e);
    }
    return taken;
  }

  // What it made of all that, the same whatever the cuts.
  std::string heard() const {
    demand(ended_, "there is no end");
    demand(f0::text::valid_utf8(out_), "a stream that is not UTF-8");
    return front_ == front::id::responses ? heard_responses() : heard_others();
  }

 private:
  void tell(const chat::event& e) {
    stream_->on(out_, e);
    body_->on(e);
  }

  std::string heard_responses() const {
    const responses_oracle::reader got(out_);
    demand(got.wrong.empty(), got.wrong + "\n" + out_);
    demand(!got.cut, "no end\n" + out_);
    demand(got.events == stream_->chunks(), "chunks() counts something else");
    if (good_) {
      std::string body;
      body_->write(body);
      const size_t at = out_.rfind("\"response\":");
      demand(body == out_.substr(at + 11, out_.size() - at - 14), "another body: " + body);
    }
    return got.said();
  }

  std::string heard_others() const {
    const bool texts = front_ == front::id::completions, messages = front_ == front::id::messages;
    const said streamed =
        messages ? read_messages(out_)
                 : read_chunks(out_, texts ? "text_completion" : "chat.completion.chunk");
    if (good_) {
      std::string body;
      body_->write(body);
      json::document doc;
      const json::value* o = doc.parse(body);
      demand(o && o->is_object(), "a body that is no object: " + body);
      said whole = messages ? read_messages_body(*o)
                            : read_chunk_body(*o, texts ? "text_completion" : "chat.completion");
      // A body leaves out a call that was cut; the stream had begun it.
      if (messages && whole.end == "max_tokens") whole.calls = streamed.calls;
      demand(whole.all() == streamed.all(),
             "streamed\n" + streamed.all() + "\nwhole\n" + whole.all());
    }
    return streamed.all();
  }

  front::id front_;
  front::identity who_{"0123456789abcdef", 1754000000, "m"};
  f0::budget memory_;
  front::writer_options options_;
  std::unique_ptr<front::stream_writer> stream_;
  std::unique_ptr<front::body_writer> body_;
  std::string out_;
  chat::usage usage_;
  chat::api_error failure_;
  uint32_t signs_;
  unsigned calls_ = 0;
  bool ended_ = false, good_ = false;
};

// An answer of |bytes|, in pieces as |seed| says, whole if it is 0.
inline void play_answer(const dialect::stream::options& o, int status, string_view type,
                        dialect::transport_end end, string_view bytes, uint32_t seed,
                        front_client& c) {
  static dialect::scratch scratch;
  dialect::stream stream(o, scratch, c);
  stream.head(status, {{"content-type", type}});
  for (bool wanted = true; wanted && !bytes.empty();) {
    size_t n = bytes.size();
    if (seed != 0) {
      seed = seed * 1664525 + 1013904223;
      n = std::min<size_t>(n, 1 + (seed >> 16) % (seed & 0x8000 ? 4 : 97));
    }
    // A copy of its own: reading past a piece is then seen.
    const std::vector<char> piece(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(n));
    wanted = stream.data({piece.data(), n});
    bytes.remove_prefix(n);
  }
  stream.end(end);
}

// Two bytes choose how an answer comes.
struct transport {
  dialect::stream::options options;
  int status = 200;
  string_view type;
  dialect::transport_end end = dialect::transport_end::clean;

  transport(unsigned choose, unsigned more) {
    static const string_view types[] = {"text/event-stream", "application/x-ndjson",
                                        "application/json", ""};
    options.dialect = static_cast<dialect::id>(choose & 3);
    if (more >= 0xf0) options.dialect = dialect::id::responses;
    type = types[choose >> 2 & 3];
    if (choose & 0x10) options.stops = {"ab", "\n\n", "abc", "</end>"};
    if (choose & 0x20) status = 429;
    options.json_tool = (choose & 0x40) != 0;
    if (choose & 0x80) end = dialect::transport_end::truncated;
    options.line_max = 2000;
  }
};

// However they are cut, a client of |f| that asked |r| reads the same of |bytes|.
inline void same_through(front::id f, const chat::request& r, const transport& t, unsigned more,
                         string_view bytes) {
  std::string told;
  for (uint32_t seed = 0; seed < 4; ++seed) {
    front_client c(f, r, seed * more);
    play_answer(t.options, t.status, t.type, t.end, bytes,
                seed == 0 ? 0 : (more * 4u + seed) * 2654435761u, c);
    const std::string heard = c.heard();
    demand(seed == 0 || heard == told, "the result depends on the cuts through " +
                                           std::string(front::row_of(f).name) + ": " + told + "\n" +
                                           heard);
    told = heard;
  }
}

}  // namespace fuzz

#endif  // F0_FUZZ_FRONT_CLIENT_H_
