// Copyright (C) 2026 The f0 authors
//
// request_messages.cc - the system prompt and the turns of a conversation.

#include <algorithm>

#include "request_reader.h"

namespace f0::front::messages {

namespace {

// Claude Code's first block: it changes with every request, so that no provider
// could keep what follows in its cache.
constexpr string_view kBilling = "x-anthropic-billing-header";

constexpr string_view kRoles[] = {"user", "assistant", "system"};
constexpr const char* kTextOrBlocks = "a string or an array of blocks";

}  // namespace

bool request_reader::add(message m) {
  if (out_.messages.size() == kMaxMessages) {
    return too_long(top("messages"), "array", kMaxMessages, kMaxMessages + 1);
  }
  out_.messages.push_back(std::move(m));
  return true;
}

void request_reader::add_text(message& to, string_view text) {
  if (text.empty()) return;
  to.parts.emplace_back().text = text;
}

bool request_reader::text_block(const value& b, const path& p, string_view* text) {
  if (!want_string(b, "text", p / "text", text, true)) return false;
  drop_others(b, p, {"type", "text"});
  return true;
}

// Blocks of text that make one text; |billing|: the first one may be the client's
// bookkeeping.
bool request_reader::joined_texts(const value& blocks, const path& p, bool billing,
                                  string_view* text) {
  if (blocks.size() > kMaxParts) return too_long(p, "array", kMaxParts, blocks.size());
  std::string joined;
  size_t j = 0, texts = 0;
  for (const value& b : blocks) {
    const path at = element(p, j++);
    string_view type, one;
    if (!b.is_object()) return wrong_type(at, "an object", b);
    if (!want_string(b, "type", at / "type", &type, true)) return false;
    if (type != "text") {
      if (!strange(b, at, type)) return false;
      continue;
    }
    if (!text_block(b, at, &one)) return false;
    if (one.empty() || (billing && j == 1 && one.starts_with(kBilling))) continue;
    *text = one;
    if (texts++ > 0) joined += "\n\n";
    joined += one;
  }
  if (texts > 1) *text = keep(std::move(joined));
  return true;
}

bool request_reader::add_system(const value& content, const path& p, bool billing) {
  string_view text;
  if (content.is_string()) {
    text = content.text();
  } else if (!content.is_array()) {
    return wrong_type(p, kTextOrBlocks, content);
  } else if (!joined_texts(content, p, billing, &text)) {
    return false;
  }
  if (text.empty()) return true;
  message to;
  to.role = role::system;
  add_text(to, text);
  return add(std::move(to));
}

bool request_reader::system() {
  const value* v = root_.get("system");
  return !v || v->is_null() || add_system(*v, top("system"), true);
}

bool request_reader::messages() {
  const path at = top("messages");
  const value* list = root_.get("messages");
  if (!list) return missing(at);
  if (!list->is_array()) return wrong_type(at, "an array of objects", *list);
  if (list->size() == 0) return empty_array(at);
  if (list->size() > kMaxMessages) return too_long(at, "array", kMaxMessages, list->size());
  out_.messages.reserve(list->size() + 1);
  size_t i = 0;
  for (const value& m : *list) {
    if (!one_message(m, element(at, i++))) return false;
  }
  if (users_turn_) settle_calls(element(at, i - 1));
  return true;
}

bool request_reader::one_message(const value& m, const path& p) {
  if (!m.is_object()) return wrong_type(p, "an object", m);
  if (m.size() > kMaxMembers) return too_many(p, kMaxMembers, m.size());
  const path role_at = p / "role", at = p / "content";
  string_view word;
  if (!want_string(m, "role", role_at, &word, true)) return false;
  if (std::find(std::begin(kRoles), std::end(kRoles), word) == std::end(kRoles)) {
    return wrong_value(role_at, word, kRoles);
  }
  const value* content = m.get("content");
  if (!content) return missing(at);
  drop_others(m, p, {"role", "content"});
  if (word == "system") return add_system(*content, at, false);
  message to;
  to.role = word == "user" ? role::user : role::assistant;
  // Several turns of the user in a row are one.
  if (to.role == role::assistant && users_turn_) settle_calls(p);
  users_turn_ = to.role == role::user;
  results_.clear();
  thoughts_.clear();
  attached_ = {};
  if (content->is_string()) {
    to.parts.emplace_back().text = content->text();
  } else if (!content->is_array()) {
    return wrong_type(at, kTextOrBlocks, *content);
  } else if (content->size() == 0 && users_turn_) {
    return empty_array(at);
  } else if (!blocks(*content, at, to)) {
    return false;
  }
  return users_turn_ ? add_turn(std::move(to), p) : add_answer(std::move(to), p);
}

bool request_reader::blocks(const value& content, const path& p, message& to) {
  if (content.size() > kMaxParts - parts_) {
    return too_long(p, "array", kMaxParts - parts_, content.size());
  }
  parts_ += content.size();
  size_t j = 0;
  for (const value& b : content) {
    const path at = element(p, j++);
    string_view type;
    if (!b.is_object()) return wrong_type(at, "an object", b);
    if (b.size() > kMaxMembers) return too_many(at, kMaxMembers, b.size());
    if (!want_string(b, "type", at / "type", &type, true)) return false;
    if (!(to.role == role::user ? user_block(b, at, type, to) : assistant_block(b, at, type, to))) {
      return false;
    }
  }
  return true;
}

// Results come before all else that the user says, what they hold beside texts
// right behind them.
bool request_reader::add_turn(message to, const path& p) {
  const bool only_results = !results_.empty() && to.parts.empty();
  for (message& r : results_) {
    if (!add(std::move(r))) return false;
  }
  if (!attached_.parts.empty() && !add(std::move(attached_))) return false;
  if (only_results) return true;
  settle_calls(p);
  if (to.parts.empty()) to.parts.emplace_back();
  return add(std::move(to));
}

// A turn of which nothing is left is none.
bool request_reader::add_answer(message to, const path& p) {
  const size_t n = to.tool_calls.size();
  if (n > kMaxToolCalls || (calls_ += n) > kMaxCallsInAll) {
    return fail("array_above_max_length", p.str(),
                "Invalid '" + p.str() + "': too many tool calls. Expected at most " +
                    std::to_string(kMaxToolCalls) + " in a message and " +
                    std::to_string(kMaxCallsInAll) + " in all.");
  }
  if (to.parts.empty() && n == 0) return true;
  if (thoughts_.size() == 1) {
    to.reasoning = thoughts_.front();
  } else if (!thoughts_.empty()) {
    std::string all;
    for (string_view one : thoughts_) all.append(all.empty() ? "" : "\n\n").append(one);
    to.reasoning = keep(std::move(all));
  }
  for (const tool_call& c : to.tool_calls) pending_[c.id] = false;
  return add(std::move(to));
}

void request_reader::settle_calls(const path& p) {
  for (const auto& [id, answered] : pending_) {
    if (answered) continue;
    own_form_only(p,
                  "each 'tool_use' needs its 'tool_result' at the beginning of the next "
                  "message.");
    break;
  }
  pending_.clear();
}

}  // namespace f0::front::messages
