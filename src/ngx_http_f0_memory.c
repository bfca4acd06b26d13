
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

#define NGX_HTTP_F0_MEMORY_KEY    32


typedef struct {
    ngx_http_f0_shelf_t  shelf;
    u_char               key[NGX_HTTP_F0_MEMORY_KEY];
} ngx_http_f0_memory_t;


static ngx_int_t ngx_http_f0_memory_init(ngx_shm_zone_t *zone, void *data);
static void ngx_http_f0_memory_put(void *data, f0_str_t key, f0_str_t value);
static size_t ngx_http_f0_memory_get(void *data, f0_str_t key, char *to);
static ngx_http_f0_block_t *ngx_http_f0_memory_enter(
    ngx_http_f0_store_t *store, f0_str_t key);


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

    fmcf->memory->data = ngx_pcalloc(cf->pool, sizeof(ngx_http_f0_store_t));
    if (fmcf->memory->data == NULL) {
        return NGX_ERROR;
    }

    fmcf->memory->init = ngx_http_f0_memory_init;

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_memory_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_uint_t             made;
    ngx_http_f0_store_t   *store;
    ngx_http_f0_memory_t  *m;

    store = (ngx_http_f0_store_t *) zone->data;

    if (ngx_http_f0_store_create(store, zone, sizeof(ngx_http_f0_memory_t),
                                 &made)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    m = (ngx_http_f0_memory_t *) store->shelf;

    if (made && RAND_bytes(m->key, NGX_HTTP_F0_MEMORY_KEY) != 1) {
        ngx_log_error(NGX_LOG_EMERG, zone->shm.log, 0,
                      "f0: OpenSSL gives no random bytes");
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* what a worker needs of it */

void
ngx_http_f0_memory_use(ngx_http_f0_main_conf_t *fmcf, f0_memory_t *memory,
    f0_str_t *key)
{
    ngx_http_f0_store_t   *store;
    ngx_http_f0_memory_t  *m;

    store = (ngx_http_f0_store_t *) fmcf->memory->data;

    memory->data = store;
    memory->put = ngx_http_f0_memory_put;
    memory->get = ngx_http_f0_memory_get;

    m = (ngx_http_f0_memory_t *) store->shelf;

    key->data = (const char *) m->key;
    key->len = NGX_HTTP_F0_MEMORY_KEY;
}


static void
ngx_http_f0_memory_put(void *data, f0_str_t key, f0_str_t value)
{
    ngx_http_f0_store_t *store = (ngx_http_f0_store_t *) data;

    ngx_http_f0_block_t  *b;

    b = ngx_http_f0_memory_enter(store, key);

    if (b) {
        ngx_http_f0_store_drop(store, b);
    }

    b = ngx_http_f0_store_add(store, key, value.len);

    if (b) {
        ngx_memcpy(ngx_http_f0_store_data(b), value.data, value.len);
    }

    ngx_shmtx_unlock(&store->shpool->mutex);
}


static size_t
ngx_http_f0_memory_get(void *data, f0_str_t key, char *to)
{
    ngx_http_f0_store_t *store = (ngx_http_f0_store_t *) data;

    size_t                len;
    ngx_http_f0_block_t  *b;

    b = ngx_http_f0_memory_enter(store, key);
    len = 0;

    if (b) {
        len = b->len;
        ngx_memcpy(to, ngx_http_f0_store_data(b), len);
    }

    ngx_shmtx_unlock(&store->shpool->mutex);

    return len;
}


/* locks it, and finds what is there; NULL: nothing */

static ngx_http_f0_block_t *
ngx_http_f0_memory_enter(ngx_http_f0_store_t *store, f0_str_t key)
{
    ngx_shmtx_lock(&store->shpool->mutex);

    return ngx_http_f0_store_find(store, key);
}
