// Copyright (C) 2026 The f0 authors
//
// turn.h - one client request from its body to its end: calls, deadlines,
// failover and comments, whatever responder runs it.

#ifndef F0_CORE_TURN_TURN_H_
#define F0_CORE_TURN_TURN_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../f0.h"
#include "../base/abi.h"
#include "../base/budget.h"
#include "../base/bytes.h"
#include "../chat/envelope.h"
#include "../chat/request.h"
#include "../config.h"
#include "../front/chat_completions/request.h"
#include "../front/front.h"
#include "../front/lane.h"
#include "../json/json.h"
#include "../provider/call.h"
#include "../provider/stream.h"
#include "../respond/continuation.h"
#include "../respond/responder.h"
#include "../worker.h"
#include "admission.h"
#include "event_queue.h"
#include "outlet.h"
#include "tally.h"
#include "tries.h"

struct f0_work_s {
  std::unique_ptr<f0::work> work;
  std::atomic<bool> stop = false;  // its turn is over: nobody wants it
};

namespace f0 {

namespace agent {
struct decision;
}

constexpr size_t kInline = 96 << 10;  // more bytes are worked on in a thread

// A failure of the server itself.
chat::api_error server_error(string_view code, string_view message, int status);

class turn : public turn_services {
 public:
  turn(worker& w, const f0::config& cf, const f0_turn_options_t& o);
  ~turn() override;
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

  // The host's side: see f0.h.
  int body(string_view piece, bool last);
  void next(int64_t now, f0_action_t& a);
  void model_hold(bool held, int64_t now);
  int model_head(int status, const f0_header_t* headers, size_t n, int64_t now);
  int model_data(string_view bytes, int64_t now);
  int model_end(f0_model_end_t how, int64_t now);
  int work_done(int64_t now);
  void cancel();
  int drain(int64_t now);
  string_view output();
  bool streams() const { return streams_; }
  void info(f0_turn_info_t& info) const;
  // Something happened to its place in a queue: next() is due.
  void* stir() {
    quiet_until_ = 0;
    return host_;
  }

  // The responder's side: see agent/responder.h.
  const chat::request& request() const override { return *request_; }
  const f0::model& model() const override { return *model_; }
  const f0::attempt& attempt() const override { return model_->tries[attempt_]; }
  dialect::id dialect() const override { return config_.provider_at(attempt().provider).dialect; }
  front::id front() const override { return front_id_; }
  front::identity identity() const override { return {id_, created_, model_name_}; }
  f0::outlet& outlet() override { return *outlet_; }
  budget& memory() override { return budget_; }
  bool stopped() const override { return work_.stop; }
  unsigned calls() const override { return calls_; }
  void call_model(const call_plan& plan) override;
  void wait(int64_t ms) override {
    wait_until_ = now_ + ms;
    quiet_until_ = 0;
  }
  void run_work(std::unique_ptr<work> w) override;
  bool crowded() const override;
  void wait_for_room() override;
  void finish() override;
  void respond(std::string body) override;
  void pass_failure(const chat::api_error& t, std::string body) override;
  chat::api_error told(const chat::failure& f) const override;
  bool has_secret(string_view s) const override;
  void fail(const chat::failure& f) override;
  void fail(const chat::api_error& t) override;
  void keep_state(string_view id, string_view name, chat::state what, string_view json) override;
  void count_patch() override { patches_++; }
  void set_mode(string_view word) override { mode_ = word; }

 private:
  enum class ending : uint8_t { none, respond, finished, cancelled };

  // What only an answer that is no stream needs.
  struct whole_answer {
    chat::api_error told;  // headers
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::string reason;
  };

  // Long work of the turn itself: reading a large body, writing a large call.
  class job final : public work {
   public:
    job(turn& t, void (turn::*run)(), void (turn::*over)()) : turn_(t), run_(run), over_(over) {}
    void run() noexcept override;
    void tell();

   private:
    turn& turn_;
    void (turn::*run_)();
    void (turn::*over_)();
    bool failed_ = false;
  };
  // Runs |run| here or, if it concerns so many bytes, in a thread; then |over|.
  void perform(size_t bytes, void (turn::*run)(), void (turn::*over)());

  // The worker's buffer is ours until it is another turn's.
  void claim() {
    if (worker_.owner != this) take_buffer();
  }
  void take_buffer();
  void read_body();  // may run in a thread
  void body_read();
  void act(f0_action_t& a);
  void refuse(const chat::bad_request& bad);
  void too_large();
  void start();
  void begin_answer();
  bool queued() const { return admission_ && admission_->waits(); }
  void admit();
  void turn_away();
  void tell_place();
  int64_t place_due() const;
  int64_t estimate() const;
  void count();
  bool is_carried(const f0::attempt& a, chat::bad_request& bad) const;
  bool carries(unsigned line);
  bool carried();
  bool ask_next();
  void go_on();
  bool plan_size_above(size_t n) const;
  void prepare_call();
  void recall(dialect::call& c);
  void note_reasoning();
  std::string state_key(char what, string_view id, string_view name) const;
  std::string origin() const;
  void encode_call();  // may run in a thread
  // Whether its bytes may go up as they came.
  bool passes_bytes() const { return has_lane(front_id_) || front_id_ == front::id::count_tokens; }
  void encode_lane();
  void call_encoded();
  bool drops();
  void start_call(f0_action_t& a);
  bool ask_anew();
  void describe_call(f0_action_t& a);
  void room();
  size_t buffered() const;  // bytes of output, without what is queued
  size_t waiting() const;
  bool charge_output();
  bool charge_much(size_t n);
  void join_spill();
  void read_later(string_view bytes, std::optional<dialect::transport_end> end);
  void read_late();  // in a thread
  void late_read();
  void replay();
  void write_answer();  // may run in a thread
  void answer_written();
  size_t said() const { return late_ ? late_->said : stream_->text_bytes(); }
  void end_stream(dialect::transport_end how);
  void after_operations();  // the stream was fed: ends, limits
  void call_over();
  void watch_text();
  chat::sink& sink();  // who hears the events
  bool goes_on(chat::failure& f);
  bool next_runner();
  bool show_text();
  void pass_relay();
  void ask_over(const chat::failure* f);
  void complain(const chat::failure& f);
  bool asks_again(const chat::failure& f);
  void tell_kept();
  void release_request();
  void count_tokens();
  void end_as(ending e, string_view word);
  void expire();
  void keep_awake();
  int64_t deadline() const;
  int64_t patience() const;  // when the provider has been silent, or no use, for too long
  void resume_clocks();      // the provider waited for us
  void note_output();
  // What now_ is to the world, in milliseconds.
  int64_t unix_ms() const { return created_ * 1000 + (now_ - began_); }
  int64_t comment_due() const;  // when the client has heard nothing for too long

