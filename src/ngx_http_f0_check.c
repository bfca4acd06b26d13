
/*
 * Copyright (C) 2026 The f0 authors
 *
 * What nginx would take and what can't work, or does nothing: told by
 * "nginx -t", and what only shows with the first answer, then.
 */


#include "ngx_http_f0.h"

/* its header came with HTTP/2 to upstreams */

#if (nginx_version >= 1029004)
#include <ngx_http_proxy_module.h>
#endif


static void *ngx_http_f0_check_conf(ngx_conf_t *cf, const char *name);
static ngx_uint_t ngx_http_f0_check_returns(ngx_conf_t *cf);


extern ngx_module_t  ngx_http_proxy_module;


/* the core's own f0_first_byte_timeout and f0_idle_timeout */

#define NGX_HTTP_F0_PATIENCE  120000


/* other content handlers whose configuration begins as proxy's does */

static const char  *ngx_http_f0_check_others[] = {
    "ngx_http_fastcgi_module",
    "ngx_http_grpc_module",
    "ngx_http_memcached_module",
    "ngx_http_scgi_module",
    "ngx_http_uwsgi_module",
    NULL
};


/* of a module that this nginx may not have */

static void *
ngx_http_f0_check_conf(ngx_conf_t *cf, const char *name)
{
    ngx_uint_t     i;
    ngx_module_t  *m;

    for (i = 0; cf->cycle->modules[i]; i++) {
        m = cf->cycle->modules[i];

        if (m->type == NGX_HTTP_MODULE && ngx_strcmp(m->name, name) == 0) {
            return ((ngx_http_conf_ctx_t *) cf->ctx)->loc_conf[m->ctx_index];
        }
    }

    return NULL;
}


/* a location that begins with "return" */

static ngx_uint_t
ngx_http_f0_check_returns(ngx_conf_t *cf)
{
    ngx_array_t  **codes;

    /* the rewrite module's configuration begins with its codes */

    codes = (ngx_array_t **)
                ngx_http_f0_check_conf(cf, "ngx_http_rewrite_module");

    return codes
           && *codes
           && (*codes)->nelts >= sizeof(ngx_http_script_code_pt)
           && *(ngx_http_script_code_pt *) (*codes)->elts
              == ngx_http_script_return_code;
}


/* a location that says "f0 on" */

void
ngx_http_f0_check_endpoint(ngx_conf_t *cf, ngx_http_f0_loc_conf_t *conf,
    ngx_http_f0_loc_conf_t *prev)
{
    ngx_msec_t                 first, idle;
    ngx_http_f0_main_conf_t   *fmcf;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);

    first = conf->first_byte_timeout;
    idle = conf->idle_timeout;

    if (first == 0) {
        first = NGX_HTTP_F0_PATIENCE;
    }

    if (idle == 0) {
        idle = NGX_HTTP_F0_PATIENCE;
    }

    fmcf->patience = ngx_max(fmcf->patience, first);
    fmcf->patience = ngx_max(fmcf->patience, idle);

    if (ngx_http_f0_check_returns(cf)) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"f0 on\" does nothing in location \"%V\", which says "
                      "\"return\", in %V:%ui",
                      &clcf->name, &conf->file, conf->line);
    }

    if (conf->error_pages && conf->error_pages != prev->error_pages) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"error_page\" does nothing in location \"%V\": with "
                      "\"f0 on\" in %V:%ui all errors are f0's",
                      &clcf->name, &conf->file, conf->line);
    }
}


/* the location of a provider; it has a content handler */

ngx_int_t
ngx_http_f0_check_provider(ngx_conf_t *cf, ngx_http_f0_provider_t *p)
{
    const char                **name;
    ngx_http_upstream_conf_t   *ucf;

    if (ngx_http_f0_check_returns(cf)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "location \"%V\" of f0_provider \"%V\" says \"return\" "
                      "and asks nobody, see %V:%ui",
                      &p->location, &p->name, &p->file, p->line);
        return NGX_ERROR;
    }

    /* proxy_pass with variables has no upstream either */

    for (name = ngx_http_f0_check_others; *name; name++) {

        ucf = (ngx_http_upstream_conf_t *) ngx_http_f0_check_conf(cf, *name);

        if (ucf && ucf->upstream) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "location \"%V\" of f0_provider \"%V\" must have "
                          "\"proxy_pass\", f0 can't use %s, see %V:%ui",
                          &p->location, &p->name, *name, &p->file, p->line);
            return NGX_ERROR;
        }
    }

    ucf = (ngx_http_upstream_conf_t *)
              ngx_http_conf_get_module_loc_conf(cf, ngx_http_proxy_module);

#if (nginx_version >= 1029004)

    /* what it sends then is not built by the proxy module that f0 knows */

    if (((ngx_http_proxy_loc_conf_t *) ucf)->http_version
        == NGX_HTTP_VERSION_20)
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "location \"%V\" of f0_provider \"%V\" says "
                      "\"proxy_http_version 2\", which f0 can't use: it must "
                      "be 1.1, see %V:%ui",
                      &p->location, &p->name, &p->file, p->line);
        return NGX_ERROR;
    }

#endif

    p->patience = p->patience ? ngx_min(p->patience, ucf->read_timeout)
                              : ucf->read_timeout;

    return NGX_OK;
}


/* once all locations are known */

void
ngx_http_f0_check_times(ngx_conf_t *cf)
{
    ngx_uint_t                i;
    ngx_http_f0_provider_t   *p;
    ngx_http_f0_main_conf_t  *fmcf;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);

    p = (ngx_http_f0_provider_t *) fmcf->providers.elts;

    for (i = 0; i < fmcf->providers.nelts; i++) {

        if (p[i].patience == 0 || p[i].patience >= fmcf->patience) {
            continue;
        }

        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "proxy_read_timeout of %M ms in location \"%V\" ends an "
                      "answer before f0_first_byte_timeout and "
                      "f0_idle_timeout do (%M ms): does it include "
                      "f0_provider.conf?",
                      p[i].patience, &p[i].location, fmcf->patience);
    }
}


/*
 * A provider says 404 to a path that it can't know: with "proxy_pass" without a
 * "/" nginx hands the location on.  Told once by each worker.
 */

void
ngx_http_f0_check_answer(ngx_http_f0_call_t *call, ngx_http_upstream_t *u)
{
    ngx_uint_t                i;
    ngx_http_f0_provider_t   *p;
    ngx_http_f0_main_conf_t  *fmcf;

    if (u->headers_in.status_n != NGX_HTTP_NOT_FOUND) {
        return;
    }

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(call->request,
                                             ngx_http_f0_module);

    p = (ngx_http_f0_provider_t *) fmcf->providers.elts;

    for (i = 0; i < fmcf->providers.nelts; i++) {

        if (p[i].told
            || u->uri.len < p[i].location.len
            || ngx_strncmp(u->uri.data, p[i].location.data, p[i].location.len)
               != 0)
        {
            continue;
        }

        p[i].told = 1;

        ngx_log_error(NGX_LOG_ERR, call->request->connection->log, 0,
                      "f0: provider \"%V\" was asked for \"%V\" and does not "
                      "know it: does \"proxy_pass\" lack a \"/\" at the end?",
                      &p[i].name, &u->uri);
    }
}
