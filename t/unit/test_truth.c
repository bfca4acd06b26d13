/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_truth.c - what a client, a log and the next provider are told is what
 * happened: ends, failures, usage, deadlines, names.  Each play is held to
 * oracle.h besides.
 */

#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "oracle.h"
#include "play.h"

#define USAGE(p, c)                                                           \
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":" #p                  \
    ",\"completion_tokens\":" #c "}}\n\n"
#define FAILURE                                                               \
    "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"overloaded_error\"}}\n\n"
#define GOOD      TEXT("hi") STOP USAGE(10, 2) DONE

#define BUSY      BODY(503, "{\"error\":{\"message\":\"busy\"}}")

#define ASK(more)                                                             \
    "{\"model\":\"m\",\"stream\":true,"                                       \
    "\"stream_options\":{\"include_usage\":true}," more                       \
    "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
#define ASK_JSON                                                              \
    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"


static int
has(const rig_buf_t *b, const char *s)
{
    return strstr(b->data, s) != NULL;
}


static unsigned
count(const rig_buf_t *b, const char *s)
{
    unsigned     n = 0;
    const char  *p = b->data;

    while ((p = strstr(p, s)) != NULL) {
        p += strlen(s);
        n++;
    }

    return n;
}


static void
repeat(rig_buf_t *b, const char *s, size_t n)
{
    while (n-- > 0) {
        rig_append(b, s, strlen(s));
    }
}


/* ---- the end */

/* A block that nobody can place, and what the model says behind it. */

static void
turn__that_ends_inside_a_read__says_nothing_behind_done(void **state)
{
    rig_t         rig;
    rig_buf_t     b = { 0 };
    unsigned      n;
    char          line[256];
    rig_answer_t  a;
    const char    request[] = ASK("\"files\":[{\"path\":\"a.c\",\"content\":\"int a;\\n\","
                                  "\"allowEdit\":true}],");

    (void) state;
    repeat(&b, DELTA("{\"reasoning_content\":\"hm\"}"), 1);

    for (n = 0; n < 48; n++) {
        snprintf(line, sizeof(line), DELTA("{\"content\":\"a.c\\n<<<<<<< SEARCH\\n"
                                           "%u is nowhere\\n\"}"), n);
        repeat(&b, line, 1);
        repeat(&b, DELTA("{\"content\":\"nothing like it, and much of that\\n\"}"),
               3000);
        repeat(&b, DELTA("{\"content\":\"=======\\nx\\n>>>>>>> REPLACE\\n\"}"), 1);
        repeat(&b, DELTA("{\"reasoning_content\":\"hm\"}"), 1);
        repeat(&b, DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":"
                         "{\"name\":\"f\",\"arguments\":\"{}\"}}]}"), 1);
    }

    rig_open(&rig, "openai", "agent");
    rig.body_max = 1 << 20;
    a.status = 200;
    a.content_type = "text/event-stream";
    a.body = b.data;
    a.len = b.len;
    a.end = F0_END_CLEAN;
    rig.answers = &a;
    rig.nanswers = 1;

    assert_int_equal(rig_play(&rig, request, strlen(request)), 0);
    assert_int_equal(rig.status, 0);
    assert_true(has(&rig.out, "\"code\":\"code_generation_failed\"")
                || has(&rig.out, "larger than the turn's memory"));
    assert_string_equal(rig.out.data + rig.out.len - strlen(DONE), DONE);

    rig_close(&rig);
    rig_clear(&b);
}


