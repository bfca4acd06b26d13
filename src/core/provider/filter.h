// Copyright (C) 2026 The f0 authors
//
// filter.h - the way from a reader to the sink: joins surrogate halves that
// were cut apart, watches for stop sequences, holds the end back until it is one.

#ifndef F0_CORE_PROVIDER_FILTER_H_
#define F0_CORE_PROVIDER_FILTER_H_

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "../base/budget.h"
#include "completion/unfence.h"
#include "provider.h"
#include "reader_stops.h"
#include "stream.h"

namespace f0::dialect {

using header_strings = std::vector<std::pair<std::string, std::string>>;

// Takes WTF-8 (text.h), gives UTF-8.  Once ended() is true everything is
// dropped.
//
// A choice's finish waits for the end: some engines send more of a choice after
// its finish_reason, and a client must see it as the last word.
class gate {
 public:
  // |names|: what a tool's name is to the client, where the provider knows
  // another one; |memory| counts what is held back, nullptr: nobody does; |unfence|:
  // a fence around the content is taken off.
  gate(sink& out, scratch& s, const stop_set& stops, const name_pairs& names, budget* memory,
       bool unfence)
      : out_(&out), scratch_(&s), stops_(stops), names_(names), memory_(memory) {
    if (unfence) fence_ = std::make_unique<dialect::unfence>();
  }
  ~gate() {
    if (memory_ != nullptr) memory_->release(charged_);
  }
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;

  void role(int choice);
  void content(int choice, string_view text);
  void reasoning(int choice, string_view text);
  void refusal(int choice, string_view text);
  void reasoning_details(int choice, string_view text, string_view json);
  void image(int choice, string_view url);
  // An id that this answer gave to an earlier call is left to be made up.
  void tool_start(int choice, int k, const tool_head& head);
  void tool_args(int choice, int k, string_view text);
  void tool_extra(int choice, int k, string_view json);
  void keep(int choice, int k, state what, string_view json);
  void usage(const chat::usage& u);
  // |stop|: the stop sequence that ended it, if the provider tells.
  void finish(int choice, chat::finish f, string_view native, string_view stop = {});
  // |f| gets the head's headers.
  void error(chat::failure f, terminal how);
  void end(terminal how);

  // Counts |n| bytes that are held until the answer is over.  False: over the
  // turn's limit, and the answer is at its end.
  bool charge(size_t n);
  bool over_limit() const noexcept { return over_limit_; }

  // What it tells and what it works with from now on.
  void redirect(sink& out, scratch& s) {
    out_ = &out;
    scratch_ = &s;
  }
  // Counts what the turn holds; nullptr: nobody does.
  budget* memory() const noexcept { return memory_; }

  // Headers of the answer's head that a failure will need; dropped once output came.
  void keep_headers(header_strings h);

  bool ended() const noexcept { return ended_; }
  // Whether anything useful came: content, reasoning, a refusal, a tool call.
  bool output() const noexcept { return output_; }
  // The last finish word that is not known, its beginning; empty: none.
  string_view odd_finish() const noexcept {
    return rare_ != nullptr ? string_view(rare_->odd_finish) : string_view();
  }
  // Of content, reasoning and arguments.
  size_t text_bytes() const noexcept { return text_bytes_; }
  // Grows with each output.
  size_t progress() const noexcept { return text_bytes_ + marks_; }
  // Nothing is held that a content delta would touch, nothing is searched for.
  bool quiet() const noexcept {
    return !holds() && stops_.empty() && (fence_ == nullptr || fence_->passes());
  }

  // What the fast lane needs to know of an event: how many operations there were
  // so far, and how often usage was told; the last content of choice 0 since
  // begin_event(), which returns operations().
  unsigned begin_event() noexcept {
    last_content_ = {};
    return operations_;
  }
  unsigned operations() const noexcept { return operations_; }
  unsigned usages() const noexcept { return usages_; }
  string_view last_content() const noexcept { return last_content_; }
  // Content that the fast lane took apart itself, for choice 0: |n| deltas whose
  // JSON needs no more than unescaping, and is no longer than |longest|.
  void content_run(const string_view* json, size_t n, size_t longest);

 private:
  enum class channel : uint8_t { content, reasoning, refusal, args };
  struct half {  // of a surrogate pair, waiting for the other one
    int choice;
    channel kind;
    int k;
    char bytes[3];
  };
  struct searched {  // the search for stops in a choice
    int choice;
    stop_search search;
  };
  // What most answers never need: thousands of idle streams hold a gate each.
  struct rare {
    std::unordered_set<size_t> given;  // hashes of the ids of tool calls
    std::vector<half> held;
    std::vector<searched> searches;
    std::string odd_finish;
  };

  rare& seldom() {
    if (rare_ == nullptr) rare_ = std::make_unique<rare>();
    return *rare_;
  }
  bool holds() const noexcept { return rare_ != nullptr && !rare_->held.empty(); }

  string_view join(int choice, channel c, int k, string_view text);
  void put(int choice, channel c, int k, string_view text);
  void tell(int choice, channel c, int k, string_view text);
  void text(int choice, channel c, int k, string_view text);
  void flush(int choice, channel keep, bool keep_one);
  void flush_all();
  void flush_stops();
  bool finish_all();
  bool settle(int choice);
  void search(int choice, string_view text);
  void say(int choice, string_view text);
  void stop(int choice, string_view word);
  void flush_fence(int choice);
  void first_output();
  string_view fresh(string_view id);
  string_view client_name(string_view name) const;

  sink* out_;
  scratch* scratch_;
  const stop_set& stops_;
  const name_pairs& names_;
  budget* memory_;
  size_t charged_ = 0;
  std::unique_ptr<rare> rare_;
  std::unique_ptr<dialect::unfence> fence_;
  std::unique_ptr<header_strings> headers_;
  string_view last_content_;
  size_t text_bytes_ = 0;
  unsigned marks_ = 0;  // outputs that are no text
  bool over_limit_ = false;
  unsigned operations_ = 0, usages_ = 0;
  bool ended_ = false, output_ = false;
};

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_FILTER_H_
