
/*
 * Copyright (C) 2026 The f0 authors
 *
 * Where recordings go, and how much room they have in all.
 *
 * The master opens a folder when all of the configuration is known, as the
 * workers' user is one part of it, and sums up what is there already.
 */


#include "ngx_http_f0_record.h"

#include <dirent.h>


#define NGX_HTTP_F0_RECORD_MAX       ((off_t) 1024 * 1024 * 1024)
#define NGX_HTTP_F0_RECORD_FILE_MAX  ((off_t) 64 * 1024 * 1024)


static ngx_http_f0_folder_t *ngx_http_f0_record_conf_add(ngx_conf_t *cf,
    ngx_http_f0_record_conf_t *conf, ngx_str_t *name);
static ngx_int_t ngx_http_f0_record_conf_name(ngx_conf_t *cf, ngx_str_t *name);
static ngx_int_t ngx_http_f0_record_conf_zone(ngx_conf_t *cf,
    ngx_http_f0_record_conf_t *conf);
static ngx_int_t ngx_http_f0_record_conf_init_zone(ngx_shm_zone_t *zone,
    void *data);
static ngx_int_t ngx_http_f0_record_conf_open(ngx_http_f0_folder_t *folder,
    ngx_cycle_t *cycle);
static ngx_int_t ngx_http_f0_record_conf_check(ngx_http_f0_folder_t *folder,
    ngx_cycle_t *cycle);
static ngx_int_t ngx_http_f0_record_conf_sum(ngx_http_f0_folder_t *folder,
    ngx_cycle_t *cycle, off_t *sum);
static ngx_uint_t ngx_http_f0_record_conf_known(ngx_http_f0_record_conf_t *conf,
    ngx_uint_t n);
static void ngx_http_f0_record_conf_close(void *data);


ngx_http_f0_record_conf_t *
ngx_http_f0_record_conf_create(ngx_conf_t *cf)
{
    ngx_http_f0_record_conf_t  *conf;

    conf = (ngx_http_f0_record_conf_t *)
               ngx_pcalloc(cf->pool, sizeof(ngx_http_f0_record_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->zone = NULL;
     *     conf->max = 0;
     *     conf->file_max = 0;
     *     conf->shared = NULL;
     *     conf->thread_pool = NULL;
     */

    conf->cycle = cf->cycle;

    ngx_queue_init(&conf->records);

    if (ngx_array_init(&conf->folders, cf->pool, 1,
                       sizeof(ngx_http_f0_folder_t *))
        != NGX_OK
        || ngx_array_init(&conf->lines, cf->pool, 512, 1) != NGX_OK
        || ngx_array_init(&conf->secrets, cf->pool, 4, sizeof(ngx_str_t *))
           != NGX_OK)
    {
        return NULL;
    }

    return conf;
}


char *
ngx_http_f0_record(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_loc_conf_t *flcf = (ngx_http_f0_loc_conf_t *) conf;

    ngx_str_t                *value;
    ngx_http_f0_main_conf_t  *fmcf;

    if (flcf->record != (ngx_http_f0_folder_t *) NGX_CONF_UNSET_PTR) {
        return (char *) "is duplicate";
    }

    value = (ngx_str_t *) cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        flcf->record = NULL;
        return NGX_CONF_OK;
    }

#if (NGX_THREADS)

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);

    if (ngx_http_f0_record_conf_name(cf, &value[1]) != NGX_OK
        || ngx_http_f0_record_conf_zone(cf, fmcf->record) != NGX_OK)
    {
        return (char *) NGX_CONF_ERROR;
    }

    fmcf->record->thread_pool = ngx_thread_pool_add(cf, NULL);
    flcf->record = ngx_http_f0_record_conf_add(cf, fmcf->record, &value[1]);

    if (fmcf->record->thread_pool == NULL || flcf->record == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;

#else

    return (char *) "needs an nginx that was built --with-threads";

#endif
}


char *
ngx_http_f0_record_max(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    off_t                       n;
    ngx_str_t                  *value, s;
    ngx_uint_t                  i;
    ngx_http_f0_record_conf_t  *rcf;

    rcf = fmcf->record;

    if (rcf->max) {
        return (char *) "is duplicate";
    }

    value = (ngx_str_t *) cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        s = value[i];

        if (i == 2) {

            if (ngx_strncmp(s.data, "file=", 5) != 0) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "invalid parameter \"%V\"", &s);
                return (char *) NGX_CONF_ERROR;
            }

            s.data += 5;
            s.len -= 5;
        }

        n = ngx_parse_offset(&s);

        if (n == NGX_ERROR || n == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid size \"%V\"", &value[i]);
            return (char *) NGX_CONF_ERROR;
        }

        if (i == 1) {
            rcf->max = n;

        } else {
            rcf->file_max = n;
        }
    }

    return NGX_CONF_OK;
}