static void
stream__over_its_memory__ends_with_a_failure(void **state)
{
    char          index[16];
    rig_t         rig;
    size_t        max;
    unsigned      k;
    rig_buf_t     b = { 0 };
    rig_answer_t  a;

    (void) state;
    repeat(&b, "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"hi\",\"tool_calls\":[", 1);
    repeat(&b, "{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\","
               "\"arguments\":\"{\\\"a\\\":1}\"}},", 400);
    repeat(&b, "{\"id\":\"d\",\"type\":\"function\",\"function\":{\"name\":\"f\","
               "\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}", 1);

    rig_open(&rig, "openai", "proxy");
    a.status = 200;
    a.content_type = "application/json";
    a.body = b.data;
    a.len = b.len;
    a.end = F0_END_CLEAN;
    rig.answers = &a;
    rig.nanswers = 1;
    rig.early = 10000;                          /* the head has left */

    /* Wherever the memory ends, the stream does not end without a word. */

    for (max = 1024; max < 256 << 10; max += 1500) {
        rig.body_max = max;
        assert_int_equal(rig_play(&rig, ASK(""), strlen(ASK(""))), 0);
        if (rig.status == 0) {
            assert_int_equal(count(&rig.out, DONE), 1);
            assert_int_equal(count(&rig.out, "\"error\":{"),
                             strcmp(rig.end, "done") != 0);
        }
    }

    assert_string_equal(rig.end, "done");

    /* as many small calls as one answer may hold */

    rig_clear(&b);
    repeat(&b, "{\"choices\":[", 1);

    for (k = 0; k < 18; k++) {
        repeat(&b, "{\"index\":", 1);
        snprintf(index, sizeof(index), "%u", k);
        repeat(&b, index, 1);
        repeat(&b, ",\"message\":{\"tool_calls\":[", 1);
        repeat(&b, "{\"type\":\"function\",\"function\":{\"name\":\"f\"}},", 999);
        repeat(&b, "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]},"
                   "\"finish_reason\":\"tool_calls\"}", 1);
        repeat(&b, k < 17 ? "," : "]}", 1);
    }

    a.body = b.data;
    a.len = b.len;
    rig.body_max = 1 << 20;
    assert_int_equal(rig_play(&rig, ASK(""), strlen(ASK(""))), 0);
    assert_int_equal(count(&rig.out, DONE), 1);
    assert_string_equal(rig.end, "limit");

    rig_close(&rig);
    rig_clear(&b);
}


/* ---- the raw lane */

static void
raw_lane__failure_behind_output__is_told_once_at_any_cut(void **state)
{
    rig_t        rig;
    const char  *told = TEXT("hi") FAILURE DONE;
    const char  *crlf = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":"
                        "\"hi\"},\"finish_reason\":\"stop\"}]}\r\n\r\n"
                        "data: [DONE]\r\n\r\n";

    (void) state;
    rig_open(&rig, "openai", "raw");

    for (rig.cut = -9; rig.cut < (int) strlen(told); rig.cut++) {
        PLAY(rig, ASK(""), SSE(TEXT("hi") FAILURE DONE));
        assert_string_equal(rig.out.data, told);
        assert_string_equal(rig.end, "upstream_error");

        PLAY(rig, ASK(""), SSE(TEXT("hi") FAILURE));
        assert_string_equal(rig.out.data, told);

        /* nothing behind the end, nothing of it missing */

        PLAY(rig, ASK(""), SSE("data: {\"choices\":[{\"index\":0,\"delta\":"
                               "{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}"
                               "\r\n\r\ndata: [DONE]\r\n\r\n: bye\r\n\r\n"));
        assert_string_equal(rig.out.data, crlf);

        /* what is no event does not go out, f0 says why */

        PLAY(rig, ASK(""), SSE(TEXT("hi") "data: {nonsense\n\n" TEXT("no")));
        assert_memory_equal(rig.out.data, TEXT("hi"), strlen(TEXT("hi")));
        assert_false(has(&rig.out, "nonsense"));
        assert_true(has(&rig.out, "\"code\":\"malformed_event\""));

        PLAY(rig, ASK(""), CUT(TEXT("hi") "data: {\"choices\":"));
        assert_memory_equal(rig.out.data, TEXT("hi"), strlen(TEXT("hi")));
        assert_true(has(&rig.out, "\"code\":\"stream_truncated\""));
        assert_true(has(&rig.out, DONE));
        assert_false(has(&rig.out, "{\"choices\":\n"));
    }

    rig_close(&rig);
}


