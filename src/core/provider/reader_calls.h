// Copyright (C) 2026 The f0 authors
//
// reader_calls.h - tool calls out of the fragments that OpenAI-compatible engines
// send: translate.md 4.1.
//
// An index, an id or a name may be missing, repeated, or change on the way.  What
// decides is whether a call is whole: its arguments are a JSON object.
//
//   {"index":0,"id":"a","name":"ls"}     a new call
//   {"index":1,"arguments":"{\"p\":"}    goes on with it: nothing else is open
//   {"index":0,"id":"b","name":"ls"}     goes on with it: not whole, the same name
//   {"index":0,"arguments":"1}"}         and makes it whole
//   {"index":0,"name":"ls"}              so this is another call

#ifndef F0_CORE_PROVIDER_READER_CALLS_H_
#define F0_CORE_PROVIDER_READER_CALLS_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../base/budget.h"
#include "../json/object_scan.h"
#include "provider.h"

namespace f0::dialect {

struct call_fragment {
  std::optional<int64_t> index;
  string_view id, name, arguments;  // empty: none came
  bool custom = false;              // of a custom tool
  bool odd = false;                 // it has a type, but nothing that goes with it
  bool foreign = false;             // and that type is not known
  bool whole = false;               // an entry of a message's list
  std::string extra;                // extra_content, as JSON
};

// What the calls of one choice become.
class call_events {
 public:
  virtual ~call_events() = default;
  // The call's number; -1: there are too many, which was told.
  virtual int start(const tool_head& head) = 0;
  virtual void arguments(int k, string_view text) = 0;
  virtual void extra(int k, string_view json) = 0;
  // Counts bytes that are held.  False: too many, which was told.
  virtual bool hold(size_t n) = 0;
  virtual void malformed(string_view why) = 0;
};

class joined_calls {
 public:
  void take(const call_fragment& f, call_events& out);
  // The choice has ended: tells what waited, or that it belongs nowhere.
  void finish(call_events& out);

 private:
  struct slot {
    int k = -1;        // its number once it was told
    size_t order = 0;  // its place among the calls
    bool custom = false;
    bool odd = false;
    bool used = false;     // its id belongs to an earlier call
    bool args = false;     // some arguments were told
    slot* twin = nullptr;  // so far it says nothing but what this one said
    std::string id, name, waiting, extra;
    // Its arguments so far: how they begin, how long they are, a hash, and whether
    // they are whole.
    std::string head;
    size_t size = 0;
    uint64_t hash = 14695981039346656037u;
    json::object_scan scan;

    // Whether they may be the beginning of |t|'s.
    bool begins(const slot& t) const { return size < t.size && t.head.starts_with(head); }
    bool whole() const { return custom || scan.whole(); }
    void add(string_view text);
  };
  using slots = std::vector<slot*>;

  slot* find(const call_fragment& f, call_events& out);
  slot* open_one() const;
  slot* add(call_events& out, bool used = false, slot* twin = nullptr);
  void tell(slot& s, bool end, call_events& out);

  std::deque<slot> all_;
  std::unordered_map<int64_t, slots> at_;       // those that had the index
  std::unordered_map<std::string, slots> ids_;  // or the id
  slots open_;                                  // that were named and begun, and are not whole
};

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_READER_CALLS_H_
