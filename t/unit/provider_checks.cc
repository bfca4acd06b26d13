// Copyright (C) 2026 The f0 authors
//
// provider_checks.cc - checks of what providers refuse.

#include "provider_checks.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/config.h"
#include "core/front/chat_completions/request.h"
#include "core/provider/call.h"
#include "core/provider/model_name.h"
#include "core/provider/schema.h"
#include "wrong.h"

using std::string_view;
namespace chat = f0::chat;
namespace front = f0::front;
namespace dialect = f0::dialect;
namespace fs = std::filesystem;
namespace json = f0::json;
using dialect::id;
using dialect::setting;

namespace {

constexpr id kDialects[] = {id::openai, id::anthropic, id::gemini, id::ollama, id::responses};
constexpr string_view kNames[] = {"openai", "anthropic", "gemini", "ollama", "responses"};

std::string compact(const json::value* v) {
  std::string out;
  if (v)
    json::append_value(out, *v);
  else
    out = "-";
  return out;
}

// What stands at a.b[0].c; nullptr: nothing.
const json::value* place(const json::value* v, string_view path) {
  while (v && !path.empty()) {
    if (path.front() == '[') {
      const size_t end = path.find(']');
      long n = std::stol(std::string(path.substr(1, end - 1)));
      if (!v->is_array()) return nullptr;
      if (n < 0) n += static_cast<long>(v->size());
      v = n >= 0 && static_cast<size_t>(n) < v->size() ? &(*v)[n] : nullptr;
      path.remove_prefix(end + 1);
    } else {
      if (path.front() == '.') path.remove_prefix(1);
      const size_t end = std::min(path.find_first_of(".["), path.size());
      v = v->get(path.substr(0, end));
      path.remove_prefix(end);
    }
  }
  return v && v->is_null() ? nullptr : v;
}

// A body, and what a provider is asked because of it.
struct asking {
  json::document doc, sent;
  chat::request request;
  chat::bad_request bad;
  dialect::call call;
  dialect::encoded out;
  bool read = false;

  explicit asking(string_view body, string_view model = "up") {
    const json::value* root = doc.parse(body);
    read = root && front::read_request(*root, request, bad);
    call.request = &request;
    call.messages = &request.messages;
    call.model = model;
    call.stream = request.stream;
    call.options.cache = false;
  }
  std::string refusal(id d) {
    bad = chat::bad_request();
    return dialect::check_dialect(d, request, bad) ? "" : bad.code + " " + bad.param;
  }
  const json::value* as(id d) {
    out = {};
    dialect::encode(d, call, out);
    sent.clear();
    json::limits l;
    l.depth = 200;
    return sent.parse(out.body, l);
  }
  // The places as compact JSON, with blanks between.
  std::string at(id d, std::initializer_list<string_view> places) {
    const json::value* v = as(d);
    if (!v) return "no JSON: " + out.body;
    std::string all;
    for (const string_view p : places) all += compact(place(v, p)) + " ";
    if (!all.empty()) all.pop_back();
    return all;
  }
};

std::string user(string_view more = "") {
  return R"({"messages":[{"role":"user","content":"x"}])" + std::string(more.empty() ? "" : ",") +
         std::string(more) + "}";
}

std::string talk(string_view messages, string_view more = "") {
  return "{\"messages\":[" + std::string(messages) + "]" + std::string(more.empty() ? "" : ",") +
         std::string(more) + "}";
}

std::string slurp(const fs::path& p) {
  std::ifstream f(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(f), {}};
}

// One place of the provider's request against the words of an expect file.
bool fits(const json::value* root, const json::value* got, const json::value& want) {
  if (want.is_null()) return got == nullptr;
  if (got == nullptr) return false;
  if (want.is_object() && want.size() == 1) {
    if (const json::value* like = want.get("like")) {
      return std::regex_search(std::string(got->text()), std::regex(std::string(like->text())));
    }
    if (const json::value* same = want.get("same_as")) {
      return compact(got) == compact(place(root, same->text()));
    }
    if (const json::value* says = want.get("says")) {
      const std::string text = f0::text::to_lower(got->is_string() ? got->text() : compact(got));
      return std::all_of(says->begin(), says->end(), [&](const json::value& w) {
        return text.find(f0::text::to_lower(w.text())) != std::string::npos;
      });
    }
  }
  return compact(got) == compact(&want);
}

const char* check_file(const fs::path& file) {
  const std::string body = slurp(file);
  json::document expect_doc;
  const std::string expect_text = slurp(fs::path(file).replace_extension(".expect.json"));
  const json::value* expect = expect_doc.parse(expect_text);
  asking a(body);
  if (!a.read) return nullptr;
  const json::value* same = expect->get("same_model");
  if (same && same->boolean()) a.call.model = a.request.model;
  for (size_t i = 0; i < std::size(kDialects); i++) {
    const json::value* refused = place(expect, "refused_by." + std::string(kNames[i]));
    std::string want;
    if (refused)
      want = std::string(refused->str("code")) + " " + std::string(refused->str("param"));
    const std::string got = a.refusal(kDialects[i]);
    const std::string name = file.filename().string() + ", " + std::string(kNames[i]) + ": ";
    if (got != want) return wrong(name + got + ", want " + want);
    if (refused) continue;
    const json::value* root = a.as(kDialects[i]);
    if (!root) return wrong(name + "no JSON");
    const json::value* facts = place(expect, "upstream." + std::string(kNames[i]));
    if (!facts) continue;
    for (const json::member* m : facts->unique_members()) {
      const json::value* there = place(root, m->key);
      if (!fits(root, there, m->val)) {
        return wrong(name + std::string(m->key) + " is " + compact(there) + ", want " +
                     compact(&m->val));
      }
    }
  }
  return nullptr;
}

}  // namespace

