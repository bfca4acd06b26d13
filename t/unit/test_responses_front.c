/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_responses_front.c - the Responses API as f0 speaks it to its clients.
 */

#include "checks.h"
#include "responses_front_checks.h"


TEST(responses_front_check_corpus)
TEST(responses_front_check_refused)
TEST(responses_front_check_own_form)
TEST(responses_front_check_dropped)
TEST(responses_front_check_found)
TEST(responses_front_check_names)
TEST(responses_front_check_turns)
TEST(responses_front_check_outputs)
TEST(responses_front_check_linear)
TEST(responses_front_check_items)
TEST(responses_front_check_interleaved)
TEST(responses_front_check_custom)
TEST(responses_front_check_search)
TEST(responses_front_check_ends)
TEST(responses_front_check_failures)
TEST(responses_front_check_silence)
TEST(responses_front_check_repeated)
TEST(responses_front_check_lane)
TEST(responses_front_check_memory)
TEST(responses_front_check_envelopes)
TEST(responses_front_check_splits)
TEST(responses_front_check_body)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_responses_front_check_corpus),
        cmocka_unit_test(test_responses_front_check_refused),
        cmocka_unit_test(test_responses_front_check_own_form),
        cmocka_unit_test(test_responses_front_check_dropped),
        cmocka_unit_test(test_responses_front_check_found),
        cmocka_unit_test(test_responses_front_check_names),
        cmocka_unit_test(test_responses_front_check_turns),
        cmocka_unit_test(test_responses_front_check_outputs),
        cmocka_unit_test(test_responses_front_check_linear),
        cmocka_unit_test(test_responses_front_check_items),
        cmocka_unit_test(test_responses_front_check_interleaved),
        cmocka_unit_test(test_responses_front_check_custom),
        cmocka_unit_test(test_responses_front_check_search),
        cmocka_unit_test(test_responses_front_check_ends),
        cmocka_unit_test(test_responses_front_check_failures),
        cmocka_unit_test(test_responses_front_check_silence),
        cmocka_unit_test(test_responses_front_check_repeated),
        cmocka_unit_test(test_responses_front_check_lane),
        cmocka_unit_test(test_responses_front_check_memory),
        cmocka_unit_test(test_responses_front_check_envelopes),
        cmocka_unit_test(test_responses_front_check_splits),
        cmocka_unit_test(test_responses_front_check_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
