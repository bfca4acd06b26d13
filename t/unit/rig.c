/*
 * Copyright (C) 2026 The f0 authors
 */

#include "rig.h"
#include "blocks.h"
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


void
rig_append(rig_buf_t *b, const char *p, size_t n)
{
    if (b->len + n + 1 > b->cap) {
        b->cap = (b->len + n + 1) * 2;
        blocks_spare(1);
        b->data = realloc(b->data, b->cap);
        blocks_spare(0);
        if (b->data == NULL) {
            abort();
        }
    }

    if (n > 0) {
        memcpy(b->data + b->len, p, n);
    }

    b->len += n;
    b->data[b->len] = '\0';
}


void
rig_clear(rig_buf_t *b)
{
    free(b->data);
    memset(b, 0, sizeof(*b));
}


void
rig_read(rig_buf_t *b, const char *path)
{
    char    chunk[65536];
    size_t  n;
    FILE   *f;

    f = fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "cannot read %s: run the tests from the top folder\n", path);
        exit(2);
    }

    rig_append(b, "", 0);

    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
        rig_append(b, chunk, n);
    }

    fclose(f);
}


f0_str_t
rig_str(const char *s)
{
    f0_str_t  r = { s, strlen(s) };

    return r;
}


int
rig_failure(f0_worker_t *w, f0_fail_t what, const char *detail,
    f0_response_t *out)
{
    f0_failure_t  f = { what, 0, rig_str(detail), F0_FRONT_CHAT, rig_str("") };

    return f0_worker_failure(w, &f, out);
}


void
rig_heal(f0_worker_t *w, rig_health_t *health)
{
    size_t       i;
    void        *slots[RIG_PROVIDERS];
    f0_shared_t  shared = { .self = 1 };

    memset(health, 0, sizeof(*health));

    for (i = 0; i < RIG_PROVIDERS; i++) {
        slots[i] = health->slots[i];
    }

    blocks_spare(1);
    if (f0_worker_health(w, &shared, slots, RIG_PROVIDERS) != F0_OK) {
        abort();
    }
    blocks_spare(0);
}


/* answers are counted: who retries says so */

void
rig_open(rig_t *rig, const char *dialect, const char *mode)
{
    rig_open_retry(rig, dialect, mode, "off");
}


void
rig_open_retry(rig_t *rig, const char *dialect, const char *mode,
    const char *retry)
{
    char      *word, *next, words[64];
    size_t     argc;
    f0_str_t   err, argv[8];

    memset(rig, 0, sizeof(*rig));
    rig->config = f0_config_new();
    rig->worker = f0_worker_new();
    rig->raw = strcmp(mode, "raw") == 0;

    if (f0_config_provider(rig->config, rig_str("up"), rig_str(dialect),
                           rig_str("/up/"), rig_str(""), &err) != F0_OK
        || f0_config_model(rig->config, rig_str("*"), &err) != F0_OK)
    {
        abort();
    }

    argv[0] = rig_str("mode");
    argv[1] = rig_str(mode);
    if (f0_config_model_set(rig->config, argv, 2, &err) != F0_OK) {
        abort();
    }

    snprintf(words, sizeof(words), "%s", retry);
    argv[0] = rig_str("retry");
    argc = 1;

    for (word = strtok_r(words, " ", &next); word != NULL;
         word = strtok_r(NULL, " ", &next))
    {
        argv[argc++] = rig_str(word);
    }

    if (f0_config_model_set(rig->config, argv, argc, &err) != F0_OK) {
        abort();
    }

    argv[0] = rig_str("try");
    argv[1] = rig_str("up");
    if (f0_config_model_set(rig->config, argv, 2, &err) != F0_OK
        || f0_config_check(rig->config, &err) != F0_OK)
    {
        abort();
    }
}


void
rig_next_try(rig_t *rig, const char *dialect)
{
    f0_str_t  err, argv[2];

    if (dialect != NULL
        && f0_config_provider(rig->config, rig_str("two"), rig_str(dialect),
                              rig_str("/two/"), rig_str(""), &err) != F0_OK)
    {
        abort();
    }

    argv[0] = rig_str("try");
    argv[1] = rig_str(dialect == NULL ? "up" : "two");
    if (f0_config_model_set(rig->config, argv, 2, &err) != F0_OK
        || f0_config_check(rig->config, &err) != F0_OK)
    {
        abort();
    }
}


void
rig_close(rig_t *rig)
{
    rig_clear(&rig->out);
    rig_clear(&rig->asked);
    rig_clear(&rig->uri);
    f0_worker_free(rig->worker);
    f0_config_free(rig->config);
}


