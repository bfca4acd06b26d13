// Copyright (C) 2026 The f0 authors

#include "sse.h"

#include <cstring>

#include "scan.h"

namespace f0::sse {

namespace {

constexpr string_view bom = "\xef\xbb\xbf";

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool opens_json(char c) { return c == '{' || c == '['; }

// |line| from its first character on that is no white space.
string_view visible(string_view line) {
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  return line;
}

}  // namespace

// Parts of an unfinished event that still lie in the input.
struct decoder::views {
  string_view data, name;
  bool has_data = false, has_name = false;
};

// Settles whether there is a BOM.  False: more bytes are needed.
bool decoder::begin(string_view& in) {
  const size_t before = line_size();
  std::string head = before != 0 ? cut_->line : std::string();
  head.append(in.substr(0, bom.size() - before));
  if (head.size() < bom.size() && bom.starts_with(head)) {
    if (!head.empty()) cut().line = head;
    in = {};
    return false;
  }
  started_ = true;
  if (head == bom) {
    in.remove_prefix(bom.size() - before);
    cut_.reset();
  }
  blank_ = !has_line();
  return true;
}

// Frees what the last event was made of.
void decoder::give_back() {
  if (cut_ != nullptr) {
    if (gave_data_) {
      cut_->data.clear();
      cut_->name.clear();
    }
    if (gave_line_) cut_->line.clear();
    if (!raw_mode_ && cut_->empty()) cut_.reset();
  }
  gave_data_ = gave_line_ = false;
}

// Copies an unfinished event's views before the input goes away.
void decoder::keep(views& v) {
  if (v.has_name) cut().name = v.name;
  if (v.has_data) {
    cut().data = v.data;
    cut_->has_data = true;
  }
  v = {};
}

result decoder::take_raw(string_view bytes) {
  if (cut().line.size() + bytes.size() > raw_max_) return result::too_long;
  cut_->line.append(bytes);
  return result::more;
}

// One line that is neither blank, a comment nor JSON.  True: it is an event by
// itself.
bool decoder::take_field(string_view line, bool carried, views& v, event& ev) {
  const size_t colon = line.find(':');
  const string_view name = line.substr(0, colon);
  string_view value = colon == string_view::npos ? string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);

  if (name == "data") {
    if (!carried && !has_data() && !v.has_data) {
      v.data = value;
      v.has_data = true;
      return false;
    }
    pieces& c = cut();
    if (v.has_data) {
      c.data = v.data;
      c.has_data = true;
      v.has_data = false;
    }
    if (c.has_data) c.data += '\n';
    c.data.append(value);
    c.has_data = true;
  } else if (name == "event") {
    if (carried) {
      cut_->name = value;
      v.has_name = false;
    } else {
      v.name = value;
      v.has_name = true;
    }
  } else if (name == "error") {
    ev = {"error", value, {}, false};
    return true;
  }
  return false;  // id, retry and unknown names are ignored
}

result decoder::next(string_view& in, event& ev) {
  give_back();
  if (framing_ == framing::lines) return next_line(in, ev);
  if (!started_ && !begin(in)) return result::more;
  if (raw_mode_) {
    const string_view bytes = in;
    in = {};
    return take_raw(bytes);
  }

  views v;
  const char* p = in.data();
  const char* const end = p + in.size();
  const char* first = cut_ == nullptr || cut_->empty() ? p : nullptr;

  for (;;) {
    if (skip_lf_ && p != end) {
      skip_lf_ = false;
      if (*p == '\n') {
        if (first == p) ++first;
        ++p;
      }
    }
    const char* const start = p;
    const char* const eol = find_eol(p, end);
    const string_view piece(start, static_cast<size_t>(eol - start));
    const bool carried = has_line();

    if (!carried || blank_) {  // the line's first visible character decides
      const string_view rest = visible(piece);
      if (!rest.empty() && opens_json(rest.front())) {
        keep(v);
        raw_mode_ = true;
        in = {};
        return take_raw({start, static_cast<size_t>(end - start)});
      }
      blank_ = rest.empty();
    }
    if (line_size() + piece.size() > line_max_) return result::too_long;
    if (eol == end) {
      if (!piece.empty()) cut().line.append(piece);
      keep(v);
      in = {};
      return result::more;
    }

    p = eol + 1;
    if (*eol == '\r') {
      skip_lf_ = p == end;
      if (p != end && *p == '\n') ++p;
    }
    string_view line = piece;
    if (carried) line = cut_->line.append(piece);
    blank_ = true;

    if (line.empty()) {
      if (v.has_data || has_data()) {
        ev.name = v.has_name || cut_ == nullptr ? v.name : string_view(cut_->name);
        ev.data = has_data() ? string_view(cut_->data) : v.data;
        ev.raw =
            first != nullptr ? string_view(first, static_cast<size_t>(p - first)) : string_view();
        ev.at_eof = false;
        if (cut_ != nullptr) cut_->has_data = false;
        gave_data_ = true;
        in.remove_prefix(static_cast<size_t>(p - in.data()));
        return result::event;
      }
      if (cut_ != nullptr) cut_->name.clear();
      v = {};
      first = p;
      continue;
    }
    if (line.front() == ':') {
      if (first == start) first = p;  // a comment before the event is no part of it
    } else if (take_field(line, carried, v, ev)) {
      keep(v);
      gave_line_ = carried;
      in.remove_prefix(static_cast<size_t>(p - in.data()));
      return result::event;
    }
    if (carried) cut_->line.clear();
    if (has_data() && cut_->data.size() > line_max_) return result::too_long;
  }
}

result decoder::next_line(string_view& in, event& ev) {
  const void* lf = in.empty() ? nullptr : std::memchr(in.data(), '\n', in.size());
  const size_t n =
      lf == nullptr ? in.size() : static_cast<size_t>(static_cast<const char*>(lf) - in.data());
  if (line_size() + n > line_max_) return result::too_long;
  if (lf == nullptr) {
    if (n != 0) cut().line.append(in);
    in = {};
    return result::more;
  }
  ev = {};
  if (!has_line()) {
    ev.data = in.substr(0, n);
    ev.raw = in.substr(0, n + 1);
  } else {
    ev.data = cut_->line.append(in.substr(0, n));
    gave_line_ = true;
  }
  in.remove_prefix(n + 1);
  return result::event;
}

result decoder::finish(event& ev) {
  give_back();
  ev = {};
  if (framing_ == framing::lines) {
    if (!has_line()) return result::more;
    ev.data = cut_->line;
    ev.at_eof = true;
    gave_line_ = true;
    return result::event;
  }
  started_ = true;
  if (!raw_mode_ && has_line()) {  // the last line lacks only its end
    string_view lf = "\n";
    const result r = next(lf, ev);
    if (r != result::more) return r;
  }
  if (!has_data()) return result::more;
  ev.name = cut_->name;
  ev.data = cut_->data;
  ev.at_eof = true;
  cut_->has_data = false;
  gave_data_ = true;
  return result::event;
}

}  // namespace f0::sse
