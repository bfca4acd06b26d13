// Copyright (C) 2026 The f0 authors

#include "writer.h"

#include <algorithm>

#include "../../json/json.h"
#include "../run.h"

namespace f0::front {

namespace {

constexpr string_view content_open = "{\"index\":0,\"delta\":{\"content\":\"";

// What follows a content chunk's text, without and with the key "usage".
constexpr string_view content_close = "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n";
constexpr string_view content_close_usage =
    "\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n";

void append_head(std::string& out, const identity& who, string_view object) {
  out += "{\"id\":";
  json::append_string(out, "chatcmpl-" + who.id);
  out += ",\"object\":\"";
  out += object;
  out += "\",\"created\":";
  out += std::to_string(who.created);
  out += ",\"model\":";
  json::append_string(out, who.model);
  out += ",\"choices\":[";
}

int64_t or_zero(int64_t n) { return n < 0 ? 0 : n; }

void append_member(std::string& out, string_view key, int64_t n) {
  out += '"';
  out += key;
  out += "\":";
  out += std::to_string(or_zero(n));
}

// A call's members, from its id on.
void append_call(std::string& out, const event& head, string_view arguments) {
  out += "\"id\":";
  json::append_string(out, head.id);
  out += head.custom ? ",\"type\":\"custom\",\"custom\":{\"name\":"
                     : ",\"type\":\"function\",\"function\":{\"name\":";
  json::append_string(out, head.name);
  out += head.custom ? ",\"input\":" : ",\"arguments\":";
  json::append_string(out, arguments);
  out += '}';
  if (!head.json.empty()) {
    out += ",\"extra_content\":";
    out += head.json;
  }
}

void append_image(std::string& out, string_view url) {
  out += "{\"type\":\"image_url\",\"image_url\":{\"url\":";
  json::append_string(out, url);
  out += "}}";
}

}  // namespace

void append_usage(std::string& out, const chat::usage& u) {
  out += '{';
  append_member(out, "prompt_tokens", u.prompt);
  out += ',';
  append_member(out, "completion_tokens", u.completion);
  out += ',';
  append_member(out, "total_tokens", u.total);
  out += ",\"prompt_tokens_details\":{";
  append_member(out, "cached_tokens", u.cached);
  if (u.cache_write > 0) {
    out += ',';
    append_member(out, "cache_write_tokens", u.cache_write);
  }
  out += "},\"completion_tokens_details\":{";
  append_member(out, "reasoning_tokens", u.reasoning);
  out += "}}";
}

// ---- chunks

chunk_writer::chunk_writer(const identity& who, bool include_usage)
    : include_usage_(include_usage) {
  constexpr size_t rest = 96;  // of what all chunks share, beside the names
  constexpr size_t spare = 32;
  const string_view close = include_usage ? content_close_usage : content_close;
  close_size_ = static_cast<uint32_t>(close.size());
  frame_.reserve(close.size() + rest + who.id.size() + who.model.size() + content_open.size());
  frame_ += close;
  frame_ += "data: ";
  append_head(frame_, who, "chat.completion.chunk");
  head_size_ = static_cast<uint32_t>(frame_.size()) - close_size_;
  frame_ += content_open;
  if (frame_.capacity() - frame_.size() > spare) frame_.shrink_to_fit();
}

void chunk_writer::open(std::string& out, int choice) {
  ++chunks_;
  out += head();
  out += "{\"index\":";
  out += std::to_string(choice);
  out += ",\"delta\":{";
}

// Up to the chunk's last brace, which is the caller's.
void chunk_writer::close(std::string& out, string_view finish) {
  out += "},\"logprobs\":null,\"finish_reason\":";
  if (finish.empty()) {
    out += "null";
  } else {
    json::append_string(out, finish);
  }
  out += include_usage_ ? "}],\"usage\":null" : "}]";
}

void chunk_writer::text(std::string& out, int choice, string_view key, string_view text) {
  open(out, choice);
  out += '"';
  out += key;
  out += "\":";
  json::append_string(out, text);
  close(out);
  out += "}\n\n";
}

void chunk_writer::role(std::string& out, int choice) {
  if (choice == 0 && std::exchange(began_, true)) return;
  open(out, choice);
  out += "\"role\":\"assistant\",\"content\":\"\"";
  close(out);
  out += "}\n\n";
}

void chunk_writer::on(std::string& out, const event& e) {
  switch (e.type) {
    case event::kind::role:
      return role(out, e.choice);
    case event::kind::content:
      return text(out, e.choice, "content", e.text);
    case event::kind::reasoning:
      return text(out, e.choice, "reasoning_content", e.text);
    case event::kind::refusal:
      return text(out, e.choice, "refusal", e.text);
    case event::kind::details:
      return details(out, e);
    case event::kind::image:
      return image(out, e);
    case event::kind::call:
      return call(out, e);
    case event::kind::arguments:
      return arguments(out, e);
    case event::kind::extra:
      return extra(out, e);
    case event::kind::keep:
      return;  // the turn keeps it
    case event::kind::finish:
      open(out, e.choice);
      close(out, finish_word(e.why));
      out += "}\n\n";
      return;
  }
}

size_t chunk_writer::content_run(std::string& out, const string_view* json, size_t n) {
  append_run(out, frame_, close_size_, json, n);
  chunks_ += static_cast<unsigned>(n);
  return n;
}

// In one delta: readers that know both take one of them for the text.
void chunk_writer::details(std::string& out, const event& e) {
  open(out, e.choice);
  if (!e.text.empty()) {
    out += "\"reasoning_content\":";
    json::append_string(out, e.text);
    out += ',';
  }
  out += "\"reasoning_details\":";
  out += e.json;
  close(out);
  out += "}\n\n";
}

void chunk_writer::image(std::string& out, const event& e) {
  open(out, e.choice);
  out += "\"images\":[";
  append_image(out, e.text);
  out += ']';
  close(out);
  out += "}\n\n";
}

// Up to the call's members behind its index.
void chunk_writer::open_call(std::string& out, const event& e) {
  open(out, e.choice);
  out += "\"tool_calls\":[{\"index\":";
  out += std::to_string(e.number);
  out += ',';
}

void chunk_writer::call(std::string& out, const event& e) {
  if (e.custom) custom_.emplace_back(e.choice, e.number);
  open_call(out, e);
  append_call(out, e, {});
  out += "}]";
  close(out);
  out += "}\n\n";
}

void chunk_writer::arguments(std::string& out, const event& e) {
  const auto same = std::pair(e.choice, e.number);
  const bool custom = std::find(custom_.begin(), custom_.end(), same) != custom_.end();
  open_call(out, e);
  out += custom ? "\"custom\":{\"input\":" : "\"function\":{\"arguments\":";
  json::append_string(out, e.text);
  out += "}}]";
  close(out);
  out += "}\n\n";
}

void chunk_writer::extra(std::string& out, const event& e) {
  open_call(out, e);
  out += "\"extra_content\":";
  out += e.json;
  out += "}]";
  close(out);
  out += "}\n\n";
}

void chunk_writer::done(std::string& out, const chat::usage& u) {
  if (include_usage_ && u.any()) {
    ++chunks_;
    out += head();
    out += "],\"usage\":";
    append_usage(out, u);
    out += "}\n\n";
  }
  out += "data: [DONE]\n\n";
}

void chunk_writer::error(std::string& out, const api_error& t) {
  out += "data: ";
  append_error_object(out, t);
  out += "\n\ndata: [DONE]\n\n";
}

void chunk_writer::stay_awake(std::string& out, bool long_silence) {
  if (!long_silence) return comment(out, "keep-alive");
  if (!began_) return role(out, 0);
  open(out, 0);
  close(out);
  out += "}\n\n";
}

void chunk_writer::extension(std::string& out, string_view object, string_view event) {
  role(out, 0);
  if (!event.empty()) {
    out += "event: ";
    out += event;
    out += '\n';
  }
  open(out, 0);
  close(out);
  out += ",\"f0\":";
  out += object;
  out += "}\n\n";
}

// ---- a whole body

struct completion_writer::impl {
  struct call {
    int k;
    bool custom;
    std::string id, name, arguments, extra;
  };
  struct choice {
    int index;
    std::string content, reasoning, refusal;
    std::string details;  // reasoning_details, as JSON
    std::vector<std::string> images;
    std::vector<call> calls;
    chat::finish finish = chat::finish::none;
  };

