// Copyright (C) 2026 The f0 authors

#include "editor.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>

#include "../base/text.h"
#include "../edit/edit.h"
#include "../json/json.h"
#include "job.h"
#include "prompt.h"
#include "render.h"
#include "repairs.h"
#include "reporter.h"

namespace f0::agent {
namespace {

constexpr unsigned kRepairs = 2;
// What a turn holds is counted again after so much text.
constexpr size_t kAccountEach = 64 * 1024;
// What the parser is given at once.
constexpr size_t kFeed = 4 * 1024;
// Whole files are shown with each edit until so much was said, and this many
// times what the files hold; from then on once, when the model has ended.
constexpr size_t kWholeBytes = 4 << 20;
constexpr size_t kWholeTimes = 4;
// What a file and a message cost beside their bytes.
constexpr size_t kFileCost = 512;
constexpr size_t kMessageCost = 64;
// Bytes of files that are looked through for the lines that failed edits meant.
constexpr size_t kNearestBytes = 32 << 20;
constexpr size_t kNearest = 32;  // of so many edits
// Bytes that a step in a thread goes through before the next one begins.
constexpr size_t kTogether = 4 << 20;
constexpr size_t kBlockCost = 1024;      // of a block beside its bytes
constexpr size_t kTogetherEvents = 256;  // they go back where they came from if it ends early

edit::format edit_format_of(f0::edit_format f) {
  switch (f) {
    case f0::edit_format::whole:
      return edit::format::whole;
    case f0::edit_format::udiff:
      return edit::format::udiff;
    case f0::edit_format::apply_patch:
      return edit::format::apply_patch;
    default:
      return edit::format::search_replace;
  }
}

form form_of(const decision& d, const chat::request& r) {
  if (r.ide_type == "desktop") return form::f0;
  return r.ide_type.empty() && d.f0_request ? form::f0 : form::editor;
}

bool is_snippet(const decision& d, const chat::request& r) {
  return d.lane == lane::refactor && d.files.selection->desktop && form_of(d, r) == form::f0;
}

// What the parser read and nobody has looked at yet.
struct event {
  enum class what : uint8_t { prose, begin, block, broken, late, retract } kind;
  std::string text;
  edit::block block = {};
  edit::code why = edit::code::malformed;
  std::optional<edit::outcome> outcome = {};  // of a block that was tried already

  // What it holds: its lines stand in it once more, read.
  size_t size() const { return sizeof(event) + text.size() + 3 * block.raw.size(); }
};

// Blocks for one file that are tried in one step, with the prose between them.  It
// ends at the first that fits; that the others don't is found out faster than a
// thread is reached.
struct trial {
  std::vector<event> events;
  before_patch before;
  bool wants_text = false;
  unsigned seq = 0;  // of the patch that the first block may become
};

class editor final : public responder, private edit::sink {
 public:
  editor(turn_services& t, decision d)
      : responder(t),
        decision_(std::move(d)),
        reporter_(t.outlet(), t.request(), form_of(decision_, t.request()),
                  is_snippet(decision_, t.request())) {}

  bool defers() const override { return true; }
  // Of a repair nothing reaches the client but edits that fit.
  bool may_restart() const override { return !said_; }

  void start() override;
  bool queued(unsigned position, unsigned of) override {
    reporter_.progress({"queued", {}, position, of});
    return true;
  }
  void call_done() override;
  void call_failed(const chat::failure& f) override;
  void call_restarts() override;
  void work_over(work& w) override;
  void room() override;

  void begin_input() override { inline_left_ = kInline; }
  void on(const chat::event& e) override;

 private:
  // The parser's side.
  void prose(string_view text) override;
  void begin(string_view path) override;
  void edit(edit::block&& b) override;
  void broken(edit::block&& b, edit::code why) override;
  void thinking(string_view text) override;
  void retract() override;

