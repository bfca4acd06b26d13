
/*
 * Copyright (C) 2026 The f0 authors
 *
 * One call of a provider: a foreground subrequest to its location, with a
 * request that is all the core's.
 */


#include "ngx_http_f0.h"


static ngx_int_t ngx_http_f0_call_copy(ngx_pool_t *pool, ngx_str_t *dst,
    const f0_str_t *src);
static ngx_http_f0_asked_t *ngx_http_f0_call_ask(ngx_http_request_t *r,
    const f0_call_t *fc);
static void ngx_http_f0_call_variables(ngx_http_request_t *r,
    ngx_http_variable_value_t *variables);
static void ngx_http_f0_call_request(ngx_http_f0_call_t *call,
    ngx_http_request_t *sr);
static ngx_int_t ngx_http_f0_call_done(ngx_http_request_t *sr, void *data,
    ngx_int_t rc);
static ngx_int_t ngx_http_f0_call_ended(ngx_http_f0_call_t *call,
    ngx_int_t rc);
static f0_model_end_t ngx_http_f0_call_headless(ngx_http_f0_call_t *call,
    ngx_int_t rc);


static ngx_str_t  ngx_http_f0_post_method = ngx_string("POST");


/* our subrequests are known by their handler, also after a redirect */

ngx_http_f0_call_t *
ngx_http_f0_call_get(ngx_http_request_t *r)
{
    if (r->post_subrequest
        && r->post_subrequest->handler == ngx_http_f0_call_done)
    {
        return (ngx_http_f0_call_t *) r->post_subrequest->data;
    }

    return NULL;
}


/* keeps what the core told, for when the call can start */

ngx_int_t
ngx_http_f0_call_create(ngx_http_f0_ctx_t *ctx, const f0_call_t *fc)
{
    ngx_pool_t          *pool;
    ngx_http_f0_call_t  *call;

    pool = ctx->request->pool;

    call = (ngx_http_f0_call_t *) ngx_pcalloc(pool,
                                              sizeof(ngx_http_f0_call_t));
    if (call == NULL) {
        return NGX_ERROR;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     call->request = NULL;
     *     call->init = NULL;
     *     call->rc = NGX_OK;
     *     call->rest = 0;
     *     call->state = ngx_http_f0_chunk_start;
     *     all flags
     */

    call->ctx = ctx;
    call->length = fc->body.len;
    call->post.handler = ngx_http_f0_call_done;
    call->post.data = call;

    if (ngx_http_f0_call_copy(pool, &call->uri, &fc->uri) != NGX_OK
        || ngx_http_f0_call_copy(pool, &call->args, &fc->args) != NGX_OK)
    {
        return NGX_ERROR;
    }

    call->asked = ngx_http_f0_call_ask(ctx->request, fc);
    if (call->asked == NULL) {
        return NGX_ERROR;
    }

    if (ctx->next) {
        ngx_http_f0_call_forget(ctx->next);
    }

    ctx->next = call;

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_call_copy(ngx_pool_t *pool, ngx_str_t *dst, const f0_str_t *src)
{
    dst->len = src->len;
    dst->data = (u_char *) ngx_pnalloc(pool, src->len + 1);

    if (dst->data == NULL) {
        return NGX_ERROR;
    }

    *ngx_cpymem(dst->data, src->data, src->len) = '\0';

    return NGX_OK;
}


/* the body stays in the core's own memory */

static ngx_http_f0_asked_t *
ngx_http_f0_call_ask(ngx_http_request_t *r, const f0_call_t *fc)
{
    u_char                     *p;
    size_t                      i, size;
    ngx_table_elt_t            *h;
    ngx_http_f0_asked_t        *asked;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = (ngx_http_core_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_core_module);

    size = sizeof(ngx_http_f0_asked_t)
           + fc->nheaders * sizeof(ngx_table_elt_t)
           + cmcf->variables.nelts * sizeof(ngx_http_variable_value_t);

    for (i = 0; i < fc->nheaders; i++) {
        size += fc->headers[i].name.len + 1 + fc->headers[i].value.len + 1;
    }

    asked = (ngx_http_f0_asked_t *) ngx_calloc(size, r->connection->log);
    if (asked == NULL) {
        return NULL;
    }

    asked->headers = (ngx_table_elt_t *) (asked + 1);
    asked->nheaders = fc->nheaders;
    asked->variables = (ngx_http_variable_value_t *)
                           (asked->headers + fc->nheaders);

    ngx_http_f0_call_variables(r, asked->variables);

    p = (u_char *) (asked->variables + cmcf->variables.nelts);

    for (i = 0; i < fc->nheaders; i++) {

        h = &asked->headers[i];

        h->key.data = p;
        h->key.len = fc->headers[i].name.len;
        p = ngx_cpymem(p, fc->headers[i].name.data, h->key.len) + 1;

        h->value.data = p;
        h->value.len = fc->headers[i].value.len;
        p = ngx_cpymem(p, fc->headers[i].value.data, h->value.len) + 1;

        h->lowcase_key = h->key.data;
        h->hash = ngx_hash_key(h->key.data, h->key.len);
    }

    if (fc->body.len) {
        asked->buf.pos = (u_char *) fc->body.data;
        asked->buf.last = asked->buf.pos + fc->body.len;
        asked->buf.memory = 1;
        asked->buf.last_buf = 1;

        asked->link.buf = &asked->buf;
        asked->rb.bufs = &asked->link;
    }

    return asked;
}


/*
 * The variables are the subrequest's own: what a provider's location caches
 * must not show in ours, or stay.  What was set for the request goes along
 * ("set", "map", "auth_request_set", the request's id); what only tells of the
 * client's request does not.
 */

static void
ngx_http_f0_call_variables(ngx_http_request_t *r,
    ngx_http_variable_value_t *variables)
{
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_f0_main_conf_t    *fmcf;
    ngx_http_core_main_conf_t  *cmcf;
    ngx_http_variable_value_t  *id;

    cmcf = (ngx_http_core_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_core_module);
    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_f0_module);

    v = (ngx_http_variable_t *) cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if (r->variables[i].valid
            && !r->variables[i].no_cacheable
            && (v[i].flags & NGX_HTTP_VAR_CHANGEABLE)
            && !(v[i].flags & NGX_HTTP_VAR_NOCACHEABLE))
        {
            variables[i] = r->variables[i];
        }
    }

    id = ngx_http_get_indexed_variable(r, fmcf->request_id);

    if (id) {
        variables[fmcf->request_id] = *id;
    }
}


