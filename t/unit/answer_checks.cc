// Copyright (C) 2026 The f0 authors

#include "answer_checks.h"

#include <array>

#include "core/json/json.h"
#include "core/json/object_scan.h"
#include "core/provider/reader_calls.h"
#include "core/provider/reader_finish.h"
#include "core/worker.h"
#include "wire_rig.h"
#include "wrong.h"

namespace {

using namespace wire;
namespace json = f0::json;
using f0::chat::finish;
using f0::dialect::id;

struct rule {
  id dialect;
  std::string bytes, want;
};

template <typename Rules>
const char* all_of(const Rules& rules) {
  for (const rule& r : rules) {
    const std::string bad = always(sse(r.dialect), r.bytes, r.want);
    if (!bad.empty()) return wrong(bad);
  }
  return nullptr;
}

std::string event(string_view json) { return "data: " + std::string(json) + "\n\n"; }

std::string call(string_view fragment) {
  return delta("{\"tool_calls\":[" + std::string(fragment) + "]}");
}

// A fragment: index (negative: none), id, name and arguments, escaped.
std::string piece(int index, string_view tool_id, string_view name, string_view arguments) {
  std::string t = "{";
  if (index >= 0) t += "\"index\":" + std::to_string(index) + ',';
  if (!tool_id.empty()) t += "\"id\":\"" + std::string(tool_id) + "\",";
  t += "\"function\":{";
  if (!name.empty()) t += "\"name\":\"" + std::string(name) + "\",";
  return call(t + "\"arguments\":\"" + std::string(arguments) + "\"}}");
}

std::string ending(string_view word, string_view d = "{}") {
  return delta(d, ",\"finish_reason\":\"" + std::string(word) + "\"") + done_mark;
}

// The whole answer of one turn of each dialect that says "ok" and ends so.
std::string ended(id d, string_view word) {
  const std::string w(word);
  switch (d) {
    case id::openai:
      return content("ok") + ending(word);
    case id::anthropic:
      return event("{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}") +
             event(
                 "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
                 "\"text_delta\",\"text\":\"ok\"}}") +
             event("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + w + "\"}}") +
             event("{\"type\":\"message_stop\"}");
    case id::gemini:
      return event("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"ok\"}]}}]}") +
             event("{\"candidates\":[{\"finishReason\":\"" + w + "\",\"finishMessage\":\"why\"}]}");
    case id::ollama:
      return event("{\"message\":{\"content\":\"ok\"},\"done\":false}") +
             event("{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"" + w + "\"}");
    case id::responses:  // has a page of its own: responses_checks.cc
      break;
  }
  return {};
}

constexpr id all_dialects[] = {id::openai, id::anthropic, id::gemini, id::ollama};

constexpr string_view failures[] = {
    "error", "abort", "network_error", "insufficient_system_resource", "load", "unload",
    "MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE", "OTHER", "LANGUAGE", "NO_IMAGE", "IMAGE_OTHER",
    // What reads like one, in any case.
    "engine_Failed", "request_timeout", "CANCELLED", "Unexpected_eof", "aborted_by_server"};

}  // namespace

const char* answer_check_finish_words(void) {
  struct {
    finish means;
    std::vector<string_view> words;
  } rows[] = {
      {finish::stop,
       {"stop", "end_turn", "stop_sequence", "pause_turn", "compaction", "eos", "eos_token",
        "complete", "completed", "STOP"}},
      {finish::length,
       {"length", "max_tokens", "model_length", "MAX_TOKENS", "model_context_window_exceeded",
        "max_output_tokens", "incomplete", "repetition", "repetition_truncation"}},
      {finish::tool_calls, {"tool_calls", "tool_use", "function_call"}},
      {finish::content_filter,
       {"content_filter", "refusal", "sensitive", "SAFETY", "RECITATION", "BLOCKLIST",
        "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION"}}};
  for (const auto& row : rows) {
    for (const string_view word : row.words) {
      if (dialect::good_end(word) != row.means) return wrong(std::string(word));
      if (dialect::is_failure(word)) return wrong(std::string(word) + " is no failure");
      // Calls turn a stop into tool_calls, their lack turns it back.
      const finish with = row.means == finish::stop ? finish::tool_calls : row.means;
      const finish without = row.means == finish::tool_calls ? finish::stop : row.means;
      if (dialect::told_end(word, true) != with) return wrong(std::string(word) + " with a call");
      if (dialect::told_end(word, false) != without) return wrong(std::string(word));
      for (const id d : all_dialects) {
        const std::string want = "ok// " + std::string(chat::finish_word(without)) + ' ';
        const std::string bad = always(sse(d), ended(d, word), want);
        if (!bad.empty()) return wrong(bad);
      }
    }
  }
  return nullptr;
}

const char* answer_check_finish_failures(void) {
  for (const string_view word : failures) {
    if (!dialect::is_failure(word)) return wrong(std::string(word) + " is a failure");
    for (const id d : all_dialects) {
      const std::string bad = always(sse(d), ended(d, word), "ok//  " + std::string(word));
      if (!bad.empty()) return wrong(bad);
    }
    // What stands in the failing event is not told, but its usage.
    const std::string bytes =
        delta("{\"content\":\"half\"}", ",\"finish_reason\":\"" + std::string(word) + "\"}]," +
                                            "\"usage\":{\"prompt_tokens\":5,"
                                            "\"completion_tokens\":7},\"x\":[{"
                                            "\"y\":0");
    dialect::scratch s;
    recorder r(false);
    play(sse(id::openai), bytes, {}, r, s);
    if (outcome(r) != word) return wrong(outcome(r) + " of " + bytes);
    if (r.used.completion != 7) return wrong("the usage of a failure is lost");
    if (r.failure.status != 502 || chat::fault_of(r.failure) != chat::fault::provider) return wrong("another try is worth it");
    if (chat::answer(r.failure, false).status != 502) return wrong("told as something else");
  }
  dialect::scratch s;
  recorder r(false);
  play(sse(id::gemini), ended(id::gemini, "UNEXPECTED_TOOL_CALL"), {}, r, s);
  if (r.failure.message != "upstream finished with UNEXPECTED_TOOL_CALL: why") {
    return wrong(r.failure.message);
  }
  // A choice that had finished is told so before another one's failure.
  return nullptr;
}