  impl(const identity& w, budget& b) : who(w), memory(b) {}
  ~impl() { memory.release(charged); }

  bool charge(size_t n) {
    if (!memory.charge(n)) return false;
    charged += n;
    return true;
  }

  // Choices in the order of their indexes.
  choice* find(int index) {
    auto it = choices.begin();
    while (it != choices.end() && it->index < index) ++it;
    if (it == choices.end() || it->index != index) {
      if (!charge(sizeof(choice))) return nullptr;
      it = choices.insert(it, choice{index, {}, {}, {}, {}, {}, {}});
    }
    return &*it;
  }

  call* find(int index, int k) {
    choice* c = find(index);
    if (c == nullptr) return nullptr;
    for (auto it = c->calls.rbegin(); it != c->calls.rend(); ++it) {
      if (it->k == k) return &*it;
    }
    return nullptr;
  }

  bool append(int index, std::string choice::*text, string_view s) {
    choice* c = find(index);
    if (c == nullptr || !charge(s.size())) return false;
    (c->*text).append(s);
    return true;
  }

  bool image(const event& e) {
    choice* c = find(e.choice);
    if (c == nullptr || !charge(sizeof(std::string) + e.text.size())) return false;
    c->images.emplace_back(e.text);
    return true;
  }

  bool begin(const event& e) {
    choice* c = find(e.choice);
    if (c == nullptr || !charge(sizeof(call) + e.id.size() + e.name.size() + e.json.size())) {
      return false;
    }
    c->calls.push_back(
        {e.number, e.custom, std::string(e.id), std::string(e.name), {}, std::string(e.json)});
    return true;
  }

