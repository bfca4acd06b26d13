// Copyright (C) 2026 The f0 authors
//
// request_blocks.cc - the blocks that a turn is made of.

#include <algorithm>

#include "../../base/text.h"
#include "../../chat/envelope.h"
#include "request_reader.h"

namespace f0::front::messages {

namespace {

constexpr string_view kError = "Error: ";

string_view quoted(string_view s) { return s.substr(0, text::prefix_of(s, kMaxQuoted)); }

void append_line(std::string& out, string_view s) {
  if (s.empty()) return;
  if (!out.empty()) out += '\n';
  out += s;
}

// Words that a tool of Anthropic's brought, wherever they stand.
void append_words(std::string& out, const value& v) {
  if (v.is_string()) return append_line(out, v.text());
  if (v.is_array()) {
    for (const value& b : v) {
      if (b.str("type") == "text") append_line(out, b.str("text"));
    }
    return;
  }
  for (string_view key : {"stdout", "stderr"}) append_line(out, v.str(key));
  // A page that was fetched: content.content.source.
  const value* page = v.get("content");
  const value* source = page ? page->get("source") : nullptr;
  if (source && source->str("type") == "text") append_line(out, source->str("data"));
}

}  // namespace

bool request_reader::strange(const value& b, const path& p, string_view type) {
  (void) b;
  own_form_only(p, "a block of the type '" + std::string(quoted(type)) +
                       "' cannot be sent to this model's provider.");
  return true;
}

// ---- of the user

bool request_reader::user_block(const value& b, const path& p, string_view type, message& to) {
  if (type == "text") {
    string_view text;
    if (!text_block(b, p, &text)) return false;
    add_text(to, text);
    return true;
  }
  if (type == "image") return image(b, p, to);
  if (type == "document") return document(b, p, to);
  if (type == "tool_result") return tool_result(b, p);
  if (type == "search_result") {
    std::string text;
    if (!search_result(b, p, text)) return false;
    add_text(to, keep(std::move(text)));
    return true;
  }
  if (type == "container_upload") {
    drop(p, type);
    return true;
  }
  return strange(b, p, type);
}

// The picture or file of base64 in |source|, as a data URL.
bool request_reader::data_url(const value& source, const path& p, string_view* url) {
  string_view mime, data;
  if (!want_string(source, "media_type", p / "media_type", &mime, true) ||
      !want_string(source, "data", p / "data", &data, true)) {
    return false;
  }
  drop_others(source, p, {"type", "media_type", "data"});
  std::string s;
  s.reserve(mime.size() + data.size() + 13);
  s.append("data:").append(mime).append(";base64,").append(data);
  *url = keep(std::move(s));
  return true;
}

bool request_reader::image(const value& b, const path& p, message& to) {
  const path at = p / "source";
  const value* source;
  string_view type;
  if (!want(b, "source", json::kind::object, at, &source, true) ||
      !want_string(*source, "type", at / "type", &type, true)) {
    return false;
  }
  drop_others(b, p, {"type", "source"});
  part made;
  made.type = part::kind::image;
  if (type == "base64") {
    if (!data_url(*source, at, &made.url)) return false;
  } else if (type == "url") {
    if (!want_string(*source, "url", at / "url", &made.url, true)) return false;
    if (made.url.empty()) return wrong_value(at / "url", "");
    drop_others(*source, at, {"type", "url"});
  } else {
    own_form_only(p, "a picture of the source '" + std::string(quoted(type)) +
                         "' cannot be sent to this model's provider.");
    return true;
  }
  made.at = keep(p.str());
  to.parts.push_back(made);
  return true;
}

bool request_reader::document(const value& b, const path& p, message& to) {
  const path at = p / "source";
  const value* source;
  string_view type, title, data;
  if (!want(b, "source", json::kind::object, at, &source, true) ||
      !want_string(*source, "type", at / "type", &type, true) ||
      !want_string(b, "title", p / "title", &title)) {
    return false;
  }
  drop_others(b, p, {"type", "source", "title"});
  if (type == "text") {
    if (!want_string(*source, "data", at / "data", &data, true)) return false;
    drop_others(*source, at, {"type", "media_type", "data"});
    add_text(to, title.empty() ? data : keep(std::string(title) + "\n" + std::string(data)));
    return true;
  }
  if (type == "base64") {
    part made;
    made.type = part::kind::file;
    if (!data_url(*source, at, &made.file_data)) return false;
    made.filename = title.empty() ? "document.pdf" : title;
    made.at = keep(p.str());
    if (!title.empty()) place(member::filename, p / "title");
    to.parts.push_back(made);
    return true;
  }
  if (type == "content") {
    add_text(to, title);
    drop_others(*source, at, {"type", "content"});
    return document_content(*source, at / "content", to);
  }
  own_form_only(p, "a document of the source '" + std::string(quoted(type)) +
                       "' cannot be sent to this model's provider.");
  return true;
}

// A document that is made of texts and pictures.
bool request_reader::document_content(const value& source, const path& p, message& to) {
  const value* content = source.get("content");
  if (!content) return missing(p);
  if (content->is_string()) {
    add_text(to, content->text());
    return true;
  }
  if (!content->is_array()) return wrong_type(p, "a string or an array of blocks", *content);
  size_t j = 0;
  for (const value& b : *content) {
    const path at = element(p, j++);
    string_view type, text;
    if (!b.is_object()) return wrong_type(at, "an object", b);
    if (!count_part(p) || !want_string(b, "type", at / "type", &type, true)) return false;
    if (type == "text") {
      if (!text_block(b, at, &text)) return false;
      add_text(to, text);
    } else if (!(type == "image" ? image(b, at, to) : strange(b, at, type))) {
      return false;
    }
  }
  return true;
}

// Where it was found, and what.
bool request_reader::search_result(const value& b, const path& p, std::string& out) {
  const path at = p / "content";
  const value* content;
  string_view source, title;
  if (!want_string(b, "source", p / "source", &source, true) ||
      !want_string(b, "title", p / "title", &title, true) ||
      !want(b, "content", json::kind::array, at, &content, true)) {
    return false;
  }
  drop_others(b, p, {"type", "source", "title", "content"});
  append_line(out, title);
  append_line(out, source);
  size_t j = 0;
  for (const value& t : *content) {
    const path one = element(at, j++);
    string_view text;
    if (!t.is_object()) return wrong_type(one, "an object", t);
    if (!count_part(at) || !text_block(t, one, &text)) return false;
    append_line(out, text);
  }
  return true;
}

bool request_reader::tool_result(const value& b, const path& p) {
  const path at = p / "content", id_at = p / "tool_use_id";
  message r;
  std::optional<bool> is_error;
  r.role = role::tool;
  if (!want_string(b, "tool_use_id", id_at, &r.tool_call_id, true) ||
      !want_bool(b, "is_error", p / "is_error", &is_error)) {
    return false;
  }
  drop_others(b, p, {"type", "tool_use_id", "content", "is_error"});
  // A thread's calls are elsewhere, and a count is no conversation.
  const auto call = pending_.find(r.tool_call_id);
  if (call != pending_.end()) {
    call->second = true;
  } else if (!has_thread_ && !count_) {
    return fail("", p.str(),
                "Invalid '" + p.str() + "': there is no 'tool_use' with the id '" +
                    std::string(quoted(r.tool_call_id)) + "' in the message before it.");
  }
  const value* content = b.get("content");
  string_view text;
  std::string joined;
  if (!content || content->is_null()) {
    // A result of nothing is one.
  } else if (content->is_string()) {
    text = content->text();
  } else if (!content->is_array()) {
    return wrong_type(at, "a string or an array of blocks", *content);
  } else if (content->size() == 1 && content->begin()->str("type") == "text") {
    const path only = element(at, 0);
    if (!count_part(at) || !text_block(*content->begin(), only, &text)) return false;
  } else {
    size_t j = 0;
    for (const value& c : *content) {
      if (!count_part(at) || !result_block(c, element(at, j++), r.tool_call_id, joined)) {
        return false;
      }
    }
    if (!joined.empty()) text = keep(std::move(joined));
  }
  if (is_error.value_or(false) && !text.starts_with(kError)) {
    text = keep(std::string(kError).append(text));
  }
  r.parts.emplace_back().text = text;
  results_.push_back(std::move(r));
  return true;
}

bool request_reader::result_block(const value& b, const path& p, string_view id, std::string& out) {
  string_view type, text;
  if (!b.is_object()) return wrong_type(p, "an object", b);
  if (!want_string(b, "type", p / "type", &type, true)) return false;
  if (type == "text") {
    if (!text_block(b, p, &text)) return false;
    append_line(out, text);
    return true;
  }
  if (type == "search_result") return search_result(b, p, out);
  if (type == "tool_reference") {
    // It is offered with the others: a model that searched for it has to be told.
    if (!want_string(b, "tool_name", p / "tool_name", &text, true)) return false;
    drop_others(b, p, {"type", "tool_name"});
    append_line(out, "The tool " + std::string(text) + " was found and can be called now.");
    return true;
  }
  if (type != "image" && type != "document") return strange(b, p, type);
  message held;
  if (!(type == "image" ? image(b, p, held) : document(b, p, held))) return false;
  attach(type == "image" ? "Image" : "Document", id, held, out);
  return true;
}

// What is text joins the result's; the rest has no place in a result but on
// Anthropic's side, so that it follows, named.
void request_reader::attach(string_view what, string_view id, const message& held,
                            std::string& out) {
  for (const part& one : held.parts) {
    if (one.type == part::kind::text) {
      append_line(out, one.text);
      continue;
    }
    std::string line(what);
    line.append(" from tool result ").append(id).append(":");
    add_text(attached_, keep(std::move(line)));
    attached_.parts.push_back(one);
  }
}

bool request_reader::count_part(const path& p) {
  return ++parts_ <= kMaxParts || too_long(p, "array", kMaxParts, parts_);
}

// ---- of the assistant

bool request_reader::assistant_block(const value& b, const path& p, string_view type, message& to) {
  if (type == "text" || type == "compaction") {
    const string_view key = type == "text" ? "text" : "content";
    string_view text;
    if (!want_string(b, key, p / key, &text, type == "text")) return false;
    drop_others(b, p, {"type", key});
    add_text(to, text);
    return true;
  }
  if (type == "tool_use") return tool_use(b, p, to);
  if (type == "thinking" || type == "redacted_thinking") return thought(b, p, type, to);
  if (type == "server_tool_use" || type == "mcp_tool_use" || type.ends_with("_tool_result")) {
    return server_block(b, p, type, to);
  }
  return strange(b, p, type);
}

bool request_reader::tool_use(const value& b, const path& p, message& to) {
  tool_call call;
  const value* input;
  if (!want_string(b, "id", p / "id", &call.id, true) ||
      !want_string(b, "name", p / "name", &call.name, true) ||
      !want(b, "input", json::kind::object, p / "input", &input, true)) {
    return false;
  }
  drop_others(b, p, {"type", "id", "name", "input"});
  std::string arguments;
  json::append_value(arguments, *input);
  call.arguments = keep(std::move(arguments));
  to.tool_calls.push_back(call);
  return true;
}

// Thoughts are their engine's own: what of them it may have back is for others to
// say.
bool request_reader::thought(const value& b, const path& p, string_view type, message& to) {
  returned_state& kept = to.states.emplace_back();
  kept.call = to.tool_calls.size();
  kept.thought = &b;
  if (type != "thinking") return want_string(b, "data", p / "data", nullptr, true);
  string_view text, signature;
  if (!want_string(b, "thinking", p / "thinking", &text, true) ||
      !want_string(b, "signature", p / "signature", &signature)) {
    return false;
  }
  if (is_envelope(signature)) {
    kept.envelope = signature;
    kept.thought = nullptr;
  }
  if (!text.empty()) thoughts_.push_back(text);
  return true;
}

// What Anthropic ran itself: of a result its words are left.
bool request_reader::server_block(const value& b, const path& p, string_view type, message& to) {
  const value* content = type.ends_with("_tool_result") ? b.get("content") : nullptr;
  std::string words;
  if (content) append_words(words, *content);
  if (words.empty()) {
    drop(p, type);
  } else {
    add_text(to, keep(std::move(words)));
  }
  return true;
}

}  // namespace f0::front::messages
