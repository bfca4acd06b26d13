
/*
 * Copyright (C) 2026 The f0 authors
 *
 * ngx_http_f0.h - what the files of the nginx side share.
 *
 * A request's way: _request reads the body and makes a turn, _turn asks the
 * core what to do next and does it, _call runs a provider's answer as a
 * subrequest, _input takes its bytes, _output gives the core's to the client.
 *
 * What a turn is (ctx->state), and why it waits (ctx->wait), are set by
 * _ctx_state() alone; "debug" logs show its whole way.  Events of the client's
 * connection go to the request that is "active" (c->data): the parent, or the
 * subrequest of a call.
 *
 *   state    the core                active  ends with
 *   -------------------------------------------------------------------------
 *   none     is not asked            parent  the answer: a refusal, a list
 *   body     takes the request       parent  the body's last piece
 *   runs     answers it              either  F0_FINISHED or F0_RESPOND
 *   stream   has said all            parent  its last bytes given to nginx
 *   answer   has made a whole one    parent  the same
 *   failed   must not be asked       parent  the same: an error, or a cut
 *   sent     is not asked            -       nginx's own writer
 *   closed   is not asked            -       the pool; work that still runs
 *
 *   waits for  seen by           who wakes it             timer
 *   -------------------------------------------------------------------------
 *   time       nothing below     the timer                the core's deadline
 *   provider   call              upstream's events        the core's deadline;
 *                                                         drains: 50 ms
 *   client     busy              the write event of the   send_timeout; during
 *                                active request           a call it is ours
 *   queue      timer.posted      the next round of the    -
 *                                event loop
 *   work       work              the thread's event       10 s: it keeps a
 *                                                         worker that quits
 *
 * The last line that holds is the reason; the turn's one timer is set all the
 * way from "body" to "sent".  From "client" on down nothing is read from the
 * provider, and no call starts; none starts either while nginx or OpenSSL hold
 * bytes (c->buffered), or once the turn is over.  A call that waits for that is
 * "next", and "held" once the core was told.
 *
 * Words:
 *
 *   asked    the request to a provider, as the core wrote it
 *   forget   drop what was asked: nobody will ask again
 *   gate     what keeps nginx from reading on from the provider
 *   hold     tell the core that the provider waits for us
 *   drain    give the core's output away; of a call: take its last bytes
 *   lent     the core's own buffer, given to the filters without a copy
 *   share    use the worker's read buffer in place of a call's own
 *   settle   after an event of ours: stop, wake or open what that allows
 *   simple   no filter but the writing one keeps our bufs
 *
 * What all this does to nginx, and what it relies on: doc/nginx.md.
 */


#ifndef _NGX_HTTP_F0_H_INCLUDED_
#define _NGX_HTTP_F0_H_INCLUDED_


#ifdef __cplusplus
extern "C" {
#endif

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#ifdef __cplusplus
}
#endif

#include "f0.h"


/* what one read of a provider's answer takes, at most */
#define NGX_HTTP_F0_READ_SIZE     16384

/* what is given to the client at once, about */
#define NGX_HTTP_F0_OUTPUT_SIZE   32768

/* the client's body goes to the core in pieces, an event for each */
#define NGX_HTTP_F0_BODY_PIECE    65536

/* a provider that said all may end its answer properly: milliseconds */
#define NGX_HTTP_F0_DRAIN_TIME    50

/* the timer, as long as the core has named no deadline: milliseconds */
#define NGX_HTTP_F0_TICK          10000

#define NGX_HTTP_F0_KEY_HASH_LEN  32

/* a client's key of fewer characters is warned of */
#define NGX_HTTP_F0_KEY_SHORT     8

/* of words that others choose: a variable's value, what a log line has */
#define NGX_HTTP_F0_WORDS_MAX     256
#define NGX_HTTP_F0_LOG_MAX       1024


typedef struct {
    ngx_str_t                     name;
    u_char                        hash[NGX_HTTP_F0_KEY_HASH_LEN];
    ngx_uint_t                    weight;
} ngx_http_f0_key_t;


typedef struct {
    ngx_str_t                     name;
    ngx_str_t                     location;
    ngx_str_t                     file;
    ngx_uint_t                    line;
    ngx_msec_t                    patience;    /* least proxy_read_timeout */
    ngx_uint_t                    told;        /* of a missing "/" */
} ngx_http_f0_provider_t;


