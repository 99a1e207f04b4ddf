#include "sink/shape.h"

/* RFC 5424 table 1 has the clock and audit daemons at 12 to 15, which have no name here. */
static int facility_of(unsigned choice)
{
	return (int)(choice < 12 ? choice : choice + 4);
}

void tell_shape_init(struct tell_shape *s, const struct tell_args *args,
	tell_encoder *encode, bool full, bool has_facility)
{
	*s = (struct tell_shape){ .encode = encode, .facility = -1 };
	enum { FULL, BARE, ALL } message = full ? FULL : BARE;
	if (tell_args_given(args, "message"))
		message = tell_args_choice(args, "message");
	s->layout.message_full = message != BARE;
	s->layout.message_all = message == ALL;
	if (has_facility && tell_args_given(args, "facility"))
		s->facility = facility_of(tell_args_choice(args, "facility"));
	s->layout.facility_given = s->facility >= 0;
}

bool tell_shape_encode(const struct tell_shape *s, struct tell_run *run)
{
	struct tell_layout layout = s->layout;
	struct tell_identity who __attribute__((uninitialized));

	layout.who = run->who;
	if (s->facility >= 0) {
		who = *run->who;
		who.facility = (uint8_t)s->facility;
		layout.who = &who;
	}
	layout.work = run->work;
	layout.stamp = run->stamp;
	s->encode(run->out, run->record, &layout);
	return !run->out->cut;
}
