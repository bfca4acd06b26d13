/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_retry.c - what a failure leads to: who is asked next and when, and what is
 * told if nobody answers.
 */

#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "play.h"

#define GOOD      TEXT("hi") STOP DONE
#define WHOLE                                                                 \
    "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"hi\"},"            \
    "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,"            \
    "\"completion_tokens\":1}}"

#define ERROR(status)  BODY(status, "{\"error\":{\"message\":\"no\"}}")
#define NONE(how)      { 0, NULL, "", 0, how }

#define MESSAGES  "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
#define ASK       "{\"model\":\"m\",\"stream\":true," MESSAGES
#define ASK_JSON  "{\"model\":\"m\"," MESSAGES

#define SECOND  1000


/* Each row of the table, with a second line of "try" and no more than a round. */

static void
a_failure__leads_to_what_its_fault_is(void **state)
{
    static const struct {
        rig_answer_t  answer;
        const char   *route;
        int           status;                   /* with one line only */
    } rows[] = {
        { NONE(F0_END_UNREACHABLE), "ut", 502 },
        { NONE(F0_END_TLS), "ut", 502 },
        { NONE(F0_END_TIMEOUT), "ut", 504 },
        { CUT(""), "ut", 502 },
        { SSE("data: {nonsense\n\n"), "ut", 502 },
        { ERROR(408), "ut", 0 },
        { ERROR(500), "ut", 0 },
        { ERROR(502), "ut", 0 },
        { ERROR(503), "ut", 0 },
        { ERROR(529), "ut", 0 },
        { ERROR(429), "ut", 429 },
        { ERROR(401), "ut", 502 },
        { ERROR(402), "ut", 502 },
        { ERROR(403), "ut", 502 },
        { ERROR(404), "ut", 0 },
        { ERROR(400), "u", 400 },
        { ERROR(413), "u", 0 },
        { ERROR(422), "u", 0 },
        { BODY(500, "{\"error\":{\"message\":\"x\",\"code\":"
                    "\"context_length_exceeded\"}}"), "u", 400 },
    };
    const char  *asks[] = { ASK, ASK_JSON };
    size_t       i, k;
    rig_t        one, two;

    (void) state;
    rig_open(&one, "openai", "proxy");
    rig_open(&two, "openai", "proxy");
    rig_next_try(&two, "openai");

    for (k = 0; k < 2; k++) {
        for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            PLAY(two, asks[k], rows[i].answer,
                 k == 0 ? (rig_answer_t) SSE(GOOD)
                        : (rig_answer_t) BODY(200, WHOLE));

            if (strcmp(two.route, rows[i].route) != 0) {
                fail_msg("row %zu: %s, want %s", i, two.route, rows[i].route);
            }

            assert_string_equal(two.end, rows[i].route[1] ? "done"
                                                          : two.end);

            PLAY(one, asks[k], rows[i].answer);
            assert_string_equal(one.route, "u");
            assert_int_not_equal(one.status, 0);

            if (rows[i].status != 0) {
                assert_int_equal(one.status, rows[i].status);
            }
        }
    }

    rig_close(&one);
    rig_close(&two);
}


/* Two asks beyond the round, each after a pause that grows. */

static void
a_provider_that_fails__is_asked_again__as_often_as_retry_says(void **state)
{
    rig_t  rig;

    (void) state;
    rig_open_retry(&rig, "openai", "proxy", "times=2 wait=2s budget=20s");
    rig_next_try(&rig, "openai");

    PLAY(rig, ASK, ERROR(500));
    assert_string_equal(rig.route, "utut");
    assert_int_equal(rig.asked_at[0], 0);
    assert_int_equal(rig.asked_at[1], 0);
    assert_true(rig.asked_at[2] <= 250);
    assert_true(rig.asked_at[3] - rig.asked_at[2] <= 500);
    assert_int_not_equal(rig.status, 0);

    PLAY(rig, ASK, ERROR(500), ERROR(500), NONE(F0_END_UNREACHABLE), SSE(GOOD));
    assert_string_equal(rig.route, "utut");
    assert_string_equal(rig.end, "done");
    assert_non_null(strstr(rig.tries, "up 500 0.000, two 500 0.000, up unreach"));
    assert_non_null(strstr(rig.tries, ", two 200 "));

    rig_close(&rig);

    /* none of them begins behind the budget */

    rig_open_retry(&rig, "openai", "proxy", "times=60 wait=2s budget=3s");
    rig.early = SECOND;
    PLAY(rig, ASK, ERROR(500));
    assert_true(rig.calls > 2 && rig.calls < 6);
    assert_true(rig.asked_at[rig.calls - 1] <= 3 * SECOND);
    rig_close(&rig);
}


static void
a_busy_provider__is_waited_for__if_it_says_soon(void **state)
{
    rig_t  rig;

    (void) state;
    rig_open_retry(&rig, "openai", "proxy", "times=2 wait=2s budget=20s");

    rig.retry_after = "1";
    PLAY(rig, ASK, ERROR(429), SSE(GOOD));
    assert_string_equal(rig.route, "uu");
    assert_true(rig.asked_at[1] >= SECOND && rig.asked_at[1] < 2 * SECOND);
    assert_string_equal(rig.end, "done");

    rig.retry_after = "30";
    PLAY(rig, ASK, ERROR(429), SSE(GOOD));
    assert_string_equal(rig.route, "u");
    assert_int_equal(rig.status, 429);
    assert_non_null(strstr(rig.headers, "retry-after: 30\n"));

    /* another line need not wait; it fails, and what leaves more hope is told */

    rig_next_try(&rig, "openai");
    PLAY(rig, ASK, ERROR(429), ERROR(401));
    assert_string_equal(rig.route, "ut");
    assert_int_equal(rig.status, 429);

    rig_close(&rig);
}