static void
rig_judge(rig_t *rig, const char *wrong)
{
    if (wrong != NULL && rig->wrong == NULL) {
        rig->wrong = wrong;
    }
}


/* What is known of usage; nothing came from the provider since if |still|. */

static void
rig_look(rig_t *rig, f0_turn_t *turn, int still)
{
    f0_turn_info_t  info;

    f0_turn_info(turn, &info);

    if (still) {
        rig_judge(rig, oracle_usage(&rig->known, &info));
    }

    rig->known = info;
}


static int
rig_next(rig_t *rig, f0_turn_t *turn, int64_t now, f0_action_t *a)
{
    int  rc;

    rig_look(rig, turn, 0);

    rig->asks++;

    if (rig->leave > 0 && rig->asks == rig->leave) {
        f0_turn_cancel(turn);
    }

    if (rig->shut > 0 && rig->asks == rig->shut
        && f0_turn_drain(turn, now) != F0_OK)
    {
        return -1;
    }

    rc = f0_turn_next(turn, now, a);

    if (rc == F0_OK) {
        if (a->kind == F0_CALL_MODEL) {
            rig->before = rig->known;
        }
        rig_judge(rig, oracle_action(a, now));
        rig_look(rig, turn, 1);
    }

    return rc;
}


static int
rig_drain(rig_t *rig, f0_turn_t *turn)
{
    f0_str_t  out;

    do {
        if (f0_turn_output(turn, &out) != F0_OK) {
            return -1;
        }
        rig_append(&rig->out, out.data, out.len);
    } while (out.len > 0);

    return 0;
}


static size_t
rig_piece(const rig_t *rig, size_t at, size_t len, unsigned *seed)
{
    size_t  n;

    if (rig->cut == -1) {
        return 1;
    }

    if (rig->cut > 0 && (size_t) rig->cut > at) {
        n = rig->cut - at;
        return n < len - at ? n : len - at;
    }

    if (rig->cut >= 0) {
        return len - at;
    }

    *seed = *seed * 1103515245 + 12345;
    n = 1 + (*seed >> 16) % 61;
    return n < len - at ? n : len - at;
}


/* Feeds one answer; works that it asks for are run at once. */

static int
rig_answer(rig_t *rig, f0_turn_t *turn, const rig_answer_t *answer,
    int64_t *now)
{
    int           rc;
    size_t        at, n;
    unsigned      seed;
    f0_header_t   h[2];
    f0_action_t   a;

    *now += rig->early;
    if (rig->early > 0
        && (rig_next(rig, turn, *now, &a) != F0_OK || rig_drain(rig, turn) != 0))
    {
        return -1;
    }

    if (answer->status > 0) {
        n = 1;
        h[0].name = rig_str("content-type");
        h[0].value = rig_str(answer->content_type);

        if (rig->retry_after != NULL && answer->status != 200) {
            n = 2;
            h[1].name = rig_str("retry-after");
            h[1].value = rig_str(rig->retry_after);
        }

        if (f0_turn_model_head(turn, answer->status, h, n, *now) != F0_OK) {
            return -1;
        }
    }

    seed = (unsigned) rig->cut;

    for (at = 0; at < answer->len; at += n) {
        n = rig_piece(rig, at, answer->len, &seed);
        rc = f0_turn_model_data(turn, answer->body + at, n, *now);
        if (rc < 0 || rig_drain(rig, turn) != 0) {
            return -1;
        }

        if (rc == F0_MODEL_DONE) {
            break;                              /* the next call is not ours */
        }

        for ( ;; ) {
            if (rig_next(rig, turn, *now, &a) != F0_OK) {
                return -1;
            }
            if (a.kind != F0_RUN_WORK) {
                break;
            }
            rig->works++;
            f0_work_run(a.work);
            if (f0_turn_work_done(turn, *now) != F0_OK
                || rig_drain(rig, turn) != 0)
            {
                return -1;
            }
        }

    }

    rig_look(rig, turn, 0);
    rc = f0_turn_model_end(turn, answer->end, *now);
    rig_look(rig, turn, 1);

    return rc < 0 ? -1 : rig_drain(rig, turn);
}


static void
rig_respond(rig_t *rig, const f0_response_t *r)
{
    size_t  i, n;

    rig->status = r->status;
    rig_append(&rig->out, r->body.data, r->body.len);
    rig->headers[0] = '\0';

    for (i = 0, n = 0; i < r->nheaders; i++) {
        n += snprintf(rig->headers + n, sizeof(rig->headers) - n, "%.*s: %.*s\n",
                      (int) r->headers[i].name.len, r->headers[i].name.data,
                      (int) r->headers[i].value.len, r->headers[i].value.data);
    }
}


