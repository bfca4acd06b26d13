
/*
 * Copyright (C) 2026 The f0 authors
 *
 * What must not be in a recording: keys, cookies and secrets, wherever they
 * were said and however JSON escapes them.
 *
 * Bytes are looked at three times: as they are, with the escapes of JSON's
 * strings undone, and once more, for JSON that is a string itself, as the
 * arguments of tools are.  For example the key "k-17/abc":
 *
 *     as it is   k-17/abc
 *     once       k-17\/abc    \u006b-17/abc
 *     twice      k-17\\/abc   \\u006b-17/abc
 */


#include "ngx_http_f0_record.h"


/* bytes that are unescaped at once */
#define NGX_HTTP_F0_SCAN_SIZE  2048

/* what one escape gives, at most */
#define NGX_HTTP_F0_SCAN_ONE   4


static ngx_uint_t ngx_http_f0_record_secret_names(const ngx_table_elt_t *h);
static ngx_int_t ngx_http_f0_record_secret_words(ngx_http_f0_record_t *rec,
    const ngx_str_t *value);
static ngx_int_t ngx_http_f0_record_secret_add(ngx_http_f0_record_t *rec,
    u_char *data, size_t len);
static ngx_uint_t ngx_http_f0_record_secret_scan(ngx_http_f0_record_t *rec,
    ngx_uint_t level, u_char *data, size_t len);
static ngx_uint_t ngx_http_f0_record_secret_find(ngx_http_f0_record_t *rec,
    ngx_http_f0_scan_t *scan, u_char *data, size_t len);
static u_char *ngx_http_f0_record_secret_unescape(ngx_http_f0_scan_t *scan,
    u_char **data, u_char *last, u_char *p, u_char *end);
static u_char *ngx_http_f0_record_secret_escape(ngx_http_f0_scan_t *scan,
    u_char c, u_char *p);
static u_char *ngx_http_f0_record_secret_digit(ngx_http_f0_scan_t *scan,
    u_char c, u_char *p);
static u_char *ngx_http_f0_record_secret_utf8(u_char *p, uint32_t n);


/* of the client: their values must not be in a body either */

static const char  *ngx_http_f0_private_headers[] = {
    "authorization", "proxy-authorization", "api-key", "x-api-key",
    "x-goog-api-key", "cookie", NULL
};


/* in names of a provider's headers: those are not recorded */

static const char  *ngx_http_f0_private_words[] = {
    "auth", "cookie", "credential", "key", "password", "secret", "session",
    "token", NULL
};


/* as far as they are known; a header may come more than once */

