/*
 * Copyright (C) 2026 The f0 authors
 */

#define _GNU_SOURCE
#include "blocks.h"

#ifndef __SANITIZE_ADDRESS__

#include <dlfcn.h>
#include <execinfo.h>
#include <malloc.h>
#include <string.h>

#define FRAMES  24

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

static long           blocks, bytes;
static unsigned long  asked, nth;
static int            all, spare;
static void          *frames[FRAMES];           /* of the first failure */
static int            nframes;


static int
refused(void)
{
    if (spare) {
        return 0;
    }

    if (nth == 0 || ++asked < nth || (!all && asked > nth)) {
        asked += nth == 0;
        return 0;
    }

    if (asked == nth) {
        spare = 1;
        nframes = backtrace(frames, FRAMES);
        spare = 0;
    }

    return 1;
}


static void *
held(void *p)
{
    if (p != NULL) {
        blocks++;
        bytes += (long) malloc_usable_size(p);
    }

    return p;
}


static void
gone(void *p)
{
    if (p != NULL) {
        blocks--;
        bytes -= (long) malloc_usable_size(p);
    }
}


void *
malloc(size_t n)
{
    return refused() ? NULL : held(__libc_malloc(n));
}


void *
calloc(size_t n, size_t size)
{
    return refused() ? NULL : held(__libc_calloc(n, size));
}


void *
realloc(void *p, size_t n)
{
    void  *q;
    long   before;

    if (refused()) {
        return NULL;
    }

    before = p != NULL ? (long) malloc_usable_size(p) : 0;
    q = __libc_realloc(p, n);

    if (q != NULL || (p != NULL && n == 0)) {
        blocks -= p != NULL;
        bytes -= before;
        (void) held(q);
    }

    return q;
}


void
free(void *p)
{
    gone(p);
    __libc_free(p);
}


long
blocks_held(void)
{
    return blocks;
}


long
blocks_bytes(void)
{
    return bytes;
}


void
blocks_fail(unsigned long which, int behind)
{
    asked = 0;
    nth = which;
    all = behind;
    nframes = 0;
}


unsigned long
blocks_asked(void)
{
    return asked;
}


int
blocks_failed_in(const char *library)
{
    int      i, found = 0;
    Dl_info  info;

    spare = 1;

    for (i = 0; i < nframes; i++) {
        found |= dladdr(frames[i], &info) != 0 && info.dli_fname != NULL
                 && strstr(info.dli_fname, library) != NULL;
    }

    spare = 0;
    return found;
}


void
blocks_spare(int on)
{
    spare = on;
}

#else

long blocks_held(void) { return 0; }
long blocks_bytes(void) { return 0; }
void blocks_fail(unsigned long nth, int all) { (void) nth; (void) all; }
unsigned long blocks_asked(void) { return 0; }
int blocks_failed_in(const char *library) { (void) library; return 0; }
void blocks_spare(int on) { (void) on; }

#endif
