/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_completion.c - prompts and middles: read, sent, answered.
 */

#include "checks.h"
#include "completion_checks.h"


TEST(completion_check_requests)
TEST(completion_check_corpus)
TEST(completion_check_families)
TEST(completion_check_bodies)
TEST(completion_check_paths)
TEST(completion_check_stops)
TEST(completion_check_refused)
TEST(completion_check_fences)
TEST(completion_check_prompts_in_fences)
TEST(completion_check_answers)
TEST(completion_check_middles)
TEST(completion_check_stream)
TEST(completion_check_body)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_completion_check_requests),
        cmocka_unit_test(test_completion_check_corpus),
        cmocka_unit_test(test_completion_check_families),
        cmocka_unit_test(test_completion_check_bodies),
        cmocka_unit_test(test_completion_check_paths),
        cmocka_unit_test(test_completion_check_stops),
        cmocka_unit_test(test_completion_check_refused),
        cmocka_unit_test(test_completion_check_fences),
        cmocka_unit_test(test_completion_check_prompts_in_fences),
        cmocka_unit_test(test_completion_check_answers),
        cmocka_unit_test(test_completion_check_middles),
        cmocka_unit_test(test_completion_check_stream),
        cmocka_unit_test(test_completion_check_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
