// Copyright (C) 2026 The f0 authors
//
// continue_checks.cc - checks of texts that one provider broke off and another one
// goes on with.

#include "continue_checks.h"

#include <string>
#include <string_view>
#include <vector>

#include "core/json/json.h"
#include "f0.h"
#include "wrong.h"

using std::string;
using std::string_view;
namespace json = f0::json;

namespace {

const string kCall =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c1\","
      "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\"}}]}}]}\n\n";

constexpr string_view kText =
    "## Plan\n\nFirst 数据 is read:\n\n```python\ndef a():\n    return \"x\"\n\n\n"
    "def b():\n    return 2\n```\n\nThen the other \"half\" – done.";

f0_str_t str(string_view s) { return {s.data(), s.size()}; }

string quoted(string_view s) {
  string out;
  json::append_string(out, s);
  return out;
}

size_t count(string_view s, string_view what) {
  size_t n = 0;
  for (size_t at = s.find(what); at != s.npos; at = s.find(what, at + what.size())) n++;
  return n;
}

// ---- providers

constexpr const char* kDialects[] = {"openai", "anthropic", "gemini", "ollama", "responses"};

string event(string_view type, string_view members) {
  return "event: " + string(type) + "\ndata: {\"type\":\"" + string(type) + "\"" +
         string(members) + "}\n\n";
}

string start_of(string_view d) {
  if (d == "openai") return "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n";
  if (d == "anthropic") {
    return event("message_start",
                 ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                 "\"model\":\"up\",\"content\":[],\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}") +
           event("content_block_start",
                 ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
  }
  if (d == "responses") {
    return event("response.created",
                 ",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"model\":\"up\"}") +
           event("response.output_item.added",
                 ",\"sequence_number\":1,\"output_index\":0,\"item\":{\"type\":\"message\","
                 "\"id\":\"msg_9\",\"role\":\"assistant\",\"content\":[]}");
  }
  return "";
}

string piece_of(string_view d, string_view s) {
  const string text = quoted(s);
  if (d == "openai") {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":" + text +
           "},\"finish_reason\":null}]}\n\n";
  }
  if (d == "anthropic") {
    return event("content_block_delta",
                 ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + text + "}");
  }
  if (d == "gemini") {
    return "data: {\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":" +
           text + "}]}}]}\n\n";
  }
  if (d == "ollama") {
    return "{\"model\":\"up\",\"message\":{\"role\":\"assistant\",\"content\":" + text +
           "},\"done\":false}\n";
  }
  return event("response.output_text.delta",
               ",\"sequence_number\":2,\"item_id\":\"msg_9\",\"output_index\":0,\"content_index\":0,"
               "\"delta\":" + text);
}

string end_of(string_view d) {
  if (d == "openai") {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":"
           "{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\n\ndata: [DONE]\n\n";
  }
  if (d == "anthropic") {
    return event("content_block_stop", ",\"index\":0") +
           event("message_delta",
                 ",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}") +
           event("message_stop", "");
  }
  if (d == "gemini") {
    return "data: {\"candidates\":[{\"index\":0,\"content\":{\"parts\":[{\"text\":\"\"}]},"
           "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":7,"
           "\"candidatesTokenCount\":3,\"totalTokenCount\":10}}\n\n";
  }
  if (d == "ollama") {
    return "{\"model\":\"up\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,"
           "\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":3}\n";
  }
  return event("response.completed",
               ",\"sequence_number\":9,\"response\":{\"id\":\"resp_1\",\"status\":\"completed\","
               "\"output\":[],\"usage\":{\"input_tokens\":7,\"output_tokens\":3,"
               "\"total_tokens\":10}}");
}

const char* type_of(string_view d) {
  return d == "ollama" ? "application/x-ndjson" : "text/event-stream";
}

// In pieces of |n| bytes, of whole characters.
string text_of(string_view d, string_view s, size_t n) {
  string out;
  while (!s.empty()) {
    size_t k = std::min(n, s.size());
    while (k < s.size() && (static_cast<unsigned char>(s[k]) & 0xC0) == 0x80) k++;
    out += piece_of(d, s.substr(0, k));
    s.remove_prefix(k);
  }
  return out;
}

string broken(string_view d, string_view s, size_t n = 9) {
  return start_of(d) + text_of(d, s, n);
}
string whole(string_view d, string_view s, size_t n = 9) { return broken(d, s, n) + end_of(d); }

// ---- a host

struct line {
  const char* dialect;
  bool goes_on;
  string body;  // its answer
  int status = 200;
  f0_model_end_t end = F0_END_CLEAN;
  const char* provider = nullptr;  // the one of the line before, say
  const char* model = "";
};

struct played {
  string out, end, asked;  // asked: the last body
  std::vector<string> bodies;
  int status = 0;  // of a whole answer
  int64_t prompt = 0, completion = 0;
};

constexpr string_view kRequests[] = {
    R"({"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"go"}]})",
    R"({"model":"m","max_tokens":900,"stream":true,"messages":[{"role":"user","content":"go"}]})",
    R"({"model":"m","stream":true,"input":"go"})"};
