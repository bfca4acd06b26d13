// Copyright (C) 2026 The f0 authors
//
// The virtual workspace.  A block is matched against the file as the running
// call was shown it; what it changes is kept as changes of those lines, so that
// blocks of one answer may come in any order, and lines that one of them wrote
// are never mistaken for the file's own.

#include <algorithm>

#include "edit.h"
#include "lines.h"
#include "marker.h"
#include "match.h"
#include "path.h"
#include "place.h"

namespace f0::edit {

namespace {

constexpr size_t line_cost = 48;   // bytes of a line that is ready for searching
constexpr size_t max_splits = 16;  // of a block with many dividers

using text_ptr = std::shared_ptr<const std::string>;

// The lines of a text and what is known for searching them.
struct searchable {
  text_ptr text;
  text_lines lines;
  matcher match;
  explicit searchable(text_ptr t) : text(std::move(t)), lines(*text), match(lines) {}
};

struct file {
  std::string path;
  std::string sent_path;  // empty: made in this turn
  text_ptr sent;          // null: made in this turn
  std::string sent_hash;  // once it is wanted
  text_ptr shown;         // to the running call; null: was not there
  std::unique_ptr<searchable> search;  // of |shown|, once it is wanted
  text_ptr now;           // null: is not there (any more)
  change_list changes;    // shown -> now
  bool replaced = false;  // now has nothing to do with shown's lines
  bool editable = false;
  bool in_part = false;
  std::optional<byte_range> selection;       // bytes of what was sent
  std::optional<byte_range> selected_lines;  // of what is shown

  bool touched() const { return now != sent; }

  searchable& shown_lines() {
    if (!search) search = std::make_unique<searchable>(shown ? shown : empty_text());
    search->match.reset();
    return *search;
  }

  static text_ptr empty_text() { return std::make_shared<const std::string>(); }
};

struct failure {
  code why;
  std::string what;  // the sentence without the file's name
};

// What a block makes of a file.
struct edited {
  std::string text;
  std::optional<change_list> changes;  // none: the file is replaced as a whole
  rung how = rung::exact;
  size_t changed = SIZE_MAX;           // lines, as far as known
};

using attempt = std::variant<edited, failure>;

failure fail(code c, std::string what) { return {c, std::move(what)}; }

std::string printable(string_view path) {
  std::string s;
  for (char c : path.substr(0, 300)) {
    auto u = static_cast<unsigned char>(c);
    s += u < 0x20 || u == 0x7f || c == '`' ? '?' : c;
  }
  return s;
}

string_view no_bom(string_view s) {
  return s.substr(0, 3) == "\xef\xbb\xbf" ? s.substr(3) : s;
}

line_views slice(const line_views& v, size_t begin, size_t end) {
  return {v.begin() + static_cast<std::ptrdiff_t>(begin),
          v.begin() + static_cast<std::ptrdiff_t>(end)};
}

bool all_blank(const line_views& v) { return std::all_of(v.begin(), v.end(), is_blank); }

// Does the new text hold a line that stands for others, which the file itself
// (or the old text) does not hold?
bool abbreviates(const line_views& fresh, const line_views& own, const line_views& old = {}) {
  std::set<string_view> marks;
  for (string_view l : fresh) {
    if (is_elision(l)) marks.insert(trim_blanks(l));
  }
  if (marks.empty()) return false;
  for (const line_views* v : {&own, &old}) {
    for (string_view l : *v) marks.erase(trim_blanks(l));
  }
  return !marks.empty();
}

std::string places_text(const place& p) {
  if (p.all.empty()) return "more than one place";
  std::string s = p.all.size() == 1 ? "line " : "lines ";
  for (size_t i = 0; i < p.all.size(); i++) {
    if (i > 0) s += i + 1 == p.all.size() ? " and " : ", ";
    s += std::to_string(p.all[i] + 1);
  }
  return s;
}

failure place_failure(const place& p, string_view what) {
  std::string w(what);
  switch (p.what) {
    case place::result::many:
      return fail(code::ambiguous, "the " + w + " fits more than one place (" +
                                       places_text(p) + "); it needs more context");
    case place::result::taken:
      return fail(code::overlap, "the " + w + " needs lines that an earlier edit of this "
                                              "answer has changed");
    case place::result::too_hard:
      return fail(code::too_large, "it takes too long to find the places of its hunks");
    case place::result::none:
    case place::result::found: break;
  }
  return fail(code::not_found, "the " + w + " does not match the file");
}

// The changes that make |to| of |from|, which stands at |p|.
std::vector<change> changes_at(const place& p, const text_lines& text, const line_views& from,
                               const line_views& to) {
  if (p.how != rung::indent && p.how != rung::fold_indent) {
    return line_changes(from, to, p.line);
  }
  shift sh;
  for (size_t i = 0; i < from.size(); i++) {
    if (is_blank(from[i])) continue;
    if (auto s = shift_between(text.lines[p.line + i], from[i])) sh = *s;
    break;
  }
  std::vector<change> out = line_changes(from, to, p.line);
  for (change& c : out) {
    for (std::string& s : c.text) s = sh.apply(s);
  }
  return out;
}

// Adds all or says no; counts their lines.
bool add_all(change_list& list, std::vector<change> changes, size_t& lines) {
  return std::all_of(changes.begin(), changes.end(), [&](change& c) {
    lines += c.end - c.begin + c.text.size();
    return list.add(std::move(c));
  });
}

std::string joined(const line_views& v, string_view end = "\n") {
  std::string s;
  for (string_view l : v) {
    s += l;
    s += end;
  }
  return s;
}

const failure wrote_it = {code::overlap,
                          "it needs lines that an earlier edit of this answer wrote"};

// Is |pattern| in the file as it is now?
bool is_in(const std::string& now, const line_views& pattern) {
  text_lines t(now);
  matcher m(t);
  return !m.find(pattern, rung::exact).empty() || !m.find(pattern, rung::ws).empty();
}

}  // namespace

std::string block::key() const {
  std::string k(format_word(form));
  auto add = [&](string_view s) {
    k += '\0';
    k += std::to_string(s.size()) + ":";
    k += s;
  };
  add(normal_path(path));
  add(op_word(kind));
  add(normal_path(to));
  add(body);
  for (const hunk& h : hunks) {
    add(h.numbered ? std::to_string(h.old_start) : "");
    add(h.at_end ? "end" : "");
    for (const std::string& a : h.anchors) add(a);
    std::string lines;
    for (const hunk::line& l : h.lines) lines += l.sign + l.text + "\n";
    add(lines);
  }
  if (body.empty() && hunks.empty() && kind == op::update) add(raw);
  return sha256_hex(k);
}

struct files::impl {
  std::vector<std::unique_ptr<file>> all;
  std::set<std::string> done;  // keys of accepted blocks
  unsigned seq = 0;
  bool selection_only = false;

