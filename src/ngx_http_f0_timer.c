
/*
 * Copyright (C) 2026 The f0 authors
 *
 * A turn's clock: one timer that is set as long as the turn lasts, which also
 * keeps a worker alive that is told to quit.  Posted, it means "go on later".
 */


#include "ngx_http_f0.h"


static void ngx_http_f0_timer_handler(ngx_event_t *ev);


/* the core's time, which never wraps: ngx_current_msec has 32 bits for some */

int64_t
ngx_http_f0_timer_now(void)
{
    static int64_t     now;
    static ngx_msec_t  last;

    now += (ngx_msec_t) (ngx_current_msec - last);
    last = ngx_current_msec;

    return now;
}


void
ngx_http_f0_timer_init(ngx_http_f0_ctx_t *ctx)
{
    ngx_connection_t  *c;

    c = ctx->request->connection;

    /* debug logs of timers read ev->data as a connection */

    ctx->timer.handler = ngx_http_f0_timer_handler;
    ctx->timer.data = c;
    ctx->timer.log = c->log;
}


/*
 * A deadline mostly moves away with each byte: the timer then stays where it
 * is, fires too early, and the core names the next one.
 */

void
ngx_http_f0_timer_set(ngx_http_f0_ctx_t *ctx, int64_t deadline)
{
    int64_t     now, drain;
    ngx_msec_t  timeout;

    if (ngx_exiting) {
        drain = ngx_http_f0_drain_due(ctx);
        deadline = ngx_min(deadline, drain);
    }

    if (ctx->timer.timer_set && deadline >= ctx->due) {
        return;
    }

    now = ngx_http_f0_timer_now();
    timeout = (deadline > now) ? (ngx_msec_t) (deadline - now) : 1;

    if (ctx->timer.timer_set) {
        ngx_del_timer(&ctx->timer);
    }

    ctx->due = now + timeout;

    ngx_add_timer(&ctx->timer, timeout);
}


/* in the next round of the event loop, after what else is ready */

void
ngx_http_f0_timer_again(ngx_http_f0_ctx_t *ctx)
{
    if (!ctx->timer.posted) {
        ngx_post_event(&ctx->timer, &ngx_posted_next_events);
        ngx_http_f0_ctx_state(ctx, ctx->state);
    }
}


void
ngx_http_f0_timer_stop(ngx_http_f0_ctx_t *ctx)
{
    if (ctx->timer.timer_set) {
        ngx_del_timer(&ctx->timer);
    }

    if (ctx->timer.posted) {
        ngx_delete_posted_event(&ctx->timer);
    }
}


/*
 * NULL: it is nobody's timer.  Of the request nothing may lead here: a redirect
 * clears its contexts.
 */

ngx_http_f0_ctx_t *
ngx_http_f0_timer_ctx(ngx_event_t *ev)
{
    if (ev->handler != ngx_http_f0_timer_handler) {
        return NULL;
    }

    return (ngx_http_f0_ctx_t *)
               ((u_char *) ev - offsetof(ngx_http_f0_ctx_t, timer));
}


static void
ngx_http_f0_timer_handler(ngx_event_t *ev)
{
    ngx_http_f0_ctx_t   *ctx;
    ngx_http_request_t  *r;

    ctx = ngx_http_f0_timer_ctx(ev);

    r = ctx->request;

    ngx_http_set_log_request(r->connection->log, r);

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ev->log, 0,
                   "http f0 timer, still set:%d \"%V\"",
                   ev->timer_set, &r->uri);

    ctx->resume(ctx);
}
