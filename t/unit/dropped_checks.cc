// Copyright (C) 2026 The f0 authors
//
// dropped_checks.cc - what arrives of a request, and what is told of the rest.
// t/wire/members has a table for each front: every member that its API documents,
// alone, with a value that can be found again in what a provider is asked.

#include "dropped_checks.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "core/config.h"
#include "core/front/chat_completions/request.h"
#include "core/front/front.h"
#include "core/provider/call.h"
#include "core/provider/completion/completion.h"
#include "wrong.h"

using std::string_view;
namespace chat = f0::chat;
namespace dialect = f0::dialect;
namespace json = f0::json;
using dialect::id;

namespace {

constexpr id kDialects[] = {id::openai, id::anthropic, id::gemini, id::ollama, id::responses};
constexpr string_view kNames[] = {"openai", "anthropic", "gemini", "ollama", "responses"};

using reader = bool (*)(const json::value&, chat::request&, chat::bad_request&);

struct asking {
  json::document doc;
  chat::request request;
  chat::bad_request bad;
  dialect::call call;
  dialect::encoded out;
  bool read = false;

  explicit asking(string_view body, reader r = f0::front::read_request) {
    const json::value* root = doc.parse(body);
    read = root && r(*root, request, bad);
    call.request = &request;
    call.messages = &request.messages;
    call.model = "up";
    call.options.cache = false;
  }
  std::string dropped(id d) {
    out = {};
    dialect::encode(d, call, out);
    return out.dropped.header();
  }
};

std::string file(const std::string& path) {
  std::ifstream f(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(f), {}};
}

std::vector<std::string> words(const json::value* list) {
  std::vector<std::string> out;
  if (!list) return out;
  for (const json::value& v : *list) out.emplace_back(v.text());
  return out;
}

bool among(const std::vector<std::string>& list, string_view s) {
  return std::find(list.begin(), list.end(), s) != list.end();
}

// The pointers of a header.
std::vector<std::string> listed(string_view header) {
  std::vector<std::string> out;
  while (!header.empty()) {
    const size_t end = std::min(header.find(", "), header.size());
    const string_view one = header.substr(0, end);
    out.emplace_back(one.substr(0, one.find(' ')));
    header.remove_prefix(std::min(end + 2, header.size()));
  }
  return out;
}

// |base| with the members of |sent| in it, or in place of its own.
std::string overlaid(const json::value& base, const json::value& sent) {
  std::string out;
  json::writer w(out);
  w.begin_object();
  for (const json::member* m : base.unique_members()) {
    if (!sent.get(m->key)) w.key(m->key).val(m->val);
  }
  for (const json::member* m : sent.unique_members()) w.key(m->key).val(m->val);
  w.end_object();
  return out;
}

// Whom a request is for.
struct target {
  id d;
  string_view name;
  dialect::fim fim = dialect::fim::none;
  string_view path = {};
};

constexpr target kChats[] = {{id::openai, "openai"},
                             {id::anthropic, "anthropic"},
                             {id::gemini, "gemini"},
                             {id::ollama, "ollama"},
                             {id::responses, "responses"}};

using dialect::fim;
constexpr target kCompletions[] = {
    {id::openai, "openai"},
    {id::openai, "openai, suffix", fim::suffix},
    {id::openai, "Mistral", fim::suffix, "v1/fim/completions"},
    {id::openai, "infill", fim::infill},
    {id::openai, "openai, qwen", fim::qwen},
    {id::ollama, "ollama"},
    {id::ollama, "ollama, suffix", fim::suffix},
    {id::ollama, "ollama, qwen", fim::qwen},
    {id::anthropic, "anthropic"},
    {id::gemini, "gemini"},
    {id::responses, "responses"},
};

bool takes(const target& t, asking& a) {
  a.call.options.fim = t.fim;
  a.call.path = t.path;
  if (!a.request.completion) return dialect::check_dialect(t.d, a.request, a.bad);
  return dialect::check_completion(t.d, t.fim, a.request, a.bad);
}

// One row of a table, for one provider.
std::string judge(const std::string& body, const json::value& row, const target& t, reader r) {
  const id d = t.d;
  const std::vector<std::string> places = words(row.get("listed"));
  const bool own = row.get("own") != nullptr;
  asking a(body, r);
  if (!a.read || !takes(t, a)) {
    // Of a provider that completes nothing, nothing is asked.
    const bool chats_only = a.request.completion && a.bad.param == "model";
    if (chats_only || among(places, a.bad.param)) return "";
    return "refused at " + a.bad.param + ": " + a.bad.message;
  }
  const std::vector<std::string> got = listed(a.dropped(d));
  // The client's own model is not the provider's.
  bool arrived = false;
  for (const std::string& s : words(row.get("upstream"))) {
    arrived = arrived || a.out.body.find(s) != std::string::npos;
  }
  const bool told =
      std::any_of(got.begin(), got.end(), [&](const auto& s) { return among(places, s); });
  if (own) return told ? "listed, and it is f0's own" : "";
  if (!arrived && !told) return "vanished: " + a.out.body + " with " + a.out.dropped.header();
  if (arrived && told) return "arrived, and is listed: " + a.out.body;
  // What cannot go without it goes along.
  const std::vector<std::string> along = words(row.get("along"));
  const auto strange = [&](const auto& s) { return !among(places, s) && !among(along, s); };
  const auto other = std::find_if(got.begin(), got.end(), strange);
  if (other != got.end()) return "also listed: " + a.out.dropped.header();
  if (std::count_if(got.begin(), got.end(), [&](const auto& s) { return among(places, s); }) > 1) {
    return "listed twice: " + a.out.dropped.header();
  }
  return "";
}

const char* members(const char* table, reader r, std::span<const target> targets, size_t least) {
  json::document doc;
  const std::string text = file(std::string("t/wire/members/") + table);
  const json::value* root = doc.parse(text);
  if (!root) return wrong(std::string(table) + " is not there");
  size_t n = 0;
  std::string bad;
  for (const json::member* m : root->get("members")->unique_members()) {
    const std::string body = overlaid(*root->get("base"), *m->val.get("sent"));
    for (const target& t : targets) {
      const std::string w = judge(body, m->val, t, r);
      if (!w.empty()) bad.append(m->key).append(" to ").append(t.name).append(": ") += w + "\n";
    }
    n++;
  }
  if (n < least) bad += "the table is short";
  // cmocka cuts a message short.
  if (!bad.empty()) std::fprintf(stderr, "%s:\n%s\n", table, bad.c_str());
  return bad.empty() ? nullptr : wrong(bad);
}

struct expectation {
  id d;
  string_view want;
};

const char* expect(const std::string& body, std::initializer_list<expectation> list) {
  for (const expectation& e : list) {
    asking a(body);
    if (!a.read) return wrong("refused: " + a.bad.message);
    const std::string got = a.dropped(e.d);
    if (got != e.want) {
      return wrong(std::string(kNames[int(e.d)]) + " lists " + got + "\n want " +
                   std::string(e.want));
    }
  }
  return nullptr;
}

std::string user(string_view more) {
  return "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]," + std::string(more) + "}";
}

const std::string kTool =
    "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}";

// A request as another front would read it.
struct translated {
  json::document doc;
  chat::request request;
  dialect::call call;
  dialect::encoded out;

