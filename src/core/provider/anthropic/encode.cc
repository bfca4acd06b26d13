// Copyright (C) 2026 The f0 authors
//
// encode.cc - to Anthropic's Messages API: translate.md 1.

#include <algorithm>

#include "../../base/text.h"
#include "../encode_parts.h"
#include "../model_name.h"
#include "../schema.h"
#include "turns.h"

namespace f0::dialect {

namespace {

using chat::member;
using chat::tool_choice;
using json::value;

constexpr size_t kMarks = 4;     // cache_control, in one request
constexpr size_t kOwnTurns = 2;  // user turns that get one of ours
constexpr int64_t kMinBudget = 1024;
constexpr string_view kJsonTool = "json";
constexpr string_view kOwnMark = "{\"type\":\"ephemeral\"}";

enum class thinking : uint8_t { none, budget, adaptive };

// What a model of that name understands.  3.7 to 4.5 take a budget, later ones
// and strangers decide for themselves.
thinking thinking_of(std::optional<version> v) {
  if (!v || *v > version{4, 5}) return thinking::adaptive;
  return *v >= version{3, 7} ? thinking::budget : thinking::none;
}

// A user id that names a person stays here.
bool is_personal(string_view user) {
  if (user.find('@') != string_view::npos) return true;
  size_t digits = 0;
  for (char c : user) {
    if (c >= '0' && c <= '9')
      digits++;
    else if (c != '+' && c != '-' && c != ' ' && c != '(' && c != ')' && c != '.')
      return false;
  }
  return digits >= 7;
}

int64_t budget_of(string_view effort) {
  if (effort == "medium") return 2048;
  if (effort == "high") return 4096;
  if (effort == "xhigh") return 8192;
  if (effort == "max") return 16384;
  return 1024;
}

class anthropic {
 public:
  anthropic(const call& c, encoded& out)
      : c_(c),
        r_(*c.request),
        out_(out),
        w_(out.body),
        tools_(offered_tools(c, true)),
        version_(claude_version(c.model)),
        talk_(*c.messages, c.kept) {}

  void write();

 private:
  // Options.
  void choose();
  void choose_thinking();
  void place_marks();
  size_t client_marks(bool limit);

  void write_options();
  void write_thinking();
  void write_output_config();
  void write_system();
  void write_tools();
  void write_tool(const chat::tool& t, bool last);
  void write_choice();
  void write_messages();
  void write_block(const block& b);
  void write_media(const chat::part& p);
  void write_result(const chat::message& m);
  void write_mark(const value* mark, bool own);
  void lose_others();

  bool needs_tools() const { return tools_.empty() && !talk_.called.empty(); }

  const call& c_;
  const chat::request& r_;
  encoded& out_;
  json::writer w_;
  std::vector<const chat::tool*> tools_;

