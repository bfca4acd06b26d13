/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_lane.c - the same API on both sides: bytes pass but for the model's name.
 */

#include "checks.h"

#include <stdio.h>
#include <string.h>

#include "lane_checks.h"
#include "rig.h"

TEST(lane_check_messages)
TEST(lane_check_responses)
TEST(lane_check_awake)
TEST(lane_check_begun)
TEST(lane_check_bodies)
TEST(lane_check_envelopes)

#define ASK(stream)                                                           \
    " { \"input\":[{\"type\":\"item_reference\",\"id\":\"m_1\"}],\"stream\":" \
    stream ",\"n\" : 1E3, \"model\":\"mine\",\"previous_response_id\":\"r\"}"

#define BEGUN(model)                                                          \
    "event: response.created\ndata: {\"type\":\"response.created\","          \
    "\"sequence_number\":0,\"response\":{\"id\":\"r9\",\"model\":\"" model    \
    "\"}}\n\n: c\n\n"

#define DELTA(n, text)                                                        \
    "event: response.output_text.delta\ndata: {\"type\":"                     \
    "\"response.output_text.delta\",\"sequence_number\":" n ",\"item_id\":"   \
    "\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"" text          \
    "\"}\n\n"

#define DONE(model)                                                           \
    "event: response.completed\r\ndata: {\"type\":\"response.completed\","    \
    "\"sequence_number\":3,\r\ndata: \"response\":{\"id\":\"r9\",\"status\":" \
    "\"completed\",\"model\":\"" model "\",\"output\":[],\"usage\":{"         \
    "\"input_tokens\":7,\"output_tokens\":2}}}\r\n\r\n"

#define TALK(model)                                                           \
    BEGUN(model) DELTA("1", "\\\"model\\\" ") DELTA("2", "y") DONE(model)

#define BODY(model)                                                           \
    "{ \"status\":\"completed\",\n \"object\":\"response\", \"own\":1.0,"     \
    "\"output\":[],\"model\" : \"" model "\"}"


static rig_t
rig_of(const rig_answer_t *a)
{
    rig_t  rig;

    rig_open(&rig, "responses", "proxy");
    rig.front = F0_FRONT_RESPONSES;
    rig.answers = a;
    rig.nanswers = 1;
    return rig;
}


static void
a_stream__cut_anywhere__passes(void **state)
{
    static const char  in[] = TALK("theirs");
    static const char  ask[] = ASK("true");
    rig_answer_t       a = { 200, "text/event-stream", in, sizeof(in) - 1,
                             F0_END_CLEAN };
    rig_t              rig = rig_of(&a);

    (void) state;
    rig.args = "beta=true";

    for (rig.cut = -1; rig.cut < (int) sizeof(in); rig.cut++) {
        assert_int_equal(rig_play(&rig, ask, sizeof(ask) - 1), 0);
        assert_int_equal(rig.status, 0);
        assert_string_equal(rig.out.data, TALK("mine"));
        assert_string_equal(rig.end, "done");
        assert_int_equal(rig.info.prompt_tokens, 7);
        assert_int_equal(rig.info.completion_tokens, 2);
    }

    /* and so does the request */

    assert_int_equal(rig.asked.len, sizeof(ask) - 1);
    assert_memory_equal(rig.asked.data, ask, sizeof(ask) - 1);

    rig_close(&rig);
}


static void
a_stream__that_breaks_off__fails_behind_its_bytes(void **state)
{
    static const char  in[] = BEGUN("theirs") DELTA("1", "x");
    static const char  ask[] = ASK("true");
    rig_answer_t       a = { 200, "text/event-stream", in, sizeof(in) - 1,
                             F0_END_TRUNCATED };
    rig_t              rig = rig_of(&a);
    size_t             n;

    (void) state;
    n = strlen(BEGUN("mine") DELTA("1", "x"));

    for (rig.cut = -1; rig.cut < (int) sizeof(in); rig.cut += 7) {
        assert_int_equal(rig_play(&rig, ask, sizeof(ask) - 1), 0);
        assert_true(rig.out.len > n);
        assert_memory_equal(rig.out.data, BEGUN("mine") DELTA("1", "x"), n);
        assert_ptr_equal(strstr(rig.out.data, "event: error\n"),
                         rig.out.data + n);
        assert_non_null(strstr(rig.out.data + n, "\"sequence_number\":2,"));
        assert_non_null(strstr(rig.out.data + n, "\"sequence_number\":3,"));
        assert_non_null(strstr(rig.out.data + n, "event: response.failed\n"));
    }

    rig_close(&rig);
}


