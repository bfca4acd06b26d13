
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Recordings of turns: all that the core was told, so that f0.h alone can
 * play it again.
 *
 * A recording is the line "f0 recording 1" and entries until the file's end:
 *
 *     kind      one byte
 *     time      milliseconds since the turn was made
 *     length    of the bytes that follow
 *     bytes
 *
 * Time and length are unsigned LEB128.  The bytes of some kinds are a list of
 * strings, each with its length (LEB128) in front.  Numbers are decimal.
 *
 *     P  list   f0_config_provider(): name, dialect, location, path
 *     M  list   f0_config_model(): id
 *     L  list   f0_config_model_set(): argv
 *     T  list   f0_turn_new(): seed, created, now, body_max, chunk_size,
 *               first_byte_ms, idle_ms, total_ms, keepalive_ms, stream_header,
 *               front, strict, args, anthropic_version, anthropic_beta,
 *               progress_ms
 *     b  bytes  f0_turn_body(), and more follows
 *     B  bytes  f0_turn_body(), the last one
 *     n  digit  f0_turn_next(): the kind of action; "-" if it failed
 *     h  list   f0_turn_model_head(): status, then names and values
 *     p  digit  f0_turn_model_hold(): held
 *     d  bytes  f0_turn_model_data()
 *     e  digit  f0_turn_model_end(): how
 *     w  none   f0_turn_work_done()
 *     c  none   f0_turn_cancel()
 *     s  none   f0_turn_drain()
 *     o  number f0_turn_output(): the length, if it gave anything
 *     z  list   all of the turn is here, and this came out of it: the status
 *               of a whole answer, "0" of a stream, "-" if the core failed;
 *               the length of the body or of all output; its SHA-256 in hex
 *     x  text   the recording was cut here, and why; without z or x at its end
 *               the file itself was cut
 *
 * A turn that waits in a queue is recorded up to there: others decide when it
 * goes on.
 *
 * Headers that may hold a cookie, a key or a token are left out; keys and
 * secrets do not reach the core.  A turn is not kept if a body or a header
 * holds one of them nevertheless.
 */


#include "ngx_http_f0_record.h"


#define NGX_HTTP_F0_LEB128_MAX  10

/* numbers of the T entry, and the longest one's room */
#define NGX_HTTP_F0_RECORD_NUMBERS  8
#define NGX_HTTP_F0_RECORD_OPTIONS  (NGX_HTTP_F0_RECORD_NUMBERS + 8)


static void ngx_http_f0_record_options(ngx_http_f0_record_t *rec,
    const f0_turn_options_t *o);
static void ngx_http_f0_record_entry(ngx_http_f0_record_t *rec, u_char kind,
    int64_t now, const f0_str_t *s, size_t n, ngx_uint_t list);
static size_t ngx_http_f0_record_size(const f0_str_t *s, size_t n,
    ngx_uint_t list);
static void ngx_http_f0_record_digest(ngx_http_f0_record_t *rec,
    const f0_str_t *s);


static const char  ngx_http_f0_record_magic[] = "f0 recording 1\n";


/* a turn that can't be recorded is served all the same */

void
ngx_http_f0_record_begin(ngx_http_f0_ctx_t *ctx, const f0_turn_options_t *o)
{
    u_char                     *p;
    ngx_pool_t                 *pool;
    ngx_http_request_t         *r;
    ngx_http_f0_record_t       *rec;
    ngx_http_f0_loc_conf_t     *flcf;
    ngx_http_f0_main_conf_t    *fmcf;
    ngx_http_f0_record_conf_t  *conf;

    r = ctx->request;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);
    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_f0_module);

    conf = fmcf->record;

    if (flcf->record == NULL || o->seed.len != 32 || conf->shared->full) {
        return;
    }

    pool = ngx_create_pool(sizeof(ngx_http_f0_record_t) + 1024,
                           r->connection->log);
    if (pool == NULL) {
        return;
    }

    /* the request's log goes before this pool does */

    pool->log = ngx_cycle->log;

    rec = (ngx_http_f0_record_t *)
              ngx_pcalloc(pool, sizeof(ngx_http_f0_record_t));
    if (rec == NULL) {
        ngx_destroy_pool(pool);
        return;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     rec->status = 0;
     *     rec->data = NULL;
     *     rec->task = NULL;
     *     rec->job = NULL;
     *     all counters and flags
     */

    rec->pool = pool;
    rec->conf = conf;
    rec->folder = flcf->record;
    rec->began = o->now;
    rec->fd = NGX_INVALID_FILE;

    ngx_queue_insert_tail(&conf->records, &rec->queue);

    p = ngx_cpymem(rec->name, o->seed.data, o->seed.len);
    ngx_memcpy(p, ".f0r", sizeof(".f0r"));

    rec->digest = EVP_MD_CTX_new();

    if (rec->digest == NULL
        || EVP_DigestInit_ex(rec->digest, EVP_sha256(), NULL) != 1
        || ngx_http_f0_record_secret_collect(rec, r) != NGX_OK
        || ngx_http_f0_record_conf_reserve(rec, NGX_HTTP_F0_RECORD_MARK)
           != NGX_OK)
    {
        ngx_http_f0_record_write_free(rec);
        return;
    }

    p = ngx_http_f0_record_write_room(rec, sizeof(ngx_http_f0_record_magic) - 1
                                           + conf->lines.nelts);
    if (p == NULL) {
        ngx_http_f0_record_write_free(rec);
        return;
    }

    p = ngx_cpymem(p, ngx_http_f0_record_magic,
                   sizeof(ngx_http_f0_record_magic) - 1);
    ngx_memcpy(p, conf->lines.elts, conf->lines.nelts);

    ngx_http_f0_record_options(rec, o);

    ctx->record = rec;
}


