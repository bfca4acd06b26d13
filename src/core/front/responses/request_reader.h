// Copyright (C) 2026 The f0 authors
//
// request_reader.h - the parts that request*.cc share.  Private to them.

#ifndef F0_CORE_FRONT_RESPONSES_REQUEST_READER_H_
#define F0_CORE_FRONT_RESPONSES_REQUEST_READER_H_

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "../reader.h"
#include "request.h"

namespace f0::front::responses {

// Names of tools as every provider takes them: namespaces have no place there.
class flat_names {
 public:
  // The flat name of a tool, the same each time it is asked for.
  std::string of(string_view name, string_view ns, tool::origin from);
  // The one that was given to a tool, whatever its kind; empty: none was.
  string_view given(string_view name, string_view ns) const;
  // Whether |flat| stands for a tool that is offered; it does from now on.
  bool offer(const std::string& flat) { return offered_.insert(flat).second; }

 private:
  static std::string key(string_view name, string_view ns);

  std::unordered_map<std::string, std::string> by_tool_, by_name_;
  std::unordered_set<std::string> taken_, offered_;
};

// Reads one request up to its first fault.
//
// What only an API of the same form could take is no fault: it is noted, so that a
// translation is refused (request.own_form_only), and what no other API has a word
// for is listed (request.dropped).
class request_reader : reader {
 public:
  using reader::reader;

  // False: |bad| holds the first fault, |out| is of no use.
  bool read();

 private:
  // An assistant's turn and the results of its calls, or a message of another.
  struct turn {
    message said;
    std::string thoughts;
    std::vector<message> results;
    message pictures;  // that were in them
  };
  // A call that was told.
  struct asked {
    size_t turn;
    bool dropped;
  };

  void own_form_only(string_view code, std::string param, std::string message);
  void drop(const path& p, string_view type = {}) { out_.dropped.push_back(p.str(), type); }
  void place(member m, const path& p) { out_.places[m].push_back(p.str()); }

  // request.cc: one member or some that belong together, at the top.
  bool kept_elsewhere();
  bool sampling();
  bool format();
  bool text();
  bool reasoning();
  bool options();
  void others();

  // request_tools.cc: what is offered, then what is chosen of it.
  bool tools(const value& list, const path& p, string_view ns);
  bool one_tool(const value& t, const path& p, string_view ns);
  bool function(const value& t, const path& p, string_view ns);
  bool custom(const value& t, const path& p, string_view ns);
  bool search(const value& t, const path& p);
  bool add(tool made, const path& p, string_view name, string_view ns, tool::origin from);
  const value* one_text();
  bool choice();
  bool choice_word(string_view word);
  bool choice_object(const value& c);
  bool allowed_tools(const value& c);
  string_view chosen(const value& c) const;

  // request_input.cc: the conversation.
  bool additional_tools(const value& items);
  bool input();
  bool items(const value& list);
  bool item(const value& v, const path& p);
  bool message_item(const value& v, const path& p);
  bool parts(const value& list, const path& p, message& to);
  bool one_part(const value& v, const path& p, message& to);
  bool image(const value& v, const path& p, message& to);
  bool file_part(const value& v, const path& p, message& to);
  bool call(const value& v, const path& p, bool custom);
  bool search_call(const value& v, const path& p);
  bool add_call(const tool_call& made);
  const asked* call_of(const value& v, const path& p, message& said);
  bool found(const value& v, const path& p);
  bool output(const value& v, const path& p, string_view type);
  void thought(const value& v);
  bool reference(const value& v, const path& p);
  void other(const value& v, const path& p, string_view type);
  message& assistant();
  void tell();

  flat_names names_;
  size_t left_out_ = 0;  // tools that were dropped
  bool late_ = false;    // those that are read came later: there was no sooner
  size_t parts_ = 0, calls_ = 0;
  const value* one_text_ = nullptr;
  std::vector<turn> turns_;
  bool going_on_ = false;  // the last turn is an assistant's, and may go on
  // Reasoning that the next item of the assistant's follows.
  std::string thoughts_;
  std::vector<string_view> envelopes_;
  std::unordered_map<string_view, asked> asked_;
};

}  // namespace f0::front::responses

#endif  // F0_CORE_FRONT_RESPONSES_REQUEST_READER_H_
