// Copyright (C) 2026 The f0 authors

#include "agent_rig.h"

#include <cstring>
#include <optional>
#include <random>

#include "core/json/json.h"
#include "oracle.h"

namespace f0::agent_test {
namespace {

f0_str_t str(std::string_view s) { return {s.data(), s.size()}; }

std::string_view view(f0_str_t s) { return {s.data, s.len}; }

// A provider's stream in the OpenAI dialect, the text cut at code points.
std::string stream_of(const answer& a, std::mt19937* random, unsigned call) {
  std::string out;
  auto add = [&](const std::string& delta, std::string_view finish) {
    out += R"(data: {"id":"m","object":"chat.completion.chunk","created":1,"model":"up","choices":[{"index":0,"delta":)" +
           delta + R"(,"finish_reason":)" + (finish.empty() ? "null" : quoted(finish)) + "}]}\n\n";
  };
  add(R"({"role":"assistant","content":""})", {});
  if (!a.reasoning.empty()) add(R"({"reasoning_content":)" + quoted(a.reasoning) + "}", {});
  for (size_t at = 0; at < a.text.size();) {
    size_t n = a.text.size() - at;
    if (random != nullptr) {
      unsigned style = (*random)() % 4;
      size_t max = style == 0 ? 1 : style == 1 ? 7 : style == 2 ? 60 : 400;
      n = std::min<size_t>(n, 1 + (*random)() % max);
    }
    while (at + n < a.text.size() && (static_cast<unsigned char>(a.text[at + n]) & 0xc0) == 0x80) n++;
    add(R"({"content":)" + quoted(std::string_view(a.text).substr(at, n)) + "}", {});
    at += n;
  }
  if (a.breaks) return out;
  if (!a.tool.empty()) {
    add(R"({"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":)" + quoted(a.tool) +
            R"(,"arguments":"{}"}}]})", {});
  }
  add("{}", a.finish);
  out += R"(data: {"id":"m","object":"chat.completion.chunk","created":1,"model":"up","choices":[],"usage":{"prompt_tokens":)" +
         std::to_string(100 + call) + R"(,"completion_tokens":10,"total_tokens":)" +
         std::to_string(110 + call) + "}}\n\ndata: [DONE]\n\n";
  return out;
}

void take_chunk(result& r, const json::value& v, std::string_view name) {
  if (const json::value* e = v.get("error")) {
    r.error = e->str("message");
    return;
  }
  if (const json::value* f0 = v.get("f0")) {
    event e;
    e.name = name.empty() ? "chunk" : name;
    json::append_value(e.text, *f0);
    r.events.push_back(std::move(e));
  }
  const json::value* choices = v.get("choices");
  if (choices == nullptr || !choices->is_array()) {
    r.broken = "a chunk without choices";
    return;
  }
  for (const auto& c : *choices) {
    const json::value* delta = c.get("delta");
    for (const char* key : {"content", "reasoning_content"}) {
      std::string_view text = delta ? delta->str(key) : std::string_view();
      if (text.empty()) continue;
      std::string kind = key[0] == 'c' ? "content" : "reasoning";
      if (kind == "content") r.content += text;
      if (r.events.empty() || r.events.back().name != kind) r.events.push_back({kind, {}});
      r.events.back().text += text;
    }
    if (delta != nullptr && delta->get("tool_calls") != nullptr) {
      event e{"tool", {}};
      json::append_value(e.text, *delta->get("tool_calls"));
      r.events.push_back(std::move(e));
    }
    if (!c.str("finish_reason").empty()) r.finish += c.str("finish_reason");
  }
}

void read_stream(result& r) {
  json::document doc;
  std::string name;
  bool done = false;
  for (size_t at = 0; at < r.raw.size();) {
    size_t end = r.raw.find('\n', at);
    if (end == std::string::npos) {
      r.broken = "an unfinished line";
      return;
    }
    std::string_view line(r.raw.data() + at, end - at);
    at = end + 1;
    if (line.substr(0, 7) == "event: ") name = line.substr(7);
    if (line.substr(0, 5) == ": f0 ") r.events.push_back({"comment", std::string(line.substr(5))});
    if (line.empty()) name.clear();
    if (line.substr(0, 6) != "data: ") continue;
    if (done) r.broken = "an event behind [DONE]";
    if (line == "data: [DONE]") {
      done = true;
      continue;
    }
    const json::value* v = doc.parse(line.substr(6));
    if (v == nullptr) {
      r.broken = "data that is no JSON: " + std::string(line);
      return;
    }
    take_chunk(r, *v, name);
    doc.clear();
  }
  if (!done && !r.cancelled) r.broken = "no [DONE]";
}

void read_body(result& r) {
  json::document doc;
  const json::value* v = doc.parse(r.raw);
  if (v == nullptr) {
    r.broken = "a body that is no JSON";
    return;
  }
  if (const json::value* e = v->get("error")) {
    r.error = e->str("message");
    return;
  }
  const json::value& choice = (*v->get("choices"))[0];
  r.content = choice.get("message")->str("content");
  r.finish = choice.str("finish_reason");
  if (const json::value* f0 = v->get("f0")) {
    json::append_value(r.body_f0, *f0);
    for (const char* list : {"patches", "rejected"}) {
      for (const auto& p : *f0->get(list)) {
        event e{"body", {}};
        json::append_value(e.text, p);
        r.events.push_back(std::move(e));
      }
    }
  }
}

// The host's loop over one turn.
class host {
 public:
  host(f0_turn_t* t, const std::vector<answer>& script, const play_options& o, result& r)
      : turn_(t), script_(script), options_(o), result_(r), random_(o.seed) {}