// The requests of the reference: who refuses them, what stands in their place.
const char* provider_check_corpus() {
  size_t n = 0;
  for (const auto& entry : fs::directory_iterator("t/wire/requests")) {
    if (entry.path().string().find(".expect.json") != std::string::npos) continue;
    n++;
    if (const char* w = check_file(entry.path())) return w;
  }
  return n > 150 ? nullptr : "the corpus is not there";
}

const char* provider_check_names() {
  struct {
    string_view name;
    int major, minor;
  } claudes[] = {
      {"claude-opus-4-7", 4, 7},
      {"claude-opus-4.7", 4, 7},
      {"Claude-Opus-4-7-latest", 4, 7},
      {"anthropic/claude-sonnet-5", 5, 0},
      {"us.anthropic.claude-opus-4-1-20250805-v1:0", 4, 1},
      {"claude-sonnet-4-5-20250929", 4, 5},
      {"claude-sonnet-4-20250514", 4, 0},
      {"claude-opus-4@20250514", 4, 0},
      {"claude-3-5-sonnet-20241022", 3, 5},
      {"claude-3.7-sonnet", 3, 7},
      {"claude-3-opus-20240229", 3, 0},
      {"claude-instant-1.2", 1, 2},
      {"anthropic.claude-v2:1", 2, 0},
      {"claude-fable-5", 5, 0},
      {"claude-4.5-sonnet", 4, 5},
      {"claude-37-sonnet", 3, 7},
      {"claude-opus-latest", -1, 0},
      {"my-model", -1, 0},
  };
  for (const auto& c : claudes) {
    const auto v = dialect::claude_version(c.name);
    if (v.has_value() != (c.major >= 0) || (v && *v != dialect::version{c.major, c.minor})) {
      return wrong(std::string(c.name));
    }
  }
  struct {
    string_view name;
    int major;
  } geminis[] = {
      {"gemini-2.5-flash", 2}, {"google/gemini-3-pro-preview", 3}, {"gemini-3.1-pro", 3},
      {"gemini-pro-1.5", 1},   {"gemini-1.5-pro-002", 1},          {"gemini-25-flash", 2},
      {"gemini-10-flash", 10}, {"gemini-flash-latest", 0},         {"gemini-exp-1206", 0},
      {"gemma-3", 0},
  };
  for (const auto& c : geminis) {
    const auto v = dialect::gemini_version(c.name);
    if ((v ? v->major : 0) != c.major) return wrong(std::string(c.name));
  }
  for (const string_view name : {"o1", "o3-mini", "openai/o4-mini", "gpt-5", "gpt-5.1-codex",
                                 "openai/gpt-5-mini", "gpt-10", "ft:gpt-5-nano:x"}) {
    if (!dialect::is_reasoning_openai(name)) return wrong(std::string(name));
  }
  for (const string_view name : {"gpt-4o", "gpt-4.1", "gpt-35-turbo", "gpt-oss-120b", "chatgpt-4o",
                                 "olmo-2", "qwen3", "up", "o"}) {
    if (dialect::is_reasoning_openai(name)) return wrong(std::string(name));
  }
  for (const string_view name : {"mistral-large-latest", "open-mixtral-8x7b", "Ministral-8B",
                                 "codestral", "devstral-small", "magistral", "pixtral-12b"}) {
    if (!dialect::is_mistral(name)) return wrong(std::string(name));
  }
  return dialect::is_mistral("llama-3") ? "llama" : nullptr;
}

