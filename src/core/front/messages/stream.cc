// Copyright (C) 2026 The f0 authors
//
// stream.cc - a message as events: one block after the other.
//
// A call whose block was closed is run.  So an open one is closed when its
// arguments are whole, and what comes before that, of other blocks, waits.

#include <list>
#include <vector>

#include "../../json/json.h"
#include "../../json/object_scan.h"
#include "../run.h"
#include "writer.h"

namespace f0::front::messages {

namespace {

// What stands behind a delta's text.
constexpr string_view kDeltaEnd = "\"}}\n\n";

class message_stream final : public stream_writer {
 public:
  explicit message_stream(const writer_options& o);

  void on(std::string& out, const event& e) override;
  size_t content_run(std::string& out, const string_view* json, size_t n) override;
  void extension(std::string& out, string_view object, string_view event) override;
  void stay_awake(std::string& out, bool long_silence) override;
  void done(std::string& out, const chat::usage& u) override;
  void error(std::string& out, const api_error& t) override;
  bool is_in_text(int64_t index) const override {
    return open_ == kind::text && waiting_.empty() && index == index_;
  }

 private:
  enum class kind : uint8_t { none, text, thinking, call };

  // The open block, if it is a call.
  struct open_call {
    int number;
    bool custom;  // its arguments are any text
    json::object_scan scan;
  };
  struct waiting_block {
    kind type;
    int number = 0;  // of a call, as the next three
    bool custom = false;
    std::string id, name;
    std::string text;  // or arguments
  };

  void begin(std::string& out, string_view type);
  void begin_block(std::string& out, string_view type);
  void start(std::string& out);
  void open(std::string& out, kind k, string_view block);
  void open_text(std::string& out, kind k);
  void open_calling(std::string& out, const waiting_block& b);
  void delta(std::string& out, string_view text);
  void arguments(std::string& out, string_view text);
  void close(std::string& out);
  void seal(std::string& out);
  string_view id_of(int number) const;

  bool whole() const { return open_ != kind::call || call_->scan.whole(); }
  bool blocked() const { return !waiting_.empty() || !whole(); }
  void wait(waiting_block b);
  void charge(size_t n) { over_limit_ |= !held_.take(n); }
  void text(std::string& out, kind k, string_view s);
  void call(std::string& out, const event& e);
  void more(std::string& out, int number, string_view s);
  void go_on(std::string& out, bool last);