  void run(std::string_view body) {
    for (;;) {
      if (cancel_now()) return;
      f0_action_t a;
      f0_turn_info_t before, after;
      f0_turn_info(turn_, &before);
      must(f0_turn_next(turn_, now_, &a));
      f0_turn_info(turn_, &after);
      judge(oracle_action(&a, now_));
      judge(oracle_usage(&before, &after));
      if (!options_.late || a.kind == F0_AGAIN) drain();
      switch (a.kind) {
        case F0_NEED_BODY: feed_body(body); break;
        case F0_AGAIN: break;
        case F0_RUN_WORK: work(a); break;
        case F0_CALL_MODEL: begin_call(a); break;
        case F0_WAIT:
          if (!calling_) {
            now_ = a.deadline;
          } else {
            feed_model();
          }
          break;
        case F0_RESPOND:
          result_.status = a.response.status;
          result_.raw.assign(a.response.body.data, a.response.body.len);
          return;
        case F0_FINISHED: drain(); return;
      }
      if (a.kind == F0_CALL_MODEL) feed_model();
    }
  }

 private:
  static void must(int rc) {
    if (rc < 0) abort();
  }

  void judge(const char* wrong) {
    if (wrong != nullptr && result_.broken.empty()) result_.broken = wrong;
  }

  size_t up_to(size_t n) { return options_.seed == 0 ? n : std::min<size_t>(n, 1 + random_() % std::max<size_t>(1, n)); }

  bool cancel_now() {
    if (options_.cancel_after < 0 || steps_++ < options_.cancel_after) return false;
    f0_turn_info_t known, after;
    f0_turn_info(turn_, &known);
    f0_turn_cancel(turn_);
    f0_turn_info(turn_, &after);
    judge(oracle_usage(&known, &after));
    result_.cancelled = true;
    size_t before = result_.raw.size();
    f0_action_t a;
    must(f0_turn_next(turn_, now_, &a));
    if (a.kind == F0_CALL_MODEL) result_.broken = "a call behind the end";
    drain();
    if (result_.raw.size() != before) result_.broken = "output behind the end";
    return true;
  }

  void drain() {
    f0_str_t out;
    do {
      must(f0_turn_output(turn_, &out));
      result_.raw.append(out.data, out.len);
      result_.most = std::max(result_.most, out.len);
    } while (out.len > 0);
  }

  void feed_body(std::string_view body) {
    while (!body.empty()) {
      size_t n = up_to(body.size());
      must(f0_turn_body(turn_, body.data(), n, n == body.size()));
      body.remove_prefix(n);
    }
  }

  void work(f0_action_t& a) {
    result_.works++;
    f0_work_run(a.work);
    if (options_.seed != 0) now_ += random_() % 3;
    must(f0_turn_work_done(turn_, now_));
  }

  void begin_call(const f0_action_t& a) {
    result_.asked.emplace_back(a.call.body.data, a.call.body.len);
    current_ = &script_[std::min(result_.asked.size(), script_.size()) - 1];
    calling_ = true;
    if (current_->bare) {
      end(F0_END_UNREACHABLE);
      return;
    }
    bool ok = current_->status == 200;
    bytes_ = ok ? stream_of(*current_, options_.seed ? &random_ : nullptr,
                            static_cast<unsigned>(result_.asked.size()))
                : R"({"error":{"message":"no","type":"server_error"}})";
    at_ = 0;
    f0_header_t h{str("content-type"), str(ok ? "text/event-stream" : "application/json")};
    must(f0_turn_model_head(turn_, current_->status, &h, 1, now_));
  }

