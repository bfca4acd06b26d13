// Copyright (C) 2026 The f0 authors

#include "wire_checks.h"

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "core/base/text.h"
#include "core/json/json.h"
#include "core/sse/sse.h"
#include "wire_rig.h"
#include "wrong.h"

namespace {

using namespace wire;
namespace fs = std::filesystem;
namespace json = f0::json;
using f0::dialect::id;
using f0::chat::terminal;
using f0::dialect::transport_end;

constexpr const char* fixtures = "t/wire/fixtures";
constexpr const char* golden = "t/wire/golden";

std::string slurp(const fs::path& p) {
  std::ifstream in(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// ---- SHA-256: the expect files name long texts by it

std::string sha256(string_view data) {
  static const std::array<uint32_t, 64> k = [] {
    // The fractions of the cube roots of the first 64 primes.
    std::array<uint32_t, 64> t{};
    size_t n = 0;
    for (unsigned p = 2; n < 64; ++p) {
      bool prime = true;
      for (unsigned d = 2; d * d <= p; ++d) prime = prime && p % d != 0;
      if (!prime) continue;
      const long double root = __builtin_cbrtl(static_cast<long double>(p));
      t[n++] = static_cast<uint32_t>((root - static_cast<unsigned>(root)) * 4294967296.0L);
    }
    return t;
  }();
  std::array<uint32_t, 8> h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::string m(data);
  m += '\x80';
  while (m.size() % 64 != 56) m += '\0';
  for (int i = 7; i >= 0; --i) m += static_cast<char>((uint64_t{data.size()} * 8) >> (8 * i));
  const auto turn = [](uint32_t x, unsigned n) { return (x >> n) | (x << (32 - n)); };
  for (size_t at = 0; at < m.size(); at += 64) {
    uint32_t w[64];
    for (size_t i = 0; i < 16; ++i) {
      w[i] = 0;
      for (size_t j = 0; j < 4; ++j) {
        w[i] = w[i] << 8 | static_cast<unsigned char>(m[at + 4 * i + j]);
      }
    }
    for (size_t i = 16; i < 64; ++i) {
      const uint32_t a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[i - 7] +
             (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    }
    std::array<uint32_t, 8> v = h;
    for (size_t i = 0; i < 64; ++i) {
      const uint32_t t1 = v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) +
                          ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
      const uint32_t t2 = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) +
                          ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
      v = {t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]};
    }
    for (size_t i = 0; i < 8; ++i) h[i] += v[i];
  }
  std::string out;
  for (const uint32_t x : h) {
    char hex[9];
    std::snprintf(hex, sizeof hex, "%08x", x);
    out += hex;
  }
  return out;
}

// ---- fixtures and what is expected of them

struct fixture {
  std::string name, bytes;
  std::string expect_text;
  json::document doc;
  const json::value* expect = nullptr;
  wire::answer how;
  std::deque<std::string> lower;  // names of headers
};

bool load(const fs::path& path, fixture& f) {
  f.name = path.filename().string();
  f.bytes = slurp(path);
  f.expect_text = slurp(fs::path(path).replace_extension(".expect.json"));
  f.expect = f.doc.parse(f.expect_text);
  if (f.expect == nullptr) return false;
  const string_view d = f.expect->str("dialect");
  f.how.options.dialect = d == "openai"      ? id::openai
                          : d == "anthropic" ? id::anthropic
                          : d == "gemini"    ? id::gemini
                          : d == "ollama"    ? id::ollama
                                             : id::responses;
  f.how.status = static_cast<int>(f.expect->get("http_status")->integer().value_or(0));
  f.how.headers = {{"content-type", f.expect->str("content_type")}};
  if (const json::value* more = f.expect->get("headers")) {
    for (const json::member* m = more->members_begin(); m != more->members_end(); ++m) {
      f.lower.push_back(f0::text::to_lower(m->key));
      f.how.headers.emplace_back(f.lower.back(), m->val.text());
    }
  }
  return true;
}

std::vector<fs::path> fixture_files() {
  std::vector<fs::path> out;
  for (const auto& e : fs::directory_iterator(fixtures)) {
    if (e.path().string().find(".expect.json") == std::string::npos) out.push_back(e.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// A text or null; "" is as good as null.
std::string compare_text(const char* what, const json::value* want, const std::string& got) {
  if (want == nullptr || want->is_null()) return differs(what, "", got);
  if (want->is_object()) {
    const bool same = want->get("bytes")->integer() == static_cast<int64_t>(got.size()) &&
                      want->str("sha256") == sha256(got);
    return same ? std::string() : std::string(what) + ": another digest";
  }
  return differs(what, want->text(), got);
}

// A value as compact JSON, or "" for none.
std::string compare_json(const char* what, const json::value* want, const std::string& got) {
  std::string text;
  if (want != nullptr) json::append_value(text, *want);
  return differs(what, text, got);
}

std::string compare_count(const json::value* usage, const char* key, int64_t got) {
  const json::value* v = usage != nullptr && usage->is_object() ? usage->get(key) : nullptr;
  const int64_t want = v != nullptr ? v->integer().value_or(-2) : -1;
  return want == got
             ? std::string()
             : std::string(key) + ": want " + std::to_string(want) + ", got " + std::to_string(got);
}

std::string compare_choice(const json::value& want, int index, const recorder::choice& got) {
  std::string bad = want.get("index")->integer() == index ? "" : "another index";
  const auto add = [&](std::string s) {
    if (bad.empty()) bad = std::move(s);
  };
  add(compare_text("content", want.get("content"), got.content));
  add(compare_text("reasoning", want.get("reasoning"), got.reasoning));
  add(compare_text("refusal", want.get("refusal"), got.refusal));
  add(compare_text("finish_reason", want.get("finish_reason"),
                   std::string(chat::finish_word(got.finish))));
  add(compare_text("native_finish_reason", want.get("native_finish_reason"), got.native));
  const json::value& calls = *want.get("tool_calls");
  if (calls.size() != got.calls.size()) add("another number of tool calls");
  for (size_t k = 0; k < calls.size() && bad.empty(); ++k) {
    add(compare_text("id", calls[k].get("id"), got.calls[k].id));
    add(compare_text("name", calls[k].get("name"), got.calls[k].name));
    add(compare_text("arguments", calls[k].get("arguments"), got.calls[k].arguments));
    add(compare_json("extra_content", calls[k].get("extra_content"), got.calls[k].extra));
  }
  std::string images;
  for (const std::string& url : got.images) {
    images += images.empty() ? "[" : ",";
    json::append_string(images, url);
  }
  if (!images.empty()) images += ']';
  add(compare_json("images", want.get("images"), images));
  add(compare_json("reasoning_details", want.get("reasoning_details"), got.details));
  return bad;
}

std::string compare_told(const json::value& want, const chat::api_error& got) {
  std::string bad;
  const auto add = [&](std::string s) {
    if (bad.empty()) bad = std::move(s);
  };
  if (want.get("status")->integer() != got.status)
    add("answer's status " + std::to_string(got.status));
  add(compare_text("answer's type", want.get("type"), got.type));
  add(compare_text("answer's code", want.get("code"), got.code));
  if (const json::value* headers = want.get("headers")) {
    for (const json::member* m = headers->members_begin(); m != headers->members_end(); ++m) {
      const bool there = std::any_of(got.headers.begin(), got.headers.end(), [&](const auto& h) {
        return h.first == m->key && h.second == m->val.text();
      });
      if (!there) add("no header " + std::string(m->key));
    }
  }
  return bad;
}

std::string compare_error(const fixture& f, const recorder& r) {
  const json::value& want = *f.expect->get("expect")->get("error");
  if (want.is_null() == r.failed) return r.failed ? "an error: " + r.failure.message : "no error";
  if (!r.failed) return {};
  static const std::map<string_view, chat::failure::phase> phases = {
      {"http", chat::failure::phase::http},
      {"before_content", chat::failure::phase::before_content},
      {"mid_stream", chat::failure::phase::mid_stream},
      {"truncated", chat::failure::phase::truncated}};
  std::string bad;
  const auto add = [&](std::string s) {
    if (bad.empty()) bad = std::move(s);
  };
  if (phases.at(want.str("phase")) != r.failure.at) add("another phase");
  if (want.get("status")->integer() != r.failure.status) {
    add("error's status " + std::to_string(r.failure.status));
  }
  const auto word = [&](const char* key) {
    const json::value* v = want.get(key);
    return std::string(v != nullptr && v->is_string() ? v->text() : string_view());
  };
  add(differs("error's type", word("type"), r.failure.type));
  add(differs("error's code", word("code"), r.failure.code));
  add(differs("error's message", word("message"), r.failure.message));
  if (const json::value* a = f.expect->get("answer"))
    add(compare_told(*a, chat::answer(r.failure, false)));
  if (const json::value* a = f.expect->get("answer_same_model")) {
    add(compare_told(*a, chat::answer(r.failure, true)));
  }
  if (const json::value* says = f.expect->get("says")) {
    const std::string shown = f0::text::to_lower(chat::public_message(r.failure));
    for (const json::value& s : *says) {
      if (shown.find(f0::text::to_lower(s.text())) == std::string::npos) add("says " + shown);
    }
  }
  return bad;
}

std::string compare(const fixture& f, const recorder& r) {
  const json::value& want = *f.expect->get("expect");
  if (!r.complaint.empty()) return r.complaint;
  std::string bad;
  const auto add = [&](std::string s) {
    if (bad.empty()) bad = std::move(s);
  };
  static const std::map<string_view, terminal> terminals = {
      {"done", terminal::done},
      {"eof_after_finish", terminal::eof_after_finish},
      {"error", terminal::error},
      {"truncated", terminal::truncated}};
  if (terminals.at(want.str("terminal")) != r.terminal) add("another terminal");
  const json::value& choices = *want.get("choices");
  if (choices.size() != r.choices.size()) add("another number of choices");
  size_t n = 0;
  for (const auto& [index, got] : r.choices) {
    if (bad.empty()) add(compare_choice(choices[n++], index, got));
  }
  const json::value* u = want.get("usage");
  std::string custom;
  for (const auto& [index, got] : r.choices) {
    for (size_t k = 0; k < got.calls.size(); ++k) {
      if (got.calls[k].custom) custom += (custom.empty() ? "[" : ",") + std::to_string(k);
    }
  }
  if (!custom.empty()) custom += ']';
  add(compare_json("custom_calls", f.expect->get("custom_calls"), custom));
  // Of an answer that failed more may be known: it is counted, though not told.
  if (r.failed && u->is_null()) {
    add(compare_error(f, r));
    return bad;
  }
  add(compare_count(u, "prompt_tokens", r.used.prompt));
  add(compare_count(u, "completion_tokens", r.used.completion));
  add(compare_count(u, "total_tokens", r.used.total));
  add(compare_count(u, "cached_tokens", r.used.cached));
  add(compare_count(u, "cache_write_tokens", r.used.cache_write));
  add(compare_count(u, "reasoning_tokens", r.used.reasoning));
  add(compare_error(f, r));
  return bad;
}

}  // namespace

// Every fixture, however its bytes are cut, with the fast lane.
const char* wire_check_fixtures(void) {
  dialect::scratch s;
  size_t n = 0;
  for (const fs::path& path : fixture_files()) {
    fixture f;
    if (!load(path, f)) return wrong(path.string() + ": no expect file");
    ++n;
    std::string bad, first;
    each_cut(f.bytes, [&](const std::vector<size_t>& cuts) {
      if (!bad.empty()) return;
      recorder r(true);
      play(f.how, f.bytes, cuts, r, s);
      if (first.empty()) {
        first = r.told();
        bad = compare(f, r);
      } else if (r.told() != first || !r.complaint.empty()) {
        bad = "the result depends on the cut at " + std::to_string(cuts[0]) + ' ' + r.complaint;
      }
    });
    if (!bad.empty()) return wrong(f.name + ": " + bad);
  }
  return n > 100 ? nullptr : wrong("fixtures are missing");
}

const char* wire_check_golden(void) {
  dialect::scratch s;
  size_t n = 0;
  for (const fs::path& path : fixture_files()) {
    const std::string want = slurp(fs::path(golden) / (path.stem().string() + ".sse"));
    if (want.empty()) continue;
    fixture f;
    if (!load(path, f)) return wrong(path.string() + ": no expect file");
    for (const bool lane : {false, true}) {
      recorder r(lane);
      play(f.how, f.bytes, {}, r, s);
      if (r.chunks != want) {
        size_t at = 0;
        while (at < want.size() && at < r.chunks.size() && want[at] == r.chunks[at]) ++at;
        const size_t from = at < 60 ? 0 : at - 60;
        return wrong(f.name + ": golden bytes differ at " + std::to_string(at) + ": " +
                     differs("bytes", want.substr(from, 200),
                             from < r.chunks.size() ? r.chunks.substr(from, 200) : ""));
      }
    }
    ++n;
  }
  return n >= 30 ? nullptr : wrong("golden streams are missing");
}

// With and without the fast lane, and for a sink that declines it: the same.
const char* wire_check_lane(void) {
  dialect::scratch s;
  for (const fs::path& path : fixture_files()) {
    fixture f;
    if (!load(path, f)) return wrong(path.string() + ": no expect file");
    wire::answer slow_way = f.how;
    slow_way.options.fast = false;
    recorder slow(true);
    play(slow_way, f.bytes, {}, slow, s);
    if (slow.escaped != 0) return wrong("the fast lane is taken though it is off");
    const std::string want = slow.told();
    // Cut at and around each event's end, where the lane begins and ends.
    std::vector<size_t> ends;
    for (size_t i = 0; i < f.bytes.size(); ++i) {
      if (f.bytes[i] == '\n') ends.push_back(i);
    }
    std::vector<std::vector<size_t>> plans = {{}};
    for (size_t i = 0; i < ends.size() && i < 200; ++i) {
      const size_t last = std::min(ends[i] + 4, f.bytes.size());
      for (size_t k = ends[i] < 3 ? 0 : ends[i] - 3; k < last; ++k) plans.push_back({k});
    }
    plans.push_back(ends);
    for (const auto& cuts : plans) {
      for (const bool takes : {true, false}) {
        recorder r(takes);
        play(f.how, f.bytes, cuts, r, s);
        if (r.told() == want) continue;
        return wrong(f.name + ": the fast lane, " + std::to_string(cuts.size()) +
                     " cuts, first at " + (cuts.empty() ? "-" : std::to_string(cuts[0])) + ", " +
                     differs("says", want, r.told()));
      }
    }
  }
  return nullptr;
}

// Streams of the four dialects do take the lane, cut events too.
const char* wire_check_lane_used(void) {
  dialect::scratch s;
  struct stream_kind {
    id dialect;
    const char *type, *head, *before, *between, *after, *tail;
  };
  // Between the two halves of an event's frame: something that differs each time.
  const stream_kind kinds[] = {
      {id::openai, "text/event-stream", "",
       "data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"",
       "\"},\"finish_reason\":null}],\"obfuscation\":\"", "\"}\n\n",
       "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
       "data: [DONE]\n\n"},
      {id::anthropic, "text/event-stream",
       "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n"
       "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
       "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
       "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
       "\"delta\":{\"type\":\"text_delta\",\"text\":\"",
       "\"}", " }\n\n",
       "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
       "data: {\"type\":\"message_stop\"}\n\n"},
      {id::gemini, "text/event-stream", "",
       "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"",
       "\"}],\"role\": \"model\"},\"index\": 0}],\"usageMetadata\": {\"promptTokenCount\": 7,"
       "\"totalTokenCount\": ",
       "}}\r\n\r\n",
       "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"\"}]},\"index\": 0,"
       "\"finishReason\": \"STOP\"}]}\r\n\r\n"},
      {id::ollama, "application/x-ndjson", "", "{\"created_at\":\"",
       "\",\"message\":{\"role\":\"assistant\",\"content\":\"", "\"},\"done\":false}\n",
       "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n"},
      {id::responses, "text/event-stream", "",
       "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
       "\"output_index\":0,\"item_id\":\"m\",\"delta\":\"",
       "\",\"logprobs\":[],\"sequence_number\":", "}\n\n",
       "data: {\"type\":\"response.output_text.done\",\"output_index\":0,\"text\":\"again\"}\n\n"
       "data: {\"type\":\"response.completed\"}\n\n"},
      // Another id in every event.
      {id::responses, "text/event-stream", "",
       "data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"item_id\":\"",
       "\",\"delta\":\"", "\"}\n\n", "data: {\"type\":\"response.completed\"}\n\n"},
  };
  constexpr size_t events = 500;
  const char* texts[] = {
      "word",          " \\n\\t",
      "\\\"q\\\"",     "\xe2\x82\xac\xf0\x9f\x98\x80",
      "back\\\\slash", "a rather long piece of plain text that takes more than one vector"};
  for (const stream_kind& k : kinds) {
    std::string bytes = k.head, said;
    std::vector<size_t> ends;
    for (size_t i = 0; i < events; ++i) {
      const std::string text = texts[i % std::size(texts)];
      const bool number = k.dialect == id::gemini || k.dialect == id::responses;
      const std::string noise = number                       ? std::to_string(10 + i)
                                : k.dialect == id::anthropic ? std::string(i % 7, ' ')
                                                             : "n" + std::to_string(i * i);
      const bool turned =
          k.dialect == id::ollama || string_view(k.between).ends_with("\"delta\":\"");
      bytes += k.before + (turned ? noise : text) + k.between + (turned ? text : noise) + k.after;
      ends.push_back(bytes.size());
    }
    bytes += k.tail;
    wire::answer a;
    a.options.dialect = k.dialect;
    a.headers = {{"content-type", k.type}};
    std::vector<size_t> pages;
    for (size_t i = 1009; i < bytes.size(); i += 1009) pages.push_back(i);
    std::string want;
    const std::string name = "dialect " + std::to_string(static_cast<int>(k.dialect));
    for (const auto& cuts : {std::vector<size_t>{}, ends, pages}) {
      recorder r(true);
      play(a, bytes, cuts, r, s);
      if (!r.complaint.empty()) return wrong(name + ": " + r.complaint);
      if (r.failed) return wrong(name + ": " + r.failure.message);
      if (r.escaped < events - 8) {
        return wrong(name + ": only " + std::to_string(r.escaped) + " events took the lane");
      }
      if (want.empty()) want = r.told();
      if (r.told() != want) return wrong(name + ": the lane depends on the cuts");
    }
    wire::answer slow_way = a;
    slow_way.options.fast = false;
    recorder slow(true);
    play(slow_way, bytes, {}, slow, s);
    if (slow.told() != want) return wrong(name + ": " + differs("lane", slow.told(), want));
  }
  return nullptr;
}

namespace {

// All that a decoder gives, one event a line.
std::string decoded(f0::sse::framing kind, string_view bytes, const std::vector<size_t>& cuts,
                    size_t line_max = 1000) {
  f0::sse::decoder d(kind, line_max, 1 << 20);
  std::string out;
  f0::sse::event ev;
  size_t at = 0;
  const auto show = [&] {
    out += std::string(ev.name) + '|' + std::string(ev.data) + (ev.at_eof ? "|eof;" : ";");
  };
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const size_t to = i < cuts.size() ? cuts[i] : bytes.size();
    const std::vector<char> piece(bytes.data() + at, bytes.data() + to);
    at = to;
    string_view in(piece.data(), piece.size());
    for (;;) {
      const f0::sse::result r = d.next(in, ev);
      if (r == f0::sse::result::too_long) return out + "LONG";
      if (r == f0::sse::result::more) break;
      show();
    }
  }
  for (;;) {
    const f0::sse::result r = d.finish(ev);
    if (r == f0::sse::result::too_long) return out + "LONG";
    if (r == f0::sse::result::more) break;
    show();
  }
  if (d.has_raw()) out += "RAW " + std::string(d.raw());
  return out;
}

}  // namespace

const char* wire_check_framing(void) {
  using f0::sse::framing;
  struct one {
    framing kind;
    const char *bytes, *want;
  };
  const one cases[] = {
      {framing::events, "data: a\n\ndata:b\n\n", "|a;|b;"},
      {framing::events, "data: a\r\n\r\ndata: b\r\rdata: c\n\r\n", "|a;|b;|c;"},
      {framing::events, "data:  two spaces\n\n", "| two spaces;"},
      {framing::events, "data: a\ndata: b\ndata\n\n", "|a\nb\n;"},
      {framing::events, "data\n\ndata:\n\n", "|;|;"},
      {framing::events, "\n\n\nevent: x\n\ndata: a\n\n", "|a;"},
      {framing::events, "event: x\nevent: y\ndata: a\nid: 3\nretry: 1\nfoo\n\ndata: b\n\n",
       "y|a;|b;"},
      {framing::events, ": c\n:\n:data: x\ndata: a\n: d\n\n", "|a;"},
      {framing::events,
       "\xef\xbb\xbf"
       "data: a\n\n",
       "|a;"},
      {framing::events,
       "\xef\xbb"
       "data: a\n\ndata: b\n\n",
       "|b;"},
      {framing::events,
       "data: \xef\xbb\xbf"
       "a\n\n",
       "|\xef\xbb\xbf"
       "a;"},
      {framing::events, "data: a\n\ndata: b", "|a;|b|eof;"},
      {framing::events, "data: a\nevent: n\n", "n|a|eof;"},
      {framing::events, "data: a\r", "|a|eof;"},
      {framing::events,
       "data: a\xe2\x80\xa8"
       "b\x0b\x0c\xc2\x85\n\n",
       "|a\xe2\x80\xa8"
       "b\x0b\x0c\xc2\x85;"},
      {framing::events, "error: {\"a\":1}\n\n", "error|{\"a\":1};"},
      {framing::events, "data: a\nerror: e\n\n", "error|e;|a;"},
      {framing::events, "error: e", "error|e;"},
      {framing::events, "data: a\n\n{\"x\":\n1}\n\n", "|a;RAW {\"x\":\n1}\n\n"},
      {framing::events, " \t[1]", "RAW  \t[1]"},
      {framing::events, "data: a\n{\"x\":1}", "|a|eof;RAW {\"x\":1}"},
      {framing::events, "{", "RAW {"},
      {framing::events, "", ""},
      {framing::events, "id: 1\n{\n", "RAW {\n"},
      {framing::events, "\xef", ""},
      {framing::events, "data\xef\xbb: a\n\n", ""},
      {framing::lines, "a\nb\r\n\nc", "|a;|b\r;|;|c|eof;"},
      {framing::lines, "", ""},
      {framing::lines, "a\n", "|a;"},
  };
  for (const one& c : cases) {
    std::string bad;
    each_cut(c.bytes, [&](const std::vector<size_t>& cuts) {
      if (bad.empty()) bad = differs("framing", c.want, decoded(c.kind, c.bytes, cuts));
    });
    if (!bad.empty()) return wrong(bad + " of " + c.bytes);
  }
  return nullptr;
}

const char* wire_check_caps(void) {
  using f0::sse::framing;
  struct one {
    framing kind;
    std::string bytes, want;
  };
  const std::string edge = "data: " + std::string(94, 'x');
  const one cases[] = {
      {framing::events, edge + "\n\n", "|" + edge.substr(6) + ";"},
      {framing::events, edge + "y\n\n", "LONG"},
      {framing::events, "data: a\n\n" + edge + "y", "|a;LONG"},
      {framing::events, ":" + edge + "\n\n", "LONG"},
      {framing::events, edge + "\n" + edge + "\n\n", "LONG"},
      {framing::lines, edge + "\n", "|" + edge + ";"},
      {framing::lines, edge + "y\n", "LONG"},
      {framing::lines, edge + "y", "LONG"},
  };
  for (const one& c : cases) {
    std::string bad;
    each_cut(c.bytes, [&](const std::vector<size_t>& cuts) {
      if (bad.empty()) bad = differs("cap", c.want, decoded(c.kind, c.bytes, cuts, 100));
    });
    if (!bad.empty()) return wrong(bad + " of " + c.bytes);
  }

  wire::answer a = sse(id::openai);
  a.options.line_max = 100;
  std::string bad =
      always(a, content("ok") + content(std::string(100, 'x')), "ok//  event_too_long");
  if (!bad.empty()) return wrong(bad);
  a.headers = {{"content-type", "application/json"}};
  a.options.body_max = 20;
  bad = always(a, "{\"choices\":          []}", "event_too_long");
  if (!bad.empty()) return wrong(bad);
  a.status = 429;
  a.options.error_body_max = 10;
  bad = always(a, "{\"error\":{\"code\":\"much too long\"}}", "upstream_error");
  return bad.empty() ? nullptr : wrong(bad);
}

const char* wire_check_stops(void) {
  struct one {
    std::vector<std::string> stops;
    std::string bytes, want;
  };
  const std::string tool =
      delta("{\"tool_calls\":[{\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"n\"}}]}");
  const one cases[] = {
      {{"<END>"}, content("Hello <E") + content("ND") + content("> more"), "Hello // stop "},
      {{"<END>"}, content("abc<END>def") + stop_chunk, "abc// stop "},
      {{"<END>"}, content("<END>"), "// stop "},
      {{"<END>"},
       content("a <E") + content("Nx <EN") + stop_chunk + done_mark,
       "a <ENx <EN// stop "},
      {{"aab"}, content("xaa") + content("ab y"), "xa// stop "},
      {{"<END>", "ZZ"}, content("mZ") + content("Z<END>"), "m// stop "},
      {{"bc", "abcd"}, content("xabcd"), "xa// stop "},
      {{"abc", "c"}, content("xab") + content("c"), "x// stop "},
      {{"x\xe7\xb5\x82\xf0\x9f\x9b\x91"},
       content("a x\xe7\xb5\x82\\ud83d") + content("\\uded1 y"),
       "a // stop "},
      {{"x\xe7\xb5\x82\xf0\x9f\x9b\x91"},
       content("a x\xe7\xb5\x82\\ud83d") + content("z") + stop_chunk + done_mark,
       "a x\xe7\xb5\x82\xef\xbf\xbdz// stop "},
      {{"<END>"},
       content("a<E") + tool + content("ND>") + stop_chunk + done_mark,
       "a<END>// [i n {}] tool_calls "},
      {{"<END>"},
       content("a<E") + delta("{\"reasoning\":\"r<END>\"}") + content("ND>b"),
       "a/r<END>/ stop "},
      {{"<END>"}, content("a<E") + "data: {\"error\":\"x\"}\n\n", "a<E//  "},
      {{"<END>"}, content("a<E"), "a<E//  stream_truncated"},
      {{"", "q"}, content("aq"), "a// stop "},
      {{"\n\n"}, content("a\\n") + content("\\nb"), "a// stop "},
  };
  for (const one& c : cases) {
    wire::answer a = sse(id::openai);
    a.options.stops = c.stops;
    const std::string bad = always(a, c.bytes, c.want);
    if (!bad.empty()) return wrong("stops: " + bad);
  }
  // No more is held back than may begin a stop.
  dialect::scratch s;
  recorder r(true);
  wire::answer a = sse(id::openai);
  a.options.stops = {"<END>", "zzz"};
  dialect::stream stream(a.options, s, r);
  stream.head(200, a.headers);
  stream.data(content("certain z<E"));
  if (r.choices[0].content != "certain z") return wrong("holds " + r.choices[0].content);
  stream.data(content("zz"));
  if (r.choices[0].content != "certain z<E") return wrong("holds " + r.choices[0].content);
  if (stream.data(content("z!"))) return wrong("wants more after a stop");
  return nullptr;
}

const char* wire_check_heads(void) {
  struct one {
    id dialect;
    int status;
    const char* type;
    std::string bytes, want;
  };
  const std::string body =
      "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}";
  const std::string events = content("hi") + stop_chunk + done_mark;
  const std::string line = "{\"message\":{\"content\":\"hi\"},\"done\":true}\n";
  const one cases[] = {
      {id::openai, 200, "Text/Event-Stream; charset=utf-8", events, "hi// stop "},
      {id::openai, 200, "application/json", body, "hi// stop "},
      {id::openai, 200, "application/json", "\n\n \xef\xbb\xbf", "malformed_body"},
      {id::openai, 200, "application/json", "", "malformed_body"},
      {id::openai, 200, "application/json", "\"hello\"", "malformed_body"},
      {id::openai, 200, "application/json", "{}", "empty_stream"},
      {id::openai, 200, "text/html", "<html>captive portal</html>", "malformed_body"},
      {id::openai, 200, "text/event-stream", body, "hi// stop "},
      {id::openai, 200, "text/event-stream", "\n" + body, "hi// stop "},
      {id::openai, 200, "text/event-stream", "[" + body + "]", "hi// stop "},
      {id::openai, 200, "", events, "hi// stop "},
      {id::openai, 200, "text/plain", "\xef\xbb\xbf\n: c\n\n" + events, "hi// stop "},
      {id::openai, 200, "text/plain", body, "hi// stop "},
      {id::openai, 200, "text/plain", "hello", "malformed_body"},
      {id::openai, 200, "application/x-ndjson", body + "\n", "hi// stop "},
      {id::ollama, 200, "application/x-ndjson", line, "hi// stop "},
      {id::ollama, 200, "application/json", line, "hi// stop "},
      {id::ollama, 200, "", line, "hi// stop "},
      {id::gemini, 200, "application/json",
       "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]},\n"
       "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"STOP\"}]}]",
       "ab// stop "},
      {id::openai, 204, "", "", "upstream_error"},
      {id::openai, 302, "text/html", "moved", "upstream_error"},
      {id::openai, 500, "application/json", "[{\"error\":{\"message\":\"m\",\"code\":\"c\"}}]",
       "c"},
      {id::openai, 400, "application/json", "{\"message\":\"m\",\"type\":\"t\"}", "t"},
      {id::openai, 422, "application/json", "{\"detail\":[{\"msg\":1}]}", ""},
      {id::openai, 503, "text/plain", "", "upstream_error"},
  };
  for (const one& c : cases) {
    wire::answer a;
    a.options.dialect = c.dialect;
    a.status = c.status;
    if (*c.type != '\0') a.headers = {{"content-type", c.type}};
    const std::string bad = always(a, c.bytes, c.want);
    if (!bad.empty()) return wrong(std::string(c.type) + ": " + bad);
  }

  // The headers that go on with a failure, and the time to come again.
  dialect::scratch s;
  wire::answer a;
  a.status = 429;
  a.headers = {{"content-type", "application/json"},
               {"retry-after", "7"},
               {"x-ratelimit-limit-requests", "60"},
               {"set-cookie", "secret"},
               {"request-id", "req_1"},
               {"x-request-id", "other"},
               {"anthropic-ratelimit-tokens-reset", "t"},
               {"x-ratelimit-odd", "a\x01"}};
  recorder r(true);
  play(a, "{}", {}, r, s);
  std::string all;
  for (const auto& [name, value] : chat::answer(r.failure, false).headers)
    all += name + '=' + value + ' ';
  if (all !=
      "retry-after=7 x-ratelimit-limit-requests=60 x-upstream-request-id=req_1 "
      "anthropic-ratelimit-tokens-reset=t ") {
    return wrong("headers: " + all);
  }
  const std::string_view gemini =
      "{\"error\":{\"code\":429,\"message\":\"slow\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":"
      "["
      "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34.4s\"}]}}";
  wire::answer g = sse(id::gemini);
  recorder r2(true);
  play(g, "data: " + std::string(gemini) + "\n\n", {}, r2, s);
  all.clear();
  for (const auto& [name, value] : chat::answer(r2.failure, false).headers)
    all += name + '=' + value + ' ';
  if (all != "retry-after=35 retry-after-ms=34400 ") return wrong("RetryInfo: " + all);
  g.headers.emplace_back("retry-after", "9");
  recorder r3(true);
  play(g, "data: " + std::string(gemini) + "\n\n", {}, r3, s);
  all.clear();
  for (const auto& [name, value] : chat::answer(r3.failure, false).headers)
    all += name + '=' + value + ' ';
  return all == "retry-after=9 " ? nullptr : wrong("RetryInfo beside a header: " + all);
}

const char* wire_check_ends(void) {
  struct one {
    transport_end how;
    int status;  // 0: no head came
    const char* type;
    std::string bytes;
    int want;  // what the client is told
    const char* code;
    bool again;  // another provider may do better
  };
  const std::string body =
      "{\"choices\":[{\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}";
  const one cases[] = {
      {transport_end::unreachable, 0, "", "", 502, "upstream_error", true},
      {transport_end::truncated, 0, "", "", 502, "upstream_error", true},
      {transport_end::timeout, 0, "", "", 504, "upstream_timeout", true},
      {transport_end::truncated, 200, "text/event-stream", "", 502, "stream_truncated", true},
      {transport_end::timeout, 200, "text/event-stream", "", 504, "upstream_timeout", true},
      {transport_end::truncated, 200, "text/event-stream", content("a"), 502, "stream_truncated",
       true},
      {transport_end::clean, 200, "text/event-stream", content("a"), 502, "stream_truncated",
       true},
      {transport_end::timeout, 200, "text/event-stream", content("a"), 504, "upstream_timeout",
       true},
      {transport_end::truncated, 200, "text/event-stream", content("a") + stop_chunk, 0, "", true},
      {transport_end::timeout, 200, "text/event-stream", content("a") + stop_chunk, 0, "", true},
      {transport_end::truncated, 200, "application/json", body, 502, "stream_truncated", true},
      {transport_end::truncated, 200, "application/json", "", 502, "stream_truncated", true},
      {transport_end::timeout, 200, "application/json", "", 504, "upstream_timeout", true},
      {transport_end::truncated, 503, "application/json", "{\"error\":{\"message\":\"bu", 503,
       "overloaded", true},
      {transport_end::truncated, 400, "application/json", "{\"error\":{\"code\":\"c\"}}", 400, "",
       false},
      {transport_end::clean, 200, "text/event-stream", done_mark, 502, "empty_stream", true},
      {transport_end::clean, 429, "text/html", "<html>", 429, "rate_limit_exceeded", true},
      {transport_end::clean, 409, "text/html", "", 502, "upstream_error", true},
      {transport_end::clean, 500, "text/html", "", 502, "upstream_error", true},
      {transport_end::clean, 400, "text/html", "", 400, "", false},
      {transport_end::clean, 301, "text/html", "", 502, "upstream_error", true},
      {transport_end::clean, 500, "", "{\"error\":{\"code\":\"context_length_exceeded\"}}", 400,
       "context_length_exceeded", false},
  };
  dialect::scratch s;
  for (const one& c : cases) {
    recorder r(true);
    wire::answer a = sse(id::openai);
    dialect::stream stream(a.options, s, r);
    if (c.status != 0) stream.head(c.status, {{"content-type", c.type}});
    stream.data(c.bytes);
    stream.end(c.how);
    const chat::api_error t = r.failed ? chat::answer(r.failure, false) : chat::api_error{0, {}, {}, {}, {}, {}};
    if (!r.complaint.empty() || t.status != c.want || t.code != c.code ||
        (chat::fault_of(r.failure) != chat::fault::request) != c.again) {
      return wrong("end " + std::to_string(static_cast<int>(c.how)) + " after " +
                   std::to_string(c.status) + ' ' + brief(c.bytes) + ": " +
                   std::to_string(t.status) + ' ' + t.code +
                   ' ' + r.complaint);
    }
  }
  // Nothing is wanted after the end marker.
  recorder r(true);
  wire::answer a = sse(id::openai);
  dialect::stream stream(a.options, s, r);
  stream.head(200, a.headers);
  if (!stream.data(content("a"))) return wrong("ends too early");
  if (stream.data(stop_chunk + done_mark + content("b"))) return wrong("wants more after [DONE]");
  if (!stream.ended() || stream.data("x")) return wrong("does not stay ended");
  return outcome(r) == "a// stop " ? nullptr : wrong(outcome(r));
}

// Rules that no fixture shows.
const char* wire_check_rules(void) {
  struct one {
    id dialect;
    std::string bytes, want;
  };
  const auto tool = [](string_view t) {
    return delta("{\"tool_calls\":[" + std::string(t) + "]}");
  };
  const auto finish = [](string_view word) {
    return delta("{}", ",\"finish_reason\":\"" + std::string(word) + "\"") + done_mark;
  };
  const auto message = [](string_view rest) {
    return "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n" + std::string(rest);
  };
  const std::string text_block =
      "data: "
      "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\"}}\n\n";
  const auto text_delta = [](string_view t) {
    return "data: "
           "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
           "\"text\":\"" +
           std::string(t) + "\"}}\n\n";
  };
  const std::string message_end =
      "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
      "data: {\"type\":\"message_stop\"}\n\n";
  const one cases[] = {
      // More of a choice after its finish_reason: the finish is still the last word.
      {id::openai, content("a") + stop_chunk + content("b") + done_mark, "ab// stop "},
      {id::openai, stop_chunk + tool("{\"id\":\"i\",\"function\":{\"name\":\"n\"}}") + done_mark,
       "// [i n {}] tool_calls "},
      {id::openai, content("a") + finish("length"), "a// length "},
      {id::openai, content("a") + finish("weird"), "a// stop "},
      {id::openai, content("a") + finish("error"), "a//  error"},
      {id::openai, content("a") + done_mark + content("b"), "a// stop "},
      {id::openai, content("a") + "data: {bad}\n\n" + content("b"), "a//  malformed_event"},
      {id::openai, content("a") + stop_chunk + "data: {\"cut", "a// stop "},
      {id::openai, content("a") + "data: 5\n\ndata: null\n\n" + stop_chunk, "a// stop "},
      {id::openai, "data: {\"error\":false,\"choices\":null}\n\n" + content("a") + stop_chunk,
       "a// stop "},
      {id::openai,
       delta("{\"content\":\"NaN\"}", ",\"logprobs\":[NaN,-Infinity, Infinity]") + stop_chunk,
       "NaN// stop "},
      {id::openai, "data: {\"error\":true}\n\n", ""},
      {id::openai, "data: {\"x_groq\":{\"error\":\"over_capacity\"}}\n\n", "upstream_error"},
      // A call whose name never comes is no call, and is not dropped.
      {id::openai,
       tool("{\"index\":0,\"function\":{\"arguments\":\"{}\"}}") +
           tool("{\"index\":1,\"id\":\"j\",\"function\":{\"name\":\"m\",\"arguments\":\"1\"}}") +
           finish("tool_calls"),
       "// [j m 1]  malformed_event"},
      {id::openai,
       tool("{\"index\":0,\"id\":\"\",\"function\":{\"name\":\"n\",\"arguments\":{\"a\":[1,null]}}"
            "}") +
           tool("{\"index\":0,\"id\":\"late\",\"function\":{\"name\":\"\",\"arguments\":null}}") +
           finish("stop"),
       "// [ n {\"a\":[1,null]}] tool_calls "},
      {id::openai,
       delta("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},7,{\"type\":\"image\"}]}") +
           stop_chunk,
       "a// stop "},
      {id::openai, delta("{\"reasoning\":\"r\",\"reasoning_content\":\"\"}") + stop_chunk,
       "/r/ stop "},
      {id::openai, content("\\ud83d") + content("") + content("\\ude00") + stop_chunk,
       "\xf0\x9f\x98\x80// stop "},
      {id::openai, content("\\ude00\\ud83d") + stop_chunk, "\xef\xbf\xbd\xef\xbf\xbd// stop "},
      {id::openai, content("a\\ud83d") + done_mark, "a\xef\xbf\xbd// stop "},
      {id::openai, content("a\\ud83d"), "a\xef\xbf\xbd//  stream_truncated"},
      {id::openai, content("\xed\xa0\xbd") + stop_chunk,
       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd// stop "},
      {id::openai, content("\\\\ud83d") + stop_chunk, "\\ud83d// stop "},
      {id::anthropic, message(text_block + text_delta("a") + message_end), "a// stop "},
      // What a block was called does not matter.
      {id::anthropic,
       message(text_block + text_delta("a") + text_delta("b") + text_delta("c") +
               "data: "
               "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
               "\"thinking\"}}\n\n" +
               text_delta("d") + text_delta("e") + message_end),
       "abcde// stop "},
      {id::anthropic, message("data: {\"type\":\"message_stop\"}\n\n"), "//  stream_truncated"},
      {id::anthropic, message(text_block + text_delta("a") + done_mark), "a// stop "},
      {id::anthropic, "event: error\ndata: {\"message\":\"x\"}\n\n", ""},
      {id::anthropic,
       message(
           "data: "
           "{\"type\":\"content_block_start\",\"index\":5,\"content_block\":{\"type\":\"tool_use\","
           "\"id\":\"t\",\"name\":\"n\",\"input\":{\"a\": 1}}}\n\n"
           "data: {\"type\":\"content_block_stop\",\"index\":5}\n\n" +
           message_end),
       "// [t n {\"a\":1}] tool_calls "},
      {id::gemini,
       "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"n\"}}]},"
       "\"finishReason\":\"STOP\"}]}\n\n",
       "// [ n {}] tool_calls "},
      {id::gemini, "data: {\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}\n\n",
       "MALFORMED_FUNCTION_CALL"},
      {id::gemini, "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\n\n",
       "a//  stream_truncated"},
      {id::ollama,
       "data: {\"message\":{\"content\":\"a\"},\"done\":true,\"done_reason\":\"length\"}\n\n",
       "a// length "},
  };
  for (const one& c : cases) {
    const std::string bad = always(sse(c.dialect), c.bytes, c.want);
    if (!bad.empty()) return wrong(bad);
  }
  return nullptr;
}

const char* wire_check_json_tool(void) {
  const std::string begin =
      "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n"
      "data: "
      "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\","
      "\"id\":\"t\",\"name\":\"json\",\"input\":{}}}\n\n";
  const std::string piece =
      "data: "
      "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
      "\"partial_json\":\"{\\\"a\\\":\"}}\n\n"
      "data: "
      "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
      "\"partial_json\":\"1}\"}}\n\n";
  const std::string end =
      "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
      "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}\n\n"
      "data: {\"type\":\"message_stop\"}\n\n";
  wire::answer a = sse(id::anthropic);
  std::string bad = always(a, begin + piece + end, "// [t json {\"a\":1}] tool_calls ");
  a.options.json_tool = true;
  if (bad.empty()) bad = always(a, begin + piece + end, "{\"a\":1}// stop ");
  if (bad.empty()) bad = always(a, begin + end, "{}// stop ");
  return bad.empty() ? nullptr : wrong(bad);
}

const char* wire_check_answers(void) {
  struct one {
    int status;
    const char *type, *code, *message;
    int want;
    const char *want_type, *want_code;
    bool no_retry;
  };
  const one cases[] = {
      {400, "t", "odd", "m", 400, "invalid_request_error", "odd", false},
      {422, "", "", "m", 422, "invalid_request_error", "", false},
      {413, "", "odd", "m", 413, "invalid_request_error", "request_too_large", false},
      {413, "", "", "This exceeds the CONTEXT Window", 400, "invalid_request_error",
       "context_length_exceeded", false},
      {429, "", "", "context window", 429, "rate_limit_error", "rate_limit_exceeded", false},
      {500, "exceed_context_size_error", "", "m", 400, "invalid_request_error",
       "context_length_exceeded", false},
      {403, "", "content_policy_violation", "m", 400, "invalid_request_error", "content_filter",
       false},
      {401, "", "", "m", 502, "server_error", "upstream_error", true},
      {410, "", "", "m", 502, "server_error", "upstream_error", true},
      {429, "insufficient_quota", "", "m", 502, "server_error", "upstream_error", true},
      {429, "", "billing_hard_limit_reached", "m", 502, "server_error", "upstream_error", true},
      {400, "", "", "Your credit balance is too low to", 502, "server_error", "upstream_error",
       true},
      {400, "", "", "API key not valid. Please", 502, "server_error", "upstream_error", true},
      {200, "overloaded_error", "", "m", 503, "server_error", "overloaded", false},
      {529, "", "", "m", 503, "server_error", "overloaded", false},
      {408, "", "", "m", 504, "server_error", "upstream_timeout", false},
      {520, "", "", "m", 502, "server_error", "upstream_error", false},
      {302, "", "", "m", 502, "server_error", "upstream_error", false},
      {502, "upstream_error", "malformed_event", "m", 502, "server_error", "malformed_event",
       false},
      {502, "upstream_error", "other", "m", 502, "server_error", "upstream_error", false},
      {502, "other", "malformed_event", "m", 502, "server_error", "upstream_error", false},
  };
  for (const one& c : cases) {
    chat::failure f;
    f.status = c.status;
    f.type = c.type;
    f.code = c.code;
    f.message = c.message;
    const chat::api_error t = chat::answer(f, false);
    const bool no_retry = std::any_of(t.headers.begin(), t.headers.end(), [](const auto& h) {
      return h.first == "x-should-retry" && h.second == "false";
    });
    if (t.status != c.want || t.type != c.want_type || t.code != c.want_code ||
        no_retry != c.no_retry) {
      return wrong("answer to " + std::to_string(c.status) + ' ' + c.type + ' ' + c.code + ": " +
                   std::to_string(t.status) + ' ' + t.type + ' ' + t.code);
    }
  }
  chat::failure f;
  f.status = 404;
  if (chat::answer(f, true).code != "model_not_found") return wrong("404 of the client's own model");
  std::string out;
  chat::append_error_object(out, {400, "t", "", "p\"", "m\n", {}});
  return out == "{\"error\":{\"message\":\"m\\n\",\"type\":\"t\",\"param\":\"p\\\"\",\"code\":null}"
                "}"
             ? nullptr
             : wrong(out);
}

const char* wire_check_messages(void) {
  struct one {
    const char *message, *want;
  };
  const one cases[] = {
      {"plain words", "plain words"},
      {"  trimmed \n", "trimmed"},
      {"", "the provider failed"},
      {"oops <HTML lang=x>", "the provider failed"},
      {"a <header> is fine", "a <header> is fine"},
      {"<!DOCTYPE html>", "the provider failed"},
      {"key sk-abcd1234 is wrong", "key [...] is wrong"},
      {"task-abcd1234 is fine", "task-abcd1234 is fine"},
      {"sk-abc too short", "sk-abc too short"},
      {"got Bearer   abc.def, no", "got [...] no"},
      {"Bearer ", "Bearer"},
      {"AIzaSyA1234567890 x", "[...] x"},
      {"see https://example.com/a?b=c for more", "see [...] for more"},
      {"a://b", "[...]"},
      {"at 10.0.0.12:8080.", "at [...]."},
      {"at 10.0.0.12", "at [...]"},
      {"version 1.2.3 of 4", "version 1.2.3 of 4"},
      {"1.2.3.4567", "1.2.3.4567"},
      {"1.2.3.4:x", "[...]:x"},
      {"dial localhost:11434: refused", "dial [...]: refused"},
      {"localhost alone", "localhost alone"},
      {"node-1.svc", "[...]"},
      {"gpu.pool.internal/x and api.example.com:443", "[...]/x and [...]"},
      {"a.localized text", "a.localized text"},
      {"a.b:1 a.b:123456 a.b:99", "a.b:1 a.b:123456 [...]"},
      {"x.local-net", "[...]-net"},
      {"\xe7\xb5\x82\xe2\x80\xa8.local", "[...]"},
      {"gpt-4.1 in org-f0 (TPM): Limit 30000", "gpt-4.1 in org-f0 (TPM): Limit 30000"},
  };
  for (const one& c : cases) {
    chat::failure f;
    f.status = 500;
    f.message = c.message;
    const std::string bad = differs("message", c.want, chat::public_message(f));
    if (!bad.empty()) return wrong(bad);
  }
  chat::failure f;
  f.status = 400;
  for (int i = 0; i < 600; ++i) f.message += "\xe7\xb5\x82";
  std::string want = f.message.substr(0, 3 * 497) + "...";
  if (chat::public_message(f) != want) return wrong("a long message");
  f.message.resize(3 * 500);
  if (chat::public_message(f) != f.message) return wrong("a message of 500 characters");
  f.status = 401;
  return chat::public_message(f) == "the provider refused the gateway's account or configuration"
             ? nullptr
             : wrong("the operator's row shows the provider's words");
}

using kind = chat::event::kind;

const char* wire_check_chunks(void) {
  const std::string head =
      "data: "
      "{\"id\":\"chatcmpl-c\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\","
      "\"choices\":[";
  const std::string rest = ",\"logprobs\":null,\"finish_reason\":null}]";
  front::chunk_writer bare({"c", 5, "m"}, false), full({"c", 5, "m"}, true);
  std::string out;
  const auto is = [&](const std::string& want) {
    const std::string bad = differs("chunk", want, out);
    out.clear();
    return bad;
  };
  std::string bad;
  const auto add = [&](std::string s) {
    if (bad.empty()) bad = std::move(s);
  };
  bare.on(out, {.type = kind::content, .text = "a\"\n"});
  add(is(head + "{\"index\":0,\"delta\":{\"content\":\"a\\\"\\n\"}" + rest + "}\n\n"));
  const string_view run[] = {"x\\n", "", "y"};
  full.content_run(out, run, 3);
  std::string want;
  for (const string_view s : run) {
    want += head + "{\"index\":0,\"delta\":{\"content\":\"" + std::string(s) + "\"}" + rest +
            ",\"usage\":null}\n\n";
  }
  add(is(want));
  bare.content_run(out, run + 2, 1);
  add(is(head + "{\"index\":0,\"delta\":{\"content\":\"y\"}" + rest + "}\n\n"));
  full.stay_awake(out, true);
  add(is(head + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}" + rest +
         ",\"usage\":null}\n\n"));
  full.on(out, {.type = kind::role});
  add(is(""));
  full.stay_awake(out, true);
  add(is(head + "{\"index\":0,\"delta\":{}" + rest + ",\"usage\":null}\n\n"));
  bare.on(out, {.type = kind::role});
  out.clear();
  bare.extension(out, "{\"v\":1}", "f0.patch");
  add(is("event: f0.patch\n" + head + "{\"index\":0,\"delta\":{}" + rest +
         ",\"f0\":{\"v\":1}}\n\n"));
  bare.done(out, {1, 2, 3});
  add(is("data: [DONE]\n\n"));
  full.done(out, {1, 2, 3, -1, 4, -1});
  add(is(head + "],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3,"
                "\"prompt_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":4},"
                "\"completion_tokens_details\":{\"reasoning_tokens\":0}}}\n\ndata: [DONE]\n\n"));
  bare.stay_awake(out, false);
  add(is(": keep-alive\n\n"));
  if (bare.chunks() != 4 || full.chunks() != 6) add("another number of chunks");
  return bad.empty() ? nullptr : wrong(bad);
}

const char* wire_check_bodies(void) {
  f0::budget memory(4000);
  std::string out;
  {
    front::completion_writer b({"c", 5, "m"}, memory);
    b.on({.type = kind::role});
    b.on({.type = kind::content, .text = "a"});
    b.on({.type = kind::content, .text = "b\""});
    b.on({.type = kind::reasoning, .text = "r"});
    b.on({.type = kind::call, .id = "i", .name = "n"});
    b.on({.type = kind::arguments, .text = "{"});
    b.on({.type = kind::arguments, .text = "}"});
    b.on({.type = kind::finish, .why = chat::finish::tool_calls});
    b.usage({1, 2, 3});
    b.extension("{}");
    b.write(out);
    const std::string bad =
        differs("body",
                "{\"id\":\"chatcmpl-c\",\"object\":\"chat.completion\",\"created\":5,\"model\":\"m\","
                "\"choices\":[{\"index\":0,"
                "\"message\":{\"role\":\"assistant\",\"content\":\"ab\\\"\",\"refusal\":null,"
                "\"reasoning_content\":\"r\","
                "\"tool_calls\":[{\"id\":\"i\",\"type\":\"function\",\"function\":{\"name\":\"n\","
                "\"arguments\":\"{}\"}}]},"
                "\"logprobs\":null,\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":"
                "1,\"completion_tokens\":2,"
                "\"total_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":0},"
                "\"completion_tokens_details\":{\"reasoning_tokens\":0}},\"f0\":{}}",
                out);
    if (!bad.empty()) return wrong(bad);
    const std::string large(4000, 'x');
    if (b.on({.type = kind::content, .text = large})) return wrong("the budget does not bound the body");
  }
  if (memory.used() != 0) return wrong("the body's memory is not given back");

