// Copyright (C) 2026 The f0 authors
//
// encode_checks.cc - checks of requests in the providers' words.

#include "encode_checks.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/front/chat_completions/request.h"
#include "core/provider/call.h"
#include "wrong.h"

using std::string_view;
namespace chat = f0::chat;
namespace front = f0::front;
namespace dialect = f0::dialect;
namespace fs = std::filesystem;
namespace json = f0::json;
using dialect::id;

namespace {

// A body and its encoding.
struct asking {
  json::document doc;
  chat::request request;
  chat::bad_request bad;
  dialect::call call;
  dialect::encoded out;
  bool read = false;

  explicit asking(string_view body) {
    const json::value* root = doc.parse(body);
    read = root && front::read_request(*root, request, bad);
    call.request = &request;
    call.messages = &request.messages;
    call.model = "up";
    call.stream = request.stream;
  }
  const std::string& as(id d) {
    out = {};
    dialect::encode(d, call, out);
    return out.body;
  }
};

// The encoding without what the checks that use it do not look at.
std::string fields(const std::string& body, std::initializer_list<string_view> names) {
  json::document doc;
  const json::value* v = doc.parse(body);
  std::string out;
  if (!v) return "no JSON";
  for (string_view name : names) {
    if (const json::value* field = v->get(name))
      json::append_value(out, *field);
    else
      out += '-';
    out += ' ';
  }
  if (!out.empty()) out.pop_back();
  return out;
}

std::string user(string_view more = "") {
  return "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]" +
         std::string(more.empty() ? "" : ",") + std::string(more) + "}";
}

std::string talk(string_view messages, string_view more = "") {
  return "{\"messages\":[" + std::string(messages) + "]" + std::string(more.empty() ? "" : ",") +
         std::string(more) + "}";
}

struct expectation {
  std::string body;
  std::initializer_list<string_view> names;
  string_view want;
};

template <typename F>
const char* expect_all(id d, std::initializer_list<expectation> list, F set) {
  for (const expectation& e : list) {
    asking a(e.body);
    if (!a.read) return wrong(e.body + ": refused: " + a.bad.message);
    set(a.call);
    std::string got = fields(a.as(d), e.names);
    if (got != e.want) return wrong(e.body + "\n gives " + got + "\n want  " + std::string(e.want));
  }
  return nullptr;
}

const char* expect_all(id d, std::initializer_list<expectation> list) {
  return expect_all(d, list, [](dialect::call& c) { c.options.cache = false; });
}

// A turn in which two tools were used, and its tools.
const std::string kCalls =
    "{\"role\":\"user\",\"content\":\"go\"},"
    "{\"role\":\"assistant\",\"content\":\"I look\",\"tool_calls\":["
    "{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"ls\",\"arguments\":\"{\\\"p\\\": "
    "1.50}\"}},"
    "{\"id\":\"call_f0_1_1\",\"type\":\"function\",\"function\":{\"name\":\"ls\",\"arguments\":"
    "\"\"}},"
    "{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"cat\",\"arguments\":\"[1\"}}]},"
    "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"3\"},"
    "{\"role\":\"tool\",\"tool_call_id\":\"call_f0_1_1\",\"content\":[{\"type\":\"text\",\"text\":"
    "\"2\"},"
    "{\"type\":\"text\",\"text\":\"zwei\"}]},"
    "{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"\"}";
const std::string kTools =
    "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"ls\",\"description\":\"lists\","
    "\"parameters\":"
    "{\"properties\":{\"p\":{}}}}},{\"type\":\"function\",\"function\":{\"name\":\"cat\"}}]";

// All bodies of the corpus that can be read.
template <typename F>
const char* each_request(F check) {
  size_t n = 0;
  for (const auto& entry : fs::directory_iterator("t/wire/requests")) {
    std::string name = entry.path().filename();
    if (name.find(".expect.json") != std::string::npos) continue;
    std::ifstream f(entry.path(), std::ios::binary);
    std::string body{std::istreambuf_iterator<char>(f), {}};
    if (body.substr(0, 3) == "\xEF\xBB\xBF") body.erase(0, 3);
    asking a(body);
    if (!a.read) continue;
    n++;
    if (const char* w = check(name, body, a)) return w;
  }
  return n > 30 ? nullptr : "the corpus is not there";
}

}  // namespace

const char* encode_check_refused() {
  auto part = [](string_view p) {
    return talk("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}," +
                std::string(p) + "]}");
  };
  std::string audio =
      part("{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"UA==\",\"format\":\"wav\"}}");
  std::string pdf =
      part("{\"type\":\"file\",\"file\":{\"file_data\":\"data:Application/PDF;base64,JV\"}}");
  std::string text =
      part("{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/plain;base64,JV\"}}");
  std::string far =
      part("{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/a.png\"}}");
  std::string tiff =
      part("{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/tiff;base64,JV\"}}");
  std::string custom = user(
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},"
      "{\"type\":\"custom\",\"custom\":{\"name\":\"g\"}}]");
  std::string used = talk(
      "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"custom\","
      "\"custom\":{\"name\":\"g\",\"input\":\"x\"}}]}");
  constexpr string_view kPart = "unsupported_value messages[0].content[1]";
  struct {
    const std::string& body;
    string_view anthropic, gemini, ollama;
  } cases[] = {
      {audio, kPart, kPart, kPart},
      {pdf, "", "", kPart},
      {text, kPart, kPart, kPart},
      {far, "", "", kPart},
      {tiff, "invalid_value messages[0].content[1].image_url.url", "", ""},
      {custom, "unsupported_value tools[1].type", "unsupported_value tools[1].type",
       "unsupported_value tools[1].type"},
      {used, "unsupported_value messages[0].tool_calls[0].type",
       "unsupported_value messages[0].tool_calls[0].type",
       "unsupported_value messages[0].tool_calls[0].type"},
  };
  for (const auto& c : cases) {
    for (id d : {id::openai, id::anthropic, id::gemini, id::ollama}) {
      asking a(c.body);
      if (!a.read) return wrong(c.body + ": not read");
      string_view want = d == id::anthropic ? c.anthropic
                         : d == id::gemini  ? c.gemini
                         : d == id::ollama  ? c.ollama
                                            : "";
      std::string got;
      if (!dialect::check_dialect(d, a.request, a.bad)) got = a.bad.code + " " + a.bad.param;
      if (got != want) return wrong(c.body + ": " + got);
    }
  }
  return nullptr;
}