/* see ngx_http_f0_record.h */

typedef struct ngx_http_f0_folder_s  ngx_http_f0_folder_t;
typedef struct ngx_http_f0_record_s  ngx_http_f0_record_t;
typedef struct ngx_http_f0_record_conf_s  ngx_http_f0_record_conf_t;


/* in shared memory: what a zone holds, by name */

typedef struct {
    ngx_rbtree_t                  rbtree;
    ngx_rbtree_node_t             sentinel;
    ngx_queue_t                   recent;      /* newest first */
} ngx_http_f0_shelf_t;


typedef struct ngx_http_f0_extent_s  ngx_http_f0_extent_t;

struct ngx_http_f0_extent_s {
    ngx_http_f0_extent_t         *next;
    uint64_t                      align;
};


/* a block's data follows its struct, and the name that */

typedef struct {
    ngx_str_node_t                sn;
    ngx_queue_t                   queue;
    ngx_http_f0_extent_t         *extents;
    ngx_uint_t                    pinned;      /* it never goes */
    uint64_t                      len;
} ngx_http_f0_block_t;


/* a zone of such, as a process sees it */

typedef struct ngx_http_f0_store_s  ngx_http_f0_store_t;

struct ngx_http_f0_store_s {
    ngx_http_f0_shelf_t          *shelf;
    ngx_slab_pool_t              *shpool;
    /* NULL: all may go */
    ngx_uint_t                  (*idle)(ngx_http_f0_store_t *store,
                                        void *data);
};


/* memory that workers share, and all that the core needs for it */

typedef struct {
    ngx_http_f0_store_t           store;
    f0_shared_t                   shared;
    ngx_str_t                     name;
    ngx_str_t                     file;
    ngx_uint_t                    line;

    ngx_array_t                  *providers;   /* NULL: not here */
    void                        **health;      /* of each of them */

    ngx_http_complex_value_t      key;         /* of f0_limit_zone */
} ngx_http_f0_zone_t;


/* so many turns at once */

typedef struct {
    ngx_http_f0_zone_t           *zone;
    ngx_shm_zone_t               *shm_zone;
    ngx_uint_t                    places;
    ngx_uint_t                    queue;
    ngx_msec_t                    wait;
} ngx_http_f0_limit_t;


#define ngx_http_f0_store_data(b)                                             \
    ((u_char *) (b) + sizeof(ngx_http_f0_block_t))


typedef struct {
    f0_config_t                  *config;
    ngx_array_t                   providers;   /* ngx_http_f0_provider_t */
    ngx_int_t                     request_id;  /* index of $request_id */
    ngx_uint_t                    used;        /* filters are needed */
    ngx_uint_t                    drains;      /* a location ends its turns */
    ngx_uint_t                    checked;     /* models are needed */
    ngx_msec_t                    patience;    /* longest time-out of ours */

    ngx_http_f0_record_conf_t    *record;

    ngx_shm_zone_t               *memory;      /* what providers want back */
    size_t                        memory_size; /* 0: the default */

    ngx_http_f0_zone_t           *zone;        /* f0_zone; NULL: none */
    ngx_http_f0_limit_t           turns;       /* no places: no limit */

#if (NGX_THREADS)
    ngx_thread_pool_t            *thread_pool;
#endif

    ngx_buf_t                     gate_buf;    /* of _call_gate() */

    /* of this worker process, made when first needed */
    f0_worker_t                  *worker;
    u_char                       *buffer;
} ngx_http_f0_main_conf_t;


typedef struct {
    ngx_uint_t                    enable;      /* a location says "f0 on" */
    u_char                       *located;     /* for each provider */
} ngx_http_f0_srv_conf_t;


