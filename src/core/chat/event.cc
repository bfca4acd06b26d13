// Copyright (C) 2026 The f0 authors

#include "event.h"

namespace f0::chat {

string_view finish_word(finish f) {
  switch (f) {
    case finish::none:
      return {};
    case finish::stop:
      return "stop";
    case finish::length:
      return "length";
    case finish::tool_calls:
      return "tool_calls";
    case finish::content_filter:
      return "content_filter";
  }
  return {};
}

kept_event::kept_event(const event& e) : event_(e) {
  string_view event::*const all[] = {&event::text, &event::json, &event::id, &event::name};
  size_t size = 0;
  for (auto s : all) size += (e.*s).size();
  texts_.reserve(size);
  for (auto s : all) {
    const size_t at = texts_.size();
    texts_ += e.*s;
    event_.*s = string_view(texts_).substr(at);
  }
}

}  // namespace f0::chat
