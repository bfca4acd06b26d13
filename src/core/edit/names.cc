// Copyright (C) 2026 The f0 authors

#include "names.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "../base/text.h"
#include "edit.h"

namespace f0::edit {

namespace {

constexpr int max_layers = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes of the blank at the begin of |s|: no-break, thin, ideographic, of no
// width, ...
size_t blank_at(string_view s) {
  if (s.empty()) return 0;
  if (s[0] == ' ' || s[0] == '\t' || s[0] == '\r') return 1;
  if (s.starts_with("\xc2\xa0")) return 2;
  for (string_view w : {"\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf"}) {
    if (s.starts_with(w)) return 3;
  }
  if (s.size() > 2 && s.starts_with("\xe2\x80")) {
    auto c = static_cast<unsigned char>(s[2]);
    if (c >= 0x80 && c <= 0x8b) return 3;
  }
  return 0;
}

size_t digits_at(string_view s) {
  size_t n = 0;
  while (n < s.size() && n < 9 && is_digit(s[n])) n++;
  return n;
}

// "12", "L12" and, with one of |signs| between, two of them: the whole of |s|?
bool is_range(string_view s, string_view signs, size_t& first) {
  size_t value = 0;
  auto number = [&] {
    if (!s.empty() && (s[0] == 'L' || s[0] == 'l')) s.remove_prefix(1);
    size_t n = digits_at(s);
    value = 0;
    for (char c : s.substr(0, n)) value = value * 10 + static_cast<size_t>(c - '0');
    s.remove_prefix(n);
    return n > 0;
  };
  if (!number()) return false;
  first = value;
  if (s.empty()) return true;
  if (signs.find(s[0]) == string_view::npos) return false;
  s.remove_prefix(1);
  return number() && s.empty();
}

// "[text](path)"
bool strip_link(string_view& s) {
  size_t at = s.find("](");
  if (s.size() < 5 || s.front() != '[' || s.back() != ')' || at == string_view::npos) return false;
  s = trim_wide(s.substr(at + 2, s.size() - at - 3));
  return !s.empty();
}

// What only surrounds the name of a sent file.
bool strip_sign(string_view& s) {
  for (string_view w : {"title=", "file=", "filename=", "path="}) {
    if (text::istarts_with(s, w) && s.size() > w.size()) {
      s = trim_wide(s.substr(w.size()));
      return true;
    }
  }
  for (string_view w : {"``", "`", "**", "__", "*", "_", "\"", "'"}) {
    if (s.size() > 2 * w.size() && s.starts_with(w) && s.ends_with(w)) {
      s = trim_wide(s.substr(w.size(), s.size() - 2 * w.size()));
      return true;
    }
  }
  if (s.size() > 2 && s.front() == '[' && s.back() == ']') {
    s = trim_wide(s.substr(1, s.size() - 2));
    return true;
  }
  if (s.size() > 1 && s.front() == '@') {
    s = trim_wide(s.substr(1));
    return true;
  }
  if (s.size() > 1 && s.back() == ':') {
    s = trim_wide(s.substr(0, s.size() - 1));
    return true;
  }
  return false;
}

// Extensions of languages, markup, data and configuration, beside those that
// lang_of_path() knows.  Words that are as often a member of something ("keys",
// "log", "env", "map") are none.
bool is_known_extension(string_view ext) noexcept {
  static constexpr string_view more[] = {
      "adb",      "ads",       "adoc",        "asm",          "astro",
      "avsc",     "awk",       "bat",         "bicep",        "bzl",
      "cfg",      "clj",       "cljs",        "cljc",         "cmake",
      "cmd",      "conf",      "cr",          "csproj",       "csv",
      "cu",       "cuh",       "d",           "dart",         "desktop",
      "edn",      "ejs",       "el",          "elm",          "eex",
      "erb",      "erl",       "exs",         "f90",          "f95",
      "fish",     "fs",        "fsi",         "fsx",          "gd",
      "gemspec",  "gn",        "gni",         "gradle",       "graphql",
      "gql",      "groovy",    "haml",        "hbs",          "hcl",
      "heex",     "hrl",       "hxx",         "inl",          "ipynb",
      "jinja",    "jinja2",    "j2",          "jl",           "json5",
      "jsonl",    "ndjson",    "ksh",         "lean",         "leex",
      "lhs",      "liquid",    "lisp",        "lock",         "m",
      "mdx",      "ml",        "mli",         "mm",           "mod",
      "mustache", "mk",        "nim",         "nix",          "nsi",
      "pas",      "php3",      "phtml",       "plist",        "po",
      "pot",      "prisma",    "properties",  "proto",        "psd1",
      "psm1",     "pug",       "purs",        "pxd",          "pyx",
      "qml",      "rake",      "re",          "rei",          "rkt",
      "rst",      "ru",        "s",           "sass",         "sbt",
      "scm",      "service",   "sln",         "sol",          "ss",
      "styl",     "sv",        "svh",         "tcl",          "tex",
      "tf",       "tfvars",    "thrift",      "tpl",          "tmpl",
      "tsv",      "twig",      "v",           "vb",           "vbs",
      "vhd",      "vhdl",      "vim",         "vm",           "wat",
      "wgsl",     "glsl",      "vert",        "frag",         "xaml",
      "xhtml",    "xsd",       "xsl",         "xslt",         "yacc",
      "yang",     "zig",       "diff",        "patch",        "lua",
      "jade",     "eslintrc",  "babelrc",     "editorconfig", "vcxproj",
      "snap",     "http",      "rest",        "nut",          "pp",
      "sum",      "work",      "bazel",       "star",         "cjsx",
      "coffee",   "litcoffee", "ps",          "pl6",          "raku",
      "t",        "ts2",       "webmanifest", "xcconfig",     "tmLanguage"};
  for (string_view w : more) {
    if (text::iequals(ext, w)) return true;
  }
  std::string name = "x.";
  name += ext;
  return !lang_of_path(name).empty();
}

string_view extension(string_view name) {
  size_t dot = name.rfind('.');
  return dot == string_view::npos || dot + 1 == name.size() ? string_view() : name.substr(dot + 1);
}

}  // namespace

bool strip_range(string_view& s, size_t* begin) noexcept {
  size_t none = 0;
  size_t& first = begin ? *begin : none;
  size_t at = s.rfind('#');
  if (at != string_view::npos && at > 0 && at + 1 < s.size() && s[at + 1] == 'L' &&
      is_range(s.substr(at + 1), "-", first)) {
    s = trim_wide(s.substr(0, at));
    return true;
  }
  at = s.rfind('(');
  if (at != string_view::npos && at > 0 && s.back() == ')') {
    string_view in = trim_wide(s.substr(at + 1, s.size() - at - 2));
    for (string_view w : {"lines", "line"}) {
      if (!text::istarts_with(in, w)) continue;
      in = trim_wide(in.substr(w.size()));
      break;
    }
    if (is_range(in, "-:", first)) {
      s = trim_wide(s.substr(0, at));
      return true;
    }
  }
  at = s.find_last_of(" \t");
  if (at != string_view::npos && at + 1 < s.size() && s[at + 1] == 'L' &&
      is_range(s.substr(at + 1), "-", first)) {
    s = trim_wide(s.substr(0, at));
    return true;
  }
  at = s.rfind(':');
  if (at != string_view::npos && at > 0 && is_range(s.substr(at + 1), "-", first)) {
    size_t before = s.rfind(':', at - 1), line = 0;  // ":12:5"
    bool two = before != string_view::npos && before > 0 &&
               is_range(s.substr(before + 1, at - before - 1), "", line);
    if (two) first = line;
    s = trim_wide(s.substr(0, two ? before : at));
    return true;
  }
  size_t n = digits_at(s);
  if (n > 0 && n < s.size() && s[n] == ':') {
    size_t m = digits_at(s.substr(n + 1));
    if (m > 0 && n + 1 + m < s.size() && s[n + 1 + m] == ':') {
      is_range(s.substr(0, n), "", first);
      s = trim_wide(s.substr(n + m + 2));
      return !s.empty();
    }
  }
  return false;
}

string_view base_name(string_view p) noexcept { return p.substr(p.find_last_of("/\\") + 1); }

bool is_ascii(string_view s) noexcept {
  return std::all_of(s.begin(), s.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}

std::string nfc(string_view s) {
  if (is_ascii(s)) return std::string(s);
  utf8proc_uint8_t* out = nullptr;
  utf8proc_ssize_t n = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(s.data()), static_cast<utf8proc_ssize_t>(s.size()),
      &out, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (n == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (n < 0) return std::string(s);
  struct freed {
    void* p;
    ~freed() { std::free(p); }
  } guard{out};
  return {reinterpret_cast<const char*>(out), static_cast<size_t>(n)};
}

bool has_known_ending(string_view path) noexcept {
  string_view name = base_name(path);
  for (string_view w :
       {"Makefile",  "GNUmakefile", "Dockerfile",  "Containerfile", "Gemfile",   "Rakefile",
        "Procfile",  "Vagrantfile", "Jenkinsfile", "Justfile",      "justfile",  "LICENSE",
        "LICENCE",   "COPYING",     "NOTICE",      "AUTHORS",       "README",    "CHANGES",
        "CHANGELOG", "VERSION",     "BUILD",       "WORKSPACE",     "Brewfile",  "Podfile",
        "Pipfile",   "Tiltfile",    "Caddyfile",   "CODEOWNERS",    "Cargo.lock"}) {
    if (name == w) return true;
  }
  if (name.size() > 1 && name[0] == '.' && name.find('.', 1) == string_view::npos) {
    for (string_view w :
         {".gitignore",      ".gitattributes", ".gitmodules",    ".dockerignore",   ".npmignore",
          ".npmrc",          ".nvmrc",         ".env",           ".envrc",          ".editorconfig",
          ".eslintrc",       ".eslintignore",  ".prettierrc",    ".prettierignore", ".babelrc",
          ".bashrc",         ".zshrc",         ".profile",       ".vimrc",          ".clang-format",
          ".clang-tidy",     ".htaccess",      ".flake8",        ".pylintrc",       ".coveragerc",
          ".rubocop.yml",    ".rspec",         ".tool-versions", ".browserslistrc", ".stylelintrc",
          ".python-version", ".ruby-version",  ".node-version",  ".mailmap"}) {
      if (name == w) return true;
    }
    return false;
  }
  if (name.starts_with(".env.") || name.starts_with("Dockerfile.")) return true;
  string_view ext = extension(name);
  return !ext.empty() && ext.size() + 1 < name.size() && is_known_extension(ext);
}

string_view trim_wide(string_view s) noexcept {
  while (size_t n = blank_at(s)) s.remove_prefix(n);
  for (;;) {
    size_t n = 0;
    for (size_t k : {size_t{1}, size_t{2}, size_t{3}}) {
      if (s.size() >= k && blank_at(s.substr(s.size() - k)) == k) n = k;
    }
    if (n == 0) return s;
    s.remove_suffix(n);
  }
}

void path_set::insert(string_view path) {
  std::string p = normal_path(path);
  std::string ext = text::to_lower(extension(base_name(p)));
  if (!ext.empty()) endings_.insert(std::move(ext));
  if (!is_ascii(p)) nfc_.emplace(nfc(p), p);
  all_.insert(std::move(p));
}

const std::string* path_set::find(string_view path) const {
  auto it = all_.find(path);
  if (it == all_.end()) it = all_.find(normal_path(path));
  if (it != all_.end()) return &*it;
  if (nfc_.empty() || is_ascii(path)) return nullptr;
  auto other = nfc_.find(nfc(normal_path(path)));
  return other == nfc_.end() ? nullptr : &other->second;
}

bool path_set::begins_one(string_view head) const {
  auto it = all_.lower_bound(head);
  return it != all_.end() && it->starts_with(head);
}

bool path_set::ends_as_file(string_view path) const {
  if (has_known_ending(path)) return true;
  string_view name = base_name(path), ext = extension(name);
  if (ext.empty() || ext.size() + 1 >= name.size()) return false;
  return endings_.count(text::to_lower(ext)) > 0;
}

std::string path_set::meant(string_view s) const {
  string_view left = trim_wide(s);
  for (int i = 0; i < max_layers && !left.empty(); i++) {
    if (const std::string* p = find(left)) return *p;
    if (!strip_range(left) && !strip_link(left) && !strip_sign(left)) break;
  }
  if (const std::string* p = find(left)) return *p;
  left = trim_wide(s);
  while (strip_range(left) || strip_link(left)) {
  }
  return std::string(left);
}

}  // namespace f0::edit
