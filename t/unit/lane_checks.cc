// Copyright (C) 2026 The f0 authors

#include "lane_checks.h"

#include <memory>
#include <string>

#include "core/front/lane.h"
#include "wrong.h"

namespace {

using namespace f0;
using front::id;

std::unique_ptr<front::lane_writer> writer(id f, bool stored = false) {
  return front::make_lane_writer(f, {"0abc", 1754000000, "mine"}, stored);
}

std::string passed(front::lane_writer& w, string_view events, bool* counts = nullptr) {
  bool c = false;
  std::string out(w.pass(events, c));
  if (counts != nullptr) *counts = c;
  return out;
}

std::string awake(front::lane_writer& w, bool long_silence = true) {
  std::string out;
  w.stay_awake(out, long_silence);
  return out;
}

}  // namespace

const char* lane_check_messages(void) {
  const auto w = writer(id::messages);
  const struct {
    std::string in, out;
  } starts[] = {
      {"event: message_start\ndata: {\"type\":\"message_start\",\"x\":{\"model\":\"no\"},"
       "\"message\":{\"a\":[\"model\",{\"model\":1}],\"model\" : \"theirs\",\"m\":2}}\n\n",
       "event: message_start\ndata: {\"type\":\"message_start\",\"x\":{\"model\":\"no\"},"
       "\"message\":{\"a\":[\"model\",{\"model\":1}],\"model\" : \"mine\",\"m\":2}}\n\n"},
      {"data: {\"type\":\"message_start\",\r\n: c\r\ndata:\"message\":{\"model\":\r\nid: 3\r\n"
       "data: \"th\\\"e\"}}\r\n\r\n",
       "data: {\"type\":\"message_start\",\r\n: c\r\ndata:\"message\":{\"model\":\r\nid: 3\r\n"
       "data: \"mine\"}}\r\n\r\n"},
      {"\xEF\xBB\xBF"
       "data:{\"message\":{\"model\":\"x\"},\"type\":\"message_start\"}\n\ndata: {}\n\n",
       "\xEF\xBB\xBF"
       "data:{\"message\":{\"model\":\"mine\"},\"type\":\"message_start\"}\n\ndata: {}\n\n"},
      {"data: {\"type\":\"message_start\",\"message\":{\"model\":null}}\n\n",
       "data: {\"type\":\"message_start\",\"message\":{\"model\":null}}\n\n"},
      {"data: {\"type\":\"message_start\"}\n\n", "data: {\"type\":\"message_start\"}\n\n"},
  };
  for (const auto& s : starts) {
    if (std::string got = passed(*w, s.in); got != s.out) return wrong(got);
  }
  const std::string ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
  if (awake(*w) != ping) return wrong(awake(*w));
  const std::string delta =
      "data: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\","
      "\"text\":\"a \\\"model\\\": message_st\"}}\n\n";
  if (passed(*w, delta) != delta) return "a delta was changed";
  for (const string_view kind : {"text", "thinking", "tool_use", "server_tool_use"}) {
    passed(*w,
           "data: {\"type\":\"content_block_start\",\"index\":7,\"content_block\":{\"type\":\"" +
               std::string(kind) + "\"}}\n\n");
    const std::string got = awake(*w);
    const bool empty = got.find("\"index\":7,\"delta\":{\"type\":\"") != got.npos &&
                       got.find(":\"\"}}\n\n") != got.npos;
    if (empty == (kind == "server_tool_use")) return wrong(got);
    passed(*w, "data: {\"type\":\"content_block_stop\",\"index\":7}\n\n");
    if (awake(*w) != ping) return "an open block";
  }
  // A provider's own pings and comments wake nobody.
  bool counts = true;
  if (passed(*w, ping + ping, &counts) != ping + ping || counts) return "a ping counts";
  if (passed(*w, ": c\n\n", &counts) != ": c\n\n" || counts) return "a comment counts";
  if (passed(*w, ping + delta, &counts) != ping + delta || !counts) return "a delta does not";
  // The end is written where it was left out.
  const std::string stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  std::string out;
  w->done(out, {});
  if (out != stop) return wrong(out);
  passed(*w, stop);
  out.clear();
  w->done(out, {});
  return out.empty() ? nullptr : wrong(out);
}