const char* encode_check_heads() {
  struct {
    id d;
    bool stream;
    string_view path, args, accept;
  } cases[] = {
      {id::openai, true, "v1/chat/completions", "", "text/event-stream"},
      {id::openai, false, "v1/chat/completions", "", "application/json"},
      {id::anthropic, true, "v1/messages", "", "text/event-stream"},
      {id::gemini, true, "v1beta/models/up%2F1:streamGenerateContent", "alt=sse",
       "text/event-stream"},
      {id::gemini, false, "v1beta/models/up%2F1:generateContent", "", "application/json"},
      {id::ollama, true, "api/chat", "", "application/x-ndjson"},
      {id::ollama, false, "api/chat", "", "application/json"},
      {id::responses, true, "v1/responses", "", "text/event-stream"},
      {id::responses, false, "v1/responses", "", "application/json"},
  };
  for (const auto& c : cases) {
    asking a(user());
    a.call.model = "up/1";
    a.call.stream = c.stream;
    a.as(c.d);
    if (a.out.path != c.path || a.out.args != c.args) return wrong(a.out.path + "?" + a.out.args);
    std::string version;
    bool json = false, accept = false;
    for (const auto& [name, value] : a.out.headers) {
      json = json || (name == "content-type" && value == "application/json");
      accept = accept || (name == "accept" && value == c.accept);
      if (name == "anthropic-version") version = value;
    }
    if (!json || !accept) return wrong(a.out.path + ": headers");
    if (version != (c.d == id::anthropic ? "2023-06-01" : "")) return wrong("version " + version);
  }
  return nullptr;
}

const char* encode_check_openai() {
  struct {
    std::string body;
    string_view want;
  } cases[] = {
      {"{\"messages\":[{\"content\":\"x\",\"role\":\"user\",\"odd\":{\"b\":1,\"a\":2}}],\"top_k\":"
       "40,\"seed\":1,"
       "\"projectId\":\"p\",\"workspaceId\":\"w\",\"ideType\":\"web\",\"files\":[],\"fz_context\":{"
       "},"
       "\"fz_stream\":{},\"fz_mode\":\"chat\",\"fz_edit_format\":\"whole\",\"model\":\"mine\","
       "\"seed\":2}",
       "{\"model\":\"up\",\"messages\":[{\"content\":\"x\",\"role\":\"user\",\"odd\":{\"b\":1,"
       "\"a\":2}}],\"top_k\":40,"
       "\"seed\":2}"},
      {user("\"stream\":true"),
       "{\"model\":\"up\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true,"
       "\"stream_options\":{\"include_usage\":true}}"},
      {user("\"stream\":true,\"stream_options\":{\"include_usage\":false,\"include_obfuscation\":"
            "false}"),
       "{\"model\":\"up\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true,"
       "\"stream_options\":{\"include_obfuscation\":false,\"include_usage\":true}}"},
      {user("\"stream\":false,\"stream_options\":null"),
       "{\"model\":\"up\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"},
      {user("\"temperature\":2E-1,\"max_tokens\":9007199254740993"),
       "{\"model\":\"up\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":2E-"
       "1,"
       "\"max_tokens\":9007199254740993}"},
      {user("\"tools\":[{\"name\":\"ls\",\"input_schema\":{\"type\":\"object\"}},"
            "{\"type\":\"function\",\"function\":{\"name\":\"cat\",\"odd\":1}}]"),
       "{\"model\":\"up\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{"
       "\"type\":\"function\","
       "\"function\":{\"name\":\"ls\",\"parameters\":{\"type\":\"object\"}}},{\"type\":"
       "\"function\",\"function\":"
       "{\"name\":\"cat\",\"odd\":1}}]}"},
  };
  for (const auto& c : cases) {
    asking a(c.body);
    if (!a.read || a.as(id::openai) != c.want)
      return wrong(a.out.body + "\n want " + std::string(c.want));
  }
  asking a(
      user("\"max_tokens\":900,\"temperature\":1,\"functions\":[{\"name\":\"f\"}],\"function_"
           "call\":\"auto\""));
  a.call.options.max_output = 100;
  a.call.options.temperature = dialect::setting::off;
  a.call.client_tools = false;
  if (a.as(id::openai) !=
      "{\"model\":\"up\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":"
      "100}") {
    return wrong(a.out.body);
  }
  return nullptr;
}

// Messages that are f0's own, and Anthropic's shapes.
const char* encode_check_openai_typed() {
  asking a(talk(
      "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"image_url\","
      "\"image_url\":{\"url\":\"u\"}}],\"name\":\"n\",\"odd\":1}," +
      kCalls));
  a.call.verbatim = false;
  string_view want =
      "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"image_url\","
      "\"image_url\":"
      "{\"url\":\"u\"}}],\"name\":\"n\"},{\"role\":\"user\",\"content\":\"go\"},{\"role\":"
      "\"assistant\",\"content\":"
      "\"I "
      "look\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"ls\","
      "\"arguments\":"
      "\"{\\\"p\\\": "
      "1.50}\"}},{\"id\":\"call_f0_1_1\",\"type\":\"function\",\"function\":{\"name\":\"ls\","
      "\"arguments\":\"\"}},{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"cat\","
      "\"arguments\":\"[1\"}}]},"
      "{\"role\":\"tool\",\"content\":\"3\",\"tool_call_id\":\"c\"},{\"role\":\"tool\",\"content\":"
      "[{\"type\":\"text\","
      "\"text\":\"2\"},{\"type\":\"text\",\"text\":\"zwei\"}],\"tool_call_id\":\"call_f0_1_1\"},{"
      "\"role\":\"tool\","
      "\"content\":\"\",\"tool_call_id\":\"a\"}]";
  std::string got = fields(a.as(id::openai), {"messages"});
  if (got != want) return wrong(got);

  asking b(
      talk("{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":"
           "\"ls\",\"input\":"
           "{\"a\":1}}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":"
           "\"t\","
           "\"content\":\"r\"},{\"type\":\"text\",\"text\":\"on\"}]}"));
  got = fields(b.as(id::openai), {"messages"});
  want =
      "[{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"t\",\"type\":"
      "\"function\",\"function\":"
      "{\"name\":\"ls\",\"arguments\":\"{\\\"a\\\":1}\"}}]},{\"role\":\"tool\",\"content\":\"r\","
      "\"tool_call_id\":"
      "\"t\"},{\"role\":\"user\",\"content\":\"on\"}]";
  if (got != want) return wrong(got);

  std::vector<chat::message> own(2);
  own[0].role = chat::role::system;
  own[0].parts.resize(1);
  own[0].parts[0].text = "be \"brief\"";
  own[1].role = chat::role::user;
  asking c(user());
  c.call.messages = &own;
  got = fields(c.as(id::openai), {"messages"});
  if (got !=
      "[{\"role\":\"system\",\"content\":\"be "
      "\\\"brief\\\"\"},{\"role\":\"user\",\"content\":\"\"}]") {
    return wrong(got);
  }
  asking d(
      talk("{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\","
           "\"arguments\":\"{}\"}},"
           "{\"role\":\"function\",\"name\":\"f\",\"content\":\"1\"}"));
  d.call.verbatim = false;
  got = fields(d.as(id::openai), {"messages"});
  if (got !=
      "[{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\",\"arguments\":"
      "\"{}\"}},"
      "{\"role\":\"function\",\"content\":\"1\",\"name\":\"f\"}]") {
    return wrong(got);
  }
  return nullptr;
}

