
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Whole answers of the core, and headers of all.
 */


#include "ngx_http_f0.h"


/* of a stream, without the operator's own */
#define NGX_HTTP_F0_HEADERS  5


ngx_int_t
ngx_http_f0_answer_header(ngx_http_request_t *r, const char *name,
    size_t name_len, u_char *value, size_t len)
{
    ngx_table_elt_t  *h;

    h = (ngx_table_elt_t *) ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif
    h->key.data = (u_char *) name;
    h->key.len = name_len;
    h->value.data = value;
    h->value.len = len;
    h->lowcase_key = (u_char *) name;

    return NGX_OK;
}


/* makes a response of the core the request's answer; the core's may go then */

ngx_int_t
ngx_http_f0_answer_set(ngx_http_request_t *r, const f0_response_t *res)
{
    u_char             *p, *name;
    size_t              i, len;
    ngx_buf_t          *b;
    const f0_header_t  *h;
    ngx_http_f0_ctx_t  *ctx;

    ctx = ngx_http_f0_ctx_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    len = res->content_type.len + res->body.len;

    for (i = 0; i < res->nheaders; i++) {
        len += res->headers[i].name.len + res->headers[i].value.len;
    }

    b = (ngx_buf_t *) ngx_pcalloc(r->pool, sizeof(ngx_buf_t));
    p = (u_char *) ngx_pnalloc(r->pool, len + 1);

    if (b == NULL || p == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < res->nheaders; i++) {
        h = &res->headers[i];

        if (r->headers_out.www_authenticate
            && h->name.len == sizeof("www-authenticate") - 1
            && ngx_strncmp(h->name.data, "www-authenticate", h->name.len) == 0)
        {
            continue;
        }

        name = p;
        p = ngx_cpymem(p, h->name.data, h->name.len);

        if (ngx_http_f0_answer_header(r, (char *) name, h->name.len,
                                    p, h->value.len)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        p = ngx_cpymem(p, h->value.data, h->value.len);
    }

    r->headers_out.content_type.data = p;
    r->headers_out.content_type.len = res->content_type.len;
    r->headers_out.content_type_len = res->content_type.len;
    r->headers_out.content_type_lowcase = NULL;

    p = ngx_cpymem(p, res->content_type.data, res->content_type.len);

    b->pos = p;
    b->last = ngx_cpymem(p, res->body.data, res->body.len);
    b->memory = (res->body.len != 0);
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    ctx->answer.buf = b;
    ctx->answer.next = NULL;
    ctx->own = 1;

    ngx_http_clear_content_length(r);

    r->headers_out.status = res->status;
    r->headers_out.status_line.len = 0;
    r->headers_out.content_length_n = res->body.len;

    r->disable_not_modified = 1;

#if (NGX_HTTP_GZIP)
    r->gzip_tested = 1;
    r->gzip_ok = 0;
#endif

    return NGX_OK;
}


/* nginx makes room for 20 headers: nearly a kilobyte of each stream */

ngx_int_t
ngx_http_f0_answer_shrink(ngx_http_request_t *r)
{
    void        *elts;
    ngx_list_t  *headers;

    headers = &r->headers_out.headers;

    if (headers->part.nelts || headers->part.next) {
        return NGX_OK;
    }

    elts = headers->part.elts;

    if (ngx_list_init(headers, r->pool, NGX_HTTP_F0_HEADERS,
                      sizeof(ngx_table_elt_t))
        != NGX_OK)
    {
        headers->part.elts = elts;
        return NGX_ERROR;
    }

    (void) ngx_pfree(r->pool, elts);

    return NGX_OK;
}


/* the header of a stream */

ngx_int_t
ngx_http_f0_answer_stream(ngx_http_request_t *r)
{
    r->headers_out.status = NGX_HTTP_OK;

    ngx_str_set(&r->headers_out.content_type,
                "text/event-stream; charset=utf-8");
    r->headers_out.content_type_len = sizeof("text/event-stream") - 1;
    r->headers_out.content_type_lowcase = NULL;

    if (ngx_http_f0_answer_text(r, "Cache-Control", "no-cache, no-transform")
        != NGX_OK
        || ngx_http_f0_answer_text(r, "X-Accel-Buffering", "no") != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_clear_content_length(r);
    ngx_http_clear_accept_ranges(r);

    r->disable_not_modified = 1;

#if (NGX_HTTP_GZIP)
    r->gzip_tested = 1;
    r->gzip_ok = 0;
#endif

    return NGX_OK;
}
