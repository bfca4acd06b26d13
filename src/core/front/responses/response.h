// Copyright (C) 2026 The f0 authors
//
// response.h - the object that Responses is named for, whatever became of it.

#ifndef F0_CORE_FRONT_RESPONSES_RESPONSE_H_
#define F0_CORE_FRONT_RESPONSES_RESPONSE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "../front.h"

namespace f0::front::responses {

enum class status : uint8_t { in_progress, completed, too_long, filtered, failed };

class response {
 public:
  response(const identity& who, const chat::request& r);

  // |output|: its items, joined by commas.  |error|: members of it, if it failed.
  void append(std::string& out, status s, string_view output, const chat::usage& u,
              string_view error = {}) const;
  size_t size() const { return same_.size(); }

 private:
  // What is the same each time: its beginning, then what it repeats of the request.
  std::string same_;
  size_t head_size_;
};

// The word for a failure, out of what chat says of it (fronts.md 10).
string_view code_of(const chat::api_error& t);

// "code":...,"message":... of a failure, out of what chat says of it.
std::string error_members(const chat::api_error& t);

}  // namespace f0::front::responses

#endif  // F0_CORE_FRONT_RESPONSES_RESPONSE_H_