/* events of megabytes are read in a thread, and told behind it */

static void
raw_lane__failure_behind_much__comes_behind_it(void **state)
{
    rig_t         rig;
    size_t        n, cut;
    rig_buf_t     b = { 0 };
    rig_answer_t  a = { 200, "text/event-stream", NULL, 0, F0_END_CLEAN };

    (void) state;
    rig_open(&rig, "openai", "raw");

    for (n = 100; n < 300000; n *= 3) {
        repeat(&b, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"", 1);
        repeat(&b, "abcdefghij", n / 10);
        repeat(&b, "\"},\"finish_reason\":null}]}\n\n", 1);
        cut = b.len;
        repeat(&b, "data: {nonsense\n\n" TEXT("no"), 1);

        a.body = b.data;
        a.len = b.len;
        rig.answers = &a;
        rig.nanswers = 1;

        for (rig.cut = -4; rig.cut < (int) cut; rig.cut += 1 + (int) cut / 3) {
            assert_int_equal(rig_play(&rig, ASK(""), strlen(ASK(""))), 0);
            assert_int_equal(rig.status, 0);
            assert_true(rig.out.len > cut);
            assert_memory_equal(rig.out.data, b.data, cut);
            assert_true(has(&rig.out, "\"code\":\"malformed_event\""));
            assert_false(has(&rig.out, "nonsense"));
        }

        rig_clear(&b);
    }

    rig_close(&rig);
}


static void
raw_lane__failure_before_output__is_a_status_or_the_next_try(void **state)
{
    rig_t  rig;

    (void) state;
    rig_open(&rig, "openai", "raw");

    for (rig.cut = -3; rig.cut < 100; rig.cut++) {
        PLAY(rig, ASK(""), SSE(": hello\n\n" DELTA("{\"role\":\"assistant\"}")
                               FAILURE DONE));
        assert_int_equal(rig.status, 503);
        assert_true(has(&rig.out, "\"code\":\"overloaded\""));
    }

    rig_next_try(&rig, "openai");

    for (rig.cut = -3; rig.cut < 100; rig.cut++) {
        PLAY(rig, ASK(""), SSE(FAILURE DONE), SSE(GOOD));
        assert_int_equal(rig.calls, 2);
        assert_string_equal(rig.out.data, GOOD);

        PLAY(rig, ASK_JSON, BODY(200, "{\"error\":{\"code\":503}}"),
             BODY(200, "{\"choices\":[{\"index\":0,\"message\":{\"content\":"
                       "\"hi\"},\"finish_reason\":\"stop\"}],\"z\": 1 }"));
        assert_int_equal(rig.status, 200);
        assert_true(has(&rig.out, "\"z\": 1 }"));
        assert_false(has(&rig.out, "error"));
    }

    rig_close(&rig);
}


static void
raw_lane__body_for_a_stream__becomes_one(void **state)
{
    rig_t  rig;

    (void) state;
    rig_open(&rig, "openai", "raw");

    for (rig.cut = -3; rig.cut < 60; rig.cut++) {
        PLAY(rig, ASK(""), BODY(200, "\n\n{\"choices\":[{\"index\":0,\"message\":"
                                "{\"content\":\"hi\"},\n\n\"finish_reason\":"
                                "\"stop\"}],\"usage\":{\"prompt_tokens\":10,"
                                "\"completion_tokens\":2}}\n\n"));
        assert_int_equal(rig.status, 0);
        assert_null(oracle_stream(rig.out.data, rig.out.len, 1));
        assert_true(has(&rig.out, "{\"content\":\"hi\"}"));
        assert_true(has(&rig.out, "\"prompt_tokens\":10"));
    }

    rig_close(&rig);
}


/* ---- characters */

