// Copyright (C) 2026 The f0 authors
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace bench {

// Walks one JSON text and calls on_scalar(path, raw value) for each scalar, a
// string with its quotes; array levels leave no trace in the path.
template <class F>
class JsonWalk {
 public:
  JsonWalk(std::string_view s, F& on_scalar) : s_(s), on_scalar_(on_scalar) {}

  // False: it is no JSON.
  bool run() {
    if (!value()) return false;
    skip_space();
    return i_ == s_.size();
  }

 private:
  void skip_space() { i_ = std::min(s_.size(), s_.find_first_not_of(" \t\r\n", i_)); }

  bool eat(char c) {
    skip_space();
    if (i_ == s_.size() || s_[i_] != c) return false;
    i_++;
    return true;
  }

  bool string(std::string_view& out) {
    if (!eat('"')) return false;
    size_t from = i_ - 1;
    for (; i_ < s_.size() && s_[i_] != '"'; i_++) {
      if (static_cast<unsigned char>(s_[i_]) < 0x20) return false;
      if (s_[i_] == '\\') i_++;
    }
    if (i_ >= s_.size()) return false;
    out = s_.substr(from, ++i_ - from);
    return true;
  }

  bool object() {
    if (eat('}')) return true;
    do {
      std::string_view name;
      size_t keep = path_.size();
      if (!string(name) || !eat(':')) return false;
      if (keep) path_ += '.';
      path_ += name.substr(1, name.size() - 2);
      if (!value()) return false;
      path_.resize(keep);
    } while (eat(','));
    return eat('}');
  }

  bool array() {
    if (eat(']')) return true;
    do {
      if (!value()) return false;
    } while (eat(','));
    return eat(']');
  }

  bool value() {
    if (eat('{')) return object();
    if (eat('[')) return array();
    std::string_view v;
    if (i_ < s_.size() && s_[i_] == '"') {
      if (!string(v)) return false;
    } else {
      size_t end = std::min(s_.size(), s_.find_first_of(",]} \t\r\n", i_));
      v = s_.substr(i_, end - i_);
      i_ = end;
      if (v.empty()) return false;
    }
    on_scalar_(path_, v);
    return true;
  }

  std::string_view s_;
  F& on_scalar_;
  size_t i_ = 0;
  std::string path_;
};

// Appends what |raw|, the inside of a JSON string, stands for.  False: it is
// not the inside of one string.
bool unescape(std::string_view raw, std::string& out);

}  // namespace bench