/*
 * Of the name itself no part may be one that is looked up otherwise: a link
 * with "/" or "/." behind it is followed.
 */

static ngx_int_t
ngx_http_f0_record_conf_name(ngx_conf_t *cf, ngx_str_t *name)
{
    u_char  *last;

    while (name->len > 1 && name->data[name->len - 1] == '/') {
        name->len--;
    }

    name->data[name->len] = '\0';

    last = name->data + name->len;

    if (name->len == 0
        || last[-1] == '/'
        || (last[-1] == '.'
            && (name->len == 1 || last[-2] == '/'
                || (last[-2] == '.' && (name->len == 2 || last[-3] == '/')))))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" does not name a folder", name);
        return NGX_ERROR;
    }

    return ngx_conf_full_name(cf->cycle, name, 0);
}


static ngx_http_f0_folder_t *
ngx_http_f0_record_conf_add(ngx_conf_t *cf, ngx_http_f0_record_conf_t *conf,
    ngx_str_t *name)
{
    ngx_uint_t              i;
    ngx_pool_cleanup_t     *cln;
    ngx_http_f0_folder_t   *folder, **folders;

    folders = (ngx_http_f0_folder_t **) conf->folders.elts;

    for (i = 0; i < conf->folders.nelts; i++) {
        if (folders[i]->name.len == name->len
            && ngx_strncmp(folders[i]->name.data, name->data, name->len) == 0)
        {
            return folders[i];
        }
    }

    folders = (ngx_http_f0_folder_t **) ngx_array_push(&conf->folders);
    folder = (ngx_http_f0_folder_t *)
                 ngx_palloc(cf->pool, sizeof(ngx_http_f0_folder_t));
    cln = ngx_pool_cleanup_add(cf->pool, 0);

    if (folders == NULL || folder == NULL || cln == NULL) {
        return NULL;
    }

    folder->name = *name;
    folder->fd = NGX_INVALID_FILE;
    folder->file = cf->conf_file->file.name;
    folder->line = cf->conf_file->line;

    cln->handler = ngx_http_f0_record_conf_close;
    cln->data = folder;

    *folders = folder;

    return folder;
}


static void
ngx_http_f0_record_conf_close(void *data)
{
    ngx_http_f0_folder_t *folder = (ngx_http_f0_folder_t *) data;

    if (folder->fd != NGX_INVALID_FILE) {
        (void) ngx_close_file(folder->fd);
    }
}


/* two counters: a zone of the least size that nginx's allocator works in */

static ngx_int_t
ngx_http_f0_record_conf_zone(ngx_conf_t *cf, ngx_http_f0_record_conf_t *conf)
{
    ngx_str_t  name;

    if (conf->zone) {
        return NGX_OK;
    }

    ngx_str_set(&name, "f0_record");

    conf->zone = ngx_shared_memory_add(cf, &name, 8 * ngx_pagesize,
                                       &ngx_http_f0_module);
    if (conf->zone == NULL) {
        return NGX_ERROR;
    }

    conf->zone->init = ngx_http_f0_record_conf_init_zone;
    conf->zone->data = conf;

    return NGX_OK;
}


/* at each start and reload: what was removed meanwhile makes room */

