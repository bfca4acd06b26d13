// Copyright (C) 2026 The f0 authors

#include "responses_checks.h"

#include "core/front/chat_completions/request.h"
#include "core/json/json.h"
#include "core/provider/call.h"
#include "core/worker.h"
#include "wire_rig.h"
#include "wrong.h"

namespace {

using namespace wire;
namespace json = f0::json;
using f0::dialect::id;

// ---- answers

// An event of |type|, with what else it has.
std::string event(string_view type, string_view more = "") {
  return "data: {\"type\":\"" + std::string(type) + '"' + (more.empty() ? "" : ",") +
         std::string(more) + "}\n\n";
}

std::string text(string_view at, string_view said) {
  return event("response.output_text.delta",
               std::string(at) + ",\"delta\":\"" + std::string(said) + "\"");
}

std::string item(string_view step, string_view at, string_view more) {
  return event("response.output_item." + std::string(step),
               std::string(at) + (at.empty() ? "" : ",") + "\"item\":{" + std::string(more) + "}");
}

std::string message(string_view said, string_view ident = "m") {
  return "\"id\":\"" + std::string(ident) +
         "\",\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"" +
         std::string(said) + "\"}]";
}

// |output|: items of message() and function() in braces.
std::string completed(string_view output = "") {
  return event("response.completed",
               "\"response\":{\"status\":\"completed\",\"output\":[" + std::string(output) + "]}");
}

std::string function(string_view call_id, string_view name, string_view arguments) {
  return "\"type\":\"function_call\",\"call_id\":\"" + std::string(call_id) + "\",\"name\":\"" +
         std::string(name) + "\",\"arguments\":\"" + std::string(arguments) + "\"";
}

std::string arguments(string_view at, string_view fragment) {
  return event("response.function_call_arguments.delta",
               std::string(at) + ",\"delta\":\"" + std::string(fragment) + "\"");
}

constexpr string_view k0 = "\"output_index\":0", k1 = "\"output_index\":1";
const std::string kBegin = event("response.created", "\"response\":{\"id\":\"r\"}");

struct rule {
  std::string bytes, want;
};

const char* all_of(std::initializer_list<rule> rules) {
  for (const rule& r : rules) {
    const std::string bad = always(sse(id::responses), r.bytes, r.want);
    if (!bad.empty()) return wrong(bad);
  }
  return nullptr;
}

}  // namespace

