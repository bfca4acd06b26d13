// Copyright (C) 2026 The f0 authors

#include "event_queue.h"

#include <algorithm>
#include <utility>

#include "../base/text.h"

namespace f0 {
namespace {

constexpr size_t kOperations = 1000;  // in a row
constexpr size_t kBytes = 32 << 10;

}  // namespace

void event_queue::tell(what kind, int choice, int k, string_view a, string_view b, string_view c,
                       uint8_t word) {
  switch (kind) {
    case what::role:
      return to_.role(choice);
    case what::content:
      return to_.content(choice, a);
    case what::reasoning:
      return to_.reasoning(choice, a);
    case what::refusal:
      return to_.refusal(choice, a);
    case what::details:
      return to_.reasoning_details(choice, a, b);
    case what::image:
      return to_.image(choice, a);
    case what::tool_start:
    case what::custom_start:
      return to_.tool_start(choice, k, {a, b, kind == what::custom_start, c});
    case what::tool_args:
      return to_.tool_args(choice, k, a);
    case what::tool_extra:
      return to_.tool_extra(choice, k, a);
    case what::keep:
      return to_.keep(choice, k, static_cast<chat::state>(word), a);
    case what::finish:
      return to_.finish(choice, static_cast<chat::finish>(word), a);
  }
}

void event_queue::put(what kind, int choice, int k, string_view a, string_view b, string_view c,
                      uint8_t word) {
  if (!held_ && empty()) return tell(kind, choice, k, a, b, c, word);
  operation o{kind, choice, k, word, 0, std::string(a), std::string(b), std::string(c)};
  if (over_limit_ || !budget_.charge(o.cost())) {
    over_limit_ = true;
    return;
  }
  charged_ += o.cost();
  waiting_.push_back(std::move(o));
}

// Long texts are told in pieces.
bool event_queue::tell_part(operation& o) {
  if (o.kind != what::content || o.a.size() - o.told <= piece_) return false;
  string_view rest = string_view(o.a).substr(o.told, piece_);
  rest.remove_suffix(text::incomplete_tail(rest));
  tell(o.kind, o.choice, o.k, rest, o.b, o.c, o.word);
  o.told += rest.size();
  return true;
}

void event_queue::replay() {
  size_t told = 0, bytes = 0;
  while (!held_ && !waiting_.empty()) {
    if (told++ == kOperations || bytes >= std::min(piece_, kBytes)) return;
    operation& o = waiting_.front();
    if (tell_part(o)) {
      bytes += piece_;
      continue;
    }
    budget_.release(o.cost());
    charged_ -= o.cost();
    operation last = std::move(o);
    waiting_.pop_front();
    bytes += last.a.size() - last.told + last.b.size() + last.c.size();
    tell(last.kind, last.choice, last.k, string_view(last.a).substr(last.told), last.b, last.c,
         last.word);
  }
  if (held_ || !waiting_.empty()) return;
  if (usage_) to_.usage(*std::exchange(usage_, std::nullopt));
  if (auto f = std::move(failure_)) to_.error(*f);
  if (end_) to_.end(*std::exchange(end_, std::nullopt));
}

void event_queue::usage(const chat::usage& u) {
  if (!held_ && empty()) return to_.usage(u);
  usage_ = u;
}

void event_queue::error(const chat::failure& f) {
  if (!held_ && empty()) return to_.error(f);
  failure_ = std::make_unique<chat::failure>(f);
}

void event_queue::end(chat::terminal how) {
  if (!held_ && empty()) return to_.end(how);
  end_ = how;
}

void event_queue::role(int choice) { put(what::role, choice); }
void event_queue::content(int choice, string_view text) { put(what::content, choice, 0, text); }
void event_queue::reasoning(int choice, string_view text) { put(what::reasoning, choice, 0, text); }
void event_queue::refusal(int choice, string_view text) { put(what::refusal, choice, 0, text); }
void event_queue::reasoning_details(int choice, string_view text, string_view json) {
  put(what::details, choice, 0, text, json);
}
void event_queue::image(int choice, string_view url) { put(what::image, choice, 0, url); }
void event_queue::tool_start(int choice, int k, const chat::tool_head& head) {
  const what kind = head.custom ? what::custom_start : what::tool_start;
  put(kind, choice, k, head.id, head.name, head.extra);
}
void event_queue::tool_args(int choice, int k, string_view text) {
  put(what::tool_args, choice, k, text);
}
void event_queue::tool_extra(int choice, int k, string_view json) {
  put(what::tool_extra, choice, k, json);
}
void event_queue::keep(int choice, int k, chat::state of, string_view json) {
  put(what::keep, choice, k, json, {}, {}, static_cast<uint8_t>(of));
}
void event_queue::finish(int choice, chat::finish f, string_view native) {
  put(what::finish, choice, 0, native, {}, {}, static_cast<uint8_t>(f));
}

}  // namespace f0
