# What a service includes: <telltale.h>, and the parts it is made of.
include_HEADERS += include/telltale.h
telltaleincludedir      = $(includedir)/telltale
telltaleinclude_HEADERS = \
	include/telltale/call.h \
	include/telltale/call_cxx.h \
	include/telltale/capture.h \
	include/telltale/context.h \
	include/telltale/families.h \
	include/telltale/field.h \
	include/telltale/field_cxx.h \
	include/telltale/health.h \
	include/telltale/level.h \
	include/telltale/log.h \
	include/telltale/macros.h \
	include/telltale/metric.h \
	include/telltale/module.h \
	include/telltale/snapshot.h \
	include/telltale/weak.h \
	include/telltale/wire.h

telltalecompatdir      = $(includedir)/telltale/compat
telltalecompat_HEADERS = \
	include/telltale/compat/err.h \
	include/telltale/compat/stdio.h \
	include/telltale/compat/syslog.h
