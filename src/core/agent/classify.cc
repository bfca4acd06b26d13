// Copyright (C) 2026 The f0 authors

#include "classify.h"

#include <algorithm>

namespace f0::agent {
namespace {

// Editors send no longer ones.
constexpr size_t kFimBytes = 256 * 1024;

// The marks of one engine's fill-in-the-middle prompts.
struct fim_family {
  string_view marks[3];
};

constexpr fim_family kFim[] = {
    {{"<fim_prefix>", "<fim_suffix>", "<fim_middle>"}},
    {{"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"}},
    {{"<fim-prefix>", "<fim-suffix>", "<fim-middle>"}},
    {{"<PRE>", "<SUF>", "<MID>"}},
    {{"<\xef\xbd\x9c"
      "fim\xe2\x96\x81"
      "begin\xef\xbd\x9c>",
      "<\xef\xbd\x9c"
      "fim\xe2\x96\x81hole\xef\xbd\x9c>",
      "<\xef\xbd\x9c"
      "fim\xe2\x96\x81"
      "end\xef\xbd\x9c>"}},
    {{"<|fim_begin|>", "<|fim_hole|>", "<|fim_end|>"}},
    {{"[PREFIX]", "[SUFFIX]", "[MIDDLE]"}},
    {{"<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>"}},
};

// A mark alone may be what the talk is about; two of a kind are a prompt.
bool has_fim_marks(string_view s) {
  return std::any_of(std::begin(kFim), std::end(kFim), [s](const fim_family& f) {
    return std::count_if(std::begin(f.marks), std::end(f.marks),
                         [s](string_view mark) { return s.find(mark) != string_view::npos; }) >= 2;
  });
}

bool is_fim(const chat::request& r) {
  const json::value* suffix = r.root ? r.root->get("suffix") : nullptr;
  if (suffix != nullptr && suffix->is_string()) return true;
  for (auto m = r.messages.rbegin(); m != r.messages.rend(); ++m) {
    if (m->role != chat::role::user) continue;
    std::string text = m->text();
    return text.size() <= kFimBytes && has_fim_marks(text);
  }
  return false;
}

// Editors that describe their tools in the system message and expect calls as
// fenced text (Continue without native tools).
bool has_text_tools(const chat::request& r) {
  return std::any_of(r.messages.begin(), r.messages.end(), [](const chat::message& m) {
    bool system = m.role == chat::role::system || m.role == chat::role::developer;
    return system && m.text().find("```tool\n") != std::string::npos;
  });
}

// Titles and the like.
bool is_utility(const chat::request& r) {
  return r.max_output && *r.max_output <= 32 && r.messages.size() == 1;
}

// Nothing was asked.
bool is_empty(const chat::request& r) {
  bool user = false;
  for (auto m = r.messages.rbegin(); m != r.messages.rend(); ++m) {
    bool system = m->role == chat::role::system || m->role == chat::role::developer;
    if (!system && (m->role != chat::role::user || user)) continue;
    user |= !system;
    for (const auto& p : m->parts) {
      if (p.type != chat::part::kind::text || !js_blank(p.text)) return false;
    }
  }
  return user;
}

std::optional<lane> wished(string_view mode) {
  for (lane l : {lane::proxy, lane::apply, lane::fim, lane::chat, lane::edit, lane::refactor}) {
    if (lane_word(l) == mode) return l;
  }
  return {};
}

lane by_model(mode m) {
  switch (m) {
    case mode::chat:
      return lane::chat;
    case mode::apply:
      return lane::apply;
    case mode::fim:
      return lane::fim;
    default:
      return lane::proxy;
  }
}

// First hit wins.
lane choose(const chat::request& r, const model& m, decision& d) {
  if (is_fim(r)) return lane::fim;
  if (m.mode != mode::agent) return by_model(m.mode);
  bool context = r.context.from != chat::context::source::none;
  if (!r.tools.empty() || has_text_tools(r)) {
    d.with_context = context;
    return lane::proxy;
  }
  if (!r.messages.empty() && r.messages.back().role == chat::role::assistant) return lane::proxy;
  if (is_utility(r)) return lane::proxy;
  if (context) return d.files.selection ? lane::refactor : lane::edit;
  if (!d.files.files.empty()) return lane::edit;
  return d.f0_request ? lane::edit : lane::chat;
}

}  // namespace

string_view lane_word(lane l) {
  switch (l) {
    case lane::proxy:
      return "proxy";
    case lane::apply:
      return "apply";
    case lane::fim:
      return "fim";
    case lane::chat:
      return "chat";
    case lane::edit:
      return "edit";
    case lane::refactor:
      return "refactor";
  }
  return "";
}

decision classify(const chat::request& r, const model& m) {
  decision d;
  d.f0_request = r.has_project && r.tools.empty() && m.mode == mode::agent;
  d.empty = is_empty(r);
  read_context(r, m.max_editable, d.files);
  if (d.files.files.empty()) harvest(r, m.max_editable, d.files);
  auto wish = wished(r.fz_mode);
  d.lane = wish ? *wish : choose(r, m, d);
  if (wish && *wish == lane::chat) d.with_context = true;
  if (d.lane == lane::refactor && !d.files.selection) {
    d.files.notes.push_back("There is no valid selection, so the whole files may be edited.");
    d.lane = lane::edit;
  }
  if (d.with_context) {
    d.with_context = std::any_of(d.files.files.begin(), d.files.files.end(),
                                 [](const source_file& f) { return !f.harvested; });
  }
  return d;
}

std::optional<chat::api_error> refused_override(const chat::request& r, const model& m) {
  if (m.overrides || (r.fz_mode.empty() && r.fz_edit_format.empty())) return {};
  chat::api_error t;
  t.status = 400;
  t.type = "invalid_request_error";
  t.code = "unsupported_value";
  t.param = r.fz_mode.empty() ? "fz_edit_format" : "fz_mode";
  t.message = "The model '" + m.id + "' does not take '" + t.param + "'.";
  return t;
}

}  // namespace f0::agent
