
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
#include <openssl/sha.h>

#ifdef __cplusplus
}
#endif


#define NGX_HTTP_F0_KEY_FILE_SIZE  (1024 * 1024)


static ngx_http_f0_key_t *ngx_http_f0_key_test(ngx_array_t *keys,
    u_char *data, size_t len);
static ngx_str_t ngx_http_f0_key_bearer(ngx_http_request_t *r);
static ngx_int_t ngx_http_f0_key_lines(ngx_conf_t *cf, ngx_array_t *keys,
    ngx_str_t *text);
static ngx_int_t ngx_http_f0_key_line(ngx_conf_t *cf, ngx_array_t *keys,
    u_char *p, u_char *last, ngx_uint_t number);
static ngx_int_t ngx_http_f0_key_add(ngx_array_t *keys, ngx_str_t *name,
    u_char *key, size_t len);
static ngx_int_t ngx_http_f0_conf_env(ngx_conf_t *cf, ngx_str_t *name,
    ngx_str_t *value);
static ngx_int_t ngx_http_f0_conf_file(ngx_conf_t *cf, ngx_str_t *path,
    ngx_str_t *value);


ngx_int_t
ngx_http_f0_access_handler(ngx_http_request_t *r)
{
    ngx_table_elt_t         *h;
    ngx_http_f0_ctx_t       *ctx;
    ngx_http_f0_loc_conf_t  *flcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    if (!flcf->enable || flcf->keys == NULL) {
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
    ngx_str_t                bearer;
    ngx_table_elt_t         *h;
    ngx_http_f0_ctx_t       *ctx;
    ngx_http_f0_loc_conf_t  *flcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);

    if (!flcf->enable || flcf->keys == NULL) {
        return NULL;
    }

    ctx = ngx_http_f0_ctx_get(r);

    if (ctx == NULL || ctx->key_tested) {
        return ctx ? ctx->key : NULL;
    }

    ctx->key_tested = 1;

    bearer = ngx_http_f0_key_bearer(r);

    ctx->key = ngx_http_f0_key_test(flcf->keys, bearer.data, bearer.len);

    if (ctx->key == NULL) {
        h = ngx_http_f0_header_find(r, "api-key", sizeof("api-key") - 1);

        if (h) {
            ctx->key = ngx_http_f0_key_test(flcf->keys, h->value.data,
                                            h->value.len);
        }
    }

    if (ctx->key == NULL) {
        h = ngx_http_f0_header_find(r, "x-api-key", sizeof("x-api-key") - 1);

        if (h) {
            ctx->key = ngx_http_f0_key_test(flcf->keys, h->value.data,
                                            h->value.len);
        }
    }

    return ctx->key;
}


/* looks at all keys, whichever it is */

static ngx_http_f0_key_t *
ngx_http_f0_key_test(ngx_array_t *keys, u_char *data, size_t len)
{
    u_char              hash[NGX_HTTP_F0_KEY_HASH_LEN];
    ngx_uint_t          i;
    ngx_http_f0_key_t  *key, *found;

    if (len == 0) {
        return NULL;
    }

    SHA256(data, len, hash);

    key = (ngx_http_f0_key_t *) keys->elts;
    found = NULL;

    for (i = 0; i < keys->nelts; i++) {
        if (CRYPTO_memcmp(key[i].hash, hash, NGX_HTTP_F0_KEY_HASH_LEN) == 0) {
            found = &key[i];
        }
    }

    return found;
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

    if (ngx_http_f0_conf_value(cf, &value[1], &text) != NGX_OK) {
        return (char *) NGX_CONF_ERROR;
    }

    if (value[1].len > 4 && ngx_strncmp(value[1].data, "env:", 4) == 0) {
        name.data = value[1].data + 4;
        name.len = value[1].len - 4;

        rc = ngx_http_f0_key_add(keys, &name, text.data, text.len);

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


/* "key" or "name key" in each line, "#" begins a comment */

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
    ngx_str_t    word[2], name;
    ngx_uint_t   n;

    for (n = 0; /* void */; n++) {

        while (p < last && (*p == ' ' || *p == '\t' || *p == CR)) {
            p++;
        }

        if (p == last || *p == '#') {
            break;
        }

        if (n == 2) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "line %ui of the file of \"f0_keys\" is no "
                               "\"key\" or \"name key\"", number);
            return NGX_ERROR;
        }

        word[n].data = p;

        while (p < last && *p != ' ' && *p != '\t' && *p != CR) {
            p++;
        }

        word[n].len = p - word[n].data;
    }

    if (n == 0) {
        return NGX_OK;
    }

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

    return ngx_http_f0_key_add(keys, &name, word[n - 1].data, word[n - 1].len);
}


