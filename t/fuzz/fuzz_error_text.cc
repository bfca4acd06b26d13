// Copyright (C) 2026 The f0 authors
//
// A provider's error body: what the client is told of it is bounded, valid UTF-8
// and shows no page, URL or key.  The first byte chooses the status.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/chat/failure.h"
#include "core/chat/redact.h"
#include "core/provider/reader_base.h"
#include "core/base/text.h"

namespace {

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

// A scheme, then something after the slashes.  A message that was cut may end so.
bool shows_url(std::string_view s) {
  for (size_t at = s.find("://"); at != s.npos; at = s.find("://", at + 1)) {
    const char before = at > 0 ? s[at - 1] : ' ';
    const bool scheme = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') ||
                        (before >= '0' && before <= '9');
    const bool more = at + 3 < s.size() && static_cast<unsigned char>(s[at + 3]) > 0x20;
    if (scheme && more && s.substr(at + 3) != "...") return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const int statuses[] = {400, 401, 404, 413, 422, 429, 500, 503, 529, 302};
  if (size == 0) return 0;
  const int status = statuses[data[0] % std::size(statuses)];
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);

  f0::json::document doc;
  f0::chat::failure f = f0::dialect::failure_of_body(body, status, doc);
  f0::chat::failure plain;
  plain.status = status;
  f0::text::append_repaired(plain.message, body);
  for (f0::chat::failure* each : {&f, &plain}) {
    require(f0::text::valid_utf8(each->message), "an invalid message");
    const f0::chat::api_error t = f0::chat::answer(*each, (data[0] & 0x80) != 0);
    require(t.status >= 400 && t.status <= 504, "a status that is no failure");
    require(!t.type.empty() && !t.message.empty(), "an empty type or message");
    require(f0::text::valid_utf8(t.message), "an invalid message is told");
    require(f0::text::code_points(t.message) <= 500, "a long message is told");
    require(!f0::chat::holds_markup(t.message), "a page is told");
    require(!shows_url(t.message), "a URL is told");
    std::string object;
    f0::chat::append_error_object(object, t);
    require(doc.parse(object) != nullptr, "the error object is no JSON");
  }
  return 0;
}
