
/*
 * Copyright (C) 2026 The f0 authors
 *
 * The turn: asks the core what to do next and does it, until it would block.
 *
 * While a call runs its subrequest is the active request, and gets the events
 * of the client's connection; otherwise the parent does, in _turn_wake().
 */


#include "ngx_http_f0.h"


static void ngx_http_f0_turn_options(ngx_http_request_t *r,
    f0_turn_options_t *o);
static ngx_int_t ngx_http_f0_turn_respond(ngx_http_f0_ctx_t *ctx,
    const f0_response_t *res);
static ngx_uint_t ngx_http_f0_turn_level(const f0_turn_info_t *info);
static void ngx_http_f0_turn_odd(ngx_http_f0_ctx_t *ctx);
static void ngx_http_f0_turn_finish(ngx_http_f0_ctx_t *ctx);
static void ngx_http_f0_turn_event(ngx_http_f0_ctx_t *ctx);
static void ngx_http_f0_turn_settle(ngx_http_f0_ctx_t *ctx);
static ngx_int_t ngx_http_f0_turn_call(ngx_http_f0_ctx_t *ctx);
static ngx_int_t ngx_http_f0_turn_wait(ngx_http_request_t *r);
static void ngx_http_f0_turn_close(void *data);
static void ngx_http_f0_turn_free(void *data);


ngx_int_t
ngx_http_f0_turn_create(ngx_http_request_t *r)
{
    f0_turn_options_t    o;
    ngx_pool_cleanup_t  *pcln;
    ngx_http_cleanup_t  *cln;
    ngx_http_f0_ctx_t   *ctx;

    ctx = ngx_http_f0_ctx_get(r);

    pcln = ngx_pool_cleanup_add(r->pool, 0);
    cln = ngx_http_cleanup_add(r, 0);

    if (ctx == NULL || pcln == NULL || cln == NULL
        || ngx_http_f0_answer_shrink(r) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_f0_turn_options(r, &o);

    if (ngx_http_f0_limit_options(ctx, &o) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_f0_core_turn(ctx, &o) != NGX_OK) {
        return NGX_ERROR;
    }

    pcln->handler = ngx_http_f0_turn_free;
    pcln->data = ctx;

    cln->handler = ngx_http_f0_turn_close;
    cln->data = ctx;

    ctx->end = -1;
    ctx->resume = ngx_http_f0_turn_event;
    ctx->body = r->request_body ? r->request_body->bufs : NULL;

    r->write_event_handler = ngx_http_f0_turn_wake;

    /* a rate limit would stall: an unbuffered upstream drops its timer */

    r->limit_rate = 0;
    r->limit_rate_set = 1;

    ngx_http_f0_ctx_state(ctx, ngx_http_f0_state_body);
    ngx_http_f0_timer_init(ctx);
    ngx_http_f0_timer_set(ctx, o.now + NGX_HTTP_F0_TICK);

    return NGX_OK;
}


static void
ngx_http_f0_turn_options(ngx_http_request_t *r, f0_turn_options_t *o)
{
    f0_route_t                 route;
    ngx_table_elt_t           *h;
    ngx_http_f0_loc_conf_t    *flcf;
    ngx_http_core_loc_conf_t  *clcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);
    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_memzero(o, sizeof(f0_turn_options_t));

    ngx_http_f0_core_route(r, &route);

    o->front = route.front;
    o->seed = ngx_http_f0_ctx_seed(r);
    o->stream_header.data = "";

    h = ngx_http_f0_ctx_header(r, "x-f0-stream", sizeof("x-f0-stream") - 1);

    if (h) {
        o->stream_header = ngx_http_f0_str(&h->value);
    }

    o->args = ngx_http_f0_str(&r->args);
    o->anthropic_version = ngx_http_f0_ctx_headers(r, "anthropic-version",
                                           sizeof("anthropic-version") - 1);
    o->anthropic_beta = ngx_http_f0_ctx_headers(r, "anthropic-beta",
                                           sizeof("anthropic-beta") - 1);
    o->client = ngx_http_f0_key_client(r);

    o->created = ngx_time();
    o->now = ngx_http_f0_timer_now();

    o->body_max = clcf->client_max_body_size
                  ? (size_t) clcf->client_max_body_size
                  : NGX_MAX_SIZE_T_VALUE / 8;

    o->chunk_size = flcf->chunk_size;
    o->first_byte_ms = flcf->first_byte_timeout;
    o->idle_ms = flcf->idle_timeout;
    o->progress_ms = flcf->progress_timeout;
    o->total_ms = flcf->turn_timeout;
    o->keepalive_ms = flcf->keepalive;
    o->strict = flcf->strict ? 1 : 0;
}


