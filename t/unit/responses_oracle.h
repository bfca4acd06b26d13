// Copyright (C) 2026 The f0 authors
//
// responses_oracle.h - a strict reader of the streams of the Responses front: what
// f0 may write, and what was said in it (fronts.md 5).

#ifndef F0_T_UNIT_RESPONSES_ORACLE_H_
#define F0_T_UNIT_RESPONSES_ORACLE_H_

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"
#include "core/json/json.h"

namespace responses_oracle {

using std::string_view;
namespace json = f0::json;

inline std::string plain(const json::value& v) {
  std::string out;
  json::append_value(out, v);
  return out;
}

// An item as it was finished, or left open.
struct item {
  std::string type, id, call_id, name, ns, text, sealed, status;
  std::string whole;  // as JSON; empty: it was left open
};

class reader {
 public:
  explicit reader(string_view stream) {
    if (!f0::text::valid_utf8(stream)) bad("no UTF-8");
    while (!stream.empty() && wrong.empty()) {
      const size_t end = stream.find("\n\n");
      if (end == string_view::npos) {
        bad("a torn event");
        return;
      }
      block(stream.substr(0, end));
      stream.remove_prefix(end + 2);
    }
    if (!over_ && wrong.empty()) cut = true;
  }

  std::string wrong;  // the first fault
  std::vector<item> items;
  std::string end;     // the last event's name
  std::string reason;  // why it is incomplete
  std::string code;    // of a failure
  std::string usage;   // as JSON
  std::string comments;
  size_t events = 0, signs = 0;  // signs of life
  bool cut = false;              // there is no end

  // What was said, apart from ids and how it was cut.
  std::string said() const {
    std::string out;
    for (const item& i : items) {
      out += i.type + '|' + i.call_id + '|' + i.ns + '|' + i.name + '|' + i.text + '|' + i.sealed +
             '|' + i.status + '\n';
    }
    return out + end + ' ' + reason + ' ' + code + ' ' + usage;
  }

 private:
  void bad(std::string what) {
    if (wrong.empty()) wrong = "event " + std::to_string(events) + " (" + name_ + "): " + what;
  }
  void want(bool ok, const char* what) {
    if (!ok) bad(what);
  }

  static bool has(const json::value& o, std::initializer_list<string_view> keys) {
    if (!o.is_object() || o.size() != keys.size()) return false;
    return std::all_of(keys.begin(), keys.end(),
                       [&](string_view k) { return o.get(k) != nullptr; });
  }
  static std::string text_of(const json::value& o, string_view key) {
    const json::value* v = o.get(key);
    return v && v->is_string() ? std::string(v->text()) : "?";
  }
  static int64_t number_of(const json::value& o, string_view key) {
    const json::value* v = o.get(key);
    return v ? v->integer().value_or(-1) : -1;
  }

  void block(string_view b) {
    if (b.substr(0, 2) == ": ") {
      want(b.find('\n') == string_view::npos, "a comment of several lines");
      comments.append(b.substr(2)).append("\n");
      return;
    }
    const size_t line = b.find('\n');
    want(b.substr(0, 7) == "event: " && line != string_view::npos &&
             b.substr(line + 1, 6) == "data: " && b.find('\n', line + 1) == string_view::npos,
         "not one event: and one data: line");
    if (!wrong.empty()) return;
    name_ = b.substr(7, line - 7);
    json::document doc;
    const json::value* v = doc.parse(b.substr(line + 7));
    if (!v || !v->is_object()) return bad("no object");
    want(!over_, "behind the end");
    want(v->str("type") == name_, "type differs from event:");
    want(number_of(*v, "sequence_number") == int64_t(events), "the number");
    if (wrong.empty()) event(*v);
    events++;
  }

  void event(const json::value& v) {
    want((events == 0) == (name_ == "response.created"), "response.created comes first, once");
    want(events != 1 || name_ == "response.in_progress", "response.in_progress is the second");
    if (failing_) want(name_ == "response.failed", "something between error and failed");
    if (name_ == "error") return error(v);
    if (const json::value* r = v.get("response")) {
      want(has(v, {"type", "sequence_number", "response"}), "members");
      return lifecycle(*r);
    }
    if (name_ == "response.output_item.added") return added(v);
    if (name_ == "response.output_item.done") return item_done(v);
    inner(v);
  }

