// Copyright (C) 2026 The f0 authors

#include "completion_checks.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/front/completions/completions.h"
#include "core/json/json.h"
#include "core/provider/call.h"
#include "core/provider/completion/completion.h"
#include "core/provider/completion/unfence.h"
#include "wire_rig.h"
#include "wrong.h"

namespace {

using namespace wire;
namespace fs = std::filesystem;
namespace json = f0::json;
namespace completions = f0::front::completions;
using dialect::fim;
using dialect::id;

// A body and what becomes of it.
struct asking {
  json::document doc;
  chat::request request;
  chat::bad_request bad;
  dialect::call call;
  dialect::encoded out;
  bool read = false;

  explicit asking(string_view body, fim f = fim::none, string_view path = {}) {
    const json::value* root = doc.parse(body);
    read = root != nullptr && completions::read(*root, request, bad);
    call.request = &request;
    call.messages = &request.messages;
    call.model = "up";
    call.path = path;
    call.stream = request.stream;
    call.options.fim = f;
  }

  const dialect::encoded& as(id d) {
    out = {};
    dialect::encode(d, call, out);
    return out;
  }
};

struct reading {
  string_view body, want;  // prompt|suffix, or code and param
};

std::string slurp(const fs::path& p) {
  std::ifstream f(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(f), {}};
}

std::string compact(const json::value* v) {
  std::string out = v == nullptr ? "-" : "";
  if (v != nullptr) json::append_value(out, *v);
  return out;
}

// What the expect files call "means".
std::string meaning(const chat::request& r) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("prompt").string(r.prompt);
  if (!r.suffix.empty()) w.key("suffix").string(r.suffix);
  if (r.max_output) w.key("max_tokens").integer(*r.max_output);
  if (r.temperature) w.key("temperature").val(*r.root->get("temperature"));
  if (r.top_p) w.key("top_p").val(*r.root->get("top_p"));
  if (!r.stop.empty()) w.key("stop").val(*r.root->get("stop"));
  if (r.seed) w.key("seed").integer(*r.seed);
  w.end_object();
  return out;
}

std::string unfenced(string_view text, const std::vector<size_t>& cuts) {
  dialect::unfence u;
  std::string out;
  size_t at = 0;
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const size_t to = i < cuts.size() ? cuts[i] : text.size();
    if (to < at) continue;
    const bool more = u.take(text.substr(at, to - at), out);
    at = to;
    if (!more) break;
  }
  u.finish(out);
  return out;
}

}  // namespace

const char* completion_check_requests() {
  const reading list[] = {
      {R"({"prompt":"a"})", "a|"},
      {R"({"prompt":"","suffix":"b"})", "|b"},
      {R"({"prompt":["a"],"suffix":null})", "a|"},
      {R"({})", "missing_required_parameter prompt"},
      {R"({"prompt":null})", "missing_required_parameter prompt"},
      {R"({"prompt":[]})", "empty_array prompt"},
      {R"({"prompt":["a","b"]})", "unsupported_value prompt"},
      {R"({"prompt":[1,2]})", "unsupported_value prompt"},
      {R"({"prompt":[[1],[2]]})", "unsupported_value prompt"},
      {R"({"prompt":3})", "invalid_type prompt"},
      {R"({"prompt":[null]})", "invalid_type prompt"},
      {R"({"prompt":"a","suffix":3})", "invalid_type suffix"},
      {R"({"prompt":"a","n":2})", "unsupported_value n"},
      {R"({"prompt":"a","best_of":3})", "unsupported_value best_of"},
      {R"({"prompt":"a","echo":true})", "unsupported_value echo"},
      {R"({"prompt":"a","temperature":2.5})", "decimal_above_max_value temperature"},
      {R"({"prompt":"a","stream":"yes"})", "invalid_type stream"},
      {R"({"prompt":"a","stop":3})", "invalid_type stop"},
      {R"({"prompt":"a","max_tokens":0})", "integer_below_min_value max_tokens"},
      {R"({"prompt":"a","stream_options":{"include_usage":true}})", " stream_options"},
      {R"({"prompt":"a","input_extra":[{"filename":"x"}]})",
       "missing_required_parameter input_extra[0].text"},
      {R"({"prompt":"a","input_extra":[3]})", "invalid_type input_extra[0]"},
      {R"({"prompt":"a","logit_bias":3})", "invalid_type logit_bias"},
      {R"([])", " "},
  };
  for (const reading& r : list) {
    asking a(r.body);
    const std::string got =
        a.read ? std::string(a.request.prompt) + '|' + std::string(a.request.suffix)
               : a.bad.code + ' ' + a.bad.param;
    if (got != r.want) return wrong(differs(r.body.data(), r.want, got));
  }
  asking a(R"({"prompt":"a","logprobs":3,"cache_prompt":true,"echo":false,"x":null,"fz_mode":"y",
               "seed":null,"random_seed":4,"user":"u","best_of":1,"logit_bias":{}})");
  if (!a.read || a.request.seed != 4) return wrong("random_seed is a seed");
  return a.request.dropped.header() == "logprobs, cache_prompt"
             ? nullptr
             : wrong("dropped: " + a.request.dropped.header());
}

