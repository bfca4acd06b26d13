// Copyright (C) 2026 The f0 authors
//
// front_request.h - what is true of any bytes that come as a front's request: a
// refusal has words and a place in the body; what is taken can be asked of each
// dialect as JSON; and no member of it is taken and then not read.

#ifndef F0_FUZZ_FRONT_REQUEST_H_
#define F0_FUZZ_FRONT_REQUEST_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/provider/call.h"
#include "core/provider/completion/completion.h"
#include "front_client.h"
#include "host.h"

namespace fuzz {

// The value that |pointer| names, as far as the body has it: a member that is
// missing may be named, in an object that is there.
inline bool points_into(const json::value& root, string_view pointer) {
  const json::value* at = &root;
  while (!pointer.empty()) {
    if (pointer.front() == '[') {
      const size_t end = pointer.find(']');
      if (end == string_view::npos || !at->is_array()) return false;
      const size_t index = std::stoul(std::string(pointer.substr(1, end - 1)));
      if (index >= at->size()) return false;
      at = at->begin() + index;
      pointer.remove_prefix(end + 1);
    } else {
      if (pointer.front() == '.') pointer.remove_prefix(1);
      // A client's own names may hold anything: the longest one that fits.
      const json::value* next = nullptr;
      size_t used = 0;
      if (!at->is_object()) return false;
      for (const json::member* m : at->unique_members()) {
        const size_t n = m->key.size();
        const bool fits = pointer.starts_with(m->key) &&
                          (n == pointer.size() || pointer[n] == '.' || pointer[n] == '[');
        if (fits && (!next || n > used)) next = &m->val, used = n;
      }
      if (!next) return pointer.find_first_of("[") == string_view::npos;  // it is missing
      at = next;
      pointer.remove_prefix(used);
    }
  }
  return true;
}

// A request as it was understood.
struct reading_of {
  json::document doc;
  const json::value* root = nullptr;
  chat::request request;
  chat::bad_request bad;
  bool taken = false;

  reading_of(front::id f, string_view bytes) {
    json::limits l;
    l.skip_bom = true;
    root = doc.parse(bytes, l);
    taken = root && root->is_object() && front::row_of(f).read(*root, request, bad);
  }
};

inline void check_refusal(const reading_of& r, const chat::bad_request& bad) {
  demand(bad.status == 400 && !bad.message.empty(), "a refusal without words");
  demand(f0::text::valid_utf8(bad.message), "a refusal that is not UTF-8");
  demand(bad.param.empty() || points_into(*r.root, bad.param), "no such place: " + bad.param);
}

// What |d| is asked, in |out|.  False: it is refused.
inline bool ask(reading_of& r, dialect::id d, dialect::encoded& out) {
  chat::bad_request bad;
  const bool good = r.request.completion
                        ? dialect::check_completion(d, dialect::fim::suffix, r.request, bad)
                        : dialect::check_dialect(d, r.request, bad);
  if (!good) {
    check_refusal(r, bad);
    return false;
  }
  dialect::call call;
  call.request = &r.request;
  call.messages = &r.request.messages;
  call.model = "up";
  call.options.fim = r.request.completion ? dialect::fim::suffix : dialect::fim::none;
  dialect::encode(d, call, out);
  json::document sent;
  const json::value* o = sent.parse(out.body);
  demand(o && o->is_object(), "what is asked is no JSON: " + out.body);
  const std::string header = out.dropped.header();
  demand(header.size() <= 1024 && std::all_of(header.begin(), header.end(),
                                              [](char c) { return c >= 0x20 && c < 0x7f; }),
         "no header: " + header);
  return true;
}

constexpr dialect::id kDialects[] = {dialect::id::openai, dialect::id::anthropic,
                                     dialect::id::gemini, dialect::id::ollama,
                                     dialect::id::responses};

constexpr string_view kWitness = "zz_unread";

// |root| with a member more in its object |number|, counted as they come.  Not in
// f0's own fields, nor in what goes as a whole or not at all.
class with_a_member {
 public:
  explicit with_a_member(const json::value& root, size_t number) : left_(number) {
    json::writer w(text);
    write(w, root, "");
  }

