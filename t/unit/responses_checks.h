/*
 * Copyright (C) 2026 The f0 authors
 *
 * responses_checks.h - checks of the dialect responses, both ways.  Each returns
 * what is wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_RESPONSES_CHECKS_H_
#define F0_T_UNIT_RESPONSES_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *responses_check_texts(void);
const char *responses_check_calls(void);
const char *responses_check_ends(void);
const char *responses_check_errors(void);
const char *responses_check_usage(void);
const char *responses_check_sealed(void);
const char *responses_check_bounds(void);
const char *responses_check_lane(void);
const char *responses_check_messages(void);
const char *responses_check_history(void);
const char *responses_check_tools(void);
const char *responses_check_options(void);
const char *responses_check_refused(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_RESPONSES_CHECKS_H_ */
