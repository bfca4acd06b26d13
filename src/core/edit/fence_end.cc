// Copyright (C) 2026 The f0 authors

#include "fence_end.h"

#include <utility>

namespace f0::edit {

void fence_end::take(size_t line, fence_line what) {
  lines_++;
  bool info = what == fence_line::info;
  bool can_open = what != fence_line::closes, can_close = what != fence_line::opens;

  // The prose behind the ends found so far.
  if (info) {
    open_.add(std::exchange(closed_, {}));
  } else {
    group were_closed = std::exchange(closed_, std::exchange(open_, {}));
    if (can_open) open_ = were_closed;
  }

  if (info) {
    if (alive_ && !inner_) inner_ = named_ = true;
    return;
  }
  if (!(inner_ && named_)) {
    bare_++;
    bare_line_ = line;
    bare_opens_ = what == fence_line::opens;
  }
  if (!alive_) return;
  if (inner_) {
    inner_ = named_ = false;
    return;
  }
  if (can_close) closed_.add({1, line});
  alive_ = inner_ = can_open;
}

std::optional<size_t> fence_end::decided() const {
  if (alive_ || closed_.n + open_.n != 1) return std::nullopt;
  return closed_.n == 1 ? closed_.line : open_.line;
}

fence_end::verdict fence_end::boundary() {
  if (closed_.n == 1) {
    end_ = closed_.line;
    return verdict::found;
  }
  if (closed_.n > 1) return verdict::several;
  open_ = {};
  return alive_ ? verdict::open : verdict::none;
}

fence_end::verdict fence_end::finish() {
  if (closed_.n == 1) {
    end_ = closed_.line;
    return verdict::found;
  }
  if (closed_.n > 1) return verdict::several;
  if (bare_ != 1) return verdict::none;
  end_ = bare_line_;
  against_ = bare_opens_;
  return verdict::found;
}

}  // namespace f0::edit
