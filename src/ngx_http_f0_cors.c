
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Pages of other origins: what a browser lets them ask and read.
 */


#include "ngx_http_f0.h"


static ngx_str_t *ngx_http_f0_cors_origin(ngx_http_request_t *r);


/*
 * With this a stream's header is too large for a block of a small pool: it has
 * a block of its own, which _output_push() frees.
 */

static ngx_str_t  ngx_http_f0_exposed =
    ngx_string("x-request-id, request-id, x-f0-dropped, "
               "retry-after, retry-after-ms, x-should-retry, "
               "x-ratelimit-limit-requests, x-ratelimit-limit-tokens, "
               "x-ratelimit-remaining-requests, x-ratelimit-remaining-tokens, "
               "x-ratelimit-reset-requests, x-ratelimit-reset-tokens");


/* what the APIs' own SDKs send, of a preflight that does not say */

static ngx_str_t  ngx_http_f0_allowed =
    ngx_string("Content-Type, Authorization, X-Api-Key, Api-Key, "
               "Anthropic-Version, Anthropic-Beta, "
               "Anthropic-Dangerous-Direct-Browser-Access, "
               "OpenAI-Organization, OpenAI-Project, OpenAI-Beta, "
               "Idempotency-Key, X-F0-Stream, X-Stainless-Arch, "
               "X-Stainless-Helper-Method, X-Stainless-Lang, "
               "X-Stainless-OS, X-Stainless-Package-Version, "
               "X-Stainless-Retry-Count, X-Stainless-Runtime, "
               "X-Stainless-Runtime-Version, X-Stainless-Timeout");


static ngx_str_t  ngx_http_f0_any_origin = ngx_string("*");


/*
 * Whose pages may read the answer, NULL: only this server's own.  If nothing
 * is said, a key is what makes the difference: where the address of the client
 * is trusted, any page that is open there could ask.
 */

static ngx_str_t *
ngx_http_f0_cors_origin(ngx_http_request_t *r)
{
    ngx_str_t               *origin;
    ngx_uint_t               i;
    ngx_table_elt_t         *h;
    ngx_http_f0_ctx_t       *ctx;
    ngx_http_f0_loc_conf_t  *flcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    if (flcf->cors == NULL) {
        ctx = (ngx_http_f0_ctx_t *)
                  ngx_http_get_module_ctx(r, ngx_http_f0_module);

        return (flcf->guarded && flcf->keys && !(ctx && ctx->keyless))
               ? &ngx_http_f0_any_origin : NULL;
    }

    h = ngx_http_f0_ctx_header(r, "origin", sizeof("origin") - 1);

    origin = (ngx_str_t *) flcf->cors->elts;

    for (i = 0; i < flcf->cors->nelts; i++) {

        if (origin[i].len == 1 && origin[i].data[0] == '*') {
            return &origin[i];
        }

        if (h
            && h->value.len == origin[i].len
            && ngx_strncmp(h->value.data, origin[i].data, origin[i].len) == 0)
        {
            return &origin[i];
        }
    }

    return NULL;
}


/* of any answer in our locations */

ngx_int_t
ngx_http_f0_cors_headers(ngx_http_request_t *r)
{
    ngx_str_t               *origin;
    ngx_http_f0_loc_conf_t  *flcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    origin = ngx_http_f0_cors_origin(r);

    if (flcf->cors
        && flcf->cors->nelts
        && !(origin && origin->len == 1)
        && ngx_http_f0_answer_text(r, "Vary", "Origin") != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (origin == NULL) {
        return NGX_OK;
    }

    if (ngx_http_f0_answer_header(r, "Access-Control-Allow-Origin",
                                  sizeof("Access-Control-Allow-Origin") - 1,
                                  origin->data, origin->len)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_f0_answer_header(r, "Access-Control-Expose-Headers",
                                sizeof("Access-Control-Expose-Headers") - 1,
                                ngx_http_f0_exposed.data,
                                ngx_http_f0_exposed.len);
}


/* the header filter adds what all answers have */

ngx_int_t
ngx_http_f0_cors_preflight(ngx_http_request_t *r)
{
    ngx_str_t           asked;
    ngx_table_elt_t    *h;
    ngx_http_f0_ctx_t  *ctx;

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "http f0 preflight");

    ctx = ngx_http_f0_ctx_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        r->keepalive = 0;
    }

    if (ngx_http_f0_cors_origin(r)) {

        asked = ngx_http_f0_allowed;

        h = ngx_http_f0_ctx_header(r, "access-control-request-headers",
                                sizeof("access-control-request-headers") - 1);

        if (h && h->value.len) {
            asked = h->value;
        }

        if (ngx_http_f0_answer_text(r, "Access-Control-Allow-Methods",
                                    "GET, POST, PUT, DELETE, OPTIONS")
            != NGX_OK
            || ngx_http_f0_answer_header(r, "Access-Control-Allow-Headers",
                                   sizeof("Access-Control-Allow-Headers") - 1,
                                   asked.data, asked.len)
               != NGX_OK
            || ngx_http_f0_answer_text(r, "Access-Control-Max-Age", "86400")
               != NGX_OK
            || ngx_http_f0_answer_text(r, "Vary",
                                       "Access-Control-Request-Headers")
               != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    ctx->own = 1;

    r->headers_out.status = NGX_HTTP_NO_CONTENT;
    r->headers_out.content_length_n = -1;

    return ngx_http_send_header(r);
}


/* "f0_cors off", "f0_cors *" or "f0_cors https://a.example ..." */

char *
ngx_http_f0_cors(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_loc_conf_t *flcf = (ngx_http_f0_loc_conf_t *) conf;

    ngx_str_t   *value, *origin;
    ngx_uint_t   i, n;

    if (flcf->cors != (ngx_array_t *) NGX_CONF_UNSET_PTR) {
        return (char *) "is duplicate";
    }

    value = (ngx_str_t *) cf->args->elts;
    n = cf->args->nelts;

    flcf->cors = ngx_array_create(cf->pool, n, sizeof(ngx_str_t));
    if (flcf->cors == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    if (n == 2 && ngx_strcmp(value[1].data, "off") == 0) {
        return NGX_CONF_OK;
    }

    for (i = 1; i < n; i++) {

        if (!(n == 2 && ngx_strcmp(value[1].data, "*") == 0)
            && (ngx_strlchr(value[i].data, value[i].data + value[i].len, ':')
                == NULL
                || value[i].data[value[i].len - 1] == '/'))
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is no origin: it looks like "
                               "\"https://host:port\", without a \"/\" behind",
                               &value[i]);
            return (char *) NGX_CONF_ERROR;
        }

        origin = (ngx_str_t *) ngx_array_push(flcf->cors);
        *origin = value[i];
    }

    return NGX_CONF_OK;
}
