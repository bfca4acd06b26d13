
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Errors as JSON: refusals of our own, and nginx's pages made into ours.
 */


#include "ngx_http_f0.h"


static ngx_int_t ngx_http_f0_error_set(ngx_http_request_t *r, f0_fail_t what,
    ngx_uint_t status, ngx_str_t *detail);
static ngx_int_t ngx_http_f0_error_empty(ngx_http_request_t *r);
static ngx_int_t ngx_http_f0_error_handler(ngx_http_request_t *r);
static ngx_uint_t ngx_http_f0_error_status(ngx_uint_t status);


/* for a content handler to return */

ngx_int_t
ngx_http_f0_error_send(ngx_http_request_t *r, f0_fail_t what,
    ngx_uint_t status, ngx_str_t *detail)
{
    /* a handler of the content phase has read no body yet */

    if (!r->discard_body && ngx_http_discard_request_body(r) != NGX_OK) {
        r->keepalive = 0;
    }

    if (ngx_http_f0_error_set(r, what, status, detail) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_f0_output_answer(r);
}


static ngx_int_t
ngx_http_f0_error_set(ngx_http_request_t *r, f0_fail_t what, ngx_uint_t status,
    ngx_str_t *detail)
{
    f0_response_t  res;

    if (ngx_http_f0_core_error(r, what, status, detail, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    /* as auth_basic does: guessing keys must show */

    ngx_http_f0_error_log(r, (what == F0_FAIL_KEY) ? NGX_LOG_ERR
                                                   : NGX_LOG_INFO,
                          "refused the request", &res);

    return ngx_http_f0_answer_set(r, &res);
}


/* clients and providers choose the words: one line, and printable */

void
ngx_http_f0_error_log(ngx_http_request_t *r, ngx_uint_t level,
    const char *what, const f0_response_t *res)
{
    u_char   *p, *last, ch, buf[NGX_HTTP_F0_LOG_MAX];
    size_t    i;

    p = buf;
    last = buf + NGX_HTTP_F0_LOG_MAX - (sizeof("\\x00...") - 1);

    for (i = 0; i < res->reason.len; i++) {

        if (p > last) {
            p = ngx_cpymem(p, "...", sizeof("...") - 1);
            break;
        }

        ch = (u_char) res->reason.data[i];

        if (ch < 0x20 || ch > 0x7e || ch == '\\') {
            p = ngx_sprintf(p, "\\x%02Xi", (ngx_uint_t) ch);

        } else {
            *p++ = ch;
        }
    }

    ngx_log_error(level, r->connection->log, 0, "f0 %s: %d, %*s",
                  what, res->status, (size_t) (p - buf), buf);
}


/*
 * Called by the header filter for an answer in our location that is not ours:
 * a page of nginx becomes an error object, with its status and headers kept.
 */

ngx_int_t
ngx_http_f0_error_rewrite(ngx_http_request_t *r)
{
    u_char                     limit[NGX_OFF_T_LEN];
    f0_fail_t                  what;
    ngx_str_t                  detail;
    ngx_uint_t                 status;
    ngx_http_f0_ctx_t         *ctx;
    ngx_http_core_loc_conf_t  *clcf;

    status = r->headers_out.status;

    if (status < NGX_HTTP_SPECIAL_RESPONSE
        || (r->headers_out.content_type.len
            && (r->headers_out.content_type.len != sizeof("text/html") - 1
                || ngx_strncmp(r->headers_out.content_type.data, "text/html",
                               sizeof("text/html") - 1)
                   != 0)))
    {
        return NGX_OK;
    }

    if (status < NGX_HTTP_BAD_REQUEST) {
        return ngx_http_f0_error_empty(r);
    }

    ctx = ngx_http_f0_ctx_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    what = F0_FAIL_STATUS;
    detail.len = 0;
    detail.data = limit;

    if (status == NGX_HTTP_UNAUTHORIZED && ctx->denied) {
        what = F0_FAIL_KEY;

    } else if (status == NGX_HTTP_REQUEST_ENTITY_TOO_LARGE) {
        what = F0_FAIL_TOO_LARGE;

        clcf = (ngx_http_core_loc_conf_t *)
                   ngx_http_get_module_loc_conf(r, ngx_http_core_module);

        detail.len = ngx_sprintf(limit, "%O", clcf->client_max_body_size)
                     - limit;
    }

    if (ngx_http_f0_error_set(r, what, status, &detail) != NGX_OK) {
        return NGX_ERROR;
    }

    ctx->replaced = 1;

    return NGX_OK;
}


/* a redirect is no error and says all in its headers: the page goes */

static ngx_int_t
ngx_http_f0_error_empty(ngx_http_request_t *r)
{
    ngx_buf_t          *b;
    ngx_http_f0_ctx_t  *ctx;

    if (r->headers_out.content_type.len == 0) {
        return NGX_OK;
    }

    ctx = ngx_http_f0_ctx_get(r);
    b = (ngx_buf_t *) ngx_pcalloc(r->pool, sizeof(ngx_buf_t));

    if (ctx == NULL || b == NULL) {
        return NGX_ERROR;
    }

    b->last_buf = 1;
    b->last_in_chain = 1;

    ctx->answer.buf = b;
    ctx->answer.next = NULL;
    ctx->replaced = 1;

    ngx_http_clear_content_length(r);
    ngx_str_null(&r->headers_out.content_type);

    r->headers_out.content_type_len = 0;
    r->headers_out.content_length_n = 0;

    return NGX_OK;
}


/* "f0_error": where error_page of a server leads to */

static ngx_int_t
ngx_http_f0_error_handler(ngx_http_request_t *r)
{
    ngx_uint_t  status;

    status = ngx_http_f0_error_status(r->err_status);

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "http f0 error handler: %ui as %ui",
                   r->err_status, status);

    r->err_status = 0;

    return ngx_http_f0_error_send(r, F0_FAIL_STATUS, status, NULL);
}


/* nginx's private codes have no place in a status line */

static ngx_uint_t
ngx_http_f0_error_status(ngx_uint_t status)
{
    if (status < NGX_HTTP_BAD_REQUEST) {
        return NGX_HTTP_NOT_FOUND;
    }

    switch (status) {

    case NGX_HTTP_REQUEST_HEADER_TOO_LARGE:
    case NGX_HTTPS_CERT_ERROR:
    case NGX_HTTPS_NO_CERT:
    case NGX_HTTP_TO_HTTPS:
        return NGX_HTTP_BAD_REQUEST;

    default:
        return status;
    }
}


char *
ngx_http_f0_error(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_loc_conf_t *flcf = (ngx_http_f0_loc_conf_t *) conf;

    ngx_http_f0_main_conf_t   *fmcf;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (flcf->error || clcf->handler) {
        return (char *) "is duplicate or beside another content handler";
    }

    clcf->handler = ngx_http_f0_error_handler;
    flcf->error = 1;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);
    fmcf->used = 1;

    return NGX_CONF_OK;
}