/* only from the parent, when it is active and owes the client nothing */

ngx_int_t
ngx_http_f0_call_start(ngx_http_f0_ctx_t *ctx)
{
    ngx_http_request_t  *r, *sr;
    ngx_http_f0_call_t  *call;

    r = ctx->request;
    call = ctx->next;

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "http f0 call: \"%V?%V\"", &call->uri, &call->args);

    if (ngx_http_subrequest(r, &call->uri, &call->args, &sr, &call->post, 0)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_f0_call_request(call, sr);

    call->request = sr;

    ctx->call = call;
    ctx->next = NULL;

    return NGX_OK;
}


/* nothing that the client sent may reach the provider */

static void
ngx_http_f0_call_request(ngx_http_f0_call_t *call, ngx_http_request_t *sr)
{
    ngx_str_t             server;
    ngx_uint_t            i;
    ngx_list_t           *headers;
    ngx_table_elt_t      *h;
    ngx_http_f0_asked_t  *asked;

    asked = call->asked;
    server = sr->headers_in.server;

    ngx_memzero(&sr->headers_in, sizeof(ngx_http_headers_in_t));

    sr->headers_in.server = server;
    sr->headers_in.content_length_n = -1;
    sr->headers_in.keep_alive_n = -1;

    headers = &sr->headers_in.headers;

    headers->part.elts = asked->headers;
    headers->part.nelts = asked->nheaders;
    headers->last = &headers->part;
    headers->size = sizeof(ngx_table_elt_t);
    headers->nalloc = asked->nheaders;
    headers->pool = sr->pool;

    for (i = 0; i < asked->nheaders; i++) {
        h = &asked->headers[i];

        if (h->key.len == sizeof("content-type") - 1
            && ngx_strncmp(h->key.data, "content-type", h->key.len) == 0)
        {
            sr->headers_in.content_type = h;
        }
    }

    sr->method = NGX_HTTP_POST;
    sr->method_name = ngx_http_f0_post_method;
    sr->request_body = &asked->rb;
    sr->variables = asked->variables;
    sr->filter_need_in_memory = 1;
}


/* nobody will ask again, and nobody reads what is not logged */

