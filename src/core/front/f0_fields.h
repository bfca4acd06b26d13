// Copyright (C) 2026 The f0 authors
//
// f0_fields.h - F0's own fields, the same on every front: the project, its files,
// the selection, and how the agent's events are told.

#ifndef F0_CORE_FRONT_F0_FIELDS_H_
#define F0_CORE_FRONT_F0_FIELDS_H_

#include "../chat/request.h"

namespace f0::front {

// projectId, workspaceId, ideType, files, fz_context, fz_mode, fz_edit_format and
// fz_stream of the body.  False: |bad| says why.
bool read_f0_fields(const json::value& root, chat::request& out, chat::bad_request& bad);

// Whether |key| names one of them.
bool is_f0_field(string_view key);

// X-F0-Stream: "progress=chunk, patches=event".  Unknown words are ignored.
void read_stream_header(string_view header, chat::stream_events& out);

}  // namespace f0::front

#endif  // F0_CORE_FRONT_F0_FIELDS_H_