const char* lane_check_responses(void) {
  const auto w = writer(id::responses);
  const std::string begun =
      "data: {\"type\":\"response.created\",\"sequence_number\":3,\"response\":{\"id\":\"r9\","
      "\"tools\":[{\"model\":\"x\"}],\"model\":\"";
  const std::string rest = "\",\"status\":\"in_progress\"}}\n\n";
  if (std::string got = passed(*w, begun + "gpt" + rest); got != begun + "mine" + rest) {
    return wrong(got);
  }
  const std::string delta =
      "data: {\"type\":\"response.output_text.delta\",\"sequence_number\":41,\"delta\":\"m\"}\n\n";
  if (passed(*w, delta + delta) != delta + delta) return "a delta was changed";
  if (awake(*w, false) != ": keep-alive\n\n") return wrong(awake(*w, false));
  std::string out;
  w->done(out, {});
  if (!out.empty()) return wrong(out);
  chat::api_error t;
  t.status = 429;
  t.message = "slow \"down\"";
  w->error(out, t);
  const std::string error =
      "event: error\ndata: {\"type\":\"error\",\"sequence_number\":42,\"code\":"
      "\"rate_limit_exceeded\",\"message\":\"slow \\\"down\\\"\",\"param\":null}\n\n";
  const std::string failed =
      "event: response.failed\ndata: {\"type\":\"response.failed\",\"sequence_number\":43,"
      "\"response\":{\"id\":\"r9\",\"object\":\"response\",\"created_at\":1754000000,\"status\":"
      "\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow \\\"down\\\"\"},"
      "\"model\":\"mine\",";
  if (!out.starts_with(error + failed) || !out.ends_with("}}\n\n")) return wrong(out);
  // Behind the provider's own error event only the second one; behind its own
  // response.failed nothing.
  const auto other = writer(id::responses);
  passed(*other, "data: {\"type\":\"error\",\"sequence_number\":0,\"message\":\"x\"}\n\n");
  out.clear();
  other->follow(out, t);
  if (!out.starts_with("event: response.failed\n") || out.find("_number\":1,") == out.npos) {
    return wrong(out);
  }
  const auto third = writer(id::responses);
  passed(*third, "data: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\"}}\n\n");
  out.clear();
  third->follow(out, t);
  return out.empty() ? nullptr : wrong(out);
}

