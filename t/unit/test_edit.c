/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_edit.c - the edit engine: what is read as an edit at every cut of the
 * text, where it fits, and what becomes of the files.
 */

#include "checks.h"
#include "edit_checks.h"


TEST(edit_check_formats)
TEST(edit_check_path_lines)
TEST(edit_check_stand_ins)
TEST(edit_check_frames)
TEST(edit_check_names)
TEST(edit_check_ends)
TEST(edit_check_markers)
TEST(edit_check_thoughts)
TEST(edit_check_owner)
TEST(edit_check_prose)
TEST(edit_check_prose_at_once)
TEST(edit_check_fences)
TEST(edit_check_ladder)
TEST(edit_check_as_shown)
TEST(edit_check_hints)
TEST(edit_check_divider)
TEST(edit_check_hashes)
TEST(edit_check_bytes)
TEST(edit_check_paths)
TEST(edit_check_exists)
TEST(edit_check_udiff)
TEST(edit_check_envelope)
TEST(edit_check_broken)
TEST(edit_check_sizes)
TEST(edit_check_repairs)
TEST(edit_check_selection)
TEST(edit_check_diffs)
TEST(edit_check_nearest)
TEST(edit_check_random_cuts)
TEST(edit_check_time)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_edit_check_formats),
        cmocka_unit_test(test_edit_check_path_lines),
        cmocka_unit_test(test_edit_check_stand_ins),
        cmocka_unit_test(test_edit_check_frames),
        cmocka_unit_test(test_edit_check_names),
        cmocka_unit_test(test_edit_check_ends),
        cmocka_unit_test(test_edit_check_markers),
        cmocka_unit_test(test_edit_check_thoughts),
        cmocka_unit_test(test_edit_check_owner),
        cmocka_unit_test(test_edit_check_prose),
        cmocka_unit_test(test_edit_check_prose_at_once),
        cmocka_unit_test(test_edit_check_fences),
        cmocka_unit_test(test_edit_check_ladder),
        cmocka_unit_test(test_edit_check_as_shown),
        cmocka_unit_test(test_edit_check_hints),
        cmocka_unit_test(test_edit_check_divider),
        cmocka_unit_test(test_edit_check_hashes),
        cmocka_unit_test(test_edit_check_bytes),
        cmocka_unit_test(test_edit_check_paths),
        cmocka_unit_test(test_edit_check_exists),
        cmocka_unit_test(test_edit_check_udiff),
        cmocka_unit_test(test_edit_check_envelope),
        cmocka_unit_test(test_edit_check_broken),
        cmocka_unit_test(test_edit_check_sizes),
        cmocka_unit_test(test_edit_check_repairs),
        cmocka_unit_test(test_edit_check_selection),
        cmocka_unit_test(test_edit_check_diffs),
        cmocka_unit_test(test_edit_check_nearest),
        cmocka_unit_test(test_edit_check_random_cuts),
        cmocka_unit_test(test_edit_check_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
