// Copyright (C) 2026 The f0 authors

#include "form.h"

#include <charconv>

namespace bench {
namespace {

// Small, quick and the same in every run: what real servers take at random.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 2654435761u + 1) {}
  unsigned below(unsigned n) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 33) % n;
  }

 private:
  uint64_t state_;
};

// vLLM's or llama.cpp's length of event; with |full| that of api.openai.com,
// whose filler "obfuscation" has another length in every event.
class OpenAi : public Form {
 public:
  OpenAi(const Params& p, bool usage) : p_(p), usage_(usage), random_(p.seed) {}

  void begin(std::string& out) override {
    open(out);
    out += R"("role":"assistant","content":"")";
    close(out, "null");
  }

  void content(std::string& out, std::string_view text) override {
    open(out);
    ((out += R"("content":")") += text) += '"';
    close(out, "null");
  }

  void error(std::string& out) override {
    out += R"(data: {"error":{"message":"mock error","type":"server_error","code":null}})"
           "\n\n";
  }

  void end(std::string& out, Fault fault) override {
    if (fault != kNoFinish) {
      open(out);
      close(out, R"("stop")");
    }
    if (usage_) {
      head(out);
      out += R"([],"usage":{"prompt_tokens":10,"completion_tokens":)";
      append_number(out, p_.chunks);
      out += R"(,"total_tokens":)";
      append_number(out, p_.chunks + 10);
      out += "}}\n\n";
    }
    if (fault != kNoEnd) out += "data: [DONE]\n\n";
  }

 private:
  void head(std::string& out) {
    out += R"(data: {"id":"chatcmpl-)";
    out += p_.full ? "6oKxZgvi61KVaNRuTtcD7xq" : "mock";
    append_number(out, p_.seed);
    out += R"(","object":"chat.completion.chunk","created":1754300000,"model":)";
    out += p_.full ? R"("gpt-4.1-2025-04-14","service_tier":"default",)"
                     R"("system_fingerprint":"fp_51e1070cf2","choices":)"
                   : R"("mock-1","choices":)";
  }

  void open(std::string& out) {
    head(out);
    out += R"([{"index":0,"delta":{)";
  }

  void close(std::string& out, const char* finish) {
    out += p_.full ? R"(},"logprobs":null,"finish_reason":)" : R"(},"finish_reason":)";
    out += finish;
    if (!p_.full) {
      out += "}]}\n\n";
      return;
    }
    out += usage_ ? R"(}],"usage":null,"obfuscation":")" : R"(}],"obfuscation":")";
    out.append("XrK0bN7TdWq3Zs9", 1 + random_.below(15));
    out += "\"}\n\n";
  }

  const Params p_;
  const bool usage_;
  Random random_;
};

// With the spaces that api.anthropic.com puts before an event's last brace.
class Anthropic : public Form {
 public:
  explicit Anthropic(const Params& p) : p_(p), random_(p.seed) {}

  void begin(std::string& out) override {
    out +=
        "event: message_start\ndata: "
        R"({"type":"message_start","message":{"model":"claude-sonnet-4-5-20250929",)"
        R"("id":"msg_01mKhrSemHgdowCaJRZv1Q95","type":"message","role":"assistant",)"
        R"("content":[],"stop_reason":null,"stop_sequence":null,"usage":)"
        R"({"input_tokens":10,"cache_creation_input_tokens":0,)"
        R"("cache_read_input_tokens":0,"output_tokens":1,"service_tier":"standard"}})";
    pad(out);
    out +=
        "event: content_block_start\ndata: "
        R"({"type":"content_block_start","index":0,)"
        R"("content_block":{"type":"text","text":""})";
    pad(out);
    out += "event: ping\ndata: {\"type\": \"ping\"}\n\n";
  }

  void content(std::string& out, std::string_view text) override {
    out +=
        "event: content_block_delta\ndata: "
        R"({"type":"content_block_delta","index":0,)"
        R"("delta":{"type":"text_delta","text":")";
    out += text;
    out += "\"}";
    pad(out);
  }

  void error(std::string& out) override {
    out +=
        "event: error\ndata: "
        R"({"type":"error","error":{"type":"overloaded_error","message":"mock error"}})"
        "\n\n";
  }

  void end(std::string& out, Fault fault) override {
    out +=
        "event: content_block_stop\ndata: "
        R"({"type":"content_block_stop","index":0)";
    pad(out);
    if (fault != kNoFinish) {
      out +=
          "event: message_delta\ndata: "
          R"({"type":"message_delta","delta":{"stop_reason":"end_turn",)"
          R"("stop_sequence":null},"usage":{"output_tokens":)";
      append_number(out, p_.chunks);
      out += '}';
      pad(out);
    }
    if (fault != kNoEnd) {
      out +=
          "event: message_stop\ndata: "
          R"({"type":"message_stop")";
      pad(out);
    }
  }

 private:
  void pad(std::string& out) {
    out.append(random_.below(15), ' ');
    out += "}\n\n";
  }

  const Params p_;
  Random random_;
};

