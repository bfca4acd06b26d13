// Copyright (C) 2026 The f0 authors

#include "outlet.h"

#include <utility>

#include "../base/text.h"

namespace f0 {
namespace {

constexpr size_t kIds = 16;  // characters of the turn's id in those of its calls

bool is_text(chat::event::kind k) {
  using kind = chat::event::kind;
  return k == kind::content || k == kind::reasoning || k == kind::refusal || k == kind::arguments;
}

}  // namespace

outlet::outlet(const front::row& f, const front::writer_options& o)
    : budget_(o.memory), ids_(string_view(o.who.id).substr(0, kIds)) {
  if (o.request.stream) {
    stream_ = f.stream(o);
  } else {
    body_ = f.body(o);
  }
}

chat::event outlet::named(const chat::event& e) {
  chat::event named = e;
  if (e.type == chat::event::kind::call && e.id.empty()) {
    id_ = "call_f0_" + ids_ + "_" + std::to_string(made_up_++);
    named.id = id_;
  }
  return named;
}

void outlet::restart() {
  early_.clear();
  if (stream_) return;
  useful_ = over_limit_ = false;
  body_->restart();
}

void outlet::commit() {
  committed_ = useful_ = true;
  for (const auto& e : std::exchange(early_, {})) say(piece::what::event, e.get());
}

void outlet::on(const chat::event& e) {
  using kind = chat::event::kind;
  if (ended_) return;
  // No output by themselves: they wait for some.
  const bool alone =
      e.type == kind::role || e.type == kind::keep || (e.type == kind::details && e.text.empty());
  if (!stream_) {
    useful_ |= !alone && e.type != kind::extra;
    return collect(body_->on(e));
  }
  if (useful_) return say(piece::what::event, e);
  if (alone) {
    collect(budget_.charge(e.json.size()));
    early_.emplace_back(e);
    return;
  }
  commit();
  say(piece::what::event, e);
}

size_t outlet::content_run(const string_view* json, size_t n) {
  if (ended_) return n;
  if (!stream_ || !useful_ || pieces_ > 0 || !queue_.empty()) return 0;
  return stream_->content_run(*out_, json, n);
}

void outlet::write(piece::what kind, const chat::event& e) {
  switch (kind) {
    case piece::what::event:
      return stream_->on(*out_, e);
    case piece::what::extension:
      return stream_->extension(*out_, e.json, e.name);
    case piece::what::error:
      return stream_->error(*out_, *failure_);
    case piece::what::done:
      return stream_->done(*out_, usage_);
  }
}

// The end of a stream costs nothing: it must be told however little is left.
void outlet::say(piece::what kind, const chat::event& e) {
  if (pieces_ == 0 && queue_.empty()) return write(kind, e);
  piece& p = queue_.emplace_back(kind, e);
  if (kind < piece::what::error) {
    p.charged = p.kept.cost();
    if (!budget_.charge(p.charged)) {
      queue_.pop_back();
      over_limit_ = true;
      return;
    }
  }
  queued_bytes_ += e.text.size() + e.json.size();
}

// False: all of it was written.
bool outlet::write_part(piece& p) {
  chat::event e = p.kept.get();
  e.text.remove_prefix(p.at);
  if (p.kind != piece::what::event || !is_text(e.type) || pieces_ == 0) {
    write(p.kind, e);
    return false;
  }
  const size_t n = text::prefix_of(e.text, pieces_);
  const bool more = n < e.text.size();
  e.text = e.text.substr(0, n);
  write(p.kind, e);
  p.at += n;
  return more;
}

void outlet::drain(size_t size) {
  const size_t until = out_->size() + size;
  while (!queue_.empty() && out_->size() < until) {
    piece& p = queue_.front();
    if (write_part(p)) continue;
    budget_.release(p.charged);
    queued_bytes_ -= p.kept.get().text.size() + p.kept.get().json.size();
    queue_.pop_front();
  }
}

void outlet::comment(string_view text) {
  if (!stream_ || ended_) return;
  committed_ = true;
  stream_->comment(*out_, text);
}

void outlet::stay_awake(bool long_silence) {
  if (!stream_ || ended_) return;
  committed_ = true;
  stream_->stay_awake(*out_, long_silence);
}

void outlet::extension(string_view object, string_view event) {
  if (!stream_ || ended_) return;
  committed_ = true;
  chat::event e{};
  e.json = object;
  e.name = event;
  say(piece::what::extension, e);
}

void outlet::extension_body(string_view object) {
  if (body_) body_->extension(object);
}

void outlet::raw(string_view events, bool counts) {
  if (ended_) return;
  passed_ += counts;
  committed_ = useful_ = true;
  *out_ += events;
}

void outlet::done() {
  if (ended_) return;
  ended_ = true;
  if (!stream_) return body_->usage(usage_);
  say(piece::what::done, {});
}

void outlet::error(const chat::api_error& t) {
  if (ended_) return;
  ended_ = true;
  for (const auto& e : std::exchange(early_, {})) {
    if (e.get().type == chat::event::kind::role) say(piece::what::event, e.get());
  }
  failure_ = std::make_unique<chat::api_error>(t);
  say(piece::what::error, {});
}

}  // namespace f0
