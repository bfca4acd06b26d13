// Copyright (C) 2026 The f0 authors
//
// The Responses front.  Any bytes as a request: whatever is accepted is answered
// in the form that a strict reader knows.  Any bytes as any dialect's answer:
// however they are cut, a client reads the same, and a body says it, too.  Two
// bytes choose the dialect, the transport and the signs of life.

#include <cstdint>
#include <cstdlib>

#include "../unit/responses_oracle.h"
#include "core/front/responses/responses.h"
#include "core/provider/stream.h"

namespace {

namespace chat = f0::chat;
namespace dialect = f0::dialect;
namespace front = f0::front;
namespace json = f0::json;
using std::string_view;

constexpr string_view kAsked =
    R"({"input":"x","tools":[{"type":"function","name":"get_weather"},)"
    R"({"type":"custom","name":"apply_patch"},{"type":"custom","name":"read_file"},)"
    R"({"type":"tool_search"},{"type":"namespace","name":"a","tools":[)"
    R"({"type":"function","name":"b"},{"type":"custom","name":"c"}]}]})";

void require(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "fuzz: %s\n", what.c_str());
  std::abort();
}

// A client's side of a turn.
class client final : public chat::sink {
 public:
  client(const chat::request& r, uint32_t signs)
      : options_{who_, r, 5, memory_},
        stream_(front::kResponses.stream(options_)),
        body_(front::kResponses.body(options_)),
        signs_(signs) {}

  void on(const chat::event& e) override {
    chat::event named = e;
    const std::string id = "call_f0_" + std::to_string(calls_);
    if (e.type == chat::event::kind::call && e.id.empty()) {
      named.id = id;
      calls_++;
    }
    stream_->on(out_, named);
    body_->on(named);
    signs_ = signs_ * 1664525 + 1013904223;
    if (signs_ >> 30 == 1) stream_->stay_awake(out_, false);
  }
  void usage(const chat::usage& u) override { usage_ = u; }
  void error(const chat::failure& f) override { failure_ = chat::answer(f, false); }
  void end(chat::terminal how) override {
    if (how == chat::terminal::done || how == chat::terminal::eof_after_finish) {
      stream_->done(out_, usage_);
      body_->usage(usage_);
      check_body();
    } else {
      stream_->error(out_, failure_);
    }
  }
  size_t content_run(const string_view* json, size_t n) override {
    const size_t taken = stream_->content_run(out_, json, n);
    std::string text;
    for (size_t i = 0; i < taken; i++) {
      json::document doc;
      const json::value* v = doc.parse("\"" + std::string(json[i]) + "\"");
      require(v != nullptr, "a run that is no JSON");
      chat::event e{};
      e.type = chat::event::kind::content;
      text = v->text();
      e.text = text;
      body_->on(e);
    }
    return taken;
  }

  std::string heard() const {
    const responses_oracle::reader got(out_);
    require(got.wrong.empty(), got.wrong + "\n" + out_);
    require(!got.cut, "no end\n" + out_);
    require(got.events == stream_->chunks(), "chunks() counts something else");
    return got.said();
  }

 private:
  void check_body() {
    std::string body;
    body_->write(body);
    const size_t at = out_.rfind("\"response\":");
    require(body == out_.substr(at + 11, out_.size() - at - 14), "another body: " + body);
  }

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
};

// In pieces as |seed| says, whole if it is 0.
void play(const dialect::stream::options& o, int status, string_view type,
          dialect::transport_end end, string_view bytes, uint32_t seed, client& c) {
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

void check_request(string_view bytes) {
  json::document doc;
  json::limits l;
  l.skip_bom = true;
  const json::value* root = doc.parse(bytes, l);
  chat::request r;
  chat::bad_request bad;
  if (!root || !root->is_object()) return;
  if (!front::kResponses.read(*root, r, bad)) {
    require(!bad.message.empty(), "a refusal without a word");
    return;
  }
  for (const chat::tool& t : r.tools) require(!t.name.empty() && t.name.size() <= 64, "a name");
  client c(r, 1);
  for (const chat::tool& t : r.tools) {
    chat::event e{};
    e.type = chat::event::kind::call;
    e.name = t.name;
    e.number = int(&t - r.tools.data());
    c.on(e);
    e.type = chat::event::kind::arguments;
    e.text = "{\"input\":\"x\"}";
    c.on(e);
  }
  c.end(chat::terminal::done);
  c.heard();
}

void check_answer(unsigned choose, unsigned more, string_view bytes) {
  static const string_view types[] = {"text/event-stream", "application/x-ndjson",
                                      "application/json", ""};
  dialect::stream::options o;
  o.dialect = static_cast<dialect::id>(choose & 3);
  if (more >= 0xf0) o.dialect = dialect::id::responses;
  if (choose & 0x10) o.stops = {"ab", "\n\n", "abc", "</end>"};
  o.line_max = 2000;
  const auto end =
      choose & 0x80 ? dialect::transport_end::truncated : dialect::transport_end::clean;

  static const std::string asked(kAsked);
  json::document doc;
  chat::request r;
  chat::bad_request bad;
  require(front::kResponses.read(*doc.parse(asked), r, bad), bad.message);
  std::string told;
  for (uint32_t seed = 0; seed < 4; ++seed) {
    client c(r, seed * more);
    play(o, choose & 0x20 ? 429 : 200, types[choose >> 2 & 3], end, bytes,
         seed == 0 ? 0 : (more * 4u + seed) * 2654435761u, c);
    const std::string heard = c.heard();
    require(seed == 0 || heard == told, "the result depends on the cuts: " + told + heard);
    told = heard;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const string_view bytes(reinterpret_cast<const char*>(data), size);
  check_request(bytes);
  if (size >= 2) check_answer(data[0], data[1], bytes.substr(2));
  return 0;
}