constexpr f0_front_t kFronts[] = {F0_FRONT_CHAT, F0_FRONT_MESSAGES, F0_FRONT_RESPONSES};
const char* kNames[] = {"chat", "messages", "responses"};

bool drain(f0_turn_t* t, played& p) {
  f0_str_t out;
  do {
    if (f0_turn_output(t, &out) != F0_OK) return false;
    p.out.append(out.data, out.len);
  } while (out.len > 0);
  return true;
}

void answer(f0_turn_t* t, const line& l, int64_t now, played& p) {
  f0_header_t h{str("content-type"), str(l.status == 200 ? type_of(l.dialect) : "application/json")};
  f0_turn_model_head(t, l.status, &h, 1, now);
  for (size_t at = 0; at < l.body.size(); at += 3000) {
    const size_t n = std::min<size_t>(3000, l.body.size() - at);
    if (f0_turn_model_data(t, l.body.data() + at, n, now) == F0_MODEL_DONE) return;
    drain(t, p);
  }
  f0_turn_model_end(t, l.end, now);
}

// False: the core failed.
bool play(const std::vector<line>& lines, f0_front_t front, string_view request, played& p,
          size_t body_max = 1 << 20, const char* mode = "proxy") {
  f0_config_t* cf = f0_config_new();
  f0_worker_t* w = f0_worker_new();
  f0_str_t err, argv[4];
  string location;
  bool good = true;
  std::vector<string> names;
  for (size_t i = 0; i < lines.size(); i++) {
    names.push_back(lines[i].provider ? lines[i].provider : "p" + std::to_string(i));
    if (lines[i].provider) continue;
    location = "/" + names[i] + "/";
    good &= f0_config_provider(cf, str(names[i]), str(lines[i].dialect), str(location), str(""),
                               &err) == F0_OK;
  }
  good &= f0_config_model(cf, str("m"), &err) == F0_OK;
  argv[0] = str("mode"), argv[1] = str(mode);
  good &= f0_config_model_set(cf, argv, 2, &err) == F0_OK;
  for (size_t i = 0; i < lines.size(); i++) {
    argv[0] = str("try"), argv[1] = str(names[i]);
    argv[2] = str(*lines[i].model ? lines[i].model : "up-model");
    argv[3] = str(lines[i].goes_on ? "continue=on" : "continue=off");
    good &= f0_config_model_set(cf, argv, 4, &err) == F0_OK;
  }
  good = good && f0_config_check(cf, &err) == F0_OK;
  f0_turn_options_t o{};
  o.seed = str("0123456789abcdef0123456789abcdef");
  o.created = 1754000000;
  o.now = 1000;
  o.body_max = body_max;
  o.stream_header = o.client = o.args = o.anthropic_version = o.anthropic_beta = str("");
  o.front = front;
  f0_turn_t* t = good ? f0_turn_new(w, cf, &o) : nullptr;
  int64_t now = 1000;
  bool over = t == nullptr;
  for (int k = 0; !over && k < 1000; k++) {
    f0_action_t a;
    if (f0_turn_next(t, now, &a) != F0_OK || !drain(t, p)) break;
    switch (a.kind) {
      case F0_NEED_BODY:
        f0_turn_body(t, request.data(), request.size(), 1);
        break;
      case F0_CALL_MODEL:
        p.asked.assign(a.call.body.data, a.call.body.len);
        p.bodies.push_back(p.asked);
        for (size_t i = 0; i < lines.size(); i++) {
          if (string_view(a.call.uri.data, a.call.uri.len).starts_with("/" + names[i] + "/")) {
            answer(t, lines[i], now, p);
            break;
          }
        }
        break;
      case F0_RUN_WORK:
        f0_work_run(a.work);
        f0_turn_work_done(t, now);
        break;
      case F0_AGAIN:
      case F0_WAIT:
        now = a.deadline;
        break;
      case F0_RESPOND:
        p.status = a.response.status;
        p.out.append(a.response.body.data, a.response.body.len);
        over = true;
        break;
      case F0_FINISHED:
        over = true;
        break;
    }
  }
  if (t != nullptr) {
    drain(t, p);
    f0_turn_info_t info;
    f0_turn_info(t, &info);
    p.end.assign(info.end.data, info.end.len);
    p.prompt = info.prompt_tokens, p.completion = info.completion_tokens;
    f0_turn_free(t);
  }
  f0_worker_free(w);
  f0_config_free(cf);
  return good && over;
}

