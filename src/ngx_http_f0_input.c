
/*
 * Copyright (C) 2026 The f0 authors
 *
 * From a provider: an input filter on the subrequest's upstream.
 *
 * All that is read is given to the core at once, so one read buffer serves
 * all streams of a worker.
 */


#include "ngx_http_f0.h"


static void ngx_http_f0_input_forget(ngx_http_request_t *sr);
static ngx_int_t ngx_http_f0_input_headers(ngx_http_f0_call_t *call,
    ngx_http_upstream_t *u);
static ngx_int_t ngx_http_f0_input_init(void *data);
static ngx_int_t ngx_http_f0_input_filter(void *data, ssize_t bytes);
static ngx_int_t ngx_http_f0_input_parse(ngx_http_f0_call_t *call, u_char *p,
    u_char *last, u_char **end);
static ngx_int_t ngx_http_f0_input_feed(ngx_http_f0_call_t *call, u_char *p,
    size_t len, ngx_uint_t ended);
static void ngx_http_f0_input_release(ngx_http_f0_call_t *call);
static void ngx_http_f0_input_share(ngx_http_f0_call_t *call);
static void ngx_http_f0_input_finalize(ngx_http_request_t *r, ngx_int_t rc);


extern ngx_module_t  ngx_http_proxy_module;


/* the header filter's part: the head goes to the core, not to the client */

ngx_int_t
ngx_http_f0_input_head(ngx_http_f0_call_t *call)
{
    ngx_int_t             rc;
    ngx_http_request_t   *sr;
    ngx_http_upstream_t  *u;

    sr = call->request;
    u = sr->upstream;

    sr->header_sent = 1;

    if (u == NULL || u->output.tag != (ngx_buf_tag_t) &ngx_http_proxy_module) {
        ngx_log_error(NGX_LOG_ERR, sr->connection->log, 0,
                      "f0: \"%V\" was not answered by \"proxy_pass\"",
                      &sr->uri);
        return NGX_OK;
    }

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, sr->connection->log, 0,
                   "http f0 head: %ui \"%V\"",
                   u->headers_in.status_n, &sr->uri);

    ngx_http_f0_check_answer(call, u);

    call->head = 1;
    call->init = u->input_filter_init;
    call->init_ctx = u->input_filter_ctx;
    call->finalize = u->finalize_request;

    u->input_filter_init = ngx_http_f0_input_init;
    u->input_filter_ctx = call;
    u->finalize_request = ngx_http_f0_input_finalize;
    u->buffering = 0;

    rc = ngx_http_f0_input_headers(call, u);

    ngx_http_f0_input_forget(sr);

    return rc;
}


/*
 * Nobody will read the headers that nginx copied for the client, but logs: of
 * them the status and the length stay, and nothing that leads to the others.
 */

static void
ngx_http_f0_input_forget(ngx_http_request_t *sr)
{
    off_t                    length;
    ngx_list_t               headers, trailers;
    ngx_uint_t               status;
    ngx_http_headers_out_t  *out;

    out = &sr->headers_out;

    headers = out->headers;
    trailers = out->trailers;
    status = out->status;
    length = out->content_length_n;

    if (headers.part.next == NULL) {
        (void) ngx_pfree(sr->pool, headers.part.elts);
    }

    ngx_memzero(&headers.part, sizeof(ngx_list_part_t));
    ngx_memzero(out, sizeof(ngx_http_headers_out_t));

    out->headers = headers;
    out->headers.last = &out->headers.part;
    out->trailers = trailers;
    out->trailers.last = &out->trailers.part;
    out->status = status;
    out->content_length_n = length;
    out->last_modified_time = -1;
}


