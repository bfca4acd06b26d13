/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_line.c - who is let in when.
 */

#include "checks.h"
#include "line_checks.h"

TEST(line_check_places)
TEST(line_check_full)
TEST(line_check_first_come)
TEST(line_check_flood)
TEST(line_check_weights)
TEST(line_check_leaving)
TEST(line_check_standing)
TEST(line_check_pace)
TEST(line_check_two_workers)
TEST(line_check_killed_worker)
TEST(line_check_names)
TEST(line_check_no_room)
TEST(line_check_idle)
TEST(line_check_fewer_places)
TEST(line_check_other_clock)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_line_check_places),
        cmocka_unit_test(test_line_check_full),
        cmocka_unit_test(test_line_check_first_come),
        cmocka_unit_test(test_line_check_flood),
        cmocka_unit_test(test_line_check_weights),
        cmocka_unit_test(test_line_check_leaving),
        cmocka_unit_test(test_line_check_standing),
        cmocka_unit_test(test_line_check_pace),
        cmocka_unit_test(test_line_check_two_workers),
        cmocka_unit_test(test_line_check_killed_worker),
        cmocka_unit_test(test_line_check_names),
        cmocka_unit_test(test_line_check_no_room),
        cmocka_unit_test(test_line_check_idle),
        cmocka_unit_test(test_line_check_fewer_places),
        cmocka_unit_test(test_line_check_other_clock),
    };

    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
