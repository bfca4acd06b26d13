// Copyright (C) 2026 The f0 authors
//
// call_ids.h - tool call ids as a provider takes them: of a form, and each
// call's own in the whole request (translate.md 1, 1.4).

#ifndef F0_CORE_PROVIDER_CALL_IDS_H_
#define F0_CORE_PROVIDER_CALL_IDS_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "../base/budget.h"
#include "../chat/request.h"

namespace f0::dialect {

class call_ids {
 public:
  enum class form : uint8_t {
    words,  // letters, digits, "_" and "-", as Anthropic wants them
    nine    // nine letters and digits, as Mistral wants them
  };

  // Good ids of |messages| are kept for their first calls.
  call_ids(form f, const std::vector<chat::message>& messages);

  // For the next call, in the order of the conversation.
  std::string take(const chat::tool_call& t);

 private:
  bool is_good(string_view id) const;
  std::string variant(const std::string& base, size_t n) const;

  form form_;
  std::unordered_set<std::string> used_;   // or kept
  std::unordered_set<string_view> given_;  // good ids whose first call came
  std::unordered_map<std::string, size_t> variants_;
  size_t unnamed_ = 0;
};

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_CALL_IDS_H_
