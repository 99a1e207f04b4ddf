libtelltale_core_la_SOURCES += \
	src/encode/encode.h