// Words that OpenAI does not have are the provider's in its own dialect alone.
const char* provider_check_words() {
  auto part = [](string_view p) {
    return talk(R"({"role":"user","content":[{"type":"text","text":"x"},)" + std::string(p) + "]}");
  };
  struct {
    std::string body;
    string_view want, place;
  } cases[] = {
      {part(R"({"type":"audio_url","audio_url":{"url":"u"}})"),
       "invalid_value messages[0].content[1].type", "messages[0].content[1].audio_url.url"},
      {part(R"({"type":"input_audio","input_audio":{"data":"UA==","format":"flac"}})"),
       "unsupported_value messages[0].content[1]", "messages[0].content[1].input_audio.format"},
      {talk(R"({"role":"assistant","content":[{"type":"image_url","image_url":{"url":"u"}}]})"),
       "invalid_value messages[0].content[0].type", "messages[0].content[0].image_url.url"},
      {user(R"("tools":[{"type":"web_search"}])"), "invalid_value tools[0].type", "tools[0].type"},
      {user(R"("tools":[{"type":"function","function":{"name":"f"}},{"type":"builtin_function",)"
            R"("function":{"name":"$x"}}])"),
       "invalid_value tools[1].type", "tools[1].function.name"},
      {user(R"("response_format":{"type":"grammar","grammar":"root ::= x"})"),
       "invalid_value response_format.type", "response_format.grammar"},
      {user(R"("reasoning_effort":"default")"), "invalid_value reasoning_effort",
       "reasoning_effort"},
      {user(R"("verbosity":"loud")"), "invalid_value verbosity", "verbosity"},
      {user(R"("service_tier":"on_demand")"), "invalid_value service_tier", "service_tier"},
      {user(R"("modalities":["text","image"])"), "invalid_value modalities[1]", "modalities[1]"},
      {user(R"("modalities":["text"],"service_tier":"flex","verbosity":"low")"), "", "modalities"},
  };
  for (auto& c : cases) {
    asking a(c.body);
    if (!a.read) return wrong(c.body + ": " + a.bad.message);
    if (!a.refusal(id::openai).empty()) return wrong(c.body + ": refused by openai");
    if (a.at(id::openai, {c.place}) == "-") return wrong("not passed on: " + a.out.body);
    for (const id d : {id::anthropic, id::gemini, id::ollama}) {
      const std::string got = a.refusal(d);
      if (got != c.want) return wrong(c.body + ": " + got);
    }
  }
  return nullptr;
}

// Pictures are what their bytes say: translate.md 1.2.
const char* provider_check_pictures() {
  constexpr string_view kUrl = "invalid_value messages[0].content[0].image_url.url",
                        kPart = "unsupported_value messages[0].content[0]";
  struct {
    string_view url, anthropic, gemini, ollama;  // a type, or a refusal
  } cases[] = {
      {"data:image/png;base64,/9j/4AAQ", "image/jpeg", "image/jpeg", ""},
      {"data:image/jpeg;base64,iVBORw0KGgoAAAA", "image/png", "image/png", ""},
      {"data:image/png;base64,R0lGODlh", "image/gif", "image/gif", ""},
      {"data:image/png;base64,UklGRsSIttFXRUJQVlA4", "image/webp", "image/webp", ""},
      {"data:image/png;base64,UklGRhOYIy5XRUJQ", "image/webp", "image/webp", ""},
      {"data:image/png;base64,UklGRsSIttFXQVZFZm10", "image/png", "image/png", ""},
      {"data:image/png;base64,\\n /9 j/4AAQ", "image/jpeg", "image/jpeg", ""},
      {"data:;base64,R0lGODlh", "image/gif", "image/gif", ""},
      {"DATA:image/JPG;a=b;BASE64,AAAA", "image/jpeg", "image/jpeg", ""},
      {"data:application/pdf;base64,/9j/4AAQ", "image/jpeg", "image/jpeg", ""},
      {"data:image/tiff;base64,SUkqAA", kUrl, "image/tiff", ""},
      {"data:text/plain;base64,AAAA", kUrl, kUrl, kUrl},
      {"data:;base64,AAAA", kUrl, kUrl, kUrl},
      {"data:image/png,AAAA", kUrl, kUrl, kUrl},
      {"data:image/png;base64", kUrl, kUrl, kUrl},
      {"https://e/a.png", "", "", kPart},
      {"HTTP://e/a.png", "", "", kPart},
      {"gs://b/a.png", kUrl, "", kPart},
      {"file:///etc/passwd", kUrl, kUrl, kPart},
      {"a.png", kUrl, kUrl, kPart},
  };
  for (const auto& c : cases) {
    asking a(talk(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":")" +
                  std::string(c.url) + "\"}}]}"));
    if (!a.read) return wrong(std::string(c.url) + ": not read");
    const string_view want[] = {"", c.anthropic, c.gemini, c.ollama, ""};
    const string_view type[] = {"", "messages[0].content[0].source.media_type",
                                "contents[0].parts[0].inlineData.mimeType", "", ""};
    for (size_t i = 0; i < std::size(kDialects); i++) {
      const bool refused = want[i].find(' ') != string_view::npos;
      std::string got = a.refusal(kDialects[i]);
      if (got != (refused ? want[i] : "")) return wrong(std::string(c.url) + ": " + got);
      if (refused || type[i].empty()) continue;
      got = a.at(kDialects[i], {type[i]});
      if (got != (want[i].empty() ? "-" : "\"" + std::string(want[i]) + "\"")) {
        return wrong(std::string(c.url) + ": " + got);
      }
    }
  }
  return nullptr;
}