// A client that takes no comment for a sign of life is woken in every state, and
// loses nothing of what has come.
const char* lane_check_awake(void) {
  const auto event = [](const std::string& type, const std::string& more) {
    return "event: response." + type + "\ndata: {\"type\":\"response." + type +
           "\",\"sequence_number\":7" + more + "}\n\n";
  };
  const auto in_progress = [](string_view got, const std::string& output) {
    return got.starts_with(
               "event: response.in_progress\ndata: {\"type\":\"response.in_progress\","
               "\"sequence_number\":7,\"response\":{\"id\":\"r9\",") &&
           got.find("\"status\":\"in_progress\"") != got.npos &&
           got.find("\"output\":[" + output + "]") != got.npos && got.ends_with("}}\n\n");
  };
  const auto w = writer(id::responses);
  passed(*w, event("created", ",\"response\":{\"id\":\"r9\",\"model\":\"gpt\"}"));
  if (awake(*w, false) != ": keep-alive\n\n") return "a short silence";
  if (!in_progress(awake(*w), "")) return wrong(awake(*w));

  const std::string thought = "{\"type\":\"reasoning\",\"id\":\"rs\",\"summary\":[]}";
  passed(*w, event("output_item.added", ",\"output_index\":0,\"item\":" + thought));
  if (!in_progress(awake(*w), thought)) return "an open item is lost";
  const std::string part = ",\"item_id\":\"rs\",\"output_index\":0,\"summary_index\":2";
  passed(*w, event("reasoning_summary_part.added", part + ",\"part\":{\"type\":\"summary_text\"}"));
  if (awake(*w) != event("reasoning_summary_text.delta", part + ",\"delta\":\"\"")) {
    return wrong(awake(*w));
  }
  passed(*w, event("reasoning_summary_part.done", part));
  if (awake(*w) != ": keep-alive\n\n") return "its words would be lost";
  const std::string whole =
      "{\"type\":\"reasoning\",\"id\":\"rs\",\"summary\":[{\"text\":\"} \\\" {\"}]}";
  passed(*w, event("output_item.done", ",\"output_index\":0,\"item\":" + whole));
  if (!in_progress(awake(*w), whole)) return wrong(awake(*w));

  const std::string message = "{\"type\":\"message\",\"id\":\"m\",\"content\":[]}";
  passed(*w, event("output_item.added", ",\"output_index\":1,\"item\":" + message));
  if (!in_progress(awake(*w), whole + "," + message)) return wrong(awake(*w));
  const std::string text = ",\"item_id\":\"m\",\"output_index\":1,\"content_index\":0";
  passed(*w, event("content_part.added", text + ",\"part\":{\"type\":\"output_text\"}"));
  if (awake(*w) != event("output_text.delta", text + ",\"delta\":\"\",\"logprobs\":[]")) {
    return wrong(awake(*w));
  }
  passed(*w, event("output_item.done", ",\"output_index\":1,\"item\":" + message));
  for (const std::string kind : {"function_call", "custom_tool_call"}) {
    const std::string call = "{\"type\":\"" + kind + "\",\"id\":\"c\"}";
    passed(*w, event("output_item.added", ",\"output_index\":2,\"item\":" + call));
    const std::string delta = kind == "function_call" ? "function_call_arguments" : kind + "_input";
    if (awake(*w) !=
        event(delta + ".delta", ",\"item_id\":\"c\",\"output_index\":2,\"delta\":\"\"")) {
      return wrong(awake(*w));
    }
  }
  // What is too long to be kept is not told without its beginning.
  const std::string big = "{\"type\":\"x\",\"text\":\"" + std::string(256 << 10, 'x') + "\"}";
  passed(*w, event("output_item.done", ",\"output_index\":2,\"item\":" + big));
  return awake(*w) == ": keep-alive\n\n" ? nullptr : "more is kept than may be";
}

// Before the provider has said a word the response is f0's own, and stays it.
const char* lane_check_begun(void) {
  const front::identity who = {"0abc", 1754000000, "mine"};
  chat::request asked;
  budget memory(1 << 20);
  const auto w = writer(id::responses);
  w->use(front::row_of(id::responses).stream({who, asked, 7, memory}));
  if (awake(*w, false) != ": keep-alive\n\n") return "a short silence";
  const std::string begun = awake(*w);
  if (!begun.starts_with("event: response.created\ndata: {\"type\":\"response.created\","
                         "\"sequence_number\":0,\"response\":{\"id\":\"resp_0abc\"")) {
    return wrong(begun);
  }
  const auto event = [](const std::string& type, const std::string& id, const std::string& model) {
    return "data: {\"type\":\"response." + type + "\",\"response\":{\"model\":\"" + model +
           "\",\"id\": \"" + id + "\",\"output\":[{\"id\":\"m\"}]}}\n\n";
  };
  if (std::string got =
          passed(*w, event("created", "r9", "gpt") + event("in_progress", "r9", "gpt"));
      got != event("in_progress", "resp_0abc", "mine")) {
    return wrong(got);
  }
  const std::string later = awake(*w);
  if (later.find("response.in_progress") == later.npos || later.find("resp_0abc") == later.npos) {
    return wrong(later);
  }
  if (std::string got = passed(*w, event("completed", "r9", "gpt"));
      got != event("completed", "resp_0abc", "mine")) {
    return wrong(got);
  }
  // Whose client may ask for it by the provider's id.
  const auto stored = writer(id::responses, true);
  if (awake(*stored) != ": keep-alive\n\n") return wrong(awake(*stored));
  return nullptr;
}

