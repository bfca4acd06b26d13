// Copyright (C) 2026 The f0 authors

#include "envelope_checks.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/chat/envelope.h"
#include "core/json/json.h"
#include "core/provider/kept.h"
#include "wrong.h"

namespace {

using namespace f0;
using chat::state;
using dialect::id;

const std::string kKey(32, 'k');
const std::string kThought = "[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"S\"}]";
const std::string kExtra = "{\"google\":{\"thought_signature\":\"G\"}}";

bool opens(string_view text, string_view key = kKey) {
  chat::opened o;
  return chat::open_envelope(text, key, o);
}

// "origin model: letter call json, ..."
std::string inside(string_view text) {
  chat::opened o;
  if (!chat::open_envelope(text, kKey, o)) return "closed";
  std::string out = o.origin + ' ' + o.model + ':';
  for (const auto& i : o.items) {
    out.append(1, ' ').append(1, chat::letter(i.of)).append(1, ' ').append(i.call);
    out.append(1, ' ').append(i.json).append(1, ',');
  }
  return out;
}

chat::envelopes maker(string_view key = kKey) {
  chat::envelopes e(key);
  e.from("anthropic", "claude");
  return e;
}

std::string sealed(state of, string_view json, string_view call = {}) {
  chat::envelopes e = maker();
  e.add(of, json, call);
  return e.take();
}

constexpr string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

const char* envelope_check_opened(void) {
  chat::envelopes e = maker();
  if (e.waiting()) return "something waits";
  e.add(state::thinking, kThought);
  e.add(state::extra, kExtra, "c1");
  e.add(state::details, "[1]", "c2");
  e.add(state::details, "[1,2]", "c2");  // the whole list each time
  e.add(state::reasoning, "");           // nothing
  if (!e.waiting()) return "nothing waits";
  const std::string text = e.take();
  const std::string want =
      "anthropic claude: t  " + kThought + ", x c1 " + kExtra + ", d c2 [1,2],";
  if (inside(text) != want) return wrong(inside(text));
  if (!text.starts_with("f0.") || !chat::is_envelope(text)) return wrong(text);
  if (text.find_first_not_of(kDigits, 3) != text.npos) return wrong("odd digits: " + text);
  if (e.waiting() || inside(e.take()) != " :") return "it was taken twice";
  // Another call of the turn: what was not taken is not its own.
  e.add(state::thinking, kThought);
  e.from("gemini", "g");
  e.add(state::extra, kExtra, "c");
  if (const std::string s = inside(e.take()); s != "gemini g: x c " + kExtra + ",") return wrong(s);
  // Any bytes, and every remainder of three of them.
  std::string bytes;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = sealed(state::thinking, bytes + '!', "c");
    chat::opened o;
    if (!chat::open_envelope(text, kKey, o) || o.items[0].json != bytes + '!') {
      return wrong("bytes: " + std::to_string(i));
    }
    bytes += static_cast<char>(i * 7);
  }
  return nullptr;
}

const char* envelope_check_events(void) {
  using kind = chat::event::kind;
  chat::envelopes e = maker();
  chat::event call = chat::event();
  call.type = kind::call;
  call.json = kExtra;
  chat::event keep = chat::event();
  keep.type = kind::keep;
  keep.of = state::thinking;
  keep.json = kThought;
  chat::event text = chat::event();
  text.type = kind::content;
  text.json = kExtra;
  e.add(call, "c1");
  e.add(keep);
  e.add(text, "c1");
  const std::string s = inside(e.take());
  return s == "anthropic claude: x c1 " + kExtra + ", t  " + kThought + ',' ? nullptr : wrong(s);
}

// One that holds nothing is one of f0's all the same: it goes to no provider.
const char* envelope_check_empty(void) {
  for (const string_view key : {string_view(kKey), string_view()}) {
    chat::envelopes e = maker(key);
    if (key.empty()) e.add(state::thinking, kThought);
    const std::string text = e.take();
    if (!chat::is_envelope(text) || text.size() < 4 || text.size() > 60) return wrong(text);
    if (opens(text, key) != !key.empty()) return "an empty one opens without a key";
    if (!key.empty() && inside(text) != " :") return wrong(inside(text));
  }
  return nullptr;
}

