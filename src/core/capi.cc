// Copyright (C) 2026 The f0 authors
//
// capi.cc - f0.h over the classes: the one place where exceptions end.

#include <new>
#include <vector>

#include "../f0.h"
#include "base/abi.h"
#include "base/text.h"
#include "chat/failure.h"
#include "config.h"
#include "edit/edit.h"
#include "front/front.h"
#include "front/models.h"
#include "front/route.h"
#include "turn/turn.h"
#include "worker.h"

struct f0_config_s : f0::config {};
struct f0_worker_s : f0::worker {};

namespace {

using std::string_view;

using f0::str;
using f0::view;

// Runs |f|; what it throws becomes an error word.
template <class F>
int guarded(F f) noexcept {
  try {
    return f();
  } catch (const std::bad_alloc&) {
    return F0_ERR_NOMEM;
  } catch (...) {
    return F0_ERR_INTERNAL;
  }
}

template <class T, class... A>
T* made(A&... args) noexcept {
  try {
    return new T(args...);
  } catch (...) {
    return nullptr;
  }
}

template <class F>
int configured(f0_config_t* cf, f0_str_t* err, F f) noexcept {
  return guarded([&] {
    if (f()) return static_cast<int>(F0_OK);
    *err = str(cf->error());
    return static_cast<int>(F0_ERR_CONFIG);
  });
}

void whole(f0_worker_t* w, f0_response_t* out, int status) {
  *out = f0_response_t();
  out->status = status;
  out->content_type = str("application/json");
  out->body = str(w->body);
}

// What nginx's own statuses mean to a client of the API (openai-chat.md 7).
f0::chat::api_error of_status(int status) {
  f0::chat::api_error t;
  t.status = status;
  t.type = status < 500 ? "invalid_request_error" : "server_error";
  switch (status) {
    case 400:
      t.message = "The request could not be understood.";
      break;
    case 401:
      t.type = "auth_error";
      t.code = "invalid_api_key";
      t.message = "Invalid or missing API key.";
      break;
    case 403:
      t.message = "Access is denied.";
      break;
    case 404:
      t.message = "There is nothing at this address.";
      break;
    case 405:
      t.code = "method_not_supported";
      t.message = "This method is not supported here.";
      break;
    case 408:
      t.message = "The request came too slowly.";
      break;
    case 411:
      t.message = "The request needs a Content-Length.";
      break;
    case 413:
      t.code = "request_too_large";
      t.message = "The request is too large.";
      break;
    case 414:
      t.message = "The request's URI is too long.";
      break;
    case 415:
      t.code = "unsupported_content_type";
      t.message = "The request's media type is not supported.";
      break;
    case 429:
      t.type = "rate_limit_error";
      t.code = "rate_limit_exceeded";
      t.message = "Too many requests: try again later.";
      break;
    case 431:
      t.message = "The request's headers are too large.";
      break;
    case 502:
      t.code = "upstream_error";
      t.message = "The provider failed.";
      break;
    case 503:
      t.code = "overloaded";
      t.message = "The server is overloaded: try again later.";
      break;
    case 504:
      t.code = "upstream_timeout";
      t.message = "The provider was too slow.";
      break;
    default:
      t.message = status < 500 ? "The request was refused." : "The server failed.";
      break;
  }
  return t;
}

f0::chat::api_error of_failure(f0_fail_t what, int status, string_view detail) {
  f0::chat::api_error t;
  std::string d(detail);
  switch (what) {
    case F0_FAIL_KEY:
      t = of_status(401);
      t.headers = {{"www-authenticate", "Bearer"}};
      break;
    case F0_FAIL_PATH:
      t = of_status(404);
      t.message = "Invalid URL (" + f0::text::cut_repaired(detail, 200) + ")";
      break;
    case F0_FAIL_METHOD:
      t = of_status(405);
      t.headers = {{"allow", d}};
      break;
    case F0_FAIL_MEDIA_TYPE:
      t = of_status(415);
      t.message = "Unsupported Content-Type: the body must be application/json.";
      break;
    case F0_FAIL_ENCODING:
      t = of_status(415);
      t.message = "Unsupported Content-Encoding: the body must not be compressed.";
      break;
    case F0_FAIL_TOO_LARGE:
      t = of_status(413);
      t.message = "Maximum content size limit (" + d + " bytes) exceeded.";
      break;
    case F0_FAIL_STATUS:
      t = of_status(status);
      break;
  }
  return t;
}

// |w->told|, in the form of |front|.
void tell(f0_worker_t* w, f0_front_t front, string_view seed, f0_response_t* out) {
  w->body.clear();
  f0::front::row_of(static_cast<f0::front::id>(front)).error(w->body, w->told, seed);
  whole(w, out, w->told.status);
  w->reason = f0::text::for_log(w->told.message);
  out->reason = str(w->reason);
}

}  // namespace

