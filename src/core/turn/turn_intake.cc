// Copyright (C) 2026 The f0 authors
//
// turn_intake.cc - a turn's request, from its body to its responder.

#include "../agent/agent.h"
#include "../base/text.h"
#include "../front/messages/messages.h"
#include "../respond/count.h"
#include "turn.h"

namespace f0 {
namespace {

constexpr size_t kLongestName = 256;  // characters of a model's name
constexpr size_t kPiece = 4 << 10;    // of a text that a responder works on

}  // namespace

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
  tries_ = std::make_unique<f0::tries>(config_, *model_, worker_.providers, id_, began_,
                                       began_ + total_ms_);
  if (request_->count_only) return count();
  responder_ = make_responder(*this, std::move(incoming_->decided));
  if (ending_ != ending::none) return;
  if (!carried()) return refuse(incoming_->uncarried);
  admit();
}

void turn::begin_answer() {
  watch_text();
  ask_next();
  if (responder_->defers())
    events_ = std::make_unique<event_queue>(sink(), paused_, kPiece, budget_);
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

}  // namespace f0
