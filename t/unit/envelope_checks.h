/*
 * Copyright (C) 2026 The f0 authors
 *
 * envelope_checks.h - checks of what clients carry for providers.  Each returns
 * what is wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_ENVELOPE_CHECKS_H_
#define F0_T_UNIT_ENVELOPE_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *envelope_check_opened(void);
const char *envelope_check_events(void);
const char *envelope_check_empty(void);
const char *envelope_check_forged(void);
const char *envelope_check_large(void);
const char *envelope_check_returned(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_ENVELOPE_CHECKS_H_ */
