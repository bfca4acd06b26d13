/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_responses.c - OpenAI's Responses API as a provider.
 */

#include "checks.h"
#include "responses_checks.h"


TEST(responses_check_texts)
TEST(responses_check_calls)
TEST(responses_check_ends)
TEST(responses_check_errors)
TEST(responses_check_usage)
TEST(responses_check_sealed)
TEST(responses_check_bounds)
TEST(responses_check_lane)
TEST(responses_check_messages)
TEST(responses_check_history)
TEST(responses_check_tools)
TEST(responses_check_options)
TEST(responses_check_refused)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_responses_check_texts),
        cmocka_unit_test(test_responses_check_calls),
        cmocka_unit_test(test_responses_check_ends),
        cmocka_unit_test(test_responses_check_errors),
        cmocka_unit_test(test_responses_check_usage),
        cmocka_unit_test(test_responses_check_sealed),
        cmocka_unit_test(test_responses_check_bounds),
        cmocka_unit_test(test_responses_check_lane),
        cmocka_unit_test(test_responses_check_messages),
        cmocka_unit_test(test_responses_check_history),
        cmocka_unit_test(test_responses_check_tools),
        cmocka_unit_test(test_responses_check_options),
        cmocka_unit_test(test_responses_check_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
