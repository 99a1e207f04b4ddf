#pragma once
#include <telltale.h>

/* Sites of inline functions and templates, in two files of one program and in a plugin. */

inline void shared_inline()
{
	tell_debug("inline");
}

template <class T> void shared_template(const T &value)
{
	tell_debug("template", tell_kv("value", value));
}

void other_inline();
void other_template(int value);