// Texts are told once, from wherever they come first.
const char* responses_check_texts(void) {
  const std::string part_done = event(
      "response.content_part.done",
      "\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"p\"}");
  const auto summary = [](int place, string_view said) {
    return event("response.reasoning_summary_text.delta",
                 "\"output_index\":0,\"summary_index\":" + std::to_string(place) + ",\"delta\":\"" +
                     std::string(said) + "\"");
  };
  const std::string thought = event("response.reasoning_text.delta",
                                    "\"output_index\":1,\"content_index\":0,\"delta\":\"t\"");
  return all_of({
      {kBegin + text(k0, "a") + text(k0, "b") + completed(), "ab// stop "},
      // In all places, and in each alone.
      {kBegin + item("added", k0, "\"type\":\"message\",\"id\":\"m\",\"content\":[]") +
           text(k0, "p") + event("response.output_text.done", "\"output_index\":0,\"text\":\"p\"") +
           part_done + item("done", k0, message("p")) + completed('{' + message("p") + '}'),
       "p// stop "},
      {kBegin + event("response.output_text.done", "\"output_index\":0,\"text\":\"p\"") +
           part_done + item("done", k0, message("p")) + completed(),
       "p// stop "},
      {kBegin + item("added", k0, "\"type\":\"message\",\"id\":\"m\"") + part_done +
           item("done", k0, message("p")) + completed(),
       "p// stop "},
      {kBegin + item("done", k0, message("p")) + completed('{' + message("p") + '}'), "p// stop "},
      {kBegin + item("added", k0, message("p")) + completed(), "p// stop "},
      {kBegin + item("added", k0, message("p")) + text(k0, "q") + completed(), "q// stop "},
      {completed('{' + message("p") + '}'), "p// stop "},
      {kBegin + completed("{\"type\":\"message\",\"content\":\"p\"}"), "p// stop "},
      // Two items; the second one comes at the end only.
      {kBegin + text(k0, "a") + completed('{' + message("a") + "},{" + message("b", "n") + '}'),
       "ab// stop "},
      // Two items under one index, with their own ids, whole again in the end.
      {kBegin + item("added", k0, "\"type\":\"message\",\"id\":\"m\"") + text(k0, "a") +
           item("done", k0, message("a")) + item("added", k0, "\"type\":\"message\",\"id\":\"n\"") +
           text(k0, "b") + item("done", k0, message("b", "n")) +
           completed('{' + message("a") + "},{" + message("b", "n") + '}'),
       "ab// stop "},
      // No index: by id, and by nothing but the order.
      {kBegin + item("added", "", "\"type\":\"message\",\"id\":\"m\"") +
           text("\"item_id\":\"m\"", "a") + item("done", "", message("a")) + completed(),
       "a// stop "},
      {kBegin + item("added", "", "\"type\":\"message\"") + text("\"x\":1", "a") +
           item("done", "",
                "\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]") +
           completed(),
       "a// stop "},
      // Begun twice.
      {kBegin + item("added", k0, "\"type\":\"message\",\"id\":\"m\"") + text(k0, "a") +
           item("added", k0, "\"type\":\"message\",\"id\":\"m\"") + item("done", k0, message("a")) +
           completed(),
       "a// stop "},
      // The event's name where the data has no type.
      {"event: response.output_text.delta\ndata: {\"delta\":\"a\"}\n\n"
       "event: response.completed\ndata: {}\n\n",
       "a// stop "},
      // Parts of reasoning are paragraphs, of one item or of several.
      {kBegin + summary(0, "a") + summary(0, "b") + summary(1, "c") + thought +
           text("\"output_index\":2", "x") + completed(),
       "x/ab\n\nc\n\nt/ stop "},
      {kBegin +
           item("done", k0,
                "\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[{\"type\":\"summary_text\","
                "\"text\":\"a\"},{\"type\":\"summary_text\",\"text\":\"b\"}]") +
           completed("{\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[{\"type\":\"summary_text\","
                     "\"text\":\"a\"},{\"type\":\"summary_text\",\"text\":\"b\"}]}"),
       "/a\n\nb/ stop "},
      {kBegin + event("response.refusal.delta", "\"output_index\":0,\"delta\":\"n\"") +
           event("response.refusal.done", "\"output_index\":0,\"refusal\":\"no\"") + completed(),
       "//n stop "},
      {kBegin +
           completed(
               "{\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"no\"}]}"),
       "//no stop "},
      // Halves of a pair in two deltas.
      {kBegin + text(k0, "\\ud83d") + text(k0, "\\ude00") + completed(),
       "\xf0\x9f\x98\x80// stop "},
      // What is not known says nothing.
      {kBegin + event("keepalive") + event("response.web_search_call.searching", k0) +
           item("done", k0, "\"type\":\"web_search_call\",\"content\":\"x\"") +
           event("response.mcp_call_arguments.delta", "\"output_index\":0,\"delta\":\"{\"") +
           event("response.output_text.annotation.added", k1) + event("response.odd.delta", k0) +
           text(k1, "a") + completed(),
       "a// stop "},
  });
}

const char* responses_check_calls(void) {
  const std::string begun = item("added", k0, function("c", "ls", ""));
  const auto input = [](string_view fragment) {
    return event("response.custom_tool_call_input.delta",
                 "\"output_index\":0,\"delta\":\"" + std::string(fragment) + "\"");
  };
  const std::string custom =
      "\"type\":\"custom_tool_call\",\"call_id\":\"c\",\"name\":\"g\",\"input\":\"";
  return all_of({
      {kBegin + begun + arguments(k0, "{\\\"a\\\"") + arguments(k0, ":1}") +
           item("done", k0, function("c", "ls", "{\\\"a\\\":1}")) +
           completed('{' + function("c", "ls", "{\\\"a\\\":1}") + '}'),
       "// [c ls {\"a\":1}] tool_calls "},
      // From each place alone.
      {kBegin + begun +
           event("response.function_call_arguments.done",
                 "\"output_index\":0,\"arguments\":\"{ }\"") +
           item("done", k0, function("c", "ls", "{ }")) + completed(),
       "// [c ls { }] tool_calls "},
      {kBegin + item("done", k0, function("c", "ls", "{ }")) + completed(),
       "// [c ls { }] tool_calls "},
      {kBegin + item("added", k0, function("c", "ls", "{ }")) + completed(),
       "// [c ls { }] tool_calls "},
      {completed('{' + function("c", "ls", "{ }") + '}'), "// [c ls { }] tool_calls "},
      {kBegin + text(k0, "a") +
           completed('{' + message("a") + "},{" + function("c", "ls", "{ }") + '}'),
       "a// [c ls { }] tool_calls "},
      {kBegin +
           item("done", k0,
                "\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"ls\","
                "\"arguments\":{\"a\":[1.50]}") +
           completed(),
       "// [c ls {\"a\":[1.50]}] tool_calls "},
      // None at all.
      {kBegin + begun + item("done", k0, function("c", "ls", "")) + completed(),
       "// [c ls {}] tool_calls "},
      // The item's id where the call has none; ids that were given already.
      {kBegin + item("done", k0, "\"type\":\"function_call\",\"id\":\"fc\",\"name\":\"ls\"") +
           completed(),
       "// [fc ls {}] tool_calls "},
      {kBegin + item("done", k0, function("c", "a", "")) +
           item("done", k1, function("c", "b", "")) + completed(),
       "// [c a {}] [ b {}] tool_calls "},
      // Interleaved, told apart by their index although their ids change.
      {kBegin + begun + item("added", k1, function("d", "cat", "")) +
           arguments("\"output_index\":0,\"item_id\":\"x1\"", "{\\\"a\\\"") +
           arguments("\"output_index\":1,\"item_id\":\"x2\"", "{}") +
           arguments("\"output_index\":0,\"item_id\":\"x3\"", ":1}") +
           completed("{\"id\":\"x4\"," + function("c", "ls", "{\\\"a\\\":1}") +
                     "},{\"id\":\"x5\"," + function("d", "cat", "{}") + '}'),
       "// [c ls {\"a\":1}] [d cat {}] tool_calls "},
      // The name comes at the end only.
      {kBegin + arguments(k0, "{") + arguments(k0, "}") +
           item("done", k0, function("c", "ls", "{}")) + completed(),
       "// [c ls {}] tool_calls "},
      {kBegin + item("added", k0, function("c", "", "")) + arguments(k0, "{}") + completed(),
       "//  malformed_event"},
      {kBegin + item("done", k0, function("c", "", "{}")) + completed(), "//  malformed_event"},
      // Custom ones: text, with nothing made up.
      {kBegin + item("added", k0, custom + '"') + input("*** \\n") + input("x") +
           item("done", k0, custom + "*** \\nx\"") + completed('{' + custom + "*** \\nx\"}"),
       "// [*c g *** \nx] tool_calls "},
      {kBegin + item("done", k0, custom + '"') + completed(), "// [*c g ] tool_calls "},
      {kBegin +
           event("response.custom_tool_call_input.done", "\"output_index\":0,\"input\":\"x\"") +
           item("done", k0, custom + "x\"") + completed(),
       "// [*c g x] tool_calls "},
  });
}

