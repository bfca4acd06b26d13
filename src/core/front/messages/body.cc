// Copyright (C) 2026 The f0 authors
//
// body.cc - a message as one body.

#include <vector>

#include "../../json/json.h"
#include "writer.h"

namespace f0::front::messages {

namespace {

class message_body final : public body_writer {
 public:
  explicit message_body(const writer_options& o)
      : who_(o.who),
        envelopes_(o.envelopes),
        held_(o.memory),
        prompt_(o.prompt_tokens > 0 ? o.prompt_tokens : 1) {}

  bool on(const event& e) override;
  void restart() override;
  void usage(const chat::usage& u) override {
    usage_ = u;
    seal();
  }
  void extension(string_view object) override { (void) object; }
  void write(std::string& out) const override;

 private:
  enum class kind : uint8_t { text, thinking, call };
  struct block {
    kind type;
    bool custom = false;  // a call whose arguments are any text
    std::string id, name;
    std::string text;       // or arguments
    std::string signature;  // of thoughts
  };

  bool text(kind k, string_view s);
  bool call(const event& e);
  bool close();
  bool seal();
  bool more(int number, string_view s);
  string_view id_of(int number) const;
  bool append_block(std::string& out, const block& b, bool last) const;
  bool append_call(std::string& out, const block& b, bool last) const;

  identity who_;
  envelopes* envelopes_;
  holding held_;
  std::vector<block> blocks_;
  std::vector<size_t> by_number_;  // of calls: one more than their block's place
  ending end_;
  chat::usage usage_;
  int64_t prompt_;
  size_t said_ = 0;  // bytes of text
};

bool message_body::text(kind k, string_view s) {
  if (s.empty()) return true;
  said_ += s.size();
  if (blocks_.empty() || blocks_.back().type != k) {
    if (!close() || !held_.take(2 * sizeof(block))) return false;
    blocks_.push_back({k, false, {}, {}, {}, {}});
  }
  if (!held_.take(s.size())) return false;
  blocks_.back().text += s;
  return true;
}

bool message_body::call(const event& e) {
  end_.calls = true;
  if (!seal() || !held_.take(2 * sizeof(block) + e.id.size() + e.name.size())) return false;
  blocks_.push_back({kind::call, e.custom, std::string(e.id), std::string(e.name), {}, {}});
  if (by_number_.size() <= size_t(e.number)) by_number_.resize(size_t(e.number) + 1);
  by_number_[size_t(e.number)] = blocks_.size();
  if (envelopes_ != nullptr) envelopes_->add(e, e.id);
  return true;
}

// Thoughts are at their end: what their provider wants back goes with them.
bool message_body::close() {
  if (blocks_.empty() || blocks_.back().type != kind::thinking) return true;
  std::string& s = blocks_.back().signature;
  if (s.empty()) s = envelopes_ ? envelopes_->take() : std::string(kNoEnvelope);
  return held_.take(s.size());
}

// If need be without any.
bool message_body::seal() {
  if (!close()) return false;
  if (envelopes_ == nullptr || !envelopes_->waiting()) return true;
  blocks_.push_back({kind::thinking, false, {}, {}, {}, {}});
  return held_.take(2 * sizeof(block)) && close();
}

bool message_body::more(int number, string_view s) {
  said_ += s.size();
  if (size_t(number) >= by_number_.size() || by_number_[size_t(number)] == 0) return true;
  if (!held_.take(s.size())) return false;
  blocks_[by_number_[size_t(number)] - 1].text += s;
  return true;
}

string_view message_body::id_of(int number) const {
  const bool known = number >= 0 && size_t(number) < by_number_.size();
  const size_t at = known ? by_number_[size_t(number)] : 0;
  return at > 0 ? string_view(blocks_[at - 1].id) : string_view();
}

bool message_body::on(const event& e) {
  if (e.choice != 0) return true;
  switch (e.type) {
    case event::kind::refusal:
      end_.refused = true;
      [[fallthrough]];
    case event::kind::content:
      return text(kind::text, e.text);
    case event::kind::reasoning:
    case event::kind::details:
      return text(kind::thinking, e.text);
    case event::kind::call:
      return call(e);
    case event::kind::arguments:
      return more(e.number, e.text);
    case event::kind::finish:
      end_.why = e.why;
      end_.sequence = e.name;
      return true;
    case event::kind::extra:
    case event::kind::keep:
      if (envelopes_ != nullptr) envelopes_->add(e, id_of(e.number));
      return true;
    default:
      return true;  // nothing that this API has words for
  }
}

void message_body::restart() {
  held_.let_go();
  blocks_.clear();
  by_number_.clear();
  end_ = {};
  usage_ = {};
  said_ = 0;
}

// False: it was cut, and is left out.
bool message_body::append_call(std::string& out, const block& b, bool last) const {
  std::string input;
  json::document document;
  const json::value* v = b.custom ? nullptr : document.parse(b.text);
  if (v != nullptr && v->is_object()) {
    json::append_value(input, *v);
  } else if (!b.custom && b.text.empty()) {
    input = "{}";
  } else if (last && end_.why == finish::length) {
    return false;
  } else {
    // What is no object has no other place.
    input = "{\"input\":";
    json::append_string(input, b.text);
    input += '}';
  }
  out += "{\"type\":\"tool_use\",\"id\":";
  json::append_string(out, b.id);
  out += ",\"name\":";
  json::append_string(out, b.name);
  out.append(",\"input\":").append(input).append("}");
  return true;
}

bool message_body::append_block(std::string& out, const block& b, bool last) const {
  switch (b.type) {
    case kind::text:
      out += "{\"type\":\"text\",\"text\":";
      json::append_string(out, b.text);
      break;
    case kind::thinking:
      out += "{\"type\":\"thinking\",\"thinking\":";
      json::append_string(out, b.text);
      out += ",\"signature\":";
      json::append_string(out, b.signature);
      break;
    case kind::call:
      return append_call(out, b, last);
  }
  out += '}';
  return true;
}

void message_body::write(std::string& out) const {
  append_head(out, who_);
  out += ",\"content\":[";
  bool first = true;
  for (const block& b : blocks_) {
    const size_t before = out.size();
    if (!first) out += ',';
    if (append_block(out, b, &b == &blocks_.back())) {
      first = false;
    } else {
      out.resize(before);
    }
  }
  out += "],";
  append_stop(out, end_);
  out += ",\"usage\":";
  append_usage(out, usage_, prompt_, tokens_of(said_));
  out += '}';
}

}  // namespace

std::unique_ptr<body_writer> make_body(const writer_options& o) {
  return std::make_unique<message_body>(o);
}

}  // namespace f0::front::messages