  worker& worker_;
  const f0::config& config_;
  budget budget_;

  // The request, until nothing needs it any more.
  struct incoming {
    explicit incoming(budget& b) : held(b) {}

    bytes body;  // the document's values point into it
    holding held;
    json::document document;
    const json::value* root = nullptr;
    json::error why = json::error::none;
    bool valid = false;
    chat::bad_request bad;
    std::shared_ptr<agent::decision> decided;
    std::string header;               // X-F0-Stream
    std::string args, version, beta;  // for a provider of the same API
    std::string lost;                 // the first that a provider would not be told
    chat::bad_request uncarried;      // what stands against the first try line
  };
  std::unique_ptr<incoming> incoming_;
  std::unique_ptr<chat::request> request_;
  const f0::model* model_ = nullptr;
  const front::id front_id_;
  const front::row& front_;
  chat::envelopes envelopes_;  // that its client is given

  std::unique_ptr<f0::outlet> outlet_;
  std::unique_ptr<f0::responder> responder_;
  std::unique_ptr<event_queue> events_;
  std::unique_ptr<whole_answer> answer_, written_;

  // The running call.
  // What is asked, until the provider answers.
  struct outgoing {
    explicit outgoing(budget& b) : held(b) {}

    dialect::call call;
    dialect::kept_states kept;
    dialect::encoded encoded;
    holding held;
    std::string uri;
    std::string version, beta;  // a lane's headers
    bool count_only = false;
    std::vector<f0_header_t> headers;
  };
  std::unique_ptr<outgoing> outgoing_;
  // What the provider sent and a thread reads; until it has, nobody else looks at
  // |stream_|.
  struct late_input {
    dialect::scratch scratch;
    std::string bytes;
    std::optional<dialect::transport_end> end, then;  // in place of bytes, behind them
    size_t said = 0;                                  // before
  };
  std::unique_ptr<late_input> late_;
  std::unique_ptr<dialect::stream> stream_;
  call_plan plan_;
  // A text that a provider may break off, and who goes on with it.
  struct relay {
    relay(chat::sink& to, const chat::request& r, budget& b) : text(to, r, b), held(b) {}

    continuation text;
    std::vector<chat::message> messages;  // with what was said
    holding held;
    chat::failure why;  // it was broken off ...
    bool timed_out = false;
    unsigned line = 0, cuts = 0;  // ... by that line, and how often
    unsigned step = 0;            // lines that were looked at since
    size_t said = 0;              // up to then
    size_t length = 0;            // of the conversation
    bool own = false;             // it is the request's
  };
  std::unique_ptr<relay> relay_;  // nullptr: nobody would
  std::unique_ptr<f0::tries> tries_;
  f0_work_s work_;

  void* const host_;  // what stands for it there
  std::unique_ptr<f0::admission> admission_;
  std::string place_told_;  // to its client
  int64_t place_told_at_ = 0;
  unsigned places_told_ = 0;

  std::string id_, client_, model_name_, project_;
  std::string spill_;  // output that waited while another turn used the buffer
  std::string odd_finish_;
  std::string dropped_;               // what the try that is asked does not tell its provider
  std::string notice_, notice_told_;  // for the log
  string_view mode_, end_;
  tally tokens_;     // of the calls that are over
  size_t sent_ = 0;  // bytes of text in the running call's messages
  size_t output_charged_ = 0;

  int64_t now_, created_, began_, last_output_, last_chunk_;
  int64_t call_began_ = 0, last_byte_ = -1, last_use_ = 0, wait_until_ = -1, ttft_ = -1;
  int64_t quiet_until_ = 0;  // nothing can be due before; 0: to be worked out again
  uint32_t first_byte_ms_, idle_ms_, progress_ms_, total_ms_, keepalive_ms_;
  size_t used_ = 0;  // the running call's output so far, as its stream counts
  size_t chunk_size_;
  unsigned attempt_ = 0, calls_ = 0, patches_ = 0, provider_ = 0, signs_seen_ = 0;
  ending ending_ = ending::none;
  bool body_complete_ = false, streams_ = false;
  bool want_call_ = false, call_ready_ = false, calling_ = false, raw_ = false;
  bool want_work_ = false, working_ = false, own_work_ = false;
  bool stalled_ = false;    // the responder waits for room
  bool sliced_ = false;     // not for room: others shall have their turn
  bool paused_ = false;     // it works or it is stalled: nothing is told to it
  bool held_ = false;       // the provider waits for us
  bool timed_out_ = false;  // the running call
  bool strict_ = false;     // nothing may be dropped
};

}  // namespace f0

struct f0_turn_s : f0::turn {
  using f0::turn::turn;
};

#endif  // F0_CORE_TURN_TURN_H_
