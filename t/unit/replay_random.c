/*
 * Copyright (C) 2026 The f0 authors
 */

#include "replay.h"

#include <string.h>

#define PIECES  2000                            /* of one body or answer, at most */

typedef struct {
    replay_t         *r;
    replay_result_t  *out;
    f0_turn_t        *turn;
    uint64_t          random;
    int64_t           now;
    int64_t           deadline;                 /* before it nothing is due */
    size_t            limit;                    /* of a piece */
    unsigned          call;                     /* that the core has asked for */
    unsigned          steps;
    unsigned          leave;                    /* in this step; 0: never */
    int               said;                     /* of the call nothing more is wanted */
    int               wants;                    /* it asks for the body */
    int               lazy;                     /* output is not always taken at once */
    int               joined;                   /* an answer is cut anew */
    int               plain;                    /* nothing is random */
    int               over;
} player_t;


static unsigned
pick(player_t *p, size_t n)
{
    p->random ^= p->random << 13;
    p->random ^= p->random >> 7;
    p->random ^= p->random << 17;

    return (unsigned) ((p->random >> 11) % n);
}


static void
fail(player_t *p, int rc)
{
    if (rc < 0) {
        p->out->failed = rc;
        p->over = 1;
    }
}


static void
drain(player_t *p)
{
    int       rc;
    f0_str_t  out;

    do {
        rc = f0_turn_output(p->turn, &out);
        fail(p, rc);
        if (rc == F0_OK) {
            rig_append(&p->out->out, out.data, out.len);
        }
    } while (rc == F0_OK && out.len > 0);
}


/* Nothing comes any more, whatever is asked. */

static void
leave(player_t *p)
{
    f0_str_t     out;
    f0_action_t  a;

    replay_cancel(p->turn, p->out);
    p->over = 1;

    if (f0_turn_output(p->turn, &out) != F0_OK || out.len > 0
        || f0_turn_next(p->turn, p->now + pick(p, 100000), &a) != F0_OK
        || a.kind == F0_CALL_MODEL || a.kind == F0_RUN_WORK
        || f0_turn_output(p->turn, &out) != F0_OK || out.len > 0)
    {
        p->out->late++;
    }
}


static int
leaves(player_t *p)
{
    if (++p->steps == p->leave) {
        leave(p);
    }

    return p->over;
}


static void
work(player_t *p, f0_work_t *w)
{
    f0_work_run(w);

    if (!leaves(p)) {
        fail(p, f0_turn_work_done(p->turn, p->now));
    }
}


/* Asks and does until there is nothing to do. */

static void
settle(player_t *p)
{
    int          rc;
    f0_action_t  a;

    p->deadline = p->now;
    p->wants = 0;

    while (!leaves(p)) {
        rc = replay_next(p->turn, p->now, &a, p->out);
        if (rc != F0_OK) {
            return fail(p, rc);
        }

        if (a.kind == F0_RESPOND) {
            p->over = 1;
            return;
        }

        if (!p->lazy || pick(p, 3) == 0 || a.kind == F0_FINISHED) {
            drain(p);
        }

        switch (a.kind) {
        case F0_CALL_MODEL:
            p->call++;
            p->said = 0;
            break;

        case F0_RUN_WORK:
            work(p, a.work);
            break;

        case F0_NEED_BODY:
            p->wants = 1;
            return;

        case F0_WAIT:
            p->deadline = a.deadline;
            return;

        case F0_FINISHED:
            p->over = 1;
            return;

        default:                                /* F0_AGAIN */
            break;
        }
    }
}


/* Questions that nobody asked then, while nothing is due. */

static void
pass_time(player_t *p, int64_t until)
{
    int64_t  last;

    while (!p->plain && !p->over && pick(p, 4) == 0) {
        last = until < p->deadline ? until : p->deadline - 1;
        if (last > p->now) {
            p->now += pick(p, last - p->now + 1);
        }
        settle(p);
    }

    if (p->now < until) {
        p->now = until;
    }
}


static size_t
piece(player_t *p, size_t rest, size_t all)
{
    size_t  n, limit;

    if (p->plain) {
        return rest;
    }

    limit = p->limit > all / PIECES ? p->limit : all / PIECES;
    n = 1 + pick(p, limit);
    return n < rest ? n : rest;
}


