
/*
 * Copyright (C) 2026 The f0 authors
 *
 * To the client: whole answers, and the core's stream.
 *
 * A stream may be idle for long, so nothing is kept but what the client has
 * not taken yet, in blocks that are freed when sent.  The bufs themselves are
 * used again: filters may hold links to them after that.
 */


#include "ngx_http_f0.h"


static ngx_int_t ngx_http_f0_output_stream(ngx_http_f0_ctx_t *ctx);
static ngx_int_t ngx_http_f0_output_copied(ngx_http_f0_ctx_t *ctx,
    ngx_uint_t *more);
static ngx_int_t ngx_http_f0_output_lent(ngx_http_f0_ctx_t *ctx,
    ngx_uint_t *more);
static ngx_int_t ngx_http_f0_output_header(ngx_http_f0_ctx_t *ctx);
static ngx_int_t ngx_http_f0_output_dropped(ngx_http_f0_ctx_t *ctx);
static ngx_chain_t *ngx_http_f0_output_buf(ngx_http_f0_ctx_t *ctx,
    const f0_str_t *s, ngx_uint_t copy);
static ngx_int_t ngx_http_f0_output_own(ngx_buf_t *b, ngx_log_t *log);
static void ngx_http_f0_output_keep(ngx_http_f0_ctx_t *ctx, ngx_chain_t *out);
static ngx_int_t ngx_http_f0_output_push(ngx_http_f0_ctx_t *ctx,
    ngx_chain_t *out);
static ngx_uint_t ngx_http_f0_output_simple(ngx_http_request_t *r);


static ngx_http_output_body_filter_pt  ngx_http_next_body_filter;


/* modules with a context of a request that leave its body alone */

static const char  *ngx_http_f0_harmless[] = {
    "ngx_http_f0_module",
    "ngx_http_chunked_filter_module",
    "ngx_http_auth_request_module",
    "ngx_http_header_count_module",
    "ngx_http_realip_module",
    NULL
};


/* before the module's own filter takes its place in the chain */

void
ngx_http_f0_output_init(void)
{
    ngx_http_next_body_filter = ngx_http_top_body_filter;
}


/* from our own place in the chain */

ngx_int_t
ngx_http_f0_output_pass(ngx_http_request_t *r, ngx_chain_t *in)
{
    return ngx_http_next_body_filter(r, in);
}


/*
 * The header may have to wait (NGX_AGAIN), and the body then waits behind it.
 * The body goes through whichever request is active: see _output_drain().
 */

ngx_int_t
ngx_http_f0_output_answer(ngx_http_request_t *r)
{
    ngx_int_t           rc;
    ngx_http_f0_ctx_t  *ctx;

    ctx = (ngx_http_f0_ctx_t *)
              ngx_http_get_module_ctx(r, ngx_http_f0_module);

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_http_f0_output_pass(
               (ngx_http_request_t *) r->connection->data, &ctx->answer);
}


/*
 * Gives the core's output to the client, through whichever request is active:
 * the parent's own would wait until the subrequest's end.  With bytes that the
 * client has not taken yet it does nothing but try to send them.
 */

