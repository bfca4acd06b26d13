/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_memory.c - the recordings of t/replay with too little memory: each is
 * played under budgets from 1 KB on, and with its allocations failing one after
 * the other.  Whatever happens, a client reads a whole answer or a told failure,
 * or the host is told; nothing is left behind, nothing crashes.
 */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "blocks.h"
#include "replay.h"

#define FOLDER   "t/replay"
#define FILES    1000
#define POINTS   "0"                            /* of a recording; 0: all */

static char      *names[FILES];
static replay_t   recordings[FILES];
static unsigned   count;


static int
judge(const char *name, const char *what, unsigned long n,
    const replay_result_t *r)
{
    if (r->failed == F0_ERR_NOMEM && what[0] == 'a') {
        return 0;
    }

    if (r->failed == 0 && r->wrong == NULL && r->late == 0
        && (r->ended || r->cancelled))
    {
        return 0;
    }

    print_error("%s, %s %lu: failed %d, late %u, %s:\n%.300s\n", name, what, n,
                r->failed, r->late,
                r->wrong ? r->wrong : r->ended ? "late" : "no end",
                r->out.data ? r->out.data : "");
    return 1;
}


static void
recordings__under_any_budget__end_in_order(void **state)
{
    size_t            max;
    unsigned          i, bad = 0;
    f0_worker_t      *w = f0_worker_new();
    replay_result_t   result;
    replay_t         *r;

    (void) state;
    assert_true(count > 0);

    for (i = 0; i < count; i++) {
        r = &recordings[i];

        for (max = 1024; max < 1 << 20; max += max / 4) {
            r->options.body_max = max;
            replay_random(r, w, 0, 0, &result);
            bad += r->whole && judge(names[i], "budget", max, &result);
            replay_result_free(&result);
        }
    }

    f0_worker_free(w);
    assert_int_equal(bad, 0);
}


/* One play, with the |nth| allocation failing; |once|: there may be another. */

static int
play(unsigned i, unsigned long nth, int all, int once, unsigned long *asked)
{
    int               bad, theirs;
    long              before = blocks_held();
    f0_worker_t      *w = f0_worker_new();
    replay_result_t   result;

    memset(&result, 0, sizeof(result));
    blocks_fail(nth, all);
    replay_random(&recordings[i], w, 0, 0, &result);
    if (asked != NULL) {
        *asked = blocks_asked();
    }
    theirs = blocks_failed_in("libgit2");
    blocks_fail(0, 0);

    bad = nth > 0 && recordings[i].whole
          && judge(names[i], all ? "all from" : "allocation", nth, &result);

    replay_result_free(&result);
    f0_worker_free(w);

    /*
     * libgit2 loses a block when it fails; what a library keeps for its thread
     * when it fails first is no leak.
     */

    if (nth > 0 && !theirs && blocks_held() > before) {
        if (once) {
            return bad | play(i, nth, all, 0, NULL);
        }
        print_error("%s, %lu%s: %ld blocks are left\n", names[i], nth,
                    all ? " and all behind" : "", blocks_held() - before);
        bad = 1;
    }

    return bad;
}


static unsigned long
points(void)
{
    const char  *n = getenv("FAILURES");

    return strtoul(n != NULL && *n != '\0' ? n : POINTS, NULL, 10);
}


static void
recordings__with_each_allocation_failing__end_in_order(void **state)
{
    int             all;
    unsigned        i, bad = 0;
    unsigned long   n, asked, step, total = 0, most = points();

    (void) state;

    for (i = 0; i < count; i++) {
        (void) play(i, 0, 0, 1, NULL);             /* what is made once is there */
        (void) play(i, 0, 0, 1, &asked);

        /* Other ones each time, of recordings that ask very often. */

        step = most > 0 && asked > most ? asked / most : 1;

        for (n = 1 + i % step; n <= asked; n += step) {
            for (all = 0; all < 2; all++) {
                bad += play(i, n, all, 1, NULL);
                total++;
            }
        }
    }

    print_message("%lu plays, %u bad\n", total, bad);
    assert_int_equal(bad, 0);
}


/* What the host asks beside turns. */

static void
library__with_each_allocation_failing__says_so(void **state)
{
    int             rc;
    long            before;
    f0_str_t        err, argv[2];
    f0_config_t    *cf;
    f0_worker_t    *w;
    unsigned long   n;
    f0_response_t   out;

    (void) state;

    /* what is made once, and what is made once something fails, is there */

    for (n = 0; n < 2; n++) {
        blocks_fail(n, 0);
        f0_config_free(f0_config_new());
    }

    for (n = 1, rc = F0_ERR_NOMEM; n < 200 && rc != F0_OK; n++) {
        before = blocks_held();
        blocks_fail(n, 0);

        cf = f0_config_new();
        w = f0_worker_new();
        rc = cf == NULL || w == NULL ? F0_ERR_NOMEM : F0_OK;

        if (rc == F0_OK) {
            rc = f0_config_provider(cf, rig_str("up"), rig_str("openai"),
                                    rig_str("/a/long/enough/location/"),
                                    rig_str("/a/path/of/its/own"), &err);
        }
        if (rc == F0_OK) {
            rc = f0_config_model(cf, rig_str("a-model-with-a-long-name"), &err);
        }
        argv[0] = rig_str("try");
        argv[1] = rig_str("up");
        if (rc == F0_OK) {
            rc = f0_config_model_set(cf, argv, 2, &err);
        }
        if (rc == F0_OK) {
            rc = f0_config_check(cf, &err);
        }
        if (rc == F0_OK) {
            rc = f0_worker_models(w, cf, rig_str(""), F0_FRONT_CHAT, rig_str(""),
                                  &out);
        }
        if (rc == F0_OK) {
            rc = rig_failure(w, F0_FAIL_PATH, "GET /x", &out);
        }

        blocks_fail(0, 0);
        f0_worker_free(w);
        f0_config_free(cf);

        assert_true(rc == F0_OK || rc == F0_ERR_NOMEM);
        assert_int_equal(blocks_held(), before);
    }

    assert_int_equal(rc, F0_OK);
    assert_true(n > 10);
}


