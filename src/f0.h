/*
 * Copyright (C) 2026 The f0 authors
 *
 * f0.h - all that a host (the nginx module, a test, a fuzzer) knows of the
 * code agent.
 *
 * Conventions
 *
 *  1. The core does no I/O: no socket, file, clock, thread or random source.
 *     Bytes, time and identity come in as arguments, actions and bytes go out,
 *     so that the same inputs always give the same outputs.
 *  2. Pull, not callbacks.  The host asks f0_turn_next() what to do, does it,
 *     feeds what came of it, and drains f0_turn_output().  Backpressure is
 *     "don't feed, don't ask".
 *  3. A string is pointer + length (f0_str_t), may hold NUL bytes and is never
 *     NUL-terminated.  Each borrowed string says how long it lives.
 *  4. Functions return F0_OK, a positive F0_* word, or a negative error.  After
 *     a negative error only f0_turn_info() and f0_turn_free() are allowed.
 *  5. Nothing throws, nothing calls back but an f0_memory_t, nothing keeps a
 *     pointer that it was given beyond the call unless it is said there.
 *  6. A worker and its turns belong to one thread.  Only f0_work_run() may run
 *     in another one.
 *  7. Times are milliseconds of a monotonic clock, but "created" (Unix seconds).
 *  8. A bool is an int, 0 or 1.  Pointers are never NULL unless it is said so.
 */

#ifndef F0_H_INCLUDED_
#define F0_H_INCLUDED_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define F0_NOEXCEPT noexcept
#else
#define F0_NOEXCEPT
#endif

#define F0_ABI_VERSION  1

typedef struct f0_config_s  f0_config_t;    /* models and providers */
typedef struct f0_worker_s  f0_worker_t;    /* scratch of one thread */
typedef struct f0_turn_s    f0_turn_t;      /* one client request */
typedef struct f0_work_s    f0_work_t;      /* a long pure computation */

typedef struct {
    const char  *data;
    size_t       len;
} f0_str_t;

typedef struct {
    f0_str_t  name;                         /* lower case */
    f0_str_t  value;
} f0_header_t;

enum {
    F0_OK = 0,
    F0_MODEL_DONE = 1,      /* of this call no more bytes are wanted */
    F0_ERR_NOMEM = -1,
    F0_ERR_STATE = -2,      /* the call does not fit the turn's state: a host's bug */
    F0_ERR_CONFIG = -3,     /* f0_config_*: see the message */
    F0_ERR_INTERNAL = -4    /* the core's bug */
};


/* ---- configuration: built once, read-only afterwards, shared by all turns */

f0_config_t *f0_config_new(void) F0_NOEXCEPT;       /* NULL: out of memory */
void f0_config_free(f0_config_t *cf) F0_NOEXCEPT;   /* NULL is fine */

/*
 * Adds a provider; providers are numbered from 0 in the order of the calls.
 * |location| is the URI prefix under which the host reaches it ("/_f0/x/");
 * |dialect| is openai, anthropic, gemini, ollama or responses; |path| replaces
 * the dialect's own path (empty: it does not).  On F0_ERR_CONFIG *|err| is a
 * message that is valid until the next f0_config_* call.
 */
int f0_config_provider(f0_config_t *cf, f0_str_t name, f0_str_t dialect,
    f0_str_t location, f0_str_t path, f0_str_t *err) F0_NOEXCEPT;

/*
 * Adds the model |id| ("x*": all names that begin with x and have no model of
 * their own or of a longer such id), then its directives one by one, argv[0] being the directive's name: "mode agent", "try claude NAME k=v ...".
 * f0_config_check() refuses what can't work; it may be asked after each model,
 * and must be after the last one.
 */
int f0_config_model(f0_config_t *cf, f0_str_t id, f0_str_t *err) F0_NOEXCEPT;
int f0_config_model_set(f0_config_t *cf, const f0_str_t *argv, size_t argc,
    f0_str_t *err) F0_NOEXCEPT;
int f0_config_check(f0_config_t *cf, f0_str_t *err) F0_NOEXCEPT;

/*
 * A secret of the operator's, a provider's key above all: copied, and taken out
 * of whatever a provider says before a client may read it.  One of less than 8
 * bytes is left alone: it would be found in words.
 */
