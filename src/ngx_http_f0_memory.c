
/*
 * Copyright (C) 2026 The f0 authors
 *
 * What providers want back in a later request, for all workers, and the key
 * that signs it where clients carry it: a shared zone, which a reload leaves as
 * it is.  The least recently used goes first.
 */


#include "ngx_http_f0.h"

#include <openssl/rand.h>


#define NGX_HTTP_F0_MEMORY_SIZE   (8 * 1024 * 1024)

/* entries that one new one may push out */
#define NGX_HTTP_F0_MEMORY_EVICT  32

#define NGX_HTTP_F0_MEMORY_KEY    32


typedef struct {
    ngx_rbtree_t        rbtree;
    ngx_rbtree_node_t   sentinel;
    ngx_queue_t         recent;         /* newest first */
    u_char              key[NGX_HTTP_F0_MEMORY_KEY];
} ngx_http_f0_memory_t;


typedef struct {
    ngx_str_node_t      sn;             /* the key, which follows this */
    ngx_queue_t         queue;
    size_t              len;            /* of the value, behind the key */
} ngx_http_f0_memory_entry_t;


static ngx_int_t ngx_http_f0_memory_init(ngx_shm_zone_t *zone, void *data);
static void ngx_http_f0_memory_put(void *data, f0_str_t key, f0_str_t value);
static size_t ngx_http_f0_memory_get(void *data, f0_str_t key, char *to);
static ngx_http_f0_memory_entry_t *ngx_http_f0_memory_find(
    ngx_http_f0_memory_t *m, f0_str_t key, uint32_t hash);
static ngx_http_f0_memory_entry_t *ngx_http_f0_memory_alloc(
    ngx_http_f0_memory_t *m, ngx_slab_pool_t *shpool, size_t size);
static void ngx_http_f0_memory_drop(ngx_http_f0_memory_t *m,
    ngx_slab_pool_t *shpool, ngx_http_f0_memory_entry_t *e);


char *
ngx_http_f0_memory(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    ssize_t     size;
    ngx_str_t  *value;

    if (fmcf->memory_size) {
        return (char *) "is duplicate";
    }

    value = (ngx_str_t *) cf->args->elts;
    size = ngx_parse_size(&value[1]);

    if (size < (ssize_t) (8 * ngx_pagesize)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid size \"%V\" in \"f0_memory\", the least is "
                           "%uz bytes", &value[1], (size_t) 8 * ngx_pagesize);
        return (char *) NGX_CONF_ERROR;
    }

    fmcf->memory_size = (size_t) size;

    return NGX_CONF_OK;
}


/* called when the configuration was read */