const char* responses_check_ends(void) {
  const auto incomplete = [](string_view why) {
    return event("response.incomplete",
                 "\"response\":{\"incomplete_details\":" + std::string(why) + "}");
  };
  const std::string hi = kBegin + text(k0, "hi");
  if (const char* bad = all_of({
          {hi + completed() + text(k0, "more") + "junk\n\n", "hi// stop "},
          {hi + incomplete("{\"reason\":\"max_output_tokens\"}"), "hi// length "},
          {hi + incomplete("{\"reason\":\"content_filter\"}"), "hi// content_filter "},
          {hi + incomplete("{\"reason\":\"odd\"}"), "hi// length "},
          {hi + incomplete("null"), "hi// length "},
          {hi + event("response.incomplete"), "hi// length "},
          {kBegin + item("added", k0, function("c", "ls", "")) + arguments(k0, "{\\\"a") +
               incomplete("{\"reason\":\"max_output_tokens\"}"),
           "// [c ls {\"a] length "},
          // The status of what is called completed counts.
          {hi + event("response.completed", "\"response\":{\"status\":\"incomplete\"}"),
           "hi// length "},
          {hi + event("response.completed", "\"response\":{\"status\":\"failed\"}"),
           "hi//  upstream_error"},
          {hi + event("response.cancelled"), "hi//  cancelled"},
          {kBegin + completed(), "// stop "},
          // No end.
          {hi, "hi//  stream_truncated"},
          {kBegin, "//  stream_truncated"},
          {hi + "data: [DONE]\n\n", "hi//  stream_truncated"},
          {"data: [DONE]\n\n", "empty_stream"},
          {hi + completed() + "data: [DONE]\n\n", "hi// stop "},
          {hi + item("done", k0, message("hi")), "hi//  stream_truncated"},
      })) {
    return bad;
  }
  // Bodies.
  wire::answer a;
  a.options.dialect = id::responses;
  a.headers = {{"content-type", "application/json"}};
  const std::string output = "\"output\":[{" + message("hi") + "}]}";
  const rule bodies[] = {
      {"{\"object\":\"response\",\"status\":\"completed\"," + output, "hi// stop "},
      {"{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"content_filter\"}," +
           output,
       "hi// content_filter "},
      {"{\"status\":\"in_progress\"," + output, "stream_truncated"},
      {"{\"object\":\"list\",\"status\":\"completed\"," + output, "stream_truncated"},
      {"{\"status\":\"failed\",\"error\":{\"code\":\"slow_down\",\"message\":\"m\"},\"output\":[]}",
       "slow_down"},
      {"{\"status\":\"failed\",\"error\":null," + output, "upstream_error"},
      {"{\"error\":{\"code\":\"invalid_prompt\",\"message\":\"m\"}}", "invalid_prompt"},
      {"[]", "malformed_body"},
  };
  for (const rule& r : bodies) {
    const std::string bad = always(a, r.bytes, r.want);
    if (!bad.empty()) return wrong(bad);
  }
  // One that stands where a stream was asked for.
  const std::string bad = always(sse(id::responses), bodies[0].bytes, bodies[0].want);
  return bad.empty() ? nullptr : wrong(bad);
}

