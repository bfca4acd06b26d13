/*
 * Copyright (C) 2026 The f0 authors
 *
 * play.h - rig_play() in a test of cmocka: a line for each answer, and the play.
 */

#ifndef F0_UNIT_PLAY_H_
#define F0_UNIT_PLAY_H_

#include "rig.h"

#define DONE      "data: [DONE]\n\n"
#define DELTA(d)  "data: {\"choices\":[{\"index\":0,\"delta\":" d "}]}\n\n"
#define TEXT(s)   DELTA("{\"content\":\"" s "\"}")
#define STOP                                                                  \
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"

#define SSE(text)                                                             \
    { 200, "text/event-stream", text, sizeof(text) - 1, F0_END_CLEAN }
#define CUT(text)                                                             \
    { 200, "text/event-stream", text, sizeof(text) - 1, F0_END_TRUNCATED }
#define BODY(status, text)                                                    \
    { status, "application/json", text, sizeof(text) - 1, F0_END_CLEAN }


/* One play of |request| against the answers. */

#define PLAY(rig, request, ...)                                               \
    do {                                                                      \
        const rig_answer_t  answers_[] = { __VA_ARGS__ };                     \
                                                                              \
        (rig).answers = answers_;                                             \
        (rig).nanswers = sizeof(answers_) / sizeof(answers_[0]);              \
        assert_int_equal(rig_play(&(rig), request, strlen(request)), 0);      \
    } while (0)

#endif
