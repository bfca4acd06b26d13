// Copyright (C) 2026 The f0 authors
//
// The virtual workspace.  A block is matched against the file as the running
// call was shown it; what it changes is kept as changes of those lines, so that
// blocks of one answer may come in any order, and lines that one of them wrote
// are never mistaken for the file's own.

#include <algorithm>

#include "../../text.h"
#include "attempt.h"
#include "edit.h"

namespace f0::edit {

namespace {

constexpr size_t line_cost = 48;  // bytes of a line that is ready for searching

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
  outcome o = accept(*f, op::create, std::move(std::get<edited>(a)), {}, key);
  if (std::holds_alternative<rejected>(o) && !f->sent && !f->shown) all.pop_back();
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
      for (const std::string& s : c->text) n += s.size() + sizeof(std::string);
    }
    if (f->search) n += f->search->lines.size() * line_cost;
  }
  return n;
}

}  // namespace f0::edit
