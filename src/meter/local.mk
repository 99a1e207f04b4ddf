libtelltale_core_la_SOURCES += \
	src/meter/callback.c \
	src/meter/callback.h \
	src/meter/cells.c \
	src/meter/cells.h \
	src/meter/collect.c \
	src/meter/collect.h \
	src/meter/counter.c \
	src/meter/expose.c \
	src/meter/expose.h \
	src/meter/gather.h \
	src/meter/gauge.c \
	src/meter/memo.c \
	src/meter/memo.h \
	src/meter/registry.c \
	src/meter/registry.h \
	src/meter/series.c