/* NGX_ERROR: the client's connection is of no use any more */

ngx_int_t
ngx_http_f0_turn_drive(ngx_http_f0_ctx_t *ctx)
{
    ngx_int_t    rc, result;
    ngx_uint_t   again;
    f0_action_t  a;

    again = 0;

    if (ngx_exiting && ngx_http_f0_drain_turn(ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    while (!ngx_http_f0_over(ctx) && ctx->work == NULL && !ctx->timer.posted) {

        rc = ngx_http_f0_core_next(ctx, &a);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_DECLINED) {
            break;
        }

        result = NGX_DONE;

        switch (a.kind) {

        case F0_NEED_BODY:
            result = ngx_http_f0_body_feed(ctx);
            break;

        case F0_AGAIN:
            ngx_http_f0_timer_set(ctx, a.deadline);
            result = NGX_AGAIN;
            break;

        case F0_CALL_MODEL:
            result = ngx_http_f0_call_create(ctx, &a.call);
            ngx_http_f0_timer_set(ctx, a.deadline);
            break;

        case F0_RUN_WORK:
            result = ngx_http_f0_work_start(ctx, a.work);

            if (result == NGX_AGAIN) {
                result = NGX_DONE;
            }

            break;

        case F0_WAIT:
            ngx_http_f0_timer_set(ctx, a.deadline);

            if (a.idle && ctx->call && !ctx->call->drain) {

                /* it goes when nobody is in it: see _turn_settle() */

                ctx->call->drain = 1;
                ctx->drained_at = ngx_http_f0_timer_now();
                ngx_http_f0_timer_set(ctx, ctx->drained_at);
            }

            break;

        case F0_RESPOND:
            result = ngx_http_f0_turn_respond(ctx, &a.response);
            break;

        case F0_FINISHED:
            ngx_http_f0_turn_finish(ctx);
            break;
        }

        if (result == NGX_ERROR
            && ngx_http_f0_core_fail(ctx, "the turn", F0_ERR_NOMEM) != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (result == NGX_AGAIN) {
            again = 1;
            break;
        }

        if (result == NGX_DONE) {
            break;
        }
    }

    rc = ngx_http_f0_output_drain(ctx);

    if (rc == NGX_OK && again && ctx->busy == NULL && !ngx_http_f0_over(ctx)) {
        ngx_http_f0_timer_again(ctx);
    }

    if (ngx_http_f0_over(ctx) && ctx->next) {

        /* nobody is asked any more, and its body may be freed memory */

        ngx_http_f0_call_forget(ctx->next);
        ctx->next = NULL;
    }

    ngx_http_f0_ctx_state(ctx, ctx->state);

    return rc;
}


static ngx_int_t
ngx_http_f0_turn_respond(ngx_http_f0_ctx_t *ctx, const f0_response_t *res)
{
    ngx_uint_t      level;
    f0_turn_info_t  info;

    ngx_http_f0_ctx_state(ctx, ngx_http_f0_state_answer);
    ngx_http_f0_turn_odd(ctx);

    if (res->reason.len) {
        ngx_http_f0_core_info(ctx, &info);

        level = (res->status < NGX_HTTP_INTERNAL_SERVER_ERROR)
                ? NGX_LOG_INFO
                : ngx_http_f0_turn_level(&info);

        ngx_http_f0_error_log(ctx->request, level, "answers", res);
    }

    if (ngx_http_f0_answer_set(ctx->request, res) != NGX_OK) {
        return NGX_ERROR;
    }

    return NGX_DONE;
}


static void
ngx_http_f0_turn_finish(ngx_http_f0_ctx_t *ctx)
{
    f0_turn_info_t  info;

    ngx_http_f0_ctx_state(ctx, ngx_http_f0_state_stream);
    ngx_http_f0_turn_odd(ctx);

    ngx_http_f0_core_info(ctx, &info);

    if (info.end.len != sizeof("done") - 1
        || ngx_strncmp(info.end.data, "done", sizeof("done") - 1) != 0)
    {
        ngx_log_error(ngx_http_f0_turn_level(&info),
                      ctx->request->connection->log, 0,
                      "f0 ended a stream: %*s, provider \"%*s\"",
                      info.end.len, info.end.data,
                      info.provider.len, info.provider.data);
    }
}


/* of a bad end: that the worker has to go is nobody's fault */

static ngx_uint_t
ngx_http_f0_turn_level(const f0_turn_info_t *info)
{
    if (info->end.len == sizeof("drained") - 1
        && ngx_strncmp(info->end.data, "drained", sizeof("drained") - 1) == 0)
    {
        return NGX_LOG_NOTICE;
    }

    return NGX_LOG_ERR;
}


/* an end that is told as a good one, for want of better knowledge */

static void
ngx_http_f0_turn_odd(ngx_http_f0_ctx_t *ctx)
{
    f0_turn_info_t  info;

    ngx_http_f0_core_info(ctx, &info);

    if (info.odd_finish.len) {
        ngx_log_error(NGX_LOG_WARN, ctx->request->connection->log, 0,
                      "f0 doesn't know the finish word \"%*s\" of provider "
                      "\"%*s\"",
                      info.odd_finish.len, info.odd_finish.data,
                      info.provider.len, info.provider.data);
    }
}


/* for events of our own: the timer, "again", work that is done */

static void
ngx_http_f0_turn_event(ngx_http_f0_ctx_t *ctx)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = ctx->request;
    c = r->connection;

    if (ngx_http_get_module_ctx(r, ngx_http_f0_module) != ctx) {

        /* by "post_action" nginx makes another request of it */

        ngx_http_f0_turn_close(ctx);
    }

    if (ctx->state == ngx_http_f0_state_closed) {

        if (ctx->work) {
            ngx_http_f0_timer_set(ctx,
                                  ngx_http_f0_timer_now() + NGX_HTTP_F0_TICK);
        }

        return;
    }

    /* a worker that is told to quit would else not wait for work that runs */

    if (!ctx->timer.timer_set) {
        ngx_http_f0_timer_set(ctx, ngx_http_f0_timer_now() + NGX_HTTP_F0_TICK);
    }

    if (ctx->call && ngx_http_f0_call_stalls(ctx)) {
        ngx_log_error(NGX_LOG_INFO, c->log, NGX_ETIMEDOUT, "client timed out");
        c->timedout = 1;

        r = (ngx_http_request_t *) c->data;
        ngx_http_finalize_request(r, NGX_HTTP_REQUEST_TIME_OUT);

    } else if (c->error || ngx_http_f0_turn_drive(ctx) != NGX_OK) {

        c->error = 1;

        r = (ngx_http_request_t *) c->data;
        ngx_http_finalize_request(r, NGX_ERROR);

    } else {
        ngx_http_f0_turn_settle(ctx);
    }

    ngx_http_run_posted_requests(c);
}


static void
ngx_http_f0_turn_settle(ngx_http_f0_ctx_t *ctx)
{
    ngx_http_f0_call_t  *call;

    call = ctx->call;

    if (call == NULL) {
        ngx_http_f0_turn_wake(ctx->request);
        return;
    }

    if (call->drain && ngx_http_f0_timer_now() < ctx->drained_at) {
        ngx_http_f0_timer_set(ctx, ctx->drained_at);
        return;
    }

    if (call->drain || ngx_http_f0_over(ctx) || ctx->next) {
        ngx_http_f0_call_stop(call);
        return;
    }

    if (ngx_http_f0_call_gate(call)) {
        (void) ngx_http_post_request(call->request, NULL);
    }
}


/* the parent's write event handler: it is active, or was woken for nothing */

void
ngx_http_f0_turn_wake(ngx_http_request_t *r)
{
    ngx_connection_t   *c;
    ngx_http_f0_ctx_t  *ctx;

    c = r->connection;

    ctx = (ngx_http_f0_ctx_t *)
              ngx_http_get_module_ctx(r, ngx_http_f0_module);

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, c->log, 0,
                   "http f0 wake, state:%d wait:%d call:%p",
                   ctx->state, ctx->wait, ctx->call);

    if (c->error) {
        ngx_http_finalize_request(r, NGX_ERROR);
        return;
    }

    if (c->write->timedout) {
        ngx_log_error(NGX_LOG_INFO, c->log, NGX_ETIMEDOUT, "client timed out");
        c->timedout = 1;

        ngx_http_finalize_request(r, NGX_HTTP_REQUEST_TIME_OUT);
        return;
    }

    if (ctx->call) {
        return;
    }

    if (ngx_http_f0_turn_drive(ctx) != NGX_OK) {
        ngx_http_finalize_request(r, NGX_ERROR);
        return;
    }

    if (ctx->next) {

        switch (ngx_http_f0_turn_call(ctx)) {

        case NGX_OK:
            return;

        case NGX_ERROR:
            ngx_http_finalize_request(r, NGX_ERROR);
            return;
        }
    }

    if (ctx->state == ngx_http_f0_state_sent) {
        ngx_http_f0_timer_stop(ctx);
        ngx_http_finalize_request(r, NGX_OK);
        return;
    }

    if (ngx_http_f0_turn_wait(r) != NGX_OK) {
        ngx_http_finalize_request(r, NGX_ERROR);
    }
}