  std::optional<version> version_;  // of the model, if its name tells
  conversation talk_;
  tool_choice::kind choice_ = tool_choice::kind::unset;
  bool forced_json_ = false, format_in_words_ = false;
  thinking thinking_ = thinking::none;
  int64_t max_tokens_ = 0, budget_ = 0;
  bool effort_ = false;
  bool tool_own_mark_ = false;
  size_t skip_marks_ = 0;  // of the client's, the first ones
};

// ---- options

void anthropic::choose() {
  using kind = chat::response_format::kind;
  // What is not to be used need not be sent, unless the history speaks of it.
  choice_ = choice_of(c_, tools_);
  if (choice_ == tool_choice::kind::none && talk_.called.empty()) {
    tools_.clear();
    choice_ = tool_choice::kind::unset;
  }
  const chat::response_format& f = r_.response_format;
  bool schema = f.type == kind::json_schema && f.schema;
  // Beside tools of the client nothing is forced: they could never be called.
  chat::tool answer;
  answer.parameters = f.schema;
  forced_json_ = schema && !c_.options.native_schema && tools_.empty() && takes_objects(answer);
  out_.json_tool = forced_json_;
  bool asked = f.type == kind::json_object || f.type == kind::json_schema;
  format_in_words_ = asked && !forced_json_ && !(schema && c_.options.native_schema);
  if (format_in_words_) talk_.add_system(format_in_words(f));
  choose_thinking();
}

void anthropic::choose_thinking() {
  max_tokens_ = r_.max_output.value_or(c_.options.default_output);
  int64_t cap = c_.options.max_output;
  if (cap > 0) max_tokens_ = std::min(max_tokens_, cap);

  using option = enum provider_options::thinking;
  string_view effort = effort_of(c_);
  if (effort.empty() || effort == "none") return;
  switch (c_.options.thinking) {
    case option::automatic:
      thinking_ = thinking_of(version_);
      break;
    case option::off:
      return;
    case option::budget:
      thinking_ = thinking::budget;
      break;
    case option::adaptive:
      thinking_ = thinking::adaptive;
      break;
  }
  bool forced = forced_json_ || choice_ == tool_choice::kind::required ||
                choice_ == tool_choice::kind::named ||
                (choice_ == tool_choice::kind::allowed && r_.tool_choice.allowed_required);
  // Turns that used tools must come back with their signed thoughts.
  bool may = !forced && !talk_.unsigned_calls;
  effort_ = thinking_ == thinking::adaptive;
  int64_t asked = max_tokens_;
  if (thinking_ == thinking::budget) {
    budget_ = budget_of(effort);
    if (max_tokens_ <= budget_) {
      max_tokens_ = cap > 0 ? std::min(max_tokens_ + budget_, cap) : max_tokens_ + budget_;
    }
    if (budget_ >= max_tokens_) budget_ = max_tokens_ / 2;
    may = may && budget_ >= kMinBudget;
  }
  if (may) return;
  max_tokens_ = asked;
  thinking_ = thinking::none;
}

// How many marks the client set; |limit|: drops those that are too many, the
// first ones, since a later mark covers what stands before it.
size_t anthropic::client_marks(bool limit) {
  size_t n = 0;
  auto one = [&](const value*& mark) {
    if (!mark) return;
    n++;
    if (limit && n <= skip_marks_) mark = nullptr;
  };
  for (const chat::tool* t : tools_) {
    const value* mark = mark_of(t->source);
    one(mark);
  }
  for (system_block& s : talk_.system) one(s.mark);
  for (user_or_assistant& t : talk_.turns) {
    for (block& b : t.blocks) one(b.mark);
  }
  return n;
}

// As Continue does: the last system block, the last tool, the last two user
// turns.  A client that sets marks knows better.
void anthropic::place_marks() {
  size_t n = client_marks(false);
  if (n > kMarks) {
    skip_marks_ = n - kMarks;
    client_marks(true);
  }
  if (n > 0 || !c_.options.cache) return;
  if (!talk_.system.empty()) talk_.system.back().own_mark = true;
  tool_own_mark_ = true;
  size_t turns = 0;
  for (auto t = talk_.turns.rbegin(); t != talk_.turns.rend() && turns < kOwnTurns; t++) {
    if (!t->user) continue;
    t->blocks.back().own_mark = true;
    turns++;
  }
}

// ---- writing

void anthropic::write_mark(const value* mark, bool own) {
  if (mark)
    w_.key("cache_control").val(*mark);
  else if (own)
    w_.key("cache_control").raw(kOwnMark);
}

void anthropic::write_system() {
  if (talk_.system.empty()) return;
  w_.key("system").begin_array();
  for (const system_block& s : talk_.system) {
    w_.begin_object().key("type").string("text").key("text").string(s.text);
    write_mark(s.mark, s.own_mark);
    w_.end_object();
  }
  w_.end_array();
}

void anthropic::write_tool(const chat::tool& t, bool last) {
  w_.begin_object().key("name").string(t.name);
  std::string schema, description(t.description);
  append_input_schema(schema, t, description);
  if (!description.empty()) w_.key("description").string(description);
  w_.key("input_schema").raw(schema);
  if (t.strict) w_.key("strict").boolean(*t.strict);
  const value* mark = mark_of(t.source);
  if (mark && skip_marks_ > 0) {
    skip_marks_--;
    mark = nullptr;
  }
  write_mark(mark, last && tool_own_mark_);
  w_.end_object();
}

// Tool blocks in the history are refused where no tools are named.
void anthropic::write_tools() {
  if (tools_.empty() && talk_.called.empty() && !forced_json_) return;
  w_.key("tools").begin_array();
  for (const chat::tool* t : tools_) write_tool(*t, t == tools_.back() && !forced_json_);
  if (needs_tools()) {
    for (string_view name : talk_.called) {
      if (forced_json_ && name == kJsonTool) continue;
      chat::tool t;
      t.name = name;
      write_tool(t, false);
    }
  }
  if (forced_json_) {
    chat::tool t;
    t.name = kJsonTool;
    t.description = "Takes the answer.";
    t.parameters = r_.response_format.schema;
    write_tool(t, true);
  }
  w_.end_array();
}

void anthropic::write_choice() {
  string_view type, name;
  if (forced_json_) {
    type = "tool";
    name = kJsonTool;
  } else if (needs_tools()) {
    type = "none";
  } else {
    switch (choice_) {
      case tool_choice::kind::unset:
        break;
      case tool_choice::kind::automatic:
        type = "auto";
        break;
      case tool_choice::kind::required:
        type = "any";
        break;
      case tool_choice::kind::none:
        type = "none";
        break;
      case tool_choice::kind::named:
        type = "tool";
        name = r_.tool_choice.name;
        break;
      case tool_choice::kind::allowed:
        type = r_.tool_choice.allowed_required ? "any" : "auto";
        break;
    }
  }
  bool alone = !tools_.empty() && type != "none" && r_.parallel_tool_calls.has_value() &&
               !*r_.parallel_tool_calls;
  if (type.empty() && !alone) return;
  w_.key("tool_choice").begin_object().key("type").string(type.empty() ? "auto" : type);
  if (!name.empty()) w_.key("name").string(name);
  if (alone) w_.key("disable_parallel_tool_use").boolean(true);
  w_.end_object();
}

void anthropic::write_thinking() {
  if (thinking_ == thinking::none) return;
  w_.key("thinking").begin_object();
  if (thinking_ == thinking::adaptive) {
    w_.key("type").string("adaptive");
  } else {
    w_.key("type").string("enabled").key("budget_tokens").integer(budget_);
  }
  w_.end_object();
}

void anthropic::write_output_config() {
  const chat::response_format& f = r_.response_format;
  bool schema = f.schema && c_.options.native_schema;
  if (!schema && !effort_) return;
  w_.key("output_config").begin_object();
  if (effort_) {
    string_view e = effort_of(c_);
    w_.key("effort").string(e == "minimal" ? "low" : e);
  }
  if (schema) {
    w_.key("format").begin_object().key("type").string("json_schema");
    std::string closed;
    append_output_schema(closed, *f.schema);
    w_.key("schema").raw(closed).end_object();
  }
  w_.end_object();
}

void anthropic::write_options() {
  w_.key("max_tokens").integer(max_tokens_);
  w_.key("stream").boolean(c_.stream);
  // From 4.7 on each of them is refused.
  bool takes = decide(c_.options.temperature, !version_ || *version_ < version{4, 7});
  bool may = thinking_ == thinking::none && takes;
  if (may && r_.temperature) {
    if (*r_.temperature > 1)
      w_.key("temperature").integer(1);
    else
      append_number(w_, "temperature", c_, "temperature", r_.temperature);
  } else if (may) {
    append_number(w_, "top_p", c_, "top_p", r_.top_p);
  }
  if (!may) lose(c_, member::temperature, out_);
  // Beside temperature it is the one too many (translate.md 1): both say the same.
  if (!may) lose(c_, member::top_p, out_);
  bool first = true;
  for (string_view s : r_.stop) {
    if (text::is_blank(s)) {
      if (!s.empty()) out_.stops.emplace_back(s);
      continue;
    }
    if (first) w_.key("stop_sequences").begin_array();
    first = false;
    w_.string(s);
  }
  if (!first) w_.end_array();
  if (is_personal(r_.user)) {
    lose(c_, member::user, out_);
  } else if (!r_.user.empty()) {
    w_.key("metadata").begin_object().key("user_id").string(r_.user).end_object();
  }
}

// What Messages has no word for, or this model does not do.
void anthropic::lose_others() {
  for (const member m : {member::seed, member::top_k, member::presence_penalty,
                         member::frequency_penalty, member::name, member::detail}) {
    lose(c_, m, out_);
  }
  if (!format_in_words_) lose(c_, member::format_description, out_);
  if (r_.translated) lose(c_, member::cache_control, out_);
  const string_view effort = effort_of(c_);
  const bool thinks = effort_ || thinking_ != thinking::none;
  if (!effort.empty() && effort != "none" && !thinks) lose(c_, member::effort, out_);
  lose_options(c_, {}, out_);
}

void anthropic::write_media(const chat::part& p) {
  bool image = p.type == chat::part::kind::image;
  w_.key("type").string(image ? "image" : "document").key("source").begin_object();
  if (std::optional<data_url> data = read_data_url(image ? p.url : p.file_data)) {
    std::string base64;
    append_base64(base64, data->data);
    w_.key("type")
        .string("base64")
        .key("media_type")
        .string(image ? picture_type(*data) : data->mime)
        .key("data")
        .raw(base64);
  } else {
    w_.key("type").string("url").key("url").string(p.url);
  }
  w_.end_object();
  if (!image && !p.filename.empty()) w_.key("title").string(p.filename);
}

void anthropic::write_result(const chat::message& m) {
  w_.key("content");
  // A block must not be blank, a string may.
  auto is_block = [](const chat::part& p) { return is_text(p) && !text::is_blank(p.text); };
  if (m.parts.size() <= 1 || !std::all_of(m.parts.begin(), m.parts.end(), is_block)) {
    w_.string(m.text());
    return;
  }
  w_.begin_array();
  for (const chat::part& p : m.parts) {
    w_.begin_object().key("type").string("text").key("text").string(p.text).end_object();
  }
  w_.end_array();
}

void anthropic::write_block(const block& b) {
  w_.begin_object();
  switch (b.type) {
    case block::kind::text:
      w_.key("type").string("text").key("text").string(b.text);
      break;
    case block::kind::media:
      write_media(*b.media);
      break;
    case block::kind::thoughts:  // as they came
      break;
    case block::kind::tool_use: {
      std::string input;
      append_arguments(input, b.arguments);
      w_.key("type").string("tool_use").key("id").string(b.id).key("name").string(b.text);
      w_.key("input").raw(input);
      break;
    }
    case block::kind::tool_result:
      w_.key("type").string("tool_result").key("tool_use_id").string(b.id);
      write_result(*b.result);
      break;
    case block::kind::no_result:
      w_.key("type").string("tool_result").key("tool_use_id").string(b.id);
      w_.key("content").string("no result").key("is_error").boolean(true);
      break;
  }
  write_mark(b.mark, b.own_mark);
  w_.end_object();
}

void anthropic::write_messages() {
  w_.key("messages").begin_array();
  for (const user_or_assistant& t : talk_.turns) {
    w_.begin_object()
        .key("role")
        .string(t.user ? "user" : "assistant")
        .key("content")
        .begin_array();
    for (const block& b : t.blocks) {
      // Where nothing is thought they are read over, but in a turn that is to be
      // continued.
      if (b.type != block::kind::thoughts) {
        write_block(b);
      } else if (thinking_ != thinking::none || &t != &talk_.turns.back()) {
        w_.raw(b.text.substr(1, b.text.size() - 2));
      }
    }
    w_.end_array().end_object();
  }
  w_.end_array();
}

void anthropic::write() {
  choose();
  // Before 4.6 an answer that was begun is gone on with.
  bool takes = decide(c_.options.prefill, version_ && *version_ < version{4, 6});
  talk_.finish(takes && thinking_ == thinking::none, c_.goes_on ? kGoOn : "Continue.");
  place_marks();
  w_.begin_object().key("model").string(c_.model);
  write_options();
  write_thinking();
  write_output_config();
  write_tools();
  write_choice();
  write_system();
  write_messages();
  w_.end_object();
  lose_others();
}

}  // namespace

void encode_anthropic(const call& c, encoded& out) { anthropic(c, out).write(); }

}  // namespace f0::dialect