const char* answer_check_finish_misfits(void) {
  const std::string role = delta("{\"role\":\"assistant\",\"content\":\"\"}");
  const rule rules[] = {
      // Unknown words are stops of something, and nothing otherwise.
      {id::openai, content("a") + ending("gone_fishing"), "a// stop "},
      {id::openai, piece(0, "i", "n", "{}") + ending("gone_fishing"), "// [i n {}] tool_calls "},
      {id::openai, delta("{\"reasoning\":\"r\"}") + ending("gone_fishing"), "/r/ stop "},
      {id::openai, role + ending("gone_fishing"), "//  malformed_event"},
      {id::ollama, event("{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"odd\"}"),
       "//  malformed_event"},
      // A call was promised, and none came.
      {id::openai, content("a") + ending("tool_calls"), "a// stop "},
      {id::openai, delta("{\"refusal\":\"no\"}") + ending("tool_calls"), "//no stop "},
      {id::openai, role + ending("tool_calls"), "//  malformed_event"},
      {id::openai, delta("{\"reasoning\":\"r\"}") + ending("tool_calls"), "/r/  malformed_event"},
      {id::openai, role + ending("function_call"), "//  malformed_event"},
      {id::anthropic, ended(id::anthropic, "tool_use"), "ok// stop "},
      // No finish.
      {id::openai, content("a") + delta("{}", ",\"finish_reason\":\"\"") + done_mark, "a// stop "},
      {id::openai, content("a") + delta("{}", ",\"finish_reason\":null"), "a//  stream_truncated"},
      {id::gemini, ended(id::gemini, "FINISH_REASON_UNSPECIFIED"), "ok//  stream_truncated"},
      // The calls may come behind the word.
      {id::openai,
       delta("{}", ",\"finish_reason\":\"tool_calls\"") + piece(0, "i", "n", "{}") + done_mark,
       "// [i n {}] tool_calls "},
      // Two choices: one finished well, the other failed.
      {id::openai,
       event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"},"
             "{\"index\":1,\"delta\":{\"content\":\"b\"}}]}") +
           event("{\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"abort\"}]}"),
       "a// stop b//  abort"},
  };
  // A long word is told up to a whole character.
  dialect::scratch s;
  recorder r(false);
  const std::string word(39, 'x');
  play(sse(id::openai), role + ending(word + "\xe8\xa1\x8c"), {}, r, s);
  if (r.failure.message.find(word + " and no output") == std::string::npos) {
    return wrong(r.failure.message);
  }
  return all_of(rules);
}

// JSON itself is the referee, at every length of the text.
const char* answer_check_whole_objects(void) {
  const string_view texts[] = {
      "{}",
      " { \"a\" : [ ] , \"b\" : { } } ",
      "{\"a\":[1,-2.5e+10,0,0.5,1E5,-0],\"b\":[true,false,null],\"c\":\"\\u00e9\\n\\\"\\\\\"}",
      "{\"q\":\"a\"}{\"q\":\"b\"}",
      "[{\"a\":1}]",
      "{\"a\":{\"b\":{\"c\":[[[]],{}]}}}x",
      "{\"a\":1,}",
      "{,}",
      "{\"a\" 1}",
      "{\"a\":01}",
      "{\"a\":1.}",
      "{\"a\":-}",
      "{\"a\":1e}",
      "{\"a\":tru}",
      "{\"a\":nulll}",
      "{\"a\":\"\\x\"}",
      "{\"a\":\"\\u12g4\"}",
      "{\"a\":[}]",
      "{\"a\":1]}",
      "{a:1}",
      "\"text\"",
      "12",
      "true",
  };
  json::document doc;
  for (const string_view text : texts) {
    json::object_scan by_byte;
    for (size_t n = 0; n <= text.size(); ++n) {
      const string_view prefix = text.substr(0, n);
      doc.clear();
      const json::value* v = doc.parse(prefix);
      const bool want = v != nullptr && v->is_object();
      json::object_scan at_once;
      at_once.feed(prefix);
      if (n > 0) by_byte.feed(text.substr(n - 1, 1));
      if (at_once.whole() == want && by_byte.whole() == want) continue;
      return wrong("whole: " + std::to_string(want) + " of " + std::string(prefix));
    }
  }
  json::object_scan deep;
  deep.feed("{\"a\":" + std::string(100000, '['));
  return deep.whole() ? wrong("an endless list is whole") : nullptr;
}

