// The second file that instantiates what shared.h has.
#define TELL_LOGGER "test.other"
#include "cxx/shared.h"

void other_inline()
{
	shared_inline();
}

void other_template(int value)
{
	shared_template(value);
}
