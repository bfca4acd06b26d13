// Copyright (C) 2026 The f0 authors
//
// worker.h - what the turns of one thread share: buffers for bytes that are on
// their way, and Gemini's thought signatures between requests.

#ifndef F0_CORE_WORKER_H_
#define F0_CORE_WORKER_H_

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "api/error.h"
#include "base.h"
#include "dialect/stream.h"

namespace f0 {

class turn;

// OpenAI clients can't carry a thought signature: it is kept by the id of its
// tool call until that comes back in a later request (translate.md 7).  Bounded;
// the least recently used go first, and a lost one is legal.
class signature_store {
 public:
  void put(string_view id, string_view signature);
  // Empty if it is not here.  Valid until the next put().
  string_view get(string_view id);

 private:
  static constexpr size_t kMaxBytes = 4 << 20;
  static constexpr size_t kMaxOne = 64 << 10;

  using entry = std::pair<std::string, std::string>;
  std::list<entry> recent_;  // newest first
  std::unordered_map<string_view, std::list<entry>::iterator> index_;
  size_t bytes_ = 0;
};

class worker {
 public:
  dialect::scratch scratch;
  std::string out;   // output of |owner| that was not yet taken
  std::string view;  // output that the host is reading
  turn* owner = nullptr;
  std::string body;  // of an answer that is no turn
  api::told told;    // and what it says
  signature_store signatures;
};

}  // namespace f0

#endif  // F0_CORE_WORKER_H_