static void
shortened__names_and_paths__are_whole_characters(void **state)
{
    int            k, n;
    char           text[1024], request[2048];
    rig_t          rig;
    f0_response_t  res;

    (void) state;
    rig_open(&rig, "openai", "agent");

    for (n = 190; n < 210; n++) {
        memset(text, 'a', n);
        strcpy(text + n, "\xe4\xbd\xa0\xe5\xa5\xbd");
        assert_int_equal(rig_failure(rig.worker, F0_FAIL_PATH, text, &res), F0_OK);
        assert_null(oracle_output(res.body.data, res.body.len, 404, 0));

        /* and a byte that is none */
        text[n - 20] = '\xff';
        assert_int_equal(rig_failure(rig.worker, F0_FAIL_PATH, text, &res), F0_OK);
        assert_null(oracle_output(res.body.data, res.body.len, 404, 0));
        assert_non_null(memmem(res.body.data, res.body.len, "\xef\xbf\xbd", 3));
    }

    /* a path that is refused and told of */

    for (n = 0; n < 3; n++) {
        memset(text, 'a', n);
        for (k = 0; k < 120; k++) {
            memcpy(text + n + 3 * k, "\xe4\xbd\xa0", 3);
        }
        text[n + 360] = '\0';
        snprintf(request, sizeof(request),
                 "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":"
                 "\"../%s.c\\n<<<<<<< SEARCH\\na\\n=======\\nb\\n"
                 ">>>>>>> REPLACE\\n\"}}]}\n\n" STOP DONE, text);
        PLAY(rig, ASK("\"files\":[{\"path\":\"a.c\",\"content\":\"int a;\\n\","
                      "\"allowEdit\":true}],"),
             { 200, "text/event-stream", request, strlen(request), F0_END_CLEAN });
        assert_true(has(&rig.out, "\xe4\xbd\xa0"));
        assert_true(oracle_utf8(rig.asked.data, rig.asked.len));
    }

    /* a path of bytes */

    PLAY(rig, ASK("\"files\":[{\"path\":\"a.c\",\"content\":\"int a;\\n\","
                  "\"allowEdit\":true}],"),
         SSE(TEXT("--- \\\"a/\\\\377.txt\\\"\\n+++ \\\"b/\\\\377.txt\\\"\\n"
                  "@@ -1 +1 @@\\n-x\\n+y\\n") STOP DONE));
    assert_true(oracle_utf8(rig.asked.data, rig.asked.len));

    PLAY(rig, ASK("\"files\":[{\"path\":\"a.c\",\"content\":\"int a;\\n\","
                  "\"allowEdit\":true}],"),
         SSE(TEXT("*** Begin Patch\\n*** Update File: \\\"\\\\377.txt\\\"\\n@@\\n"
                  "-x\\n+y\\n*** End Patch\\n") STOP DONE));
    assert_true(oracle_utf8(rig.asked.data, rig.asked.len));

    rig_close(&rig);
}


static void
model__with_a_long_name__is_refused(void **state)
{
    char   request[2048], name[1024];
    int    k;
    rig_t  rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");

    for (k = 0; k < 256; k++) {
        memcpy(name + 2 * k, "\xc3\xa9", 2);
    }

    name[512] = '\0';
    snprintf(request, sizeof(request), "{\"model\":\"%s\",\"messages\":[{\"role\":"
             "\"user\",\"content\":\"hi\"}]}", name);
    PLAY(rig, request, BUSY);
    assert_int_equal(rig.calls, 1);

    snprintf(request, sizeof(request), "{\"model\":\"%sx\",\"messages\":[{\"role\":"
             "\"user\",\"content\":\"hi\"}]}", name);
    PLAY(rig, request, BUSY);
    assert_int_equal(rig.calls, 0);
    assert_int_equal(rig.status, 400);
    assert_true(has(&rig.out, "\"param\":\"model\""));
    assert_true(has(&rig.out, "maximum length 256"));
    assert_false(has(&rig.out, "\xc3\xa9"));

    rig_close(&rig);
}


