
/*
 * Copyright (C) 2026 The f0 authors
 *
 * The clients' keys.  Only their SHA-256 is kept.
 */


#include "ngx_http_f0.h"

#ifdef __cplusplus
extern "C" {
#endif

#include <openssl/crypto.h>
#include <openssl/evp.h>

#ifdef __cplusplus
}
#endif


static ngx_array_t *ngx_http_f0_key_list(ngx_http_request_t *r);
static ngx_http_f0_key_t *ngx_http_f0_key_test(ngx_array_t *keys,
    u_char *data, size_t len);
static ngx_int_t ngx_http_f0_key_hash(u_char *data, size_t len, u_char *hash);
static ngx_str_t ngx_http_f0_key_sent(ngx_http_request_t *r);
static ngx_str_t ngx_http_f0_key_bearer(ngx_http_request_t *r);
static ngx_int_t ngx_http_f0_key_lines(ngx_conf_t *cf, ngx_array_t *keys,
    ngx_str_t *text);
static ngx_int_t ngx_http_f0_key_line(ngx_conf_t *cf, ngx_array_t *keys,
    u_char *p, u_char *last, ngx_uint_t number);
static ngx_int_t ngx_http_f0_key_attribute(ngx_conf_t *cf, ngx_str_t *word,
    ngx_uint_t number, ngx_uint_t *weight);
static ngx_int_t ngx_http_f0_key_add(ngx_conf_t *cf, ngx_array_t *keys,
    ngx_str_t *name, u_char *key, size_t len, ngx_uint_t weight);


ngx_int_t
ngx_http_f0_key_access(ngx_http_request_t *r)
{
    ngx_table_elt_t         *h;
    ngx_http_f0_ctx_t       *ctx;
    ngx_http_f0_loc_conf_t  *flcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    if (ngx_http_f0_key_list(r) == NULL
        || (flcf->enable && r->method == NGX_HTTP_OPTIONS))
    {
        return NGX_DECLINED;
    }

    ctx = ngx_http_f0_ctx_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_f0_key_find(r)) {
        return NGX_OK;
    }

    ctx->denied = 1;

    h = (ngx_table_elt_t *) ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    h->hash = 1;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif
    ngx_str_set(&h->key, "WWW-Authenticate");
    ngx_str_set(&h->value, "Bearer");

    r->headers_out.www_authenticate = h;

    return NGX_HTTP_UNAUTHORIZED;
}


/* may be asked by $f0_key before the access phase */

ngx_http_f0_key_t *
ngx_http_f0_key_find(ngx_http_request_t *r)
{
    ngx_str_t           sent;
    ngx_array_t        *keys;
    ngx_http_f0_ctx_t  *ctx;

    keys = ngx_http_f0_key_list(r);

    if (keys == NULL) {
        return NULL;
    }

    ctx = ngx_http_f0_ctx_get(r);

    if (ctx == NULL) {
        return NULL;
    }

    /* a rewrite may lead to a location with other keys */

    if (ctx->keys == keys) {
        return ctx->key;
    }

    ctx->keys = keys;

    sent = ngx_http_f0_key_sent(r);

    ctx->key = ngx_http_f0_key_test(keys, sent.data, sent.len);

    return ctx->key;
}


/* tells one client from another, whoever looks at its key */

f0_str_t
ngx_http_f0_key_client(ngx_http_request_t *r)
{
    u_char             *hash;
    f0_str_t            client;
    ngx_str_t           sent;
    ngx_http_f0_key_t  *key;

    client.data = "";
    client.len = 0;

    key = ngx_http_f0_key_find(r);

    if (key) {
        hash = key->hash;

    } else {
        sent = ngx_http_f0_key_sent(r);

        if (sent.len == 0) {
            return client;
        }

        hash = (u_char *) ngx_pnalloc(r->pool, NGX_HTTP_F0_KEY_HASH_LEN);

        if (hash == NULL
            || ngx_http_f0_key_hash(sent.data, sent.len, hash) != NGX_OK)
        {
            return client;
        }
    }

    client.data = (char *) hash;
    client.len = NGX_HTTP_F0_KEY_HASH_LEN;

    return client;
}


/*
 * "Authorization: Bearer" wins over the other two, right or wrong: which of
 * several keys is meant is not guessed.
 */

