// Copyright (C) 2026 The f0 authors
//
// request.h - reads a request of the Responses API: fronts.md 4.

#ifndef F0_CORE_FRONT_RESPONSES_REQUEST_H_
#define F0_CORE_FRONT_RESPONSES_REQUEST_H_

#include "../../chat/request.h"

namespace f0::front::responses {

// As row's read in ../front.h.
bool read(const json::value& root, chat::request& out, chat::bad_request& bad);

}  // namespace f0::front::responses

#endif  // F0_CORE_FRONT_RESPONSES_REQUEST_H_
