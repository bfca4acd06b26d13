/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_models.c - which model a name means, and how models are listed.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

#define ANSWER                                                                \
    "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"hi\"},"            \
    "\"finish_reason\":\"stop\"}]}"


static const rig_answer_t  answer[] = {
    { 200, "application/json", ANSWER, sizeof(ANSWER) - 1, F0_END_CLEAN }
};


/* Models |ids|, each of which asks for "up-ID". */

static void
models(rig_t *rig, const char *const *ids)
{
    char      name[64];
    f0_str_t  err, argv[3];

    memset(rig, 0, sizeof(*rig));
    rig->config = f0_config_new();
    rig->worker = f0_worker_new();
    rig->answers = answer;
    rig->nanswers = 1;

    assert_int_equal(f0_config_provider(rig->config, rig_str("up"),
                                        rig_str("openai"), rig_str("/up/"),
                                        rig_str(""), &err), F0_OK);

    for ( /* void */ ; *ids != NULL; ids++) {
        snprintf(name, sizeof(name), "up-%s", *ids);
        argv[0] = rig_str("try");
        argv[1] = rig_str("up");
        argv[2] = rig_str(name);
        assert_int_equal(f0_config_model(rig->config, rig_str(*ids), &err),
                         F0_OK);
        assert_int_equal(f0_config_model_set(rig->config, argv, 3, &err), F0_OK);
    }

    assert_int_equal(f0_config_check(rig->config, &err), F0_OK);
}


/* The model |name| asks its provider for |up|; NULL: there is none. */

static void
means(rig_t *rig, const char *name, const char *up)
{
    char  request[256], want[128];

    snprintf(request, sizeof(request), "{\"model\":\"%s\","
             "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", name);
    rig_clear(&rig->out);
    rig_clear(&rig->asked);
    rig->calls = 0;
    assert_int_equal(rig_play(rig, request, strlen(request)), 0);

    if (up == NULL) {
        assert_int_equal(rig->status, 404);
        assert_int_equal(rig->calls, 0);
        return;
    }

    assert_int_equal(rig->status, 200);
    snprintf(want, sizeof(want), "{\"model\":\"%s\"", up);
    assert_memory_equal(rig->asked.data, want, strlen(want));
    snprintf(want, sizeof(want), "\"model\":\"%s\"", name);
    assert_non_null(strstr(rig->out.data, want));
}


static void
name__means_its_own_model__then_the_longest_prefix(void **state)
{
    rig_t              rig;
    const char *const  ids[] = { "a-*", "a-b", "a-b-long-*", "a-b-*", NULL };

    (void) state;
    models(&rig, ids);

    means(&rig, "a-b", "up-a-b");
    means(&rig, "a-", "up-a-*");
    means(&rig, "a-c", "up-a-*");
    means(&rig, "a-b-c", "up-a-b-*");
    means(&rig, "a-b-long-", "up-a-b-long-*");
    means(&rig, "a-b-long-er", "up-a-b-long-*");
    means(&rig, "a-*", "up-a-*");
    means(&rig, "a", NULL);
    means(&rig, "b", NULL);

    rig_close(&rig);
}


static void
star_alone__takes_what_no_other_takes(void **state)
{
    rig_t              rig;
    const char *const  ids[] = { "*", "a-*", "b", NULL };

    (void) state;
    models(&rig, ids);

    means(&rig, "b", "up-b");
    means(&rig, "a-b", "up-a-*");
    means(&rig, "a", "up-*");
    means(&rig, "vendor/model:7b", "up-*");
    means(&rig, "*", "up-*");

    rig_close(&rig);
}


static void
star__stands_at_the_end_only(void **state)
{
    f0_str_t     err;
    const char  *odd[] = { "a*b", "*a", "**", "a**" };
    f0_config_t *cf = f0_config_new();

    (void) state;

    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        assert_int_equal(f0_config_model(cf, rig_str(odd[i]), &err),
                         F0_ERR_CONFIG);
    }

    f0_config_free(cf);
}


static void
asked(rig_t *rig, const char *id, int anthropic, int status, const char *want)
{
    f0_response_t  r;

    assert_int_equal(f0_worker_models(rig->worker, rig->config, rig_str(id),
                                      anthropic ? F0_FRONT_MESSAGES
                                                : F0_FRONT_CHAT,
                                      rig_str("0123456789abcdef"), &r), F0_OK);
    assert_int_equal(r.status, status);

    if (want != NULL) {
        assert_int_equal(r.body.len, strlen(want));
        assert_memory_equal(r.body.data, want, r.body.len);
    }
}

#define OPENAI(id)                                                            \
    "{\"id\":\"" id "\",\"object\":\"model\",\"created\":1732665600,"         \
    "\"owned_by\":\"f0\"}"

#define ANTHROPIC(id)                                                         \
    "{\"type\":\"model\",\"id\":\"" id "\",\"display_name\":\"" id "\","      \
    "\"created_at\":\"2024-11-27T00:00:00Z\"}"


static void
models__are_listed_in_both_forms__without_patterns(void **state)
{
    rig_t              rig;
    const char *const  ids[] = { "*", "x/1", "x-*", "y", NULL };
    const char *const  one[] = { "z", NULL };
    const char *const  none[] = { "x-*", NULL };

    (void) state;

    models(&rig, ids);
    asked(&rig, "", 0, 200, "{\"object\":\"list\",\"data\":[" OPENAI("x/1") ","
          OPENAI("y") "]}");
    asked(&rig, "", 1, 200, "{\"data\":[" ANTHROPIC("x/1") "," ANTHROPIC("y")
          "],\"has_more\":false,\"first_id\":\"x/1\",\"last_id\":\"y\"}");
    asked(&rig, "x%2F1", 0, 200, OPENAI("x/1"));
    asked(&rig, "x/1", 1, 200, ANTHROPIC("x/1"));
    asked(&rig, "x-", 0, 404, NULL);
    asked(&rig, "x-*", 1, 404, NULL);
    rig_close(&rig);

    models(&rig, one);
    asked(&rig, "", 1, 200, "{\"data\":[" ANTHROPIC("z")
          "],\"has_more\":false,\"first_id\":\"z\",\"last_id\":\"z\"}");
    rig_close(&rig);

    models(&rig, none);
    asked(&rig, "", 0, 200, "{\"object\":\"list\",\"data\":[]}");
    asked(&rig, "", 1, 200, "{\"data\":[],\"has_more\":false,"
          "\"first_id\":null,\"last_id\":null}");
    rig_close(&rig);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(name__means_its_own_model__then_the_longest_prefix),
        cmocka_unit_test(star_alone__takes_what_no_other_takes),
        cmocka_unit_test(star__stands_at_the_end_only),
        cmocka_unit_test(models__are_listed_in_both_forms__without_patterns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
