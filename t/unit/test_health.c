/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_health.c - which providers may be asked.
 */

#include "checks.h"
#include "health_checks.h"

TEST(health_check_opens)
TEST(health_check_success_between)
TEST(health_check_window)
TEST(health_check_single_probe)
TEST(health_check_probe_given_back)
TEST(health_check_doubles)
TEST(health_check_trial)
TEST(health_check_old_asks)
TEST(health_check_limited)
TEST(health_check_limited_probe)
TEST(health_check_forced)
TEST(health_check_two_workers)
TEST(health_check_killed_worker)
TEST(health_check_other_clock)
TEST(health_check_each_provider)
TEST(health_check_config)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_health_check_opens),
        cmocka_unit_test(test_health_check_success_between),
        cmocka_unit_test(test_health_check_window),
        cmocka_unit_test(test_health_check_single_probe),
        cmocka_unit_test(test_health_check_probe_given_back),
        cmocka_unit_test(test_health_check_doubles),
        cmocka_unit_test(test_health_check_trial),
        cmocka_unit_test(test_health_check_old_asks),
        cmocka_unit_test(test_health_check_limited),
        cmocka_unit_test(test_health_check_limited_probe),
        cmocka_unit_test(test_health_check_forced),
        cmocka_unit_test(test_health_check_two_workers),
        cmocka_unit_test(test_health_check_killed_worker),
        cmocka_unit_test(test_health_check_other_clock),
        cmocka_unit_test(test_health_check_each_provider),
        cmocka_unit_test(test_health_check_config),
    };

    return cmocka_run_group_tests_name("health", tests, NULL, NULL);
}