  void content(string_view text);
  void begin_thought();
  void take_back();
  bool repairing() const { return repairs_.attempt() > 1; }
  edit::format format() const;
  const source_file* sent(string_view path) const;
  void assemble();
  void call();
  void begin_reading();
  void in_background(size_t bytes, std::function<void()> f, std::function<void()> then);
  void wait(event e);
  void pump();
  void take(event e);
  void apply(event e);
  size_t cost(const edit::block& b) const;
  size_t gather(std::vector<event>& events, size_t room);
  void try_blocks(trial& t);
  void tried(trial& t);
  std::optional<edit::rejected> out_of_sight(const edit::block& b) const;
  void render(const edit::accepted& a, const before_patch& before, unsigned seq);
  void settled(event e);
  void keep_late(const edit::accepted& a, const before_patch& before);
  void follow(const edit::accepted& a, const before_patch& before);
  void show_late(std::string path);
  void reject(edit::block b, edit::rejected why);
  void settle();
  void repair();
  void build_repair_prompt();
  void conclude();
  void end_snippet();
  std::string context_list() const;
  size_t memory() const;
  bool account();

  decision decision_;
  reporter reporter_;
  edit::files files_;
  prompt prompt_;
  repairs repairs_;
  std::unique_ptr<edit::parser> parser_;
  std::map<std::string, size_t> sent_;  // by normal path: of decision_.files.files
  std::set<std::string> shows_end_;     // normal paths of files with "*** End Patch"
  std::deque<event> queue_;
  size_t queued_ = 0;  // bytes in it
  std::function<void()> then_;
  std::unique_ptr<chat::failure> failure_;
  size_t charged_ = 0, fed_ = 0;
  size_t inline_left_ = kInline;
  size_t whole_left_ = kWholeBytes;
  chat::finish finish_ = chat::finish::none;
  bool busy_ = false, over_ = false, done_ = false;
  bool said_ = false;  // of the running call something can't be taken back
  bool thought_ = false, tools_ = false;

  std::string object_, markdown_;  // of the last block that fit
  std::vector<std::string> late_;  // files that are shown at the call's end

