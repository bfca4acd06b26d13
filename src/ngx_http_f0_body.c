
/*
 * Copyright (C) 2026 The f0 authors
 *
 * The body of a request: what nginx has read goes to the core in pieces.
 */


#include "ngx_http_f0.h"


static ngx_int_t ngx_http_f0_body_piece(ngx_http_f0_ctx_t *ctx, u_char **data,
    size_t *len);
static void ngx_http_f0_body_next(ngx_http_f0_ctx_t *ctx, size_t n);
static void ngx_http_f0_body_free(ngx_http_request_t *r);


/* NGX_OK: ask the core again; NGX_AGAIN: in the next event */

ngx_int_t
ngx_http_f0_body_feed(ngx_http_f0_ctx_t *ctx)
{
    size_t               len;
    u_char              *data;
    ngx_int_t            rc;
    ngx_uint_t           last;
    ngx_http_request_t  *r;

    r = ctx->request;

    if (ngx_http_f0_body_piece(ctx, &data, &len) != NGX_OK) {
        return NGX_ERROR;
    }

    last = (ctx->body == NULL);

    rc = ngx_http_f0_core_body(ctx, (const char *) data, len, last);

    if (last) {
        ngx_http_f0_body_free(r);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    ctx->fed += len;

    if (ctx->fed < NGX_HTTP_F0_BODY_PIECE) {
        return NGX_OK;
    }

    ctx->fed = 0;

    return NGX_AGAIN;
}


/*
 * Moves ctx->body on behind the piece: to NULL with the last one.  The bufs
 * themselves stay as they are: a mirror may be reading them as well.
 */

static ngx_int_t
ngx_http_f0_body_piece(ngx_http_f0_ctx_t *ctx, u_char **data, size_t *len)
{
    off_t                size;
    ssize_t              n;
    ngx_buf_t           *b;
    ngx_http_request_t  *r;

    r = ctx->request;

    *data = (u_char *) "";
    *len = 0;

    ngx_http_f0_body_next(ctx, 0);

    if (ctx->body == NULL) {
        return NGX_OK;
    }

    b = ctx->body->buf;
    size = ngx_buf_size(b) - ctx->offset;

    if (ngx_buf_in_memory(b)) {
        *data = b->pos + ctx->offset;
        *len = (size_t) ngx_min(size, NGX_HTTP_F0_BODY_PIECE);

    } else {
        *data = ngx_http_f0_ctx_buffer(r);
        if (*data == NULL) {
            return NGX_ERROR;
        }

        n = ngx_read_file(b->file, *data,
                          (size_t) ngx_min(size, NGX_HTTP_F0_READ_SIZE),
                          b->file_pos + ctx->offset);
        if (n <= 0) {
            return NGX_ERROR;
        }

        *len = n;
    }

    ngx_http_f0_body_next(ctx, *len);

    return NGX_OK;
}


static void
ngx_http_f0_body_next(ngx_http_f0_ctx_t *ctx, size_t n)
{
    ctx->offset += n;

    while (ctx->body && ngx_buf_size(ctx->body->buf) == ctx->offset) {
        ctx->body = ctx->body->next;
        ctx->offset = 0;
    }
}


/*
 * Long before the answer's end: a body is larger than all else we hold.  With
 * "preserve_body" it is others' too; and what "post_action" makes of this
 * request must not promise a body.
 */

static void
ngx_http_f0_body_free(ngx_http_request_t *r)
{
    ngx_http_request_body_t  *rb;

    rb = r->request_body;

    if (rb == NULL || r->preserve_body) {
        return;
    }

    if (rb->temp_file && rb->temp_file->file.fd != NGX_INVALID_FILE) {
        ngx_pool_run_cleanup_file(r->pool, rb->temp_file->file.fd);
        rb->temp_file->file.fd = NGX_INVALID_FILE;
    }

    if (rb->buf) {
        (void) ngx_pfree(r->pool, rb->buf->start);
    }

    rb->buf = NULL;
    rb->bufs = NULL;

    r->headers_in.content_length_n = 0;
    r->headers_in.chunked = 0;
}