const char* answer_check_fragments(void) {
  const std::string q = "{\\\"q\\\":\\\"a\\\"}", half = "{\\\"q\\\":", rest = "\\\"a\\\"}";
  const std::string q2 = "{\\\"q\\\":\\\"b\\\"}";
  const std::string end = ending("tool_calls");
  const std::string one = "// [a n {\"q\":\"a\"}] tool_calls ";
  const std::string two = "// [a n {\"q\":\"a\"}] [b n {\"q\":\"b\"}] tool_calls ";
  const std::string twin = "// [a n {\"q\":\"a\"}] [ n {\"q\":\"b\"}] tool_calls ";
  const std::string lost = "//  malformed_event";
  const rule rules[] = {
      // As they should come.
      {id::openai, piece(0, "a", "n", "") + piece(0, "", "", half) + piece(0, "", "", rest) + end,
       one},
      {id::openai, piece(0, "a", "n", q) + piece(1, "b", "n", q2) + end, two},
      {id::openai, piece(-1, "a", "n", q) + piece(-1, "b", "n", q2) + end, two},
      // 1. An id names its call at whatever index.
      {id::openai, piece(0, "a", "n", "") + piece(3, "a", "", q) + end, one},
      {id::openai,
       piece(0, "a", "n", half) + piece(0, "b", "n", q2) + piece(7, "a", "", rest) + end,
       "// [a n {\"q\":{\"q\":\"b\"}\"a\"}] tool_calls "},
      {id::openai,
       piece(0, "a", "n", half) + piece(1, "b", "m", q2) + piece(7, "a", "", rest) + end,
       "// [a n {\"q\":\"a\"}] [b m {\"q\":\"b\"}] tool_calls "},
      //    With another name it is another call, and the id is not its own.
      {id::openai, piece(0, "a", "n", q) + piece(0, "a", "m", q2) + end,
       "// [a n {\"q\":\"a\"}] [ m {\"q\":\"b\"}] tool_calls "},
      {id::openai, piece(0, "a", "n", half) + piece(1, "a", "m", q2) + piece(0, "", "", rest) + end,
       "// [a n {\"q\":\"a\"}] [ m {\"q\":\"b\"}] tool_calls "},
      //    A whole call that is told again says nothing, in pieces neither.
      {id::openai, piece(0, "a", "n", q) + piece(1, "a", "n", q) + end, one},
      {id::openai, piece(0, "a", "n", q) + piece(0, "a", "n", "") + end, one},
      {id::openai, piece(0, "a", "n", q) + piece(1, "a", "n", half) + piece(1, "", "", rest) + end,
       one},
      {id::openai, piece(0, "a", "n", q) + piece(1, "a", "n", "") + end, one},
      //    With other arguments it is another one.
      {id::openai, piece(0, "a", "n", q) + piece(1, "a", "n", q2) + end, twin},
      {id::openai,
       piece(0, "a", "n", q) + piece(1, "a", "n", half) + piece(1, "", "", "\\\"b\\\"}") + end,
       twin},
      {id::openai, piece(0, "a", "n", q) + piece(1, "a", "n", half) + end,
       "// [a n {\"q\":\"a\"}] [ n {\"q\":] tool_calls "},
      // 2. A name opens a call unless the one at its index goes on.
      {id::openai,
       piece(0, "a", "n", "") + piece(0, "x", "n", half) + piece(0, "y", "n", rest) + end, one},
      {id::openai, piece(0, "", "n", q) + piece(0, "", "n", q2) + end,
       "// [ n {\"q\":\"a\"}] [ n {\"q\":\"b\"}] tool_calls "},
      {id::openai, piece(-1, "", "n", half) + piece(-1, "", "n", rest) + end,
       "// [ n {\"q\":\"a\"}] tool_calls "},
      {id::openai, piece(-1, "", "n", "") + piece(-1, "", "n", "") + end,
       "// [ n {}] [ n {}] tool_calls "},
      {id::openai, piece(0, "a", "", half) + piece(0, "", "n", "") + piece(0, "", "", rest) + end,
       one},
      // 3. Without a name: the call at the index, unless another one is open.
      {id::openai, piece(1, "a", "n", "") + piece(0, "", "", q) + end, one},
      {id::openai, piece(0, "a", "n", q) + piece(0, "b", "n", "") + piece(1, "", "", q2) + end,
       two},
      {id::openai,
       piece(0, "a", "n", q) + piece(1, "b", "n", "{") + piece(0, "", "", "\\\"q\\\":\\\"b\\\"}") +
           end,
       two},
      // 4. Indexes that count on, ids that are new each time.
      {id::openai, piece(0, "a", "n", "") + piece(1, "", "", half) + piece(2, "", "", rest) + end,
       one},
      {id::openai, piece(0, "a", "n", half) + piece(1, "z", "", rest) + end, one},
      // 5. What waits for its name gets it, or is an error.
      {id::openai, piece(0, "", "", half) + piece(0, "a", "n", "") + piece(0, "", "", rest) + end,
       one},
      {id::openai, piece(0, "", "", q) + end, lost},
      {id::openai, piece(0, "a", "", q) + end, lost},
      {id::openai, piece(0, "a", "n", q) + piece(1, "b", "", q2) + end,
       "// [a n {\"q\":\"a\"}]  malformed_event"},
      {id::openai, content("x") + piece(0, "", "", q) + content("y"), "xy//  stream_truncated"},
      // An entry of a list is a call of its own, but for a mere repeat.
      {id::openai,
       delta(
           "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"n\",\"arguments\":"
           "\"" +
           q +
           "\"}},{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"n\","
           "\"arguments\":\"" +
           q2 + "\"}}]}") +
           end,
       two},
      // No arguments at all.
      {id::openai, piece(0, "a", "n", "") + end, "// [a n {}] tool_calls "},
      {id::openai, call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"n\"}}") + end,
       "// [a n {}] tool_calls "},
      // Cut arguments stay cut.
      {id::openai, piece(0, "a", "n", half) + ending("length"), "// [a n {\"q\":] length "},
      // The deprecated form.
      {id::openai,
       delta("{\"function_call\":{\"name\":\"n\",\"arguments\":\"\"}}") +
           delta("{\"function_call\":{\"arguments\":\"" + q + "\"}}") + ending("function_call"),
       "// [ n {\"q\":\"a\"}] tool_calls "},
  };
  if (const char* bad = all_of(rules)) return bad;

  const auto body = [](std::string calls) {
    return "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,"
           "\"tool_calls\":[" +
           calls + "]},\"finish_reason\":\"tool_calls\"}]}";
  };
  const auto entry = [](string_view i, string_view args) {
    return "{\"id\":\"" + std::string(i) +
           "\",\"type\":\"function\",\"function\":{\"name\":\"n\","
           "\"arguments\":\"" +
           std::string(args) + "\"}}";
  };
  wire::answer a = sse(id::openai);
  a.headers = {{"content-type", "application/json"}};
  const std::pair<std::string, std::string> bodies[] = {
      {entry("a", q) + ',' + entry("b", q2), two},
      {entry("a", q) + ',' + entry("a", q2), twin},
      {entry("a", q) + ',' + entry("a", q), one},
      {entry("a", half) + ',' + entry("b", q2), "// [a n {\"q\":] [b n {\"q\":\"b\"}] tool_calls "},
      {entry("", q) + ',' + entry("", q), "// [ n {\"q\":\"a\"}] [ n {\"q\":\"a\"}] tool_calls "},
      {"{\"id\":\"s\",\"type\":\"web_search\",\"web_search\":{}}", lost},
  };
  for (const auto& [calls, want] : bodies) {
    const std::string bad = always(a, body(calls), want);
    if (!bad.empty()) return wrong(bad);
  }
  return nullptr;
}

