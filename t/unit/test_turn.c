/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_turn.c - whole turns through f0.h: what a client reads for each fixture
 * however the provider's bytes are cut, failover, deadlines, comments, lanes.
 */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yajl/yajl_tree.h>

#include "play.h"

#define WIRE  "t/wire/"

#define STREAM_REQUEST                                                        \
    "{\"model\":\"f0-code-agent\",\"stream\":true,"                           \
    "\"stream_options\":{\"include_usage\":true},"                            \
    "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"

#define JSON_REQUEST                                                          \
    "{\"model\":\"f0-code-agent\","                                           \
    "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"

#define OK_EVENTS                                                             \
    "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1," \
    "\"model\":\"up\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"      \
    "\"hi\"},\"finish_reason\":null}]}\n\n"                                   \
    "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1," \
    "\"model\":\"up\",\"choices\":[{\"index\":0,\"delta\":{},"                \
    "\"finish_reason\":\"stop\"}]}\n\n"                                       \
    "data: [DONE]\n\n"

#define KEEP_ALIVE  ": keep-alive\n\n"


static int
play(rig_t *rig, const char *request)
{
    return rig_play(rig, request, strlen(request));
}


static int
has(const rig_buf_t *b, const char *s)
{
    return strstr(b->data, s) != NULL;
}


/* ---- fixtures */

static const char *
member(yajl_val v, const char *name)
{
    const char  *path[2] = { name, NULL };

    v = yajl_tree_get(v, path, yajl_t_string);
    return v ? YAJL_GET_STRING(v) : "";
}


static void
make_ids_golden(rig_buf_t *b)
{
    char        *p;
    const char  *made = "call_f0_f0golden_";

    while ((p = strstr(b->data, made)) != NULL) {
        memmove(p + 8, p + strlen(made), strlen(p + strlen(made)) + 1);
        b->len -= strlen(made) - 8;
    }
}


/* Plays |name| whole and cut in many ways; the first difference is told. */

static int
check_fixture(const char *name)
{
    int            bad, k, step;
    char           path[512], base[256];
    FILE          *golden_file;
    rig_t          rig;
    yajl_val       v;
    rig_buf_t      bytes = { 0 }, expect = { 0 }, golden = { 0 }, first = { 0 };
    const char    *at[2] = { "http_status", NULL };
    rig_answer_t   answer;

    snprintf(base, sizeof(base), "%.*s", (int) (strrchr(name, '.') - name), name);
    snprintf(path, sizeof(path), WIRE "fixtures/%s.expect.json", base);
    rig_read(&expect, path);
    snprintf(path, sizeof(path), WIRE "fixtures/%s", name);
    rig_read(&bytes, path);

    v = yajl_tree_parse(expect.data, NULL, 0);
    rig_open(&rig, member(v, "dialect"), "proxy");

    answer.status = (int) YAJL_GET_INTEGER(yajl_tree_get(v, at, yajl_t_number));
    answer.content_type = member(v, "content_type");
    answer.body = bytes.data;
    answer.len = bytes.len;
    answer.end = F0_END_CLEAN;
    rig.answers = &answer;
    rig.nanswers = 1;
    rig.early = 10000;

    bad = play(&rig, STREAM_REQUEST) != 0 || rig.status != 0;
    rig_append(&first, rig.out.data, rig.out.len);

    snprintf(path, sizeof(path), WIRE "golden/%s.sse", base);
    golden_file = fopen(path, "rb");
    if (golden_file != NULL) {
        fclose(golden_file);
        rig_append(&golden, KEEP_ALIVE, sizeof(KEEP_ALIVE) - 1);
        rig_read(&golden, path);
        make_ids_golden(&rig.out);

        if (rig.out.len != golden.len
            || memcmp(rig.out.data, golden.data, golden.len) != 0)
        {
            print_error("%s: not the golden stream:\n%s\n", name, rig.out.data);
            bad = 1;
        }
    }

    step = bytes.len < 1500 ? 1 : (int) (bytes.len / 300 + 1);

    for (k = -40; !bad && k < (int) bytes.len; k += k < 0 ? 1 : step) {
        if (bytes.len > 65536 && (k == -1 || k > 40 * step)) {
            continue;
        }
        rig.cut = k;
        bad = play(&rig, STREAM_REQUEST) != 0 || rig.out.len != first.len
              || memcmp(rig.out.data, first.data, first.len) != 0;
        if (bad) {
            print_error("%s: cut %d gives another stream:\n%s\n", name, k,
                        rig.out.data);
        }
    }

    yajl_tree_free(v);
    rig_close(&rig);
    rig_clear(&bytes);
    rig_clear(&expect);
    rig_clear(&golden);
    rig_clear(&first);
    return bad;
}


