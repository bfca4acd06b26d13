
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Providers and models: their directives, and the locations that nginx must
 * have for them.
 */


#include "ngx_http_f0_record.h"


/* what nginx would do by itself upon a provider's response headers */

#define NGX_HTTP_F0_IGNORE_HEADERS                                            \
    (NGX_HTTP_UPSTREAM_IGN_XA_REDIRECT                                        \
     |NGX_HTTP_UPSTREAM_IGN_XA_EXPIRES                                        \
     |NGX_HTTP_UPSTREAM_IGN_EXPIRES                                           \
     |NGX_HTTP_UPSTREAM_IGN_CACHE_CONTROL                                     \
     |NGX_HTTP_UPSTREAM_IGN_SET_COOKIE                                        \
     |NGX_HTTP_UPSTREAM_IGN_XA_LIMIT_RATE                                     \
     |NGX_HTTP_UPSTREAM_IGN_XA_BUFFERING                                      \
     |NGX_HTTP_UPSTREAM_IGN_XA_CHARSET                                        \
     |NGX_HTTP_UPSTREAM_IGN_VARY)


/* of "fails" and "cool", unless they are set: the latter in milliseconds */

#define NGX_HTTP_F0_PROVIDER_FAILS  3
#define NGX_HTTP_F0_PROVIDER_COOL   10000


typedef struct {
    f0_str_t    path;
    ngx_int_t   fails;
    ngx_int_t   cool;
} ngx_http_f0_provider_params_t;


static ngx_int_t ngx_http_f0_provider_params(ngx_conf_t *cf,
    ngx_http_f0_provider_params_t *params);
static void ngx_http_f0_provider_harden(ngx_conf_t *cf);
static char *ngx_http_f0_provider_line(ngx_conf_t *cf, ngx_command_t *dummy,
    void *conf);


extern ngx_module_t  ngx_http_proxy_module;


char *
ngx_http_f0_provider(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    int                             rc;
    f0_str_t                        err, argv[4];
    ngx_str_t                      *value;
    ngx_http_f0_provider_t         *p;
    ngx_http_f0_provider_params_t   params;

    value = (ngx_str_t *) cf->args->elts;

    if (ngx_http_f0_provider_params(cf, &params) != NGX_OK) {
        return (char *) NGX_CONF_ERROR;
    }

    if (value[3].len == 0
        || value[3].data[0] != '/'
        || value[3].data[value[3].len - 1] != '/')
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "location \"%V\" must begin and end with \"/\"",
                           &value[3]);
        return (char *) NGX_CONF_ERROR;
    }

    if (value[3].len == 1) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "location \"/\" of f0_provider \"%V\" would take "
                           "all other locations: give it one of its own, as "
                           "\"/_f0/%V/\"", &value[1], &value[1]);
        return (char *) NGX_CONF_ERROR;
    }

    p = (ngx_http_f0_provider_t *) ngx_array_push(&fmcf->providers);
    if (p == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    p->name = value[1];
    p->location = value[3];
    p->file = cf->conf_file->file.name;
    p->line = cf->conf_file->line;
    p->patience = 0;
    p->told = 0;

    fmcf->used = 1;
    fmcf->checked = 1;

    argv[0] = ngx_http_f0_str(&value[1]);
    argv[1] = ngx_http_f0_str(&value[2]);
    argv[2] = ngx_http_f0_str(&value[3]);
    argv[3] = params.path;

    if (ngx_http_f0_record_line(fmcf->record, 'P', argv, 4) != NGX_OK) {
        return (char *) NGX_CONF_ERROR;
    }

    rc = f0_config_provider(fmcf->config, argv[0], argv[1], argv[2], argv[3],
                            &err);

    if (rc == F0_OK) {
        rc = f0_config_health(fmcf->config, params.fails, params.cool, &err);
    }

    return ngx_http_f0_provider_result(cf, rc, &err);
}


