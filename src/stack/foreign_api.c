#include "encode/encode.h"
#include "meter/registry.h"
#include "record/record.h"
#include "stack/foreign.h"

static int record_level(const struct tell_record *r)
{
	return r->head->level;
}

static uint64_t record_time(const struct tell_record *r)
{
	return r->head->realtime_ns;
}

static const char *run_json(struct tell_run *run, size_t *ret_len)
{
	struct tell_layout layout = { .who = run->who, .stamp = run->stamp };
	tell_buf_clear(run->out);
	tell_encode_json(run->out, run->record, &layout);
	*ret_len = run->out->len;
	return run->out->cut ? NULL : run->out->data;
}

static int service_show(const char *service, enum tell_show what, struct tell_shown *ret)
{
	return tell_foreign_show(service, what, ret);
}

/* What cannot be made is counted nowhere: memory is out, or there are too many metrics. */
static void count_own(const char *name, const char *help, const char *label,
	const char *value, uint64_t n)
{
	struct tell_family *f;
	if (tell_family_ours(&f, TELL_METRIC_COUNTER, name, help, label) == 0)
		tell_counter_add(
			&tell_family_with(f, &value, 1, true)->number.counter, n);
}

const struct tell_api tell_foreign_api = {
	.abi = TELL_MODULE_ABI,
	.size = sizeof(struct tell_api),
	.run_deadline = tell_run_deadline,
	.note = tell_note,
	.refuse = tell_refuse,
	.args_text = tell_args_text,
	.args_u64 = tell_args_u64,
	.args_f64 = tell_args_f64,
	.args_bool = tell_args_bool,
	.args_choice = tell_args_choice,
	.args_given = tell_args_given,
	.args_next = tell_args_next,
	.args_service = tell_args_service,
	.record_level = record_level,
	.record_time = record_time,
	.record_next = tell_record_next,
	.record_get = tell_record_get,
	.record_add = tell_record_add,
	.record_replace = tell_record_replace,
	.record_drop = tell_record_drop,
	.run_json = run_json,
	.service_show = service_show,
	.count_own = count_own,
};
