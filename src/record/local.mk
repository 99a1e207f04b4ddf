libtelltale_core_la_SOURCES += \
	src/record/context.c \
	src/record/context.h \
	src/record/expr.h \
	src/record/key.c \
	src/record/key.h \
	src/record/level.c \
	src/record/level.h \
	src/record/name.c \
	src/record/name.h \
	src/record/place.c \
	src/record/place.h \
	src/record/record.c \
	src/record/record.h \
	src/record/record_edit.c \
	src/record/record_read.c \
	src/record/slot.h \
	src/record/thread.c \
	src/record/thread.h