  file* find(string_view path) const {
    std::string p = normal_path(path);
    for (const auto& f : all) {
      if (f->now && f->path == p) return f.get();
    }
    return nullptr;
  }

  file* find_sent(string_view path) const {
    std::string p = normal_path(path);
    for (const auto& f : all) {
      if (f->sent && f->sent_path == p) return f.get();
    }
    return nullptr;
  }

  // A path that would make a folder of a file, or a file of a folder.
  bool in_the_way(string_view path) const {
    auto within = [](string_view inner, string_view outer) {
      return inner.size() > outer.size() && inner[outer.size()] == '/' &&
             inner.substr(0, outer.size()) == outer;
    };
    return std::any_of(all.begin(), all.end(), [&](const auto& f) {
      return f->now && (within(path, f->path) || within(f->path, path));
    });
  }

  outcome apply(const block& b);
  outcome change_file(const block& b, file& f, const std::string& key);
  outcome create(const block& b, const std::string& path, const std::string& key);
  outcome remove(const block& b, file& f, const std::string& key);
  outcome accept(file& f, op kind, edited e, const std::string& to, const std::string& key);
  std::optional<failure> bad_target(const std::string& to) const;
  bool outside_selection(const file& f, string_view text) const;

  static rejected reject(const std::string& path, const failure& x) {
    return {path, x.why, "The edit of `" + printable(path) + "` was not made: " + x.what + "."};
  }
};

namespace {

// ---- what a block makes of a file's text

attempt edit_whole(const block& b, const file& f) {
  if (f.in_part) {
    return fail(code::malformed, "the file was not shown whole, so it can't be replaced whole");
  }
  text_lines t(*f.now);
  line_views fresh = split_lf(b.body);
  if (!fresh.empty()) fresh[0] = no_bom(fresh[0]);
  if (abbreviates(fresh, t.lines)) {
    return fail(code::malformed, "the new file is abbreviated");
  }
  if (fresh.empty() && t.size() > 0) return fail(code::malformed, "the new file is empty");
  if (t.mixed()) {
    change_list list;
    size_t lines = 0;
    add_all(list, line_changes(t.lines, fresh, 0), lines);
    return edited{render(t, list), {}, rung::exact, lines};
  }
  std::string text = t.bom ? "\xef\xbb\xbf" : "";
  text += joined(fresh, t.major_end());
  if (!t.final_newline() && !fresh.empty()) text.resize(text.size() - t.major_end().size());
  return edited{std::move(text), {}, rung::exact, SIZE_MAX};
}

// Two blocks in one, the first without its end: a divider behind a SEARCH
// marker in the new text.
bool swallows_block(const line_views& fresh) {
  bool open = false;
  for (string_view l : fresh) {
    open = open || read_search_marker(l);
    if (open && is_divider(l)) return true;
  }
  return false;
}

struct split {
  line_views search, replace;
};

// A block's lines, and at which of them it may be split: the longest SEARCH
// first, the first divider last.
struct splits {
  line_views lines;
  std::vector<size_t> at;

