// Copyright (C) 2026 The f0 authors

#include "render.h"

#include <algorithm>
#include <charconv>

#include "../base/text.h"
#include "../json/json.h"
#include "diff_text.h"
#include "prompt.h"

namespace f0::agent {
namespace {

// A file up to this size is shown whole in the editor's form.
constexpr size_t kSmallBytes = 8192;
constexpr size_t kSmallLines = 150;
// new_content is left out above this: the diff says it all.
constexpr size_t kContentMax = 256 * 1024;

bool plain_word(string_view s) {
  return !s.empty() && s.size() <= 24 && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// One word, never empty: Continue takes the second one for the path.  It offers
// to run bash and sh, which a file is not for.
string_view fence_word(string_view path, string_view language) {
  string_view lang = edit::lang_of_path(path);
  if (lang.empty() && plain_word(language)) lang = language;
  if (lang == "bash" || lang == "sh") return "shell";
  return plain_word(lang) ? lang : "text";
}

bool has_blank(string_view path) { return path.find_first_of(" \t") != string_view::npos; }

bool is_small(string_view s) {
  return s.size() <= kSmallBytes &&
         static_cast<size_t>(std::count(s.begin(), s.end(), '\n')) <= kSmallLines;
}

// A fence of |text|.  A path with blanks is no second word: it is a heading.
std::string editor_fence(string_view lang, string_view path, string_view text) {
  std::string fence = fence_for({text}), out;
  if (has_blank(path)) {
    out = "### `" + std::string(path) + "`\n\n" + fence + std::string(lang) + "\n";
  } else {
    out = fence + std::string(lang) + " " + std::string(path) + "\n";
  }
  out += text;
  if (!text.empty() && text.back() != '\n') out += '\n';
  return out + fence + "\n";
}

std::string editor_markdown(const edit::accepted& a, const before_patch& before, how_whole how) {
  string_view path = a.kind == edit::op::rename ? a.to : a.path;
  std::string after = plain_text(a.new_content);
  bool nothing = after.find_first_not_of('\n') == std::string::npos;
  std::string diff = numbered(a.diff, before.part ? before.first_line : 1);
  auto whole = [&] { return editor_fence(fence_word(path, before.language), path, after); };
  switch (a.kind) {
    case edit::op::remove:
      return "`" + a.path + "` is deleted:\n\n" + editor_fence("diff", path, plain_text(a.diff));
    case edit::op::rename:
      return "`" + a.path + "` becomes `" + a.to + "`; the old file goes:\n\n" +
             (nothing || how == how_whole::late ? editor_fence("diff", path, plain_text(a.diff))
                                                : whole());
    case edit::op::create:
      if (nothing) return editor_fence("diff", path, plain_text(a.diff));
      if (looks_like_diff(after) && continue_applies({}, after, diff)) {
        return editor_fence("diff", path, diff);
      }
      return whole();
    case edit::op::update:
      break;
  }
  if (before.part || how == how_whole::late) return editor_fence("diff", path, diff);
  if (!nothing && is_small(after) && !looks_like_diff(after)) return whole();
  if (continue_applies(plain_text(before.content), after, diff)) {
    return editor_fence("diff", path, diff);
  }
  return whole();
}

std::string f0_heading(string_view path) {
  std::string out = "### ";
  if (path.find('/') == string_view::npos) out += "./";
  out += path;
  return out + "\n\n";
}

std::string f0_fence(string_view lang, string_view text) {
  std::string fence = fence_for({text});
  std::string out = fence + std::string(lang) + "\n";
  out += text;
  if (text.empty() || text.back() != '\n') out += '\n';
  return out + fence + "\n";
}

std::string f0_markdown(const edit::accepted& a, const before_patch& before, how_whole how) {
  // No reader takes such a heading for a file's.
  if (a.kind == edit::op::remove) return "### " + a.path + " (deleted)\n\nThe file is deleted.\n";
  string_view path = a.kind == edit::op::rename ? a.to : a.path;
  std::string out;
  if (a.kind == edit::op::rename) {
    out = "The file `" + a.path + "` becomes `" + a.to + "`; delete the old one.\n\n";
  }
  if (shown_in_part(before)) {
    return "### " + std::string(path) + " (lines)\n\n" +
           f0_fence("diff", numbered(a.diff, before.first_line));
  }
  if (how == how_whole::late) return out;
  return out + file_markdown(path, before.language, a.new_content);
}

}  // namespace

bool shown_in_part(const before_patch& before) { return before.part && before.first_line > 1; }

std::string patch_markdown(form f, const edit::accepted& a, const before_patch& before,
                           how_whole how) {
  return f == form::f0 ? f0_markdown(a, before, how) : editor_markdown(a, before, how);
}

std::string file_markdown(string_view path, string_view language, string_view content) {
  return f0_heading(path) + f0_fence(fence_word(path, language), plain_text(content));
}

std::string snippet_markdown(string_view text, string_view path) {
  return f0_fence(fence_word(path, {}), plain_text(text));
}

std::string rejection_markdown(const edit::rejected& r) {
  std::string message;
  for (char c : r.message) message += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return "Not applied (" + std::string(edit::code_word(r.why)) + "): " + message + "\n";
}

std::string patch_object(const edit::accepted& a, const before_patch& before, unsigned seq,
                         unsigned attempt, how_whole how) {
  std::string out;
  out.reserve(a.diff.size() + a.new_content.size() + 512);
  json::writer w(out);
  string_view last = a.kind == edit::op::rename ? a.to : a.path;
  w.begin_object().key("v").integer(1).key("seq").integer(seq);
  w.key("type").string("patch").key("id").string("p" + std::to_string(a.seq));
  w.key("path").string(a.path).key("op").string(edit::op_word(a.kind));
  if (a.kind == edit::op::rename) w.key("to").string(a.to);
  w.key("base_sha256");
  a.base_sha256.empty() || before.part ? w.null() : w.string(a.base_sha256);
  w.key("lang").string(fence_word(last, before.language));
  w.key("diff").string(before.part ? shifted(a.diff, before.first_line) : a.diff);
  bool whole = how == how_whole::now && a.new_content.size() <= kContentMax;
  if (a.kind != edit::op::remove && !before.part && whole) {
    w.key("new_content").string(a.new_content);
  }
  w.key("match").string(a.match).key("validated").boolean(true).key("attempt").integer(attempt);
  w.end_object();
  return out;
}

std::string failed_object(const edit::rejected& r, string_view id, unsigned seq, unsigned attempt) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("v").integer(1).key("seq").integer(seq);
  w.key("type").string("patch_failed").key("id").string(id).key("path").string(r.path);
  w.key("code").string(edit::code_word(r.why)).key("message").string(r.message);
  w.key("attempt").integer(attempt).end_object();
  return out;
}

std::string progress_object(const progress& p, unsigned seq) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("v").integer(1).key("seq").integer(seq);
  w.key("type").string("progress").key("stage").string(p.stage);
  if (!p.detail.empty()) w.key("detail").string(p.detail);
  if (p.n > 0) w.key("n").integer(p.n);
  if (p.of > 0) w.key("of").integer(p.of);
  w.end_object();
  return out;
}

}  // namespace f0::agent
