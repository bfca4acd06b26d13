// Copyright (C) 2026 The f0 authors

#include "reporter.h"

#include <utility>

#include "../edit/path.h"
#include "../json/json.h"

namespace f0::agent {
namespace {

using progress_form = decltype(chat::stream_events::progress);
using patches_form = decltype(chat::stream_events::patches);

// Prose that may be held back (design.md 7).
constexpr size_t kHeldMax = 4096;

// Whether a line that begins so is a fence of backticks (1), may become one (0)
// or not (-1).
int fence_begins(string_view line, bool complete) {
  size_t i = line.find_first_not_of(' ');
  if (i == string_view::npos) return complete || line.size() > 3 ? -1 : 0;
  if (i > 3) return -1;
  size_t end = line.find_first_not_of('`', i);
  if (end == string_view::npos) end = line.size();
  if (end - i >= 3) return 1;
  return !complete && end == line.size() ? 0 : -1;
}

// Fences that the desktop does not take for the snippet.
std::string with_tildes(string_view s) {
  std::string out;
  while (!s.empty()) {
    size_t end = s.find('\n');
    size_t n = end == string_view::npos ? s.size() : end + 1;
    std::string line(s.substr(0, n));
    if (fence_begins(line, true) > 0) {
      for (size_t i = line.find('`'); i < line.size() && line[i] == '`'; i++) line[i] = '~';
    }
    out += line;
    s.remove_prefix(n);
  }
  return out;
}

}  // namespace

void tell_progress(outlet& c, const chat::stream_events& how, const std::string& object) {
  if (how.progress == progress_form::off) return;
  if (how.progress == progress_form::comment) return c.comment("f0 " + object);
  c.extension(object, how.progress == progress_form::event ? "f0.progress" : "");
}

reporter::reporter(outlet& c, const chat::request& r, form f, bool snippet)
    : outlet_(c), how_(r.events), form_(f) {
  body_ = !c.streams();
  markdown_ = body_ || how_.patches == patches_form::markdown || how_.patches == patches_form::both;
  events_ = !body_ && how_.patches != patches_form::markdown;
  snippet_ = snippet && markdown_;
}

void reporter::begin() {
  if (begun_) return;
  begun_ = true;
  for (const auto& object : std::exchange(early_, {})) tell_progress(outlet_, how_, object);
}

void reporter::say(string_view text) {
  if (text.empty()) return;
  begin();
  spoke_ = true;
  outlet_.on({.type = chat::event::kind::content, .text = text});
  tail_ += text.size() > 2 ? text.substr(text.size() - 2) : text;
  if (tail_.size() > 2) tail_.erase(0, tail_.size() - 2);
}

void reporter::prose(string_view text) {
  if (snippet_) return guard(text);
  if (markdown_ && form_ == form::f0 && headed_) return guard_sections(text);
  say(text);
}

void reporter::guard_sections(string_view text) {
  while (!text.empty()) {
    size_t nl = text.find('\n');
    string_view piece = text.substr(0, nl == string_view::npos ? nl : nl + 1);
    text.remove_prefix(piece.size());
    if (mid_line_) {
      say(piece);
    } else {
      held_ += piece;
      size_t first = held_.find_first_not_of(" #`");
      bool plain = first != std::string::npos && held_.find_first_of("#`") > first;
      if (nl != string_view::npos) {
        section_line(std::exchange(held_, {}));
      } else if (plain || held_.size() > kHeldMax) {
        mid_line_ = true;
        path_above_ = false;
        say(std::exchange(held_, {}));
      }
    }
    if (nl != string_view::npos) mid_line_ = false;
  }
}

void reporter::section_line(string_view raw) {
  string_view line = raw.substr(0, raw.find_last_not_of("\r\n") + 1);
  size_t in = line.find_first_not_of(' ');
  size_t end = in == string_view::npos ? in : line.find_first_not_of('`', in);
  if (end == string_view::npos) end = line.size();
  size_t ticks = in == string_view::npos || in > 3 ? 0 : end - in;
  bool bare = line.substr(end).find_first_not_of(" \t") == string_view::npos;
  if (fence_ > 0) {
    bool closes = ticks >= fence_ && bare;
    say(closes && tildes_ ? with_tildes(raw) : std::string(raw));
    if (closes) fence_ = 0;
    return;
  }
  if (ticks >= 3) {
    fence_ = ticks;
    tildes_ = std::exchange(path_above_, false);
    return say(tildes_ ? with_tildes(raw) : std::string(raw));
  }
  if (in != string_view::npos) {
    path_above_ = line[in] == '#' && edit::read_path_line(line, {}).has_value();
  }
  say(raw);
}

void reporter::flush_line() {
  if (!snippet_) say(std::exchange(held_, {}));
  mid_line_ = false;
}

void reporter::guard(string_view text) {
  held_ += text;
  if (fenced_) {
    if (held_.size() <= kHeldMax) return;
    say(std::exchange(held_, {}));
    fenced_ = false;
    return;
  }
  size_t at = 0;
  bool begins = tail_.empty() || tail_.back() == '\n';
  while (at < held_.size()) {
    size_t end = held_.find('\n', at);
    bool complete = end != std::string::npos;
    string_view line = string_view(held_).substr(at, complete ? end - at : end);
    int fence = begins ? fence_begins(line, complete) : -1;
    if (fence >= 0) {
      fenced_ = fence > 0;
      break;
    }
    at = complete ? end + 1 : held_.size();
    begins = complete;
  }
  say(string_view(held_).substr(0, at));
  held_.erase(0, at);
}

// A block of lines of its own.
void reporter::paragraph(string_view text) {
  flush_line();
  if (!tail_.empty() && tail_ != "\n\n") say(tail_.back() == '\n' ? "\n" : "\n\n");
  say(text);
}

void reporter::event(const std::string& object, string_view name) {
  begin();
  spoke_ = true;
  bool chunk = how_.patches == patches_form::chunk;
  outlet_.extension(object, chunk ? string_view() : name);
}

void reporter::patch(std::string object, string_view markdown) {
  flush_line();
  seq_++;
  if (body_) {
    kept_ += object.size();
    patches_.push_back(std::move(object));
  } else if (events_) {
    event(object, "f0.patch");
  }
  show(markdown);
}

void reporter::show(string_view markdown) {
  if (!markdown_ || markdown.empty()) return;
  if (body_ && form_ == form::f0 && !headed_) paragraph("## Generated Files:\n\n");
  headed_ = true;
  paragraph(markdown);
}

void reporter::failed(std::string object, string_view text) {
  seq_++;
  if (body_) {
    kept_ += object.size();
    failed_.push_back(std::move(object));
  } else if (events_) {
    event(object, "f0.patch_failed");
  }
  sentence(text);
}

void reporter::sentence(string_view text) {
  if (markdown_) paragraph(text);
}

bool reporter::progresses() const { return !body_ && how_.progress != progress_form::off; }

void reporter::progress(const f0::agent::progress& p) {
  if (!progresses()) return;
  std::string object = progress_object(p, ++seq_);
  if (!begun_ && !outlet_.committed()) {
    early_.push_back(std::move(object));
  } else {
    tell_progress(outlet_, how_, object);
  }
}

void reporter::end_snippet(const std::string* text, string_view path) {
  std::string rest = std::exchange(held_, {});
  say(text != nullptr ? with_tildes(rest) : rest);
  if (text != nullptr) paragraph(snippet_markdown(*text, path));
}

std::string reporter::body(string_view mode, string_view context) const {
  std::string out;
  json::writer w(out);
  auto list = [&w](string_view key, const std::vector<std::string>& items) {
    w.key(key).begin_array();
    for (const auto& i : items) w.raw(i);
    w.end_array();
  };
  w.begin_object().key("mode").string(mode);
  list("patches", patches_);
  list("rejected", failed_);
  w.key("context").raw(context).end_object();
  return out;
}

}  // namespace f0::agent
