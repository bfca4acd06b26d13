// Copyright (C) 2026 The f0 authors
//
// turn_call.cc - a turn's calls: which provider is asked, and how its request
// is written.

#include <utility>

#include "../front/lane.h"
#include "../provider/completion/completion.h"
#include "turn.h"

namespace f0 {
namespace {

constexpr string_view kBom = "\xEF\xBB\xBF";
constexpr char kReasoning = 'r';     // the key of a provider's name for it
constexpr size_t kRecalled = 1000;   // the last calls of a history, for what was kept
constexpr size_t kSpare = 16 << 10;  // what one request leaves to the next shrinks to this

}  // namespace

// State belongs to a dialect; engines of the dialects openai and responses differ,
// and refuse what another one asked for.
std::string turn::state_key(char what, string_view id, string_view name) const {
  const f0::provider& p = config_.provider_at(attempt().provider);
  std::string key(1, what);
  if (p.dialect == dialect::id::openai || p.dialect == dialect::id::responses) key += p.name;
  // A call's is its client's: ids can be guessed.
  if (!id.empty()) key.append(1, '\0').append(1, static_cast<char>(client_.size())).append(client_);
  for (const string_view part : {id, name}) key.append(1, '\0').append(part);
  return key;
}

// The same in an envelope.
std::string turn::origin() const {
  const f0::provider& p = config_.provider_at(attempt().provider);
  std::string s = std::to_string(static_cast<int>(p.dialect));
  if (p.dialect == dialect::id::openai || p.dialect == dialect::id::responses) s += p.name;
  return s;
}

void turn::keep_state(string_view id, string_view name, chat::state what, string_view json) {
  worker_.states.put(state_key(chat::letter(what), id, name), json);
}

// What is encoded is the request, of which anything may be large, or a responder's
// own messages.
bool turn::plan_size_above(size_t n) const {
  if (incoming_->body.size() > n) return true;
  if (responder_->raw() || !plan_.messages) return false;
  size_t size = 0;
  for (const auto& m : *plan_.messages) {
    for (const auto& p : m.parts) size += p.text.size() + p.url.size() + p.file_data.size();
    for (const auto& c : m.tool_calls) size += c.arguments.size();
    if (size > n) return true;
  }
  return false;
}

bool turn::is_carried(const f0::attempt& a, chat::bad_request& bad) const {
  const dialect::id d = config_.provider_at(a.provider).dialect;
  return request_->completion ? dialect::check_completion(d, a.options.fim, *request_, bad)
                              : dialect::check_dialect(d, *request_, bad);
}

bool turn::carries(unsigned line) {
  chat::bad_request why;
  const unsigned before = std::exchange(attempt_, line);
  const bool good = responder_->raw() || is_carried(model_->tries[line], why);
  attempt_ = before;
  if (!good && line == 0) incoming_->uncarried = std::move(why);
  return good;
}

// Whether any provider could be asked; the first one is looked at until one is.
bool turn::carried() {
  unsigned line = 0;
  while (line < model_->tries.size() && !carries(line)) line++;
  if (line == model_->tries.size()) return false;
  attempt_ = line;
  return true;
}

// The next line of "try" is asked now, or later; false: none is left.
bool turn::ask_next() {
  const tries::choice c = tries_->next(now_, [this](unsigned line) { return carries(line); });
  if (c.what == tries::what::ask) attempt_ = c.line;
  quiet_until_ = 0;
  return c.what != tries::what::none;
}

void turn::prepare_call() {
  const f0::attempt& a = attempt();
  const auto& messages = plan_.messages ? *plan_.messages : request_->messages;
  sent_ = request_->prompt.size() + request_->suffix.size();
  for (const auto& m : messages) {
    for (const auto& part : m.parts) sent_ += part.text.size();
  }
  outgoing_ = std::make_unique<outgoing>(budget_);
  outgoing_->count_only = request_->count_only;
  dialect::call& c = outgoing_->call;
  c.model = a.model.empty() ? string_view(model_name_) : string_view(a.model);
  if (responder_->raw()) return;
  c.request = request_.get();
  c.messages = &messages;
  c.path = config_.provider_at(a.provider).path;
  c.goes_on = relay_ && plan_.messages == &relay_->messages;
  c.verbatim = plan_.messages == nullptr || (c.goes_on && relay_->own);
  c.stream = streams_ && a.live;
  c.client_tools = plan_.client_tools;
  c.options = a.options;
  recall(c);
}

// Taken out of the store now: the encoder may run in a thread.
void turn::recall(dialect::call& c) {
  const f0::provider& p = config_.provider_at(attempt().provider);
  c.kept = &outgoing_->kept;
  if (p.dialect == dialect::id::openai) {
    outgoing_->kept.reasoning_name = worker_.states.get(state_key(kReasoning, {}, {}));
  }
  // Clients of these carry it themselves: what they leave out is not wanted.
  if (has_lane(front_id_)) return;
  const std::vector<chat::state> wanted = dialect::states_of(p.dialect);
  size_t left = kRecalled;
  for (auto m = c.messages->rbegin(); m != c.messages->rend(); ++m) {
    for (const auto& t : m->tool_calls) {
      if (wanted.empty() || left-- == 0) return;
      for (const chat::state what : wanted) {
        outgoing_->kept.put(what, t,
                            worker_.states.get(state_key(chat::letter(what), t.id, t.name)));
      }
    }
  }
}

// Engines read reasoning back under the name that they gave it.
void turn::note_reasoning() {
  const string_view name = stream_->reasoning_name();
  if (name.empty()) return;
  const std::string key = state_key(kReasoning, {}, {});
  if (worker_.states.get(key) != name) worker_.states.put(key, name);
}

// The request as it came.
void turn::encode_lane() {
  const f0::attempt& a = attempt();
  dialect::encoded& e = outgoing_->encoded;
  const f0::provider& p = config_.provider_at(a.provider);
  dialect::default_path(dialect(), outgoing_->call.model, streams_, e.path, e.args);
  if (request_->completion) e.path = "v1/" + std::string(front_.name);
  if (!p.path.empty()) e.path = p.path;
  std::string body = front::without_envelopes(front_id_, incoming_->body.view());
  const bool marked = has_lane(front_id_) && body.starts_with(kBom);
  e.body = a.model.empty() ? std::move(body) : dialect::replace_model(body, a.model);
  if (marked && !e.body.starts_with(kBom)) e.body.insert(0, kBom);
  e.args = incoming_->args;
  e.headers = {{"content-type", "application/json"},
               {"accept", streams_ ? "text/event-stream" : "application/json"}};
  if (dialect() != dialect::id::anthropic) return;
  outgoing_->version = incoming_->version.empty() ? "2023-06-01" : incoming_->version;
  outgoing_->beta = incoming_->beta;
  e.headers.emplace_back("anthropic-version", outgoing_->version);
  if (!outgoing_->beta.empty()) e.headers.emplace_back("anthropic-beta", outgoing_->beta);
}

void turn::encode_call() {
  const f0::attempt& a = attempt();
  const f0::provider& p = config_.provider_at(a.provider);
  const dialect::call& c = outgoing_->call;
  dialect::encoded& e = outgoing_->encoded;
  if (responder_->raw()) {
    encode_lane();
  } else {
    // What is not used of it is no memory, and it is not copied as it grows.
    if (size_t n = incoming_->body.size(); n > kInline) e.body.reserve(n + n / 8);
    outgoing_->kept.take_returned(p.dialect, *c.messages, worker_.key, origin(), c.model,
                                  outgoing_->held);
    dialect::encode(p.dialect, c, e);
  }
  if (request_->count_only) e.path += "/count_tokens";
  // A location whose end says the version needs no second one.
  string_view path = e.path;
  for (string_view version : {"/v1/", "/v1beta/"}) {
    if (p.location.size() >= version.size() &&
        string_view(p.location).substr(p.location.size() - version.size()) == version &&
        path.substr(0, version.size() - 1) == version.substr(1)) {
      path.remove_prefix(version.size() - 1);
    }
  }
  outgoing_->uri = p.location;
  outgoing_->uri += path;
  // It waits as long as the provider thinks.
  if (e.body.size() < kInline) e.body.shrink_to_fit();
}

void turn::call_encoded() {
  if (!outgoing_->held.take(outgoing_->encoded.body.size()) || !incoming_->document.complete()) {
    return fail(
        server_error("code_generation_failed", "the turn needs more memory than its limit", 500));
  }
  if (relay_ && relay_->cuts > 0 && strict_ && !outgoing_->encoded.dropped.empty()) {
    return pass_relay();
  }
  if (!drops()) call_ready_ = true;
}

// Where nothing may be dropped: the next line of "try" may drop nothing.
bool turn::drops() {
  const chat::drop_list& lost = outgoing_->encoded.dropped;
  if (!strict_ || lost.empty() || !responder_->may_restart()) return false;
  if (incoming_->lost.empty()) incoming_->lost = lost.first();
  outgoing_.reset();
  tries_->give_up(attempt_);
  if (ask_next()) {
    want_call_ = tries_->chosen();
    return true;
  }
  chat::bad_request bad;
  bad.param = incoming_->lost;
  bad.code = "unsupported_parameter";
  bad.message = "Unsupported parameter: '" + bad.param +
                "' cannot be sent to this model's provider, and this server drops nothing.";
  refuse(bad);
  return true;
}

void turn::start_call(f0_action_t& a) {
  call_ready_ = timed_out_ = false;
  quiet_until_ = 0;
  provider_ = attempt().provider;
  const dialect::encoded& e = outgoing_->encoded;
  dialect::stream::options o;
  o.dialect = dialect();
  o.stops = e.stops;
  dropped_ = e.dropped.header();
  o.unfence = e.unfence;
  o.json_tool = e.json_tool;
  o.count = outgoing_->count_only;
  o.names = e.names;
  o.memory = &budget_;
  chat::sink& to = events_ ? static_cast<chat::sink&>(*events_) : sink();
  stream_ = std::make_unique<dialect::stream>(o, worker_.scratch, to);
  responder_->begin_call();
  envelopes_.from(origin(), outgoing_->call.model);
  outlet_->cut(0);
  tries_->asked(attempt_, now_);
  calls_++;
  calling_ = true;
  held_ = false;
  call_began_ = last_use_ = now_;
  last_byte_ = -1;
  used_ = 0;
  describe_call(a);
  if (plan_.last && request_ && !relay_ && (tries_->spent() || !responder_->may_restart()))
    release_request();
}

// What was asked is still there, as nobody has answered.
bool turn::ask_anew() {
  if (!outgoing_ || !tries_->anew()) return false;
  stream_.reset();
  calls_--;
  calling_ = false;
  call_ready_ = true;
  return true;
}

void turn::describe_call(f0_action_t& a) {
  a.kind = F0_CALL_MODEL;
  a.deadline = deadline();
  const dialect::encoded& e = outgoing_->encoded;
  outgoing_->headers.clear();
  outgoing_->headers.reserve(e.headers.size());
  for (const auto& [name, value] : e.headers) outgoing_->headers.push_back({str(name), str(value)});
  a.call.number = calls_;
  a.call.provider = provider_;
  a.call.uri = str(outgoing_->uri);
  a.call.args = str(e.args);
  a.call.headers = outgoing_->headers.data();
  a.call.nheaders = outgoing_->headers.size();
  a.call.body = str(e.body);
}

// Nothing can be asked again: what the call was made of is not needed any more.
void turn::release_request() {
  responder_->call_is_last();
  plan_.messages = nullptr;
  request_.reset();
  json::document& read = incoming_->document;
  read.clear();
  if (read.memory() <= kSpare) worker_.spare = std::move(read);
  incoming_.reset();
}

}  // namespace f0
