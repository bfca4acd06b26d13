
/*
 * Copyright (C) 2026 The f0 authors
 *
 * A turn's clock: one timer that is set as long as the turn lasts, which also
 * keeps a worker alive that is told to quit.  Posted, it means "go on later".
 */


#include "ngx_http_f0.h"


/* before nginx cuts all connections */
#define NGX_HTTP_F0_TIMER_EARLY  100


static void ngx_http_f0_timer_handler(ngx_event_t *ev);
static ngx_http_f0_ctx_t *ngx_http_f0_timer_ctx(ngx_event_t *ev);
static ngx_uint_t ngx_http_f0_timer_collect(ngx_http_f0_ctx_t **turns);


static int64_t  ngx_http_f0_timer_quit_at;


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
        drain = ngx_http_f0_timer_last(ctx);
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

static ngx_http_f0_ctx_t *
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


/* the worker begins to quit: some turns end earlier, found by their timers */

void
ngx_http_f0_timer_quit(void)
{
    ngx_uint_t           i, n;
    ngx_http_f0_ctx_t  **turns;

    ngx_http_f0_timer_quit_at = ngx_http_f0_timer_now();

    n = ngx_http_f0_timer_collect(NULL);
    if (n == 0) {
        return;
    }

    turns = (ngx_http_f0_ctx_t **) ngx_alloc(n * sizeof(ngx_http_f0_ctx_t *),
                                             ngx_cycle->log);
    if (turns == NULL) {

        /* each looks at its time when its timer goes off the next time */

        return;
    }

    ngx_http_f0_timer_collect(turns);

    for (i = 0; i < n; i++) {
        ngx_http_f0_timer_set(turns[i], turns[i]->due);
    }

    ngx_free(turns);
}


/* a timer that is set anew changes the tree: first they are written down */

static ngx_uint_t
ngx_http_f0_timer_collect(ngx_http_f0_ctx_t **turns)
{
    ngx_uint_t          n;
    ngx_event_t        *ev;
    ngx_rbtree_node_t  *node;
    ngx_http_f0_ctx_t  *ctx;

    n = 0;

    if (ngx_event_timer_rbtree.root == ngx_event_timer_rbtree.sentinel) {
        return 0;
    }

    for (node = ngx_rbtree_min(ngx_event_timer_rbtree.root,
                               ngx_event_timer_rbtree.sentinel);
         node;
         node = ngx_rbtree_next(&ngx_event_timer_rbtree, node))
    {
        ev = (ngx_event_t *) ((u_char *) node - offsetof(ngx_event_t, timer));

        ctx = ngx_http_f0_timer_ctx(ev);

        if (ctx == NULL) {
            continue;
        }

        if (turns) {
            turns[n] = ctx;
        }

        n++;
    }

    return n;
}


/*
 * When the turn has to end; INT64_MAX: whenever it does.  One that is over has
 * nothing more to say, and one whose work runs in a thread is looked at again
 * when that is done.
 */

int64_t
ngx_http_f0_timer_last(ngx_http_f0_ctx_t *ctx)
{
    ngx_msec_t               shutdown, timeout;
    ngx_http_f0_loc_conf_t  *flcf;

    if (ngx_http_f0_over(ctx) || ctx->work || ngx_http_f0_timer_quit_at == 0) {
        return INT64_MAX;
    }

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(ctx->request, ngx_http_f0_module);

    timeout = flcf->drain_timeout;
    shutdown = ngx_http_f0_timer_shutdown();

    if (shutdown && (timeout == 0 || shutdown < timeout)) {
        timeout = shutdown;
    }

    if (timeout == 0) {
        return INT64_MAX;
    }

    return ngx_http_f0_timer_quit_at + timeout;
}


/* a little less than "worker_shutdown_timeout"; 0: there is none */

ngx_msec_t
ngx_http_f0_timer_shutdown(void)
{
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(ngx_cycle->conf_ctx,
                                           ngx_core_module);

    if (ccf->shutdown_timeout == 0) {
        return 0;
    }

    if (ccf->shutdown_timeout <= 2 * NGX_HTTP_F0_TIMER_EARLY) {
        return ngx_max(ccf->shutdown_timeout / 2, 1);
    }

    return ccf->shutdown_timeout - NGX_HTTP_F0_TIMER_EARLY;
}
