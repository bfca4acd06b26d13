// Copyright (C) 2026 The f0 authors

#include "turns.h"

#include <algorithm>

#include "../../base/text.h"
#include "../encode_parts.h"

namespace f0::dialect {

using json::value;

const value* mark_of(const value* source) {
  const value* mark = source ? source->get("cache_control") : nullptr;
  return mark && mark->is_object() ? mark : nullptr;
}

conversation::conversation(const std::vector<chat::message>& messages, const kept_states* kept)
    : kept_(kept), ids_(call_ids::form::words, messages) {
  for (const chat::message& m : messages) {
    if (is_system(m))
      read_system(m);
    else if (m.role == chat::role::assistant)
      read_assistant(m);
    else if (is_result(m))
      read_result(m);
    else
      read_user(m);
  }
  settle_calls();
}

void conversation::add_system(string_view text) {
  if (system_closed_ || system.empty()) system.emplace_back();
  std::string& s = system.back().text;
  if (!s.empty()) s += "\n\n";
  s += text;
}

user_or_assistant& conversation::turn_of(bool user) {
  if (turns.empty() || turns.back().user != user) turns.emplace_back().user = user;
  return turns.back();
}

void conversation::add_text(user_or_assistant& t, string_view s, const value* mark) {
  block b;
  b.text = s;
  b.mark = mark;
  t.blocks.push_back(std::move(b));
}

void conversation::read_system(const chat::message& m) {
  bool first = true;  // text of this message
  for (const chat::part& p : m.parts) {
    if (!is_text(p) || p.text.empty()) continue;
    const value* mark = mark_of(p.source);
    if (system_closed_)
      system.emplace_back();
    else
      system.back().text += first ? "\n\n" : "\n";
    first = false;
    system.back().text += p.text;
    system.back().mark = mark;
    system_closed_ = mark != nullptr;
  }
  const value* mark = mark_of(m.source);
  if (mark && !first) {
    system.back().mark = mark;
    system_closed_ = true;
  }
}

void conversation::read_user(const chat::message& m) {
  for (const chat::part& p : m.parts) {
    if (is_text(p)) {
      if (!text::is_blank(p.text)) add_text(turn_of(true), p.text, mark_of(p.source));
    } else if (is_media(p)) {
      block b;
      b.type = block::kind::media;
      b.media = &p;
      b.mark = mark_of(p.source);
      turn_of(true).blocks.push_back(std::move(b));
    }
  }
}

string_view conversation::kept_thoughts(const chat::message& m, size_t call) const {
  return kept_ && call < m.tool_calls.size() ? kept_->get(state::thinking, m.tool_calls[call])
                                             : string_view();
}

// What the model thought before the call, the first one's before all it said.
void conversation::add_thoughts(const chat::message& m, size_t call) {
  block b;
  b.type = block::kind::thoughts;
  b.text = kept_thoughts(m, call);
  if (!b.text.empty()) turn_of(false).blocks.push_back(std::move(b));
}

// A model may have called what nobody offered: ^[a-zA-Z0-9_-]{1,128}$ all the same.
string_view conversation::tool_name(string_view name) {
  constexpr size_t kMax = 128;
  auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  if (!name.empty() && name.size() <= kMax && std::all_of(name.begin(), name.end(), good)) {
    return name;
  }
  std::string& s = mended_.emplace_back(name.empty() ? "_" : name.substr(0, kMax));
  std::replace_if(
      s.begin(), s.end(), [&](char c) { return !good(c); }, '_');
  return s;
}

void conversation::read_assistant(const chat::message& m) {
  settle_calls();
  add_thoughts(m, 0);
  unsigned_calls |= !m.tool_calls.empty() && kept_thoughts(m, 0).empty();
  for (const chat::part& p : m.parts) {
    if (is_text(p) && !text::is_blank(p.text)) add_text(turn_of(false), p.text, mark_of(p.source));
  }
  for (const chat::tool_call& t : m.tool_calls) {
    if (const size_t k = &t - m.tool_calls.data(); k > 0) add_thoughts(m, k);
    block b;
    b.type = block::kind::tool_use;
    b.id = ids_.take(t);
    const string_view name = tool_name(t.name);
    b.text = name;
    b.arguments = t.arguments;
    open_.push_back({t.id, t.name, b.id, false});
    turn_of(false).blocks.push_back(std::move(b));
    if (names_.insert(name).second) called.push_back(name);
  }
}

void conversation::add_result(block b) {
  user_or_assistant& t = turn_of(true);
  t.blocks.insert(t.blocks.begin() + t.results++, std::move(b));
}

void conversation::read_result(const chat::message& m) {
  for (open_call& o : open_) {
    bool same = m.role == chat::role::tool ? o.id == m.tool_call_id : o.name == m.name;
    if (!same || o.answered) continue;
    o.answered = true;
    block b;
    b.type = block::kind::tool_result;
    b.id = o.mapped;
    b.result = &m;
    b.mark = mark_of(m.source);
    if (!b.mark && !m.parts.empty()) b.mark = mark_of(m.parts.back().source);
    add_result(std::move(b));
    return;
  }
  // Nobody asked: it is told as text.
  read_user(m);
}

// A history that was cut: every call needs a result.
void conversation::settle_calls() {
  for (const open_call& o : open_) {
    if (o.answered) continue;
    block b;
    b.type = block::kind::no_result;
    b.id = o.mapped;
    add_result(std::move(b));
  }
  open_.clear();
}

void conversation::finish(bool prefill, string_view words) {
  if (turns.empty()) {
    add_text(turn_of(true), "Go on.");
    return;
  }
  if (!turns.front().user) {
    user_or_assistant first;
    first.user = true;
    add_text(first, "(continued)");
    turns.insert(turns.begin(), std::move(first));
  }
  user_or_assistant& last = turns.back();
  if (last.user) return;
  block& b = last.blocks.back();
  if (b.type == block::kind::text) b.text = text::trim_right_unicode(b.text);
  if (!prefill) add_text(turn_of(true), words);
}

}  // namespace f0::dialect