/* Told once something useful was; before that, and in JSON always, it is not. */

static void
a_cut_answer__fails_over__until_something_was_said(void **state)
{
    rig_t  rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    rig_next_try(&rig, "openai");

    for (rig.cut = -1; rig.cut < 60; rig.cut++) {
        PLAY(rig, ASK, CUT(DELTA("{\"role\":\"assistant\"}")), SSE(GOOD));
        assert_string_equal(rig.route, "ut");
        assert_string_equal(rig.end, "done");

        PLAY(rig, ASK, CUT(TEXT("half")), SSE(GOOD));
        assert_string_equal(rig.route, "u");
        assert_non_null(strstr(rig.out.data, "half"));
        assert_string_equal(rig.end, "upstream_truncated");

        PLAY(rig, ASK_JSON, CUT(TEXT("half")), BODY(200, WHOLE));
        assert_string_equal(rig.route, "ut");
        assert_int_equal(rig.status, 200);
        assert_null(strstr(rig.out.data, "half"));
        assert_string_equal(rig.tries, "up 200 0.000, two 200 0.000");
    }

    rig_close(&rig);
}


/* It is no ask of its own, and no provider's fault. */

static void
a_kept_connection_that_closed__is_asked_anew(void **state)
{
    rig_t  rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");

    PLAY(rig, ASK, NONE(F0_END_STALE), NONE(F0_END_STALE), SSE(GOOD));
    assert_string_equal(rig.route, "uuu");
    assert_string_equal(rig.end, "done");
    assert_int_equal(rig.info.calls, 1);
    assert_string_equal(rig.tries, "up 200 0.000");

    /* but not for ever */

    PLAY(rig, ASK, NONE(F0_END_STALE));
    assert_int_equal(rig.status, 502);
    assert_int_equal(rig.info.calls, 1);

    rig_close(&rig);
}


/* Bytes that say nothing put off the silence's clock, and no other one. */

static int64_t
told_at(const char *event, const f0_turn_options_t *o, f0_turn_info_t *info)
{
    rig_t         rig;
    int64_t       now = o->now;
    f0_str_t      out;
    f0_turn_t    *turn;
    f0_action_t   a;
    f0_header_t   h = { rig_str("content-type"), rig_str("text/event-stream") };

    rig_open(&rig, "openai", "proxy");
    turn = f0_turn_new(rig.worker, rig.config, o);
    assert_non_null(turn);
    assert_int_equal(f0_turn_body(turn, ASK, strlen(ASK), 1), F0_OK);
    assert_int_equal(f0_turn_next(turn, now, &a), F0_OK);
    assert_int_equal(a.kind, F0_CALL_MODEL);
    assert_int_equal(f0_turn_model_head(turn, 200, &h, 1, now), F0_OK);

    for ( ;; ) {
        assert_int_equal(f0_turn_next(turn, now, &a), F0_OK);
        do {
            assert_int_equal(f0_turn_output(turn, &out), F0_OK);
        } while (out.len > 0);

        if (a.kind == F0_RESPOND || a.kind == F0_FINISHED) {
            break;
        }

        now += 500;
        assert_true(now < o->now + 3600 * SECOND);
        assert_true(f0_turn_model_data(turn, event, strlen(event), now) >= 0);
    }

    f0_turn_info(turn, info);
    assert_true(info->end.len == 12 && memcmp(info->end.data, "idle_timeout", 12) == 0);
    memset(info, 0, sizeof(*info));
    f0_turn_free(turn);
    rig_close(&rig);

    return now - o->now;
}


static void
bytes_without_output__do_not_put_off_the_clocks_of_output(void **state)
{
    static const char  *nothing[] = {
        ": ping\n\n", DELTA("{\"role\":\"assistant\"}"), DELTA("{\"content\":\"\"}")
    };
    size_t             i;
    f0_turn_info_t     info;
    f0_turn_options_t  o;

    (void) state;
    memset(&o, 0, sizeof(o));
    o.seed = rig_str("f0golden");
    o.stream_header = o.client = o.args = rig_str("");
    o.now = 1000;
    o.created = 1754000000;
    o.body_max = 1 << 20;
    o.first_byte_ms = 5 * SECOND;
    o.idle_ms = 2 * SECOND;
    o.progress_ms = 20 * SECOND;

    for (i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
        assert_in_range(told_at(nothing[i], &o, &info), 5 * SECOND, 5 * SECOND + 500);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_failure__leads_to_what_its_fault_is),
        cmocka_unit_test(
            a_provider_that_fails__is_asked_again__as_often_as_retry_says),
        cmocka_unit_test(a_busy_provider__is_waited_for__if_it_says_soon),
        cmocka_unit_test(a_cut_answer__fails_over__until_something_was_said),
        cmocka_unit_test(a_kept_connection_that_closed__is_asked_anew),
        cmocka_unit_test(
            bytes_without_output__do_not_put_off_the_clocks_of_output),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
