#include "forward/tenant.h"
#include <errno.h>
#include <string.h>
#include "base/ascii.h"
#include "encode/encode.h"

#define OF_FIELD "field:"

bool tell_tenant_is_valid(const char *name, size_t len)
{
	if (len == 0 || len > TELL_TENANT_MAX || (len == 1 && *name == '.') ||
		(len == 2 && memcmp(name, "..", 2) == 0))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!tell_is_letter(name[i]) && !tell_is_digit(name[i]) &&
			!(name[i] && strchr("!-_.*'()", name[i])))
			return false;
	return true;
}

static int check(const char *name, const char *arg, struct tell_refusal *why)
{
	if (tell_tenant_is_valid(name, strlen(name)))
		return 0;
	return tell_refuse(why, -EINVAL, arg,
		"write 1 to 150 letters, digits and ! - _ . * ' ( )",
		"\"%.160s\" is no tenant that Loki takes", name);
}

int tell_tenant_open(
	struct tell_tenant *t, const struct tell_args *args, struct tell_refusal *why)
{
	const char *tenant = tell_args_text(args, "tenant");
	const char *deflt = tell_args_text(args, "default_tenant");
	bool of_field = tenant && strncmp(tenant, OF_FIELD, sizeof(OF_FIELD) - 1) == 0;
	*t = (struct tell_tenant){ NULL, tenant };
	if (deflt && !of_field)
		return tell_refuse(why, -EINVAL, "default_tenant",
			"write tenant=field:NAME, or leave it out",
			"it is for records without a field that names theirs");
	if (!tenant)
		return 0;
	if (!of_field)
		return check(tenant, "tenant", why);
	t->field = tenant + sizeof(OF_FIELD) - 1;
	t->name = deflt;
	if (!*t->field)
		return tell_refuse(why, -EINVAL, "tenant", "write tenant=field:tenant_id",
			"it names no field");
	if (!deflt)
		return tell_refuse(why, -EINVAL, "tenant",
			"add default_tenant=, whose the others are",
			"not every record has the field %.64s", t->field);
	return check(deflt, "default_tenant", why);
}

bool tell_tenant_put(
	const struct tell_tenant *t, const struct tell_parcel *p, struct tell_buf *out)
{
	struct tell_value v;
	size_t before = out->len;
	if (!t->field)
		return true;
	bool has = tell_record_get(p->record, t->field, strlen(t->field), &v) &&
		v.type != TELL_TYPE_NULL;
	if (has && v.type == TELL_TYPE_STR)
		tell_buf_put(out, v.data, v.len);
	else if (has)
		tell_encode_value(out, &v);
	if (has && tell_tenant_is_valid(out->data + before, out->len - before))
		return true;
	out->len = before;
	tell_buf_puts(out, t->name);
	return !has;
}
