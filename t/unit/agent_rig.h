// Copyright (C) 2026 The f0 authors
//
// agent_rig.h - plays a scripted model to the code agent through f0.h, cut and
// interrupted as a seed says, and reads what the client would get.

#ifndef F0_T_UNIT_AGENT_RIG_H_
#define F0_T_UNIT_AGENT_RIG_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "f0.h"

namespace f0::agent_test {

struct answer {
  std::string text;
  std::string finish = "stop";
  std::string tool = {};        // the name of a tool that it calls
  std::string reasoning = {};
  int status = 200;
  bool breaks = false;          // the connection ends behind the text
  bool bare = false;            // the connection is refused
};

struct event {                  // an "f0" member, or a run of content
  std::string name;             // of the SSE event; "content", "reasoning"
  std::string text;             // the object as JSON, or the content
  bool operator==(const event&) const = default;
};

struct result {
  int status = 0;               // 0: a stream
  std::string raw;              // all bytes
  size_t most = 0;              // bytes that were taken at once
  std::vector<event> events;    // content joined between other events
  std::string content, finish, error, body_f0;
  std::vector<std::string> asked;      // bodies of the calls
  unsigned patches = 0;
  unsigned works = 0;           // steps that a thread would take
  std::string mode, end;
  int64_t prompt_tokens = 0;
  bool cancelled = false;
  std::string broken;           // what was wrong with the stream itself

  // Of all f0 objects of |type|, streamed or in the JSON body: member |key|.
  std::vector<std::string> of(std::string_view type, std::string_view key) const;
};

struct play_options {
  unsigned seed = 0;            // 0: nothing is cut
  int cancel_after = -1;        // so many steps of the host
  bool late = false;            // the client takes nothing until it has to
  std::string header = {};      // X-F0-Stream
  std::vector<std::vector<std::string>> model = {};  // more directives of the model
  std::string model_id = "f0-code-agent";
  std::string mode = "agent";
};

result play(std::string_view request, const std::vector<answer>& script, const play_options& o = {});

using tree = std::map<std::string, std::string>;

// The files after the result's diffs, in order, applied as strictly as git
// does; false: |why|.
bool apply(tree& files, const result& r, std::string& why);
bool apply_diff(tree& files, std::string_view diff, std::string& why);

std::string quoted(std::string_view s);   // as a JSON string
// A request with files that may be changed; |more| are further members.
std::string request(const tree& files, std::string_view more = {},
                    std::string_view words = "Please make the change.");

}  // namespace f0::agent_test

#endif  // F0_T_UNIT_AGENT_RIG_H_
