#include "decode/typed.h"
#include <string.h>
#include "base/number.h"

struct tell_field tell_field_typed(const char *key, const char *value, size_t len)
{
	struct tell_number number;
	if (tell_number_canonical(value, len, &number)) {
		switch (number.kind) {
		case TELL_NUMBER_I64:
			return tell_i64(key, number.i64);
		case TELL_NUMBER_U64:
			return tell_u64(key, number.u64);
		case TELL_NUMBER_F64:
			return tell_f64(key, number.f64);
		case TELL_NUMBER_NONE:
			break;
		}
	}
	if (len == 4 && memcmp(value, "true", 4) == 0)
		return tell_bool(key, true);
	if (len == 5 && memcmp(value, "false", 5) == 0)
		return tell_bool(key, false);
	return tell_strn(key, value, len);
}
