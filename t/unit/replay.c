/*
 * Copyright (C) 2026 The f0 authors
 */

#include "replay.h"
#include "blocks.h"
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#define MAGIC      "f0 recording 1\n"
#define OPTIONS    10
#define STRINGS    512
#define SILENCE    10000                        /* makes a comment due */
#define CALL       ('0' + F0_CALL_MODEL)


/* ---- the file */

static int
read_number(const char **p, const char *end, uint64_t *n)
{
    unsigned  shift;

    *n = 0;

    for (shift = 0; *p < end && shift < 64; shift += 7) {
        *n |= (uint64_t) (**p & 0x7f) << shift;
        if ((*(*p)++ & 0x80) == 0) {
            return 0;
        }
    }

    return -1;
}


static int
read_entry(const char **p, const char *end, replay_entry_t *e)
{
    uint64_t  time, n;

    e->kind = *(*p)++;

    if (read_number(p, end, &time) != 0 || read_number(p, end, &n) != 0
        || n > (uint64_t) (end - *p))
    {
        return -1;
    }

    e->time = (int64_t) time;
    e->p = *p;
    e->n = (size_t) n;
    *p += n;
    return 0;
}


/* The number of strings; -1 if there are too many, or it is no list. */

static int
read_list(const replay_entry_t *e, f0_str_t *s, int max)
{
    int          k;
    uint64_t     n;
    const char  *p = e->p, *end = e->p + e->n;

    for (k = 0; p < end; k++) {
        if (k == max || read_number(&p, end, &n) != 0
            || n > (uint64_t) (end - p))
        {
            return -1;
        }
        s[k].data = p;
        s[k].len = (size_t) n;
        p += n;
    }

    return k;
}


static int64_t
decimal(f0_str_t s)
{
    char  text[32];

    snprintf(text, sizeof(text), "%.*s", (int) s.len, s.data);
    return strtoll(text, NULL, 10);
}


static int
read_options(replay_t *r, const replay_entry_t *e)
{
    int       n;
    f0_str_t  s[STRINGS];

    n = read_list(e, s, STRINGS);
    if (n < OPTIONS) {
        return -1;
    }

    r->options.seed = s[0];
    r->options.created = decimal(s[1]);
    r->options.now = decimal(s[2]);
    r->options.body_max = (size_t) decimal(s[3]);
    r->options.chunk_size = (size_t) decimal(s[4]);
    r->options.first_byte_ms = decimal(s[5]);
    r->options.idle_ms = decimal(s[6]);
    r->options.total_ms = decimal(s[7]);
    r->options.keepalive_ms = decimal(s[8]);
    r->options.stream_header = s[9];

    /* what newer recordings tell besides */

    if (n > OPTIONS) {
        r->options.front = (f0_front_t) decimal(s[OPTIONS]);
    }

    if (n > OPTIONS + 1) {
        r->options.strict = (int) decimal(s[OPTIONS + 1]);
    }

    if (n > OPTIONS + 4) {
        r->options.args = s[OPTIONS + 2];
        r->options.anthropic_version = s[OPTIONS + 3];
        r->options.anthropic_beta = s[OPTIONS + 4];
    }

    if (n > OPTIONS + 5) {
        r->options.progress_ms = decimal(s[OPTIONS + 5]);
    }

    return 0;
}


static int
read_result(replay_t *r, const replay_entry_t *e)
{
    f0_str_t  s[3];

    if (read_list(e, s, 3) != 3 || s[2].len != 64) {
        return -1;
    }

    r->whole = 1;
    r->status = s[0].len == 1 && s[0].data[0] == '-' ? -1 : (int) decimal(s[0]);
    r->length = (size_t) decimal(s[1]);
    memcpy(r->digest, s[2].data, 64);
    return 0;
}


/* Whether it was made before a turn asked more than one round of its lines. */

