/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_agent.c - the code agent.
 */

#include "checks.h"
#include "agent_checks.h"


TEST(agent_check_classify)
TEST(agent_check_overrides)
TEST(agent_check_editable)
TEST(agent_check_selection)
TEST(agent_check_harvest)
TEST(agent_check_prompt)
TEST(agent_check_windows)
TEST(agent_check_formats)
TEST(agent_check_opt_in)
TEST(agent_check_json)
TEST(agent_check_editor_form)
TEST(agent_check_continue_reader)
TEST(agent_check_f0_form)
TEST(agent_check_snippet)
TEST(agent_check_follow_selection)
TEST(agent_check_told)
TEST(agent_check_repair)
TEST(agent_check_repair_fails)
TEST(agent_check_finish)
TEST(agent_check_prose)
TEST(agent_check_tools)
TEST(agent_check_provider_breaks)
TEST(agent_check_seed)
TEST(agent_check_cancel)
TEST(agent_check_large)
TEST(agent_check_lines)
TEST(agent_check_tries)
TEST(agent_check_unread)
TEST(agent_check_whole_once)
TEST(agent_check_replays)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_agent_check_classify),
        cmocka_unit_test(test_agent_check_overrides),
        cmocka_unit_test(test_agent_check_editable),
        cmocka_unit_test(test_agent_check_selection),
        cmocka_unit_test(test_agent_check_harvest),
        cmocka_unit_test(test_agent_check_prompt),
        cmocka_unit_test(test_agent_check_windows),
        cmocka_unit_test(test_agent_check_formats),
        cmocka_unit_test(test_agent_check_opt_in),
        cmocka_unit_test(test_agent_check_json),
        cmocka_unit_test(test_agent_check_editor_form),
        cmocka_unit_test(test_agent_check_continue_reader),
        cmocka_unit_test(test_agent_check_f0_form),
        cmocka_unit_test(test_agent_check_snippet),
        cmocka_unit_test(test_agent_check_follow_selection),
        cmocka_unit_test(test_agent_check_told),
        cmocka_unit_test(test_agent_check_repair),
        cmocka_unit_test(test_agent_check_repair_fails),
        cmocka_unit_test(test_agent_check_finish),
        cmocka_unit_test(test_agent_check_prose),
        cmocka_unit_test(test_agent_check_tools),
        cmocka_unit_test(test_agent_check_provider_breaks),
        cmocka_unit_test(test_agent_check_seed),
        cmocka_unit_test(test_agent_check_cancel),
        cmocka_unit_test(test_agent_check_large),
        cmocka_unit_test(test_agent_check_lines),
        cmocka_unit_test(test_agent_check_tries),
        cmocka_unit_test(test_agent_check_unread),
        cmocka_unit_test(test_agent_check_whole_once),
        cmocka_unit_test(test_agent_check_replays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
