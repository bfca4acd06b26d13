// Copyright (C) 2026 The f0 authors

#include <array>

#include "../base/text.h"
#include "edit.h"

namespace f0::edit {

string_view format_word(format f) noexcept {
  static constexpr string_view words[] = {"search_replace", "whole", "udiff", "apply_patch"};
  return words[static_cast<size_t>(f)];
}

std::optional<format> format_of(string_view word) noexcept {
  for (format f : {format::search_replace, format::whole, format::udiff, format::apply_patch}) {
    if (word == format_word(f)) return f;
  }
  return std::nullopt;
}

string_view code_word(code c) noexcept {
  static constexpr string_view words[] = {"path_denied", "not_found", "ambiguous",
                                          "no_op",       "overlap",   "too_large",
                                          "truncated",   "malformed", "exists"};
  return words[static_cast<size_t>(c)];
}

string_view op_word(op o) noexcept {
  static constexpr string_view words[] = {"create", "update", "delete", "rename"};
  return words[static_cast<size_t>(o)];
}

string_view lang_of_path(string_view path) noexcept {
  static constexpr std::array<std::pair<string_view, string_view>, 56> words = {{
      {"ts", "typescript"},
      {"mts", "typescript"},
      {"cts", "typescript"},
      {"tsx", "tsx"},
      {"js", "javascript"},
      {"mjs", "javascript"},
      {"cjs", "javascript"},
      {"jsx", "jsx"},
      {"json", "json"},
      {"jsonc", "jsonc"},
      {"py", "python"},
      {"pyi", "python"},
      {"go", "go"},
      {"rs", "rust"},
      {"java", "java"},
      {"kt", "kotlin"},
      {"kts", "kotlin"},
      {"scala", "scala"},
      {"swift", "swift"},
      {"c", "c"},
      {"h", "c"},
      {"cc", "cpp"},
      {"cpp", "cpp"},
      {"cxx", "cpp"},
      {"hh", "cpp"},
      {"hpp", "cpp"},
      {"cs", "csharp"},
      {"rb", "ruby"},
      {"php", "php"},
      {"pl", "perl"},
      {"pm", "perl"},
      {"lua", "lua"},
      {"r", "r"},
      {"sh", "bash"},
      {"bash", "bash"},
      {"zsh", "zsh"},
      {"ps1", "powershell"},
      {"sql", "sql"},
      {"html", "html"},
      {"htm", "html"},
      {"xml", "xml"},
      {"svg", "xml"},
      {"css", "css"},
      {"scss", "scss"},
      {"less", "less"},
      {"vue", "vue"},
      {"svelte", "svelte"},
      {"md", "markdown"},
      {"markdown", "markdown"},
      {"yml", "yaml"},
      {"yaml", "yaml"},
      {"toml", "toml"},
      {"ini", "ini"},
      {"txt", "text"},
      {"hs", "haskell"},
      {"ex", "elixir"},
  }};
  string_view name = path.substr(path.rfind('/') + 1);
  if (name == "Makefile" || name == "GNUmakefile") return "makefile";
  if (name == "Dockerfile") return "dockerfile";
  size_t dot = name.rfind('.');
  if (dot == string_view::npos) return {};
  string_view ext = name.substr(dot + 1);
  for (const auto& [e, word] : words) {
    if (text::iequals(ext, e)) return word;
  }
  return {};
}

}  // namespace f0::edit
