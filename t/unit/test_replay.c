/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_replay.c - recordings of "f0_record", played again: those of t/replay,
 * or the files that are named.  REPLAYS random ones are played of them all.
 *
 *   test_replay [--accept] [FILE...]
 */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <yajl/yajl_tree.h>

#include "blocks.h"
#include "replay.h"

#define FOLDER    "t/replay"
#define FILES     1000
#define REPLAYS   "600"

static char      *names[FILES];
static replay_t   recordings[FILES];
static unsigned   count;


/* Where two answers part, for people. */

static void
show_difference(const char *name, const rig_buf_t *a, const rig_buf_t *b)
{
    size_t  i, from;

    for (i = 0; i < a->len && i < b->len && a->data[i] == b->data[i]; i++) { }

    from = i < 60 ? 0 : i - 60;
    print_error("%s: at %zu of %zu, %zu:\n  %.200s\n  %.200s\n", name, i, a->len,
                b->len, a->data + (from < a->len ? from : a->len),
                b->data + (from < b->len ? from : b->len));
}


static int
same(const replay_result_t *a, const replay_result_t *b)
{
    return a->status == b->status && a->failed == b->failed && b->late == 0
           && b->wrong == NULL
           && a->out.len == b->out.len
           && memcmp(a->out.data, b->out.data, a->out.len) == 0;
}


static int
is_beginning(const replay_result_t *of, const replay_result_t *part)
{
    if (!part->cancelled) {
        return same(of, part);
    }

    return part->late == 0 && part->failed == 0 && part->wrong == NULL
           && (part->out.len == 0
               || (part->out.len <= of->out.len
                   && memcmp(of->out.data, part->out.data, part->out.len) == 0));
}


static void
recordings__played_again__give_what_they_gave(void **state)
{
    unsigned          i, bad = 0;
    f0_worker_t      *w = f0_worker_new();
    replay_result_t   result;

    (void) state;
    assert_true(count > 0);

    for (i = 0; i < count; i++) {
        replay_exact(&recordings[i], w, &result);
        if (!replay_good(&recordings[i], &result)) {
            print_error("%s: %s; status %d, failed %d, %zu bytes, %u other "
                        "actions, %u late; it was %d, %zu bytes\n", names[i],
                        result.wrong != NULL ? result.wrong : "another answer",
                        result.status, result.failed, result.out.len,
                        result.unlike, result.late, recordings[i].status,
                        recordings[i].length);
            bad++;
        }
        replay_result_free(&result);
    }

    f0_worker_free(w);
    assert_int_equal(bad, 0);
}


static unsigned
replays(void)
{
    const char  *n = getenv("REPLAYS");

    return (unsigned) strtoul(n != NULL && *n != '\0' ? n : REPLAYS, NULL, 10);
}


/* One of three is left in the middle. */

static unsigned
play_at_random(unsigned i, unsigned from, unsigned step, unsigned to)
{
    int               cancel;
    unsigned          seed, bad = 0;
    f0_worker_t      *w = f0_worker_new();
    replay_result_t   plain, result;

    replay_random(&recordings[i], w, 0, 0, &plain);

    for (seed = from; seed <= to; seed += step) {
        cancel = seed / step % 3 == 2;
        replay_random(&recordings[i], w, seed, cancel, &result);
        if (!(cancel ? is_beginning(&plain, &result) : same(&plain, &result))) {
            print_error("%s: seed %u, %s\n", names[i], seed,
                        result.wrong != NULL ? result.wrong
                        : result.late ? "late output" : "another answer");
            show_difference(names[i], &plain.out, &result.out);
            bad++;
        }
        replay_result_free(&result);
    }

    replay_result_free(&plain);
    f0_worker_free(w);
    return bad;
}


static void
recordings__cut_and_left_at_random__give_the_same(void **state)
{
    unsigned  i, n, bad = 0;

    (void) state;
    n = replays();

    for (i = 0; i < count && i < n; i++) {
        bad += play_at_random(i, i + 1, count, n);
    }

    print_message("%u random replays of %u recordings, %u bad\n", n, count, bad);
    assert_int_equal(bad, 0);
}


