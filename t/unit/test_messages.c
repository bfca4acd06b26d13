/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_messages.c - the Messages front: fronts.md 2, 3.
 */

#include "checks.h"
#include "messages_checks.h"


TEST(messages_check_corpus)
TEST(messages_check_turns)
TEST(messages_check_results)
TEST(messages_check_parts)
TEST(messages_check_refusals)
TEST(messages_check_own_form)
TEST(messages_check_members)
TEST(messages_check_count)
TEST(messages_check_f0_fields)
TEST(messages_check_limits)
TEST(messages_check_stream)
TEST(messages_check_parallel)
TEST(messages_check_awake)
TEST(messages_check_failure)
TEST(messages_check_stops)
TEST(messages_check_memory)
TEST(messages_check_random)
TEST(messages_check_body)
TEST(messages_check_errors)
TEST(messages_check_stop_words)
TEST(messages_check_turn)
TEST(messages_check_count_turn)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_messages_check_corpus),
        cmocka_unit_test(test_messages_check_turns),
        cmocka_unit_test(test_messages_check_results),
        cmocka_unit_test(test_messages_check_parts),
        cmocka_unit_test(test_messages_check_refusals),
        cmocka_unit_test(test_messages_check_own_form),
        cmocka_unit_test(test_messages_check_members),
        cmocka_unit_test(test_messages_check_count),
        cmocka_unit_test(test_messages_check_f0_fields),
        cmocka_unit_test(test_messages_check_limits),
        cmocka_unit_test(test_messages_check_stream),
        cmocka_unit_test(test_messages_check_parallel),
        cmocka_unit_test(test_messages_check_awake),
        cmocka_unit_test(test_messages_check_failure),
        cmocka_unit_test(test_messages_check_stops),
        cmocka_unit_test(test_messages_check_memory),
        cmocka_unit_test(test_messages_check_random),
        cmocka_unit_test(test_messages_check_body),
        cmocka_unit_test(test_messages_check_errors),
        cmocka_unit_test(test_messages_check_stop_words),
        cmocka_unit_test(test_messages_check_turn),
        cmocka_unit_test(test_messages_check_count_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
