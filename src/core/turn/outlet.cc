// Copyright (C) 2026 The f0 authors

#include "outlet.h"

#include "../base/text.h"

namespace f0 {
namespace {

// What one piece takes in the queue beside its text.
constexpr size_t kPieceCost = 160;

}  // namespace

outlet::outlet(const front::identity& who, bool stream, bool include_usage, string_view ids,
               budget& b)
    : writer_(who, include_usage), budget_(b), ids_(ids), stream_(stream) {
  if (!stream) body_ = std::make_unique<front::completion_writer>(who, b);
}

void outlet::write_role(int choice) {
  if (choice == 0 && role_written_) return;
  role_written_ |= choice == 0;
  if (queue_.empty()) {
    writer_.role(*out_, choice);
  } else {
    say(what::role, choice, 0, {});
  }
}

void outlet::role(int choice) {
  if (ended_) return;
  if (!stream_) return collect(body_->role(choice));
  if (useful_) return write_role(choice);
  roles_.push_back(choice);
}

void outlet::restart() {
  roles_.clear();
  early_.clear();
  if (stream_) return;
  useful_ = over_limit_ = false;
  body_->restart();
}

void outlet::commit() {
  committed_ = useful_ = true;
  for (int choice : roles_) write_role(choice);
  roles_ = {};
  for (const auto& [choice, json] : early_) say(what::details, choice, 0, {}, json);
  early_ = {};
}

void outlet::write(what kind, int choice, int k, string_view a, string_view b, string_view c) {
  switch (kind) {
    case what::content:
      return writer_.content(*out_, choice, a);
    case what::reasoning:
      return writer_.reasoning(*out_, choice, a);
    case what::refusal:
      return writer_.refusal(*out_, choice, a);
    case what::tool_args:
      return writer_.tool_args(*out_, choice, k, a);
    case what::role:
      return writer_.role(*out_, choice);
    case what::details:
      return writer_.reasoning_details(*out_, choice, a, b);
    case what::image:
      return writer_.image(*out_, choice, a);
    case what::tool_start:
    case what::custom_start:
      return writer_.tool_start(*out_, choice, k, {a, b, kind == what::custom_start, c});
    case what::tool_extra:
      return writer_.tool_extra(*out_, choice, k, a);
    case what::finish:
      return writer_.finish(*out_, choice, static_cast<chat::finish>(k));
    case what::extension:
      return writer_.extension(*out_, a, b);
    case what::usage:
      return writer_.usage(*out_, usage_);
    case what::error:
      *out_ += a;
      return;
    case what::done:
      return writer_.done(*out_);
  }
}

// The end of a stream costs nothing: it must be told however little is left.
void outlet::say(what kind, int choice, int k, string_view a, string_view b, string_view c) {
  if (pieces_ == 0 && queue_.empty()) return write(kind, choice, k, a, b, c);
  size_t cost = kind >= what::usage ? 0 : a.size() + b.size() + c.size() + kPieceCost;
  if (!budget_.charge(cost)) {
    over_limit_ = true;
    return;
  }
  queue_.push_back({kind, choice, k, std::string(a), std::string(b), std::string(c), cost});
  queued_bytes_ += a.size() + b.size();
}

void outlet::drain(size_t size) {
  size_t until = out_->size() + size;
  while (!queue_.empty() && out_->size() < until) {
    piece& p = queue_.front();
    string_view rest = string_view(p.a).substr(p.at);
    if (p.kind <= what::tool_args && pieces_ > 0) {
      size_t n = text::prefix_of(rest, pieces_);
      write(p.kind, p.choice, p.k, rest.substr(0, n), {}, {});
      p.at += n;
      if (n < rest.size()) continue;
    } else {
      write(p.kind, p.choice, p.k, rest, p.b, p.c);
    }
    budget_.release(p.charged);
    queued_bytes_ -= p.a.size() + p.b.size();
    queue_.pop_front();
  }
}

void outlet::content(int choice, string_view text) {
  if (ended_) return;
  if (!stream_) {
    useful_ = true;
    return collect(body_->content(choice, text));
  }
  if (!useful_) commit();
  say(what::content, choice, 0, text);
}

size_t outlet::content_run(const string_view* json, size_t n) {
  if (ended_) return n;
  if (!stream_ || !useful_ || pieces_ > 0 || !queue_.empty()) return 0;
  writer_.content_run(*out_, json, n);
  return n;
}

void outlet::reasoning(int choice, string_view text) {
  if (ended_) return;
  if (!stream_) {
    useful_ = true;
    return collect(body_->reasoning(choice, text));
  }
  if (!useful_) commit();
  say(what::reasoning, choice, 0, text);
}

void outlet::refusal(int choice, string_view text) {
  if (ended_) return;
  if (!stream_) {
    useful_ = true;
    return collect(body_->refusal(choice, text));
  }
  if (!useful_) commit();
  say(what::refusal, choice, 0, text);
}

// Details alone are no output: they wait for some.
void outlet::reasoning_details(int choice, string_view text, string_view json) {
  if (ended_) return;
  if (!stream_) {
    if (text.empty()) return;
    useful_ = true;
    return collect(body_->reasoning(choice, text));
  }
  if (text.empty() && !useful_) {
    collect(budget_.charge(json.size()));
    early_.emplace_back(choice, json);
    return;
  }
  if (!useful_) commit();
  say(what::details, choice, 0, text, json);
}

void outlet::details(int choice, string_view json) {
  if (!stream_ && !ended_) collect(body_->details(choice, json));
}

void outlet::image(int choice, string_view url) {
  if (ended_) return;
  if (!stream_) {
    useful_ = true;
    return collect(body_->image(choice, url));
  }
  if (!useful_) commit();
  say(what::image, choice, 0, url);
}

string_view outlet::tool_start(int choice, int k, const chat::tool_head& head) {
  chat::tool_head h = head;
  if (h.id.empty()) {
    id_ = "call_f0_" + ids_ + "_" + std::to_string(made_up_++);
    h.id = id_;
  }
  if (ended_) return h.id;
  if (!stream_) {
    useful_ = true;
    collect(body_->tool_start(choice, k, h));
    return h.id;
  }
  if (!useful_) commit();
  say(h.custom ? what::custom_start : what::tool_start, choice, k, h.id, h.name, h.extra);
  return h.id;
}

void outlet::tool_extra(int choice, int k, string_view json) {
  if (ended_) return;
  if (!stream_) return collect(body_->tool_extra(choice, k, json));
  if (!useful_) commit();
  say(what::tool_extra, choice, k, json);
}

void outlet::tool_args(int choice, int k, string_view text) {
  if (ended_) return;
  if (!stream_) return collect(body_->tool_args(choice, k, text));
  if (!useful_) commit();
  say(what::tool_args, choice, k, text);
}

void outlet::finish(int choice, chat::finish f) {
  if (ended_) return;
  if (!stream_) {
    useful_ = true;
    return body_->finish(choice, f);
  }
  if (!useful_) commit();
  say(what::finish, choice, static_cast<int>(f), {});
}

void outlet::comment(string_view text) {
  if (!stream_ || ended_) return;
  committed_ = true;
  writer_.comment(*out_, text);
}

void outlet::empty_chunk() {
  if (!stream_ || ended_) return;
  committed_ = true;
  if (!role_written_) return write_role(0);
  writer_.empty_delta(*out_);
}

void outlet::extension(string_view object, string_view event) {
  if (!stream_ || ended_) return;
  committed_ = true;
  write_role(0);
  say(what::extension, 0, 0, object, event);
}

void outlet::extension_body(string_view object) {
  if (body_) body_->extension(object);
}

void outlet::raw(string_view events) {
  if (ended_) return;
  committed_ = useful_ = true;
  *out_ += events;
}

void outlet::done() {
  if (ended_) return;
  ended_ = true;
  if (!stream_) {
    body_->usage(usage_);
    return;
  }
  if (usage_.any()) say(what::usage, 0, 0, {});
  say(what::done, 0, 0, {});
}

void outlet::error(const chat::api_error& t) {
  if (ended_) return;
  ended_ = true;
  std::string event;
  writer_.error(event, t);
  for (int choice : roles_) write_role(choice);
  roles_ = {};
  say(what::error, 0, 0, event);
  say(what::done, 0, 0, {});
}

void outlet::write_body(std::string& out) const { body_->write(out); }

}  // namespace f0
