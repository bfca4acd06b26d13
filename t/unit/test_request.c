/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_request.c - requests: what is accepted, what was understood of it, and
 * how the rest is refused.
 */

#include "checks.h"
#include "request_checks.h"


TEST(request_check_corpus)
TEST(request_check_large)
TEST(request_check_errors)
TEST(request_check_messages_of_errors)
TEST(request_check_limits)
TEST(request_check_tools)
TEST(request_check_foreign)
TEST(request_check_context)
TEST(request_check_words)
TEST(request_check_header)
TEST(request_check_models)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_request_check_corpus),
        cmocka_unit_test(test_request_check_large),
        cmocka_unit_test(test_request_check_errors),
        cmocka_unit_test(test_request_check_messages_of_errors),
        cmocka_unit_test(test_request_check_limits),
        cmocka_unit_test(test_request_check_tools),
        cmocka_unit_test(test_request_check_foreign),
        cmocka_unit_test(test_request_check_context),
        cmocka_unit_test(test_request_check_words),
        cmocka_unit_test(test_request_check_header),
        cmocka_unit_test(test_request_check_models),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
