/*
 * Copyright (C) 2026 The f0 authors
 *
 * oracle.h - what is true of every turn, whoever plays it: what leaves is UTF-8
 * and of the form that clients read, nothing follows the end, a failure is told
 * once, no deadline lies in the past, and usage that was known is never lost.
 *
 * Each function returns what is wrong, or NULL.  For C and C++, for unit tests
 * and fuzz targets alike.
 */

#ifndef F0_UNIT_ORACLE_H_
#define F0_UNIT_ORACLE_H_

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "f0.h"


/* Strict UTF-8, independent of the code under test. */

static inline int
oracle_utf8(const char *s, size_t len)
{
    size_t                i, k, n;
    const unsigned char  *p = (const unsigned char *) s;

    for (i = 0; i < len; i += n) {
        n = p[i] < 0x80 ? 1 : p[i] < 0xc2 ? 0 : p[i] < 0xe0 ? 2
            : p[i] < 0xf0 ? 3 : p[i] < 0xf5 ? 4 : 0;

        if (n == 0 || n > len - i) {
            return 0;
        }

        for (k = 1; k < n; k++) {
            if ((p[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }

        if ((p[i] == 0xe0 && p[i + 1] < 0xa0) || (p[i] == 0xed && p[i + 1] > 0x9f)
            || (p[i] == 0xf0 && p[i + 1] < 0x90)
            || (p[i] == 0xf4 && p[i + 1] > 0x8f))
        {
            return 0;
        }
    }

    return 1;
}


static inline int
oracle_json(const char *p, size_t n)
{
    int          good;
    yajl_handle  y;

    y = yajl_alloc(NULL, NULL, NULL);
    good = yajl_parse(y, (const unsigned char *) p, n) == yajl_status_ok
           && yajl_complete_parse(y) == yajl_status_ok;
    yajl_free(y);

    return good;
}


static inline int
oracle_begins(const char *p, size_t n, const char *with)
{
    return n >= strlen(with) && memcmp(p, with, strlen(with)) == 0;
}


/* The line at |p|, without its LF; 0: there is no whole one. */

static inline int
oracle_line(const char *p, const char *end, size_t *n)
{
    const char  *lf = (const char *) memchr(p, '\n', (size_t) (end - p));

    if (lf == NULL) {
        return 0;
    }

    *n = (size_t) (lf - p);
    return 1;
}


/* A stream in f0's own form; |whole|: it came to its end. */

static inline const char *
oracle_stream(const char *p, size_t len, int whole)
{
    int          done = 0, data = 0;
    size_t       n;
    unsigned     failures = 0;
    const char  *end = p + len;

    for ( /* void */ ; p < end; p += n + 1) {
        if (done) {
            return "something follows [DONE]";
        }
        if (!oracle_line(p, end, &n)) {
            return "a line has no end";
        }
        if (n == 0 || p[0] == ':' || oracle_begins(p, n, "event: f0.")) {
            if (n > 0 && data) {
                return "a line inside an event";
            }
            data = 0;
            continue;
        }
        if (!oracle_begins(p, n, "data: ") || data) {
            return "a line that is none of f0's";
        }
        data = 1;
        if (n == 12 && memcmp(p, "data: [DONE]", 12) == 0) {
            if (end - p != 14 || p[13] != '\n') {
                return "something follows [DONE]";
            }
            done = 1;
            break;
        }
        if (!oracle_json(p + 6, n - 6)) {
            return "an event is no JSON";
        }
        if (failures > 0) {
            return "something follows the failure";
        }
        failures += oracle_begins(p, n, "data: {\"error\":");
    }

    if (whole && !done) {
        return "a stream without [DONE]";
    }

    return NULL;
}


/*
 * The raw lane: the provider's events are its own, but what f0 says stands
 * between them, and a failure or [DONE] is the last of it: what stands behind
 * that line in its own event is the provider's affair.
 */

static inline const char *
oracle_raw(const char *p, size_t len)
{
    int          last = 0, over = 0, blank;
    size_t       n;
    unsigned     failures = 0;
    const char  *end = p + len;

    for ( /* void */ ; p < end; p += n + 1) {
        if (!oracle_line(p, end, &n)) {
            return NULL;                        /* as the provider left it */
        }
        blank = n == 0 || (n == 1 && p[0] == '\r');
        if (over && !blank) {
            return "something follows [DONE]";
        }
        over |= last && blank;
        failures += !last && oracle_begins(p, n, "data: {\"error\":{");
        last |= oracle_begins(p, n, "data: [DONE]")
                || oracle_begins(p, n, "data:[DONE]");
    }

    return failures > 1 ? "a failure is told twice" : NULL;
}


enum { ORACLE_RAW = 1, ORACLE_CUT = 2 };        /* of the lane; it was left */

/* All that a client read: |status| 0 is a stream, else a whole answer. */

static inline const char *
oracle_output(const char *p, size_t n, int status, int flags)
{
    if (status != 0) {
        return (flags & ORACLE_RAW) && status == 200 ? NULL
               : !oracle_utf8(p, n) ? "a body that is not UTF-8"
               : !oracle_json(p, n) ? "a body that is no JSON"
               : NULL;
    }

    if (flags & ORACLE_RAW) {
        return oracle_raw(p, n);
    }

    return !oracle_utf8(p, n) ? "a stream that is not UTF-8"
                              : oracle_stream(p, n, !(flags & ORACLE_CUT));
}


/* What may stand in a log. */

static inline const char *
oracle_reason(f0_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if ((unsigned char) s.data[i] < 0x20 || s.data[i] == 0x7f) {
            return "a control character for the log";
        }
    }

    return s.len > 400 ? "much for the log"
           : !oracle_utf8(s.data, s.len) ? "a reason that is not UTF-8" : NULL;
}


/* What f0_turn_next() answered at |now|. */

static inline const char *
oracle_action(const f0_action_t *a, int64_t now)
{
    switch (a->kind) {
    case F0_AGAIN:
    case F0_WAIT:
    case F0_CALL_MODEL:
        return a->deadline > now ? NULL : "a deadline lies in the past";
    case F0_RESPOND:
        return oracle_reason(a->response.reason);
    default:
        return NULL;
    }
}


/*
 * Counts that were known and are less now.  Only where nothing was read from the
 * provider in between: of its own counts the last ones are right.
 */

static inline const char *
oracle_usage(const f0_turn_info_t *before, const f0_turn_info_t *now)
{
    if (before->usage_estimated) {
        return NULL;
    }

    return now->prompt_tokens < before->prompt_tokens
           || now->completion_tokens < before->completion_tokens
           || now->cached_tokens < before->cached_tokens ? "known usage is lost"
                                                         : NULL;
}


/* The last usage of a stream or body is what the variables say. */

static inline const char *
oracle_told(const char *p, size_t n, const f0_turn_info_t *info)
{
    size_t      i;
    long long   prompt, completion;
    const char  name[] = "\"usage\":{\"prompt_tokens\":";

    for (i = n; i-- > 0; ) {
        if (p[i] != '"' || !oracle_begins(p + i, n - i, name)) {
            continue;
        }
        if (sscanf(p + i + sizeof(name) - 1, "%lld,\"completion_tokens\":%lld",
                   &prompt, &completion) != 2)
        {
            return "usage in another form";
        }
        return !info->usage_estimated && prompt == info->prompt_tokens
               && completion == info->completion_tokens
               ? NULL : "other usage is told than known";
    }

    return NULL;
}


#endif /* F0_UNIT_ORACLE_H_ */
