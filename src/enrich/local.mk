libtelltale_core_la_SOURCES += \
	src/enrich/env.c \
	src/enrich/fixed.c \
	src/enrich/fixed.h \
	src/enrich/host.c \
	src/enrich/module.h \
	src/enrich/parse.c \
	src/enrich/parsed.c \
	src/enrich/parsed.h \
	src/enrich/process.c \
	src/enrich/read.c \
	src/enrich/read.h \
	src/enrich/resource.c \
	src/enrich/resource.h \
	src/enrich/set.c
