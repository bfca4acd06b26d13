// Copyright (C) 2026 The f0 authors
//
// A load generator for chat endpoints: one thread, epoll.  It checks every
// answer (check.h) and prints one JSON object of counts and percentiles.

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
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "check.h"
#include "common.h"
#include "form.h"
#include "histogram.h"
#include "http_reader.h"

namespace bench {
namespace {

enum class Mode {
  kFull,   // each answer is read to its end
  kHold,   // streams are opened and kept until SIGTERM
  kAbort,  // the client leaves after --leave-after events, or while it waits
};

struct Options {
  Address target, mock;
  std::string path = "/v1/chat/completions", model = "mock-1", said, told;
  std::vector<std::string> headers;
  Shape shape = Shape::kOpenAi;
  Mode mode = Mode::kFull;
  long concurrency = 1, requests = 0, pad = 0, leave_after = 5, rate = 2000, slow = 0;
  double seconds = 0, timeout = 30, slow_seconds = 0, spread_ms = 0;
  bool keepalive = true;
};

enum class Phase { kIdle, kConnecting, kSending, kReading };

struct Client {
  int fd = -1;
  Phase phase = Phase::kIdle;
  bool want_out = false, held = false;
  std::string out;
  size_t out_off = 0;
  std::optional<HttpReader> http;
  std::optional<Check> check;
  std::string line;  // the beginning of one that is not complete yet
  long seed = 0;
  uint64_t started = 0, last = 0, received = 0;  // the last one: the kernel's stamp
};

volatile sig_atomic_t stop_now;

class Load {
 public:
  explicit Load(const Options& o);
  void run();
  void report();
  bool ok() const { return failures_.empty(); }

 private:
  bool may_start() const;
  void start(Client& c);
  std::string request(long seed);
  bool connect_client(Client& c);
  void watch(Client& c, int op);
  void send_more(Client& c);
  void on_event(Client& c, uint32_t what);
  void on_readable(Client& c);
  bool on_body(Client& c, std::string_view d);
  bool on_line(Client& c, std::string_view line);
  void on_content(Client& c);
  void leave(Client& c);
  void end(Client& c, const char* why, bool reusable = false);
  void poll_once();
  void start_due();
  void expire();
  void leave_waiting();
  bool is_slow() const;
  void pace();
  void match_aborts();

  const Options o_;
  Params promise_;
  std::string padding_;
  int ep_, udp_ = -1;
  std::vector<Client> clients_;
  std::vector<Client*> restart_;
  size_t begun_ = 0;  // clients that have started at least once
  long started_ = 0, running_ = 0, next_seed_;
  uint64_t begin_, no_more_ = 0, next_look_ = 0;
  long slow_taken_ = 0;
  bool opened_ = false;

