
/*
 * Copyright (C) 2026 The f0 authors
 *
 * A worker that is told to quit finishes its turns, but for those that last
 * longer than it may take: they are ended, and their clients are told.
 *
 * nginx tells no module that a worker is to quit, but it closes connections
 * that are idle: each worker has one that is none and waits for that.  Until
 * then it costs nothing.  The turns are found by their timers.
 */


#include "ngx_http_f0.h"


/* before nginx cuts all connections */
#define NGX_HTTP_F0_DRAIN_EARLY  100


static void ngx_http_f0_drain_handler(ngx_event_t *ev);
static ngx_uint_t ngx_http_f0_drain_collect(ngx_http_f0_ctx_t **turns);
static ngx_msec_t ngx_http_f0_drain_shutdown(void);


static int64_t  ngx_http_f0_drain_began;


char *
ngx_http_f0_drain_timeout(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_loc_conf_t *flcf = (ngx_http_f0_loc_conf_t *) conf;

    ngx_str_t                *value;
    ngx_http_f0_main_conf_t  *fmcf;

    value = (ngx_str_t *) cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") != 0) {
        fmcf = (ngx_http_f0_main_conf_t *)
                   ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);
        fmcf->drains = 1;

        return ngx_conf_set_msec_slot(cf, cmd, conf);
    }

    if (flcf->drain_timeout != NGX_CONF_UNSET_MSEC) {
        return (char *) "is duplicate";
    }

    flcf->drain_timeout = 0;

    return NGX_CONF_OK;
}


/* in each worker */

ngx_int_t
ngx_http_f0_drain_init(ngx_cycle_t *cycle)
{
    ngx_connection_t         *c;
    ngx_http_f0_main_conf_t  *fmcf;

    if (ngx_process != NGX_PROCESS_WORKER) {
        return NGX_OK;
    }

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_cycle_get_module_main_conf(cycle, ngx_http_f0_module);

    if (fmcf == NULL
        || !fmcf->checked
        || (!fmcf->drains && ngx_http_f0_drain_shutdown() == 0))
    {
        return NGX_OK;
    }

    /* no descriptor has this number: the connection is only looked at */

    c = ngx_get_connection(0, cycle->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    if (ngx_cycle->files && ngx_cycle->files[0] == c) {
        ngx_cycle->files[0] = NULL;
    }

    c->fd = (ngx_socket_t) -2;
    c->idle = 1;
    c->read->handler = ngx_http_f0_drain_handler;
    c->read->log = cycle->log;

    return NGX_OK;
}


/* the worker begins to quit */

static void
ngx_http_f0_drain_handler(ngx_event_t *ev)
{
    ngx_uint_t           i, n;
    ngx_connection_t    *c;
    ngx_http_f0_ctx_t  **turns;

    c = (ngx_connection_t *) ev->data;

    c->idle = 0;
    c->fd = 0;
    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;

    ngx_http_f0_drain_began = ngx_http_f0_timer_now();

    n = ngx_http_f0_drain_collect(NULL);
    if (n == 0) {
        return;
    }

    turns = (ngx_http_f0_ctx_t **) ngx_alloc(n * sizeof(ngx_http_f0_ctx_t *),
                                             ev->log);
    if (turns == NULL) {

        /* each looks at its time when its timer goes off the next time */

        return;
    }

    ngx_http_f0_drain_collect(turns);

    for (i = 0; i < n; i++) {
        ngx_http_f0_timer_set(turns[i], turns[i]->due);
    }

    ngx_free(turns);
}


/* a timer that is set anew changes the tree: first they are written down */

static ngx_uint_t
ngx_http_f0_drain_collect(ngx_http_f0_ctx_t **turns)
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
ngx_http_f0_drain_due(ngx_http_f0_ctx_t *ctx)
{
    ngx_msec_t               shutdown, timeout;
    ngx_http_f0_loc_conf_t  *flcf;

    if (ngx_http_f0_over(ctx) || ctx->work || ngx_http_f0_drain_began == 0) {
        return INT64_MAX;
    }

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(ctx->request, ngx_http_f0_module);

    timeout = flcf->drain_timeout;
    shutdown = ngx_http_f0_drain_shutdown();

    if (shutdown && (timeout == 0 || shutdown < timeout)) {
        timeout = shutdown;
    }

    if (timeout == 0) {
        return INT64_MAX;
    }

    return ngx_http_f0_drain_began + timeout;
}


/* NGX_ERROR: the client's connection is of no use any more */

ngx_int_t
ngx_http_f0_drain_turn(ngx_http_f0_ctx_t *ctx)
{
    if (ngx_http_f0_timer_now() < ngx_http_f0_drain_due(ctx)) {
        return NGX_OK;
    }

    return ngx_http_f0_core_drain(ctx);
}


/* a little less than "worker_shutdown_timeout"; 0: there is none */

static ngx_msec_t
ngx_http_f0_drain_shutdown(void)
{
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(ngx_cycle->conf_ctx,
                                           ngx_core_module);

    if (ccf->shutdown_timeout == 0) {
        return 0;
    }

    if (ccf->shutdown_timeout <= 2 * NGX_HTTP_F0_DRAIN_EARLY) {
        return ngx_max(ccf->shutdown_timeout / 2, 1);
    }

    return ccf->shutdown_timeout - NGX_HTTP_F0_DRAIN_EARLY;
}