// The bodies of t/wire/requests-completions.
const char* completion_check_corpus() {
  size_t seen = 0;
  for (const auto& file : fs::directory_iterator("t/wire/requests-completions")) {
    const std::string path = file.path().string();
    constexpr string_view kExpect = ".expect.json";
    if (!path.ends_with(kExpect)) continue;
    json::document doc;
    const std::string text = slurp(path);
    const json::value* e = doc.parse(text);
    const std::string body = slurp(path.substr(0, path.size() - kExpect.size()) + ".json");
    asking a(body);
    if (e == nullptr) return wrong(path + " is not JSON");
    if (a.read != e->get("accept")->boolean()) return wrong(path + ": " + a.bad.message);
    if (a.read && meaning(a.request) != compact(e->get("means"))) {
      return wrong(path + ": " + meaning(a.request));
    }
    const json::value* error = e->get("error");
    if (error != nullptr && error->str("param") != a.bad.param) return wrong(path + a.bad.param);
    if (error != nullptr && error->get("code") != nullptr && error->str("code") != a.bad.code) {
      return wrong(path + ": " + a.bad.code);
    }
    seen++;
  }
  return seen >= 15 ? nullptr : "there are no bodies";
}

const char* completion_check_families() {
  const struct {
    fim f;
    string_view model, want;
  } list[] = {
      {fim::qwen, "up", "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>"},
      {fim::starcoder, "up", "<fim_prefix>P<fim_suffix>S<fim_middle>"},
      {fim::codellama, "up", "<PRE> P <SUF>S <MID>"},
      {fim::deepseek, "up", "<｜fim▁begin｜>P<｜fim▁hole｜>S<｜fim▁end｜>"},
      {fim::codestral, "up", "[SUFFIX]S[PREFIX]P"},
      {fim::granite, "granite-3b-code-base-2k", "<fim_prefix>P<fim_suffix>S<fim_middle>"},
      {fim::granite, "granite-4.0-h-tiny", "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>"},
      {fim::codegemma, "up", "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>"},
      {fim::stable_code, "up", "<fim_prefix>P<fim_suffix>S<fim_middle>"},
  };
  for (const auto& e : list) {
    std::string got;
    dialect::append_middle(got, e.f, e.model, "P", "S");
    if (got != e.want) return wrong(differs("prompt", e.want, got));
    if (dialect::special_tokens(e.f).empty()) return wrong("no end of " + got);
    asking a(R"({"prompt":"P","suffix":"S"})", e.f);
    a.call.model = e.model;
    const std::string body = a.as(id::openai).body;
    std::string quoted;
    json::append_string(quoted, e.want);
    if (body.find("\"prompt\":" + quoted) == std::string::npos) return wrong(body);
    if (body.find("\"suffix\"") != std::string::npos) return wrong("a suffix twice: " + body);
  }
  fim f = fim::none;
  for (const string_view word : {"", "none", "stable_code", "Qwen"}) {
    if (dialect::read_fim(word, f)) return wrong("taken: " + std::string(word));
  }
  if (!dialect::read_fim("stable-code", f) || f != fim::stable_code) return "stable-code";
  return dialect::fim_words() ==
                 "suffix, infill, qwen, starcoder, codellama, deepseek, codestral, granite, "
                 "codegemma or stable-code"
             ? nullptr
             : wrong(dialect::fim_words());
}

