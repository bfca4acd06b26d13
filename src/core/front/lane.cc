// Copyright (C) 2026 The f0 authors

#include "lane.h"

#include <string.h>

#include <algorithm>
#include <vector>

#include "../json/json.h"
#include "raw_json.h"
#include "responses/response.h"

namespace f0::front {

namespace {

bool holds(string_view s, string_view what) {
  return memmem(s.data(), s.size(), what.data(), what.size()) != nullptr;
}

// The end of the event that begins at |at|: behind its blank line.
size_t event_end(string_view s, size_t at) {
  bool blank = true;
  while (at < s.size()) {
    const char c = s[at++];
    if (c != '\n' && c != '\r') {
      blank = false;
      continue;
    }
    if (c == '\r' && at < s.size() && s[at] == '\n') ++at;
    if (blank) return at;
    blank = true;
  }
  return at;
}

// The event's data, its lines joined.
void join_data(string_view event, std::string& out) {
  out.clear();
  if (event.starts_with("\xEF\xBB\xBF")) event.remove_prefix(3);
  while (!event.empty()) {
    const size_t n = std::min(event.find_first_of("\r\n"), event.size());
    string_view line = event.substr(0, n);
    event.remove_prefix(std::min(n + 1, event.size()));
    if (!line.starts_with("data:")) continue;
    line.remove_prefix(5);
    if (line.starts_with(' ')) line.remove_prefix(1);
    out.append(line).append(1, '\n');
  }
}

const json::value* object_in(const json::value& o, string_view key) {
  const json::value* v = o.get(key);
  return v != nullptr && v->is_object() ? v : nullptr;
}

int64_t integer_in(const json::value& o, string_view key, int64_t otherwise) {
  const json::value* v = o.get(key);
  return v != nullptr && v->is_number() ? v->integer().value_or(otherwise) : otherwise;
}

// The number behind the last |key| in |s|.
int64_t last_number(string_view s, string_view key, int64_t otherwise) {
  size_t at = s.rfind(key);
  if (at == s.npos) return otherwise;
  at = s.find_first_not_of(" \t:", at + key.size());
  int64_t n = 0;
  size_t digits = 0;
  for (; at + digits < s.size() && digits < 18; ++digits) {
    const char c = s[at + digits];
    if (c < '0' || c > '9') break;
    n = n * 10 + (c - '0');
  }
  return digits > 0 ? n : otherwise;
}

// ---- Messages

class messages_lane final : public lane_writer {
 public:
  using lane_writer::lane_writer;

 protected:
  int64_t open_text() const override { return delta_ == delta_of("text") ? index_ : -1; }

  bool to_look_at(string_view events) const override {
    // ..._start and ..._stop
    return holds(events, "block_st") || holds(events, "message_st") || holds(events, "\"ping\"");
  }

  void look(string_view event, string_view, const json::value& data) override {
    const string_view type = data.str("type");
    if (type == "message_start") {
      rename(event, "message");
    } else if (type == "message_stop") {
      stopped_ = true;
    } else if (type == "content_block_start") {
      const json::value* b = object_in(data, "content_block");
      index_ = integer_in(data, "index", -1);
      delta_ = b != nullptr ? delta_of(b->str("type")) : string_view();
    } else if (type == "content_block_stop") {
      delta_ = {};
    }
  }

  // Empty deltas wake readers that count words; others are told by a ping.
  void awake(std::string& out, bool) override {
    if (delta_.empty() || index_ < 0) {
      out += "event: ping\ndata: {\"type\":\"ping\"}\n\n";
      return;
    }
    out += "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":";
    out += std::to_string(index_);
    out.append(",\"delta\":").append(delta_).append("}\n\n");
  }

  void end(std::string& out) override {
    if (!stopped_) out += "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  }

  void fail(std::string& out, const chat::api_error& t) override {
    out += "event: error\ndata: ";
    row_of(id::messages).error(out, t, who_.id);
    out += "\n\n";
  }

 private:
  static string_view delta_of(string_view block) {
    if (block == "text") return "{\"type\":\"text_delta\",\"text\":\"\"}";
    if (block == "thinking") return "{\"type\":\"thinking_delta\",\"thinking\":\"\"}";
    if (block == "tool_use") return "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}";
    return {};
  }

  int64_t index_ = -1;  // of the open block
  string_view delta_;   // an empty one of it; empty: there is none
  bool stopped_ = false;
};

// ---- Responses

// Its clients take no comment for a sign of life, and some die of events that they
// do not know: they are woken by a piece of nothing of what is open, or by the
// response as it stands, with the number of the event before.
class responses_lane final : public lane_writer {
 public:
  responses_lane(const identity& who, bool stored) : lane_writer(who), stored_(stored) {}

