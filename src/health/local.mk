libtelltale_core_la_SOURCES += \
	src/health/callback.c \
	src/health/callback.h \
	src/health/module.h
