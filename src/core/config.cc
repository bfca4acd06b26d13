// Copyright (C) 2026 The f0 authors

#include "config.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "provider/completion/completion.h"

namespace f0 {
namespace {

struct mode_name {
  string_view word;
  mode value;
};

constexpr mode_name kModes[] = {
    {"agent", mode::agent},     {"chat", mode::chat},   {"apply", mode::apply},
    {"fim", mode::fim},         {"proxy", mode::proxy}, {"raw", mode::raw},
#ifdef F0_TESTING
    {"testing", mode::testing},
#endif
};

// A line has a bit in a turn's memory of what it tried.
constexpr size_t kMostTries = 64;

constexpr string_view kFormats[] = {"", "search_replace", "whole", "udiff", "apply_patch"};

constexpr string_view kDialects[] = {"openai", "anthropic", "gemini", "ollama", "responses"};

// A shorter secret would be found in words that are none.
constexpr size_t kSecretMin = 8;

std::string quoted(string_view s) { return "\"" + std::string(s) + "\""; }

// A number with an optional k or m (1024, 1024 * 1024).
bool read_number(string_view s, int64_t low, int64_t high, int64_t& out) {
  int64_t unit = 1;
  if (!s.empty() && (s.back() == 'k' || s.back() == 'K')) unit = 1024;
  if (!s.empty() && (s.back() == 'm' || s.back() == 'M')) unit = 1024 * 1024;
  if (unit > 1) s.remove_suffix(1);
  int64_t n = 0;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (s.empty() || ec != std::errc() || end != s.data() + s.size()) return false;
  if (n < 0 || n > high / unit || n * unit < low) return false;
  out = n * unit;
  return true;
}

// As nginx reads times, of one unit: 500ms, 2s, 1m, 1h; a bare number is seconds.
bool read_time(string_view s, int64_t& ms) {
  constexpr std::pair<string_view, int64_t> units[] = {
      {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
  int64_t unit = 1'000;
  for (const auto& [word, n] : units) {
    if (!s.ends_with(word)) continue;
    unit = n;
    s.remove_suffix(word.size());
    break;
  }
  int64_t n = 0;
  const auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (s.empty() || ec != std::errc() || end != s.data() + s.size()) return false;
  if (n < 0 || n > INT32_MAX / unit) return false;
  ms = n * unit;
  return true;
}

bool read_switch(string_view s, bool& out) {
  if (s != "on" && s != "off") return false;
  out = s == "on";
  return true;
}

// auto: the provider's model name decides.
bool read_setting(string_view s, dialect::setting& out) {
  if (s != "auto" && s != "on" && s != "off") return false;
  out = s == "auto" ? dialect::setting::automatic
        : s == "on" ? dialect::setting::on
                    : dialect::setting::off;
  return true;
}

// Of many names: what stands before its "*" begins them.
bool is_pattern(const model& m) { return m.id.back() == '*'; }

}  // namespace

string_view mode_word(mode m) {
  for (const auto& n : kModes) {
    if (n.value == m) return n.word;
  }
  return "";
}

bool read_edit_format(string_view word, edit_format& out) {
  for (size_t i = 1; i < std::size(kFormats); i++) {
    if (kFormats[i] == word) {
      out = static_cast<edit_format>(i);
      return true;
    }
  }
  return false;
}

bool config::fail(std::string why) {
  error_ = std::move(why);
  return false;
}

bool config::add_provider(string_view name, string_view dialect, string_view location,
                          string_view path) {
  if (name.empty()) return fail("a provider needs a name");
  for (const auto& p : providers_) {
    if (p.name == name) return fail("duplicate provider " + quoted(name));
  }
  const auto* d = std::find(std::begin(kDialects), std::end(kDialects), dialect);
  if (d == std::end(kDialects)) {
    return fail("unknown dialect " + quoted(dialect) +
                ", it must be openai, anthropic, gemini, ollama or responses");
  }
  if (location.empty() || location.front() != '/' || location.back() != '/') {
    return fail("the location " + quoted(location) + " must begin and end with \"/\"");
  }
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  providers_.push_back({std::string(name), static_cast<dialect::id>(d - kDialects),
                        std::string(location), std::string(path)});
  breakers_.emplace_back();
  return true;
}

bool config::set_health(int64_t fails, int64_t cool_ms) {
  if (providers_.empty()) return fail("no provider to configure");
  if (fails < 1 || fails > provider_state::kFails) {
    return fail("\"fails\" must be a number from 1 to " + std::to_string(provider_state::kFails));
  }
  if (cool_ms < 1) return fail("\"cool\" must be a time above 0");
  breakers_.back() = {static_cast<unsigned>(fails), cool_ms};
  return true;
}

bool config::add_model(string_view id) {
  if (id.empty()) return fail("a model needs an id");
  if (id.substr(0, id.size() - 1).find('*') != string_view::npos) {
    return fail("model " + quoted(id) + ": \"*\" may only be the last character of an id");
  }
  for (const auto& m : models_) {
    if (m.id == id) return fail("duplicate model " + quoted(id));
  }
  models_.emplace_back();
  models_.back().id = id;
  return true;
}

bool config::set(const std::vector<string_view>& argv) {
  if (models_.empty() || argv.empty()) return fail("no model to configure");
  model& m = models_.back();
  string_view name = argv[0];
  if (name == "try") return set_try(m, argv);
  if (name == "retry") return set_retry(m, argv);
  if (argv.size() != 2) return fail("invalid number of arguments in " + quoted(name));
  string_view val = argv[1];
  if (name == "mode") {
    if (m.mode_set) return fail("\"mode\" directive is duplicate");
    for (const auto& n : kModes) {
      if (n.word == val) {
        m.mode = n.value;
        m.mode_set = true;
        return true;
      }
    }
    return fail("unknown mode " + quoted(val) +
                ", it must be agent, chat, apply, fim, proxy or raw");
  }
  if (name == "overrides") {
    return read_switch(val, m.overrides) || fail("\"overrides\" must be on or off");
  }
  int64_t n = 0;
  if (name == "context") {
    return read_number(val, 1024, INT64_C(1) << 32, m.context) ||
           fail("\"context\" must be a number of tokens from 1k");
  }
  unsigned* slot = name == "max_calls"      ? &m.max_calls
                   : name == "max_editable" ? &m.max_editable
                                            : nullptr;
  if (slot == nullptr) return fail("unknown directive " + quoted(name) + " in \"f0_model\"");
  if (!read_number(val, 1, 64, n)) {
    return fail("invalid value " + quoted(val) + " in " + quoted(name));
  }
  *slot = static_cast<unsigned>(n);
  return true;
}

bool config::set_try(model& m, const std::vector<string_view>& argv) {
  if (argv.size() < 2) return fail("\"try\" needs a provider");
  attempt a;
  size_t i = 0;
  while (i < providers_.size() && providers_[i].name != argv[1]) i++;
  if (i == providers_.size()) return fail("unknown provider " + quoted(argv[1]) + " in \"try\"");
  a.provider = static_cast<unsigned>(i);
  for (size_t k = 2; k < argv.size(); k++) {
    size_t eq = argv[k].find('=');
    if (eq == string_view::npos && k == 2) {
      a.model = argv[k];
    } else if (eq == string_view::npos) {
      return fail("invalid parameter " + quoted(argv[k]) + " in \"try\"");
    } else if (!set_option(a, argv[k].substr(0, eq), argv[k].substr(eq + 1))) {
      return false;
    }
  }
  if (m.tries.size() == kMostTries) {
    return fail("model " + quoted(m.id) + " has more than " + std::to_string(kMostTries) +
                " \"try\"");
  }
  m.tries.push_back(std::move(a));
  return true;
}

bool config::set_retry(model& m, const std::vector<string_view>& argv) {
  if (m.retry_set) return fail("\"retry\" directive is duplicate");
  if (argv.size() < 2) return fail("invalid number of arguments in \"retry\"");
  m.retry_set = true;
  if (argv.size() == 2 && argv[1] == "off") {
    m.retry.times = 0;
    return true;
  }
  for (size_t i = 1; i < argv.size(); i++) {
    const size_t eq = std::min(argv[i].find('='), argv[i].size());
    const string_view key = argv[i].substr(0, eq),
                      val = argv[i].substr(std::min(eq + 1, argv[i].size()));
    int64_t times = 0;
    bool good = false;
    if (key == "times") {
      good = read_number(val, 0, 64, times);
      m.retry.times = static_cast<unsigned>(times);
    } else if (key == "wait" || key == "budget") {
      good = read_time(val, key == "wait" ? m.retry.wait_ms : m.retry.budget_ms);
    } else {
      return fail("unknown parameter " + quoted(argv[i]) + " in \"retry\"");
    }
    if (!good) return fail("invalid value " + quoted(val) + " of " + quoted(key) + " in \"retry\"");
  }
  return true;
}

bool config::set_option(attempt& a, string_view key, string_view val) {
  auto& o = a.options;
  auto invalid = [&] {
    return fail("invalid value " + quoted(val) + " of " + quoted(key) + " in \"try\"");
  };
  int64_t n = 0;
  if (key == "fim") {
    return dialect::read_fim(val, o.fim) ||
           fail("unknown word " + quoted(val) + " in \"fim\", it must be " + dialect::fim_words());
  }
  if (key == "edit_format") return read_edit_format(val, a.format) || invalid();
  if (key == "stream") {
    if (val == "live") return true;
    a.live = false;
    if (val == "pieces") return true;
    if (val.substr(0, 7) != "pieces:" || !read_number(val.substr(7), 1, 1 << 20, n))
      return invalid();
    a.pieces = static_cast<size_t>(n);
    return true;
  }
  if (key == "max_tokens") return read_number(val, 1, INT64_C(1) << 31, o.max_output) || invalid();
  if (key == "default_max_tokens") {
    return read_number(val, 1, INT64_C(1) << 31, o.default_output) || invalid();
  }
  if (key == "reasoning") {
    o.effort = true;
    return val == "effort" || invalid();
  }
  if (key == "thinking") {
    using t = enum dialect::provider_options::thinking;
    if (val == "auto")
      o.thinking = t::automatic;
    else if (val == "off")
      o.thinking = t::off;
    else if (val == "budget")
      o.thinking = t::budget;
    else if (val == "adaptive")
      o.thinking = t::adaptive;
    else
      return invalid();
    return true;
  }
  if (key == "limit_name") {
    using l = enum dialect::provider_options::limit_name;
    if (val == "auto")
      o.limit = l::automatic;
    else if (val == "as_sent")
      o.limit = l::as_sent;
    else if (val == "max_tokens")
      o.limit = l::max_tokens;
    else if (val == "max_completion_tokens")
      o.limit = l::max_completion_tokens;
    else
      return invalid();
    return true;
  }
  dialect::setting* choice = key == "prefill"             ? &o.prefill
                             : key == "temperature"       ? &o.temperature
                             : key == "skip_signature"    ? &o.skip_signature
                             : key == "format_with_tools" ? &o.format_with_tools
                             : key == "short_ids"         ? &o.short_ids
                                                          : nullptr;
  if (choice != nullptr) return read_setting(val, *choice) || invalid();
  bool* flag = key == "json_schema"      ? &o.native_schema
               : key == "cache"          ? &o.cache
               : key == "think_levels"   ? &o.think_levels
               : key == "stream_options" ? &o.stream_options
               : key == "reasoning_back" ? &o.reasoning_back
               : key == "continue"       ? &a.goes_on
                                         : nullptr;
  if (flag == nullptr) return fail("unknown parameter " + quoted(key) + " in \"try\"");
  return read_switch(val, *flag) || invalid();
}

bool config::check() {
  if (models_.empty()) return fail("no \"f0_model\": there is nothing that a client could name");
  for (const auto& m : models_) {
    if (m.tries.empty()) return fail("model " + quoted(m.id) + " has no \"try\"");
    for (const auto& a : m.tries) {
      const auto& p = providers_[a.provider];
      if (m.mode == mode::raw &&
          (p.dialect == dialect::id::gemini || p.dialect == dialect::id::ollama)) {
        return fail("model " + quoted(m.id) + ": mode raw needs a provider of dialect openai, " +
                    "anthropic or responses, " + quoted(p.name) + " is not");
      }
      if (a.goes_on && (m.mode == mode::raw || m.mode == mode::fim)) {
        return fail("model " + quoted(m.id) + ": \"continue\" is not for mode " +
                    std::string(mode_word(m.mode)));
      }
      if (!dialect::knows_fim(p.dialect, a.options.fim)) {
        return fail("model " + quoted(m.id) + ": a middle can't be asked of " + quoted(p.name) +
                    " in that way: \"fim\" is for dialect openai, and for ollama but infill");
      }
      if (p.dialect == dialect::id::gemini && !p.path.empty()) {
        return fail("provider " + quoted(p.name) + ": dialect gemini has the model in its path, " +
                    "\"path\" can't replace it");
      }
    }
  }
  return true;
}

void config::add_secret(string_view value) {
  if (value.size() < kSecretMin) return;
  auto longer = [&](const std::string& s) { return s.size() >= value.size(); };
  auto at = std::find_if_not(secrets_.begin(), secrets_.end(), longer);
  if (std::find(secrets_.begin(), at, value) == at) secrets_.insert(at, std::string(value));
}

const model* config::find(string_view id) const {
  const model* best = nullptr;
  for (const auto& m : models_) {
    if (!is_pattern(m)) {
      if (m.id == id) return &m;
      continue;
    }
    const string_view prefix = string_view(m.id).substr(0, m.id.size() - 1);
    if (id.starts_with(prefix) && (best == nullptr || m.id.size() > best->id.size())) best = &m;
  }
  return best;
}

bool config::has(f0::mode m) const {
  return std::any_of(models_.begin(), models_.end(), [m](const model& x) { return x.mode == m; });
}

std::vector<std::string> config::listed() const {
  std::vector<std::string> ids;
  for (const auto& m : models_) {
    if (!is_pattern(m)) ids.push_back(m.id);
  }
  return ids;
}

}  // namespace f0