const char* answer_check_call_types(void) {
  const std::string head = call(
      "{\"index\":0,\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"Patch\",\"input\":"
      "\"\"}}");
  const auto input = [](string_view text) {
    return call("{\"index\":0,\"custom\":{\"input\":\"" + std::string(text) + "\"}}");
  };
  const rule rules[] = {
      {id::openai, head + input("*** Be") + input("gin") + ending("tool_calls"),
       "// [*c Patch *** Begin] tool_calls "},
      // Its text may stay empty, and need not be JSON.
      {id::openai, head + ending("tool_calls"), "// [*c Patch ] tool_calls "},
      // Another id with a name ends it; its own with its name does not.
      {id::openai,
       head + input("a") +
           call("{\"index\":0,\"id\":\"d\",\"type\":\"custom\",\"custom\":{\"name\":\"Patch\","
                "\"input\":\"b\"}}") +
           ending("tool_calls"),
       "// [*c Patch a] [*d Patch b] tool_calls "},
      {id::openai,
       head +
           call("{\"index\":0,\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"Patch\","
                "\"input\":\"a\"}}") +
           call("{\"index\":0,\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"Patch\","
                "\"input\":\"b\"}}") +
           ending("tool_calls"),
       "// [*c Patch ab] tool_calls "},
      {id::openai, head + input("a") + piece(1, "f", "n", "{}") + ending("tool_calls"),
       "// [*c Patch a] [f n {}] tool_calls "},
      // What is neither is an error, not nothing.
      {id::openai,
       call("{\"index\":0,\"id\":\"w\",\"type\":\"web_search\",\"web_search\":{\"q\":1}}") +
           ending("tool_calls"),
       "//  malformed_event"},
      {id::openai, call("{\"index\":0,\"type\":\"mcp\"}") + ending("tool_calls"),
       "//  malformed_event"},
      {id::openai,
       call("{\"index\":0,\"type\":\"function\"}") + piece(0, "a", "n", "{}") + ending("stop"),
       "// [a n {}] tool_calls "},
      {id::gemini,
       event("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"args\":{}}}]},"
             "\"finishReason\":\"STOP\"}]}"),
       "//  malformed_event"},
      {id::ollama,
       event("{\"message\":{\"tool_calls\":[{\"function\":{\"arguments\":{}}}]},\"done\":true}"),
       "//  malformed_event"},
      {id::anthropic,
       event("{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}") +
           event("{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
                 "\"tool_use\",\"id\":\"t\"}}"),
       "//  malformed_event"},
  };
  return all_of(rules);
}

// An id that the answer gave to another call is left to be made up.
const char* answer_check_call_ids(void) {
  const auto gemini = [](string_view name) {
    return "{\"functionCall\":{\"id\":\"x\",\"name\":\"" + std::string(name) + "\"}}";
  };
  const auto ollama = [](string_view name) {
    return "{\"id\":\"x\",\"function\":{\"name\":\"" + std::string(name) + "\"}}";
  };
  const auto anthropic = [](int i, string_view name) {
    return event("{\"type\":\"content_block_start\",\"index\":" + std::to_string(i) +
                 ",\"content_block\":{\"type\":\"tool_use\",\"id\":\"x\",\"name\":\"" +
                 std::string(name) + "\",\"input\":{}}}") +
           event("{\"type\":\"content_block_stop\",\"index\":" + std::to_string(i) + "}");
  };
  const std::string want = "// [x n {}] [ m {}] tool_calls ";
  const rule rules[] = {
      {id::openai, piece(0, "x", "n", "{}") + piece(1, "x", "m", "{}") + ending("tool_calls"),
       want},
      {id::gemini,
       event("{\"candidates\":[{\"content\":{\"parts\":[" + gemini("n") + ',' + gemini("m") +
             "]},\"finishReason\":\"STOP\"}]}"),
       want},
      {id::ollama,
       event("{\"message\":{\"tool_calls\":[" + ollama("n") + ',' + ollama("m") +
             "]},\"done\":true}"),
       want},
      {id::anthropic,
       event("{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}") + anthropic(0, "n") +
           anthropic(1, "m") +
           event("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}") +
           event("{\"type\":\"message_stop\"}"),
       want},
      // In two choices as well.
      {id::openai,
       event("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"id\":\"x\",\"function\":{"
             "\"name\":\"n\"}}]}},{\"index\":1,\"delta\":{\"tool_calls\":[{\"id\":\"x\","
             "\"function\":{\"name\":\"m\"}}]}}]}") +
           done_mark,
       "// [x n {}] tool_calls // [ m {}] tool_calls "},
  };
  return all_of(rules);
}