static ngx_int_t
ngx_http_f0_provider_params(ngx_conf_t *cf,
    ngx_http_f0_provider_params_t *params)
{
    ngx_str_t   *value, s;
    ngx_uint_t   i;

    value = (ngx_str_t *) cf->args->elts;

    params->path.data = "";
    params->path.len = 0;
    params->fails = NGX_HTTP_F0_PROVIDER_FAILS;
    params->cool = NGX_HTTP_F0_PROVIDER_COOL;

    for (i = 4; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "path=", 5) == 0) {
            params->path.data = (const char *) value[i].data + 5;
            params->path.len = value[i].len - 5;
            continue;
        }

        if (ngx_strncmp(value[i].data, "fails=", 6) == 0) {
            params->fails = ngx_atoi(value[i].data + 6, value[i].len - 6);
            continue;
        }

        if (ngx_strncmp(value[i].data, "cool=", 5) == 0) {
            s.data = value[i].data + 5;
            s.len = value[i].len - 5;
            params->cool = ngx_parse_time(&s, 0);
            continue;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                           &value[i]);
        return NGX_ERROR;
    }

    return NGX_OK;
}


char *
ngx_http_f0_provider_merge(ngx_conf_t *cf, ngx_http_f0_loc_conf_t *conf)
{
    ngx_uint_t                 i;
    ngx_http_f0_provider_t    *p;
    ngx_http_f0_srv_conf_t    *fscf;
    ngx_http_f0_main_conf_t   *fmcf;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);
    fscf = (ngx_http_f0_srv_conf_t *)
               ngx_http_conf_get_module_srv_conf(cf, ngx_http_f0_module);

    if (fscf->located == NULL) {
        fscf->located = (u_char *) ngx_pcalloc(cf->pool,
                                               fmcf->providers.nelts + 1);
        if (fscf->located == NULL) {
            return (char *) NGX_CONF_ERROR;
        }
    }

    p = (ngx_http_f0_provider_t *) fmcf->providers.elts;

    for (i = 0; i < fmcf->providers.nelts; i++) {

        if (clcf->noname
            || clcf->named
#if (NGX_PCRE)
            || clcf->regex
#endif
            || clcf->name.len < p[i].location.len
            || ngx_strncmp(clcf->name.data, p[i].location.data,
                           p[i].location.len)
               != 0)
        {
            continue;
        }

        conf->provider = 1;

        if (!clcf->internal) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "location \"%V\" of f0_provider \"%V\" must be "
                          "\"internal\", see %V:%ui",
                          &clcf->name, &p[i].name, &p[i].file, p[i].line);
            return (char *) NGX_CONF_ERROR;
        }

        if (clcf->name.len != p[i].location.len || clcf->exact_match) {
            continue;
        }

        if (clcf->handler == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "location \"%V\" of f0_provider \"%V\" has no "
                          "\"proxy_pass\", see %V:%ui",
                          &clcf->name, &p[i].name, &p[i].file, p[i].line);
            return (char *) NGX_CONF_ERROR;
        }

        if (ngx_http_f0_check_provider(cf, &p[i]) != NGX_OK) {
            return (char *) NGX_CONF_ERROR;
        }

        fscf->located[i] = 1;
    }

    if (conf->provider) {
        ngx_http_f0_provider_harden(cf);
    }

    return NGX_CONF_OK;
}


/*
 * Whatever the operator wrote or forgot: a provider's answer must neither
 * redirect nginx nor go anywhere but to our input filter.
 */

static void
ngx_http_f0_provider_harden(ngx_conf_t *cf)
{
    ngx_http_upstream_conf_t  *ucf;

    /* the proxy module's location configuration begins with it */

    ucf = (ngx_http_upstream_conf_t *)
              ngx_http_conf_get_module_loc_conf(cf, ngx_http_proxy_module);

    ucf->ignore_headers |= NGX_HTTP_F0_IGNORE_HEADERS;
    ucf->intercept_errors = 0;
    ucf->ignore_client_abort = 0;
    ucf->store = 0;
    ucf->buffering = 0;
    ucf->request_buffering = 1;
    ucf->pass_request_headers = 1;
    ucf->pass_request_body = 1;
    ucf->force_ranges = 0;

#if (NGX_HTTP_CACHE)
    ucf->cache = 0;
#endif
}


/* a call is a subrequest: it stays in the client's server */

