// Copyright (C) 2026 The f0 authors

#include "reader_base.h"

#include <algorithm>
#include <charconv>
#include <climits>
#include <cmath>
#include <utility>

#include "../base/text.h"
#include "reader_finish.h"

namespace f0::dialect {

namespace {

std::string compact(const json::value& v) {
  std::string out;
  json::append_value(out, v);
  return out;
}

// |text| with null for the numbers that JSON does not have but some servers write
// (NaN, Infinity); empty: there are none.
std::string without_odd_numbers(string_view text) {
  std::string out;
  size_t done = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (c == '\\' && in_string) ++i;
    if (in_string || (c != 'N' && c != 'I' && c != '-')) continue;
    for (const string_view word : {"NaN", "Infinity", "-Infinity"}) {
      if (!text.substr(i).starts_with(word)) continue;
      out.append(text.substr(done, i - done)).append("null");
      i += word.size() - 1;
      done = i + 1;
      break;
    }
  }
  return done == 0 ? std::string() : out.append(text.substr(done));
}

}  // namespace

// ---- values

const json::value* parse_lenient(string_view text, json::document& doc, json::error* why,
                                 budget* memory, bool in_place) {
  doc.clear();
  json::error none;
  json::error& e = why != nullptr ? *why : none;
  json::limits own = lenient;
  own.in_place = in_place;
  const json::value* o = doc.parse(text, own, &e, memory);
  if (o != nullptr || e != json::error::syntax) return o;
  const std::string other = without_odd_numbers(text);
  if (other.empty()) return nullptr;
  doc.clear();
  own = lenient;
  own.borrow = false;
  return doc.parse(other, own, &e, memory);
}

std::string utf8(string_view wtf8) {
  std::string out;
  text::append_joined(out, wtf8);
  return out;
}

bool truthy(const json::value* v) {
  if (v == nullptr) return false;
  switch (v->type) {
    case json::kind::null:
      return false;
    case json::kind::boolean:
      return v->boolean();
    case json::kind::number:
      return v->decimal().value_or(0) != 0;
    default:
      return v->size() != 0;
  }
}

string_view words(const json::value* v) {
  return v != nullptr && v->is_string() ? v->text() : string_view();
}

int64_t count(const json::value* v) {
  constexpr double most = 1e15;  // sums of them stay in range
  if (v == nullptr || !(v->is_number() || v->is_string())) return -1;
  const string_view s = v->is_string() ? text::trim(v->text()) : v->text();
  const bool plain =
      v->is_number() ||
      (!s.empty() && s.front() != '.' && s.back() != '.' && s.size() <= 32 &&
       std::all_of(s.begin(), s.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; }));
  if (!plain) return -1;
  double n = -1;
  const auto [end, bad] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (bad != std::errc() || end != s.data() + s.size() || !(n >= 0 && n < most)) return -1;
  return static_cast<int64_t>(n + 0.5);
}

int64_t first_count(std::initializer_list<const json::value*> places) {
  int64_t found = -1;
  for (const json::value* v : places) {
    const int64_t n = count(v);
    if (n > 0) return n;
    found = std::max(found, n);
  }
  return found;
}

std::string finish_of(const json::value* v) {
  if (!truthy(v)) return {};
  return v->is_string() ? std::string(v->text()) : compact(*v);
}

const json::value* object_at(const json::value* v, string_view key) {
  const json::value* m = v != nullptr ? v->get(key) : nullptr;
  return m != nullptr && m->is_object() && m->size() != 0 ? m : nullptr;
}

const json::value* array_at(const json::value* v, string_view key) {
  const json::value* m = v != nullptr ? v->get(key) : nullptr;
  return m != nullptr && m->is_array() && m->size() != 0 ? m : nullptr;
}

int index_of(const json::value& choice, size_t place) {
  const json::value* v = choice.get("index");
  const auto n = v != nullptr && v->is_number() ? v->integer() : std::nullopt;
  return static_cast<int>(n && *n >= 0 && *n <= INT_MAX ? *n : static_cast<int64_t>(place));
}

std::string arguments_of(const json::value* v) { return truthy(v) ? compact(*v) : "{}"; }

