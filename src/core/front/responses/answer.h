// Copyright (C) 2026 The f0 authors
//
// answer.h - the items of one response, one after the other: fronts.md 5.

#ifndef F0_CORE_FRONT_RESPONSES_ANSWER_H_
#define F0_CORE_FRONT_RESPONSES_ANSWER_H_

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "../../json/object_scan.h"
#include "../front.h"
#include "response.h"
#include "unwrap.h"

namespace f0::front::responses {

// Puts what a model did into items, and tells them event by event if somebody
// listens.  One item is open at a time.  A call that begins while another one is
// not whole waits for it, and so does all that comes after.
class answer {
 public:
  explicit answer(const writer_options& o);

  // The buffer that events go to in the calls that follow; none: to nobody.
  void tell_to(std::string* out) { out_ = out; }

  // The response begins, unless it did.
  void start();
  void on(const chat::event& e);
  // Texts of the open message, as in chat/event.h: how many were taken.
  size_t content_run(const string_view* json, size_t n);
  // Nothing was said: another provider is asked.
  void forget();
  // A sign of life, the one that belongs where the answer stands.
  void stay_awake();
  // All of it was said: what is open is closed, but for a call that was cut.
  void end();
  // The last event, behind end().
  void finish(const chat::usage& u);
  // The last two events; what is open stays open.
  void fail(const chat::api_error& t);
  // The response as a body, behind end().
  void append_body(std::string& out, const chat::usage& u) const;

  unsigned events() const { return number_; }
  bool over_limit() const { return over_limit_; }

 private:
  enum class kind : uint8_t { message, reasoning, function, custom, search };

  // A tool that its client calls something else, or that is no function there.
  struct tool {
    std::string flat, name, ns;
    kind what;
  };

  struct item {
    explicit item(kind w) : what(w) {}

    kind what;
    bool open = false;         // its beginning was written
    bool begun = false;        // some of its text was
    bool own_text = false;     // its provider knows custom tools: its arguments are text
    int number = -1;           // of a call
    std::string id, name, ns;  // of a call
    std::string waiting;       // text that was not written
    std::string raw;           // arguments that hold no text so far
    std::string sealed;        // reasoning: the envelope that goes with it
    json::object_scan scan;
    unwrapped input;

    bool is_call() const { return what >= kind::function; }
    bool whole() const { return !is_call() || scan.whole(); }
  };

  // answer.cc
  void text(kind what, string_view s);
  void call(const chat::event& e);
  void arguments(int number, string_view s);
  void begin(item i);
  void keep(const chat::event& e);
  void seal();
  void advance(bool over);
  bool is_cut(const item& i) const;
  status outcome() const;
  bool charge(size_t n);

  // answer_write.cc
  void begin_event(string_view type);
  void begin_placed(string_view type);
  void lifecycle(string_view type, status s, const chat::usage& u, string_view error = {});
  void say(string_view s);
  char* put_delta(char* p, string_view json);
  std::string item_id(kind what) const;
  void append_head(const item& i);
  void open(item& i);
  void open_part(item& i);
  void close_part(const item& i);
  void tell_text(const item& i);
  void write(item& i, string_view s);
  void write_function(item& i, string_view s);
  void write_custom(item& i, string_view s);
  void last_words(item& i);
  void close(item& i, bool last);
  string_view said() const { return string_view(output_).substr(text_at_); }

  std::string* out_ = nullptr;
  chat::envelopes* envelopes_ = nullptr;  // that the client asked for
  holding memory_;
  response response_;
  std::vector<tool> tools_;
  std::string turn_;  // in the ids of its items
  // The items, as in the response's output; of the open one what is there.
  std::string output_;
  size_t finished_ = 0;               // bytes of it that are finished items
  size_t item_at_ = 0, text_at_ = 0;  // where in it the open one begins, and its text
  unsigned items_ = 0;                // that are finished
  unsigned number_ = 0;               // of the next event
  std::list<item> queue_;             // the first one may be open
  kind now_ = kind::message;          // what the open one is
  std::string place_;                 // members of each event of it
  chat::finish why_ = chat::finish::none;
  bool started_ = false, over_limit_ = false, ended_ = false;
};

}  // namespace f0::front::responses

#endif  // F0_CORE_FRONT_RESPONSES_ANSWER_H_
