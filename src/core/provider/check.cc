// Copyright (C) 2026 The f0 authors
//
// check.cc - what a dialect cannot carry, refused before anybody is asked:
// translate.md 1, 1.1, 1.2.

#include <algorithm>
#include <span>

#include "../base/text.h"
#include "call.h"
#include "picture.h"
#include "schema.h"

namespace f0::dialect {

namespace {

using json::value;
using words = std::span<const string_view>;

constexpr size_t kMaxQuoted = 64;  // of a wrong word in a message

// What the translated dialects know.
constexpr string_view kUserParts[] = {"text", "image_url", "input_audio", "file", "tool_result"};
constexpr string_view kAssistantParts[] = {"text", "refusal", "thinking", "reasoning", "tool_use"};
constexpr string_view kDetails[] = {"auto", "low", "high"};
constexpr string_view kFormats[] = {"text", "json_object", "json_schema"};
constexpr string_view kEfforts[] = {"none", "minimal", "low", "medium", "high", "xhigh", "max"};
constexpr string_view kVerbosities[] = {"low", "medium", "high"};
constexpr string_view kTiers[] = {"auto", "default", "flex", "scale", "priority", "fast"};
constexpr string_view kText[] = {"text"};
constexpr string_view kFunction[] = {"function"};
constexpr string_view kToolTypes[] = {"function", "custom"};

string_view name_of(id d) {
  return d == id::anthropic   ? "Anthropic"
         : d == id::gemini    ? "Gemini"
         : d == id::responses ? "Responses"
                              : "Ollama";
}

class checker {
 public:
  checker(id d, chat::bad_request& bad) : d_(d), passes_(d == id::responses), bad_(bad) {}

  bool body(const value& root) {
    const value* messages = root.get("messages");
    if (messages && messages->is_array()) {
      size_t i = 0;
      for (const value& m : *messages) {
        if (!message(m, "messages[" + std::to_string(i++) + "]")) return false;
      }
    }
    return true;
  }

  // What came in another API's form, whose front knows the places.
  bool media(const std::vector<chat::message>& list) {
    for (const chat::message& m : list) {
      for (const chat::part& p : m.parts) {
        const std::string at(p.at);
        if (p.type == chat::part::kind::image && !picture(p.url, at, at)) return false;
        if (p.type == chat::part::kind::file && !file(p.file_data, at)) return false;
        if (p.type == chat::part::kind::audio) return unsupported(at, "audio");
      }
    }
    return true;
  }

  bool tools(const std::vector<chat::tool>& list) {
    size_t j = 0;
    for (const chat::tool& t : list) {
      const std::string at = "tools[" + std::to_string(j++) + "]";
      if (t.custom && !passes_) return unsupported(at + ".type", "'custom' tools");
      if (t.other) {
        return wrong_word(t.source->str("type"), passes_ ? words(kToolTypes) : words(kFunction),
                          at + ".type");
      }
      if (d_ == id::anthropic && !takes_objects(t)) {
        return refuse("invalid_value",
                      t.at.empty() ? at + ".function.parameters" : std::string(t.at),
                      "Invalid value: the parameters of the tool '" + std::string(t.name) +
                          "' are no object, and this model's provider (Anthropic) takes nothing "
                          "else.");
      }
    }
    return true;
  }

  bool options(const value& root) {
    const value* format = root.get("response_format");
    if (format && !word(*format, "type", kFormats, "response_format.type")) return false;
    if (!word(root, "reasoning_effort", kEfforts, "reasoning_effort") ||
        !word(root, "verbosity", kVerbosities, "verbosity") ||
        !word(root, "service_tier", kTiers, "service_tier")) {
      return false;
    }
    const value* list = root.get("modalities");
    if (!list || !list->is_array()) return true;
    size_t j = 0;
    for (const value& m : *list) {
      const std::string at = "modalities[" + std::to_string(j++) + "]";
      if (m.text() != "text") return wrong_word(m.text(), kText, at);
    }
    return true;
  }

 private:
  bool refuse(string_view code, std::string param, std::string message) {
    bad_.code = code;
    bad_.param = std::move(param);
    bad_.message = std::move(message);
    return false;
  }

  bool unsupported(std::string param, string_view what) {
    return refuse("unsupported_value", std::move(param),
                  "Unsupported value: " + std::string(what) +
                      " cannot be sent to this model's provider (" + std::string(name_of(d_)) +
                      ").");
  }