static void
words__of_clients_and_providers__are_short_and_one_line_in_logs(void **state)
{
    char           text[6000], path[600];
    rig_t          rig;
    f0_response_t  res;

    (void) state;
    rig_open(&rig, "openai", "proxy");

    memset(path, 'a', sizeof(path) - 1);
    memcpy(path, "GET /\n\xff", 7);
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(rig_failure(rig.worker, F0_FAIL_PATH, path, &res), F0_OK);
    assert_null(oracle_reason(res.reason));

    strcpy(text, "{\"error\":{\"message\":\"no\",\"code\":\"a\\nb");
    memset(text + strlen(text), 'c', 5000);
    strcpy(text + 5000, "\"}}");
    PLAY(rig, ASK(""), { 400, "application/json", text, strlen(text), F0_END_CLEAN });
    assert_int_equal(rig.status, 400);

    rig_close(&rig);
}


/* ---- usage */

static void
usage__of_each_call__is_in_the_sum(void **state)
{
    rig_t       rig;
    const char  edit[] = ASK("\"files\":[{\"path\":\"a.c\",\"content\":"
                             "\"int a;\\n\",\"allowEdit\":true}],");

    (void) state;

    /* a repair that fails at its head cost nothing, the call before it did */

    rig_open(&rig, "openai", "agent");
    PLAY(rig, edit,
         SSE(TEXT("a.c\\n<<<<<<< SEARCH\\nnot there\\n=======\\nb\\n"
                  ">>>>>>> REPLACE\\n") STOP USAGE(100, 20) DONE),
         BUSY);
    assert_int_equal(rig.calls, 2);
    assert_int_equal(rig.info.prompt_tokens, 100);
    assert_int_equal(rig.info.completion_tokens, 20);
    assert_false(rig.info.usage_estimated);
    assert_true(has(&rig.out, "\"usage\":{\"prompt_tokens\":100"));
    rig_close(&rig);

    /* a call that failed over after it told its prompt */

    rig_open(&rig, "anthropic", "proxy");
    rig_next_try(&rig, "openai");
    PLAY(rig, ASK(""),
         SSE("event: message_start\ndata: {\"type\":\"message_start\",\"message\":"
             "{\"id\":\"m\",\"role\":\"assistant\",\"content\":[],\"usage\":"
             "{\"input_tokens\":1000,\"output_tokens\":1}}}\n\n"
             "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
             "\"overloaded_error\",\"message\":\"busy\"}}\n\n"),
         SSE(GOOD));
    assert_int_equal(rig.calls, 2);
    assert_int_equal(rig.info.prompt_tokens, 1010);
    assert_false(rig.info.usage_estimated);
    assert_true(has(&rig.out, "\"usage\":{\"prompt_tokens\":1010"));
    rig_close(&rig);

    /* a guess counts what was sent, the files of an edit included */

    rig_open(&rig, "openai", "agent");
    PLAY(rig, edit, SSE(TEXT("nothing to change") STOP DONE));
    assert_true(rig.info.usage_estimated);
    assert_true(rig.info.prompt_tokens > 200);
    assert_int_equal(rig.info.completion_tokens, 17 / 4);
    rig_close(&rig);
}


/* The client leaves, and the turn's time is over, in the middle of a call. */