// CRLF, and token counts that grow in every event.
class Gemini : public Form {
 public:
  explicit Gemini(const Params& p) : p_(p) {}

  void content(std::string& out, std::string_view text) override {
    tokens_ += 5;
    event(out, text, "");
  }

  void error(std::string& out) override {
    out += R"(data: {"error": {"code": 503, "message": "mock error", "status": "UNAVAILABLE"}})"
           "\r\n\r\n";
  }

  void end(std::string& out, Fault fault) override {
    event(out, "", fault == kNoFinish || fault == kNoEnd ? "" : R"("finishReason": "STOP", )");
  }

 private:
  void event(std::string& out, std::string_view text, const char* finish) {
    out += R"(data: {"candidates": [{"content": {"parts": [{"text": ")";
    out += text;
    out += p_.fault == kNoRole ? R"("}]}, )" : R"("}], "role": "model"}, )";
    out += finish;
    out += R"("index": 0}], "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": )";
    append_number(out, tokens_);
    out += R"(, "totalTokenCount": )";
    append_number(out, tokens_ + 9);
    out += R"(, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 9}]}, )"
           R"("modelVersion": "gemini-2.5-pro", "responseId": "bH6LaZW8Fp_2JVtSDw03gm"})"
           "\r\n\r\n";
  }

  const Params p_;
  long tokens_ = 0;
};

// Lines of JSON, each with its own time.
class Ollama : public Form {
 public:
  explicit Ollama(const Params& p) : p_(p), micros_(104029) {}

  const char* content_type() const override { return "application/x-ndjson"; }

  void content(std::string& out, std::string_view text) override {
    micros_ += 17329;
    open(out);
    (out += text) += "\"},\"done\":false}\n";
  }

  void error(std::string& out) override { out += "{\"error\":\"mock error\"}\n"; }

  void end(std::string& out, Fault fault) override {
    open(out);
    out += "\"},\"done\":";
    out += fault == kNoEnd ? "false" : "true";
    if (fault != kNoFinish) out += R"(,"done_reason":"stop")";
    out += R"(,"total_duration":4883583458,"load_duration":1334875,"prompt_eval_count":26,)"
           R"("prompt_eval_duration":342546000,"eval_count":)";
    append_number(out, p_.chunks);
    out += ",\"eval_duration\":4535599000}\n";
  }

 private:
  void open(std::string& out) {
    out += R"({"model":"qwen3:8b","created_at":"2026-08-20T09:12:)";
    append_number(out, 10 + micros_ / 1000000 % 50);
    out += '.';
    append_number(out, 100000 + micros_ % 900000);
    out += p_.fault == kNoRole ? R"(Z","message":{"content":")"
                               : R"(Z","message":{"role":"assistant","content":")";
  }

  const Params p_;
  long micros_;
};

}  // namespace

std::unique_ptr<Form> Form::make(std::string_view path, const Params& p, bool usage) {
  if (path.ends_with("/chat/completions")) return std::make_unique<OpenAi>(p, usage);
  if (path.ends_with("/messages")) return std::make_unique<Anthropic>(p);
  if (path.ends_with(":streamGenerateContent")) return std::make_unique<Gemini>(p);
  if (path.ends_with("/api/chat")) return std::make_unique<Ollama>(p);
  return nullptr;
}

void append_openai_body(std::string& out, const Params& p, std::string_view text) {
  out += R"({"id":"chatcmpl-mock)";
  append_number(out, p.seed);
  out += R"(","object":"chat.completion","created":1754300000,"model":"mock-1",)"
         R"("choices":[{"index":0,"message":{"role":"assistant","content":")";
  out += text;
  out += R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":)";
  append_number(out, p.chunks);
  out += R"(,"total_tokens":)";
  append_number(out, p.chunks + 10);
  out += "}}";
}

void append_escaped(std::string& out, std::string_view text) {
  for (char ch : text) {
    switch (ch) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += ch;
    }
  }
}

void append_number(std::string& out, long n, int base) {
  char buf[24];
  out.append(buf, std::to_chars(buf, buf + sizeof buf, n, base).ptr);
}

}  // namespace bench