int f0_config_secret(f0_config_t *cf, f0_str_t value) F0_NOEXCEPT;

/*
 * When the provider that was added last is not asked any more: after |fails|
 * failures in a row (1 to 128) for |cool_ms|, and longer each time.
 */
int f0_config_health(f0_config_t *cf, int64_t fails, int64_t cool_ms,
    f0_str_t *err) F0_NOEXCEPT;


/* ---- worker */

f0_worker_t *f0_worker_new(void) F0_NOEXCEPT;       /* NULL: out of memory */
void f0_worker_free(f0_worker_t *w) F0_NOEXCEPT;    /* after its turns; NULL is fine */

/*
 * What providers want back in a later request (signatures, encrypted
 * reasoning), where the client cannot carry it.  A host that runs several
 * workers keeps it for all of them; what is lost is asked for in vain, no more.
 * Keys are short, values at most F0_MEMORY_MAX bytes, both any bytes.  Called in
 * the worker's thread only.  Without it a worker has a memory of its own.
 */
#define F0_MEMORY_MAX  65536

typedef struct {
    void    *data;
    void   (*put)(void *data, f0_str_t key, f0_str_t value);
    /* copies the value to |to|, of F0_MEMORY_MAX bytes; its length, 0: none */
    size_t (*get)(void *data, f0_str_t key, char *to);
} f0_memory_t;

void f0_worker_memory(f0_worker_t *w, const f0_memory_t *m) F0_NOEXCEPT;

/*
 * The key of what clients carry for providers in place of the worker's memory:
 * random bytes, at least 16, copied.  All workers have the same one, and so has
 * the next configuration: what was signed with another key is dropped.  Without
 * it clients are given nothing to carry.
 */
int f0_worker_key(f0_worker_t *w, f0_str_t key) F0_NOEXCEPT;

/*
 * How the host's workers share memory.  The core reads and writes it between
 * |lock| and |unlock| only, briefly and without calling anything else but
 * |alive| (whether the worker of that number, another one's |self|, still runs),
 * |find| (the block of that name, of |size| bytes, zeros when it is new; NULL:
 * there is no room) and |more| (zeros that go with the block |of|; NULL likewise).
 * |wake| is called without the lock: f0_worker_look() is wanted in that worker,
 * as soon as it has time.  Health alone needs no |find|, |more| and |wake|.
 */
typedef struct {
    void     *data;
    void    (*lock)(void *data);
    void    (*unlock)(void *data);
    int     (*alive)(void *data, int64_t worker);
    int64_t   self;                         /* of this worker; not 0 */
    void   *(*find)(void *data, f0_str_t name, size_t size);
    void   *(*more)(void *data, void *of, size_t size);
    void    (*wake)(void *data, int64_t worker);
} f0_shared_t;

/*
 * The health of the first |n| providers, for all workers: |slots| are of
 * F0_HEALTH_SIZE bytes each, aligned as malloc's are, zeros at first; they
 * outlive the worker.  Without it, and of the others, a worker knows what it saw
 * itself.
 */
#define F0_HEALTH_SIZE  1152

int f0_worker_health(f0_worker_t *w, const f0_shared_t *s,
    void *const *slots, size_t n) F0_NOEXCEPT;

/*
 * A limit of turns at once, of all that count under one |name|.  Over |places|
 * turns wait, |queue| of them at most and for |wait_ms|; keys take turns then.
 * |name| is at most F0_LIMIT_NAME bytes, any.
 */
#define F0_LIMIT_NAME  255

typedef struct {
    const f0_shared_t  *shared;             /* outlives the turn */
    f0_str_t            name;
    unsigned            places, queue;
    int64_t             wait_ms;
} f0_limit_t;

/* Whether nobody has a place in that block of |find|, so that it may go. */
int f0_limit_idle(const f0_shared_t *s, const void *block) F0_NOEXCEPT;

/*
 * Looks at the queues in which turns of this worker wait; asked for by |wake|,
 * and at the latest when it said the time before.  The answer is when it has to be
 * called again in milliseconds, -1: nobody waits.  Then f0_worker_ready() gives
 * the hosts of the turns to be asked anew, one by one, until it is NULL.
 */
