
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Where the agent is called: every function of f0.h that is of use while
 * requests are served.  What a turn is told and says is recorded on its way,
 * and the core's errors become nginx's.
 *
 * NGX_OK is also told where the core failed and its error is the answer now:
 * the turn is over then.  NGX_ERROR: nothing can be answered any more.
 */


#include "ngx_http_f0_record.h"

#if (__GLIBC__)
#include <malloc.h>
#endif


/* larger blocks are mapped by themselves */
#define NGX_HTTP_F0_MMAP_THRESHOLD  131072


static f0_worker_t *ngx_http_f0_core_worker(ngx_http_request_t *r);
static int64_t ngx_http_f0_core_look(ngx_http_f0_main_conf_t *fmcf);
static ngx_int_t ngx_http_f0_core_result(ngx_http_f0_ctx_t *ctx,
    const char *what, int rc);


static f0_worker_t *
ngx_http_f0_core_worker(ngx_http_request_t *r)
{
    f0_str_t                  key;
    f0_memory_t               memory;
    f0_worker_t              *w;
    ngx_http_f0_main_conf_t  *fmcf;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_f0_module);

    if (fmcf->worker) {
        return fmcf->worker;
    }

#if (__GLIBC__)

    /*
     * A burst of large requests must not stay: each thread of the pool
     * would keep a heap of its own, and each large block that is freed
     * would put the next ones into it.
     */

    (void) mallopt(M_ARENA_MAX, 2);
    (void) mallopt(M_MMAP_THRESHOLD, NGX_HTTP_F0_MMAP_THRESHOLD);
    (void) mallopt(M_TRIM_THRESHOLD, NGX_HTTP_F0_MMAP_THRESHOLD);
#endif

    w = f0_worker_new();
    if (w == NULL) {
        return NULL;
    }

    ngx_http_f0_memory_use(fmcf, &memory, &key);

    f0_worker_memory(w, &memory);

    if (f0_worker_key(w, key) != F0_OK
        || (fmcf->zone
            && f0_worker_health(w, ngx_http_f0_zone_use(fmcf->zone),
                                fmcf->zone->health, fmcf->providers.nelts)
               != F0_OK))
    {
        f0_worker_free(w);
        return NULL;
    }

    fmcf->worker = w;

    ngx_http_f0_zone_start(fmcf, ngx_http_f0_core_look);

    return w;
}


/* turns whose place in a queue has changed go on; when to look again */

static int64_t
ngx_http_f0_core_look(ngx_http_f0_main_conf_t *fmcf)
{
    int64_t             again;
    ngx_http_f0_ctx_t  *ctx;

    again = f0_worker_look(fmcf->worker, ngx_http_f0_timer_now());

    for ( ;; ) {
        ctx = (ngx_http_f0_ctx_t *) f0_worker_ready(fmcf->worker);
        if (ctx == NULL) {
            return again;
        }

        /* when it goes on depends on turns that its recording doesn't have */

        if (ctx->record) {
            ngx_http_f0_record_write_cut(ctx->record, "it waited in a queue");
        }

        ngx_http_f0_timer_again(ctx);
    }
}


void
ngx_http_f0_core_cleanup(ngx_http_f0_main_conf_t *fmcf)
{
    f0_worker_free(fmcf->worker);
    f0_config_free(fmcf->config);
}


/*
 * May be asked at any time.  Behind "f0_error" the URI is that of a page: what
 * the client wrote tells in which form it reads errors.
 */

void
ngx_http_f0_core_route(ngx_http_request_t *r, f0_route_t *route)
{
    u_char                  *args;
    ngx_str_t                uri;
    ngx_table_elt_t         *h;
    ngx_http_f0_loc_conf_t  *flcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    uri = r->uri;

    if (flcf->error) {
        uri = r->unparsed_uri;

        args = ngx_strlchr(uri.data, uri.data + uri.len, '?');

        if (args) {
            uri.len = args - uri.data;
        }
    }

    h = ngx_http_f0_ctx_header(r, "anthropic-version",
                               sizeof("anthropic-version") - 1);

    f0_route(ngx_http_f0_str(&flcf->base), ngx_http_f0_str(&uri),
             ngx_http_f0_str(&r->method_name), h ? 1 : 0, route);
}