// ---- clients

// The text of a stream, as its client puts it together.
string told(f0_front_t front, string_view out) {
  string text;
  json::document doc;
  for (size_t at = 0; at < out.size();) {
    const size_t end = std::min(out.find("\n\n", at), out.size());
    string_view e = out.substr(at, end - at);
    at = end + 2;
    const size_t data = e.find("data: ");
    const json::value* v = data == e.npos ? nullptr : doc.parse(e.substr(data + 6));
    if (v == nullptr || !v->is_object()) continue;
    const json::value* d = v->get("delta");
    if (front == F0_FRONT_RESPONSES) {
      if (v->str("type") == "response.output_text.delta") text += v->str("delta");
    } else if (front == F0_FRONT_MESSAGES) {
      if (d != nullptr && d->str("type") == "text_delta") text += d->str("text");
    } else if (const json::value* c = v->get("choices"); c != nullptr && c->begin() != c->end()) {
      if (const json::value* delta = c->begin()->get("delta")) text += delta->str("content");
    }
  }
  return text;
}

// What is said once only, whoever goes on.
const char* check_once(f0_front_t front, string_view out) {
  struct {
    f0_front_t front;
    string_view what;
    size_t n;
  } once[] = {
      {F0_FRONT_CHAT, "\"role\":\"assistant\"", 1},
      {F0_FRONT_CHAT, "data: [DONE]", 1},
      {F0_FRONT_MESSAGES, "event: message_start", 1},
      {F0_FRONT_MESSAGES, "event: content_block_start", 1},
      {F0_FRONT_MESSAGES, "event: message_stop", 1},
      {F0_FRONT_RESPONSES, "event: response.created", 1},
      {F0_FRONT_RESPONSES, "event: response.output_item.added", 1},
      {F0_FRONT_RESPONSES, "event: response.completed", 1},
      {F0_FRONT_RESPONSES, "event: error", 0},
      {F0_FRONT_MESSAGES, "event: error", 0},
  };
  for (const auto& o : once) {
    if (o.front == front && count(out, o.what) != o.n) {
      return wrong(string(o.what) + " is not there " + std::to_string(o.n) + " times in " +
                   string(out));
    }
  }
  return nullptr;
}

const char* check_whole(f0_front_t front, const played& p, string_view want) {
  const string text = told(front, p.out);
  if (text != want) return wrong("told " + text + "| instead of " + string(want) + "|\n" + p.out);
  if (p.end != "done") return wrong("it ended as " + p.end);
  return check_once(front, p.out);
}

}  // namespace

// Each front, each dialect on either side, each cut: the client reads the text, once.
const char* continue_check_cuts() {
  for (size_t f = 0; f < std::size(kFronts); f++) {
    for (size_t d = 0; d < std::size(kDialects); d++) {
      // On Messages a provider of the same API too, whose bytes pass.
      const char* first = f == 0 ? kDialects[d] : f == 1 && d % 2 ? "anthropic" : "openai";
      for (size_t c = 1; c < kText.size(); c++) {
        if ((static_cast<unsigned char>(kText[c]) & 0xC0) == 0x80) continue;
        const string_view sent = kText.substr(0, c);
        size_t back = c % 3 == 0 || c < 24 ? 0 : c % 3 == 1 ? 12 : 24;
        while (back > 0 && (static_cast<unsigned char>(kText[c - back]) & 0xC0) == 0x80) back++;
        // Who was not shown the white space says it.
        if (back == 0 && d == 1) {
          while (back < c && (kText[c - back - 1] == '\n' || kText[c - back - 1] == ' ')) back++;
        }
        played p;
        const size_t n = c % 2 ? 1 : 7;
        const line a{first, false, broken(first, sent, n), 200,
                     c % 5 ? F0_END_TRUNCATED : F0_END_CLEAN};
        const line b{kDialects[d], true, whole(kDialects[d], kText.substr(c - back), n)};
        if (!play({a, b}, kFronts[f], kRequests[f], p)) return "the core failed";
        const char* w = check_whole(kFronts[f], p, kText);
        if (w == nullptr && p.bodies.size() != 2) w = wrong("not two were asked");
        if (w != nullptr) {
          return wrong(string(kNames[f]) + ", " + first + " then " + kDialects[d] + ", cut at " +
                       std::to_string(c) + ": " + string(w));
        }
      }
    }
  }
  return nullptr;
}