string_view strip(string_view s) {
  if (s.starts_with("\xef\xbb\xbf")) s.remove_prefix(3);
  // Beyond ASCII: NEL, NBSP, U+1680, U+2000..200A, 2028, 2029, 202F, 205F, U+3000.
  const auto wide = [](string_view c) {
    if (c == "\xc2\x85" || c == "\xc2\xa0" || c == "\xe1\x9a\x80" || c == "\xe3\x80\x80" ||
        c == "\xe2\x81\x9f") {
      return true;
    }
    if (!c.starts_with("\xe2\x80") || c.size() != 3) return false;
    const unsigned char last = static_cast<unsigned char>(c[2]);
    return last <= 0x8a || last == 0xa8 || last == 0xa9 || last == 0xaf;
  };
  const auto ascii = [](char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
  };
  for (;;) {
    if (!s.empty() && ascii(s.front())) {
      s.remove_prefix(1);
    } else if (s.size() >= 2 && wide(s.substr(0, 2))) {
      s.remove_prefix(2);
    } else if (s.size() >= 3 && wide(s.substr(0, 3))) {
      s.remove_prefix(3);
    } else {
      break;
    }
  }
  for (;;) {
    if (!s.empty() && ascii(s.back())) {
      s.remove_suffix(1);
    } else if (s.size() >= 2 && wide(s.substr(s.size() - 2))) {
      s.remove_suffix(2);
    } else if (s.size() >= 3 && wide(s.substr(s.size() - 3))) {
      s.remove_suffix(3);
    } else {
      return s;
    }
  }
}

// ---- failures

void reader::fail(chat::failure f) {
  if (out_.ended()) return;
  const bool cut = f.own && (f.code == "stream_truncated" || f.code == "empty_stream");
  f.at = cut             ? chat::failure::phase::truncated
         : out_.output() ? chat::failure::phase::mid_stream
                         : chat::failure::phase::before_content;
  tell_finishes(true);
  out_.error(f, cut ? terminal::truncated : terminal::error);
}

void reader::fail_with(const json::value& error) { fail(failure_of(error, 0)); }

void reader::upstream(string_view code, string_view message) { fail(own_failure(code, message)); }

// ---- choices

reader::choice_state* reader::find(int choice) {
  for (choice_state& c : open_) {
    if (c.index == choice) return &c;
  }
  return nullptr;
}

void reader::open(int choice) {
  constexpr size_t most = 128;  // as many as a request can ask for
  if (out_.ended() || is_open(choice)) return;
  if (open_.size() == most) return upstream("malformed_event", "upstream sent too many choices");
  open_.push_back({choice});
  out_.role(choice);
}

void reader::content(int choice, string_view text) {
  if (text.empty()) return;
  if (choice_state* c = find(choice)) c->answered = true;
  out_.content(choice, text);
}

void reader::reasoning(int choice, string_view text) {
  if (!text.empty()) out_.reasoning(choice, text);
}

void reader::refusal(int choice, string_view text) {
  if (text.empty()) return;
  if (choice_state* c = find(choice)) c->answered = true;
  out_.refusal(choice, text);
}

void reader::image(int choice, string_view url) {
  if (url.empty()) return;
  if (choice_state* c = find(choice)) c->answered = true;
  out_.image(choice, url);
}

int reader::calls(int choice) {
  const choice_state* c = find(choice);
  return c != nullptr ? c->calls : 0;
}

int reader::next_call(int choice) {
  constexpr int most = 1024;
  choice_state* const c = find(choice);
  if (c != nullptr && c->calls < most) return c->calls++;
  upstream("malformed_event", "upstream sent too many tool calls");
  return -1;
}

bool reader::failing(string_view native, string_view why) {
  if (out_.ended() || native.empty() || !is_failure(native)) return out_.ended();
  chat::failure f = own_failure(utf8(native), "upstream finished with " + utf8(native));
  if (!why.empty()) f.message.append(": ").append(utf8(why));
  f.own = false;
  fail(std::move(f));
  return true;
}

void reader::finish_with(int choice, string_view native, string_view stop) {
  if (failing(native)) return;
  choice_state* const c = find(choice);
  if (c == nullptr || c->finished) return;
  c->finished = true;
  finished_.push_back({choice, std::string(native), std::string(stop)});
}

bool reader::hold(size_t n) {
  if (out_.ended() || out_.charge(n)) return !out_.ended();
  too_large();
  return false;
}

void reader::too_large() {
  fail(own_failure("upstream_error", "the answer is larger than the turn's memory"));
}

