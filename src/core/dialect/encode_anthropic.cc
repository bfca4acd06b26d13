// Copyright (C) 2026 The f0 authors
//
// encode_anthropic.cc - to Anthropic's Messages API: translate.md 1.
//
// The conversation is first put into the API's order - turns alternate, results
// come first in the user turn behind their calls, every call has one - and then
// written.

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "../text.h"
#include "encode_parts.h"

namespace f0::dialect {

namespace {

using api::tool_choice;
using json::value;

constexpr size_t kMarks = 4;     // cache_control, in one request
constexpr size_t kOwnTurns = 2;  // user turns that get one of ours
constexpr int64_t kMinBudget = 1024;
constexpr string_view kJsonTool = "json";
constexpr string_view kJsonOrder = "Answer with one JSON object only.";
constexpr string_view kOwnMark = "{\"type\":\"ephemeral\"}";

struct block {
  enum class kind : uint8_t {
    text,
    media,
    thoughts,
    tool_use,
    tool_result,
    no_result
  } type = kind::text;
  string_view text;  // text; a tool's name; thoughts as a JSON array
  std::string id;    // tool_use and results, as Anthropic takes it
  const api::part* media = nullptr;
  string_view arguments;
  const api::message* result = nullptr;
  const value* mark = nullptr;  // the client's cache_control
  bool own_mark = false;
};

struct turn {
  bool user = false;
  std::vector<block> blocks;
  size_t results = 0;  // they lead the blocks
};

struct system_block {
  std::string text;
  const value* mark = nullptr;
  bool own_mark = false;
};

enum class thinking : uint8_t { none, budget, adaptive };

bool is_good_id(string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

const value* mark_of(const value* source) {
  const value* mark = source ? source->get("cache_control") : nullptr;
  return mark && mark->is_object() ? mark : nullptr;
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

// What a model of that name understands.  3.7 to 4.5 take a budget, later ones
// and strangers decide for themselves.
thinking thinking_of(string_view model) {
  std::string name = text::to_lower(model);
  auto has = [&name](const char* s) { return name.find(s) != std::string::npos; };
  if (has("claude-3-7") || has("claude-3.7")) return thinking::budget;
  if (has("claude-3") || has("claude-2") || has("claude-instant")) return thinking::none;
  for (const char* family : {"opus-4", "sonnet-4", "haiku-4"}) {
    size_t at = name.find(family);
    if (at == std::string::npos) continue;
    string_view rest = string_view(name).substr(at + string_view(family).size());
    size_t digits = 0;
    while (digits + 1 < rest.size() && rest[digits + 1] >= '0' && rest[digits + 1] <= '9') digits++;
    // A longer number is a date: version 4.0.
    bool minor = digits == 1 || digits == 2;
    return minor && std::stoi(std::string(rest.substr(1, digits))) > 5 ? thinking::adaptive
                                                                       : thinking::budget;
  }
  return thinking::adaptive;
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
      : c_(c), r_(*c.request), out_(out), w_(out.body), tools_(offered_tools(c, true)) {}

  void write();

 private:
  // The conversation.
  void read_messages();
  void read_system(const api::message& m);
  void read_user(const api::message& m);
  void read_assistant(const api::message& m);
  string_view kept_thoughts(const api::message& m, size_t call) const;
  void add_thoughts(const api::message& m, size_t call);
  void read_result(const api::message& m);
  void collect_ids();
  std::string take_id(const api::tool_call& t);
  turn& turn_of(bool user);
  void add_result(block b);
  void settle_calls();
  void finish_turns();
  void add_text(turn& t, string_view s, const value* mark = nullptr);

  // Options.
  void choose();
  void choose_thinking();
  void order_json();
  void place_marks();
  size_t client_marks(bool limit);

  void write_options();
  void write_thinking();
  void write_output_config();
  void write_system();
  void write_tools();
  void write_tool(const api::tool& t, bool last);
  void write_choice();
  void write_messages();
  void write_block(const block& b);
  void write_media(const api::part& p);
  void write_result(const api::message& m);
  void write_mark(const value* mark, bool own);

  bool needs_tools() const { return tools_.empty() && !called_.empty(); }

  const call& c_;
  const api::request& r_;
  encoded& out_;
  json::writer w_;
  std::vector<const api::tool*> tools_;

  std::vector<system_block> system_;
  bool system_closed_ = true;  // the next text begins a block
  std::vector<turn> turns_;
  struct open_call {
    string_view id, name;  // the client's
    std::string mapped;
    bool answered = false;
  };
  std::vector<open_call> open_;      // of the last assistant turn
  std::vector<string_view> called_;  // names of all calls, each once
  std::unordered_set<std::string> ids_;
  std::unordered_map<string_view, std::string> mapped_;
  size_t unnamed_ = 0;

  tool_choice::kind choice_ = tool_choice::kind::unset;
  bool forced_json_ = false;
  thinking thinking_ = thinking::none;
  bool unsigned_calls_ = false;  // a turn used tools, and its thoughts are lost
  int64_t max_tokens_ = 0, budget_ = 0;
  bool effort_ = false;
  bool tool_own_mark_ = false;
  size_t skip_marks_ = 0;  // of the client's, the first ones
};

// ---- the conversation

void anthropic::collect_ids() {
  for (const api::message& m : *c_.messages) {
    for (const api::tool_call& t : m.tool_calls) {
      if (is_good_id(t.id)) ids_.insert(std::string(t.id));
    }
  }
}

// The same id for the same id, and never one that another call has.
std::string anthropic::take_id(const api::tool_call& t) {
  if (is_good_id(t.id)) return std::string(t.id);
  if (!t.id.empty()) {
    auto known = mapped_.find(t.id);
    if (known != mapped_.end()) return known->second;
  }
  std::string base = t.id.empty() ? "call_f0_" + std::to_string(unnamed_++) : std::string(t.id);
  for (char& c : base) {
    if (!is_good_id({&c, 1})) c = '_';
  }
  std::string id = base;
  for (size_t n = 2; !ids_.insert(id).second; n++) id = base + "_" + std::to_string(n);
  if (!t.id.empty()) mapped_[t.id] = id;
  return id;
}

turn& anthropic::turn_of(bool user) {
  if (turns_.empty() || turns_.back().user != user) turns_.emplace_back().user = user;
  return turns_.back();
}

void anthropic::add_text(turn& t, string_view s, const value* mark) {
  block b;
  b.text = s;
  b.mark = mark;
  t.blocks.push_back(std::move(b));
}

void anthropic::read_system(const api::message& m) {
  bool first = true;  // text of this message
  for (const api::part& p : m.parts) {
    if (!is_text(p) || p.text.empty()) continue;
    const value* mark = mark_of(p.source);
    if (system_closed_)
      system_.emplace_back();
    else
      system_.back().text += first ? "\n\n" : "\n";
    first = false;
    system_.back().text += p.text;
    system_.back().mark = mark;
    system_closed_ = mark != nullptr;
  }
  const value* mark = mark_of(m.source);
  if (mark && !first) {
    system_.back().mark = mark;
    system_closed_ = true;
  }
}

void anthropic::read_user(const api::message& m) {
  for (const api::part& p : m.parts) {
    if (is_text(p)) {
      if (!text::is_blank(p.text)) add_text(turn_of(true), p.text, mark_of(p.source));
    } else if (p.type != api::part::kind::audio) {
      block b;
      b.type = block::kind::media;
      b.media = &p;
      b.mark = mark_of(p.source);
      turn_of(true).blocks.push_back(std::move(b));
    }
  }
}

string_view anthropic::kept_thoughts(const api::message& m, size_t call) const {
  return c_.kept && call < m.tool_calls.size() ? c_.kept->get(state::thinking, m.tool_calls[call])
                                               : string_view();
}

// What the model thought before the call, the first one's before all it said.
void anthropic::add_thoughts(const api::message& m, size_t call) {
  block b;
  b.type = block::kind::thoughts;
  b.text = kept_thoughts(m, call);
  if (!b.text.empty()) turn_of(false).blocks.push_back(std::move(b));
}

void anthropic::read_assistant(const api::message& m) {
  settle_calls();
  add_thoughts(m, 0);
  unsigned_calls_ |= !m.tool_calls.empty() && kept_thoughts(m, 0).empty();
  for (const api::part& p : m.parts) {
    if (is_text(p) && !text::is_blank(p.text)) add_text(turn_of(false), p.text, mark_of(p.source));
  }
  for (const api::tool_call& t : m.tool_calls) {
    if (const size_t k = &t - m.tool_calls.data(); k > 0) add_thoughts(m, k);
    block b;
    b.type = block::kind::tool_use;
    b.id = take_id(t);
    b.text = t.name;
    b.arguments = t.arguments;
    open_.push_back({t.id, t.name, b.id, false});
    turn_of(false).blocks.push_back(std::move(b));
    if (std::find(called_.begin(), called_.end(), t.name) == called_.end()) {
      called_.push_back(t.name);
    }
  }
}

void anthropic::add_result(block b) {
  turn& t = turn_of(true);
  t.blocks.insert(t.blocks.begin() + t.results++, std::move(b));
}

void anthropic::read_result(const api::message& m) {
  for (open_call& o : open_) {
    bool same = m.role == api::role::tool ? o.id == m.tool_call_id : o.name == m.name;
    if (!same || o.answered) continue;
    o.answered = true;
    block b;
    b.type = block::kind::tool_result;
    b.id = o.mapped;
    b.result = &m;
    b.mark = mark_of(m.source);
    if (!b.mark && !m.parts.empty()) b.mark = mark_of(m.parts.back().source);
    add_result(std::move(b));
    return;
  }
  // Nobody asked: it is told as text.
  read_user(m);
}

// A history that was cut: every call needs a result.
void anthropic::settle_calls() {
  for (const open_call& o : open_) {
    if (o.answered) continue;
    block b;
    b.type = block::kind::no_result;
    b.id = o.mapped;
    add_result(std::move(b));
  }
  open_.clear();
}

void anthropic::finish_turns() {
  if (turns_.empty()) {
    add_text(turn_of(true), "Go on.");
    return;
  }
  if (!turns_.front().user) {
    turn first;
    first.user = true;
    add_text(first, "(continued)");
    turns_.insert(turns_.begin(), std::move(first));
  }
  turn& last = turns_.back();
  if (last.user) return;
  block& b = last.blocks.back();
  if (b.type == block::kind::text) b.text = text::trim_right_unicode(b.text);
  if (!c_.options.prefill || thinking_ != thinking::none) add_text(turn_of(true), "Continue.");
}

void anthropic::read_messages() {
  collect_ids();
  for (const api::message& m : *c_.messages) {
    if (is_system(m))
      read_system(m);
    else if (m.role == api::role::assistant)
      read_assistant(m);
    else if (is_result(m))
      read_result(m);
    else
      read_user(m);
  }
  settle_calls();
}

// ---- options

void anthropic::order_json() {
  if (system_closed_ || system_.empty()) system_.emplace_back();
  std::string& s = system_.back().text;
  if (!s.empty()) s += "\n\n";
  s += kJsonOrder;
  const value* schema = r_.response_format.schema;
  if (!schema) return;
  s += " Its JSON Schema: ";
  json::append_value(s, *schema);
}

void anthropic::choose() {
  using kind = api::response_format::kind;
  // What is not to be used need not be sent, unless the history speaks of it.
  choice_ = choice_of(c_, tools_);
  if (choice_ == tool_choice::kind::none && called_.empty()) {
    tools_.clear();
    choice_ = tool_choice::kind::unset;
  }
  const api::response_format& f = r_.response_format;
  auto is_json = [](const api::tool* t) { return t->name == kJsonTool; };
  bool taken = std::any_of(tools_.begin(), tools_.end(), is_json);
  bool schema = f.type == kind::json_schema && f.schema;
  forced_json_ = schema && !c_.options.native_schema && !taken;
  out_.json_tool = forced_json_;
  bool asked = f.type == kind::json_object || f.type == kind::json_schema;
  if (asked && !forced_json_ && !(schema && c_.options.native_schema)) order_json();
  choose_thinking();
}

void anthropic::choose_thinking() {
  max_tokens_ = r_.max_output.value_or(c_.options.default_output);
  int64_t cap = c_.options.max_output;
  if (cap > 0) max_tokens_ = std::min(max_tokens_, cap);

  using option = enum provider_options::thinking;
  string_view effort = r_.reasoning_effort;
  if (effort.empty() || effort == "none") return;
  switch (c_.options.thinking) {
    case option::automatic:
      thinking_ = thinking_of(c_.model);
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
  bool may = !forced && !unsigned_calls_;
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
  for (const api::tool* t : tools_) {
    const value* mark = mark_of(t->source);
    one(mark);
  }
  for (system_block& s : system_) one(s.mark);
  for (turn& t : turns_) {
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
  if (!system_.empty()) system_.back().own_mark = true;
  tool_own_mark_ = true;
  size_t turns = 0;
  for (auto t = turns_.rbegin(); t != turns_.rend() && turns < kOwnTurns; t++) {
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
  if (system_.empty()) return;
  w_.key("system").begin_array();
  for (const system_block& s : system_) {
    w_.begin_object().key("type").string("text").key("text").string(s.text);
    write_mark(s.mark, s.own_mark);
    w_.end_object();
  }
  w_.end_array();
}

void anthropic::write_tool(const api::tool& t, bool last) {
  w_.begin_object().key("name").string(t.name);
  if (!t.description.empty()) w_.key("description").string(t.description);
  std::string schema;
  append_schema(schema, t);
  if (t.parameters && t.parameters->size() > 0 && !t.parameters->get("type")) {
    schema.replace(0, 1, "{\"type\":\"object\",");
  }
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
  if (tools_.empty() && called_.empty() && !forced_json_) return;
  w_.key("tools").begin_array();
  for (const api::tool* t : tools_) write_tool(*t, t == tools_.back() && !forced_json_);
  if (needs_tools()) {
    for (string_view name : called_) {
      if (forced_json_ && name == kJsonTool) continue;
      api::tool t;
      t.name = name;
      write_tool(t, false);
    }
  }
  if (forced_json_) {
    api::tool t;
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
  const api::response_format& f = r_.response_format;
  bool schema = f.schema && c_.options.native_schema;
  if (!schema && !effort_) return;
  w_.key("output_config").begin_object();
  if (effort_) {
    string_view e = r_.reasoning_effort;
    w_.key("effort").string(e == "minimal" ? "low" : e);
  }
  if (schema) {
    w_.key("format").begin_object().key("type").string("json_schema");
    w_.key("schema").val(*f.schema).end_object();
  }
  w_.end_object();
}

void anthropic::write_options() {
  w_.key("max_tokens").integer(max_tokens_);
  w_.key("stream").boolean(c_.stream);
  bool may = thinking_ == thinking::none && c_.options.temperature;
  if (may && r_.temperature) {
    if (*r_.temperature > 1)
      w_.key("temperature").integer(1);
    else
      append_number(w_, "temperature", c_, "temperature", r_.temperature);
  } else if (may) {
    append_number(w_, "top_p", c_, "top_p", r_.top_p);
  }
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
  if (!r_.user.empty() && !is_personal(r_.user)) {
    w_.key("metadata").begin_object().key("user_id").string(r_.user).end_object();
  }
}

void anthropic::write_media(const api::part& p) {
  bool image = p.type == api::part::kind::image;
  w_.key("type").string(image ? "image" : "document").key("source").begin_object();
  if (std::optional<data_url> data = read_data_url(image ? p.url : p.file_data)) {
    std::string base64;
    append_base64(base64, data->data);
    w_.key("type").string("base64").key("media_type").string(data->mime).key("data").raw(base64);
  } else {
    w_.key("type").string("url").key("url").string(p.url);
  }
  w_.end_object();
  if (!image && !p.filename.empty()) w_.key("title").string(p.filename);
}

void anthropic::write_result(const api::message& m) {
  w_.key("content");
  // A block must not be blank, a string may.
  auto is_block = [](const api::part& p) { return is_text(p) && !text::is_blank(p.text); };
  if (m.parts.size() <= 1 || !std::all_of(m.parts.begin(), m.parts.end(), is_block)) {
    w_.string(m.text());
    return;
  }
  w_.begin_array();
  for (const api::part& p : m.parts) {
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
  for (const turn& t : turns_) {
    w_.begin_object()
        .key("role")
        .string(t.user ? "user" : "assistant")
        .key("content")
        .begin_array();
    for (const block& b : t.blocks) {
      if (b.type != block::kind::thoughts) {
        write_block(b);
      } else if (thinking_ != thinking::none) {
        w_.raw(b.text.substr(1, b.text.size() - 2));
      }
    }
    w_.end_array().end_object();
  }
  w_.end_array();
}

void anthropic::write() {
  read_messages();
  choose();
  finish_turns();
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
}

}  // namespace

void encode_anthropic(const call& c, encoded& out) { anthropic(c, out).write(); }

}  // namespace f0::dialect
