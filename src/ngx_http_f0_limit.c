
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Limits of turns at once: "f0_turns" of all, "f0_limit" of those that have a
 * key in common.  Which turn is next the core decides.
 */


#include "ngx_http_f0.h"


/* unless "wait" is set: milliseconds */
#define NGX_HTTP_F0_LIMIT_WAIT  30000

/* turns that may run at once, or wait: a queue is looked through */
#define NGX_HTTP_F0_LIMIT_MAX   100000


static ngx_int_t ngx_http_f0_limit_number(ngx_conf_t *cf, ngx_str_t *word,
    size_t name, ngx_uint_t *n);
static ngx_int_t ngx_http_f0_limit_param(ngx_conf_t *cf, ngx_str_t *word,
    ngx_http_f0_limit_t *limit);
static ngx_int_t ngx_http_f0_limit_cmp(const void *one, const void *two);


/* tells the zones of limits from others */

static ngx_uint_t  ngx_http_f0_limit_tag;


char *
ngx_http_f0_turns(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    ngx_str_t   *value;
    ngx_uint_t   i;

    if (fmcf->turns.places) {
        return (char *) "is duplicate";
    }

    value = (ngx_str_t *) cf->args->elts;

    fmcf->turns.wait = NGX_HTTP_F0_LIMIT_WAIT;

    if (ngx_http_f0_limit_number(cf, &value[1], 0, &fmcf->turns.places)
        != NGX_OK)
    {
        return (char *) NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_f0_limit_param(cf, &value[i], &fmcf->turns) != NGX_OK) {
            return (char *) NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


char *
ngx_http_f0_limit_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                         *value, s;
    ngx_uint_t                         i;
    ngx_shm_zone_t                    *shm_zone;
    ngx_http_f0_zone_t                *zone;
    ngx_http_compile_complex_value_t   ccv;

    value = (ngx_str_t *) cf->args->elts;
    shm_zone = NULL;

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "state=", 6) == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"state=\" is not supported yet: limits count "
                               "only turns that run");
            return (char *) NGX_CONF_ERROR;
        }

        if (shm_zone || ngx_strncmp(value[i].data, "zone=", 5) != 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
            return (char *) NGX_CONF_ERROR;
        }

        s.data = value[i].data + 5;
        s.len = value[i].len - 5;

        shm_zone = ngx_http_f0_zone_create(cf, &s, &ngx_http_f0_limit_tag);
        if (shm_zone == NULL) {
            return (char *) NGX_CONF_ERROR;
        }
    }

    if (shm_zone == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" must have \"zone\" parameter",
                           &cmd->name);
        return (char *) NGX_CONF_ERROR;
    }

    zone = (ngx_http_f0_zone_t *) shm_zone->data;

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &value[1];
    ccv.complex_value = &zone->key;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return (char *) NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_f0_limit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_loc_conf_t *flcf = (ngx_http_f0_loc_conf_t *) conf;

    ngx_str_t            *value, s;
    ngx_uint_t            i;
    ngx_http_f0_limit_t  *limit, *l;

    value = (ngx_str_t *) cf->args->elts;

    if (flcf->limits == NULL) {
        flcf->limits = ngx_array_create(cf->pool, 2,
                                        sizeof(ngx_http_f0_limit_t));
        if (flcf->limits == NULL) {
            return (char *) NGX_CONF_ERROR;
        }
    }

    limit = (ngx_http_f0_limit_t *) ngx_array_push(flcf->limits);
    if (limit == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    ngx_memzero(limit, sizeof(ngx_http_f0_limit_t));

    limit->wait = NGX_HTTP_F0_LIMIT_WAIT;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "zone=", 5) == 0) {

            s.data = value[i].data + 5;
            s.len = value[i].len - 5;

            limit->shm_zone = ngx_shared_memory_add(cf, &s, 0,
                                                    &ngx_http_f0_limit_tag);
            if (limit->shm_zone == NULL) {
                return (char *) NGX_CONF_ERROR;
            }

        } else if (ngx_strncmp(value[i].data, "concurrent=", 11) == 0) {

            if (ngx_http_f0_limit_number(cf, &value[i], 11, &limit->places)
                != NGX_OK)
            {
                return (char *) NGX_CONF_ERROR;
            }

        } else if (ngx_http_f0_limit_param(cf, &value[i], limit) != NGX_OK) {
            return (char *) NGX_CONF_ERROR;
        }
    }

    if (limit->shm_zone == NULL || limit->places == 0) {
        return (char *) "must have \"zone=name\" and \"concurrent=number\"";
    }

    l = (ngx_http_f0_limit_t *) flcf->limits->elts;

    for (i = 0; i < flcf->limits->nelts - 1; i++) {
        if (l[i].shm_zone == limit->shm_zone) {
            return (char *) "limits this zone here already";
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_f0_limit_param(ngx_conf_t *cf, ngx_str_t *word,
    ngx_http_f0_limit_t *limit)
{
    ngx_str_t    s;
    ngx_int_t    n;
    ngx_uint_t   i;

    static const char  *later[] = {
        "requests=", "tokens=", "input_tokens=", "output_tokens=", "money=",
        "burst=", "reserve=", NULL
    };

    if (ngx_strncmp(word->data, "queue=", 6) == 0) {
        return ngx_http_f0_limit_number(cf, word, 6, &limit->queue);
    }

    if (ngx_strncmp(word->data, "wait=", 5) == 0) {

        s.data = word->data + 5;
        s.len = word->len - 5;

        n = ngx_parse_time(&s, 0);

        if (n == NGX_ERROR || n == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid time in \"%V\"", word);
            return NGX_ERROR;
        }

        limit->wait = (ngx_msec_t) n;

        return NGX_OK;
    }

    for (i = 0; later[i]; i++) {

        if (ngx_strncmp(word->data, later[i], ngx_strlen(later[i])) == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%s\" is not supported yet, only "
                               "\"concurrent=\"", later[i]);
            return NGX_ERROR;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", word);

    return NGX_ERROR;
}


/* behind a name of so many characters */

static ngx_int_t
ngx_http_f0_limit_number(ngx_conf_t *cf, ngx_str_t *word, size_t name,
    ngx_uint_t *n)
{
    ngx_int_t  value;

    value = ngx_atoi(word->data + name, word->len - name);

    if (value < 1 || value > NGX_HTTP_F0_LIMIT_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid number in \"%V\", it must be from 1 to %d",
                           word, NGX_HTTP_F0_LIMIT_MAX);
        return NGX_ERROR;
    }

    *n = (ngx_uint_t) value;

    return NGX_OK;
}


char *
ngx_http_f0_limit_merge(ngx_conf_t *cf, ngx_http_f0_loc_conf_t *prev,
    ngx_http_f0_loc_conf_t *conf)
{
    ngx_uint_t            i;
    ngx_http_f0_limit_t  *limit;

    if (conf->limits == NULL) {
        conf->limits = prev->limits;
    }

    if (conf->limits == NULL) {
        return NGX_CONF_OK;
    }

    limit = (ngx_http_f0_limit_t *) conf->limits->elts;

    for (i = 0; i < conf->limits->nelts; i++) {

        limit[i].zone = (ngx_http_f0_zone_t *) limit[i].shm_zone->data;

        if (limit[i].zone == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"f0_limit\" knows no zone \"%V\": it needs an "
                          "\"f0_limit_zone\"", &limit[i].shm_zone->shm.name);
            return (char *) NGX_CONF_ERROR;
        }
    }

    /* places are taken in the same order everywhere: nobody waits in a ring */

    ngx_sort(limit, conf->limits->nelts, sizeof(ngx_http_f0_limit_t),
             ngx_http_f0_limit_cmp);

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_f0_limit_cmp(const void *one, const void *two)
{
    const ngx_http_f0_limit_t *a = (const ngx_http_f0_limit_t *) one;
    const ngx_http_f0_limit_t *b = (const ngx_http_f0_limit_t *) two;

    return ngx_memn2cmp(a->zone->name.data, b->zone->name.data,
                        a->zone->name.len, b->zone->name.len);
}


/* called when the configuration was read */

ngx_int_t
ngx_http_f0_limit_check(ngx_conf_t *cf, ngx_http_f0_main_conf_t *fmcf)
{
    if (fmcf->turns.places && fmcf->zone == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"f0_turns\" needs \"f0_zone\", where all workers "
                      "count");
        return NGX_ERROR;
    }

    fmcf->turns.zone = fmcf->zone;

    return NGX_OK;
}