const char* encode_check_anthropic_turns() {
  return expect_all(
      id::anthropic,
      {
          {talk("{\"role\":\"system\",\"content\":\"s1\"},{\"role\":\"user\",\"content\":\"a\"},{"
                "\"role\":\"developer\","
                "\"content\":[{\"type\":\"text\",\"text\":\"s2\"},{\"type\":\"text\",\"text\":"
                "\"s3\"}]},{\"role\":\"user\","
                "\"content\":\"b\"},{\"role\":\"assistant\",\"content\":\" "
                "\"},{\"role\":\"user\",\"content\":\"c\"}"),
           {"system", "messages"},
           "[{\"type\":\"text\",\"text\":\"s1\\n\\ns2\\ns3\"}] "
           "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"
           "\"a\"},{\"type\":\"text\",\"text\":\"b\"},{\"type\":\"text\",\"text\":\"c\"}]}]"},
          {talk("{\"role\":\"system\",\"content\":\"s\"}"),
           {"messages"},
           "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Go on.\"}]}]"},
          {talk("{\"role\":\"assistant\",\"content\":\"a \\u00a0\\n\"}"),
           {"messages"},
           "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"(continued)\"}]},{"
           "\"role\":\"assistant\","
           "\"content\":[{\"type\":\"text\",\"text\":\"a\"}]},{\"role\":\"user\",\"content\":[{"
           "\"type\":\"text\",\"text\":\"Continue.\"}]}]"},
          {talk("{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
                "\"data:image/JPG;x=1;base64,/9j/ "
                "4A\\nQ=\",\"detail\":\"low\"}},{\"type\":\"image_url\",\"image_url\":"
                "{\"url\":\"https://e/"
                "a\"}},{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":"
                "\"data:application/pdf;base64,JV\"}}]}"),
           {"messages"},
           "[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\","
           "\"media_type\":\"image/jpeg\","
           "\"data\":\"/9j/"
           "4AQ=\"}},{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://e/"
           "a\"}},{\"type\":"
           "\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/"
           "pdf\",\"data\":\"JV\"},\"title\":"
           "\"a.pdf\"}]}]"},
          {talk(kCalls + ",{\"role\":\"user\",\"content\":\"on\"}", kTools),
           {"messages"},
           "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"go\"}]},{\"role\":"
           "\"assistant\",\"content\":["
           "{\"type\":\"text\",\"text\":\"I "
           "look\"},{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"ls\",\"input\":{\"p\":"
           "1.50}},{\"type\":\"tool_use\",\"id\":\"call_f0_1_1\",\"name\":\"ls\",\"input\":{}},{"
           "\"type\":\"tool_use\",\"id\":"
           "\"c\",\"name\":\"cat\",\"input\":{\"_raw\":\"[1\"}}]},{\"role\":\"user\",\"content\":[{"
           "\"type\":\"tool_result\","
           "\"tool_use_id\":\"c\",\"content\":\"3\"},{\"type\":\"tool_result\",\"tool_use_id\":"
           "\"call_f0_1_1\",\"content\":"
           "[{\"type\":\"text\",\"text\":\"2\"},{\"type\":\"text\",\"text\":\"zwei\"}]},{\"type\":"
           "\"tool_result\","
           "\"tool_use_id\":\"a\",\"content\":\"\"},{\"type\":\"text\",\"text\":\"on\"}]}]"},
          // A history that was cut, with a deprecated call.
          {talk("{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":null,"
                "\"function_call\":{\"name\":"
                "\"f\",\"arguments\":\"{}\"}},{\"role\":\"user\",\"content\":\"x\"},{\"role\":"
                "\"function\",\"name\":\"g\","
                "\"content\":\"lost\"}"),
           {"messages", "tools", "tool_choice"},
           "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"q\"}]},{\"role\":"
           "\"assistant\",\"content\":[{\"type\":"
           "\"tool_use\",\"id\":\"call_f0_0\",\"name\":\"f\",\"input\":{}}]},{\"role\":\"user\","
           "\"content\":[{\"type\":"
           "\"tool_result\",\"tool_use_id\":\"call_f0_0\",\"content\":\"no "
           "result\",\"is_error\":true},{\"type\":\"text\","
           "\"text\":\"x\"},{\"type\":\"text\",\"text\":\"lost\"}]}] "
           "[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\","
           "\"properties\":{}}}] {\"type\":\"none\"}"},
      });
}

const char* encode_check_anthropic_tools() {
  const string_view all =
      "[{\"name\":\"ls\",\"description\":\"lists\",\"input_schema\":{\"type\":\"object\","
      "\"properties\":{\"p\":{}}}},"
      "{\"name\":\"cat\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}]";
  auto with = [&](string_view more) { return user(kTools + std::string(more)); };
  auto both = [&](string_view choice) { return std::string(all) + " " + std::string(choice); };
  std::string none = both("-"), automatic = both("{\"type\":\"auto\"}"),
              any = both("{\"type\":\"any\"}"),
              named = both("{\"type\":\"tool\",\"name\":\"cat\"}"),
              single = both("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}"),
              any_single = both("{\"type\":\"any\",\"disable_parallel_tool_use\":true}"),
              forbidden = both("{\"type\":\"none\"}");
  const std::initializer_list<string_view> names = {"tools", "tool_choice"};
  return expect_all(
      id::anthropic,
      {
          {with(""), names, none},
          {with(",\"tool_choice\":\"auto\""), names, automatic},
          {with(",\"tool_choice\":\"required\""), names, any},
          {with(",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"cat\"}}"), names,
           named},
          {with(",\"parallel_tool_calls\":false"), names, single},
          {with(",\"parallel_tool_calls\":false,\"tool_choice\":\"required\""), names, any_single},
          {with(",\"tool_choice\":\"none\""), names, "- -"},
          {talk(kCalls, kTools + ",\"tool_choice\":\"none\""), names, forbidden},
          {with(",\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":"
                "\"required\",\"tools\":[{\"type\":"
                "\"function\",\"function\":{\"name\":\"cat\"}}]}}"),
           names,
           "[{\"name\":\"cat\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}] "
           "{\"type\":\"any\"}"},
          {user("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":true,"
                "\"parameters\":{\"type\":"
                "\"object\",\"required\":[]}}}]"),
           names,
           "[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"required\":[]},\"strict\":"
           "true}] -"},
          {user("\"parallel_tool_calls\":false"), names, "- -"},
      });
}

