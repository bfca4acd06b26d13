// Copyright (C) 2026 The f0 authors
//
// answer.cc - what a model did, put into an order of items.

#include "answer.h"

#include <algorithm>

#include "../../json/json.h"

namespace f0::front::responses {

namespace {

bool wants_envelopes(const json::value* root) {
  const json::value* include = root ? root->get("include") : nullptr;
  if (!include || !include->is_array()) return false;
  return std::any_of(include->begin(), include->end(), [](const json::value& v) {
    return v.is_string() && v.text() == "reasoning.encrypted_content";
  });
}

}  // namespace

answer::answer(const writer_options& o)
    : memory_(o.memory), response_(o.who, o.request), turn_(o.who.id) {
  charge(response_.size());
  if (wants_envelopes(o.request.root)) envelopes_ = o.envelopes;
  for (const chat::tool& t : o.request.tools) {
    using origin = chat::tool::origin;
    if (t.from == origin::function && t.client_name.empty()) continue;
    const kind what = t.from == origin::custom   ? kind::custom
                      : t.from == origin::search ? kind::search
                                                 : kind::function;
    tools_.push_back({std::string(t.name), std::string(t.client_name), std::string(t.ns), what});
    charge(sizeof(tool) + t.name.size() + t.client_name.size() + t.ns.size());
  }
}

bool answer::charge(size_t n) {
  if (!memory_.take(n)) over_limit_ = true;
  return !over_limit_;
}

// ---- what came

void answer::start() {
  if (started_) return;
  started_ = true;
  lifecycle("response.created", status::in_progress, {});
  lifecycle("response.in_progress", status::in_progress, {});
}

void answer::on(const chat::event& e) {
  using what = chat::event::kind;
  if (e.choice != 0 || ended_ || over_limit_) return;
  start();
  switch (e.type) {
    case what::content:
    case what::refusal:  // Codex drops an item with a part of that type
      return text(kind::message, e.text);
    case what::reasoning:
    case what::details:
      return text(kind::reasoning, e.text);
    case what::call:
      return call(e);
    case what::arguments:
      return arguments(e.number, e.text);
    case what::finish:
      why_ = e.why;
      return;
    case what::extra:
    case what::keep:
      return keep(e);
    default:  // clients of this API know nothing of the others
      return;
  }
}

void answer::text(kind what, string_view s) {
  if (s.empty()) return;
  const bool reasoned = !queue_.empty() && queue_.back().what == kind::reasoning;
  if (reasoned && what == kind::message) seal();
  if (queue_.empty() || queue_.back().what != what || !queue_.back().sealed.empty()) {
    begin(item(what));
  }
  item& i = queue_.back();
  if (i.open) return write(i, s);
  i.waiting += s;
  charge(s.size());
  advance(false);
}

void answer::call(const chat::event& e) {
  keep(e);
  seal();
  item i(kind::function);
  const auto known =
      std::find_if(tools_.begin(), tools_.end(), [&](const tool& t) { return t.flat == e.name; });
  if (known != tools_.end()) i.what = known->what;
  i.name = known != tools_.end() && !known->name.empty() ? string_view(known->name) : e.name;
  if (known != tools_.end()) i.ns = known->ns;
  i.id = e.id;
  i.number = e.number;
  i.own_text = e.custom;
  begin(std::move(i));
  advance(false);
}

void answer::arguments(int number, string_view s) {
  const auto i = std::find_if(queue_.rbegin(), queue_.rend(),
                              [&](const item& q) { return q.is_call() && q.number == number; });
  if (i == queue_.rend() || s.empty()) return;
  if (!i->own_text) i->scan.feed(s);
  if (i->open) {
    write(*i, s);
  } else {
    i->waiting += s;
    charge(s.size());
  }
  advance(false);
}

void answer::begin(item i) {
  charge(sizeof(item) + i.id.size() + i.name.size() + i.ns.size());
  queue_.push_back(std::move(i));
}

// What its provider wants back.
void answer::keep(const chat::event& e) {
  if (!envelopes_) return;
  string_view id = e.id;
  for (const item& i : queue_) {
    if (id.empty() && i.is_call() && i.number == e.number) id = i.id;
  }
  envelopes_->add(e, id);
}

// What waits for an envelope goes with the reasoning that was told last, or with
// an item of its own.
void answer::seal() {
  if (!envelopes_ || !envelopes_->waiting()) return;
  const bool reasoned = !queue_.empty() && queue_.back().what == kind::reasoning;
  if (!reasoned || !queue_.back().sealed.empty()) begin(item(kind::reasoning));
  queue_.back().sealed = envelopes_->take();
  charge(queue_.back().sealed.size());
}

// Writes what may be written: |over| says that nothing more will come.
void answer::advance(bool over) {
  while (!queue_.empty()) {
    item& i = queue_.front();
    const bool last = queue_.size() == 1;
    const bool ready = over || (!last && i.whole());
    if (!i.open) {
      // These have no deltas that could keep their client awake.
      const bool silent =
          i.what == kind::search || (i.what == kind::reasoning && i.waiting.empty());
      if (silent && !ready) return;
      if (over && is_cut(i)) {
        queue_.pop_front();
        continue;
      }
      open(i);
    }
    if (!i.waiting.empty()) {
      write(i, i.waiting);
      i.waiting = {};
    }
    if (!ready || (over && is_cut(i))) return;
    close(i, last);
    queue_.pop_front();
  }
}

// Whether the limit left half of it: nobody must run that.
bool answer::is_cut(const item& i) const {
  return (why_ == chat::finish::length || why_ == chat::finish::content_filter) && i.is_call() &&
         !i.scan.whole();
}

void answer::end() {
  if (ended_) return;
  start();
  seal();
  advance(true);
  ended_ = true;
}

void answer::forget() {
  memory_.let_go();
  output_ = {};
  queue_.clear();
  finished_ = item_at_ = text_at_ = 0;
  items_ = 0;
  why_ = chat::finish::none;
  over_limit_ = ended_ = false;
  charge(response_.size());
}

void answer::stay_awake() {
  if (ended_) return;
  if (!started_) return start();
  if (!queue_.empty() && queue_.front().open) {
    say({});
  } else {
    lifecycle("response.in_progress", status::in_progress, {});
  }
}

// ---- the ends

status answer::outcome() const {
  return why_ == chat::finish::length           ? status::too_long
         : why_ == chat::finish::content_filter ? status::filtered
                                                : status::completed;
}

void answer::finish(const chat::usage& u) {
  const status s = outcome();
  lifecycle(s == status::completed ? "response.completed" : "response.incomplete", s, u);
}

// Some clients know only the one event, some only the other.
void answer::fail(const chat::api_error& t) {
  start();
  ended_ = true;
  const std::string error = error_members(t);
  begin_event("error");
  out_->append(",").append(error).append(",\"param\":null}\n\n");
  lifecycle("response.failed", status::failed, {}, error);
}

void answer::append_body(std::string& out, const chat::usage& u) const {
  response_.append(out, outcome(), string_view(output_).substr(0, finished_), u);
}

}  // namespace f0::front::responses