int64_t f0_worker_look(f0_worker_t *w, int64_t now) F0_NOEXCEPT;
void *f0_worker_ready(f0_worker_t *w) F0_NOEXCEPT;


/* ---- routes: what a request is for */

/* What the client speaks: the path below f0's location decides. */
typedef enum {
    F0_FRONT_CHAT = 0,      /* chat/completions; also what knows no better */
    F0_FRONT_MESSAGES,      /* messages */
    F0_FRONT_COUNT_TOKENS,  /* messages/count_tokens */
    F0_FRONT_RESPONSES,     /* responses */
    F0_FRONT_COMPLETIONS,   /* completions */
    F0_FRONT_FIM            /* fim/completions */
} f0_front_t;

typedef enum {
    F0_ROUTE_TURN = 0,      /* f0_turn_new() with |front| */
    F0_ROUTE_MODELS,        /* f0_worker_models() */
    F0_ROUTE_PATH,          /* F0_FAIL_PATH: there is nothing */
    F0_ROUTE_METHOD         /* F0_FAIL_METHOD with |allow| */
} f0_route_kind_t;

typedef struct {
    f0_route_kind_t  kind;
    f0_front_t       front;                 /* whose form all answers have, errors too */
    f0_str_t         model;                 /* F0_ROUTE_MODELS: of models/{id}, as in the URI; or empty */
    f0_str_t         allow;                 /* F0_ROUTE_METHOD: the Allow list */
    f0_str_t         id_header;             /* a header of all answers that has the value of
                                               x-request-id as well; empty: none */
} f0_route_t;                               /* in |location|, |uri|, or for ever */

/*
 * |location| is the prefix of the URI that is f0's; if it is empty or is not the
 * URI's, only the end of the URI tells.  |uri| is a path without args, |anthropic|
 * whether the header anthropic-version was sent.  It is for any time: before the
 * location is known too, where only the form of an error is wanted.
 */
void f0_route(f0_str_t location, f0_str_t uri, f0_str_t method, int anthropic,
    f0_route_t *out) F0_NOEXCEPT;


/* ---- whole answers that are no turn: errors, lists, preflights */

typedef struct {
    int           status;
    f0_str_t      content_type;             /* empty: no body */
    f0_header_t   headers[12];              /* beside content type and CORS */
    size_t        nheaders;
    f0_str_t      body;
    f0_str_t      reason;                   /* for the log at "info"; no body, no key */
} f0_response_t;                            /* borrowed until the worker's next call */

typedef enum {
    F0_FAIL_STATUS = 0,     /* a status that nginx made (|status|): 400 403 408 413 429 5xx ... */
    F0_FAIL_KEY,            /* 401: no key or a wrong one */
    F0_FAIL_PATH,           /* 404: |detail| is "METHOD /path" */
    F0_FAIL_METHOD,         /* 405: |detail| is the Allow list */
    F0_FAIL_MEDIA_TYPE,     /* 415 */
    F0_FAIL_ENCODING,       /* 415: Content-Encoding of the request */
    F0_FAIL_TOO_LARGE       /* 413: |detail| is the limit in bytes, decimal */
} f0_fail_t;

typedef struct {
    f0_fail_t   what;
    int         status;                     /* F0_FAIL_STATUS */
    f0_str_t    detail;                     /* or empty */
    f0_front_t  front;                      /* in whose form it is told */
    f0_str_t    seed;                       /* as a turn's: the error's request_id */
} f0_failure_t;

/* The error of a request that never became a turn. */
int f0_worker_failure(f0_worker_t *w, const f0_failure_t *f,
    f0_response_t *out) F0_NOEXCEPT;

/*
 * GET models (|id| empty) and models/{id} (|id| percent-encoded or not), in the
 * form of |front|: OpenAI's, but Anthropic's of F0_FRONT_MESSAGES.
 */
int f0_worker_models(f0_worker_t *w, const f0_config_t *cf, f0_str_t id,
    f0_front_t front, f0_str_t seed, f0_response_t *out) F0_NOEXCEPT;


/* ---- turn */

