// Copyright (C) 2026 The f0 authors
//
// A mock provider: streams in the forms of four dialects over HTTP/1.1, one
// thread, epoll.  What it answers is said in the request body, as mock{...}.
// Beside that: GET /stats, GET /aborts ("seed ns" for each stream whose client
// left before its end), POST /reset, and UDP datagrams to the same port, each
// the seed of a lockstep stream that may write again.

#include <netinet/tcp.h>
#include <signal.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <queue>
#include <unordered_map>
#include <vector>

#include "common.h"
#include "form.h"

namespace bench {
namespace {

struct Connection {
  int fd = -1;
  uint32_t id = 0;      // tells it from an earlier one on the same fd
  std::string in, out;  // unparsed request bytes, unsent answer bytes
  size_t out_off = 0;
  bool want_out = false, close_after = false;

  // the answer that is being streamed
  bool active = false, started = false;
  Params p;
  Content content;
  std::unique_ptr<Form> form;  // NULL: a complete answer
  long sent = 0;               // content events so far
  uint64_t due = 0;            // when the next write is planned
};

struct Request {
  std::string method, target, body;
  bool close = false;
};

struct Timer {
  uint64_t at;
  int fd;
  uint32_t id;
  bool operator<(const Timer& o) const { return at > o.at; }
};

struct Stats {
  long requests = 0, events = 0, finished = 0, active = 0, bytes = 0;
};

class Mock {
 public:
  explicit Mock(const Address& a);
  void run(const volatile sig_atomic_t& stop);

 private:
  using Ready = std::vector<std::pair<int, uint32_t>>;

  Connection* find(int fd, uint32_t id);
  void watch(Connection& c, int op);
  void drop(Connection& c);
  void accept_all();
  void on_event(Connection& c, uint32_t what);
  void on_input(Connection& c);
  void on_datagrams();
  bool flush(Connection& c);
  void parse(Connection& c);
  void answer(Connection& c, const Request& rq);
  void control(Connection& c, const Request& rq);
  void respond(Connection& c, int status, std::string_view body);
  void advance(Connection& c);
  void append_head(Connection& c);
  long append_events(Connection& c);
  void append_text(std::string& s, const Connection& c, long k);
  void append_chunk(Connection& c, std::string_view payload);
  void schedule(Connection& c, uint64_t at);
  void run_timers();
  timespec next_wait() const;

  int ep_, listener_, udp_;
  uint32_t next_id_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;  // by fd
  std::priority_queue<Timer> timers_;
  Ready ready_;                                                  // may write at once
  std::unordered_map<long, std::pair<int, uint32_t>> lockstep_;  // by seed
  std::vector<std::pair<long, uint64_t>> aborts_;
  Stats stats_;
};

void add_reader(int ep, int fd) {
  epoll_event ev{};
  ev.events = EPOLLIN;
  ev.data.fd = fd;
  if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev)) die("epoll_ctl");
}

Mock::Mock(const Address& a) : ep_(epoll_create1(EPOLL_CLOEXEC)) {
  sockaddr_in sa = to_sockaddr(a);
  auto* addr = reinterpret_cast<sockaddr*>(&sa);
  int one = 1;
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener_, addr, sizeof sa) || listen(listener_, 65535)) die("listen");
  udp_ = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (bind(udp_, addr, sizeof sa)) die("bind udp");
  add_reader(ep_, listener_);
  add_reader(ep_, udp_);
}

Connection* Mock::find(int fd, uint32_t id) {
  Connection* c = size_t(fd) < connections_.size() ? connections_[fd].get() : nullptr;
  return c && c->id == id ? c : nullptr;
}

void Mock::watch(Connection& c, int op) {
  epoll_event ev{};
  ev.events = EPOLLIN | EPOLLRDHUP | (c.want_out ? EPOLLOUT : 0u);
  ev.data.fd = c.fd;
  if (epoll_ctl(ep_, op, c.fd, &ev)) die("epoll_ctl");
}

void Mock::drop(Connection& c) {
  if (c.active) {
    stats_.active--;
    aborts_.emplace_back(c.p.seed, now_ns());
    lockstep_.erase(c.p.seed);
  }
  close(c.fd);
  connections_[c.fd].reset();
}

void Mock::accept_all() {
  for (;;) {
    int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EMFILE) die("accept");
      return;
    }
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connections_.size() <= size_t(fd)) connections_.resize(fd + 1024);
    auto& c = connections_[fd] = std::make_unique<Connection>();
    c->fd = fd;
    c->id = ++next_id_;
    watch(*c, EPOLL_CTL_ADD);
  }
}

