/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_provider.c - requests as providers take them: translate.md 1.1 to 1.4,
 * 7, 13.
 */

#include "checks.h"
#include "provider_checks.h"


TEST(provider_check_corpus)
TEST(provider_check_names)
TEST(provider_check_words)
TEST(provider_check_pictures)
TEST(provider_check_history)
TEST(provider_check_claude)
TEST(provider_check_ids)
TEST(provider_check_openai)
TEST(provider_check_gemini)
TEST(provider_check_schemas)
TEST(provider_check_parameters)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_provider_check_corpus),
        cmocka_unit_test(test_provider_check_names),
        cmocka_unit_test(test_provider_check_words),
        cmocka_unit_test(test_provider_check_pictures),
        cmocka_unit_test(test_provider_check_history),
        cmocka_unit_test(test_provider_check_claude),
        cmocka_unit_test(test_provider_check_ids),
        cmocka_unit_test(test_provider_check_openai),
        cmocka_unit_test(test_provider_check_gemini),
        cmocka_unit_test(test_provider_check_schemas),
        cmocka_unit_test(test_provider_check_parameters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