static int
rig_run(rig_t *rig, f0_turn_t *turn, const char *body, size_t len)
{
    size_t        k;
    int64_t       now;
    f0_action_t   a;

    now = 1000;

    for ( ;; ) {
        if (rig_next(rig, turn, now, &a) != F0_OK || rig_drain(rig, turn) != 0) {
            return -1;
        }

        switch (a.kind) {

        case F0_NEED_BODY:
            if (f0_turn_body(turn, body, len, 1) != F0_OK) {
                return -1;
            }
            break;

        case F0_AGAIN:
            break;

        case F0_CALL_MODEL:
            rig->asked.len = rig->uri.len = 0;
            rig_append(&rig->asked, a.call.body.data, a.call.body.len);
            rig_append(&rig->uri, a.call.uri.data, a.call.uri.len);
            rig_append(&rig->uri, "?", a.call.args.len > 0);
            rig_append(&rig->uri, a.call.args.data, a.call.args.len);
            if (rig->calls < sizeof(rig->route) - 1) {
                rig->asked_at[rig->calls] = now - 1000;
                rig->route[rig->calls] = a.call.uri.data[1];
                rig->route[rig->calls + 1] = '\0';
            }

            k = rig->calls < rig->nanswers ? rig->calls : rig->nanswers - 1;
            rig->calls++;
            if (rig_answer(rig, turn, &rig->answers[k], &now) != 0) {
                return -1;
            }
            break;

        case F0_RUN_WORK:
            rig->works++;
            f0_work_run(a.work);
            if (f0_turn_work_done(turn, now) != F0_OK) {
                return -1;
            }
            break;

        case F0_WAIT:
            rig->waits++;
            now = a.deadline;
            break;

        case F0_RESPOND:
            rig_respond(rig, &a.response);
            return 0;

        case F0_FINISHED:
            return rig_drain(rig, turn);
        }
    }
}


/* Nothing comes behind the end, and all of it is as it must be. */

static void
rig_finish(rig_t *rig, f0_turn_t *turn)
{
    int       flags;
    f0_str_t  out;

    if (f0_turn_output(turn, &out) != F0_OK || out.len > 0) {
        rig_judge(rig, "output behind the end");
    }

    flags = (rig->raw ? ORACLE_RAW : 0) | (rig->leave > 0 ? ORACLE_CUT : 0);
    rig_judge(rig, oracle_usage(&rig->before, &rig->info));

    if (rig->front != F0_FRONT_CHAT) {
        return;                                 /* its test knows its words */
    }

    rig_judge(rig, oracle_output(rig->out.data, rig->out.len, rig->status, flags));

    if (!rig->raw) {
        rig_judge(rig, oracle_told(rig->out.data, rig->out.len, &rig->info));
    }
}


int
rig_play(rig_t *rig, const char *body, size_t len)
{
    int                 rc;
    f0_turn_t          *turn;
    f0_turn_options_t   o;

    rig->out.len = 0;
    rig_append(&rig->out, "", 0);
    rig->status = 0;
    rig->calls = rig->works = rig->waits = rig->asks = 0;
    rig->route[0] = '\0';
    rig->wrong = NULL;
    memset(&rig->known, 0, sizeof(rig->known));
    rig->known.prompt_tokens = rig->known.completion_tokens = -1;
    rig->known.cached_tokens = -1;
    rig->before = rig->known;

    rig_heal(rig->worker, &rig->health);

    memset(&o, 0, sizeof(o));
    o.seed = rig_str("f0golden");
    o.front = rig->front;
    o.created = 1754000000;
    o.now = 1000;
    o.body_max = rig->body_max > 0 ? rig->body_max : 32 << 20;
    o.stream_header = rig_str(rig->stream_header ? rig->stream_header : "");
    o.client = rig_str(rig->client ? rig->client : "");
    o.args = rig_str(rig->args ? rig->args : "");

    turn = f0_turn_new(rig->worker, rig->config, &o);
    if (turn == NULL) {
        return -1;
    }

    rc = rig_run(rig, turn, body, len);

    f0_turn_info(turn, &rig->info);
    if (rc == 0) {
        rig_finish(rig, turn);
    }
    snprintf(rig->end, sizeof(rig->end), "%.*s", (int) rig->info.end.len,
             rig->info.end.data);
    snprintf(rig->tries, sizeof(rig->tries), "%.*s", (int) rig->info.tries.len,
             rig->info.tries.data);
    f0_turn_free(turn);

    if (rig->wrong != NULL) {
        fprintf(stderr, "%s, request %.*s, cut %d:\n%s\n", rig->wrong,
                (int) (len < 300 ? len : 300), body, rig->cut, rig->out.data);
        return -1;
    }

    return rc;
}
