
/*
 * Copyright (C) 2026 The f0 authors
 *
 * The module's place in nginx's filter chains.
 */


#include "ngx_http_f0.h"


static ngx_int_t ngx_http_f0_filter_header(ngx_http_request_t *r);
static ngx_int_t ngx_http_f0_filter_common(ngx_http_request_t *r);
static ngx_int_t ngx_http_f0_filter_body(ngx_http_request_t *r,
    ngx_chain_t *in);
static ngx_int_t ngx_http_f0_filter_replace(ngx_http_request_t *r,
    ngx_http_f0_ctx_t *ctx, ngx_chain_t *in);


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;


ngx_int_t
ngx_http_f0_filter_init(void)
{
    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_f0_filter_header;

    ngx_http_f0_output_init();
    ngx_http_top_body_filter = ngx_http_f0_filter_body;

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_filter_header(ngx_http_request_t *r)
{
    ngx_http_f0_ctx_t       *ctx;
    ngx_http_f0_call_t      *call;
    ngx_http_f0_loc_conf_t  *flcf;

    if (r != r->main) {
        call = ngx_http_f0_call_get(r);

        return call ? ngx_http_f0_input_head(call)
                    : ngx_http_next_header_filter(r);
    }

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    ctx = (ngx_http_f0_ctx_t *)
              ngx_http_get_module_ctx(r, ngx_http_f0_module);

    /* in a provider's location others get 404, in those inside of ours 401 */

    if (!flcf->enable
        && !flcf->error
        && !flcf->provider
        && !(ctx && ctx->denied
             && r->headers_out.status == NGX_HTTP_UNAUTHORIZED))
    {
        return ngx_http_next_header_filter(r);
    }

    if ((ctx == NULL || !ctx->own) && ngx_http_f0_error_rewrite(r) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_f0_filter_common(r) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_next_header_filter(r);
}


/* every answer has an id, and is what its type says */

static ngx_int_t
ngx_http_f0_filter_common(ngx_http_request_t *r)
{
    u_char      *p, *id;
    f0_str_t     seed;
    f0_route_t   route;

    seed = ngx_http_f0_ctx_seed(r);

    if (seed.len == 0) {
        return NGX_ERROR;
    }

    id = (u_char *) ngx_pnalloc(r->pool, sizeof("req_") - 1 + seed.len);
    if (id == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(id, "req_", sizeof("req_") - 1);
    p = ngx_cpymem(p, seed.data, seed.len);

    ngx_http_f0_core_route(r, &route);

    if (route.id_header.len
        && ngx_http_f0_answer_header(r, route.id_header.data,
                                     route.id_header.len, id, p - id)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_f0_answer_header(r, "x-request-id",
                                  sizeof("x-request-id") - 1, id, p - id)
        != NGX_OK
        || ngx_http_f0_answer_text(r, "X-Content-Type-Options", "nosniff")
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_f0_cors_headers(r);
}


static ngx_int_t
ngx_http_f0_filter_body(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_int_t            rc;
    ngx_http_f0_ctx_t   *ctx;
    ngx_http_f0_call_t  *call;

    if (r != r->main) {
        call = ngx_http_f0_call_get(r);

        return call ? ngx_http_f0_input_body(call, in)
                    : ngx_http_f0_output_pass(r, in);
    }

    ctx = (ngx_http_f0_ctx_t *)
              ngx_http_get_module_ctx(r, ngx_http_f0_module);

    if (ctx == NULL) {
        return ngx_http_f0_output_pass(r, in);
    }

    if (ctx->replaced && in) {
        return ngx_http_f0_filter_replace(r, ctx, in);
    }

    rc = ngx_http_f0_output_pass(r, in);

    if (ctx->busy) {
        ngx_http_f0_output_sent(ctx);
    }

    return rc;
}


/* nginx's page is taken, and in its place our answer sent once */

static ngx_int_t
ngx_http_f0_filter_replace(ngx_http_request_t *r, ngx_http_f0_ctx_t *ctx,
    ngx_chain_t *in)
{
    ngx_chain_t  *cl;

    for (cl = in; cl; cl = cl->next) {
        cl->buf->pos = cl->buf->last;
        cl->buf->file_pos = cl->buf->file_last;
    }

    if (ctx->answer.buf == NULL) {
        return ngx_http_f0_output_pass(r, NULL);
    }

    cl = ngx_alloc_chain_link(r->pool);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    *cl = ctx->answer;
    ctx->answer.buf = NULL;

    return ngx_http_f0_output_pass(r, cl);
}