  translated() {
    request.translated = true;
    request.messages.emplace_back();
    request.messages.back().parts.emplace_back();
    request.messages.back().parts.back().text = "x";
    call.request = &request;
    call.messages = &request.messages;
    call.model = "up";
    call.stream = false;
    call.options.cache = false;
  }
  const std::string& as(id d) {
    out = {};
    dialect::encode(d, call, out);
    return out.body;
  }
};

}  // namespace

const char* dropped_check_list() {
  chat::drop_list list;
  if (!list.empty() || !list.header().empty()) return "an empty list says something";
  list.push_back("tools[3]", "web_search");
  list.push_back("top_k");
  list.push_back("a, b\r\nc: (d) \"\xc3\xa9");
  if (list.header() != "tools[3] (web_search), top_k, a%2C%20b%0D%0Ac:%20%28d%29%20%22%C3%A9") {
    return wrong(list.header());
  }
  if (list.first() != "tools[3]") return "first() is no pointer";
  // Whatever is in it, it is no longer than a header may be, and counts the rest.
  for (const size_t size : {1, 2, 9, 30, 119, 120, 5000}) {
    for (const size_t n : {1, 2, 11, 300, 2000}) {
      chat::drop_list l, joined;
      for (size_t i = 0; i < n; i++) l.push_back(std::string(size, '\x01'));
      joined.append(l);
      const std::string s = joined.header();
      if (s != l.header()) return "appended to another, a list says something else";
      if (s.size() > 1024) return wrong("a header of " + std::to_string(s.size()) + " bytes");
      const size_t at = s.find(", +");
      const size_t more = at == std::string::npos ? 0 : std::stoul(s.substr(at + 3));
      size_t shown = 1 + size_t(std::count(s.begin(), s.end(), ',')) - (more > 0);
      if (shown + more != n) return wrong(std::to_string(n) + ": " + s);
      if (more > 0 && !s.ends_with(" more")) return wrong(s);
    }
  }
  return nullptr;
}