typedef struct {
    ngx_flag_t                    enable;
    ngx_str_t                     base;        /* location of "f0 on" */
    ngx_str_t                     file;
    ngx_uint_t                    line;

    ngx_array_t                  *keys;        /* NULL: off */
    ngx_array_t                  *cors;        /* ngx_str_t; NULL: by key */
    ngx_int_t                     chunk_size;
    ngx_msec_t                    first_byte_timeout;
    ngx_msec_t                    idle_timeout;
    ngx_msec_t                    progress_timeout;
    ngx_msec_t                    turn_timeout;
    ngx_msec_t                    keepalive;
    ngx_msec_t                    drain_timeout; /* 0: off */
    ngx_flag_t                    strict;      /* nothing is dropped */
    ngx_http_f0_folder_t         *record;      /* NULL: off */
    ngx_array_t                  *limits;      /* ngx_http_f0_limit_t */
    ngx_array_t                  *error_pages; /* nginx's, inherited or not */

    unsigned                      body_set:1;  /* client_max_body_size */
    unsigned                      buffer_set:1;
    unsigned                      based:1;     /* base is set */
    unsigned                      guarded:1;   /* f0_keys hold here */
    unsigned                      error:1;     /* "f0_error" */
    unsigned                      provider:1;  /* only f0 comes here */
} ngx_http_f0_loc_conf_t;


/* each turn goes down this list, and leaves some out */

typedef enum {
    ngx_http_f0_state_none = 0,
    ngx_http_f0_state_body,
    ngx_http_f0_state_runs,
    ngx_http_f0_state_stream,
    ngx_http_f0_state_answer,
    ngx_http_f0_state_failed,
    ngx_http_f0_state_sent,
    ngx_http_f0_state_closed
} ngx_http_f0_state_e;


typedef enum {
    ngx_http_f0_wait_time = 0,
    ngx_http_f0_wait_provider,
    ngx_http_f0_wait_client,
    ngx_http_f0_wait_queue,
    ngx_http_f0_wait_work
} ngx_http_f0_wait_e;


typedef struct ngx_http_f0_call_s  ngx_http_f0_call_t;
typedef struct ngx_http_f0_ctx_s  ngx_http_f0_ctx_t;


/* a client's request; in its pool, but what it sends */

struct ngx_http_f0_ctx_s {
    ngx_http_request_t           *request;
    ngx_array_t                  *keys;        /* "key" was looked for in */
    ngx_http_f0_key_t            *key;
    f0_turn_t                    *turn;
    ngx_http_f0_state_e           state;
    ngx_http_f0_wait_e            wait;
    ngx_http_f0_record_t         *record;      /* NULL: none */
    ngx_http_f0_call_t           *call;        /* runs */
    ngx_http_f0_call_t           *next;        /* waits to be started */

    ngx_http_event_handler_pt     read_body;   /* nginx's own */
    ngx_chain_t                  *body;        /* what the core has not had */
    off_t                         offset;      /* ... of its first buf */
    size_t                        fed;

    ngx_chain_t                  *busy;        /* bufs not yet sent */
    ngx_chain_t                  *free;
    ngx_chain_t                   answer;      /* a whole answer's body */
    off_t                         sent;        /* when send_timeout was set */
    off_t                         moved;       /* sent, when a call was held */
    int64_t                       moved_at;

    void                        (*resume)(ngx_http_f0_ctx_t *ctx);
    ngx_event_t                   timer;       /* and "go on later" */
    int64_t                       due;         /* the timer, if it is set */
    int64_t                       drained_at;

    ngx_thread_task_t            *task;
    f0_work_t                    *work;        /* NULL: none runs */
    int                           end;         /* came meanwhile; -1: none */

    unsigned                      denied:1;    /* by f0_keys */
    unsigned                      keyless:1;   /* let in without a key */
    unsigned                      own:1;       /* the answer is f0's */
    unsigned                      replaced:1;  /* nginx's page by ours */
    unsigned                      held:1;      /* "next" waits for the client */
    unsigned                      probed:1;    /* "simple" is known */
    unsigned                      simple:1;    /* no filter keeps our bufs */
};


/* what a provider is asked, in one block that goes when it answers */

typedef struct {
    ngx_http_request_body_t       rb;
    ngx_buf_t                     buf;
    ngx_chain_t                   link;
    ngx_uint_t                    nheaders;
    ngx_table_elt_t              *headers;
    ngx_http_variable_value_t    *variables;
} ngx_http_f0_asked_t;


/* one call of a provider: a subrequest */

struct ngx_http_f0_call_s {
    ngx_http_f0_ctx_t            *ctx;
    ngx_http_request_t           *request;     /* NULL: not started */
    ngx_http_post_subrequest_t    post;

    ngx_str_t                     uri;
    ngx_str_t                     args;
    ngx_http_f0_asked_t          *asked;       /* its request */
    size_t                        length;      /* of its body */

