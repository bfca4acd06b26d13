// Copyright (C) 2026 The f0 authors

#include "reader_details.h"

#include <algorithm>

#include "reader_base.h"

namespace f0::dialect {

namespace {

constexpr size_t most_members = 64;  // of a piece that is joined with others

bool grows(string_view key) { return key == "text" || key == "summary"; }

}  // namespace

void details_list::merge(entry& e, const json::value& piece) {
  const bool first = e.members.empty();
  for (const json::member* m = piece.members_begin(); m != piece.members_end(); ++m) {
    const auto old = std::find_if(e.members.begin(), e.members.end(),
                                  [&](const entry_member& x) { return x.key == m->key; });
    if (!first && m->val.is_null()) continue;  // says nothing
    const bool text = grows(m->key) && m->val.is_string();
    std::string value;
    if (text) {
      value = m->val.text();
    } else {
      json::append_value(value, m->val);
    }
    memory_ += m->key.size() + value.size() + sizeof(entry_member);
    if (old == e.members.end()) {
      e.members.push_back({std::string(m->key), text, std::move(value)});
    } else if (text && old->text) {
      old->value += value;
    } else {
      old->text = text;
      old->value = std::move(value);
    }
  }
}

void details_list::add(const json::value& pieces) {
  for (const json::value& p : pieces) {
    size_t place = entries_.size();
    const json::value* index = p.get("index");
    const auto n = index != nullptr && index->is_number() ? index->integer() : std::nullopt;
    if (n && p.size() <= most_members) {
      const std::string key = std::to_string(*n) + ' ' + std::string(p.str("type"));
      place = places_.emplace(key, place).first->second;
    }
    if (place == entries_.size()) {
      entries_.emplace_back();
      memory_ += sizeof(entry);
    }
    if (p.is_object() && p.size() <= most_members) {
      merge(entries_[place], p);
    } else {
      json::append_value(entries_[place].other, p);
      memory_ += entries_[place].other.size();
    }
  }
}

std::string details_list::json() const {
  std::string out;
  json::writer w(out);
  w.begin_array();
  for (const entry& e : entries_) {
    if (!e.other.empty()) {
      w.raw(e.other);
      continue;
    }
    w.begin_object();
    for (const entry_member& m : e.members) {
      w.key(utf8(m.key));
      if (m.text) {
        w.string(utf8(m.value));
      } else {
        w.raw(m.value);
      }
    }
    w.end_object();
  }
  w.end_array();
  return out;
}

}  // namespace f0::dialect