static void
fixtures__cut_anywhere__give_the_same_stream(void **state)
{
    int             bad = 0, n = 0;
    DIR            *dir;
    struct dirent  *e;

    (void) state;

    dir = opendir(WIRE "fixtures");
    assert_non_null(dir);

    while ((e = readdir(dir)) != NULL) {
        if (e->d_name[0] == '.' || strstr(e->d_name, ".expect.json") != NULL) {
            continue;
        }
        bad += check_fixture(e->d_name);
        n++;
    }

    closedir(dir);
    assert_true(n > 100);
    assert_int_equal(bad, 0);
}


/* ---- requests */

static void
json_error__is_an_openai_object(void **state)
{
    rig_t  rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");

    assert_int_equal(play(&rig, "{\"messages\":"), 0);
    assert_int_equal(rig.status, 400);
    assert_true(has(&rig.out, "\"type\":\"invalid_request_error\""));
    assert_true(has(&rig.out, "\"param\":null"));
    assert_true(has(&rig.out, "\"code\":null"));
    assert_string_equal(rig.end, "refused");

    rig_close(&rig);
}


static void
unknown_model__is_404_with_param(void **state)
{
    f0_str_t  err, argv[2];
    rig_t     rig;

    (void) state;
    memset(&rig, 0, sizeof(rig));
    rig.config = f0_config_new();
    rig.worker = f0_worker_new();
    assert_int_equal(f0_config_provider(rig.config, rig_str("up"),
                                        rig_str("openai"), rig_str("/up/"),
                                        rig_str(""), &err), F0_OK);
    assert_int_equal(f0_config_model(rig.config, rig_str("known"), &err), F0_OK);
    argv[0] = rig_str("try");
    argv[1] = rig_str("up");
    assert_int_equal(f0_config_model_set(rig.config, argv, 2, &err), F0_OK);

    assert_int_equal(play(&rig, JSON_REQUEST), 0);
    assert_int_equal(rig.status, 404);
    assert_int_equal(rig.calls, 0);
    assert_true(has(&rig.out, "\"code\":\"model_not_found\""));
    assert_true(has(&rig.out, "\"param\":\"model\""));

    rig_close(&rig);
}


static void
large_request__is_worked_on_in_a_thread(void **state)
{
    static const char          head[] = "{\"stream\":true,\"messages\":["
                                        "{\"role\":\"user\",\"content\":\"";
    static const rig_answer_t  a[] = { SSE(OK_EVENTS) };
    char                      *text;
    rig_t                      rig;
    rig_buf_t                  request = { 0 };

    (void) state;
    rig_open(&rig, "openai", "proxy");
    rig.answers = a;
    rig.nanswers = 1;

    assert_int_equal(play(&rig, STREAM_REQUEST), 0);
    assert_int_equal(rig.works, 0);

    text = malloc(200000);
    assert_non_null(text);
    memset(text, 'x', 200000);
    rig_append(&request, head, sizeof(head) - 1);
    rig_append(&request, text, 200000);
    rig_append(&request, "\"}]}", 4);

    assert_int_equal(rig_play(&rig, request.data, request.len), 0);
    assert_int_equal(rig.works, 2);
    assert_true(rig.asked.len > 200000);
    assert_true(has(&rig.out, "{\"content\":\"hi\"}"));

    /* a fault is told as from a small one */
    request.len -= 2;
    assert_int_equal(rig_play(&rig, request.data, request.len), 0);
    assert_int_equal(rig.works, 1);
    assert_int_equal(rig.status, 400);

    free(text);
    rig_clear(&request);
    rig_close(&rig);
}


