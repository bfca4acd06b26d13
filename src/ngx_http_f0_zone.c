
/*
 * Copyright (C) 2026 The f0 authors
 *
 * "f0_zone": what all workers know of providers, over reloads.  Each provider
 * has a block of its own by its name, so that a configuration with others, or
 * in another order, finds what was learnt of it.
 */


#include "ngx_http_f0.h"


/* in front of a provider's name */
#define NGX_HTTP_F0_ZONE_HEALTH  "health:"


static char *ngx_http_f0_zone_parse(ngx_conf_t *cf, ngx_str_t *value,
    ngx_str_t *name, size_t *size);
static ngx_int_t ngx_http_f0_zone_init(ngx_shm_zone_t *shm_zone, void *data);
static ngx_int_t ngx_http_f0_zone_health(ngx_http_f0_zone_t *zone,
    ngx_http_f0_provider_t *p, void **slot);
static void ngx_http_f0_zone_lock(void *data);
static void ngx_http_f0_zone_unlock(void *data);
static int ngx_http_f0_zone_alive(void *data, int64_t worker);


/* tells our zones from those of others, and from "f0_memory" */

static ngx_uint_t  ngx_http_f0_zone_tag;


char *
ngx_http_f0_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    char                *rv;
    size_t               size;
    ngx_str_t           *value, name;
    ngx_shm_zone_t      *shm_zone;
    ngx_http_f0_zone_t  *zone;

    if (fmcf->zone) {
        return (char *) "is duplicate";
    }

    value = (ngx_str_t *) cf->args->elts;

    rv = ngx_http_f0_zone_parse(cf, &value[1], &name, &size);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    zone = (ngx_http_f0_zone_t *)
               ngx_pcalloc(cf->pool, sizeof(ngx_http_f0_zone_t));
    if (zone == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    shm_zone = ngx_shared_memory_add(cf, &name, size, &ngx_http_f0_zone_tag);
    if (shm_zone == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    if (shm_zone->data) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "zone \"%V\" is already declared", &name);
        return (char *) NGX_CONF_ERROR;
    }

    shm_zone->init = ngx_http_f0_zone_init;
    shm_zone->data = zone;

    zone->providers = &fmcf->providers;
    zone->file = cf->conf_file->file.name;
    zone->line = cf->conf_file->line;

    fmcf->zone = zone;

    return NGX_CONF_OK;
}


/* name:size */

static char *
ngx_http_f0_zone_parse(ngx_conf_t *cf, ngx_str_t *value, ngx_str_t *name,
    size_t *size)
{
    u_char     *p, *last;
    ssize_t     n;
    ngx_str_t   s;

    last = value->data + value->len;
    p = ngx_strlchr(value->data, last, ':');

    if (p == NULL || p == value->data) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a zone is \"name:size\", \"%V\" is none", value);
        return (char *) NGX_CONF_ERROR;
    }

    name->data = value->data;
    name->len = p - value->data;

    s.data = p + 1;
    s.len = last - s.data;

    n = ngx_parse_size(&s);

    if (n == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid size \"%V\" of zone \"%V\"", &s, name);
        return (char *) NGX_CONF_ERROR;
    }

    if (n < (ssize_t) (8 * ngx_pagesize)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "zone \"%V\" is too small, the least is %uz bytes",
                           name, (size_t) 8 * ngx_pagesize);
        return (char *) NGX_CONF_ERROR;
    }

    *size = (size_t) n;

    return NGX_CONF_OK;
}


/* called when the configuration was read */

ngx_int_t
ngx_http_f0_zone_add(ngx_conf_t *cf, ngx_http_f0_main_conf_t *fmcf)
{
    if (fmcf->zone == NULL) {
        return NGX_OK;
    }

    fmcf->zone->health = (void **) ngx_pcalloc(cf->pool,
                                               fmcf->providers.nelts
                                               * sizeof(void *));

    return fmcf->zone->health ? NGX_OK : NGX_ERROR;
}


/* with a reload workers of the old configuration go on using the memory */

static ngx_int_t
ngx_http_f0_zone_init(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_int_t                rc;
    ngx_uint_t               i, made;
    ngx_http_f0_zone_t      *zone;
    ngx_http_f0_provider_t  *p;

    zone = (ngx_http_f0_zone_t *) shm_zone->data;

    zone->shared.data = zone;
    zone->shared.lock = ngx_http_f0_zone_lock;
    zone->shared.unlock = ngx_http_f0_zone_unlock;
    zone->shared.alive = ngx_http_f0_zone_alive;

    rc = ngx_http_f0_store_create(&zone->store, shm_zone,
                                  sizeof(ngx_http_f0_shelf_t), &made);

    p = (ngx_http_f0_provider_t *) zone->providers->elts;

    for (i = 0; rc == NGX_OK && zone->health && i < zone->providers->nelts; i++) {
        rc = ngx_http_f0_zone_health(zone, &p[i], &zone->health[i]);
    }

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                      "f0_zone \"%V\" of %uz bytes is too small for %ui "
                      "providers in %V:%ui",
                      &shm_zone->shm.name, shm_zone->shm.size,
                      zone->providers->nelts, &zone->file, zone->line);
    }

    return rc;
}


static ngx_int_t
ngx_http_f0_zone_health(ngx_http_f0_zone_t *zone, ngx_http_f0_provider_t *p,
    void **slot)
{
    u_char               *name;
    size_t                len;
    f0_str_t              s;
    ngx_http_f0_block_t  *b;

    len = sizeof(NGX_HTTP_F0_ZONE_HEALTH) - 1 + p->name.len;

    name = (u_char *) ngx_alloc(len, ngx_cycle->log);
    if (name == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(name, NGX_HTTP_F0_ZONE_HEALTH "%V", &p->name);

    s.data = (const char *) name;
    s.len = len;

    ngx_http_f0_zone_lock(zone);

    b = ngx_http_f0_store_find(&zone->store, s);

    if (b == NULL) {
        b = ngx_http_f0_store_add(&zone->store, s, F0_HEALTH_SIZE);
    }

    if (b) {
        b->pinned = 1;
        *slot = ngx_http_f0_store_data(b);
    }

    ngx_http_f0_zone_unlock(zone);

    ngx_free(name);

    return b ? NGX_OK : NGX_ERROR;
}


/* in a worker process, before its first turn */

const f0_shared_t *
ngx_http_f0_zone_use(ngx_http_f0_zone_t *zone)
{
    zone->shared.self = ngx_pid;

    return &zone->shared;
}


static void
ngx_http_f0_zone_lock(void *data)
{
    ngx_http_f0_zone_t *zone = (ngx_http_f0_zone_t *) data;

    ngx_shmtx_lock(&zone->store.shpool->mutex);
}


static void
ngx_http_f0_zone_unlock(void *data)
{
    ngx_http_f0_zone_t *zone = (ngx_http_f0_zone_t *) data;

    ngx_shmtx_unlock(&zone->store.shpool->mutex);
}


/* a worker is known by its process */

static int
ngx_http_f0_zone_alive(void *data, int64_t worker)
{
    return kill((ngx_pid_t) worker, 0) == 0 || ngx_errno != NGX_ESRCH;
}
