
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Variables: what a turn came to, for logs, and the providers' secrets.
 */


#include "ngx_http_f0_record.h"


typedef enum {
    ngx_http_f0_var_key = 0,
    ngx_http_f0_var_model,
    ngx_http_f0_var_provider,
    ngx_http_f0_var_mode,
    ngx_http_f0_var_project,
    ngx_http_f0_var_end,
    ngx_http_f0_var_usage,
    ngx_http_f0_var_prompt_tokens,
    ngx_http_f0_var_completion_tokens,
    ngx_http_f0_var_cached_tokens,
    ngx_http_f0_var_ttft,
    ngx_http_f0_var_calls,
    ngx_http_f0_var_chunks,
    ngx_http_f0_var_patches,
    ngx_http_f0_var_dropped,
    ngx_http_f0_var_tries
} ngx_http_f0_var_e;


static ngx_int_t ngx_http_f0_variable_get(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_f0_variable_text(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, const f0_str_t *s);
static ngx_int_t ngx_http_f0_variable_value(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, const f0_str_t *s);
static ngx_int_t ngx_http_f0_variable_number(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, int64_t n, ngx_uint_t seconds);
static ngx_int_t ngx_http_f0_variable_secret(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


static ngx_http_variable_t  ngx_http_f0_vars[] = {

    { ngx_string("f0_key"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_key, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_model"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_model, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_provider"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_provider, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_mode"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_mode, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_project"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_project, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_end"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_end, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_usage"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_usage, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_prompt_tokens"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_prompt_tokens, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_completion_tokens"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_completion_tokens, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_cached_tokens"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_cached_tokens, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_ttft"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_ttft, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_calls"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_calls, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_chunks"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_chunks, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_patches"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_patches, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_dropped"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_dropped, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("f0_tries"), NULL, ngx_http_f0_variable_get,
      ngx_http_f0_var_tries, NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_f0_variable_add(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_f0_vars; v->name.len; v++) {

        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_variable_get(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    f0_str_t            s;
    f0_turn_info_t      info;
    ngx_http_f0_ctx_t  *ctx;
    ngx_http_f0_key_t  *key;

    if (data == ngx_http_f0_var_key) {
        key = ngx_http_f0_key_find(r->main);

        s.data = "";
        s.len = 0;

        if (key) {
            s = ngx_http_f0_str(&key->name);
        }

        return ngx_http_f0_variable_text(r, v, &s);
    }

    ctx = (ngx_http_f0_ctx_t *)
              ngx_http_get_module_ctx(r->main, ngx_http_f0_module);

    if (ctx == NULL || ctx->turn == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    ngx_http_f0_core_info(ctx, &info);

    switch (data) {

    case ngx_http_f0_var_model:
        return ngx_http_f0_variable_text(r, v, &info.model);

    case ngx_http_f0_var_provider:
        return ngx_http_f0_variable_text(r, v, &info.provider);

    case ngx_http_f0_var_mode:
        return ngx_http_f0_variable_text(r, v, &info.mode);

    case ngx_http_f0_var_project:
        return ngx_http_f0_variable_text(r, v, &info.project);

    case ngx_http_f0_var_end:
        return ngx_http_f0_variable_text(r, v, &info.end);

    case ngx_http_f0_var_usage:

        if (info.prompt_tokens < 0 && info.completion_tokens < 0) {
            s.data = "";

        } else {
            s.data = info.usage_estimated ? "estimated" : "provider";
        }

        s.len = ngx_strlen(s.data);

        return ngx_http_f0_variable_text(r, v, &s);

    case ngx_http_f0_var_prompt_tokens:
        return ngx_http_f0_variable_number(r, v, info.prompt_tokens, 0);

    case ngx_http_f0_var_completion_tokens:
        return ngx_http_f0_variable_number(r, v, info.completion_tokens, 0);

    case ngx_http_f0_var_cached_tokens:
        return ngx_http_f0_variable_number(r, v, info.cached_tokens, 0);

    case ngx_http_f0_var_ttft:
        return ngx_http_f0_variable_number(r, v, info.ttft_ms, 1);

    case ngx_http_f0_var_calls:
        return ngx_http_f0_variable_number(r, v, info.calls, 0);

    case ngx_http_f0_var_chunks:
        return ngx_http_f0_variable_number(r, v, info.chunks, 0);

    case ngx_http_f0_var_patches:
        return ngx_http_f0_variable_number(r, v, info.patches, 0);

    case ngx_http_f0_var_dropped:
        return ngx_http_f0_variable_value(r, v, &info.dropped);

    default: /* ngx_http_f0_var_tries */
        return ngx_http_f0_variable_value(r, v, &info.tries);
    }
}


/*
 * Clients choose some of them, and an operator may write them into a header: a
 * value that would end it, or is no name any more, is none.
 */

static ngx_int_t
ngx_http_f0_variable_text(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    const f0_str_t *s)
{
    u_char   ch;
    size_t   i;

    if (s->len > NGX_HTTP_F0_WORDS_MAX) {
        v->not_found = 1;
        return NGX_OK;
    }

    for (i = 0; i < s->len; i++) {
        ch = (u_char) s->data[i];

        if (ch < 0x20 || ch == 0x7f) {
            v->not_found = 1;
            return NGX_OK;
        }
    }

    return ngx_http_f0_variable_value(r, v, s);
}


static ngx_int_t
ngx_http_f0_variable_value(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, const f0_str_t *s)
{
    u_char  *p;

    if (s->len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = (u_char *) ngx_pnalloc(r->pool, s->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, s->data, s->len);

    v->data = p;
    v->len = s->len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


/* milliseconds are shown as nginx does, in seconds; less than 0: not known */

static ngx_int_t
ngx_http_f0_variable_number(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, int64_t n, ngx_uint_t seconds)
{
    u_char    buf[NGX_INT64_LEN + sizeof(".000") - 1];
    f0_str_t  s;

    s.data = (const char *) buf;
    s.len = 0;

    if (n >= 0 && seconds) {
        s.len = ngx_sprintf(buf, "%L.%03L", n / 1000, n % 1000) - buf;

    } else if (n >= 0) {
        s.len = ngx_sprintf(buf, "%L", n) - buf;
    }

    return ngx_http_f0_variable_text(r, v, &s);
}


char *
ngx_http_f0_secret(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    u_char                ch, *p;
    ngx_str_t            *value, *secret, **known, name;
    ngx_uint_t            i;
    ngx_http_variable_t  *var;

    value = (ngx_str_t *) cf->args->elts;

    if (ngx_strncmp(value[2].data, "env:", 4) != 0
        && ngx_strncmp(value[2].data, "file:", 5) != 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a secret is \"env:NAME\" or \"file:/path\"");
        return (char *) NGX_CONF_ERROR;
    }

    for (i = 0; i < value[1].len; i++) {
        ch = value[1].data[i];

        if ((ch < 'a' || ch > 'z') && (ch < '0' || ch > '9') && ch != '_') {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is no name for a variable: use a-z, "
                               "0-9 and \"_\"", &value[1]);
            return (char *) NGX_CONF_ERROR;
        }
    }

    name.len = sizeof("f0_secret_") - 1 + value[1].len;
    name.data = (u_char *) ngx_pnalloc(cf->pool, name.len);
    secret = (ngx_str_t *) ngx_palloc(cf->pool, sizeof(ngx_str_t));

    if (name.data == NULL || secret == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    p = ngx_cpymem(name.data, "f0_secret_", sizeof("f0_secret_") - 1);
    ngx_memcpy(p, value[1].data, value[1].len);

    if (ngx_http_f0_value_read(cf, &value[2], secret) != NGX_OK) {
        return (char *) NGX_CONF_ERROR;
    }

    for (i = 0; i < secret->len; i++) {
        if (secret->data[i] < 0x20 || secret->data[i] == 0x7f) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" holds more than one line, or control "
                               "characters", &value[2]);
            return (char *) NGX_CONF_ERROR;
        }
    }

    var = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
    known = (ngx_str_t **) ngx_array_push(&fmcf->record->secrets);

    if (var == NULL || known == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    *known = secret;

    if (f0_config_secret(fmcf->config, ngx_http_f0_str(secret)) != F0_OK) {
        return (char *) NGX_CONF_ERROR;
    }

    var->get_handler = ngx_http_f0_variable_secret;
    var->data = (uintptr_t) secret;

    return NGX_CONF_OK;
}


/* only for the request to the provider, not for what logs it */

static ngx_int_t
ngx_http_f0_variable_secret(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t *secret = (ngx_str_t *) data;

    ngx_http_f0_call_t  *call;

    call = ngx_http_f0_call_get(r);

    if (call == NULL || call->first || call->done) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->data = secret->data;
    v->len = secret->len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}