extern "C" {

f0_config_t* f0_config_new(void) noexcept {
  // Once, where nobody waits: it takes some milliseconds.
  if (guarded([] {
        f0::edit::start_library();
        return static_cast<int>(F0_OK);
      }) != F0_OK) {
    return nullptr;
  }
  return made<f0_config_t>();
}
void f0_config_free(f0_config_t* cf) noexcept { delete cf; }

int f0_config_provider(f0_config_t* cf, f0_str_t name, f0_str_t dialect, f0_str_t location,
                       f0_str_t path, f0_str_t* err) noexcept {
  return configured(cf, err, [&] {
    return cf->add_provider(view(name), view(dialect), view(location), view(path));
  });
}

int f0_config_model(f0_config_t* cf, f0_str_t id, f0_str_t* err) noexcept {
  return configured(cf, err, [&] { return cf->add_model(view(id)); });
}

int f0_config_model_set(f0_config_t* cf, const f0_str_t* argv, size_t argc,
                        f0_str_t* err) noexcept {
  return configured(cf, err, [&] {
    std::vector<string_view> words;
    for (size_t i = 0; i < argc; i++) words.push_back(view(argv[i]));
    return cf->set(words);
  });
}

int f0_config_check(f0_config_t* cf, f0_str_t* err) noexcept {
  return configured(cf, err, [&] { return cf->check(); });
}

int f0_config_secret(f0_config_t* cf, f0_str_t value) noexcept {
  return guarded([&] {
    cf->add_secret(view(value));
    return static_cast<int>(F0_OK);
  });
}

int f0_config_health(f0_config_t* cf, int64_t fails, int64_t cool_ms, f0_str_t* err) noexcept {
  return configured(cf, err, [&] { return cf->set_health(fails, cool_ms); });
}

f0_worker_t* f0_worker_new(void) noexcept { return made<f0_worker_t>(); }
void f0_worker_memory(f0_worker_t* w, const f0_memory_t* m) noexcept { w->states.use(*m); }
int f0_worker_key(f0_worker_t* w, f0_str_t key) noexcept {
  return guarded([&] {
    w->key = view(key);
    return static_cast<int>(F0_OK);
  });
}

int f0_worker_health(f0_worker_t* w, const f0_shared_t* s, void* const* slots, size_t n) noexcept {
  return guarded([&] {
    w->providers.share(*s, slots, n);
    return static_cast<int>(F0_OK);
  });
}

int f0_limit_idle(const f0_shared_t* s, const void* block) noexcept {
  return f0::is_idle(*s, *static_cast<const f0::line_state*>(block));
}

int64_t f0_worker_look(f0_worker_t* w, int64_t now) noexcept {
  int64_t again = 1'000;
  guarded([&] {
    again = w->waiting.look(now);
    return static_cast<int>(F0_OK);
  });
  return again;
}

void* f0_worker_ready(f0_worker_t* w) noexcept {
  const f0::place* p = w->waiting.ready();
  return p != nullptr ? static_cast<f0::turn*>(p->host())->stir() : nullptr;
}

void f0_worker_free(f0_worker_t* w) noexcept { delete w; }

void f0_route(f0_str_t location, f0_str_t uri, f0_str_t method, int anthropic,
              f0_route_t* out) noexcept {
  f0::front::route(view(location), view(uri), view(method), anthropic != 0, *out);
}

int f0_worker_failure(f0_worker_t* w, const f0_failure_t* f, f0_response_t* out) noexcept {
  return guarded([&] {
    // Headers that are told live in the worker until its next call.
    w->told = of_failure(f->what, f->status, view(f->detail));
    tell(w, f->front, view(f->seed), out);
    for (const auto& [name, value] : w->told.headers) {
      out->headers[out->nheaders++] = {str(name), str(value)};
    }
    return F0_OK;
  });
}

int f0_worker_models(f0_worker_t* w, const f0_config_t* cf, f0_str_t id, f0_front_t front,
                     f0_str_t seed, f0_response_t* out) noexcept {
  return guarded([&] {
    using f0::front::model_form;
    const model_form form = front == F0_FRONT_MESSAGES ? model_form::anthropic : model_form::openai;
    w->body.clear();
    std::vector<std::string> ids = cf->listed();
    if (id.len == 0) {
      f0::front::append_model_list(w->body, ids, form);
      whole(w, out, 200);
      return F0_OK;
    }
    std::string name = f0::text::percent_decode(view(id));
    for (const auto& known : ids) {
      if (known != name) continue;
      f0::front::append_model(w->body, known, form);
      whole(w, out, 200);
      return F0_OK;
    }
    w->told = of_status(404);
    w->told.code = "model_not_found";
    w->told.param = "model";
    w->told.message = "The model does not exist.";
    tell(w, front, view(seed), out);
    return F0_OK;
  });
}

f0_turn_t* f0_turn_new(f0_worker_t* w, const f0_config_t* cf, const f0_turn_options_t* o) noexcept {
  return made<f0_turn_t>(*w, *cf, *o);
}

void f0_turn_free(f0_turn_t* t) noexcept { delete t; }

int f0_turn_next(f0_turn_t* t, int64_t now, f0_action_t* a) noexcept {
  return guarded([&] {
    t->next(now, *a);
    return F0_OK;
  });
}

int f0_turn_body(f0_turn_t* t, const char* p, size_t n, int last) noexcept {
  return guarded([&] { return t->body({p, n}, last != 0); });
}

int f0_turn_model_hold(f0_turn_t* t, int held, int64_t now) noexcept {
  t->model_hold(held != 0, now);
  return F0_OK;
}

int f0_turn_model_head(f0_turn_t* t, int status, const f0_header_t* headers, size_t n,
                       int64_t now) noexcept {
  return guarded([&] { return t->model_head(status, headers, n, now); });
}

int f0_turn_model_data(f0_turn_t* t, const char* p, size_t n, int64_t now) noexcept {
  return guarded([&] { return t->model_data({p, n}, now); });
}

int f0_turn_model_end(f0_turn_t* t, f0_model_end_t how, int64_t now) noexcept {
  return guarded([&] { return t->model_end(how, now); });
}

void f0_work_run(f0_work_t* work) noexcept {
  if (!work->stop) work->work->run();
}

int f0_turn_work_done(f0_turn_t* t, int64_t now) noexcept {
  return guarded([&] { return t->work_done(now); });
}

void f0_turn_cancel(f0_turn_t* t) noexcept {
  guarded([&] {
    t->cancel();
    return F0_OK;
  });
}

int f0_turn_drain(f0_turn_t* t, int64_t now) noexcept {
  return guarded([&] { return t->drain(now); });
}

int f0_turn_output(f0_turn_t* t, f0_str_t* out) noexcept {
  *out = {"", 0};
  return guarded([&] {
    *out = str(t->output());
    return F0_OK;
  });
}

int f0_turn_streams(const f0_turn_t* t) noexcept { return t->streams(); }

void f0_turn_info(const f0_turn_t* t, f0_turn_info_t* info) noexcept { t->info(*info); }

}  // extern "C"