/* the limits of a request, for its turn; those of empty keys do not count */

ngx_int_t
ngx_http_f0_limit_options(ngx_http_f0_ctx_t *ctx, f0_turn_options_t *o)
{
    ngx_str_t                 key;
    ngx_uint_t                i, n;
    f0_limit_t               *limits;
    ngx_http_request_t       *r;
    ngx_http_f0_limit_t      *limit;
    ngx_http_f0_loc_conf_t   *flcf;
    ngx_http_f0_main_conf_t  *fmcf;

    r = ctx->request;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_get_module_loc_conf(r, ngx_http_f0_module);
    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_get_module_main_conf(r, ngx_http_f0_module);

    o->host = ctx;
    o->weight = ctx->key ? ctx->key->weight : 1;

    n = flcf->limits ? flcf->limits->nelts : 0;

    if (n == 0 && fmcf->turns.places == 0) {
        return NGX_OK;
    }

    limits = (f0_limit_t *) ngx_pcalloc(r->pool, (n + 1) * sizeof(f0_limit_t));
    if (limits == NULL) {
        return NGX_ERROR;
    }

    o->limits = limits;

    limit = n ? (ngx_http_f0_limit_t *) flcf->limits->elts : NULL;

    for (i = 0; i <= n; i++) {

        if (i == n) {

            if (fmcf->turns.places == 0) {
                break;
            }

            limit = &fmcf->turns;
            ngx_str_set(&key, "turns");

        } else {

            if (ngx_http_complex_value(r, &limit->zone->key, &key) != NGX_OK) {
                return NGX_ERROR;
            }

            if (key.len == 0) {
                limit++;
                continue;
            }
        }

        limits->shared = ngx_http_f0_zone_use(limit->zone);
        limits->name = ngx_http_f0_str(&key);
        limits->places = limit->places;
        limits->queue = limit->queue;
        limits->wait_ms = limit->wait;

        limits++;
        limit++;
        o->nlimits++;
    }

    return NGX_OK;
}
