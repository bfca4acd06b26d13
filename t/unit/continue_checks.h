/*
 * Copyright (C) 2026 The f0 authors
 *
 * continue_checks.h - checks of texts that one provider broke off and another
 * one goes on with.  Each returns what is wrong, or NULL; the text lives until
 * the next check.
 */

#ifndef F0_T_UNIT_CONTINUE_CHECKS_H_
#define F0_T_UNIT_CONTINUE_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *continue_check_cuts(void);
const char *continue_check_told(void);
const char *continue_check_twice(void);
const char *continue_check_asked(void);
const char *continue_check_usage(void);
const char *continue_check_memory(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_CONTINUE_CHECKS_H_ */
