#pragma once
#include <telltale/module.h>

/* The modules of this folder, for src/builtin.c.
 *
 * keys:   a field whose name says that it is a secret's (redact/secret.h) becomes
 *         [REDACTED], whatever its type; only null stays null. Options add=name,name and
 *         file= (also at the end of longer names) and except=name,name (whole names).
 * detect: what looks like a secret in the message and in values becomes
 *         [REDACTED:kind]. Every detector looks at the text as it came and reports
 *         spans; they are joined and replaced once. redact/search.h says how,
 *         redact/spans.h which kinds. profile=pii finds personal data, too.
 *
 * Both:   style= and key= (redact/style.h).
 */
extern const struct tell_module tell_redact_keys;
extern const struct tell_module tell_redact_detect;