const char* completion_check_bodies() {
  constexpr string_view kAll =
      R"({"prompt":"P","suffix":"S","max_tokens":5,"temperature":0.10,"top_p":1,"seed":3,
          "presence_penalty":0.5,"stop":"x","stream":true,"user":"u","logit_bias":{"1":2},
          "min_tokens":1,"cache_prompt":true,"input_extra":[{"text":"t"}]})";
  const struct {
    string_view body;
    id d;
    fim f;
    string_view path, want;
  } list[] = {
      {kAll, id::openai, fim::suffix, "",
       R"({"model":"up","prompt":"P","suffix":"S","stream":true,"stream_options":{"include_usage":true},)"
       R"("max_tokens":5,"temperature":0.10,"top_p":1,"seed":3,"presence_penalty":0.5,"stop":["x"],)"
       R"("user":"u","logit_bias":{"1":2}})"},
      {kAll, id::openai, fim::suffix, "v1/fim/completions",
       R"({"model":"up","prompt":"P","suffix":"S","stream":true,"max_tokens":5,"temperature":0.10,)"
       R"("top_p":1,"random_seed":3,"stop":["x"],"min_tokens":1})"},
      {kAll, id::openai, fim::infill, "",
       R"({"model":"up","input_prefix":"P","input_suffix":"S","stream":true,)"
       R"("n_predict":5,"temperature":0.10,"top_p":1,"seed":3,"presence_penalty":0.5,"stop":["x"],)"
       R"("input_extra":[{"text":"t"}]})"},
      {kAll, id::ollama, fim::suffix, "",
       R"({"model":"up","prompt":"P","suffix":"S","stream":true,"options":{"num_predict":5,)"
       R"("temperature":0.10,"top_p":1,"seed":3,"presence_penalty":0.5,"stop":["x"]}})"},
      {R"({"prompt":"P","suffix":"S"})", id::ollama, fim::starcoder, "",
       R"({"model":"up","prompt":"<fim_prefix>P<fim_suffix>S<fim_middle>","raw":true,"stream":false,)"
       R"("options":{"stop":["<|endoftext|>","<file_sep>","<fim_prefix>","<fim_suffix>",)"
       R"("<fim_middle>","<fim_pad>","<repo_name>"]}})"},
      // A chat's template would make an answer of what is to be continued.
      {R"({"prompt":"P"})", id::ollama, fim::suffix, "",
       R"({"model":"up","prompt":"P","raw":true,"stream":false})"},
      {R"({"prompt":"P","suffix":""})", id::openai, fim::none, "",
       R"({"model":"up","prompt":"P"})"},
      // As it is: the client may have written the tokens itself.
      {R"({"prompt":"P"})", id::openai, fim::codestral, "",
       R"({"model":"up","prompt":"P","stop":["</s>","[SUFFIX]","[PREFIX]","[MIDDLE]"]})"},
  };
  for (const auto& e : list) {
    asking a(e.body, e.f, e.path);
    if (!a.read) return wrong(a.bad.message);
    const std::string got = a.as(e.d).body;
    if (got != e.want) return wrong(got + "\nwant " + std::string(e.want));
  }
  asking lossy(kAll, fim::suffix, "v1/fim/completions");
  lossy.as(id::openai);
  if (lossy.out.dropped.header() !=
      "cache_prompt, presence_penalty, user, logit_bias, input_extra") {
    return wrong("dropped: " + lossy.out.dropped.header());
  }
  asking capped(R"({"prompt":"P","max_tokens":500})", fim::suffix);
  capped.call.options.max_output = 100;
  return capped.as(id::openai).body == R"({"model":"up","prompt":"P","max_tokens":100})"
             ? nullptr
             : wrong(capped.out.body);
}