  explicit splits(const block& b) : lines(split_lf(b.body)) {
    std::vector<size_t> all;
    for (size_t pos = 0, line = 0; line < lines.size() && all.size() < b.dividers.size(); line++) {
      if (pos == b.dividers[all.size()]) all.push_back(line);
      pos += lines[line].size() + 1;
    }
    for (size_t k = 0; k + 1 < std::min(all.size(), max_splits); k++) {
      at.push_back(all[all.size() - 1 - k]);
    }
    if (!all.empty()) at.push_back(all[0]);
  }

  split get(size_t k) const {
    split s{slice(lines, 0, at[k]), slice(lines, at[k] + 1, lines.size())};
    for (line_views* v : {&s.search, &s.replace}) {
      if (!v->empty()) (*v)[0] = no_bom((*v)[0]);
    }
    return s;
  }
};

attempt edit_split(const split& s, const file& f, const shown_file& view) {
  if (s.search.empty() || (view.text.size() == 0 && all_blank(s.search))) {
    if (!all_blank(view.text.lines)) {
      return fail(code::exists, "the file exists and the SEARCH part is empty");
    }
    if (f.touched() && !view.changes.empty()) return wrote_it;
    change_list list;
    list.add({0, view.text.size(), {s.replace.begin(), s.replace.end()}});
    return edited{render(view.text, list), std::move(list), rung::exact, SIZE_MAX};
  }
  place p = find_place(view, s.search, nullptr);
  if (p.what == place::result::none && f.touched() && is_in(*f.now, s.search)) return wrote_it;
  if (p.what != place::result::found) return place_failure(p, "SEARCH text");
  change_list list = view.changes;
  size_t lines = 0;
  if (!add_all(list, changes_at(p, view.text, s.search, s.replace), lines)) return wrote_it;
  return edited{render(view.text, list), std::move(list), p.how, lines};
}

// What is wrong with a split that fits.
std::optional<failure> bad_split(const split& s, const text_lines& text) {
  if (s.search == s.replace) return fail(code::no_op, "SEARCH and REPLACE are the same");
  if (swallows_block(s.replace) &&
      std::none_of(text.lines.begin(), text.lines.end(),
                   [](string_view l) { return read_search_marker(l).has_value(); })) {
    return fail(code::malformed, "a block begins before the one before it has ended");
  }
  if (abbreviates(s.replace, text.lines, s.search)) {
    return fail(code::malformed, "the new text is abbreviated");
  }
  return std::nullopt;
}

attempt edit_search(const block& b, const file& f, const shown_file& view) {
  splits all(b);
  std::optional<failure> why;
  for (size_t k = 0; k < all.at.size(); k++) {
    split s = all.get(k);
    attempt a = edit_split(s, f, view);
    if (auto* x = std::get_if<failure>(&a)) {
      if (!why || why->why == code::not_found) why = *x;
      bool same = all.at.size() == 1 && s.search == s.replace;
      if (same) return fail(code::no_op, "SEARCH and REPLACE are the same");
      continue;
    }
    if (auto x = bad_split(s, view.text)) return *x;
    return a;
  }
  return *why;
}

// A run of a hunk's lines as old and new text.
split parts_of(const hunk& h, size_t drop_tail) {
  split s;
  for (size_t i = 0; i + drop_tail < h.lines.size(); i++) {
    const hunk::line& l = h.lines[i];
    if (l.sign != '+') s.search.push_back(no_bom(l.text));
    if (l.sign != '-') s.replace.push_back(no_bom(l.text));
  }
  return s;
}

std::optional<failure> edit_hunk(const hunk& h, format form, const file& f,
                                 const shown_file& view, change_list& list, edited& out) {
  split s = parts_of(h, 0);
  place p;
  if (s.search.empty()) {
    p = insert_place(view, h, form);
  } else {
    p = find_place(view, s.search, &h);
    if (p.what == place::result::none && h.loose_tail > 0) {
      split t = parts_of(h, h.loose_tail);
      if (t.search.empty()) return place_failure(p, "hunk");
      place q = find_place(view, t.search, &h);
      if (q.what != place::result::none) {
        p = q;
        s = std::move(t);
      }
    }
  }
  if (p.what == place::result::none) {
    if (!s.search.empty() && f.touched() && is_in(*f.now, s.search)) return wrote_it;
    if (h.unsigned_lines) {
      return fail(code::malformed, "the hunk has lines without a sign and does not match");
    }
  }
  if (p.what != place::result::found) return place_failure(p, "hunk");
  if (abbreviates(s.replace, view.text.lines)) {
    return fail(code::malformed, "the new text is abbreviated");
  }
  if (!add_all(list, changes_at(p, view.text, s.search, s.replace), out.changed)) return wrote_it;
  out.how = std::max(out.how, p.how);
  return std::nullopt;
}

attempt edit_hunks(const block& b, const file& f, const shown_file& view) {
  if (b.hunks.empty() && b.kind == op::update) {
    return fail(code::malformed, "the patch has no hunks");
  }
  change_list list = view.changes;
  edited e;
  e.changed = 0;
  for (const hunk& h : b.hunks) {
    shown_file now{view.text, view.match, list, view.selected};
    if (auto x = edit_hunk(h, b.form, f, now, list, e)) return *x;
  }
  e.text = render(view.text, list);
  e.changes = std::move(list);
  return e;
}

}  // namespace

// The file must be there, and be editable.
outcome files::impl::change_file(const block& b, file& f, const std::string& key) {
  attempt a;
  if (b.form == format::whole) {
    a = edit_whole(b, f);
  } else {
    // Nothing of a file that this answer made was shown, nor what became of a
    // file that was replaced.
    searchable& s = f.shown_lines();
    change_list all_taken;
    if (f.replaced && s.lines.size() > 0) all_taken.add({0, s.lines.size(), {}});
    shown_file view{s.lines, s.match, f.replaced ? all_taken : f.changes,
                    f.selected_lines ? &*f.selected_lines : nullptr};
    if (!f.shown || (f.replaced && s.lines.size() == 0)) {
      a = wrote_it;
    } else if (b.form == format::search_replace) {
      a = edit_search(b, f, view);
    } else {
      a = edit_hunks(b, f, view);
    }
    if (f.replaced && std::holds_alternative<edited>(a)) a = wrote_it;
  }
  if (auto* x = std::get_if<failure>(&a)) return reject(f.path, *x);
  edited& e = std::get<edited>(a);
  if (b.kind == op::rename) return accept(f, op::rename, std::move(e), normal_path(b.to), key);
  if (e.text == *f.now) {
    if (f.touched() && b.form == format::whole) return duplicate{};
    return reject(f.path, fail(code::no_op, "it changes nothing"));
  }
  return accept(f, op::update, std::move(e), {}, key);
}

std::optional<failure> files::impl::bad_target(const std::string& to) const {
  if (!clean_path(to)) return fail(code::path_denied, "the path is not allowed");
  if (find(to)) return fail(code::exists, "`" + printable(to) + "` exists");
  if (in_the_way(normal_path(to))) {
    return fail(code::path_denied, "the path runs into an existing file");
  }
  return std::nullopt;
}

outcome files::impl::create(const block& b, const std::string& path, const std::string& key) {
  if (auto x = bad_target(path)) return reject(path, *x);
  line_views lines;
  if (b.form == format::whole) {
    lines = split_lf(b.body);
  } else if (b.form == format::search_replace) {
    splits all(b);
    lines = all.get(all.at.size() - 1).replace;  // the first divider
    if (swallows_block(lines)) {
      return reject(path, fail(code::malformed,
                               "a block begins before the one before it has ended"));
    }
  } else {
    for (const hunk& h : b.hunks) {
      for (const hunk::line& l : h.lines) {
        if (l.sign != '-') lines.push_back(l.text);
      }
    }
  }
  if (!lines.empty()) lines[0] = no_bom(lines[0]);
  if (abbreviates(lines, {})) {
    return reject(path, fail(code::malformed, "the new file is abbreviated"));
  }
  // A file that was there before comes back.
  file* f = nullptr;
  for (const auto& x : all) {
    if (!x->now && x->path == path) f = x.get();
  }
  if (!f) {
    all.push_back(std::make_unique<file>());
    f = all.back().get();
    f->path = path;
    f->editable = true;
  }
  edited e;
  e.text = joined(lines);
  outcome o = accept(*f, op::create, std::move(e), {}, key);
  if (std::holds_alternative<rejected>(o) && !f->sent && !f->shown) all.pop_back();
  return o;
}

outcome files::impl::remove(const block& b, file& f, const std::string& key) {
  if (!b.hunks.empty()) {
    searchable& s = f.shown_lines();
    shown_file view{s.lines, s.match, f.changes, nullptr};
    attempt a = f.shown && !f.replaced ? edit_hunks(b, f, view) : attempt(wrote_it);
    if (auto* x = std::get_if<failure>(&a)) return reject(f.path, *x);
    if (no_bom(std::get<edited>(a).text) != "") {
      return reject(f.path, fail(code::malformed, "the deletion leaves text behind"));
    }
  }
  return accept(f, op::remove, {}, {}, key);
}

bool files::impl::outside_selection(const file& f, string_view text) const {
  if (!f.selection || !f.sent) return true;
  string_view sent = *f.sent;
  string_view head = sent.substr(0, f.selection->begin), tail = sent.substr(f.selection->end);
  return text.size() < head.size() + tail.size() || text.substr(0, head.size()) != head ||
         text.substr(text.size() - tail.size()) != tail;
}

outcome files::impl::accept(file& f, op kind, edited e, const std::string& to,
                            const std::string& key) {
  if (selection_only && (kind != op::update || outside_selection(f, e.text))) {
    return reject(f.path, fail(code::path_denied, "it reaches outside of the selection"));
  }
  accepted r;
  r.kind = kind;
  r.path = f.path;
  r.to = to;
  if (f.sent && f.sent_hash.empty()) f.sent_hash = sha256_hex(*f.sent);
  r.base_sha256 = f.sent_hash;
  std::optional<string_view> before, after;
  if (kind != op::create) before = *f.now;
  if (kind != op::remove) after = e.text;
  r.diff = make_diff(f.path, before, after, to, e.changed);
  r.match = rung_word(e.how);
  r.lang = lang_of_path(to.empty() ? f.path : to);
  r.new_content = e.text;
  r.seq = ++seq;
  done.insert(key);
  if (kind == op::remove) {
    f.now.reset();
    f.replaced = true;
    return r;
  }
  if (kind == op::rename) f.path = to;
  f.now = std::make_shared<const std::string>(std::move(e.text));
  if (e.changes) {
    f.changes = std::move(*e.changes);
  } else {
    f.replaced = true;
  }
  return r;
}

namespace {

// Would the block make a file that isn't there?
bool may_create(const block& b) {
  switch (b.form) {
    case format::whole:
      return true;
    case format::search_replace: {
      splits s(b);
      return all_blank(s.get(s.at.size() - 1).search);
    }
    case format::udiff:
      return b.kind == op::update && !b.hunks.empty() &&
             std::all_of(b.hunks.begin(), b.hunks.end(), [](const hunk& h) {
               return std::all_of(h.lines.begin(), h.lines.end(),
                                  [](const hunk::line& l) { return l.sign == '+'; });
             });
    case format::apply_patch:
      break;
  }
  return false;
}

}  // namespace

outcome files::impl::apply(const block& b) {
  if (b.path.empty()) {
    return rejected{{}, code::malformed, "An edit was not made: it does not say of which file."};
  }
  std::string path = b.path;
  if (path.find('\\') != std::string::npos) {
    std::string slashes = path;
    std::replace(slashes.begin(), slashes.end(), '\\', '/');
    if (clean_path(slashes) && find(slashes)) path = slashes;
  }
  auto clean = clean_path(path);
  if (!clean) return reject(b.path, fail(code::path_denied, "the path is not allowed"));
  path = *clean;
  std::string key = b.key();
  if (done.count(key) > 0) return duplicate{};
  file* f = find(path);
  bool make = b.kind == op::create || (!f && may_create(b));
  if (f && !f->editable) {
    return reject(path, fail(code::path_denied, "the file is read-only here"));
  }
  if (make) return create(b, path, key);
  if (!f) return reject(path, fail(code::not_found, "there is no such file"));
  if (b.kind == op::rename) {
    if (auto x = bad_target(b.to)) return reject(path, *x);
  }
  if (b.kind == op::remove) return remove(b, *f, key);
  return change_file(b, *f, key);
}

// ---- the class

files::files() : impl_(new impl) {}
files::~files() = default;
files::files(files&&) noexcept = default;
files& files::operator=(files&&) noexcept = default;

bool files::add(string_view path, std::string content, bool editable) {
  if (impl_->find_sent(path)) return false;
  auto f = std::make_unique<file>();
  f->path = f->sent_path = normal_path(path);
  f->sent = f->shown = f->now = std::make_shared<const std::string>(std::move(content));
  f->editable = editable;
  impl_->all.push_back(std::move(f));
  return true;
}

void files::select(string_view path, byte_range r) {
  file* f = impl_->find_sent(path);
  if (!f) return;
  string_view text = *f->sent;
  r.end = std::min(r.end, text.size());
  r.begin = std::min(r.begin, r.end);
  f->selection = r;
  auto lines_before = [&](size_t n) {
    return static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(n), '\n'));
  };
  byte_range lines{lines_before(r.begin), lines_before(r.end)};
  // A selection that ends within a line holds that line.
  if (r.end > 0 && text[r.end - 1] != '\n') lines.end++;
  lines.end = std::max(lines.end, lines.begin + 1);
  f->selected_lines = lines;
}

