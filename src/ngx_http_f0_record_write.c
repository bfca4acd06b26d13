
/*
 * Copyright (C) 2026 The f0 authors
 *
 * A recording's bytes: how entries are written down, and the disk, in nginx's
 * thread pool, with one write of a recording at a time.  Whatever goes wrong
 * is logged, and the turn does not hear of it.
 */


#include "ngx_http_f0_record.h"


static void ngx_http_f0_record_write_fit(ngx_http_f0_record_t *rec);
static ngx_int_t ngx_http_f0_record_write_task(ngx_http_f0_record_t *rec);
static void ngx_http_f0_record_write_job(ngx_http_f0_record_t *rec);
static void ngx_http_f0_record_write_handler(void *data, ngx_log_t *log);
static ngx_int_t ngx_http_f0_record_write_open(ngx_http_f0_record_t *rec);
static void ngx_http_f0_record_write_all(ngx_http_f0_record_t *rec);
static void ngx_http_f0_record_write_event(ngx_event_t *ev);
static void ngx_http_f0_record_write_written(ngx_http_f0_record_t *rec);


u_char *
ngx_http_f0_record_write_room(ngx_http_f0_record_t *rec, size_t size)
{
    u_char  *p;
    size_t   need;

    need = rec->len + size;

    if (need > rec->size) {

        need = ngx_max(need, 2 * rec->size);

        p = (u_char *) ngx_alloc(need, ngx_cycle->log);
        if (p == NULL) {
            return NULL;
        }

        if (rec->data) {
            ngx_memcpy(p, rec->data, rec->len);
            ngx_free(rec->data);
        }

        rec->data = p;
        rec->size = need;
    }

    p = rec->data + rec->len;

    rec->len += size;
    rec->total += size;

    return p;
}


u_char *
ngx_http_f0_record_write_put(u_char *p, u_char kind, uint64_t time, size_t size,
    const f0_str_t *s, size_t n, ngx_uint_t list)
{
    size_t  i;

    *p++ = kind;
    p = ngx_http_f0_record_write_number(p, time);
    p = ngx_http_f0_record_write_number(p, size);

    for (i = 0; i < n; i++) {

        if (list) {
            p = ngx_http_f0_record_write_number(p, s[i].len);
        }

        p = ngx_cpymem(p, s[i].data, s[i].len);
    }

    return p;
}


u_char *
ngx_http_f0_record_write_number(u_char *p, uint64_t n)
{
    while (n > 0x7f) {
        *p++ = (u_char) (0x80 | (n & 0x7f));
        n >>= 7;
    }

    *p++ = (u_char) n;

    return p;
}


/* its mark takes the place that was kept for it */

void
ngx_http_f0_record_write_cut(ngx_http_f0_record_t *rec, const char *why)
{
    u_char    *p;
    size_t     n;
    f0_str_t   s;

    if (rec->over) {
        return;
    }

    rec->over = 1;

    p = ngx_http_f0_record_write_room(rec, NGX_HTTP_F0_RECORD_MARK);
    if (p == NULL) {
        return;
    }

    s.data = why;
    s.len = ngx_strlen(why);

    n = ngx_http_f0_record_write_put(p, 'x',
                                     ngx_http_f0_timer_now() - rec->began,
                                     s.len, &s, 1, 0)
        - p;

    rec->len -= NGX_HTTP_F0_RECORD_MARK - n;
}


/* frees the recording once it is closed and all is done */

void
ngx_http_f0_record_write_flush(ngx_http_f0_record_t *rec)
{
    if (rec->busy) {
        return;
    }

    ngx_http_f0_record_write_fit(rec);

    if (rec->broken || (rec->dropped && rec->fd == NGX_INVALID_FILE)) {

        rec->len = 0;

        if (rec->closed) {
            ngx_http_f0_record_write_free(rec);
        }

        return;
    }

    ngx_http_f0_record_write_job(rec);

    if (ngx_http_f0_record_write_task(rec) == NGX_OK) {
        rec->busy = 1;
        return;
    }

    /* the pool's queue is full */

    rec->broken = 1;
    rec->over = 1;

    if (rec->closed) {
        ngx_http_f0_record_write_free(rec);
    }
}


/* without room for what waits there is still some to say so */

static void
ngx_http_f0_record_write_fit(ngx_http_f0_record_t *rec)
{
    if (rec->broken || rec->dropped) {
        rec->len = 0;
        return;
    }

    if (rec->len == 0
        || ngx_http_f0_record_conf_reserve(rec, rec->len) == NGX_OK)
    {
        return;
    }

    rec->len = 0;

    if (rec->fd == NGX_INVALID_FILE) {
        rec->over = 1;
        rec->dropped = 1;
        return;
    }

    rec->over = 0;
    ngx_http_f0_record_write_cut(rec, "f0_record_max");
}


/* what waits is what will be written */

static void
ngx_http_f0_record_write_job(ngx_http_f0_record_t *rec)
{
    if (rec->job) {
        ngx_free(rec->job);
    }

    rec->job = rec->data;
    rec->job_len = rec->len;
    rec->job_last = rec->closed;
    rec->job_drop = rec->dropped;

    rec->data = NULL;
    rec->len = 0;
    rec->size = 0;
}