// What f0 answered is accepted when it comes back: translate.md 1.1.
const char* provider_check_history() {
  auto with = [](string_view m) {
    return talk(R"({"role":"user","content":"a"},)" + std::string(m) +
                R"(,{"role":"user","content":"b"})");
  };
  constexpr string_view kCall = R"("tool_calls":[{"id":"c","type":"function","function":)"
                                R"({"name":"f","arguments":"{}"}}])";
  struct {
    std::string message;
    string_view openai, anthropic, gemini, ollama;  // content there; how many turns elsewhere
  } cases[] = {
      {R"({"role":"assistant","content":null,"reasoning":"r"})", "\"\"", "1", "1", "2"},
      {R"({"role":"assistant","reasoning_content":"r"})", "\"\"", "1", "1", "2"},
      {R"({"role":"assistant","content":[],"reasoning_details":[{"type":"x"}]})", "\"\"", "1", "1",
       "2"},
      {R"({"role":"assistant","content":[{"type":"thinking","thinking":"t"}]})",
       R"([{"type":"thinking","thinking":"t"}])", "1", "1", "2"},
      {R"({"role":"assistant","content":[{"type":"reasoning","reasoning":"t"},)"
       R"({"type":"text","text":"y"}]})",
       R"([{"type":"reasoning","reasoning":"t"},{"type":"text","text":"y"}])", "3", "3", "3"},
      {R"({"role":"assistant","content":[],)" + std::string(kCall) +
           R"(},{"role":"tool","tool_call_id":"c","content":[]})",
       "-", "3", "3", "4"},
      {R"({"role":"assistant","content":null,"refusal":"no"})", "-", "3", "3", "3"},
      {R"({"role":"assistant","content":""})", "\"\"", "1", "1", "3"},
  };
  for (const auto& c : cases) {
    asking a(with(c.message));
    if (!a.read) return wrong(c.message + ": " + a.bad.message);
    std::string got = a.at(id::openai, {"messages[1].content"});
    if (got != c.openai) return wrong(c.message + ": " + got);
    const string_view want[] = {"", c.anthropic, c.gemini, c.ollama};
    for (size_t i = 1; i < std::size(want); i++) {
      if (!a.refusal(kDialects[i]).empty()) return wrong(c.message + ": " + a.bad.message);
      const json::value* v = a.as(kDialects[i]);
      const json::value* list = v ? v->get(i == 2 ? "contents" : "messages") : nullptr;
      if (!list || std::to_string(list->size()) != want[i]) return wrong(a.out.body);
    }
  }
  // Results of nothing are empty ones; one that is absent is a mistake.
  asking tool(with(R"({"role":"assistant","content":"",)" + std::string(kCall) +
                   R"(},{"role":"tool","tool_call_id":"c","content":[]})"));
  if (tool.at(id::openai, {"messages[2].content"}) != "\"\"") return wrong(tool.out.body);
  asking absent(with(R"({"role":"assistant","content":"",)" + std::string(kCall) +
                     R"(},{"role":"tool","tool_call_id":"c"})"));
  if (absent.read || absent.bad.code != "missing_required_parameter") return "an absent result";
  asking empty(with(R"({"role":"assistant","content":[]})"));
  if (empty.read || empty.bad.code != "empty_array") return "nothing at all";
  asking null(with(R"({"role":"assistant","content":null,"reasoning_content":""})"));
  return null.read ? "no reasoning either" : nullptr;
}

const char* provider_check_claude() {
  const std::string last =
      talk(R"({"role":"user","content":"a"},{"role":"assistant","content":"b "})",
           R"("temperature":0.5,"top_p":0.9)");
  struct {
    string_view model;
    setting prefill, temperature;
    string_view want;  // the last role, temperature, top_p
  } cases[] = {
      {"claude-sonnet-4-5", setting::automatic, setting::automatic, "\"assistant\" 0.5 -"},
      {"claude-opus-4-6", setting::automatic, setting::automatic, "\"user\" 0.5 -"},
      {"claude-opus-4-7", setting::automatic, setting::automatic, "\"user\" - -"},
      {"claude-fable-5", setting::automatic, setting::automatic, "\"user\" - -"},
      {"up", setting::automatic, setting::automatic, "\"user\" 0.5 -"},
      {"claude-fable-5", setting::on, setting::on, "\"assistant\" 0.5 -"},
      {"claude-sonnet-4-5", setting::off, setting::off, "\"user\" - -"},
  };
  for (const auto& c : cases) {
    asking a(last, c.model);
    a.call.options.prefill = c.prefill;
    a.call.options.temperature = c.temperature;
    const std::string got = a.at(id::anthropic, {"messages[-1].role", "temperature", "top_p"});
    if (got != c.want) return wrong(std::string(c.model) + ": " + got);
  }
  // A schema that is not native is forced, but never beside the client's tools.
  const std::string format =
      R"("response_format":{"type":"json_schema","json_schema":{"name":"x","schema":)"
      R"({"type":"object","properties":{"score":{}}}}})";
  asking alone(user(format));
  alone.call.options.native_schema = false;
  std::string got = alone.at(id::anthropic, {"tool_choice.name", "system"});
  if (got != "\"json\" -" || !alone.out.json_tool) return wrong(got);
  asking beside(user(R"("tools":[{"type":"function","function":{"name":"f"}}],)" + format));
  beside.call.options.native_schema = false;
  got = beside.at(id::anthropic, {"tool_choice", "tools[1]", "system[0].text"});
  if (got.find("- - \"Answer with") != 0 || got.find("score") == std::string::npos ||
      beside.out.json_tool) {
    return wrong(got);
  }
  return nullptr;
}