// The status of a failure's code, wherever it stands.
const char* responses_check_errors(void) {
  constexpr struct {
    string_view code;
    int status;
  } codes[] = {
      {"rate_limit_exceeded", 429},
      {"usage_limit_reached", 429},
      {"insufficient_quota", 429},
      {"server_is_overloaded", 503},
      {"slow_down", 503},
      {"invalid_prompt", 400},
      {"context_length_exceeded", 400},
      {"invalid_image_url", 400},
      {"image_too_large", 400},
      {"unsupported_image_media_type", 400},
      {"model_not_found", 404},
      {"vector_store_timeout", 504},
      {"server_error", 500},
      {"odd", 502},
  };
  dialect::scratch s;
  for (const auto& c : codes) {
    const std::string error = "\"code\":\"" + std::string(c.code) + "\",\"message\":\"why\"";
    for (const std::string& bytes :
         {event("response.failed",
                "\"response\":{\"status\":\"failed\",\"error\":{" + error + "}}"),
          event("error", error), event("error", "\"error\":{" + error + '}'),
          "data: {\"error\":{" + error + "}}\n\n", "{\"error\":{" + error + "}}"}) {
      for (const bool begun : {false, true}) {
        if (begun && bytes.front() == '{') continue;
        recorder r(false);
        play(sse(id::responses), (begun ? kBegin + text(k0, "hi") : "") + bytes, {}, r, s);
        if (!r.failed || r.failure.status != c.status || r.failure.code != c.code ||
            r.failure.message != "why" || !r.failure.type.empty()) {
          return wrong(bytes + ": " + std::to_string(r.failure.status) + ' ' + r.failure.code +
                       ' ' + r.failure.message + ' ' + r.failure.type);
        }
        const auto phase =
            begun ? chat::failure::phase::mid_stream : chat::failure::phase::before_content;
        if (r.failure.at != phase) return wrong(bytes + ": the phase");
      }
    }
  }
  return all_of({
      {kBegin + event("response.failed"), "//  upstream_error"},
      {kBegin + event("error", "\"error\":\"broken\""), "//  "},
      {kBegin + "data: {\"type\":\"response.output_text.delta\",\n", "//  stream_truncated"},
      {kBegin + "data: {\"type\":\n\n" + completed(), "//  malformed_event"},
  });
}

const char* responses_check_usage(void) {
  const auto used = [](string_view u) { return "\"response\":{\"usage\":" + std::string(u) + "}"; };
  constexpr string_view kTwo =
      "{\"input_tokens\":2,\"output_tokens\":3,\"total_tokens\":9,"
      "\"input_tokens_details\":{\"cached_tokens\":1},"
      "\"output_tokens_details\":{\"reasoning_tokens\":2}}";
  struct {
    std::string bytes;
    string_view want;  // prompt, completion, total, cached, reasoning
  } cases[] = {
      {kBegin + event("response.completed", used(kTwo)), "2 3 9 1 2"},
      {kBegin + event("response.completed", used("null")), "-1 -1 -1 -1 -1"},
      {kBegin + event("response.completed", used("{\"input_tokens\":2,\"output_tokens\":3}")),
       "2 3 5 -1 -1"},
      {kBegin + event("response.completed", used("{\"input_tokens\":\"2\",\"output_tokens\":3.0}")),
       "2 3 5 -1 -1"},
      {kBegin + event("response.completed", used("{\"prompt_tokens\":2,\"completion_tokens\":3}")),
       "2 3 5 -1 -1"},
      // The last one counts, zeros say nothing, a failure was paid for too.
      {kBegin + event("response.in_progress", used("{\"input_tokens\":2,\"output_tokens\":0}")) +
           event("response.completed", used(kTwo)),
       "2 3 9 1 2"},
      {kBegin + event("response.in_progress", used(kTwo)) +
           event("response.completed", used("{\"input_tokens\":0,\"output_tokens\":0}")),
       "2 3 9 1 2"},
      {kBegin + event("response.failed", used(kTwo)), "2 3 9 1 2"},
      {kBegin + event("response.incomplete", used(kTwo)), "2 3 9 1 2"},
  };
  dialect::scratch s;
  for (const auto& c : cases) {
    recorder r(false);
    play(sse(id::responses), c.bytes, {}, r, s);
    std::string got;
    for (const int64_t n :
         {r.used.prompt, r.used.completion, r.used.total, r.used.cached, r.used.reasoning}) {
      got += (got.empty() ? "" : " ") + std::to_string(n);
    }
    if (got != c.want || !r.complaint.empty()) return wrong(c.bytes + ": " + got + r.complaint);
  }
  return nullptr;
}