ngx_int_t
ngx_http_f0_record_secret_collect(ngx_http_f0_record_t *rec,
    ngx_http_request_t *r)
{
    ngx_str_t        **secret;
    ngx_uint_t         i;
    ngx_list_part_t   *part;
    ngx_table_elt_t   *h;

    if (ngx_array_init(&rec->secrets, rec->pool, 8, sizeof(ngx_str_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    secret = (ngx_str_t **) rec->conf->secrets.elts;

    for (i = 0; i < rec->conf->secrets.nelts; i++) {
        if (ngx_http_f0_record_secret_add(rec, secret[i]->data, secret[i]->len)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = (ngx_table_elt_t *) part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (ngx_http_f0_record_secret_names(&h[i])
                && ngx_http_f0_record_secret_words(rec, &h[i].value) != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_f0_record_secret_names(const ngx_table_elt_t *h)
{
    const char  **name;

    for (name = ngx_http_f0_private_headers; *name; name++) {
        if (h->key.len == ngx_strlen(*name)
            && ngx_strncmp(h->lowcase_key, *name, h->key.len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* of "Bearer KEY", "name=value; name=value" */

static ngx_int_t
ngx_http_f0_record_secret_words(ngx_http_f0_record_t *rec,
    const ngx_str_t *value)
{
    u_char  *p, *last, *start;

    p = value->data;
    last = p + value->len;

    while (p < last) {

        start = p;

        while (p < last && *p != ' ' && *p != ';' && *p != '=') {
            p++;
        }

        if (ngx_http_f0_record_secret_add(rec, start, p - start) != NGX_OK) {
            return NGX_ERROR;
        }

        p++;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_record_secret_add(ngx_http_f0_record_t *rec, u_char *data,
    size_t len)
{
    ngx_str_t  *s;

    if (len < NGX_HTTP_F0_SECRET_MIN) {
        return NGX_OK;
    }

    s = (ngx_str_t *) ngx_array_push(&rec->secrets);
    if (s == NULL) {
        return NGX_ERROR;
    }

    s->data = data;
    s->len = ngx_min(len, NGX_HTTP_F0_SECRET_MAX);

    return NGX_OK;
}


/* also when it is cut in pieces */

ngx_uint_t
ngx_http_f0_record_secret_holds(ngx_http_f0_record_t *rec, const char *data,
    size_t len)
{
    if (rec->secrets.nelts == 0) {
        return 0;
    }

    return ngx_http_f0_record_secret_scan(rec, 0, (u_char *) data, len);
}


static ngx_uint_t
ngx_http_f0_record_secret_scan(ngx_http_f0_record_t *rec, ngx_uint_t level,
    u_char *data, size_t len)
{
    u_char              *p, *last, buf[NGX_HTTP_F0_SCAN_SIZE];
    ngx_http_f0_scan_t  *scan;

    scan = &rec->scans[level];

    if (ngx_http_f0_record_secret_find(rec, scan, data, len)) {
        return 1;
    }

    if (++level == NGX_HTTP_F0_SCANS) {
        return 0;
    }

    for (last = data + len; data < last; /* void */ ) {

        p = ngx_http_f0_record_secret_unescape(scan, &data, last, buf,
                                               buf + sizeof(buf));

        if (ngx_http_f0_record_secret_scan(rec, level, buf, p - buf)) {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_f0_record_secret_find(ngx_http_f0_record_t *rec,
    ngx_http_f0_scan_t *scan, u_char *data, size_t len)
{
    u_char       buf[2 * NGX_HTTP_F0_SECRET_MAX];
    size_t       n;
    ngx_str_t   *s;
    ngx_uint_t   i;

    if (len == 0) {
        return 0;
    }

    n = ngx_min(len, NGX_HTTP_F0_SECRET_MAX);

    ngx_memcpy(buf, scan->carry, scan->carried);
    ngx_memcpy(buf + scan->carried, data, n);

    s = (ngx_str_t *) rec->secrets.elts;

    for (i = 0; i < rec->secrets.nelts; i++) {
        if (memmem(buf, scan->carried + n, s[i].data, s[i].len)
            || memmem(data, len, s[i].data, s[i].len))
        {
            return 1;
        }
    }

    if (len >= NGX_HTTP_F0_SECRET_MAX) {
        scan->carried = NGX_HTTP_F0_SECRET_MAX;
        ngx_memcpy(scan->carry, data + len - scan->carried, scan->carried);
        return 0;
    }

    /* the end of both together */

    i = scan->carried + n;
    n = ngx_min(i, NGX_HTTP_F0_SECRET_MAX);

    ngx_memcpy(scan->carry, buf + i - n, n);
    scan->carried = n;

    return 0;
}


/* as much as there is room for; moves *data on, and returns p's end */

static u_char *
ngx_http_f0_record_secret_unescape(ngx_http_f0_scan_t *scan, u_char **data,
    u_char *last, u_char *p, u_char *end)
{
    u_char  *s, c;

    for (s = *data; s < last && end - p >= NGX_HTTP_F0_SCAN_ONE; /* void */ ) {

        c = *s++;

        if (scan->digits) {
            p = ngx_http_f0_record_secret_digit(scan, c, p);

        } else if (scan->escape) {
            p = ngx_http_f0_record_secret_escape(scan, c, p);

        } else if (c == '\\') {
            scan->escape = 1;

        } else {
            scan->high = 0;
            *p++ = c;
        }
    }

    *data = s;

    return p;
}


static u_char *
ngx_http_f0_record_secret_escape(ngx_http_f0_scan_t *scan, u_char c, u_char *p)
{
    scan->escape = 0;

    if (c == 'u') {
        scan->digits = 4;
        scan->code = 0;
        return p;
    }

    scan->high = 0;

    switch (c) {

    case 'b':
        c = '\b';
        break;

    case 'f':
        c = '\f';
        break;

    case 'n':
        c = '\n';
        break;

    case 'r':
        c = '\r';
        break;

    case 't':
        c = '\t';
        break;
    }

    *p++ = c;

    return p;
}


static u_char *
ngx_http_f0_record_secret_digit(ngx_http_f0_scan_t *scan, u_char c, u_char *p)
{
    uint32_t   code;
    ngx_int_t  n;

    n = ngx_hextoi(&c, 1);

    if (n == NGX_ERROR) {
        scan->digits = 0;
        scan->high = 0;
        *p++ = c;
        return p;
    }

    scan->code = scan->code << 4 | (uint32_t) n;

    if (--scan->digits) {
        return p;
    }

    code = scan->code;

    if (code >= 0xd800 && code < 0xdc00) {
        scan->high = code;
        return p;
    }

    if (scan->high && code >= 0xdc00 && code < 0xe000) {
        code = 0x10000 + ((scan->high - 0xd800) << 10) + (code - 0xdc00);
    }

    scan->high = 0;

    return ngx_http_f0_record_secret_utf8(p, code);
}


static u_char *
ngx_http_f0_record_secret_utf8(u_char *p, uint32_t n)
{
    if (n < 0x80) {
        *p++ = (u_char) n;
        return p;
    }

    if (n < 0x800) {
        *p++ = (u_char) (0xc0 | n >> 6);

    } else {

        if (n < 0x10000) {
            *p++ = (u_char) (0xe0 | n >> 12);

        } else {
            *p++ = (u_char) (0xf0 | n >> 18);
            *p++ = (u_char) (0x80 | (n >> 12 & 0x3f));
        }

        *p++ = (u_char) (0x80 | (n >> 6 & 0x3f));
    }

    *p++ = (u_char) (0x80 | (n & 0x3f));

    return p;
}


ngx_uint_t
ngx_http_f0_record_secret_private(const f0_str_t *name)
{
    const char  **word;

    /* how many tokens are left is no secret */

    if (memmem(name->data, name->len, "ratelimit", sizeof("ratelimit") - 1)) {
        return 0;
    }

    for (word = ngx_http_f0_private_words; *word; word++) {
        if (memmem(name->data, name->len, *word, ngx_strlen(*word))) {
            return 1;
        }
    }

    return 0;
}