  void follow(std::string& out, const chat::api_error& t) override {
    if (failed_) return;
    failed(out, t);
  }

 protected:
  bool to_look_at(string_view events) const override {
    // output_item.added, .done, content_part..., reasoning_summary_part...
    return holds(events, "\"response\"") || holds(events, "_item.") || holds(events, "_part.");
  }

  void note(string_view events) override {
    number_ = last_number(events, "\"sequence_number\"", number_);
  }

  void look(string_view event, string_view text, const json::value& data) override {
    const string_view type = data.str("type");
    if (const json::value* r = object_in(data, "response")) {
      failed_ = type == "response.failed";
      if (began_itself_ && type == "response.created") return leave_out();
      rename(event, "response", began_itself_ ? string_view(ident_) : string_view());
      if (!began_itself_ && !r->str("id").empty()) ident_ = r->str("id");
    } else if (type.starts_with("response.output_item.")) {
      item(text, data, type.ends_with(".done"));
    } else if (type.ends_with("_part.added")) {
      const json::value* p = object_in(data, "part");
      part_ = p == nullptr ? string_view() : delta_of(p->str("type"));
      part_index_ = integer_in(
          data, part_ == kSummary ? string_view("summary_index") : string_view("content_index"), 0);
      has_text_ = true;
    } else if (type.ends_with("_part.done")) {
      part_ = {};
    }
  }

  void awake(std::string& out, bool long_silence) override {
    if (!long_silence || !can_tell()) return comment(out, "keep-alive");
    if (ident_.empty()) {
      began_itself_ = true;
      ident_ = "resp_" + who_.id;
      const size_t at = out.size();
      start(out);
      return note(string_view(out).substr(at));
    }
    if (part_.empty()) return in_progress(out);
    out.append("event: ").append(part_).append("\ndata: ");
    json::writer w(out);
    w.begin_object().key("type").string(part_).key("sequence_number").integer(number_);
    w.key("item_id").string(item_id_).key("output_index").integer(item_index_);
    if (part_ == kSummary) {
      w.key("summary_index").integer(part_index_);
    } else if (has_text_) {
      w.key("content_index").integer(part_index_);
    }
    w.key("delta").string("");
    if (part_ == kText) w.key("logprobs").begin_array().end_array();
    w.end_object();
    out += "\n\n";
  }
  void end(std::string&) override {}

  void fail(std::string& out, const chat::api_error& t) override {
    out += "event: error\ndata: ";
    json::writer w(out);
    w.begin_object().key("type").string("error").key("sequence_number").integer(++number_);
    w.key("code")
        .string(responses::code_of(t))
        .key("message")
        .string(t.message)
        .key("param")
        .null();
    w.end_object();
    out += "\n\n";
    failed(out, t);
  }

 private:
  static constexpr string_view kText = "response.output_text.delta";
  static constexpr string_view kSummary = "response.reasoning_summary_text.delta";
  static constexpr size_t kMostItems = 256 << 10;  // bytes

  // The event that brings a part's text, or a call's arguments; empty: there is none.
  static string_view delta_of(string_view kind) {
    if (kind == "output_text") return kText;
    if (kind == "refusal") return "response.refusal.delta";
    if (kind == "summary_text") return kSummary;
    if (kind == "reasoning_text") return "response.reasoning_text.delta";
    if (kind == "function_call") return "response.function_call_arguments.delta";
    if (kind == "custom_tool_call") return "response.custom_tool_call_input.delta";
    return {};
  }

  void item(string_view text, const json::value& data, bool over) {
    const json::value* i = object_in(data, "item");
    open_.clear();
    part_ = {};
    has_text_ = false;
    if (i == nullptr) return;
    raw_json j(text);
    j.find("item");
    const size_t begin = j.at();
    j.skip();
    const string_view bytes = text.substr(begin, j.at() - begin);
    if (items_.size() + bytes.size() > kMostItems) {
      lost_ = true;
      items_ = {};
    } else if (!lost_) {
      std::string& to = over ? items_ : open_;
      if (!to.empty()) to += ',';
      to += bytes;
    }
    if (over) return;
    part_ = delta_of(i->str("type"));
    item_id_ = i->str("id");
    item_index_ = integer_in(data, "output_index", 0);
  }