const char* encode_check_anthropic_options() {
  const std::string schema =
      "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"r\",\"schema\":{"
      "\"type\":\"object\"}}}";
  const char* w = expect_all(
      id::anthropic,
      {
          {user(),
           {"model", "max_tokens", "stream", "temperature", "top_p", "stop_sequences", "metadata"},
           "\"up\" 8192 false - - - -"},
          {user("\"max_tokens\":5,\"max_completion_tokens\":7,\"stream\":true"),
           {"max_tokens", "stream"},
           "7 true"},
          {user("\"temperature\":1.5,\"top_p\":0.5"), {"temperature", "top_p"}, "1 -"},
          {user("\"temperature\":0.30"), {"temperature"}, "0.30"},
          {user("\"top_p\":0.5"), {"temperature", "top_p"}, "- 0.5"},
          {user("\"stop\":[\"a\",\" \\n\",\"\\u3000\",\"b\"]"),
           {"stop_sequences"},
           "[\"a\",\"b\"]"},
          {user("\"stop\":\" \""), {"stop_sequences"}, "-"},
          {user("\"user\":\"u-1\""), {"metadata"}, "{\"user_id\":\"u-1\"}"},
          {user("\"user\":\"a@b.c\""), {"metadata"}, "-"},
          {user("\"user\":\"+49 (89) 1234\""), {"metadata"}, "-"},
          {user("\"response_format\":{\"type\":\"json_object\"}"),
           {"system", "output_config"},
           "[{\"type\":\"text\",\"text\":\"Answer with one JSON object only.\"}] -"},
          {user(schema),
           {"system", "output_config"},
           "- {\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\","
           "\"additionalProperties\":false}}}"},
          {user("\"seed\":1,\"n\":1,\"logit_bias\":{},\"logprobs\":false,\"presence_penalty\":1,"
                "\"frequency_penalty\":1,"
                "\"store\":true,\"metadata\":{},\"prediction\":{},\"verbosity\":\"low\",\"service_"
                "tier\":\"auto\",\"top_k\":1"),
           {"seed", "n", "logit_bias", "logprobs", "presence_penalty", "frequency_penalty", "store",
            "metadata", "prediction", "verbosity", "service_tier", "top_k"},
           "- - - - - - - - - - - -"},
      });
  if (w) return w;
  asking a(user(schema));
  a.call.options.native_schema = false;
  a.call.options.cache = false;
  std::string got = fields(a.as(id::anthropic), {"tool_choice", "output_config"});
  if (got != "{\"type\":\"tool\",\"name\":\"json\"} -" || !a.out.json_tool ||
      a.out.body.find("{\"name\":\"json\",\"description\":\"Takes the "
                      "answer.\",\"input_schema\":{\"type\":\"object\"}}") == std::string::npos) {
    return wrong(a.out.body);
  }
  asking b(user("\"max_tokens\":9000,\"temperature\":0,\"top_p\":1"));
  b.call.options.max_output = 4096;
  b.call.options.temperature = dialect::setting::off;
  got = fields(b.as(id::anthropic), {"max_tokens", "temperature", "top_p"});
  if (got != "4096 - -") return wrong(got);
  asking c(
      talk("{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}"));
  c.call.options.prefill = dialect::setting::off;
  c.call.options.cache = false;
  got = fields(c.as(id::anthropic), {"messages"});
  if (got.find("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Continue.\"}]}") ==
      std::string::npos) {
    return wrong(got);
  }
  return nullptr;
}

const char* encode_check_anthropic_thinking() {
  using option = dialect::provider_options;
  auto effort = [](string_view e, string_view more = "") {
    return user("\"reasoning_effort\":\"" + std::string(e) + "\"" + std::string(more));
  };
  struct {
    std::string body;
    enum option::thinking how;
    string_view model, want;
  } cases[] = {
      {user(), option::thinking::automatic, "claude-opus-4-6", "- - 8192"},
      {effort("none"), option::thinking::automatic, "claude-opus-4-6", "- - 8192"},
      {effort("minimal"), option::thinking::automatic, "claude-opus-4-6",
       "{\"type\":\"adaptive\"} {\"effort\":\"low\"} 8192"},
      {effort("max"), option::thinking::automatic, "anything",
       "{\"type\":\"adaptive\"} {\"effort\":\"max\"} 8192"},
      {effort("high"), option::thinking::automatic, "claude-sonnet-4-20250514",
       "{\"type\":\"enabled\",\"budget_tokens\":4096} - 8192"},
      {effort("high"), option::thinking::automatic, "anthropic/claude-sonnet-4.5",
       "{\"type\":\"enabled\",\"budget_tokens\":4096} - 8192"},
      {effort("high"), option::thinking::automatic, "claude-3-7-sonnet-latest",
       "{\"type\":\"enabled\",\"budget_tokens\":4096} - 8192"},
      {effort("high"), option::thinking::automatic, "claude-3-5-haiku-latest", "- - 8192"},
      {effort("low"), option::thinking::off, "claude-opus-4-6", "- - 8192"},
      {effort("low"), option::thinking::budget, "up",
       "{\"type\":\"enabled\",\"budget_tokens\":1024} - 8192"},
      {effort("max"), option::thinking::budget, "up",
       "{\"type\":\"enabled\",\"budget_tokens\":16384} - 24576"},
      {effort("medium", ",\"max_tokens\":100"), option::thinking::budget, "up",
       "{\"type\":\"enabled\",\"budget_tokens\":2048} - 2148"},
      {effort("high", "," + kTools + ",\"tool_choice\":\"required\""), option::thinking::adaptive,
       "up", "- {\"effort\":\"high\"} 8192"},
      {talk(kCalls, kTools + ",\"reasoning_effort\":\"max\",\"max_tokens\":9"),
       option::thinking::budget, "up", "- - 9"},
  };
  for (const auto& c : cases) {
    asking a(c.body);
    a.call.options.thinking = c.how;
    a.call.model = c.model;
    std::string got = fields(a.as(id::anthropic), {"thinking", "output_config", "max_tokens"});
    if (got != c.want) return wrong(c.body + " " + std::string(c.model) + ": " + got);
  }
  // Thinking goes without temperature, and cannot be prefilled.
  asking a(talk("{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}",
                "\"reasoning_effort\":\"low\",\"temperature\":0.5,\"top_p\":0.5"));
  std::string got = fields(a.as(id::anthropic), {"temperature", "top_p"});
  if (got != "- -" || a.out.body.find("Continue.") == std::string::npos) return wrong(a.out.body);
  asking b(effort("max"));
  b.call.options.thinking = option::thinking::budget;
  b.call.options.max_output = 4000;
  got = fields(b.as(id::anthropic), {"thinking", "max_tokens"});
  return got == "{\"type\":\"enabled\",\"budget_tokens\":2000} 4000" ? nullptr : wrong(got);
}

