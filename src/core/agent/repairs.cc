// Copyright (C) 2026 The f0 authors

#include "repairs.h"

#include <algorithm>
#include <utility>

namespace f0::agent {
namespace {

// Failures that another path may make good: the path itself was wrong.
bool about_path(const repairs::failure& f) {
  switch (f.why.why) {
    case edit::code::path_denied:
    case edit::code::exists:
      return true;
    case edit::code::not_found:
      return !f.held;
    default:
      return f.why.path.empty();
  }
}

bool contains(const std::vector<std::string>& list, const std::string& s) {
  return std::find(list.begin(), list.end(), s) != list.end();
}

}  // namespace

void repairs::accepted(const edit::accepted& a) {
  touched_.push_back(edit::normal_path(a.path));
  if (!a.to.empty()) touched_.push_back(edit::normal_path(a.to));
  std::string what =
      (a.to.empty() ? a.path : a.to) + " (" + std::string(edit::op_word(a.kind)) + ")";
  if (!contains(done_, what)) done_.push_back(std::move(what));
}

void repairs::rejected(edit::block b, edit::rejected why, bool held) {
  failure f;
  f.held = held;
  f.key = b.key() + '\0' + b.path + '\0' + b.raw;
  for (const auto& other : fresh_) {
    if (other.key == f.key) return;
  }
  f.given_up = failed_keys_.count(f.key) > 0;
  f.block = std::move(b);
  f.why = std::move(why);
  f.attempt = attempt_;
  fresh_.push_back(std::move(f));
}

// Whether this call has answered for |f|: by an edit of its file, or, where the
// path was at fault, by one of another file that nothing else claims.
bool repairs::superseded(const failure& f, std::vector<std::string>& spare) const {
  std::string path = edit::normal_path(f.why.path);
  if (!path.empty() && contains(touched_, path)) return true;
  for (const auto& n : fresh_) {
    if (n.key == f.key || (!path.empty() && edit::normal_path(n.why.path) == path)) return true;
  }
  if (!about_path(f) || spare.empty()) return false;
  spare.pop_back();
  return true;
}

void repairs::settle() {
  // Files of this call that no earlier failure named.
  std::vector<std::string> spare;
  auto add = [&](const std::string& path) {
    bool named = std::any_of(all_.begin(), all_.end(), [&](const failure& f) {
      return edit::normal_path(f.why.path) == path;
    });
    if (!named && !contains(spare, path)) spare.push_back(path);
  };
  for (const auto& path : touched_) add(path);
  for (const auto& f : fresh_) add(edit::normal_path(f.why.path));

  std::vector<failure> left;
  for (auto& f : all_) {
    if (!superseded(f, spare)) left.push_back(std::move(f));
  }
  for (auto& f : fresh_) {
    failed_keys_.insert(f.key);
    left.push_back(std::move(f));
  }
  all_ = std::move(left);
  fresh_.clear();
  touched_.clear();
}

bool repairs::any_open() const {
  return std::any_of(all_.begin(), all_.end(), [](const failure& f) { return !f.given_up; });
}

size_t repairs::memory() const {
  size_t n = 0;
  for (const auto* list : {&all_, &fresh_}) {
    for (const auto& f : *list) n += 2 * f.block.raw.size() + f.key.size() + sizeof(failure);
  }
  return n;
}

}  // namespace f0::agent