  long ok_ = 0, events_ = 0, held_ = 0, unseen_ = 0;
  size_t content_bytes_ = 0, wire_bytes_ = 0;
  Histogram ttft_, total_, latency_, abort_;
  std::map<std::string, long> failures_;
  std::unordered_map<long, uint64_t> left_at_;  // by seed
};

Load::Load(const Options& o) : o_(o), ep_(epoll_create1(EPOLL_CLOEXEC)), clients_(o.concurrency) {
  promise_.parse(o_.said);
  if (o_.pad) {
    std::string text;
    while (text.size() < size_t(o_.pad)) append_escaped(text, Content(1).piece(0, o_.pad));
    // cut where neither an escape nor a character is split
    size_t cut = o_.pad;
    while (cut && (text[cut - 1] == '\\' || (text[cut] & 0xC0) == 0x80)) cut--;
    padding_ = text.substr(0, cut);
  }
  if (promise_.lockstep) {
    udp_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in sa = to_sockaddr(o_.mock);
    if (connect(udp_, reinterpret_cast<sockaddr*>(&sa), sizeof sa)) die("mock");
  }
  begin_ = now_ns();
  next_seed_ = long(begin_ / 1000 % 1'000'000'000) * 1000;  // other content in every run
  if (o_.seconds > 0) no_more_ = begin_ + uint64_t(o_.seconds * 1e9);
}

bool Load::may_start() const {
  return (!o_.requests || started_ < o_.requests) && (!no_more_ || now_ns() < no_more_);
}

std::string Load::request(long seed) {
  std::string body = R"({"model":")" + o_.model + R"(","stream":)";
  body += o_.shape == Shape::kJsonBody ? "false" : "true";
  body += R"(,"max_tokens":1024,"messages":[)";
  if (o_.pad) body += R"({"role":"system","content":")" + padding_ + R"("},)";
  body +=
      R"({"role":"user","content":"mock{)" + o_.told + ";seed=" + std::to_string(seed) + R"(}"}]})";
  std::string head = "POST " + o_.path + " HTTP/1.1\r\nHost: localhost\r\n";
  for (auto& h : o_.headers) head += h + "\r\n";
  if (!o_.keepalive) head += "Connection: close\r\n";
  return head + "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

void Load::watch(Client& c, int op) {
  epoll_event ev{};
  ev.events = EPOLLIN | (c.want_out ? EPOLLOUT : 0u);
  ev.data.u64 = &c - clients_.data();
  if (epoll_ctl(ep_, op, c.fd, &ev)) die("epoll_ctl");
}

bool Load::connect_client(Client& c) {
  c.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c.fd < 0) return false;
  int one = 1, small = 4096;
  setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(c.fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  if (o_.slow) setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  sockaddr_in sa = to_sockaddr(o_.target);
  if (connect(c.fd, reinterpret_cast<sockaddr*>(&sa), sizeof sa) && errno != EINPROGRESS) {
    return false;
  }
  c.phase = Phase::kConnecting;
  c.want_out = true;
  watch(c, EPOLL_CTL_ADD);
  return true;
}

void Load::start(Client& c) {
  started_++;
  running_++;
  int fd = c.fd;
  c = Client();
  c.fd = fd;
  c.seed = next_seed_++;
  Params p = promise_;
  p.seed = c.seed;
  c.http.emplace();
  c.check.emplace(o_.shape, p, [this, &c](uint64_t sent) {
    latency_.add(c.received > sent ? c.received - sent : 0);
  });
  c.out = request(c.seed);
  c.started = c.last = now_ns();
  if (fd >= 0) {
    c.phase = Phase::kSending;
    send_more(c);
  } else if (!connect_client(c)) {
    end(c, "connect failed");
  }
}

// The request is over, well if |why| is NULL.  The client's next one starts
// from the main loop.
void Load::end(Client& c, const char* why, bool reusable) {
  running_--;
  if (c.check) content_bytes_ += c.check->content_bytes();
  if (why) {
    failures_[why]++;
  } else {
    ok_++;
    total_.add(now_ns() - c.started);
  }
  c.phase = Phase::kIdle;
  if (why || !reusable || !o_.keepalive) {
    close(c.fd);
    c.fd = -1;
  }
  restart_.push_back(&c);
}

void Load::leave(Client& c) {
  left_at_[c.seed] = now_ns();
  end(c, c.check->wrong());
}

void Load::send_more(Client& c) {
  while (c.out_off < c.out.size()) {
    ssize_t n = send(c.fd, c.out.data() + c.out_off, c.out.size() - c.out_off, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) return end(c, "send failed");
    if (n < 0) {
      if (c.want_out) return;
      c.want_out = true;
      return watch(c, EPOLL_CTL_MOD);
    }
    c.out_off += n;
  }
  c.phase = Phase::kReading;
  c.out = {};
  if (c.want_out) {
    c.want_out = false;
    watch(c, EPOLL_CTL_MOD);
  }
}

// A content event came.
void Load::on_content(Client& c) {
  events_++;
  if (c.check->pieces() == 1) ttft_.add(c.received - c.started);
  if (udp_ >= 0) send(udp_, &c.seed, sizeof c.seed, 0);
  if (o_.mode == Mode::kHold && !c.held) {
    c.held = true;
    held_++;
  }
}

// One line of a stream.  False: the client has left.
bool Load::on_line(Client& c, std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (o_.shape != Shape::kOllama) {
    if (!line.starts_with("data: ")) return true;
    line.remove_prefix(6);
  }
  if (!c.check->event(line)) return true;
  on_content(c);
  if (o_.mode != Mode::kAbort || c.check->pieces() != o_.leave_after) return true;
  leave(c);
  return false;
}

// Bytes of the body.  False: the client has left.
bool Load::on_body(Client& c, std::string_view d) {
  if (o_.shape == Shape::kJsonBody) {
    c.line += d;
    return true;
  }
  for (size_t eol; (eol = d.find('\n')) != d.npos; d.remove_prefix(eol + 1)) {
    std::string_view line = d.substr(0, eol);
    std::string whole;
    if (!c.line.empty()) {
      whole = std::exchange(c.line, "");
      whole += line;
      line = whole;
    }
    if (!on_line(c, line)) return false;
  }
  c.line += d;
  return true;
}

// Receives, and says when the bytes reached the socket: by the kernel's stamp,
// so that this program's own wait for the processor is not taken for latency.
ssize_t receive(int fd, char* buf, size_t size, uint64_t& at) {
  static uint64_t offset, offset_at;  // from the wall clock to now_ns()
  alignas(cmsghdr) char control[64];
  iovec iov{buf, size};
  msghdr msg{};
  msg.msg_iov = &iov;
  msg.msg_iovlen = 1;
  msg.msg_control = control;
  msg.msg_controllen = sizeof control;
  ssize_t n = recvmsg(fd, &msg, 0);
  at = now_ns();
  if (at - offset_at > 100'000'000) {
    timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    offset_at = at = now_ns();
    offset = at - (wall.tv_sec * 1'000'000'000ull + wall.tv_nsec);
  }
  cmsghdr* c = n > 0 ? CMSG_FIRSTHDR(&msg) : nullptr;
  if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
    timespec t;
    memcpy(&t, CMSG_DATA(c), sizeof t);
    at = std::min<uint64_t>(at, t.tv_sec * 1'000'000'000ull + t.tv_nsec + offset);
  }
  return n;
}

void Load::on_readable(Client& c) {
  static std::array<char, 262144> buf;
  size_t size = buf.size();
  if (is_slow()) {
    long allowed = o_.slow * double(now_ns() - begin_) / 1e9 - slow_taken_;
    size = std::clamp<long>(allowed, 1, buf.size());
  }
  ssize_t n = receive(c.fd, buf.data(), size, c.received);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) return end(c, n < 0 ? "connection reset" : "closed before the end");
  wire_bytes_ += n;
  slow_taken_ += n;
  c.last = c.received;
  std::string_view d(buf.data(), n), body;
  while (c.http->next(d, body)) {
    if (!on_body(c, body)) return;
  }
  if (c.http->failure()) return end(c, c.http->failure());
  if (!c.http->complete()) return;
  if (!d.empty()) return end(c, "bytes after the answer");
  if (o_.shape == Shape::kJsonBody) {
    ttft_.add(c.received - c.started);
    c.check->event(c.line);
  }
  end(c, c.check->verdict(), !c.http->closes());
}

void Load::on_event(Client& c, uint32_t what) {
  if (c.fd < 0) return;
  if (c.phase == Phase::kIdle) {  // the server ended an idle connection
    close(c.fd);
    c.fd = -1;
    return;
  }
  if (c.phase == Phase::kConnecting) {
    int err = 0;
    socklen_t len = sizeof err;
    getsockopt(c.fd, SOL_SOCKET, SO_ERROR, &err, &len);
    if (err) return end(c, "connect failed");
    c.phase = Phase::kSending;
  }
  if (c.phase == Phase::kSending) return send_more(c);
  if (what & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_readable(c);
}

void Load::poll_once() {
  static std::array<epoll_event, 1024> events;
  bool soon = begun_ < clients_.size() || o_.mode == Mode::kAbort;
  int n = epoll_wait(ep_, events.data(), events.size(), soon ? 1 : 50);
  for (int i = 0; i < n; i++) on_event(clients_[events[i].data.u64], events[i].events);
  for (Client* c : std::exchange(restart_, {})) {
    if (o_.mode != Mode::kHold && may_start()) start(*c);
  }
}

// Clients start one after the other, at --rate, or spread over --spread-ms.
void Load::start_due() {
  double elapsed = (now_ns() - begin_) / 1e6;
  while (begun_ < clients_.size()) {
    double due =
        o_.mode == Mode::kHold ? 1e3 * begun_ / o_.rate : o_.spread_ms * begun_ / clients_.size();
    if (elapsed < due) return;
    Client& c = clients_[begun_++];
    if (may_start()) start(c);
  }
}

void Load::expire() {
  uint64_t now = now_ns();
  if (now < next_look_) return;
  next_look_ = now + 200'000'000;
  for (Client& c : clients_) {
    if (c.phase != Phase::kIdle && now > c.last + o_.timeout * 1e9) end(c, "timeout");
  }
}

// --leave-after 0: a client leaves 50 ms after its request.
void Load::leave_waiting() {
  if (o_.mode != Mode::kAbort || o_.leave_after) return;
  for (Client& c : clients_) {
    if (c.phase == Phase::kReading && now_ns() > c.started + 50'000'000) leave(c);
  }
}

bool Load::is_slow() const {
  return o_.slow && now_ns() < begin_ + uint64_t(o_.slow_seconds * 1e9);
}

// Between two small reads; once the slow time is over, the window is opened.
void Load::pace() {
  if (is_slow()) {
    usleep(20'000);
  } else if (o_.slow && !opened_) {
    opened_ = true;
    int large = 4 << 20;
    for (Client& c : clients_) setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
  }
}

void Load::run() {
  bool hold = o_.mode == Mode::kHold;
  while (!stop_now && (begun_ < clients_.size() || running_ || !restart_.empty() || hold)) {
    start_due();
    poll_once();
    leave_waiting();
    pace();
    if (!hold) expire();
  }
  for (Client& c : clients_) {
    if (c.phase != Phase::kIdle) end(c, hold ? c.check->wrong() : "cut off");
  }
  if (o_.mode == Mode::kAbort) match_aborts();
}

// Asks the mock when it saw the end of each stream that was left.
void Load::match_aborts() {
  usleep(1'000'000);  // how long the target may take
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in sa = to_sockaddr(o_.mock);
  if (connect(fd, reinterpret_cast<sockaddr*>(&sa), sizeof sa)) die("mock");
  std::string_view ask = "GET /aborts HTTP/1.1\r\nConnection: close\r\n\r\n";
  if (send(fd, ask.data(), ask.size(), 0) < 0) die("mock");
  std::string text;
  char buf[65536];
  for (ssize_t n; (n = recv(fd, buf, sizeof buf, 0)) > 0;) text.append(buf, n);
  close(fd);
  size_t seen = 0, body = text.find("\r\n\r\n");
  const char* p = body == text.npos ? nullptr : text.c_str() + body;
  for (long seed, at; p && sscanf(p, "%ld %ld", &seed, &at) == 2; p = strchr(p + 4, '\n')) {
    auto it = left_at_.find(seed);
    if (it == left_at_.end()) continue;
    seen++;
    abort_.add(std::max<long>(0, at - long(it->second)));
  }
  unseen_ = left_at_.size() - seen;
}

void Load::report() {
  std::string why;
  long failed = 0;
  for (auto& [reason, n] : failures_) {
    failed += n;
    why += (why.empty() ? "\"" : ", \"") + reason + "\": " + std::to_string(n);
  }
  printf(
      "{\"seconds\": %.3f, \"ok\": %ld, \"failed\": %ld, \"failures\": {%s},\n"
      " \"events\": %ld, \"content_bytes\": %zu, \"wire_bytes\": %zu, \"held\": %ld,"
      " \"left\": %zu, \"unseen\": %ld",
      (now_ns() - begin_) / 1e9, ok_, failed, why.c_str(), events_, content_bytes_, wire_bytes_,
      held_, left_at_.size(), unseen_);
  ttft_.print("ttft_us");
  total_.print("total_us");
  latency_.print("latency_us");
  abort_.print("abort_us");
  printf("}\n");
}

// ---- command line

[[noreturn]] void usage() {
  fprintf(
      stderr,
      "usage: load --url host:port/path [--shape openai|anthropic|gemini|ollama|json]\n"
      "  [--mode full|hold|abort] [-c clients] [-n requests | -d seconds] [--mock 'chunks=9;...']\n"
      "  [--mock-addr host:port] [--model name] [--pad bytes] [-H 'Name: value'].. [--close]\n"
      "  [--timeout seconds] [--spread-ms ms] [--rate streams/s] [--leave-after events]\n"
      "  [--slow bytes/s --slow-seconds s] [--told 'what the mock is told instead of --mock']\n");
  exit(2);
}

template <class T>
T named(const std::map<std::string_view, T>& names, const std::string& name) {
  auto it = names.find(name);
  if (it == names.end()) usage();
  return it->second;
}

Options parse_args(int argc, char** argv) {
  Options o;
  for (int i = 1; i < argc; i++) {
    std::string_view a = argv[i];
    if (a == "--close") {
      o.keepalive = false;
      continue;
    }
    if (++i == argc) usage();
    std::string v = argv[i];
    if (a == "--url") {
      size_t slash = std::min(v.size(), v.find('/'));
      o.target = Address::parse(v.substr(0, slash));
      if (slash < v.size()) o.path = v.substr(slash);
    } else if (a == "--shape") {
      o.shape = named<Shape>({{"openai", Shape::kOpenAi},
                              {"anthropic", Shape::kAnthropic},
                              {"gemini", Shape::kGemini},
                              {"ollama", Shape::kOllama},
                              {"json", Shape::kJsonBody}},
                             v);
    } else if (a == "--mode") {
      o.mode =
          named<Mode>({{"full", Mode::kFull}, {"hold", Mode::kHold}, {"abort", Mode::kAbort}}, v);
    } else if (a == "-c") {
      o.concurrency = to_long(v);
    } else if (a == "-n") {
      o.requests = to_long(v);
    } else if (a == "-d") {
      o.seconds = strtod(v.c_str(), nullptr);
    } else if (a == "-H") {
      o.headers.push_back(v);
    } else if (a == "--mock") {
      o.said = v;
    } else if (a == "--told") {
      o.told = v;
    } else if (a == "--mock-addr") {
      o.mock = Address::parse(v);
    } else if (a == "--model") {
      o.model = v;
    } else if (a == "--pad") {
      o.pad = to_long(v);
    } else if (a == "--timeout") {
      o.timeout = strtod(v.c_str(), nullptr);
    } else if (a == "--spread-ms") {
      o.spread_ms = strtod(v.c_str(), nullptr);
    } else if (a == "--rate") {
      o.rate = to_long(v);
    } else if (a == "--leave-after") {
      o.leave_after = to_long(v);
    } else if (a == "--slow") {
      o.slow = to_long(v);
    } else if (a == "--slow-seconds") {
      o.slow_seconds = strtod(v.c_str(), nullptr);
    } else {
      usage();
    }
  }
  if (!o.target.port) usage();
  if (o.told.empty()) o.told = o.said;
  if (!o.requests && o.seconds <= 0) o.requests = o.concurrency;
  return o;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  bench::Load load(bench::parse_args(argc, argv));
  bench::raise_fd_limit();
  signal(SIGTERM, [](int) { bench::stop_now = 1; });
  load.run();
  load.report();
  return load.ok() ? 0 : 1;
}