// As many as there can be, and each fragment costs the same.
const char* answer_check_many_calls(void) {
  dialect::scratch s;
  for (const id d : {id::openai, id::gemini, id::ollama}) {
    std::string many = d == id::openai   ? "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":["
                       : d == id::gemini ? "{\"candidates\":[{\"content\":{\"parts\":["
                                         : "{\"message\":{\"tool_calls\":[";
    for (int i = 0; i < 2000; ++i) {
      if (i > 0) many += ',';
      if (d == id::gemini) {
        many += "{\"functionCall\":{\"name\":\"n\"}}";
      } else {
        many += "{\"index\":" + std::to_string(i) + ",\"function\":{\"name\":\"n\"}}";
      }
    }
    many += d == id::openai ? "]}}]}" : d == id::gemini ? "]}}]}" : "]}}";
    recorder r(false);
    play(sse(d), event(many), {}, r, s);
    if (r.failure.code != "malformed_event" || r.choices[0].calls.size() != 1024) {
      return wrong(std::to_string(r.choices[0].calls.size()) + " calls, " + r.failure.code);
    }
  }
  // One call in 20,000 fragments with an id and an index of their own.
  std::string bytes = piece(0, "a", "n", "{\\\"q\\\":\\\"");
  for (int i = 1; i <= 20000; ++i) {
    bytes += piece(i % 2 ? 0 : i, "id" + std::to_string(i), i % 2 ? "n" : "", "x");
  }
  recorder r(false);
  play(sse(id::openai), bytes + piece(0, "", "", "\\\"}") + ending("tool_calls"), {}, r, s);
  if (r.failed || r.choices[0].calls.size() != 1) return wrong(r.failure.message);
  return nullptr;
}

const char* answer_check_blocks(void) {
  const std::string start = event("{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}");
  const auto block = [](int i, string_view type) {
    return event("{\"type\":\"content_block_start\",\"index\":" + std::to_string(i) +
                 ",\"content_block\":{\"type\":\"" + std::string(type) +
                 "\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}}");
  };
  const auto text = [](int i) {
    return event("{\"type\":\"content_block_delta\",\"index\":" + std::to_string(i) +
                 ",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}");
  };
  const auto thought = [](int i) {
    return event("{\"type\":\"content_block_delta\",\"index\":" + std::to_string(i) +
                 ",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"b\"}}");
  };
  const auto input = [](int i) {
    return event("{\"type\":\"content_block_delta\",\"index\":" + std::to_string(i) +
                 ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}");
  };
  const std::string end =
      event("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}") +
      event("{\"type\":\"message_stop\"}");
  const rule rules[] = {
      {id::anthropic, start + block(0, "thinking") + text(0) + end, "a// stop "},
      {id::anthropic, start + block(0, "text") + thought(0) + end, "/b/ stop "},
      {id::anthropic, start + block(0, "server_tool_use") + text(0) + end, "a// stop "},
      {id::anthropic, start + text(0) + thought(4) + text(0) + end, "aa/b/ stop "},
      {id::anthropic, start + block(0, "text") + text(1) + end, "a// stop "},
      {id::anthropic, start + block(0, "tool_use") + input(0) + text(0) + end,
       "a// [t n {}] tool_calls "},
      {id::anthropic, start + block(0, "text") + input(0) + end, "//  malformed_event"},
      {id::anthropic, start + block(0, "thinking") + input(0) + end, "//  malformed_event"},
      {id::anthropic, start + input(0) + end, "//  malformed_event"},
      {id::anthropic, start + text(0) + input(0) + end, "a//  malformed_event"},
      {id::anthropic, start + block(0, "server_tool_use") + input(0) + text(1) + end, "a// stop "},
  };
  return all_of(rules);
}

const char* answer_check_choice_errors(void) {
  struct {
    string_view error;
    int status;
  } errors[] = {
      {"{\"code\":429,\"message\":\"m\"}", 429},
      {"{\"code\":\"429\",\"message\":\"m\"}", 429},
      {"{\"status\":\"503\",\"message\":\"m\"}", 503},
      {"{\"StatusCode\":504,\"message\":\"m\"}", 504},
      {"{\"code\":\"rate_limit_exceeded\",\"message\":\"m\"}", 429},
      {"{\"code\":\"too_many_requests\",\"message\":\"m\"}", 429},
      {"{\"type\":\"engine_overloaded_error\",\"message\":\"m\"}", 503},
      {"{\"type\":\"service_unavailable_error\",\"code\":\"server_is_overloaded\",\"message\":"
       "\"m\"}",
       503},
      {"{\"code\":\"gateway_timeout\",\"message\":\"m\"}", 504},
      {"{\"code\":\"slow_down\",\"message\":\"m\"}", 503},
      {"{\"code\":\"odd\",\"message\":\"m\"}", 502},
      {"\"m\"", 502},
  };
  dialect::scratch s;
  for (const auto& e : errors) {
    const std::string error(e.error);
    const std::string at_top = event("{\"error\":" + error + "}");
    const std::string in_choice =
        event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"error\":" + error +
              ",\"finish_reason\":\"stop\"}]}");
    const std::string without_finish =
        event("{\"choices\":[{\"index\":0,\"delta\":{},\"error\":" + error + "}]}") + done_mark;
    for (const std::string& bytes : {at_top, in_choice, without_finish}) {
      recorder r(false);
      play(sse(id::openai), bytes, {}, r, s);
      if (!r.failed || r.failure.status != e.status || r.failure.message != "m" ||
          !r.choices.empty()) {
        return wrong(std::to_string(r.failure.status) + ' ' + outcome(r) + " of " + bytes);
      }
    }
    wire::answer body = sse(id::openai);
    body.headers = {{"content-type", "application/json"}};
    recorder r(false);
    play(body,
         "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"},\"error\":" + error + "}]}",
         {}, r, s);
    if (!r.failed || r.failure.status != e.status) return wrong("of a body: " + error);
  }
  return nullptr;
}

