// Copyright (C) 2026 The f0 authors
//
// encode.cc - to Gemini's generateContent: translate.md 7.

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "../../base/text.h"
#include "../encode_parts.h"
#include "../model_name.h"
#include "../schema.h"

namespace f0::dialect {

namespace {

using chat::member;
using chat::tool_choice;

constexpr size_t kStops = 5;  // as many as Gemini takes
constexpr string_view kStandIn = "skip_thought_signature_validator";
constexpr int64_t kInt32Min = INT32_MIN, kInt32Max = INT32_MAX;

constexpr size_t kMaxName = 64;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_name_char(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

// Names of functions as Gemini takes them: they begin with a letter or "_".
// Others are mended, everywhere alike, and never to what another one is called.
class function_names {
 public:
  explicit function_names(const call& c) {
    for (const chat::tool& t : c.request->tools) taken_.emplace(t.name);
    for (const chat::message& m : *c.messages) {
      for (const chat::tool_call& t : m.tool_calls) taken_.emplace(t.name);
    }
  }

  string_view mend(string_view name) {
    const bool good = !name.empty() && name.size() <= kMaxName && is_letter(name.front()) &&
                      std::all_of(name.begin(), name.end(), is_name_char);
    if (good) return name;
    const auto [at, fresh] = mended_.try_emplace(name);
    if (fresh) at->second = unique(name);
    return at->second;
  }

  const std::unordered_map<string_view, std::string>& mended() const { return mended_; }

 private:
  std::string unique(string_view name) {
    std::string base = name.empty() || !is_letter(name.front()) ? "_" : "";
    base += name.substr(0, kMaxName);
    std::replace_if(
        base.begin(), base.end(), [](char c) { return !is_name_char(c); }, '_');
    base.resize(std::min(base.size(), kMaxName));
    std::string made = base;
    // What was tried for one name is not tried again for the next.
    for (size_t& n = variants_[base]; !taken_.insert(made).second;) {
      const std::string end = "_" + std::to_string(++n + 1);
      made = base.substr(0, kMaxName - end.size()) + end;
    }
    return made;
  }

  std::unordered_set<std::string> taken_;
  std::unordered_map<string_view, std::string> mended_;
  std::unordered_map<std::string, size_t> variants_;
};

class gemini {
 public:
  gemini(const call& c, encoded& out)
      : c_(c),
        r_(*c.request),
        out_(out),
        w_(out.body),
        tools_(offered_tools(c, filters())),
        version_(gemini_version(c.model)),
        names_(c) {}

  void write();

 private:
  // With "required", allowedFunctionNames does what else the declarations do.
  bool filters() const { return !r_.tool_choice.allowed_required; }

  // From 3 on a response format may stand beside tools.
  bool format_in_system() const {
    using kind = chat::response_format::kind;
    const kind f = r_.response_format.type;
    if ((f != kind::json_object && f != kind::json_schema) || tools_.empty()) return false;
    return !decide(c_.options.format_with_tools, !version_ || version_->major >= 3);
  }
  // From 3 on a call without signature is refused, whoever made it.
  bool stand_in() const {
    return decide(c_.options.skip_signature, version_ && version_->major >= 3);
  }

  bool has_seed() const { return *r_.seed >= kInt32Min && *r_.seed <= kInt32Max; }

  void contents();
  void turn_of(string_view role);
  void close_turn();
  void parts(const chat::message& m);
  void text(string_view s);
  void media(const chat::part& p);
  void calls(const chat::message& m);
  std::string signature_of(const chat::tool_call& t) const;
  void result(const chat::message& m);
  void system();
  void tools();
  void tool_config();
  void generation();
  void thinking(json::writer& w);
  void lose_others();

  const call& c_;
  const chat::request& r_;
  encoded& out_;
  json::writer w_;
  std::vector<const chat::tool*> tools_;
  std::optional<version> version_;  // of the model, if its name tells
  function_names names_;
  string_view role_;    // of the open turn; empty: none
  bool begun_ = false;  // some turn was opened
  // Names of the calls of an id, in order, and how many of them have a result.
  struct asked {
    std::vector<string_view> names;
    size_t answered = 0;
  };
  std::unordered_map<string_view, asked> asked_;
};

void gemini::close_turn() {
  if (!role_.empty()) w_.end_array().end_object();
  role_ = {};
}

// A turn is opened by its first part, so that there are no empty ones.
void gemini::turn_of(string_view role) {
  if (role == role_) return;
  if (!begun_ && role == "model") {
    begun_ = true;
    turn_of("user");
    text("(continued)");
  }
  begun_ = true;
  close_turn();
  w_.begin_object().key("role").string(role).key("parts").begin_array();
  role_ = role;
}

void gemini::text(string_view s) { w_.begin_object().key("text").string(s).end_object(); }

void gemini::media(const chat::part& p) {
  string_view url = p.type == chat::part::kind::image ? p.url : p.file_data;
  if (std::optional<data_url> data = read_data_url(url)) {
    std::string base64;
    append_base64(base64, data->data);
    const bool image = p.type == chat::part::kind::image;
    w_.begin_object().key("inlineData").begin_object();
    w_.key("mimeType").string(image ? picture_type(*data) : data->mime);
    w_.key("data").raw(base64).end_object().end_object();
  } else {
    w_.begin_object().key("fileData").begin_object().key("fileUri").string(url);
    w_.end_object().end_object();
  }
}

void gemini::parts(const chat::message& m) {
  string_view role = m.role == chat::role::assistant ? "model" : "user";
  for (const chat::part& p : m.parts) {
    if (is_text(p)) {
      if (p.text.empty()) continue;
      turn_of(role);
      text(p.text);
    } else if (is_media(p)) {
      turn_of(role);
      media(p);
    }
  }
}

// The client's own word for it, else what was kept.
std::string gemini::signature_of(const chat::tool_call& t) const {
  const auto in = [](const json::value* extra) {
    const json::value* google = extra ? extra->get("google") : nullptr;
    return google ? std::string(google->str("thought_signature")) : std::string();
  };
  std::string told = in(t.source ? t.source->get("extra_content") : nullptr);
  if (!told.empty() || !c_.kept) return told;
  const string_view kept = c_.kept->get(state::extra, t);
  json::document doc;
  return kept.empty() ? std::string() : in(doc.parse(kept));
}

void gemini::calls(const chat::message& m) {
  bool first = true;
  for (const chat::tool_call& t : m.tool_calls) {
    turn_of("model");
    asked_[t.id].names.push_back(t.name);
    std::string arguments;
    append_arguments(arguments, t.arguments);
    w_.begin_object().key("functionCall").begin_object();
    if (!is_made_up(t.id)) w_.key("id").string(t.id);
    w_.key("name").string(names_.mend(t.name)).key("args").raw(arguments).end_object();
    std::string signature = signature_of(t);
    if (signature.empty() && first && stand_in()) signature = kStandIn;
    if (!signature.empty()) w_.key("thoughtSignature").string(signature);
    w_.end_object();
    first = false;
  }
}

void gemini::result(const chat::message& m) {
  string_view name = m.name;
  if (m.role == chat::role::tool) {
    auto calls = asked_.find(m.tool_call_id);
    if (calls != asked_.end()) {
      asked& a = calls->second;
      name = a.names[std::min(a.answered, a.names.size() - 1)];
      a.answered++;
    } else if (name.empty()) {
      name = m.tool_call_id;
    }
  }
  turn_of("user");
  w_.begin_object().key("functionResponse").begin_object();
  if (!is_made_up(m.tool_call_id)) w_.key("id").string(m.tool_call_id);
  w_.key("name").string(names_.mend(name)).key("response").begin_object();
  w_.key("output").string(m.text()).end_object().end_object().end_object();
}

void gemini::contents() {
  w_.key("contents").begin_array();
  for (const chat::message& m : *c_.messages) {
    if (is_system(m)) continue;
    if (is_result(m)) {
      result(m);
      continue;
    }
    parts(m);
    calls(m);
  }
  if (role_ != "user" && !c_.goes_on) {
    string_view words = begun_ ? "Continue." : "Go on.";
    turn_of("user");
    text(words);
  }
  close_turn();
  w_.end_array();
}

void gemini::system() {
  bool any = false;
  auto say = [&](const std::string& s) {
    if (s.empty()) return;
    if (!any) w_.key("systemInstruction").begin_object().key("parts").begin_array();
    any = true;
    text(s);
  };
  for (const chat::message& m : *c_.messages) {
    if (is_system(m)) say(m.text());
  }
  if (format_in_system()) say(format_in_words(r_.response_format));
  if (any) w_.end_array().end_object();
}

void gemini::tools() {
  if (tools_.empty()) return;
  w_.key("tools").begin_array().begin_object().key("functionDeclarations").begin_array();
  for (const chat::tool* t : tools_) {
    w_.begin_object().key("name").string(names_.mend(t->name));
    if (!t->description.empty()) w_.key("description").string(t->description);
    if (t->parameters) w_.key("parametersJsonSchema").val(*t->parameters);
    w_.end_object();
  }
  w_.end_array().end_object().end_array();
}

void gemini::tool_config() {
  const tool_choice& choice = r_.tool_choice;
  tool_choice::kind kind = choice_of(c_, tools_);
  bool names = kind == tool_choice::kind::named ||
               (kind == tool_choice::kind::allowed && choice.allowed_required);
  string_view mode = names || kind == tool_choice::kind::required ? "ANY"
                     : kind == tool_choice::kind::none            ? "NONE"
                                                                  : "";
  if (mode.empty()) return;
  w_.key("toolConfig").begin_object().key("functionCallingConfig").begin_object();
  w_.key("mode").string(mode);
  if (names) {
    w_.key("allowedFunctionNames").begin_array();
    if (kind == tool_choice::kind::named) w_.string(names_.mend(choice.name));
    for (string_view name : choice.allowed) w_.string(names_.mend(name));
    w_.end_array();
  }
  w_.end_object().end_object();
}

// Budgets up to 2.5, levels from 3 on; never both.
void gemini::thinking(json::writer& w) {
  string_view e = effort_of(c_);
  if (e.empty()) return;
  std::string model = text::to_lower(c_.model);
  bool pro = model.find("pro") != std::string::npos;
  bool least = e == "none" || e == "minimal";
  w.key("thinkingConfig").begin_object();
  if (version_ && version_->major >= 3) {
    // Pro thinks always, and has fewer levels.
    bool first_pro = model.find("gemini-3-pro") != std::string::npos;
    string_view level = least                         ? (pro ? "low" : "minimal")
                        : e == "low"                  ? "low"
                        : e == "medium" && !first_pro ? "medium"
                                                      : "high";
    w.key("thinkingLevel").string(level);
  } else {
    // 2.5 Pro cannot be told not to think.
    bool always = pro && model.find("2.5") != std::string::npos;
    int64_t budget = e == "none"           ? (always ? 128 : 0)
                     : least || e == "low" ? 1024
                     : e == "medium"       ? 8192
                                           : 24576;
    w.key("thinkingBudget").integer(budget);
  }
  if (e != "none") w.key("includeThoughts").boolean(true);
  w.end_object();
}

void gemini::generation() {
  using kind = chat::response_format::kind;
  std::string config;
  json::writer w(config);
  w.begin_object();
  if (std::optional<int64_t> n = output_limit(c_)) {
    w.key("maxOutputTokens").integer(std::min(*n, kInt32Max));
  }
  if (takes_temperature(c_)) append_number(w, "temperature", c_, "temperature", r_.temperature);
  append_number(w, "topP", c_, "top_p", r_.top_p);
  if (r_.top_k) w.key("topK").integer(*r_.top_k);
  if (r_.seed && has_seed()) w.key("seed").integer(*r_.seed);
  if (!r_.stop.empty()) {
    w.key("stopSequences").begin_array();
    for (size_t i = 0; i < std::min(r_.stop.size(), kStops); i++) w.string(r_.stop[i]);
    w.end_array();
  }
  for (size_t i = kStops; i < r_.stop.size(); i++) {
    if (!r_.stop[i].empty()) out_.stops.emplace_back(r_.stop[i]);
  }
  const chat::response_format& f = r_.response_format;
  if ((f.type == kind::json_object || f.type == kind::json_schema) && !format_in_system()) {
    w.key("responseMimeType").string("application/json");
    if (f.schema) w.key("responseJsonSchema").val(*f.schema);
  }
  thinking(w);
  w.end_object();
  if (config != "{}") w_.key("generationConfig").raw(config);
}

void gemini::lose_others() {
  for (const member m : {member::presence_penalty, member::frequency_penalty, member::user,
                         member::cache_control, member::name, member::detail, member::filename}) {
    lose(c_, m, out_);
  }
  if (!format_in_system()) lose(c_, member::format_description, out_);
  if (!takes_temperature(c_)) lose(c_, member::temperature, out_);
  if (r_.seed && !has_seed()) lose(c_, member::seed, out_);
  if (!tools_.empty()) lose(c_, member::parallel_tool_calls, out_);
  if (!tools_.empty()) lose(c_, member::strict, out_);
  lose_options(c_, {}, out_);
}

void gemini::write() {
  w_.begin_object();
  system();
  tools();
  tool_config();
  contents();
  generation();
  w_.end_object();
  for (const auto& [client, mended] : names_.mended()) {
    out_.names.emplace_back(mended, std::string(client));
  }
  lose_others();
}

}  // namespace

void encode_gemini(const call& c, encoded& out) { gemini(c, out).write(); }

}  // namespace f0::dialect
