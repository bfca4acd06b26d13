
/*
 * Copyright (C) 2026 The f0 authors
 *
 * ngx_http_f0_record.h - recordings of turns.
 */


#ifndef _NGX_HTTP_F0_RECORD_H_INCLUDED_
#define _NGX_HTTP_F0_RECORD_H_INCLUDED_


#include "ngx_http_f0.h"

#ifdef __cplusplus
extern "C" {
#endif

#include <openssl/evp.h>

#ifdef __cplusplus
}
#endif


/* so much is written at once, about */
#define NGX_HTTP_F0_RECORD_FLUSH   32768

/*
 * A turn's entries that wait for the disk; above it the recording is cut.  A
 * large request comes at the speed of memory.
 */
#define NGX_HTTP_F0_RECORD_WAIT    4194304

/* what a file needs to say that it was cut */
#define NGX_HTTP_F0_RECORD_MARK    64

/* of a secret, so much is looked for in bodies; shorter ones are just words */
#define NGX_HTTP_F0_SECRET_MAX     512
#define NGX_HTTP_F0_SECRET_MIN     8

/* bytes as they are, JSON's strings, and those of JSON inside of them */
#define NGX_HTTP_F0_SCANS          3


struct ngx_http_f0_folder_s {
    ngx_str_t                     name;
    ngx_fd_t                      fd;
    ngx_str_t                     file;
    ngx_uint_t                    line;
};


/* of all workers */

typedef struct {
    ngx_atomic_t                  used;        /* bytes of all recordings */
    ngx_atomic_t                  full;        /* and no more */
} ngx_http_f0_record_shared_t;


struct ngx_http_f0_record_conf_s {
    ngx_array_t                   folders;     /* ngx_http_f0_folder_t * */
    ngx_array_t                   lines;       /* of the core's configuration */
    ngx_array_t                   secrets;     /* ngx_str_t * */
    ngx_shm_zone_t               *zone;
    ngx_cycle_t                  *cycle;
#if (NGX_THREADS)
    ngx_thread_pool_t            *thread_pool;
#endif
    off_t                         max;
    off_t                         file_max;
    ngx_http_f0_record_shared_t  *shared;

    ngx_queue_t                   records;     /* of this worker */
};


/* looks for secrets in bytes that come in pieces, and unescapes them */

typedef struct {
    size_t                        carried;     /* the end of the last piece */
    u_char                        carry[NGX_HTTP_F0_SECRET_MAX];
    ngx_uint_t                    digits;      /* of a \uXXXX are missing */
    uint32_t                      code;
    uint32_t                      high;        /* of a surrogate pair */
    unsigned                      escape:1;    /* behind a backslash */
} ngx_http_f0_scan_t;


/* one recording; it may outlive its request, until all is written */

struct ngx_http_f0_record_s {
    ngx_queue_t                   queue;
    ngx_pool_t                   *pool;
    ngx_http_f0_record_conf_t    *conf;
    ngx_http_f0_folder_t         *folder;

    int64_t                       began;
    EVP_MD_CTX                   *digest;      /* of what came out */
    off_t                         out;
    int                           status;      /* 0: a stream; -1: failed */

    u_char                       *data;        /* waits */
    size_t                        len;
    size_t                        size;
    off_t                         total;       /* ever added */
    off_t                         reserved;    /* of f0_record_max */

    ngx_array_t                   secrets;     /* ngx_str_t */
    ngx_http_f0_scan_t            scans[NGX_HTTP_F0_SCANS];

    /* the thread's while "busy" */
    ngx_thread_task_t            *task;
    ngx_fd_t                      fd;
    u_char                       *job;
    size_t                        job_len;
    ngx_uint_t                    job_last;    /* closes the file */
    ngx_uint_t                    job_drop;    /* ... and removes it */
    off_t                         written;
    const char                   *failed;      /* the call that did */
    ngx_err_t                     err;

    unsigned                      over:1;      /* nothing more is added */
    unsigned                      closed:1;    /* the turn is over */
    unsigned                      dropped:1;   /* it must not be kept */
    unsigned                      broken:1;    /* the disk failed */
    unsigned                      busy:1;

    char                          name[sizeof(".f0r") + 32];
};


/* ngx_http_f0_record.c */

void ngx_http_f0_record_begin(ngx_http_f0_ctx_t *ctx,
    const f0_turn_options_t *o);
void ngx_http_f0_record_failed(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_record_end(ngx_http_f0_ctx_t *ctx);
ngx_int_t ngx_http_f0_record_line(ngx_http_f0_record_conf_t *conf, u_char kind,
    const f0_str_t *argv, size_t argc);
void ngx_http_f0_record_input(ngx_http_f0_ctx_t *ctx, u_char kind, int64_t now,
    const char *p, size_t n);
void ngx_http_f0_record_head(ngx_http_f0_ctx_t *ctx, int64_t now, int status,
    const f0_header_t *headers, size_t n);
void ngx_http_f0_record_next(ngx_http_f0_ctx_t *ctx, int64_t now, int rc,
    const f0_action_t *a);
void ngx_http_f0_record_output(ngx_http_f0_ctx_t *ctx, int rc,
    const f0_str_t *out);

/* ngx_http_f0_record_conf.c */

ngx_http_f0_record_conf_t *ngx_http_f0_record_conf_create(ngx_conf_t *cf);
char *ngx_http_f0_record(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_f0_record_max(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_http_f0_record_conf_reserve(ngx_http_f0_record_t *rec,
    size_t size);

/* ngx_http_f0_record_secret.c */

ngx_int_t ngx_http_f0_record_secret_collect(ngx_http_f0_record_t *rec,
    ngx_http_request_t *r);
ngx_uint_t ngx_http_f0_record_secret_holds(ngx_http_f0_record_t *rec,
    const char *data, size_t len);
ngx_uint_t ngx_http_f0_record_secret_private(const f0_str_t *name);

/* ngx_http_f0_record_write.c */

u_char *ngx_http_f0_record_write_room(ngx_http_f0_record_t *rec, size_t size);
u_char *ngx_http_f0_record_write_put(u_char *p, u_char kind, uint64_t time,
    size_t size, const f0_str_t *s, size_t n, ngx_uint_t list);
u_char *ngx_http_f0_record_write_number(u_char *p, uint64_t n);
void ngx_http_f0_record_write_cut(ngx_http_f0_record_t *rec, const char *why);
void ngx_http_f0_record_write_flush(ngx_http_f0_record_t *rec);
void ngx_http_f0_record_write_free(ngx_http_f0_record_t *rec);
void ngx_http_f0_record_write_exit(ngx_cycle_t *cycle);


#endif /* _NGX_HTTP_F0_RECORD_H_INCLUDED_ */