const char* encode_check_anthropic_marks() {
  const string_view kMark = ",\"cache_control\":{\"type\":\"ephemeral\"}";
  auto count = [](const std::string& s, string_view what) {
    size_t n = 0;
    for (size_t at = 0; (at = s.find(what, at)) != std::string::npos; at++) n++;
    return n;
  };
  asking a(
      talk("{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"1\"},{"
           "\"role\":\"assistant\","
           "\"content\":\"2\"},{\"role\":\"user\",\"content\":\"3\"},{\"role\":\"assistant\","
           "\"content\":\"4\"},"
           "{\"role\":\"user\",\"content\":\"5\"}",
           kTools));
  a.as(id::anthropic);
  for (string_view marked :
       {"\"text\":\"s\"", "\"text\":\"3\"", "\"text\":\"5\"", "\"properties\":{}}"}) {
    if (a.out.body.find(std::string(marked) + std::string(kMark)) == std::string::npos) {
      return wrong(std::string(marked) + " is not marked: " + a.out.body);
    }
  }
  if (count(a.out.body, kMark) != 4) return wrong(a.out.body);

  const std::string own = ",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";
  asking b(talk("{\"role\":\"system\",\"content\":[{\"type\":\"text\",\"text\":\"s1\"" + own +
                "},{\"type\":\"text\","
                "\"text\":\"s2\"}]},{\"role\":\"user\",\"content\":\"x\"}"));
  std::string got = fields(b.as(id::anthropic), {"system"});
  if (got !=
          "[{\"type\":\"text\",\"text\":\"s1\"" + own + "},{\"type\":\"text\",\"text\":\"s2\"}]" ||
      count(b.out.body, "cache_control") != 1) {
    return wrong(b.out.body);
  }
  std::string tools, parts;
  for (int i = 0; i < 3; i++) {
    tools += std::string(i ? "," : "") + "{\"type\":\"function\",\"function\":{\"name\":\"f" +
             std::to_string(i) + "\"}" + own + "}";
    parts += std::string(i ? "," : "") + "{\"type\":\"text\",\"text\":\"p" + std::to_string(i) +
             "\"" + own + "}";
  }
  asking c(talk("{\"role\":\"user\",\"content\":[" + parts + "]}", "\"tools\":[" + tools + "]"));
  c.as(id::anthropic);
  if (count(c.out.body, own) != 4 || count(fields(c.out.body, {"tools"}), own) != 1 ||
      count(fields(c.out.body, {"messages"}), own) != 3) {
    return wrong("too many marks: " + c.out.body);
  }
  return nullptr;
}

const char* encode_check_anthropic_ids() {
  auto call = [](string_view id) {
    return "{\"id\":\"" + std::string(id) +
           "\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";
  };
  auto result = [](string_view id) {
    return ",{\"role\":\"tool\",\"tool_call_id\":\"" + std::string(id) + "\",\"content\":\"" +
           std::string(id) + "\"}";
  };
  asking a(talk("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[" + call("f.ls:0") + "," +
                call("f_ls_0") + "," + call("f:ls:0") + "]}" + result("f:ls:0") + result("f_ls_0") +
                result("f.ls:0") + ",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[" +
                call("f.ls:0") + "]}" + result("f.ls:0")));
  a.call.options.cache = false;
  json::document doc;
  const json::value* v = doc.parse(a.as(id::anthropic));
  std::vector<std::string> uses, results;
  for (const json::value& m : *v->get("messages")) {
    for (const json::value& b : *m.get("content")) {
      if (b.str("type") == "tool_use") uses.emplace_back(b.str("id"));
      if (b.str("type") == "tool_result")
        results.emplace_back(std::string(b.str("content")) + "=" +
                             std::string(b.str("tool_use_id")));
    }
  }
  std::vector<std::string> want_uses = {"f_ls_0_2", "f_ls_0", "f_ls_0_3", "f_ls_0_4"};
  std::vector<std::string> want_results = {"f:ls:0=f_ls_0_3", "f_ls_0=f_ls_0", "f.ls:0=f_ls_0_2",
                                           "f.ls:0=f_ls_0_4"};
  return uses == want_uses && results == want_results ? nullptr : wrong(a.out.body);
}

const char* encode_check_gemini() {
  return expect_all(
      id::gemini,
      {
          {user(),
           {"contents", "generationConfig", "systemInstruction", "tools", "toolConfig", "model",
            "stream"},
           "[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}] - - - - - -"},
          {talk("{\"role\":\"system\",\"content\":\"s1\"},{\"role\":\"assistant\",\"content\":"
                "\"a\"},{\"role\":\"assistant\","
                "\"content\":[{\"type\":\"text\",\"text\":\"\"},{\"type\":\"refusal\",\"refusal\":"
                "\"no\"}]},{\"role\":"
                "\"developer\",\"content\":\"s2\"},{\"role\":\"user\",\"content\":\"\"},{\"role\":"
                "\"assistant\",\"content\":\"b\"}"),
           {"systemInstruction", "contents"},
           "{\"parts\":[{\"text\":\"s1\"},{\"text\":\"s2\"}]} "
           "[{\"role\":\"user\",\"parts\":[{\"text\":\"(continued)\"}]},{\"role\":\"model\","
           "\"parts\":[{\"text\":\"a\"},{\"text\":\"no\"},{\"text\":\"b\"}]},{\"role\":"
           "\"user\",\"parts\":[{\"text\":\"Continue.\"}]}]"},
          {talk("{\"role\":\"system\",\"content\":\"\"}"),
           {"systemInstruction", "contents"},
           "- [{\"role\":\"user\",\"parts\":[{\"text\":\"Go on.\"}]}]"},
          {talk("{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
                "\"data:IMAGE/PNG;base64,i V\"}},"
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://e/"
                "a.png\"}},{\"type\":\"file\",\"file\":{\"file_data\":"
                "\"data:application/pdf;base64,JV\"}}]}"),
           {"contents"},
           "[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"image/"
           "png\",\"data\":\"iV\"}},{\"fileData\":{\"fileUri\":"
           "\"https://e/a.png\"}},{\"inlineData\":{\"mimeType\":\"application/"
           "pdf\",\"data\":\"JV\"}}]}]"},
          {user("\"temperature\":0.1,\"top_p\":0.2,\"seed\":7,\"max_tokens\":99999999999,\"stop\":["
                "\"1\",\"2\",\"3\",\"4\",\"5\","
                "\"6\"],\"presence_penalty\":1,\"response_format\":{\"type\":\"json_schema\","
                "\"json_schema\":{\"name\":\"r\","
                "\"schema\":{\"a\":1}}}"),
           {"generationConfig"},
           "{\"maxOutputTokens\":2147483647,\"temperature\":0.1,\"topP\":0.2,\"seed\":7,"
           "\"stopSequences\":[\"1\",\"2\",\"3\",\"4\","
           "\"5\"],\"responseMimeType\":\"application/json\",\"responseJsonSchema\":{\"a\":1}}"},
          {user("\"seed\":2147483648,\"response_format\":{\"type\":\"json_object\"}"),
           {"generationConfig"},
           "{\"responseMimeType\":\"application/json\"}"},
          {user("\"seed\":-2147483648"), {"generationConfig"}, "{\"seed\":-2147483648}"},
      });
}

