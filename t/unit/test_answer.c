/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_answer.c - providers' answers as they really come: translate.md 3 to 5,
 * 11 and 12, rule by rule.
 */

#include "checks.h"
#include "answer_checks.h"


TEST(answer_check_finish_words)
TEST(answer_check_finish_failures)
TEST(answer_check_finish_misfits)
TEST(answer_check_whole_objects)
TEST(answer_check_fragments)
TEST(answer_check_call_types)
TEST(answer_check_call_ids)
TEST(answer_check_many_calls)
TEST(answer_check_blocks)
TEST(answer_check_choice_errors)
TEST(answer_check_usage)
TEST(answer_check_pictures)
TEST(answer_check_state)
TEST(answer_check_labels)
TEST(answer_check_codings)
TEST(answer_check_bounds)
TEST(answer_check_memory)
TEST(answer_check_names)
TEST(answer_check_store)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_answer_check_finish_words),
        cmocka_unit_test(test_answer_check_finish_failures),
        cmocka_unit_test(test_answer_check_finish_misfits),
        cmocka_unit_test(test_answer_check_whole_objects),
        cmocka_unit_test(test_answer_check_fragments),
        cmocka_unit_test(test_answer_check_call_types),
        cmocka_unit_test(test_answer_check_call_ids),
        cmocka_unit_test(test_answer_check_many_calls),
        cmocka_unit_test(test_answer_check_blocks),
        cmocka_unit_test(test_answer_check_choice_errors),
        cmocka_unit_test(test_answer_check_usage),
        cmocka_unit_test(test_answer_check_pictures),
        cmocka_unit_test(test_answer_check_state),
        cmocka_unit_test(test_answer_check_labels),
        cmocka_unit_test(test_answer_check_codings),
        cmocka_unit_test(test_answer_check_bounds),
        cmocka_unit_test(test_answer_check_memory),
        cmocka_unit_test(test_answer_check_names),
        cmocka_unit_test(test_answer_check_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
