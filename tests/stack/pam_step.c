/* A PAM module for check_pam_oracle: `pam_step.so ID CODE ...` notes that it ran, with a hash
 * of all its arguments, and returns CODE. The notes are in the application's conversation
 * data, so nothing is shared but what PAM passes. */
#include <stdlib.h>
#include <security/pam_appl.h>
#include <security/pam_modules.h>

#include "stack/pam_step.h"

/* libpam finds the functions by name. */
#pragma GCC visibility push(default)

static int step(pam_handle_t *pamh, int argc, const char **argv)
{
	const void *item = NULL;
	if (pam_get_item(pamh, PAM_CONV, &item) != PAM_SUCCESS || !item)
		return PAM_SYSTEM_ERR;
	struct step_log *log = ((const struct pam_conv *)item)->appdata_ptr;
	uint32_t hash = STEP_HASH_START;
	for (int i = 0; i < argc; i++)
		hash = step_hash(hash, argv[i]);
	step_note(log, argc > 0 ? atoi(argv[0]) : -1, hash);
	return argc > 1 ? atoi(argv[1]) : PAM_SUCCESS;
}

PAM_EXTERN int pam_sm_authenticate(
	pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return step(pamh, argc, argv);
}

PAM_EXTERN int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh, (void)flags, (void)argc, (void)argv;
	return PAM_SUCCESS;
}

PAM_EXTERN int pam_sm_acct_mgmt(
	pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return step(pamh, argc, argv);
}

#pragma GCC visibility pop