const char* encode_check_gemini_tools() {
  const std::string declared =
      "[{\"functionDeclarations\":[{\"name\":\"ls\",\"description\":\"lists\","
      "\"parametersJsonSchema\":{\"properties\":"
      "{\"p\":{}}}},{\"name\":\"cat\"}]}]";
  auto with = [&](string_view more) { return user(kTools + std::string(more)); };
  const std::string allowed =
      ",\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"MODE\",\"tools\":"
      "[{\"type\":\"function\",\"function\":{\"name\":\"cat\"}}]}}";
  auto mode = [&](string_view m) {
    std::string out = allowed;
    return out.replace(out.find("MODE"), 4, m);
  };
  auto both = [&](string_view config) { return declared + " " + std::string(config); };
  std::string
      unset = both("-"),
      any = both("{\"functionCallingConfig\":{\"mode\":\"ANY\"}}"),
      one =
          both("{\"functionCallingConfig\":{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"cat\"]}}"),
      none = both("{\"functionCallingConfig\":{\"mode\":\"NONE\"}}");
  const std::initializer_list<string_view> names = {"tools", "toolConfig"};
  const char* w = expect_all(
      id::gemini,
      {
          {with(""), names, unset},
          {with(",\"tool_choice\":\"auto\""), names, unset},
          {with(",\"tool_choice\":\"required\""), names, any},
          {with(",\"tool_choice\":\"none\""), names, none},
          {with(",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"cat\"}}"), names,
           one},
          {with(mode("required")), names, one},
          {with(mode("auto")), names, "[{\"functionDeclarations\":[{\"name\":\"cat\"}]}] -"},
      });
  if (w) return w;

  asking a(talk(kCalls, kTools));
  dialect::kept_states kept;
  chat::tool_call second;
  second.id = "call_f0_1_1";
  second.name = "ls";
  kept.put(chat::state::extra, second, "{\"google\":{\"thought_signature\":\"c2ln\"}}");
  a.call.kept = &kept;
  std::string want =
      "[{\"role\":\"user\",\"parts\":[{\"text\":\"go\"}]},{\"role\":\"model\",\"parts\":[{\"text\":"
      "\"I look\"},"
      "{\"functionCall\":{\"id\":\"a\",\"name\":\"ls\",\"args\":{\"p\":1.50}}SKIP},{"
      "\"functionCall\":{\"name\":\"ls\",\"args\":"
      "{}},\"thoughtSignature\":\"c2ln\"},{\"functionCall\":{\"id\":\"c\",\"name\":\"cat\","
      "\"args\":{\"_raw\":\"[1\"}}}]},"
      "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"id\":\"c\",\"name\":\"cat\","
      "\"response\":{\"output\":\"3\"}}},"
      "{\"functionResponse\":{\"name\":\"ls\",\"response\":{\"output\":\"2\\nzwei\"}}},{"
      "\"functionResponse\":{\"id\":\"a\","
      "\"name\":\"ls\",\"response\":{\"output\":\"\"}}}]}]";
  std::string plain = want, skipped = want;
  plain.erase(plain.find("SKIP"), 4);
  skipped.replace(skipped.find("SKIP"), 4,
                  ",\"thoughtSignature\":\"skip_thought_signature_validator\"");
  std::string got = fields(a.as(id::gemini), {"contents"});
  if (got != plain) return wrong(got);
  a.call.options.skip_signature = dialect::setting::on;
  got = fields(a.as(id::gemini), {"contents"});
  return got == skipped ? nullptr : wrong(got);
}

const char* encode_check_gemini_thinking() {
  struct {
    string_view model, effort, want;
  } cases[] = {
      {"gemini-2.5-flash", "none", "{\"thinkingBudget\":0}"},
      {"gemini-2.5-pro", "none", "{\"thinkingBudget\":128}"},
      {"gemini-2.5-flash", "minimal", "{\"thinkingBudget\":1024,\"includeThoughts\":true}"},
      {"gemini-2.5-flash", "medium", "{\"thinkingBudget\":8192,\"includeThoughts\":true}"},
      {"gemini-2.5-flash", "max", "{\"thinkingBudget\":24576,\"includeThoughts\":true}"},
      {"gemini-3-flash", "none", "{\"thinkingLevel\":\"minimal\"}"},
      {"gemini-3-flash", "medium", "{\"thinkingLevel\":\"medium\",\"includeThoughts\":true}"},
      {"gemini-3-flash", "xhigh", "{\"thinkingLevel\":\"high\",\"includeThoughts\":true}"},
      {"gemini-3-pro-preview", "minimal", "{\"thinkingLevel\":\"low\",\"includeThoughts\":true}"},
      {"gemini-3-pro-preview", "medium", "{\"thinkingLevel\":\"high\",\"includeThoughts\":true}"},
      {"gemini-3.1-pro", "medium", "{\"thinkingLevel\":\"medium\",\"includeThoughts\":true}"},
  };
  for (const auto& c : cases) {
    asking a(user("\"reasoning_effort\":\"" + std::string(c.effort) + "\""));
    a.call.model = c.model;
    std::string got = fields(a.as(id::gemini), {"generationConfig"});
    if (got != "{\"thinkingConfig\":" + std::string(c.want) + "}")
      return wrong(std::string(c.model) + ": " + got);
  }
  return nullptr;
}

