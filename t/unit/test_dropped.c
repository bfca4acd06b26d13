/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_dropped.c - what of a request reaches nobody, and how that is told.
 */

#define _GNU_SOURCE
#include <string.h>

#include "checks.h"
#include "dropped_checks.h"
#include "rig.h"


#define SEED  "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"         \
              "\"seed\":7,\"stream\":true}"


TEST(dropped_check_list)
TEST(dropped_check_chat_members)
TEST(dropped_check_messages_members)
TEST(dropped_check_responses_members)
TEST(dropped_check_completions_members)
TEST(dropped_check_chat)
TEST(dropped_check_defaults)
TEST(dropped_check_models)
TEST(dropped_check_bounds)
TEST(dropped_check_translated)
TEST(dropped_check_effort)
TEST(dropped_check_reasoning_back)


/* a turn up to its first action that is none of its own work */

static f0_turn_t *
begin(rig_t *rig, int strict, f0_action_t *a)
{
    f0_turn_t          *t;
    f0_turn_options_t   o;

    memset(&o, 0, sizeof(o));
    o.seed = rig_str("0123456789abcdef0123456789abcdef");
    o.stream_header = rig_str("");
    o.body_max = 1 << 20;
    o.strict = strict;

    t = f0_turn_new(rig->worker, rig->config, &o);
    assert_non_null(t);
    assert_int_equal(f0_turn_body(t, SEED, strlen(SEED), 1), F0_OK);
    assert_int_equal(f0_turn_next(t, 1, a), F0_OK);

    return t;
}


static void
expect_dropped(f0_turn_t *t, const char *want)
{
    f0_turn_info_t  info;

    f0_turn_info(t, &info);
    assert_int_equal(info.dropped.len, strlen(want));
    assert_memory_equal(info.dropped.data, want, info.dropped.len);
}


/* known when the provider is asked, and told with its error too */

static void
test_told(void **state)
{
    rig_t        rig;
    f0_turn_t   *t;
    f0_action_t  a;

    (void) state;

    memset(&rig, 0, sizeof(rig));
    rig_open(&rig, "anthropic", "proxy");

    t = begin(&rig, 0, &a);
    assert_int_equal(a.kind, F0_CALL_MODEL);
    expect_dropped(t, "seed");

    f0_turn_model_head(t, 400, NULL, 0, 2);
    f0_turn_model_end(t, F0_END_CLEAN, 2);
    assert_int_equal(f0_turn_next(t, 2, &a), F0_OK);
    assert_int_equal(a.kind, F0_RESPOND);
    assert_int_equal(a.response.nheaders, 1);
    assert_memory_equal(a.response.headers[0].name.data, "x-f0-dropped", 12);
    assert_memory_equal(a.response.headers[0].value.data, "seed", 4);

    f0_turn_free(t);
    rig_close(&rig);
}


/* of the try that answers */

static void
test_next_try(void **state)
{
    rig_t        rig;
    f0_turn_t   *t;
    f0_action_t  a;

    (void) state;

    memset(&rig, 0, sizeof(rig));
    rig_open(&rig, "anthropic", "proxy");
    rig_next_try(&rig, "openai");

    t = begin(&rig, 0, &a);
    expect_dropped(t, "seed");

    f0_turn_model_end(t, F0_END_UNREACHABLE, 2);
    assert_int_equal(f0_turn_next(t, 2, &a), F0_OK);
    assert_int_equal(a.kind, F0_CALL_MODEL);
    expect_dropped(t, "");

    f0_turn_free(t);
    rig_close(&rig);
}


/* with "f0_strict on" nobody is asked who would not be told all */

static void
test_strict(void **state)
{
    rig_t        rig;
    f0_turn_t   *t;
    f0_action_t  a;

    (void) state;

    memset(&rig, 0, sizeof(rig));
    rig_open(&rig, "anthropic", "proxy");

    t = begin(&rig, 1, &a);
    assert_int_equal(a.kind, F0_RESPOND);
    assert_int_equal(a.response.status, 400);
    assert_int_equal(a.response.nheaders, 0);
    assert_non_null(memmem(a.response.body.data, a.response.body.len,
                           "\"param\":\"seed\"", 14));
    assert_non_null(memmem(a.response.body.data, a.response.body.len,
                           "\"unsupported_parameter\"", 23));
    expect_dropped(t, "");
    f0_turn_free(t);

    rig_next_try(&rig, "openai");
    t = begin(&rig, 1, &a);
    assert_int_equal(a.kind, F0_CALL_MODEL);
    assert_int_equal(a.call.provider, 1);
    assert_int_equal(a.call.number, 1);
    expect_dropped(t, "");

    f0_turn_free(t);
    rig_close(&rig);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_dropped_check_list),
        cmocka_unit_test(test_dropped_check_chat_members),
        cmocka_unit_test(test_dropped_check_messages_members),
        cmocka_unit_test(test_dropped_check_responses_members),
        cmocka_unit_test(test_dropped_check_completions_members),
        cmocka_unit_test(test_dropped_check_chat),
        cmocka_unit_test(test_dropped_check_defaults),
        cmocka_unit_test(test_dropped_check_models),
        cmocka_unit_test(test_dropped_check_bounds),
        cmocka_unit_test(test_dropped_check_translated),
        cmocka_unit_test(test_dropped_check_effort),
        cmocka_unit_test(test_dropped_check_reasoning_back),
        cmocka_unit_test(test_told),
        cmocka_unit_test(test_next_try),
        cmocka_unit_test(test_strict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