static void
a_body__passes(void **state)
{
    static const char  in[] = BODY("theirs");
    static const char  ask[] = ASK("false");
    rig_answer_t       a = { 200, "application/json", in, sizeof(in) - 1,
                             F0_END_CLEAN };
    rig_t              rig = rig_of(&a);

    (void) state;
    rig.cut = -1;
    assert_int_equal(rig_play(&rig, ask, sizeof(ask) - 1), 0);
    assert_int_equal(rig.status, 200);
    assert_string_equal(rig.out.data, BODY("mine"));

    rig_close(&rig);
}


/* The other form is translated, the provider's error passes. */

static void
the_other_form__is_translated(void **state)
{
    static const char  talk[] = TALK("theirs"), body[] = BODY("theirs");
    static const char  stream[] = ASK("true"), whole[] = ASK("false");
    rig_answer_t       a = { 200, "text/event-stream", talk, sizeof(talk) - 1,
                             F0_END_CLEAN };
    rig_t              rig = rig_of(&a);

    (void) state;
    assert_int_equal(rig_play(&rig, whole, sizeof(whole) - 1), 0);
    assert_int_equal(rig.status, 200);
    assert_non_null(strstr(rig.out.data, "\\\"model\\\" y"));
    assert_non_null(strstr(rig.out.data, "\"mine\""));
    assert_null(strstr(rig.out.data, "r9"));

    a.content_type = "application/json";
    a.body = body;
    a.len = sizeof(body) - 1;
    assert_int_equal(rig_play(&rig, stream, sizeof(stream) - 1), 0);
    assert_int_equal(rig.status, 0);
    assert_non_null(strstr(rig.out.data, "event: response.completed\n"));

    /* events that are called a body are no stream */

    a.body = talk;
    a.len = sizeof(talk) - 1;

    for (rig.cut = -1; rig.cut < (int) sizeof(talk); rig.cut += 7) {
        assert_int_equal(rig_play(&rig, stream, sizeof(stream) - 1), 0);
        assert_int_equal(rig.status, 0);
        assert_non_null(strstr(rig.out.data, "\\\"model\\\" y"));
        assert_null(strstr(rig.out.data, "r9"));
        assert_non_null(strstr(rig.out.data, "event: response.completed\n"));
        assert_int_equal(rig.info.prompt_tokens, 7);
    }

    rig_close(&rig);
}


static void
an_error__passes__but_for_the_operators(void **state)
{
    static const char  said[] = "{\"error\":{\"message\":\"no \\u00e9\","
                                "\"type\":\"x\",\"own\":1}}";
    static const int   statuses[] = { 400, 422, 429, 500, 503, 401, 403, 410 };
    static const char  ask[] = ASK("true");
    rig_answer_t       a = { 0, "application/json", said, sizeof(said) - 1,
                             F0_END_CLEAN };
    rig_t              rig = rig_of(&a);
    size_t             i;

    (void) state;

    for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        a.status = statuses[i];
        assert_int_equal(rig_play(&rig, ask, sizeof(ask) - 1), 0);

        if (i < 5) {
            assert_int_equal(rig.status, statuses[i]);
            assert_string_equal(rig.out.data, said);

        } else {
            assert_int_equal(rig.status, 502);
            assert_null(strstr(rig.out.data, "own"));
        }
    }

    rig_close(&rig);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_lane_check_messages),
        cmocka_unit_test(test_lane_check_responses),
        cmocka_unit_test(test_lane_check_awake),
        cmocka_unit_test(test_lane_check_begun),
        cmocka_unit_test(test_lane_check_bodies),
        cmocka_unit_test(test_lane_check_envelopes),
        cmocka_unit_test(a_stream__cut_anywhere__passes),
        cmocka_unit_test(a_stream__that_breaks_off__fails_behind_its_bytes),
        cmocka_unit_test(a_body__passes),
        cmocka_unit_test(the_other_form__is_translated),
        cmocka_unit_test(an_error__passes__but_for_the_operators),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
