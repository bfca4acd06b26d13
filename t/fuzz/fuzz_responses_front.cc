// Copyright (C) 2026 The f0 authors
//
// The Responses front.  Any bytes as a request: whatever is accepted is answered
// in the form that a strict reader knows.  Any bytes as any dialect's answer:
// however they are cut, a client reads the same, and a body says it, too.  Two
// bytes choose the dialect, the transport and the signs of life.

#include "front_request.h"

namespace {

namespace chat = f0::chat;
namespace front = f0::front;
using std::string_view;

constexpr string_view kAsked =
    R"({"input":"x","tools":[{"type":"function","name":"get_weather"},)"
    R"({"type":"custom","name":"apply_patch"},{"type":"custom","name":"read_file"},)"
    R"({"type":"tool_search"},{"type":"namespace","name":"a","tools":[)"
    R"({"type":"function","name":"b"},{"type":"custom","name":"c"}]}]})";

void check_calls(string_view bytes) {
  fuzz::reading_of r(front::id::responses, bytes);
  if (!r.taken) return;
  for (const chat::tool& t : r.request.tools) {
    fuzz::demand(!t.name.empty() && t.name.size() <= 64, "a name");
  }
  fuzz::front_client c(front::id::responses, r.request, 1);
  for (const chat::tool& t : r.request.tools) {
    chat::event e{};
    e.type = chat::event::kind::call;
    e.name = t.name;
    e.number = int(&t - r.request.tools.data());
    c.on(e);
    e.type = chat::event::kind::arguments;
    e.text = "{\"input\":\"x\"}";
    c.on(e);
  }
  c.end(chat::terminal::done);
  c.heard();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::check_request(front::id::responses, bytes);
  check_calls(bytes);
  if (size < 2) return 0;
  fuzz::reading_of asked(front::id::responses, kAsked);
  fuzz::demand(asked.taken, asked.bad.message);
  const fuzz::transport t(data[0], data[1]);
  fuzz::same_through(front::id::responses, asked.request, t, data[1], bytes.substr(2));
  return 0;
}