static ngx_str_t
ngx_http_f0_key_sent(ngx_http_request_t *r)
{
    ngx_str_t         value;
    ngx_table_elt_t  *h;

    value = ngx_http_f0_key_bearer(r);

    if (value.len) {
        return value;
    }

    h = ngx_http_f0_ctx_header(r, "x-api-key", sizeof("x-api-key") - 1);

    if (h == NULL) {
        h = ngx_http_f0_ctx_header(r, "api-key", sizeof("api-key") - 1);
    }

    if (h) {
        value = h->value;
    }

    return value;
}


/*
 * The keys that are asked for here, NULL if none are: in a location of f0, and
 * in those inside of it, whoever answers there.
 */

static ngx_array_t *
ngx_http_f0_key_list(ngx_http_request_t *r)
{
    ngx_http_f0_loc_conf_t  *flcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    return (flcf->guarded && !flcf->error) ? flcf->keys : NULL;
}


/* looks at all keys, whichever it is */

static ngx_http_f0_key_t *
ngx_http_f0_key_test(ngx_array_t *keys, u_char *data, size_t len)
{
    u_char              hash[NGX_HTTP_F0_KEY_HASH_LEN];
    ngx_uint_t          i;
    ngx_http_f0_key_t  *key, *found;

    if (len == 0 || ngx_http_f0_key_hash(data, len, hash) != NGX_OK) {
        return NULL;
    }

    key = (ngx_http_f0_key_t *) keys->elts;
    found = NULL;

    for (i = 0; i < keys->nelts; i++) {
        if (CRYPTO_memcmp(key[i].hash, hash, NGX_HTTP_F0_KEY_HASH_LEN) == 0) {
            found = &key[i];
        }
    }

    return found;
}


/* looking for the algorithm takes OpenSSL longer than the hash itself */

static ngx_int_t
ngx_http_f0_key_hash(u_char *data, size_t len, u_char *hash)
{
    const EVP_MD       *md;
    static EVP_MD_CTX  *mdc;

    md = NULL;

    if (mdc == NULL) {
        mdc = EVP_MD_CTX_new();
        md = EVP_sha256();
    }

    if (mdc
        && EVP_DigestInit_ex(mdc, md, NULL)
        && EVP_DigestUpdate(mdc, data, len)
        && EVP_DigestFinal_ex(mdc, hash, NULL))
    {
        return NGX_OK;
    }

    EVP_MD_CTX_free(mdc);
    mdc = NULL;

    return NGX_ERROR;
}


static ngx_str_t
ngx_http_f0_key_bearer(ngx_http_request_t *r)
{
    ngx_str_t  value;

    if (r->headers_in.authorization == NULL) {
        ngx_str_null(&value);
        return value;
    }

    value = r->headers_in.authorization->value;

    if (value.len < sizeof("Bearer ") - 1
        || ngx_strncasecmp(value.data, (u_char *) "Bearer ",
                           sizeof("Bearer ") - 1)
           != 0)
    {
        ngx_str_null(&value);
        return value;
    }

    value.data += sizeof("Bearer ") - 1;
    value.len -= sizeof("Bearer ") - 1;

    while (value.len && *value.data == ' ') {
        value.data++;
        value.len--;
    }

    return value;
}


char *
ngx_http_f0_keys(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_loc_conf_t *flcf = (ngx_http_f0_loc_conf_t *) conf;

    ngx_int_t     rc;
    ngx_str_t    *value, name, text;
    ngx_array_t  *keys;

    if (flcf->keys != (ngx_array_t *) NGX_CONF_UNSET_PTR) {
        return (char *) "is duplicate";
    }

    value = (ngx_str_t *) cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        flcf->keys = NULL;
        return NGX_CONF_OK;
    }

    keys = ngx_array_create(cf->pool, 4, sizeof(ngx_http_f0_key_t));
    if (keys == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    if (ngx_http_f0_value_read(cf, &value[1], &text) != NGX_OK) {
        return (char *) NGX_CONF_ERROR;
    }

    if (value[1].len > 4 && ngx_strncmp(value[1].data, "env:", 4) == 0) {
        name.data = value[1].data + 4;
        name.len = value[1].len - 4;

        rc = ngx_http_f0_key_add(cf, keys, &name, text.data, text.len, 1);

    } else {
        rc = ngx_http_f0_key_lines(cf, keys, &text);
    }

    ngx_explicit_memzero(text.data, text.len);

    if (rc != NGX_OK) {
        return (char *) NGX_CONF_ERROR;
    }

    flcf->keys = keys;

    return NGX_CONF_OK;
}


