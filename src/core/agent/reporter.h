// Copyright (C) 2026 The f0 authors
//
// reporter.h - the agent's voice: prose, patches, refusals and progress in the
// form that the client asked for (agents.md 6.3, 6.4).

#ifndef F0_CORE_AGENT_REPORTER_H_
#define F0_CORE_AGENT_REPORTER_H_

#include <string>
#include <string_view>
#include <vector>

#include "../base/budget.h"
#include "../chat/request.h"
#include "../turn/outlet.h"
#include "render.h"

namespace f0::agent {

// One event of progress, as |how| says.
void tell_progress(outlet& c, const chat::stream_events& how, const std::string& object);

class reporter {
 public:
  // |snippet|: the reply holds one fence only, the new text of a selection.
  reporter(outlet& c, const chat::request& r, form f, bool snippet);

  form shape() const { return form_; }
  bool markdown() const { return markdown_; }
  bool events() const { return events_ || body_; }
  bool snippet() const { return snippet_; }
  // Each progress() is an event with a number.
  bool progresses() const;

  // The model has begun to speak: what was held back for a true status may go.
  void begin();

  void prose(string_view text);
  // No more prose comes.
  void end_prose() { flush_line(); }
  // A patch in place: its event and its markdown, of which either may be empty.
  void patch(std::string object, string_view markdown);
  void show(string_view markdown);
  void failed(std::string object, string_view sentence);
  void sentence(string_view text);
  void progress(const f0::agent::progress& p);
  // All prose is there; |text| is the selection's, or nullptr if it stays.
  void end_snippet(const std::string* text, string_view path);

  // The number of the next event.
  unsigned next() const { return seq_ + 1; }
  // The member "f0" of a JSON answer; |context| is an array.
  std::string body(string_view mode, string_view context) const;
  // Bytes kept for the end.
  size_t memory() const { return kept_; }
  // Something was told that can't be taken back.
  bool spoke() const { return spoke_; }

 private:
  void say(string_view text);
  void paragraph(string_view text);
  void event(const std::string& object, string_view name);
  void guard(string_view text);
  // The desktop writes what stands in a fence under "### path".  Behind an edit,
  // where such a section would seem one of f0's, its fence becomes tildes.
  void guard_sections(string_view text);
  void section_line(string_view raw);
  void flush_line();

  outlet& outlet_;
  chat::stream_events how_;
  form form_;
  bool markdown_, events_, body_, snippet_;
  bool begun_ = false, spoke_ = false, headed_ = false, fenced_ = false;
  std::string tail_;  // the last two bytes that were said
  std::string held_;  // prose from a possible fence on, or a line's beginning
  bool mid_line_ = false, path_above_ = false, tildes_ = false;
  size_t fence_ = 0;  // length of the one that is open in the prose
  std::vector<std::string> early_, patches_, failed_;
  unsigned seq_ = 0;
  size_t kept_ = 0;
};

}  // namespace f0::agent

#endif  // F0_CORE_AGENT_REPORTER_H_
