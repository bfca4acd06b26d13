/*
 * Copyright (C) 2026 The f0 authors
 *
 * line_checks.h - checks of who is let in when.  Each returns what is wrong, or
 * NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_LINE_CHECKS_H_
#define F0_T_UNIT_LINE_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *line_check_places(void);
const char *line_check_full(void);
const char *line_check_first_come(void);
const char *line_check_flood(void);
const char *line_check_weights(void);
const char *line_check_leaving(void);
const char *line_check_standing(void);
const char *line_check_pace(void);
const char *line_check_two_workers(void);
const char *line_check_killed_worker(void);
const char *line_check_names(void);
const char *line_check_no_room(void);
const char *line_check_idle(void);
const char *line_check_fewer_places(void);
const char *line_check_other_clock(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_LINE_CHECKS_H_ */
