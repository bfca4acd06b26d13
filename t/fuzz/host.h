// Copyright (C) 2026 The f0 authors
//
// host.h - plays one turn of the core with given bytes, as a host would, and holds
// it to what is true of every turn.

#ifndef F0_FUZZ_HOST_H_
#define F0_FUZZ_HOST_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "../unit/oracle.h"
#include "core/json/json.h"
#include "f0.h"

namespace fuzz {

inline f0_str_t str(std::string_view s) { return {s.data(), s.size()}; }

inline void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

// What a client would make of a stream: its texts joined, whatever the chunks.
class reading {
 public:
  explicit reading(std::string_view stream) {
    f0::json::document doc;
    while (!stream.empty()) {
      std::string_view line = stream.substr(0, stream.find('\n'));
      stream.remove_prefix(std::min(stream.size(), line.size() + 1));
      if (line == "data: [DONE]") add("done", "");
      if (!line.starts_with("data: {")) continue;
      doc.clear();
      take(*doc.parse(line.substr(6)));
    }
  }
  const std::string& text() const { return out_; }

 private:
  void take(const f0::json::value& v) {
    if (const f0::json::value* e = v.get("error")) add("error", json(*e));
    if (const f0::json::value* f0 = v.get("f0")) add("f0", json(*f0));
    if (const f0::json::value* u = v.get("usage"); u && u->is_object()) add("usage", json(*u));
    const f0::json::value* choices = v.get("choices");
    if (!choices || !choices->is_array()) return;
    for (const auto& c : *choices) {
      std::string of = json(*c.get("index"));
      for (const f0::json::member* m : c.get("delta")->unique_members()) {
        if (m->key == "tool_calls") {
          call(of, (*m->val.begin()));
        } else if (m->val.is_string() && m->key != "role") {
          add(of + std::string(m->key), m->val.text());
        } else {
          add(of + std::string(m->key), json(m->val));
        }
      }
      if (!c.str("finish_reason").empty()) add(of + "finish", c.str("finish_reason"));
    }
  }
  // The first fragment has the call's head, the others more of its arguments.
  void call(const std::string& of, const f0::json::value& t) {
    std::string which = of + "call" + json(*t.get("index"));
    for (const char* kind : {"function", "custom"}) {
      const f0::json::value* f = t.get(kind);
      if (!f) continue;
      if (t.get("id")) add(which, std::string(t.str("id")) + kind + std::string(f->str("name")));
      for (const char* key : {"arguments", "input"}) {
        if (f->get(key)) add(which + key, f->str(key));
      }
    }
    if (const f0::json::value* x = t.get("extra_content")) add(which + "x", json(*x));
  }
  // Texts of different kinds stay apart; progress and empty texts are no words.
  void add(const std::string& kind, std::string_view s) {
    if (kind != "done" && s.empty()) return;
    if (kind != last_) out_ += "\n" + kind + ": ";
    last_ = kind;
    out_ += s;
  }
  static std::string json(const f0::json::value& v) {
    std::string out;
    f0::json::append_value(out, v);
    return out;
  }

  std::string out_, last_;
};

struct outcome {
  int status = 0;   // of a whole answer; 0: a stream
  std::string end;  // f0_turn_info_t.end
  std::string output;
  unsigned calls = 0, patches = 0;
  int64_t tokens[2] = {-1, -1};
  bool cancelled = false;

  std::string read() const { return status != 0 ? output : reading(output).text(); }
};

inline void same(const outcome& a, const outcome& b) {
  if (a.status == b.status && a.end == b.end && a.calls == b.calls && a.patches == b.patches &&
      a.tokens[0] == b.tokens[0] && a.tokens[1] == b.tokens[1] && a.read() == b.read()) {
    return;
  }
  std::fprintf(stderr, "one:\n%s\n%s\nother:\n%s\n%s\n", a.end.c_str(), a.output.c_str(),
               b.end.c_str(), b.output.c_str());
  require(false, "another outcome at other cuts");
}

// Pieces of a size that a small generator chooses; one piece if the seed is 0.
class cutter {
 public:
  explicit cutter(uint32_t seed) : state_(seed) {}

  template <typename Feed>
  void feed(std::string_view all, Feed give) {
    while (!all.empty()) {
      size_t n = all.size();
      if (state_ != 0) {
        state_ = state_ * 1664525 + 1013904223;
        n = 1 + (state_ >> 16) % (state_ & 0x10 ? 3 : 64);
        if (n > all.size()) n = all.size();
      }
      // A copy of its own, so that reading past the end is seen.
      std::string piece(all.substr(0, n));
      if (!give(piece)) return;
      all.remove_prefix(n);
    }
  }

