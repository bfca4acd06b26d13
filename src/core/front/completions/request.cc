// Copyright (C) 2026 The f0 authors
//
// request.cc - reads a prompt and what stands behind the cursor.

#include <algorithm>
#include <iterator>

#include "../f0_fields.h"
#include "../reader.h"
#include "completions.h"

namespace f0::front::completions {

namespace {

// Read below, or said by f0 itself.
constexpr string_view kKnown[] = {"model",
                                  "prompt",
                                  "suffix",
                                  "stream",
                                  "stream_options",
                                  "temperature",
                                  "top_p",
                                  "n",
                                  "presence_penalty",
                                  "frequency_penalty",
                                  "max_tokens",
                                  "max_completion_tokens",
                                  "seed",
                                  "random_seed",
                                  "stop",
                                  "user",
                                  "logit_bias",
                                  "min_tokens",
                                  "input_extra",
                                  "echo",
                                  "best_of"};

class completion_reader : reader {
 public:
  using reader::reader;

  bool read() {
    return model() && prompt() && want_string(root_, "suffix", top("suffix"), &out_.suffix) &&
           sampling() && stream() && stops("stop") && others();
  }

 private:
  bool prompt() {
    const path at = top("prompt");
    const value* v = root_.get("prompt");
    if (!v || v->is_null()) return missing(at);
    if (v->is_array() && v->size() == 0) return empty_array(at);
    if (v->is_array()) {
      const value& first = *v->begin();
      if (first.is_number() || first.is_array()) {
        return refuse("prompt", "tokens are another vocabulary's; send the text");
      }
      if (v->size() > 1) return refuse("prompt", "one text at a time is completed");
      v = &first;
    }
    if (!v->is_string()) return wrong_type(at, "a string or an array of one string", *v);
    out_.prompt = v->text();
    out_.completion = out_.translated = true;
    return true;
  }

  bool others() {
    std::optional<bool> echo;
    std::optional<int64_t> best_of, random_seed;
    const value* extra;
    const value* bias;
    if (!integer("random_seed", INT64_MIN, INT64_MAX, &random_seed) ||
        !want_string(root_, "user", top("user"), &out_.user) ||
        !want(root_, "logit_bias", json::kind::object, top("logit_bias"), &bias) ||
        !integer("min_tokens", 0, INT64_MAX) || !input_extra(&extra) ||
        !want_bool(root_, "echo", top("echo"), &echo) || !integer("best_of", 1, 20, &best_of)) {
      return false;
    }
    if (echo.value_or(false)) return refuse("echo", "the prompt is not repeated");
    if (best_of.value_or(1) > 1) return refuse("best_of", "only 1 choice is served");
    if (!out_.seed) out_.seed = random_seed;
    note(member::seed, root_.get("seed") ? "seed" : "random_seed", out_.seed.has_value());
    note(member::temperature, "temperature", out_.temperature.has_value());
    note(member::top_p, "top_p", out_.top_p.has_value());
    note(member::presence_penalty, "presence_penalty", out_.presence_penalty.value_or(0) != 0);
    note(member::frequency_penalty, "frequency_penalty", out_.frequency_penalty.value_or(0) != 0);
    note(member::user, "user", !out_.user.empty());
    for (const string_view key : {"logit_bias", "min_tokens", "input_extra"}) {
      const value* v = root_.get(key);
      if (is_something(v)) out_.options.push_back({key, v, key});
    }
    for (const json::member* m : root_.unique_members()) {
      const bool known =
          std::find(std::begin(kKnown), std::end(kKnown), m->key) != std::end(kKnown);
      if (!known && !is_f0_field(m->key) && is_something(&m->val)) out_.dropped.push_back(m->key);
    }
    return true;
  }

  // llama.cpp's: pieces of other files.
  bool input_extra(const value** v) {
    const path at = top("input_extra");
    if (!want(root_, "input_extra", json::kind::array, at, v)) return false;
    if (!*v) return true;
    if ((*v)->size() > kMaxParts) return too_long(at, "array", kMaxParts, (*v)->size());
    size_t i = 0;
    for (const value& piece : **v) {
      const path p = element(at, i++);
      if (!piece.is_object()) return wrong_type(p, "an object", piece);
      if (!want_string(piece, "text", p / "text", nullptr, true) ||
          !want_string(piece, "filename", p / "filename", nullptr)) {
        return false;
      }
    }
    return true;
  }

  void note(member m, string_view key, bool sent) {
    if (sent) out_.places[m].push_back(key);
  }

  bool refuse(string_view key, string_view why) {
    return fail("unsupported_value", std::string(key),
                "Unsupported value for '" + std::string(key) + "': " + std::string(why) + ".");
  }
};

}  // namespace

bool read(const value& root, request& out, bad_request& bad) {
  return completion_reader(root, out, bad).read();
}

}  // namespace f0::front::completions