// What a small text becomes is bounded by its size.
const json::value* reader::parse(string_view text, json::document& doc, bool in_place) {
  constexpr size_t counted = 64 << 10;
  json::error why;
  budget* const memory = text.size() > counted ? out_.memory() : nullptr;
  const json::value* o = parse_lenient(text, doc, &why, memory, in_place);
  if (why == json::error::memory) too_large();
  return o;
}

// All of the last text was looked at.
void reader::parsed(const json::document& doc) {
  if (!doc.complete() && !out_.ended()) too_large();
}

// Why the choice cannot have ended with |native|; no message: it can.
chat::failure reader::misfit(const choice_state& c, string_view native) const {
  const finish f = good_end(native);
  if (!native.empty() && f == finish::none && !out_.output()) {
    constexpr size_t longest = 40;
    return own_failure("malformed_event", "upstream finished with the unknown word " +
                                              utf8(text::cut(native, longest)) + " and no output");
  }
  if (f == finish::tool_calls && c.calls == 0 && !c.answered) {
    return own_failure("malformed_event",
                       "upstream finished with " + utf8(native) + " and no call");
  }
  if (!lost_.empty() && !out_.output() && (f == finish::stop || native.empty())) {
    chat::failure e =
        own_failure({}, "upstream answered with " + std::string(lost_) + ", which cannot be told");
    e.own = false;
    return e;
  }
  return {};
}

// |failed|: a failure is about to be told, so an end that does not fit is none.
void reader::tell_finishes(bool failed) {
  const std::vector<finished_choice> all = std::exchange(finished_, {});
  for (const finished_choice& f : all) {
    if (!failed) before_finish(f.index);
    if (out_.ended()) return;
    const choice_state& c = *find(f.index);
    chat::failure why = misfit(c, f.native);
    if (why.message.empty()) {
      out_.finish(f.index, told_end(f.native, c.calls != 0), f.native, f.stop);
    } else if (!failed) {
      return fail(std::move(why));
    }
  }
}

bool reader::complete() const {
  return !open_.empty() &&
         std::all_of(open_.begin(), open_.end(), [](const choice_state& c) { return c.finished; });
}

void reader::done() {
  if (out_.ended()) return;
  if (open_.empty()) return upstream("empty_stream", "upstream stream held no choices");
  for (const choice_state& c : open_) {
    if (!c.finished) finish_with(c.index, {});  // [DONE] without finish_reason: inferred
  }
  tell_finishes(false);
  out_.end(terminal::done);
}

// ---- events and bodies

void reader::event(string_view name, string_view data, bool at_eof, json::document& doc) {
  if (out_.ended()) return;
  const string_view text = strip(data);
  if (text.empty()) return;
  if (text.starts_with("[DONE]")) return on_done();
  const json::value* o = parse(text, doc);
  if (o == nullptr) {
    // Cut inside the last event: close() says what that means.
    if (!at_eof) upstream("malformed_event", "upstream sent an event that is not JSON");
    return;
  }
  if (o->is_object()) on_event(name, *o);
  parsed(doc);
}

// Whether |o| could be an answer: an object, or an array that begins with one.
bool is_answer(const json::value* o) {
  return o != nullptr &&
         (o->is_object() || (o->is_array() && o->size() != 0 && o->begin()->is_object()));
}

void reader::take_body(const json::value* o) {
  if (o->is_array()) return on_array(*o);
  on_body(*o);
}

void reader::body(string_view bytes, json::document& doc) {
  if (out_.ended()) return;
  const json::value* o = parse(strip(bytes), doc, true);
  if (!is_answer(o)) return upstream("malformed_body", "upstream body is not JSON");
  take_body(o);
  parsed(doc);
  close(nullptr, incomplete(), doc);
}

void reader::close(const string_view* raw, const chat::failure& why, json::document& doc) {
  if (out_.ended()) return;
  if (raw != nullptr) {
    const json::value* o = parse(strip(*raw), doc);
    if (out_.ended()) return;
    if (is_answer(o)) {
      const json::value* first = o->is_array() ? o->begin() : o;
      const json::value* error = first->get("error");
      if (truthy(error)) return fail_with(*error);
      if (open_.empty()) take_body(o);  // JSON although a stream was asked for
      parsed(doc);
      if (out_.ended()) return;
    }
  }
  if (!complete()) return fail(why);
  tell_finishes(false);
  out_.end(terminal::eof_after_finish);
}

}  // namespace f0::dialect
