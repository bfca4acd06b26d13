// Copyright (C) 2026 The f0 authors
//
// redact.cc - a provider's words, looked through once from left to right.
//
//   Bearer abc at http://10.0.0.1/v1, see /home/op/key
//   [...] at [...] see [...]
//
// What is private begins where a word does.  Each rule either takes what it
// looked at or gives up after a bounded number of characters; where it can't,
// what it found is kept for all beginnings in the same run.

#include "redact.h"

#include <algorithm>

#include "../base/text.h"

namespace f0::chat {

namespace {

constexpr size_t kMax = 4 << 10;  // of the text that is looked at
constexpr string_view kHidden = "[...]";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_word(char c) { return is_digit(c) || is_lower(c) || is_upper(c) || c == '_'; }

bool is_wide(char c) { return (c & 0x80) != 0; }

// Inside a name, letters of any script count; which characters those are isn't
// worth a table here.
bool is_inner(char c) { return is_word(c) || is_wide(c); }

bool is_label(char c) { return is_inner(c) || c == '-'; }

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f); }

bool is_path(char c) {
  return is_label(c) || (c != '\0' && string_view("/.+@%~=").find(c) != string_view::npos);
}

bool is_base64(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c) || c == '+' || c == '/' || c == '=';
}

struct prefix {
  string_view word;
  size_t least;  // characters that must follow
};

// What the keys of providers, clouds and forges begin with.
constexpr prefix kPrefixes[] = {
    {"sk-", 4},  {"pk-", 4},   {"rk-", 4},    {"gsk-", 4},   {"xai-", 4},        {"key-", 4},
    {"csk-", 4}, {"pplx-", 4}, {"nvapi-", 4}, {"glpat-", 4}, {"xoxb-", 4},       {"xoxp-", 4},
    {"sk_", 8},  {"pk_", 8},   {"rk_", 8},    {"gsk_", 8},   {"hf_", 8},         {"ghp_", 8},
    {"gho_", 8}, {"ghu_", 8},  {"ghs_", 8},   {"ghr_", 8},   {"github_pat_", 8}, {"r8_", 8},
    {"fw_", 8},  {"tgp_", 8},  {"aiza", 8},   {"ya29.", 8},
};

// Names whose value is nobody's business: "api_key: ...", "password=...".
constexpr string_view kNames[] = {
    "api key",      "api_key",    "api-key",       "apikey",    "x-api-key",     "access_token",
    "access-token", "auth_token", "refresh_token", "api_token", "id_token",      "client_secret",
    "secret_key",   "secret",     "password",      "passwd",    "authorization",
};

// Where the files of a machine are.
constexpr string_view kRoots[] = {"home",  "root",    "usr",     "var",  "etc",       "opt",
                                  "mnt",   "srv",     "tmp",     "data", "run",       "models",
                                  "model", "users",   "proc",    "dev",  "workspace", "app",
                                  "media", "private", "volumes", "nix",  "snap",      "sys"};

constexpr string_view kSuffixes[] = {"internal", "local", "lan",         "svc",      "corp",
                                     "intranet", "intra", "localdomain", "localhost"};

class redactor {
 public:
  explicit redactor(string_view text) : text_(text) {}

  std::string run() {
    std::string out;
    size_t i = 0;
    while (i < text_.size()) {
      const size_t end = match(i);
      if (end > i) {
        out += kHidden;
        i = end;
      } else {
        out += text_[i++];
      }
    }
    return out;
  }

 private:
  using rule = size_t (redactor::*)(size_t);
  static const rule kRules[8];

