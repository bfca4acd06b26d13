// Copyright (C) 2026 The f0 authors
//
// family.cc - the tokens are those of the model cards and papers:
//
//   qwen         Qwen2.5-Coder, README, "Fill in the middle"; arXiv 2409.12186
//   starcoder    bigcode/starcoder; StarCoder2, arXiv 2402.19173, 5.1
//   codellama    arXiv 2308.12950; its tokens have a blank of their own before or
//                behind them, which is part of them
//   deepseek     deepseek-ai/deepseek-coder-1.3b-base, "Code Insertion"
//   codestral    mistral-common, encode_fim: the suffix first, nothing at the end
//   granite      granite-*-code: as starcoder (arXiv 2405.04324); from Granite 3.3
//                and 4.0 on as qwen
//   codegemma    ai.google.dev/gemma/docs/codegemma/prompt-structure
//   stable-code  stabilityai/stable-code-3b, "Fill in Middle"

#include "family.h"

#include <algorithm>
#include <iterator>

namespace f0::dialect {

namespace {

constexpr string_view kWords[] = {"",          "suffix",    "infill",     "qwen",
                                  "starcoder", "codellama", "deepseek",   "codestral",
                                  "granite",   "codegemma", "stable-code"};

constexpr string_view kQwen[] = {"<|endoftext|>",  "<|file_sep|>",   "<|fim_pad|>",
                                 "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>",
                                 "<|repo_name|>",  "<|im_end|>",     "<|im_start|>"};
constexpr string_view kStarcoder[] = {"<|endoftext|>", "<file_sep>", "<fim_prefix>", "<fim_suffix>",
                                      "<fim_middle>",  "<fim_pad>",  "<repo_name>"};
constexpr string_view kCodellama[] = {" <EOT>", "<EOT>",  "<PRE>", " <SUF>",
                                      "<SUF>",  " <MID>", "<MID>", "</s>"};
constexpr string_view kDeepseek[] = {"<｜end▁of▁sentence｜>",   "<｜fim▁begin｜>",
                                     "<｜fim▁hole｜>",          "<｜fim▁end｜>",
                                     "<｜begin▁of▁sentence｜>", "<|EOT|>"};
constexpr string_view kCodestral[] = {"</s>", "[SUFFIX]", "[PREFIX]", "[MIDDLE]"};
constexpr string_view kGranite[] = {
    "<|endoftext|>", "<|end_of_text|>", "<fim_prefix>",   "<fim_suffix>",   "<fim_middle>",
    "<fim_pad>",     "<|fim_prefix|>",  "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>"};
constexpr string_view kCodegemma[] = {"<|file_separator|>", "<|fim_prefix|>", "<|fim_suffix|>",
                                      "<|fim_middle|>",     "<end_of_turn>",  "<eos>"};

struct marks {
  string_view before, between, behind;
};
constexpr marks kPiped = {"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"};
constexpr marks kPlain = {"<fim_prefix>", "<fim_suffix>", "<fim_middle>"};

marks marks_of(fim f, string_view model) {
  switch (f) {
    case fim::qwen:
    case fim::codegemma:
      return kPiped;
    case fim::granite:  // the code models are the older ones
      return model.find("code") != string_view::npos ? kPlain : kPiped;
    case fim::codellama:
      return {"<PRE> ", " <SUF>", " <MID>"};
    case fim::deepseek:
      return {"<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"};
    default:
      return kPlain;
  }
}

}  // namespace

bool read_fim(string_view word, fim& out) {
  const auto* at = std::find(std::begin(kWords) + 1, std::end(kWords), word);
  if (at == std::end(kWords)) return false;
  out = static_cast<fim>(at - std::begin(kWords));
  return true;
}

std::string fim_words() {
  std::string out;
  for (size_t i = 1; i < std::size(kWords); i++) {
    if (i > 1) out += i + 1 < std::size(kWords) ? ", " : " or ";
    out += kWords[i];
  }
  return out;
}

void append_middle(std::string& out, fim f, string_view model, string_view prefix,
                   string_view suffix) {
  if (f == fim::codestral) {
    out.append("[SUFFIX]").append(suffix).append("[PREFIX]").append(prefix);
    return;
  }
  const marks m = marks_of(f, model);
  out.append(m.before).append(prefix).append(m.between).append(suffix).append(m.behind);
}

std::span<const string_view> special_tokens(fim f) {
  switch (f) {
    case fim::none:
    case fim::suffix:
    case fim::infill:
      return {};
    case fim::qwen:
      return kQwen;
    case fim::starcoder:
    case fim::stable_code:
      return kStarcoder;
    case fim::codellama:
      return kCodellama;
    case fim::deepseek:
      return kDeepseek;
    case fim::codestral:
      return kCodestral;
    case fim::granite:
      return kGranite;
    case fim::codegemma:
      return kCodegemma;
  }
  return {};
}

}  // namespace f0::dialect
