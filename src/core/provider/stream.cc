// Copyright (C) 2026 The f0 authors

#include "stream.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "../base/text.h"
#include "../sse/sse.h"
#include "filter.h"
#include "reader_base.h"
#include "template.h"

namespace f0::dialect {

namespace {

constexpr size_t longest_carry = 4096;      // bytes of a cut event for the fast lane
constexpr size_t most_scratch = 256 << 10;  // a worker keeps no more of it
constexpr size_t kHeavy = 48 << 10;         // bytes of an event or a body, about a millisecond
constexpr size_t kept_headers = 24;
constexpr size_t longest_header = 256;

enum class mode : uint8_t {
  none,       // no head yet
  framed,     // events or lines
  unknown,    // the first bytes will tell
  body,       // one JSON body
  refused,    // nothing that can be read: |refusal| says why
  error_body  // of a status that is no success
};

string_view media_type(string_view value) { return text::trim(value.substr(0, value.find(';'))); }

bool is_lines(string_view type) {
  constexpr string_view types[] = {"application/x-ndjson", "application/ndjson",
                                   "application/jsonl", "application/x-jsonlines"};
  return std::any_of(std::begin(types), std::end(types),
                     [&](string_view t) { return text::iequals(type, t); });
}

// What to do with a 200 of this type.  Labels of bodies are often wrong, and the
// bytes never are: no JSON begins like an event.
mode mode_of(string_view type) {
  return text::iequals(type, "text/event-stream") || is_lines(type) ? mode::framed : mode::unknown;
}

// "32 MiB", or a number of bytes.
std::string in_words(size_t bound) {
  constexpr size_t mib = 1 << 20;
  return bound % mib == 0 ? std::to_string(bound / mib) + " MiB" : std::to_string(bound) + " bytes";
}

bool is_passed_on(string_view name) {
  return name == "retry-after" || name == "retry-after-ms" || name.starts_with("x-ratelimit-") ||
         name.starts_with("anthropic-ratelimit-");
}

bool is_plain(string_view value) {
  return value.size() <= longest_header &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

// The headers that a failure is told with.
header_strings headers_to_keep(const header_list& headers) {
  header_strings kept;
  bool has_id = false;
  for (const auto& [name, value] : headers) {
    const bool passed_on = is_passed_on(name);
    const bool is_id = !has_id && (name == "request-id" || name == "x-request-id");
    if ((!passed_on && !is_id) || kept.size() == kept_headers || !is_plain(value)) continue;
    has_id |= is_id;
    kept.emplace_back(is_id ? string_view("x-upstream-request-id") : name, value);
  }
  return kept;
}

std::unique_ptr<reader> make_reader(const stream::options& o, gate& out) {
  switch (o.dialect) {
    case id::openai:
      return make_openai_reader(out);
    case id::anthropic:
      return make_anthropic_reader(out, o.json_tool, o.count);
    case id::gemini:
      return make_gemini_reader(out);
    case id::ollama:
      return make_ollama_reader(out);
    case id::responses:
      return make_responses_reader(out);
  }
  return nullptr;
}

chat::failure too_late() {
  chat::failure f;
  f.status = 504;
  f.type = "timeout_error";
  f.message = "the provider took too long";
  return f;
}

// The end came before a head did.
chat::failure no_answer(transport_end how) {
  chat::failure f;
  f.type = "upstream_error";
  f.message = how == transport_end::tls
                  ? "no secure connection to the provider could be made: its certificate was not "
                    "accepted, or the TLS handshake failed"
              : how == transport_end::large_head
                  ? "the provider's response headers are larger than the gateway takes"
                  : "the provider could not be reached";
  return f;
}

// A bound, in as few bytes as it needs.
uint32_t bounded(size_t n) { return static_cast<uint32_t>(std::min<size_t>(n, UINT32_MAX)); }

// A document may be charged to the turn: nothing stays in it, whatever is thrown.
struct emptied {
  json::document& doc;
  ~emptied() { doc.clear(); }
};

void free_memory(std::string& s) { std::string().swap(s); }

}  // namespace

struct stream::impl {
  impl(const options& o, scratch& s, sink& out)
      : shared(&s),
        stops(o.stops),
        names(o.names),
        way_out(out, s, stops, names, o.memory, o.unfence),
        from(make_reader(o, way_out)),
        frames(sse::framing::events, bounded(o.line_max), bounded(o.body_max)),
        line_max(bounded(o.line_max)),
        body_max(bounded(o.body_max)),
        error_body_max(bounded(o.error_body_max)),
        dialect(o.dialect),
        fast(o.fast) {}