// Sends what is waiting.  False: the connection is gone.
bool Mock::flush(Connection& c) {
  while (c.out_off < c.out.size()) {
    ssize_t n = send(c.fd, c.out.data() + c.out_off, c.out.size() - c.out_off, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) {
        drop(c);
        return false;
      }
      if (!c.want_out) {
        c.want_out = true;
        watch(c, EPOLL_CTL_MOD);
      }
      return true;
    }
    stats_.bytes += n;
    c.out_off += n;
  }
  c.out_off = 0;
  if (c.active && c.sent == c.p.pause_after) c.out = {};  // a silent stream keeps no buffer
  c.out.clear();
  if (c.want_out) {
    c.want_out = false;
    watch(c, EPOLL_CTL_MOD);
  }
  if (c.close_after && !c.active) {
    drop(c);
    return false;
  }
  return true;
}

void Mock::respond(Connection& c, int status, std::string_view body) {
  c.out += "HTTP/1.1 ";
  append_number(c.out, status);
  c.out += status == 200 ? " OK" : " Not Found";
  c.out += "\r\nContent-Type: application/json\r\nContent-Length: ";
  append_number(c.out, body.size());
  c.out += c.close_after ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n";
  c.out += body;
}

void Mock::schedule(Connection& c, uint64_t at) {
  c.due = at;
  timers_.push({at, c.fd, c.id});
}

// The content of event |k|, escaped.
void Mock::append_text(std::string& s, const Connection& c, long k) {
  if (c.p.stamp) {
    char buf[kStampLen + 1];
    snprintf(buf, sizeof buf, "[[t%016lx]]", now_ns());
    s += buf;
  }
  size_t at = c.content.edge(k * c.p.bytes), end = c.content.edge((k + 1) * c.p.bytes);
  while (at < end) {
    std::string_view piece = c.content.piece(at, end - at);
    append_escaped(s, piece);
    at += piece.size();
  }
}

void Mock::append_head(Connection& c) {
  c.out += "HTTP/1.1 200 OK\r\nContent-Type: ";
  c.out += c.form->content_type();
  c.out += "\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n";
  c.out += c.close_after ? "Connection: close\r\n\r\n" : "\r\n";
}

void Mock::append_chunk(Connection& c, std::string_view payload) {
  if (payload.empty()) return;
  append_number(c.out, payload.size(), 16);
  ((c.out += "\r\n") += payload) += "\r\n";
}

// What a fault puts after the second event.
void spoil(std::string& s, Form& form, Fault fault, std::string_view text) {
  switch (fault) {
    case kBrokenJson:
      s.erase(s.find_last_of('}'), 1);
      break;
    case kEventTwice:
      form.content(s, text);
      break;
    case kErrorEvent:
      form.error(s);
      break;
    default:
      break;
  }
}

// The content events of one write, as HTTP chunks.  The number of the next one.
long Mock::append_events(Connection& c) {
  long stop = std::min(c.p.chunks, c.sent + c.p.burst);
  if (c.p.pause_after > c.sent) stop = std::min(stop, c.p.pause_after);
  if (c.p.die_after >= c.sent) stop = std::min(stop, c.p.die_after);
  std::string payload, text;
  for (long k = c.sent, packed = 0; k < stop; k++) {
    text.clear();
    append_text(text, c, k);
    c.form->content(payload, text);
    if (k == 1) spoil(payload, *c.form, Fault(c.p.fault), text);
    if (++packed < c.p.pack) continue;
    append_chunk(c, payload);
    payload.clear();
    packed = 0;
  }
  append_chunk(c, payload);
  stats_.events += stop - c.sent;
  return stop;
}

