// Copyright (C) 2026 The f0 authors
//
// sse.h - bytes -> events: server-sent events and newline-delimited JSON.
//
// Tolerant of what providers send (translate.md 4): LF, CR and CRLF mixed and
// cut between reads, one BOM, comments, several data lines, a JSON body without
// any framing, an error as a field name.  An event that lies in one piece of
// the input is given as views of it; only a cut one is copied, and its copy is
// freed once it was given: an idle decoder holds nothing.

#ifndef F0_CORE_SSE_SSE_H_
#define F0_CORE_SSE_SSE_H_

#include <memory>
#include <string>
#include <string_view>

#include "../base/budget.h"

namespace f0::sse {

struct event {
  string_view name;     // empty: none
  string_view data;     // its data lines, joined with LF
  string_view raw;      // all its bytes, line ends included, if they lie in one piece
  bool at_eof = false;  // no blank line came: the caller may drop it
};

enum class result : uint8_t { event, more, too_long };

enum class framing : uint8_t { events, lines };

class decoder {
 public:
  // |line_max| bounds a line and an event's data, |raw_max| a body without framing.
  decoder(framing f, uint32_t line_max, uint32_t raw_max)
      : line_max_(line_max), raw_max_(raw_max), framing_(f), started_(f == framing::lines) {}

  // Takes bytes from |in| until an event is complete; |ev| lives until the next
  // call.  more: all was taken.  After too_long nothing more is to be fed.
  result next(string_view& in, event& ev);

  // The end of the bytes: call until it says more.
  result finish(event& ev);

  // Whether the next byte begins an event: nothing is pending.  Takes an LF that
  // belongs to the CR before.
  bool fresh(string_view& in) noexcept {
    if (skip_lf_ && !in.empty()) {
      skip_lf_ = false;
      if (in.front() == '\n') in.remove_prefix(1);
    }
    return started_ && !skip_lf_ && (cut_ == nullptr || (!raw_mode_ && cut_->empty()));
  }

  // Bytes of an unfinished event, or of the body that was found.
  size_t kept() const noexcept {
    return cut_ == nullptr ? 0 : cut_->line.size() + cut_->data.size();
  }

  // The body that was found in place of events, if there was one.
  bool has_raw() const noexcept { return raw_mode_; }
  string_view raw() const noexcept { return raw_mode_ ? string_view(cut_->line) : string_view(); }

 private:
  // What is kept of an unfinished event.
  struct pieces {
    std::string line;  // the unfinished line; in raw mode the whole body
    std::string data;  // the finished data lines
    std::string name;
    bool has_data = false;  // there were data lines, perhaps empty ones
    bool empty() const noexcept { return line.empty() && !has_data && name.empty(); }
  };
  struct views;

  pieces& cut() {
    if (cut_ == nullptr) cut_ = std::make_unique<pieces>();
    return *cut_;
  }
  bool has_data() const noexcept { return cut_ != nullptr && cut_->has_data; }
  bool has_line() const noexcept { return cut_ != nullptr && !cut_->line.empty(); }
  size_t line_size() const noexcept { return cut_ != nullptr ? cut_->line.size() : 0; }
  result next_line(string_view& in, event& ev);
  bool begin(string_view& in);
  void give_back();
  void keep(views& v);
  result take_raw(string_view bytes);
  bool take_field(string_view line, bool carried, views& v, event& ev);

  std::unique_ptr<pieces> cut_;  // only while there is something in it
  uint32_t line_max_, raw_max_;
  framing framing_;
  bool started_;          // the question of the BOM is settled
  bool skip_lf_ = false;  // a CR came last
  bool raw_mode_ = false;
  bool blank_ = true;       // the unfinished line is white space only
  bool gave_data_ = false;  // data and name, or the line, were given out last
  bool gave_line_ = false;
};

}  // namespace f0::sse

#endif  // F0_CORE_SSE_SSE_H_
