// Copyright (C) 2026 The f0 authors
//
// outlet.h - the client's side of a turn: what was decided to be said, as a
// stream or as one body, in the words of the client's front.
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
#include "../front/front.h"

namespace f0 {

class outlet {
 public:
  outlet(const front::row& f, const front::writer_options& o);

  // The worker's buffer to write to, for the calls that follow.
  void write_to(std::string& out) { out_ = &out; }

  // From now on texts come whole and are cut into pieces of |n| code points;
  // they are written as the output is taken (0: they go out as they come).
  void cut(size_t n) { pieces_ = n; }

  // The event as the client reads it: a call that its provider gave no id gets
  // one, valid until the next call.
  chat::event named(const chat::event& e);
  void on(const chat::event& e);  // a named one
  // The fast lane (chat/event.h): how many were taken.
  size_t content_run(const string_view* json, size_t n);
  void comment(string_view text);
  void stay_awake(bool long_silence);
  // An agent's event, in a stream.
  void extension(string_view object, string_view event);
  // An agent's account, in a JSON answer.
  void extension_body(string_view object);
  void usage(const chat::usage& u) { usage_ = u; }

  // A lane: whole events of the provider's stream, as they are.  |counts|: a client
  // takes one of them for a sign of life.
  void raw(string_view events, bool counts = true);
  // The stream's writer, to be put into another one that takes its place.
  std::unique_ptr<front::stream_writer> exchange(std::unique_ptr<front::stream_writer> w) {
    return std::exchange(stream_, std::move(w));
  }
  // Nothing more is said, whatever comes.
  void close() { ended_ = true; }
  // The good end.
  void done();
  // A failure once something was sent, and the end.
  void error(const chat::api_error& t);
  // The JSON answer.
  void write_body(std::string& out) const { body_->write(out); }

  // Forgets what a call said that was not sent.
  void restart();

  bool streams() const { return stream_ != nullptr; }
  // Bytes have left, or are about to: the status is 200.
  bool committed() const { return committed_; }
  // Something of the answer itself was said (in JSON mode: collected).
  bool useful() const { return useful_; }
  bool over_limit() const { return over_limit_ || (stream_ && stream_->over_limit()); }
  void exceed() { over_limit_ = true; }
  // Moves queued pieces to the buffer, about |size| bytes at most.
  void drain(size_t size);
  bool queued() const { return !queue_.empty(); }
  size_t queued_bytes() const { return queued_bytes_; }
  unsigned chunks() const { return stream_ ? stream_->chunks() : 0; }
  // Of life, that a client has had.
  unsigned signs() const { return passed_ + chunks(); }

 private:
  // What waits to be cut, or behind such.
  struct piece {
    enum class what : uint8_t { event, extension, error, done };
    piece(what k, const chat::event& e) : kind(k), kept(e) {}

    what kind;
    chat::kept_event kept;
    size_t charged = 0;  // to the turn's memory
    size_t at = 0;       // bytes of its text that were written
  };

  void collect(bool ok) { over_limit_ |= !ok; }
  // What is due before anything else of the answer.
  void commit();
  // Writes it, or queues it behind what waits to be cut.
  void say(piece::what kind, const chat::event& e);
  void write(piece::what kind, const chat::event& e);
  bool write_part(piece& p);

  std::unique_ptr<front::stream_writer> stream_;
  std::unique_ptr<front::body_writer> body_;
  budget& budget_;
  std::string* out_ = nullptr;
  std::string ids_, id_;
  unsigned made_up_ = 0;
  unsigned passed_ = 0;                // signs of a lane
  std::list<chat::kept_event> early_;  // what came before anything useful
  std::list<piece> queue_;
  size_t queued_bytes_ = 0;
  size_t pieces_ = 0;
  chat::usage usage_;
  std::unique_ptr<chat::api_error> failure_;  // that waits in the queue
  bool committed_ = false, useful_ = false, over_limit_ = false, ended_ = false;
};

}  // namespace f0

#endif  // F0_CORE_TURN_OUTLET_H_
