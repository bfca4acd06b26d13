// Copyright (C) 2026 The f0 authors

#include "context.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "../base/text.h"
#include "../edit/fence_end.h"
#include "../edit/names.h"

namespace f0::agent {
namespace {

// What is looked through for files, the newest messages first.
constexpr size_t kHarvestBytes = 1 << 20;
constexpr size_t kHarvestFiles = 64;
// A fence's first line that is longer names no file.
constexpr size_t kLongestInfo = 4096;

// Bytes of the white space that |s| begins with in JavaScript's eyes; 0: none.
size_t js_space(string_view s) {
  if (s.empty()) return 0;
  auto c = static_cast<unsigned char>(s[0]);
  if (c == ' ' || (c >= 0x09 && c <= 0x0d)) return 1;
  if (s.substr(0, 2) == "\xc2\xa0") return 2;
  string_view three = s.substr(0, 3);
  static constexpr string_view kWide[] = {"\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                          "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
                                          "\xef\xbb\xbf"};
  for (string_view w : kWide) {
    if (three == w) return 3;
  }
  if (three.size() == 3 && three.substr(0, 2) == "\xe2\x80") {
    auto last = static_cast<unsigned char>(three[2]);
    if (last >= 0x80 && last <= 0x8a) return 3;
  }
  return 0;
}

// One entry of the client's lists before it is decided what may be changed.
struct candidate {
  const chat::file* file;
  bool open;
};

void add_files(const std::vector<candidate>& list, unsigned max_editable, workspace& out) {
  std::set<std::string> seen;
  unsigned editable = 0;
  for (const auto& c : list) {
    if (!seen.insert(edit::normal_path(c.file->path)).second) continue;
    source_file f;
    f.path = c.file->path;
    f.content = c.file->content;
    f.language = c.file->language;
    bool wanted = out.files.empty() || c.open || c.file->allow_edit.value_or(false);
    if (!edit::clean_path(edit::normal_path(f.path))) {
      wanted = false;
      out.notes.push_back("`" + text::cut_repaired(f.path, 100) +
                          "` is no path within the workspace, so it can only be read.");
    }
    f.editable = wanted && c.file->allow_edit.value_or(true) && editable < max_editable;
    editable += f.editable;
    out.files.push_back(std::move(f));
  }
}

// "files" beside an fz_context that holds none.
std::vector<chat::file> legacy_files(const chat::request& r) {
  std::vector<chat::file> out;
  const json::value* list = r.root ? r.root->get("files") : nullptr;
  if (list == nullptr || !list->is_array()) return out;
  for (const auto& v : *list) {
    const json::value* content = v.get("content");
    if (v.str("path").empty() || content == nullptr || !content->is_string()) continue;
    chat::file f;
    f.path = v.str("path");
    f.content = content->text();
    f.language = v.str("languageId");
    const json::value* open = v.get("isOpen");
    if (open != nullptr && open->is_bool()) f.is_open = open->boolean();
    out.push_back(f);
  }
  return out;
}

size_t find_file(const workspace& w, string_view path) {
  std::string wanted = edit::normal_path(path);
  for (size_t i = 0; i < w.files.size(); i++) {
    if (edit::normal_path(w.files[i].path) == wanted) return i;
  }
  return w.files.size();
}

// Where LF text at |at| of the text without CRs stands in |s|.
size_t in_crlf(string_view s, size_t at) {
  size_t i = 0;
  for (size_t n = 0; i < s.size(); i++) {
    if (s[i] == '\r' && i + 1 < s.size() && s[i + 1] == '\n') continue;
    if (n == at) break;
    n++;
  }
  return i;
}

std::string without_cr(string_view s) {
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size(); i++) {
    if (s[i] != '\r' || i + 1 == s.size() || s[i + 1] != '\n') out += s[i];
  }
  return out;
}

// The one place of |part| in |whole|, line ends aside.
std::optional<edit::byte_range> find_once(string_view whole, string_view part) {
  size_t at = text::find(whole, part);
  if (at != string_view::npos) {
    if (text::find(whole, part, at + 1) != string_view::npos) return {};
    return edit::byte_range{at, at + part.size()};
  }
  std::string lf = without_cr(whole), wanted = without_cr(part);
  at = text::find(lf, wanted);
  if (at == std::string::npos || text::find(lf, wanted, at + 1) != std::string::npos) return {};
  return edit::byte_range{in_crlf(whole, at), in_crlf(whole, at + wanted.size())};
}

// The path that fz_context.selection names; the selection of a file has none.
string_view selection_path(const chat::request& r) {
  const json::value* context = r.root ? r.root->get("fz_context") : nullptr;
  const json::value* sel = context ? context->get("selection") : nullptr;
  return sel ? sel->str("path") : string_view();
}

void read_selection(const chat::request& r, workspace& out) {
  const auto& sel = r.context.selection;
  if (!sel || out.files.empty()) return;
  selected s;
  s.desktop = sel->desktop;
  string_view path = sel->desktop ? selection_path(r) : string_view();
  if (!path.empty()) s.file = find_file(out, path);
  if (s.file == out.files.size()) {
    out.notes.push_back("The selection is in a file that was not sent, so it was not used.");
    return;
  }
  string_view content = out.files[s.file].content;
  s.bytes.begin = text::utf16_to_byte(content, sel->start, false);
  s.bytes.end = std::max(s.bytes.begin, text::utf16_to_byte(content, sel->end, true));
  string_view slice = content.substr(s.bytes.begin, s.bytes.end - s.bytes.begin);
  if (!sel->text.empty() && slice != sel->text && without_cr(slice) != without_cr(sel->text)) {
    auto found = js_blank(sel->text) ? std::nullopt : find_once(content, sel->text);
    if (!found) {
      out.notes.push_back(
          "The selected text is not where the selection says, nor anywhere else "
          "just once, so the selection was not used.");
      return;
    }
    s.bytes = *found;
    slice = content.substr(s.bytes.begin, s.bytes.end - s.bytes.begin);
  }
  if (!js_blank(slice)) out.selection = s;
}

// ---- harvesting

struct fence_info {
  std::string path;
  size_t first_line = 1;
  bool part = false;
};

// "text/html" names a kind of content.
bool is_media_type(string_view s) {
  for (string_view w : {"application/", "text/", "image/", "audio/", "video/", "multipart/",
                        "font/", "message/", "model/"}) {
    if (text::istarts_with(s, w)) return s.find('/', w.size()) == string_view::npos;
  }
  return false;
}

// A known ending or a folder makes a path of a word.
bool looks_like_path(string_view s) {
  if (s.empty() || s.find_first_of("=\"'{}<>|*?`$") != string_view::npos) return false;
  if (s.front() == '/' || s.front() == '~' || s.back() == '/') return false;
  if (s.find("://") != string_view::npos) return false;
  if (edit::has_known_ending(s)) return true;
  return s.find_first_of("/\\") != string_view::npos && !is_media_type(s) &&
         s.find_first_of(" \t") == string_view::npos;
}

std::optional<fence_info> read_path(string_view s) {
  fence_info out;
  out.part = edit::strip_range(s, &out.first_line);
  out.first_line = std::max<size_t>(out.first_line, 1);
  if (!looks_like_path(s)) return {};
  auto clean = edit::clean_path(edit::normal_path(s));
  if (!clean) return {};
  out.path = *clean;
  return out;
}

// "path", "lang path", either with a range of lines.
std::optional<fence_info> read_info(string_view info) {
  info = text::trim(info);
  if (info.empty() || info.size() > kLongestInfo) return {};
  size_t blank = info.find_first_of(" \t");
  string_view word = info.substr(0, blank);
  if (blank == string_view::npos) {
    if (info == "Makefile" || info == "Dockerfile") return {};  // a language as well
    return read_path(info);
  }
  if (word == "diff" || word == "patch" || word == "udiff" || word == "tool") return {};
  // "path (1-3)", "path L1-L3"; a path with a blank in it.
  if (looks_like_path(word)) return read_path(info);
  string_view rest = text::trim(info.substr(blank));
  string_view bare = rest;
  edit::strip_range(bare);
  // More words are a command line, unless a folder begins what ends as a file.
  size_t more = bare.find_first_of(" \t");
  if (more != string_view::npos && bare.find('/') > more) return {};
  return read_path(rest);
}

// The sign and length of the fence that |line| begins; 0: none.
size_t fence_of(string_view line, char& sign, string_view& rest) {
  size_t i = line.find_first_not_of(' ');
  if (i == string_view::npos || i > 3 || (line[i] != '`' && line[i] != '~')) return 0;
  sign = line[i];
  size_t end = line.find_first_not_of(sign, i);
  if (end == string_view::npos) end = line.size();
  rest = line.substr(end);
  if (sign == '`' && rest.find('`') != string_view::npos) return 0;
  return end - i >= 3 ? end - i : 0;
}

string_view take_line(string_view& s) {
  size_t end = s.find('\n');
  string_view line = s.substr(0, end);
  s.remove_prefix(end == string_view::npos ? s.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// The files of one message: whole ones first, as they count more than parts of
// one.
class harvested {
 public:
  explicit harvested(workspace& out) : out_(out) {}

  bool full() const { return wholes_.size() == kHarvestFiles && parts_.size() == kHarvestFiles; }
  bool wants(const fence_info& info) const {
    return (info.part ? parts_ : wholes_).size() < kHarvestFiles &&
           seen_[info.part].count(info.path) == 0;
  }
  void take(fence_info&& info, string_view content) {
    std::vector<source_file>& list = info.part ? parts_ : wholes_;
    if (list.size() == kHarvestFiles || !seen_[info.part].insert(info.path).second) return;
    source_file f;
    f.path = std::move(info.path);
    f.harvested = true;
    f.part = info.part;
    f.first_line = info.first_line;
    // Editors put a line end between a text and the closing fence even where
    // the text ends with one.
    if (content.ends_with("\n\n")) content.remove_suffix(1);
    out_.own.emplace_back(content);
    f.content = out_.own.back();
    list.push_back(std::move(f));
  }
  std::vector<source_file> files() {
    std::move(parts_.begin(), parts_.end(), std::back_inserter(wholes_));
    return std::move(wholes_);
  }

 private:
  workspace& out_;
  std::vector<source_file> wholes_, parts_;
  std::set<std::string> seen_[2];
};

// Where the file ends that begins with |s|, in a fence of |n| signs (edit's
// fence_end.h): its bytes, and in |behind| those up to the line behind its end.
// Nothing: no end or several would fit, and |behind| is the first bare line's.
std::optional<size_t> end_of_file(string_view s, char sign, size_t n, size_t& behind,
                                  size_t& first_bare) {
  struct line {
    size_t begin, end;
  };
  std::vector<line> marks;  // of the bare lines and of those with an info string
  edit::fence_end ends;
  string_view rest = s, info;
  size_t mark = SIZE_MAX;
  bool blank_above = true, above = true;
  first_bare = string_view::npos;
  auto settle = [&](bool blank_below) {
    if (mark == SIZE_MAX) return;
    ends.take(std::exchange(mark, SIZE_MAX), edit::bare_line(blank_above, blank_below));
  };
  auto done = [&](size_t k) {
    behind = marks[k].end;
    return marks[k].begin;
  };
  while (!rest.empty()) {
    auto at = static_cast<size_t>(rest.data() - s.data());
    string_view text = take_line(rest);
    bool blank = text::trim(text).empty();
    settle(blank);
    if (auto k = ends.decided()) return done(*k);
    char other = 0;
    size_t m = fence_of(text, other, info);
    if (m >= n && other == sign) {
      size_t end = rest.empty() ? s.size() : static_cast<size_t>(rest.data() - s.data());
      bool bare = text::trim(info).empty();
      if (!bare && read_info(info)) {  // the next file
        auto v = ends.boundary();
        if (v == edit::fence_end::verdict::found) return done(ends.end());
        if (v != edit::fence_end::verdict::open) break;
      }
      marks.push_back({at, end});
      if (bare) {
        if (first_bare == string_view::npos) {
          first_bare = at;
          behind = end;
        }
        mark = marks.size() - 1;
        blank_above = above;
      } else {
        ends.take(marks.size() - 1, edit::fence_line::info);
      }
    }
    above = blank;
  }
  if (rest.empty()) {
    settle(true);
    if (ends.finish() == edit::fence_end::verdict::found) return done(ends.end());
  }
  return {};
}

void harvest_text(string_view s, harvested& found) {
  while (!s.empty() && !found.full()) {
    char sign = 0, other = 0;
    string_view info, rest;
    size_t n = fence_of(take_line(s), sign, info);
    if (n == 0) continue;
    auto read = read_info(info);
    if (read && found.wants(*read)) {
      size_t behind = 0, first_bare = 0;
      auto size = end_of_file(s, sign, n, behind, first_bare);
      if (!size && first_bare == string_view::npos) return;
      if (!size) read->part = true;
      found.take(std::move(*read), s.substr(0, size.value_or(first_bare)));
      s.remove_prefix(behind);
      continue;
    }
    while (!s.empty()) {
      size_t m = fence_of(take_line(s), other, rest);
      if (m >= n && other == sign && text::trim(rest).empty()) break;
    }
  }
}

}  // namespace

bool js_blank(string_view s) {
  while (!s.empty()) {
    size_t n = js_space(s);
    if (n == 0) return false;
    s.remove_prefix(n);
  }
  return true;
}

std::string plain_text(string_view s) {
  if (s.substr(0, 3) == "\xef\xbb\xbf") s.remove_prefix(3);
  return without_cr(s);
}

bool workspace::any_editable() const {
  return std::any_of(files.begin(), files.end(), [](const auto& f) { return f.editable; });
}

void read_context(const chat::request& r, unsigned max_editable, workspace& out) {
  const auto& c = r.context;
  std::vector<candidate> list;
  std::vector<chat::file> legacy;
  bool fz = c.from == chat::context::source::fz_context;
  if (c.current) list.push_back({&*c.current, true});
  for (const auto& f : c.open) list.push_back({&f, f.is_open.value_or(fz)});
  if (fz && list.empty()) {
    legacy = legacy_files(r);
    for (const auto& f : legacy) list.push_back({&f, f.is_open.value_or(true)});
  }
  add_files(list, max_editable, out);
  read_selection(r, out);
}

void harvest(const chat::request& r, unsigned max_editable, workspace& out) {
  unsigned editable = 0;
  size_t bytes = 0;
  std::set<std::string> seen;
  for (auto m = r.messages.rbegin(); m != r.messages.rend(); ++m) {
    if (m->role != chat::role::user) continue;
    for (const auto& p : m->parts) bytes += p.text.size() + 1;
    if (bytes > kHarvestBytes + 1) break;
    harvested found(out);
    harvest_text(m->text(), found);
    for (auto& f : found.files()) {
      if (out.files.size() == kHarvestFiles) return;
      if (!seen.insert(edit::normal_path(f.path)).second) continue;
      f.editable = editable < max_editable;
      editable += f.editable;
      out.files.push_back(std::move(f));
    }
  }
}

}  // namespace f0::agent
