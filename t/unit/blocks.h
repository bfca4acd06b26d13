/*
 * Copyright (C) 2026 The f0 authors
 *
 * blocks.h - the allocator of the test programs: counts what nobody has freed,
 * and fails when it is told to.
 */

#ifndef F0_UNIT_BLOCKS_H_
#define F0_UNIT_BLOCKS_H_

#include <stddef.h>

/* Blocks, and their bytes, that nobody has freed; 0 where a sanitizer counts. */
long blocks_held(void);
long blocks_bytes(void);

/*
 * The |nth| allocation from now on fails, and with |all| each one behind it; 0:
 * none does.  How many there were since that was said last.
 */
void blocks_fail(unsigned long nth, int all);
unsigned long blocks_asked(void);

/* Whether the one that failed first was asked for inside of that library. */
int blocks_failed_in(const char *library);

/* What the test itself needs is neither counted nor refused: 1, then 0. */
void blocks_spare(int on);

#endif
