/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_continue.c - a text that a provider broke off, taken over by the next.
 */

#include "checks.h"
#include "continue_checks.h"


TEST(continue_check_cuts)
TEST(continue_check_told)
TEST(continue_check_twice)
TEST(continue_check_asked)
TEST(continue_check_usage)
TEST(continue_check_memory)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_continue_check_cuts),
        cmocka_unit_test(test_continue_check_told),
        cmocka_unit_test(test_continue_check_twice),
        cmocka_unit_test(test_continue_check_asked),
        cmocka_unit_test(test_continue_check_usage),
        cmocka_unit_test(test_continue_check_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