// Ids of their own for all calls, however many share one, and in linear time:
// an id is tried once.
const char* provider_check_ids() {
  auto call = [](string_view id, string_view name) {
    return R"({"id":")" + std::string(id) + R"(","type":"function","function":{"name":")" +
           std::string(name) + R"(","arguments":"{}"}})";
  };
  auto result = [](string_view id, string_view text) {
    return R"(,{"role":"tool","tool_call_id":")" + std::string(id) + R"(","content":")" +
           std::string(text) + "\"}";
  };
  // One id for two functions of one turn, and again in the next.
  const std::string twice =
      R"({"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[)" +
      call("call_0", "ls") + "," + call("call_0", "cat") + "]}" + result("call_0", "1") +
      result("call_0", "2") + R"(,{"role":"assistant","content":null,"tool_calls":[)" +
      call("call_0", "rm") + "]}" + result("call_0", "3");
  asking a(talk(twice), "mistral-small");
  std::string got =
      a.at(id::anthropic, {"messages[1].content[1].id", "messages[2].content[1].tool_use_id",
                           "messages[3].content[0].id", "messages[4].content[0].tool_use_id"});
  if (got != R"("call_0_2" "call_0_2" "call_0_3" "call_0_3")") return wrong(got);
  got = a.at(id::gemini, {"contents[2].parts[0].functionResponse.name",
                          "contents[2].parts[1].functionResponse.name",
                          "contents[4].parts[0].functionResponse.name"});
  if (got != R"("ls" "cat" "rm")") return wrong(got);
  got = a.at(id::ollama, {"messages[2].tool_name", "messages[3].tool_name"});
  if (got != R"("ls" "cat")") return wrong(got);

  // Mistral's nine characters: the same again tomorrow, none twice.
  const json::value* v = a.as(id::openai);
  std::set<std::string> ids;
  for (const string_view p : {"messages[1].tool_calls[0].id", "messages[1].tool_calls[1].id",
                              "messages[4].tool_calls[0].id"}) {
    ids.emplace(place(v, p)->text());
  }
  for (const std::string& s : ids) {
    if (!std::regex_match(s, std::regex("[a-zA-Z0-9]{9}"))) return wrong("no nine: " + s);
  }
  if (ids.size() != 3) return wrong("an id twice: " + a.out.body);
  const std::string first = a.at(id::openai, {"messages[1].tool_calls[0].id"});
  if (first != a.at(id::openai, {"messages[2].tool_call_id"}) ||
      a.at(id::openai, {"messages[4].tool_calls[0].id"}) !=
          a.at(id::openai, {"messages[5].tool_call_id"})) {
    return wrong("another id in the result: " + a.out.body);
  }
  asking good(talk(R"({"role":"assistant","content":null,"tool_calls":[)" + call("Abcdef123", "f") +
                   "]}" + result("Abcdef123", "1")),
              "codestral-latest");
  if (good.at(id::openai, {"messages[0].tool_calls[0].id"}) != "\"Abcdef123\"") {
    return wrong(good.out.body);
  }
  good.call.model = "gpt-4o";
  asking kept(talk(twice), "gpt-4o");
  if (kept.at(id::openai, {"messages[4].tool_calls[0].id"}) != "\"call_0\"") {
    return wrong(kept.out.body);
  }
  kept.call.options.short_ids = setting::on;
  if (kept.at(id::openai, {"messages[1].tool_calls[0].id"}) != first) return wrong(kept.out.body);

  // A name that a model made up must not fail the rest of the conversation.
  asking odd(talk(R"({"role":"assistant","content":null,"tool_calls":[)" +
                  call("c", "functions.ls src") + "," + call("d", "") + "," + call("e", "ls-2_X") +
                  "]}" + result("c", "1") + result("d", "2") + result("e", "3")));
  got = odd.at(id::anthropic, {"messages[1].content[0].name", "messages[1].content[1].name",
                               "messages[1].content[2].name", "tools[0].name", "tools[1].name"});
  if (got != R"("functions_ls_src" "_" "ls-2_X" "functions_ls_src" "_")") return wrong(got);

  // 8,192 calls that map to one id, and as many names.
  std::string many;
  size_t n = 0;
  for (int turn = 0; turn < 64; turn++) {
    many += many.empty() ? "" : ",";
    many += R"({"role":"assistant","content":null,"tool_calls":[)";
    for (int i = 0; i < 128; i++, n++) {
      many += (i ? "," : "") +
              call(n % 2 ? "a" : "a." + std::string(n % 3, '.'), "f" + std::to_string(n));
    }
    many += "]}" + result("a", "r") + result("a.", "r") + result("a..", "r") + result("a...", "r");
  }
  asking big(talk(many));
  if (!big.read) return wrong(big.bad.message);
  v = big.as(id::anthropic);
  ids.clear();
  for (const json::value& m : *v->get("messages")) {
    for (const json::value& b : *m.get("content")) {
      if (b.str("type") == "tool_use") ids.emplace(b.str("id"));
    }
  }
  if (ids.size() != n || v->get("tools")->size() != n) return "ids or tools are lost";
  return nullptr;
}

