// Copyright (C) 2026 The f0 authors
//
// attempt.h - what a block makes of a file's text, or why it can't.

#ifndef F0_CORE_EDIT_ATTEMPT_H_
#define F0_CORE_EDIT_ATTEMPT_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "edit.h"
#include "lines.h"
#include "match.h"
#include "place.h"

namespace f0::edit {

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
  std::string shown_path;
  std::unique_ptr<searchable> search;  // of |shown|, once it is wanted
  text_ptr now;                        // null: is not there (any more)
  change_list changes;                 // shown -> now
  bool replaced = false;               // now has nothing to do with shown's lines
  bool editable = false;
  bool in_part = false;
  size_t counted = 0;                        // of it in files::memory()
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
  size_t changed = SIZE_MAX;  // lines, as far as known
};

using attempt = std::variant<edited, failure>;

inline failure fail(code c, std::string what) { return {c, std::move(what)}; }

const failure& wrote_it();  // it needs lines that this answer wrote

// A block of each form on the file as it is shown (a whole file: as it is).
attempt edit_whole(const block& b, const file& f);
attempt edit_search(const block& b, const file& f, const shown_file& view);
attempt edit_hunks(const block& b, const file& f, const shown_file& view);

// The text of a new file.
attempt new_text(const block& b);
// Would the block, which does not say so, make a file that isn't there?
bool may_create(const block& b);

string_view without_bom(string_view s);

}  // namespace f0::edit

#endif  // F0_CORE_EDIT_ATTEMPT_H_
