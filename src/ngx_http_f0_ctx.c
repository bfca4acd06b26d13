
/*
 * Copyright (C) 2026 The f0 authors
 *
 * What a client's request and a worker process have at hand.
 */


#include "ngx_http_f0.h"


#if (NGX_DEBUG)

/* as in ngx_http_f0_state_e and ngx_http_f0_wait_e */

static const char  *ngx_http_f0_states[] = {
    "none", "body", "runs", "stream", "answer", "failed", "sent", "closed"
};

static const char  *ngx_http_f0_waits[] = {
    "time", "provider", "client", "queue", "work"
};

#endif


/* headers of one name that are joined; more of them are not sent by anyone */
#define NGX_HTTP_F0_JOINED  16


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
ngx_http_f0_ctx_seed(ngx_http_request_t *r)
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


/* the first one of a name, which is in lower case */

ngx_table_elt_t *
ngx_http_f0_ctx_header(ngx_http_request_t *r, const char *name, size_t len)
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
ngx_http_f0_ctx_headers(ngx_http_request_t *r, const char *name, size_t len)
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


/* the worker's, for reads: nothing is in it between two events */

u_char *
ngx_http_f0_ctx_buffer(ngx_http_request_t *r)
{
    ngx_http_f0_main_conf_t  *fmcf;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_f0_module);

    if (fmcf->buffer == NULL) {
        fmcf->buffer = (u_char *) ngx_alloc(NGX_HTTP_F0_READ_SIZE,
                                            ngx_cycle->log);
    }

    return fmcf->buffer;
}


/* with the state as it is: only what the turn waits for may be another */

void
ngx_http_f0_ctx_state(ngx_http_f0_ctx_t *ctx, ngx_http_f0_state_e state)
{
    ngx_http_f0_wait_e  wait;

    wait = ctx->work ? ngx_http_f0_wait_work
           : ctx->timer.posted ? ngx_http_f0_wait_queue
           : ctx->busy ? ngx_http_f0_wait_client
           : ctx->call ? ngx_http_f0_wait_provider
           : ngx_http_f0_wait_time;

    if (state == ctx->state && wait == ctx->wait) {
        return;
    }

    ngx_log_debug4(NGX_LOG_DEBUG_HTTP, ctx->request->connection->log, 0,
                   "http f0 state: %s, %s -> %s, %s",
                   ngx_http_f0_states[ctx->state], ngx_http_f0_waits[ctx->wait],
                   ngx_http_f0_states[state], ngx_http_f0_waits[wait]);

    ctx->state = state;
    ctx->wait = wait;
}