/*
 * Starts the call that waits; with something that the client has not taken it
 * waits on (NGX_AGAIN), and that is not the provider's fault.
 */

static ngx_int_t
ngx_http_f0_turn_call(ngx_http_f0_ctx_t *ctx)
{
    ngx_uint_t         wait;
    ngx_connection_t  *c;

    c = ctx->request->connection;

    wait = ctx->wait >= ngx_http_f0_wait_client || c->buffered;

    if (wait != ctx->held && ctx->work == NULL) {
        ctx->held = wait;
        ngx_http_f0_core_hold(ctx, wait);
    }

    if (wait) {
        return NGX_AGAIN;
    }

    /* a timer of ours would end the call: upstream looks at no other */

    if (c->write->timer_set) {
        ngx_del_timer(c->write);
    }

    if (ngx_http_f0_call_start(ctx) == NGX_OK) {
        return NGX_OK;
    }

    if (ngx_http_f0_core_fail(ctx, "the call", F0_ERR_NOMEM) != NGX_OK
        || ngx_http_f0_output_drain(ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_DONE;
}


/* the parent waits: for time, for work, or for the client to take its bytes */

static ngx_int_t
ngx_http_f0_turn_wait(ngx_http_request_t *r)
{
    ngx_event_t               *wev;
    ngx_connection_t          *c;
    ngx_http_f0_ctx_t         *ctx;
    ngx_http_core_loc_conf_t  *clcf;

    c = r->connection;
    wev = c->write;

    ctx = (ngx_http_f0_ctx_t *)
              ngx_http_get_module_ctx(r, ngx_http_f0_module);

    r->read_event_handler = ngx_http_test_reading;

    /* the client may have left while nobody looked: epoll tells it once */

    if (c->read->ready) {
        ngx_post_event(c->read, &ngx_posted_events);

    } else if (ngx_handle_read_event(c->read, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    /* our own events come here too: only bytes that leave give it more time */

    if (c->buffered) {

        if (!wev->timer_set || ctx->sent != c->sent) {
            ctx->sent = c->sent;
            ngx_add_timer(wev, clcf->send_timeout);
        }

    } else if (wev->timer_set) {
        ngx_del_timer(wev);
    }

    return ngx_handle_write_event(wev, clcf->send_lowat);
}


/* the request ends or is terminated; its pool may live on for a while */

static void
ngx_http_f0_turn_close(void *data)
{
    ngx_http_f0_ctx_t *ctx = (ngx_http_f0_ctx_t *) data;

    if (ctx->state == ngx_http_f0_state_closed) {
        return;
    }

    /* with work the timer stays: a worker that is told to quit waits for it */

    if (ctx->work == NULL) {
        ngx_http_f0_core_close(ctx);
    }

    ngx_http_f0_ctx_state(ctx, ngx_http_f0_state_closed);
}


static void
ngx_http_f0_turn_free(void *data)
{
    ngx_http_f0_ctx_t *ctx = (ngx_http_f0_ctx_t *) data;

    if (ctx->call) {
        ngx_http_f0_call_forget(ctx->call);
    }

    if (ctx->next) {
        ngx_http_f0_call_forget(ctx->next);
    }

    ngx_http_f0_output_free(ctx);
    ngx_http_f0_core_free(ctx);
}