const char* completion_check_paths() {
  const struct {
    id d;
    fim f;
    string_view own, want;
  } list[] = {
      {id::openai, fim::none, "", "v1/completions"},
      {id::openai, fim::qwen, "", "v1/completions"},
      {id::openai, fim::infill, "", "infill"},
      {id::openai, fim::suffix, "v1/fim/completions", "v1/fim/completions"},
      {id::openai, fim::suffix, "beta/completions", "beta/completions"},
      // A path that is chat's: completions lie beside it.
      {id::openai, fim::qwen, "api/v3/chat/completions", "api/v3/completions"},
      {id::ollama, fim::suffix, "", "api/generate"},
      {id::ollama, fim::suffix, "x/api/chat", "x/api/generate"},
  };
  for (const auto& e : list) {
    asking a(R"({"prompt":"P","suffix":"S"})", e.f, e.own);
    if (a.as(e.d).path != e.want) return wrong(differs("path", e.want, a.out.path));
  }
  return nullptr;
}

// Four go up, all are enforced.
const char* completion_check_stops() {
  asking a(R"({"prompt":"P","suffix":"S","stop":["1","2","","3","4"]})", fim::codellama);
  const std::string body = a.as(id::openai).body;
  if (body.find(R"("stop":[" <EOT>","1","2","3"])") == std::string::npos) return wrong(body);
  std::string all;
  for (const std::string& s : a.out.stops) all += s + ',';
  return all == "1,2,3,4, <EOT>,<EOT>,<PRE>, <SUF>,<SUF>, <MID>,<MID>,</s>," ? nullptr : wrong(all);
}

const char* completion_check_refused() {
  const struct {
    id d;
    fim f;
    string_view body, want;
  } list[] = {
      {id::openai, fim::none, R"({"prompt":"P"})", ""},
      {id::ollama, fim::none, R"({"prompt":"P","suffix":""})", ""},
      {id::openai, fim::qwen, R"({"prompt":"P","suffix":"S"})", ""},
      {id::openai, fim::none, R"({"prompt":"P","suffix":"S"})", "unsupported_value suffix"},
      {id::anthropic, fim::none, R"({"prompt":"P","suffix":"S"})", "unsupported_value suffix"},
      {id::anthropic, fim::none, R"({"prompt":"P"})", "unsupported_value model"},
      {id::gemini, fim::none, R"({"prompt":"P"})", "unsupported_value model"},
      {id::responses, fim::none, R"({"prompt":"P"})", "unsupported_value model"},
  };
  for (const auto& e : list) {
    asking a(e.body);
    const bool good = dialect::check_completion(e.d, e.f, a.request, a.bad);
    const std::string got = good ? "" : a.bad.code + ' ' + a.bad.param;
    if (got != e.want) return wrong(differs(e.body.data(), e.want, got));
  }
  if (dialect::knows_fim(id::anthropic, fim::qwen) || dialect::knows_fim(id::ollama, fim::infill) ||
      !dialect::knows_fim(id::ollama, fim::qwen) || !dialect::knows_fim(id::gemini, fim::none)) {
    return "whom the configuration may ask";
  }
  return nullptr;
}

