// Copyright (C) 2026 The f0 authors
//
// completions.h - the fronts of autocomplete (fronts.md 8): completions, which
// answers in OpenAI's old form, and Mistral's fim/completions, which asks the same
// and is answered in chat's.

#ifndef F0_CORE_FRONT_COMPLETIONS_COMPLETIONS_H_
#define F0_CORE_FRONT_COMPLETIONS_COMPLETIONS_H_

#include "../front.h"

namespace f0::front::completions {

// Their names are their paths below v1/.
extern const row kCompletions, kFim;

bool read(const json::value& root, chat::request& out, chat::bad_request& bad);
std::unique_ptr<stream_writer> stream(const writer_options& o);
std::unique_ptr<body_writer> body(const writer_options& o);

}  // namespace f0::front::completions

#endif  // F0_CORE_FRONT_COMPLETIONS_COMPLETIONS_H_