/* ---- answers */

static void
json_answer__is_one_body(void **state)
{
    static const char    body[] =
        "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":"
        "\"up\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        "\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}";
    static const rig_answer_t  a[] = {
        { 200, "application/json", body, sizeof(body) - 1, F0_END_CLEAN }
    };
    rig_t                      rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    rig.answers = a;
    rig.nanswers = 1;

    assert_int_equal(play(&rig, JSON_REQUEST), 0);
    assert_int_equal(rig.status, 200);
    assert_true(has(&rig.out, "\"object\":\"chat.completion\""));
    assert_true(has(&rig.out, "\"content\":\"hi\""));
    assert_true(has(&rig.out, "\"model\":\"f0-code-agent\""));
    assert_string_equal(rig.end, "done");
    assert_string_equal(rig.uri.data, "/up/v1/chat/completions");

    rig_close(&rig);
}


static void
complete_answer__is_streamed_in_pieces_of_80(void **state)
{
    int           k, pieces;
    char          body[4096], text[1024], *p;
    rig_t         rig;
    rig_answer_t  a;

    (void) state;

    /* 200 code points of two bytes each: pieces of 80, 80 and 40 */
    for (k = 0; k < 200; k++) {
        memcpy(text + 2 * k, "\xc3\xa9", 2);
    }
    text[400] = '\0';
    snprintf(body, sizeof(body),
             "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"content\":"
             "\"%s\"},\"finish_reason\":\"stop\"}]}", text);

    rig_open(&rig, "openai", "proxy");
    a.status = 200;
    a.content_type = "application/json; charset=utf-8";
    a.body = body;
    a.len = strlen(body);
    a.end = F0_END_CLEAN;
    rig.answers = &a;
    rig.nanswers = 1;

    assert_int_equal(play(&rig, STREAM_REQUEST), 0);
    assert_int_equal(rig.status, 0);

    pieces = 0;
    for (p = rig.out.data; (p = strstr(p, "\"delta\":{\"content\":\"\xc3")); p++) {
        pieces++;
    }
    assert_int_equal(pieces, 3);
    assert_true(has(&rig.out, "\"finish_reason\":\"stop\""));
    assert_true(has(&rig.out, "data: [DONE]\n\n"));

    rig_close(&rig);
}


static void
two_calls_with_a_wait__make_one_stream(void **state)
{
    static const rig_answer_t  a[] = { SSE(OK_EVENTS) };
    rig_t                      rig;
    const char                *p;

    (void) state;
    rig_open(&rig, "openai", "testing");
    rig.answers = a;
    rig.nanswers = 1;

    for (rig.cut = -9; rig.cut < (int) sizeof(OK_EVENTS); rig.cut++) {
        assert_int_equal(play(&rig, "{\"stream\":true,\"messages\":[{\"role\":"
                              "\"user\",\"content\":\"wait=50 work=1\"}]}"), 0);
        assert_int_equal(rig.calls, 2);
        assert_int_equal(rig.works, 1);
        assert_true(rig.waits >= 1);
        p = strstr(rig.out.data, "{\"content\":\"hi\"}");
        assert_non_null(p);
        assert_non_null(strstr(p + 1, "{\"content\":\"hi\"}"));
        assert_null(strstr(strstr(rig.out.data, "\"assistant\"") + 1,
                           "\"assistant\""));
    }

    rig_close(&rig);
}


/* ---- failures */

static void
unreachable__is_502(void **state)
{
    static const rig_answer_t  a[] = { { 0, "", "", 0, F0_END_UNREACHABLE } };
    rig_t                      rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    rig.answers = a;
    rig.nanswers = 1;

    assert_int_equal(play(&rig, STREAM_REQUEST), 0);
    assert_int_equal(rig.status, 502);
    assert_true(has(&rig.out, "\"code\":\"upstream_error\""));
    assert_string_equal(rig.end, "upstream_error");

    rig_close(&rig);
}