static ngx_int_t
ngx_http_f0_input_headers(ngx_http_f0_call_t *call, ngx_http_upstream_t *u)
{
    size_t               n;
    ngx_int_t            rc;
    ngx_uint_t           i;
    f0_header_t         *fh;
    ngx_list_part_t     *part;
    ngx_table_elt_t     *h;
    ngx_http_f0_ctx_t   *ctx;

    ctx = call->ctx;

    if (ngx_http_f0_over(ctx) || ctx->next) {
        return NGX_OK;
    }

    n = 0;

    for (part = &u->headers_in.headers.part; part; part = part->next) {
        n += part->nelts;
    }

    fh = (f0_header_t *) ngx_alloc((n + 1) * sizeof(f0_header_t),
                                   ctx->request->connection->log);
    if (fh == NULL) {
        return NGX_ERROR;
    }

    n = 0;

    for (part = &u->headers_in.headers.part; part; part = part->next) {

        h = (ngx_table_elt_t *) part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].hash == 0 || h[i].value.data == NULL) {
                continue;
            }

            fh[n].name.data = (const char *) h[i].lowcase_key;
            fh[n].name.len = h[i].key.len;
            fh[n].value = ngx_http_f0_str(&h[i].value);
            n++;
        }
    }

    rc = ngx_http_f0_core_head(ctx, (int) u->headers_in.status_n, fh, n);
    ngx_free(fh);

    return rc;
}


