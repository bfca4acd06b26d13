// Copyright (C) 2026 The f0 authors
//
// wire_rig.h - a stream with a client behind it: what a provider's bytes become,
// as the chunks that golden streams show and as collected texts.

#ifndef F0_T_UNIT_WIRE_RIG_H_
#define F0_T_UNIT_WIRE_RIG_H_

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/chat/failure.h"
#include "core/front/chat_completions/writer.h"
#include "core/front/messages/messages.h"
#include "core/provider/stream.h"
#include "messages_oracle.h"

namespace wire {

using std::string_view;
namespace dialect = f0::dialect;
namespace chat = f0::chat;
namespace front = f0::front;

// Hears the operations; says on its own what broke their contract.
class recorder final : public chat::sink {
 public:
  struct call {
    std::string id, name, arguments, extra;
    bool custom = false;
  };
  struct choice {
    std::string content, reasoning, refusal, native;
    std::vector<call> calls;
    std::vector<std::string> images;
    std::string pieces;   // of reasoning_details: the arrays, one after the other
    std::string details;  // what was told of them in the end
    std::vector<std::string> kept;
    bool finished = false;
    chat::finish finish = chat::finish::none;
  };

  // |lane|: escaped content is taken as it is.
  explicit recorder(bool lane)
      : writer({"f0golden", 1754000000, "f0-code-agent"}, true), lane_(lane) {
    const front::identity who{"f0golden", 1754000000, "f0-code-agent"};
    other_ =
        front::kMessages.stream({.who = who, .request = {}, .prompt_tokens = 9, .memory = memory_});
  }

  void on(const chat::event& e) override {
    take(e);
    chat::event named = e;
    const std::string own = "call_f0_" + std::to_string(e.number);
    if (e.type == kind::call && e.id.empty()) named.id = own;
    writer.on(chunks, named);
    other_->on(messages, named);
  }
  void usage(const chat::usage& u) override {
    if (ended) complain("usage after the end");
    used = u;
  }
  void error(const chat::failure& f) override {
    if (failed || ended) complain("an error too many");
    failed = true;
    failure = f;
    valid(f.message);
    valid(f.type);
    valid(f.code);
    writer.error(chunks, chat::answer(f, false));
    other_->error(messages, chat::answer(f, false));
  }
  void end(chat::terminal how) override {
    if (ended) complain("a second end");
    ended = true;
    terminal = how;
    const bool well = how == chat::terminal::done || how == chat::terminal::eof_after_finish;
    if (well == failed) complain("the end does not fit the error");
    // One choice was asked for: a stop that f0 finds in it ends the answer, whatever
    // else its provider began.
    for (const auto& [c, state] : choices) {
      const bool asked = c == 0 || choices.count(0) == 0;
      if (well && asked && !state.finished) complain("a choice without finish_reason");
    }
    if (well) writer.done(chunks, used);
    if (well) other_->done(messages, used);
    const messages_oracle::reading client(messages);
    if (!client.wrong.empty()) complain(("Messages: " + client.wrong).c_str());
  }
  size_t content_run(const string_view* json, size_t n) override {
    if (!lane_) return 0;
    for (size_t i = 0; i < n; ++i) {
      if (json[i].empty()) complain("an empty text");
      valid(json[i]);
      unescape(check(0).content, json[i]);
    }
    writer.content_run(chunks, json, n);
    if (other_->content_run(messages, json, n) == 0) {
      for (size_t i = 0; i < n; ++i) {
        std::string text;
        unescape(text, json[i]);
        other_->on(messages, {.type = kind::content, .text = text});
      }
    }
    escaped += static_cast<unsigned>(n);
    return n;
  }

  // All of it as text: what must not depend on the cuts.
  std::string told() const {
    std::string out = chunks + messages_oracle::reading(messages, false).told();
    const auto add = [&](string_view s) {
      out += s;
      out += '\n';
    };
    for (const auto& [c, s] : choices) {
      add(std::to_string(c) + ' ' + s.native);
      for (const call& t : s.calls) add(t.extra);
      for (const std::string& kept : s.kept) add(kept);
    }
    add(std::to_string(used.prompt) + ' ' + std::to_string(used.completion) + ' ' +
        std::to_string(used.total) + ' ' + std::to_string(used.cached) + ' ' +
        std::to_string(used.cache_write) + ' ' + std::to_string(used.reasoning));
    add(std::to_string(static_cast<int>(terminal)) + ' ' + std::to_string(failed) + ' ' +
        std::to_string(static_cast<int>(failure.at)) + ' ' + std::to_string(failure.status) + ' ' +
        std::to_string(failure.own));
    add(failure.type);
    add(failure.code);
    add(failure.message);
    for (const auto& [name, value] : failure.headers) add(name + ": " + value);
    return out;
  }

