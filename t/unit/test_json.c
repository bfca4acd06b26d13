/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_json.c - the JSON parser under every cut, its limits, the writer, and
 * the text functions.
 */

#include "checks.h"
#include "json_checks.h"


TEST(json_check_values)
TEST(json_check_refused)
TEST(json_check_surrogates)
TEST(json_check_bom)
TEST(json_check_repair)
TEST(json_check_depth)
TEST(json_check_numbers)
TEST(json_check_memory)
TEST(json_check_floods)
TEST(json_check_reuse)
TEST(json_check_writer)
TEST(text_check_utf8)
TEST(text_check_utf16)
TEST(text_check_joined)
TEST(text_check_ascii)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_json_check_values),
        cmocka_unit_test(test_json_check_refused),
        cmocka_unit_test(test_json_check_surrogates),
        cmocka_unit_test(test_json_check_bom),
        cmocka_unit_test(test_json_check_repair),
        cmocka_unit_test(test_json_check_depth),
        cmocka_unit_test(test_json_check_numbers),
        cmocka_unit_test(test_json_check_memory),
        cmocka_unit_test(test_json_check_floods),
        cmocka_unit_test(test_json_check_reuse),
        cmocka_unit_test(test_json_check_writer),
        cmocka_unit_test(test_text_check_utf8),
        cmocka_unit_test(test_text_check_utf16),
        cmocka_unit_test(test_text_check_joined),
        cmocka_unit_test(test_text_check_ascii),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
