// Copyright (C) 2026 The f0 authors
//
// repairs.h - which edits failed in a turn, and which of them later calls made
// good (agents.md 6.5, 6.18).

#ifndef F0_CORE_AGENT_REPAIRS_H_
#define F0_CORE_AGENT_REPAIRS_H_

#include <set>
#include <string>
#include <vector>

#include "../base/budget.h"
#include "../edit/edit.h"

namespace f0::agent {

class repairs {
 public:
  struct failure {
    edit::block block;
    edit::rejected why;
    std::string key;
    std::string path;  // normal, of |why|
    unsigned attempt = 1;
    bool held = false;
    bool given_up = false;  // it came twice
  };

  // What a model call's blocks came to.
  void accepted(const edit::accepted& a);
  // |held|: the request or an earlier edit has a file of that path.  Of very many
  // only the first are kept, the others counted.
  void rejected(edit::block b, edit::rejected why, bool held);
  // A whole file came: what came as a whole one before and was only a part of it
  // needs no repair.
  void replaced(const std::string& path);
  // What this call's blocks came to so far was no answer.
  void forget_drafts();
  // The call is over: what was to be repaired and is, is forgotten.
  void settle();
  // The next call is a repair.
  void begin_repair() { attempt_++; }

  // Something is left that another call may repair.
  bool any_open() const;
  // Everything that failed and was not made good, in the order it came.
  const std::vector<failure>& all() const { return all_; }
  // How many were not kept.
  size_t more() const { return more_; }
  // "src/a.ts (update)", once each.
  const std::vector<std::string>& done() const { return done_; }
  unsigned attempt() const { return attempt_; }
  size_t memory() const;

 private:
  bool superseded(const failure& f, size_t& spare) const;
  void add_done(std::string what);

  std::vector<failure> all_;    // of earlier calls
  std::vector<failure> fresh_;  // of this call
  std::set<std::string> fresh_keys_, fresh_paths_;
  std::set<std::string> touched_;  // paths of this call's accepted edits
  std::vector<std::string> done_;
  std::set<std::string> done_once_;
  std::set<std::string> failed_keys_;  // of earlier calls
  size_t done_before_ = 0;             // this call
  size_t more_ = 0;
  unsigned attempt_ = 1;
};

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_REPAIRS_H_