  // Nothing at all is "", a refusal or a call alone leaves null.
  front::completion_writer empty({"c", 5, "m"}, memory), refused({"c", 5, "m"}, memory);
  empty.on({.type = kind::role});
  empty.on({.type = kind::finish, .why = chat::finish::stop});
  out.clear();
  empty.write(out);
  if (out.find("\"content\":\"\",\"refusal\":null}") == std::string::npos) return wrong(out);
  refused.on({.type = kind::refusal, .text = "no"});
  out.clear();
  refused.write(out);
  return out.find("\"content\":null,\"refusal\":\"no\"}") != std::string::npos ? nullptr
                                                                               : wrong(out);
}

// An idle stream costs little, whatever it has read.
const char* wire_check_memory(void) {
  dialect::scratch s;
  recorder r(true);
  wire::answer a = sse(id::openai);
  dialect::stream stream(a.options, s, r);
  stream.head(200, a.headers);
  if (stream.memory() > 700) return wrong("a new stream holds " + std::to_string(stream.memory()));
  std::string all;
  for (int i = 0; i < 100; ++i) all += content("some words of text");
  stream.data(all);
  if (stream.memory() > 1200)
    return wrong("an idle stream holds " + std::to_string(stream.memory()));
  stream.data(string_view(all).substr(0, 30));
  if (stream.memory() > 1400)
    return wrong("a cut event makes it hold " + std::to_string(stream.memory()));
  return nullptr;
}
