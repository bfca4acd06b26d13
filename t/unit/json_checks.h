/*
 * Copyright (C) 2026 The f0 authors
 *
 * json_checks.h - checks of the JSON parser, the writer and the text
 * functions.  Each returns what is wrong, or NULL; the text lives until the
 * next check.
 */

#ifndef F0_T_UNIT_JSON_CHECKS_H_
#define F0_T_UNIT_JSON_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *json_check_values(void);
const char *json_check_refused(void);
const char *json_check_surrogates(void);
const char *json_check_bom(void);
const char *json_check_repair(void);
const char *json_check_depth(void);
const char *json_check_numbers(void);
const char *json_check_memory(void);
const char *json_check_floods(void);
const char *json_check_reuse(void);
const char *json_check_writer(void);
const char *text_check_utf8(void);
const char *text_check_utf16(void);
const char *text_check_joined(void);
const char *text_check_ascii(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_JSON_CHECKS_H_ */