static void
usage__of_a_call_that_breaks_off__is_kept(void **state)
{
    int                k;
    char               told[] = "data: {\"candidates\":[{\"content\":{\"parts\":"
                                "[{\"text\":\"hi\"}]}}],\"usageMetadata\":"
                                "{\"promptTokenCount\":1234,"
                                "\"candidatesTokenCount\":56,"
                                "\"totalTokenCount\":1290}}\r\n\r\n";
    f0_str_t           out;
    rig_t              rig;
    f0_turn_t         *turn;
    f0_header_t        h;
    f0_action_t        a;
    f0_turn_info_t     info;
    f0_turn_options_t  o;

    (void) state;
    rig_open(&rig, "gemini", "proxy");

    for (k = 0; k < 2; k++) {
        memset(&o, 0, sizeof(o));
        o.seed = rig_str("0123");
        o.body_max = 1 << 20;
        o.stream_header = rig_str("");
        turn = f0_turn_new(rig.worker, rig.config, &o);
        f0_turn_body(turn, ASK(""), strlen(ASK("")), 1);
        f0_turn_next(turn, 10, &a);
        assert_int_equal(a.kind, F0_CALL_MODEL);
        h.name = rig_str("content-type");
        h.value = rig_str("text/event-stream");
        f0_turn_model_head(turn, 200, &h, 1, 20);
        f0_turn_model_data(turn, told, strlen(told), 20);

        if (k == 0) {
            f0_turn_cancel(turn);
        }

        f0_turn_next(turn, 900000, &a);
        f0_turn_output(turn, &out);
        assert_int_equal(a.kind, F0_FINISHED);
        f0_turn_info(turn, &info);
        assert_int_equal(info.prompt_tokens, 1234);
        assert_int_equal(info.completion_tokens, 56);
        assert_false(info.usage_estimated);
        f0_turn_free(turn);
    }

    rig_close(&rig);
}


/* ---- the next try */

#define AUDIO                                                                 \
    "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\","      \
    "\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA\","\
    "\"format\":\"wav\"}}]}]}"

static void
try__that_cannot_carry_the_request__is_passed_over(void **state)
{
    rig_t  rig;

    (void) state;

    /* behind one that failed: that failure is told */

    rig_open(&rig, "openai", "proxy");
    rig_next_try(&rig, "anthropic");
    PLAY(rig, AUDIO, BUSY);
    assert_int_equal(rig.calls, 1);
    assert_int_equal(rig.status, 503);
    rig_close(&rig);

    /* before one that can */

    rig_open(&rig, "anthropic", "proxy");
    rig_next_try(&rig, "openai");
    PLAY(rig, AUDIO, SSE(GOOD));
    assert_int_equal(rig.calls, 1);
    assert_int_equal(rig.status, 0);
    assert_string_equal(rig.uri.data, "/two/v1/chat/completions");
    rig_close(&rig);

    /* none can */

    rig_open(&rig, "anthropic", "proxy");
    rig_next_try(&rig, "ollama");
    PLAY(rig, AUDIO, SSE(GOOD));
    assert_int_equal(rig.calls, 0);
    assert_int_equal(rig.status, 400);
    assert_true(has(&rig.out, "\"param\":\"messages[0].content[0]\""));
    rig_close(&rig);
}


static void
answer__that_nobody_has_read__is_asked_again_elsewhere(void **state)
{
    rig_t  rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    rig_next_try(&rig, "openai");

    PLAY(rig, ASK_JSON,
         { 200, "application/json", "{\"choices\":[{\"mess", 18,
           F0_END_TRUNCATED },
         BODY(200, "{\"choices\":[{\"index\":0,\"message\":{\"content\":"
                   "\"hi\"},\"finish_reason\":\"stop\"}]}"));
    assert_int_equal(rig.calls, 2);
    assert_int_equal(rig.status, 200);
    assert_true(has(&rig.out, "\"content\":\"hi\""));

    /* what was said of it was not sent */

    PLAY(rig, ASK_JSON,
         BODY(200, "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"half "
                   "of it\"},\"finish_reason\":\"error\"}]}"),
         BODY(200, "{\"choices\":[{\"index\":0,\"message\":{\"content\":"
                   "\"hi\"},\"finish_reason\":\"stop\"}]}"));
    assert_int_equal(rig.calls, 2);
    assert_int_equal(rig.status, 200);
    assert_true(has(&rig.out, "\"content\":\"hi\""));

    rig_close(&rig);
}