  void error(const json::value& v) {
    want(has(v, {"type", "sequence_number", "code", "message", "param"}), "members");
    code = text_of(v, "code");
    failing_ = true;
    message_ = text_of(v, "message");
  }

  // ---- the response

  void lifecycle(const json::value& r) {
    want(has(r, {"id",
                 "object",
                 "created_at",
                 "status",
                 "error",
                 "incomplete_details",
                 "instructions",
                 "max_output_tokens",
                 "metadata",
                 "model",
                 "output",
                 "parallel_tool_calls",
                 "previous_response_id",
                 "reasoning",
                 "store",
                 "temperature",
                 "text",
                 "tool_choice",
                 "tools",
                 "top_p",
                 "truncation",
                 "usage"}),
         "members of the response");
    if (!wrong.empty()) return;
    const std::string status = text_of(r, "status");
    std::string same;
    for (const json::member* m : r.unique_members()) {
      if (m->key != "status" && m->key != "error" && m->key != "incomplete_details" &&
          m->key != "output" && m->key != "usage") {
        same += std::string(m->key) + plain(m->val);
      }
    }
    if (same_.empty()) same_ = same;
    want(same == same_, "the response changed");
    want(text_of(r, "id").substr(0, 5) == "resp_", "the response's id");
    std::string finished;
    for (const item& i : items) {
      if (!i.whole.empty()) finished += (finished.empty() ? "" : ",") + i.whole;
    }
    want(plain(*r.get("output")) == "[" + finished + "]", "output is not the finished items");
    const bool running = name_ == "response.created" || name_ == "response.in_progress";
    want(running == (status == "in_progress"), "status");
    want(status == "failed" || r.get("error")->is_null(), "an error");
    want((status == "incomplete") == !r.get("incomplete_details")->is_null(), "incomplete_details");
    want(status != "failed" || (failing_ && text_of(*r.get("error"), "code") == code &&
                                text_of(*r.get("error"), "message") == message_),
         "failed without its error");
    usage = plain(*r.get("usage"));
    if (running) {
      want(usage == "null", "usage before the end");
      want(!open_, "in_progress inside an item");
      if (events > 1) signs++;
      return;
    }
    want(name_ == "response." + status, "status and event");
    want(status != "completed" || !open_, "an item is open");
    if (status == "completed") {
      for (const item& i : items) want(i.status != "incomplete", "an item is incomplete");
    }
    if (status == "incomplete") {
      reason = text_of(*r.get("incomplete_details"), "reason");
      want(!open_ || is_call(), "what is no call was left open");
    }
    end = name_;
    over_ = true;
  }

  // ---- items

  bool is_call() const {
    return items.back().type == "function_call" || items.back().type == "custom_tool_call";
  }

  size_t index() const { return items.size() - (open_ ? 1 : 0); }

  void added(const json::value& v) {
    const json::value* i = v.get("item");
    want(has(v, {"type", "sequence_number", "output_index", "item"}) && i, "members");
    want(!open_, "an item is open already");
    want(number_of(v, "output_index") == int64_t(items.size()), "output_index");
    if (!wrong.empty()) return;
    item made;
    made.type = text_of(*i, "type");
    made.id = text_of(*i, "id");
    made.ns = i->str("namespace");
    if (i->get("name")) made.name = text_of(*i, "name");
    if (i->get("call_id")) made.call_id = text_of(*i, "call_id");
    const auto begins = [&](string_view p) { return made.id.substr(0, p.size()) == p; };
    const bool spaced = i->get("namespace") != nullptr;
    want(!spaced || !made.ns.empty(), "an empty namespace");
    const size_t more = spaced ? 1 : 0;
    if (made.type == "message") {
      want(has(*i, {"type", "id", "status", "role", "content"}) && begins("msg_") &&
               i->get("content")->size() == 0 && text_of(*i, "role") == "assistant",
           "a message's beginning");
    } else if (made.type == "reasoning") {
      want(has(*i, {"type", "id", "summary"}) && begins("rs_") && i->get("summary")->size() == 0,
           "reasoning's beginning");
    } else if (made.type == "function_call") {
      want(i->size() == 6 + more && begins("fc_") && text_of(*i, "arguments").empty(),
           "a call's beginning");
    } else if (made.type == "custom_tool_call") {
      want(i->size() == 6 + more && begins("ctc_") && text_of(*i, "input").empty(),
           "a custom call's beginning");
    } else if (made.type == "tool_search_call") {
      want(has(*i, {"type", "id", "call_id", "execution", "arguments", "status"}),
           "a search's beginning");
    } else {
      bad("an item of type " + made.type);
    }
    want(made.type == "reasoning" || text_of(*i, "status") == "in_progress", "status");
    want(made.type == "message" || made.type == "reasoning" || !made.call_id.empty(), "call_id");
    for (const item& o : items) want(o.id != made.id, "an id came twice");
    items.push_back(made);
    open_ = true;
    part_ = done_ = parted_ = false;
  }