const char* envelope_check_forged(void) {
  const std::string text = sealed(state::thinking, kThought, "c1");
  if (opens(text, std::string(32, 'x')) || opens(text, "")) return "another key opens it";
  for (const char* s :
       {"", "f0", "f0.", "f0.A", "f0.AQ", "f0.eyJ2IjoxfQ.4f4f4f4f4f4f4f4f", "EqoBCkgI"}) {
    if (opens(s)) return wrong(s);
  }
  for (size_t n = 0; n < text.size(); ++n) {
    if (opens(text.substr(0, n))) return wrong("cut at " + std::to_string(n));
    // A digit for another one, and what is none.
    std::string s = text;
    for (const char c : kDigits) {
      s[n] = c;
      if (s != text && opens(s)) return wrong("changed at " + std::to_string(n));
    }
    for (const char c : {'=', '+', '/', ' ', '\n', '\0', '\xc3'}) {
      s[n] = c;
      if (opens(s)) return wrong("odd at " + std::to_string(n));
    }
  }
  for (const char* more : {"A", "AA", "=", "\n", "."}) {
    if (opens(text + more)) return wrong(std::string("more: ") + more);
  }
  return nullptr;
}

// A turn's envelopes are bounded; those that hold nothing go on.
const char* envelope_check_large(void) {
  constexpr size_t most = 256 << 10;
  chat::envelopes e = maker();
  const std::string big(chat::kLongestState - 100, 'x');
  e.add(state::thinking, std::string(most, 'x'));
  if (e.waiting()) return "too much waits";
  e.add(state::thinking, big);
  e.add(state::thinking, big);
  const std::string text = e.take();
  if (text.size() > most || inside(text) != "anthropic claude: t  " + big + ',') return "its size";
  e.add(state::thinking, big);
  if (e.waiting() || inside(e.take()) != " :") return "the turn's sum";
  size_t sum = text.size();
  for (int i = 0; i < 100; ++i) {
    e.add(state::extra, kExtra, "c");
    if (!e.waiting()) continue;
    sum += e.take().size();
  }
  return sum <= most ? nullptr : wrong("sum " + std::to_string(sum));
}

// What the client brings back is found by its call: those of the same provider and
// model only, in their order; they count more than what was put before.
const char* envelope_check_returned(void) {
  const auto from = [](string_view origin, string_view model, state of, string_view json,
                       string_view call = {}) {
    chat::envelopes e(kKey);
    e.from(origin, model);
    e.add(of, json, call);
    return e.take();
  };
  const std::string texts[] = {
      from("anthropic", "claude", state::thinking, "[1]"),
      from("anthropic", "claude", state::thinking, "[2]"),
      from("anthropic", "other", state::thinking, "[3]"),
      from("gemini", "claude", state::thinking, "[4]"),
      from("anthropic", "claude", state::reasoning, "[5]"),
      from("anthropic", "claude", state::thinking, "[6]", "b"),
      from("anthropic", "claude", state::thinking, "[7]", "nobody's"),
  };
  json::document doc;
  const json::value* own =
      doc.parse("{\"type\":\"thinking\",\"thinking\":\"x\",\"signature\":\"N\"}");
  std::vector<chat::message> messages(2);
  chat::message& m = messages[1];
  m.tool_calls.resize(3);
  const string_view ids[] = {"a", "b", "c"};
  for (size_t i = 0; i < 3; ++i) {
    m.tool_calls[i].id = ids[i];
    m.tool_calls[i].name = "n";
  }
  for (const std::string& s : texts) m.states.push_back({s, nullptr, 0});
  m.states.push_back({{}, own, 2});
  m.states.push_back({texts[0], nullptr, 3});  // behind the last call
  m.states.push_back({"f0.AQ", nullptr, 2});
  budget memory;
  holding held(memory);
  dialect::kept_states kept;
  kept.put(state::thinking, m.tool_calls[0], "[\"memory\"]");
  kept.take_returned(id::anthropic, messages, kKey, "anthropic", "claude", held);
  const std::string want[] = {"[1,2]", "[6]",
                              "[{\"type\":\"thinking\",\"thinking\":\"x\",\"signature\":\"N\"}]"};
  for (size_t i = 0; i < 3; ++i) {
    const string_view got = kept.get(state::thinking, m.tool_calls[i]);
    if (got != want[i]) return wrong("call " + std::to_string(i) + ": " + std::string(got));
  }
  if (memory.used() == 0) return "it takes no memory";
  // Another dialect wants none of it.
  dialect::kept_states others;
  others.take_returned(id::ollama, messages, kKey, "anthropic", "claude", held);
  if (!others.get(state::thinking, m.tool_calls[0]).empty()) return "of another dialect";
  // Details are whole each time.
  const std::string one = from("openai/x", "m", state::details, "[1]"),
                    two = from("openai/x", "m", state::details, "[1,2]");
  m.states = {{one, nullptr, 0}, {two, nullptr, 0}};
  dialect::kept_states details;
  details.take_returned(id::openai, messages, kKey, "openai/x", "m", held);
  const string_view got = details.get(state::details, m.tool_calls[0]);
  return got == "[1,2]" ? nullptr : wrong("details " + std::string(got));
}
