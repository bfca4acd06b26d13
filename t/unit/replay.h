/*
 * Copyright (C) 2026 The f0 authors
 *
 * replay.h - plays a recording of "f0_record" to the core: as it was, or cut,
 * asked and cancelled as a seed says.  The form of a recording is told in
 * src/ngx_http_f0_record.c.
 */

#ifndef F0_UNIT_REPLAY_H_
#define F0_UNIT_REPLAY_H_

#include <stddef.h>
#include <stdint.h>

#include "f0.h"
#include "rig.h"

typedef struct {
    char         kind;
    int64_t      time;                          /* after the turn's beginning */
    const char  *p;
    size_t       n;
    unsigned     call;                          /* that runs then, as recorded */
} replay_entry_t;

typedef struct {
    rig_buf_t            bytes;                 /* the file */
    replay_entry_t      *entries;               /* all behind the options */
    size_t               nentries;
    f0_config_t         *config;
    f0_turn_options_t    options;

    /* What came out then. */
    int                  whole;                 /* it has an end */
    int                  status;                /* 0: a stream; -1: the core failed */
    size_t               length;
    char                 digest[65];

    int                  calm;                  /* no silence that makes a comment due */
    unsigned             steps;                 /* of the last run, to cancel in one of them */
} replay_t;

typedef struct {
    int        status;                          /* 0: a stream */
    int        failed;                          /* what a call of the core returned */
    rig_buf_t  out;                             /* the stream, or the body */
    unsigned   unlike;                          /* actions that are not the recorded ones */
    unsigned   late;                            /* output after the end */
    int        cancelled;
    int            ended;                       /* it came to its end */
    const char    *wrong;                       /* what oracle.h says of it */
    f0_turn_info_t info;                        /* counts only */
} replay_result_t;

/* 0; or -1, and |why| says what is wrong with the file. */
int replay_read(replay_t *r, const char *path, const char **why);
void replay_free(replay_t *r);

/* Each call as it was. */
void replay_exact(replay_t *r, f0_worker_t *w, replay_result_t *result);

/*
 * The same bytes at the same times, in other pieces and with more questions;
 * with |seed| 0 whole and without.  |cancel|: somewhere in it the client leaves.
 */
void replay_random(replay_t *r, f0_worker_t *w, unsigned seed, int cancel,
    replay_result_t *result);

/* Whether that is what was recorded. */
int replay_good(const replay_t *r, const replay_result_t *result);

/* Makes what comes out now what is expected of the file; -1 if that can't be. */
int replay_accept(replay_t *r, const char *path, f0_worker_t *w);

void replay_result_free(replay_result_t *result);

/* What both ways of playing do. */
int replay_next(f0_turn_t *turn, int64_t now, f0_action_t *a,
    replay_result_t *result);
void replay_cancel(f0_turn_t *turn, replay_result_t *result);
void replay_end(f0_turn_t *turn, replay_result_t *result);
f0_turn_t *replay_begin(replay_t *r, f0_worker_t *w, replay_result_t *result);
void replay_respond(replay_result_t *result, const f0_response_t *response);
int replay_head(f0_turn_t *turn, const replay_entry_t *e, int64_t now);

#endif