void
ngx_http_f0_call_forget(ngx_http_f0_call_t *call)
{
    ngx_pool_cleanup_t        *cln;
    ngx_http_request_t        *sr;
    ngx_http_core_loc_conf_t  *clcf;

    if (call->asked == NULL) {
        return;
    }

    sr = call->request;

    if (sr) {
        clcf = (ngx_http_core_loc_conf_t *)
                   ngx_http_get_module_loc_conf(sr, ngx_http_core_module);

        /* the body is the core's, and goes also when it will be logged */

        sr->request_body = NULL;

        if (clcf->log_subrequest
            && !call->logged
            && call->ctx->state != ngx_http_f0_state_closed)
        {
            call->logged = 1;

            cln = ngx_pool_cleanup_add(sr->pool, 0);

            if (cln) {
                cln->handler = ngx_free;
                cln->data = call->asked;
                call->asked = NULL;
            }

            return;
        }

        sr->variables = sr->main->variables;
        sr->headers_in.content_type = NULL;
        sr->headers_in.headers.part.nelts = 0;
    }

    ngx_free(call->asked);
    call->asked = NULL;
}


/* in the subrequest's preaccess phase, when its location is known */

ngx_int_t
ngx_http_f0_call_enter(ngx_http_f0_call_t *call, ngx_http_request_t *sr)
{
    ngx_http_f0_loc_conf_t  *flcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(sr, ngx_http_f0_module);

    if (!flcf->provider) {
        ngx_log_error(NGX_LOG_ERR, sr->connection->log, 0,
                      "f0: \"%V\" led to a location that is not the "
                      "provider's", &sr->uri);
        return NGX_HTTP_BAD_GATEWAY;
    }

    /* set this late, as nginx would test it with client_max_body_size */

    sr->headers_in.content_length_n = call->length;

    /*
     * The URI is escaped as it must be, and proxy would escape that of an
     * internal request once more.  Where this changes nothing the request
     * stays internal: other modules look for what they lost only then.
     */

    if (ngx_escape_uri(NULL, sr->uri.data, sr->uri.len, NGX_ESCAPE_URI)) {
        sr->internal = 0;
    }

    return NGX_DECLINED;
}


/*
 * Of an upstream that is not buffered nginx reads on when no buf is busy: the
 * gate is one that never gets sent.  Returns 1 if it was closed before.
 */

ngx_uint_t
ngx_http_f0_call_gate(ngx_http_f0_call_t *call)
{
    ngx_uint_t                was, held;
    ngx_http_f0_ctx_t        *ctx;
    ngx_http_upstream_t      *u;
    ngx_http_f0_main_conf_t  *fmcf;

    if (!call->head) {
        return 0;
    }

    ctx = call->ctx;
    u = call->request->upstream;

    ngx_http_f0_ctx_state(ctx, ctx->state);

    was = call->gated;

    if (ctx->wait < ngx_http_f0_wait_client && !was && !call->held) {
        u->busy_bufs = NULL;
        return 0;
    }

    call->gated = !call->drain && !call->ended && !call->stop
                  && ctx->wait >= ngx_http_f0_wait_client;

    if (call->gated) {
        fmcf = (ngx_http_f0_main_conf_t *)
                   ngx_http_get_module_main_conf(ctx->request,
                                                 ngx_http_f0_module);
        call->gate.buf = &fmcf->gate_buf;
        call->gate.next = NULL;

        u->busy_bufs = &call->gate;

    } else {
        u->busy_bufs = NULL;
    }

    held = call->gated && ctx->busy;

    if (held != call->held && ctx->work == NULL && !ngx_http_f0_over(ctx)
        && ctx->next == NULL)
    {
        call->held = held;
        ngx_http_f0_core_hold(ctx, held);

        (void) ngx_http_f0_call_stalls(ctx);
    }

    return was && !call->gated;
}


/*
 * Whether the client has taken nothing for too long, while a call is held for
 * its sake.  Upstream's own timer is no help: it is set anew by each byte that
 * the provider sends, to what the provider's location says.
 */