const char* answer_check_usage(void) {
  const auto openai = [](string_view usage) {
    return content("a") + stop_chunk +
           event("{\"choices\":[],\"usage\":" + std::string(usage) + "}") + done_mark;
  };
  const auto anthropic = [](string_view first, string_view last) {
    return event("{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":" +
                 std::string(first) + "}}") +
           event("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":" +
                 std::string(last) + "}") +
           event("{\"type\":\"message_stop\"}");
  };
  struct {
    id dialect;
    std::string bytes;
    std::array<int64_t, 6> want;  // prompt, completion, total, cached, written, reasoning
  } rules[] = {
      {id::openai,
       openai("{\"prompt_tokens\":12.0,\"completion_tokens\":5}"),
       {12, 5, 17, -1, -1, -1}},
      {id::openai,
       openai("{\"prompt_tokens\":14417.92,\"completion_tokens\":0.4}"),
       {14418, 0, 14418, -1, -1, -1}},
      {id::openai,
       openai("{\"prompt_tokens\":\"12\",\"completion_tokens\":\" 5.5 \"}"),
       {12, 6, 18, -1, -1, -1}},
      {id::openai,
       openai("{\"prompt_tokens\":\"many\",\"completion_tokens\":5}"),
       {-1, 5, -1, -1, -1, -1}},
      {id::openai,
       openai("{\"prompt_tokens\":-1,\"completion_tokens\":1e300}"),
       {-1, -1, -1, -1, -1, -1}},
      {id::openai,
       openai(
           "{\"input_tokens\":11,\"output_tokens\":5,\"input_tokens_details\":{\"cached_tokens\":"
           "3},\"output_tokens_details\":{\"reasoning_tokens\":\"2\"}}"),
       {11, 5, 16, 3, -1, 2}},
      {id::openai,
       openai(
           "{\"prompt_tokens\":0,\"completion_tokens\":0,\"input_tokens\":11,\"output_tokens\":5,"
           "\"total_tokens\":0}"),
       {11, 5, 16, -1, -1, -1}},
      {id::openai,
       event("{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}") +
           openai("{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}"),
       {3, 4, 7, -1, -1, -1}},
      {id::openai,
       openai("{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}"),
       {0, 0, 0, -1, -1, -1}},
      {id::anthropic,
       anthropic("{\"input_tokens\":100.2}", "{\"output_tokens\":5.0}"),
       {100, 5, 105, -1, -1, -1}},
      {id::anthropic,
       anthropic("{\"input_tokens\":60,\"cache_read_input_tokens\":40}",
                 "{\"input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":5}"),
       {100, 5, 105, 40, -1, -1}},
      {id::anthropic,
       anthropic("{\"input_tokens\":10,\"cache_creation\":{\"ephemeral_5m_input_tokens\":3,"
                 "\"ephemeral_1h_input_tokens\":4}}",
                 "{\"output_tokens\":5}"),
       {17, 5, 22, -1, 7, -1}},
      {id::anthropic,
       anthropic(
           "{\"input_tokens\":10,\"cache_creation_input_tokens\":9,\"cache_creation\":{\"a\":3}}",
           "{\"output_tokens\":\"5\",\"output_tokens_details\":{\"thinking_tokens\":2.4}}"),
       {19, 5, 24, -1, 9, 2}},
      {id::gemini,
       event("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":"
             "\"STOP\"}]"
             ",\"usageMetadata\":{\"promptTokenCount\":\"9\",\"candidatesTokenCount\":2.0,"
             "\"thoughtsTokenCount\":1}}"),
       {9, 3, 12, -1, -1, 1}},
      {id::ollama,
       event("{\"message\":{\"content\":\"a\"},\"done\":true,\"prompt_eval_count\":4.0,"
             "\"eval_count\":\"2\"}"),
       {4, 2, 6, -1, -1, -1}},
  };
  dialect::scratch s;
  for (const auto& r : rules) {
    recorder got(false);
    play(sse(r.dialect), r.bytes, {}, got, s);
    const chat::usage& u = got.used;
    const std::array<int64_t, 6> told = {u.prompt, u.completion,  u.total,
                                         u.cached, u.cache_write, u.reasoning};
    if (told == r.want) continue;
    std::string bad = "usage";
    for (const int64_t n : told) bad += ' ' + std::to_string(n);
    return wrong(bad + " of " + r.bytes);
  }
  return nullptr;
}

