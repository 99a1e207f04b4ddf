libtelltale_core_la_SOURCES += \
	src/filter/level.c \
	src/filter/match.c \
	src/filter/module.h \
	src/filter/sample.c \
	src/filter/sample.h