static int
is_older(const replay_t *r)
{
    int              n;
    f0_str_t         s[STRINGS];
    const char      *p = r->bytes.data + strlen(MAGIC);
    const char      *end = r->bytes.data + r->bytes.len;
    replay_entry_t   e;

    while (p < end && read_entry(&p, end, &e) == 0) {
        if (e.kind == 'T') {
            n = read_list(&e, s, STRINGS);
            return n <= OPTIONS + 5;
        }
    }

    return 0;
}


static int
configure(replay_t *r, const replay_entry_t *e)
{
    int       n;
    f0_str_t  s[STRINGS], err, off[2] = { rig_str("retry"), rig_str("off") };

    n = read_list(e, s, STRINGS);

    switch (e->kind) {
    case 'P':
        return n != 4 || f0_config_provider(r->config, s[0], s[1], s[2], s[3],
                                            &err) != F0_OK;
    case 'M':
        return n != 1 || f0_config_model(r->config, s[0], &err) != F0_OK
               || (is_older(r) && f0_config_model_set(r->config, off, 2, &err)
                                  != F0_OK);
    default:
        return n < 1 || f0_config_model_set(r->config, s, n, &err) != F0_OK;
    }
}


static const char *
read_all(replay_t *r)
{
    unsigned         call = 0;
    f0_str_t         err;
    const char      *p = r->bytes.data, *end = p + r->bytes.len;
    replay_entry_t   e;

    if (r->bytes.len < strlen(MAGIC) || memcmp(p, MAGIC, strlen(MAGIC)) != 0) {
        return "no recording";
    }

    r->config = f0_config_new();
    r->calm = 1;

    for (p += strlen(MAGIC); p < end; ) {
        if (read_entry(&p, end, &e) != 0) {
            return "an entry is cut";
        }
        if (e.kind == 'P' || e.kind == 'M' || e.kind == 'L') {
            if (configure(r, &e) != 0) {
                return "its configuration is refused";
            }
            continue;
        }
        if (e.kind == 'T') {
            if (read_options(r, &e) != 0
                || f0_config_check(r->config, &err) != F0_OK)
            {
                return "its options are none";
            }
            continue;
        }
        if (r->options.seed.data == NULL || e.kind == '\0'
            || strchr("bBnhdepwcsozx", e.kind) == NULL
            || (strchr("nep", e.kind) != NULL && e.n != 1))
        {
            return "an entry is none";
        }
        if (e.kind == 'z' && read_result(r, &e) != 0) {
            return "its end is none";
        }

        call += e.kind == 'n' && e.p[0] == CALL;
        e.call = call;
        r->calm &= e.time < SILENCE && (r->options.keepalive_ms == 0
                                        || e.time < r->options.keepalive_ms);

        if ((r->nentries & (r->nentries + 1)) == 0) {
            r->entries = realloc(r->entries, (2 * r->nentries + 2) * sizeof(e));
            if (r->entries == NULL) {
                abort();
            }
        }
        r->entries[r->nentries++] = e;
    }

    return r->options.seed.data == NULL ? "it has no options" : NULL;
}


int
replay_read(replay_t *r, const char *path, const char **why)
{
    memset(r, 0, sizeof(*r));
    rig_read(&r->bytes, path);

    *why = read_all(r);
    if (*why != NULL) {
        replay_free(r);
        return -1;
    }

    return 0;
}


void
replay_free(replay_t *r)
{
    f0_config_free(r->config);
    free(r->entries);
    rig_clear(&r->bytes);
    memset(r, 0, sizeof(*r));
}


/* ---- what came out */

static void
digest_of(const rig_buf_t *b, char hex[65])
{
    int            i;
    unsigned char  md[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *) b->data, b->len, md);

    for (i = 0; i < SHA256_DIGEST_LENGTH; i++) {
        snprintf(hex + 2 * i, 3, "%02x", md[i]);
    }
}


int
replay_good(const replay_t *r, const replay_result_t *result)
{
    char  hex[65];

    if (r->status == -1) {
        return result->failed < 0;
    }

    digest_of(&result->out, hex);

    return result->failed == 0 && result->unlike == 0 && result->late == 0
           && result->wrong == NULL
           && (!r->whole
               || (result->status == r->status && result->out.len == r->length
                   && strcmp(hex, r->digest) == 0));
}