    ngx_int_t                   (*init)(void *data);
    void                         *init_ctx;
    void                        (*finalize)(ngx_http_request_t *r,
                                            ngx_int_t rc);
    ngx_chain_t                   gate;
    ngx_int_t                     rc;          /* of the upstream */
    off_t                         rest;        /* of the body or chunk */
    ngx_uint_t                    state;       /* of the chunk parser */

    unsigned                      head:1;      /* the core has the head */
    unsigned                      chunked:1;
    unsigned                      first:1;     /* a byte has come */
    unsigned                      drain:1;     /* no more bytes are wanted */
    unsigned                      ended:1;     /* the transport's end */
    unsigned                      stop:1;      /* ended by us */
    unsigned                      logged:1;    /* "asked" is for the log */
    unsigned                      gated:1;     /* nginx may not read on */
    unsigned                      held:1;      /* ... for the client's sake */
    unsigned                      done:1;
};


/* ngx_http_f0_answer.c */

ngx_int_t ngx_http_f0_answer_set(ngx_http_request_t *r,
    const f0_response_t *res);
ngx_int_t ngx_http_f0_answer_stream(ngx_http_request_t *r);
ngx_int_t ngx_http_f0_answer_header(ngx_http_request_t *r, const char *name,
    size_t name_len, u_char *value, size_t len);
ngx_int_t ngx_http_f0_answer_shrink(ngx_http_request_t *r);

/* ngx_http_f0_body.c */

ngx_int_t ngx_http_f0_body_feed(ngx_http_f0_ctx_t *ctx);

/* ngx_http_f0_call.c */

ngx_int_t ngx_http_f0_call_create(ngx_http_f0_ctx_t *ctx,
    const f0_call_t *fc);