// Dialect openai: what cannot be known by the client (translate.md 13).
const char* provider_check_openai() {
  const std::string format =
      R"("response_format":{"type":"json_schema","json_schema":{"name":"x","schema":)"
      R"({"type":"object","properties":{"score":{}}}}})";
  using limit = enum dialect::provider_options::limit_name;
  struct {
    std::string body;
    string_view model;
    limit name;
    string_view want;
  } limits[] = {
      {user("\"max_tokens\":5"), "gpt-5", limit::automatic, "- 5"},
      {user("\"max_tokens\":5"), "gpt-4o", limit::automatic, "5 -"},
      {user("\"max_tokens\":5"), "gpt-5", limit::as_sent, "5 -"},
      {user("\"max_tokens\":5"), "up", limit::max_completion_tokens, "- 5"},
      {user("\"max_completion_tokens\":5"), "up", limit::max_tokens, "5 -"},
      {user("\"max_tokens\":5,\"max_completion_tokens\":6"), "o3", limit::automatic, "- 6"},
      {user("\"max_completion_tokens\":6,\"max_tokens\":5"), "o3", limit::automatic, "- 6"},
      {user("\"max_completion_tokens\":null,\"max_tokens\":5"), "o3", limit::automatic, "- 5"},
      {user("\"max_tokens\":null"), "o3", limit::automatic, "- -"},
      {user("\"max_tokens\":5,\"max_completion_tokens\":6"), "up", limit::automatic, "5 6"},
  };
  for (const auto& c : limits) {
    asking a(c.body, c.model);
    a.call.options.limit = c.name;
    const std::string got = a.at(id::openai, {"max_tokens", "max_completion_tokens"});
    if (got != c.want) return wrong(c.body + ": " + a.out.body);
  }
  struct {
    std::string body;
    std::initializer_list<string_view> places;
    string_view want;
  } cases[] = {
      {user(R"("tools":[],"tool_choice":"none","parallel_tool_calls":true)"),
       {"tools", "tool_choice", "parallel_tool_calls"},
       "- - -"},
      {user(R"("tool_choice":"auto")"), {"tool_choice"}, "-"},
      {user(R"("functions":[{"name":"f"}],"function_call":"auto")"),
       {"functions[0].name", "function_call"},
       R"("f" "auto")"},
      {talk(R"({"content":[{"type":"text","text":"x","a":1}],"role":"developer","name":"n"})"),
       {"messages"},
       R"([{"content":[{"type":"text","text":"x","a":1}],"role":"system","name":"n"}])"},
      {user("\"stream\":true"), {"stream", "stream_options"}, "true -"},
      {user(format), {"response_format", "messages[1].content"}, R"({"type":"json_object"} "x")"},
      {talk(R"({"role":"developer","content":"be brief"},{"role":"user","content":"x"})", format),
       {"messages[0].role", "messages[1].content", "messages[2]"},
       R"("system" "x" -)"},
  };
  for (const auto& c : cases) {
    asking a(c.body);
    a.call.options.native_schema = a.call.options.stream_options = false;
    const std::string got = a.at(id::openai, c.places);
    if (got != c.want) return wrong(c.body + ": " + a.out.body);
  }
  for (const bool verbatim : {true, false}) {
    asking words(
        talk(R"({"role":"system","content":"be brief"},{"role":"user","content":"x"})", format));
    words.call.options.native_schema = false;
    words.call.verbatim = verbatim;
    const std::string got = words.at(id::openai, {"messages[0].content"});
    if (got.find("\"be brief\\n\\nAnswer with") != 0 || got.find("score") == std::string::npos) {
      return wrong(got);
    }
    asking role(talk(R"({"role":"developer","content":"s"})"));
    role.call.verbatim = verbatim;
    if (role.at(id::openai, {"messages[0].role"}) != "\"system\"") return wrong(role.out.body);
  }
  return nullptr;
}

