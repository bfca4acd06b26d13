/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_linear.c - no input costs more than linear time, and no call that runs
 * on the event loop takes long, whatever the input is.
 *
 * Costs are counted in steps, not measured: the core is built so that each of
 * its basic blocks counts one, and what libc compares, moves or searches counts
 * by its length.  A shape is a request and an answer of which a part is
 * repeated n times; "#" in it becomes the number of the repetition.
 */

#define _GNU_SOURCE

#include "checks.h"
#include "rig.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#define READ       16384                        /* what a host reads at once */
#define FEW        200000                       /* steps that any turn may take */
#define LONGEST    2500000                      /* of a call: about 2 ms */


/* ---- counting */

static size_t  steps;

void __sanitizer_cov_trace_pc(void);

void
__sanitizer_cov_trace_pc(void)
{
    steps++;
}


#define OWN __attribute__((optimize("no-tree-loop-distribute-patterns")))

OWN void *
memmove(void *to, const void *from, size_t n)
{
    char        *d = to;
    const char  *s = from;

    steps += n / 32;

    if (d < s) {
        while (n-- > 0) {
            *d++ = *s++;
        }

    } else {
        while (n-- > 0) {
            d[n] = s[n];
        }
    }

    return to;
}


OWN void *
memcpy(void *to, const void *from, size_t n)
{
    return memmove(to, from, n);
}


OWN int
memcmp(const void *a, const void *b, size_t n)
{
    size_t                i;
    const unsigned char  *p = a, *q = b;

    for (i = 0; i < n && p[i] == q[i]; i++) { /* void */ }

    steps += i / 32;

    return i == n ? 0 : p[i] - q[i];
}


OWN void *
memchr(const void *p, int c, size_t n)
{
    size_t                i;
    const unsigned char  *s = p;

    for (i = 0; i < n && s[i] != (unsigned char) c; i++) { /* void */ }

    steps += i / 32;

    return i == n ? NULL : (void *) (s + i);
}


void *
memmem(const void *s, size_t n, const void *what, size_t m)
{
    void           *at;
    static void *(*real)(const void *, size_t, const void *, size_t);

    if (real == NULL) {
        *(void **) &real = dlsym(RTLD_NEXT, "memmem");
    }

    at = real(s, n, what, m);
    steps += (at == NULL ? n : (size_t) ((char *) at - (char *) s)) / 4 + m / 4;

    return at;
}


/* ---- shapes */

typedef struct {
    const char  *head, *unit, *middle, *half, *tail;    /* |half|: n / 2 times */
} text_t;

typedef struct {
    const char  *name, *mode, *dialect;
    size_t       n;
    text_t       request;
    const char  *type;                          /* of the answer */
    text_t       answer;
} shape_t;


#define ASK        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"go\"}]"
#define EDIT       "{\"model\":\"m\",\"stream\":true,\"projectId\":\"p\",\"ideType\":\"desktop\"," \
                   "\"messages\":[{\"role\":\"user\",\"content\":\"Fix a.c\"}],"
#define FILE_A     EDIT "\"files\":[{\"path\":\"a.c\",\"content\":\""
#define SSE        "text/event-stream"
#define JSON       "application/json"
#define DELTA(d)   "data: {\"choices\":[{\"index\":0,\"delta\":" d "}]}\n\n"
#define SAYS       "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
#define SAID       "\"}}]}\n\n" STOP
#define STOP       "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n" \
                   "data: [DONE]\n\n"
#define OK         { DELTA("{\"content\":\"ok\"}") STOP, "", "", "", "" }
#define SIMPLE     { ASK "}", "", "", "", "" }
#define BODY       "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
#define BODY_END   "\"},\"finish_reason\":\"stop\"}]"


