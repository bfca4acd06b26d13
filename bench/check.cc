// Copyright (C) 2026 The f0 authors

#include "check.h"

#include <charconv>
#include <cstring>
#include <utility>

#include "json_walk.h"

namespace bench {
namespace {

struct Paths {
  std::string_view content, role, finish;
};

constexpr Paths kPaths[] = {
    {"choices.delta.content", "choices.delta.role", "choices.finish_reason"},
    {"delta.text", "message.role", "delta.stop_reason"},
    {"candidates.content.parts.text", "candidates.content.role", "candidates.finishReason"},
    {"message.content", "message.role", "done_reason"},
    {"choices.message.content", "choices.message.role", "choices.finish_reason"},
};

bool is_role(std::string_view v) { return v == "\"assistant\"" || v == "\"model\""; }

}  // namespace

Check::Check(Shape shape, const Params& p, std::function<void(uint64_t)> on_stamp)
    : shape_(shape),
      stamp_(p.stamp && shape != Shape::kJsonBody),
      content_(p.seed),
      total_(content_.total(p)),
      on_stamp_(std::move(on_stamp)) {}

void Check::fail(const char* what) {
  if (!wrong_) wrong_ = what;
}

bool Check::event(std::string_view s) {
  if (done_) fail("data after the end");
  if (shape_ == Shape::kOpenAi && s == "[DONE]") {
    done_ = true;
    return false;
  }
  return same_frame(s) || parse(s);
}

// The quick way: |s| equals the last parsed content event but for its content.
bool Check::same_frame(std::string_view s) {
  if (finish_ || prefix_.empty() || s.size() <= prefix_.size() + suffix_.size() ||
      !s.starts_with(prefix_) || !s.ends_with(suffix_)) {
    return false;
  }
  std::string_view raw = s.substr(prefix_.size(), s.size() - prefix_.size() - suffix_.size());
  unescaped_.clear();
  if (!unescape(raw, unescaped_)) return false;
  text(unescaped_);
  pieces_++;
  return true;
}

bool Check::parse(std::string_view s) {
  const Paths& paths = kPaths[int(shape_)];
  std::string_view piece;
  bool saw_finish = false;
  auto on_scalar = [&](std::string_view path, std::string_view v) {
    if (path == paths.content) {
      if (v != "null") piece = v;
    } else if (path == paths.role) {
      role_ = role_ || is_role(v);
    } else if (path == paths.finish) {
      saw_finish = saw_finish || v != "null";
    } else if (path == "type" && v == "\"message_stop\"") {
      done_ = true;
    } else if (path == "done" && v == "true") {
      done_ = true;
    } else if (path.starts_with("error")) {
      fail("error event");
    }
  };
  if (!JsonWalk(s, on_scalar).run()) fail("bad JSON");
  if (shape_ == Shape::kGemini && saw_finish) done_ = true;
  bool has = piece.size() > 2;
  if (has) {
    prefix_ = s.substr(0, piece.data() + 1 - s.data());
    suffix_ = s.substr(prefix_.size() + piece.size() - 2);
    content(piece.substr(1, piece.size() - 2));
  }
  finish_ = finish_ || saw_finish;
  return has;
}

void Check::content(std::string_view raw) {
  if (!role_) fail("content before the role");
  if (finish_) fail("content after the finish reason");
  unescaped_.clear();
  if (!unescape(raw, unescaped_)) fail("bad JSON string");
  text(unescaped_);
  pieces_++;
}

// Takes stamps out of |s|, wherever the answer was cut.
void Check::text(std::string_view s) {
  if (!stamp_) return plain(s);
  std::string joined = std::exchange(carry_, "");
  joined += s;
  s = joined;
  for (size_t at; (at = s.find("[[t")) != s.npos;) {
    plain(s.substr(0, at));
    s.remove_prefix(at);
    if (s.size() < kStampLen) {
      carry_ = s;
      return;
    }
    on_stamp_(to_long(s.substr(3, kStampLen - 5), 16));
    s.remove_prefix(kStampLen);
  }
  size_t tail = s.ends_with("[[") ? 2 : s.ends_with('[');
  carry_ = s.substr(s.size() - tail);
  s.remove_suffix(tail);
  plain(s);
}

void Check::plain(std::string_view s) {
  if (pos_ + s.size() > total_) return fail("too much content");
  while (!s.empty()) {
    std::string_view want = content_.piece(pos_, s.size());
    if (!s.starts_with(want)) return fail("content differs");
    pos_ += want.size();
    s.remove_prefix(want.size());
  }
}

const char* Check::verdict() {
  plain(std::exchange(carry_, ""));
  if (wrong_) return wrong_;
  if (!role_) return "no role";
  if (pos_ < total_) return "content missing";
  if (!finish_) return "no finish reason";
  if (shape_ != Shape::kJsonBody && !done_) return "no end marker";
  return nullptr;
}

}  // namespace bench
