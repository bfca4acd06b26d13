/*
 * Copyright (C) 2026 The f0 authors
 *
 * edit_checks.h - checks of the edit engine, a group for each rule.  Each
 * returns what is wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_EDIT_CHECKS_H_
#define F0_T_UNIT_EDIT_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *edit_check_formats(void);
const char *edit_check_path_lines(void);
const char *edit_check_stand_ins(void);
const char *edit_check_frames(void);
const char *edit_check_names(void);
const char *edit_check_ends(void);
const char *edit_check_markers(void);
const char *edit_check_thoughts(void);
const char *edit_check_owner(void);
const char *edit_check_prose(void);
const char *edit_check_prose_at_once(void);
const char *edit_check_fences(void);
const char *edit_check_ladder(void);
const char *edit_check_as_shown(void);
const char *edit_check_hints(void);
const char *edit_check_divider(void);
const char *edit_check_hashes(void);
const char *edit_check_bytes(void);
const char *edit_check_paths(void);
const char *edit_check_exists(void);
const char *edit_check_udiff(void);
const char *edit_check_envelope(void);
const char *edit_check_broken(void);
const char *edit_check_sizes(void);
const char *edit_check_repairs(void);
const char *edit_check_selection(void);
const char *edit_check_diffs(void);
const char *edit_check_nearest(void);
const char *edit_check_random_cuts(void);
const char *edit_check_time(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_EDIT_CHECKS_H_ */