const char* provider_check_gemini() {
  // Names: everywhere alike, never to what another one is called, and back.
  const std::string tools =
      R"("tools":[{"type":"function","function":{"name":"21st"}},{"type":"function","function":)"
      R"({"name":"_21st"}},{"type":"function","function":{"name":"-x"}}],)";
  asking a(
      talk(R"({"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function",)"
           R"("function":{"name":"21st","arguments":"{}"}},{"id":"d","type":"function",)"
           R"("function":{"name":"a b","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c",)"
           R"("content":"1"},{"role":"tool","tool_call_id":"d","content":"2"})",
           tools + R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":)"
                   R"("required","tools":[{"type":"function","function":{"name":"21st"}}]}})"));
  if (!a.read) return wrong(a.bad.message);
  const std::string got = a.at(
      id::gemini,
      {"tools[0].functionDeclarations[0].name", "tools[0].functionDeclarations[1].name",
       "tools[0].functionDeclarations[2].name", "contents[0].parts[0].text",
       "contents[1].parts[0].functionCall.name", "contents[1].parts[1].functionCall.name",
       "contents[2].parts[0].functionResponse.name", "contents[2].parts[1].functionResponse.name",
       "toolConfig.functionCallingConfig.allowedFunctionNames[0]"});
  if (got !=
      R"~("_21st_2" "_21st" "_-x" "(continued)" "_21st_2" "a_b" "_21st_2" "a_b" "_21st_2")~") {
    return wrong(got);
  }
  bool back = false;
  for (const auto& [theirs, ours] : a.out.names)
    back = back || (theirs == "_21st_2" && ours == "21st");
  if (!back || a.out.names.size() != 3) return wrong("the names are not told");
  std::string long_name(64, '1');
  asking b(user(R"("tools":[{"type":"function","function":{"name":")" + long_name + "\"}}]"));
  if (b.at(id::gemini, {"tools[0].functionDeclarations[0].name"}) !=
      "\"_" + std::string(63, '1') + "\"") {
    return wrong(b.out.body);
  }

  // Tools beside a response format.
  const std::string both =
      user(R"("tools":[{"type":"function","function":{"name":"f"}}],"response_format":)"
           R"({"type":"json_object"})");
  struct {
    string_view model;
    setting s;
    bool beside;
  } formats[] = {
      {"gemini-2.5-pro", setting::automatic, false},
      {"gemini-1.5-pro", setting::automatic, false},
      {"gemini-3-pro", setting::automatic, true},
      {"up", setting::automatic, true},
      {"up", setting::off, false},
      {"gemini-2.5-pro", setting::on, true},
  };
  for (const auto& c : formats) {
    asking f(both, c.model);
    f.call.options.format_with_tools = c.s;
    const std::string was =
        f.at(id::gemini, {"generationConfig.responseMimeType", "systemInstruction.parts[0].text"});
    if (was != (c.beside ? "\"application/json\" -" : "- \"Answer with one JSON object only.\"")) {
      return wrong(std::string(c.model) + ": " + was);
    }
  }
  // Turns: the user begins and ends.
  for (
      const string_view messages :
      {R"({"role":"assistant","content":"a"})",
       R"({"role":"user","content":""},{"role":"assistant","content":"a"},{"role":"user","content":""})",
       R"({"role":"system","content":"s"},{"role":"assistant","content":"a"})"}) {
    asking t(talk(messages));
    const std::string was = t.at(id::gemini, {"contents"});
    if (was != R"~([{"role":"user","parts":[{"text":"(continued)"}]},{"role":"model","parts":[)~"
               R"~({"text":"a"}]},{"role":"user","parts":[{"text":"Continue."}]}])~") {
      return wrong(was);
    }
  }
  return nullptr;
}

