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

}  // namespace f0::chat
