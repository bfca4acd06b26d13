
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Named blocks of memory in a shared zone.  All of it but _create() is called
 * with the zone's mutex locked; when there is no room the least recently used
 * one goes that may.
 */


#include "ngx_http_f0.h"


/* blocks that one new one may push out */
#define NGX_HTTP_F0_STORE_EVICT  32

/* ... of so many that are looked at */
#define NGX_HTTP_F0_STORE_LOOK   256


static void *ngx_http_f0_store_alloc(ngx_http_f0_store_t *store,
    size_t size, ngx_http_f0_block_t *but);


/*
 * Finds the shelf that is in the zone or makes one of |size| bytes, of which
 * those behind its struct are the caller's, zeros at first (*made is set then).
 */

ngx_int_t
ngx_http_f0_store_create(ngx_http_f0_store_t *store, ngx_shm_zone_t *zone,
    size_t size, ngx_uint_t *made)
{
    ngx_http_f0_shelf_t  *shelf;

    store->shpool = (ngx_slab_pool_t *) zone->shm.addr;
    store->shelf = (ngx_http_f0_shelf_t *) store->shpool->data;

    *made = 0;

    if (store->shelf) {
        return NGX_OK;
    }

    shelf = (ngx_http_f0_shelf_t *) ngx_slab_calloc(store->shpool, size);
    if (shelf == NULL) {
        return NGX_ERROR;
    }

    ngx_rbtree_init(&shelf->rbtree, &shelf->sentinel,
                    ngx_str_rbtree_insert_value);
    ngx_queue_init(&shelf->recent);

    /* who asks says what it means that there is no room */

    store->shpool->log_nomem = 0;

    store->shpool->data = shelf;
    store->shelf = shelf;

    *made = 1;

    return NGX_OK;
}


ngx_http_f0_block_t *
ngx_http_f0_store_find(ngx_http_f0_store_t *store, f0_str_t name)
{
    ngx_str_t             s;
    ngx_http_f0_block_t  *b;

    s.len = name.len;
    s.data = (u_char *) name.data;

    /* a block begins with its node */

    b = (ngx_http_f0_block_t *)
            ngx_str_rbtree_lookup(&store->shelf->rbtree, &s,
                                  ngx_murmur_hash2(s.data, s.len));

    if (b) {
        ngx_queue_remove(&b->queue);
        ngx_queue_insert_head(&store->shelf->recent, &b->queue);
    }

    return b;
}


/* a new one: zeros; NULL: there is no room */

ngx_http_f0_block_t *
ngx_http_f0_store_add(ngx_http_f0_store_t *store, f0_str_t name, size_t len)
{
    u_char               *p;
    ngx_http_f0_block_t  *b;

    b = (ngx_http_f0_block_t *)
            ngx_http_f0_store_alloc(store, sizeof(ngx_http_f0_block_t)
                                           + len + name.len, NULL);
    if (b == NULL) {
        return NULL;
    }

    p = (u_char *) b + sizeof(ngx_http_f0_block_t) + len;
    ngx_memcpy(p, name.data, name.len);

    b->sn.node.key = ngx_murmur_hash2(p, name.len);
    b->sn.str.len = name.len;
    b->sn.str.data = p;
    b->len = len;

    ngx_rbtree_insert(&store->shelf->rbtree, &b->sn.node);
    ngx_queue_insert_head(&store->shelf->recent, &b->queue);

    return b;
}


/* more memory for a block, which goes with it: zeros */

void *
ngx_http_f0_store_extend(ngx_http_f0_store_t *store, ngx_http_f0_block_t *b,
    size_t size)
{
    ngx_http_f0_extent_t  *e;

    e = (ngx_http_f0_extent_t *)
            ngx_http_f0_store_alloc(store, sizeof(ngx_http_f0_extent_t) + size,
                                    b);
    if (e == NULL) {
        return NULL;
    }

    e->next = b->extents;
    b->extents = e;

    return (u_char *) e + sizeof(ngx_http_f0_extent_t);
}


void
ngx_http_f0_store_drop(ngx_http_f0_store_t *store, ngx_http_f0_block_t *b)
{
    ngx_http_f0_extent_t  *e;

    ngx_queue_remove(&b->queue);
    ngx_rbtree_delete(&store->shelf->rbtree, &b->sn.node);

    while (b->extents) {
        e = b->extents;
        b->extents = e->next;
        ngx_slab_free_locked(store->shpool, e);
    }

    ngx_slab_free_locked(store->shpool, b);
}


static void *
ngx_http_f0_store_alloc(ngx_http_f0_store_t *store, size_t size,
    ngx_http_f0_block_t *but)
{
    void                 *p;
    ngx_uint_t            look, evicted;
    ngx_queue_t          *q, *prev;
    ngx_http_f0_block_t  *b;

    p = ngx_slab_calloc_locked(store->shpool, size);
    evicted = 0;

    q = ngx_queue_last(&store->shelf->recent);

    for (look = 0; p == NULL && look < NGX_HTTP_F0_STORE_LOOK; look++) {

        if (q == ngx_queue_sentinel(&store->shelf->recent)
            || evicted == NGX_HTTP_F0_STORE_EVICT)
        {
            break;
        }

        prev = ngx_queue_prev(q);
        b = ngx_queue_data(q, ngx_http_f0_block_t, queue);
        q = prev;

        if (b == but
            || b->pinned
            || (store->idle
                && !store->idle(store, ngx_http_f0_store_data(b))))
        {
            continue;
        }

        ngx_http_f0_store_drop(store, b);
        evicted++;

        p = ngx_slab_calloc_locked(store->shpool, size);
    }

    return p;
}