  std::string chunks, messages;
  front::chunk_writer writer;
  std::map<int, choice> choices;
  chat::usage used;
  chat::failure failure;
  bool failed = false, ended = false;
  chat::terminal terminal = chat::terminal::truncated;
  unsigned escaped = 0;   // deltas that took the fast lane
  std::string complaint;  // the first broken promise

 private:
  using kind = chat::event::kind;

  void take(const chat::event& e) {
    if (e.type == kind::role) {
      if (choices.count(e.choice) != 0) complain("a role came twice");
      choices[e.choice];
    }
    choice& to = check(e.choice);
    for (string_view s : {e.text, e.json, e.id, e.name}) valid(s);
    switch (e.type) {
      case kind::role:
        return;
      case kind::content:
        return add(to.content, e.text);
      case kind::reasoning:
        return add(to.reasoning, e.text);
      case kind::refusal:
        return add(to.refusal, e.text);
      case kind::details:
        to.reasoning += e.text;
        to.pieces += e.json;
        return;
      case kind::image:
        if (e.text.empty()) complain("an empty text");
        to.images.emplace_back(e.text);
        return;
      case kind::call:
        if (e.number != static_cast<int>(to.calls.size()))
          complain("a tool call's number is not the next one");
        if (e.name.empty()) complain("a tool call without a name");
        to.calls.push_back(
            {std::string(e.id), std::string(e.name), {}, std::string(e.json), e.custom});
        return;
      case kind::arguments:
        if (call* c = call_of(to, e)) add(c->arguments, e.text);
        return;
      case kind::extra:
        if (call* c = call_of(to, e)) c->extra = e.json;
        return;
      case kind::keep:
        if (e.number < -1 || e.number > static_cast<int>(to.calls.size()))
          return complain("state of no call");
        to.kept.push_back(std::to_string(e.number) + ' ' + chat::letter(e.of) + ' ' +
                          std::string(e.json));
        if (e.of == chat::state::details) to.details = e.json;
        return;
      case kind::finish:
        to.finished = true;
        to.finish = e.why;
        to.native = e.text;
        return;
    }
  }
  call* call_of(choice& c, const chat::event& e) {
    if (e.number >= 0 && e.number < static_cast<int>(c.calls.size())) {
      return &c.calls[static_cast<size_t>(e.number)];
    }
    complain("something of no call");
    return nullptr;
  }
  void add(std::string& to, string_view s) {
    if (s.empty()) complain("an empty text");
    to += s;
  }
  void complain(const char* what) {
    if (complaint.empty()) complaint = what;
  }
  choice& check(int c) {
    if (ended) complain("something came after the end");
    if (choices.count(c) == 0) complain("a choice that has not begun");
    choice& to = choices[c];
    if (to.finished) complain("something came after the finish");
    return to;
  }
  // Independent of the code under test: strict UTF-8.
  void valid(string_view s) {
    for (size_t i = 0; i < s.size();) {
      const auto byte = [&](size_t k) {
        return i + k < s.size() ? static_cast<unsigned char>(s[i + k]) : 0u;
      };
      const unsigned a = byte(0);
      size_t n = a < 0x80                ? 1
                 : a >= 0xc2 && a < 0xe0 ? 2
                 : a >= 0xe0 && a < 0xf0 ? 3
                 : a >= 0xf0 && a < 0xf5 ? 4
                                         : 0;
      bool ok = n != 0;
      for (size_t k = 1; k < n; ++k) ok = ok && (byte(k) & 0xc0) == 0x80;
      if (a == 0xe0) ok = ok && byte(1) >= 0xa0;
      if (a == 0xed) ok = ok && byte(1) < 0xa0;
      if (a == 0xf0) ok = ok && byte(1) >= 0x90;
      if (a == 0xf4) ok = ok && byte(1) < 0x90;
      if (!ok) return complain("invalid UTF-8");
      i += n;
    }
  }
  void unescape(std::string& out, string_view json) {
    for (size_t i = 0; i < json.size(); ++i) {
      char c = json[i];
      if (static_cast<unsigned char>(c) < 0x20 || c == '"') complain("escaped text is not plain");
      if (c == '\\') {
        c = ++i < json.size() ? json[i] : '\0';
        if (string_view("ntr\"\\").find(c) == string_view::npos) complain("an escape is not plain");
        if (c == 'n') c = '\n';
        if (c == 't') c = '\t';
        if (c == 'r') c = '\r';
      }
      out += c;
    }
  }