  char at(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  bool word_at(size_t i) const { return i < text_.size() && is_word(text_[i]); }
  string_view from(size_t i) const { return text_.substr(std::min(i, text_.size())); }

  // Whether a word begins at |i|: behind what is none, or in ASCII behind
  // another script.
  bool begins(size_t i) const {
    if (i == 0) return true;
    return is_wide(text_[i]) ? !is_inner(text_[i - 1]) : !is_word(text_[i - 1]);
  }

  // The end of a word: nothing that belongs to it follows.
  bool ends(size_t i) const { return !word_at(i); }

  // Each returns the end of what matches at |i|, or 0.
  size_t match(size_t i) {
    const char c = text_[i];
    if (c == '[') return bracketed_address(i);
    if (c == '/' || c == '~') return path(i);
    if (c == ':') return begins(i) ? wide_address(i) : 0;
    if (!is_label(c) || !begins(i) || (c & 0xc0) == 0x80) return 0;
    for (const rule r : kRules) {
      if (const size_t end = (this->*r)(i)) return end;
    }
    return 0;
  }

  size_t not_space(size_t i) const {
    while (i < text_.size() && !is_space(text_[i])) ++i;
    return i;
  }

  size_t spaces(size_t i) const {
    while (i < text_.size() && is_space(text_[i])) ++i;
    return i;
  }

  // "Bearer ...", "Basic ...", "sk-...", "AKIA...", "eyJ..."
  size_t key(size_t i) {
    const string_view rest = from(i);
    if (text::istarts_with(rest, "bearer")) return bearer(i + 6);
    if (text::istarts_with(rest, "basic")) return basic(i + 5);
    for (const prefix& p : kPrefixes) {
      if (!text::istarts_with(rest, p.word)) continue;
      if (const size_t end = token(i + p.word.size(), p.least)) return end;
    }
    if (rest.starts_with("AKIA") || rest.starts_with("ASIA")) return cloud_key(i + 4);
    return rest.starts_with("eyJ") ? web_token(i + 3) : 0;
  }

  size_t bearer(size_t i) const {
    const size_t begin = spaces(i);
    const size_t end = not_space(begin);
    return begin > i && end > begin ? end : 0;
  }

  // What looks like base64 of a name and a password, not like a word.
  size_t basic(size_t i) const {
    const size_t begin = spaces(i);
    size_t end = begin;
    bool upper = false, lower = false, digit = false;
    for (; end < text_.size() && is_base64(text_[end]); ++end) {
      upper = upper || is_upper(text_[end]);
      lower = lower || is_lower(text_[end]);
      digit = digit || is_digit(text_[end]) || text_[end] == '=';
    }
    return begin > i && end - begin >= 8 && upper && lower && (digit || end - begin >= 16) ? end
                                                                                           : 0;
  }

  size_t token(size_t i, size_t least) const {
    size_t j = i;
    while (j < text_.size() && (is_label(text_[j]) || text_[j] == '*')) ++j;
    return j - i >= least ? j : 0;
  }

  // AKIA and 16 more.
  size_t cloud_key(size_t i) const {
    size_t j = i;
    while (j < text_.size() && (is_upper(text_[j]) || is_digit(text_[j]))) ++j;
    return j - i >= 12 && ends(j) ? j : 0;
  }

  // A JSON web token: its parts are joined by dots.
  size_t web_token(size_t i) const {
    size_t j = token(i, 4);
    while (j != 0 && at(j) == '.' && token(j + 1, 1) != 0) j = token(j + 1, 1);
    return j;
  }

  // api_key: "...", password=...
  size_t named(size_t i) {
    for (const string_view name : kNames) {
      if (!text::istarts_with(from(i), name) || !ends(i + name.size())) continue;
      size_t j = i + name.size();
      if (is_quote(at(j))) ++j;
      j = spaces(j);
      if (at(j) != ':' && at(j) != '=') continue;
      j = spaces(j + 1);
      if (is_quote(at(j))) ++j;
      if (const size_t end = value(j, name)) return end;
    }
    return 0;
  }

  size_t value(size_t i, string_view name) const {
    size_t j = i;
    bool digit = false;
    for (; j < text_.size() && !is_space(text_[j]) && !is_quote(text_[j]) && text_[j] != ',' &&
           text_[j] != ';' && text_[j] != ')' && text_[j] != '}';
         ++j) {
      digit = digit || is_digit(text_[j]);
    }
    if (name == "authorization") {
      for (const string_view scheme : {"basic", "bearer", "digest", "token", "apikey", "key"}) {
        if (!text::iequals(text_.substr(i, j - i), scheme)) continue;
        const size_t more = not_space(spaces(j));
        return more > spaces(j) ? more : 0;
      }
    }
    const size_t least = name.starts_with("pass") ? 4 : 6;
    return j - i >= 16 || (j - i >= least && (digit || least == 4)) ? j : 0;
  }

  static bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

  // scheme://...  Where a run of letters ends, and whether that follows, is the
  // same for all beginnings in it.
  size_t url(size_t i) {
    if (i >= run_end_) {
      run_end_ = i;
      while (run_end_ < text_.size() && is_inner(text_[run_end_])) ++run_end_;
      run_is_url_ = text_.substr(run_end_, 3) == "://";
    }
    if (!run_is_url_ || run_end_ == i) return 0;
    const size_t end = not_space(run_end_ + 3);
    return end > run_end_ + 3 ? end : 0;
  }

  // unix:/run/llama.sock
  size_t socket(size_t i) {
    if (!text::istarts_with(from(i), "unix:") || at(i + 5) != '/') return 0;
    return not_space(i + 5);
  }

  // C:\Users\op
  size_t drive(size_t i) {
    const bool letter = is_upper(text_[i]) || is_lower(text_[i]);
    return letter && at(i + 1) == ':' && at(i + 2) == '\\' ? not_space(i + 3) : 0;
  }

  // /home/op/x.gguf, ~/keys, /a/b.pem; not /v1/chat/completions.
  size_t path(size_t i) const {
    if (i > 0 && (is_path(text_[i - 1]) || text_[i - 1] == '<')) return 0;
    size_t end = i;
    while (end < text_.size() && is_path(text_[end])) ++end;
    while (end > i && (text_[end - 1] == '.' || text_[end - 1] == '=')) --end;
    const string_view whole = text_.substr(i, end - i);
    if (whole.starts_with("~/")) return whole.size() > 2 ? end : 0;
    if (whole.size() < 3 || whole[0] != '/') return 0;
    const size_t slash = whole.find('/', 1);
    if (slash == string_view::npos || slash == 1) return 0;
    const string_view first = whole.substr(1, slash - 1);
    const bool known = std::any_of(std::begin(kRoots), std::end(kRoots),
                                   [&](string_view root) { return text::iequals(first, root); });
    const size_t dot = whole.rfind('.');
    const bool file = dot != string_view::npos && dot > whole.rfind('/') + 1;
    return known || file ? end : 0;
  }

  size_t digits(size_t i) const {
    while (i < text_.size() && is_digit(text_[i])) ++i;
    return i;
  }

  // 10.0.0.1, perhaps with a port
  size_t address(size_t i) {
    for (int part = 0; part < 4; ++part) {
      if (part > 0 && at(i++) != '.') return 0;
      const size_t begin = i;
      while (i - begin < 4 && is_digit(at(i))) ++i;
      if (i == begin || i - begin > 3) return 0;
    }
    if (at(i) == ':') {
      const size_t end = digits(i + 1);
      if (end > i + 1 && ends(end)) return end;
    }
    return ends(i) ? i : 0;
  }

  // 2001:db8::1 without brackets: hexadecimal groups, one of them left out or
  // eight of them, so that no time of day is one.
  size_t wide_address(size_t i) {
    constexpr size_t kLongest = 45;
    size_t j = i, colons = 0;
    bool gap = false, digit = false;
    for (; j < text_.size() && j - i <= kLongest && (is_hex(text_[j]) || text_[j] == ':'); ++j) {
      if (text_[j] == ':') {
        colons++;
        gap = gap || at(j + 1) == ':';
      }
      digit = digit || is_digit(text_[j]);
    }
    while (j > i && text_[j - 1] == ':' && !(j - i >= 2 && text_[j - 2] == ':')) --j, --colons;
    if (j - i > kLongest || !ends(j) || colons < 2 || !(gap || colons == 7)) return 0;
    return digit ? j : 0;
  }

  // [::1]:8080
  size_t bracketed_address(size_t i) const {
    constexpr size_t kLongest = 64;  // with a zone
    size_t j = i + 1, colons = 0;
    for (; j < text_.size() && j - i <= kLongest && text_[j] != ']'; ++j) {
      const char c = text_[j];
      if (!is_word(c) && c != ':' && c != '.' && c != '%' && c != '-') return 0;
      colons += c == ':';
    }
    if (at(j) != ']' || colons < 2) return 0;
    const size_t end = at(j + 1) == ':' ? digits(j + 2) : 0;
    return end > j + 2 ? end : j + 1;
  }

  // A port of two to five digits after the colon at |i|.
  size_t port(size_t i) const {
    if (at(i) != ':') return 0;
    const size_t end = digits(i + 1);
    return end - (i + 1) >= 2 && end - (i + 1) <= 5 && ends(end) ? end : 0;
  }

  // localhost:1, a.b:1, a.internal
  size_t host(size_t i) {
    if (text::istarts_with(from(i), "localhost")) {
      if (const size_t end = port(i + 9)) return end;
    }
    if (i >= chain_end_) read_chain(i);
    if (chain_port_ != 0 && i < last_dot_) return chain_port_;
    return i < private_dot_ ? private_end_ : 0;
  }

  // Labels joined by single dots, from |i| on.  What a host name that begins in
  // them ends in is the same for all beginnings, so it is looked for once.
  void read_chain(size_t i) {
    last_dot_ = private_dot_ = private_end_ = 0;
    for (;;) {
      while (i < text_.size() && is_label(text_[i])) ++i;
      if (at(i) != '.' || i + 1 >= text_.size() || !is_label(text_[i + 1])) break;
      last_dot_ = i;
      if (const size_t end = private_suffix(i + 1)) {
        private_dot_ = i;
        private_end_ = end;
      }
      ++i;
    }
    chain_end_ = i;
    chain_port_ = port(i);
  }

  size_t private_suffix(size_t i) const {
    for (const string_view word : kSuffixes) {
      if (text::istarts_with(from(i), word) && ends(i + word.size())) return i + word.size();
    }
    return 0;
  }

  string_view text_;
  size_t run_end_ = 0;
  bool run_is_url_ = false;
  size_t chain_end_ = 0, last_dot_ = 0, chain_port_ = 0;
  size_t private_dot_ = 0, private_end_ = 0;
};

constexpr redactor::rule redactor::kRules[] = {
    &redactor::key,   &redactor::named,   &redactor::url,          &redactor::socket,
    &redactor::drive, &redactor::address, &redactor::wide_address, &redactor::host,
};

// |text| up to kMax without secrets; one that begins before is taken whole.
std::string without_secrets(string_view text, secret_list secrets) {
  std::string out;
  size_t i = 0;
  while (i < text.size() && i < kMax) {
    const auto here = std::find_if(secrets.begin(), secrets.end(), [&](const std::string& s) {
      return !s.empty() && s[0] == text[i] && text.substr(i).starts_with(s);
    });
    if (here != secrets.end()) {
      out += kHidden;
      i += here->size();
    } else {
      out += text[i++];
    }
  }
  out.resize(out.size() - text::incomplete_tail(out));
  return out;
}

}  // namespace

bool holds_markup(string_view text) noexcept {
  for (size_t i = text.find('<'); i != string_view::npos; i = text.find('<', i + 1)) {
    const string_view rest = text.substr(i + 1);
    for (const string_view tag : {"!doctype", "html", "head", "body", "title", "script"}) {
      if (text::istarts_with(rest, tag) &&
          (rest.size() == tag.size() || !is_word(rest[tag.size()]))) {
        return true;
      }
    }
  }
  return false;
}

std::string redacted(string_view text, secret_list secrets) {
  const std::string known = without_secrets(text, secrets);
  return redactor(known).run();
}

}  // namespace f0::chat