/* "key" or "name key [weight=number]" in each line, "#" begins a comment */

static ngx_int_t
ngx_http_f0_key_lines(ngx_conf_t *cf, ngx_array_t *keys, ngx_str_t *text)
{
    u_char      *p, *end, *last;
    ngx_uint_t   n;

    p = text->data;
    last = p + text->len;

    for (n = 1; p < last; n++) {

        end = ngx_strlchr(p, last, LF);
        if (end == NULL) {
            end = last;
        }

        if (ngx_http_f0_key_line(cf, keys, p, end, n) != NGX_OK) {
            return NGX_ERROR;
        }

        p = end + 1;
    }

    if (keys->nelts == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "there is no key in the file of \"f0_keys\"");
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_key_line(ngx_conf_t *cf, ngx_array_t *keys, u_char *p,
    u_char *last, ngx_uint_t number)
{
    ngx_str_t    word[3], name;
    ngx_uint_t   n, weight;

    weight = 1;

    for (n = 0; /* void */; n++) {

        while (p < last && (*p == ' ' || *p == '\t' || *p == CR)) {
            p++;
        }

        if (p == last || *p == '#') {
            break;
        }

        n = ngx_min(n, 2);
        word[n].data = p;

        while (p < last && *p != ' ' && *p != '\t' && *p != CR) {
            p++;
        }

        word[n].len = p - word[n].data;

        if (n == 2
            && ngx_http_f0_key_attribute(cf, &word[2], number, &weight)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (n == 0) {
        return NGX_OK;
    }

    n = ngx_min(n, 2);

    if (n == 2) {
        name.len = word[0].len;
        name.data = ngx_pstrdup(cf->pool, &word[0]);

    } else {
        name.data = (u_char *) ngx_pnalloc(cf->pool, NGX_INT_T_LEN + 3);
    }

    if (name.data == NULL) {
        return NGX_ERROR;
    }

    if (n == 1) {
        name.len = ngx_sprintf(name.data, "key%ui", keys->nelts + 1)
                   - name.data;
    }

    return ngx_http_f0_key_add(cf, keys, &name, word[n - 1].data,
                               word[n - 1].len, weight);
}


static ngx_int_t
ngx_http_f0_key_attribute(ngx_conf_t *cf, ngx_str_t *word, ngx_uint_t number,
    ngx_uint_t *weight)
{
    ngx_int_t  n;

    if (word->len < sizeof("weight=") - 1
        || ngx_strncmp(word->data, "weight=", sizeof("weight=") - 1) != 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "line %ui of the file of \"f0_keys\" is no \"key\" "
                           "or \"name key [weight=number]\"", number);
        return NGX_ERROR;
    }

    n = ngx_atoi(word->data + sizeof("weight=") - 1,
                 word->len - (sizeof("weight=") - 1));

    if (n < 1 || n > 100) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" in line %ui of the file of \"f0_keys\": a "
                           "weight is a number from 1 to 100", word, number);
        return NGX_ERROR;
    }

    *weight = (ngx_uint_t) n;

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_key_add(ngx_conf_t *cf, ngx_array_t *keys, ngx_str_t *name,
    u_char *key, size_t len, ngx_uint_t weight)
{
    size_t              i;
    ngx_http_f0_key_t  *k;

    for (i = 0; i < len; i++) {

        if (key[i] < 0x20 || key[i] == 0x7f) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "the key \"%V\" of \"f0_keys\" holds a control "
                               "character, no client could send it", name);
            return NGX_ERROR;
        }
    }

    if (len < NGX_HTTP_F0_KEY_SHORT) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "the key \"%V\" of \"f0_keys\" has only %uz "
                           "characters and can be guessed", name, len);
    }

    k = (ngx_http_f0_key_t *) ngx_array_push(keys);
    if (k == NULL) {
        return NGX_ERROR;
    }

    k->name = *name;
    k->weight = weight;
    return ngx_http_f0_key_hash(key, len, k->hash);
}
