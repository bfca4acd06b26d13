
/*
 * Copyright (C) 2026 The f0 authors
 *
 * A client's request: whether it may come here, paths and methods, the body.
 */


#include "ngx_http_f0.h"

#if (__GLIBC__)
#include <malloc.h>
#endif


/* larger blocks are mapped by themselves */
#define NGX_HTTP_F0_MMAP_THRESHOLD  131072

/* headers of one name that are joined; more of them are not sent by anyone */
#define NGX_HTTP_F0_JOINED          16


static ngx_int_t ngx_http_f0_models_handler(ngx_http_request_t *r,
    const f0_route_t *route);
static ngx_int_t ngx_http_f0_turn_handler(ngx_http_request_t *r);
static ngx_uint_t ngx_http_f0_media_type(ngx_http_request_t *r,
    ngx_uint_t strict);
static ngx_uint_t ngx_http_f0_encoded(ngx_http_request_t *r);


/*
 * Ours is the first one of the phase: a preflight carries no key and must
 * not meet limits or auth_request.
 */

ngx_int_t
ngx_http_f0_preaccess_handler(ngx_http_request_t *r)
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
        || ngx_http_f0_header_find(r, "origin", sizeof("origin") - 1) == NULL)
    {
        return NGX_DECLINED;
    }

    ngx_http_finalize_request(r, ngx_http_f0_cors_preflight(r));

    return NGX_DONE;
}


ngx_int_t
ngx_http_f0_handler(ngx_http_request_t *r)
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

    ngx_http_f0_route(r, &route);

    switch (route.kind) {

    case F0_ROUTE_TURN:
        return ngx_http_f0_turn_handler(r);

    case F0_ROUTE_MODELS:
        return ngx_http_f0_models_handler(r, &route);

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


/*
 * May be asked at any time.  Behind "f0_error" the URI is that of a page: what
 * the client wrote tells in which form it reads errors.
 */

void
ngx_http_f0_route(ngx_http_request_t *r, f0_route_t *route)
{
    u_char                  *args;
    ngx_str_t                uri;
    ngx_table_elt_t         *h;
    ngx_http_f0_loc_conf_t  *flcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    uri = r->uri;

    if (flcf->error) {
        uri = r->unparsed_uri;

        args = ngx_strlchr(uri.data, uri.data + uri.len, '?');

        if (args) {
            uri.len = args - uri.data;
        }
    }

    h = ngx_http_f0_header_find(r, "anthropic-version",
                                sizeof("anthropic-version") - 1);

    f0_route(ngx_http_f0_str(&flcf->base), ngx_http_f0_str(&uri),
             ngx_http_f0_str(&r->method_name), h ? 1 : 0, route);
}


static ngx_int_t
ngx_http_f0_models_handler(ngx_http_request_t *r, const f0_route_t *route)
{
    f0_worker_t              *w;
    f0_response_t             res;
    ngx_http_f0_main_conf_t  *fmcf;

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        r->keepalive = 0;
    }

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_f0_module);

    w = ngx_http_f0_worker(fmcf);

    if (w == NULL
        || f0_worker_models(w, fmcf->config, route->model,
                            route->front == F0_FRONT_MESSAGES, &res)
           != F0_OK
        || ngx_http_f0_answer_set(r, &res) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_f0_answer_send(r);
}


static ngx_int_t
ngx_http_f0_turn_handler(ngx_http_request_t *r)
{
    ngx_int_t           rc;
    ngx_http_f0_ctx_t  *ctx;

    ctx = ngx_http_f0_ctx_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ngx_http_f0_media_type(r, ctx->keyless)) {
        return ngx_http_f0_error_send(r, F0_FAIL_MEDIA_TYPE,
                                  NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, NULL);
    }

    if (ngx_http_f0_encoded(r)) {
        return ngx_http_f0_error_send(r, F0_FAIL_ENCODING,
                                  NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, NULL);
    }

    rc = ngx_http_read_client_request_body(r, ngx_http_f0_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    if (rc == NGX_AGAIN) {
        ctx->read_body = r->read_event_handler;
        r->read_event_handler = ngx_http_f0_body_read;
    }

    return NGX_DONE;
}


/*
 * curl's own type of -d is taken for what it holds.  Not so without a key: any
 * page can have a browser post that, and only JSON needs a preflight.
 */

