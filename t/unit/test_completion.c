/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_completion.c - prompts and middles: read, sent, answered.
 */

#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "completion_checks.h"
#include "rig.h"

#define CHUNK(text, finish)                                                   \
    "data: {\"choices\":[{\"index\":0,\"text\":\"" text "\","                 \
    "\"logprobs\":null,\"finish_reason\":" finish "}]}\n\n"

#define MIDDLE                                                                \
    CHUNK("```py\\na", "null") CHUNK(" + b\\n``", "null") CHUNK("`", "null")    \
    CHUNK("<|endof", "null") CHUNK("text|>x", "null")

#define WHOLE                                                                 \
    "{\"choices\":[{\"index\":0,\"text\":\"x\",\"finish_reason\":\"stop\"}]}"

#define ASK(more)  "{\"model\":\"m\",\"prompt\":\"return \"" more "}"
#define CHAT       "{\"model\":\"m\",\"messages\":[{\"role\":\"user\","         \
                   "\"content\":\"x\"}]}"


TEST(completion_check_requests)
TEST(completion_check_corpus)
TEST(completion_check_families)
TEST(completion_check_bodies)
TEST(completion_check_paths)
TEST(completion_check_stops)
TEST(completion_check_refused)
TEST(completion_check_fences)
TEST(completion_check_prompts_in_fences)
TEST(completion_check_answers)
TEST(completion_check_middles)
TEST(completion_check_stream)
TEST(completion_check_body)


static const rig_answer_t  middle[] = {
    { 200, "text/event-stream", MIDDLE, sizeof(MIDDLE) - 1, F0_END_CLEAN }
};


static const rig_answer_t  whole[] = {
    { 200, "application/json", WHOLE, sizeof(WHOLE) - 1, F0_END_CLEAN }
};


/* The model m, with these words in its try line; more of them: another line. */

static void
model(rig_t *rig, const char *mode, const char *const *tries)
{
    size_t    n;
    f0_str_t  err, argv[4];

    memset(rig, 0, sizeof(*rig));
    rig->config = f0_config_new();
    rig->worker = f0_worker_new();
    rig->front = F0_FRONT_COMPLETIONS;
    rig->answers = middle;
    rig->nanswers = 1;

    assert_int_equal(f0_config_provider(rig->config, rig_str("up"),
                                        rig_str("openai"), rig_str("/up/v1/"),
                                        rig_str(""), &err), F0_OK);
    assert_int_equal(f0_config_provider(rig->config, rig_str("claude"),
                                        rig_str("anthropic"), rig_str("/c/"),
                                        rig_str(""), &err), F0_OK);
    assert_int_equal(f0_config_model(rig->config, rig_str("m"), &err), F0_OK);
    argv[0] = rig_str("mode");
    argv[1] = rig_str(mode);
    assert_int_equal(f0_config_model_set(rig->config, argv, 2, &err), F0_OK);

    for ( /* void */ ; *tries != NULL; tries += 2) {
        argv[0] = rig_str("try");
        argv[1] = rig_str(tries[0]);
        argv[2] = rig_str("real");
        argv[3] = rig_str(tries[1]);
        n = *tries[1] == '\0' ? 3 : 4;
        assert_int_equal(f0_config_model_set(rig->config, argv, n, &err),
                         F0_OK);
    }

    assert_int_equal(f0_config_check(rig->config, &err), F0_OK);
}


static int
play(rig_t *rig, const char *request)
{
    rig_clear(&rig->out);
    return rig_play(rig, request, strlen(request));
}


static int
has(const rig_buf_t *b, const char *s)
{
    return strstr(b->data, s) != NULL;
}


static void
middle__cut_anywhere__reaches_the_client_alone(void **state)
{
    int                cut;
    char              *text, *p;
    rig_t              rig;
    const char *const  tries[] = { "up", "fim=qwen", NULL };

    (void) state;
    model(&rig, "fim", tries);

    for (cut = -2; cut < (int) sizeof(MIDDLE); cut++) {
        rig.cut = cut;
        assert_int_equal(play(&rig, ASK(",\"suffix\":\";\",\"stream\":true")),
                         0);
        assert_string_equal(rig.uri.data, "/up/v1/completions");
        assert_true(has(&rig.asked,
                        "\"prompt\":\"<|fim_prefix|>return <|fim_suffix|>;"
                        "<|fim_middle|>\""));
        assert_true(has(&rig.out, "\"object\":\"text_completion\""));
        assert_true(has(&rig.out, "\"text\":\"\",\"logprobs\":null,"
                                  "\"finish_reason\":\"stop\""));
        assert_true(has(&rig.out, "data: [DONE]\n\n"));

        text = calloc(1, rig.out.len + 1);
        for (p = rig.out.data; (p = strstr(p, "\"text\":\"")) != NULL; p++) {
            strncat(text, p + 8, strcspn(p + 8, "\""));
        }
        assert_string_equal(text, "a + b");
        free(text);
        rig_clear(&rig.asked);
        rig_clear(&rig.uri);
    }

    rig_close(&rig);
}


