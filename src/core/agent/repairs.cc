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

// More failures of one answer are not worth telling, nor a repair.
constexpr size_t kMaxFailures = 256;

}  // namespace

void repairs::add_done(std::string what) {
  if (done_once_.insert(what).second) done_.push_back(std::move(what));
}

void repairs::accepted(const edit::accepted& a) {
  touched_.insert(edit::normal_path(a.path));
  if (!a.to.empty()) touched_.insert(edit::normal_path(a.to));
  add_done((a.to.empty() ? a.path : a.to) + " (" + std::string(edit::op_word(a.kind)) + ")");
}

void repairs::rejected(edit::block b, edit::rejected why, bool held) {
  failure f;
  f.held = held;
  f.key = b.key() + edit::sha256_hex(b.path + '\0' + b.raw);
  if (fresh_keys_.count(f.key) > 0) return;
  if (fresh_.size() == kMaxFailures) {
    more_++;
    return;
  }
  fresh_keys_.insert(f.key);
  f.path = edit::normal_path(why.path);
  fresh_paths_.insert(f.path);
  f.given_up = failed_keys_.count(f.key) > 0;
  f.block = std::move(b);
  f.why = std::move(why);
  f.attempt = attempt_;
  fresh_.push_back(std::move(f));
}

void repairs::replaced(const std::string& path) {
  std::string p = edit::normal_path(path);
  std::erase_if(fresh_, [&](const failure& f) {
    bool part = f.block.form == edit::format::whole && f.path == p;
    if (part) fresh_keys_.erase(f.key);
    return part;
  });
}

void repairs::forget_drafts() {
  fresh_.clear();
  fresh_keys_.clear();
  fresh_paths_.clear();
  touched_.clear();
  for (size_t i = done_before_; i < done_.size(); i++) done_once_.erase(done_[i]);
  done_.resize(done_before_);
}

// Whether this call has answered for |f|: by an edit of its file, or, where the
// path was at fault, by one of another file that nothing else claims.
bool repairs::superseded(const failure& f, size_t& spare) const {
  if (!f.path.empty() && (touched_.count(f.path) > 0 || fresh_paths_.count(f.path) > 0)) {
    return true;
  }
  if (fresh_keys_.count(f.key) > 0) return true;
  if (!about_path(f) || spare == 0) return false;
  spare--;
  return true;
}

void repairs::settle() {
  // How many files of this call no earlier failure named.
  std::set<std::string> named;
  for (const auto& f : all_) named.insert(f.path);
  std::set<std::string> files = touched_;
  files.insert(fresh_paths_.begin(), fresh_paths_.end());
  auto spare = static_cast<size_t>(std::count_if(
      files.begin(), files.end(), [&](const std::string& path) { return named.count(path) == 0; }));

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
  fresh_keys_.clear();
  fresh_paths_.clear();
  touched_.clear();
  done_before_ = done_.size();
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
