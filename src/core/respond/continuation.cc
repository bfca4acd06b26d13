// Copyright (C) 2026 The f0 authors

#include "continuation.h"

#include <algorithm>
#include <utility>

#include "../base/text.h"

namespace f0 {
namespace {

constexpr size_t kStep = 4 << 10;  // bytes that are charged at once

// A stop sequence may have begun: its rest would not be looked for.
bool ends_with_begun(string_view s, string_view stop) {
  for (size_t n = std::min(stop.size() - 1, s.size()); n > 0; n--) {
    if (s.ends_with(stop.substr(0, n))) return true;
  }
  return false;
}

// A text of the fast lane (chat/event.h).
void append_unescaped(std::string& out, string_view s) {
  for (size_t i = 0; i < s.size(); i++) {
    char c = s[i];
    if (c == '\\') {
      c = s[++i];
      if (c == 'n') c = '\n';
      if (c == 't') c = '\t';
      if (c == 'r') c = '\r';
    }
    out += c;
  }
}

}  // namespace

continuation::continuation(chat::sink& to, const chat::request& r, budget& b)
    : to_(to), budget_(b) {
  for (const string_view s : r.stop) {
    if (!s.empty()) stops_.emplace_back(s);
  }
}

bool continuation::suits(const chat::request& r) {
  using kind = chat::response_format::kind;
  const kind form = r.response_format.type;
  return r.stream && !r.completion && !r.count_only && (form == kind::unset || form == kind::text);
}

bool continuation::can_go_on() const {
  return plain_ && !text::is_blank(text_) &&
         std::none_of(stops_.begin(), stops_.end(),
                      [this](const std::string& s) { return ends_with_begun(text_, s); });
}

void continuation::go_on(size_t unseen) {
  joined_ = true;
  seam_ = std::make_unique<seam>(text_, unseen);
}

// It leaves half of the turn's memory to what the turn can't do without: then nobody
// goes on with the text, which is no failure.
void continuation::keep(string_view text) {
  said_ += text.size();
  if (!plain_) return;
  if (const size_t n = text_.size() + text.size(); n > charged_) {
    const size_t more = std::max(n - charged_, kStep);
    if (budget_.used() + more > budget_.limit() / 2 || !budget_.charge(more)) return give_up();
    charged_ += more;
  }
  text_ += text;
}

void continuation::give_up() {
  plain_ = false;
  std::string().swap(text_);
  budget_.release(std::exchange(charged_, 0));
}

void continuation::tell(string_view text) {
  if (text.empty()) return;
  keep(text);
  chat::event e{};
  e.type = chat::event::kind::content;
  e.text = text;
  to_.on(e);
}

// Nothing of the text follows: what is still held is part of it.
void continuation::settle() {
  if (const std::unique_ptr<seam> s = std::move(seam_)) tell(s->end());
}

void continuation::on(const chat::event& e) {
  using kind = chat::event::kind;
  if (e.choice != 0) return to_.on(e);
  switch (e.type) {
    case kind::content:
      if (!seam_) {
        keep(e.text);
        return to_.on(e);
      }
      tell(seam_->take(e.text));
      if (seam_->settled()) seam_.reset();
      return;
    // The answer has begun, and what was thought of how to go on is none of it.
    case kind::role:
      if (joined_) return;
      break;
    case kind::reasoning:
    case kind::details:
      if (joined_ && plain_) return;
      if (said_ > 0) give_up();
      break;
    case kind::keep:
      if (joined_ && e.number < 0) return;
      break;
    case kind::finish:
      settle();
      break;
    default:
      settle();
      said_++;
      give_up();
      break;
  }
  to_.on(e);
}

// What is held was not told: whoever is asked next says it.
void continuation::error(const chat::failure& f) {
  seam_.reset();
  to_.error(f);
}

void continuation::end(chat::terminal how) {
  if (how == chat::terminal::done || how == chat::terminal::eof_after_finish) settle();
  to_.end(how);
}

size_t continuation::content_run(const string_view* json, size_t n) {
  if (seam_) return 0;
  const size_t taken = to_.content_run(json, n);
  if (!plain_) return taken;
  std::string s;
  for (size_t i = 0; i < taken; i++) append_unescaped(s, json[i]);
  keep(s);
  return taken;
}

}  // namespace f0
