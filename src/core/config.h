// Copyright (C) 2026 The f0 authors
//
// config.h - providers and models as the operator named them.

#ifndef F0_CORE_CONFIG_H_
#define F0_CORE_CONFIG_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/budget.h"
#include "chat/event.h"
#include "provider/call.h"
#include "share/health.h"

namespace f0 {

enum class mode : uint8_t { agent, chat, apply, fim, proxy, raw, testing };
string_view mode_word(mode m);

enum class edit_format : uint8_t { unset, search_replace, whole, udiff, apply_patch };
// False: no such word.
bool read_edit_format(string_view word, edit_format& out);

struct provider {
  std::string name;
  dialect::id dialect = dialect::id::openai;
  std::string location;  // URI prefix, ends in "/"
  std::string path;      // replaces the dialect's; empty: it does not
};

// One "try" line of a model.
struct attempt {
  unsigned provider = 0;
  std::string model;  // empty: the client's own word goes up
  edit_format format = edit_format::unset;
  bool goes_on = false;  // it may take over a text that another one broke off
  bool live = true;      // false: a complete answer is asked for and sent on in pieces
  size_t pieces = 0;     // code points of a piece; 0: the location's default
  dialect::provider_options options;
};

// What a model may ask beyond one round of its lines.
struct retry {
  unsigned times = 2;
  int64_t wait_ms = 2'000;     // for a provider that cools
  int64_t budget_ms = 20'000;  // after the turn began nothing of it begins any more
};

struct model {
  std::string id;  // "claude-*": all names that begin so; "*": any other name
  f0::mode mode = mode::proxy;
  bool mode_set = false;
  std::vector<attempt> tries;
  bool overrides = true;    // fz_mode and fz_edit_format are obeyed
  int64_t context = 65536;  // tokens of a prompt
  unsigned max_calls = 4;
  unsigned max_editable = 3;
  f0::retry retry;
  bool retry_set = false;
};

class config {
 public:
  // False: error() says why.
  bool add_provider(string_view name, string_view dialect, string_view location, string_view path);
  bool set_health(int64_t fails, int64_t cool_ms);  // of the provider added last
  bool add_model(string_view id);
  bool set(const std::vector<string_view>& argv);  // of the model added last
  bool check();
  void add_secret(string_view value);
  const std::string& error() const { return error_; }

  const f0::provider& provider_at(unsigned i) const { return providers_[i]; }
  const std::vector<breaker>& breakers() const { return breakers_; }  // of each provider
  // The model of that name, else the longest "prefix*" that fits, else nullptr.
  const model* find(string_view id) const;
  bool has(f0::mode m) const;
  // What GET models lists, in the order of the configuration: models of one name.
  std::vector<std::string> listed() const;
  // What no client may read, the longest first: one may begin with another.
  const std::vector<std::string>& secrets() const { return secrets_; }

 private:
  bool fail(std::string why);
  bool set_try(model& m, const std::vector<string_view>& argv);
  bool set_retry(model& m, const std::vector<string_view>& argv);
  bool set_option(attempt& a, string_view key, string_view val);

  std::vector<f0::provider> providers_;
  std::vector<breaker> breakers_;
  std::vector<model> models_;
  std::vector<std::string> secrets_;
  std::string error_;
};

}  // namespace f0

#endif  // F0_CORE_CONFIG_H_