// What can't be gone on with is told as ever, behind what was said.
const char* continue_check_told() {
  const string text = "Some words of an answer";
  const string a = broken("openai", text);
  const string thought =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n";
  const string busy = "data: {\"error\":{\"message\":\"busy\",\"code\":429}}\n\n";
  const string rest = whole("openai", " more");
  const string no = "{\"error\":{\"message\":\"prefill is not supported\",\"type\":"
                    "\"invalid_request_error\"}}";
  const auto request = [](string_view more) {
    return R"({"model":"m","stream":true,)" + string(more) +
           R"("messages":[{"role":"user","content":"go"}]})";
  };
  struct {
    const char* what;
    string first, request;
    line b;
    size_t asked;
  } cases[] = {
      {"no continue=on", a, request(""), {"openai", false, rest}, 1},
      {"a tool call", a + kCall, request(""), {"openai", true, rest}, 1},
      {"reasoning", a + thought, request(""), {"openai", true, rest}, 1},
      {"a limit of the provider", a + busy, request(""), {"openai", true, rest}, 1},
      {"a stop sequence that may have begun", broken("openai", text + "\n#"),
       request(R"("stop":["\n##"],)"), {"openai", true, rest}, 1},
      {"JSON", a, request(R"("response_format":{"type":"json_object"},)"),
       {"openai", true, rest}, 1},
      {"the same provider", a, request(""),
       {"openai", true, rest, 200, F0_END_CLEAN, "p0"}, 1},
      {"refused", a, request(""), {"openai", true, no, 400}, 2},
      {"out of order", a, request(""), {"openai", true, no, 500}, 2},
      {"nothing came", a, request(""), {"openai", true, "", 200, F0_END_TRUNCATED}, 2},
  };
  for (const auto& c : cases) {
    played p;
    if (!play({{"openai", true, c.first, 200, F0_END_TRUNCATED}, c.b}, F0_FRONT_CHAT, c.request,
              p)) {
      return "the core failed";
    }
    const string want = string(c.what) == "a stop sequence that may have begun" ? text + "\n#" : text;
    if (p.bodies.size() != c.asked) {
      return wrong(string(c.what) + ": asked " + std::to_string(p.bodies.size()) + " times");
    }
    if (told(F0_FRONT_CHAT, p.out) != want || p.end == "done" ||
        count(p.out, "\"error\":{") != 1) {
      return wrong(string(c.what) + ": " + p.end + "\n" + p.out);
    }
    if (c.asked == 2 && (p.end != "upstream_truncated" ||
                         p.out.find("\"stream_truncated\"") == string::npos)) {
      return wrong(string(c.what) + " is not told as the cut: " + p.out);
    }
  }
  return nullptr;
}

// A text may be gone on with twice, and a line that fails before it says something
// leaves it to the next one.
const char* continue_check_twice() {
  const string_view t = kText;
  const auto part = [&](size_t from, size_t to) { return broken("openai", t.substr(from, to - from)); };
  const line a{"openai", false, part(0, 21), 200, F0_END_TRUNCATED};
  const line b{"openai", true, part(21, 40), 200, F0_END_TIMEOUT};
  const line c{"openai", true, part(40, 60), 200, F0_END_TRUNCATED};
  const line rest{"openai", true, whole("openai", t.substr(40))};
  const line dead{"openai", true, "", 503, F0_END_CLEAN};
  for (size_t f = 0; f < std::size(kFronts); f++) {
    played two, three, skipped, around;
    if (!play({a, b, rest}, kFronts[f], kRequests[f], two)) return "the core failed";
    if (const char* w = check_whole(kFronts[f], two, t)) return w;
    if (!play({a, b, c, rest}, kFronts[f], kRequests[f], three)) return "the core failed";
    if (three.bodies.size() != 3 || told(kFronts[f], three.out) != t.substr(0, 60) ||
        three.end != "upstream_truncated") {
      return wrong("a third one: " + three.out);
    }
    if (!play({a, dead, b, dead, rest}, kFronts[f], kRequests[f], skipped)) return "the core failed";
    if (const char* w = check_whole(kFronts[f], skipped, t)) return w;
    // Behind a call of the second one nobody goes on.
    played called;
    const line calls{"openai", true, part(21, 40) + kCall, 200, F0_END_TRUNCATED};
    if (!play({a, calls, rest}, kFronts[f], kRequests[f], called)) return "the core failed";
    if (called.bodies.size() != 2 || told(kFronts[f], called.out) != t.substr(0, 40)) {
      return wrong("behind a call: " + called.out);
    }
    // The lines go round, past the provider that broke off.
    const line empty{"openai", true, "", 500, F0_END_CLEAN};
    if (!play({empty, a}, kFronts[f], kRequests[f], around)) return "the core failed";
    if (around.end != "upstream_truncated" || around.bodies.size() != 3) {
      return wrong("the round: " + around.end + ", asked " + std::to_string(around.bodies.size()));
    }
  }
  return nullptr;
}

// How each dialect is shown what was said.
const char* continue_check_asked() {
  struct {
    const char *dialect, *model;
    string_view has, not_has;
  } cases[] = {
      {"openai", "", R"({"role":"assistant","content":"The words so far "},{"role":"user","content":"Continue exactly where you stopped."}])", "Continue."},
      {"anthropic", "claude-3-5-sonnet", R"("role":"assistant","content":[{"type":"text","text":"The words so far")", "Continue"},
      {"anthropic", "claude-opus-4-8", R"("text":"Continue exactly where you stopped.")", "Continue.\""},
      {"gemini", "", R"({"role":"model","parts":[{"text":"The words so far "}]}])", "Continue"},
      {"ollama", "", R"({"role":"assistant","content":"The words so far "}])", "Continue"},
      {"responses", "", "Continue exactly where you stopped.", "Continue.\""},
  };
  for (const auto& c : cases) {
    played p;
    const line a{"openai", false, broken("openai", "The words so far "), 200, F0_END_TRUNCATED};
    line b{c.dialect, true, whole(c.dialect, "and more")};
    b.model = c.model;
    if (!play({a, b}, F0_FRONT_CHAT, kRequests[0], p)) return "the core failed";
    if (const char* w = check_whole(F0_FRONT_CHAT, p, "The words so far and more")) return w;
    if (p.asked.find(c.has) == string::npos || p.asked.find(c.not_has) != string::npos ||
        p.asked.find("\"go\"") == string::npos) {
      return wrong(string(c.dialect) + " " + c.model + " was asked " + p.asked);
    }
  }
  return nullptr;
}

// Both asks are paid for.
const char* continue_check_usage() {
  played p;
  const string a = start_of("anthropic") + text_of("anthropic", "The words so far ", 9);
  if (!play({{"anthropic", false, a, 200, F0_END_TRUNCATED},
             {"openai", true, whole("openai", "and more")}},
            F0_FRONT_CHAT, kRequests[0], p)) {
    return "the core failed";
  }
  if (p.prompt != 14 || p.completion < 4) {
    return wrong("usage is " + std::to_string(p.prompt) + ", " + std::to_string(p.completion));
  }
  return nullptr;
}

// A text that is too long to be kept is told, and its end, too.
const char* continue_check_memory() {
  const string text(60000, 'x');
  played kept, lost;
  const line a{"openai", false, broken("openai", text, 500), 200, F0_END_TRUNCATED};
  const line b{"openai", true, whole("openai", " more")};
  if (!play({a, b}, F0_FRONT_CHAT, kRequests[0], kept)) return "the core failed";
  if (const char* w = check_whole(F0_FRONT_CHAT, kept, text + " more")) return w;
  if (!play({a, b}, F0_FRONT_CHAT, kRequests[0], lost, 6000)) return "the core failed";
  if (told(F0_FRONT_CHAT, lost.out) != text || lost.end != "upstream_truncated" ||
      lost.bodies.size() != 1) {
    return wrong("over the limit: " + lost.end + ", asked " + std::to_string(lost.bodies.size()));
  }
  return nullptr;
}