static ngx_int_t
ngx_http_f0_key_add(ngx_array_t *keys, ngx_str_t *name, u_char *key,
    size_t len)
{
    ngx_http_f0_key_t  *k;

    k = (ngx_http_f0_key_t *) ngx_array_push(keys);
    if (k == NULL) {
        return NGX_ERROR;
    }

    k->name = *name;
    SHA256(key, len, k->hash);

    return NGX_OK;
}


/*
 * What "env:NAME", "file:/path" or a path holds, without white space around
 * it: never nothing.  The caller wipes it.
 */

ngx_int_t
ngx_http_f0_conf_value(ngx_conf_t *cf, ngx_str_t *source, ngx_str_t *value)
{
    ngx_int_t  rc;
    ngx_str_t  name;

    if (ngx_strncmp(source->data, "env:", 4) == 0) {
        name.data = source->data + 4;
        name.len = source->len - 4;

        rc = ngx_http_f0_conf_env(cf, &name, value);

    } else {
        name = *source;

        if (ngx_strncmp(name.data, "file:", 5) == 0) {
            name.data += 5;
            name.len -= 5;
        }

        rc = ngx_http_f0_conf_file(cf, &name, value);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    while (value->len
           && (value->data[0] == ' ' || value->data[0] == '\t'
               || value->data[0] == CR || value->data[0] == LF))
    {
        value->data++;
        value->len--;
    }

    while (value->len
           && (value->data[value->len - 1] == ' '
               || value->data[value->len - 1] == '\t'
               || value->data[value->len - 1] == CR
               || value->data[value->len - 1] == LF))
    {
        value->len--;
    }

    if (value->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is empty", source);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* the name goes to the "env" list: a new binary inherits nothing else */

static ngx_int_t
ngx_http_f0_conf_env(ngx_conf_t *cf, ngx_str_t *name, ngx_str_t *value)
{
    char             *env;
    ngx_str_t        *var;
    ngx_core_conf_t  *ccf;

    env = name->len ? getenv((char *) name->data) : NULL;

    if (env == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "environment variable \"%V\" is not set", name);
        return NGX_ERROR;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);

    var = (ngx_str_t *) ngx_array_push(&ccf->env);
    if (var == NULL) {
        return NGX_ERROR;
    }

    *var = *name;

    value->len = ngx_strlen(env);
    value->data = (u_char *) ngx_pnalloc(cf->pool, value->len + 1);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(value->data, env, value->len);

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_conf_file(ngx_conf_t *cf, ngx_str_t *path, ngx_str_t *value)
{
    ssize_t          n;
    ngx_int_t        rc;
    ngx_file_t       file;
    ngx_file_info_t  fi;

    if (ngx_conf_full_name(cf->cycle, path, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memzero(&file, sizeof(ngx_file_t));

    file.name = *path;
    file.log = cf->log;
    file.fd = ngx_open_file(path->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (file.fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_open_file_n " \"%V\" failed", path);
        return NGX_ERROR;
    }

    rc = NGX_ERROR;

    if (ngx_fd_info(file.fd, &fi) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_fd_info_n " \"%V\" failed", path);
        goto done;
    }

    if (!ngx_is_file(&fi) || ngx_file_size(&fi) > NGX_HTTP_F0_KEY_FILE_SIZE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no file, or too large", path);
        goto done;
    }

    value->len = (size_t) ngx_file_size(&fi);
    value->data = (u_char *) ngx_pnalloc(cf->pool, value->len + 1);
    if (value->data == NULL) {
        goto done;
    }

    n = ngx_read_file(&file, value->data, value->len, 0);

    if (n == NGX_ERROR || (size_t) n != value->len) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_read_file_n " \"%V\" failed", path);
        goto done;
    }

    rc = NGX_OK;

done:

    if (ngx_close_file(file.fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno,
                           ngx_close_file_n " \"%V\" failed", path);
    }

    return rc;
}
