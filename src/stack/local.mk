libtelltale_core_la_SOURCES += \
	src/stack/notes.h \
	src/stack/report.h \
	src/stack/stack.h