const char* completion_check_fences() {
  const struct {
    string_view text, want;
  } list[] = {
      {"a + b", "a + b"},
      {"", ""},
      {"```python\na + b\n```", "a + b"},
      {"```python\na + b\n```\n", "a + b"},
      {"```\na\n\nb\n```\n", "a\n\nb"},
      {"```python\r\na\r\nb\r\n```\r\n", "a\r\nb"},
      {"~~~\na\n```\nb\n~~~", "a\n```\nb"},
      {"````md\na\n```\nb\n````", "a\n```\nb"},
      {"\n```c\nint a;\n```", "int a;"},
      {"```c\n```", ""},
      {"```c\n\n```", ""},
      // The answer's limit came first.
      {"```c\nint a;\n", "int a;\n"},
      {"```c\nint a;\n``", "int a;"},
      {"```c", ""},
      // What stands behind the fence is no code.
      {"```c\nint a;\n```\n\nThis declares `a`.", "int a;"},
      // An inner line that looks like one.
      {"```py\ns = '''\n  ```\n  x\n```py\n'''\n```", "s = '''\n  ```\n  x\n```py\n'''"},
      {"```c\nint a; ```\n```c x\n``\n```", "int a; ```\n```c x\n``"},
      // None at all.
      {"doc = '```x```'\n", "doc = '```x```'\n"},
      {"```x```", "```x```"},
      {"```x``` y\nz", "```x``` y\nz"},
      {"``", "``"},
      {"```", "```"},
      {"``x\n", "``x\n"},
      {"\n```\nText", "\n```\nText"},
      {"  x\n```\n", "  x\n```\n"},
      {"\n\n", "\n\n"},
      {"é```\n", "é```\n"},
  };
  for (const auto& e : list) {
    std::string bad;
    each_cut(e.text, [&](const std::vector<size_t>& cuts) {
      if (bad.empty()) bad = differs(e.text.data(), e.want, unfenced(e.text, cuts));
    });
    if (!bad.empty()) return wrong(bad);
  }
  // Nothing is held for ever.
  const std::string blanks(5000, '\n'), marks(5000, '`'), info = "```" + std::string(5000, 'x');
  for (const std::string& s : {blanks, marks, info}) {
    dialect::unfence u;
    std::string out;
    u.take(s, out);
    if (!u.passes() || out != s) return wrong("held: " + brief(s));
  }
  return nullptr;
}

const char* completion_check_prompts_in_fences() {
  const struct {
    string_view text;
    bool want;
  } list[] = {
      {"", false},
      {"a\n", false},
      {"```", true},
      {"x\n```py\na = ", true},
      {"x\n```py\na\n```\n", false},
      {"x\n```py\na\n``` \n\n", false},
      {"x\n~~~py\n```\n", true},
      {"x\n````md\n```\n", true},
      {"x\n````md\n`````\n", false},
      {"s = '```'\n  ```\n", false},
  };
  for (const auto& e : list) {
    if (dialect::ends_in_fence(e.text) != e.want) return wrong(std::string(e.text));
  }
  asking a("{\"prompt\":\"```py\\na = \",\"suffix\":\"\\n```\"}", fim::qwen);
  if (a.as(id::openai).unfence) return "the answer may close the prompt's own fence";
  asking b(R"({"prompt":"a","suffix":"b"})", fim::qwen);
  return b.as(id::openai).unfence ? nullptr : "a fence would reach the client";
}