void
replay_result_free(replay_result_t *result)
{
    rig_clear(&result->out);
}


void
replay_respond(replay_result_t *result, const f0_response_t *response)
{
    result->status = response->status;
    result->out.len = 0;
    rig_append(&result->out, response->body.data, response->body.len);
}


f0_turn_t *
replay_begin(replay_t *r, f0_worker_t *w, replay_result_t *result)
{
    f0_turn_t            *turn;
    static rig_health_t   health;

    memset(result, 0, sizeof(*result));
    rig_append(&result->out, "", 0);
    rig_heal(w, &health);

    turn = f0_turn_new(w, r->config, &r->options);
    if (turn == NULL) {
        result->failed = F0_ERR_NOMEM;
    }

    return turn;
}


static void
judge(replay_result_t *result, const char *wrong)
{
    if (wrong != NULL && result->wrong == NULL) {
        result->wrong = wrong;
    }
}


static void
look(f0_turn_t *turn, replay_result_t *result, const f0_turn_info_t *before)
{
    f0_turn_info_t  now;

    f0_turn_info(turn, &now);
    judge(result, oracle_usage(before, &now));
}


int
replay_next(f0_turn_t *turn, int64_t now, f0_action_t *a,
    replay_result_t *result)
{
    int             rc;
    f0_turn_info_t  before;

    f0_turn_info(turn, &before);
    rc = f0_turn_next(turn, now, a);

    if (rc == F0_OK) {
        judge(result, oracle_action(a, now));
        look(turn, result, &before);
        if (a->kind == F0_RESPOND) {
            replay_respond(result, &a->response);
        }
        result->ended |= a->kind == F0_RESPOND || a->kind == F0_FINISHED;
    }

    return rc;
}


void
replay_cancel(f0_turn_t *turn, replay_result_t *result)
{
    f0_turn_info_t  before;

    f0_turn_info(turn, &before);
    f0_turn_cancel(turn);
    look(turn, result, &before);
    result->cancelled = 1;
}


void
replay_end(f0_turn_t *turn, replay_result_t *result)
{
    int  flags;

    if (result->failed != 0) {
        return;
    }

    f0_turn_info(turn, &result->info);

    flags = result->cancelled || !result->ended ? ORACLE_CUT : 0;
    flags |= result->info.mode.len == 3
             && memcmp(result->info.mode.data, "raw", 3) == 0 ? ORACLE_RAW : 0;

    blocks_spare(1);
    judge(result, oracle_output(result->out.data, result->out.len,
                                result->status, flags));
    blocks_spare(0);
    if (result->ended && flags == 0) {
        judge(result, oracle_told(result->out.data, result->out.len,
                                  &result->info));
    }
}


int
replay_head(f0_turn_t *turn, const replay_entry_t *e, int64_t now)
{
    int          i, n;
    f0_str_t     s[STRINGS];
    f0_header_t  h[STRINGS / 2];

    n = read_list(e, s, STRINGS);
    if (n < 1 || n % 2 == 0) {
        return F0_ERR_STATE;
    }

    for (i = 1; i < n; i += 2) {
        h[i / 2].name = s[i];
        h[i / 2].value = s[i + 1];
    }

    return f0_turn_model_head(turn, (int) decimal(s[0]), h, n / 2, now);
}


/* ---- as it was */

/*
 * One call may give what were two then, as the worker had other turns too: it
 * is asked until so much came in all.
 */

static int
take_output(f0_turn_t *turn, replay_result_t *result, size_t until)
{
    int       rc;
    f0_str_t  out;

    while (result->out.len < until) {
        rc = f0_turn_output(turn, &out);
        if (rc != F0_OK) {
            return rc;
        }
        if (out.len == 0) {
            break;
        }
        rig_append(&result->out, out.data, out.len);
    }

    return F0_OK;
}


