/*
 * Copyright (C) 2026 The f0 authors
 *
 * error_checks.h - checks of providers' errors: where their words stand, what
 * they mean, what of them may be shown.  Each returns what is wrong, or NULL;
 * the text lives until the next check.
 */

#ifndef F0_T_UNIT_ERROR_CHECKS_H_
#define F0_T_UNIT_ERROR_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *error_check_places(void);
const char *error_check_statuses(void);
const char *error_check_words(void);
const char *error_check_private(void);
const char *error_check_secrets(void);
const char *error_check_long(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_ERROR_CHECKS_H_ */
