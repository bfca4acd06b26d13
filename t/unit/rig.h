/*
 * Copyright (C) 2026 The f0 authors
 *
 * rig.h - a host of the core for tests: plays a provider's answer, cut as one
 * likes, to one request, and keeps what the client would read.
 */

#ifndef F0_UNIT_RIG_H_
#define F0_UNIT_RIG_H_

#include <stddef.h>
#include <stdint.h>

#include "f0.h"

typedef struct {
    char    *data;
    size_t   len, cap;
} rig_buf_t;

void rig_append(rig_buf_t *b, const char *p, size_t n);
void rig_clear(rig_buf_t *b);                   /* frees; {0} again */
/* A whole file; fails the program if it can't be read. */
void rig_read(rig_buf_t *b, const char *path);
f0_str_t rig_str(const char *s);
/* f0_worker_failure() in chat's form. */
int rig_failure(f0_worker_t *w, f0_fail_t what, const char *detail,
    f0_response_t *out);

/* One answer of the provider. */
typedef struct {
    int              status;
    const char      *content_type;
    const char      *body;
    size_t           len;
    f0_model_end_t   end;
} rig_answer_t;

/* Of providers; what one play does to them is not the next one's. */
#define RIG_PROVIDERS  32                      /* of a recording: those of a whole nginx */

typedef struct {
    long long  slots[RIG_PROVIDERS][F0_HEALTH_SIZE / sizeof(long long)];
} rig_health_t;

void rig_heal(f0_worker_t *w, rig_health_t *health);

typedef struct {
    f0_config_t         *config;
    f0_worker_t         *worker;
    const rig_answer_t  *answers;               /* one per call; the last one repeats */
    size_t               nanswers;
    /* How an answer is cut: at |cut| if it is above 0, in single bytes if it is
       -1, in random pieces of a seed if it is below that. */
    int                  cut;
    int64_t              early;                 /* ms before the first answer's head */
    const char          *retry_after;           /* of each answer that is no 200 */
    const char          *stream_header;
    const char          *client;
    size_t               body_max;              /* 0: 32 MiB */
    f0_front_t           front;                 /* only chat's words are looked at */
    const char          *args;                  /* of the client's request, or NULL */
    int                  raw;                   /* the provider's own events leave */
    unsigned             leave;                 /* the client does, in this question; 0: never */
    unsigned             shut;                  /* likewise the host shuts down */

    /* What came out. */
    int                  status;                /* 0: a stream; else of a whole answer */
    rig_buf_t            out;                   /* the stream, or the body */
    rig_buf_t            asked;                 /* the last call's body */
    rig_buf_t            uri;                   /* and its URI */
    rig_health_t         health;                /* new in each play */
    char                 headers[512];          /* of a whole answer: "name: value\n" */
    unsigned             calls, works, waits;
    f0_turn_info_t       info;                  /* counts only: its strings are gone */
    char                 end[32];
    char                 tries[256];
    char                 route[32];             /* "ut": the provider of each call */
    int64_t              asked_at[32];          /* after the turn began */
    const char          *wrong;                 /* what oracle.h says of it */
    f0_turn_info_t       known;                 /* when it looked last */
    f0_turn_info_t       before;                /* the call that began last */
    unsigned             asks;
} rig_t;

/* A config with one provider "up" of |dialect| and |mode| for every model. */
void rig_open(rig_t *rig, const char *dialect, const char *mode);
/* Likewise, but the model asks again: |retry| are the words of the directive. */
void rig_open_retry(rig_t *rig, const char *dialect, const char *mode,
    const char *retry);
/* The same provider, or "two" of |dialect|, as the model's next try line. */
void rig_next_try(rig_t *rig, const char *dialect);
void rig_close(rig_t *rig);

/*
 * Plays one request to its end; -1 if the core answered with an error, or if
 * something is wrong that always is: it is printed.
 */
int rig_play(rig_t *rig, const char *body, size_t len);

#endif
