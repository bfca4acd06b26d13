// Copyright (C) 2026 The f0 authors
//
// The core without nginx: one turn in mode proxy, fed with a mock provider's
// bytes, its output checked.  For callgrind: what remains is the core's cost.

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "../src/f0.h"
#include "check.h"
#include "common.h"
#include "form.h"

namespace bench {
namespace {

struct Provider {
  const char *dialect, *path;
};

constexpr Provider kProviders[] = {
    {"openai", "/v1/chat/completions"},
    {"anthropic", "/v1/messages"},
    {"gemini", "/v1beta/models/m:streamGenerateContent"},
    {"ollama", "/api/chat"},
};

f0_str_t str(std::string_view s) { return {s.data(), s.size()}; }

// The provider's answer, in pieces as reads of |size| bytes would cut it; 0:
// one event each.
std::vector<std::string> answer(const Provider& provider, const Params& p, size_t size) {
  auto form = Form::make(provider.path, p, true);
  Content content(p.seed);
  std::vector<std::string> events(1);
  form->begin(events[0]);
  for (long k = 0; k < p.chunks; k++) {
    std::string text;
    size_t at = content.edge(k * p.bytes), end = content.edge((k + 1) * p.bytes);
    while (at < end) {
      std::string_view piece = content.piece(at, end - at);
      append_escaped(text, piece);
      at += piece.size();
    }
    form->content(events.emplace_back(), text);
  }
  form->end(events.emplace_back(), kNoFault);
  if (!size) return events;
  std::string all;
  for (auto& e : events) all += e;
  std::vector<std::string> reads;
  for (size_t at = 0; at < all.size(); at += size) reads.push_back(all.substr(at, size));
  return reads;
}

void must(bool good, const char* what) {
  if (good) return;
  fprintf(stderr, "core: %s\n", what);
  exit(1);
}

f0_config_t* configure(const char* dialect) {
  f0_config_t* cf = f0_config_new();
  f0_str_t err;
  must(f0_config_provider(cf, str("p"), str(dialect), str("/p/"), str(""), &err) == F0_OK,
       "provider");
  must(f0_config_model(cf, str("m"), &err) == F0_OK, "model");
  f0_str_t mode[] = {str("mode"), str("proxy")}, attempt[] = {str("try"), str("p"), str("up")};
  must(f0_config_model_set(cf, mode, 2, &err) == F0_OK, "mode");
  must(f0_config_model_set(cf, attempt, 3, &err) == F0_OK, "try");
  must(f0_config_check(cf, &err) == F0_OK, "configuration");
  return cf;
}

// Drains the turn into |out|.
void drain(f0_turn_t* t, std::string& out) {
  f0_str_t piece;
  while (f0_turn_output(t, &piece) == F0_OK && piece.len) out.append(piece.data, piece.len);
}

f0_action_kind_t next(f0_turn_t* t) {
  f0_action_t a;
  must(f0_turn_next(t, 1, &a) == F0_OK, "next");
  return a.kind;
}

// The stream's events against what was promised.
void check(std::string_view out, const Params& p) {
  Check check(Shape::kOpenAi, p, nullptr);
  for (size_t end; (end = out.find("\n\n")) != out.npos; out.remove_prefix(end + 2)) {
    if (out.starts_with("data: ")) check.event(out.substr(6, end - 6));
  }
  const char* wrong = check.verdict();
  must(!wrong, wrong);
}

void run(const Provider& provider, const Params& p, size_t size) {
  f0_config_t* cf = configure(provider.dialect);
  f0_worker_t* w = f0_worker_new();
  f0_turn_options_t o{};
  o.seed = str("0123456789abcdef0123456789abcdef");
  o.created = 1754300000;
  o.body_max = 1 << 20;
  f0_turn_t* t = f0_turn_new(w, cf, &o);
  std::string_view body =
      R"({"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]})";
  std::string out;
  must(next(t) == F0_NEED_BODY, "need body");
  must(f0_turn_body(t, body.data(), body.size(), 1) == F0_OK, "body");
  must(next(t) == F0_CALL_MODEL, "call");
  f0_header_t type{str("content-type"), str(Form::make(provider.path, p, true)->content_type())};
  must(f0_turn_model_head(t, 200, &type, 1, 1) == F0_OK, "head");
  for (auto& read : answer(provider, p, size)) {
    must(f0_turn_model_data(t, read.data(), read.size(), 1) >= F0_OK, "data");
    drain(t, out);
    next(t);
  }
  must(f0_turn_model_end(t, F0_END_CLEAN, 1) == F0_OK, "end");
  f0_action_kind_t last = next(t);
  drain(t, out);
  must(last == F0_FINISHED || next(t) == F0_FINISHED, "finished");
  f0_turn_free(t);
  f0_worker_free(w);
  f0_config_free(cf);
  check(out, p);
}

}  // namespace
}  // namespace bench

// core DIALECT MOCK READ: READ bytes in each piece, 0: one event.
int main(int argc, char** argv) {
  if (argc != 4) return 2;
  for (auto& provider : bench::kProviders) {
    if (strcmp(provider.dialect, argv[1])) continue;
    bench::Params p;
    p.parse(argv[2]);
    bench::run(provider, p, bench::to_long(argv[3]));
    return 0;
  }
  return 2;
}