static ngx_uint_t
ngx_http_f0_media_type(ngx_http_request_t *r, ngx_uint_t strict)
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
ngx_http_f0_encoded(ngx_http_request_t *r)
{
    ngx_table_elt_t  *h;

    h = ngx_http_f0_header_find(r, "content-encoding",
                                sizeof("content-encoding") - 1);

    return h
           && h->value.len
           && (h->value.len != sizeof("identity") - 1
               || ngx_strncasecmp(h->value.data, (u_char *) "identity",
                                  sizeof("identity") - 1)
                  != 0);
}


/* the first one of a name, which is in lower case */

ngx_table_elt_t *
ngx_http_f0_header_find(ngx_http_request_t *r, const char *name, size_t len)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = (ngx_table_elt_t *) part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (h[i].key.len == len
                && ngx_strncmp(h[i].lowcase_key, name, len) == 0)
            {
                return &h[i];
            }
        }
    }

    return NULL;
}


/* all of a name, joined; without memory for several of them, the first one */

f0_str_t
ngx_http_f0_headers_joined(ngx_http_request_t *r, const char *name, size_t len)
{
    u_char           *p;
    size_t            size;
    f0_str_t          s;
    ngx_str_t         all[NGX_HTTP_F0_JOINED];
    ngx_uint_t        i, n;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    n = 0;
    size = 0;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = (ngx_table_elt_t *) part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (n < NGX_HTTP_F0_JOINED
                && h[i].key.len == len
                && ngx_strncmp(h[i].lowcase_key, name, len) == 0)
            {
                all[n++] = h[i].value;
                size += h[i].value.len + 1;
            }
        }
    }

    if (n == 0) {
        s.data = "";
        s.len = 0;
        return s;
    }

    s = ngx_http_f0_str(&all[0]);

    if (n == 1) {
        return s;
    }

    p = (u_char *) ngx_pnalloc(r->pool, size);
    if (p == NULL) {
        return s;
    }

    s.data = (const char *) p;
    s.len = size - 1;

    for (i = 0; i < n; i++) {
        p = ngx_cpymem(p, all[i].data, all[i].len);
        *p++ = ',';
    }

    return s;
}


ngx_http_f0_ctx_t *
ngx_http_f0_ctx_get(ngx_http_request_t *r)
{
    ngx_http_f0_ctx_t  *ctx;

    ctx = (ngx_http_f0_ctx_t *)
              ngx_http_get_module_ctx(r, ngx_http_f0_module);

    if (ctx == NULL) {
        ctx = (ngx_http_f0_ctx_t *)
                  ngx_pcalloc(r->pool, sizeof(ngx_http_f0_ctx_t));
        if (ctx == NULL) {
            return NULL;
        }

        ctx->request = r;

        ngx_http_set_ctx(r, ctx, ngx_http_f0_module);
    }

    return ctx;
}


/* $request_id, which all that is unique in a turn is made of; or empty */

f0_str_t
ngx_http_f0_seed(ngx_http_request_t *r)
{
    f0_str_t                    s;
    ngx_http_f0_main_conf_t    *fmcf;
    ngx_http_variable_value_t  *vv;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_f0_module);

    vv = ngx_http_get_indexed_variable(r, fmcf->request_id);

    s.data = "";
    s.len = 0;

    if (vv && !vv->not_found) {
        s.data = (const char *) vv->data;
        s.len = vv->len;
    }

    return s;
}


f0_worker_t *
ngx_http_f0_worker(ngx_http_f0_main_conf_t *fmcf)
{
    f0_worker_t  *w;

    if (fmcf->worker == NULL) {

#if (__GLIBC__)

        /*
         * A burst of large requests must not stay: each thread of the pool
         * would keep a heap of its own, and each large block that is freed
         * would put the next ones into it.
         */

        (void) mallopt(M_ARENA_MAX, 2);
        (void) mallopt(M_MMAP_THRESHOLD, NGX_HTTP_F0_MMAP_THRESHOLD);
        (void) mallopt(M_TRIM_THRESHOLD, NGX_HTTP_F0_MMAP_THRESHOLD);
#endif

        w = f0_worker_new();

        if (w && ngx_http_f0_memory_use(fmcf, w) != NGX_OK) {
            f0_worker_free(w);
            w = NULL;
        }

        fmcf->worker = w;
    }

    return fmcf->worker;
}


/* nothing is in it between two events */

u_char *
ngx_http_f0_buffer(ngx_http_f0_main_conf_t *fmcf)
{
    if (fmcf->buffer == NULL) {
        fmcf->buffer = (u_char *) ngx_alloc(NGX_HTTP_F0_READ_SIZE,
                                            ngx_cycle->log);
    }

    return fmcf->buffer;
}