static void
ngx_http_f0_record_options(ngx_http_f0_record_t *rec,
    const f0_turn_options_t *o)
{
    u_char      *p, buf[NGX_HTTP_F0_RECORD_OPTIONS * NGX_INT64_LEN];
    int64_t      n[NGX_HTTP_F0_RECORD_NUMBERS];
    f0_str_t     s[NGX_HTTP_F0_RECORD_OPTIONS];
    ngx_uint_t   i;

    n[0] = o->created;
    n[1] = o->now;
    n[2] = (int64_t) o->body_max;
    n[3] = (int64_t) o->chunk_size;
    n[4] = o->first_byte_ms;
    n[5] = o->idle_ms;
    n[6] = o->total_ms;
    n[7] = o->keepalive_ms;

    s[0] = o->seed;

    p = buf;

    for (i = 0; i < NGX_HTTP_F0_RECORD_NUMBERS; i++) {
        s[i + 1].data = (const char *) p;
        p = ngx_sprintf(p, "%L", n[i]);
        s[i + 1].len = p - (u_char *) s[i + 1].data;
    }

    s[NGX_HTTP_F0_RECORD_NUMBERS + 1] = o->stream_header;

    /* what came later, each behind what was there */

    s[NGX_HTTP_F0_RECORD_NUMBERS + 2].data = (const char *) p;
    p = ngx_sprintf(p, "%d", (int) o->front);
    s[NGX_HTTP_F0_RECORD_NUMBERS + 2].len
        = p - (u_char *) s[NGX_HTTP_F0_RECORD_NUMBERS + 2].data;

    s[NGX_HTTP_F0_RECORD_NUMBERS + 3].data = o->strict ? "1" : "0";
    s[NGX_HTTP_F0_RECORD_NUMBERS + 3].len = 1;

    s[NGX_HTTP_F0_RECORD_NUMBERS + 4] = o->args;
    s[NGX_HTTP_F0_RECORD_NUMBERS + 5] = o->anthropic_version;
    s[NGX_HTTP_F0_RECORD_NUMBERS + 6] = o->anthropic_beta;

    s[NGX_HTTP_F0_RECORD_NUMBERS + 7].data = (const char *) p;
    p = ngx_sprintf(p, "%L", o->progress_ms);
    s[NGX_HTTP_F0_RECORD_NUMBERS + 7].len
        = p - (u_char *) s[NGX_HTTP_F0_RECORD_NUMBERS + 7].data;

    ngx_http_f0_record_entry(rec, 'T', o->now, s,
                             NGX_HTTP_F0_RECORD_OPTIONS, 1);
}


void
ngx_http_f0_record_failed(ngx_http_f0_ctx_t *ctx)
{
    ctx->record->status = -1;
}


/* the turn gets nothing more */

void
ngx_http_f0_record_end(ngx_http_f0_ctx_t *ctx)
{
    u_char                 status[NGX_INT_T_LEN], length[NGX_OFF_T_LEN];
    u_char                 md[EVP_MAX_MD_SIZE], hex[2 * EVP_MAX_MD_SIZE];
    f0_str_t               s[3];
    unsigned               n;
    ngx_http_f0_record_t  *rec;

    rec = ctx->record;

    if (rec == NULL) {
        return;
    }

    ctx->record = NULL;

    if (EVP_DigestFinal_ex(rec->digest, md, &n) == 1) {

        s[0].data = (const char *) status;
        s[0].len = ((rec->status < 0) ? ngx_sprintf(status, "-")
                                      : ngx_sprintf(status, "%d", rec->status))
                   - status;

        s[1].data = (const char *) length;
        s[1].len = ngx_sprintf(length, "%O", rec->out) - length;

        s[2].data = (const char *) hex;
        s[2].len = ngx_hex_dump(hex, md, n) - hex;

        ngx_http_f0_record_entry(rec, 'z', ngx_http_f0_timer_now(), s, 3, 1);
    }

    rec->over = 1;
    rec->closed = 1;
    rec->secrets.nelts = 0;

    ngx_http_f0_record_write_flush(rec);
}


/* a line of the configuration, which each recording begins with */