ngx_int_t
ngx_http_f0_core_models(ngx_http_request_t *r, const f0_route_t *route,
    f0_response_t *res)
{
    f0_worker_t              *w;
    ngx_http_f0_main_conf_t  *fmcf;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_f0_module);

    w = ngx_http_f0_core_worker(r);

    if (w == NULL
        || f0_worker_models(w, fmcf->config, route->model,
                            route->front, ngx_http_f0_ctx_seed(r), res)
           != F0_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* in the form of the API that the client speaks; it is the core's */

ngx_int_t
ngx_http_f0_core_error(ngx_http_request_t *r, f0_fail_t what,
    ngx_uint_t status, ngx_str_t *detail, f0_response_t *res)
{
    f0_route_t     route;
    f0_worker_t   *w;
    f0_failure_t   f;

    w = ngx_http_f0_core_worker(r);
    if (w == NULL) {
        return NGX_ERROR;
    }

    ngx_http_f0_core_route(r, &route);

    f.what = what;
    f.status = (int) status;
    f.front = route.front;
    f.seed = ngx_http_f0_ctx_seed(r);
    f.detail.data = "";
    f.detail.len = 0;

    if (detail) {
        f.detail = ngx_http_f0_str(detail);
    }

    return (f0_worker_failure(w, &f, res) == F0_OK) ? NGX_OK : NGX_ERROR;
}


ngx_int_t
ngx_http_f0_core_turn(ngx_http_f0_ctx_t *ctx, const f0_turn_options_t *o)
{
    f0_worker_t              *w;
    ngx_http_f0_main_conf_t  *fmcf;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(ctx->request, ngx_http_f0_module);

    w = ngx_http_f0_core_worker(ctx->request);
    if (w == NULL) {
        return NGX_ERROR;
    }

    ctx->turn = f0_turn_new(w, fmcf->config, o);
    if (ctx->turn == NULL) {
        return NGX_ERROR;
    }

    ngx_http_f0_record_begin(ctx, o);

    return NGX_OK;
}


void
ngx_http_f0_core_free(ngx_http_f0_ctx_t *ctx)
{
    f0_turn_free(ctx->turn);
}


void
ngx_http_f0_core_info(ngx_http_f0_ctx_t *ctx, f0_turn_info_t *info)
{
    f0_turn_info(ctx->turn, info);
}


ngx_int_t
ngx_http_f0_core_body(ngx_http_f0_ctx_t *ctx, const char *p, size_t n,
    ngx_uint_t last)
{
    if (ctx->record) {
        ngx_http_f0_record_input(ctx, last ? 'B' : 'b', ngx_http_f0_timer_now(),
                                 p, n);
    }

    if (last) {
        ngx_http_f0_ctx_state(ctx, ngx_http_f0_state_runs);
    }

    return ngx_http_f0_core_result(ctx, "f0_turn_body()",
                                   f0_turn_body(ctx->turn, p, n, last));
}


/* NGX_DECLINED: the core failed, there is no action */

ngx_int_t
ngx_http_f0_core_next(ngx_http_f0_ctx_t *ctx, f0_action_t *a)
{
    int        rc;
    int64_t    now;
    ngx_int_t  result;

    now = ngx_http_f0_timer_now();

    rc = f0_turn_next(ctx->turn, now, a);

    if (ctx->record) {
        ngx_http_f0_record_next(ctx, now, rc, a);
    }

    if (rc == F0_OK) {

        if (a->notice.len) {
            ngx_log_error(NGX_LOG_ERR, ctx->request->connection->log, 0,
                          "f0: %*s", a->notice.len, a->notice.data);
        }

        return NGX_OK;
    }

    result = ngx_http_f0_core_result(ctx, "f0_turn_next()", rc);

    return (result == NGX_OK) ? NGX_DECLINED : result;
}


/* the provider is kept waiting, or not any more */

void
ngx_http_f0_core_hold(ngx_http_f0_ctx_t *ctx, ngx_uint_t held)
{
    char     c;
    int64_t  now;

    now = ngx_http_f0_timer_now();

    if (ctx->record) {
        c = held ? '1' : '0';
        ngx_http_f0_record_input(ctx, 'p', now, &c, 1);
    }

    (void) f0_turn_model_hold(ctx->turn, held, now);
}


ngx_int_t
ngx_http_f0_core_head(ngx_http_f0_ctx_t *ctx, int status,
    const f0_header_t *headers, size_t n)
{
    int64_t  now;

    now = ngx_http_f0_timer_now();

    if (ctx->record) {
        ngx_http_f0_record_head(ctx, now, status, headers, n);
    }

    return ngx_http_f0_core_result(ctx, "f0_turn_model_head()",
                                   f0_turn_model_head(ctx->turn, status,
                                                      headers, n, now));
}


/* NGX_DONE: no more bytes of this call are wanted */

ngx_int_t
ngx_http_f0_core_data(ngx_http_f0_ctx_t *ctx, const char *p, size_t n)
{
    int      rc;
    int64_t  now;

    now = ngx_http_f0_timer_now();

    if (ctx->record) {
        ngx_http_f0_record_input(ctx, 'd', now, p, n);
    }

    rc = f0_turn_model_data(ctx->turn, p, n, now);

    if (rc == F0_MODEL_DONE) {
        return NGX_DONE;
    }

    return ngx_http_f0_core_result(ctx, "f0_turn_model_data()", rc);
}


ngx_int_t
ngx_http_f0_core_end(ngx_http_f0_ctx_t *ctx, f0_model_end_t how)
{
    char     c;
    int64_t  now;

    now = ngx_http_f0_timer_now();

    if (ctx->record) {
        c = (char) ('0' + how);
        ngx_http_f0_record_input(ctx, 'e', now, &c, 1);
    }

    return ngx_http_f0_core_result(ctx, "f0_turn_model_end()",
                                   f0_turn_model_end(ctx->turn, how, now));
}


/* may run in a thread */

void
ngx_http_f0_core_work(ngx_http_f0_ctx_t *ctx)
{
    f0_work_run(ctx->work);
}


ngx_int_t
ngx_http_f0_core_work_done(ngx_http_f0_ctx_t *ctx)
{
    int64_t  now;

    now = ngx_http_f0_timer_now();

    if (ctx->record) {
        ngx_http_f0_record_input(ctx, 'w', now, "", 0);
    }

    return ngx_http_f0_core_result(ctx, "f0_turn_work_done()",
                                   f0_turn_work_done(ctx->turn, now));
}


/* NGX_DECLINED: the core failed, and there is no output */

ngx_int_t
ngx_http_f0_core_output(ngx_http_f0_ctx_t *ctx, f0_str_t *out)
{
    int        rc;
    ngx_int_t  result;

    rc = f0_turn_output(ctx->turn, out);

    if (ctx->record) {
        ngx_http_f0_record_output(ctx, rc, out);
    }

    if (rc == F0_OK) {
        return NGX_OK;
    }

    result = ngx_http_f0_core_result(ctx, "f0_turn_output()", rc);

    return (result == NGX_OK) ? NGX_DECLINED : result;
}


/* the worker has to go: the turn ends, and its client is told */

ngx_int_t
ngx_http_f0_core_drain(ngx_http_f0_ctx_t *ctx)
{
    int64_t  now;

    now = ngx_http_f0_timer_now();

    if (ctx->record) {
        ngx_http_f0_record_input(ctx, 's', now, "", 0);
    }

    return ngx_http_f0_core_result(ctx, "f0_turn_drain()",
                                   f0_turn_drain(ctx->turn, now));
}


/* nothing more is told to the core or comes from it */

void
ngx_http_f0_core_close(ngx_http_f0_ctx_t *ctx)
{
    ngx_http_f0_timer_stop(ctx);

    if (ctx->state != ngx_http_f0_state_failed
        && ctx->state != ngx_http_f0_state_sent)
    {
        if (ctx->record) {
            ngx_http_f0_record_input(ctx, 'c', ngx_http_f0_timer_now(), "", 0);
        }

        f0_turn_cancel(ctx->turn);
    }

    ngx_http_f0_record_end(ctx);
}


static ngx_int_t
ngx_http_f0_core_result(ngx_http_f0_ctx_t *ctx, const char *what, int rc)
{
    return (rc == F0_OK) ? NGX_OK : ngx_http_f0_core_fail(ctx, what, rc);
}


/* the core can't go on: an answer if none has begun, else a cut connection */

ngx_int_t
ngx_http_f0_core_fail(ngx_http_f0_ctx_t *ctx, const char *what, int rc)
{
    f0_response_t        res;
    ngx_http_request_t  *r;

    r = ctx->request;

    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                  "f0: %s failed: %d", what, rc);

    ngx_http_f0_ctx_state(ctx, ngx_http_f0_state_failed);

    if (ctx->record) {
        ngx_http_f0_record_failed(ctx);
    }

    if (r->header_sent
        || ngx_http_f0_core_error(r, F0_FAIL_STATUS,
                                  NGX_HTTP_INTERNAL_SERVER_ERROR, NULL, &res)
           != NGX_OK
        || ngx_http_f0_answer_set(r, &res) != NGX_OK)
    {
        r->connection->error = 1;
        return NGX_ERROR;
    }

    return NGX_OK;
}