static void
silent_provider__is_504_after_its_deadline(void **state)
{
    f0_turn_t          *turn;
    f0_action_t         a;
    f0_turn_options_t   o;
    rig_t               rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    memset(&o, 0, sizeof(o));
    o.seed = rig_str("0123");
    o.body_max = 1 << 20;
    o.first_byte_ms = 5000;
    o.stream_header = rig_str("");
    turn = f0_turn_new(rig.worker, rig.config, &o);

    assert_int_equal(f0_turn_body(turn, STREAM_REQUEST,
                                  sizeof(STREAM_REQUEST) - 1, 1), F0_OK);
    assert_int_equal(f0_turn_next(turn, 10, &a), F0_OK);
    assert_int_equal(a.kind, F0_CALL_MODEL);
    assert_int_equal(a.deadline, 5010);
    assert_int_equal(f0_turn_next(turn, 5009, &a), F0_OK);
    assert_int_equal(a.kind, F0_WAIT);
    assert_int_equal(f0_turn_next(turn, 5010, &a), F0_OK);
    assert_int_equal(a.kind, F0_RESPOND);
    assert_int_equal(a.response.status, 504);

    f0_turn_free(turn);
    rig_close(&rig);
}


static void
provider_that_waits_for_us__is_not_late(void **state)
{
    f0_turn_t          *turn;
    f0_header_t         h;
    f0_action_t         a;
    f0_turn_options_t   o;
    rig_t               rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    memset(&o, 0, sizeof(o));
    o.seed = rig_str("0123");
    o.body_max = 1 << 20;
    o.first_byte_ms = 5000;
    o.idle_ms = 4000;
    o.stream_header = rig_str("");
    turn = f0_turn_new(rig.worker, rig.config, &o);

    f0_turn_body(turn, STREAM_REQUEST, sizeof(STREAM_REQUEST) - 1, 1);
    f0_turn_next(turn, 10, &a);
    assert_int_equal(a.kind, F0_CALL_MODEL);

    /* It is not asked before the client has read what waits. */

    assert_int_equal(f0_turn_model_hold(turn, 1, 10), F0_OK);
    assert_int_equal(f0_turn_next(turn, 8000, &a), F0_OK);
    assert_int_equal(a.kind, F0_WAIT);
    assert_true(a.deadline <= 13000);
    assert_int_equal(f0_turn_model_hold(turn, 0, 9000), F0_OK);
    f0_turn_next(turn, 13999, &a);
    assert_int_equal(a.kind, F0_WAIT);

    /* Nor is it read. */

    h.name = rig_str("content-type");
    h.value = rig_str("text/event-stream");
    f0_turn_model_head(turn, 200, &h, 1, 13999);
    assert_int_equal(f0_turn_model_data(turn, OK_EVENTS, 60, 13999), F0_OK);
    f0_turn_model_hold(turn, 1, 14000);
    f0_turn_next(turn, 30000, &a);
    assert_int_equal(a.kind, F0_WAIT);
    f0_turn_model_hold(turn, 0, 30000);
    f0_turn_next(turn, 33999, &a);
    assert_int_equal(a.kind, F0_WAIT);
    f0_turn_next(turn, 34000, &a);
    assert_int_equal(a.kind, F0_FINISHED);

    f0_turn_free(turn);
    rig_close(&rig);
}