ngx_int_t
ngx_http_f0_record_line(ngx_http_f0_record_conf_t *conf, u_char kind,
    const f0_str_t *argv, size_t argc)
{
    u_char  *p;
    size_t   size;

    size = ngx_http_f0_record_size(argv, argc, 1);

    p = (u_char *) ngx_array_push_n(&conf->lines,
                                    1 + 2 * NGX_HTTP_F0_LEB128_MAX + size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    p = ngx_http_f0_record_write_put(p, kind, 0, size, argv, argc, 1);

    conf->lines.nelts = p - (u_char *) conf->lines.elts;

    return NGX_OK;
}


void
ngx_http_f0_record_input(ngx_http_f0_ctx_t *ctx, u_char kind, int64_t now,
    const char *p, size_t n)
{
    f0_str_t  s;

    s.data = p;
    s.len = n;

    ngx_http_f0_record_entry(ctx->record, kind, now, &s, 1, 0);
}


void
ngx_http_f0_record_head(ngx_http_f0_ctx_t *ctx, int64_t now, int status,
    const f0_header_t *headers, size_t n)
{
    u_char     text[NGX_INT_T_LEN];
    size_t     i, k;
    f0_str_t  *s;

    s = (f0_str_t *) ngx_alloc((2 * n + 1) * sizeof(f0_str_t), ngx_cycle->log);
    if (s == NULL) {
        ngx_http_f0_record_write_cut(ctx->record, "out of memory");
        return;
    }

    s[0].data = (const char *) text;
    s[0].len = ngx_sprintf(text, "%d", status) - text;
    k = 1;

    for (i = 0; i < n; i++) {

        if (ngx_http_f0_record_secret_private(&headers[i].name)) {
            continue;
        }

        s[k++] = headers[i].name;
        s[k++] = headers[i].value;
    }

    ngx_http_f0_record_entry(ctx->record, 'h', now, s, k, 1);

    ngx_free(s);
}


void
ngx_http_f0_record_next(ngx_http_f0_ctx_t *ctx, int64_t now, int rc,
    const f0_action_t *a)
{
    char                   c;
    ngx_http_f0_record_t  *rec;

    rec = ctx->record;

    c = (char) ((rc == F0_OK) ? '0' + a->kind : '-');

    ngx_http_f0_record_input(ctx, 'n', now, &c, 1);

    if (rc == F0_OK && a->kind == F0_RESPOND) {
        rec->status = a->response.status;
        ngx_http_f0_record_digest(rec, &a->response.body);
    }
}


void
ngx_http_f0_record_output(ngx_http_f0_ctx_t *ctx, int rc, const f0_str_t *out)
{
    u_char  text[NGX_SIZE_T_LEN];

    if (rc != F0_OK || out->len == 0) {
        return;
    }

    ngx_http_f0_record_digest(ctx->record, out);

    ngx_http_f0_record_input(ctx, 'o', ngx_http_f0_timer_now(),
                             (const char *) text,
                             ngx_sprintf(text, "%uz", out->len) - text);
}


static void
ngx_http_f0_record_digest(ngx_http_f0_record_t *rec, const f0_str_t *s)
{
    if (EVP_DigestUpdate(rec->digest, s->data, s->len) != 1) {
        ngx_http_f0_record_write_cut(rec, "no digest");
    }

    rec->out += s->len;
}


static void
ngx_http_f0_record_entry(ngx_http_f0_record_t *rec, u_char kind, int64_t now,
    const f0_str_t *s, size_t n, ngx_uint_t list)
{
    u_char  *p;
    size_t   i, size, room;

    if (rec->over) {
        return;
    }

    /* what we say ourselves stands between the pieces of what others say */

    for (i = 0; i < n && ngx_strchr("bBdhT", kind); i++) {

        if (!ngx_http_f0_record_secret_holds(rec, s[i].data, s[i].len)) {
            continue;
        }

        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "f0: recording \"%V/%s\" is dropped: a key was said "
                      "in it", &rec->folder->name, rec->name);

        rec->over = 1;
        rec->dropped = 1;

        ngx_http_f0_record_write_flush(rec);
        return;
    }

    size = ngx_http_f0_record_size(s, n, list);
    room = 1 + 2 * NGX_HTTP_F0_LEB128_MAX + size;

    if (rec->total + (off_t) room > rec->conf->file_max) {
        ngx_http_f0_record_write_cut(rec, "too long");
        return;
    }

    if (rec->len + room > NGX_HTTP_F0_RECORD_WAIT) {
        ngx_http_f0_record_write_cut(rec, "the disk is too slow");
        return;
    }

    p = ngx_http_f0_record_write_room(rec, room);
    if (p == NULL) {
        ngx_http_f0_record_write_cut(rec, "out of memory");
        return;
    }

    room -= ngx_http_f0_record_write_put(p, kind, now - rec->began, size, s, n,
                                         list)
            - p;

    rec->len -= room;
    rec->total -= room;

    if (rec->len >= NGX_HTTP_F0_RECORD_FLUSH) {
        ngx_http_f0_record_write_flush(rec);
    }
}


static size_t
ngx_http_f0_record_size(const f0_str_t *s, size_t n, ngx_uint_t list)
{
    u_char  buf[NGX_HTTP_F0_LEB128_MAX];
    size_t  i, size;

    size = 0;

    for (i = 0; i < n; i++) {
        size += s[i].len;

        if (list) {
            size += ngx_http_f0_record_write_number(buf, s[i].len) - buf;
        }
    }

    return size;
}
