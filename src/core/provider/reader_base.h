// Copyright (C) 2026 The f0 authors
//
// reader_base.h - what the readers share: how a stream begins, fails and
// ends (translate.md 4).

#ifndef F0_CORE_PROVIDER_READER_BASE_H_
#define F0_CORE_PROVIDER_READER_BASE_H_

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"
#include "../chat/failure.h"
#include "../json/json.h"
#include "failure.h"
#include "filter.h"
#include "provider.h"
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
  // |bytes| may be overwritten.
  void body(string_view bytes, json::document& doc);

  // The end of the bytes; |raw|: a body without framing that stood in their
  // place, or nullptr.  |why|: what is told if the answer is incomplete.
  void close(const string_view* raw, const chat::failure& why, json::document& doc);

  // The field that its reasoning came in, where engines differ: a literal.
  virtual string_view reasoning_name() const { return {}; }

  // A failure that f0 found itself, told to be of 502.
  void upstream(string_view code, string_view message);
  // One that is known already; only its phase is filled in.
  void fail(chat::failure f);

 protected:
  // The JSON object of an event, and of a body.
  virtual void on_event(string_view name, const json::value& o) = 0;
  virtual void on_body(const json::value& o) = 0;
  // A choice's finish came: the last chance to complete it.
  virtual void before_finish(int choice) { (void) choice; }
  // A JSON array as the body: its first element counts.
  virtual void on_array(const json::value& a) { on_body(*a.begin()); }

  // [DONE] came.
  virtual void on_done() { done(); }
  virtual void fail_with(const json::value& error);
  bool is_open(int choice) { return find(choice) != nullptr; }
  void open(int choice);  // tells its role, once
  // Output of an open choice; nothing if it is empty.
  void content(int choice, string_view text);
  void reasoning(int choice, string_view text);
  void refusal(int choice, string_view text);
  void image(int choice, string_view url);
  int calls(int choice);  // tool calls so far
  // The number of the choice's next tool call; -1: there are too many, told.
  int next_call(int choice);
  // Something came that there is no place for: |kind| says what.
  void lost(string_view kind) { lost_ = kind; }
  // Whether |native| tells a failure: it is told then, with |why| behind it.  Asked
  // before anything of its event is told.
  bool failing(string_view native, string_view why = {});
  // |stop|: the stop sequence that ended it, if the provider tells.
  void finish_with(int choice, string_view native, string_view stop = {});
  // Counts bytes that are held back.  False: over the turn's memory, told.
  bool hold(size_t n);
  void too_large();
  void done();  // an end marker

  gate& out_;

 private:
  const json::value* parse(string_view text, json::document& doc, bool in_place = false);
  void parsed(const json::document& doc);

  struct choice_state {
    int index;
    int calls = 0;          // tool calls so far
    bool answered = false;  // content, a refusal or a picture came
    bool finished = false;
  };
  struct finished_choice {
    int index;
    std::string native, stop;
  };

  choice_state* find(int choice);
  void take_body(const json::value* o);
  chat::failure misfit(const choice_state& c, string_view native) const;
  void tell_finishes(bool failed);
  bool complete() const;

  std::vector<choice_state> open_;
  std::vector<finished_choice> finished_;
  string_view lost_;  // a literal, empty: nothing was
};

std::unique_ptr<reader> make_openai_reader(gate& out);
std::unique_ptr<reader> make_anthropic_reader(gate& out, bool json_tool, bool count);
std::unique_ptr<reader> make_gemini_reader(gate& out);
std::unique_ptr<reader> make_ollama_reader(gate& out);
std::unique_ptr<reader> make_responses_reader(gate& out);

// Gemini's usage out of its own counts; -1: not stated.
usage gemini_usage(int64_t prompt, int64_t candidates, int64_t thoughts, int64_t total,
                   int64_t cached);

// How provider texts are parsed: broken bytes repaired, surrogate halves kept.
constexpr json::limits lenient{
    .depth = 512, .strict_utf8 = false, .join_surrogates = false, .borrow = true};

// The text as JSON, with null for NaN and its like; nullptr: it is none.  |doc|
// is cleared.
const json::value* parse_lenient(string_view text, json::document& doc, json::error* why = nullptr,
                                 budget* memory = nullptr, bool in_place = false);

// ---- values of loose types

// A parsed text, its halves joined or replaced.
std::string utf8(string_view wtf8);
bool truthy(const json::value* v);
// A string that is not empty, or empty.
string_view words(const json::value* v);
// A count of at least 0, as an integer, a float (rounded) or either as text; or -1.
int64_t count(const json::value* v);
// The member, if it is an object or array with something in it; else nullptr.
const json::value* object_at(const json::value* v, string_view key);
const json::value* array_at(const json::value* v, string_view key);
// The first count above 0, else 0 if one says so, else -1.
int64_t first_count(std::initializer_list<const json::value*> places);
// A finish word; another value as JSON, empty: none.
std::string finish_of(const json::value* v);
// A choice's index: the member |index| if it is one, else its place.
int index_of(const json::value& choice, size_t place);
// Compact JSON of the value, "{}" if it is missing or empty.
std::string arguments_of(const json::value* v);
// A BOM, and white space of any script, trimmed off.
string_view strip(string_view s);

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_READER_BASE_H_