const char* dropped_check_chat_members() {
  return members("chat.json", f0::front::read_request, kChats, 119);
}

const char* dropped_check_messages_members() {
  return members("messages.json", f0::front::row_of(f0::front::id::messages).read, kChats, 107);
}

const char* dropped_check_responses_members() {
  return members("responses.json", f0::front::row_of(f0::front::id::responses).read, kChats, 130);
}

const char* dropped_check_completions_members() {
  return members("completions.json", f0::front::row_of(f0::front::id::completions).read,
                 kCompletions, 29);
}

const char* dropped_check_chat() {
  return expect(
      user("\"seed\":7,\"presence_penalty\":0.5,\"frequency_penalty\":-0.5,"
           "\"logit_bias\":{\"50256\":-100},\"temperature\":0.5,\"top_p\":0.9,\"top_k\":40,"
           "\"user\":\"u\",\"stop\":[\"X\"],\"metadata\":{\"k\":\"v\"},\"tools\":[" +
           kTool +
           "],\"tool_choice\":\"required\",\"parallel_tool_calls\":false,\"next\":{}"
           ",\"min_p\":0.1,\"stream\":true,\"stream_options\":{\"include_usage\":true}"),
      {{id::openai, ""},
       {id::anthropic,
        "seed, top_k, presence_penalty, frequency_penalty, logit_bias, metadata, "
        "min_p"},
       {id::gemini,
        "presence_penalty, frequency_penalty, user, parallel_tool_calls, logit_bias, "
        "metadata, min_p"},
       {id::ollama, "user, tool_choice, parallel_tool_calls, logit_bias, metadata, min_p"},
       {id::responses, "seed, presence_penalty, frequency_penalty, top_k, logit_bias, min_p"}});
}

// What says no more than its absence is nobody's loss.
const char* dropped_check_defaults() {
  return expect(
      user("\"n\":1,\"presence_penalty\":0,\"frequency_penalty\":0.0,\"logit_bias\":{},"
           "\"logprobs\":false,\"top_logprobs\":0,\"service_tier\":\"auto\",\"modalities\":"
           "[\"text\"],\"metadata\":{},\"user\":\"\",\"tool_choice\":\"auto\",\"tools\":[" +
           kTool +
           "],\"parallel_tool_calls\":true,\"prediction\":null,\"next\":null,"
           "\"reasoning_effort\":\"none\",\"store\":true,\"seed\":null"),
      {{id::openai, ""},
       {id::anthropic, ""},
       {id::gemini, ""},
       {id::ollama, ""},
       {id::responses, ""}});
}

// What a model has no word for, and not its dialect.
const char* dropped_check_models() {
  asking a(user("\"temperature\":0.5,\"top_k\":3,\"reasoning_effort\":\"high\""));
  a.call.model = "claude-opus-4-7";
  if (a.dropped(id::anthropic) != "temperature, top_k") return wrong(a.out.dropped.header());
  a.call.model = "claude-3-5-sonnet";
  if (a.dropped(id::anthropic) != "top_k, reasoning_effort") return wrong(a.out.dropped.header());
  a.call.options.temperature = dialect::setting::off;
  for (const id d : {id::openai, id::gemini, id::ollama}) {
    if (a.dropped(d) != "temperature") return wrong(a.out.dropped.header());
  }
  asking far(user("\"seed\":2147483648"));
  if (far.dropped(id::gemini) != "seed") return wrong(far.out.dropped.header());
  return nullptr;
}

const char* dropped_check_bounds() {
  // An object of more members than anybody documents is one entry.
  std::string many = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"";
  for (int i = 0; i < 5000; i++) many += ",\"k" + std::to_string(i) + "\":1";
  asking a(many + "}]}");
  if (!a.read || a.dropped(id::gemini) != "messages[0]") return wrong(a.out.dropped.header());
  // And each of many is counted.
  std::string list = "{\"messages\":[";
  for (int i = 0; i < 2000; i++) {
    list += std::string(i ? "," : "") + "{\"role\":\"user\",\"content\":\"x\",\"k\":1}";
  }
  asking b(list + "]}");
  const std::string header = b.dropped(id::gemini);
  const size_t at = header.find(", +");
  if (header.size() > 1024 || at == std::string::npos) return wrong(header);
  const size_t shown = size_t(std::count(header.begin(), header.end(), ','));
  if (shown + std::stoul(header.substr(at + 3)) != 2000) return wrong(header);
  return nullptr;
}

