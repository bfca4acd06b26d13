
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Values of the configuration that are kept elsewhere: in the environment or
 * in a file.
 */


#include "ngx_http_f0.h"


#define NGX_HTTP_F0_FILE_SIZE  (1024 * 1024)


static ngx_int_t ngx_http_f0_value_env(ngx_conf_t *cf, ngx_str_t *name,
    ngx_str_t *value);
static ngx_int_t ngx_http_f0_value_file(ngx_conf_t *cf, ngx_str_t *path,
    ngx_str_t *value);


/*
 * What "env:NAME", "file:/path" or a path holds, without white space around
 * it: never nothing.  The caller wipes it.
 */

ngx_int_t
ngx_http_f0_value_read(ngx_conf_t *cf, ngx_str_t *source, ngx_str_t *value)
{
    ngx_int_t  rc;
    ngx_str_t  name;

    if (ngx_strncmp(source->data, "env:", 4) == 0) {
        name.data = source->data + 4;
        name.len = source->len - 4;

        rc = ngx_http_f0_value_env(cf, &name, value);

    } else {
        name = *source;

        if (ngx_strncmp(name.data, "file:", 5) == 0) {
            name.data += 5;
            name.len -= 5;
        }

        rc = ngx_http_f0_value_file(cf, &name, value);
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
ngx_http_f0_value_env(ngx_conf_t *cf, ngx_str_t *name, ngx_str_t *value)
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
ngx_http_f0_value_file(ngx_conf_t *cf, ngx_str_t *path, ngx_str_t *value)
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

    /* a FIFO must not hold up the master: it is refused below */

    file.fd = ngx_open_file(path->data, NGX_FILE_RDONLY|NGX_FILE_NONBLOCK,
                            NGX_FILE_OPEN, 0);

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

    if (!ngx_is_file(&fi) || ngx_file_size(&fi) > NGX_HTTP_F0_FILE_SIZE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no file, or too large", path);
        goto done;
    }

    if (fi.st_mode & (S_IROTH|S_IWOTH)) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "everybody on this machine may %s \"%V\"",
                           (fi.st_mode & S_IWOTH) ? "write to" : "read", path);
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

    if (value->len >= 3 && ngx_memcmp(value->data, "\xEF\xBB\xBF", 3) == 0) {

        /* the mark that some editors put before UTF-8 */

        value->data += 3;
        value->len -= 3;
    }

    rc = NGX_OK;

done:

    if (ngx_close_file(file.fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno,
                           ngx_close_file_n " \"%V\" failed", path);
    }

    return rc;
}
