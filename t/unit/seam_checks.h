/*
 * Copyright (C) 2026 The f0 authors
 *
 * seam_checks.h - checks of where one text goes on with another one's.  Each
 * returns what is wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_SEAM_CHECKS_H_
#define F0_T_UNIT_SEAM_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *seam_check_cuts(void);
const char *seam_check_repetitions(void);
const char *seam_check_marks(void);
const char *seam_check_unseen(void);
const char *seam_check_bounds(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_SEAM_CHECKS_H_ */
