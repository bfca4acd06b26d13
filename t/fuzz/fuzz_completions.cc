// Copyright (C) 2026 The f0 authors
//
// A prompt's whole way: the input up to its first NUL is a client's body, what
// follows is a provider's answer.  The first byte chooses the provider's form.

#include "../unit/wire_rig.h"
#include "core/front/completions/completions.h"
#include "core/provider/completion/completion.h"
#include "host.h"

namespace {

namespace json = f0::json;
using wire::chat::bad_request;
using wire::dialect::fim;
using wire::dialect::id;

constexpr std::string_view kAsked =
    R"({"model":"m","prompt":"def f(","suffix":")\n","stream":true,"stop":["END"]})";

// What a client is told, if the body is taken.
void ask(std::string_view body, id d, fim f, std::string_view type, std::string_view said) {
  json::document doc, sent;
  wire::chat::request request;
  bad_request bad;
  const json::value* root = doc.parse(body);
  if (root == nullptr) return;
  if (!wire::front::completions::read(*root, request, bad)) {
    fuzz::require(!bad.message.empty() && bad.status == 400, "a refusal without words");
    return;
  }
  if (!wire::dialect::check_completion(d, f, request, bad)) return;
  wire::dialect::call call;
  call.request = &request;
  call.messages = &request.messages;
  call.model = "m";
  call.stream = request.stream;
  call.options.fim = f;
  wire::dialect::encoded out;
  wire::dialect::encode(d, call, out);
  fuzz::require(sent.parse(out.body) != nullptr, "what is asked is no JSON");

  wire::answer a;
  a.options.dialect = d;
  a.options.stops = out.stops;
  a.options.unfence = out.unfence;
  a.headers = {{"content-type", type}};
  wire::dialect::scratch scratch;
  std::string first;
  for (const size_t step : {size_t{0}, size_t{1}, size_t{7}}) {
    std::vector<size_t> cuts;
    for (size_t at = step; step != 0 && at < said.size(); at += step) cuts.push_back(at);
    wire::recorder heard(step == 7);
    wire::play(a, said, cuts, heard, scratch);
    fuzz::require(heard.complaint.empty(), heard.complaint.c_str());
    for (const auto& [i, c] : heard.choices) {
      for (const std::string& s : out.stops) {
        fuzz::require(c.content.find(s) == std::string::npos, "a stop was told");
      }
    }
    const std::string told = wire::outcome(heard);
    if (step == 0) first = told;
    fuzz::require(told == first, "another outcome at other cuts");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t nul = bytes.find('\0');
  const std::string_view body = nul == bytes.npos ? kAsked : bytes.substr(0, nul);
  const std::string_view said = nul == bytes.npos ? bytes : bytes.substr(nul + 1);
  const auto f = static_cast<fim>(data[0] % (static_cast<unsigned>(fim::stable_code) + 1));
  const bool ollama = (data[0] & 0x40) != 0 && f != fim::infill;
  const std::string_view type = (data[0] & 0x80) != 0 ? "application/json"
                                : ollama              ? "application/x-ndjson"
                                                      : "text/event-stream";
  ask(body, ollama ? id::ollama : id::openai, f, type, said);
  return 0;
}