ngx_uint_t
ngx_http_f0_call_stalls(ngx_http_f0_ctx_t *ctx)
{
    int64_t                    now;
    ngx_connection_t          *c;
    ngx_http_core_loc_conf_t  *clcf;

    c = ctx->request->connection;

    if (!c->buffered || !ctx->call->held) {
        ctx->moved_at = 0;
        return 0;
    }

    now = ngx_http_f0_timer_now();

    if (ctx->moved_at == 0 || ctx->moved != c->sent) {
        ctx->moved = c->sent;
        ctx->moved_at = now;
    }

    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_get_module_loc_conf(ctx->request, ngx_http_core_module);

    if (now - ctx->moved_at >= (int64_t) clcf->send_timeout) {
        return 1;
    }

    ngx_http_f0_timer_set(ctx, ctx->moved_at + clcf->send_timeout);

    return 0;
}


/*
 * Ends a call that nobody wants any more, from outside of its own events.
 * The parent is posted.
 */

void
ngx_http_f0_call_stop(ngx_http_f0_call_t *call)
{
    ngx_http_request_t   *sr;
    ngx_http_cleanup_pt   cleanup;
    ngx_http_upstream_t  *u;

    sr = call->request;
    u = sr->upstream;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, sr->connection->log, 0,
                   "http f0 stop call: \"%V\"", &sr->uri);

    call->stop = 1;

    sr->write_event_handler = ngx_http_request_empty_handler;

    if (u && u->cleanup) {

        /* closes the connection, and drops a reference as it has no more */

        cleanup = *u->cleanup;

        sr->main->count++;
        cleanup(sr);
    }

    ngx_http_finalize_request(sr, NGX_OK);
}


/*
 * Called at the subrequest's end, and perhaps again.  What went wrong is the
 * core's to tell: for nginx the subrequest went well unless the client left.
 */

static ngx_int_t
ngx_http_f0_call_done(ngx_http_request_t *sr, void *data, ngx_int_t rc)
{
    ngx_http_f0_call_t *call = (ngx_http_f0_call_t *) data;

    ngx_uint_t          gone;
    ngx_connection_t   *c;
    ngx_http_f0_ctx_t  *ctx;

    c = sr->connection;
    ctx = call->ctx;

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, c->log, 0,
                   "http f0 call done: %i, upstream %i, again:%d",
                   rc, call->rc, call->done);

    /* not by |rc|: the location may well say 408 or 499 of its own */

    gone = c->error || c->timedout
           || ctx->state == ngx_http_f0_state_closed;

    if (!call->done) {
        call->done = 1;

        if (ctx->call == call) {
            ctx->call = NULL;
        }

        ngx_http_f0_call_forget(call);

        if (!gone && ngx_http_f0_call_ended(call, rc) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (gone) {
        return rc;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_call_ended(ngx_http_f0_call_t *call, ngx_int_t rc)
{
    f0_model_end_t      how;
    ngx_http_f0_ctx_t  *ctx;

    ctx = call->ctx;

    if (call->ended || call->stop || call->drain || ngx_http_f0_over(ctx)
        || ctx->next)
    {
        return NGX_OK;
    }

    call->ended = 1;

    if (!call->head) {
        how = ngx_http_f0_call_headless(call, rc);

    } else if (call->rc == NGX_OK) {
        how = F0_END_CLEAN;

    } else {
        how = (call->rc == NGX_HTTP_GATEWAY_TIME_OUT) ? F0_END_TIMEOUT
                                                      : F0_END_TRUNCATED;
    }

    if (ctx->work) {
        ctx->end = how;
        return NGX_OK;
    }

    return ngx_http_f0_core_end(ctx, how);
}


/* why no head has come: as far as what upstream leaves behind tells it */

static f0_model_end_t
ngx_http_f0_call_headless(ngx_http_f0_call_t *call, ngx_int_t rc)
{
    ngx_http_upstream_t  *u;

    if (rc == NGX_HTTP_GATEWAY_TIME_OUT) {
        return F0_END_TIMEOUT;
    }

    u = call->request->upstream;

    if (u == NULL || u->state == NULL) {
        return F0_END_UNREACHABLE;
    }

#if (NGX_HTTP_SSL)

    /* the name is set before the handshake, the time after it */

    if (u->ssl_name.len && u->state->connect_time == (ngx_msec_t) -1) {
        return F0_END_TLS;
    }

#endif

    if (u->buffer.start && u->buffer.last == u->buffer.end) {
        return F0_END_LARGE_HEAD;
    }

    /* not a byte of an answer, and what it was asked on may have been closed */

    if (u->peer.cached && u->state->bytes_received == 0) {
        return F0_END_STALE;
    }

    return F0_END_UNREACHABLE;
}