static void
replays__again__leave_no_memory_behind(void **state)
{
    long      before;
    unsigned  i, round;

    (void) state;

    for (round = 0, before = 0; round < 3; round++) {
        for (i = 0; i < count; i++) {
            assert_int_equal(play_at_random(i, i + 1, count, 3 * count), 0);
        }
        if (round == 0) {
            before = blocks_held();
        }
    }

    assert_int_equal(blocks_held(), before);
}


/* ---- patches: what a client that applies them would have */

static const char *
member(yajl_val v, const char *name)
{
    const char  *path[2] = { name, NULL };

    v = yajl_tree_get(v, path, yajl_t_string);
    return v != NULL ? YAJL_GET_STRING(v) : NULL;
}


static yajl_val
array(yajl_val v, const char *a, const char *b)
{
    const char  *path[3] = { a, b, NULL };

    return yajl_tree_get(v, path, yajl_t_array);
}


static void
write_file(const char *folder, const char *name, const char *text)
{
    char   path[1024], *slash;
    FILE  *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);

    for (slash = strchr(path + strlen(folder) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/'))
    {
        *slash = '\0';
        (void) mkdir(path, 0700);
        *slash = '/';
    }

    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
}


static int
holds(const char *folder, const char *name, const char *text)
{
    int        good;
    char       path[1024];
    rig_buf_t  b = { 0 };

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (access(path, R_OK) != 0) {
        return 0;
    }

    rig_read(&b, path);
    good = strcmp(b.data, text) == 0;
    rig_clear(&b);
    return good;
}


/* 1 if it is a patch and does not apply, or gives something else. */

static int
apply(const char *folder, yajl_val patch, unsigned *patches)
{
    char         command[1024];
    const char  *type = member(patch, "type"), *diff = member(patch, "diff");
    const char  *path = member(patch, "to"), *text = member(patch, "new_content");

    if (type == NULL || strcmp(type, "patch") != 0) {
        return 0;
    }

    ++*patches;
    write_file(folder, ".diff", diff);
    snprintf(command, sizeof(command), "cd %s && GIT_DIR=none git apply "
             "--whitespace=nowarn .diff", folder);

    if (system(command) != 0) {
        print_error("does not apply:\n%s\n", diff);
        return 1;
    }

    path = path != NULL ? path : member(patch, "path");
    return text != NULL && !holds(folder, path, text);
}


static void
write_request(const replay_t *r, const char *folder)
{
    size_t     i;
    yajl_val   request, files;
    rig_buf_t  body = { 0 };

    rig_append(&body, "", 0);

    for (i = 0; i < r->nentries; i++) {
        if (r->entries[i].kind == 'b' || r->entries[i].kind == 'B') {
            rig_append(&body, r->entries[i].p, r->entries[i].n);
        }
    }

    request = yajl_tree_parse(body.data, NULL, 0);
    files = array(request, "files", NULL);

    for (i = 0; files != NULL && i < files->u.array.len; i++) {
        write_file(folder, member(files->u.array.values[i], "path"),
                   member(files->u.array.values[i], "content"));
    }

    yajl_tree_free(request);
    rig_clear(&body);
}


/* All "f0" objects of a stream, or of a whole answer. */

static unsigned
apply_all(const char *folder, rig_buf_t *out, unsigned *patches)
{
    char         *line, *end, *text = out->data;
    size_t        i;
    unsigned      bad = 0;
    yajl_val      v, list;
    const char   *path[2] = { "f0", NULL };

    for (line = text; line != NULL; line = end == NULL ? NULL : end + 1) {
        end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }

        if (strncmp(line, "data: {", 7) == 0) {
            line += 6;
        }

        v = line[0] == '{' ? yajl_tree_parse(line, NULL, 0) : NULL;
        bad += apply(folder, yajl_tree_get(v, path, yajl_t_object), patches);

        list = array(v, "f0", "patches");
        for (i = 0; list != NULL && i < list->u.array.len; i++) {
            bad += apply(folder, list->u.array.values[i], patches);
        }

        yajl_tree_free(v);
    }

    return bad;
}