  // Not while the response would lose what has come of a text, nor before the
  // provider's id is known if it is the one that counts.
  bool can_tell() const {
    if (ident_.empty()) return !stored_;
    return !part_.empty() || (!lost_ && !has_text_);
  }

  void in_progress(std::string& out) {
    out += "event: response.in_progress\ndata: ";
    json::writer w(out);
    w.begin_object().key("type").string("response.in_progress").key("sequence_number");
    w.integer(number_).key("response");
    response(w, "in_progress", nullptr);
    w.end_object();
    out += "\n\n";
  }

  void failed(std::string& out, const chat::api_error& t) {
    out += "event: response.failed\ndata: ";
    json::writer w(out);
    w.begin_object().key("type").string("response.failed").key("sequence_number");
    w.integer(++number_).key("response");
    response(w, "failed", &t);
    w.end_object();
    out += "\n\n";
    failed_ = true;
  }

  // Its client knows the rest: what it asked for, and what has come.
  void response(json::writer& w, string_view status, const chat::api_error* t) {
    w.begin_object().key("id").string(ident_.empty() ? "resp_" + who_.id : ident_);
    w.key("object").string("response");
    w.key("created_at").integer(who_.created).key("status").string(status).key("error");
    if (t != nullptr) {
      w.begin_object().key("code").string(responses::code_of(*t));
      w.key("message").string(t->message).end_object();
    } else {
      w.null();
    }
    w.key("model").string(who_.model);
    std::string output;
    if (t == nullptr) output.append(items_).append(items_.empty() || open_.empty() ? "" : ",");
    if (t == nullptr) output += open_;
    w.raw("\"output\":[" + output +
          "],\"incomplete_details\":null,\"instructions\":null,\"max_output_tokens\":null,"
          "\"metadata\":{},\"parallel_tool_calls\":true,\"previous_response_id\":null,"
          "\"reasoning\":{\"effort\":null,\"summary\":null},\"store\":false,\"temperature\":null,"
          "\"text\":{\"format\":{\"type\":\"text\"}},\"tool_choice\":\"auto\",\"tools\":[],"
          "\"top_p\":null,\"truncation\":\"disabled\",\"usage\":null");
    w.end_object();
  }