// Encrypted reasoning is kept with the call that follows, once.
const char* responses_check_sealed(void) {
  const auto sealed = [](string_view ident, string_view bytes, string_view summary = "") {
    return "\"type\":\"reasoning\",\"id\":\"" + std::string(ident) + "\",\"summary\":[" +
           std::string(summary) + "],\"encrypted_content\":\"" + std::string(bytes) + "\"";
  };
  const std::string call = item("done", k1, function("c", "ls", "{}"));
  const std::string note = "{\"type\":\"summary_text\",\"text\":\"s\\ud83d\"}";
  const struct {
    std::string bytes;
    std::vector<std::string> want;
  } cases[] = {
      {item("added", k0, sealed("r", "begun")) + item("done", k0, sealed("r", "whole")) + call +
           completed('{' + sealed("r", "whole") + "},{" + function("c", "ls", "{}") + '}'),
       {"0 r "
        "[{\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[],\"encrypted_content\":\"whole\"}]"}},
      {item("done", k0, sealed("r", "a", note)) +
           item("done", "\"output_index\":5", sealed("q", "b")) + call +
           item("done", "\"output_index\":2", function("d", "ls", "{}")) + completed(),
       {"0 r [{\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[{\"type\":\"summary_text\","
        "\"text\":\"s\xef\xbf\xbd\"}],\"encrypted_content\":\"a\"}]",
        "0 r [{\"type\":\"reasoning\",\"id\":\"q\",\"summary\":[],\"encrypted_content\":\"b\"}]"}},
      {completed('{' + sealed("r", "a") + "},{" + function("c", "ls", "{}") + '}'),
       {"0 r [{\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[],\"encrypted_content\":\"a\"}]"}},
      // Too much, none, and of a call that may come.
      {item("done", k0, sealed("r", std::string(200000, 'x'))) + call + completed(), {}},
      {item("done", k0, "\"type\":\"reasoning\",\"summary\":[]") + call + completed(), {}},
      {item("done", k0, sealed("r", "a")) + text(k1, "x") + completed(),
       {"0 r [{\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[],\"encrypted_content\":\"a\"}]"}},
  };
  dialect::scratch s;
  for (const auto& c : cases) {
    recorder r(false);
    play(sse(id::responses), kBegin + c.bytes, {}, r, s);
    if (!r.complaint.empty() || r.failed) return wrong(r.complaint + r.failure.message);
    if (r.choices[0].kept != c.want) {
      return wrong("kept " + (r.choices[0].kept.empty() ? "nothing" : r.choices[0].kept[0]));
    }
  }
  return nullptr;
}

const char* responses_check_bounds(void) {
  std::string calls, items;
  for (int i = 0; i < 5000; ++i) {
    const std::string at = "\"output_index\":" + std::to_string(i);
    if (i < 2000) calls += item("done", at, function("c" + std::to_string(i), "n", "{}"));
    items += item("added", at, "\"type\":\"odd\"");
  }
  dialect::scratch s;
  for (const std::string& bytes : {calls, items}) {
    recorder r(false);
    play(sse(id::responses), kBegin + bytes + completed(), {}, r, s);
    if (r.failure.code != "malformed_event") return wrong("no end: " + r.failure.code);
    if (r.choices[0].calls.size() != (bytes == calls ? 1024u : 0u)) return "the number of calls";
  }
  // What waits for its name is memory of the turn.
  f0::budget memory(100000);
  wire::answer a = sse(id::responses);
  a.options.memory = &memory;
  recorder r(false);
  std::string bytes = kBegin;
  for (int i = 0; i < 200; ++i) bytes += arguments(k0, std::string(1000, 'x'));
  play(a, bytes, {}, r, s);
  return r.failure.code == "upstream_error" ? nullptr : wrong("held: " + r.failure.code);
}

// A text that the fast lane took is not told again by what repeats it.
const char* responses_check_lane(void) {
  for (const bool index : {true, false}) {
    const std::string at = index ? std::string(k0) : "\"item_id\":\"m\"";
    std::string bytes = kBegin, want;
    for (const string_view ident : {"m", "n"}) {
      // The second item has the index of the first one: all of it takes the lane.
      if (!index && ident == "n") break;
      bytes += item("added", index ? k0 : "",
                    "\"type\":\"message\",\"id\":\"" + std::string(ident) + '"');
      std::string said;
      for (int i = 0; i < 40; ++i) {
        bytes += text(at + ",\"sequence_number\":" + std::to_string(i), "word ");
        said += "word ";
      }
      bytes += event("response.output_text.done", at + ",\"text\":\"" + said + "\"");
      bytes += item("done", index ? k0 : "", message(said, ident));
      want += said;
    }
    bytes += completed();
    dialect::scratch s;
    std::string bad;
    each_cut(bytes, [&](const std::vector<size_t>& cuts) {
      recorder r(true);
      play(sse(id::responses), bytes, cuts, r, s);
      if (bad.empty() && (r.choices[0].content != want || !r.complaint.empty())) {
        bad = differs("content", want, r.choices[0].content) + r.complaint;
      }
      if (bad.empty() && cuts.empty() && r.escaped < want.size() / 5 - 8)
        bad = "the lane is closed";
    });
    if (!bad.empty()) return wrong(bad);
  }
  // Stops are f0's own here.
  wire::answer a = sse(id::responses);
  a.options.stops = {"ds wo"};
  const std::string bad =
      always(a, kBegin + text(k0, "wor") + text(k0, "ds ") + text(k0, "words") + completed(),
             "wor// stop ");
  return bad.empty() ? nullptr : wrong(bad);
}