  // The desktop's selection, where it is now.
  edit::byte_range selection_;
  bool selection_changed_ = false;
  std::vector<std::string> elsewhere_;  // files that changed outside of it
  std::set<std::string> elsewhere_once_;
};

// ---- the beginning

void editor::start() {
  if (decision_.empty) {  // what the seed says then
    chat::api_error t;
    t.status = 500;
    t.type = "server_error";
    t.code = "code_generation_failed";
    t.message = "Empty input provided to IDE chat";
    t.headers.emplace_back("x-should-retry", "false");
    return turn_.fail(t);
  }
  if (decision_.files.selection) selection_ = decision_.files.selection->bytes;
  size_t bytes = 0;
  for (const auto& f : decision_.files.files) bytes += f.content.size();
  whole_left_ += bytes * kWholeTimes;
  bytes += kFileCost * decision_.files.files.size();
  for (const auto& m : turn_.request().messages) bytes += kMessageCost + m.parts.size();
  reporter_.progress({"assemble", {}, static_cast<unsigned>(decision_.files.files.size())});
  in_background(
      bytes, [this] { assemble(); }, [this] { call(); });
}

edit::format editor::format() const {
  const chat::request& r = turn_.request();
  if (auto asked = edit::format_of(r.fz_edit_format)) return *asked;
  if (decision_.f0_request && decision_.files.files.empty()) return edit::format::whole;
  return edit_format_of(turn_.attempt().format);
}

void editor::assemble() {
  const workspace& w = decision_.files;
  for (size_t i = 0; i < w.files.size(); i++) {
    const source_file& f = w.files[i];
    files_.add(f.path, std::string(f.content), f.editable);
    sent_.emplace(edit::normal_path(f.path), i);
    if (text::find(f.content, "*** End Patch") != string_view::npos) {
      shows_end_.insert(edit::normal_path(f.path));
    }
  }
  if (w.selection) files_.select(w.files[w.selection->file].path, w.selection->bytes);
  prompt_options o;
  o.format = format();
  o.context = turn_.model().context;
  build_prompt(turn_.request(), w, o, prompt_);
}

void editor::call() {
  if (!account()) return;
  files_.begin_call();
  begin_reading();
  reporter_.progress({repairing() ? "repair" : "call", {}, repairs_.attempt(), kRepairs + 1});
  call_plan plan;
  plan.messages = &prompt_.messages;
  plan.client_tools = !repairing();
  turn_.call_model(plan);
}

void editor::begin_reading() {
  edit::parse_options o;
  o.asked = format();
  size_t editable = 0;
  for (const auto& f : files_.list()) {
    o.known.insert(f.path);
    if (shows_end_.count(f.path) > 0) o.shows_end.insert(f.path);
    if (!f.editable) continue;
    editable++;
    o.only_editable = f.path;
  }
  if (editable != 1) o.only_editable.clear();
  parser_ = std::make_unique<edit::parser>(std::move(o), static_cast<edit::sink&>(*this));
  queue_.clear();
  queued_ = 0;
  over_ = said_ = false;
  finish_ = chat::finish::none;
}

// ---- steps that may take long

void editor::in_background(size_t bytes, std::function<void()> f, std::function<void()> then) {
  if (bytes <= inline_left_) {
    inline_left_ -= bytes;
    f();
    return then();
  }
  busy_ = true;
  then_ = std::move(then);
  turn_.run_work(std::make_unique<job>(std::move(f)));
}

void editor::work_over(work& w) {
  busy_ = false;
  inline_left_ = kInline;
  if (static_cast<job&>(w).failed()) return turn_.fail(out_of_memory());
  std::exchange(then_, nullptr)();
  pump();
}

void editor::room() {
  busy_ = false;
  inline_left_ = kInline;
  pump();
}

// What the turn holds.
size_t editor::memory() const {
  size_t n = files_.memory() + prompt_.memory() + repairs_.memory() + reporter_.memory();
  if (parser_) n += parser_->memory();
  return n + queued_;
}

// Charges what the turn holds now.
bool editor::account() {
  turn_.memory().release(charged_);
  charged_ = fed_ = 0;
  size_t n = memory();
  bool fits = turn_.memory().charge(n);
  if (!fits) {
    files_.forget_lines();  // of a large file they are more than its text
    n = memory();
    fits = turn_.memory().charge(n);
  }
  if (!fits) {
    done_ = true;
    turn_.fail(out_of_memory());
    return false;
  }
  charged_ = n;
  return true;
}

// ---- the model speaks

void editor::on(const chat::event& e) {
  using kind = chat::event::kind;
  if (e.choice != 0) return;
  if (e.type == kind::content) return content(e.text);
  if (e.type == kind::finish) {
    finish_ = e.why;
    return;
  }
  if (repairing()) return;
  switch (e.type) {
    case kind::role:
      turn_.outlet().on(e);
      return reporter_.begin();
    case kind::reasoning:
    case kind::details:
      begin_thought();
      break;
    case kind::call:
      tools_ = true;
      [[fallthrough]];
    case kind::refusal:
    case kind::image:
      said_ = true;
      break;
    default:
      break;
  }
  tell(e);
}

void editor::content(string_view text) {
  if (done_) return;
  fed_ += text.size();
  // However it comes, the parser gets it in the same pieces.
  while (!text.empty()) {
    string_view piece = text.substr(0, kFeed);
    if (piece.size() < text.size()) piece.remove_suffix(text::incomplete_tail(piece));
    parser_->feed(piece);
    text.remove_prefix(piece.size());
  }
  pump();
}

void editor::begin_thought() {
  reporter_.begin();
  if (!std::exchange(thought_, true)) reporter_.progress({"think", {}});
  said_ = true;
}

void editor::call_done() {
  if (done_) return;
  over_ = true;
  parser_->finish(finish_ == chat::finish::length);
  pump();
}

// Before it said anything.
void editor::call_restarts() {
  if (!repairing()) {
    turn_.outlet().restart();
    prompt_ = {};
    prompt_options o;
    o.format = format();
    o.context = turn_.model().context;
    build_prompt(turn_.request(), decision_.files, o, prompt_);
  }
  begin_reading();
}

void editor::call_failed(const chat::failure& f) {
  if (done_) return;
  if (repairing()) {
    // The rejections are told, the edits that were accepted stand.
    repairs_.settle();
    return conclude();
  }
  if (turn_.outlet().useful() || reporter_.spoke()) parser_->abandon();
  failure_ = std::make_unique<chat::failure>(f);
  over_ = true;
  pump();
}

// ---- what it said

void editor::prose(string_view text) {
  if (repairing()) return;
  if (!queue_.empty() || busy_) {
    return wait({event::what::prose, std::string(text), {}});
  }
  said_ = true;
  reporter_.prose(text);
}

void editor::begin(string_view path) { wait({event::what::begin, std::string(path), {}}); }

void editor::edit(edit::block&& b) { wait({event::what::block, {}, std::move(b)}); }

void editor::broken(edit::block&& b, edit::code why) {
  wait({event::what::broken, {}, std::move(b), why});
}

// Of a repair's thoughts nothing is told either.
void editor::thinking(string_view text) {
  on({.type = chat::event::kind::reasoning, .text = text});
}

void editor::retract() { wait({event::what::retract, {}, {}}); }

// What this call's edits did goes back, and what failed of them was a draft.
void editor::take_back() {
  auto back = std::make_shared<std::vector<std::pair<std::string, std::string>>>();
  repairs_.forget_drafts();
  late_.clear();
  elsewhere_.clear();
  elsewhere_once_.clear();
  if (decision_.files.selection) selection_ = decision_.files.selection->bytes;
  selection_changed_ = false;
  size_t bytes = 0;
  for (const auto& f : files_.list()) bytes += f.content.size();
  in_background(
      bytes,
      [this, back] {
        for (const edit::accepted& a : files_.take_back()) {
          before_patch before;
          if (const source_file* f = sent(a.path)) before.language = f->language;
          object_.clear();
          markdown_.clear();
          unsigned seq = reporter_.next() + static_cast<unsigned>(back->size());
          if (reporter_.events()) {
            object_ = patch_object(a, before, seq, repairs_.attempt(), how_whole::now);
          }
          if (reporter_.markdown() && !reporter_.snippet()) {
            markdown_ = patch_markdown(reporter_.shape(), a, before, how_whole::now);
          }
          back->emplace_back(std::move(object_), std::move(markdown_));
        }
      },
      [this, back] {
        for (auto& [object, markdown] : *back) reporter_.patch(std::move(object), markdown);
        object_.clear();
        markdown_.clear();
        fed_ = kAccountEach;
      });
}

void editor::wait(event e) {
  queued_ += e.size();
  queue_.push_back(std::move(e));
}

void editor::pump() {
  while (!busy_ && !done_ && !queue_.empty()) {
    if (turn_.crowded()) {
      busy_ = true;
      return turn_.wait_for_room();
    }
    event e = std::move(queue_.front());
    queue_.pop_front();
    queued_ -= e.size();
    take(std::move(e));
  }
  if (busy_ || done_) return;
  if (fed_ >= kAccountEach && !account()) return;
  if (!over_) return;
  if (!late_.empty()) {
    for (auto& path : std::exchange(late_, {})) {
      wait({event::what::late, std::move(path), {}});
    }
    return pump();
  }
  over_ = false;
  if (failure_) {
    done_ = true;
    reporter_.end_prose();
    return turn_.fail(*failure_);
  }
  settle();
}

void editor::take(event e) {
  switch (e.kind) {
    case event::what::prose:
      said_ = true;
      return reporter_.prose(e.text);
    case event::what::begin:
      return reporter_.progress({"edit", e.text});
    case event::what::broken: {
      edit::rejected why = files_.refuse(e.block, e.why);
      return reject(std::move(e.block), std::move(why));
    }
    case event::what::block:
      return apply(std::move(e));
    case event::what::late:
      return show_late(std::move(e.text));
    case event::what::retract:
      return take_back();
  }
}

const source_file* editor::sent(string_view path) const {
  auto it = sent_.find(edit::normal_path(path));
  return it == sent_.end() ? nullptr : &decision_.files.files[it->second];
}

// What would lose lines that the model never saw.
std::optional<edit::rejected> editor::out_of_sight(const edit::block& b) const {
  const source_file* f = sent(b.path);
  if (f == nullptr) return {};
  size_t i = static_cast<size_t>(f - decision_.files.files.data());
  bool all = !f->part && prompt_.shown[i] == shown::whole;
  bool keeps = b.form != edit::format::whole;
  if (f->part) keeps = keeps && b.kind == edit::op::update;
  if (all || keeps) return {};
  edit::rejected r;
  r.path = b.path;
  r.why = edit::code::malformed;
  r.message = "Only parts of `" + f->path +
              "` were shown, so it can't be replaced as a whole; use " + "SEARCH/REPLACE blocks.";
  return r;
}

void editor::apply(event e) {
  const edit::block& b = e.block;
  if (!e.outcome) {
    if (auto why = out_of_sight(b)) return reject(std::move(e.block), std::move(*why));
  }
  reporter_.progress({"validate", b.path});
  if (e.outcome) return settled(std::move(e));
  auto t = std::make_shared<trial>();
  if (const source_file* f = sent(b.path)) {
    t->before.language = f->language;
    t->before.part = f->part;
    t->before.first_line = f->first_line;
  }
  t->wants_text =
      files_.current(b.path) != nullptr && (reporter_.markdown() || reporter_.snippet());
  t->seq = reporter_.next();
  size_t bytes = cost(b);
  t->events.push_back(std::move(e));
  if (bytes > inline_left_ && bytes < kTogether) bytes += gather(t->events, kTogether - bytes);
  in_background(
      bytes, [this, t] { try_blocks(*t); }, [this, t] { tried(*t); });
}

size_t editor::cost(const edit::block& b) const {
  const std::string* now = files_.current(b.path);
  return kBlockCost + b.raw.size() + (now ? now->size() : 0);
}

// Takes from the queue what the step can do as well, and returns its bytes.
size_t editor::gather(std::vector<event>& events, size_t room) {
  const std::string path = events.front().block.path;
  size_t bytes = 0;
  for (; !queue_.empty() && events.size() < kTogetherEvents; queue_.pop_front()) {
    event& e = queue_.front();
    bool block = e.kind == event::what::block;
    if (!block && e.kind != event::what::prose && e.kind != event::what::begin) break;
    if (block && (e.block.path != path || out_of_sight(e.block))) break;
    size_t n = block ? cost(e.block) : e.text.size();
    if (n > room - bytes) break;
    bytes += n;
    queued_ -= e.size();
    events.push_back(std::move(e));
  }
  return bytes;
}

// In the background.
void editor::try_blocks(trial& t) {
  if (t.wants_text) t.before.content = *files_.current(t.events.front().block.path);
  unsigned seq = t.seq;
  for (size_t i = 0; i < t.events.size(); i++) {
    event& e = t.events[i];
    bool block = e.kind == event::what::block;
    // Its progress is told before it.
    if (i > 0 && reporter_.progresses() && e.kind != event::what::prose) seq++;
    if (!block) continue;
    e.outcome = files_.apply(e.block);
    if (auto* a = std::get_if<edit::accepted>(&*e.outcome)) return render(*a, t.before, seq);
  }
}

// What came behind the first block is told in its turn.
void editor::tried(trial& t) {
  for (size_t i = t.events.size(); i-- > 1;) {
    event& e = t.events[i];
    // Of the call nothing can be taken back that changed a file.
    if (e.outcome && std::holds_alternative<edit::accepted>(*e.outcome)) said_ = true;
    queued_ += e.size();
    queue_.push_front(std::move(e));
  }
  settled(std::move(t.events.front()));
}

// What the client will read of it; still in the background.
void editor::render(const edit::accepted& a, const before_patch& before, unsigned seq) {
  object_.clear();
  markdown_.clear();
  how_whole whole = whole_left_ > 0 ? how_whole::now : how_whole::late;
  if (reporter_.events()) object_ = patch_object(a, before, seq, repairs_.attempt(), whole);
  if (reporter_.markdown() && !reporter_.snippet()) {
    markdown_ = patch_markdown(reporter_.shape(), a, before, whole);
    if (whole == how_whole::late) keep_late(a, before);
  }
  whole_left_ -= std::min(whole_left_, object_.size() + markdown_.size());
  if (reporter_.markdown() && reporter_.snippet()) follow(a, before);
}

// The desktop reads whole files, and of each the last one counts.
void editor::keep_late(const edit::accepted& a, const before_patch& before) {
  if (reporter_.shape() != form::f0 || a.kind == edit::op::remove || shown_in_part(before)) return;
  const std::string& path = a.kind == edit::op::rename ? a.to : a.path;
  if (std::find(late_.begin(), late_.end(), path) == late_.end()) late_.push_back(path);
}

void editor::follow(const edit::accepted& a, const before_patch& before) {
  const std::string& path = decision_.files.files[decision_.files.selection->file].path;
  bool inside = a.kind == edit::op::update && edit::normal_path(a.path) == edit::normal_path(path);
  if (inside) {
    selection_changed_ |= true;
    inside = follow_selection(before.content, a.diff, selection_);
  }
  std::string last = a.to.empty() ? a.path : a.to;
  if (!inside && elsewhere_once_.insert(last).second) elsewhere_.push_back(last);
}

void editor::settled(event e) {
  if (auto* a = std::get_if<edit::accepted>(&*e.outcome)) {
    said_ = true;
    turn_.count_patch();
    repairs_.accepted(*a);
    if (e.block.form == edit::format::whole) repairs_.replaced(a->path);
    reporter_.patch(std::move(object_), markdown_);
  } else if (auto* r = std::get_if<edit::rejected>(&*e.outcome)) {
    reject(std::move(e.block), std::move(*r));
  }
  fed_ = kAccountEach;
}

void editor::show_late(std::string path) {
  const std::string* now = files_.current(path);
  if (now == nullptr) return;  // it was renamed or deleted later
  const source_file* f = sent(path);
  in_background(
      now->size(),
      [this, now, path = std::move(path), language = f ? f->language : string_view()] {
        markdown_ = file_markdown(path, language, *now);
      },
      [this] { reporter_.show(markdown_); });
}

void editor::reject(edit::block b, edit::rejected why) {
  bool held = !why.path.empty() && files_.current(why.path) != nullptr;
  repairs_.rejected(std::move(b), std::move(why), held);
}

// ---- the end of a call

void editor::settle() {
  repairs_.settle();
  bool again = repairs_.any_open() && repairs_.attempt() <= kRepairs &&
               turn_.calls() < turn_.model().max_calls && !tools_ &&
               finish_ != chat::finish::content_filter;
  if (again) return repair();
  conclude();
}

void editor::repair() {
  repairs_.begin_repair();
  // Each failure is looked for in its file.
  size_t bytes = 0;
  for (const auto& f : files_.list()) bytes += kFileCost + f.path.size() + f.content.size();
  bytes *= repairs_.all().size();
  in_background(
      bytes, [this] { build_repair_prompt(); }, [this] { call(); });
}

void editor::build_repair_prompt() {
  struct repair what;
  prompt_options o;
  o.format = format();
  o.context = turn_.model().context;
  std::vector<std::string> affected;
  std::set<string_view> seen;
  bool lost = false;  // some edit belongs to no file
  size_t look = kNearestBytes;
  size_t room = static_cast<size_t>(o.context) * 2;
  for (const auto& f : repairs_.all()) {
    if (turn_.stopped()) return;
    if (f.given_up) continue;
    const std::string* now = f.why.path.empty() ? nullptr : files_.current(f.why.path);
    failed_edit e;
    e.path = f.why.path;
    e.code = edit::code_word(f.why.why);
    e.message = f.why.message;
    e.raw = f.block.raw;
    if (now != nullptr) {
      if (what.failed.size() < kNearest && now->size() <= look) {
        e.nearest = edit::nearest(f.block, *now);
        look -= now->size();
      }
      if (seen.insert(f.why.path).second) affected.push_back(f.why.path);
    }
    lost |= now == nullptr;
    // What has no room is not asked for again.
    size_t price = e.raw.size() + e.nearest.size() + e.message.size() + e.path.size();
    if (price > room && !what.failed.empty()) continue;
    room -= std::min(room, price);
    what.failed.push_back(std::move(e));
  }
  const auto files = files_.list();
  size_t names = static_cast<size_t>(o.context);  // bytes of each list of paths
  for (const auto& f : files) {
    if (!f.editable) continue;
    if (f.path.size() <= names) what.editable.push_back(f.path);
    names -= std::min(names, f.path.size());
    if (lost && seen.insert(f.path).second) affected.push_back(f.path);
  }
  room = static_cast<size_t>(o.context) * 2;
  for (const auto& path : affected) {
    const std::string& now = *files_.current(path);
    bool whole = now.size() <= room;
    if (whole) room -= now.size();
    what.files.push_back({path, now, whole});
    if (whole) continue;
    for (auto& e : what.failed) {
      if (e.path == path && e.nearest.empty()) e.nearest = windows(now, 1, nullptr, {}, 4096);
    }
  }
  names = static_cast<size_t>(o.context);
  for (const auto& done : repairs_.done()) {
    if (done.size() > names) break;
    names -= done.size();
    what.accepted.push_back(done);
  }
  prompt next;
  next.shown = std::move(prompt_.shown);
  build_repair(turn_.request(), what, o, next);
  prompt_ = std::move(next);
}

void editor::end_snippet() {
  const std::string& path = decision_.files.files[decision_.files.selection->file].path;
  const std::string* now = files_.current(path);
  std::string text;
  bool any = selection_changed_ && now != nullptr && selection_.end <= now->size();
  if (any) {
    text = now->substr(selection_.begin, selection_.end - selection_.begin);
    any = text != files_.original(path)->substr(decision_.files.selection->bytes.begin,
                                                decision_.files.selection->bytes.end -
                                                    decision_.files.selection->bytes.begin);
  }
  reporter_.end_snippet(any ? &text : nullptr, path);
  for (const auto& other : elsewhere_) {
    reporter_.sentence("There is a change in `" + other +
                       "` outside of the selection, which this answer can't carry.\n");
  }
}

std::string editor::context_list() const {
  std::string out;
  json::writer w(out);
  w.begin_array();
  const workspace& files = decision_.files;
  for (size_t i = 0; i < files.files.size(); i++) {
    const source_file& f = files.files[i];
    shown how = i < prompt_.shown.size() ? prompt_.shown[i] : shown::no;
    w.begin_object().key("path").string(f.path).key("editable").boolean(f.editable);
    w.key("shown").string(how == shown::whole ? "whole" : how == shown::windows ? "windows" : "no");
    w.key("source").string(f.harvested ? "message" : "request").end_object();
  }
  for (const auto& n : files.notes) w.begin_object().key("note").string(n).end_object();
  w.end_array();
  return out;
}

void editor::conclude() {
  done_ = true;
  if (reporter_.snippet()) end_snippet();
  unsigned n = 0;
  for (const auto& f : repairs_.all()) {
    std::string id = "f" + std::to_string(++n);
    reporter_.failed(failed_object(f.why, id, reporter_.next(), f.attempt),
                     rejection_markdown(f.why));
  }
  if (size_t more = repairs_.more(); more > 0) {
    reporter_.sentence(std::to_string(more) + (more == 1 ? " more edit" : " more edits") +
                       " could not be used either.\n");
  }
  reporter_.end_prose();
  reporter_.begin();
  reporter_.progress({"done", {}});
  if (!turn_.outlet().streams()) {
    turn_.outlet().extension_body(reporter_.body(lane_word(decision_.lane), context_list()));
  }
  turn_.outlet().on({.type = chat::event::kind::finish,
                     .why = finish_ == chat::finish::none ? chat::finish::stop : finish_});
  turn_.finish();
}

}  // namespace

std::unique_ptr<responder> make_editor(turn_services& t, decision d) {
  return std::make_unique<editor>(t, std::move(d));
}

}  // namespace f0::agent
