// Copyright (C) 2026 The f0 authors
//
// stream.h - one model call's answer: bytes in, operations out.
//
// Puts together framing (SSE, NDJSON, a whole JSON body), the dialect's reader,
// surrogate joining, stop sequences that the provider was not given, and the
// fast lane for content events.  The result never depends on how the bytes were
// cut.

#ifndef F0_CORE_PROVIDER_STREAM_H_
#define F0_CORE_PROVIDER_STREAM_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../base/budget.h"
#include "../json/json.h"
#include "provider.h"

namespace f0::dialect {

// What a worker's streams share: nothing in it outlives one call.
struct scratch {
  json::document doc;
  std::string text, text2;
  string_view run[64];  // content events of the fast lane
};

using header_list = std::vector<std::pair<string_view, string_view>>;  // names in lower case

// As in f0_model_end_t.
enum class transport_end : uint8_t { clean, truncated, unreachable, timeout, tls, large_head };

class stream {
 public:
  struct options {
    dialect::id dialect = id::openai;
    std::vector<std::string> stops;  // to be enforced here; usually none
    bool unfence = false;            // a fence around the content is taken off
    bool json_tool = false;          // anthropic: the forced tool "json" is the content
    bool count = false;              // anthropic: the answer is a count of tokens
    name_pairs names;                // of tools: the provider's, the client's; where they differ
    budget* memory = nullptr;        // counts what the answer makes it hold
    bool fast = true;                // take the fast lane where it is open
    size_t line_max = 32 << 20;      // one SSE line or event; longer: event_too_long
    size_t body_max = 32 << 20;      // a whole JSON body; likewise
    size_t error_body_max = 64 << 10;
  };

  stream(const options& o, scratch& s, sink& out);
  ~stream();

  // The answer's head.  A status other than 200 makes the body an error body.
  void head(int status, const header_list& headers);
  // False: the end marker was seen or no more is wanted.
  bool data(string_view bytes);
  // The transport's end; makes sure that end() was told.  Harmless afterwards.
  void end(transport_end how);

  // Whether data() of these bytes, or end(), may take long: an event or a body of
  // many bytes is read.  That may be done in a thread, once the operations are told
  // to a sink and with a scratch that nobody else uses.
  bool heavy(string_view bytes) const;
  bool heavy_end() const;
  void redirect(sink& to, scratch& s);

  bool ended() const;
  // Whether the answer is one JSON body: its content comes as a whole, at end().
  bool whole() const;
  // Whether its head calls it one, whatever the bytes are.
  bool labelled_body() const;
  // Bytes at the end of what came that are such a body, or may become one.
  size_t unframed() const;
  // Bytes at the end of the last data() that came behind the end.
  size_t unread() const;
  // Whether the answer is events, or lines: their content comes bit by bit.
  bool framed() const;
  // Grows with each output that was told.
  size_t progress() const;
  // Whether anything useful was told, and how many bytes of text.
  bool output() const;
  size_t text_bytes() const;
  // What it had to hold was more than the turn's memory: it is at its end.
  bool over_limit() const;
  // A finish word that is not known; empty: there was none.
  string_view odd_finish() const;
  // The field of dialect openai that reasoning came in so far, a literal.
  string_view reasoning_name() const;
  // Bytes that it holds, itself included.
  size_t memory() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_STREAM_H_
