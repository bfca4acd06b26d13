/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_envelope.c - what a provider wants back, carried by the client.
 */

#include "checks.h"
#include "envelope_checks.h"


TEST(envelope_check_opened)
TEST(envelope_check_events)
TEST(envelope_check_empty)
TEST(envelope_check_forged)
TEST(envelope_check_large)
TEST(envelope_check_returned)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_envelope_check_opened),
        cmocka_unit_test(test_envelope_check_events),
        cmocka_unit_test(test_envelope_check_empty),
        cmocka_unit_test(test_envelope_check_forged),
        cmocka_unit_test(test_envelope_check_large),
        cmocka_unit_test(test_envelope_check_returned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