  bool wrong_word(string_view got, words known, std::string param) {
    std::string message = "Invalid value: '";
    message += got.substr(0, text::prefix_of(got, kMaxQuoted));
    message += "'. This model's provider (" + std::string(name_of(d_)) + ") can be sent: ";
    for (const string_view w : known) {
      if (w.starts_with("tool_")) continue;  // blocks of another API, taken but not offered
      if (message.back() == '\'') message += ", ";
      message.append("'").append(w).append("'");
    }
    return refuse("invalid_value", std::move(param), message + '.');
  }

  // An absent word is none that could be wrong.
  bool word(const value& o, string_view key, words known, string_view param) {
    const value* v = o.get(key);
    if (!v || !v->is_string()) return true;
    if (std::find(known.begin(), known.end(), v->text()) != known.end()) return true;
    return wrong_word(v->text(), known, std::string(param));
  }

  bool message(const value& m, const std::string& at) {
    const string_view role = m.str("role");
    const value* content = m.get("content");
    if (content && content->is_array()) {
      size_t j = 0;
      for (const value& p : *content) {
        if (!part(p, role, at + ".content[" + std::to_string(j++) + "]")) return false;
      }
    }
    const value* calls = m.get("tool_calls");
    if (!calls || !calls->is_array() || role != "assistant") return true;
    size_t j = 0;
    for (const value& call : *calls) {
      const std::string place = at + ".tool_calls[" + std::to_string(j++) + "].type";
      if (call.str("type") == "custom" && call.get("custom") && !passes_) {
        return unsupported(place, "'custom' tools");
      }
    }
    return true;
  }

  bool part(const value& p, string_view role, const std::string& at) {
    const words known = role == "user"        ? words(kUserParts)
                        : role == "assistant" ? words(kAssistantParts)
                                              : words(kText);
    if (!word(p, "type", known, at + ".type")) return false;
    const string_view type = p.str("type");
    const value* body = p.get(type);
    if (type == "input_audio") return unsupported(at, "audio");
    if (type == "file") return file(body ? body->str("file_data") : string_view(), at);
    if (type != "image_url" || !body) return true;
    return picture(body->str("url"), at, at + ".image_url.url") &&
           word(*body, "detail", kDetails, at + ".image_url.detail");
  }

  bool file(string_view url, const std::string& at) {
    if (passes_) return true;
    const std::optional<data_url> data = read_data_url(url);
    const bool pdf = data && data->mime == "application/pdf";
    return pdf && d_ != id::ollama ? true : unsupported(at, "this file");
  }

  bool picture(string_view url, const std::string& at, const std::string& at_url) {
    if (passes_) return true;
    const std::string scheme = scheme_of(url);
    if (scheme == "data") {
      const std::optional<data_url> data = read_data_url(url);
      const std::string type = data ? picture_type(*data) : std::string();
      if (d_ == id::anthropic ? is_common_picture(type) : type.starts_with("image/")) return true;
      return refuse(
          "invalid_value", at_url,
          std::string("Invalid value: this model's provider takes base64 data of ") +
              (d_ == id::anthropic ? "image/jpeg, image/png, image/gif and image/webp only."
                                   : "pictures only."));
    }
    if (d_ == id::ollama) {
      return refuse("unsupported_value", at,
                    "Unsupported value: this model's provider (Ollama) takes images as base64 "
                    "data URLs only.");
    }
    if (scheme == "http" || scheme == "https" || (scheme == "gs" && d_ == id::gemini)) return true;
    return refuse("invalid_value", at_url,
                  "Invalid value: a picture must be a data URL, or an address of http or https.");
  }

  id d_;
  bool passes_;  // files, addresses of pictures and custom tools as they are
  chat::bad_request& bad_;
};

}  // namespace

bool check_dialect(id d, const chat::request& r, chat::bad_request& bad) {
  if (r.own_form_only) {
    bad = *r.own_form_only;
    return false;
  }
  if (d == id::openai || (!r.root && !r.translated)) return true;
  checker c(d, bad);
  if (r.translated) return c.media(r.messages) && c.tools(r.tools);
  // The body is looked at, not what was made of it: params name its places.
  return c.body(*r.root) && c.tools(r.tools) && c.options(*r.root);
}

}  // namespace f0::dialect