 private:
  uint32_t state_;
};

// What each call is answered with; the last one repeats.
struct answer {
  std::string_view body, type = "text/event-stream";
  int status = 200;
  f0_model_end_t end = F0_END_CLEAN;
};

class host {
 public:
  // |second|: the dialect of another try line; empty: there is none.
  host(std::string_view dialect, std::string_view mode, std::string_view second = "",
       f0_front_t front = F0_FRONT_CHAT)
      : front_(front), raw_(mode == "raw") {
    f0_str_t err;
    config_ = f0_config_new();
    worker_ = f0_worker_new();
    require(config_ && worker_, "no memory");
    provider("up", dialect);
    if (!second.empty()) provider("two", second);
    require(f0_config_model(config_, str("*"), &err) == F0_OK, "model");
    set({"mode", mode});
    set({"retry", "off"});
    set({"try", "up", "m"});
    if (!second.empty()) set({"try", "two", "m"});
    require(f0_config_check(config_, &err) == F0_OK, "check");
  }
  ~host() {
    f0_worker_free(worker_);
    f0_config_free(config_);
  }
  host(const host&) = delete;
  host& operator=(const host&) = delete;

  // In pieces as |seed| says, whole if it is 0; |leave|: the client does, in that
  // step.  What is always true (t/unit/oracle.h) is required of each play.
  outcome play(std::string_view body, const std::vector<answer>& answers, uint32_t seed,
               int leave = -1, size_t body_max = size_t{1} << 20) {
    f0_turn_options_t o = {};
    o.seed = str("0123456789abcdef0123456789abcdef");
    o.created = 1754000000;
    o.now = now_ = 1000;
    o.body_max = body_max;
    o.stream_header = str("");
    o.front = front_;
    heal();
    turn_ = f0_turn_new(worker_, config_, &o);
    require(turn_ != nullptr, "no turn");
    out_ = outcome();
    cutter cut(seed);
    // Not for ever: no turn makes so many steps.
    for (int steps = 0; step(body, answers, cut, steps == leave); steps++) {
      require(steps < 100000, "the turn does not end");
    }
    finish();
    f0_turn_free(turn_);
    return out_;
  }

 private:
  // What one play does to its providers is not the next one's.
  void heal() {
    health_ = {};
    f0_shared_t shared = {};
    shared.self = 1;
    void* const slots[] = {health_[0].data(), health_[1].data()};
    require(f0_worker_health(worker_, &shared, slots, 2) == F0_OK, "no memory");
  }
  void provider(std::string_view name, std::string_view dialect) {
    f0_str_t err;
    std::string location = "/" + std::string(name) + "/";
    require(
        f0_config_provider(config_, str(name), str(dialect), str(location), str(""), &err) == F0_OK,
        "provider");
  }
  void set(std::initializer_list<std::string_view> words) {
    f0_str_t err;
    std::vector<f0_str_t> argv;
    for (std::string_view w : words) argv.push_back(str(w));
    require(f0_config_model_set(config_, argv.data(), argv.size(), &err) == F0_OK, "model_set");
  }

  static bool ok(int rc, const char* what) {
    require(rc != F0_ERR_STATE && rc != F0_ERR_INTERNAL, what);
    return rc == F0_OK;
  }
  static void good(const char* wrong) {
    if (wrong != nullptr) require(false, wrong);
  }
  f0_turn_info_t info() const {
    f0_turn_info_t i;
    f0_turn_info(turn_, &i);
    return i;
  }

  // False: the turn is over.
  bool step(std::string_view body, const std::vector<answer>& answers, cutter& cut, bool leave) {
    const f0_turn_info_t before = info();
    if (leave) {
      f0_turn_cancel(turn_);
      out_.cancelled = true;
    }
    f0_action_t a = {};
    if (!ok(f0_turn_next(turn_, now_, &a), "f0_turn_next")) return false;
    const f0_turn_info_t after = info();
    good(oracle_usage(&before, &after));
    good(oracle_action(&a, now_));
    require(!leave || a.kind == F0_FINISHED || a.kind == F0_RESPOND, "it goes on without a client");
    if (!leave) drain();
    switch (a.kind) {
      case F0_NEED_BODY:
        cut.feed(body, [&](std::string_view p) {
          return ok(f0_turn_body(turn_, p.data(), p.size(), 0), "f0_turn_body");
        });
        ok(f0_turn_body(turn_, "", 0, 1), "f0_turn_body");
        return true;
      case F0_CALL_MODEL:
        reply(answers[std::min<size_t>(out_.calls++, answers.size() - 1)], cut);
        return true;
      case F0_RUN_WORK:
        f0_work_run(a.work);
        ok(f0_turn_work_done(turn_, now_), "f0_turn_work_done");
        return true;
      case F0_WAIT:
      case F0_AGAIN:
        now_ = a.deadline;
        return true;
      case F0_RESPOND:
        require(leave || out_.output.empty(), "a whole answer behind a stream's beginning");
        out_.status = a.response.status;
        out_.output.assign(a.response.body.data, a.response.body.len);
        return false;
      case F0_FINISHED:
        drain();
        return false;
    }
    return false;
  }

