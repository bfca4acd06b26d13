// Copyright (C) 2026 The f0 authors
//
// request_input.cc - the conversation: items, out of which turns are made.

#include <algorithm>
#include <iterator>

#include "../../base/text.h"
#include "../../chat/envelope.h"
#include "request_reader.h"

namespace f0::front::responses {

namespace {

constexpr size_t kMaxItems = 16384;

constexpr string_view kRoles[] = {"user", "assistant", "system", "developer"};

void add_text(message& to, string_view text) {
  part p;
  p.text = text;
  to.parts.push_back(p);
}

// What is read of each, or came from here.
constexpr string_view kMessage[] = {"type", "role", "content", "id", "status"};
constexpr string_view kTextPart[] = {"type", "text"};
constexpr string_view kRefusal[] = {"type", "refusal"};
constexpr string_view kTools[] = {"type", "id", "role", "tools", "call_id", "execution", "status"};
constexpr string_view kImage[] = {"type", "image_url", "detail", "file_id"};
constexpr string_view kCall[] = {"type",      "id",        "call_id", "name",
                                 "namespace", "arguments", "input",   "status"};
constexpr string_view kOutput[] = {"type", "id", "call_id", "name", "output", "status"};
constexpr string_view kSearch[] = {"type", "id", "call_id", "execution", "arguments", "status"};
constexpr string_view kFound[] = {"type", "id", "call_id", "execution", "tools", "status"};
constexpr string_view kFile[] = {"type", "filename", "file_data", "file_id"};

// A search that the client runs itself, or what it found.
bool is_search(const value& v, string_view type) {
  return v.str("type") == type && !v.str("call_id").empty();
}

}  // namespace

bool request_reader::input() {
  const path at = top("input");
  const value *tools_list, *v = root_.get("input");
  string_view instructions;
  if (!want_string(root_, "instructions", top("instructions"), &instructions) ||
      !want(root_, "tools", json::kind::array, top("tools"), &tools_list)) {
    return false;
  }
  if (tools_list && !tools(*tools_list, top("tools"), {})) return false;
  if (!instructions.empty()) {
    turns_.emplace_back().said.role = role::system;
    add_text(turns_.back().said, instructions);
  }
  if (!v) return missing(at);
  if (v->is_string()) {
    add_text(turns_.emplace_back().said, v->text());
  } else if (!v->is_array()) {
    return wrong_type(at, "a string or an array of items", *v);
  } else if (!items(*v)) {
    return false;
  }
  tell();
  return true;
}

bool request_reader::items(const value& list) {
  const path at = top("input");
  if (list.size() == 0) return empty_array(at);
  if (list.size() > kMaxItems) return too_long(at, "array", kMaxItems, list.size());
  if (!additional_tools(list)) return false;
  size_t j = 0;
  for (const value& v : list) {
    if (!item(v, element(at, j++))) return false;
  }
  return true;
}

// Tools that a client came to know later, or that were searched for; wherever it
// says so, they are offered for the whole conversation.
bool request_reader::additional_tools(const value& list) {
  const path at = top("input");
  size_t j = 0;
  for (const value& v : list) {
    const path p = element(at, j++), inner = p / "tools";
    if (v.str("type") != "additional_tools" && !is_search(v, "tool_search_output")) continue;
    const value* more;
    if (!want(v, "tools", json::kind::array, inner, &more)) return false;
    late_ = true;
    if (more && !tools(*more, inner, {})) return false;
    drop_others(v, p, kTools);
  }
  late_ = false;
  return true;
}

bool request_reader::item(const value& v, const path& p) {
  if (!v.is_object()) return wrong_type(p, "an object", v);
  string_view type = "message";
  if (!want_string(v, "type", p / "type", &type)) return false;
  if (type == "message") return message_item(v, p);
  if (type == "function_call") return call(v, p, false);
  if (type == "custom_tool_call") return call(v, p, true);
  if (type == "function_call_output" || type == "custom_tool_call_output") {
    return output(v, p, type);
  }
  if (is_search(v, "tool_search_call")) return search_call(v, p);
  if (is_search(v, "tool_search_output")) return found(v, p);
  if (type == "item_reference") return reference(v, p);
  if (type == "reasoning") {
    thought(v);
  } else if (type != "additional_tools") {
    other(v, p, type);
  }
  return true;
}

// Dropping it would lose what it refers to.
bool request_reader::reference(const value& v, const path& p) {
  string_view id;
  if (!want_string(v, "id", p / "id", &id, true)) return false;
  own_form_only("", "input",
                "Item with id '" + std::string(id.substr(0, text::prefix_of(id, kMaxQuoted))) +
                    "' not found. Items are not kept here: send them whole, and set 'store' to "
                    "false.");
  return true;
}

void request_reader::other(const value& v, const path& p, string_view type) {
  const string_view id = v.str("call_id");
  if (!id.empty() && type.ends_with("_call")) asked_[id] = {0, true};
  drop(p, type);
}

// ---- messages

bool request_reader::message_item(const value& v, const path& p) {
  static constexpr role kRoleOf[] = {role::user, role::assistant, role::system, role::developer};
  const path role_path = p / "role", at = p / "content";
  string_view word;
  if (!want_string(v, "role", role_path, &word, true)) return false;
  const auto* known = std::find(std::begin(kRoles), std::end(kRoles), word);
  if (known == std::end(kRoles)) return wrong_value(role_path, word, kRoles);
  message said;
  said.role = kRoleOf[known - kRoles];
  drop_others(v, p, kMessage);
  const value* content = v.get("content");
  if (!content) return missing(at);
  if (content->is_string()) {
    add_text(said, content->text());
  } else if (!content->is_array()) {
    return wrong_type(at, "a string or an array of parts", *content);
  } else if (!parts(*content, at, said)) {
    return false;
  }
  if (said.role != role::assistant) {
    going_on_ = false;
    thoughts_.clear();
    envelopes_.clear();
    if (!said.parts.empty()) turns_.emplace_back().said = std::move(said);
    return true;
  }
  // What is said behind calls is a turn of its own.
  if (going_on_ && !turns_.back().said.tool_calls.empty()) going_on_ = false;
  message& to = assistant();
  to.parts.insert(to.parts.end(), said.parts.begin(), said.parts.end());
  return true;
}

bool request_reader::parts(const value& list, const path& p, message& to) {
  if (list.size() > kMaxParts - parts_)
    return too_long(p, "array", kMaxParts - parts_, list.size());
  parts_ += list.size();
  size_t j = 0;
  for (const value& v : list) {
    if (!one_part(v, element(p, j++), to)) return false;
  }
  return true;
}

bool request_reader::one_part(const value& v, const path& p, message& to) {
  if (!v.is_object()) return wrong_type(p, "an object", v);
  const path type_path = p / "type";
  string_view type, text;
  if (!want_string(v, "type", type_path, &type, true)) return false;
  if (type == "input_text" || type == "output_text" || type == "text") {
    if (!want_string(v, "text", p / "text", &text, true)) return false;
    drop_others(v, p, kTextPart);
    add_text(to, text);
  } else if (type == "refusal") {
    if (!want_string(v, "refusal", p / "refusal", &text, true)) return false;
    drop_others(v, p, kRefusal);
    add_text(to, text);
  } else if (type == "input_image") {
    return image(v, p, to);
  } else if (type == "input_file") {
    return file_part(v, p, to);
  } else {
    own_form_only("invalid_value", type_path.str(),
                  "Invalid value: '" +
                      std::string(type.substr(0, text::prefix_of(type, kMaxQuoted))) +
                      "'. Supported values are: 'input_text', 'output_text', 'refusal', "
                      "'input_image', and 'input_file'.");
  }
  return true;
}

bool request_reader::image(const value& v, const path& p, message& to) {
  const path url = p / "image_url", detail = p / "detail";
  part made;
  made.type = part::kind::image;
  made.at = keep(p.str());
  if (!want_string(v, "detail", detail, &made.detail)) return false;
  if (!v.str("file_id").empty()) {
    own_form_only("unsupported_value", p.str(),
                  "Unsupported value: files are not kept here. Send the image in 'image_url'.");
    return true;
  }
  if (!want_string(v, "image_url", url, &made.url, true)) return false;
  if (made.url.empty()) return wrong_value(url, "");
  if (made.detail == "auto") made.detail = {};
  if (!made.detail.empty()) place(member::detail, detail);
  drop_others(v, p, kImage);
  to.parts.push_back(made);
  return true;
}

bool request_reader::file_part(const value& v, const path& p, message& to) {
  const path name = p / "filename";
  part made;
  made.type = part::kind::file;
  made.at = keep(p.str());
  if (!want_string(v, "file_data", p / "file_data", &made.file_data) ||
      !want_string(v, "file_id", p / "file_id", &made.file_id) ||
      !want_string(v, "filename", name, &made.filename)) {
    return false;
  }
  if (made.file_data.empty() && made.file_id.empty()) {
    own_form_only("unsupported_value", p.str(),
                  "Unsupported value: send the file itself in 'file_data'.");
    return true;
  }
  if (!made.filename.empty()) place(member::filename, name);
  drop_others(v, p, kFile);
  to.parts.push_back(made);
  return true;
}

// ---- the assistant's turns

// The turn that goes on, or a new one, with what was thought before.
message& request_reader::assistant() {
  if (!going_on_) turns_.emplace_back().said.role = role::assistant;
  going_on_ = true;
  turn& t = turns_.back();
  if (!t.thoughts.empty() && !thoughts_.empty()) t.thoughts += "\n\n";
  t.thoughts += thoughts_;
  thoughts_.clear();
  for (const string_view e : envelopes_) {
    returned_state s;
    s.envelope = e;
    s.call = t.said.tool_calls.size();
    t.said.states.push_back(s);
  }
  envelopes_.clear();
  return t.said;
}

// Only what f0 told itself may go back, and only to an engine that wants it.
void request_reader::thought(const value& v) {
  const string_view sealed = v.str("encrypted_content");
  if (!sealed.empty() && !is_envelope(sealed)) return;
  if (!sealed.empty()) envelopes_.push_back(sealed);
  for (const string_view key : {"summary", "content"}) {
    const value* list = v.get(key);
    if (!list || !list->is_array()) continue;
    for (const value& p : *list) {
      const string_view words = p.str("text");
      if (words.empty()) continue;
      if (!thoughts_.empty()) thoughts_ += "\n\n";
      thoughts_ += words;
    }
  }
}

bool request_reader::call(const value& v, const path& p, bool custom) {
  tool_call made;
  string_view name, ns, text;
  if (!want_string(v, "call_id", p / "call_id", &made.id, true) ||
      !want_string(v, "name", p / "name", &name, true) ||
      !want_string(v, "namespace", p / "namespace", &ns)) {
    return false;
  }
  drop_others(v, p, kCall);
  if (!custom) {
    if (!want_string(v, "arguments", p / "arguments", &made.arguments, true)) return false;
  } else if (!want_string(v, "input", p / "input", &text)) {
    return false;
  } else {
    std::string json;
    json::writer(json).begin_object().key("input").string(text).end_object();
    made.arguments = keep(std::move(json));
  }
  std::string flat(names_.given(name, ns));
  if (flat.empty()) {
    flat = names_.of(name, ns, custom ? tool::origin::custom : tool::origin::function);
  }
  made.name = flat == name ? name : keep(std::move(flat));
  return add_call(made);
}

bool request_reader::search_call(const value& v, const path& p) {
  tool_call made;
  const value* arguments;
  if (!want_string(v, "call_id", p / "call_id", &made.id, true) ||
      !want(v, "arguments", json::kind::object, p / "arguments", &arguments, true)) {
    return false;
  }
  drop_others(v, p, kSearch);
  std::string json;
  json::append_value(json, *arguments);
  made.arguments = keep(std::move(json));
  made.name = keep(names_.of("tool_search", {}, tool::origin::search));
  return add_call(made);
}

bool request_reader::add_call(const tool_call& made) {
  message& to = assistant();
  if (to.tool_calls.size() == kMaxToolCalls || ++calls_ > kMaxCallsInAll) {
    return fail("array_above_max_length", "input",
                "Invalid 'input': too many tool calls. Expected at most " +
                    std::to_string(kMaxToolCalls) + " in one turn, and " +
                    std::to_string(kMaxCallsInAll) + " in all.");
  }
  to.tool_calls.push_back(made);
  asked_[made.id] = {turns_.size() - 1, false};
  return true;
}

// Whose output |v| is.
const request_reader::asked* request_reader::call_of(const value& v, const path& p, message& said) {
  const path id_path = p / "call_id";
  said.role = role::tool;
  if (!want_string(v, "call_id", id_path, &said.tool_call_id, true)) return nullptr;
  const auto call = asked_.find(said.tool_call_id);
  if (call != asked_.end()) return &call->second;
  const string_view id =
      said.tool_call_id.substr(0, text::prefix_of(said.tool_call_id, kMaxQuoted));
  fail("", id_path.str(),
       "No tool call found for function call output with call_id '" + std::string(id) + "'.");
  return nullptr;
}

// The tools themselves are offered with the others: the model is told their names.
bool request_reader::found(const value& v, const path& p) {
  message said;
  const asked* call = call_of(v, p, said);
  if (call == nullptr) return false;
  drop_others(v, p, kFound);
  std::string names;
  const auto add = [&](const value& t, string_view ns) {
    const string_view flat = names_.given(t.str("name"), ns);
    if (!flat.empty()) names.append(names.empty() ? "" : ", ").append(flat);
  };
  const value* list = v.get("tools");
  for (const value& t : list != nullptr ? *list : value()) {
    const value* inner = t.str("type") == "namespace" ? t.get("tools") : nullptr;
    if (inner == nullptr) {
      add(t, {});
      continue;
    }
    for (const value& i : *inner) add(i, t.str("name"));
  }
  add_text(said, names.empty() ? "No tools were found."
                               : keep("These tools were found and can be called now: " + names));
  turns_[call->turn].results.push_back(std::move(said));
  going_on_ = false;
  return true;
}

// It stands behind its call, wherever it came.
bool request_reader::output(const value& v, const path& p, string_view type) {
  const path at = p / "output";
  message said;
  const asked* call = call_of(v, p, said);
  if (call == nullptr) return false;
  if (call->dropped) {
    drop(p, type);
    return true;
  }
  drop_others(v, p, kOutput);
  const value* content = v.get("output");
  message found;
  if (!content || content->is_null()) return missing(at);
  if (content->is_string()) {
    add_text(said, content->text());
  } else if (!content->is_array()) {
    return wrong_type(at, "a string or an array of parts", *content);
  } else if (!parts(*content, at, found)) {
    return false;
  }
  turn& to = turns_[call->turn];
  if (content->is_array()) {
    std::string texts;
    bool first = true;
    for (const part& q : found.parts) {
      if (q.type != part::kind::text) {
        const string_view what = q.type == part::kind::image ? "Image" : "File";
        add_text(to.pictures, keep(std::string(what) + " from tool result " +
                                   std::string(said.tool_call_id) + ":"));
        to.pictures.parts.push_back(q);
        continue;
      }
      if (!first) texts += '\n';
      texts += q.text;
      first = false;
    }
    add_text(said, keep(std::move(texts)));
  }
  to.results.push_back(std::move(said));
  going_on_ = false;
  return true;
}

// All turns as messages.
void request_reader::tell() {
  for (turn& t : turns_) {
    if (!t.thoughts.empty()) t.said.reasoning = keep(std::move(t.thoughts));
    out_.messages.push_back(std::move(t.said));
    std::move(t.results.begin(), t.results.end(), std::back_inserter(out_.messages));
    if (!t.pictures.parts.empty()) out_.messages.push_back(std::move(t.pictures));
  }
  turns_.clear();
}

}  // namespace f0::front::responses
