// Copyright (C) 2026 The f0 authors
//
// outlet.h - the client's side of a turn: what was decided to be said, as a
// stream or as one body.
//
// Nothing is written before something useful is there (design.md 5): until then
// a failure can still be an HTTP status.  Nothing is written behind the end:
// whatever a responder says after done() or error() is dropped here.

#ifndef F0_CORE_TURN_OUTLET_H_
#define F0_CORE_TURN_OUTLET_H_

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../base/budget.h"
#include "../chat/event.h"
#include "../chat/failure.h"
#include "../front/chat_completions/writer.h"

namespace f0 {

class outlet {
 public:
  // |ids| makes up tool call ids that a provider did not give.
  outlet(const front::identity& who, bool stream, bool include_usage, string_view ids, budget& b);

  // The worker's buffer to write to, for the calls that follow.
  void write_to(std::string& out) { out_ = &out; }

  // From now on texts come whole and are cut into pieces of |n| code points;
  // they are written as the output is taken (0: they go out as they come).
  void cut(size_t n) { pieces_ = n; }

  void role(int choice);
  void content(int choice, string_view text);
  // The fast lane (../chat/event.h): how many were taken.
  size_t content_run(const string_view* json, size_t n);
  void reasoning(int choice, string_view text);
  void refusal(int choice, string_view text);
  // |json|: reasoning_details that say the same, for the delta of |text|.
  void reasoning_details(int choice, string_view text, string_view json);
  // The whole list of them, for a JSON answer.
  void details(int choice, string_view json);
  void image(int choice, string_view url);
  // The id as the client reads it, valid until the next call.
  string_view tool_start(int choice, int k, const chat::tool_head& head);
  void tool_args(int choice, int k, string_view text);
  void tool_extra(int choice, int k, string_view json);
  void finish(int choice, chat::finish f);
  void comment(string_view text);
  // Keeps clients awake that count only chunks.
  void empty_chunk();
  // An agent's event: written as a chunk, or as a named event.
  void extension(string_view object, string_view event);
  // The member "f0" of a JSON answer.
  void extension_body(string_view object);
  void usage(const chat::usage& u) { usage_ = u; }

  // The raw lane: whole events of the provider's stream, as they are.
  void raw(string_view events);
  // Nothing more is said, whatever comes.
  void close() { ended_ = true; }
  // The end of a stream: usage if there is some, [DONE].
  void done();
  // A failure once something was sent; [DONE].
  void error(const chat::api_error& t);
  // The JSON answer.
  void write_body(std::string& out) const;

  // Forgets what a call said that was not sent.
  void restart();

  bool streams() const { return stream_; }
  // Bytes have left, or are about to: the status is 200.
  bool committed() const { return committed_; }
  // Something of the answer itself was said (in JSON mode: collected).
  bool useful() const { return useful_; }
  bool over_limit() const { return over_limit_; }
  void exceed() { over_limit_ = true; }
  // Moves queued pieces to the buffer, about |size| bytes at most.
  void drain(size_t size);
  bool queued() const { return !queue_.empty(); }
  size_t queued_bytes() const { return queued_bytes_; }
  unsigned chunks() const { return writer_.chunks(); }

 private:
  enum class what : uint8_t {
    content,
    reasoning,
    refusal,
    tool_args,  // texts: may be cut
    role,
    details,
    image,
    tool_start,
    custom_start,
    tool_extra,
    finish,
    extension,
    usage,
    error,
    done
  };
  struct piece {
    what kind;
    int choice, k;
    std::string a, b, c;
    size_t charged;  // to the turn's memory
    size_t at = 0;   // bytes of a that were written
  };

  // The role chunks that are due, before anything else of the answer.
  void commit();
  void write_role(int choice);
  // Writes it, or queues it behind what waits to be cut.
  void say(what kind, int choice, int k, string_view a, string_view b = {}, string_view c = {});
  void write(what kind, int choice, int k, string_view a, string_view b, string_view c);
  void collect(bool ok) { over_limit_ |= !ok; }

  front::chunk_writer writer_;
  std::unique_ptr<front::completion_writer> body_;
  budget& budget_;
  std::string* out_ = nullptr;
  std::string ids_, id_;
  unsigned made_up_ = 0;
  std::vector<int> roles_;  // of choices that began before anything useful came
  std::vector<std::pair<int, std::string>> early_;  // reasoning_details, likewise: choice, JSON
  std::list<piece> queue_;
  size_t queued_bytes_ = 0;
  size_t pieces_ = 0;
  chat::usage usage_;
  bool stream_;
  bool committed_ = false, useful_ = false, over_limit_ = false, ended_ = false;
  bool role_written_ = false;  // of choice 0
};

}  // namespace f0

#endif  // F0_CORE_TURN_OUTLET_H_
