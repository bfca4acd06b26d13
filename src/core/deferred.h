// Copyright (C) 2026 The f0 authors
//
// deferred.h - holds back a model's operations while a work of the turn runs
// in another thread, and tells them afterwards, in order.

#ifndef F0_CORE_DEFERRED_H_
#define F0_CORE_DEFERRED_H_

#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "dialect/reader.h"

namespace f0 {

class deferred final : public dialect::sink {
 public:
  // |held| says whether operations have to wait at the moment.
  deferred(dialect::sink& to, const bool& held) : to_(to), held_(held) {}

  // Tells what waits, until something is held again.
  void replay();
  bool empty() const { return waiting_.empty(); }

  void role(int choice) override;
  void content(int choice, string_view text) override;
  void reasoning(int choice, string_view text) override;
  void refusal(int choice, string_view text) override;
  void tool_start(int choice, int k, const dialect::tool_head& head) override;
  void tool_args(int choice, int k, string_view text) override;
  void tool_extra(int choice, int k, string_view json) override;
  void reasoning_details(int choice, string_view text, string_view json) override;
  void image(int choice, string_view url) override;
  void keep(int choice, int k, dialect::state of, string_view json) override;
  void usage(const dialect::usage& u) override { to_.usage(u); }
  void finish(int choice, dialect::finish f, string_view native) override;
  void error(const api::failure& f) override { to_.error(f); }
  void end(dialect::terminal how) override { to_.end(how); }

 private:
  enum class what : uint8_t {
    role,
    content,
    reasoning,
    refusal,
    details,
    image,
    tool_start,
    custom_start,
    tool_args,
    tool_extra,
    keep,
    finish
  };
  struct operation {
    what kind;
    int choice, k;
    uint8_t word;  // a dialect::finish, or a dialect::state
    std::string a, b, c;
  };

  void put(what kind, int choice, int k = 0, string_view a = {}, string_view b = {},
           string_view c = {}, uint8_t word = 0);
  void tell(what kind, int choice, int k, string_view a, string_view b, string_view c,
            uint8_t word);

  dialect::sink& to_;
  const bool& held_;
  std::list<operation> waiting_;
};

}  // namespace f0

#endif  // F0_CORE_DEFERRED_H_