const char* encode_check_ollama() {
  const char* w = expect_all(
      id::ollama,
      {
          {user(),
           {"model", "stream", "messages", "tools", "options", "format", "think", "keep_alive"},
           "\"up\" false [{\"role\":\"user\",\"content\":\"x\"}] - - - - -"},
          {talk("{\"role\":\"developer\",\"content\":\"s\"},{\"role\":\"user\",\"content\":[{"
                "\"type\":\"text\",\"text\":\"a\"},"
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,i "
                "V\"}},{\"type\":\"text\",\"text\":"
                "\"b\"}]},{\"role\":\"assistant\",\"content\":null,\"refusal\":\"no\"}",
                "\"stream\":true"),
           {"stream", "messages"},
           "true "
           "[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"a\\nb\","
           "\"images\":[\"iV\"]},{\"role\":"
           "\"assistant\",\"content\":\"no\"}]"},
          {talk(kCalls, kTools),
           {"messages", "tools"},
           "[{\"role\":\"user\",\"content\":\"go\"},{\"role\":\"assistant\",\"content\":\"I "
           "look\",\"tool_calls\":[{\"function\":"
           "{\"name\":\"ls\",\"arguments\":{\"p\":1.50}}},{\"function\":{\"name\":\"ls\","
           "\"arguments\":{}}},{\"function\":{\"name\":"
           "\"cat\",\"arguments\":{\"_raw\":\"[1\"}}}]},{\"role\":\"tool\",\"tool_name\":\"ls\","
           "\"content\":\"\"},{\"role\":\"tool\","
           "\"tool_name\":\"ls\",\"content\":\"2\\nzwei\"},{\"role\":\"tool\",\"tool_name\":"
           "\"cat\",\"content\":\"3\"}] [{\"type\":"
           "\"function\",\"function\":{\"name\":\"ls\",\"description\":\"lists\",\"parameters\":{"
           "\"properties\":{\"p\":{}}}}},"
           "{\"type\":\"function\",\"function\":{\"name\":\"cat\",\"parameters\":{\"type\":"
           "\"object\",\"properties\":{}}}}]"},
          {user(kTools + ",\"tool_choice\":\"none\""), {"tools"}, "-"},
          {user("\"max_tokens\":3,\"temperature\":0.1,\"top_p\":1,\"seed\":-9223372036854775808,"
                "\"presence_penalty\":0.5,"
                "\"frequency_penalty\":-1,\"stop\":\"END\",\"reasoning_effort\":\"none\","
                "\"response_format\":{\"type\":"
                "\"json_object\"}"),
           {"options", "think", "format"},
           "{\"num_predict\":3,\"temperature\":0.1,\"top_p\":1,\"seed\":-9223372036854775808,"
           "\"presence_penalty\":0.5,"
           "\"frequency_penalty\":-1,\"stop\":[\"END\"]} false \"json\""},
          {user("\"reasoning_effort\":\"low\",\"response_format\":{\"type\":\"json_schema\",\"json_"
                "schema\":{\"name\":\"r\","
                "\"schema\":{\"a\":1}}}"),
           {"think", "format"},
           "true {\"a\":1}"},
      });
  if (w) return w;
  return expect_all(id::ollama,
                    {
                        {user("\"reasoning_effort\":\"minimal\""), {"think"}, "\"low\""},
                        {user("\"reasoning_effort\":\"medium\""), {"think"}, "\"medium\""},
                        {user("\"reasoning_effort\":\"max\""), {"think"}, "\"high\""},
                        {user("\"reasoning_effort\":\"none\""), {"think"}, "false"},
                    },
                    [](dialect::call& c) { c.options.think_levels = true; });
}

namespace {

// A tool loop's second request: one call, and what stands beside it.
std::string loop(string_view in_call = "", string_view in_message = "",
                 string_view effort = "\"reasoning_effort\":\"high\",") {
  return talk(
      "{\"role\":\"user\",\"content\":\"go\"},{\"role\":\"assistant\",\"content\":\"I look\"" +
          std::string(in_message) +
          ",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"ls\","
          "\"arguments\":\"{}\"}" +
          std::string(in_call) + "}]},{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"x\"}",
      std::string(effort) + kTools);
}

chat::tool_call known_call() {
  chat::tool_call t;
  t.id = "a";
  t.name = "ls";
  return t;
}

std::string told_extra(string_view signature) {
  return "{\"google\":{\"thought_signature\":\"" + std::string(signature) + "\"}}";
}

}  // namespace

// The client's own word, what was kept, the stand-in: in this order.
const char* encode_check_kept_signatures() {
  const std::string own = ",\"extra_content\":" + told_extra("own");
  constexpr dialect::setting by_name = dialect::setting::automatic;
  struct {
    string_view model, in_call;
    bool kept;
    dialect::setting skip;
    string_view want;
  } cases[] = {
      {"gemini-2.5-pro", "", false, by_name, ""},
      {"gemini-2.5-pro", "", true, by_name, "kept"},
      {"gemini-2.5-pro", own, true, by_name, "own"},
      {"gemini-3-pro", "", false, by_name, "skip_thought_signature_validator"},
      {"google/gemini-3.1-pro", "", false, by_name, "skip_thought_signature_validator"},
      {"gemini-12", "", false, by_name, "skip_thought_signature_validator"},
      {"gemini-3-pro", "", true, by_name, "kept"},
      {"gemini-3-pro", own, false, by_name, "own"},
      {"gemini-3-pro", "", false, dialect::setting::off, ""},
      {"gemini-flash-latest", "", false, by_name, ""},
      {"mine", "", false, dialect::setting::on, "skip_thought_signature_validator"},
  };
  for (const auto& c : cases) {
    dialect::kept_states kept;
    if (c.kept) kept.put(chat::state::extra, known_call(), told_extra("kept"));
    asking a(loop(c.in_call));
    a.call.kept = &kept;
    a.call.model = c.model;
    a.call.options.skip_signature = c.skip;
    const std::string got = a.as(id::gemini);
    const bool any = got.find("thoughtSignature") != std::string::npos;
    const std::string want = "\"thoughtSignature\":\"" + std::string(c.want) + "\"";
    if (c.want.empty() ? any : got.find(want) == std::string::npos) return wrong(got);
  }
  return nullptr;
}

// Anthropic's thinking stays on if what was thought before each call is there.
const char* encode_check_kept_thoughts() {
  const string_view thought = "[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"S\"}]";
  for (const bool there : {true, false}) {
    dialect::kept_states kept;
    if (there) kept.put(chat::state::thinking, known_call(), thought);
    asking a(loop());
    a.call.kept = &kept;
    a.call.model = "claude-sonnet-4-5";
    const std::string got = a.as(id::anthropic);
    const std::string begin = "\"content\":[" + std::string(thought.substr(1, thought.size() - 2)) +
                              ",{\"type\":\"text\",\"text\":\"I look\"},{\"type\":\"tool_use\"";
    const bool on = got.find("\"thinking\":{\"type\":") != std::string::npos;
    if (on != there || (got.find(begin) != std::string::npos) != there) return wrong(got);
    // Where nothing is thought they are harmless.
    asking off(loop("", "", ""));
    off.call.kept = &kept;
    off.call.model = "claude-sonnet-4-5";
    const std::string plain = off.as(id::anthropic);
    if ((plain.find(begin) != std::string::npos) != there) return wrong(plain);
    if (plain.find("\"thinking\":{") != std::string::npos) return wrong(plain);
  }
  return nullptr;
}