/* ---- what a turn holds while its answer runs */

static const char  answer[] =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\n";

static long
held_in_the_middle(const char *mode, const char *member, size_t n)
{
    long                bytes;
    rig_t               rig;
    f0_str_t            out;
    f0_turn_t          *turn;
    rig_buf_t           body = { 0 };
    f0_header_t         h;
    f0_action_t         a;
    f0_turn_options_t   o;
    char                text[40000];
    const char         *head = "\"messages\":[{\"role\":\"user\",\"content\":\"";

    rig_open(&rig, "openai", mode);
    rig_next_try(&rig, "openai");

    memset(text, 'x', n);
    rig_append(&body, "{\"stream\":true,", 15);
    rig_append(&body, member, strlen(member));
    rig_append(&body, head, strlen(head));
    rig_append(&body, text, n);
    rig_append(&body, "\"}]}", 4);

    bytes = blocks_bytes();
    memset(&o, 0, sizeof(o));
    o.seed = rig_str("0123");
    o.body_max = 1 << 20;
    o.stream_header = rig_str("");
    turn = f0_turn_new(rig.worker, rig.config, &o);
    assert_int_equal(f0_turn_body(turn, body.data, body.len, 1), F0_OK);

    do {
        assert_int_equal(f0_turn_next(turn, 10, &a), F0_OK);
        if (a.kind == F0_RUN_WORK) {
            f0_work_run(a.work);
            assert_int_equal(f0_turn_work_done(turn, 10), F0_OK);
        }
    } while (a.kind == F0_RUN_WORK);

    assert_int_equal(a.kind, F0_CALL_MODEL);
    assert_true(a.call.body.len > n);
    h.name = rig_str("content-type");
    h.value = rig_str("text/event-stream");
    assert_int_equal(f0_turn_model_head(turn, 200, &h, 1, 20), F0_OK);
    assert_int_equal(f0_turn_model_data(turn, answer, strlen(answer), 20), F0_OK);

    do {
        assert_int_equal(f0_turn_output(turn, &out), F0_OK);
    } while (out.len > 0);

    bytes = blocks_bytes() - bytes;

    f0_turn_free(turn);
    rig_clear(&body);
    rig_close(&rig);
    return bytes;
}


/* Once nobody else can be asked, the request is of no use any more. */

static void
request__of_an_answer_that_runs__is_gone(void **state)
{
    int          k;
    long         small, large;
    const char  *modes[] = { "proxy", "raw", "agent" };
    const char  *context =
        "\"fz_mode\":\"chat\",\"fz_context\":{\"openFiles\":[{\"path\":\"a.c\","
        "\"content\":\"int a;\\n\"}]},";

    (void) state;

    for (k = 0; k < 3; k++) {
        small = held_in_the_middle(modes[k], k == 2 ? context : "", 40);
        large = held_in_the_middle(modes[k], k == 2 ? context : "", 40000);
        assert_true(large < small + 1024);
    }
}


static void
add_folder(void)
{
    int              i, n;
    char             path[1024];
    const char      *why;
    struct dirent  **found;

    n = scandir(FOLDER, &found, NULL, alphasort);

    for (i = 0; i < n; i++) {
        if (strstr(found[i]->d_name, ".f0r") != NULL && count < FILES) {
            snprintf(path, sizeof(path), FOLDER "/%s", found[i]->d_name);
            if (replay_read(&recordings[count], path, &why) != 0) {
                fprintf(stderr, "%s: %s\n", path, why);
                exit(2);
            }
            names[count++] = strdup(path);
        }
        free(found[i]);
    }

    if (n >= 0) {
        free(found);
    }
}


int
main(void)
{
    int                      result;
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(request__of_an_answer_that_runs__is_gone),
        cmocka_unit_test(library__with_each_allocation_failing__says_so),
        cmocka_unit_test(recordings__with_each_allocation_failing__end_in_order),
        cmocka_unit_test(recordings__under_any_budget__end_in_order),
    };

    add_folder();
    result = cmocka_run_group_tests_name("memory", tests, NULL, NULL);

    while (count > 0) {
        replay_free(&recordings[--count]);
        free(names[count]);
    }

    return result;
}