static void
cancelled_turn__says_nothing_more(void **state)
{
    f0_str_t            out;
    f0_turn_t          *turn;
    f0_header_t         h;
    f0_action_t         a;
    f0_turn_info_t      info;
    f0_turn_options_t   o;
    rig_t               rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    memset(&o, 0, sizeof(o));
    o.seed = rig_str("0123");
    o.body_max = 1 << 20;
    o.stream_header = rig_str("");
    turn = f0_turn_new(rig.worker, rig.config, &o);
    f0_turn_body(turn, STREAM_REQUEST, sizeof(STREAM_REQUEST) - 1, 1);
    f0_turn_next(turn, 10, &a);
    h.name = rig_str("content-type");
    h.value = rig_str("text/event-stream");
    f0_turn_model_head(turn, 200, &h, 1, 20);
    assert_int_equal(f0_turn_model_data(turn, OK_EVENTS, 60, 20), F0_OK);

    f0_turn_cancel(turn);
    f0_turn_cancel(turn);
    assert_int_equal(f0_turn_model_data(turn, OK_EVENTS, 60, 20), F0_MODEL_DONE);
    assert_int_equal(f0_turn_model_end(turn, F0_END_CLEAN, 20), F0_OK);
    assert_int_equal(f0_turn_output(turn, &out), F0_OK);
    assert_int_equal(out.len, 0);
    assert_int_equal(f0_turn_next(turn, 30, &a), F0_OK);
    assert_int_equal(a.kind, F0_FINISHED);
    f0_turn_info(turn, &info);
    assert_int_equal(info.end.len, sizeof("client_gone") - 1);

    f0_turn_free(turn);
    rig_close(&rig);
}


static void
next_provider__is_asked_while_nothing_was_said(void **state)
{
    static const rig_answer_t  a[] = {
        { 503, "text/plain", "busy", 4, F0_END_CLEAN },
        SSE(OK_EVENTS)
    };
    f0_str_t                   err, argv[3];
    rig_t                      rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    assert_int_equal(f0_config_provider(rig.config, rig_str("two"),
                                        rig_str("openai"), rig_str("/two/v1/"),
                                        rig_str(""), &err), F0_OK);
    argv[0] = rig_str("try");
    argv[1] = rig_str("two");
    argv[2] = rig_str("other-model");
    assert_int_equal(f0_config_model_set(rig.config, argv, 3, &err), F0_OK);
    rig.answers = a;
    rig.nanswers = 2;

    assert_int_equal(play(&rig, STREAM_REQUEST), 0);
    assert_int_equal(rig.calls, 2);
    assert_int_equal(rig.status, 0);
    assert_true(has(&rig.out, "{\"content\":\"hi\"}"));
    assert_string_equal(rig.uri.data, "/two/v1/chat/completions");
    assert_true(has(&rig.asked, "\"model\":\"other-model\""));
    assert_string_equal(rig.end, "done");

    rig_close(&rig);
}


/* Encrypted reasoning alone is no output: it goes with the call that failed. */

static void
next_provider__is_asked_after_details_alone(void **state)
{
    static const char          cut[] =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_details\":"
        "[{\"type\":\"reasoning.encrypted\",\"data\":\"X\"}]}}]}\n\n"
        "data: {\"error\":{\"message\":\"busy\",\"code\":503}}\n\n";
    static const char          good[] =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_details\":"
        "[{\"type\":\"reasoning.encrypted\",\"data\":\"Y\"}]}}]}\n\n"
        OK_EVENTS;
    static const rig_answer_t  a[] = { SSE(cut), SSE(good) };
    rig_t                      rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    rig_next_try(&rig, "openai");
    rig.answers = a;
    rig.nanswers = 2;

    assert_int_equal(play(&rig, STREAM_REQUEST), 0);
    assert_int_equal(rig.calls, 2);
    assert_int_equal(rig.status, 0);
    assert_false(has(&rig.out, "\"X\""));
    assert_true(has(&rig.out, "{\"reasoning_details\":[{\"type\":"
                              "\"reasoning.encrypted\",\"data\":\"Y\"}]}"));
    assert_string_equal(rig.end, "done");

    rig_close(&rig);
}


/* A client that hands nothing back: the provider gets it all the same. */