const char* answer_check_pictures(void) {
  const auto gemini = [](string_view part) {
    return event("{\"candidates\":[{\"content\":{\"parts\":[" + std::string(part) +
                 "]},\"finishReason\":\"STOP\"}]}");
  };
  const std::string code = "{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1\"}}";
  const rule rules[] = {
      {id::openai,
       delta("{\"images\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:a\"}}]}") +
           stop_chunk + done_mark,
       "// {data:a} stop "},
      {id::openai,
       delta("{\"content\":[{\"type\":\"image_url\",\"image_url\":\"http://b\"}]}") +
           ending("tool_calls"),
       "// {http://b} stop "},
      {id::gemini, gemini("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"QUJD\"}}"),
       "// {data:image/png;base64,QUJD} stop "},
      {id::gemini, gemini("{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"gs://x\"}}"),
       "// {gs://x} stop "},
      {id::gemini,
       gemini("{\"thought\":true,\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"QUJD\"}},"
              "{\"text\":\"a\"}"),
       "a// stop "},
      // What has no place is an error, unless something else was told.
      {id::gemini, gemini(code), "//  upstream_error"},
      {id::gemini, gemini("{\"codeExecutionResult\":{\"output\":\"1\"}}"), "//  upstream_error"},
      {id::gemini, gemini("{\"inlineData\":{\"mimeType\":\"audio/wav\",\"data\":\"QUJD\"}}"),
       "//  upstream_error"},
      {id::gemini, gemini(code + ",{\"text\":\"a\"}"), "a// stop "},
      {id::openai, delta("{\"audio\":{\"data\":\"QUJD\"}}") + stop_chunk + done_mark,
       "//  upstream_error"},
  };
  if (const char* bad = all_of(rules)) return bad;
  dialect::scratch s;
  recorder r(false);
  play(sse(id::gemini), gemini(code), {}, r, s);
  return r.failure.message == "upstream answered with executableCode, which cannot be told"
             ? nullptr
             : wrong(r.failure.message);
}

// What a provider wants back reaches the client, and is told to be kept.
const char* answer_check_state(void) {
  const std::string extra = "{\"google\":{\"thought_signature\":\"S\"}}";
  const auto details = [](string_view text, string_view list) {
    return delta("{" + std::string(text) + "\"reasoning_details\":[" + std::string(list) + "]}");
  };
  const std::string text1 = "{\"type\":\"reasoning.text\",\"text\":\"a\",\"index\":0}";
  const std::string text2 =
      "{\"type\":\"reasoning.text\",\"text\":\"b\",\"index\":0,\"signature\":null}";
  const std::string sign = "{\"type\":\"reasoning.text\",\"signature\":\"S\",\"index\":0}";
  const std::string crypt = "{\"type\":\"reasoning.encrypted\",\"data\":\"D\",\"index\":1}";
  const std::string joined =
      "[{\"type\":\"reasoning.text\",\"text\":\"ab\",\"index\":0,\"signature\":\"S\"}," + crypt +
      "]";
  const rule rules[] = {
      {id::openai,
       call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"n\",\"arguments\":\"{}\"},"
            "\"extra_content\":" +
            extra + "}") +
           ending("tool_calls"),
       "// [a n {} " + extra + "] tool_calls "},
      {id::openai,
       piece(0, "a", "n", "{}") + call("{\"index\":0,\"extra_content\":" + extra + "}") +
           ending("tool_calls"),
       "// [a n {} " + extra + "] tool_calls "},
      {id::gemini,
       event("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"n\"},"
             "\"thoughtSignature\":\"S\"}]},\"finishReason\":\"STOP\"}]}"),
       "// [ n {} " + extra + "] tool_calls "},
      {id::openai,
       details("\"reasoning\":\"a\",", text1) + details("", text2) +
           details("", sign + ',' + crypt) + content("x") + stop_chunk + done_mark,
       "x/ab/ " + joined + " stop "},
      // Pieces without an index, or of another type, are their own.
      {id::openai,
       details("", "{\"type\":\"reasoning.summary\",\"summary\":\"s\"}," +
                       std::string("{\"type\":\"reasoning.summary\",\"summary\":\"t\"},7")) +
           content("x") + stop_chunk + done_mark,
       "x/st/ [{\"type\":\"reasoning.summary\",\"summary\":\"s\"},{\"type\":\"reasoning.summary\","
       "\"summary\":\"t\"},7] stop "},
  };
  if (const char* bad = all_of(rules)) return bad;

  dialect::scratch s;
  struct {
    id dialect;
    std::string bytes;
    std::vector<std::string> want;
  } kept[] = {
      {id::openai,
       details("", text1) + piece(0, "a", "n", "{}") + ending("tool_calls"),
       {"0 d [" + text1 + "]"}},
      // All of them again, once there are more.
      {id::openai,
       details("", text1) + piece(0, "a", "n", "{}") + details("", crypt) + ending("tool_calls"),
       {"0 d [" + text1 + "]", "0 d [" + text1 + "," + crypt + "]"}},
      {id::openai,
       details("", text1) + content("x") + stop_chunk + done_mark,
       {"-1 d [" + text1 + "]"}},
      {id::anthropic,
       event("{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}") +
           event("{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
                 "\"thinking\",\"thinking\":\"\"}}") +
           event("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
                 "\"thinking_delta\",\"thinking\":\"hm\"}}") +
           event("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
                 "\"signature_delta\",\"signature\":\"S\"}}") +
           event("{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":"
                 "\"redacted_thinking\",\"data\":\"R\"}}") +
           event("{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":"
                 "\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}}") +
           event("{\"type\":\"content_block_stop\",\"index\":2}") +
           event("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}") +
           event("{\"type\":\"message_stop\"}"),
       {"0 t [{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"S\"}]",
        "0 t [{\"type\":\"redacted_thinking\",\"data\":\"R\"}]"}},
  };
  for (const auto& k : kept) {
    recorder r(false);
    play(sse(k.dialect), k.bytes, {}, r, s);
    const auto& got = r.choices[0].kept;
    if (got != k.want) {
      return wrong("kept: " + (got.empty() ? std::string("nothing") : got[0]) + ' ' + outcome(r));
    }
  }
  return nullptr;
}

// A label may be wrong, the bytes are not.
const char* answer_check_labels(void) {
  const std::string events = content("a") + stop_chunk + done_mark;
  const std::string body =
      "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}";
  const std::string lines =
      "{\"message\":{\"content\":\"a\"},\"done\":false}\n"
      "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n";
  const std::string pretty =
      "{\n \"message\": {\n  \"content\": \"a\"\n },\n \"done\": true,\n \"done_reason\": "
      "\"stop\"\n}\n";
  struct {
    id dialect;
    std::string bytes;
  } answers[] = {
      {id::openai, events},
      {id::openai, "\xef\xbb\xbf\r\n " + events},
      {id::openai, ": hello\n\n" + events},
      {id::openai, "event: x\n" + events},
      {id::openai, "id: 1\n" + events},
      {id::openai, "retry: 1\n\n" + events},
      {id::openai, body},
      {id::openai, "\n\n" + body + "\n"},
      {id::ollama, lines},
      {id::ollama, " \n" + lines},
      {id::ollama, pretty},
  };
  for (const string_view type : {"application/json", "application/json; charset=utf-8",
                                 "text/plain", "text/html", "application/octet-stream", ""}) {
    for (const auto& a : answers) {
      wire::answer how = sse(a.dialect);
      how.headers = {{"content-type", type}};
      const std::string bad = always(how, a.bytes, "a// stop ");
      if (!bad.empty()) return wrong(std::string(type) + ": " + bad);
    }
  }
  return nullptr;
}

const char* answer_check_codings(void) {
  const std::string bytes("\x1f\x8b\x08\x00garbage", 11);
  for (const string_view type : {"text/event-stream", "application/json"}) {
    for (const string_view coding : {"gzip", "br", "zstd", " deflate "}) {
      wire::answer a = sse(id::openai);
      a.headers = {{"content-type", type}, {"content-encoding", coding}};
      std::string bad = always(a, bytes, "upstream_error");
      if (bad.empty()) bad = always(a, "", "upstream_error");
      if (!bad.empty()) return wrong(bad);
      dialect::scratch s;
      recorder r(false);
      play(a, bytes, {}, r, s);
      const chat::api_error t = chat::answer(r.failure, false);
      if (t.status != 502 || t.message.find(f0::string_view(coding).substr(coding[0] == ' ', 4)) ==
                                 std::string::npos) {
        return wrong(std::to_string(t.status) + ' ' + t.message);
      }
      a.status = 429;  // the status counts, nothing is read
      recorder limited(false);
      play(a, bytes, {}, limited, s);
      if (limited.failure.status != 429 ||
          limited.failure.message != "upstream answered HTTP 429") {
        return wrong(limited.failure.message);
      }
    }
  }
  wire::answer plain = sse(id::openai);
  plain.headers.emplace_back("content-encoding", "Identity");
  const std::string bad = always(plain, content("a") + stop_chunk + done_mark, "a// stop ");
  return bad.empty() ? nullptr : wrong(bad);
}