/* ---- time */

/* Each question at the deadline that was told; how many until the end. */

static unsigned
questions(f0_turn_t *turn, f0_action_t *a, int64_t *now)
{
    unsigned  n;
    f0_str_t  out;

    for (n = 0; n < 1000; n++) {
        assert_int_equal(f0_turn_next(turn, *now, a), F0_OK);
        assert_null(oracle_action(a, *now));
        do {
            f0_turn_output(turn, &out);
        } while (out.len > 0);
        if (a->kind != F0_WAIT) {
            break;
        }
        *now = a->deadline;
    }

    return n;
}


static void
raw_lane__silent_inside_an_event__is_asked_no_more_than_needed(void **state)
{
    int64_t            now = 20;
    rig_t              rig;
    f0_turn_t         *turn;
    f0_header_t        h;
    f0_action_t        a;
    f0_turn_info_t     info;
    f0_turn_options_t  o;

    (void) state;
    rig_open(&rig, "openai", "raw");
    memset(&o, 0, sizeof(o));
    o.seed = rig_str("0123");
    o.body_max = 1 << 20;
    o.stream_header = rig_str("");
    turn = f0_turn_new(rig.worker, rig.config, &o);
    f0_turn_body(turn, ASK(""), strlen(ASK("")), 1);
    f0_turn_next(turn, 10, &a);
    h.name = rig_str("content-type");
    h.value = rig_str("text/event-stream");
    f0_turn_model_head(turn, 200, &h, 1, 20);
    f0_turn_model_data(turn, TEXT("hi") "data: {\"ch",
                       strlen(TEXT("hi") "data: {\"ch"), 20);

    assert_true(questions(turn, &a, &now) <= 120 / 15 + 2);
    assert_int_equal(a.kind, F0_FINISHED);
    assert_int_equal(now, 120020);
    f0_turn_info(turn, &info);
    assert_int_equal(info.end.len, strlen("idle_timeout"));

    f0_turn_free(turn);
    rig_close(&rig);
}


static void
second_call__is_over_at_the_deadline_that_was_told(void **state)
{
    int64_t            now = 40;
    rig_t              rig;
    f0_turn_t         *turn;
    f0_header_t        h;
    f0_action_t        a;
    f0_turn_options_t  o;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    rig_next_try(&rig, "openai");
    memset(&o, 0, sizeof(o));
    o.seed = rig_str("0123");
    o.body_max = 1 << 20;
    o.first_byte_ms = 5000;
    o.idle_ms = 120000;
    o.keepalive_ms = 600000;
    o.stream_header = rig_str("");
    turn = f0_turn_new(rig.worker, rig.config, &o);
    f0_turn_body(turn, ASK(""), strlen(ASK("")), 1);
    f0_turn_next(turn, 10, &a);
    h.name = rig_str("content-type");
    h.value = rig_str("text/event-stream");
    f0_turn_model_head(turn, 200, &h, 1, 20);
    f0_turn_model_data(turn, ": a\n\n", 5, 20);
    f0_turn_next(turn, 20, &a);
    f0_turn_model_data(turn, FAILURE, strlen(FAILURE), 30);
    f0_turn_next(turn, 40, &a);
    assert_int_equal(a.kind, F0_CALL_MODEL);
    assert_int_equal(a.deadline, 5040);

    f0_turn_next(turn, 41, &a);
    assert_int_equal(a.kind, F0_WAIT);
    assert_int_equal(a.deadline, 5040);
    now = a.deadline;
    assert_int_equal(questions(turn, &a, &now), 0);
    assert_int_equal(a.kind, F0_RESPOND);
    assert_int_equal(a.response.status, 504);

    f0_turn_free(turn);
    rig_close(&rig);
}


/* A repair that takes too long spoils nothing that was done before. */

