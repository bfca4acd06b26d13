/*
 * Copyright (C) 2026 The f0 authors
 *
 * request_checks.h - checks of the reading of requests and of the model list.
 * Each returns what is wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_REQUEST_CHECKS_H_
#define F0_T_UNIT_REQUEST_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *request_check_corpus(void);
const char *request_check_large(void);
const char *request_check_errors(void);
const char *request_check_messages_of_errors(void);
const char *request_check_limits(void);
const char *request_check_tools(void);
const char *request_check_foreign(void);
const char *request_check_context(void);
const char *request_check_words(void);
const char *request_check_header(void);
const char *request_check_models(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_REQUEST_CHECKS_H_ */