ngx_int_t
ngx_http_f0_provider_check(ngx_conf_t *cf)
{
    ngx_uint_t                   s, i;
    ngx_http_f0_provider_t      *p;
    ngx_http_f0_srv_conf_t      *fscf;
    ngx_http_f0_main_conf_t     *fmcf;
    ngx_http_core_srv_conf_t   **cscfp;
    ngx_http_core_main_conf_t   *cmcf;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);
    cmcf = (ngx_http_core_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    cscfp = (ngx_http_core_srv_conf_t **) cmcf->servers.elts;
    p = (ngx_http_f0_provider_t *) fmcf->providers.elts;

    for (s = 0; s < cmcf->servers.nelts; s++) {

        fscf = (ngx_http_f0_srv_conf_t *)
                   cscfp[s]->ctx->srv_conf[ngx_http_f0_module.ctx_index];

        if (!fscf->enable) {
            continue;
        }

        for (i = 0; i < fmcf->providers.nelts; i++) {

            if (fscf->located[i]) {
                continue;
            }

            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "no location \"%V\" of f0_provider \"%V\" in server "
                          "\"%V\" that has \"f0 on\", see %V:%ui",
                          &p[i].location, &p[i].name,
                          &cscfp[s]->server_name, &p[i].file, p[i].line);
            return NGX_ERROR;
        }
    }

    ngx_http_f0_check_times(cf);

    return NGX_OK;
}


char *
ngx_http_f0_model(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    int          rc;
    char        *rv;
    f0_str_t     err, id;
    ngx_str_t   *value;
    ngx_conf_t   save;
    ngx_uint_t   line;

    value = (ngx_str_t *) cf->args->elts;

    fmcf->used = 1;
    fmcf->checked = 1;

    id = ngx_http_f0_str(&value[1]);

    if (ngx_http_f0_record_line(fmcf->record, 'M', &id, 1) != NGX_OK) {
        return (char *) NGX_CONF_ERROR;
    }

    rc = f0_config_model(fmcf->config, id, &err);

    if (rc != F0_OK) {
        return ngx_http_f0_provider_result(cf, rc, &err);
    }

    line = cf->conf_file->line;

    save = *cf;
    cf->handler = ngx_http_f0_provider_line;
    cf->handler_conf = (void *) fmcf;

    rv = ngx_conf_parse(cf, NULL);

    *cf = save;

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    /* what the model lacks is told where it begins */

    rc = f0_config_check(fmcf->config, &err);

    if (rc == F0_ERR_CONFIG) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%*s in %V:%ui",
                      err.len, err.data, &cf->conf_file->file.name, line);
        return (char *) NGX_CONF_ERROR;
    }

    return ngx_http_f0_provider_result(cf, rc, &err);
}


static char *
ngx_http_f0_provider_line(ngx_conf_t *cf, ngx_command_t *dummy, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    int          rc;
    f0_str_t     err, *argv;
    ngx_str_t   *value;
    ngx_uint_t   i;

    value = (ngx_str_t *) cf->args->elts;

    if (ngx_strcmp(value[0].data, "include") == 0) {
        return ngx_conf_include(cf, dummy, conf);
    }

    argv = (f0_str_t *) ngx_palloc(cf->temp_pool,
                                   cf->args->nelts * sizeof(f0_str_t));
    if (argv == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    for (i = 0; i < cf->args->nelts; i++) {
        argv[i] = ngx_http_f0_str(&value[i]);
    }

    if (ngx_http_f0_record_line(fmcf->record, 'L', argv, cf->args->nelts)
        != NGX_OK)
    {
        return (char *) NGX_CONF_ERROR;
    }

    rc = f0_config_model_set(fmcf->config, argv, cf->args->nelts, &err);

    return ngx_http_f0_provider_result(cf, rc, &err);
}


char *
ngx_http_f0_provider_result(ngx_conf_t *cf, int rc, f0_str_t *err)
{
    if (rc == F0_OK) {
        return NGX_CONF_OK;
    }

    if (rc == F0_ERR_CONFIG) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%*s", err->len, err->data);

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "f0 failed: %d", rc);
    }

    return (char *) NGX_CONF_ERROR;
}