static void
state_of_a_call__goes_back_with_it(void **state)
{
    static const char          first[] =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"hm\","
        "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\","
        "\"signature\":\"D\"}]}}]}\n\n"
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{"
        "\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"ls\","
        "\"arguments\":\"{}\"},\"extra_content\":{\"google\":{"
        "\"thought_signature\":\"S\"}}}]}}]}\n\n"
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
        "\"tool_calls\"}]}\n\ndata: [DONE]\n\n";
    static const char          second[] =
        "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"},"
        "{\"role\":\"assistant\",\"reasoning_content\":\"hm\",\"tool_calls\":"
        "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"ls\","
        "\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":"
        "\"c1\",\"content\":\"a\"}]}";
    static const rig_answer_t  a[] = { SSE(first) };
    rig_t                      rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    rig.answers = a;
    rig.nanswers = 1;

    assert_int_equal(play(&rig, STREAM_REQUEST), 0);
    assert_int_equal(play(&rig, second), 0);
    assert_true(has(&rig.asked, "\"thought_signature\":\"S\""));
    assert_true(has(&rig.asked, "\"signature\":\"D\""));
    assert_true(has(&rig.asked, "\"reasoning\":\"hm\""));
    assert_false(has(&rig.asked, "reasoning_content"));

    /* another tool under the same id is another call */

    assert_int_equal(play(&rig,
        "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"},"
        "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":"
        "\"c1\",\"type\":\"function\",\"function\":{\"name\":\"rm\","
        "\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":"
        "\"c1\",\"content\":\"a\"}]}"), 0);
    assert_false(has(&rig.asked, "signature"));

    /* and so it is for another client, who gets nothing of this one's */

    rig.client = "somebody else";
    assert_int_equal(play(&rig, second), 0);
    assert_false(has(&rig.asked, "signature"));
    assert_true(has(&rig.asked, "\"reasoning\":\"hm\""));

    rig_close(&rig);
}


/*
 * Thoughts are told when they are whole, before their call: all of those before
 * it go back, in their order.
 */

static void
thoughts_before_a_call__go_back_with_it(void **state)
{
    static const char          first[] =
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n"
        "data: {\"type\":\"content_block_start\",\"index\":0,"
        "\"content_block\":{\"type\":\"thinking\",\"thinking\":\"hm\","
        "\"signature\":\"S\"}}\n\n"
        "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        "data: {\"type\":\"content_block_start\",\"index\":1,"
        "\"content_block\":{\"type\":\"redacted_thinking\",\"data\":\"R\"}}\n\n"
        "data: {\"type\":\"content_block_stop\",\"index\":1}\n\n"
        "data: {\"type\":\"content_block_start\",\"index\":2,"
        "\"content_block\":{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"ls\","
        "\"input\":{}}}\n\n"
        "data: {\"type\":\"content_block_stop\",\"index\":2}\n\n"
        "data: {\"type\":\"content_block_start\",\"index\":3,"
        "\"content_block\":{\"type\":\"thinking\",\"thinking\":\"so\","
        "\"signature\":\"T\"}}\n\n"
        "data: {\"type\":\"content_block_start\",\"index\":4,"
        "\"content_block\":{\"type\":\"tool_use\",\"id\":\"c2\",\"name\":\"ls\","
        "\"input\":{}}}\n\n"
        "data: {\"type\":\"content_block_stop\",\"index\":4}\n\n"
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
        "\"tool_use\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n";
    static const char          second[] =
        "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"},"
        "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c1\",\"type\":"
        "\"function\",\"function\":{\"name\":\"ls\",\"arguments\":\"{}\"}},"
        "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"ls\","
        "\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":"
        "\"c1\",\"content\":\"a\"},{\"role\":\"tool\",\"tool_call_id\":"
        "\"c2\",\"content\":\"b\"}]}";
    static const rig_answer_t  a[] = { SSE(first) };
    rig_t                      rig;

    (void) state;
    rig_open(&rig, "anthropic", "proxy");
    rig.answers = a;
    rig.nanswers = 1;

    assert_int_equal(play(&rig, STREAM_REQUEST), 0);
    assert_int_equal(play(&rig, second), 0);
    assert_true(has(&rig.asked,
                    "[{\"type\":\"thinking\",\"thinking\":\"hm\","
                    "\"signature\":\"S\"},{\"type\":\"redacted_thinking\","
                    "\"data\":\"R\"},{\"type\":\"tool_use\",\"id\":\"c1\""));
    assert_true(has(&rig.asked,
                    ",{\"type\":\"thinking\",\"thinking\":\"so\","
                    "\"signature\":\"T\"},{\"type\":\"tool_use\",\"id\":\"c2\""));

    rig_close(&rig);
}


