// Copyright (C) 2026 The f0 authors

#include "reader_calls.h"

#include <algorithm>

#include "../base/text.h"

namespace f0::dialect {

namespace {

constexpr size_t most_calls = 1024;  // in a choice
constexpr size_t longest_head = 256;

uint64_t hashed(uint64_t h, string_view s) {  // FNV-1a: the cuts don't matter
  for (const char c : s) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return h;
}

}  // namespace

// ---- whose is it?

void joined_calls::slot::add(string_view text) {
  head.append(text.substr(0, longest_head - std::min(head.size(), longest_head)));
  size += text.size();
  hash = hashed(hash, text);
  scan.feed(text);
  waiting += text;
}

joined_calls::slot* joined_calls::add(call_events& out, bool used, slot* twin) {
  if (all_.size() == most_calls) {
    out.malformed("upstream sent too many tool calls");
    return nullptr;
  }
  if (!out.hold(sizeof(slot))) return nullptr;
  slot& s = all_.emplace_back();
  s.order = all_.size();
  s.used = used;
  s.twin = twin;
  return &s;
}

// The one call that may be meant where nothing tells: it is not whole, and was
// begun or told last.
joined_calls::slot* joined_calls::open_one() const {
  slot* last = const_cast<slot*>(&all_.back());
  const bool last_too = !last->name.empty() && !last->whole() && last->size == 0;
  if (open_.size() + last_too != 1) return nullptr;
  return last_too ? last : open_.front();
}

// The call that the fragment belongs to, perhaps a new one; nullptr: nothing of it
// is new, or the answer is at its end.
joined_calls::slot* joined_calls::find(const call_fragment& f, call_events& out) {
  const auto list = [](auto& map, const auto& key) -> const slots* {
    const auto it = map.find(key);
    return it != map.end() ? &it->second : nullptr;
  };
  const slots* at_index = f.index ? list(at_, *f.index) : nullptr;
  const auto is_at = [&](const slot* s) {
    return at_index != nullptr &&
           std::find(at_index->begin(), at_index->end(), s) != at_index->end();
  };
  slot* const at = at_index != nullptr ? at_index->back() : nullptr;
  slot* last = all_.empty() ? nullptr : &all_.back();

  if (const slots* same = f.id.empty() ? nullptr : list(ids_, std::string(f.id))) {
    const auto here = std::find_if(same->begin(), same->end(), is_at);
    slot* const cur = here != same->end() ? *here : same->back();
    if (f.name.empty() || cur->name.empty()) return cur;
    if (cur->name != f.name) return add(out, true);
    if (!cur->whole()) return cur;
    // Told again, or another call under the same id.
    const bool again =
        f.arguments.size() == cur->size && hashed(slot().hash, f.arguments) == cur->hash;
    if (again || (f.arguments.empty() && (!f.index || is_at(cur)))) return nullptr;
    if (cur->custom && !f.whole) return cur;  // a text may always go on
    return add(out, true, f.whole ? nullptr : cur);
  }
  if (f.whole) return add(out);
  if (!f.name.empty()) {
    slot* const cur = f.index ? at : last;
    if (cur == nullptr) return add(out);
    const bool goes_on =
        cur->name.empty() || (cur->name == f.name && !cur->whole() && (f.index || cur->size != 0));
    return goes_on ? cur : add(out);
  }
  const bool blank = text::is_blank(f.arguments);
  slot* const open = last != nullptr ? open_one() : nullptr;
  if (at != nullptr && !(open != nullptr && !blank && at->whole())) return at;
  if (!f.index && f.id.empty() && last != nullptr && (blank || !last->whole())) return last;
  if (open != nullptr && (f.id.empty() || open->size != 0)) return open;
  return f.arguments.empty() && f.id.empty() && !f.foreign ? nullptr : add(out);
}

void joined_calls::take(const call_fragment& f, call_events& out) {
  slot* const s = find(f, out);
  if (s == nullptr) return;
  constexpr size_t entry = 96;  // of a map, about
  const auto note = [&](slots& list) {
    if (list.empty() && !out.hold(entry + f.id.size())) return;
    if (std::find(list.begin(), list.end(), s) != list.end()) return;
    // The one that began last stands last.
    const auto later = [](const slot* a, const slot* b) { return a->order < b->order; };
    list.insert(std::upper_bound(list.begin(), list.end(), s, later), s);
  };
  if (f.index) note(at_[*f.index]);
  if (!f.id.empty()) {
    note(ids_[std::string(f.id)]);
    if (s->id.empty()) s->id = f.id;  // the first one stays
  }
  if (s->name.empty()) s->name = f.name;
  s->custom |= f.custom;
  s->odd |= f.odd;
  s->add(f.arguments);
  const auto open = std::find(open_.begin(), open_.end(), s);
  const bool is_open = !s->name.empty() && s->size != 0 && !s->whole();
  if (is_open && open == open_.end()) open_.push_back(s);
  if (!is_open && open != open_.end()) open_.erase(open);
  if (!f.extra.empty()) {
    s->extra = f.extra;
    if (s->k >= 0) out.extra(s->k, s->extra);
  }
  tell(*s, false, out);
  if (!s->waiting.empty()) out.hold(f.arguments.size());
}

void joined_calls::tell(slot& s, bool end, call_events& out) {
  if (s.twin != nullptr) {
    const bool same = s.size == s.twin->size && s.hash == s.twin->hash;
    if (same || (s.begins(*s.twin) && (!end || s.size == 0))) return;
    s.twin = nullptr;
  }
  if (!s.name.empty() && s.k < 0) {
    s.k = out.start({s.used ? string_view() : string_view(s.id), s.name, s.custom, s.extra});
    if (s.k < 0) return;
  }
  if (s.k < 0 || s.waiting.empty()) return;
  out.arguments(s.k, s.waiting);
  s.args = true;
  std::string().swap(s.waiting);
}

void joined_calls::finish(call_events& out) {
  for (slot& s : all_) {
    tell(s, true, out);
    if (s.k < 0 && s.twin == nullptr && (s.size != 0 || s.odd)) {
      return out.malformed("upstream sent a piece of a tool call that belongs to no call");
    }
    if (s.k >= 0 && !s.args && !s.custom) {
      s.args = true;
      out.arguments(s.k, "{}");  // a call without arguments
    }
  }
}

}  // namespace f0::dialect
