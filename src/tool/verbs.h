#pragma once
#include "tool/option.h"

extern const struct tell_verb tell_verb_cat, tell_verb_check, tell_verb_compress,
	tell_verb_ctl, tell_verb_forward, tell_verb_log, tell_verb_query, tell_verb_recover, tell_verb_redact,
	tell_verb_status;
