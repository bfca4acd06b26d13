// Copyright (C) 2026 The f0 authors

#include "sse.h"

#include <cstring>

#include "scan.h"

namespace f0::sse {

namespace {

constexpr string_view bom = "\xef\xbb\xbf";

void release(std::string& s) {
  s.clear();
  if (s.capacity() > 64) std::string().swap(s);
}

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
  std::string head = line_;
  head.append(in.substr(0, bom.size() - head.size()));
  if (head.size() < bom.size() && bom.starts_with(head)) {
    line_ = head;
    in = {};
    return false;
  }
  started_ = true;
  if (head == bom) {
    in.remove_prefix(bom.size() - line_.size());
    line_.clear();
  }
  blank_ = line_.empty();
  return true;
}

// Frees what the last event was made of.
void decoder::give_back() {
  if (gave_data_) {
    release(data_);
    release(name_);
    gave_data_ = false;
  }
  if (gave_line_) {
    release(line_);
    gave_line_ = false;
  }
}

// Copies an unfinished event's views before the input goes away.
void decoder::keep(views& v) {
  if (v.has_name) name_ = v.name;
  if (v.has_data) {
    data_ = v.data;
    has_data_ = true;
  }
  v = {};
}

result decoder::take_raw(string_view bytes) {
  if (line_.size() + bytes.size() > raw_max_) return result::too_long;
  line_.append(bytes);
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
    if (!carried && !has_data_ && !v.has_data) {
      v.data = value;
      v.has_data = true;
      return false;
    }
    if (v.has_data) {
      data_ = v.data;
      has_data_ = true;
      v.has_data = false;
    }
    if (has_data_) data_ += '\n';
    data_.append(value);
    has_data_ = true;
  } else if (name == "event") {
    if (carried) {
      name_ = value;
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
  const char* first = line_.empty() && !has_data_ && name_.empty() ? p : nullptr;

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
    const bool carried = !line_.empty();

    if (carried ? blank_ : true) {  // the line's first visible character decides
      const string_view rest = visible(piece);
      if (!rest.empty() && opens_json(rest.front())) {
        keep(v);
        raw_mode_ = true;
        in = {};
        return take_raw({start, static_cast<size_t>(end - start)});
      }
      blank_ = rest.empty();
    }
    if (line_.size() + piece.size() > line_max_) return result::too_long;
    if (eol == end) {
      line_.append(piece);
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
    if (carried) line = line_.append(piece);
    blank_ = true;

    if (line.empty()) {
      if (v.has_data || has_data_) {
        ev.name = v.has_name ? v.name : string_view(name_);
        ev.data = has_data_ ? string_view(data_) : v.data;
        ev.raw = first != nullptr ? string_view(first, static_cast<size_t>(p - first))
                                  : string_view();
        ev.at_eof = false;
        has_data_ = false;
        gave_data_ = true;
        in.remove_prefix(static_cast<size_t>(p - in.data()));
        return result::event;
      }
      name_.clear();
      v.has_name = false;
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
    if (carried) release(line_);
    if (has_data_ && data_.size() > line_max_) return result::too_long;
  }
}

result decoder::next_line(string_view& in, event& ev) {
  const void* lf = in.empty() ? nullptr : std::memchr(in.data(), '\n', in.size());
  const size_t n = lf == nullptr
                       ? in.size()
                       : static_cast<size_t>(static_cast<const char*>(lf) - in.data());
  if (line_.size() + n > line_max_) return result::too_long;
  if (lf == nullptr) {
    line_.append(in);
    in = {};
    return result::more;
  }
  ev = {};
  if (line_.empty()) {
    ev.data = in.substr(0, n);
    ev.raw = in.substr(0, n + 1);
  } else {
    ev.data = line_.append(in.substr(0, n));
    gave_line_ = true;
  }
  in.remove_prefix(n + 1);
  return result::event;
}

result decoder::finish(event& ev) {
  give_back();
  ev = {};
  if (framing_ == framing::lines) {
    if (line_.empty()) return result::more;
    ev.data = line_;
    ev.at_eof = true;
    gave_line_ = true;
    return result::event;
  }
  started_ = true;
  if (!raw_mode_ && !line_.empty()) {  // the last line lacks only its end
    string_view lf = "\n";
    const result r = next(lf, ev);
    if (r != result::more) return r;
  }
  if (!has_data_) return result::more;
  ev.name = name_;
  ev.data = data_;
  ev.at_eof = true;
  has_data_ = false;
  gave_data_ = true;
  return result::event;
}

}  // namespace f0::sse
