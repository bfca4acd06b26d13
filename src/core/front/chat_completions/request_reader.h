// Copyright (C) 2026 The f0 authors
//
// request_reader.h - how the fields of a request are read: the parts that
// request*.cc share.  Private to them.

#ifndef F0_CORE_FRONT_CHAT_COMPLETIONS_REQUEST_READER_H_
#define F0_CORE_FRONT_CHAT_COMPLETIONS_REQUEST_READER_H_

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "request.h"

namespace f0::front {

using namespace chat;

using json::value;

constexpr size_t kMaxQuoted = 64;  // of a wrong value in a message

// Where a value stands: "messages[0].content[1].type".  It is spelled out only
// when something is wrong with it.
struct path {
  const path* up = nullptr;
  string_view name;
  int64_t index = -1;

  void append_to(std::string& out) const {
    if (up) up->append_to(out);
    if (index >= 0) {
      out += '[';
      out += std::to_string(index);
      out += ']';
    } else {
      if (!out.empty()) out += '.';
      out += name;
    }
  }
  std::string str() const {
    std::string out;
    append_to(out);
    return out;
  }
};

inline path operator/(const path& up, string_view name) { return {&up, name, -1}; }
inline path element(const path& up, size_t i) { return {&up, {}, int64_t(i)}; }
inline path top(string_view name) { return {nullptr, name, -1}; }

// A number without fraction and exponent.
bool is_integral(const value& v);

// A name of a tool or a schema: ^[a-zA-Z0-9_-]{1,64}$
bool is_name(string_view s);

// The words that a field may hold.
using words = std::span<const string_view>;

// Reads one request, in the order of the reference, up to its first fault.
class request_reader {
 public:
  request_reader(const value& root, request& out, bad_request& bad)
      : root_(root), out_(out), bad_(bad) {}

  // False: |bad| holds the first fault, |out| is of no use.
  bool read();

 private:
  // Failures: each fills |bad_| with OpenAI's words and returns false.
  bool fail(string_view code, std::string param, std::string message);
  bool missing(const path& p);
  bool wrong_type(const path& p, const char* expected, const value& got);
  bool wrong_value(const path& p, string_view got, words allowed = {});
  bool too_long(const path& p, const char* what, size_t most, size_t got);
  bool too_many(const path& p, size_t most, size_t got);  // members of an object

  // The member |key| of |o|, which stands at |p|.  False: it is refused, and
  // |bad_| says why.  An absent or null member that is not required is no
  // fault: *v is nullptr, the others are left as they were.
  bool want(const value& o, string_view key, json::kind k, const path& p, const value** v,
            bool required = false);
  bool want_string(const value& o, string_view key, const path& p, string_view* s,
                   bool required = false);
  bool want_bool(const value& o, string_view key, const path& p, std::optional<bool>* b);
  bool want_word(const value& o, string_view key, const path& p, words allowed,
                 string_view* s = nullptr);

  // The number |key| of the body, within its bounds; absent or null: left.
  bool integer(string_view key, int64_t low, int64_t high, std::optional<int64_t>* n = nullptr);
  bool decimal(string_view key, double low, double high, std::optional<double>* n);

  // request_messages.cc: messages[], in |out_|.  Results follow their calls.
  bool messages();
  bool one_message(const value& m, const path& p, size_t i);
  bool content(const value& m, const path& p, message& to);
  bool one_part(const value& v, const path& p, message& to);
  bool image(const value& v, const path& p, part& to);
  bool file_part(const value& v, const path& p, part& to);
  bool answer(const message& m, size_t i);
  bool tool_calls(const value& m, const path& p, message& to);
  bool one_call(const value& c, const path& p, tool_call& to);
  bool function_call(const value& m, const path& p, message& to);
  bool add(message m);
  bool misplaced(size_t i, const char* why);
  bool count_calls(const message& m, const path& p);

  // Anthropic's blocks in a message.
  bool foreign_block(const value& v, const path& p, message& to);
  bool tool_result(const value& v, const path& p);

  // request.cc: one field or some that belong together, at the top.
  bool sampling();
  bool stream();
  bool stop();
  bool format();
  bool other_options();
  bool metadata();
  bool modalities();

  // request_tools.cc: what is offered, then what is chosen of it.
  bool tools();
  bool one_tool(const value& t, const path& p);
  bool functions();
  bool choice();
  bool choice_object(const value& c);
  bool allowed_tools(const value& c);
  bool chosen_name(const value& f, const path& p, const char* param);

  // request_context.cc: F0's own fields.
  bool f0_fields();
  bool f0_words();
  bool one_file(const value& f, const path& p, file& to);
  bool context(const value& c);
  bool selection(const value& s, const path& p, bool desktop);

  // A view of |s| that lives as long as |out_| does.
  string_view keep(std::string s);

  const value& root_;
  request& out_;
  bad_request& bad_;

  size_t parts_ = 0, calls_ = 0;  // of all messages
  // The tool calls that wait for their results; whether one came.
  bool waiting_ = false;
  std::unordered_map<string_view, bool> pending_;
  // The results that Anthropic's user turns hold: messages of their own.
  std::vector<message> results_;
};

}  // namespace f0::front

#endif  // F0_CORE_FRONT_CHAT_COMPLETIONS_REQUEST_READER_H_
