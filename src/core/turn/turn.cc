// Copyright (C) 2026 The f0 authors

#include "turn.h"

#include <algorithm>

#include "../agent/agent.h"
#include "../agent/testing.h"
#include "../base/text.h"
#include "../front/lane.h"
#include "../front/messages/messages.h"
#include "../provider/completion/completion.h"
#include "../respond/count.h"
#include "../respond/lane.h"

namespace f0 {
namespace {

constexpr int64_t kHeadWait = 10'000;      // the head is held back so long for a true status
constexpr int64_t kChunkSilence = 60'000;  // some clients count only chunks (agents.md 2.1)
constexpr size_t kDrain = 16 << 10;        // output of one f0_turn_output()
constexpr size_t kLittle = 4 << 10;        // of output, which is not counted
constexpr size_t kCrowded = 64 << 10;      // so much output waits: no more of it is made
constexpr size_t kInline = 96 << 10;       // more bytes are worked on in a thread
constexpr size_t kPiece = 4 << 10;         // of a text that a responder works on
constexpr size_t kPieces = 80;             // code points: the seed's pieces
#ifdef F0_TESTING
constexpr size_t kLeastMemory = 0;  // tests give a turn as little as they like
#else
constexpr size_t kLeastMemory = 4 << 20;  // of a turn, however small its request must be
#endif
constexpr string_view kBom = "\xEF\xBB\xBF";
constexpr char kReasoning = 'r';     // the key of a provider's name for it
constexpr size_t kRecalled = 1000;   // the last calls of a history, for what was kept
constexpr size_t kKeep = 256 << 10;  // a worker's buffers shrink to this
constexpr size_t kSpare = 16 << 10;  // likewise what one request leaves to the next
constexpr size_t kLongestSeed = 256;
constexpr size_t kClient = 32;        // bytes that tell one client from another
constexpr size_t kLongestName = 256;  // characters of a model's name

string_view view(f0_str_t s) { return {s.data, s.len}; }
f0_str_t str(string_view s) { return {s.data(), s.size()}; }

// Messages of f0 are short and its own; "info" says what was wrong.  A code may
// be the provider's, a parameter's name the client's.
std::string reason_of(string_view what, string_view code, string_view param) {
  std::string s(what);
  if (!param.empty()) s.append(" at ").append(param);
  if (!code.empty()) s.append(": ").append(code);
  return text::for_log(s);
}

chat::api_error internal(string_view code, string_view message, int status) {
  chat::api_error t;
  t.status = status;
  t.type = "server_error";
  t.code = code;
  t.message = message;
  return t;
}

}  // namespace

turn::turn(worker& w, const f0::config& cf, const f0_turn_options_t& o)
    : worker_(w),
      config_(cf),
      budget_(std::max(o.body_max * 4, kLeastMemory)),
      incoming_(std::make_unique<incoming>(budget_)),
      front_id_(static_cast<front::id>(o.front)),
      front_(front::row_of(front_id_)),
      envelopes_(w.key),
      id_(text::cut_repaired(view(o.seed), kLongestSeed)),
      client_(view(o.client).substr(0, kClient)),
      now_(o.now),
      created_(o.created),
      began_(o.now),
      last_output_(o.now),
      last_chunk_(o.now),
      first_byte_ms_(o.first_byte_ms > 0 ? o.first_byte_ms : 120'000),
      idle_ms_(o.idle_ms > 0 ? o.idle_ms : 120'000),
      total_ms_(o.total_ms > 0 ? o.total_ms : 900'000),
      keepalive_ms_(o.keepalive_ms > 0 ? o.keepalive_ms : 15'000),
      chunk_size_(o.chunk_size > 0 ? o.chunk_size : kPieces) {
  strict_ = o.strict != 0;
  incoming_->header = view(o.stream_header);
  if (!passes_bytes()) return;
  incoming_->args = view(o.args);
  incoming_->version = view(o.anthropic_version);
  incoming_->beta = view(o.anthropic_beta);
}

turn::~turn() {
  if (worker_.owner == this) {
    worker_.owner = nullptr;
    worker_.out().clear();
  }
}

void turn::take_buffer() {
  // What the host did not yet take of another turn stays that turn's.
  if (worker_.owner != nullptr && !worker_.out().empty()) worker_.owner->spill_ += worker_.out();
  worker_.out().clear();
  worker_.owner = this;
  if (outlet_) outlet_->write_to(worker_.out());
}

// ---- the request

int turn::body(string_view piece, bool last) {
  if (ending_ != ending::none) return F0_OK;
  if (body_complete_) return F0_ERR_STATE;
  claim();
  if (!incoming_->held.take(piece.size())) {
    refuse({413, "invalid_request_error", "request_too_large", "", "The request is too large."});
    return F0_OK;
  }
  incoming_->body.append(piece);
  if (!last) return F0_OK;
  body_complete_ = true;
  incoming_->body.fit();
  if (incoming_->body.size() <= kInline) incoming_->document = std::move(worker_.spare);
  perform(incoming_->body.size(), &turn::read_body, &turn::body_read);
  return F0_OK;
}

void turn::read_body() {
  incoming& in = *incoming_;
  json::limits l;
  l.skip_bom = l.borrow = true;
  // Lanes send it as it came.
  l.in_place = !config_.has(mode::raw) && !passes_bytes();
  in.root = in.document.parse(in.body.view(), l, &in.why, &budget_);
  if (in.root == nullptr || !in.root->is_object()) {
    in.bad.message = "We could not parse the JSON body of your request.";
    return;
  }
  request_ = std::make_unique<chat::request>();
  in.valid = front_.read(*in.root, *request_, in.bad);
  if (in.valid) model_ = config_.find(request_->model);
  // A model that fills middles is offered to nobody else.
  if (model_ != nullptr && model_->mode == mode::fim && !request_->completion) model_ = nullptr;
  if (model_ != nullptr) in.decided = decide(*request_, *model_);
  if (!in.document.complete()) in.why = json::error::memory;
  // What was put together is held beside the body.
  size_t made = 0;
  if (request_->made) {
    for (const std::string& s : *request_->made) made += s.size();
  }
  if (!in.held.take(made)) in.why = json::error::memory;
}

void turn::body_read() {
  incoming& in = *incoming_;
  if (in.why == json::error::memory) {
    return refuse({413, "invalid_request_error", "request_too_large", "",
                   "The request takes more memory than the limit of " +
                       std::to_string(budget_.limit()) + " bytes."});
  }
  if (!in.valid) return refuse(in.bad);
  // It is told again in each chunk, and in logs.
  if (size_t n = text::code_points(request_->model); n > kLongestName) {
    return refuse({400, "invalid_request_error", "string_above_max_length", "model",
                   "Invalid 'model': string too long. Expected a string with maximum length " +
                       std::to_string(kLongestName) + ", but got a string with length " +
                       std::to_string(n) + " instead."});
  }
  if (model_ == nullptr) {
    return refuse({404, "invalid_request_error", "model_not_found", "model",
                   "The model '" + std::string(request_->model) + "' does not exist."});
  }
  start();
}

void turn::refuse(const chat::bad_request& bad) {
  chat::api_error t;
  t.status = bad.status;
  t.type = bad.type;
  t.code = bad.code;
  t.param = bad.param;
  t.message = bad.message;
  t.details = bad.details;
  fail(t);
}

void turn::start() {
  if (!request_->events_in_body) front::read_stream_header(incoming_->header, request_->events);
  model_name_ = request_->model;
  project_ = request_->project_id;
  streams_ = request_->stream;
  const front::identity who{id_, created_, model_name_};
  outlet_ = std::make_unique<f0::outlet>(
      front_, front::writer_options{who, *request_, estimate(), budget_, &envelopes_});
  outlet_->write_to(worker_.out());
  mode_ = mode_word(model_->mode);
  if (request_->count_only) return count();
  responder_ = make_responder(*this, std::move(incoming_->decided));
  if (ending_ != ending::none) return;
  if (chat::bad_request bad; !choose_try(0, bad)) return refuse(bad);
  if (responder_->defers())
    events_ = std::make_unique<event_queue>(*responder_, paused_, kPiece, budget_);
  responder_->start();
}

// Who bills the tokens counts them; for others f0 guesses.
void turn::count() {
  responder_ = make_counter(*this, estimate());
  if (config_.provider_at(attempt().provider).dialect == dialect::id::anthropic) {
    return responder_->start();
  }
  std::string body;
  front::append_count(body, estimate());
  respond(std::move(body));
}

// About four bytes a token, of whatever the request holds.
int64_t turn::estimate() const { return 1 + static_cast<int64_t>(incoming_->body.size() / 4); }

// ---- what the responder asks

void turn::call_model(const call_plan& plan) {
  plan_ = plan;
  want_call_ = true;
}

void turn::run_work(std::unique_ptr<work> w) {
  work_.work = std::move(w);
  want_work_ = working_ = paused_ = true;
}

void turn::job::run() noexcept {
  try {
    (turn_.*run_)();
  } catch (...) {
    failed_ = true;
  }
}

void turn::job::tell() {
  if (failed_) {
    return turn_.fail(internal("code_generation_failed", "the server ran out of memory", 500));
  }
  (turn_.*over_)();
}

void turn::perform(size_t bytes, void (turn::*run)(), void (turn::*over)()) {
  if (bytes <= kInline) {
    (this->*run)();
    return (this->*over)();
  }
  own_work_ = true;
  run_work(std::make_unique<job>(*this, run, over));
}

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

void turn::end_as(ending e, string_view word) {
  if (ending_ != ending::none) return;
  // A call that is broken off here was paid for up to here.
  if (calling_) count_tokens();
  work_.stop = true;
  ending_ = e;
  if (end_.empty()) end_ = word;
  if (outlet_) outlet_->close();
  want_call_ = call_ready_ = want_work_ = calling_ = false;
  wait_until_ = -1;
}

void turn::finish() {
  if (ending_ != ending::none) return;
  if (outlet_->over_limit()) return too_large();
  outlet_->done();
  if (outlet_->streams()) return end_as(ending::finished, "done");
  written_ = std::make_unique<whole_answer>();
  perform(budget_.used(), &turn::write_answer, &turn::answer_written);
}

void turn::write_answer() { outlet_->write_body(written_->body); }

void turn::answer_written() {
  answer_ = std::move(written_);
  end_as(ending::respond, "done");
}

// It was read as JSON, whatever its provider called it.
void turn::respond(std::string body) {
  if (ending_ != ending::none) return;
  answer_ = std::make_unique<whole_answer>();
  answer_->body = std::move(body);
  end_as(ending::respond, "done");
}

void turn::pass_failure(const chat::api_error& t, std::string body) {
  if (ending_ != ending::none) return;
  answer_ = std::make_unique<whole_answer>();
  answer_->told = t;
  answer_->status = t.status;
  answer_->body = std::move(body);
  answer_->reason = reason_of(t.type, t.code, {});
  end_as(ending::respond, "upstream_error");
}

chat::api_error turn::told(const chat::failure& f) const {
  return chat::answer(f, model_ != nullptr && attempt().model.empty(), config_.secrets());
}

bool turn::has_secret(string_view s) const {
  const auto& all = config_.secrets();
  return std::any_of(all.begin(), all.end(),
                     [&](const std::string& x) { return s.find(x) != s.npos; });
}

void turn::too_large() {
  if (end_.empty()) end_ = "limit";
  fail(internal("upstream_error", "the answer is larger than the turn's memory", 502));
}

void turn::fail(const chat::failure& f) {
  if (ending_ != ending::none) return;
  string_view word = timed_out_                                ? "idle_timeout"
                     : f.at == chat::failure::phase::truncated ? "upstream_truncated"
                                                               : "upstream_error";
  if (end_.empty()) end_ = word;
  fail(told(f));
}

void turn::fail(const chat::api_error& t) {
  if (ending_ != ending::none) return;
  if (outlet_ && outlet_->streams() && outlet_->committed()) {
    outlet_->error(t);
    return end_as(ending::finished, "upstream_error");
  }
  answer_ = std::make_unique<whole_answer>();
  answer_->told = t;
  answer_->status = t.status;
  // What was said was paid for, and would be paid for again.
  if (outlet_ && outlet_->useful() && t.status >= 500) {
    auto& headers = answer_->told.headers;
    std::erase_if(headers, [](const auto& h) { return h.first == "x-should-retry"; });
    headers.emplace_back("x-should-retry", "false");
  }
  front_.error(answer_->body, t, id_);
  answer_->reason = reason_of(t.type, t.code, t.param);
  end_as(ending::respond, t.status < 500 ? "refused" : "upstream_error");
}

// ---- calls

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

// The first try line from |from| on whose provider can carry the request; |bad|
// is what stands against the first of them all.
bool turn::choose_try(unsigned from, chat::bad_request& bad) {
  const unsigned before = attempt_;
  for (unsigned i = from; i < model_->tries.size(); i++) {
    chat::bad_request why;
    attempt_ = i;
    if (responder_->raw() || is_carried(model_->tries[i], why)) return true;
    if (i == from) bad = std::move(why);
  }
  attempt_ = before;
  return false;
}

void turn::prepare_call() {
  const f0::attempt& a = attempt();
  const auto& messages = plan_.messages ? *plan_.messages : request_->messages;
  sent_ = request_->prompt.size() + request_->suffix.size();
  for (const auto& m : messages) {
    for (const auto& part : m.parts) sent_ += part.text.size();
  }
  outgoing_ = std::make_unique<outgoing>(budget_);
  dialect::call& c = outgoing_->call;
  c.model = a.model.empty() ? string_view(model_name_) : string_view(a.model);
  if (responder_->raw()) return;
  c.request = request_.get();
  c.messages = &messages;
  c.path = config_.provider_at(a.provider).path;
  c.verbatim = plan_.messages == nullptr;
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
        internal("code_generation_failed", "the turn needs more memory than its limit", 500));
  }
  if (!drops()) call_ready_ = true;
}

// Where nothing may be dropped: the next line of "try" may drop nothing.
bool turn::drops() {
  const chat::drop_list& lost = outgoing_->encoded.dropped;
  if (!strict_ || lost.empty() || !responder_->may_restart()) return false;
  if (incoming_->lost.empty()) incoming_->lost = lost.first();
  chat::bad_request bad;
  outgoing_.reset();
  if (choose_try(attempt_ + 1, bad)) {
    want_call_ = true;
    return true;
  }
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
  const f0::attempt& at = attempt();
  provider_ = at.provider;
  dialect::stream::options o;
  o.dialect = config_.provider_at(at.provider).dialect;
  o.stops = std::move(outgoing_->encoded.stops);
  dropped_ = outgoing_->encoded.dropped.header();
  o.unfence = outgoing_->encoded.unfence;
  o.json_tool = outgoing_->encoded.json_tool;
  o.count = request_->count_only;
  o.names = std::move(outgoing_->encoded.names);
  o.memory = &budget_;
  chat::sink& to = events_ ? static_cast<chat::sink&>(*events_) : *responder_;
  stream_ = std::make_unique<dialect::stream>(o, worker_.scratch, to);
  responder_->begin_call();
  envelopes_.from(origin(), outgoing_->call.model);
  outlet_->cut(0);
  calls_++;
  calling_ = true;
  held_ = false;
  call_began_ = now_;
  last_byte_ = -1;
  describe_call(a);
  if (plan_.last && attempt_ + 1 == model_->tries.size()) release_request();
}

void turn::describe_call(f0_action_t& a) {
  a.kind = F0_CALL_MODEL;
  a.deadline = deadline();
  const dialect::encoded& e = outgoing_->encoded;
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

void turn::model_hold(bool held, int64_t now) {
  now_ = now;
  if (held_ && !held) (last_byte_ < 0 ? call_began_ : last_byte_) = now;
  held_ = held;
}

int turn::model_head(int status, const f0_header_t* headers, size_t n, int64_t now) {
  now_ = now;
  if (!calling_) return F0_OK;
  claim();
  dialect::header_list list;
  list.reserve(n);
  for (size_t i = 0; i < n; i++) list.emplace_back(view(headers[i].name), view(headers[i].value));
  stream_->head(status, list);
  raw_ = responder_->raw();
  if (raw_) responder_->raw_head(status);
  return F0_OK;
}

int turn::model_data(string_view bytes, int64_t now) {
  if (last_byte_ < 0) quiet_until_ = 0;
  now_ = last_byte_ = now;
  if (!calling_) return F0_MODEL_DONE;
  claim();
  outgoing_.reset();
  if (late_) {  // which waits for a thread
    late_->bytes += bytes;
    return F0_OK;
  }
  responder_->begin_input();
  if (stream_->heavy(bytes)) {
    read_later(bytes, {});
    return F0_OK;
  }
  bool more = stream_->data(bytes);
  if (raw_) {
    responder_->raw_bytes(bytes.substr(0, bytes.size() - stream_->unread()), stream_->unframed());
  }
  after_operations();
  if (request_ && calling_ && plan_.last && !responder_->may_restart()) release_request();
  return more && calling_ ? F0_OK : F0_MODEL_DONE;
}

int turn::model_end(f0_model_end_t how, int64_t now) {
  now_ = now;
  if (!calling_) return F0_OK;
  claim();
  if (late_) {
    late_->then = static_cast<dialect::transport_end>(how);
    return F0_OK;
  }
  responder_->begin_input();
  end_stream(static_cast<dialect::transport_end>(how));
  return F0_OK;
}

// A whole body's texts are told now, and cut into pieces for a stream.
void turn::end_stream(dialect::transport_end how) {
  if (stream_->whole()) {
    outlet_->cut(attempt().pieces > 0 ? attempt().pieces : chunk_size_);
    if (raw_) responder_->raw_body();
  }
  if (stream_->heavy_end()) return read_later({}, how);
  stream_->end(how);
  after_operations();
}

// The operations wait as they do while the responder works.
void turn::read_later(string_view bytes, std::optional<dialect::transport_end> end) {
  late_ = std::make_unique<late_input>();
  late_->bytes = bytes;
  late_->end = end;
  late_->said = stream_->text_bytes();
  if (!events_) events_ = std::make_unique<event_queue>(*responder_, paused_, SIZE_MAX, budget_);
  stream_->redirect(*events_, late_->scratch);
  perform(SIZE_MAX, &turn::read_late, &turn::late_read);
}

void turn::read_late() {
  if (late_->end) return stream_->end(*late_->end);
  stream_->data(late_->bytes);
}

void turn::late_read() {
  stream_->redirect(*events_, worker_.scratch);
  const std::unique_ptr<late_input> late = std::move(late_);
  paused_ = stalled_;
  if (raw_ && !late->end) {
    string_view bytes = late->bytes;
    responder_->raw_bytes(bytes.substr(0, bytes.size() - stream_->unread()), stream_->unframed());
  }
  responder_->begin_input();
  replay();
  if (late->then && calling_) return end_stream(*late->then);
  after_operations();
}

// So much at a time as others can wait for.
void turn::replay() {
  if (!events_) return;
  events_->replay();
  if (paused_ || events_->empty()) return;
  sliced_ = true;
  wait_for_room();
}

int turn::work_done(int64_t now) {
  now_ = now;
  if (!working_) return F0_ERR_STATE;
  claim();
  std::unique_ptr<work> w = std::move(work_.work);
  working_ = paused_ = false;
  quiet_until_ = 0;
  if (last_byte_ >= 0) last_byte_ = now;
  if (ending_ != ending::none) return F0_OK;
  if (own_work_) {
    own_work_ = false;
    static_cast<job&>(*w).tell();
    return F0_OK;
  }
  responder_->work_over(*w);
  replay();
  after_operations();
  return F0_OK;
}

bool turn::crowded() const { return streams_ && waiting() >= kCrowded; }

void turn::wait_for_room() {
  stalled_ = paused_ = true;
  quiet_until_ = 0;
}

void turn::room() {
  stalled_ = paused_ = false;
  if (last_byte_ >= 0) last_byte_ = now_;
  responder_->begin_input();
  if (!std::exchange(sliced_, false)) responder_->room();
  replay();
  after_operations();
}

size_t turn::buffered() const {
  return (worker_.owner == this ? worker_.out().size() : 0) + spill_.size();
}

size_t turn::waiting() const { return buffered() + outlet_->queued_bytes(); }

// What is queued was charged when it was.  A little is mostly taken at once.
bool turn::charge_output() {
  const size_t n = buffered();
  return (n <= kLittle && output_charged_ == 0) || charge_much(n);
}

bool turn::charge_much(size_t n) {
  if (n > output_charged_ && !budget_.charge(n - output_charged_)) return false;
  if (n < output_charged_) budget_.release(output_charged_ - n);
  output_charged_ = n;
  return true;
}

void turn::after_operations() {
  // Nothing is read behind what was too much to hold.
  const bool ended = stream_ && !late_ && stream_->ended();
  const bool over = !charge_output() || outlet_->over_limit() || (ended && stream_->over_limit()) ||
                    (events_ && events_->over_limit());
  if (ending_ == ending::none && over) too_large();
  if (!calling_) {
    if (!late_) stream_.reset();
    return;
  }
  if (ended && !paused_ && (!events_ || events_->empty())) call_over();
}

// Engines read reasoning back under the name that they gave it.
void turn::note_reasoning() {
  const string_view name = stream_->reasoning_name();
  if (name.empty()) return;
  const std::string key = state_key(kReasoning, {}, {});
  if (worker_.states.get(key) != name) worker_.states.put(key, name);
}

void turn::call_over() {
  std::unique_ptr<chat::failure> f = responder_->take_failure();
  // One that failed before it gave anything is not paid for, unless it says so.
  if (!f || stream_->output() || responder_->call_usage().any()) count_tokens();
  calling_ = raw_ = false;
  note_reasoning();
  if (!stream_->odd_finish().empty()) odd_finish_ = stream_->odd_finish();
  stream_.reset();
  outgoing_.reset();
  if (f && try_next(*f)) {
    responder_->call_restarts();
    want_call_ = true;
    return;
  }
  outlet_->usage(tokens_.complete() ? tokens_.told() : chat::usage());
  if (f) {
    responder_->call_failed(*f);
  } else {
    responder_->call_done();
  }
}

// Only while nothing was said, and not if the request itself is at fault.
bool turn::try_next(const chat::failure& f) {
  if (!request_ || !responder_->may_restart()) return false;
  if (!f.retryable && chat::answer_status(f) < 500) return false;
  chat::bad_request bad;
  return choose_try(attempt_ + 1, bad);
}

void turn::count_tokens() { tokens_.add(responder_->call_usage(), sent_, said()); }

// ---- time

int64_t turn::deadline() const {
  int64_t d = std::min(began_ + total_ms_, comment_due());
  if (calling_ && !paused_) d = std::min(d, patience());
  if (wait_until_ >= 0) d = std::min(d, wait_until_);
  return d;
}

// While it waits for us: when it would be, were it let go now.
int64_t turn::patience() const {
  bool first = last_byte_ < 0;
  int64_t since = held_ ? now_ : first ? call_began_ : last_byte_;
  return since + (!first ? idle_ms_ : streams_ ? first_byte_ms_ : total_ms_);
}

// Until the head is sent the client may hear nothing for so long that it is.
int64_t turn::comment_due() const {
  if (!outlet_ || !outlet_->streams() || outlet_->queued()) return INT64_MAX;
  return last_output_ + (outlet_->committed() ? keepalive_ms_ : std::min(kHeadWait, keepalive_ms_));
}

void turn::expire() {
  if (now_ >= began_ + total_ms_) {
    end_ = "deadline";
    if (!outlet_)
      return refuse({408, "invalid_request_error", "", "", "The request came too slowly."});
    return fail(internal("upstream_timeout", "the turn took longer than its limit", 504));
  }
  if (calling_ && !paused_ && now_ >= patience()) {
    timed_out_ = true;
    end_stream(dialect::transport_end::timeout);
  }
  if (wait_until_ >= 0 && now_ >= wait_until_) {
    wait_until_ = -1;
    responder_->wait_over();
  }
}

void turn::keep_awake() {
  if (now_ < comment_due()) return;
  outlet_->stay_awake(now_ >= last_chunk_ + kChunkSilence && !responder_->raw());
  last_output_ = now_;
}

// ---- the host's questions

void turn::next(int64_t now, f0_action_t& a) {
  now_ = std::max(now_, now);
  a.kind = F0_WAIT;
  a.deadline = quiet_until_;
  // Bytes only put deadlines off: most of the time there is nothing to look at.
  if (now_ < quiet_until_ && ending_ == ending::none && !want_call_ && !call_ready_ && !want_work_)
    return;
  claim();
  if (ending_ == ending::none) expire();
  if (ending_ == ending::none && stalled_ && !crowded()) room();
  while (ending_ == ending::none && want_call_) {
    want_call_ = false;
    prepare_call();
    perform(plan_size_above(kInline) ? SIZE_MAX : 0, &turn::encode_call, &turn::call_encoded);
  }
  if (ending_ == ending::none && call_ready_) return start_call(a);
  switch (ending_) {
    case ending::respond:
      a.kind = F0_RESPOND;
      a.response.nheaders = 0;
      a.response.status = answer_->status;
      a.response.content_type = str(answer_->content_type);
      for (const auto& [name, value] : answer_->told.headers) {
        if (a.response.nheaders == std::size(a.response.headers)) break;
        a.response.headers[a.response.nheaders++] = {str(name), str(value)};
      }
      if (!dropped_.empty() && a.response.nheaders < std::size(a.response.headers)) {
        a.response.headers[a.response.nheaders++] = {str("x-f0-dropped"), str(dropped_)};
      }
      a.response.body = str(answer_->body);
      a.response.reason = str(answer_->reason);
      return;
    case ending::finished:
    case ending::cancelled:
      a.kind = F0_FINISHED;
      return;
    case ending::none:
      break;
  }
  if (!body_complete_) {
    a.kind = F0_NEED_BODY;
    a.deadline = deadline();
    return;
  }
  if (want_work_) {
    want_work_ = false;
    a.kind = F0_RUN_WORK;
    a.work = &work_;
    a.deadline = deadline();
    return;
  }
  if (stalled_) {
    a.kind = F0_AGAIN;
    a.deadline = sliced_ && !crowded() ? now_ + 1 : deadline();
    return;
  }
  keep_awake();
  a.kind = F0_WAIT;
  a.deadline = quiet_until_ = deadline();
}

void turn::join_spill() {
  worker_.view() = spill_ + worker_.out();
  worker_.out().clear();
  spill_ = std::string();
}

string_view turn::output() {
  claim();
  if (ending_ == ending::cancelled) {
    worker_.out().clear();
    return {};
  }
  const bool queued = outlet_ && outlet_->queued();
  if (!queued && worker_.out().empty() && spill_.empty()) return {};
  if (queued && worker_.out().size() < kDrain) {
    outlet_->drain(kDrain);
    if (!outlet_->queued()) quiet_until_ = 0;
  }
  if (worker_.out().empty() && spill_.empty()) return {};
  worker_.view().clear();
  if (worker_.view().capacity() > kKeep) worker_.view().shrink_to_fit();
  if (spill_.empty()) {
    worker_.hand_over();
    outlet_->write_to(worker_.out());
  } else {
    join_spill();
  }
  if (output_charged_ != 0) budget_.release(std::exchange(output_charged_, 0));
  // A provider's own pings keep no client awake.
  const bool counts = outlet_->signs() != signs_seen_;
  if (counts || !responder_->raw()) last_output_ = now_;
  if (counts) {
    signs_seen_ = outlet_->signs();
    last_chunk_ = now_;
  }
  if (ttft_ < 0 && outlet_->useful()) ttft_ = now_ - began_;
  return worker_.view();
}

void turn::cancel() {
  claim();
  worker_.out().clear();
  spill_.clear();
  // A stream that was finished, but not yet taken, is said no further.
  if (ending_ == ending::finished) ending_ = ending::cancelled;
  end_as(ending::cancelled, "client_gone");
  if (ending_ == ending::cancelled && !late_) stream_.reset();
}

void turn::info(f0_turn_info_t& i) const {
  i = f0_turn_info_t();
  i.model = str(model_name_);
  if (calls_ > 0) i.provider = str(config_.provider_at(provider_).name);
  i.mode = str(mode_);
  i.project = str(project_);
  i.end = str(ending_ == ending::none ? string_view() : end_);
  tally t = tokens_;
  if (calling_ && stream_) t.add(responder_->call_usage(), sent_, said());
  i.prompt_tokens = t.prompt();
  i.completion_tokens = t.completion();
  i.cached_tokens = t.told().cached;
  i.usage_estimated = !t.complete();
  i.ttft_ms = ttft_;
  i.calls = calls_;
  i.chunks = outlet_ ? outlet_->chunks() : 0;
  i.patches = patches_;
  i.odd_finish = str(odd_finish_);
  i.dropped = str(dropped_);
}

std::unique_ptr<responder> make_responder(turn_services& t, std::shared_ptr<agent::decision> d) {
  switch (t.model().mode) {
    case mode::raw:
      return make_lane(t);
#ifdef F0_TESTING
    case mode::testing:
      return make_testing(t);
#endif
    // Classifies; "overrides" and fz_mode count for every one of its modes.
    default:
      return make_agent(t, std::move(d));
  }
}

}  // namespace f0