// Takes the answer one write further, and plans the next one.
void Mock::advance(Connection& c) {
  if (c.out_off < c.out.size()) return;
  std::string payload;
  if (!c.form) {
    Content& content = c.content;
    for (size_t at = 0, end = content.total(c.p); at < end;) {
      std::string_view piece = content.piece(at, end - at);
      append_escaped(payload, piece);
      at += piece.size();
    }
    std::string body;
    append_openai_body(body, c.p, payload);
    respond(c, 200, body);
    c.active = false;
    stats_.active--;
    if (flush(c)) parse(c);
    return;
  }
  if (!c.started) {
    c.started = true;
    append_head(c);
    if (c.p.fault != kNoRole) c.form->begin(payload);
    append_chunk(c, payload);
    payload.clear();
  }
  c.sent = append_events(c);
  bool dies = c.p.die_after >= 0 && c.sent >= c.p.die_after;
  bool last = c.sent == c.p.chunks && !dies && c.p.pause_after != c.sent;
  if (last) {
    c.form->end(payload, Fault(c.p.fault));
    if (c.p.fault == kDataAfterEnd) c.form->content(payload, "late");
    append_chunk(c, payload);
    c.out += "0\r\n\r\n";
  }
  if (last || dies) {
    c.active = false;
    stats_.active--;
    stats_.finished += last;
    lockstep_.erase(c.p.seed);
    if (dies) c.close_after = true;
    if (flush(c)) parse(c);
    return;
  }
  if (!flush(c) || c.sent == c.p.pause_after || c.p.lockstep) return;
  if (c.p.interval_us) {
    schedule(c, c.due + c.p.interval_us * 1000);  // from the plan: delays do not add up
  } else if (!c.want_out) {
    ready_.emplace_back(c.fd, c.id);
  }
}

void Mock::control(Connection& c, const Request& rq) {
  std::string body;
  if (rq.target == "/stats") {
    char buf[256];
    snprintf(buf, sizeof buf,
             "{\"requests\":%ld,\"events\":%ld,\"finished\":%ld,\"aborted\":%zu,\"active\":%ld,"
             "\"bytes\":%ld}\n",
             stats_.requests, stats_.events, stats_.finished, aborts_.size(), stats_.active,
             stats_.bytes);
    body = buf;
  } else if (rq.target == "/aborts") {
    for (auto& [seed, at] : aborts_) {
      append_number(body, seed);
      body += ' ';
      append_number(body, at);
      body += '\n';
    }
    body += "end\n";
  } else if (rq.target == "/reset") {
    stats_ = Stats{.active = stats_.active};
    aborts_.clear();
    body = "{}\n";
  }
  respond(c, body.empty() ? 404 : 200, body);
}

bool says_true(std::string_view body, std::string_view key) {
  size_t at = body.find(key);
  if (at == body.npos) return false;
  at = body.find_first_not_of(" :\n", at + key.size());
  return at != body.npos && body.substr(at, 4) == "true";
}

void Mock::answer(Connection& c, const Request& rq) {
  std::string_view path = std::string_view(rq.target).substr(0, rq.target.find('?'));
  c.p = Params();
  if (size_t at = rq.body.find("mock{"); at != rq.body.npos) {
    std::string_view said = std::string_view(rq.body).substr(at + 5);
    c.p.parse(said.substr(0, said.find('}')));
  }
  c.form = Form::make(path, c.p, says_true(rq.body, "\"include_usage\""));
  if (!c.form || rq.method != "POST") {
    control(c, rq);
    if (flush(c)) parse(c);
    return;
  }
  if (path.ends_with("/chat/completions") && !says_true(rq.body, "\"stream\"")) c.form.reset();
  c.content = Content(c.p.seed);
  c.sent = 0;
  c.started = false;
  c.active = true;
  stats_.requests++;
  stats_.active++;
  if (c.p.lockstep) lockstep_[c.p.seed] = {c.fd, c.id};
  c.due = now_ns();
  if (c.p.ttft_us) {
    schedule(c, c.due + c.p.ttft_us * 1000);
  } else {
    advance(c);
  }
}

// A chunked body at |from|: its end, 0 if more is needed.
size_t dechunk(std::string_view s, size_t from, std::string& body) {
  for (;;) {
    size_t eol = s.find("\r\n", from);
    if (eol == s.npos) return 0;
    size_t len = to_long(s.substr(from), 16);
    from = eol + 2;
    if (s.size() < from + len + 2) return 0;
    body.append(s, from, len);
    from += len + 2;
    if (!len) return from;
  }
}

