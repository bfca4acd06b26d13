/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_wire.c - what providers send and what clients read: fixtures, golden
 * streams, framing, the fast lane, stop sequences, errors.
 */

#include "checks.h"
#include "wire_checks.h"


TEST(wire_check_fixtures)
TEST(wire_check_golden)
TEST(wire_check_lane)
TEST(wire_check_lane_used)
TEST(wire_check_framing)
TEST(wire_check_caps)
TEST(wire_check_stops)
TEST(wire_check_heads)
TEST(wire_check_ends)
TEST(wire_check_rules)
TEST(wire_check_json_tool)
TEST(wire_check_answers)
TEST(wire_check_messages)
TEST(wire_check_chunks)
TEST(wire_check_bodies)
TEST(wire_check_memory)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_wire_check_fixtures),
        cmocka_unit_test(test_wire_check_golden),
        cmocka_unit_test(test_wire_check_lane),
        cmocka_unit_test(test_wire_check_lane_used),
        cmocka_unit_test(test_wire_check_framing),
        cmocka_unit_test(test_wire_check_caps),
        cmocka_unit_test(test_wire_check_stops),
        cmocka_unit_test(test_wire_check_heads),
        cmocka_unit_test(test_wire_check_ends),
        cmocka_unit_test(test_wire_check_rules),
        cmocka_unit_test(test_wire_check_json_tool),
        cmocka_unit_test(test_wire_check_answers),
        cmocka_unit_test(test_wire_check_messages),
        cmocka_unit_test(test_wire_check_chunks),
        cmocka_unit_test(test_wire_check_bodies),
        cmocka_unit_test(test_wire_check_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