  envelopes* envelopes_;
  std::vector<std::string> ids_;  // of calls
  std::string start_;             // until it is written
  // The end of a delta, and the beginning of the open block's, up to its text.
  std::string frame_;
  std::unique_ptr<open_call> call_;
  std::list<waiting_block> waiting_;
  std::vector<waiting_block*> by_number_;  // of calls, those that wait
  holding held_;                           // for what waits
  ending end_;
  int64_t prompt_;
  size_t said_ = 0;  // bytes of text
  unsigned index_ = 0;
  kind open_ = kind::none;
};

message_stream::message_stream(const writer_options& o)
    : envelopes_(o.envelopes), held_(o.memory), prompt_(o.prompt_tokens > 0 ? o.prompt_tokens : 1) {
  begin(start_, "message_start");
  start_ += ",\"message\":";
  append_head(start_, o.who);
  start_ += ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":";
  append_usage(start_, {}, prompt_, 0);
  start_ += "}}\n\n";
  start_.shrink_to_fit();
}

// ---- events

void message_stream::begin(std::string& out, string_view type) {
  out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type).append("\"");
  ++chunks_;
}

void message_stream::begin_block(std::string& out, string_view type) {
  begin(out, type);
  out.append(",\"index\":").append(std::to_string(index_));
}

void message_stream::start(std::string& out) {
  if (start_.empty()) return;
  out += start_;
  start_ = {};
}

void message_stream::open(std::string& out, kind k, string_view block) {
  begin_block(out, "content_block_start");
  out.append(",\"content_block\":").append(block).append("}\n\n");
  open_ = k;
  frame_ = kDeltaEnd;
  begin_block(frame_, "content_block_delta");
  --chunks_;
  frame_ += k == kind::text       ? ",\"delta\":{\"type\":\"text_delta\",\"text\":\""
            : k == kind::thinking ? ",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\""
                                  : ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"";
}

void message_stream::open_text(std::string& out, kind k) {
  open(out, k,
       k == kind::text ? "{\"type\":\"text\",\"text\":\"\"}"
                       : "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
}

void message_stream::open_calling(std::string& out, const waiting_block& b) {
  std::string block = "{\"type\":\"tool_use\",\"id\":";
  json::append_string(block, b.id);
  block += ",\"name\":";
  json::append_string(block, b.name);
  block += ",\"input\":{}}";
  open(out, kind::call, block);
  call_ = std::make_unique<open_call>(open_call{b.number, b.custom, {}});
  if (b.custom) delta(out, "{\"input\":\"");
}

void message_stream::delta(std::string& out, string_view text) {
  ++chunks_;
  out.append(frame_, kDeltaEnd.size());
  json::append_escaped(out, text);
  out += kDeltaEnd;
}

void message_stream::arguments(std::string& out, string_view text) {
  if (text.empty()) return;
  if (!call_->custom) {
    call_->scan.feed(text);
    return delta(out, text);
  }
  std::string escaped;
  json::append_escaped(escaped, text);
  delta(out, escaped);
}

void message_stream::close(std::string& out) {
  if (open_ == kind::none) return;
  if (open_ == kind::thinking) {
    begin_block(out, "content_block_delta");
    out += ",\"delta\":{\"type\":\"signature_delta\",\"signature\":";
    json::append_string(out, envelopes_ ? envelopes_->take() : std::string(kNoEnvelope));
    out += "}}\n\n";
  } else if (open_ == kind::call && call_->custom) {
    delta(out, "\"}");
  }
  begin_block(out, "content_block_stop");
  out += "}\n\n";
  ++index_;
  open_ = kind::none;
  call_.reset();
}

// What a provider wants back is carried by thoughts, if need be by none.
void message_stream::seal(std::string& out) {
  close(out);
  if (envelopes_ == nullptr || !envelopes_->waiting()) return;
  open_text(out, kind::thinking);
  close(out);
}

string_view message_stream::id_of(int number) const {
  return number >= 0 && size_t(number) < ids_.size() ? string_view(ids_[size_t(number)])
                                                     : string_view();
}

// ---- what comes

void message_stream::wait(waiting_block b) {
  charge(sizeof b + 2 * sizeof(void*) + b.id.size() + b.name.size() + b.text.size());
  if (over_limit_) return;
  waiting_.push_back(std::move(b));
  waiting_block& w = waiting_.back();
  if (w.type != kind::call) return;
  if (by_number_.size() <= size_t(w.number)) by_number_.resize(size_t(w.number) + 1);
  by_number_[size_t(w.number)] = &w;
}

void message_stream::text(std::string& out, kind k, string_view s) {
  if (s.empty()) return;
  said_ += s.size();
  if (blocked()) {
    if (waiting_.empty() || waiting_.back().type != k)
      return wait({k, 0, false, {}, {}, std::string(s)});
    charge(s.size());
    if (!over_limit_) waiting_.back().text += s;
    return;
  }
  if (open_ != k) {
    close(out);
    open_text(out, k);
  }
  delta(out, s);
}

void message_stream::call(std::string& out, const event& e) {
  end_.calls = true;
  waiting_block b{kind::call, e.number, e.custom, std::string(e.id), std::string(e.name), {}};
  if (blocked()) {
    wait(std::move(b));
  } else {
    seal(out);
    open_calling(out, b);
  }
  if (envelopes_ == nullptr) return;
  if (ids_.size() <= size_t(e.number)) ids_.resize(size_t(e.number) + 1);
  ids_[size_t(e.number)] = e.id;
  envelopes_->add(e, e.id);
}

void message_stream::more(std::string& out, int number, string_view s) {
  said_ += s.size();
  if (open_ == kind::call && call_->number == number) {
    arguments(out, s);
    if (!waiting_.empty()) go_on(out, false);
    return;
  }
  // Behind a whole object there is nothing to add.
  if (size_t(number) >= by_number_.size() || by_number_[size_t(number)] == nullptr) return;
  charge(s.size());
  if (!over_limit_) by_number_[size_t(number)]->text += s;
}

// Writes what waits, up to a call that is not whole; |last|: nothing comes any more.
void message_stream::go_on(std::string& out, bool last) {
  while (!waiting_.empty() && (last || whole())) {
    const waiting_block& b = waiting_.front();
    close(out);
    if (b.type == kind::call) {
      open_calling(out, b);
      arguments(out, b.text);
      by_number_[size_t(b.number)] = nullptr;
    } else {
      open_text(out, b.type);
      delta(out, b.text);
    }
    waiting_.pop_front();
  }
  if (waiting_.empty()) held_.let_go();
}

void message_stream::on(std::string& out, const event& e) {
  if (e.choice != 0 || over_limit_) return;
  start(out);
  switch (e.type) {
    case event::kind::refusal:
      end_.refused = true;
      [[fallthrough]];
    case event::kind::content:
      return text(out, kind::text, e.text);
    case event::kind::reasoning:
    case event::kind::details:
      return text(out, kind::thinking, e.text);
    case event::kind::call:
      return call(out, e);
    case event::kind::arguments:
      return more(out, e.number, e.text);
    case event::kind::finish:
      end_.why = e.why;
      end_.sequence = e.name;
      return;
    case event::kind::extra:
    case event::kind::keep:
      if (envelopes_ != nullptr) envelopes_->add(e, id_of(e.number));
      return;
    default:
      return;  // nothing that this API has words for
  }
}

size_t message_stream::content_run(std::string& out, const string_view* json, size_t n) {
  if (open_ != kind::text || !waiting_.empty() || n == 0) return 0;
  append_run(out, frame_, kDeltaEnd.size(), json, n);
  for (size_t i = 0; i < n; ++i) said_ += json[i].size();
  chunks_ += static_cast<unsigned>(n);
  return n;
}

// Clients die of events that they do not know.
void message_stream::extension(std::string& out, string_view object, string_view) {
  comment(out, std::string("f0 ").append(object));
}

// Readers count events, and some of them only those of the open block.
void message_stream::stay_awake(std::string& out, bool) {
  start(out);
  if (open_ != kind::none) return delta(out, {});
  begin(out, "ping");
  out += "}\n\n";
}

void message_stream::done(std::string& out, const chat::usage& u) {
  start(out);
  go_on(out, true);
  seal(out);
  begin(out, "message_delta");
  out += ",\"delta\":{";
  append_stop(out, end_);
  out += "},\"usage\":";
  append_usage(out, u, prompt_, tokens_of(said_));
  out += "}\n\n";
  begin(out, "message_stop");
  out += "}\n\n";
}

void message_stream::error(std::string& out, const api_error& t) {
  ++chunks_;
  out += "event: error\ndata: ";
  append_error(out, t, {});
  out += "\n\n";
}

}  // namespace

std::unique_ptr<stream_writer> make_stream(const writer_options& o) {
  return std::make_unique<message_stream>(o);
}

}  // namespace f0::front::messages