// Takes a whole request off |in|.  False: it is not there yet.
bool take_request(std::string& in, Request& rq) {
  size_t head_end = in.find("\r\n\r\n");
  if (head_end == in.npos) return false;
  std::string_view head = std::string_view(in).substr(0, head_end);
  size_t sp = head.find(' '), sp2 = head.find(' ', sp + 1);
  if (sp2 == head.npos) return false;
  rq.method = head.substr(0, sp);
  rq.target = head.substr(sp + 1, sp2 - sp - 1);
  rq.close = head.substr(sp2 + 1, 8) == "HTTP/1.0";
  size_t length = 0;
  bool chunked = false;
  for (size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
    const char* line = head.data() + at + 2;
    if (!strncasecmp(line, "content-length:", 15)) length = strtoul(line + 15, nullptr, 10);
    if (!strncasecmp(line, "transfer-encoding:", 18)) chunked = true;
    if (!strncasecmp(line, "connection: close", 17)) rq.close = true;
  }
  size_t end = head_end + 4 + length;
  if (chunked) {
    end = dechunk(in, head_end + 4, rq.body);
    if (!end) return false;
  } else {
    if (in.size() < end) return false;
    rq.body = in.substr(head_end + 4, length);
  }
  in.erase(0, end);
  if (in.empty()) in = {};
  return true;
}

void Mock::parse(Connection& c) {
  Request rq;
  if (c.active || c.close_after || c.in.empty() || !take_request(c.in, rq)) return;
  c.close_after = rq.close;
  answer(c, rq);
}

void Mock::on_input(Connection& c) {
  static std::array<char, 65536> buf;
  ssize_t n;
  do {
    n = recv(c.fd, buf.data(), buf.size(), 0);
    if (n > 0) c.in.append(buf.data(), n);
  } while (n == ssize_t(buf.size()) || (n < 0 && errno == EINTR));
  if (n == 0 || (n < 0 && errno != EAGAIN)) {
    drop(c);
  } else {
    parse(c);
  }
}

void Mock::on_event(Connection& c, uint32_t what) {
  if (what & (EPOLLHUP | EPOLLERR | EPOLLRDHUP) && (c.active || !(what & EPOLLIN))) {
    drop(c);
    return;
  }
  int fd = c.fd;
  uint32_t id = c.id;
  if (what & EPOLLOUT && flush(c) && !c.want_out) {
    if (c.active && !c.p.interval_us && !c.p.lockstep && c.sent != c.p.pause_after) {
      ready_.emplace_back(fd, id);
    } else if (!c.active) {
      parse(c);
    }
  }
  if (what & EPOLLIN && find(fd, id)) on_input(c);
}

void Mock::on_datagrams() {
  long seed;
  while (recv(udp_, &seed, sizeof seed, 0) == sizeof seed) {
    auto it = lockstep_.find(seed);
    if (it != lockstep_.end()) ready_.push_back(it->second);
  }
}

void Mock::run_timers() {
  uint64_t now = now_ns();
  while (!timers_.empty() && timers_.top().at <= now) {
    Timer t = timers_.top();
    timers_.pop();
    Connection* c = find(t.fd, t.id);
    if (!c || !c->active || c->due != t.at) continue;
    if (c->want_out) {
      schedule(*c, now + 1'000'000);  // the reader is behind: look again in 1 ms
    } else {
      advance(*c);
    }
  }
}

// How long there is nothing to do; at most a second, for the stop flag.
timespec Mock::next_wait() const {
  uint64_t ns = 1'000'000'000, now = now_ns();
  if (!timers_.empty()) ns = std::min(ns, std::max(timers_.top().at, now) - now);
  if (!ready_.empty()) ns = 0;
  return {time_t(ns / 1'000'000'000), long(ns % 1'000'000'000)};
}

void Mock::run(const volatile sig_atomic_t& stop) {
  std::vector<epoll_event> events(1024);
  while (!stop) {
    timespec wait = next_wait();
    int n = epoll_pwait2(ep_, events.data(), events.size(), &wait, nullptr);
    for (int i = 0; i < n; i++) {
      int fd = events[i].data.fd;
      if (fd == listener_) {
        accept_all();
      } else if (fd == udp_) {
        on_datagrams();
      } else if (connections_[fd]) {
        on_event(*connections_[fd], events[i].events);
      }
    }
    run_timers();
    Ready turn;
    turn.swap(ready_);
    for (auto& [fd, id] : turn) {
      Connection* c = find(fd, id);
      if (c && c->active && !c->want_out) advance(*c);
    }
  }
}

volatile sig_atomic_t stop_now;

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: mock host:port\n");
    return 2;
  }
  bench::raise_fd_limit();
  signal(SIGTERM, [](int) { bench::stop_now = 1; });
  signal(SIGINT, [](int) { bench::stop_now = 1; });
  bench::Mock(bench::Address::parse(argv[1])).run(bench::stop_now);
}
