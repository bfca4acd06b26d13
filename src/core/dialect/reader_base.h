// Copyright (C) 2026 The f0 authors
//
// reader_base.h - what the four readers share: how a stream begins, fails and
// ends (translate.md 4).

#ifndef F0_CORE_DIALECT_READER_BASE_H_
#define F0_CORE_DIALECT_READER_BASE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../api/error.h"
#include "../base.h"
#include "../json/json.h"
#include "failure.h"
#include "reader.h"
#include "reader_gate.h"
#include "stream.h"

namespace f0::dialect {

// One provider's answer, event by event.
class reader {
 public:
  explicit reader(gate& out) : out_(out) {}
  virtual ~reader() = default;
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  // An event's name (empty: none) and data.  |doc| is cleared.
  void event(string_view name, string_view data, bool at_eof, json::document& doc);

  // A whole JSON body that came with 200.
  void body(string_view bytes, json::document& doc);

  // The end of the bytes; |raw|: a body without framing that stood in their
  // place, or nullptr.  |why|: what is told if the answer is incomplete.
  void close(const string_view* raw, const api::failure& why, json::document& doc);

  // A failure that f0 found itself, told to be of 502.
  void upstream(string_view code, string_view message);
  // One that is known already; only its phase is filled in.
  void fail(api::failure f);

  // Changes whenever the same bytes could mean something else than before.
  virtual unsigned generation() const { return 0; }

 protected:
  // The JSON object of an event, and of a body.
  virtual void on_event(string_view name, const json::value& o) = 0;
  virtual void on_body(const json::value& o) = 0;
  // A choice's finish came: the last chance to complete it.
  virtual void before_finish(int choice) { (void) choice; }
  // A JSON array as the body: its first element counts.
  virtual void on_array(const json::value& a) { on_body(*a.begin()); }
  virtual finish mapped(int choice, string_view native);

  void fail_with(const json::value& error);
  bool is_open(int choice) { return find(choice) != nullptr; }
  void open(int choice);  // tells its role, once
  void finish_with(int choice, string_view native);
  void note_tool(int choice);
  bool has_tools(int choice);
  void done();  // an end marker

  gate& out_;

 private:
  struct choice_state {
    int index;
    bool tools, finished;
  };
  struct finished_choice {
    int index;
    std::string native;
  };

  choice_state* find(int choice);
  void take_body(const json::value* o);
  void tell_finishes();
  bool complete() const;

  std::vector<choice_state> open_;
  std::vector<finished_choice> finished_;
};

std::unique_ptr<reader> make_openai_reader(gate& out);
std::unique_ptr<reader> make_anthropic_reader(gate& out, bool json_tool);
std::unique_ptr<reader> make_gemini_reader(gate& out);
std::unique_ptr<reader> make_ollama_reader(gate& out);

// Gemini's usage out of its own counts; -1: not stated.
usage gemini_usage(int64_t prompt, int64_t candidates, int64_t thoughts, int64_t total,
                   int64_t cached);

// How provider texts are parsed: broken bytes repaired, surrogate halves kept.
constexpr json::limits lenient{
    .depth = 512, .strict_utf8 = false, .join_surrogates = false, .borrow = true};

// The text as JSON, with null for NaN and its like; nullptr: it is none.  |doc|
// is cleared.
const json::value* parse_lenient(string_view text, json::document& doc);

// ---- values of loose types

bool truthy(const json::value* v);
// A string that is not empty, or empty.
string_view words(const json::value* v);
// A count: an integer of at least 0, or -1.
int64_t count(const json::value* v);
// The member, if it is an object or array with something in it; else nullptr.
const json::value* object_at(const json::value* v, string_view key);
const json::value* array_at(const json::value* v, string_view key);
// A choice's index: the member |index| if it is one, else its place.
int index_of(const json::value& choice, size_t place);
// Compact JSON of the value, "{}" if it is missing or empty.
std::string arguments_of(const json::value* v);
// A BOM, and white space of any script, trimmed off.
string_view strip(string_view s);

}  // namespace f0::dialect

#endif  // F0_CORE_DIALECT_READER_BASE_H_
