/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_wire.c - what providers send and what clients read: fixtures, golden
 * streams, framing, the fast lane, stop sequences, errors.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire_checks.h"

#define TEST(name)                                                            \
    static void                                                               \
    test_##name(void **state)                                                 \
    {                                                                         \
        const char  *wrong = wire_check_##name();                             \
                                                                              \
        (void) state;                                                         \
                                                                              \
        if (wrong != NULL) {                                                  \
            fail_msg("%s", wrong);                                            \
        }                                                                     \
    }


TEST(fixtures)
TEST(golden)
TEST(lane)
TEST(lane_used)
TEST(framing)
TEST(caps)
TEST(stops)
TEST(heads)
TEST(ends)
TEST(rules)
TEST(json_tool)
TEST(answers)
TEST(messages)
TEST(chunks)
TEST(bodies)
TEST(memory)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_fixtures),
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_lane),
        cmocka_unit_test(test_lane_used),
        cmocka_unit_test(test_framing),
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_stops),
        cmocka_unit_test(test_heads),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_json_tool),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