static int
play_entry(f0_turn_t *turn, const replay_entry_t *e, int64_t now,
    f0_action_t *a, replay_result_t *result, size_t *taken)
{
    int       rc;
    f0_str_t  s = { e->p, e->n };

    switch (e->kind) {
    case 'b':
    case 'B':
        return f0_turn_body(turn, e->p, e->n, e->kind == 'B');

    case 'n':
        rc = replay_next(turn, now, a, result);
        result->unlike += rc == F0_OK && e->p[0] != '0' + (char) a->kind;
        return rc;

    case 'h':
        return replay_head(turn, e, now);

    case 'd':
        return f0_turn_model_data(turn, e->p, e->n, now);

    case 'e':
        return f0_turn_model_end(turn, e->p[0] - '0', now);

    case 'p':
        return f0_turn_model_hold(turn, e->p[0] - '0', now);

    case 'w':
        if (a->kind != F0_RUN_WORK) {
            return F0_ERR_STATE;
        }
        f0_work_run(a->work);
        return f0_turn_work_done(turn, now);

    case 'c':
        replay_cancel(turn, result);
        return F0_OK;

    case 's':
        return f0_turn_drain(turn, now);

    case 'o':
        *taken += (size_t) decimal(s);
        return take_output(turn, result, *taken);

    default:
        return F0_OK;
    }
}


static void
play_exact(replay_t *r, f0_worker_t *w, int accept, replay_result_t *result)
{
    int          rc;
    size_t       i, taken = 0;
    f0_str_t     out;
    f0_turn_t   *turn;
    f0_action_t  a;

    turn = replay_begin(r, w, result);
    a.kind = F0_WAIT;
    if (turn == NULL) {
        return;
    }

    for (i = 0; i < r->nentries && result->failed == 0; i++) {
        rc = play_entry(turn, &r->entries[i],
                        r->options.now + r->entries[i].time, &a, result,
                        &taken);
        result->failed = rc < 0 ? rc : 0;

        if (accept && r->entries[i].kind == 'n') {
            *(char *) r->entries[i].p = '0' + (char) a.kind;
        }
    }

    if (accept) {
        (void) take_output(turn, result, SIZE_MAX);
    }

    /* What the client did not get any more is not its answer. */

    if (result->failed == 0 && r->whole && result->status == 0) {
        result->late = f0_turn_output(turn, &out) != F0_OK || out.len > 0;
    }

    replay_end(turn, result);
    f0_turn_free(turn);
}


void
replay_exact(replay_t *r, f0_worker_t *w, replay_result_t *result)
{
    play_exact(r, w, 0, result);
}


/* ---- another end */

/* What the core was told stays; what came of it is written anew. */

int
replay_accept(replay_t *r, const char *path, f0_worker_t *w)
{
    int                    n, rc;
    char                   end[128], digest[65];
    FILE                  *f;
    size_t                 keep;
    replay_result_t        result;
    const replay_entry_t  *last;

    if (!r->whole || r->status < 0 || r->nentries < 2) {
        return -1;
    }

    play_exact(r, w, 1, &result);

    digest_of(&result.out, digest);
    n = snprintf(end + 1, sizeof(end) - 1, "%c%d%c%zu%c%s",
                 0, result.status, 0, result.out.len, 64, digest);
    end[0] = (char) n;
    end[1] = (char) snprintf(NULL, 0, "%d", result.status);
    end[2 + end[1]] = (char) snprintf(NULL, 0, "%zu", result.out.len);

    rc = result.failed;
    replay_result_free(&result);

    /* Its kind and time stay too: the length in front of it is one byte. */

    last = &r->entries[r->nentries - 1];
    keep = last->p - r->bytes.data - 1;

    f = rc == 0 ? fopen(path, "wb") : NULL;
    if (f == NULL) {
        return -1;
    }

    rc = fwrite(r->bytes.data, 1, keep, f) == keep
         && fwrite(end, 1, n + 1, f) == (size_t) n + 1;

    return fclose(f) == 0 && rc ? 0 : -1;
}
