
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
static void *ngx_http_f0_zone_find(void *data, f0_str_t name, size_t size);
static void *ngx_http_f0_zone_more(void *data, void *of, size_t size);
static void ngx_http_f0_zone_wake(void *data, int64_t worker);
static ngx_uint_t ngx_http_f0_zone_idle(ngx_http_f0_store_t *store,
    void *data);
static void ngx_http_f0_zone_look(ngx_event_t *ev);
static void ngx_http_f0_zone_woken(ngx_event_t *ev);


/* a full zone is told once in so many milliseconds */
#define NGX_HTTP_F0_ZONE_FULL    60000


/* tells our zones from those of others, and from "f0_memory" */

static ngx_uint_t  ngx_http_f0_zone_tag;

/*
 * Wakes all workers: each has it in its epoll, edge-triggered, and nobody ever
 * reads it.  Without it those that wait look once a second.
 */

static ngx_fd_t  ngx_http_f0_zone_fd = (ngx_fd_t) -1;

/* of this worker process: "look", now or later */

static ngx_event_t               ngx_http_f0_zone_event;
static ngx_connection_t          ngx_http_f0_zone_dumb;
static ngx_http_f0_main_conf_t  *ngx_http_f0_zone_main;
static int64_t                 (*ngx_http_f0_zone_looks)(
    ngx_http_f0_main_conf_t *fmcf);


char *
ngx_http_f0_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    ngx_str_t       *value;
    ngx_shm_zone_t  *shm_zone;

    if (fmcf->zone) {
        return (char *) "is duplicate";
    }

    value = (ngx_str_t *) cf->args->elts;

    shm_zone = ngx_http_f0_zone_create(cf, &value[1], &ngx_http_f0_zone_tag);
    if (shm_zone == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    fmcf->zone = (ngx_http_f0_zone_t *) shm_zone->data;
    fmcf->zone->providers = &fmcf->providers;

    return NGX_CONF_OK;
}


/* |value| is "name:size"; NULL: it was told why not */

ngx_shm_zone_t *
ngx_http_f0_zone_create(ngx_conf_t *cf, ngx_str_t *value, void *tag)
{
    size_t               size;
    ngx_str_t            name;
    ngx_shm_zone_t      *shm_zone;
    ngx_http_f0_zone_t  *zone;

    if (ngx_http_f0_zone_parse(cf, value, &name, &size) != NGX_CONF_OK) {
        return NULL;
    }

    zone = (ngx_http_f0_zone_t *)
               ngx_pcalloc(cf->pool, sizeof(ngx_http_f0_zone_t));
    if (zone == NULL) {
        return NULL;
    }

    shm_zone = ngx_shared_memory_add(cf, &name, size, tag);
    if (shm_zone == NULL) {
        return NULL;
    }

    if (shm_zone->data) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "zone \"%V\" is already declared", &name);
        return NULL;
    }

    shm_zone->init = ngx_http_f0_zone_init;
    shm_zone->data = zone;

    zone->name = name;
    zone->file = cf->conf_file->file.name;
    zone->line = cf->conf_file->line;

    return shm_zone;
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
    ngx_uint_t               i, n, made;
    ngx_http_f0_zone_t      *zone;
    ngx_http_f0_provider_t  *p;

    zone = (ngx_http_f0_zone_t *) shm_zone->data;

    zone->store.idle = ngx_http_f0_zone_idle;

    zone->shared.data = zone;
    zone->shared.lock = ngx_http_f0_zone_lock;
    zone->shared.unlock = ngx_http_f0_zone_unlock;
    zone->shared.alive = ngx_http_f0_zone_alive;
    zone->shared.find = ngx_http_f0_zone_find;
    zone->shared.more = ngx_http_f0_zone_more;
    zone->shared.wake = ngx_http_f0_zone_wake;

    rc = ngx_http_f0_store_create(&zone->store, shm_zone,
                                  sizeof(ngx_http_f0_shelf_t), &made);

    n = zone->health ? zone->providers->nelts : 0;
    p = n ? (ngx_http_f0_provider_t *) zone->providers->elts : NULL;

    for (i = 0; rc == NGX_OK && i < n; i++) {
        rc = ngx_http_f0_zone_health(zone, &p[i], &zone->health[i]);
    }

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                      "f0_zone \"%V\" of %uz bytes is too small for %ui "
                      "providers in %V:%ui",
                      &shm_zone->shm.name, shm_zone->shm.size, n,
                      &zone->file, zone->line);
        return NGX_ERROR;
    }

#if (NGX_HAVE_EVENTFD && NGX_HAVE_SYS_EVENTFD_H)

    /* the workers have it from here, those of the next configuration too */

    if (ngx_http_f0_zone_fd == -1) {
        ngx_http_f0_zone_fd = eventfd(0, EFD_NONBLOCK|EFD_CLOEXEC);
    }

