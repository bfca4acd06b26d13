// Copyright (C) 2026 The f0 authors
//
// host.h - plays one turn of the core with given bytes, as a host would.

#ifndef F0_FUZZ_HOST_H_
#define F0_FUZZ_HOST_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "f0.h"

namespace fuzz {

inline f0_str_t str(std::string_view s) { return {s.data(), s.size()}; }

inline void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

struct outcome {
  int status = 0;       // of a whole answer; 0: a stream
  std::string end;      // f0_turn_info_t.end
  std::string output;
  unsigned calls = 0;
  int64_t tokens[2] = {-1, -1};
};

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

class host {
 public:
  host(std::string_view dialect, std::string_view mode, std::string_view model = "m") {
    f0_str_t err;
    config_ = f0_config_new();
    worker_ = f0_worker_new();
    require(config_ && worker_, "no memory");
    std::string modes[] = {"mode", std::string(mode)};
    std::string tries[] = {"try", "up", std::string(model)};
    f0_str_t argv[3];
    require(f0_config_provider(config_, str("up"), str(dialect), str("/up/"), str(""), &err) == F0_OK,
            "provider");
    require(f0_config_model(config_, str("*"), &err) == F0_OK, "model");
    for (int i = 0; i < 2; i++) argv[i] = str(modes[i]);
    require(f0_config_model_set(config_, argv, 2, &err) == F0_OK, "mode");
    for (int i = 0; i < 3; i++) argv[i] = str(tries[i]);
    require(f0_config_model_set(config_, argv, 3, &err) == F0_OK, "try");
    require(f0_config_check(config_, &err) == F0_OK, "check");
  }
  ~host() {
    f0_worker_free(worker_);
    f0_config_free(config_);
  }
  host(const host&) = delete;
  host& operator=(const host&) = delete;

  // Every call is answered with |answer| of |content_type| and |status|.
  outcome play(std::string_view body, std::string_view answer, std::string_view content_type,
               int status, uint32_t seed) {
    f0_turn_options_t o = {};
    o.seed = str("0123456789abcdef0123456789abcdef");
    o.created = 1754000000;
    o.now = now_ = 1000;
    o.body_max = size_t{1} << 20;
    f0_turn_t* t = f0_turn_new(worker_, config_, &o);
    require(t != nullptr, "no turn");
    outcome out;
    cutter cut(seed);
    // Not for ever: no turn makes so many steps.
    for (int steps = 0; steps < 100000; steps++) {
      f0_action_t a = {};
      int rc = f0_turn_next(t, now_, &a);
      if (rc != F0_OK) {
        require(rc != F0_ERR_STATE && rc != F0_ERR_INTERNAL, "f0_turn_next");
        break;
      }
      drain(t, out);
      if (a.kind == F0_NEED_BODY) {
        cut.feed(body, [&](std::string_view p) {
          return ok(f0_turn_body(t, p.data(), p.size(), 0), "f0_turn_body");
        });
        ok(f0_turn_body(t, "", 0, 1), "f0_turn_body");
      } else if (a.kind == F0_CALL_MODEL) {
        out.calls++;
        reply(t, out, cut, answer, content_type, status);
      } else if (a.kind == F0_RUN_WORK) {
        f0_work_run(a.work);
        ok(f0_turn_work_done(t, now_), "f0_turn_work_done");
      } else if (a.kind == F0_WAIT) {
        now_ = a.deadline;
      } else if (a.kind == F0_RESPOND) {
        out.status = a.response.status;
        out.output.append(a.response.body.data, a.response.body.len);
        break;
      } else if (a.kind == F0_FINISHED) {
        drain(t, out);
        break;
      }
      require(steps < 99999, "the turn does not end");
    }
    f0_turn_info_t info;
    f0_turn_info(t, &info);
    out.end.assign(info.end.data, info.end.len);
    // An estimate may count escapes, which a cut event is read without.
    if (!info.usage_estimated) {
      out.tokens[0] = info.prompt_tokens;
      out.tokens[1] = info.completion_tokens;
    }
    f0_turn_free(t);
    return out;
  }

 private:
  static bool ok(int rc, const char* what) {
    require(rc != F0_ERR_STATE && rc != F0_ERR_INTERNAL, what);
    return rc == F0_OK;
  }

  static void drain(f0_turn_t* t, outcome& out) {
    for (;;) {
      f0_str_t s;
      if (!ok(f0_turn_output(t, &s), "f0_turn_output") || s.len == 0) return;
      out.output.append(s.data, s.len);
    }
  }

  void reply(f0_turn_t* t, outcome& out, cutter& cut, std::string_view answer,
             std::string_view content_type, int status) {
    f0_header_t h = {str("content-type"), str(content_type)};
    if (!ok(f0_turn_model_head(t, status, &h, 1, now_), "f0_turn_model_head")) return;
    bool more = true;
    cut.feed(answer, [&](std::string_view p) {
      more = ok(f0_turn_model_data(t, p.data(), p.size(), now_), "f0_turn_model_data");
      drain(t, out);
      return more;
    });
    ok(f0_turn_model_end(t, F0_END_CLEAN, now_), "f0_turn_model_end");
  }

  f0_config_t* config_;
  f0_worker_t* worker_;
  int64_t now_ = 0;
};

// A provider's answer: whatever its cuts, the client hears the same.
inline void same_at_every_cut(std::string_view dialect, std::string_view content_type,
                              std::string_view answer) {
  static const std::string_view kWhole =
      R"({"model":"x","messages":[{"role":"user","content":"hi"}]})";
  static const std::string_view kStream =
      R"({"model":"x","stream":true,"stream_options":{"include_usage":true},)"
      R"("stop":["END","\n\n\n"],"messages":[{"role":"user","content":"hi"}]})";
  host h(dialect, "chat");
  for (std::string_view body : {kWhole, kStream}) {
    outcome whole = h.play(body, answer, content_type, 200, 0);
    for (uint32_t seed = 1; seed <= 3; seed++) {
      outcome cut = h.play(body, answer, content_type, 200, seed * 2654435761u);
      require(cut.status == whole.status, "another status");
      require(cut.end == whole.end, "another end");
      require(cut.tokens[0] == whole.tokens[0] && cut.tokens[1] == whole.tokens[1], "other usage");
      if (body == kWhole) require(cut.output == whole.output, "another body");
    }
  }
}

}  // namespace fuzz

#endif  // F0_FUZZ_HOST_H_
