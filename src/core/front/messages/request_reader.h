// Copyright (C) 2026 The f0 authors
//
// request_reader.h - the parts that request*.cc share.  Private to them.

#ifndef F0_CORE_FRONT_MESSAGES_REQUEST_READER_H_
#define F0_CORE_FRONT_MESSAGES_REQUEST_READER_H_

#include <initializer_list>
#include <string>
#include <unordered_map>
#include <vector>

#include "../reader.h"

namespace f0::front::messages {

// Reads one request up to its first fault: fronts.md 2.
//
// What only an API of the same form could take is no fault: it is noted, so that a
// translation is refused (request.own_form_only), and what no other API has a word
// for is listed (request.dropped).
class request_reader : reader {
 public:
  using reader::reader;

  // |count|: only its tokens are asked for.
  bool read(bool count);

 private:
  using names = std::initializer_list<string_view>;

  // Notes why no other API can take it; the first reason counts.
  void own_form_only(const path& p, std::string why, std::string details = {});
  void drop(const path& p, string_view type = {});
  // Lists the members of |o| that are none of |known|, and cache_control.
  void drop_others(const value& o, const path& p, names known);
  void place(member m, const path& p);

  // request.cc: one member or some that belong together, at the top.
  void thread();
  bool sampling(bool count);
  bool metadata();
  bool thinking();
  bool output_config();
  bool format(const value& f, const path& p);
  bool others();

  // request_messages.cc: the turns, in |out_|.
  bool system();
  bool add_system(const value& content, const path& p, bool billing);
  bool joined_texts(const value& blocks, const path& p, bool billing, string_view* text);
  bool messages();
  bool one_message(const value& m, const path& p);
  bool blocks(const value& content, const path& p, message& to);
  bool add_turn(message to, const path& p);
  bool add_answer(message to, const path& p);
  void settle_calls(const path& p);
  bool add(message m);
  bool text_block(const value& b, const path& p, string_view* text);
  static void add_text(message& to, string_view text);

  // request_blocks.cc: what a turn is made of.
  bool strange(const value& b, const path& p, string_view type);
  bool count_part(const path& p);
  bool user_block(const value& b, const path& p, string_view type, message& to);
  bool data_url(const value& source, const path& p, string_view* url);
  bool image(const value& b, const path& p, message& to);
  bool document(const value& b, const path& p, message& to);
  bool document_content(const value& source, const path& p, message& to);
  bool search_result(const value& b, const path& p, std::string& out);
  bool tool_result(const value& b, const path& p);
  bool result_block(const value& b, const path& p, string_view id, std::string& out);
  void attach(string_view what, string_view id, const message& held, std::string& out);
  bool assistant_block(const value& b, const path& p, string_view type, message& to);
  bool tool_use(const value& b, const path& p, message& to);
  bool thought(const value& b, const path& p, string_view type, message& to);
  bool server_block(const value& b, const path& p, string_view type, message& to);

  // request_tools.cc
  bool tools();
  bool one_tool(const value& t, const path& p);
  bool choice();

  bool has_thread_ = false, count_ = false;
  bool users_turn_ = false;       // the last one
  size_t parts_ = 0, calls_ = 0;  // of all messages
  // The tool calls that wait for their results; whether one came.
  std::unordered_map<string_view, bool> pending_;
  // Of a user's turn: its results, and what they hold beside texts.
  std::vector<message> results_;
  message attached_;
  std::vector<string_view> thoughts_;  // of an assistant's
  // Tools that only Anthropic has.
  std::vector<string_view> left_out_;
};

}  // namespace f0::front::messages

#endif  // F0_CORE_FRONT_MESSAGES_REQUEST_READER_H_
