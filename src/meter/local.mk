libtelltale_core_la_SOURCES += \
	src/meter/bound.c \
	src/meter/cells.c \
	src/meter/cells.h \
	src/meter/collect.c \
	src/meter/collect.h \
	src/meter/counter.c \
	src/meter/exemplar.c \
	src/meter/exemplar.h \
	src/meter/expose.c \
	src/meter/expose.h \
	src/meter/gauge.c \
	src/meter/grid.c \
	src/meter/grid.h \
	src/meter/histogram.c \
	src/meter/histogram.h \
	src/meter/registry.c \
	src/meter/registry.h \
	src/meter/series.c \
	src/meter/stats.c \
	src/meter/stats.h \
	src/meter/tally.c \
	src/meter/tally.h \
	src/meter/window.c \
	src/meter/window.h