static void
repair__that_times_out__is_no_failure_of_the_turn(void **state)
{
    rig_t  rig;

    (void) state;
    rig_open(&rig, "openai", "agent");
    PLAY(rig, ASK("\"files\":[{\"path\":\"a.c\",\"content\":\"int a;\\n\","
                  "\"allowEdit\":true}],"),
         SSE(TEXT("a.c\\n<<<<<<< SEARCH\\nnot there\\n=======\\nb\\n"
                  ">>>>>>> REPLACE\\n") STOP USAGE(100, 20) DONE),
         { 200, "text/event-stream", "", 0, F0_END_TIMEOUT });
    assert_int_equal(rig.calls, 2);
    assert_string_equal(rig.end, "done");

    rig_close(&rig);
}


/* ---- forms of answers */

static void
body__under_any_type__is_streamed_in_pieces(void **state)
{
    unsigned     k;
    rig_t        rig;
    const char  *types[] = { "application/json", "text/plain", "" };
    const char   body[] = "{\"choices\":[{\"index\":0,\"message\":{\"content\":\""
                          "0123456789012345678901234567890123456789"
                          "0123456789012345678901234567890123456789"
                          "0123456789012345678901234567890123456789\"},"
                          "\"finish_reason\":\"stop\"}]}";

    (void) state;
    rig_open(&rig, "openai", "proxy");

    for (k = 0; k < sizeof(types) / sizeof(types[0]); k++) {
        PLAY(rig, ASK(""), { 200, types[k], body, strlen(body), F0_END_CLEAN });
        assert_int_equal(rig.status, 0);
        assert_int_equal(count(&rig.out, "\"delta\":{\"content\":\"0"), 2);
    }

    rig_close(&rig);
}


static void
text_tools__of_a_developer_message__make_no_edit_turn(void **state)
{
    rig_t       rig;
    const char  request[] =
        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"developer\","
        "\"content\":\"Call tools so:\\n```tool\\nTOOL_NAME: x\\n```\"},"
        "{\"role\":\"user\",\"content\":\"go\"}],\"files\":[{\"path\":\"a.c\","
        "\"content\":\"int a;\\n\",\"allowEdit\":true}]}";

    (void) state;
    rig_open(&rig, "openai", "agent");
    PLAY(rig, request, SSE(GOOD));
    assert_false(has(&rig.asked, "SEARCH"));

    rig_close(&rig);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turn__that_ends_inside_a_read__says_nothing_behind_done),
        cmocka_unit_test(stream__over_its_memory__ends_with_a_failure),
        cmocka_unit_test(raw_lane__failure_behind_output__is_told_once_at_any_cut),
        cmocka_unit_test(raw_lane__failure_behind_much__comes_behind_it),
        cmocka_unit_test(raw_lane__failure_before_output__is_a_status_or_the_next_try),
        cmocka_unit_test(raw_lane__body_for_a_stream__becomes_one),
        cmocka_unit_test(shortened__names_and_paths__are_whole_characters),
        cmocka_unit_test(model__with_a_long_name__is_refused),
        cmocka_unit_test(words__of_clients_and_providers__are_short_and_one_line_in_logs),
        cmocka_unit_test(usage__of_each_call__is_in_the_sum),
        cmocka_unit_test(usage__of_a_call_that_breaks_off__is_kept),
        cmocka_unit_test(try__that_cannot_carry_the_request__is_passed_over),
        cmocka_unit_test(answer__that_nobody_has_read__is_asked_again_elsewhere),
        cmocka_unit_test(raw_lane__silent_inside_an_event__is_asked_no_more_than_needed),
        cmocka_unit_test(second_call__is_over_at_the_deadline_that_was_told),
        cmocka_unit_test(repair__that_times_out__is_no_failure_of_the_turn),
        cmocka_unit_test(body__under_any_type__is_streamed_in_pieces),
        cmocka_unit_test(text_tools__of_a_developer_message__make_no_edit_turn),
    };

    return cmocka_run_group_tests_name("truth", tests, NULL, NULL);
}