void files::shown_in_part(string_view path) {
  if (file* f = impl_->find_sent(path)) f->in_part = true;
}

void files::only_selection(bool on) { impl_->selection_only = on; }

void files::begin_call() {
  for (const auto& f : impl_->all) {
    if (f->selected_lines && f->replaced) f->selected_lines.reset();
    if (f->selected_lines) {
      byte_range& sel = *f->selected_lines;
      byte_range moved = sel;
      for (const change* c : f->changes.sorted()) {
        size_t more = c->text.size(), less = c->end - c->begin;
        if (c->end <= sel.begin && !(c->begin == c->end && c->begin == sel.begin)) {
          moved.begin = moved.begin + more - less;
        }
        if (c->begin < sel.end) moved.end = std::max(moved.end + more, less) - less;
      }
      moved.end = std::max(moved.end, moved.begin + 1);
      sel = moved;
    }
    if (f->shown != f->now) f->search.reset();
    f->shown = f->now;
    f->changes.clear();
    f->replaced = false;
  }
}

outcome files::apply(const block& b) { return impl_->apply(b); }

rejected files::refuse(const block& b, code why) const {
  string_view what = "it can't be read as an edit";
  if (why == code::truncated) what = "the answer ended before the edit did";
  if (why == code::too_large) what = "it is larger than an edit may be";
  if (b.path.empty()) {
    return {{}, why, "An edit was not made: " + std::string(what) + "."};
  }
  auto clean = clean_path(b.path);
  return impl::reject(clean ? *clean : b.path, {why, std::string(what)});
}