ngx_int_t
ngx_http_f0_memory_add(ngx_conf_t *cf, ngx_http_f0_main_conf_t *fmcf)
{
    size_t     size;
    ngx_str_t  name;

    ngx_str_set(&name, "f0_memory");

    size = fmcf->memory_size ? fmcf->memory_size : NGX_HTTP_F0_MEMORY_SIZE;

    fmcf->memory = ngx_shared_memory_add(cf, &name, size, &ngx_http_f0_module);

    if (fmcf->memory == NULL) {
        return NGX_ERROR;
    }

    fmcf->memory->init = ngx_http_f0_memory_init;

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_memory_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t       *shpool;
    ngx_http_f0_memory_t  *m;

    if (data) {
        zone->data = data;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (zone->shm.exists) {
        zone->data = shpool->data;
        return NGX_OK;
    }

    m = (ngx_http_f0_memory_t *)
            ngx_slab_alloc(shpool, sizeof(ngx_http_f0_memory_t));
    if (m == NULL) {
        return NGX_ERROR;
    }

    if (RAND_bytes(m->key, NGX_HTTP_F0_MEMORY_KEY) != 1) {
        ngx_log_error(NGX_LOG_EMERG, zone->shm.log, 0,
                      "f0: OpenSSL gives no random bytes");
        return NGX_ERROR;
    }

    ngx_rbtree_init(&m->rbtree, &m->sentinel, ngx_str_rbtree_insert_value);
    ngx_queue_init(&m->recent);

    shpool->data = m;
    zone->data = m;

    /* a full zone is its usual state */

    shpool->log_nomem = 0;

    return NGX_OK;
}


/* what a worker needs of it */

void
ngx_http_f0_memory_use(ngx_http_f0_main_conf_t *fmcf, f0_memory_t *memory,
    f0_str_t *key)
{
    ngx_http_f0_memory_t  *m;

    memory->data = fmcf->memory;
    memory->put = ngx_http_f0_memory_put;
    memory->get = ngx_http_f0_memory_get;

    m = (ngx_http_f0_memory_t *) fmcf->memory->data;

    key->data = (const char *) m->key;
    key->len = NGX_HTTP_F0_MEMORY_KEY;
}


static void
ngx_http_f0_memory_put(void *data, f0_str_t key, f0_str_t value)
{
    ngx_shm_zone_t *zone = (ngx_shm_zone_t *) data;

    u_char                      *p;
    uint32_t                     hash;
    ngx_slab_pool_t             *shpool;
    ngx_http_f0_memory_t        *m;
    ngx_http_f0_memory_entry_t  *e;

    m = (ngx_http_f0_memory_t *) zone->data;
    shpool = (ngx_slab_pool_t *) zone->shm.addr;
    hash = ngx_murmur_hash2((u_char *) key.data, key.len);

    ngx_shmtx_lock(&shpool->mutex);

    e = ngx_http_f0_memory_find(m, key, hash);
    if (e) {
        ngx_http_f0_memory_drop(m, shpool, e);
    }

    e = ngx_http_f0_memory_alloc(m, shpool, sizeof(ngx_http_f0_memory_entry_t)
                                            + key.len + value.len);

    if (e) {
        p = (u_char *) e + sizeof(ngx_http_f0_memory_entry_t);

        e->sn.node.key = hash;
        e->sn.str.len = key.len;
        e->sn.str.data = p;
        e->len = value.len;

        p = ngx_cpymem(p, key.data, key.len);
        ngx_memcpy(p, value.data, value.len);

        ngx_rbtree_insert(&m->rbtree, &e->sn.node);
        ngx_queue_insert_head(&m->recent, &e->queue);
    }

    ngx_shmtx_unlock(&shpool->mutex);
}


static size_t
ngx_http_f0_memory_get(void *data, f0_str_t key, char *to)
{
    ngx_shm_zone_t *zone = (ngx_shm_zone_t *) data;

    size_t                       len;
    uint32_t                     hash;
    ngx_slab_pool_t             *shpool;
    ngx_http_f0_memory_t        *m;
    ngx_http_f0_memory_entry_t  *e;

    m = (ngx_http_f0_memory_t *) zone->data;
    shpool = (ngx_slab_pool_t *) zone->shm.addr;
    hash = ngx_murmur_hash2((u_char *) key.data, key.len);
    len = 0;

    ngx_shmtx_lock(&shpool->mutex);

    e = ngx_http_f0_memory_find(m, key, hash);

    if (e) {
        len = e->len;
        ngx_memcpy(to, e->sn.str.data + e->sn.str.len, len);

        ngx_queue_remove(&e->queue);
        ngx_queue_insert_head(&m->recent, &e->queue);
    }

    ngx_shmtx_unlock(&shpool->mutex);

    return len;
}


static ngx_http_f0_memory_entry_t *
ngx_http_f0_memory_find(ngx_http_f0_memory_t *m, f0_str_t key, uint32_t hash)
{
    ngx_str_t  name;

    name.len = key.len;
    name.data = (u_char *) key.data;

    /* an entry begins with its node */

    return (ngx_http_f0_memory_entry_t *)
               ngx_str_rbtree_lookup(&m->rbtree, &name, hash);
}


static ngx_http_f0_memory_entry_t *
ngx_http_f0_memory_alloc(ngx_http_f0_memory_t *m, ngx_slab_pool_t *shpool,
    size_t size)
{
    ngx_uint_t                   i;
    ngx_http_f0_memory_entry_t  *e;

    for (i = 0; /* void */ ; i++) {

        e = (ngx_http_f0_memory_entry_t *) ngx_slab_alloc_locked(shpool, size);

        if (e || i == NGX_HTTP_F0_MEMORY_EVICT || ngx_queue_empty(&m->recent)) {
            return e;
        }

        e = ngx_queue_data(ngx_queue_last(&m->recent),
                           ngx_http_f0_memory_entry_t, queue);
        ngx_http_f0_memory_drop(m, shpool, e);
    }
}


static void
ngx_http_f0_memory_drop(ngx_http_f0_memory_t *m, ngx_slab_pool_t *shpool,
    ngx_http_f0_memory_entry_t *e)
{
    ngx_queue_remove(&e->queue);
    ngx_rbtree_delete(&m->rbtree, &e->sn.node);
    ngx_slab_free_locked(shpool, e);
}