  void drain() {
    for (;;) {
      f0_str_t s;
      if (!ok(f0_turn_output(turn_, &s), "f0_turn_output") || s.len == 0) return;
      require(!out_.cancelled, "output behind the end");
      out_.output.append(s.data, s.len);
    }
  }

  void reply(const answer& is, cutter& cut) {
    if (is.end == F0_END_UNREACHABLE) {
      ok(f0_turn_model_end(turn_, is.end, now_), "f0_turn_model_end");
      return;
    }
    f0_header_t h = {str("content-type"), str(is.type)};
    if (!ok(f0_turn_model_head(turn_, is.status, &h, 1, now_), "f0_turn_model_head")) return;
    bool more = true;
    cut.feed(is.body, [&](std::string_view p) {
      more = ok(f0_turn_model_data(turn_, p.data(), p.size(), now_), "f0_turn_model_data");
      drain();
      return more;
    });
    if (more) ok(f0_turn_model_end(turn_, is.end, now_), "f0_turn_model_end");
  }

  void finish() {
    f0_str_t s;
    require(f0_turn_output(turn_, &s) == F0_OK && s.len == 0, "output behind the end");
    const f0_turn_info_t i = info();
    out_.end.assign(i.end.data, i.end.len);
    out_.patches = i.patches;
    // A guess may count escapes, which a cut event is read without.
    if (!i.usage_estimated) {
      out_.tokens[0] = i.prompt_tokens;
      out_.tokens[1] = i.completion_tokens;
    }
    const bool raw = raw_ && i.mode.len == 3;
    const int flags = (raw ? ORACLE_RAW : 0) | (out_.cancelled ? ORACLE_CUT : 0);
    good(oracle_output(out_.output.data(), out_.output.size(), out_.status, flags));
    if (flags == 0) good(oracle_told(out_.output.data(), out_.output.size(), &i));
  }

  f0_config_t* config_;
  f0_worker_t* worker_;
  std::array<std::array<int64_t, F0_HEALTH_SIZE / sizeof(int64_t)>, 2> health_ = {};
  f0_turn_t* turn_ = nullptr;
  outcome out_;
  int64_t now_ = 0;
  f0_front_t front_;
  bool raw_;
};

constexpr std::string_view kWhole = R"({"model":"x","messages":[{"role":"user","content":"hi"}]})";
constexpr std::string_view kStream =
    R"({"model":"x","stream":true,"stream_options":{"include_usage":true},)"
    R"("messages":[{"role":"user","content":"hi"}]})";
constexpr std::string_view kStops =
    R"({"model":"x","stream":true,"stream_options":{"include_usage":true},)"
    R"("stop":["END","\n\n\n"],"messages":[{"role":"user","content":"hi"}]})";

// The same turn at other cuts, and left in each of its first steps and under
// little memory, where only what is always true is asked.
inline void play_all(host& h, std::string_view body, const std::vector<answer>& answers) {
  const outcome whole = h.play(body, answers, 0);
  for (uint32_t seed = 1; seed <= 2; seed++) same(whole, h.play(body, answers, seed * 2654435761u));
  for (int leave = 1; leave < 3; leave++) h.play(body, answers, 0, leave);
  h.play(body, answers, 0, -1, 1024 << whole.output.size() % 6);
}

// A provider's answer: whatever its cuts, the client hears the same.
inline void same_at_every_cut(std::string_view dialect, std::string_view content_type,
                              std::string_view bytes) {
  host h(dialect, "chat");
  const std::vector<answer> answers = {{bytes, content_type}};
  for (std::string_view body : {kWhole, kStream, kStops}) play_all(h, body, answers);
}

}  // namespace fuzz

#endif  // F0_FUZZ_HOST_H_
