// Copyright (C) 2026 The f0 authors
//
// The provider's side of the four dialects, as their real servers write them:
// event sizes, fields that change from event to event, white space, line ends.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common.h"

namespace bench {

// One streamed answer. All functions append to |out|.
class Form {
 public:
  virtual ~Form() = default;

  virtual const char* content_type() const { return "text/event-stream"; }
  virtual void begin(std::string& /* out */) {}
  // One content event; |text| is the inside of a JSON string.
  virtual void content(std::string& out, std::string_view text) = 0;
  virtual void error(std::string& out) = 0;
  // The ending; kNoFinish and kNoEnd leave out what their names say.
  virtual void end(std::string& out, Fault fault) = 0;

  // The form that is served under |path|; NULL: none.
  static std::unique_ptr<Form> make(std::string_view path, const Params& p, bool usage);
};

// The complete (not streamed) answer of dialect openai.
void append_openai_body(std::string& out, const Params& p, std::string_view text);

// |text| as the inside of a JSON string.
void append_escaped(std::string& out, std::string_view text);

void append_number(std::string& out, long n, int base = 10);

}  // namespace bench
