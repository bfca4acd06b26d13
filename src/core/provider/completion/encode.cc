// Copyright (C) 2026 The f0 authors
//
// encode.cc - raw completions of OpenAI's form, Mistral's fim/completions,
// llama.cpp's infill, Ollama's api/generate.

#include <algorithm>
#include <span>

#include "../encode_parts.h"
#include "completion.h"
#include "unfence.h"

namespace f0::dialect {

namespace {

constexpr size_t kStops = 4;  // as many as OpenAI and Mistral take

// Whose words are written.
enum class form : uint8_t { openai, mistral, infill, ollama };

constexpr string_view kChat = "chat/completions";

form form_of(id d, const call& c) {
  if (d == id::ollama) return form::ollama;
  if (c.options.fim == fim::infill) return form::infill;
  return c.path.ends_with("fim/completions") ? form::mistral : form::openai;
}

// The operator's path may be that of chat, beside which completions lie.
std::string path_of(form f, string_view own) {
  if (f == form::ollama) {
    constexpr string_view chat = "api/chat";
    if (own.ends_with(chat)) {
      return std::string(own.substr(0, own.size() - chat.size())) + "api/generate";
    }
    return own.empty() ? "api/generate" : std::string(own);
  }
  if (own.ends_with(kChat)) {
    own.remove_suffix(kChat.size());
    return std::string(own) + (f == form::infill ? "infill" : "completions");
  }
  if (!own.empty()) return std::string(own);
  return f == form::infill ? "infill" : "v1/completions";
}

class completion {
 public:
  completion(form f, const call& c, encoded& out)
      : form_(f), c_(c), r_(*c.request), fim_(c.options.fim), out_(out), w_(out.body) {}

  void write() {
    w_.begin_object();
    if (!c_.model.empty()) w_.key("model").string(c_.model);
    texts();
    stream();
    if (form_ == form::ollama) {
      ollama_options();
    } else {
      limits(w_);
    }
    more();
    w_.end_object();
    if (!takes_temperature(c_)) lose(c_, chat::member::temperature, out_);
    lose_options(c_, taken(), out_);
    // A provider that is told of a stop may print it all the same, or not know it.
    for (const string_view s : r_.stop) enforce(s);
    for (const string_view s : special_tokens(fim_)) enforce(s);
    out_.unfence = fim_ != fim::none && !ends_in_fence(r_.prompt);
  }

 private:
  void texts() {
    if (form_ == form::infill) {
      w_.key("input_prefix").string(r_.prompt).key("input_suffix").string(r_.suffix);
      return;
    }
    w_.key("prompt");
    if (is_family(fim_) && !r_.suffix.empty()) {
      std::string prompt;
      append_middle(prompt, fim_, c_.model, r_.prompt, r_.suffix);
      w_.string(prompt);
    } else {
      w_.string(r_.prompt);
    }
    const bool own = fim_ == fim::suffix && !r_.suffix.empty();
    if (own) w_.key("suffix").string(r_.suffix);
    // Ollama's template of a chat would make an answer of it.
    if (form_ == form::ollama && !own) w_.key("raw").boolean(true);
  }

  void stream() {
    if (form_ == form::ollama) {
      w_.key("stream").boolean(c_.stream);  // always said: Ollama's default is true
    } else if (c_.stream) {
      w_.key("stream").boolean(true);
      if (form_ != form::openai || !c_.options.stream_options) return;
      w_.key("stream_options").begin_object().key("include_usage").boolean(true).end_object();
    }
  }

  void limits(json::writer& w) {
    const string_view limit = form_ == form::infill   ? "n_predict"
                              : form_ == form::ollama ? "num_predict"
                                                      : "max_tokens";
    if (const std::optional<int64_t> n = output_limit(c_)) w.key(limit).integer(*n);
    if (takes_temperature(c_)) append_number(w, "temperature", c_, "temperature", r_.temperature);
    append_number(w, "top_p", c_, "top_p", r_.top_p);
    if (r_.seed) w.key(form_ == form::mistral ? "random_seed" : "seed").integer(*r_.seed);
    if (form_ == form::mistral) {
      lose(c_, chat::member::presence_penalty, out_);
      lose(c_, chat::member::frequency_penalty, out_);
    } else {
      append_number(w, "presence_penalty", c_, "presence_penalty", r_.presence_penalty);
      append_number(w, "frequency_penalty", c_, "frequency_penalty", r_.frequency_penalty);
    }
    stops(w);
  }

  void ollama_options() {
    std::string options;
    json::writer w(options);
    w.begin_object();
    limits(w);
    w.end_object();
    if (options != "{}") w_.key("options").raw(options);
  }

  // The family's end, the client's stops, then what else of the family there is
  // room for.
  void stops(json::writer& w) {
    const auto tokens = special_tokens(fim_);
    std::vector<string_view> all;
    if (!tokens.empty()) all.push_back(tokens[0]);
    for (const string_view s : r_.stop) {
      if (!s.empty()) all.push_back(s);
    }
    if (!tokens.empty()) all.insert(all.end(), tokens.begin() + 1, tokens.end());
    const bool few = form_ == form::openai || form_ == form::mistral;
    if (few && all.size() > kStops) all.resize(kStops);
    if (all.empty()) return;
    w.key("stop").begin_array();
    for (const string_view s : all) w.string(s);
    w.end_array();
  }

  // What only some have a word for.
  void more() {
    if (form_ == form::openai && !r_.user.empty()) w_.key("user").string(r_.user);
    if (form_ != form::openai) lose(c_, chat::member::user, out_);
    for (const chat::option& o : r_.options) {
      if (!taken().empty() && o.key == taken()[0]) w_.key(o.key).val(*o.val);
    }
  }

  std::span<const string_view> taken() const {
    static constexpr string_view openai[] = {"logit_bias"}, mistral[] = {"min_tokens"},
                                 infill[] = {"input_extra"};
    switch (form_) {
      case form::openai:
        return openai;
      case form::mistral:
        return mistral;
      case form::infill:
        return infill;
      case form::ollama:
        break;
    }
    return {};
  }

  void enforce(string_view stop) {
    if (!stop.empty()) out_.stops.emplace_back(stop);
  }

  form form_;
  const call& c_;
  const chat::request& r_;
  fim fim_;
  encoded& out_;
  json::writer w_;
};

bool has_completions(id d) { return d == id::openai || d == id::ollama; }

}  // namespace

bool knows_fim(id d, fim f) {
  return f == fim::none || d == id::openai || (d == id::ollama && f != fim::infill);
}

bool check_completion(id d, fim f, const chat::request& r, chat::bad_request& bad) {
  if (f == fim::none && !r.suffix.empty()) {
    bad.code = "unsupported_value";
    bad.param = "suffix";
    bad.message =
        "Unsupported value: 'suffix' can't be used with this model, which fills no middle.";
    return false;
  }
  if (has_completions(d)) return true;
  bad.code = "unsupported_value";
  bad.param = "model";
  bad.message =
      "Unsupported value: this model's provider completes no prompts, it only takes chats.";
  return false;
}

void encode_completion(id d, const call& c, encoded& out) {
  const form f = form_of(d, c);
  out.path = path_of(f, c.path);
  completion(f, c, out).write();
}

}  // namespace f0::dialect
