#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <telltale/module.h>
#include "base/buf.h"
#include "forward/target.h"

/* Whose records they are, as Loki's X-Scope-OrgID has it: `tenant=ops`, or of each record
 * `tenant=field:tenant_id default_tenant=ops`.
 *
 * Shape:   1 to TELL_TENANT_MAX letters, digits and ! - _ . * ' ( ), but not "." or "..".
 * Source:  Loki's tenant ids (dskit, tenant.ValidTenantID). */
#define TELL_TENANT_MAX	   150
#define TELL_TENANT_HEADER (TELL_TENANT_MAX + 32)

struct tell_tenant {
	const char *field; /* NULL: the same for all */
	const char *name;  /* theirs, or of records that name none; NULL: none */
};

bool tell_tenant_is_valid(const char *name, size_t len);

/* The line's; its strings stay the line's. 0, or -EINVAL with *why. */
int tell_tenant_open(
	struct tell_tenant *t, const struct tell_args *args, struct tell_refusal *why);

/* Append the record's: nothing where all have the same. False: what the record says is none, and it
 * has the default one. */
bool tell_tenant_put(
	const struct tell_tenant *t, const struct tell_parcel *p, struct tell_buf *out);