  std::string text;
  std::string place;  // its pointer; empty: there is none

 private:
  static bool is_apart(string_view key) {
    return key == "fz_context" || key == "files" || key == "fz_stream";
  }
  // Thoughts, and what a provider ran itself: its state, of which words are told.
  static bool is_state(const json::value& v) {
    const string_view type = v.str("type");
    return type == "thinking" || type == "redacted_thinking" || type == "reasoning" ||
           type.ends_with("_tool_result") || type.ends_with("_tool_use") ||
           v.str("text").starts_with("x-anthropic-billing-header");
  }

  void write(json::writer& w, const json::value& v, const std::string& at) {
    if (v.is_array()) {
      w.begin_array();
      size_t i = 0;
      for (const json::value& e : v) write(w, e, at + "[" + std::to_string(i++) + "]");
      w.end_array();
    } else if (!v.is_object() || is_state(v)) {
      w.val(v);
    } else {
      const bool here = left_-- == 0;
      if (here) place = (at.empty() ? "" : at + ".") + std::string(kWitness);
      w.begin_object();
      for (const json::member* m : v.unique_members()) {
        w.key(m->key);
        if (is_apart(m->key)) {
          w.val(m->val);
        } else {
          write(w, m->val, at.empty() ? std::string(m->key) : at + "." + std::string(m->key));
        }
      }
      if (here) w.key(kWitness).string(kWitness);
      w.end_object();
    }
  }

  size_t left_;
};

// Whether |place| is at |pointer|, or in what is there.
inline bool holds(string_view pointer, string_view place) {
  return !pointer.empty() && place.starts_with(pointer) &&
         (place.size() == pointer.size() || place[pointer.size()] == '.' ||
          place[pointer.size()] == '[');
}

// One member more, somewhere: it is refused, listed, or asked.
inline void check_unread(front::id f, const reading_of& r, uint32_t seed) {
  const with_a_member more(*r.root, seed % 24);
  if (more.place.empty()) return;
  reading_of again(f, more.text);
  if (!again.taken || again.request.own_form_only) return;
  // No tool may be called: none is shown.
  if (again.request.tool_choice.type == chat::tool_choice::kind::none) return;
  if (again.request.dropped.size() > r.request.dropped.size()) return;
  for (const dialect::id d : kDialects) {
    dialect::encoded out;
    if (!ask(again, d, out) || out.body.find(kWitness) != std::string::npos) continue;
    const std::string header = out.dropped.header();
    // Cut short, or of names that are written otherwise.
    bool listed = header.find(", +") != std::string::npos || header.find('%') != std::string::npos;
    for (size_t at = 0; at < header.size() && !listed;) {
      const size_t end = std::min(header.find(", ", at), header.size());
      const std::string entry = header.substr(at, std::min(header.find(' ', at), end) - at);
      listed = holds(entry, more.place);
      at = end + 2;
    }
    demand(listed,
           "taken, and not read: " + more.text + "\nasked " + out.body + "\nlisted " + header);
  }
}

inline void check_request(front::id f, string_view bytes) {
  reading_of r(f, bytes);
  if (!r.root || !r.root->is_object()) return;
  if (!r.taken) return check_refusal(r, r.bad);
  for (const dialect::id d : kDialects) {
    dialect::encoded out, again;
    if (!ask(r, d, out)) continue;
    demand(ask(r, d, again) && again.body == out.body, "asked twice, it is another");
  }
  if (r.request.count_only) return;  // what cannot be sent has no tokens
  uint32_t seed = static_cast<uint32_t>(bytes.size());
  for (const char c : bytes) seed = seed * 31 + static_cast<unsigned char>(c);
  check_unread(f, r, seed >> 3);
}

}  // namespace fuzz

#endif  // F0_FUZZ_FRONT_REQUEST_H_