static ngx_int_t
ngx_http_f0_record_conf_init_zone(ngx_shm_zone_t *zone, void *data)
{
    ngx_http_f0_record_conf_t *conf = (ngx_http_f0_record_conf_t *) zone->data;

    off_t                         sum;
    ngx_uint_t                    i;
    ngx_slab_pool_t              *shpool;
    ngx_http_f0_folder_t        **folders;
    ngx_http_f0_record_shared_t  *shared;

    if (conf->max == 0) {
        conf->max = NGX_HTTP_F0_RECORD_MAX;
    }

    if (conf->file_max == 0) {
        conf->file_max = NGX_HTTP_F0_RECORD_FILE_MAX;
    }

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (data == NULL && !zone->shm.exists) {
        shpool->data = ngx_slab_calloc(shpool,
                                       sizeof(ngx_http_f0_record_shared_t));
    }

    shared = (ngx_http_f0_record_shared_t *) shpool->data;
    if (shared == NULL) {
        return NGX_ERROR;
    }

    folders = (ngx_http_f0_folder_t **) conf->folders.elts;
    sum = 0;

    for (i = 0; i < conf->folders.nelts; i++) {

        if (ngx_http_f0_record_conf_open(folders[i], conf->cycle) != NGX_OK) {
            return NGX_ERROR;
        }

        if (!ngx_http_f0_record_conf_known(conf, i)
            && ngx_http_f0_record_conf_sum(folders[i], conf->cycle, &sum)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    shared->used = (ngx_atomic_uint_t) sum;
    shared->full = 0;

    conf->shared = shared;

    return NGX_OK;
}


static ngx_int_t
ngx_http_f0_record_conf_open(ngx_http_f0_folder_t *folder, ngx_cycle_t *cycle)
{
    folder->fd = open((char *) folder->name.data,
                      O_RDONLY|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC);

    if (folder->fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                      "f0_record: \"%V\" must be a folder and no symbolic "
                      "link in %V:%ui",
                      &folder->name, &folder->file, folder->line);
        return NGX_ERROR;
    }

    return ngx_http_f0_record_conf_check(folder, cycle);
}


/* nobody but the worker may put a file there, or take one away */

static ngx_int_t
ngx_http_f0_record_conf_check(ngx_http_f0_folder_t *folder, ngx_cycle_t *cycle)
{
    uid_t             user;
    ngx_core_conf_t  *ccf;
    ngx_file_info_t   fi;

    if (ngx_fd_info(folder->fd, &fi) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                      ngx_fd_info_n " \"%V\" failed", &folder->name);
        return NGX_ERROR;
    }

    if (fi.st_mode & (S_IWGRP|S_IWOTH)) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "f0_record: others than its owner may write in \"%V\" "
                      "in %V:%ui",
                      &folder->name, &folder->file, folder->line);
        return NGX_ERROR;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    user = geteuid();

    if (user == 0) {
        user = (uid_t) ccf->user;
    }

    if (fi.st_uid == user) {
        return NGX_OK;
    }

    if (fi.st_uid != 0) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "f0_record: \"%V\" belongs neither to root nor to the "
                      "workers' user in %V:%ui",
                      &folder->name, &folder->file, folder->line);
        return NGX_ERROR;
    }

    ngx_log_error(NGX_LOG_WARN, cycle->log, 0,
                  "f0_record: \"%V\" belongs to root, and the workers' user "
                  "may not write there in %V:%ui",
                  &folder->name, &folder->file, folder->line);

    return NGX_OK;
}


/* whether it is one of those before it, by another name */

static ngx_uint_t
ngx_http_f0_record_conf_known(ngx_http_f0_record_conf_t *conf, ngx_uint_t n)
{
    ngx_uint_t              i;
    ngx_file_info_t         fi, other;
    ngx_http_f0_folder_t  **folders;

    folders = (ngx_http_f0_folder_t **) conf->folders.elts;

    if (ngx_fd_info(folders[n]->fd, &fi) == NGX_FILE_ERROR) {
        return 0;
    }

    for (i = 0; i < n; i++) {
        if (ngx_fd_info(folders[i]->fd, &other) != NGX_FILE_ERROR
            && other.st_dev == fi.st_dev
            && other.st_ino == fi.st_ino)
        {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_http_f0_record_conf_sum(ngx_http_f0_folder_t *folder, ngx_cycle_t *cycle,
    off_t *sum)
{
    DIR            *dir;
    ngx_fd_t        fd;
    struct stat     st;
    struct dirent  *entry;

    fd = openat(folder->fd, ".", O_RDONLY|O_DIRECTORY|O_CLOEXEC);

    dir = (fd == NGX_INVALID_FILE) ? NULL : fdopendir(fd);

    if (dir == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                      "f0_record: \"%V\" can't be read in %V:%ui",
                      &folder->name, &folder->file, folder->line);

        if (fd != NGX_INVALID_FILE) {
            (void) ngx_close_file(fd);
        }

        return NGX_ERROR;
    }

    for ( ;; ) {
        entry = readdir(dir);

        if (entry == NULL) {
            break;
        }

        if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0
            && S_ISREG(st.st_mode))
        {
            *sum += st.st_size;
        }
    }

    (void) closedir(dir);

    return NGX_OK;
}


/* NGX_DECLINED: there is no room, and there will be none */

ngx_int_t
ngx_http_f0_record_conf_reserve(ngx_http_f0_record_t *rec, size_t size)
{
    ngx_atomic_uint_t             was;
    ngx_http_f0_record_conf_t    *conf;
    ngx_http_f0_record_shared_t  *shared;

    conf = rec->conf;
    shared = conf->shared;

    if (shared->full) {
        return NGX_DECLINED;
    }

    was = ngx_atomic_fetch_add(&shared->used, (ngx_atomic_int_t) size);

    if ((off_t) (was + size) <= conf->max) {
        rec->reserved += size;
        return NGX_OK;
    }

    (void) ngx_atomic_fetch_add(&shared->used, -(ngx_atomic_int_t) size);

    if (ngx_atomic_cmp_set(&shared->full, 0, 1)) {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "f0_record_max of %O bytes is reached: nothing more is "
                      "recorded until a reload finds room", conf->max);
    }

    return NGX_DECLINED;
}