typedef struct {
    f0_str_t   seed;            /* 32 hex digits, unique for each turn */
    int64_t    created;         /* Unix seconds */
    int64_t    now;
    size_t     body_max;        /* limit of the request body; memory is at most 4 x this, or 4 MiB */
    size_t     chunk_size;      /* code points of a piece of a complete answer; 0: 80 */
    int64_t    first_byte_ms;   /* deadlines; 0: the default of 120 s, 120 s, 900 s */
    int64_t    idle_ms;
    int64_t    total_ms;
    int64_t    keepalive_ms;    /* silence before a comment; 0: 15 s */
    f0_str_t   stream_header;   /* the client's X-F0-Stream, or empty */
    f0_str_t   client;          /* a digest of its key: what is kept for one client no other one gets */
    f0_front_t front;
    int        strict;          /* what its provider would not be told of is refused */
    /* the client's, for a provider that speaks the same API; or empty */
    f0_str_t   args;            /* the query string, without "?" */
    f0_str_t   anthropic_version;
    f0_str_t   anthropic_beta;  /* several headers: joined by "," */
    /* a place in each is needed before it begins; in an order that all keep to */
    const f0_limit_t *limits;   /* copied, with their names */
    size_t     nlimits;
    unsigned   weight;          /* of |client| where keys take turns; 0: 1 */
    void      *host;            /* for f0_worker_ready() */
    int64_t    progress_ms;     /* bytes, but no output of a provider; 0: 10 min */
} f0_turn_options_t;            /* strings are copied */

/* |cf| must outlive the turn.  NULL: out of memory. */
f0_turn_t *f0_turn_new(f0_worker_t *w, const f0_config_t *cf,
    const f0_turn_options_t *o) F0_NOEXCEPT;
void f0_turn_free(f0_turn_t *t) F0_NOEXCEPT;        /* NULL is fine */

typedef enum {
    F0_NEED_BODY = 0,   /* f0_turn_body() is wanted */
    F0_AGAIN,           /* drain the output, then ask again from an event, by |deadline| at the latest */
    F0_CALL_MODEL,      /* ask the provider of |call|, then f0_turn_model_head/data/end */
    F0_RUN_WORK,        /* f0_work_run(|work|) in a thread; feed nothing until f0_turn_work_done() */
    F0_WAIT,            /* nothing to do until bytes come or |deadline| is reached */
    F0_RESPOND,         /* the whole answer is |response|: nothing was sent before; the turn is over */
    F0_FINISHED         /* the stream is complete once the output is drained; the turn is over */
} f0_action_kind_t;

typedef struct {
    unsigned            number;         /* from 1, in each turn */
    unsigned            provider;       /* as numbered by f0_config_provider() */
    f0_str_t            uri;            /* the whole path, location included, without args */
    f0_str_t            args;           /* without "?"; may be empty */
    const f0_header_t  *headers;        /* complete but Host, Connection, Content-Length and auth */
    size_t              nheaders;
    f0_str_t            body;           /* until the call's first f0_turn_model_data(), or its end */
} f0_call_t;

typedef struct {
    f0_action_kind_t  kind;
    int64_t           deadline;         /* F0_WAIT, F0_AGAIN, F0_CALL_MODEL: ask again then at the latest */
    f0_call_t         call;             /* F0_CALL_MODEL */
    f0_work_t        *work;             /* F0_RUN_WORK; the turn's own until work_done */
    f0_response_t     response;         /* F0_RESPOND */
    int               idle;             /* F0_WAIT: no call is wanted: the host ends one that still runs */
    f0_str_t          notice;           /* for the log at "error", with any action; or empty */
} f0_action_t;                          /* strings: until the turn's next call, but call.body */

/*
 * The next thing to do.  It may be asked at any time, as often as one likes
 * (|now| makes deadlines and comments due).  An F0_CALL_MODEL is told once; if
 * an earlier call still runs then, the host ends it without feeding its rest.
 * F0_RESPOND and F0_FINISHED while a call runs: the host ends it likewise.
 */
int f0_turn_next(f0_turn_t *t, int64_t now, f0_action_t *a) F0_NOEXCEPT;