ngx_int_t
ngx_http_f0_output_drain(ngx_http_f0_ctx_t *ctx)
{
    ngx_int_t  rc;

    rc = NGX_OK;

    if (ctx->state <= ngx_http_f0_state_stream) {
        rc = ngx_http_f0_output_stream(ctx);
    }

    /* also when the core failed in it */

    if (rc == NGX_OK
        && (ctx->state == ngx_http_f0_state_answer
            || ctx->state == ngx_http_f0_state_failed))
    {
        ngx_http_f0_ctx_state(ctx, ngx_http_f0_state_sent);

        rc = ngx_http_f0_output_answer(ctx->request);
    }

    if (rc == NGX_ERROR || rc > NGX_OK) {

        /* bytes may be lost: nothing can follow them */

        ctx->request->connection->error = 1;
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_output_stream(ngx_http_f0_ctx_t *ctx)
{
    ngx_int_t          rc;
    ngx_uint_t         more;
    ngx_connection_t  *c;

    c = ctx->request->connection;

    /* with TLS bytes may wait that are in none of our bufs any more */

    if (ctx->busy || c->buffered) {

        if (ngx_http_f0_output_pass((ngx_http_request_t *) c->data, NULL)
            == NGX_ERROR)
        {
            return NGX_ERROR;
        }

        ngx_http_f0_output_sent(ctx);

        if (ctx->busy) {
            return NGX_OK;
        }
    }

    more = 0;

    rc = (ctx->simple && ctx->state < ngx_http_f0_state_stream)
         ? ngx_http_f0_output_lent(ctx, &more)
         : ngx_http_f0_output_copied(ctx, &more);

    if (rc == NGX_OK && more && ctx->busy == NULL) {
        ngx_http_f0_timer_again(ctx);
    }

    return rc;
}


/* all at once, and the stream's end with its last bytes */

static ngx_int_t
ngx_http_f0_output_copied(ngx_http_f0_ctx_t *ctx, ngx_uint_t *more)
{
    size_t        size;
    f0_str_t      s;
    ngx_int_t     rc;
    ngx_chain_t  *out, **ll, *cl;

    out = NULL;
    ll = &out;
    cl = NULL;
    size = 0;

    for ( ;; ) {
        rc = ngx_http_f0_core_output(ctx, &s);

        if (rc != NGX_OK) {
            ngx_http_f0_output_keep(ctx, out);
            return (rc == NGX_DECLINED) ? NGX_OK : rc;
        }

        if (s.len == 0) {
            break;
        }

        cl = ngx_http_f0_output_buf(ctx, &s, 1);
        if (cl == NULL) {
            ngx_http_f0_output_keep(ctx, out);
            return NGX_ERROR;
        }

        *ll = cl;
        ll = &cl->next;

        size += s.len;

        if (size >= NGX_HTTP_F0_OUTPUT_SIZE) {
            *more = 1;
            break;
        }
    }

    if (ctx->state == ngx_http_f0_state_stream && !*more) {

        if (cl == NULL) {
            cl = ngx_http_f0_output_buf(ctx, NULL, 0);
            if (cl == NULL) {
                return NGX_ERROR;
            }

            *ll = cl;
        }

        cl->buf->last_buf = 1;

        ngx_http_f0_ctx_state(ctx, ngx_http_f0_state_sent);
    }

    if (cl == NULL) {
        return NGX_OK;
    }

    cl->buf->flush = 1;

    return ngx_http_f0_output_push(ctx, out);
}


/*
 * The core's own buffer is lent to the filters.  What the client does not take
 * is copied after all, before the core is called again.
 */

static ngx_int_t
ngx_http_f0_output_lent(ngx_http_f0_ctx_t *ctx, ngx_uint_t *more)
{
    size_t        size;
    f0_str_t      s;
    ngx_int_t     rc;
    ngx_chain_t  *cl;

    for (size = 0; size < NGX_HTTP_F0_OUTPUT_SIZE; size += s.len) {

        rc = ngx_http_f0_core_output(ctx, &s);

        if (rc != NGX_OK) {
            return (rc == NGX_DECLINED) ? NGX_OK : rc;
        }

        if (s.len == 0) {
            return NGX_OK;
        }

        cl = ngx_http_f0_output_buf(ctx, &s, 0);
        if (cl == NULL) {
            return NGX_ERROR;
        }

        cl->buf->flush = 1;

        if (ngx_http_f0_output_push(ctx, cl) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ctx->busy) {
            break;
        }
    }

    *more = 1;

    return NGX_OK;
}


static ngx_chain_t *
ngx_http_f0_output_buf(ngx_http_f0_ctx_t *ctx, const f0_str_t *s,
    ngx_uint_t copy)
{
    ngx_buf_t           *b;
    ngx_chain_t         *cl;
    ngx_http_request_t  *r;

    r = ctx->request;

    if (ctx->free) {
        cl = ctx->free;
        b = cl->buf;

        ngx_memzero(b, sizeof(ngx_buf_t));

    } else {
        cl = ngx_alloc_chain_link(r->pool);
        if (cl == NULL) {
            return NULL;
        }

        cl->next = NULL;

        b = (ngx_buf_t *) ngx_pcalloc(r->pool, sizeof(ngx_buf_t));
        if (b == NULL) {
            return NULL;
        }

        cl->buf = b;
    }

    if (s) {
        b->pos = (u_char *) s->data;
        b->last = b->pos + s->len;
        b->memory = 1;

        if (copy && ngx_http_f0_output_own(b, r->connection->log) != NGX_OK) {
            return NULL;
        }
    }

    b->tag = (ngx_buf_tag_t) &ngx_http_f0_module;

    if (cl == ctx->free) {
        ctx->free = cl->next;
        cl->next = NULL;
    }

    return cl;
}


/* moves a buf's bytes to a block that is its own */

static ngx_int_t
ngx_http_f0_output_own(ngx_buf_t *b, ngx_log_t *log)
{
    size_t  size;

    size = b->last - b->pos;

    b->start = (u_char *) ngx_alloc(size, log);
    if (b->start == NULL) {
        return NGX_ERROR;
    }

    b->end = ngx_cpymem(b->start, b->pos, size);
    b->pos = b->start;
    b->last = b->end;

    return NGX_OK;
}


/* from now on they are freed with the request, whatever happens */

static void
ngx_http_f0_output_keep(ngx_http_f0_ctx_t *ctx, ngx_chain_t *out)
{
    ngx_chain_t  **ll;

    for (ll = &ctx->busy; *ll; ll = &(*ll)->next) { /* void */ }

    *ll = out;
}


static ngx_int_t
ngx_http_f0_output_push(ngx_http_f0_ctx_t *ctx, ngx_chain_t *out)
{
    u_char              *header;
    ngx_int_t            rc;
    ngx_chain_t         *cl;
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = ctx->request;
    c = r->connection;
    header = NULL;

    ngx_http_f0_output_keep(ctx, out);

    if (!r->header_sent) {

        if (ngx_http_f0_output_header(ctx) != NGX_OK) {
            c->error = 1;
            return NGX_ERROR;
        }

        if (r->out) {
            header = r->out->buf->start;
        }
    }

    rc = ngx_http_f0_output_pass((ngx_http_request_t *) c->data, out);

    if (rc == NGX_ERROR) {
        c->error = 1;
        return NGX_ERROR;
    }

    if (header && r->out == NULL) {

        /* it has been sent; if it is no block of its own, nothing happens */

        (void) ngx_pfree(r->pool, header);
    }

    ngx_http_f0_output_sent(ctx);

    for (cl = ctx->busy; cl; cl = cl->next) {
        if (cl->buf->start == NULL
            && ngx_buf_size(cl->buf)
            && ngx_http_f0_output_own(cl->buf, c->log) != NGX_OK)
        {
            c->error = 1;
            return NGX_ERROR;
        }
    }

    if (!ctx->probed) {
        ctx->probed = 1;
        ctx->simple = ngx_http_f0_output_simple(r);
    }

    return NGX_OK;
}


/*
 * Whether nobody but the connection's writev() will see our bufs: asked when
 * the filters have seen the first of them, and thus have their contexts.
 */

static ngx_uint_t
ngx_http_f0_output_simple(ngx_http_request_t *r)
{
    ngx_uint_t      i;
    ngx_module_t   *m;
    const char    **name;

    if (r->http_version > NGX_HTTP_VERSION_11) {
        return 0;
    }

#if (NGX_HTTP_SSL)
    if (r->connection->ssl) {
        return 0;
    }
#endif

    for (i = 0; ngx_cycle->modules[i]; i++) {

        m = ngx_cycle->modules[i];

        if (m->type != NGX_HTTP_MODULE || r->ctx[m->ctx_index] == NULL) {
            continue;
        }

        for (name = ngx_http_f0_harmless; *name; name++) {
            if (ngx_strcmp(m->name, *name) == 0) {
                break;
            }
        }

        if (*name == NULL) {
            return 0;
        }
    }

    return 1;
}


static ngx_int_t
ngx_http_f0_output_header(ngx_http_f0_ctx_t *ctx)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = ctx->request;

    if (ngx_http_f0_answer_stream(r) != NGX_OK
        || ngx_http_f0_output_dropped(ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ctx->own = 1;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return NGX_ERROR;
    }

    return ngx_tcp_nodelay(r->connection);
}


/* what the provider that answers was not told of */

static ngx_int_t
ngx_http_f0_output_dropped(ngx_http_f0_ctx_t *ctx)
{
    u_char              *p;
    f0_turn_info_t       info;
    ngx_http_request_t  *r;

    ngx_http_f0_core_info(ctx, &info);

    if (info.dropped.len == 0) {
        return NGX_OK;
    }

    r = ctx->request;

    p = (u_char *) ngx_pnalloc(r->pool, info.dropped.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, info.dropped.data, info.dropped.len);

    return ngx_http_f0_answer_header(r, "x-f0-dropped",
                                     sizeof("x-f0-dropped") - 1, p,
                                     info.dropped.len);
}


/* frees what the client has */

void
ngx_http_f0_output_sent(ngx_http_f0_ctx_t *ctx)
{
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    while (ctx->busy) {
        cl = ctx->busy;
        b = cl->buf;

        if (ngx_buf_size(b) != 0) {
            break;
        }

        if (b->start) {
            ngx_free(b->start);
            b->start = NULL;
        }

        ctx->busy = cl->next;
        cl->next = ctx->free;
        ctx->free = cl;
    }
}


/* with the request's pool */

void
ngx_http_f0_output_free(ngx_http_f0_ctx_t *ctx)
{
    ngx_chain_t  *cl;

    for (cl = ctx->busy; cl; cl = cl->next) {
        if (cl->buf->start) {
            ngx_free(cl->buf->start);
        }
    }

    ctx->busy = NULL;
}