  void inner(const json::value& v) {
    if (!open_) return bad("no item is open");
    item& i = items.back();
    const bool message = i.type == "message", reasoning = i.type == "reasoning";
    const std::string own = message                     ? "response.output_text"
                            : reasoning                 ? "response.reasoning_summary_text"
                            : i.type == "function_call" ? "response.function_call_arguments"
                                                        : "response.custom_tool_call_input";
    const std::string part = message ? "response.content_part" : "response.reasoning_summary_part";
    want(text_of(v, "item_id") == i.id && number_of(v, "output_index") == int64_t(index()),
         "item_id or output_index");
    if (message || reasoning) {
      want(number_of(v, message ? "content_index" : "summary_index") == 0, "the part's index");
    }
    const size_t base = message || reasoning ? 5 : 4;  // members of all events of an item
    const size_t logprobs = message ? 1 : 0;
    const json::value* p = v.get("part");
    if ((message || reasoning) && name_ == part + ".added") {
      want(!part_ && !parted_ && v.size() == base + 1 && p && p->str("text").empty(),
           "a part's beginning");
      part_ = true;
    } else if ((message || reasoning) && name_ == part + ".done") {
      want(part_ && done_ && v.size() == base + 1 && p && p->get("text")->text() == i.text,
           "a part's end");
      part_ = false;
      parted_ = true;
    } else if (name_ == own + ".delta") {
      want(v.size() == base + 1 + logprobs && !done_ && v.get("delta") &&
               v.get("delta")->is_string() && (part_ || base == 4),
           "a delta");
      if (v.get("delta")->text().empty()) signs++;
      i.text += text_of(v, "delta");
    } else if (name_ == own + ".done") {
      const char* key = i.type == "function_call"      ? "arguments"
                        : i.type == "custom_tool_call" ? "input"
                                                       : "text";
      want(!done_ && text_of(v, key) == i.text, "what is repeated differs");
      if (i.type == "function_call") want(text_of(v, "name") == i.name, "the name");
      done_ = true;
    } else {
      bad("not of a " + i.type);
    }
  }

  void item_done(const json::value& v) {
    const json::value* o = v.get("item");
    if (!open_ || !o) return bad("no item is open");
    item& i = items.back();
    want(number_of(v, "output_index") == int64_t(index()), "output_index");
    want(text_of(*o, "type") == i.type && text_of(*o, "id") == i.id && o->str("name") == i.name &&
             o->str("call_id") == i.call_id && o->str("namespace") == i.ns,
         "another item than began");
    want(!part_, "a part is open");
    i.sealed = o->str("encrypted_content");
    if (i.type == "message") {
      const json::value* c = o->get("content");
      want(parted_ && c && c->size() == 1 && text_of((*c)[0], "text") == i.text &&
               text_of((*c)[0], "type") == "output_text",
           "content");
    } else if (i.type == "reasoning") {
      const json::value* c = o->get("summary");
      want(c && c->size() == (parted_ ? 1 : 0) && (!parted_ || text_of((*c)[0], "text") == i.text),
           "summary");
    } else if (i.type == "tool_search_call") {
      want(o->get("arguments") && o->get("arguments")->is_object(), "arguments");
      i.text = plain(*o->get("arguments"));
    } else {
      const char* key = i.type == "function_call" ? "arguments" : "input";
      want(done_ && text_of(*o, key) == i.text, "its text");
    }
    if (i.type != "reasoning") {
      i.status = text_of(*o, "status");
      want(i.status == "completed" || i.status == "incomplete", "status");
    }
    i.whole = plain(*o);
    open_ = false;
  }

  std::string name_, same_, message_;
  bool open_ = false, over_ = false, failing_ = false;
  bool part_ = false;    // one is open
  bool parted_ = false;  // one was closed
  bool done_ = false;    // its text was repeated
};

}  // namespace responses_oracle

#endif  // F0_T_UNIT_RESPONSES_ORACLE_H_
