/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_route.c - what each path, method and location is for.
 */

#include "checks.h"

#include <string.h>

#include "rig.h"


#define V1  "/api/openai_compat/v1/"

typedef struct {
    const char       *location, *method, *uri;
    int               anthropic;
    f0_route_kind_t   kind;
    f0_front_t        front;
    const char       *model;                /* of a model; or the Allow list */
} row_t;

static const row_t  rows[] = {

    /* each front at its path */

    { V1, "POST", V1 "chat/completions", 0, F0_ROUTE_TURN, F0_FRONT_CHAT, "" },
    { V1, "POST", V1 "messages", 0, F0_ROUTE_TURN, F0_FRONT_MESSAGES, "" },
    { V1, "POST", V1 "messages/count_tokens", 0, F0_ROUTE_TURN,
      F0_FRONT_COUNT_TOKENS, "" },
    { V1, "POST", V1 "responses", 0, F0_ROUTE_TURN, F0_FRONT_RESPONSES, "" },
    { V1, "POST", V1 "completions", 0, F0_ROUTE_TURN, F0_FRONT_COMPLETIONS, "" },
    { V1, "POST", V1 "fim/completions", 0, F0_ROUTE_TURN, F0_FRONT_FIM, "" },

    /* and the header changes none of them */

    { V1, "POST", V1 "chat/completions", 1, F0_ROUTE_TURN, F0_FRONT_CHAT, "" },
    { V1, "POST", V1 "responses", 1, F0_ROUTE_TURN, F0_FRONT_RESPONSES, "" },

    /* slashes */

    { V1, "POST", V1 "messages/", 0, F0_ROUTE_TURN, F0_FRONT_MESSAGES, "" },
    { V1, "POST", V1 "/messages", 0, F0_ROUTE_TURN, F0_FRONT_MESSAGES, "" },
    { V1, "POST", V1 "messages//count_tokens//", 0, F0_ROUTE_TURN,
      F0_FRONT_COUNT_TOKENS, "" },
    { "/v1", "POST", "/v1/messages", 0, F0_ROUTE_TURN, F0_FRONT_MESSAGES, "" },
    { "/v1", "POST", "/v1messages", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },
    { "/", "POST", "/responses", 0, F0_ROUTE_TURN, F0_FRONT_RESPONSES, "" },

    /* methods */

    { V1, "GET", V1 "messages", 0, F0_ROUTE_METHOD, F0_FRONT_MESSAGES,
      "POST, OPTIONS" },
    { V1, "PUT", V1 "responses/", 0, F0_ROUTE_METHOD, F0_FRONT_RESPONSES,
      "POST, OPTIONS" },
    { V1, "HEAD", V1 "completions", 0, F0_ROUTE_METHOD, F0_FRONT_COMPLETIONS,
      "POST, OPTIONS" },
    { V1, "post", V1 "completions", 0, F0_ROUTE_METHOD, F0_FRONT_COMPLETIONS,
      "POST, OPTIONS" },
    { V1, "POST", V1 "models", 0, F0_ROUTE_METHOD, F0_FRONT_CHAT,
      "GET, HEAD, OPTIONS" },
    { V1, "DELETE", V1 "models/m", 1, F0_ROUTE_METHOD, F0_FRONT_MESSAGES,
      "GET, HEAD, OPTIONS" },

    /* models */

    { V1, "GET", V1 "models", 0, F0_ROUTE_MODELS, F0_FRONT_CHAT, "" },
    { V1, "HEAD", V1 "models/", 1, F0_ROUTE_MODELS, F0_FRONT_MESSAGES, "" },
    { V1, "GET", V1 "models/a/b", 0, F0_ROUTE_MODELS, F0_FRONT_CHAT, "a/b" },
    { V1, "GET", V1 "models//m/", 0, F0_ROUTE_MODELS, F0_FRONT_CHAT, "m" },
    { V1, "GET", V1 "modelss", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },

    /* nothing there */

    { V1, "POST", V1 "message", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },
    { V1, "POST", V1 "messages/batches", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },
    { V1, "POST", V1 "messages/batches", 1, F0_ROUTE_PATH, F0_FRONT_MESSAGES,
      "" },
    { V1, "GET", V1 "responses/resp_1", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },
    { V1, "POST", V1 "responses/compact", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },
    { V1, "GET", V1 "streams/1", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },
    { V1, "GET", V1, 1, F0_ROUTE_PATH, F0_FRONT_MESSAGES, "" },
    { V1, "POST", V1 "x/messages", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },

    /* a location that is a path by itself */

    { "/x/messages", "POST", "/x/messages", 0, F0_ROUTE_TURN,
      F0_FRONT_MESSAGES, "" },
    { "/x/messages/", "POST", "/x/messages/", 0, F0_ROUTE_TURN,
      F0_FRONT_MESSAGES, "" },
    { "/x/models/m", "GET", "/x/models/m", 0, F0_ROUTE_PATH, F0_FRONT_CHAT,
      NULL },

    /* one that is not in the URI: a regular location, a rewrite */

    { "", "POST", "/any/v1/fim/completions", 0, F0_ROUTE_TURN, F0_FRONT_FIM, "" },
    { "", "POST", "/any/v1//messages/count_tokens/", 0, F0_ROUTE_TURN,
      F0_FRONT_COUNT_TOKENS, "" },
    { V1, "POST", "/v1/responses", 0, F0_ROUTE_TURN, F0_FRONT_RESPONSES, "" },
    { "", "GET", "/models-api/models/m", 0, F0_ROUTE_MODELS, F0_FRONT_CHAT, "m" },
    { "", "POST", "/models/chat/completions", 0, F0_ROUTE_TURN, F0_FRONT_CHAT,
      "" },
    { "", "GET", "/modelsx/messagesx", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },
    { "", "", "", 0, F0_ROUTE_PATH, F0_FRONT_CHAT, "" },
    { "", "", "", 1, F0_ROUTE_PATH, F0_FRONT_MESSAGES, "" },
};


static void
route__of_a_request__is_the_tables(void **state)
{
    int           wants_id;
    size_t        i;
    f0_str_t      s;
    f0_route_t    out;
    const row_t  *r;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        r = &rows[i];

        f0_route(rig_str(r->location), rig_str(r->uri), rig_str(r->method),
                 r->anthropic, &out);

        print_message("%s %s in \"%s\"\n", r->method, r->uri, r->location);

        assert_int_equal(out.kind, r->kind);
        assert_int_equal(out.front, r->front);

        if (r->model != NULL) {
            s = r->kind == F0_ROUTE_METHOD ? out.allow : out.model;
            assert_int_equal(s.len, strlen(r->model));
            assert_memory_equal(s.data, r->model, s.len);
        }

        wants_id = r->front == F0_FRONT_MESSAGES
                   || r->front == F0_FRONT_COUNT_TOKENS;
        assert_int_equal(out.id_header.len, wants_id ? 10 : 0);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(route__of_a_request__is_the_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
