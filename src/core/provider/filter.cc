// Copyright (C) 2026 The f0 authors

#include "filter.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "../base/text.h"
#include "reader_finish.h"

namespace f0::dialect {

namespace {

using kind = chat::event::kind;

constexpr size_t longest_word = 40;  // of a finish, where it is shown
constexpr size_t longest_told = 32 << 10;

constexpr string_view replacement = "\xef\xbf\xbd";

bool is_high_half(string_view s) {
  return s.size() == 3 && s[0] == '\xed' && (s[1] & 0xf0) == 0xa0;
}

bool holds_half(string_view s) {
  for (size_t i = s.find('\xed'); i != string_view::npos; i = s.find('\xed', i + 1)) {
    if (i + 1 < s.size() && (s[i + 1] & 0xe0) == 0xa0) return true;
  }
  return false;
}

bool is_retry_after(const header_strings::value_type& h) {
  return h.first == "retry-after" || h.first == "retry-after-ms";
}

}  // namespace

// The channel's text with a half that was left over put before it, in valid
// UTF-8; a half at its end is kept for the next one.
string_view gate::join(int choice, channel c, int k, string_view text) {
  if (!holds() && !holds_half(text)) return text;
  std::vector<half>& held = seldom().held;
  const auto it = std::find_if(held.begin(), held.end(), [&](const half& h) {
    return h.choice == choice && h.kind == c && h.k == k;
  });
  if (it == held.end() && !holds_half(text)) return text;

  std::string hold;
  if (it != held.end()) {
    hold.assign(it->bytes, 3);
    held.erase(it);
  }
  scratch_->text2.clear();
  text::append_joined(scratch_->text2, text, &hold);
  if (is_high_half(hold)) {
    half h{choice, c, k, {}};
    std::memcpy(h.bytes, hold.data(), 3);
    held.push_back(h);
  }
  return scratch_->text2;
}

// Valid text on its way out.  Of a text of megabytes each part is told alone, so
// that between them others can have their turn.
void gate::put(int choice, channel c, int k, string_view text) {
  while (text.size() > longest_told && !ended_) {
    string_view part = text.substr(0, longest_told);
    part.remove_suffix(text::incomplete_tail(part));
    tell(choice, c, k, part);
    text.remove_prefix(part.size());
  }
  if (!ended_) tell(choice, c, k, text);
}

void gate::tell(int choice, channel c, int k, string_view text) {
  switch (c) {
    case channel::content:
      if (stops_.empty()) return say(choice, text);
      return search(choice, text);
    case channel::reasoning:
      return out_->on({.type = kind::reasoning, .choice = choice, .text = text});
    case channel::refusal:
      return out_->on({.type = kind::refusal, .choice = choice, .text = text});
    case channel::args:
      return out_->on({.type = kind::arguments, .choice = choice, .number = k, .text = text});
  }
}

void gate::text(int choice, channel c, int k, string_view text) {
  first_output();
  operations_++;
  text_bytes_ += text.size();
  const string_view joined = !holds() && !holds_half(text) ? text : join(choice, c, k, text);
  if (!joined.empty()) put(choice, c, k, joined);
}

// Halves of the choice whose other half will not come any more.
void gate::flush(int choice, channel keep, bool keep_one) {
  if (!holds()) return;
  std::vector<half>& held = rare_->held;
  for (size_t i = 0; i < held.size() && !ended_;) {
    const half h = held[i];
    if (h.choice != choice || (keep_one && h.kind == keep)) {
      ++i;
      continue;
    }
    held.erase(held.begin() + static_cast<ptrdiff_t>(i));
    put(choice, h.kind, h.k, replacement);
  }
}

void gate::flush_all() {
  if (!holds()) return;
  std::vector<half>& held = rare_->held;
  std::stable_sort(held.begin(), held.end(),
                   [](const half& a, const half& b) { return a.choice < b.choice; });
  while (!held.empty() && !ended_) flush(held.front().choice, channel::content, false);
}

void gate::flush_stops() {
  if (rare_ != nullptr) {
    for (searched& s : rare_->searches) {
      const std::string text = s.search.flush();
      if (!text.empty()) say(s.choice, text);
    }
  }
  if (!ended_) flush_fence(0);
}

void gate::search(int choice, string_view text) {
  std::vector<searched>& searches = seldom().searches;
  auto it = std::find_if(searches.begin(), searches.end(),
                         [&](const searched& s) { return s.choice == choice; });
  if (it == searches.end()) it = searches.insert(it, {choice, stop_search(stops_)});
  std::string certain;
  const bool complete = it->search.take(text, certain);
  if (!certain.empty()) say(choice, certain);
  if (complete && !ended_) stop(choice, it->search.stop());
}

// Content that holds no stop.  A fence is looked for in the choice that is told.
void gate::say(int choice, string_view text) {
  if (fence_ == nullptr || choice != 0) {
    return out_->on({.type = kind::content, .choice = choice, .text = text});
  }
  std::string code;
  const bool more = fence_->take(text, code);
  if (!code.empty()) out_->on({.type = kind::content, .choice = choice, .text = code});
  if (!more) stop(choice, {});
}

// What of its beginning or its end may be a fence's is held until it is known.
void gate::flush_fence(int choice) {
  if (fence_ == nullptr) return;
  std::string code;
  fence_->finish(code);
  if (!code.empty()) out_->on({.type = kind::content, .choice = choice, .text = code});
}

// The answer ends here, whatever its provider has to add; |word| is the stop that
// was found, or empty.
void gate::stop(int choice, string_view word) {
  flush_fence(choice);
  ended_ = true;
  if (rare_ != nullptr) rare_->held.clear();
  out_->on({.type = kind::finish, .why = finish::stop, .choice = choice, .name = word});
  out_->end(terminal::done);
}

void gate::role(int choice) {
  if (ended_) return;
  operations_++;
  out_->on({.type = kind::role, .choice = choice});
}

void gate::content(int choice, string_view s) {
  if (ended_) return;
  if (holds()) flush(choice, channel::content, true);
  if (ended_) return;
  last_content_ = choice == 0 ? s : string_view();
  text(choice, channel::content, 0, s);
}

void gate::reasoning(int choice, string_view s) {
  if (ended_) return;
  if (holds()) flush(choice, channel::reasoning, true);
  if (ended_) return;
  text(choice, channel::reasoning, 0, s);
}

void gate::refusal(int choice, string_view s) {
  if (ended_) return;
  if (holds()) flush(choice, channel::refusal, true);
  if (ended_) return;
  text(choice, channel::refusal, 0, s);
}

void gate::reasoning_details(int choice, string_view s, string_view json) {
  if (ended_) return;
  if (holds()) flush(choice, channel::reasoning, true);
  if (ended_) return;
  if (!s.empty()) first_output();
  text_bytes_ += s.size();
  operations_++;
  out_->on({.type = kind::details,
            .choice = choice,
            .text = join(choice, channel::reasoning, 0, s),
            .json = json});
}

// What of the choice's text is held goes before something that is no text; false:
// the answer has ended, perhaps by that.
bool gate::settle(int choice) {
  if (ended_) return false;
  flush(choice, channel::content, false);
  if (ended_) return false;
  flush_stops();
  return !ended_;
}

void gate::image(int choice, string_view url) {
  if (!settle(choice)) return;
  first_output();
  operations_++;
  marks_++;
  std::string whole;
  text::append_joined(whole, url);
  out_->on({.type = kind::image, .choice = choice, .text = whole});
}

// What is remembered of an id is its hash: two ids taken for one only cost the
// second its name.
string_view gate::fresh(string_view id) {
  if (id.empty()) return id;
  return seldom().given.insert(std::hash<string_view>()(id)).second ? id : string_view();
}

string_view gate::client_name(string_view name) const {
  const auto it = std::find_if(names_.begin(), names_.end(),
                               [&](const auto& pair) { return pair.first == name; });
  return it != names_.end() ? string_view(it->second) : name;
}

void gate::tool_start(int choice, int k, const tool_head& head) {
  if (!settle(choice)) return;
  first_output();
  operations_++;
  marks_++;
  std::string id, name;
  text::append_joined(id, head.id);
  text::append_joined(name, head.name);
  out_->on({.type = kind::call,
            .custom = head.custom,
            .choice = choice,
            .number = k,
            .json = head.extra,
            .id = fresh(id),
            .name = client_name(name)});
}

void gate::tool_args(int choice, int k, string_view s) {
  if (!ended_) text(choice, channel::args, k, s);
}

void gate::tool_extra(int choice, int k, string_view json) {
  if (ended_) return;
  operations_++;
  out_->on({.type = kind::extra, .choice = choice, .number = k, .json = json});
}

void gate::keep(int choice, int k, state what, string_view json) {
  if (ended_) return;
  out_->on({.type = kind::keep, .of = what, .choice = choice, .number = k, .json = json});
}

void gate::usage(const chat::usage& u) {
  if (ended_) return;
  usages_++;
  out_->usage(u);
}

void gate::finish(int choice, chat::finish f, string_view native, string_view stop) {
  if (!settle(choice)) return;
  operations_++;
  std::string whole;
  text::append_joined(whole, native);
  if (!whole.empty() && good_end(whole) == finish::none)
    seldom().odd_finish = text::cut(whole, longest_word);
  std::string sequence;
  text::append_joined(sequence, stop);
  out_->on({.type = kind::finish, .why = f, .choice = choice, .text = whole, .name = sequence});
}

bool gate::charge(size_t n) {
  if (memory_ == nullptr) return true;
  if (!memory_->charge(n)) {
    over_limit_ = true;
    return false;
  }
  charged_ += n;
  return true;
}

void gate::keep_headers(header_strings h) {
  if (!h.empty()) headers_ = std::make_unique<header_strings>(std::move(h));
}

void gate::first_output() {
  output_ = true;
  headers_.reset();
}

// The last that is held goes out; false: the answer has ended, perhaps by that.
bool gate::finish_all() {
  if (ended_) return false;
  flush_all();
  if (ended_) return false;
  flush_stops();
  return !std::exchange(ended_, true);
}

void gate::error(chat::failure f, terminal how) {
  if (!finish_all()) return;
  if (headers_) {
    // What the head says of trying again counts more than the body.
    header_strings all = std::move(*headers_);
    const bool told = std::any_of(all.begin(), all.end(), is_retry_after);
    for (auto& h : f.headers) {
      if (!told || !is_retry_after(h)) all.push_back(std::move(h));
    }
    f.headers = std::move(all);
  }
  out_->error(f);
  out_->end(how);
}

void gate::end(terminal how) {
  if (!finish_all()) return;
  out_->end(how);
}

void gate::content_run(const string_view* json, size_t n, size_t longest) {
  operations_ += static_cast<unsigned>(n);
  const auto is_short = [](string_view s) { return s.size() <= longest_told; };
  for (size_t i = 0; i < n; ++i) text_bytes_ += json[i].size();
  size_t taken = 0;
  while (taken < n) {
    const string_view* const end =
        longest <= longest_told ? json + n : std::find_if_not(json + taken, json + n, is_short);
    taken += out_->content_run(json + taken, static_cast<size_t>(end - (json + taken)));
    if (taken == n) return;
    const string_view s = json[taken++];
    if (s.find('\\') == string_view::npos) {
      put(0, channel::content, 0, s);
      continue;
    }
    std::string& plain = scratch_->text2;
    plain.clear();
    for (size_t i = 0; i < s.size(); ++i) {
      char c = s[i];
      if (c == '\\') {
        c = s[++i];
        if (c == 'n') c = '\n';
        if (c == 't') c = '\t';
        if (c == 'r') c = '\r';
      }
      plain += c;
    }
    put(0, channel::content, 0, plain);
  }
}

}  // namespace f0::dialect
