# What a service includes: <telltale.h>, and the parts it is made of.
include_HEADERS += include/telltale.h
telltaleincludedir      = $(includedir)/telltale
telltaleinclude_HEADERS = \
	include/telltale/capture.h \
	include/telltale/context.h \
	include/telltale/field.h \
	include/telltale/log.h \
	include/telltale/macros.h \
	include/telltale/metric.h \
	include/telltale/module.h