/* The request body, in any pieces; the last one with |last| set. */
int f0_turn_body(f0_turn_t *t, const char *p, size_t n, int last) F0_NOEXCEPT;

/*
 * Whether the provider is being kept waiting (|held| 1): it has not been asked
 * yet, or its answer is not being read because the client has to take what came
 * before.  Its silence does not count meanwhile, and is counted anew from the
 * moment that |held| is 0 again, as it is when a call begins.
 */
int f0_turn_model_hold(f0_turn_t *t, int held, int64_t now) F0_NOEXCEPT;

/*
 * The provider's answer to the running call.  Header names in lower case; all
 * of them: the core takes what it knows.  f0_turn_model_data() may answer
 * F0_MODEL_DONE: the dialect's end marker was seen, or the turn wants no more;
 * the host may wait a moment for the transport's end to keep the connection.
 * f0_turn_model_end() is not owed then, and does nothing.
 */
int f0_turn_model_head(f0_turn_t *t, int status, const f0_header_t *headers,
    size_t n, int64_t now) F0_NOEXCEPT;
int f0_turn_model_data(f0_turn_t *t, const char *p, size_t n, int64_t now)
    F0_NOEXCEPT;

typedef enum {
    F0_END_CLEAN = 0,       /* the transport's own end: last chunk, length, or EOF of a close-delimited body */
    F0_END_TRUNCATED,       /* cut after a head */
    F0_END_UNREACHABLE,     /* no valid head: refused, closed, not HTTP */
    F0_END_TIMEOUT,         /* too slow */
    F0_END_TLS,             /* no TLS connection: the certificate, or no TLS there at all */
    F0_END_LARGE_HEAD,      /* the head did not fit into the host's buffer */
    F0_END_STALE            /* a connection kept from an earlier call was closed before any byte came */
} f0_model_end_t;

int f0_turn_model_end(f0_turn_t *t, f0_model_end_t how, int64_t now)
    F0_NOEXCEPT;

/*
 * A pure function of data that the work owns; the only call that is allowed in
 * another thread.  The turn must not be freed while it runs.
 */
void f0_work_run(f0_work_t *work) F0_NOEXCEPT;
int f0_turn_work_done(f0_turn_t *t, int64_t now) F0_NOEXCEPT;

/* The client has gone, or the host gives up.  No output follows. */
void f0_turn_cancel(f0_turn_t *t) F0_NOEXCEPT;

/*
 * The host shuts down and can't wait for the turn any longer: what it has not
 * said yet it does not say, and its client is told.  F0_ERR_STATE while a work
 * runs: once that is done it is time again.
 */
int f0_turn_drain(f0_turn_t *t, int64_t now) F0_NOEXCEPT;

/*
 * Takes output: whole events of the stream.  *|out| is empty when there is none
 * left; it is valid until the next call for any turn of the worker.  Before the
 * first non-empty output the host sends 200 and the stream's headers, and what
 * f0_turn_info() says was dropped as "x-f0-dropped" (a whole answer has it).
 */
int f0_turn_output(f0_turn_t *t, f0_str_t *out) F0_NOEXCEPT;

/* Whether the client asked for a stream; known once the body was taken. */
int f0_turn_streams(const f0_turn_t *t) F0_NOEXCEPT;

/* f0_turn_info_t.end: how it ended, as in $f0_end; empty while it runs. */
typedef struct {
    f0_str_t  model, provider, mode, project, end;
    int64_t   prompt_tokens, completion_tokens, cached_tokens;  /* -1: not known */
    int       usage_estimated;          /* the token counts are f0's estimate */
    int64_t   ttft_ms;                  /* first output after the turn began; -1: none yet */
    unsigned  calls, chunks, patches;
    f0_str_t  odd_finish;               /* a provider's finish word that is not known; empty: none */
    f0_str_t  dropped;                  /* what the provider was not told of: pointers, visible ASCII, at most 1 KB */
    f0_str_t  tries;                    /* "claude 429 0.120, local 200 3.410": the calls that are over, about 2 KB at most */
} f0_turn_info_t;                       /* strings: as long as the turn and its configuration */

void f0_turn_info(const f0_turn_t *t, f0_turn_info_t *info) F0_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* F0_H_INCLUDED_ */
