
/*
 * Copyright (C) 2026 The f0 authors
 *
 * The chunked encoding of a provider's answer.
 */


#include "ngx_http_f0.h"


typedef enum {
    ngx_http_f0_chunk_start = 0,
    ngx_http_f0_chunk_size,
    ngx_http_f0_chunk_extension,
    ngx_http_f0_chunk_data,
    ngx_http_f0_chunk_after_data,
    ngx_http_f0_chunk_trailer,
    ngx_http_f0_chunk_trailer_line,
    ngx_http_f0_chunk_end
} ngx_http_f0_chunk_e;


static ngx_inline u_char *ngx_http_f0_chunked_head(
    ngx_http_f0_call_t *call, u_char *p, u_char *last);
static ngx_int_t ngx_http_f0_chunked_char(ngx_http_f0_call_t *call,
    u_char ch);


/* the payload of all chunks is moved together, to be told of at once */

ngx_int_t
ngx_http_f0_chunked_parse(ngx_http_f0_call_t *call, u_char *p, u_char *last,
    u_char **end)
{
    size_t                n;
    ngx_http_upstream_t  *u;

    *end = p;

    if (call->state == ngx_http_f0_chunk_start) {
        p = ngx_http_f0_chunked_head(call, p, last);
    }

    while (p < last) {

        if (call->state == ngx_http_f0_chunk_data) {
            n = (size_t) ngx_min(call->rest, last - p);

            if (*end != p) {
                ngx_memmove(*end, p, n);
            }

            *end += n;
            p += n;
            call->rest -= n;

            if (call->rest == 0) {
                call->state = ngx_http_f0_chunk_after_data;
                p = ngx_http_f0_chunked_head(call, p, last);
            }

            continue;
        }

        if (ngx_http_f0_chunked_char(call, *p++) != NGX_OK) {
            return NGX_ERROR;
        }

        if (call->state == ngx_http_f0_chunk_end) {
            u = call->request->upstream;
            u->keepalive = !u->headers_in.connection_close && p == last;
            return NGX_DONE;
        }
    }

    return NGX_OK;
}


/*
 * Between two chunks, the usual form of what is there if all of it is here.
 * Anything else is left to the parser of single bytes.
 */

static ngx_inline u_char *
ngx_http_f0_chunked_head(ngx_http_f0_call_t *call, u_char *p, u_char *last)
{
    u_char  c, *s;
    size_t  size;

    if (call->state == ngx_http_f0_chunk_after_data) {

        if (last - p < 2 || p[0] != CR || p[1] != LF) {
            return p;
        }

        p += 2;
        call->state = ngx_http_f0_chunk_start;
    }

    if (last - p < 10) {
        return p;
    }

    size = 0;

    for (s = p; s < p + 8; s++) {

        c = *s;

        if (c >= '0' && c <= '9') {
            size = size * 16 + (c - '0');
            continue;
        }

        c |= 0x20;

        if (c < 'a' || c > 'f') {
            break;
        }

        size = size * 16 + (c - 'a' + 10);
    }

    if (size == 0 || s[0] != CR || s[1] != LF) {
        return p;
    }

    call->rest = size;
    call->state = ngx_http_f0_chunk_data;

    return s + 2;
}


static ngx_int_t
ngx_http_f0_chunked_char(ngx_http_f0_call_t *call, u_char ch)
{
    u_char  c;

    switch (call->state) {

    case ngx_http_f0_chunk_start:
    case ngx_http_f0_chunk_size:

        c = (u_char) (ch | 0x20);

        if (ch >= '0' && ch <= '9') {
            c = ch - '0';

        } else if (c >= 'a' && c <= 'f') {
            c = c - 'a' + 10;

        } else if (call->state == ngx_http_f0_chunk_start) {
            return NGX_ERROR;

        } else if (ch == LF) {
            call->state = call->rest ? ngx_http_f0_chunk_data
                                     : ngx_http_f0_chunk_trailer;
            return NGX_OK;

        } else if (ch == CR || ch == ';' || ch == ' ' || ch == '\t') {
            call->state = ngx_http_f0_chunk_extension;
            return NGX_OK;

        } else {
            return NGX_ERROR;
        }

        if (call->rest > NGX_MAX_OFF_T_VALUE / 16 - 1) {
            return NGX_ERROR;
        }

        call->rest = call->rest * 16 + c;
        call->state = ngx_http_f0_chunk_size;
        return NGX_OK;

    case ngx_http_f0_chunk_extension:

        if (ch == LF) {
            call->state = call->rest ? ngx_http_f0_chunk_data
                                     : ngx_http_f0_chunk_trailer;
        }

        return NGX_OK;

    case ngx_http_f0_chunk_after_data:

        if (ch == LF) {
            call->state = ngx_http_f0_chunk_start;
            return NGX_OK;
        }

        return (ch == CR) ? NGX_OK : NGX_ERROR;

    case ngx_http_f0_chunk_trailer:

        if (ch == LF) {
            call->state = ngx_http_f0_chunk_end;

        } else if (ch != CR) {
            call->state = ngx_http_f0_chunk_trailer_line;
        }

        return NGX_OK;

    default: /* ngx_http_f0_chunk_trailer_line */

        if (ch == LF) {
            call->state = ngx_http_f0_chunk_trailer;
        }

        return NGX_OK;
    }
}
