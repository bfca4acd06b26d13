// Copyright (C) 2026 The f0 authors
//
// reader.h - how the members of a request are read and refused: what the fronts'
// readers share.  Private to them.

#ifndef F0_CORE_FRONT_READER_H_
#define F0_CORE_FRONT_READER_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "../chat/request.h"
#include "../json/json.h"

namespace f0::front {

using namespace chat;

using json::value;

constexpr size_t kMaxQuoted = 64;  // of a wrong value in a message

// What a request may hold, whatever its form.
constexpr size_t kMaxMessages = 4096;
constexpr size_t kMaxParts = 16384;    // of all messages together
constexpr size_t kMaxToolCalls = 128;  // of one message
constexpr size_t kMaxCallsInAll = 8192;
constexpr size_t kMaxTools = 128;
constexpr size_t kMaxMembers = 4096;    // of the body
constexpr size_t kMaxModel = 256;       // it is told in every chunk
constexpr size_t kMaxStops = 64;        // each is searched in every character of an answer
constexpr size_t kMaxStopBytes = 8192;  // of all of them

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

// null and "" and [] and {} and false are nothing, as the seed's JavaScript and the
// reference take them when they ask whether something is there.
bool is_something(const value* v);

// The words that a field may hold.
using words = std::span<const string_view>;

// A front's reader derives from it.
class reader {
 public:
  reader(const value& root, request& out, bad_request& bad) : root_(root), out_(out), bad_(bad) {}

 protected:
  // Failures: each fills |bad_| with OpenAI's words and returns false.
  bool fail(string_view code, std::string param, std::string message);
  bool missing(const path& p);
  bool wrong_type(const path& p, const char* expected, const value& got);
  bool wrong_value(const path& p, string_view got, words allowed = {});
  bool too_long(const path& p, const char* what, size_t most, size_t got);
  bool too_many(const path& p, size_t most, size_t got);  // members of an object
  bool empty_array(const path& p);

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

  // That the body is an object, and the model that it names.
  bool model();
  // The member |key|, texts that end the answer: one or a list of them.
  bool stops(string_view key);

  // Lists the members of |o|, which stands at |p|, that are not among |known|: they
  // reach nobody.
  void drop_others(const value& o, const path& p, words known);

  // Chat's sampling members, which completions have too.
  bool sampling();
  // stream and stream_options, as chat has them.
  bool stream();

  // A view of |s| that lives as long as |out_| does.
  string_view keep(std::string s);

  const value& root_;
  request& out_;
  bad_request& bad_;
};

}  // namespace f0::front

#endif  // F0_CORE_FRONT_READER_H_
