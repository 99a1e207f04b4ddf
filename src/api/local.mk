libtelltale_core_la_SOURCES += \
	src/api/capture.c