// The providers' forms, streamed and whole.
const char* completion_check_answers() {
  const auto text = [](string_view s, string_view finish) {
    return "data: {\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"" +
           std::string(s) + "\",\"logprobs\":null,\"finish_reason\":" + std::string(finish) +
           "}]}\n\n";
  };
  const auto infill = [](string_view s, string_view more) {
    return "data: {\"index\":0,\"content\":\"" + std::string(s) +
           "\",\"tokens\":[],\"stop\":" + std::string(more) + "}\n\n";
  };
  const struct {
    id d;
    bool lines;
    std::string bytes, want;
  } list[] = {
      {id::openai, false,
       text("a ", "null") + text("\\u7d42", "null") + text("", "\"stop\"") + done_mark,
       "a 終// stop "},
      {id::openai, false, text("a", "\"length\"") + done_mark, "a// length "},
      {id::openai, false, text("", "\"stop\"") + done_mark, "// stop "},
      {id::openai, false, text("a", "null"), "a// null stream_truncated"},
      {id::openai, false,
       infill("a ", "false") + infill("b", "false") + infill("", "true,\"stop_type\":\"eos\""),
       "a b// stop "},
      {id::openai, false, infill("a", "false") + infill("", "true,\"stop_type\":\"limit\""),
       "a// length "},
      {id::openai, false, infill("a", "false") + infill("", "true,\"stopped_limit\":true"),
       "a// length "},
      {id::openai, false, infill("", "true,\"stop_type\":\"eos\""), "// stop "},
      {id::openai, false, infill("a", "false"), "a//  stream_truncated"},
      {id::openai, false,
       infill("a", "false") +
           "data: {\"error\":{\"type\":\"server_error\",\"message\":\"no\"}}\n\n",
       "a//  server_error"},
      {id::ollama, true,
       "{\"response\":\"a \",\"done\":false}\n{\"response\":\"b\",\"done\":false}\n"
       "{\"response\":\"\",\"done\":true,\"done_reason\":\"length\"}\n",
       "a b// length "},
      {id::ollama, true, "{\"response\":\"a\",\"done\":false}\n", "a//  stream_truncated"},
  };
  for (const auto& e : list) {
    answer a = sse(e.d);
    if (e.lines) a.headers = {{"content-type", "application/x-ndjson"}};
    std::string want = e.want;
    if (const size_t n = want.find("null "); n != std::string::npos) want.erase(n, 4);
    const std::string bad = always(a, e.bytes, want);
    if (!bad.empty()) return wrong(bad);
  }
  std::string many;
  for (int i = 0; i < 10; i++) many += text("x", "null");
  many += text("", "\"stop\"") + done_mark;
  dialect::scratch scratch;
  recorder quick(true);
  play(sse(id::openai), many, {}, quick, scratch);
  if (quick.escaped < 5 || outcome(quick) != "xxxxxxxxxx// stop ") return "the fast lane is closed";
  const struct {
    id d;
    string_view bytes;
    int64_t prompt, completion;
  } bodies[] = {
      {id::openai,
       R"({"choices":[{"index":0,"text":"ab","finish_reason":"stop"}],
           "usage":{"prompt_tokens":30,"completion_tokens":7,"total_tokens":37}})",
       30, 7},
      {id::openai,
       R"({"index":0,"content":"ab","stop":true,"stop_type":"eos","tokens_predicted":7,
           "tokens_evaluated":30})",
       30, 7},
      {id::ollama,
       R"({"response":"ab","done":true,"done_reason":"stop","prompt_eval_count":30,
           "eval_count":7})",
       30, 7},
  };
  for (const auto& e : bodies) {
    answer a = sse(e.d);
    a.headers = {{"content-type", "application/json"}};
    dialect::scratch s;
    recorder r(false);
    play(a, e.bytes, {}, r, s);
    if (outcome(r) != "ab// stop ") return wrong(differs(e.bytes.data(), "ab// stop ", outcome(r)));
    if (r.used.prompt != e.prompt || r.used.completion != e.completion || r.used.total != 37) {
      return wrong("usage of " + std::string(e.bytes));
    }
  }
  return nullptr;
}

// Tokens and fences, cut anywhere, never reach the client.
const char* completion_check_middles() {
  const auto text = [](string_view s) {
    return "data: {\"choices\":[{\"index\":0,\"text\":\"" + std::string(s) + "\"}]}\n\n";
  };
  const struct {
    fim f;
    std::string bytes, want;
  } list[] = {
      {fim::qwen, text("a + b<|en") + text("doftext|>def more"), "a + b// stop "},
      {fim::qwen, text("<|fim_pad|>"), "// stop "},
      {fim::qwen, text("a <|e") + text("lse") + done_mark, "a <|else// stop "},
      {fim::codellama, text("a <EO") + text("T> b"), "a// stop "},
      {fim::codellama, text("a<EOT>"), "a// stop "},
      {fim::deepseek, text("a<｜end▁of▁") + text("sentence｜>"), "a// stop "},
      {fim::qwen, text("``") + text("`py\\na") + text("\\n``") + text("`") + done_mark,
       "a// stop "},
      {fim::qwen, text("```py\\na\\n```<|endof") + text("text|>"), "a// stop "},
      {fim::suffix, text("```py\\na\\n```\\n\\nI have") + text(" done it."), "a// stop "},
      {fim::infill, text("doc = '```x```'\\n") + done_mark, "doc = '```x```'\n// stop "},
      {fim::suffix,
       text("```py\\na\\n") + "data: {\"error\":{\"type\":\"x\",\"message\":\"no\"}}\n\n",
       "a\n//  x"},
  };
  for (const auto& e : list) {
    asking asked(R"({"prompt":"P","suffix":"S"})", e.f);
    answer a = sse(id::openai);
    a.options.stops = asked.as(id::openai).stops;
    a.options.unfence = asked.out.unfence;
    const std::string bad = always(a, e.bytes, e.want);
    if (!bad.empty()) return wrong(bad);
  }
  return nullptr;
}

