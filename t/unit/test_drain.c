/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_drain.c - a host that shuts down at any moment of a turn: its client is
 * told, in the words of its API, and nothing else is lost.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"


#define CHUNK(delta, finish)                                                  \
    "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1," \
    "\"model\":\"up\",\"choices\":[{\"index\":0,\"delta\":" delta             \
    ",\"finish_reason\":" finish "}]}\n\n"

#define EVENTS                                                                \
    CHUNK("{\"content\":\"one \"}", "null")                                   \
    CHUNK("{\"content\":\"two\"}", "null")                                    \
    CHUNK("{}", "\"stop\"")                                                   \
    "data: [DONE]\n\n"

typedef struct {
    f0_front_t   front;
    const char  *stream, *whole;            /* its requests */
    const char  *told;                      /* in a stream that has begun */
    const char  *body;                      /* of 503 */
    const char  *text;                      /* what holds a piece of the answer */
} words_t;

static const words_t  fronts[] = {
    { F0_FRONT_CHAT,
      "{\"model\":\"m\",\"stream\":true,"
      "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
      "\"type\":\"server_error\",\"param\":null,"
      "\"code\":\"server_shutting_down\"",
      "\"code\":\"server_shutting_down\"", "\"content\":\"one \"" },

    { F0_FRONT_MESSAGES,
      "{\"model\":\"m\",\"max_tokens\":9,\"stream\":true,"
      "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
      "{\"model\":\"m\",\"max_tokens\":9,"
      "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
      "event: error\ndata: {\"type\":\"error\",\"error\":"
      "{\"type\":\"overloaded_error\"",
      "\"type\":\"overloaded_error\"", "\"text\":\"one \"" },

    { F0_FRONT_RESPONSES,
      "{\"model\":\"m\",\"stream\":true,\"input\":\"hello\"}",
      "{\"model\":\"m\",\"input\":\"hello\"}",
      "\"code\":\"server_is_overloaded\"",
      "\"code\":\"server_shutting_down\"", "\"delta\":\"one \"" },
};


static int
has(const rig_buf_t *b, const char *s)
{
    return strstr(b->data, s) != NULL;
}


/* Plays the request and shuts down at each moment in turn. */

static void
shut_down(const words_t *w, const char *request, int streams)
{
    unsigned      shut, moments, begun = 0;
    rig_t         rig;
    rig_answer_t  a = { 200, "text/event-stream", EVENTS, sizeof(EVENTS) - 1,
                        F0_END_CLEAN };

    rig_open(&rig, "openai", "proxy");
    rig.front = w->front;
    rig.answers = &a;
    rig.nanswers = 1;
    rig.cut = -1;
    rig.early = 10000;                          /* a stream is begun by then */

    assert_int_equal(rig_play(&rig, request, strlen(request)), 0);
    assert_string_equal(rig.end, "done");
    moments = rig.asks;

    for (shut = 1; shut < moments; shut++) {
        rig.shut = shut;
        assert_int_equal(rig_play(&rig, request, strlen(request)), 0);
        assert_string_equal(rig.end, "drained");

        if (rig.status == 0) {
            begun++;
            assert_true(streams && has(&rig.out, w->told));
            continue;
        }

        assert_int_equal(rig.status, 503);
        assert_true(has(&rig.out, w->body));
        assert_false(has(&rig.out, w->text));
    }

    if (streams) {
        assert_true(begun > 0 && begun < moments - 1);
    }

    /* behind the end there is nothing to shut down */

    rig.shut = moments;
    assert_int_equal(rig_play(&rig, request, strlen(request)), 0);
    assert_string_equal(rig.end, "done");
    rig_close(&rig);
}


static void
shut_down_at_any_moment__is_told(void **state)
{
    size_t  i;

    (void) state;

    for (i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++) {
        shut_down(&fronts[i], fronts[i].stream, 1);
        shut_down(&fronts[i], fronts[i].whole, 0);
    }
}


/* Work in a thread is waited for: nothing may be told meanwhile. */

static void
shut_down_while_work_runs__comes_later(void **state)
{
    char                large[200 * 1024];
    f0_turn_t          *turn;
    f0_action_t         a;
    f0_turn_info_t      info;
    f0_turn_options_t   o;
    rig_t               rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    memset(&o, 0, sizeof(o));
    o.seed = rig_str("0123");
    o.body_max = 1 << 20;
    turn = f0_turn_new(rig.worker, rig.config, &o);

    memset(large, ' ', sizeof(large));
    assert_int_equal(f0_turn_body(turn, large, sizeof(large), 0), F0_OK);
    assert_int_equal(f0_turn_body(turn, fronts[0].stream,
                                  strlen(fronts[0].stream), 1), F0_OK);
    assert_int_equal(f0_turn_next(turn, 10, &a), F0_OK);
    assert_int_equal(a.kind, F0_RUN_WORK);
    assert_int_equal(f0_turn_drain(turn, 20), F0_ERR_STATE);

    f0_work_run(a.work);
    assert_int_equal(f0_turn_work_done(turn, 30), F0_OK);
    assert_int_equal(f0_turn_drain(turn, 30), F0_OK);
    assert_int_equal(f0_turn_next(turn, 30, &a), F0_OK);
    assert_int_equal(a.kind, F0_RESPOND);
    assert_int_equal(a.response.status, 503);
    f0_turn_info(turn, &info);
    assert_int_equal(info.calls, 0);

    /* once more changes nothing */

    assert_int_equal(f0_turn_drain(turn, 40), F0_OK);
    f0_turn_free(turn);
    rig_close(&rig);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(shut_down_at_any_moment__is_told),
        cmocka_unit_test(shut_down_while_work_runs__comes_later),
    };

    return cmocka_run_group_tests_name("drain", tests, NULL, NULL);
}