ngx_int_t ngx_http_f0_call_start(ngx_http_f0_ctx_t *ctx);
ngx_uint_t ngx_http_f0_call_gate(ngx_http_f0_call_t *call);
ngx_uint_t ngx_http_f0_call_stalls(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_call_stop(ngx_http_f0_call_t *call);
void ngx_http_f0_call_forget(ngx_http_f0_call_t *call);
ngx_int_t ngx_http_f0_call_enter(ngx_http_f0_call_t *call,
    ngx_http_request_t *sr);
ngx_http_f0_call_t *ngx_http_f0_call_get(ngx_http_request_t *r);

/* ngx_http_f0_check.c */

void ngx_http_f0_check_endpoint(ngx_conf_t *cf, ngx_http_f0_loc_conf_t *conf,
    ngx_http_f0_loc_conf_t *prev);
ngx_int_t ngx_http_f0_check_provider(ngx_conf_t *cf,
    ngx_http_f0_provider_t *p);
void ngx_http_f0_check_times(ngx_conf_t *cf);
void ngx_http_f0_check_answer(ngx_http_f0_call_t *call,
    ngx_http_upstream_t *u);

/* ngx_http_f0_chunked.c */

ngx_int_t ngx_http_f0_chunked_parse(ngx_http_f0_call_t *call, u_char *p,
    u_char *last, u_char **end);

/* ngx_http_f0_core.c */

void ngx_http_f0_core_cleanup(ngx_http_f0_main_conf_t *fmcf);
void ngx_http_f0_core_route(ngx_http_request_t *r, f0_route_t *route);
ngx_int_t ngx_http_f0_core_models(ngx_http_request_t *r,
    const f0_route_t *route, f0_response_t *res);
ngx_int_t ngx_http_f0_core_error(ngx_http_request_t *r, f0_fail_t what,
    ngx_uint_t status, ngx_str_t *detail, f0_response_t *res);
ngx_int_t ngx_http_f0_core_turn(ngx_http_f0_ctx_t *ctx,
    const f0_turn_options_t *o);
void ngx_http_f0_core_free(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_core_info(ngx_http_f0_ctx_t *ctx, f0_turn_info_t *info);
ngx_int_t ngx_http_f0_core_body(ngx_http_f0_ctx_t *ctx, const char *p,
    size_t n, ngx_uint_t last);
ngx_int_t ngx_http_f0_core_next(ngx_http_f0_ctx_t *ctx, f0_action_t *a);
void ngx_http_f0_core_hold(ngx_http_f0_ctx_t *ctx, ngx_uint_t held);
ngx_int_t ngx_http_f0_core_head(ngx_http_f0_ctx_t *ctx, int status,
    const f0_header_t *headers, size_t n);
ngx_int_t ngx_http_f0_core_data(ngx_http_f0_ctx_t *ctx, const char *p,
    size_t n);
ngx_int_t ngx_http_f0_core_end(ngx_http_f0_ctx_t *ctx, f0_model_end_t how);
void ngx_http_f0_core_work(ngx_http_f0_ctx_t *ctx);
ngx_int_t ngx_http_f0_core_work_done(ngx_http_f0_ctx_t *ctx);
ngx_int_t ngx_http_f0_core_output(ngx_http_f0_ctx_t *ctx, f0_str_t *out);
ngx_int_t ngx_http_f0_core_drain(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_core_close(ngx_http_f0_ctx_t *ctx);
ngx_int_t ngx_http_f0_core_fail(ngx_http_f0_ctx_t *ctx, const char *what,
    int rc);

/* ngx_http_f0_cors.c */

ngx_int_t ngx_http_f0_cors_preflight(ngx_http_request_t *r);
ngx_int_t ngx_http_f0_cors_headers(ngx_http_request_t *r);
char *ngx_http_f0_cors(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* ngx_http_f0_ctx.c */

ngx_http_f0_ctx_t *ngx_http_f0_ctx_get(ngx_http_request_t *r);
ngx_table_elt_t *ngx_http_f0_ctx_header(ngx_http_request_t *r,
    const char *name, size_t len);
f0_str_t ngx_http_f0_ctx_headers(ngx_http_request_t *r, const char *name,
    size_t len);
f0_str_t ngx_http_f0_ctx_seed(ngx_http_request_t *r);
u_char *ngx_http_f0_ctx_buffer(ngx_http_request_t *r);
void ngx_http_f0_ctx_state(ngx_http_f0_ctx_t *ctx, ngx_http_f0_state_e state);

/* ngx_http_f0_drain.c */

ngx_int_t ngx_http_f0_drain_init(ngx_cycle_t *cycle);
ngx_int_t ngx_http_f0_drain_turn(ngx_http_f0_ctx_t *ctx);
char *ngx_http_f0_drain_timeout(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* ngx_http_f0_error.c */

ngx_int_t ngx_http_f0_error_send(ngx_http_request_t *r, f0_fail_t what,
    ngx_uint_t status, ngx_str_t *detail);
ngx_int_t ngx_http_f0_error_rewrite(ngx_http_request_t *r);
char *ngx_http_f0_error(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
void ngx_http_f0_error_log(ngx_http_request_t *r, ngx_uint_t level,
    const char *what, const f0_response_t *res);

/* ngx_http_f0_filter.c */

ngx_int_t ngx_http_f0_filter_init(void);

/* ngx_http_f0_input.c */

ngx_int_t ngx_http_f0_input_head(ngx_http_f0_call_t *call);
ngx_int_t ngx_http_f0_input_body(ngx_http_f0_call_t *call, ngx_chain_t *in);

/* ngx_http_f0_key.c */

ngx_int_t ngx_http_f0_key_access(ngx_http_request_t *r);
ngx_http_f0_key_t *ngx_http_f0_key_find(ngx_http_request_t *r);
f0_str_t ngx_http_f0_key_client(ngx_http_request_t *r);
char *ngx_http_f0_keys(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* ngx_http_f0_limit.c */

ngx_int_t ngx_http_f0_limit_options(ngx_http_f0_ctx_t *ctx,
    f0_turn_options_t *o);
ngx_int_t ngx_http_f0_limit_check(ngx_conf_t *cf,
    ngx_http_f0_main_conf_t *fmcf);
char *ngx_http_f0_limit_merge(ngx_conf_t *cf, ngx_http_f0_loc_conf_t *prev,
    ngx_http_f0_loc_conf_t *conf);
char *ngx_http_f0_limit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_f0_limit_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_f0_turns(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* ngx_http_f0_memory.c */

char *ngx_http_f0_memory(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_http_f0_memory_add(ngx_conf_t *cf,
    ngx_http_f0_main_conf_t *fmcf);
void ngx_http_f0_memory_use(ngx_http_f0_main_conf_t *fmcf,
    f0_memory_t *memory, f0_str_t *key);

/* ngx_http_f0_output.c */

void ngx_http_f0_output_init(void);
ngx_int_t ngx_http_f0_output_pass(ngx_http_request_t *r, ngx_chain_t *in);
ngx_int_t ngx_http_f0_output_answer(ngx_http_request_t *r);
ngx_int_t ngx_http_f0_output_drain(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_output_sent(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_output_free(ngx_http_f0_ctx_t *ctx);

/* ngx_http_f0_provider.c */

char *ngx_http_f0_provider(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_f0_provider_merge(ngx_conf_t *cf,
    ngx_http_f0_loc_conf_t *conf);
ngx_int_t ngx_http_f0_provider_check(ngx_conf_t *cf);
char *ngx_http_f0_provider_result(ngx_conf_t *cf, int rc, f0_str_t *err);
char *ngx_http_f0_model(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* ngx_http_f0_request.c */

ngx_int_t ngx_http_f0_request_preaccess(ngx_http_request_t *r);
ngx_int_t ngx_http_f0_request_handler(ngx_http_request_t *r);

/* ngx_http_f0_store.c */

ngx_int_t ngx_http_f0_store_create(ngx_http_f0_store_t *store,
    ngx_shm_zone_t *zone, size_t size, ngx_uint_t *made);
ngx_http_f0_block_t *ngx_http_f0_store_find(ngx_http_f0_store_t *store,
    f0_str_t name);
ngx_http_f0_block_t *ngx_http_f0_store_add(ngx_http_f0_store_t *store,
    f0_str_t name, size_t len);
void *ngx_http_f0_store_extend(ngx_http_f0_store_t *store,
    ngx_http_f0_block_t *b, size_t size);
void ngx_http_f0_store_drop(ngx_http_f0_store_t *store,
    ngx_http_f0_block_t *b);

/* ngx_http_f0_timer.c */

int64_t ngx_http_f0_timer_now(void);
void ngx_http_f0_timer_init(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_timer_set(ngx_http_f0_ctx_t *ctx, int64_t deadline);
void ngx_http_f0_timer_again(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_timer_stop(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_timer_quit(void);
int64_t ngx_http_f0_timer_last(ngx_http_f0_ctx_t *ctx);
ngx_msec_t ngx_http_f0_timer_shutdown(void);

/* ngx_http_f0_turn.c */

ngx_int_t ngx_http_f0_turn_create(ngx_http_request_t *r);
ngx_int_t ngx_http_f0_turn_drive(ngx_http_f0_ctx_t *ctx);
void ngx_http_f0_turn_wake(ngx_http_request_t *r);

/* ngx_http_f0_value.c */

ngx_int_t ngx_http_f0_value_read(ngx_conf_t *cf, ngx_str_t *source,
    ngx_str_t *value);

/* ngx_http_f0_variable.c */

ngx_int_t ngx_http_f0_variable_add(ngx_conf_t *cf);
char *ngx_http_f0_secret(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* ngx_http_f0_work.c */

ngx_int_t ngx_http_f0_work_start(ngx_http_f0_ctx_t *ctx, f0_work_t *work);


/* ngx_http_f0_zone.c */

char *ngx_http_f0_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_shm_zone_t *ngx_http_f0_zone_create(ngx_conf_t *cf, ngx_str_t *value,
    void *tag);
ngx_int_t ngx_http_f0_zone_add(ngx_conf_t *cf, ngx_http_f0_main_conf_t *fmcf);
const f0_shared_t *ngx_http_f0_zone_use(ngx_http_f0_zone_t *zone);
void ngx_http_f0_zone_start(ngx_http_f0_main_conf_t *fmcf,
    int64_t (*look)(ngx_http_f0_main_conf_t *fmcf));


#define ngx_http_f0_answer_text(r, name, value)                               \
    ngx_http_f0_answer_header(r, name, sizeof(name) - 1,                      \
                              (u_char *) value, sizeof(value) - 1)


extern ngx_module_t  ngx_http_f0_module;


/* nothing more will come from the core but the output that it has */

#define ngx_http_f0_over(ctx)                                                 \
    ((ctx)->state >= ngx_http_f0_state_stream)


static ngx_inline f0_str_t
ngx_http_f0_str(const ngx_str_t *s)
{
    f0_str_t  t;

    t.data = (s->len) ? (const char *) s->data : "";
    t.len = s->len;

    return t;
}


#endif /* _NGX_HTTP_F0_H_INCLUDED_ */