  f0::budget memory_;
  std::unique_ptr<front::stream_writer> other_;  // of Messages
  bool lane_;
};

// How a provider's answer comes.
struct answer {
  dialect::stream::options options;
  int status = 200;
  dialect::header_list headers;
  dialect::transport_end end = dialect::transport_end::clean;
};

// Feeds |bytes| cut at |cuts| (ascending offsets).
inline void play(const answer& a, string_view bytes, const std::vector<size_t>& cuts, recorder& r,
                 dialect::scratch& s) {
  dialect::stream stream(a.options, s, r);
  stream.head(a.status, a.headers);
  size_t at = 0;
  bool wanted = true;
  for (size_t i = 0; i <= cuts.size() && wanted; ++i) {
    const size_t to = i < cuts.size() ? cuts[i] : bytes.size();
    if (to < at) continue;
    // A copy of its own: reading past a piece is then seen.
    const std::vector<char> piece(bytes.data() + at, bytes.data() + to);
    wanted = stream.data({piece.data(), piece.size()});
    at = to;
  }
  stream.end(a.end);
  stream.end(a.end);
  if (!r.ended && r.complaint.empty()) r.complaint = "end() told no end";
}

// ---- short texts for rules

inline std::string brief(string_view s) {
  std::string out(s.substr(0, 300));
  if (s.size() > 300) out += "...";
  return out;
}

// Every cut in two, byte by byte, random pieces; of large files some.
template <typename Play>
inline void each_cut(string_view bytes, Play play) {
  const size_t n = bytes.size();
  std::mt19937 random(static_cast<unsigned>(n));
  play(std::vector<size_t>{});
  if (n == 0) return;
  if (n <= 6144) {
    for (size_t k = 1; k < n; ++k) play(std::vector<size_t>{k});
    std::vector<size_t> all;
    for (size_t k = 1; k < n; ++k) all.push_back(k);
    play(all);
  } else {
    for (int i = 0; i < 40; ++i) play(std::vector<size_t>{1 + random() % (n - 1)});
  }
  for (int i = 0; i < 4; ++i) {
    std::vector<size_t> cuts;
    for (size_t k = 0; k < std::max<size_t>(4, n / 200); ++k) cuts.push_back(random() % n);
    std::sort(cuts.begin(), cuts.end());
    play(cuts);
  }
}

inline std::string differs(const char* what, string_view want, string_view got) {
  return want == got ? std::string()
                     : std::string(what) + ": want <" + brief(want) + ">, got <" + brief(got) + ">";
}

inline answer sse(dialect::id d) {
  answer a;
  a.options.dialect = d;
  a.headers = {{"content-type", "text/event-stream"}};
  return a;
}

// What one openai choice's events say, in short: "content|finish|error code".
inline std::string outcome(const recorder& r) {
  std::string out;
  for (const auto& [i, c] : r.choices) {
    out += c.content + '/' + c.reasoning + '/' + c.refusal;
    for (const auto& t : c.calls) {
      out += (t.custom ? " [*" : " [") + t.id + ' ' + t.name + ' ' + t.arguments;
      if (!t.extra.empty()) out += ' ' + t.extra;
      out += ']';
    }
    for (const auto& url : c.images) out += " {" + url + '}';
    if (!c.details.empty()) out += ' ' + c.details;
    out += ' ';
    out += chat::finish_word(c.finish);
    out += ' ';
  }
  if (r.failed) out += r.failure.code.empty() ? r.failure.type : r.failure.code;
  if (!r.complaint.empty()) out += " !" + r.complaint;
  return out;
}

// Plays at every cut; empty if each gives |want|.
inline std::string always(const answer& a, string_view bytes, string_view want) {
  dialect::scratch s;
  std::string bad;
  each_cut(bytes, [&](const std::vector<size_t>& cuts) {
    recorder r(cuts.size() % 2 == 0);
    play(a, bytes, cuts, r, s);
    const std::string got = outcome(r);
    if (bad.empty() && got != want) {
      bad = differs("outcome", want, got) + " (" + std::to_string(cuts.size()) +
            " cuts, first at " + (cuts.empty() ? "-" : std::to_string(cuts[0])) + ") of " +
            brief(bytes);
    }
  });
  return bad;
}

inline std::string delta(string_view d, string_view rest = "") {
  return "data: {\"choices\":[{\"index\":0,\"delta\":" + std::string(d) + std::string(rest) +
         "}]}\n\n";
}

inline std::string content(string_view escaped) {
  return delta("{\"content\":\"" + std::string(escaped) + "\"}");
}

inline const std::string stop_chunk = delta("{}", ",\"finish_reason\":\"stop\"");
inline const std::string done_mark = "data: [DONE]\n\n";

}  // namespace wire

#endif  // F0_T_UNIT_WIRE_RIG_H_
