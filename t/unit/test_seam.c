/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_seam.c - a text that goes on with another one's: nothing twice, nothing
 * lost, at every cut.
 */

#include "checks.h"
#include "seam_checks.h"


TEST(seam_check_cuts)
TEST(seam_check_repetitions)
TEST(seam_check_marks)
TEST(seam_check_unseen)
TEST(seam_check_bounds)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_seam_check_cuts),
        cmocka_unit_test(test_seam_check_repetitions),
        cmocka_unit_test(test_seam_check_marks),
        cmocka_unit_test(test_seam_check_unseen),
        cmocka_unit_test(test_seam_check_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