static void
next_provider__is_not_asked_once_something_was_said(void **state)
{
    static const char          cut[] =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\n";
    static const rig_answer_t  a[] = {
        { 200, "text/event-stream", cut, sizeof(cut) - 1, F0_END_TRUNCATED },
        SSE(OK_EVENTS)
    };
    f0_str_t                   err, argv[2];
    rig_t                      rig;

    (void) state;
    rig_open(&rig, "openai", "proxy");
    argv[0] = rig_str("try");
    argv[1] = rig_str("up");
    assert_int_equal(f0_config_model_set(rig.config, argv, 2, &err), F0_OK);
    rig.answers = a;
    rig.nanswers = 2;

    assert_int_equal(play(&rig, STREAM_REQUEST), 0);
    assert_int_equal(rig.calls, 1);
    assert_true(has(&rig.out, "\"code\":\"stream_truncated\""));
    assert_true(has(&rig.out, "data: [DONE]\n\n"));
    assert_false(has(&rig.out, "\"finish_reason\":\"stop\""));
    assert_string_equal(rig.end, "upstream_truncated");

    rig_close(&rig);
}


/* ---- the raw lane */

static void
raw_lane__passes_bytes_untouched(void **state)
{
    static const char          request[] =
        "{ \"stream\" : true,\"zzz\":1.50, \"model\":\"client\\u002fname\","
        "\"messages\":[{\"content\":\"\\u0041\",\"role\":\"user\"}] }";
    static const char          answer[] =
        "data:{\"strange\":true,\"choices\":[{\"index\":0,\"delta\":{\"content\""
        ":\"\\u0068i\"},\"finish_reason\":\"stop\"}]}\r\n\r\n"
        ": a comment\n\ndata: [DONE]\n\n";
    static const rig_answer_t  a[] = { SSE(answer) };
    rig_t                      rig;

    (void) state;
    rig_open(&rig, "openai", "raw");
    rig.answers = a;
    rig.nanswers = 1;

    for (rig.cut = -9; rig.cut < (int) sizeof(answer); rig.cut++) {
        assert_int_equal(play(&rig, request), 0);
        assert_string_equal(rig.asked.data, request);
        assert_string_equal(rig.out.data, answer);
        assert_string_equal(rig.end, "done");
    }

    rig_close(&rig);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixtures__cut_anywhere__give_the_same_stream),
        cmocka_unit_test(json_error__is_an_openai_object),
        cmocka_unit_test(unknown_model__is_404_with_param),
        cmocka_unit_test(large_request__is_worked_on_in_a_thread),
        cmocka_unit_test(json_answer__is_one_body),
        cmocka_unit_test(complete_answer__is_streamed_in_pieces_of_80),
        cmocka_unit_test(two_calls_with_a_wait__make_one_stream),
        cmocka_unit_test(unreachable__is_502),
        cmocka_unit_test(silent_provider__is_504_after_its_deadline),
        cmocka_unit_test(provider_that_waits_for_us__is_not_late),
        cmocka_unit_test(cancelled_turn__says_nothing_more),
        cmocka_unit_test(next_provider__is_asked_while_nothing_was_said),
        cmocka_unit_test(next_provider__is_asked_after_details_alone),
        cmocka_unit_test(state_of_a_call__goes_back_with_it),
        cmocka_unit_test(thoughts_before_a_call__go_back_with_it),
        cmocka_unit_test(next_provider__is_not_asked_once_something_was_said),
        cmocka_unit_test(raw_lane__passes_bytes_untouched),
    };

    return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
