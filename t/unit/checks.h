/*
 * Copyright (C) 2026 The f0 authors
 *
 * checks.h - checks as cmocka's tests.  A check is "const char *check(void)";
 * it returns what is wrong, or NULL.
 */

#ifndef F0_UNIT_CHECKS_H_
#define F0_UNIT_CHECKS_H_

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* defines test_NAME, which fails with the words of NAME() */

#define TEST(name)                                                            \
    static void                                                               \
    test_##name(void **state)                                                 \
    {                                                                         \
        const char  *wrong = name();                                          \
                                                                              \
        (void) state;                                                         \
                                                                              \
        if (wrong != NULL) {                                                  \
            fail_msg("%s", wrong);                                            \
        }                                                                     \
    }


#endif /* F0_UNIT_CHECKS_H_ */
