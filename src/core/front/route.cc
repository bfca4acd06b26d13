// Copyright (C) 2026 The f0 authors
//
// route.cc - paths and methods.  Slashes at the end and doubled ones count for
// nothing: what a client writes is answered where it asked, never redirected.
//
//   location /v1/           /v1/messages, /v1/messages/, /v1//messages
//   location = /x/messages  the location itself names the front
//   location ~ ^/api/       the longest end of the path that is in the table
//
// responses/{id} and streams/{id} are not here: f0 keeps no answers, so there is
// nothing at these addresses.

#include "route.h"

namespace f0::front {

namespace {

struct place {
  string_view path;
  f0_front_t front;
};

constexpr place kTurns[] = {
    {"chat/completions", F0_FRONT_CHAT},
    {"messages", F0_FRONT_MESSAGES},
    {"messages/count_tokens", F0_FRONT_COUNT_TOKENS},
    {"responses", F0_FRONT_RESPONSES},
    {"completions", F0_FRONT_COMPLETIONS},
    {"fim/completions", F0_FRONT_FIM},
};
constexpr string_view kModels = "models";

constexpr string_view kPost = "POST, OPTIONS";
constexpr string_view kGet = "GET, HEAD, OPTIONS";

string_view skip_slashes(string_view s) {
  while (!s.empty() && s.front() == '/') s.remove_prefix(1);
  return s;
}

string_view without_end(string_view s) {
  while (!s.empty() && s.back() == '/') s.remove_suffix(1);
  return s;
}

// Takes |name| off the front of |path|, in which several slashes are as one.
bool take(string_view& path, string_view name) {
  string_view p = path;
  while (!name.empty()) {
    if (p.empty() || p.front() != name.front()) return false;
    p = name.front() == '/' ? skip_slashes(p) : p.substr(1);
    name.remove_prefix(1);
  }
  path = p;
  return true;
}

bool is_turn(string_view path, f0_route_t& out) {
  for (const place& t : kTurns) {
    string_view rest = path;
    if (!take(rest, t.path) || !rest.empty()) continue;
    out.kind = F0_ROUTE_TURN;
    out.front = t.front;
    return true;
  }
  return false;
}

bool is_models(string_view path, f0_route_t& out) {
  if (!take(path, kModels) || (!path.empty() && path.front() != '/')) return false;
  out.kind = F0_ROUTE_MODELS;
  out.model = str(skip_slashes(path));
  return true;
}

// The same of the end of |path|, whatever is before it: "chat/completions" is
// tried before "completions", a front before the model that may be named so.
bool is_end(string_view path, f0_route_t& out) {
  for (size_t i = 0; i < path.size(); i++) {
    if (path[i] == '/' && is_turn(skip_slashes(path.substr(i)), out)) return true;
  }
  for (size_t i = path.size(); i-- > 0;) {
    if (path[i] == '/' && is_models(path.substr(i + 1), out)) return true;
  }
  return false;
}

bool find(string_view location, string_view uri, f0_route_t& out) {
  if (location.empty() || !uri.starts_with(location)) return is_end(without_end(uri), out);
  string_view rest = without_end(uri.substr(location.size()));
  if (rest.empty()) return is_end(without_end(location), out) && out.model.len == 0;
  if (location.back() != '/' && rest.front() != '/') return false;
  rest = skip_slashes(rest);
  return is_turn(rest, out) || is_models(rest, out);
}

}  // namespace

void route(string_view location, string_view uri, string_view method, bool anthropic,
           f0_route_t& out) {
  out = f0_route_t();
  out.front = anthropic ? F0_FRONT_MESSAGES : F0_FRONT_CHAT;
  out.model = out.allow = out.id_header = str("");
  const bool found = find(location, uri, out);
  if (out.front == F0_FRONT_MESSAGES || out.front == F0_FRONT_COUNT_TOKENS) {
    out.id_header = str("request-id");
  }
  if (!found) {
    out.kind = F0_ROUTE_PATH;
  } else if (out.kind == F0_ROUTE_TURN ? method != "POST" : method != "GET" && method != "HEAD") {
    out.allow = str(out.kind == F0_ROUTE_TURN ? kPost : kGet);
    out.kind = F0_ROUTE_METHOD;
  }
}

}  // namespace f0::front