static void
middle__whole__is_in_the_form_of_its_path(void **state)
{
    rig_t              rig;
    const char *const  tries[] = { "up", "fim=qwen", NULL };

    (void) state;
    model(&rig, "fim", tries);

    assert_int_equal(play(&rig, ASK(",\"suffix\":\";\"")), 0);
    assert_int_equal(rig.status, 200);
    assert_true(has(&rig.out, "\"choices\":[{\"index\":0,\"text\":\"a + b\""));

    rig.front = F0_FRONT_FIM;
    assert_int_equal(play(&rig, ASK(",\"suffix\":\";\"")), 0);
    assert_true(has(&rig.out, "\"object\":\"chat.completion\""));
    assert_true(has(&rig.out, "\"content\":\"a + b\""));

    rig_close(&rig);
}


static void
model_of_middles__is_offered_nowhere_else(void **state)
{
    rig_t              rig;
    const char *const  tries[] = { "up", "fim=qwen", NULL };

    (void) state;
    model(&rig, "fim", tries);
    rig.front = F0_FRONT_CHAT;

    assert_int_equal(play(&rig, CHAT), 0);
    assert_int_equal(rig.status, 404);
    assert_true(has(&rig.out, "\"code\":\"model_not_found\""));
    assert_int_equal(rig.calls, 0);

    rig_close(&rig);
}


static void
suffix__goes_to_a_line_that_fills_middles(void **state)
{
    rig_t              rig;
    const char *const  none[] = { "claude", "", "up", "", NULL };
    const char *const  last[] = { "claude", "", "up", "", "up", "fim=suffix",
                                  NULL };

    (void) state;

    model(&rig, "proxy", none);
    rig.answers = whole;
    assert_int_equal(play(&rig, ASK(",\"suffix\":\";\"")), 0);
    assert_int_equal(rig.status, 400);
    assert_true(has(&rig.out, "\"param\":\"suffix\","
                              "\"code\":\"unsupported_value\""));
    assert_int_equal(rig.calls, 0);

    /* The provider of chats alone is passed over. */
    assert_int_equal(play(&rig, ASK("")), 0);
    assert_int_equal(rig.status, 200);
    assert_true(has(&rig.asked, "\"prompt\":\"return \""));
    rig_close(&rig);

    model(&rig, "agent", last);
    rig.answers = whole;
    assert_int_equal(play(&rig, ASK(",\"suffix\":\";\"")), 0);
    assert_int_equal(rig.status, 200);
    assert_true(has(&rig.asked, "\"suffix\":\";\""));
    rig_close(&rig);
}


static void
raw_lane__asks_the_path_that_the_client_asked(void **state)
{
    rig_t              rig;
    const char *const  tries[] = { "up", "", NULL };

    (void) state;
    model(&rig, "raw", tries);
    rig.answers = whole;
    rig.raw = 1;

    assert_int_equal(play(&rig, ASK(",\"suffix\":\";\",\"x\":1")), 0);
    assert_string_equal(rig.uri.data, "/up/v1/completions");
    assert_true(has(&rig.asked, "\"suffix\":\";\",\"x\":1}"));

    rig_clear(&rig.uri);
    rig.front = F0_FRONT_FIM;
    assert_int_equal(play(&rig, ASK("")), 0);
    assert_string_equal(rig.uri.data, "/up/v1/fim/completions");

    rig_close(&rig);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_completion_check_requests),
        cmocka_unit_test(test_completion_check_corpus),
        cmocka_unit_test(test_completion_check_families),
        cmocka_unit_test(test_completion_check_bodies),
        cmocka_unit_test(test_completion_check_paths),
        cmocka_unit_test(test_completion_check_stops),
        cmocka_unit_test(test_completion_check_refused),
        cmocka_unit_test(test_completion_check_fences),
        cmocka_unit_test(test_completion_check_prompts_in_fences),
        cmocka_unit_test(test_completion_check_answers),
        cmocka_unit_test(test_completion_check_middles),
        cmocka_unit_test(test_completion_check_stream),
        cmocka_unit_test(test_completion_check_body),
        cmocka_unit_test(middle__cut_anywhere__reaches_the_client_alone),
        cmocka_unit_test(middle__whole__is_in_the_form_of_its_path),
        cmocka_unit_test(model_of_middles__is_offered_nowhere_else),
        cmocka_unit_test(suffix__goes_to_a_line_that_fills_middles),
        cmocka_unit_test(raw_lane__asks_the_path_that_the_client_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
