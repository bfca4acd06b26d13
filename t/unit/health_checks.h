/*
 * Copyright (C) 2026 The f0 authors
 *
 * health_checks.h - checks of when a provider is asked.  Each returns what is
 * wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_HEALTH_CHECKS_H_
#define F0_T_UNIT_HEALTH_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *health_check_opens(void);
const char *health_check_success_between(void);
const char *health_check_window(void);
const char *health_check_single_probe(void);
const char *health_check_probe_given_back(void);
const char *health_check_doubles(void);
const char *health_check_trial(void);
const char *health_check_old_asks(void);
const char *health_check_limited(void);
const char *health_check_limited_probe(void);
const char *health_check_forced(void);
const char *health_check_two_workers(void);
const char *health_check_killed_worker(void);
const char *health_check_other_clock(void);
const char *health_check_each_provider(void);
const char *health_check_config(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_HEALTH_CHECKS_H_ */
