// Copyright (C) 2026 The f0 authors
//
// The virtual workspace.  A block is matched against the file as the running
// call was shown it; what it changes is kept as changes of those lines, so that
// blocks of one answer may come in any order, and lines that one of them wrote
// are never mistaken for the file's own.

#include <algorithm>

#include "../base/text.h"
#include "attempt.h"
#include "edit.h"

namespace f0::edit {

namespace {

constexpr size_t line_cost = 48;  // bytes of a line that is ready for searching

// Steps of all blocks of a turn, some seconds of a thread: thousands of blocks
// on a file of megabytes must come to an end.
constexpr size_t max_turn_work = 4'000'000'000;
constexpr size_t steps_per_byte = 4;  // of an edit that is made: text, hash, diff

std::string printable(string_view path) {
  std::string s;
  for (char c : text::cut(path, 300)) {
    auto u = static_cast<unsigned char>(c);
    s += u < 0x20 || u == 0x7f || c == '`' ? '?' : c;
  }
  return s;
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
  using index = std::map<std::string, file*, std::less<>>;

  std::vector<std::unique_ptr<file>> all;
  index there;  // by path, the files that are there now
  index sent;   // by path, as the client sent them
  index gone;   // by path, what was removed last
  // Of names that aren't ASCII, in normal form C: a file of such a name is
  // meant, however its name was typed.
  index there_nfc;
  std::set<std::string> done;  // keys of accepted blocks
  size_t held = 0;             // bytes, see memory()
  size_t work = 0;             // steps so far
  unsigned seq = 0;
  bool selection_only = false;

  static file* at(const index& i, string_view path) {
    auto it = i.find(path);
    return it == i.end() ? nullptr : it->second;
  }
  file* find(string_view path) const {
    std::string p = normal_path(path);
    file* f = at(there, p);
    return f || there_nfc.empty() || is_ascii(p) ? f : at(there_nfc, nfc(p));
  }
  void enter(file& f) {
    there[f.path] = &f;
    if (!is_ascii(f.path)) there_nfc[nfc(f.path)] = &f;
  }
  void leave(const file& f) {
    there.erase(f.path);
    if (!is_ascii(f.path)) there_nfc.erase(nfc(f.path));
  }
  file* find_sent(string_view path) const { return at(sent, normal_path(path)); }

  // A path that would make a folder of a file, or a file of a folder.
  bool in_the_way(const std::string& path) const {
    for (size_t i = path.find('/'); i != std::string::npos; i = path.find('/', i + 1)) {
      if (at(there, string_view(path).substr(0, i))) return true;
    }
    std::string folder = path + '/';
    auto it = there.lower_bound(folder);
    return it != there.end() && it->first.starts_with(folder);
  }

  // Counts anew what |f| holds.
  void count(file& f) {
    size_t n = f.changes.memory();
    if (f.sent) n += f.sent->size();
    if (f.shown && f.shown != f.sent) n += f.shown->size();
    if (f.now && f.now != f.shown && f.now != f.sent) n += f.now->size();
    if (f.search) n += f.search->lines.size() * line_cost;
    held += n - f.counted;
    f.counted = n;
  }

  outcome apply(const block& b);
  outcome apply_at(const block& b, const std::string& path, file* f);
  outcome change_file(const block& b, file& f, const std::string& key);
  outcome create(const block& b, const std::string& path, const std::string& key);
  outcome remove(const block& b, file& f, const std::string& key);
  outcome accept(file& f, op kind, edited e, const std::string& to, const std::string& key);
  accepted step(file& f, op kind, std::optional<string_view> before,
                std::optional<string_view> after);
  std::optional<failure> bad_target(const std::string& to) const;
  bool outside_selection(const file& f, string_view text) const;

  static rejected reject(const std::string& path, const failure& x) {
    return {path, x.why, "The edit of `" + printable(path) + "` was not made: " + x.what + "."};
  }
};

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
      a = wrote_it();
    } else if (b.form == format::search_replace) {
      a = edit_search(b, f, view);
    } else {
      a = edit_hunks(b, f, view);
    }
    if (f.replaced && std::holds_alternative<edited>(a)) a = wrote_it();
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
  attempt a = new_text(b);
  if (auto* x = std::get_if<failure>(&a)) return reject(path, *x);
  // A file that was there before comes back.
  file* f = at(gone, path);
  if (!f) {
    all.push_back(std::make_unique<file>());
    f = all.back().get();
    f->path = path;
    f->editable = true;
  }
  outcome o = accept(*f, op::create, std::move(std::get<edited>(a)), {}, key);
  if (std::holds_alternative<rejected>(o) && f == all.back().get() && !f->sent && !f->shown) {
    all.pop_back();
  } else {
    count(*f);
  }
  return o;
}