const std::string* files::current(string_view path) const {
  file* f = impl_->find(path);
  return f ? f->now.get() : nullptr;
}

const std::string* files::original(string_view path) const {
  file* f = impl_->find_sent(path);
  return f ? f->sent.get() : nullptr;
}

bool files::editable(string_view path) const {
  file* f = impl_->find(path);
  return f && f->editable;
}

std::vector<std::string> files::paths() const {
  std::vector<std::string> out;
  for (const auto& f : impl_->all) {
    if (f->now) out.push_back(f->path);
  }
  return out;
}

std::optional<std::string> files::selection_text() const {
  for (const auto& f : impl_->all) {
    if (!f->selection) continue;
    if (!f->now || impl_->outside_selection(*f, *f->now)) return std::nullopt;
    size_t tail = f->sent->size() - f->selection->end;
    return f->now->substr(f->selection->begin, f->now->size() - tail - f->selection->begin);
  }
  return std::nullopt;
}

size_t files::memory() const noexcept {
  size_t n = 0;
  for (const auto& f : impl_->all) {
    if (f->sent) n += f->sent->size();
    if (f->shown && f->shown != f->sent) n += f->shown->size();
    if (f->now && f->now != f->shown && f->now != f->sent) n += f->now->size();
    for (const change* c : f->changes.sorted()) {
      for (const std::string& s : c->text) n += s.size() + sizeof(s);
    }
    if (f->search) n += f->search->lines.size() * line_cost;
  }
  return n;
}

}  // namespace f0::edit