static ngx_int_t
ngx_http_f0_record_write_task(ngx_http_f0_record_t *rec)
{
#if (NGX_THREADS)
    ngx_thread_task_t  *task;

    task = rec->task;

    if (task == NULL) {
        task = ngx_thread_task_alloc(rec->pool,
                                     sizeof(ngx_http_f0_record_t *));
        if (task == NULL) {
            return NGX_ERROR;
        }

        *(ngx_http_f0_record_t **) task->ctx = rec;

        task->handler = ngx_http_f0_record_write_handler;
        task->event.handler = ngx_http_f0_record_write_event;
        task->event.data = rec;

        rec->task = task;
    }

    return ngx_thread_task_post(rec->conf->thread_pool, task);
#else
    return NGX_ERROR;
#endif
}


/* in a thread */

static void
ngx_http_f0_record_write_handler(void *data, ngx_log_t *log)
{
    ngx_http_f0_record_t *rec = *(ngx_http_f0_record_t **) data;

    ngx_http_f0_record_write_all(rec);
}


static void
ngx_http_f0_record_write_all(ngx_http_f0_record_t *rec)
{
    u_char   *p, *last;
    ssize_t   n;

    p = rec->job;
    last = p + rec->job_len;

    if (rec->fd == NGX_INVALID_FILE
        && ngx_http_f0_record_write_open(rec) != NGX_OK)
    {
        return;
    }

    while (p < last) {

        n = write(rec->fd, p, last - p);

        if (n == -1) {

            if (ngx_errno == NGX_EINTR) {
                continue;
            }

            rec->failed = "write()";
            rec->err = ngx_errno;
            break;
        }

        rec->written += n;
        p += n;
    }

    if (rec->job_drop
        && unlinkat(rec->folder->fd, rec->name, 0) == -1
        && rec->failed == NULL)
    {
        rec->failed = "unlinkat()";
        rec->err = ngx_errno;
    }

    if (!rec->job_last && !rec->job_drop && rec->failed == NULL) {
        return;
    }

    if (ngx_close_file(rec->fd) == NGX_FILE_ERROR && rec->failed == NULL) {
        rec->failed = ngx_close_file_n;
        rec->err = ngx_errno;
    }

    rec->fd = NGX_INVALID_FILE;
}


static ngx_int_t
ngx_http_f0_record_write_open(ngx_http_f0_record_t *rec)
{
    rec->fd = openat(rec->folder->fd, rec->name,
                     O_WRONLY|O_CREAT|O_EXCL|O_NOFOLLOW|O_CLOEXEC, 0600);

    if (rec->fd == NGX_INVALID_FILE) {
        rec->failed = "openat()";
        rec->err = ngx_errno;
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_http_f0_record_write_event(ngx_event_t *ev)
{
    ngx_http_f0_record_t *rec = (ngx_http_f0_record_t *) ev->data;

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "http f0 recorded %O of \"%s\", closed:%d",
                   rec->written, rec->name, rec->closed);

    ngx_http_f0_record_write_written(rec);

    if (rec->job_last) {
        ngx_http_f0_record_write_free(rec);
        return;
    }

    if (rec->closed || rec->dropped || rec->len >= NGX_HTTP_F0_RECORD_FLUSH) {
        ngx_http_f0_record_write_flush(rec);
    }
}


static void
ngx_http_f0_record_write_written(ngx_http_f0_record_t *rec)
{
    rec->busy = 0;

    ngx_free(rec->job);
    rec->job = NULL;

    if (rec->failed == NULL) {
        return;
    }

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, rec->err,
                  "f0: %s of recording \"%V/%s\" failed",
                  rec->failed, &rec->folder->name, rec->name);

    rec->broken = 1;
    rec->over = 1;
}


/* what was reserved and is not in the file is for others */

void
ngx_http_f0_record_write_free(ngx_http_f0_record_t *rec)
{
    if (rec->fd != NGX_INVALID_FILE
        && ngx_close_file(rec->fd) == NGX_FILE_ERROR)
    {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, ngx_errno,
                      ngx_close_file_n " \"%s\" failed", rec->name);
    }

    if (rec->dropped) {
        rec->written = 0;
    }

    (void) ngx_atomic_fetch_add(&rec->conf->shared->used,
                              (ngx_atomic_int_t) (rec->written
                                                  - rec->reserved));

    ngx_queue_remove(&rec->queue);

    EVP_MD_CTX_free(rec->digest);

    if (rec->data) {
        ngx_free(rec->data);
    }

    if (rec->job) {
        ngx_free(rec->job);
    }

    ngx_destroy_pool(rec->pool);
}


/* the worker ends, its threads have: what waits is written here */

void
ngx_http_f0_record_write_exit(ngx_cycle_t *cycle)
{
    ngx_queue_t              *q;
    ngx_http_f0_record_t     *rec;
    ngx_http_f0_main_conf_t  *fmcf;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_cycle_get_module_main_conf(cycle, ngx_http_f0_module);

    if (fmcf == NULL) {
        return;
    }

    while (!ngx_queue_empty(&fmcf->record->records)) {

        q = ngx_queue_head(&fmcf->record->records);
        rec = ngx_queue_data(q, ngx_http_f0_record_t, queue);

        if (rec->busy) {
            ngx_http_f0_record_write_written(rec);
        }

        if (!rec->job_last) {
            ngx_http_f0_record_write_cut(rec, "the worker ended");
            ngx_http_f0_record_write_fit(rec);
            rec->closed = 1;
        }

        if (!rec->job_last && !rec->broken
            && (!rec->dropped || rec->fd != NGX_INVALID_FILE))
        {
            ngx_http_f0_record_write_job(rec);
            ngx_http_f0_record_write_all(rec);
            ngx_http_f0_record_write_written(rec);
        }

        ngx_http_f0_record_write_free(rec);
    }
}