static ngx_int_t
ngx_http_f0_input_init(void *data)
{
    ngx_http_f0_call_t *call = (ngx_http_f0_call_t *) data;

    ngx_http_upstream_t  *u;

    u = call->request->upstream;

    /* proxy's own, for what it knows of lengths */

    if (call->init(call->init_ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    u->input_filter = ngx_http_f0_input_filter;

    call->chunked = u->headers_in.chunked;
    call->rest = call->chunked ? 0 : u->headers_in.content_length_n;

    if (u->buffer.last == u->buffer.pos) {
        ngx_http_f0_input_share(call);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_input_filter(void *data, ssize_t bytes)
{
    ngx_http_f0_call_t *call = (ngx_http_f0_call_t *) data;

    u_char               *p, *end;
    ngx_int_t             rc;
    ngx_buf_t            *b;
    ngx_http_f0_ctx_t    *ctx;
    ngx_http_upstream_t  *u;

    u = call->request->upstream;
    ctx = call->ctx;
    b = &u->buffer;

    if (!call->first) {
        ngx_http_f0_input_release(call);
    }

    p = b->last;

    rc = ngx_http_f0_input_parse(call, p, p + bytes, &end);

    if (rc == NGX_ERROR) {
        ngx_log_error(NGX_LOG_ERR, call->request->connection->log, 0,
                      "upstream sent invalid chunked response");
        call->rc = NGX_ERROR;
        u->keepalive = 0;
        u->length = 0;
    }

    if (rc == NGX_DONE) {
        u->length = 0;
    }

    if (ngx_http_f0_input_feed(call, p, end - p, rc == NGX_DONE) != NGX_OK
        || ngx_http_f0_turn_drive(ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if ((ngx_http_f0_over(ctx) || ctx->next)
        && !call->drain
        && u->length != 0)
    {

        /* the core does not want the rest */

        call->stop = 1;
        u->length = 0;
        u->keepalive = 0;
    }

    ngx_http_f0_input_share(call);

    b->last = b->end;

    (void) ngx_http_f0_call_gate(call);

    return NGX_OK;
}


/* NGX_DONE: the body's own end is here; the payload lies from p to *end */

static ngx_int_t
ngx_http_f0_input_parse(ngx_http_f0_call_t *call, u_char *p, u_char *last,
    u_char **end)
{
    ngx_http_upstream_t  *u;

    if (call->chunked) {
        return ngx_http_f0_chunked_parse(call, p, last, end);
    }

    *end = last;

    if (call->rest < 0) {
        return NGX_OK;
    }

    u = call->request->upstream;

    if (last - p < call->rest) {
        call->rest -= last - p;
        u->length = call->rest;
        return NGX_OK;
    }

    u->keepalive = !u->headers_in.connection_close
                   && last - p == call->rest;

    *end = p + call->rest;
    call->rest = 0;

    return NGX_DONE;
}


static ngx_int_t
ngx_http_f0_input_feed(ngx_http_f0_call_t *call, u_char *p, size_t len,
    ngx_uint_t ended)
{
    ngx_int_t           rc;
    ngx_http_f0_ctx_t  *ctx;

    ctx = call->ctx;

    if (call->drain || ngx_http_f0_over(ctx) || ctx->next) {
        call->ended |= ended;
        return NGX_OK;
    }

    rc = NGX_OK;

    if (len) {
        rc = ngx_http_f0_core_data(ctx, (const char *) p, len);
    }

    if (rc == NGX_DONE) {
        call->drain = 1;
        call->ended = ended;

        if (!ended) {
            ctx->drained_at = ngx_http_f0_timer_now() + NGX_HTTP_F0_DRAIN_TIME;
            ngx_http_f0_timer_set(ctx, ctx->drained_at);
        }

        return NGX_OK;
    }

    if (rc == NGX_OK && ended && !ngx_http_f0_over(ctx)) {
        call->ended = 1;
        rc = ngx_http_f0_core_end(ctx, F0_END_CLEAN);
    }

    return rc;
}


/*
 * A byte of the answer is here, so nobody will ask again: the request to the
 * provider and the variables that made it are not needed any more.
 */

static void
ngx_http_f0_input_release(ngx_http_f0_call_t *call)
{
    u_char               *p;
    ngx_chain_t          *cl;
    ngx_connection_t     *pc;
    ngx_http_request_t   *sr;
    ngx_http_upstream_t  *u;

    sr = call->request;
    u = sr->upstream;
    pc = u->peer.connection;

    call->first = 1;

    if (!u->request_body_sent
        || u->writer.out
        || u->output.in
        || u->output.busy
        || pc->buffered)
    {
        return;
    }

    /* it points into the request's first buffer, and error logs print it */

    p = (u_char *) ngx_pnalloc(sr->pool, u->uri.len);
    if (p == NULL) {
        return;
    }

    ngx_memcpy(p, u->uri.data, u->uri.len);
    u->uri.data = p;

    for (cl = u->request_bufs; cl; cl = cl->next) {
        if (cl->buf->start) {
            (void) ngx_pfree(sr->pool, cl->buf->start);
        }
    }

    u->request_bufs = NULL;

    ngx_http_f0_call_forget(call);
}


static void
ngx_http_f0_input_share(ngx_http_f0_call_t *call)
{
    u_char               *p;
    ngx_buf_t            *b;
    ngx_http_request_t   *sr;

    sr = call->request;
    b = &sr->upstream->buffer;

    p = ngx_http_f0_ctx_buffer(sr);

    if (p == NULL || p == b->start) {
        return;
    }

    (void) ngx_pfree(sr->pool, b->start);

    b->start = p;
    b->pos = p;
    b->last = p;
    b->end = p + NGX_HTTP_F0_READ_SIZE;
}


/*
 * The body filter's part.  Nothing of the subrequest itself goes out; nginx
 * calls it to go on sending what the client could not take before.
 */

ngx_int_t
ngx_http_f0_input_body(ngx_http_f0_call_t *call, ngx_chain_t *in)
{
    ngx_http_f0_ctx_t   *ctx;
    ngx_http_request_t  *sr;

    sr = call->request;
    ctx = call->ctx;

    for ( /* void */ ; in; in = in->next) {
        in->buf->pos = in->buf->last;
        in->buf->file_pos = in->buf->file_last;
    }

    if (sr->connection->buffered
        && ngx_http_f0_output_pass(sr, NULL) == NGX_ERROR)
    {
        return NGX_ERROR;
    }

    ngx_http_f0_output_sent(ctx);

    /* the client has all that it was given: there may be more */

    if (ctx->busy == NULL && ctx->wait >= ngx_http_f0_wait_client) {
        ngx_http_f0_timer_again(ctx);
    }

    (void) ngx_http_f0_call_gate(call);

    return NGX_OK;
}


/* the only place that tells a body that was cut from one that ended */

static void
ngx_http_f0_input_finalize(ngx_http_request_t *r, ngx_int_t rc)
{
    ngx_http_f0_call_t  *call;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "http f0 finalize upstream: %i", rc);

    call = ngx_http_f0_call_get(r);

    if (call == NULL) {
        return;
    }

    if (call->rc == NGX_OK) {
        call->rc = rc;
    }

    call->finalize(r, rc);
}