const char* provider_check_schemas() {
  struct {
    string_view schema, want;
  } outputs[] = {
      {R"~({"type":"object"})~", R"~({"type":"object","additionalProperties":false})~"},
      {R"~({"type":"object","additionalProperties":true,"properties":{"a":{"minimum":1}}})~",
       R"~({"type":"object","properties":{"a":{"description":"(minimum: 1)"}},)~"
       R"~("additionalProperties":false})~"},
      {R"~({"type":["object","null"],"oneOf":[{"properties":{}}]})~",
       R"~({"type":["object","null"],"anyOf":[{"properties":{},"additionalProperties":false}],)~"
       R"~("additionalProperties":false})~"},
      {R"~({"type":"string","format":"date","minLength":2,"maxLength":9,"description":"d"})~",
       R"~({"type":"string","format":"date","description":"d (minLength: 2, maxLength: 9)"})~"},
      {R"~({"format":"zip","pattern":"x"})~", R"~({"pattern":"x","description":"(format: zip)"})~"},
      {R"~({"type":"array","minItems":1,"maxItems":5,"uniqueItems":true,)~"
       R"~("items":{"multipleOf":2}})~",
       R"~({"type":"array","minItems":1,"items":{"description":"(multipleOf: 2)"},)~"
       R"~("description":"(maxItems: 5, uniqueItems: true)"})~"},
      {R"~({"minItems":2})~", R"~({"description":"(minItems: 2)"})~"},
      {R"~({"$defs":{"minimum":{"maximum":1}},"enum":[{"minimum":1}],"const":{"format":"x"}})~",
       R"~({"$defs":{"minimum":{"description":"(maximum: 1)"}},"enum":[{"minimum":1}],)~"
       R"~("const":{"format":"x"}})~"},
      {R"~({"allOf":[{"type":"object"}],"prefixItems":[{"minProperties":1}],"items":false})~",
       R"~({"allOf":[{"type":"object","additionalProperties":false}],"prefixItems":[)~"
       R"~({"description":"(minProperties: 1)"}],"items":false})~"},
      {R"~({"anyOf":[{"a":1}],"oneOf":[{"b":1}]})~",
       R"~({"anyOf":[{"a":1}],"description":"(oneOf: [{\"b\":1}])"})~"},
      {"true", "true"},
  };
  for (const auto& c : outputs) {
    json::document doc;
    const json::value* v = doc.parse(c.schema);
    std::string got;
    dialect::append_output_schema(got, *v);
    if (got != c.want) return wrong(std::string(c.schema) + "\n gives " + got);
  }
  struct {
    string_view schema, want, description;
  } inputs[] = {
      {R"({})", R"({"type":"object","properties":{}})", "d"},
      {R"({"properties":{"a":{"anyOf":[]}}})",
       R"({"type":"object","properties":{"a":{"anyOf":[]}}})", "d"},
      {R"({"type":["object","null"],"x":1})", R"({"type":"object","x":1})", "d"},
      {R"({"type":"object","properties":{"a":{"b":1}},"required":["a"],"anyOf":[{"properties":)"
       R"({"a":{"b":2},"c":{}},"required":["c"]}]})",
       R"({"type":"object","properties":{"a":{"b":1},"c":{}},"required":["a"]})",
       R"(d The input also fits anyOf: [{"properties":{"a":{"b":2},"c":{}},"required":["c"]}])"},
      {R"({"allOf":[{"required":["a","b"]},{"properties":{"b":{}},"required":["b"]},true],"x":1})",
       R"({"type":"object","x":1,"properties":{"b":{}},"required":["a","b"]})",
       R"(d The input also fits allOf: [{"required":["a","b"]},{"properties":{"b":{}},)"
       R"("required":["b"]},true])"},
      {R"({"oneOf":[{"$ref":"#/$defs/x"}],"$defs":{"x":{}}})",
       R"({"type":"object","$defs":{"x":{}},"properties":{}})",
       R"(d The input also fits oneOf: [{"$ref":"#/$defs/x"}])"},
  };
  for (const auto& c : inputs) {
    json::document doc;
    chat::tool t;
    t.parameters = doc.parse(c.schema);
    std::string got, description = "d";
    dialect::append_input_schema(got, t, description);
    if (got != c.want || description != c.description) {
      return wrong(std::string(c.schema) + "\n gives " + got + "\n " + description);
    }
  }
  // What cannot be mended names the tool.
  asking a(user(R"("tools":[{"type":"function","function":{"name":"f"}},{"type":"function",)"
                R"("function":{"name":"odd","parameters":{"type":"array"}}}])"));
  if (a.refusal(id::anthropic) != "invalid_value tools[1].function.parameters" ||
      a.bad.message.find("'odd'") == std::string::npos || !a.refusal(id::gemini).empty()) {
    return wrong("an array of parameters: " + a.bad.message);
  }
  return nullptr;
}

// Parameters of a "try" line that outrank the name.
const char* provider_check_parameters() {
  struct {
    string_view parameter;
    bool good;
  } cases[] = {
      {"prefill=auto", true},          {"prefill=on", true},
      {"prefill=off", true},           {"prefill=yes", false},
      {"temperature=auto", true},      {"temperature=off", true},
      {"skip_signature=auto", true},   {"short_ids=on", true},
      {"format_with_tools=off", true}, {"stream_options=off", true},
      {"stream_options=auto", false},  {"json_schema=off", true},
      {"limit_name=auto", true},       {"limit_name=as_sent", true},
      {"limit_name=max_tokens", true}, {"limit_name=max_completion_tokens", true},
      {"limit_name=n_predict", false}, {"odd=on", false},
  };
  for (const auto& c : cases) {
    f0::config cf;
    cf.add_provider("p", "openai", "/p/", "");
    cf.add_model("m");
    if (cf.set({"try", "p", "up", c.parameter}) != c.good) {
      return wrong(std::string(c.parameter) + ": " + cf.error());
    }
  }
  f0::config cf;
  cf.add_provider("p", "openai", "/p/", "");
  cf.add_model("m");
  cf.set({"try", "p", "up", "prefill=off", "limit_name=max_tokens", "stream_options=off"});
  const auto& o = cf.find("m")->tries[0].options;
  return o.prefill == setting::off && !o.stream_options &&
                 o.limit == dialect::provider_options::limit_name::max_tokens
             ? nullptr
             : "the parameters are not kept";
}
