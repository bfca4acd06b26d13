
/*
 * Copyright (C) 2026 The f0 authors
 *
 * The core's long computations, in nginx's thread pool.
 */


#include "ngx_http_f0.h"


#if (NGX_THREADS)
static void ngx_http_f0_work_handler(void *data, ngx_log_t *log);
static void ngx_http_f0_work_event(ngx_event_t *ev);
static void ngx_http_f0_work_left(ngx_http_f0_ctx_t *ctx);
#endif


/* NGX_AGAIN: it runs; NGX_OK: it is done and the core knows */

ngx_int_t
ngx_http_f0_work_start(ngx_http_f0_ctx_t *ctx, f0_work_t *work)
{
#if (NGX_THREADS)
    ngx_http_request_t       *r;
    ngx_http_f0_main_conf_t  *fmcf;

    r = ctx->request;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_f0_module);

    if (ctx->task == NULL) {
        ctx->task = ngx_thread_task_alloc(r->pool,
                                          sizeof(ngx_http_f0_ctx_t *));
        if (ctx->task == NULL) {
            return NGX_ERROR;
        }

        *(ngx_http_f0_ctx_t **) ctx->task->ctx = ctx;

        ctx->task->handler = ngx_http_f0_work_handler;
        ctx->task->event.handler = ngx_http_f0_work_event;
        ctx->task->event.data = ctx;
    }

    ctx->work = work;

    if (ngx_thread_task_post(fmcf->thread_pool, ctx->task) == NGX_OK) {
        r->main->blocked++;
        return NGX_AGAIN;
    }

    /* the pool's queue is full: better late than not at all */
#endif

    ctx->work = work;

    ngx_http_f0_core_work(ctx);

    ctx->work = NULL;

    return ngx_http_f0_core_work_done(ctx);
}


#if (NGX_THREADS)

static void
ngx_http_f0_work_handler(void *data, ngx_log_t *log)
{
    ngx_http_f0_ctx_t *ctx = *(ngx_http_f0_ctx_t **) data;

    ngx_http_f0_core_work(ctx);
}


static void
ngx_http_f0_work_event(ngx_event_t *ev)
{
    ngx_int_t            rc;
    ngx_connection_t    *c;
    ngx_http_request_t  *r;
    ngx_http_f0_ctx_t   *ctx;

    ctx = (ngx_http_f0_ctx_t *) ev->data;
    r = ctx->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, c->log, 0,
                   "http f0 work done, state:%d \"%V\"",
                   ctx->state, &r->uri);

    r->main->blocked--;
    ctx->work = NULL;

    if (ctx->state == ngx_http_f0_state_closed
        || ngx_http_get_module_ctx(r, ngx_http_f0_module) != ctx)
    {
        ngx_http_f0_work_left(ctx);
        return;
    }

    rc = ngx_http_f0_core_work_done(ctx);

    if (rc == NGX_OK && ctx->end != -1 && !ngx_http_f0_over(ctx)) {
        rc = ngx_http_f0_core_end(ctx, (f0_model_end_t) ctx->end);
        ctx->end = -1;
    }

    if (rc != NGX_OK) {
        c->error = 1;
    }

    ctx->resume(ctx);
}


/*
 * The request was terminated meanwhile, but could not be freed: what nginx set
 * as its handler does that.  With "post_action" it may even have been closed,
 * and then nobody else will.
 */

static void
ngx_http_f0_work_left(ngx_http_f0_ctx_t *ctx)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = ctx->request;
    c = r->connection;

    ngx_http_f0_core_close(ctx);
    ngx_http_f0_ctx_state(ctx, ngx_http_f0_state_closed);

    if (r->count == 0) {
        r->count++;
        ngx_http_finalize_request(r, NGX_DONE);

    } else {
        r = (ngx_http_request_t *) c->data;
        r->write_event_handler(r);
    }

    ngx_http_run_posted_requests(c);
}

#endif