// ---- requests

namespace {

struct asking {
  json::document doc, sent;
  f0::chat::request request;
  f0::chat::bad_request bad;
  dialect::call call;
  dialect::encoded out;
  bool read = false;

  explicit asking(string_view body) {
    const json::value* root = doc.parse(body);
    read = root != nullptr && f0::front::read_request(*root, request, bad);
    call.request = &request;
    call.messages = &request.messages;
    call.model = "up";
    call.stream = request.stream;
  }
  // The members, "-" for one that is not there, with blanks between.
  std::string fields(std::initializer_list<string_view> names) {
    out = {};
    dialect::encode(id::responses, call, out);
    sent.clear();
    const json::value* v = sent.parse(out.body);
    if (v == nullptr) return "no JSON: " + out.body;
    std::string all;
    for (const string_view name : names) {
      if (!all.empty()) all += ' ';
      const json::value* field = v->get(name);
      if (field != nullptr) {
        json::append_value(all, *field);
      } else {
        all += '-';
      }
    }
    return all;
  }
};

std::string talk(string_view messages, string_view more = "") {
  return "{\"messages\":[" + std::string(messages) + "]" + (more.empty() ? "" : ",") +
         std::string(more) + "}";
}

std::string user(string_view more = "") { return talk(R"({"role":"user","content":"x"})", more); }

struct expectation {
  std::string body;
  std::initializer_list<string_view> names;
  string_view want;
};

template <typename Set>
const char* expect_all(std::initializer_list<expectation> list, Set set) {
  for (const expectation& e : list) {
    asking a(e.body);
    if (!a.read) return wrong(e.body + ": " + a.bad.message);
    if (!dialect::check_dialect(id::responses, a.request, a.bad)) return wrong(a.bad.message);
    set(a.call);
    const std::string got = a.fields(e.names);
    if (got != e.want) return wrong(e.body + "\n gives " + got + "\n want  " + std::string(e.want));
  }
  return nullptr;
}

const char* expect_all(std::initializer_list<expectation> list) {
  return expect_all(list, [](dialect::call&) {});
}

}  // namespace

const char* responses_check_messages(void) {
  return expect_all({
      {user(),
       {"model", "input", "instructions", "stream", "store", "tools", "text", "reasoning",
        "include"},
       R"("up" [{"type":"message","role":"user","content":"x"}] - false false - - - -)"},
      {user(R"("stream":true)"), {"stream", "stream_options"}, "true -"},
      // Leading system texts, and one in mid-conversation.
      {talk(R"({"role":"system","content":"a"},{"role":"developer","content":[)"
            R"({"type":"text","text":"b"},{"type":"text","text":"c"}]},)"
            R"({"role":"user","content":"u"},{"role":"developer","content":"d"})"),
       {"instructions", "input"},
       R"("a\n\nb\nc" [{"type":"message","role":"user","content":"u"},)"
       R"({"type":"message","role":"system","content":"d"}])"},
      // Nothing to answer.
      {talk(R"({"role":"system","content":"a"})"),
       {"instructions", "input"},
       R"("a" [{"type":"message","role":"user","content":"Go on."}])"},
      {talk(R"({"role":"user","content":""},{"role":"assistant","content":"y"})"),
       {"input"},
       R"([{"type":"message","role":"assistant","content":"y"}])"},
      // Parts, as they are.
      {talk(
           R"({"role":"user","content":[{"type":"text","text":"a"},)"
           R"({"type":"image_url","image_url":{"url":"https://e/a.png","detail":"low"}},)"
           R"({"type":"image_url","image_url":{"url":"data:image/tiff;base64,AA"}},)"
           R"({"type":"file","file":{"filename":"f.txt","file_data":"data:text/plain;base64,AA"}},)"
           R"({"type":"file","file":{"file_id":"file-1"}}]})"),
       {"input"},
       R"([{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},)"
       R"({"type":"input_image","image_url":"https://e/a.png","detail":"low"},)"
       R"({"type":"input_image","image_url":"data:image/tiff;base64,AA","detail":"auto"},)"
       R"({"type":"input_file","file_data":"data:text/plain;base64,AA","filename":"f.txt"},)"
       R"({"type":"input_file","file_id":"file-1"}]}])"},
      {talk(R"({"role":"user","content":"u"},{"role":"assistant","content":[)"
            R"({"type":"text","text":"a"},{"type":"refusal","refusal":"no"},)"
            R"({"type":"thinking","thinking":"t"}]},{"role":"assistant","reasoning_content":"r"})"),
       {"input"},
       R"([{"type":"message","role":"user","content":"u"},{"type":"message","role":"assistant",)"
       R"("content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":"no"}]}])"},
  });
}