static const shape_t  shapes[] = {

    /* JSON itself */

    { "numbers", "chat", "openai", 400000,
      { ASK ",\"x\":[", "0,", "0]}", "", "" }, SSE, OK },
    { "empty objects", "chat", "openai", 300000,
      { ASK ",\"x\":[", "{},", "{}]}", "", "" }, SSE, OK },
    { "nested arrays", "chat", "openai", 8000,
      { ASK ",\"x\":[", "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]],", "0]}", "", "" }, SSE, OK },
    { "members", "chat", "openai", 60000,
      { ASK ",\"x\":{", "\"k#\":1,", "\"z\":2}}", "", "" }, SSE, OK },
    { "equal members", "chat", "openai", 60000,
      { ASK ",\"x\":{", "\"k\":1,", "\"z\":2}}", "", "" }, SSE, OK },
    { "members of a message", "chat", "openai", 60000,
      { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"go\",", "\"k#\":1,",
        "\"z\":2}]}", "", "" }, SSE, OK },
    { "a text", "chat", "openai", 2000000,
      { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"", "a", "\"}]}", "", "" },
      SSE, OK },
    { "escapes", "chat", "openai", 200000,
      { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"", "\\n\\u00e9\\\"",
        "\"}]}", "", "" }, SSE, OK },
    { "escapes of what nobody reads", "chat", "openai", 200000,
      { ASK ",\"x\":\"", "\\n\\u00e9\\\"", "\"}", "", "" }, SSE, OK },
    { "blanks", "chat", "openai", 1000000,
      { ASK ",", " \n", "\"x\":1}", "", "" }, SSE, OK },

    /* lists of a request */

    { "messages", "chat", "openai", 2000,
      { "{\"model\":\"m\",\"messages\":[", "{\"role\":\"user\",\"content\":\"a little text, such as people write\"},",
        "{\"role\":\"user\",\"content\":\"b\"}]}", "", "" }, SSE, OK },
    { "messages for anthropic", "chat", "anthropic", 2000,
      { "{\"model\":\"m\",\"messages\":[", "{\"role\":\"user\",\"content\":\"a little text, such as people write\"},",
        "{\"role\":\"user\",\"content\":\"b\"}]}", "", "" }, SSE, OK },
    { "parts", "chat", "openai", 4000,
      { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[",
        "{\"type\":\"text\",\"text\":\"a\"},", "{\"type\":\"text\",\"text\":\"b\"}]}]}", "", "" },
      SSE, OK },
    { "parts for gemini", "chat", "gemini", 4000,
      { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[",
        "{\"type\":\"text\",\"text\":\"a\"},", "{\"type\":\"text\",\"text\":\"b\"}]}]}", "", "" },
      SSE, OK },
    { "metadata", "chat", "openai", 50000,
      { ASK ",\"metadata\":{", "\"k#\":\"v\",", "\"z\":\"v\"}}", "", "" }, SSE, OK },
    { "stops", "chat", "openai", 20000,
      { ASK ",\"stop\":[", "\"s#\",", "\"z\"]}", "", "" }, SSE, OK },
    { "a schema", "chat", "gemini", 5000,
      { ASK ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":"
        "{\"type\":\"object\",\"properties\":{", "\"p#\":{\"type\":\"string\"},",
        "\"z\":{\"type\":\"string\"}}}}}]}", "", "" }, SSE, OK },

    /* F0's fields */

    { "files", "agent", "openai", 500,
      { EDIT "\"files\":[", "{\"path\":\"a#\",\"content\":\"\"},",
        "{\"path\":\"z\",\"content\":\"\"}]}", "", "" }, SSE, OK },
    { "too many files", "agent", "openai", 20000,
      { EDIT "\"fz_context\":{\"openFiles\":[", "{\"path\":\"a#\",\"content\":\"\"},",
        "{\"path\":\"z\",\"content\":\"\"}]}}", "", "" }, SSE, OK },
    { "a long path", "agent", "openai", 300000,
      { EDIT "\"files\":[{\"path\":\"", "d/", "a.c\",\"content\":\"x\"}]}", "", "" }, SSE, OK },
    { "empty lines", "agent", "openai", 200000,
      { FILE_A, "\\n", "\"}]}", "", "" }, SSE, OK },
    { "a line", "agent", "openai", 500000, { FILE_A, "a", "\"}]}", "", "" }, SSE, OK },
    { "a selection that is not there", "agent", "openai", 60000,
      { EDIT "\"fz_context\":{\"currentFile\":{\"path\":\"a.c\",\"content\":\"", "a",
        "\",\"selection\":{\"start\":5,\"end\":9,\"text\":\"", "a", "b\"}}}}" }, SSE, OK },
    { "a long word", "agent", "openai", 400000,
      { "{\"model\":\"m\",\"stream\":true,\"projectId\":\"p\",\"files\":[{\"path\":\"a.c\","
        "\"content\":\"", "a", "\"}],\"messages\":[{\"role\":\"user\",\"content\":\"", "a",
        "b in a.c\"}]}" }, SSE, OK },
    { "fences", "agent", "openai", 8000,
      { "{\"model\":\"m\",\"projectId\":\"p\",\"messages\":[{\"role\":\"user\",\"content\":\"",
        "```c d/f#.c\\nx\\n```\\n", "\"}]}", "", "" }, SSE, OK },
    { "backticks", "agent", "openai", 200000,
      { EDIT "\"files\":[{\"path\":\"b.c\",\"content\":\"x\"},{\"path\":\"a.c\",\"content\":\"",
        "`", "\"}]}", "", "" }, SSE, OK },

    /* answers */

    { "events", "chat", "openai", 10000, SIMPLE, SSE,
      { "", DELTA("{\"content\":\"a\"}"), STOP, "", "" } },
    { "comments", "chat", "openai", 100000, SIMPLE, SSE, { "", ": x\n\n", STOP, "", "" } },
    { "data lines", "chat", "openai", 50000, SIMPLE, SSE,
      { "data: {\n", "data: \n", "data: \"choices\":[]}\n\n" STOP, "", "" } },
    { "an event", "chat", "openai", 2000000, SIMPLE, SSE, { SAYS, "a", SAID, "", "" } },
    { "an event's escapes", "chat", "openai", 300000, SIMPLE, SSE,
      { SAYS, "\\n\\u00e9", SAID, "", "" } },
    { "an event's numbers", "chat", "openai", 500000, SIMPLE, SSE,
      { "data: {\"x\":[", "0,", "0]}\n\n" STOP, "", "" } },
    { "calls", "chat", "openai", 400, SIMPLE, SSE,
      { "", DELTA("{\"tool_calls\":[{\"index\":#,\"id\":\"c#\",\"function\":{\"name\":\"f\","
                  "\"arguments\":\"{}\"}}]}"),
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n",
        "", "" } },
    { "blanks of no type", "chat", "openai", 1000000, SIMPLE, "text/plain",
      { "", "  \n", "", "", "" } },
    { "a body", "chat", "openai", 1000000, SIMPLE, JSON, { BODY, "a\\n", BODY_END "}", "", "" } },
    { "a body's numbers", "chat", "openai", 500000, SIMPLE, JSON,
      { BODY "a" BODY_END ",\"x\":[", "0,", "0]}", "", "" } },
    { "a body's members", "chat", "openai", 100000, SIMPLE, JSON,
      { BODY "a" BODY_END ",", "\"k#\":0,", "\"z\":1}", "", "" } },
    { "an error", "chat", "openai", 60000, SIMPLE, SSE,
      { "data: {\"error\":{\"message\":\"", "\xE7\xA0\x81", "\"}}\n\n", "", "" } },

    /* edits */

    { "prose", "agent", "openai", 100000, { FILE_A "x\\n\"}]}", "", "", "", "" }, SSE,
      { SAYS, "word and\\n", SAID, "", "" } },
    { "blocks that fail", "agent", "openai", 400,
      { FILE_A "int a;\\n\"}]}", "", "", "", "" }, SSE,
      { "", DELTA("{\"content\":\"a.c\\n<<<<<<< SEARCH\\nno #\\n=======\\nx\\n>>>>>>> REPLACE\\n\"}"),
        STOP, "", "" } },
    { "blocks of others", "agent", "openai", 1000,
      { FILE_A "int a;\\n\"}]}", "", "", "", "" }, SSE,
      { "", DELTA("{\"content\":\"f#.c\\n<<<<<<< SEARCH\\nx\\n=======\\ny\\n>>>>>>> REPLACE\\n\"}"),
        STOP, "", "" } },
    { "new files", "agent", "openai", 500,
      { FILE_A "int a;\\n\"}]}", "", "", "", "" }, SSE,
      { "", DELTA("{\"content\":\"d/f#.c\\n<<<<<<< SEARCH\\n=======\\ny\\n>>>>>>> REPLACE\\n\"}"),
        STOP, "", "" } },
    { "equal lines", "agent", "openai", 20000, { FILE_A, "same\\n", "\"}]}", "", "" }, SSE,
      { SAYS "a.c\\n<<<<<<< SEARCH\\n", "same\\n", "other\\n=======\\nx\\n>>>>>>> REPLACE\\n" SAID,
        "", "" } },
    { "a selection of one line", "agent", "openai", 20000,
      { EDIT "\"fz_edit_format\":\"whole\",\"fz_context\":{\"currentFile\":{\"path\":\"a.c\","
        "\"content\":\"b", "a", "\"},\"selection\":{\"path\":\"a.c\",\"startOffset\":0,"
        "\"endOffset\":1,\"selectedText\":\"b\"}}}", "", "" }, SSE,
      { SAYS "a.c\\n```\\nb", "a", "c\\n```\\n" SAID, "", "" } },
    { "index lines", "agent", "openai", 8000, { FILE_A "x\\n\"}]}", "", "", "", "" }, SSE,
      { SAYS "```diff\\n", "Index: \\n", "```\\n" SAID, "", "" } },
    { "hunks", "agent", "openai", 1000, { FILE_A, "line #\\n", "\"}]}", "", "" }, SSE,
      { SAYS "```diff\\n--- a/a.c\\n+++ b/a.c\\n", "@@ -1 +1 @@\\n-line #\\n+y\\n", "```\\n" SAID,
        "", "" } },
};


static void
repeat(rig_buf_t *b, const char *unit, size_t n)
{
    char         number[24];
    size_t       i;
    const char  *s, *hash;

    for (i = 0; i < n && *unit != '\0'; i++) {
        snprintf(number, sizeof(number), "%zu", i);

        for (s = unit; (hash = strchr(s, '#')) != NULL; s = hash + 1) {
            rig_append(b, s, hash - s);
            rig_append(b, number, strlen(number));
        }

        rig_append(b, s, strlen(s));
    }
}


static void
build(rig_buf_t *b, const text_t *t, size_t n)
{
    b->len = 0;
    rig_append(b, t->head, strlen(t->head));
    repeat(b, t->unit, n);
    rig_append(b, t->middle, strlen(t->middle));
    repeat(b, t->half, n / 2);
    rig_append(b, t->tail, strlen(t->tail));
}


/* ---- a host that counts */

typedef struct {
    size_t       all, longest, before;
    const char  *where;                         /* the longest call */
} cost_t;


static void
count(cost_t *c, const char *where)
{
    size_t  n = steps - c->before;

    c->all += n;

    if (where != NULL && n > c->longest) {
        c->longest = n;
        c->where = where;
    }
}


#define CALL(where, call)                                                     \
    c->before = steps; call; count(c, where)


static void
drain(f0_turn_t *t, cost_t *c)
{
    f0_str_t  out;

    do {
        CALL("f0_turn_output", f0_turn_output(t, &out));
    } while (out.len > 0);
}


static void
answer(f0_turn_t *t, const shape_t *s, const rig_buf_t *b, size_t *at,
    int *ended, cost_t *c)
{
    int          rc;
    size_t       n;
    f0_header_t  h;

    if (*at == 0) {
        h.name = rig_str("content-type");
        h.value = rig_str(s->type);
        CALL("f0_turn_model_head", f0_turn_model_head(t, 200, &h, 1, 1000));
    }

    if (*at < b->len) {
        n = b->len - *at < READ ? b->len - *at : READ;
        CALL("f0_turn_model_data",
             rc = f0_turn_model_data(t, b->data + *at, n, 1000));
        *at += n;
        if (rc == F0_OK) {
            return;
        }
    }

    *ended = 1;
    CALL("f0_turn_model_end", f0_turn_model_end(t, F0_END_CLEAN, 1000));
}


/* Plays it to its end; each call of the model is answered alike. */

static void
play(rig_t *rig, const shape_t *s, const rig_buf_t *request,
    const rig_buf_t *said, cost_t *c)
{
    int                 ended = 1;
    size_t              fed = 0, at = 0, n;
    int64_t             now = 1000;
    unsigned            k;
    f0_turn_t          *t;
    f0_action_t         a;
    f0_turn_options_t   o;

    memset(&o, 0, sizeof(o));
    memset(c, 0, sizeof(*c));
    o.seed = rig_str("f0linear");
    o.now = now;
    o.body_max = 32 << 20;
    t = f0_turn_new(rig->worker, rig->config, &o);
    assert_non_null(t);

    for (k = 0; k < 10000000; k++) {
        CALL("f0_turn_next", assert_int_equal(f0_turn_next(t, now, &a), F0_OK));
        drain(t, c);

        if (a.kind == F0_RESPOND || a.kind == F0_FINISHED) {
            break;
        }

        if (a.kind == F0_RUN_WORK) {
            CALL(NULL, f0_work_run(a.work));    /* in a thread */
            CALL("f0_turn_work_done", f0_turn_work_done(t, now));

        } else if (a.kind == F0_NEED_BODY) {
            n = request->len - fed < READ ? request->len - fed : READ;
            CALL("f0_turn_body", f0_turn_body(t, request->data + fed, n,
                                              fed + n == request->len));
            fed += n;

        } else if (a.kind == F0_CALL_MODEL) {
            at = 0;
            ended = 0;

        } else if (a.kind == F0_AGAIN) {
            now++;

        } else if (!ended) {
            answer(t, s, said, &at, &ended, c);

        } else {
            now = a.deadline;
        }

        drain(t, c);
    }

    f0_turn_free(t);
}


static int
check(const shape_t *s)
{
    int        k, bad = 0;
    rig_t      rig;
    cost_t     c[2];
    rig_buf_t  request = { 0 }, said = { 0 };

    rig_open(&rig, s->dialect, s->mode);

    for (k = 0; k < 2; k++) {
        build(&request, &s->request, s->n << k);
        build(&said, &s->answer, s->n << k);
        play(&rig, s, &request, &said, &c[k]);

        if (c[k].longest > LONGEST) {
            print_error("%s: %zu steps of one %s for %zu\n", s->name,
                        c[k].longest, c[k].where, s->n << k);
            bad = 1;
        }
    }

    if (c[1].all > c[0].all * 5 / 2 + FEW) {
        print_error("%s: %zu steps for %zu, %zu for twice that\n", s->name,
                    c[0].all, s->n, c[1].all);
        bad = 1;
    }

    if (getenv("F0_STEPS") != NULL) {
        print_message("%-32s %9zu %11zu %11zu  %.2f  %8zu %s\n", s->name, s->n,
                      c[0].all, c[1].all, (double) c[1].all / c[0].all,
                      c[1].longest, c[1].where);
    }

    rig_close(&rig);
    rig_clear(&request);
    rig_clear(&said);
    return bad;
}


/* F0_STEPS=1 prints the table. */

static void
twice_the_input__costs_twice_the_steps__and_no_call_takes_long(void **state)
{
    int     bad = 0;
    size_t  k;

    (void) state;

    for (k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++) {
        bad += check(&shapes[k]);
    }

    assert_int_equal(bad, 0);
}


/* What a turn asked for is not worked on once it is over. */

static void
work__of_a_turn_that_is_over__is_not_done(void **state)
{
    rig_t              rig;
    cost_t             cost, *c = &cost;
    f0_turn_t         *t;
    rig_buf_t          b = { 0 };
    f0_action_t        a;
    f0_turn_options_t  o;

    (void) state;

    memset(&o, 0, sizeof(o));
    memset(c, 0, sizeof(*c));
    o.seed = rig_str("f0linear");
    o.now = 1000;
    o.body_max = 32 << 20;
    rig_open(&rig, "openai", "chat");
    build(&b, &shapes[0].request, 1000000);
    t = f0_turn_new(rig.worker, rig.config, &o);
    assert_int_equal(f0_turn_body(t, b.data, b.len, 1), F0_OK);
    assert_int_equal(f0_turn_next(t, 1000, &a), F0_OK);
    assert_int_equal(a.kind, F0_RUN_WORK);
    f0_turn_cancel(t);
    CALL(NULL, f0_work_run(a.work));
    assert_true(c->all < 1000);
    assert_int_equal(f0_turn_work_done(t, 1000), F0_OK);
    assert_int_equal(f0_turn_next(t, 1000, &a), F0_OK);
    assert_int_equal(a.kind, F0_FINISHED);
    f0_turn_free(t);
    rig_close(&rig);
    rig_clear(&b);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            twice_the_input__costs_twice_the_steps__and_no_call_takes_long),
        cmocka_unit_test(work__of_a_turn_that_is_over__is_not_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