const char* lane_check_bodies(void) {
  const struct {
    string_view in, out;
  } cases[] = {
      {"{\n \"x\" : {\"model\":\"a\"}, \"n\":1e3,\"model\":\t\"a\\\\\" , \"model2\":null}\n",
       "{\n \"x\" : {\"model\":\"a\"}, \"n\":1e3,\"model\":\t\"mine\" , \"model2\":null}\n"},
      {"{\"a\":[1,[\"model\",{}]],\"b\":\"\\\"model\\\":\\\"x\\\"\"}",
       "{\"a\":[1,[\"model\",{}]],\"b\":\"\\\"model\\\":\\\"x\\\"\"}"},
      {"{\"model\":5}", "{\"model\":5}"},
      {"[{\"model\":\"a\"}]", "[{\"model\":\"a\"}]"},
      {"{", "{"},
      {"{\"model\"", "{\"model\""},
      {"{\"a\":\"", "{\"a\":\""},
      {"", ""},
  };
  for (const auto& c : cases) {
    if (std::string got = front::renamed_body(c.in, "mine"); got != c.out) return wrong(got);
  }
  return nullptr;
}

const char* lane_check_envelopes(void) {
  const std::string f0 = "{\"type\":\"thinking\", \"signature\":\"f0.x\",\"thinking\":\"t\"}";
  const std::string own = "{\"type\":\"thinking\",\"thinking\":\"f0.\",\"signature\":\"Eq\"}";
  const std::string text = "{\"type\":\"text\",\"text\":\"\\\"f0. } ]\"}";
  const std::string seal = "{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"f0.A\"}";
  const auto talk = [](std::string_view content) {
    return "{ \"system\":\"f0.\",\"messages\" : [{\"role\":\"user\",\"content\":\"\\\"f0.\"},\n"
           "{\"role\":\"assistant\",\"content\":[" +
           std::string(content) + "] }, {\"role\":\"user\",\"content\":\"x\"}],\"z\":[\"f0.\"]}";
  };
  const struct {
    id front;
    std::string in, out;
  } cases[] = {
      {id::messages, talk(f0 + " , " + text), talk(text)},
      {id::messages, talk(text + " , " + f0), talk(text + " ")},
      {id::messages, talk(text + "," + f0 + ", " + f0 + "," + own), talk(text + "," + own)},
      {id::messages, talk(own + "," + f0 + "," + f0), talk(own)},
      {id::messages, talk(own + "," + text), talk(own + "," + text)},
      // A message of which nothing stays goes, too.
      {id::messages, talk(f0),
       "{ \"system\":\"f0.\",\"messages\" : [{\"role\":\"user\",\"content\":\"\\\"f0.\"},\n"
       "{\"role\":\"user\",\"content\":\"x\"}],\"z\":[\"f0.\"]}"},
      {id::responses, "{\"input\":[" + seal + ",{\"type\":\"message\"}],\"model\":\"m\"}",
       "{\"input\":[{\"type\":\"message\"}],\"model\":\"m\"}"},
      {id::responses, "{\"input\":\"f0.\",\"x\":\"f0.\"}", "{\"input\":\"f0.\",\"x\":\"f0.\"}"},
      {id::chat, talk(f0), talk(f0)},
  };
  for (const auto& c : cases) {
    const std::string got = front::without_envelopes(c.front, c.in);
    if (got != c.out) return wrong("got  " + got + "\nwant " + c.out);
  }
  return nullptr;
}