const char* responses_check_history(void) {
  constexpr string_view kCalls =
      R"({"role":"user","content":"u"},{"role":"assistant","content":"I look","tool_calls":[)"
      R"({"id":"a:1","type":"function","function":{"name":"ls","arguments":"{\"p\": 1}"}},)"
      R"({"id":"a:1","type":"custom","custom":{"name":"g","input":"x\ny"}},)"
      R"({"id":"c","type":"function","function":{"name":"ls","arguments":""}}]})";
  const std::string said =
      R"([{"type":"message","role":"user","content":"u"},)"
      R"({"type":"message","role":"assistant","content":"I look"},)"
      R"({"type":"function_call","call_id":"a:1","name":"ls","arguments":"{\"p\": 1}"},)"
      R"({"type":"custom_tool_call","call_id":"a:1","name":"g","input":"x\ny"},)"
      R"({"type":"function_call","call_id":"c","name":"ls","arguments":"{}"},)";
  const std::string three =
      said + R"({"type":"function_call_output","call_id":"a:1","output":"1"},)"
             R"({"type":"custom_tool_call_output","call_id":"a:1","output":"2\n3"},)"
             R"({"type":"function_call_output","call_id":"c","output":"no result"}])";
  const char* bad = expect_all({
      // Results of one id in order; a call whose result was cut off gets one.
      {talk(std::string(kCalls) +
            R"(,{"role":"tool","tool_call_id":"a:1","content":"1"},)"
            R"({"role":"tool","tool_call_id":"a:1","content":[{"type":"text","text":"2"},)"
            R"({"type":"text","text":"3"}]})"),
       {"input"},
       three},
      // The old form has no ids.
      {talk(R"({"role":"user","content":"u"},{"role":"assistant","content":null,)"
            R"("function_call":{"name":"f","arguments":"{}"}},)"
            R"({"role":"function","name":"f","content":"1"})"),
       {"input"},
       R"([{"type":"message","role":"user","content":"u"},)"
       R"({"type":"function_call","call_id":"call_f0_0","name":"f","arguments":"{}"},)"
       R"({"type":"function_call_output","call_id":"call_f0_0","output":"1"}])"},
  });
  if (bad != nullptr) return bad;

  // Sealed reasoning goes before what was said, and before later calls.
  asking a(talk(kCalls));
  dialect::kept_states kept;
  kept.put(chat::state::reasoning, a.request.messages[1].tool_calls[0], R"([{"r":1},{"r":2}])");
  kept.put(chat::state::reasoning, a.request.messages[1].tool_calls[2], R"([{"r":3}])");
  kept.put(chat::state::thinking, a.request.messages[1].tool_calls[1], R"([{"t":1}])");
  a.call.kept = &kept;
  const std::string got = a.fields({"input"});
  for (const string_view want :
       {R"("content":"u"},{"r":1},{"r":2},{"type":"message","role":"assistant")",
        R"("input":"x\ny"},{"r":3},{"type":"function_call","call_id":"c")"}) {
    if (got.find(want) == std::string::npos) return wrong(got);
  }
  return got.find("\"t\":1") == std::string::npos ? nullptr : wrong(got);
}

const char* responses_check_tools(void) {
  const std::string tools =
      R"("tools":[{"type":"function","function":{"name":"ls","description":"lists",)"
      R"("parameters":{"type":"object"},"strict":true}},{"type":"function","function":{"name":"cat"}},)"
      R"({"type":"custom","custom":{"name":"g","description":"d","format":{"type":"grammar",)"
      R"("grammar":{"syntax":"lark","definition":"x"}}}}])";
  const char* bad = expect_all({
      {user(tools),
       {"tools", "tool_choice", "parallel_tool_calls"},
       R"([{"type":"function","name":"ls","description":"lists","parameters":{"type":"object"},)"
       R"("strict":true},{"type":"function","name":"cat","parameters":{"type":"object",)"
       R"("properties":{}},"strict":false},{"type":"custom","name":"g","description":"d",)"
       R"("format":{"type":"grammar","syntax":"lark","definition":"x"}}] - -)"},
      {user(tools + R"(,"tool_choice":"required","parallel_tool_calls":false)"),
       {"tool_choice", "parallel_tool_calls"},
       R"("required" false)"},
      {user(tools + R"(,"tool_choice":"none")"), {"tool_choice"}, R"("none")"},
      {user(tools + R"(,"tool_choice":"auto")"), {"tool_choice"}, R"("auto")"},
      {user(tools + R"(,"tool_choice":{"type":"function","function":{"name":"ls"}})"),
       {"tool_choice"},
       R"({"type":"function","name":"ls"})"},
      {user(tools + R"(,"tool_choice":{"type":"custom","custom":{"name":"g"}})"),
       {"tool_choice"},
       R"({"type":"custom","name":"g"})"},
      {user(tools + R"(,"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required",)"
                    R"("tools":[{"type":"function","function":{"name":"ls"}}]}})"),
       {"tool_choice"},
       R"({"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"ls"}]})"},
      {user(R"("parallel_tool_calls":false,"tools":[])"),
       {"tools", "tool_choice", "parallel_tool_calls"},
       "- - -"},
  });
  if (bad != nullptr) return bad;
  return expect_all({{user(tools), {"tools", "tool_choice"}, "- -"}},
                    [](dialect::call& c) { c.client_tools = false; });
}