outcome files::impl::remove(const block& b, file& f, const std::string& key) {
  if (!b.hunks.empty()) {
    searchable& s = f.shown_lines();
    shown_file view{s.lines, s.match, f.changes, nullptr};
    attempt a = f.shown && !f.replaced ? edit_hunks(b, f, view) : attempt(wrote_it());
    if (auto* x = std::get_if<failure>(&a)) return reject(f.path, *x);
    if (without_bom(std::get<edited>(a).text) != "") {
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
  work += steps_per_byte * ((f.now ? f.now->size() : 0) + e.text.size());
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
    leave(f);
    gone[f.path] = &f;
    return r;
  }
  if (kind == op::rename) {
    leave(f);
    f.path = to;
  }
  if (kind == op::create) gone.erase(f.path);
  enter(f);
  f.now = std::make_shared<const std::string>(std::move(e.text));
  if (e.changes) {
    f.changes = std::move(*e.changes);
  } else {
    f.replaced = true;
  }
  return r;
}

// A patch that takes an earlier one back.
accepted files::impl::step(file& f, op kind, std::optional<string_view> before,
                           std::optional<string_view> after) {
  accepted a;
  a.kind = kind;
  a.path = f.path;
  if (f.sent && f.sent_hash.empty()) f.sent_hash = sha256_hex(*f.sent);
  a.base_sha256 = f.sent_hash;
  a.diff = make_diff(f.path, before, after, {}, SIZE_MAX);
  a.match = rung_word(rung::exact);
  a.lang = lang_of_path(f.path);
  if (after) a.new_content = *after;
  a.seq = ++seq;
  return a;
}

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
  if (work > max_turn_work) {
    return reject(*clean, fail(code::too_large, "the edits of this answer take too long"));
  }
  file* f = find(*clean);
  outcome o = apply_at(b, *clean, f);
  if (f) {
    if (f->search) work += f->search->match.work();
    count(*f);
  }
  return o;
}

outcome files::impl::apply_at(const block& b, const std::string& path, file* f) {
  std::string key = b.key();
  if (done.count(key) > 0) return duplicate{};
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
  f->path = f->sent_path = f->shown_path = normal_path(path);
  f->sent = f->shown = f->now = std::make_shared<const std::string>(std::move(content));
  f->editable = editable;
  impl_->sent[f->path] = f.get();
  impl_->enter(*f);
  impl_->count(*f);
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
    return static_cast<size_t>(
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(n), '\n'));
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
    f->shown_path = f->path;
    f->changes.clear();
    f->replaced = false;
    impl_->count(*f);
  }
}

std::vector<accepted> files::take_back() {
  std::vector<accepted> out;
  impl_->done.clear();
  // New names go before old ones come back.
  std::vector<std::pair<file*, text_ptr>> back;
  for (const auto& f : impl_->all) {
    if (f->now == f->shown && f->path == f->shown_path) continue;
    if (f->now) {
      accepted a;
      a.kind = op::remove;
      bool same = f->shown && f->path == f->shown_path;
      if (!same) {
        a = impl_->step(*f, op::remove, *f->now, std::nullopt);
        impl_->leave(*f);
        out.push_back(std::move(a));
      }
    }
    back.emplace_back(f.get(), f->shown);
  }
  for (auto& [f, text] : back) {
    bool there = f->now && f->path == f->shown_path;
    f->path = f->shown_path.empty() ? f->path : f->shown_path;
    if (text) {
      std::optional<string_view> before;
      if (there) before = *f->now;
      out.push_back(impl_->step(*f, there ? op::update : op::create, before, *text));
      impl_->gone.erase(f->path);
      impl_->enter(*f);
    } else {
      impl_->gone[f->path] = f;
    }
    f->now = text;
    f->changes.clear();
    f->replaced = false;
    impl_->count(*f);
  }
  return out;
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

std::vector<files::entry> files::list() const {
  std::vector<entry> out;
  for (const auto& f : impl_->all) {
    if (f->now) out.push_back({f->path, *f->now, f->editable});
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

size_t files::memory() const noexcept { return impl_->held; }

void files::forget_lines() {
  for (const auto& f : impl_->all) {
    f->search.reset();
    impl_->count(*f);
  }
}

}  // namespace f0::edit
