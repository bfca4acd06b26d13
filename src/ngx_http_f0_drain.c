
/*
 * Copyright (C) 2026 The f0 authors
 *
 * A worker that is told to quit finishes its turns, but for those that last
 * longer than it may take: they are ended, and their clients are told.
 *
 * nginx tells no module that a worker is to quit, but it closes connections
 * that are idle: each worker has one that is none and waits for that.  Until
 * then it costs nothing.
 */


#include "ngx_http_f0.h"


static void ngx_http_f0_drain_handler(ngx_event_t *ev);


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
        || (!fmcf->drains && ngx_http_f0_timer_shutdown() == 0))
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
    ngx_connection_t  *c;

    c = (ngx_connection_t *) ev->data;

    c->idle = 0;
    c->fd = 0;
    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;

    ngx_http_f0_timer_quit();
}


/* NGX_ERROR: the client's connection is of no use any more */

ngx_int_t
ngx_http_f0_drain_turn(ngx_http_f0_ctx_t *ctx)
{
    if (ngx_http_f0_timer_now() < ngx_http_f0_timer_last(ctx)) {
        return NGX_OK;
    }

    return ngx_http_f0_core_drain(ctx);
}