static void
recordings__with_patches__hold_none_that_does_not_apply(void **state)
{
    char              folder[64], command[128];
    unsigned          i, bad = 0, patches = 0;
    f0_worker_t      *w = f0_worker_new();
    replay_result_t   result;

    (void) state;

    for (i = 0; i < count; i++) {
        strcpy(folder, "/tmp/f0-replay-XXXXXX");
        assert_non_null(mkdtemp(folder));
        write_request(&recordings[i], folder);

        replay_exact(&recordings[i], w, &result);
        if (apply_all(folder, &result.out, &patches) > 0) {
            print_error("%s: a patch is wrong\n", names[i]);
            bad++;
        }
        replay_result_free(&result);

        snprintf(command, sizeof(command), "rm -rf %s", folder);
        assert_int_equal(system(command), 0);
    }

    f0_worker_free(w);
    print_message("%u patches\n", patches);
    assert_int_equal(bad, 0);
}


/* ---- files that are none */

static void
recording__cut_or_changed_anywhere__is_refused_or_played(void **state)
{
    char              path[] = "/tmp/f0-replay-XXXXXX";
    int               fd;
    size_t            n, step;
    replay_t          r;
    const char       *why;
    f0_worker_t      *w = f0_worker_new();
    replay_result_t   result;

    (void) state;
    fd = mkstemp(path);
    assert_true(fd >= 0);

    step = recordings[0].bytes.len / 200 + 1;

    for (n = 0; n < recordings[0].bytes.len; n += step) {
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(pwrite(fd, recordings[0].bytes.data, n, 0), n);
        if (n % 2) {
            assert_int_equal(pwrite(fd, "\xff", 1, n / 2), 1);
        }
        if (replay_read(&r, path, &why) == 0) {
            replay_exact(&r, w, &result);
            replay_result_free(&result);
            replay_free(&r);
        }
    }

    close(fd);
    unlink(path);
    f0_worker_free(w);
}


/* ---- which recordings */

static void
add_recording(const char *path)
{
    const char  *why;

    if (count == FILES) {
        return;
    }

    if (replay_read(&recordings[count], path, &why) != 0) {
        fprintf(stderr, "%s: %s\n", path, why);
        exit(2);
    }

    names[count++] = strdup(path);
}


static void
add_folder(const char *folder)
{
    int              i, n;
    char             path[1024];
    struct dirent  **found;

    n = scandir(folder, &found, NULL, alphasort);

    for (i = 0; i < n; i++) {
        if (strstr(found[i]->d_name, ".f0r") != NULL) {
            snprintf(path, sizeof(path), "%s/%s", folder, found[i]->d_name);
            add_recording(path);
        }
        free(found[i]);
    }

    if (n >= 0) {
        free(found);
    }
}


static int
accept_all(void)
{
    int           bad = 0;
    unsigned      i;
    f0_worker_t  *w = f0_worker_new();

    for (i = 0; i < count; i++) {
        if (replay_accept(&recordings[i], names[i], w) != 0) {
            fprintf(stderr, "%s: it does not fit any more\n", names[i]);
            bad = 1;
        }
    }

    f0_worker_free(w);
    return bad;
}


int
main(int argc, char **argv)
{
    int                      i, accept, result;
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(recordings__played_again__give_what_they_gave),
        cmocka_unit_test(recordings__cut_and_left_at_random__give_the_same),
        cmocka_unit_test(recordings__with_patches__hold_none_that_does_not_apply),
        cmocka_unit_test(replays__again__leave_no_memory_behind),
        cmocka_unit_test(recording__cut_or_changed_anywhere__is_refused_or_played),
    };

    accept = argc > 1 && strcmp(argv[1], "--accept") == 0;

    for (i = 1 + accept; i < argc; i++) {
        add_recording(argv[i]);
    }

    if (argc == 1 + accept) {
        add_folder(FOLDER);
    }

    result = accept ? accept_all() : cmocka_run_group_tests(tests, NULL, NULL);

    while (count > 0) {
        replay_free(&recordings[--count]);
        free(names[count]);
    }

    return result;
}