// To its like goes what was understood, not the body of another API.
const char* dropped_check_translated() {
  translated t;
  const string_view body =
      "{\"max_output_tokens\":9,\"temperature\":0.50,\"tier\":\"flex\",\"schema\":{\"a\":1},"
      "\"parameters\":{\"b\":2},\"include\":[1]}";
  const json::value* root = t.doc.parse(body);
  chat::request& r = t.request;
  r.root = root;
  r.temperature = 0.5;
  r.top_k = 4;
  r.places[chat::member::top_k].push_back("k");
  r.places[chat::member::seed].push_back("s");
  r.seed = 3;
  r.max_output = 9;
  r.user = "u";
  r.stop = {"A", "B", "C", "D", "E"};
  r.options.push_back({"service_tier", root->get("tier"), "tier"});
  r.dropped.push_back("include");
  r.response_format.type = chat::response_format::kind::json_schema;
  r.response_format.schema = root->get("schema");
  r.tools.emplace_back();
  r.tools.back().name = "f";
  r.tools.back().strict = false;
  r.tools.back().parameters = root->get("parameters");
  r.tool_choice.type = chat::tool_choice::kind::named;
  r.tool_choice.name = "f";
  r.parallel_tool_calls = false;
  chat::part picture;
  picture.type = chat::part::kind::image;
  picture.url = "https://example.test/a.png";
  picture.at = "input[0].content[1]";
  r.messages.back().parts.push_back(picture);

  const string_view want =
      "{\"model\":\"up\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
      "\"text\":\"x\"},{\"type\":\"image_url\",\"image_url\":{\"url\":"
      "\"https://example.test/a.png\"}}]}],\"tools\":[{\"type\":\"function\",\"function\":"
      "{\"name\":\"f\",\"parameters\":{\"b\":2},\"strict\":false}}],\"tool_choice\":{\"type\":"
      "\"function\",\"function\":{\"name\":\"f\"}},\"parallel_tool_calls\":false,"
      "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\","
      "\"schema\":{\"a\":1}}},\"max_tokens\":9,\"temperature\":0.50,\"seed\":3,\"stop\":[\"A\","
      "\"B\",\"C\",\"D\"],\"user\":\"u\",\"service_tier\":\"flex\"}";
  if (t.as(id::openai) != want) return wrong(t.out.body);
  if (t.out.stops != std::vector<std::string>{"E"}) return "a stop is lost";
  if (t.out.dropped.header() != "include, k") return wrong(t.out.dropped.header());
  t.as(id::anthropic);
  if (t.out.dropped.header() != "include, s, k, tier") return wrong(t.out.dropped.header());
  // Its front's words are in refusals too.
  chat::bad_request bad;
  if (dialect::check_dialect(id::ollama, r, bad) || bad.param != picture.at) {
    return wrong("Ollama: " + bad.param);
  }
  return dialect::check_dialect(id::gemini, r, bad) ? nullptr : wrong(bad.message);
}

// Of other fronts an effort is sent only where the operator says so.
const char* dropped_check_effort() {
  for (const id d : kDialects) {
    for (const bool leave : {false, true}) {
      translated t;
      t.request.reasoning_effort = "high";
      t.request.effort_by_leave = true;
      t.request.places[chat::member::effort].push_back("output_config.effort");
      t.call.options.effort = leave;
      const std::string& body = t.as(d);
      const bool sent =
          body.find("effort") != std::string::npos || body.find("think") != std::string::npos;
      const bool told = t.out.dropped.header() == "output_config.effort";
      if (sent != leave || told == leave) return wrong(body + t.out.dropped.header());
    }
  }
  f0::config c;
  c.add_provider("p", "openai", "/p/", "");
  c.add_model("m");
  if (!c.set({"try", "p", "reasoning=effort"})) return wrong(c.error());
  if (!c.find("m")->tries[0].options.effort) return "reasoning=effort is not heard";
  if (c.set({"try", "p", "reasoning=on"})) return "reasoning=on is taken";
  return nullptr;
}

const char* dropped_check_reasoning_back() {
  for (const bool back : {false, true}) {
    translated t;
    chat::message m;
    m.role = chat::role::assistant;
    m.reasoning = "deep";
    m.parts.emplace_back();
    m.parts.back().text = "said";
    t.request.messages.push_back(m);
    t.call.options.reasoning_back = back;
    const bool sent =
        t.as(id::openai).find("\"content\":\"said\",\"reasoning_content\":\"deep\"") !=
        std::string::npos;
    const bool thought = t.as(id::ollama).find("\"thinking\":\"deep\"") != std::string::npos;
    if (sent != back || thought != back) return wrong(t.out.body);
  }
  f0::config c;
  c.add_provider("p", "openai", "/p/", "");
  c.add_model("m");
  if (!c.set({"try", "p", "reasoning_back=on"})) return wrong(c.error());
  return c.find("m")->tries[0].options.reasoning_back ? nullptr : "reasoning_back is not heard";
}
