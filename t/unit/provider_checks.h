/*
 * Copyright (C) 2026 The f0 authors
 *
 * provider_checks.h - checks of what providers refuse, and how a request is
 * put for them.  Each returns what is wrong, or NULL; the text lives until the
 * next check.
 */

#ifndef F0_T_UNIT_PROVIDER_CHECKS_H_
#define F0_T_UNIT_PROVIDER_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *provider_check_corpus(void);
const char *provider_check_names(void);
const char *provider_check_words(void);
const char *provider_check_pictures(void);
const char *provider_check_history(void);
const char *provider_check_claude(void);
const char *provider_check_ids(void);
const char *provider_check_openai(void);
const char *provider_check_gemini(void);
const char *provider_check_schemas(void);
const char *provider_check_parameters(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_PROVIDER_CHECKS_H_ */