#endif

    return NGX_OK;
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


static void *
ngx_http_f0_zone_find(void *data, f0_str_t name, size_t size)
{
    ngx_http_f0_zone_t *zone = (ngx_http_f0_zone_t *) data;

    ngx_http_f0_block_t  *b;

    static ngx_msec_t  told;

    b = ngx_http_f0_store_find(&zone->store, name);

    if (b == NULL) {
        b = ngx_http_f0_store_add(&zone->store, name, size);
    }

    if (b) {
        return ngx_http_f0_store_data(b);
    }

    if (told == 0 || ngx_current_msec - told > NGX_HTTP_F0_ZONE_FULL) {
        told = ngx_current_msec;
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "f0: zone \"%V\" is full, and all of it is in use: "
                      "turns are refused", &zone->name);
    }

    return NULL;
}


static void *
ngx_http_f0_zone_more(void *data, void *of, size_t size)
{
    ngx_http_f0_zone_t *zone = (ngx_http_f0_zone_t *) data;

    ngx_http_f0_block_t  *b;

    b = (ngx_http_f0_block_t *)
            ((u_char *) of - sizeof(ngx_http_f0_block_t));

    return ngx_http_f0_store_extend(&zone->store, b, size);
}


/* a provider's block is pinned: the others are lines of turns */

static ngx_uint_t
ngx_http_f0_zone_idle(ngx_http_f0_store_t *store, void *data)
{
    ngx_http_f0_zone_t  *zone;

    zone = (ngx_http_f0_zone_t *)
               ((u_char *) store - offsetof(ngx_http_f0_zone_t, store));

    return f0_limit_idle(&zone->shared, data);
}


static void
ngx_http_f0_zone_wake(void *data, int64_t worker)
{
#if (NGX_HAVE_EVENTFD && NGX_HAVE_SYS_EVENTFD_H)
    uint64_t  one;
#endif

    if (worker == ngx_pid) {
        ngx_post_event(&ngx_http_f0_zone_event, &ngx_posted_events);
        return;
    }

#if (NGX_HAVE_EVENTFD && NGX_HAVE_SYS_EVENTFD_H)

    one = 1;

    if (ngx_http_f0_zone_fd != -1) {
        (void) !write(ngx_http_f0_zone_fd, &one, sizeof(one));
    }

#endif
}


/* in a worker process, before its first turn */

void
ngx_http_f0_zone_start(ngx_http_f0_main_conf_t *fmcf,
    int64_t (*look)(ngx_http_f0_main_conf_t *fmcf))
{
#if (NGX_HAVE_EVENTFD && NGX_HAVE_SYS_EVENTFD_H)
    ngx_connection_t  *c;
#endif

    ngx_http_f0_zone_main = fmcf;
    ngx_http_f0_zone_looks = look;

    ngx_http_f0_zone_dumb.fd = (ngx_socket_t) -1;

    ngx_http_f0_zone_event.handler = ngx_http_f0_zone_look;
    ngx_http_f0_zone_event.data = &ngx_http_f0_zone_dumb;
    ngx_http_f0_zone_event.log = ngx_cycle->log;
    ngx_http_f0_zone_event.cancelable = 1;

#if (NGX_HAVE_EVENTFD && NGX_HAVE_SYS_EVENTFD_H)

    if (ngx_http_f0_zone_fd == -1
        || !(ngx_event_flags & NGX_USE_CLEAR_EVENT))
    {
        return;
    }

    c = ngx_get_connection(ngx_http_f0_zone_fd, ngx_cycle->log);
    if (c == NULL) {
        return;
    }

    c->log = ngx_cycle->log;
    c->pool = ngx_cycle->pool;

    c->read->handler = ngx_http_f0_zone_woken;
    c->read->log = ngx_cycle->log;

    /* as nginx's own one: a worker that ends does not look for whose it is */

    c->read->channel = 1;
    c->write->channel = 1;

    if (ngx_add_event(c->read, NGX_READ_EVENT, NGX_CLEAR_EVENT) != NGX_OK) {
        ngx_free_connection(c);
    }

#endif
}


static void
ngx_http_f0_zone_woken(ngx_event_t *ev)
{
    ev->ready = 0;

    /* only of use where somebody waits */

    if (ngx_http_f0_zone_event.timer_set) {
        ngx_post_event(&ngx_http_f0_zone_event, &ngx_posted_events);
    }
}


static void
ngx_http_f0_zone_look(ngx_event_t *ev)
{
    int64_t  again;

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    again = ngx_http_f0_zone_looks(ngx_http_f0_zone_main);

    if (again >= 0) {
        ngx_add_timer(ev, (ngx_msec_t) again);
    }
}
