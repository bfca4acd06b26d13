
/*
 * Copyright (C) 2026 The f0 authors
 *
 * The module's directives, its configuration and where it hooks in.
 */


#include "ngx_http_f0_record.h"


/* client_max_body_size and client_body_buffer_size, unless they are set */

#define NGX_HTTP_F0_BODY_SIZE    (32 * 1024 * 1024)
#define NGX_HTTP_F0_BUFFER_SIZE  (1024 * 1024)


static void *ngx_http_f0_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_f0_init_main_conf(ngx_conf_t *cf, void *conf);
static void ngx_http_f0_main_cleanup(void *data);
static void *ngx_http_f0_create_srv_conf(ngx_conf_t *cf);
static void *ngx_http_f0_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_f0_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_http_f0_merge_enabled(ngx_conf_t *cf,
    ngx_http_f0_loc_conf_t *conf, ngx_uint_t own);
static ngx_int_t ngx_http_f0_body_watch(ngx_conf_t *cf);
static void ngx_http_f0_body_unwatch(void *data);
static char *ngx_http_f0_body_set(ngx_conf_t *cf, void *post, void *data);
static char *ngx_http_f0_above_zero(ngx_conf_t *cf, void *post, void *data);
static ngx_int_t ngx_http_f0_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_http_f0_postconfiguration(ngx_conf_t *cf);
static char *ngx_http_f0_enable(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


extern ngx_module_t  ngx_http_proxy_module;


static ngx_conf_post_t  ngx_http_f0_body_post = { ngx_http_f0_body_set };

static ngx_conf_post_t  ngx_http_f0_time_post = { ngx_http_f0_above_zero };

static ngx_conf_num_bounds_t  ngx_http_f0_chunk_bounds = {
    ngx_conf_check_num_bounds, 1, 1048576
};


static ngx_command_t  ngx_http_f0_commands[] = {

    { ngx_string("f0"),
      NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_http_f0_enable,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_f0_loc_conf_t, enable),
      NULL },

    { ngx_string("f0_keys"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_f0_keys,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_cors"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_f0_cors,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_secret"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE2,
      ngx_http_f0_secret,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_provider"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE3|NGX_CONF_TAKE4|NGX_CONF_TAKE5
                        |NGX_CONF_TAKE6,
      ngx_http_f0_provider,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_model"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE1,
      ngx_http_f0_model,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_memory"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_f0_memory,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_f0_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_turns"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE123,
      ngx_http_f0_turns,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_limit_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE23,
      ngx_http_f0_limit_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_limit"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_f0_limit,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_error"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_f0_error,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_chunk_size"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_f0_loc_conf_t, chunk_size),
      &ngx_http_f0_chunk_bounds },

    { ngx_string("f0_first_byte_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_f0_loc_conf_t, first_byte_timeout),
      &ngx_http_f0_time_post },

    { ngx_string("f0_idle_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_f0_loc_conf_t, idle_timeout),
      &ngx_http_f0_time_post },

    { ngx_string("f0_progress_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_f0_loc_conf_t, progress_timeout),
      &ngx_http_f0_time_post },

    { ngx_string("f0_turn_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_f0_loc_conf_t, turn_timeout),
      &ngx_http_f0_time_post },

    { ngx_string("f0_keepalive"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_f0_loc_conf_t, keepalive),
      &ngx_http_f0_time_post },

    { ngx_string("f0_drain_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_f0_drain_timeout,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_f0_loc_conf_t, drain_timeout),
      &ngx_http_f0_time_post },

    { ngx_string("f0_strict"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_f0_loc_conf_t, strict),
      NULL },

    { ngx_string("f0_record"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_f0_record,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("f0_record_max"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_http_f0_record_max,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_f0_module_ctx = {
    ngx_http_f0_preconfiguration,          /* preconfiguration */
    ngx_http_f0_postconfiguration,         /* postconfiguration */

    ngx_http_f0_create_main_conf,          /* create main configuration */
    ngx_http_f0_init_main_conf,            /* init main configuration */

    ngx_http_f0_create_srv_conf,           /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_f0_create_loc_conf,           /* create location configuration */
    ngx_http_f0_merge_loc_conf             /* merge location configuration */
};


ngx_module_t  ngx_http_f0_module = {
    NGX_MODULE_V1,
    &ngx_http_f0_module_ctx,               /* module context */
    ngx_http_f0_commands,                  /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_http_f0_drain_init,                /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_f0_record_write_exit,               /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_http_f0_create_main_conf(ngx_conf_t *cf)
{
    ngx_pool_cleanup_t       *cln;
    ngx_http_f0_main_conf_t  *conf;

    conf = (ngx_http_f0_main_conf_t *)
               ngx_pcalloc(cf->pool, sizeof(ngx_http_f0_main_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->used = 0;
     *     conf->drains = 0;
     *     conf->checked = 0;
     *     conf->memory = NULL;
     *     conf->memory_size = 0;
     *     conf->zone = NULL;
     *     conf->turns.places = 0;
     *     conf->thread_pool = NULL;
     *     conf->worker = NULL;
     *     conf->buffer = NULL;
     */

    conf->gate_buf.pos = (u_char *) "-";
    conf->gate_buf.last = conf->gate_buf.pos + 1;
    conf->gate_buf.memory = 1;
    conf->gate_buf.tag = (ngx_buf_tag_t) &ngx_http_proxy_module;

    if (ngx_array_init(&conf->providers, cf->pool, 4,
                       sizeof(ngx_http_f0_provider_t))
        != NGX_OK)
    {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    conf->record = ngx_http_f0_record_conf_create(cf);

    if (cln == NULL || conf->record == NULL) {
        return NULL;
    }

    conf->config = f0_config_new();
    if (conf->config == NULL) {
        return NULL;
    }

    cln->handler = ngx_http_f0_main_cleanup;
    cln->data = conf;

    return conf;
}


static void
ngx_http_f0_main_cleanup(void *data)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) data;

    ngx_http_f0_core_cleanup(fmcf);

    if (fmcf->buffer) {
        ngx_free(fmcf->buffer);
    }
}


static char *
ngx_http_f0_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_f0_main_conf_t *fmcf = (ngx_http_f0_main_conf_t *) conf;

    f0_str_t  err;

    if (!fmcf->checked) {
        return NGX_CONF_OK;
    }

    return ngx_http_f0_provider_result(cf, f0_config_check(fmcf->config, &err),
                                   &err);
}


static void *
ngx_http_f0_create_srv_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_f0_srv_conf_t));
}


static void *
ngx_http_f0_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_f0_loc_conf_t  *conf;

    conf = (ngx_http_f0_loc_conf_t *)
               ngx_pcalloc(cf->pool, sizeof(ngx_http_f0_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->base = { 0, NULL };
     *     conf->file = { 0, NULL };
     *     conf->line = 0;
     *     conf->based = 0;
     *     conf->guarded = 0;
     *     conf->body_set = 0;
     *     conf->buffer_set = 0;
     *     conf->limits = NULL;
     *     conf->error_pages = NULL;
     *     conf->error = 0;
     *     conf->provider = 0;
     */

    conf->enable = NGX_CONF_UNSET;
    conf->keys = (ngx_array_t *) NGX_CONF_UNSET_PTR;
    conf->cors = (ngx_array_t *) NGX_CONF_UNSET_PTR;
    conf->chunk_size = NGX_CONF_UNSET;
    conf->first_byte_timeout = NGX_CONF_UNSET_MSEC;
    conf->idle_timeout = NGX_CONF_UNSET_MSEC;
    conf->progress_timeout = NGX_CONF_UNSET_MSEC;
    conf->turn_timeout = NGX_CONF_UNSET_MSEC;
    conf->keepalive = NGX_CONF_UNSET_MSEC;
    conf->drain_timeout = NGX_CONF_UNSET_MSEC;
    conf->strict = NGX_CONF_UNSET;
    conf->record = (ngx_http_f0_folder_t *) NGX_CONF_UNSET_PTR;

    return conf;
}


static char *
ngx_http_f0_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_f0_loc_conf_t *prev = (ngx_http_f0_loc_conf_t *) parent;
    ngx_http_f0_loc_conf_t *conf = (ngx_http_f0_loc_conf_t *) child;

    ngx_uint_t                 own;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    own = (conf->enable == 1);

    if (!conf->based) {
        conf->based = prev->based;
        conf->base = prev->base;
        conf->file = prev->file;
        conf->line = prev->line;
    }

    if (clcf->noname) {
        conf->error = prev->error;
    }

    conf->provider = prev->provider;

    ngx_conf_merge_value(conf->enable, prev->enable, 0);
    ngx_conf_merge_ptr_value(conf->cors, prev->cors, NULL);

    conf->guarded = conf->enable || prev->guarded;
    conf->body_set = conf->body_set || prev->body_set;
    conf->buffer_set = conf->buffer_set || prev->buffer_set;
    conf->error_pages = clcf->error_pages;

    if (conf->keys == (ngx_array_t *) NGX_CONF_UNSET_PTR) {
        conf->keys = prev->keys;
    }

    /* zero: the core's default */

    ngx_conf_merge_value(conf->chunk_size, prev->chunk_size, 0);
    ngx_conf_merge_msec_value(conf->first_byte_timeout,
                              prev->first_byte_timeout, 0);
    ngx_conf_merge_msec_value(conf->idle_timeout, prev->idle_timeout, 0);
    ngx_conf_merge_msec_value(conf->progress_timeout, prev->progress_timeout,
                              0);
    ngx_conf_merge_msec_value(conf->turn_timeout, prev->turn_timeout, 0);
    ngx_conf_merge_msec_value(conf->keepalive, prev->keepalive, 0);
    ngx_conf_merge_msec_value(conf->drain_timeout, prev->drain_timeout, 0);
    ngx_conf_merge_value(conf->strict, prev->strict, 0);
    ngx_conf_merge_ptr_value(conf->record, prev->record, NULL);

    if (ngx_http_f0_provider_merge(cf, conf) != NGX_CONF_OK
        || ngx_http_f0_limit_merge(cf, prev, conf) != NGX_CONF_OK)
    {
        return (char *) NGX_CONF_ERROR;
    }

    if (conf->enable) {

        if (own) {
            ngx_http_f0_check_endpoint(cf, conf, prev);
        }

        return ngx_http_f0_merge_enabled(cf, conf, own);
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_f0_merge_enabled(ngx_conf_t *cf, ngx_http_f0_loc_conf_t *conf,
    ngx_uint_t own)
{
    ngx_http_f0_srv_conf_t    *fscf;
    ngx_http_core_loc_conf_t  *clcf;
#if (NGX_THREADS)
    ngx_http_f0_main_conf_t   *fmcf;
#endif

    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->handler && clcf->handler != ngx_http_f0_request_handler) {

        if (!own) {
            /* a location inside of ours that is somebody else's */
            conf->enable = 0;
            return NGX_CONF_OK;
        }

        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"f0 on\" and another content handler in location "
                      "\"%V\" in %V:%ui",
                      &clcf->name, &conf->file, conf->line);
        return (char *) NGX_CONF_ERROR;
    }

    if (conf->keys == (ngx_array_t *) NGX_CONF_UNSET_PTR) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"f0 on\" needs \"f0_keys\" (a file, \"env:NAME\" or "
                      "\"off\") in location \"%V\" in %V:%ui",
                      &clcf->name, &conf->file, conf->line);
        return (char *) NGX_CONF_ERROR;
    }

    clcf->handler = ngx_http_f0_request_handler;

    /* our filter makes the answers that nginx would make */

    clcf->error_pages = NULL;

    if (!conf->body_set) {
        clcf->client_max_body_size = NGX_HTTP_F0_BODY_SIZE;
    }

    if (!conf->buffer_set) {
        clcf->client_body_buffer_size = NGX_HTTP_F0_BUFFER_SIZE;
    }

    fscf = (ngx_http_f0_srv_conf_t *)
               ngx_http_conf_get_module_srv_conf(cf, ngx_http_f0_module);
    fscf->enable = 1;

#if (NGX_THREADS)

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);

    fmcf->thread_pool = ngx_thread_pool_add(cf, NULL);
    if (fmcf->thread_pool == NULL) {
        return (char *) NGX_CONF_ERROR;
    }

#endif

    return NGX_CONF_OK;
}


/*
 * Two limits of nginx's have other defaults here.  When ours are merged nobody
 * can tell any more what was written from what was not, so their directives
 * tell it while http {} is parsed; the configuration's temporary pool outlives
 * that and nothing else.
 */

static ngx_int_t
ngx_http_f0_body_watch(ngx_conf_t *cf)
{
    ngx_command_t       *cmd;
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->temp_pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_f0_body_unwatch;

    for (cmd = ngx_http_core_module.commands; cmd->name.len; cmd++) {

        if (cmd->post == NULL
            && (ngx_strcmp(cmd->name.data, "client_max_body_size") == 0
                || ngx_strcmp(cmd->name.data, "client_body_buffer_size") == 0))
        {
            cmd->post = &ngx_http_f0_body_post;
        }
    }

    return NGX_OK;
}


static void
ngx_http_f0_body_unwatch(void *data)
{
    ngx_command_t  *cmd;

    for (cmd = ngx_http_core_module.commands; cmd->name.len; cmd++) {
        if (cmd->post == &ngx_http_f0_body_post) {
            cmd->post = NULL;
        }
    }
}


static char *
ngx_http_f0_body_set(ngx_conf_t *cf, void *post, void *data)
{
    ngx_http_f0_loc_conf_t    *flcf;
    ngx_http_core_loc_conf_t  *clcf;

    flcf = (ngx_http_f0_loc_conf_t *)
               ngx_http_conf_get_module_loc_conf(cf, ngx_http_f0_module);
    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (data == &clcf->client_max_body_size) {
        flcf->body_set = 1;

    } else {
        flcf->buffer_set = 1;
    }

    return NGX_CONF_OK;
}


/* zero would mean the core's default, which nobody would guess */

static char *
ngx_http_f0_above_zero(ngx_conf_t *cf, void *post, void *data)
{
    return (*(ngx_msec_t *) data == 0) ? (char *) "must be above 0"
                                       : NGX_CONF_OK;
}


static ngx_int_t
ngx_http_f0_preconfiguration(ngx_conf_t *cf)
{
    ngx_str_t                 name;
    ngx_http_f0_main_conf_t  *fmcf;

    if (ngx_http_f0_variable_add(cf) != NGX_OK
        || ngx_http_f0_body_watch(cf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);

    ngx_str_set(&name, "request_id");

    fmcf->request_id = ngx_http_get_variable_index(cf, &name);

    return (fmcf->request_id == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


static ngx_int_t
ngx_http_f0_postconfiguration(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_f0_main_conf_t    *fmcf;
    ngx_http_core_main_conf_t  *cmcf;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);

    if (!fmcf->used) {
        return NGX_OK;
    }

    if (ngx_http_f0_provider_check(cf) != NGX_OK
        || ngx_http_f0_memory_add(cf, fmcf) != NGX_OK
        || ngx_http_f0_zone_add(cf, fmcf) != NGX_OK
        || ngx_http_f0_limit_check(cf, fmcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    cmcf = (ngx_http_core_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    /* the last one in a phase is the first one to be called */

    h = (ngx_http_handler_pt *)
            ngx_array_push(&cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_f0_request_preaccess;

    h = (ngx_http_handler_pt *)
            ngx_array_push(&cmcf->phases[NGX_HTTP_ACCESS_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_f0_key_access;

    return ngx_http_f0_filter_init();
}


static char *
ngx_http_f0_enable(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_f0_loc_conf_t *flcf = (ngx_http_f0_loc_conf_t *) conf;

    char                      *rv;
    ngx_http_f0_main_conf_t   *fmcf;
    ngx_http_core_loc_conf_t  *clcf;

    rv = ngx_conf_set_flag_slot(cf, cmd, conf);

    if (rv != NGX_CONF_OK || !flcf->enable) {
        return rv;
    }

    clcf = (ngx_http_core_loc_conf_t *)
               ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->named) {
        return (char *) "can't be in a named location: its paths are unknown";
    }

#if (NGX_PCRE)
    if (clcf->regex == NULL)
#endif
    {
        flcf->base = clcf->name;
    }

    flcf->based = 1;
    flcf->file = cf->conf_file->file.name;
    flcf->line = cf->conf_file->line;

    fmcf = (ngx_http_f0_main_conf_t *)
               ngx_http_conf_get_module_main_conf(cf, ngx_http_f0_module);
    fmcf->used = 1;
    fmcf->checked = 1;

    return NGX_CONF_OK;
}