  bool stored_;
  int64_t number_ = -1;  // of the last event
  std::string ident_;
  bool began_itself_ = false;  // the id is f0's, and the provider's start stays out
  bool failed_ = false;
  // What has come: the items that are over, and the open one as it began.
  std::string items_, open_;
  bool lost_ = false;  // they were too long to keep
  std::string item_id_;
  int64_t item_index_ = 0, part_index_ = 0;
  string_view part_;       // the delta of what is open; empty: there is none
  bool has_text_ = false;  // the open item has, or had, a part
};

}  // namespace

string_view lane_writer::pass(string_view events, bool& counts) {
  counts = true;
  note(events);
  if (!to_look_at(events) && !events.starts_with(':')) {
    return events;
  }
  counts = false;
  json::document doc;
  std::string data;
  passed_.clear();
  for (size_t at = 0; at < events.size();) {
    const string_view event = events.substr(at, event_end(events, at) - at);
    at += event.size();
    join_data(event, data);
    renamed_ = false;
    const json::value* o = data.empty() ? nullptr : doc.parse(data);
    if (o != nullptr && o->is_object()) {
      look(event, data, *o);
      counts = counts || o->str("type") != "ping";
    }
    if (!renamed_) passed_ += event;
  }
  return passed_;
}

void lane_writer::rename(string_view event, string_view object, string_view ident) {
  raw_json j(event, true);
  if (!j.find(object)) return;
  // The two members that may change, in the order in which they stand.
  struct change {
    size_t begin, size;
    string_view word;
  };
  std::vector<change> changes;
  for (const auto& [key, word] : {std::pair("model", string_view(who_.model)), {"id", ident}}) {
    raw_json at = j;
    if (word.empty() || !at.find(key) || !at.at('"')) continue;
    changes.push_back({at.at(), at.text().size() + 2, word});
  }
  if (changes.empty()) return;
  std::sort(changes.begin(), changes.end(),
            [](const change& a, const change& b) { return a.begin < b.begin; });
  size_t done = 0;
  for (const change& c : changes) {
    passed_.append(event.substr(done, c.begin - done));
    json::append_string(passed_, c.word);
    done = c.begin + c.size;
  }
  passed_.append(event.substr(done));
  renamed_ = true;
}

std::unique_ptr<lane_writer> make_lane_writer(id front, const identity& who, bool stored) {
  if (front == id::messages) return std::make_unique<messages_lane>(who);
  return std::make_unique<responses_lane>(who, stored);
}

std::string renamed_body(string_view body, string_view model) {
  raw_json j(body);
  if (!j.find("model") || !j.at('"')) return std::string(body);
  const size_t begin = j.at(), size = j.text().size() + 2;
  std::string out(body.substr(0, begin));
  json::append_string(out, model);
  return out.append(body.substr(begin + size));
}

// ---- requests

namespace {

// A part of the body that is left out.
struct cut {
  size_t begin, end;
};

// The object at hand is of |type|, and its |member| is an envelope.
bool is_sealed(raw_json j, string_view type, string_view member) {
  bool typed = false, sealed = false;
  if (!j.at('{')) return false;
  j.enter();
  while (j.at('"')) {
    const string_view key = j.key();
    if (key == "type") typed = j.text() == type;
    if (key == member) sealed = chat::is_envelope(j.text());
    j.skip();
    j.comma();
  }
  return typed && sealed;
}

// Looks at the list at hand.  How many of it stay; what goes takes a comma along.
template <class F>
size_t cut_list(raw_json& j, std::vector<cut>& cuts, F goes) {
  size_t stay = 0;
  std::vector<cut> here;
  size_t last = 0;  // the end of what stays
  if (!j.at('[')) {
    j.skip();
    return 1;
  }
  j.enter();
  while (j.more()) {
    const size_t begin = j.at();
    const size_t before = cuts.size();
    const bool gone = goes(j);
    const size_t end = j.at();
    if (gone) {
      cuts.resize(before);
      here.push_back({begin, end});
    } else {
      ++stay;
    }
    const size_t comma = j.at();
    j.comma();
    // Behind it, or before it where it is the last.
    if (gone && j.more()) {
      here.back().end = j.at();
    } else if (gone && stay > 0) {
      here.back().begin = last;
    }
    if (!gone) last = comma;
    if (j.at() == begin) break;
  }
  if (j.at(']')) j.enter();
  cuts.insert(cuts.end(), here.begin(), here.end());
  return stay;
}

// Whether the message at hand is left out, since nothing stays of it.
bool cut_message(raw_json& j, std::vector<cut>& cuts) {
  raw_json inner = j;
  bool empty = false;
  if (inner.find("content") && inner.at('[')) {
    const size_t before = cuts.size();
    const size_t stay = cut_list(inner, cuts, [](raw_json& b) {
      const bool gone = is_sealed(b, "thinking", "signature");
      b.skip();
      return gone;
    });
    empty = stay == 0 && cuts.size() > before;
  }
  j.skip();
  return empty;
}

}  // namespace

std::string without_envelopes(id front, string_view body) {
  if (!has_lane(front) || !holds(body, "\"f0.")) return std::string(body);
  std::vector<cut> cuts;
  raw_json j(body);
  if (front == id::responses) {
    if (j.find("input")) {
      cut_list(j, cuts, [](raw_json& i) {
        const bool gone = is_sealed(i, "reasoning", "encrypted_content");
        i.skip();
        return gone;
      });
    }
  } else if (j.find("messages")) {
    cut_list(j, cuts, [&](raw_json& m) { return cut_message(m, cuts); });
  }
  std::sort(cuts.begin(), cuts.end(), [](const cut& a, const cut& b) { return a.begin < b.begin; });
  std::string out;
  out.reserve(body.size());
  size_t at = 0;
  for (const cut& c : cuts) {
    if (c.begin > at) out += body.substr(at, c.begin - at);
    at = std::max(at, c.end);
  }
  return out += body.substr(at);
}

}  // namespace f0::front