  void unframed_data(string_view bytes);
  size_t pending() const { return now == mode::framed ? frames.raw().size() : SIZE_MAX; }
  void framed(string_view in);
  void read_events(string_view in);
  bool resume(string_view& in);
  bool lane_open(string_view& in);
  void run_lane(string_view& in);
  content_template::fit take_run(string_view& in);
  void slow(const sse::event& ev);
  void learn(const sse::event& ev, bool told_usage);
  void guess();
  bool guess_lines();
  void refuse();
  void fail_http(string_view body_bytes);
  void finish_frames(const chat::failure& why);
  void drop_buffers();
  void too_long(string_view what, size_t bound);
  void switch_framing(sse::framing f) { frames = sse::decoder(f, line_max, body_max); }

  scratch* shared;
  stop_set stops;
  name_pairs names;
  gate way_out;
  std::unique_ptr<reader> from;
  sse::decoder frames;
  std::string body;  // a body, or the beginning of an event that the fast lane may take
  std::unique_ptr<content_template> lane;
  std::unique_ptr<chat::failure> refusal;
  uint32_t line_max, body_max, error_body_max;
  size_t scanned = 0;               // bytes of |body| that hold no line's end
  size_t unread = 0, unframed = 0;  // of what came, see stream.h; the second once it is dropped
  int status = 0;
  id dialect;
  dialect::mode now = mode::none;
  bool fast;
  bool dropped = false;  // all that was held is gone
  bool as_body = false;  // labelled as a JSON body
  uint8_t misses = 0;    // content events in a row that the lane could not take
};

// ---- the fast lane

bool stream::impl::lane_open(string_view& in) {
  return lane != nullptr && way_out.quiet() && frames.fresh(in);
}

// As many content events as there are in one go; each batch is one call.
content_template::fit stream::impl::take_run(string_view& in) {
  const size_t longest = in.size();
  content_template::fit f;
  bool any = false;
  do {
    size_t n = 0;
    f = lane->run(in, shared->run, std::size(shared->run), &n);
    if (n == 0) break;
    any = true;
    way_out.content_run(shared->run, n, longest);
  } while (f == content_template::fit::yes);
  if (any) {
    misses = 0;
    if (lane->has_usage()) way_out.usage(lane->last_usage());
  }
  return f;
}

void stream::impl::run_lane(string_view& in) {
  if (in.empty()) return;
  if (take_run(in) != content_template::fit::more || in.empty()) return;
  if (in.size() > longest_carry) return;
  body.assign(in);  // cut: wait for the rest
  in = {};
}

// The lane's cut event with what came now.  False: all of |in| was taken.
bool stream::impl::resume(string_view& in) {
  constexpr size_t some = 512;
  const size_t old = body.size();
  std::string& joined = shared->text;
  joined.assign(body).append(in.substr(0, some));
  string_view all = joined;
  size_t n = 0;
  const content_template::fit f = lane->run(all, shared->run, 1, &n);
  if (n == 1) {
    way_out.content_run(shared->run, 1, joined.size());
    if (lane->has_usage()) way_out.usage(lane->last_usage());
    in.remove_prefix(joined.size() - all.size() - old);
    free_memory(body);
    return !in.empty();
  }
  if (f == content_template::fit::more && in.size() <= some && joined.size() <= longest_carry) {
    body = joined;
    return false;
  }
  string_view rest = body;
  sse::event ev;
  frames.next(rest, ev);  // no whole event: it would have been tried before
  free_memory(body);
  return true;
}

void stream::impl::learn(const sse::event& ev, bool told_usage) {
  constexpr uint8_t enough = 2;
  const string_view text = way_out.last_content();
  if (!fast || ev.raw.empty() || text.empty() || way_out.ended()) return;
  if (told_usage && dialect != id::gemini) return;
  if (lane != nullptr && lane->begins(ev.raw)) return;
  if (++misses < enough) return;
  misses = 0;
  lane = content_template::learn(dialect, ev.raw, ev.data, text);
  if (lane != nullptr && lane->has_usage() != told_usage) lane.reset();
}

void stream::impl::slow(const sse::event& ev) {
  const emptied when_done{shared->doc};  // not before: the lane learns from what was told
  const unsigned usages = way_out.usages();
  const unsigned before = way_out.begin_event();
  from->event(ev.name, ev.data, ev.at_eof, shared->doc);
  if (way_out.operations() - before == 1) learn(ev, way_out.usages() != usages);
}

void stream::impl::too_long(string_view what, size_t bound) {
  from->upstream("event_too_long", "upstream sent " + std::string(what) + " of more than " +
                                       in_words(bound) + ", the most that is read");
}

void stream::impl::framed(string_view in) {
  if (!body.empty() && !resume(in)) return;
  if (!way_out.ended() && lane_open(in)) run_lane(in);
  if (!in.empty()) read_events(in);
}

void stream::impl::read_events(string_view in) {
  sse::event ev;
  while (!way_out.ended()) {
    switch (frames.next(in, ev)) {
      case sse::result::more:
        return;
      case sse::result::too_long:
        return too_long(frames.has_raw() ? "a body" : "an event",
                        frames.has_raw() ? body_max : line_max);
      case sse::result::event:
        slow(ev);
        break;
    }
    if (way_out.ended()) break;
    if (lane_open(in)) run_lane(in);
    if (in.empty()) return;
  }
  unread = in.size();
}

// ---- head

stream::stream(const options& o, scratch& s, sink& out)
    : impl_(std::make_unique<impl>(o, s, out)) {}
stream::~stream() = default;

void stream::head(int status, const header_list& headers) {
  impl& m = *impl_;
  m.status = status;
  m.way_out.keep_headers(headers_to_keep(headers));
  string_view type, coding;
  for (const auto& [name, value] : headers) {
    if (name == "content-type") type = media_type(value);
    if (name == "content-encoding" && !text::iequals(text::trim(value), "identity")) {
      coding = text::trim(value);
    }
  }
  if (status != 200) {
    m.now = mode::error_body;
    if (!coding.empty()) m.error_body_max = 0;  // the status has to do
    return;
  }
  if (!coding.empty()) {
    m.refusal = std::make_unique<chat::failure>();
    m.refusal->type = "upstream_error";
    m.refusal->message = "upstream's answer is compressed (" + std::string(coding) +
                         ") although identity was asked for";
    m.now = mode::refused;
    return;
  }
  m.now = mode_of(type);
  m.as_body = text::iequals(type, "application/json");
  if (is_lines(type)) m.switch_framing(sse::framing::lines);
}

void stream::impl::refuse() { from->fail(*refusal); }

// Ollama's answer in a body: if its first line is an object, each line is.  False:
// that line has no end yet.
bool stream::impl::guess_lines() {
  const size_t begin = body.find('{');
  const size_t end = body.find('\n', std::max<size_t>(begin, scanned));
  if (end == std::string::npos) {
    scanned = static_cast<uint32_t>(body.size());
    return false;
  }
  shared->doc.clear();
  const json::value* first =
      shared->doc.parse(string_view(body).substr(begin, end - begin), lenient);
  now = first != nullptr && first->is_object() ? mode::framed : mode::body;
  if (now == mode::framed) switch_framing(sse::framing::lines);
  return true;
}

// The first bytes tell what it is.
void stream::impl::guess() {
  constexpr string_view bom = "\xef\xbb\xbf";
  string_view s = body;
  if (s.starts_with(bom)) s.remove_prefix(bom.size());
  const size_t blanks = s.find_first_not_of(" \t\r\n\v\f");
  if (blanks == string_view::npos) return body.clear();  // never to be looked at again
  s.remove_prefix(blanks);
  bool undecided = bom.starts_with(s);
  for (const string_view field : {":", "data:", "event:", "id:", "retry:"}) {
    if (s.starts_with(field)) now = mode::framed;
    undecided |= s.size() < field.size() && field.starts_with(s);
  }
  if (now == mode::unknown && undecided) return;
  if (now == mode::unknown && dialect == id::ollama && s.front() == '{' && !guess_lines()) return;
  if (now == mode::unknown) now = mode::body;
  if (now == mode::body) return;
  // White space before the first field would make it another one.
  const size_t begin = static_cast<size_t>(s.data() - body.data());
  const std::string first = std::exchange(body, {});
  framed(string_view(first).substr(begin));
}

// ---- data

void stream::impl::unframed_data(string_view bytes) {
  switch (now) {
    case mode::none:
    case mode::framed:
      break;
    case mode::unknown:
    case mode::body:
      if (body.size() + bytes.size() > body_max) return too_long("a body", body_max);
      body.append(bytes);
      if (now == mode::unknown) guess();
      break;
    case mode::refused:
      refuse();
      break;
    case mode::error_body:
      body.append(bytes.substr(0, error_body_max - body.size()));
      break;
  }
}

bool stream::data(string_view bytes) {
  impl& m = *impl_;
  if (m.way_out.ended()) return false;
  if (m.now == mode::framed) {
    m.framed(bytes);
  } else {
    m.unframed_data(bytes);
  }
  if (!m.way_out.ended()) return true;
  m.drop_buffers();
  return false;
}

void stream::impl::drop_buffers() {
  unframed = pending();
  dropped = true;
  free_memory(body);
  lane.reset();
  frames = sse::decoder(sse::framing::events, 0, 0);
  for (std::string* s : {&shared->text, &shared->text2}) {
    if (s->capacity() > most_scratch) free_memory(*s);
  }
}

// ---- end

void stream::impl::fail_http(string_view body_bytes) {
  chat::failure f = failure_of_body(body_bytes, status, shared->doc);
  f.at = chat::failure::phase::http;
  way_out.error(std::move(f), terminal::error);
}

void stream::impl::finish_frames(const chat::failure& why) {
  if (!body.empty()) {
    string_view rest = body;
    sse::event ev;
    frames.next(rest, ev);
    free_memory(body);
  }
  for (sse::event ev; !way_out.ended();) {
    const sse::result r = frames.finish(ev);
    if (r == sse::result::too_long) return too_long("an event", line_max);
    if (r == sse::result::more) break;
    from->event(ev.name, ev.data, ev.at_eof, shared->doc);
  }
  const string_view raw = frames.raw();
  from->close(frames.has_raw() ? &raw : nullptr, why, shared->doc);
}

void stream::end(transport_end how) {
  impl& m = *impl_;
  if (m.way_out.ended()) return;
  const emptied when_done{m.shared->doc};
  switch (m.now) {
    case mode::none:
      m.way_out.error(how == transport_end::timeout ? too_late() : no_answer(how), terminal::error);
      break;
    case mode::framed:
      m.finish_frames(how == transport_end::timeout ? too_late() : incomplete());
      break;
    case mode::unknown:
    case mode::body:
      if (how == transport_end::clean) {
        m.from->body(m.body, m.shared->doc);
        break;
      }
      m.from->fail(how == transport_end::timeout ? too_late() : incomplete());
      break;
    case mode::refused:
      m.refuse();
      break;
    case mode::error_body:
      m.fail_http(how == transport_end::clean ? string_view(m.body) : string_view());
      break;
  }
  m.drop_buffers();
}

void stream::redirect(sink& to, scratch& s) {
  impl_->way_out.redirect(to, s);
  impl_->shared = &s;
}

// Bytes that only go to others that wait cost nothing.
bool stream::heavy(string_view bytes) const {
  const impl& m = *impl_;
  if ((m.body.size() <= kHeavy && m.frames.kept() <= kHeavy) || m.way_out.ended()) return false;
  if (m.now == mode::unknown)
    return m.body.size() > kHeavy && bytes.find('\n') != string_view::npos;
  return m.now == mode::framed && m.frames.kept() > kHeavy && !m.frames.has_raw() &&
         bytes.find_first_of("\r\n") != string_view::npos;
}

bool stream::heavy_end() const {
  const impl& m = *impl_;
  return !m.way_out.ended() && (m.body.size() > kHeavy || m.frames.kept() > kHeavy);
}

bool stream::ended() const { return impl_->way_out.ended(); }

bool stream::over_limit() const { return impl_->way_out.over_limit(); }

string_view stream::odd_finish() const { return impl_->way_out.odd_finish(); }

string_view stream::reasoning_name() const { return impl_->from->reasoning_name(); }

bool stream::whole() const {
  return impl_->now == mode::body || impl_->now == mode::unknown || impl_->frames.has_raw();
}

bool stream::labelled_body() const { return impl_->as_body; }

size_t stream::unframed() const {
  const impl& m = *impl_;
  return m.dropped ? m.unframed : m.pending();
}

size_t stream::unread() const { return impl_->unread; }
bool stream::output() const { return impl_->way_out.output(); }
bool stream::framed() const { return impl_->now == mode::framed; }
size_t stream::progress() const { return impl_->way_out.progress(); }
size_t stream::text_bytes() const { return impl_->way_out.text_bytes(); }

size_t stream::memory() const {
  return sizeof(*this) + sizeof(impl) + impl_->body.capacity() +
         (impl_->lane ? impl_->lane->memory() : 0);
}

}  // namespace f0::dialect