namespace {

chat::event said(string_view text, int choice = 0) {
  chat::event e{};
  e.type = chat::event::kind::content;
  e.choice = choice;
  e.text = text;
  return e;
}

chat::event ended(chat::finish why) {
  chat::event e{};
  e.type = chat::event::kind::finish;
  e.why = why;
  return e;
}

chat::usage counts() {
  chat::usage u;
  u.prompt = 30;
  u.completion = 7;
  u.total = 37;
  return u;
}

constexpr string_view kHead =
    "{\"id\":\"cmpl-x1\",\"object\":\"text_completion\",\"created\":5,\"model\":\"m\",\"choices\":"
    "[";

}  // namespace

const char* completion_check_stream() {
  const front::identity who{"x1", 5, "m"};
  f0::budget memory(1 << 20);
  for (const bool usage : {false, true}) {
    chat::request r;
    r.stream = true;
    r.include_usage = usage;
    const auto w = completions::stream({who, r, 1, memory});
    std::string out;
    chat::event thought = said("hm");
    thought.type = chat::event::kind::reasoning;
    w->on(out, thought);
    w->on(out, said("other", 1));
    w->on(out, said("a\n\"終\""));
    const string_view run[] = {"b\\n", "c"};
    if (w->content_run(out, run, 2) != 2) return "the fast lane is closed";
    w->stay_awake(out, false);
    w->stay_awake(out, true);
    w->on(out, ended(chat::finish::length));
    w->done(out, counts());
    const std::string head = "data: " + std::string(kHead);
    const std::string tail = usage ? "}],\"usage\":null}\n\n" : "}]}\n\n";
    const auto chunk = [&](string_view text, string_view finish) {
      return head + "{\"index\":0,\"text\":\"" + std::string(text) +
             "\",\"logprobs\":null,\"finish_reason\":" + std::string(finish) + tail;
    };
    std::string want = chunk("a\\n\\\"終\\\"", "null") + chunk("b\\n", "null") +
                       chunk("c", "null") + ": keep-alive\n\n" + chunk("", "null") +
                       chunk("", "\"length\"");
    if (usage) {
      want += head + "],\"usage\":";
      front::append_usage(want, counts());
      want += "}\n\n";
    }
    want += done_mark;
    if (out != want) return wrong(differs("stream", want, out));
    if (w->chunks() != (usage ? 6u : 5u)) return "chunks are miscounted";
  }
  chat::request r;
  const auto w = completions::stream({who, r, 1, memory});
  std::string out;
  chat::api_error t;
  t.status = 502;
  t.type = "server_error";
  t.code = "upstream_error";
  t.message = "no";
  w->error(out, t);
  return out == "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\",\"param\":null,"
                "\"code\":\"upstream_error\"}}\n\ndata: [DONE]\n\n"
             ? nullptr
             : wrong(out);
}

const char* completion_check_body() {
  const front::identity who{"x1", 5, "m"};
  chat::request r;
  f0::budget memory(64);
  {
    const auto w = completions::body({who, r, 1, memory});
    if (!w->on(said("lost"))) return "no room";
    w->restart();
    if (memory.used() != 0) return "a restart keeps memory";
    w->on(said("a\n"));
    w->on(said("other", 1));
    w->on(ended(chat::finish::tool_calls));
    w->usage(counts());
    std::string out, want = std::string(kHead) +
                            "{\"index\":0,\"text\":\"a\\n\",\"logprobs\":null,"
                            "\"finish_reason\":\"stop\"}],\"usage\":";
    w->write(out);
    front::append_usage(want, counts());
    want += '}';
    if (out != want) return wrong(differs("body", want, out));
    if (w->on(said(std::string(100, 'x')))) return "over the turn's memory";
  }
  return memory.used() == 0 ? nullptr : "memory is kept";
}
