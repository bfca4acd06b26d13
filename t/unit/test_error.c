/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_error.c - what providers' errors say, and what is shown of them.
 */

#include "checks.h"
#include "error_checks.h"


TEST(error_check_places)
TEST(error_check_statuses)
TEST(error_check_words)
TEST(error_check_private)
TEST(error_check_secrets)
TEST(error_check_long)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_error_check_places),
        cmocka_unit_test(test_error_check_statuses),
        cmocka_unit_test(test_error_check_words),
        cmocka_unit_test(test_error_check_private),
        cmocka_unit_test(test_error_check_secrets),
        cmocka_unit_test(test_error_check_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