const char* responses_check_options(void) {
  const std::string schema =
      R"("response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,)"
      R"("schema":{"type":"object"}}})";
  const char* bad = expect_all({
      {user(
           R"("max_tokens":30,"temperature":1.50,"top_p":0.5,"stop":"END","seed":1,)"
           R"("presence_penalty":1,"frequency_penalty":1,"logit_bias":{"1":1},"n":1,"logprobs":true)"),
       {"max_output_tokens", "temperature", "top_p", "stop", "seed", "presence_penalty",
        "frequency_penalty", "logit_bias", "n", "logprobs"},
       "30 1.50 0.5 - - - - - - -"},
      {user(R"("reasoning_effort":"high")"),
       {"reasoning", "include"},
       R"({"effort":"high"} ["reasoning.encrypted_content"])"},
      {user(R"("reasoning_effort":"none")"), {"reasoning"}, R"({"effort":"none"})"},
      {user(R"("verbosity":"low")"), {"text"}, R"({"verbosity":"low"})"},
      {user(R"("response_format":{"type":"json_object"})"),
       {"text"},
       R"({"format":{"type":"json_object"}})"},
      {user(R"("response_format":{"type":"text"})"), {"text"}, "-"},
      {user(schema),
       {"text"},
       R"({"format":{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}}})"},
      {user(R"("metadata":{"a":"b"},"user":"u","prompt_cache_key":"k","service_tier":"flex",)"
            R"("store":true,"safety_identifier":null)"),
       {"metadata", "user", "prompt_cache_key", "service_tier", "store", "safety_identifier"},
       R"({"a":"b"} "u" "k" "flex" false -)"},
  });
  if (bad != nullptr) return bad;
  bad = expect_all({{user(schema), {"text"}, R"({"format":{"type":"json_object"}})"}},
                   [](dialect::call& c) { c.options.native_schema = false; });
  if (bad != nullptr) return bad;
  asking a(user(schema));
  a.call.options.native_schema = false;
  if (a.fields({"instructions"}).find("JSON Schema") == std::string::npos) return wrong(a.out.body);
  return expect_all(
      {{user(R"("max_tokens":30,"temperature":1)"), {"max_output_tokens", "temperature"}, "20 -"}},
      [](dialect::call& c) {
        c.options.max_output = 20;
        c.options.temperature = dialect::setting::off;
      });
}

const char* responses_check_refused(void) {
  const auto part = [](string_view p) {
    return talk(R"({"role":"user","content":[)" + std::string(p) + "]}");
  };
  const struct {
    std::string body;
    string_view want;
  } cases[] = {
      {part(R"({"type":"input_audio","input_audio":{"data":"AA","format":"wav"}})"),
       "unsupported_value messages[0].content[0]"},
      {part(R"({"type":"video_url","video_url":{"url":"x"}})"),
       "invalid_value messages[0].content[0].type"},
      {part(R"({"type":"image_url","image_url":{"url":"x","detail":"odd"}})"),
       "invalid_value messages[0].content[0].image_url.detail"},
      {part(R"({"type":"image_url","image_url":{"url":"x"}})"), ""},
      {user(R"("reasoning_effort":"odd")"), "invalid_value reasoning_effort"},
      {user(R"("tools":[{"type":"odd"}])"), "invalid_value tools[0].type"},
  };
  for (const auto& c : cases) {
    asking a(c.body);
    if (!a.read) return wrong(c.body + ": " + a.bad.message);
    std::string got;
    if (!dialect::check_dialect(id::responses, a.request, a.bad)) {
      got = a.bad.code + ' ' + a.bad.param;
      if (a.bad.message.find("Responses") == std::string::npos) return wrong(a.bad.message);
    }
    if (got != c.want) return wrong(c.body + ": " + got);
  }
  return nullptr;
}