static void
feed_body(player_t *p)
{
    int        rc, last;
    size_t     i, n, at = 0;
    rig_buf_t  body = { 0 };

    rig_append(&body, "", 0);

    for (i = 0; i < p->r->nentries; i++) {
        if (p->r->entries[i].kind == 'b' || p->r->entries[i].kind == 'B') {
            rig_append(&body, p->r->entries[i].p, p->r->entries[i].n);
        }
    }

    do {
        n = !p->plain && pick(p, 50) == 0 ? 0
                                          : piece(p, body.len - at, body.len);
        last = at + n == body.len && (p->plain || pick(p, 3) > 0);
        rc = f0_turn_body(p->turn, body.data + at, n, last);
        at += n;
        fail(p, rc);
        settle(p);
    } while (!last && p->wants && !p->over);

    rig_clear(&body);
}


static int
feed_piece(player_t *p, const char *data, size_t n)
{
    int  rc;

    rc = f0_turn_model_data(p->turn, data, n, p->now);
    fail(p, rc);
    p->said |= rc == F0_MODEL_DONE;
    settle(p);

    return !p->said && !p->over;
}


/* All that this call said from entry |i| on if it is cut anew, or just that. */

static size_t
feed_data(player_t *p, size_t i)
{
    size_t                 n, at;
    unsigned               call = p->call;
    rig_buf_t              data = { 0 };
    const replay_entry_t  *e = &p->r->entries[i];

    rig_append(&data, e->p, e->n);

    while (p->joined && i + 1 < p->r->nentries
           && strchr("dnopw", e[1].kind) != NULL && e[1].call == e->call)
    {
        e++;
        i++;
        if (e->kind == 'd') {
            rig_append(&data, e->p, e->n);
        }
    }

    for (at = 0; at < data.len && p->call == call; at += n) {
        n = piece(p, data.len - at, data.len);
        if (!feed_piece(p, data.data + at, n)) {
            break;
        }
        pass_time(p, p->now);
    }

    rig_clear(&data);
    return i;
}


/* The index of the last entry that it took. */

static size_t
play_entry(player_t *p, size_t i)
{
    const replay_entry_t  *e = &p->r->entries[i];

    switch (e->kind) {
    case 'n':
        settle(p);
        return i;

    case 'c':
        drain(p);
        leave(p);
        return i;

    case 's':
        drain(p);
        fail(p, f0_turn_drain(p->turn, p->now));
        settle(p);
        return i;

    case 'B':
        feed_body(p);
        return i;

    default:
        break;
    }

    if (e->call != p->call || p->said) {
        return i;                               /* the core had enough of it earlier */
    }

    switch (e->kind) {
    case 'h':
        fail(p, replay_head(p->turn, e, p->now));
        if (pick(p, 2) == 0) {
            settle(p);
        }
        break;

    case 'd':
        return feed_data(p, i);

    case 'p':
        fail(p, f0_turn_model_hold(p->turn, e->p[0] - '0', p->now));
        break;

    case 'e':
        p->said = 1;
        fail(p, f0_turn_model_end(p->turn, e->p[0] - '0', p->now));
        settle(p);
        break;

    default:
        break;
    }

    return i;
}


void
replay_random(replay_t *r, f0_worker_t *w, unsigned seed, int cancel,
    replay_result_t *result)
{
    size_t    i;
    player_t  p;

    static const size_t  limits[] = { 1, 2, 7, 40, 300, 3000, 1 << 20 };

    memset(&p, 0, sizeof(p));
    p.r = r;
    p.out = result;
    p.random = (seed + 1) * 0x9e3779b97f4a7c15ull;
    p.turn = replay_begin(r, w, result);
    if (p.turn == NULL) {
        return;
    }
    p.now = p.deadline = r->options.now;
    p.limit = limits[pick(&p, sizeof(limits) / sizeof(limits[0]))];
    p.leave = cancel && r->steps > 0 ? 1 + pick(&p, r->steps) : 0;
    p.plain = seed == 0;
    p.lazy = !p.plain && r->calm && pick(&p, 3) == 0;
    p.joined = !p.plain && r->calm && pick(&p, 2) == 0;

    for (i = 0; i < r->nentries && !p.over; i++) {
        if (strchr("zx", r->entries[i].kind) != NULL) {
            break;
        }
        pass_time(&p, r->options.now + r->entries[i].time);
        if (!p.over) {
            i = play_entry(&p, i);
        }
    }

    if (!p.over && !result->cancelled) {
        drain(&p);
    }

    if (!cancel) {
        r->steps = p.steps;
    }

    replay_end(p.turn, result);
    f0_turn_free(p.turn);
}