const char* encode_check_kept_openai() {
  const std::string details = "[{\"type\":\"reasoning.encrypted\",\"data\":\"D\"}]";
  const std::string own = "[{\"type\":\"reasoning.encrypted\",\"data\":\"own\"}]";
  const string_view head = "{\"role\":\"assistant\",\"content\":\"I look\",";
  const std::string calls =
      "\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"ls\","
      "\"arguments\":\"{}\"}";
  struct {
    std::string in_call, in_message, name, want;
    bool kept;
  } cases[] = {
      {"", "", "", calls + "}]", false},
      {"", "", "",
       calls + ",\"extra_content\":" + told_extra("kept") + "}]" +
           ",\"reasoning_details\":" + details,
       true},
      {",\"extra_content\":" + told_extra("own"), ",\"reasoning_details\":" + own, "",
       calls + ",\"extra_content\":" + told_extra("own") + "}],\"reasoning_details\":" + own, true},
      {"", ",\"reasoning_content\":\"r\"", "", calls + "}],\"reasoning_content\":\"r\"", false},
      {"", ",\"reasoning_content\":\"r\"", "reasoning", calls + "}],\"reasoning\":\"r\"", false},
      {"", ",\"reasoning\":\"r\"", "reasoning_content", calls + "}],\"reasoning_content\":\"r\"",
       false},
      {"", ",\"reasoning\":\"r\",\"reasoning_content\":\"r\"", "reasoning",
       calls + "}],\"reasoning\":\"r\"", false},
      // Fields that f0 does not know stay in their place.
      {",\"x\":1", ",\"name\":\"n\"", "", "\"name\":\"n\"," + calls + ",\"x\":1}]", false},
  };
  for (const auto& c : cases) {
    for (const bool verbatim : {true, false}) {
      if (!verbatim && !c.kept) continue;
      dialect::kept_states kept;
      kept.reasoning_name = c.name;
      if (c.kept) {
        kept.put(chat::state::extra, known_call(), told_extra("kept"));
        kept.put(chat::state::details, known_call(), details);
      }
      asking a(loop(c.in_call, c.in_message));
      a.call.kept = &kept;
      a.call.verbatim = verbatim;
      const std::string got = a.as(id::openai);
      if (got.find(std::string(head) + c.want + '}') == std::string::npos) return wrong(got);
    }
  }
  return nullptr;
}

const char* encode_check_stops() {
  struct {
    id d;
    string_view stop;
    std::vector<std::string> want;
  } cases[] = {
      {id::openai, "[\"1\",\"2\",\"3\",\"4\",\"5\",\"\",\"6\"]", {"5", "6"}},
      {id::openai, "[\"1\",\"2\",\"3\",\"4\"]", {}},
      {id::openai, "\"1\"", {}},
      {id::openai, "[]", {}},
      {id::gemini, "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]", {"6"}},
      {id::anthropic, "[\"1\",\" \",\"\",\"\\n\"]", {" ", "\n"}},
      {id::ollama, "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]", {}},
      {id::responses, "[\"1\",\"\",\" \"]", {"1", " "}},
  };
  for (const auto& c : cases) {
    asking a(user("\"stop\":" + std::string(c.stop)));
    a.as(c.d);
    if (a.out.stops != c.want) return wrong("stops of " + std::string(c.stop) + ": " + a.out.body);
  }
  return nullptr;
}

const char* encode_check_model() {
  struct {
    string_view in, out;
  } cases[] = {
      {"{\"model\":\"a\",\"x\":1}", "{\"model\":\"u\\\"p\",\"x\":1}"},
      {" {\n \"x\" : [ {\"model\":\"in\"} ] , \"model\" : null }\n",
       " {\n \"x\" : [ {\"model\":\"in\"} ] , \"model\" : \"u\\\"p\" }\n"},
      {"{\"m\\u006fdel\":\"a\",\"model\":{\"b\":\"}\\\"\"},\"y\":2}",
       "{\"m\\u006fdel\":\"u\\\"p\",\"model\":\"u\\\"p\",\"y\":2}"},
      {"{\"x\":\"\\\\\",\"model\":12}", "{\"x\":\"\\\\\",\"model\":\"u\\\"p\"}"},
      {"{\"x\":1.5e3,\"model\":true,\"z\":[]}", "{\"x\":1.5e3,\"model\":\"u\\\"p\",\"z\":[]}"},
      {"\xEF\xBB\xBF{\"x\":{}}", "{\"model\":\"u\\\"p\",\"x\":{}}"},
      {"{ }", "{\"model\":\"u\\\"p\" }"},
  };
  for (const auto& c : cases) {
    std::string got = dialect::replace_model(c.in, "u\"p");
    if (got != c.out) return wrong(got);
  }
  return each_request(
      [](const std::string& name, const std::string& body, asking& a) -> const char* {
        json::document doc;
        std::string replaced = dialect::replace_model(body, "up");
        const json::value* v = doc.parse(replaced);
        if (!v || v->str("model") != "up") return wrong(name + ": no JSON, or another model");
        std::string want, got;
        for (const json::member* m : a.request.root->unique_members()) {
          if (m->key != "model") json::append_value(want, m->val);
        }
        for (const json::member* m : v->unique_members()) {
          if (m->key != "model") json::append_value(got, m->val);
        }
        return want == got ? nullptr : wrong(name + ": more than the model is changed");
      });
}

// Whatever was accepted becomes JSON, in every dialect and with every option.
const char* encode_check_corpus() {
  return each_request(
      [](const std::string& name, const std::string& body, asking& a) -> const char* {
        int step = body.size() < 100000 ? 1 : 21;
        for (id d : {id::openai, id::anthropic, id::gemini, id::ollama, id::responses}) {
          for (int bits = 0; bits < 64; bits += step) {
            a.call.verbatim = bits & 1;
            a.call.stream = bits & 2;
            a.call.client_tools = bits & 4;
            a.call.options.native_schema = bits & 8;
            a.call.options.cache = bits & 16;
            a.call.options.prefill = bits & 32 ? dialect::setting::on : dialect::setting::off;
            json::limits l;
            l.depth = 200;
            json::document doc;
            const json::value* v = doc.parse(a.as(d), l);
            if (!v || !v->is_object()) return wrong(name + ": " + a.out.body.substr(0, 200));
          }
        }
        return nullptr;
      });
}