  void end(f0_model_end_t how) {
    calling_ = false;
    must(f0_turn_model_end(turn_, how, now_));
    if (!options_.late) drain();
  }

  // A piece, or the end.
  void feed_model() {
    if (!calling_) return;
    if (at_ == bytes_.size()) {
      return end(current_->breaks ? F0_END_TRUNCATED : F0_END_CLEAN);
    }
    if (options_.seed != 0) now_ += random_() % 40;
    size_t n = up_to(std::min<size_t>(bytes_.size() - at_, options_.seed ? 4096 : SIZE_MAX));
    int rc = f0_turn_model_data(turn_, bytes_.data() + at_, n, now_);
    must(rc);
    at_ += n;
    if (!options_.late) drain();
    if (rc == F0_MODEL_DONE) end(F0_END_CLEAN);
  }

  f0_turn_t* turn_;
  const std::vector<answer>& script_;
  const play_options& options_;
  result& result_;
  std::mt19937 random_;
  const answer* current_ = nullptr;
  std::string bytes_;
  size_t at_ = 0;
  bool calling_ = false;
  int steps_ = 0;
  int64_t now_ = 1000;
};

void configure(f0_config_t* cf, const play_options& o) {
  f0_str_t err;
  auto set = [&](const std::vector<std::string>& words) {
    std::vector<f0_str_t> argv;
    for (const auto& w : words) argv.push_back(str(w));
    if (f0_config_model_set(cf, argv.data(), argv.size(), &err) != F0_OK) abort();
  };
  if (f0_config_provider(cf, str("up"), str("openai"), str("/up/"), str(""), &err) != F0_OK) abort();
  if (f0_config_model(cf, str(o.model_id), &err) != F0_OK) abort();
  set({"mode", o.mode});
  bool tries = false;
  for (const auto& words : o.model) {
    set(words);
    tries |= words[0] == "try";
  }
  if (!tries) set({"try", "up"});
  if (f0_config_check(cf, &err) != F0_OK) abort();
}

}  // namespace

std::vector<std::string> result::of(std::string_view type, std::string_view key) const {
  std::vector<std::string> out;
  json::document doc;
  for (const auto& e : events) {
    if (e.name == "content" || e.name == "reasoning" || e.name == "tool") continue;
    const json::value* v = doc.parse(e.text);
    if (v == nullptr || v->str("type") != type) continue;
    const json::value* m = v->get(key);
    out.emplace_back(m == nullptr ? "(none)" : m->is_string() || m->is_number() ? std::string(m->text()) : "(other)");
  }
  return out;
}

result play(std::string_view body, const std::vector<answer>& script, const play_options& o) {
  result r;
  f0_config_t* cf = f0_config_new();
  configure(cf, o);
  f0_worker_t* w = f0_worker_new();
  f0_turn_options_t to{};
  to.seed = str("00112233445566778899aabbccddeeff");
  to.created = 1754000000;
  to.now = 1000;
  to.body_max = 32 << 20;
  to.stream_header = str(o.header);
  f0_turn_t* t = f0_turn_new(w, cf, &to);
  host(t, script, o, r).run(body);
  f0_turn_info_t info;
  f0_turn_info(t, &info);
  r.patches = info.patches;
  r.mode = view(info.mode);
  r.end = view(info.end);
  r.prompt_tokens = info.prompt_tokens;
  const char* wrong = oracle_output(r.raw.data(), r.raw.size(), r.status,
                                    (r.cancelled ? ORACLE_CUT : 0) | (r.mode == "raw" ? ORACLE_RAW : 0));
  if (wrong != nullptr && r.broken.empty()) r.broken = wrong;
  f0_turn_free(t);
  f0_worker_free(w);
  f0_config_free(cf);
  r.status == 0 ? read_stream(r) : read_body(r);
  return r;
}

// ---- patches

namespace {

std::string_view take_line(std::string_view& s) {
  size_t end = s.find('\n');
  std::string_view line = s.substr(0, end);
  s.remove_prefix(end == std::string_view::npos ? s.size() : end + 1);
  return line;
}

std::vector<std::string> lines_of(std::string_view s) {
  std::vector<std::string> out;
  while (!s.empty()) {
    size_t end = s.find('\n');
    size_t n = end == std::string_view::npos ? s.size() : end + 1;
    out.emplace_back(s.substr(0, n));
    s.remove_prefix(n);
  }
  return out;
}

bool starts(std::string_view s, std::string_view p) { return s.substr(0, p.size()) == p; }

}  // namespace

bool apply_diff(tree& files, std::string_view diff, std::string& why) {
  std::string from, to;
  bool create = false, remove = false;
  std::vector<std::string> old, now;
  size_t at = 0;
  auto fail = [&](std::string text) {
    why = std::move(text);
    return false;
  };
  bool opened = false;
  while (!diff.empty()) {
    std::string_view line = take_line(diff);
    if (starts(line, "diff --git ")) {
      size_t b = line.find(" b/");
      from = line.substr(13, b - 13);
      to = line.substr(b + 3);
    } else if (starts(line, "new file mode")) {
      create = true;
    } else if (starts(line, "deleted file mode")) {
      remove = true;
    } else if (starts(line, "rename from ")) {
      from = line.substr(12);
    } else if (starts(line, "rename to ")) {
      to = line.substr(10);
    } else if (starts(line, "@@ -")) {
      size_t start = 0, removed = 1, added = 1, new_start = 0;
      if (sscanf(std::string(line).c_str(), "@@ -%zu,%zu +%zu,%zu", &start, &removed, &new_start, &added) != 4) {
        removed = added = 1;
        if (sscanf(std::string(line).c_str(), "@@ -%zu,%zu +%zu @@", &start, &removed, &new_start) != 3) {
          removed = 1;
          if (sscanf(std::string(line).c_str(), "@@ -%zu +%zu,%zu @@", &start, &new_start, &added) != 3 &&
              sscanf(std::string(line).c_str(), "@@ -%zu +%zu @@", &start, &new_start) != 2) {
            return fail("a hunk's head: " + std::string(line));
          }
        }
      }
      if (!opened) {
        opened = true;
        if (!create) {
          if (files.count(from) == 0) return fail("no file " + from);
          old = lines_of(files[from]);
        } else if (files.count(to) > 0) {
          return fail(to + " exists");
        }
      }
      size_t place = removed == 0 ? start : start - 1;
      if (place < at || place > old.size()) return fail("a hunk out of order");
      for (; at < place; at++) now.push_back(old[at]);
      while (removed > 0 || added > 0) {
        std::string_view l = take_line(diff);
        std::string text(l.empty() ? "" : l.substr(1));
        if (!starts(diff, "\\")) {
          text += '\n';
        } else {
          take_line(diff);
        }
        char sign = l.empty() ? ' ' : l[0];
        if (sign != '+') {
          if (at >= old.size() || old[at] != text) return fail("a line does not fit: " + text);
          at++;
          removed--;
        }
        if (sign != '-') {
          now.push_back(text);
          added--;
        }
      }
    }
  }
  if (!opened && !create && files.count(from) > 0) {
    now = lines_of(files[from]);
    at = 0;
    old.clear();
  }
  for (; at < old.size(); at++) now.push_back(old[at]);
  std::string text;
  for (const auto& l : now) text += l;
  if (!create) files.erase(from);
  if (remove) return text.empty() || !opened ? true : fail("something is left of " + from);
  files[to] = text;
  return true;
}

bool apply(tree& files, const result& r, std::string& why) {
  for (const auto& diff : r.of("patch", "diff")) {
    if (!apply_diff(files, diff, why)) {
      why += "\n" + diff;
      return false;
    }
  }
  return true;
}

std::string quoted(std::string_view s) {
  std::string out;
  json::append_string(out, s);
  return out;
}

std::string request(const tree& files, std::string_view more, std::string_view words) {
  std::string out = R"({"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":)" +
                    quoted(words) + "}]";
  if (!files.empty()) {
    out += R"(,"files":[)";
    bool first = true;
    for (const auto& [path, content] : files) {
      if (!first) out += ',';
      first = false;
      out += R"({"path":)" + quoted(path) + R"(,"content":)" + quoted(content) + R"(,"isOpen":true})";
    }
    out += ']';
  }
  if (!more.empty()) {
    out += ',';
    out += more;
  }
  return out + "}";
}

}  // namespace f0::agent_test