const char* answer_check_bounds(void) {
  const dialect::stream::options by_default;
  if (by_default.line_max != by_default.body_max || by_default.line_max < (16 << 20)) {
    return wrong("one bound for events and bodies");
  }
  dialect::scratch s;
  for (const size_t size : {size_t{3} << 20, by_default.line_max}) {
    const std::string text(size, 'x');
    const bool fits = size < by_default.line_max;
    const std::string big = piece(0, "a", "n", text) + ending("tool_calls");
    const std::string whole = "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"" + text +
                              "\"},\"finish_reason\":"
                              "\"stop\"}]}";
    for (const bool body : {false, true}) {
      wire::answer a = sse(id::openai);
      if (body) a.headers = {{"content-type", "application/json"}};
      recorder r(false);
      std::vector<size_t> cuts;
      for (size_t i = 65536; i < size; i += 65536) cuts.push_back(i);
      play(a, body ? whole : big, cuts, r, s);
      if (r.failed == fits) return wrong(r.failure.message + " of " + std::to_string(size));
      if (fits) continue;
      const chat::api_error t = chat::answer(r.failure, false);
      const bool final = std::any_of(t.headers.begin(), t.headers.end(), [](const auto& h) {
        return h.first == "x-should-retry" && h.second == "false";
      });
      if (t.status != 502 || t.code != "event_too_long" || !final ||
          t.message.find("32 MiB") == std::string::npos) {
        return wrong(t.code + ' ' + t.message);
      }
    }
  }
  return nullptr;
}

// What a provider can make a reader hold counts, and is given back.
const char* answer_check_memory(void) {
  const std::string text(64 << 10, 'x');
  const auto each = [&](int i) {
    const std::string n = std::to_string(i);
    return std::vector<std::pair<id, std::string>>{
        {id::openai, piece(i, "", "", text)},
        {id::openai, piece(0, "", "", text)},
        {id::openai, piece(0, text + n, "n", "x")},
        {id::openai, delta("{\"reasoning_details\":[{\"type\":\"t\",\"text\":\"" + text + "\"}]}")},
        {id::openai,
         event("{\"choices\":[{\"index\":" + std::to_string(i % 100) +
               ",\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + text +
               "\"}}]}}]}")},
        {id::anthropic, event("{\"type\":\"content_block_start\",\"index\":" + n +
                              ",\"content_block\":{\"type\":\"tool_use\",\"id\":\"t" + n +
                              "\",\"name\":\"n\",\"input\":{\"a\":\"" + text + "\"}}}")},
    };
  };
  dialect::scratch s;
  for (size_t shape = 0; shape < each(0).size(); ++shape) {
    f0::budget memory(4 << 20);
    recorder r(false);
    wire::answer a = sse(each(0)[shape].first);
    a.options.memory = &memory;
    {
      dialect::stream stream(a.options, s, r);
      stream.head(200, a.headers);
      stream.data(event("{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}"));
      bool wanted = true;
      int n = 0;
      while (wanted && n < 600) wanted = stream.data(each(n++)[shape].second);
      if (wanted || n > 70) return wrong("shape " + std::to_string(shape) + " is not counted");
      stream.end(f0::dialect::transport_end::clean);
    }
    if (!r.failed || memory.used() != 0) return wrong("shape " + std::to_string(shape));
  }
  return nullptr;
}

// A provider may know a tool under another name.
const char* answer_check_names(void) {
  wire::answer a = sse(id::gemini);
  a.options.names = {{"_3d", "3d"}, {"_4d", "4d"}};
  const std::string bad = always(
      a,
      event("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"_3d\"}},{"
            "\"functionCall\":{\"name\":\"ls\"}}]},\"finishReason\":\"STOP\"}]}"),
      "// [ 3d {}] [ ls {}] tool_calls ");
  return bad.empty() ? nullptr : wrong(bad);
}

const char* answer_check_store(void) {
  f0::state_store own;
  own.put("k", "v");
  own.put("k", "w");
  own.put("empty", "");
  own.put("long", std::string(F0_MEMORY_MAX, 'x'));
  if (own.get("k") != "w" || !own.get("empty").empty() || !own.get("long").empty()) {
    return wrong("what was put");
  }
  // Bounded by what entries take, not by their texts alone.
  for (int i = 0; i < 100000; ++i) {
    own.put("n" + std::to_string(i), "1");
    if (i % 1000 == 0 && own.get("k") != "w") return wrong("what is used stays");
  }
  if (!own.get("n0").empty()) return wrong("nothing is forgotten");
  if (own.get("n99999") != "1") return wrong("the newest one is lost");

  // A host's memory takes its place.
  static std::map<std::string, std::string> kept;
  f0_memory_t host{};
  host.put = [](void*, f0_str_t key, f0_str_t value) {
    kept[std::string(key.data, key.len)] = std::string(value.data, value.len);
  };
  host.get = [](void*, f0_str_t key, char* to) -> size_t {
    const auto it = kept.find(std::string(key.data, key.len));
    return it != kept.end() ? it->second.copy(to, F0_MEMORY_MAX) : 0;
  };
  f0::state_store shared;
  shared.use(host);
  shared.put("a", "1");
  const bool there = shared.get("a") == "1" && shared.get("b").empty() && kept.size() == 1;
  kept.clear();
  return there ? nullptr : wrong("the host's memory");
}