  bool arguments(const event& e) {
    call* c = find(e.choice, e.number);
    if (c == nullptr || !charge(e.text.size())) return false;
    c->arguments.append(e.text);
    return true;
  }

  // The whole list each time.
  bool details(const event& e) {
    choice* c = find(e.choice);
    if (c == nullptr || !charge(e.json.size())) return false;
    c->details = e.json;
    return true;
  }

  bool extra(const event& e) {
    call* c = find(e.choice, e.number);
    if (c == nullptr || !charge(e.json.size())) return false;
    c->extra = e.json;
    return true;
  }

  identity who;
  budget& memory;
  size_t charged = 0;
  std::vector<choice> choices;
  chat::usage usage;
  std::string extension;
};

completion_writer::completion_writer(const identity& who, budget& b)
    : impl_(std::make_unique<impl>(who, b)) {}
completion_writer::~completion_writer() = default;

bool completion_writer::on(const event& e) {
  switch (e.type) {
    case event::kind::role:
      return impl_->find(e.choice) != nullptr;
    case event::kind::content:
      return impl_->append(e.choice, &impl::choice::content, e.text);
    case event::kind::reasoning:
    case event::kind::details:
      return e.text.empty() || impl_->append(e.choice, &impl::choice::reasoning, e.text);
    case event::kind::refusal:
      return impl_->append(e.choice, &impl::choice::refusal, e.text);
    case event::kind::image:
      return impl_->image(e);
    case event::kind::call:
      return impl_->begin(e);
    case event::kind::arguments:
      return impl_->arguments(e);
    case event::kind::extra:
      return impl_->extra(e);
    case event::kind::keep:
      return e.of != state::details || impl_->details(e);
    case event::kind::finish:
      if (impl::choice* c = impl_->find(e.choice)) c->finish = e.why;
      return true;
  }
  return true;
}

void completion_writer::restart() {
  impl_->memory.release(impl_->charged);
  impl_->charged = 0;
  impl_->choices.clear();
}

void completion_writer::usage(const chat::usage& u) { impl_->usage = u; }

void completion_writer::extension(string_view object) { impl_->extension = object; }

void completion_writer::write(std::string& out) const {
  const auto string_or_null = [&](string_view key, const std::string& s) {
    out += ",\"";
    out += key;
    out += "\":";
    if (s.empty()) {
      out += "null";
    } else {
      json::append_string(out, s);
    }
  };

  append_head(out, impl_->who, "chat.completion");
  bool first = true;
  for (const impl::choice& c : impl_->choices) {
    if (!first) out += ',';
    first = false;
    out += "{\"index\":";
    out += std::to_string(c.index);
    out += ",\"message\":{\"role\":\"assistant\"";
    if (c.content.empty() && c.calls.empty() && c.refusal.empty()) {
      out += ",\"content\":\"\"";  // null stands for tool calls or a refusal
    } else {
      string_or_null("content", c.content);
    }
    string_or_null("refusal", c.refusal);
    if (!c.reasoning.empty()) string_or_null("reasoning_content", c.reasoning);
    if (!c.calls.empty()) {
      out += ",\"tool_calls\":[";
      for (const impl::call& t : c.calls) {
        if (&t != c.calls.data()) out += ',';
        out += '{';
        append_call(out,
                    {.type = event::kind::call,
                     .custom = t.custom,
                     .json = t.extra,
                     .id = t.id,
                     .name = t.name},
                    t.arguments);
        out += '}';
      }
      out += ']';
    }
    if (!c.images.empty()) {
      out += ",\"images\":[";
      for (const std::string& url : c.images) {
        if (&url != c.images.data()) out += ',';
        append_image(out, url);
      }
      out += ']';
    }
    if (!c.details.empty()) {
      out += ",\"reasoning_details\":";
      out += c.details;
    }
    out += "},\"logprobs\":null,\"finish_reason\":";
    if (c.finish == chat::finish::none) {
      out += "null}";
    } else {
      json::append_string(out, chat::finish_word(c.finish));
      out += '}';
    }
  }
  out += ']';
  if (impl_->usage.any()) {
    out += ",\"usage\":";
    append_usage(out, impl_->usage);
  }
  if (!impl_->extension.empty()) {
    out += ",\"f0\":";
    out += impl_->extension;
  }
  out += '}';
}

}  // namespace f0::front
