
/*
 * Copyright (C) 2026 The f0 authors
 *
 * A client's request: whether it may come here, paths and methods, the body.
 */


#include "ngx_http_f0.h"


static ngx_int_t ngx_http_f0_request_models(ngx_http_request_t *r,
    const f0_route_t *route);
static ngx_int_t ngx_http_f0_request_turn(ngx_http_request_t *r);
static void ngx_http_f0_request_body(ngx_http_request_t *r);
static void ngx_http_f0_request_slow(ngx_http_request_t *r);
static ngx_uint_t ngx_http_f0_request_media_type(ngx_http_request_t *r,
    ngx_uint_t strict);
static ngx_uint_t ngx_http_f0_request_encoded(ngx_http_request_t *r);


/*
 * Ours is the first one of the phase: a preflight carries no key and must
 * not meet limits or auth_request.
 */

ngx_int_t
ngx_http_f0_request_preaccess(ngx_http_request_t *r)
{
    ngx_http_f0_call_t      *call;
    ngx_http_f0_loc_conf_t  *flcf;

    call = ngx_http_f0_call_get(r);

    if (call) {
        return ngx_http_f0_call_enter(call, r);
    }

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    if (flcf->provider) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "f0: a request came to the location of an f0_provider, "
                      "where only f0's own calls may come");
        return NGX_HTTP_NOT_FOUND;
    }

    if (r != r->main) {

        if (!flcf->enable) {
            return NGX_DECLINED;
        }

        /* no key is asked of a subrequest, and a turn needs its connection */

        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "f0: a subrequest (of mirror, SSI, auth_request ...) "
                      "came to an f0 location, which can't answer it");
        return NGX_HTTP_NOT_FOUND;
    }

    if (!flcf->enable
        || r->method != NGX_HTTP_OPTIONS
        || ngx_http_f0_ctx_header(r, "origin", sizeof("origin") - 1) == NULL)
    {
        return NGX_DECLINED;
    }

    ngx_http_finalize_request(r, ngx_http_f0_cors_preflight(r));

    return NGX_DONE;
}


ngx_int_t
ngx_http_f0_request_handler(ngx_http_request_t *r)
{
    u_char             *p;
    f0_route_t          route;
    ngx_str_t           detail;
    ngx_http_f0_ctx_t  *ctx;

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "http f0 handler: %V \"%V\"", &r->method_name, &r->uri);

    ctx = ngx_http_f0_ctx_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* by "f0_keys off", or by "satisfy any" */

    ctx->keyless = (ngx_http_f0_key_find(r) == NULL) ? 1 : 0;

    if (r->method == NGX_HTTP_OPTIONS) {
        return ngx_http_f0_cors_preflight(r);
    }

    ngx_http_f0_core_route(r, &route);

    switch (route.kind) {

    case F0_ROUTE_TURN:
        return ngx_http_f0_request_turn(r);

    case F0_ROUTE_MODELS:
        return ngx_http_f0_request_models(r, &route);

    case F0_ROUTE_METHOD:
        detail.data = (u_char *) route.allow.data;
        detail.len = route.allow.len;

        return ngx_http_f0_error_send(r, F0_FAIL_METHOD, NGX_HTTP_NOT_ALLOWED,
                                      &detail);

    default: /* F0_ROUTE_PATH */

        detail.len = r->method_name.len + 1 + r->uri.len;
        detail.data = (u_char *) ngx_pnalloc(r->pool, detail.len);
        if (detail.data == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        p = ngx_cpymem(detail.data, r->method_name.data, r->method_name.len);
        *p++ = ' ';
        ngx_memcpy(p, r->uri.data, r->uri.len);

        return ngx_http_f0_error_send(r, F0_FAIL_PATH, NGX_HTTP_NOT_FOUND,
                                      &detail);
    }
}


static ngx_int_t
ngx_http_f0_request_models(ngx_http_request_t *r, const f0_route_t *route)
{
    f0_response_t  res;

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        r->keepalive = 0;
    }

    if (ngx_http_f0_core_models(r, route, &res) != NGX_OK
        || ngx_http_f0_answer_set(r, &res) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_f0_output_answer(r);
}


static ngx_int_t
ngx_http_f0_request_turn(ngx_http_request_t *r)
{
    ngx_int_t           rc;
    ngx_http_f0_ctx_t  *ctx;

    ctx = ngx_http_f0_ctx_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ngx_http_f0_request_media_type(r, ctx->keyless)) {
        return ngx_http_f0_error_send(r, F0_FAIL_MEDIA_TYPE,
                                  NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, NULL);
    }

    if (ngx_http_f0_request_encoded(r)) {
        return ngx_http_f0_error_send(r, F0_FAIL_ENCODING,
                                  NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, NULL);
    }

    rc = ngx_http_read_client_request_body(r, ngx_http_f0_request_body);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    if (rc == NGX_AGAIN) {
        ctx->read_body = r->read_event_handler;
        r->read_event_handler = ngx_http_f0_request_slow;
    }

    return NGX_DONE;
}


/*
 * curl's own type of -d is taken for what it holds.  Not so without a key: any
 * page can have a browser post that, and only JSON needs a preflight.
 */

static ngx_uint_t
ngx_http_f0_request_media_type(ngx_http_request_t *r, ngx_uint_t strict)
{
    size_t      len;
    ngx_str_t  *type;

    if (r->headers_in.content_type == NULL) {
        return !strict;
    }

    type = &r->headers_in.content_type->value;

    for (len = 0; len < type->len; len++) {
        if (type->data[len] == ';'
            || type->data[len] == ' '
            || type->data[len] == '\t')
        {
            break;
        }
    }

#define ngx_http_f0_is(s)                                                     \
    (len == sizeof(s) - 1                                                     \
     && ngx_strncasecmp(type->data, (u_char *) s, sizeof(s) - 1) == 0)

    if (ngx_http_f0_is("application/json")) {
        return 1;
    }

    return !strict
           && (len == 0
               || ngx_http_f0_is("application/x-www-form-urlencoded"));

#undef ngx_http_f0_is
}


static ngx_uint_t
ngx_http_f0_request_encoded(ngx_http_request_t *r)
{
    ngx_table_elt_t  *h;

    h = ngx_http_f0_ctx_header(r, "content-encoding",
                               sizeof("content-encoding") - 1);

    return h
           && h->value.len
           && (h->value.len != sizeof("identity") - 1
               || ngx_strncasecmp(h->value.data, (u_char *) "identity",
                                  sizeof("identity") - 1)
                  != 0);
}


static void
ngx_http_f0_request_body(ngx_http_request_t *r)
{
    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "http f0 body handler");

    if (ngx_http_f0_turn_create(r) != NGX_OK) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    ngx_http_f0_turn_wake(r);
}


/* nginx drops the connection of a client that is too slow: say why */

static void
ngx_http_f0_request_slow(ngx_http_request_t *r)
{
    ngx_connection_t   *c;
    ngx_http_f0_ctx_t  *ctx;

    c = r->connection;

    ctx = (ngx_http_f0_ctx_t *)
              ngx_http_get_module_ctx(r, ngx_http_f0_module);

    if (!c->read->timedout) {
        ctx->read_body(r);
        return;
    }

    c->read->timedout = 0;
    r->keepalive = 0;
    r->lingering_close = 1;
    r->read_event_handler = ngx_http_block_reading;

    ngx_http_finalize_request(r,
                              ngx_http_f0_error_send(r, F0_FAIL_STATUS,
                                                 NGX_HTTP_REQUEST_TIME_OUT,
                                                 NULL));
}
