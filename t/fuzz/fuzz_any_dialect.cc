// Copyright (C) 2026 The f0 authors
//
// Any bytes as any dialect's answer.  However they are cut, with and without the
// fast lane, the client reads the same; what it reads keeps the form of the
// golden streams, and of each front's.  Two bytes choose the dialect, the transport
// and the cuts.

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "../unit/wire_rig.h"
#include "core/json/json.h"
#include "front_client.h"

namespace {

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

std::vector<size_t> cuts_of(size_t size, uint32_t seed) {
  std::vector<size_t> cuts;
  for (size_t at = 0; seed != 0;) {
    seed = seed * 1664525 + 1013904223;
    at += 1 + (seed >> 16) % (seed & 0x8000 ? 4 : 97);
    if (at >= size) break;
    cuts.push_back(at);
  }
  return cuts;
}

// Each event is a data line with a chunk, an error or, at the end, [DONE].
void check_form(std::string_view chunks) {
  f0::json::document doc;
  bool failed = false;
  while (!chunks.empty()) {
    const size_t end = chunks.find("\n\n");
    require(end != std::string_view::npos, "an event without an end");
    const std::string_view event = chunks.substr(0, end);
    chunks.remove_prefix(end + 2);
    require(event.starts_with("data: "), "an event that is no data");
    if (event == "data: [DONE]") {
      require(chunks.empty(), "something after [DONE]");
      return;
    }
    require(!failed, "something after the error");
    doc.clear();
    const f0::json::value* o = doc.parse(event.substr(6));
    require(o != nullptr && o->is_object(), "a chunk that is no object");
    failed = o->get("error") != nullptr;
    if (failed) {
      require(o->size() == 1 && o->get("choices") == nullptr, "an error in a chunk");
      continue;
    }
    const f0::json::value* choices = o->get("choices");
    require(choices != nullptr && choices->is_array() && choices->size() <= 1, "choices");
    if (choices->size() == 0) {
      require(o->get("usage") != nullptr && o->get("usage")->is_object(), "a chunk of nothing");
      continue;
    }
    require(o->get("usage") != nullptr && o->get("usage")->is_null(), "usage beside a choice");
    const f0::json::value& c = *choices->begin();
    const f0::json::value* delta = c.get("delta");
    const f0::json::value* finish = c.get("finish_reason");
    require(delta != nullptr && delta->is_object() && finish != nullptr, "a choice's form");
    require(finish->is_null() != (delta->size() == 0), "a finish beside a delta");
  }
  require(false, "no [DONE]");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const unsigned choose = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const fuzz::transport t(choose, data[1]);
  wire::answer a;
  a.options = t.options;
  a.headers = {{"content-type", t.type}};
  a.status = t.status;
  a.end = t.end;

  f0::dialect::scratch scratch;
  wire::answer slow = a;
  slow.options.fast = false;
  wire::recorder first(true);
  wire::play(slow, bytes, {}, first, scratch);
  require(first.complaint.empty(), first.complaint.c_str());
  require(first.escaped == 0, "the lane is open though it is off");
  check_form(first.chunks);
  const std::string told = first.told();
  for (uint32_t seed = 0; seed < 4; ++seed) {
    wire::recorder r(seed != 2);
    const uint32_t mix = seed == 0 ? 0 : (data[1] * 4u + seed) * 2654435761u;
    wire::play(a, bytes, cuts_of(bytes.size(), mix), r, scratch);
    require(r.complaint.empty(), r.complaint.c_str());
    require(r.told() == told, "the result depends on the cuts or the lane");
  }
  using f0::front::id;
  for (const id f : {id::chat, id::messages, id::responses, id::completions, id::fim}) {
    fuzz::same_through(f, {}, t, data[1], bytes);
  }
  return 0;
}
