// Copyright (C) 2026 The f0 authors

#include "deferred.h"

namespace f0 {

void deferred::tell(what kind, int choice, int k, string_view a, string_view b, dialect::finish f) {
  switch (kind) {
    case what::role:
      return to_.role(choice);
    case what::content:
      return to_.content(choice, a);
    case what::reasoning:
      return to_.reasoning(choice, a);
    case what::refusal:
      return to_.refusal(choice, a);
    case what::tool_start:
      return to_.tool_start(choice, k, a, b);
    case what::tool_args:
      return to_.tool_args(choice, k, a);
    case what::signature:
      return to_.tool_signature(choice, k, a);
    case what::finish:
      return to_.finish(choice, f, a);
  }
}

void deferred::put(what kind, int choice, int k, string_view a, string_view b, dialect::finish f) {
  if (!held_ && waiting_.empty()) return tell(kind, choice, k, a, b, f);
  waiting_.push_back({kind, choice, k, f, std::string(a), std::string(b)});
}

void deferred::replay() {
  while (!held_ && !waiting_.empty()) {
    operation o = std::move(waiting_.front());
    waiting_.pop_front();
    tell(o.kind, o.choice, o.k, o.a, o.b, o.finish);
  }
}

void deferred::role(int choice) { put(what::role, choice); }
void deferred::content(int choice, string_view text) { put(what::content, choice, 0, text); }
void deferred::reasoning(int choice, string_view text) { put(what::reasoning, choice, 0, text); }
void deferred::refusal(int choice, string_view text) { put(what::refusal, choice, 0, text); }
void deferred::tool_start(int choice, int k, string_view id, string_view name) {
  put(what::tool_start, choice, k, id, name);
}
void deferred::tool_args(int choice, int k, string_view json_text) {
  put(what::tool_args, choice, k, json_text);
}
void deferred::tool_signature(int choice, int k, string_view signature) {
  put(what::signature, choice, k, signature);
}
void deferred::finish(int choice, dialect::finish f, string_view native) {
  put(what::finish, choice, 0, native, {}, f);
}

}  // namespace f0
