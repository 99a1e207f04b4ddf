libtelltale_core_la_SOURCES += \
	src/queue/adopt.c \
	src/queue/adopt.h \
	src/queue/dict.c \
	src/queue/dict.h \
	src/queue/file.c \
	src/queue/file.h \
	src/queue/format.h \
	src/queue/lane.c \
	src/queue/lane.h \
	src/queue/merge.c \
	src/queue/merge.h \
	src/queue/nested.c \
	src/queue/nested.h \
	src/queue/orphan.c \
	src/queue/orphan.h \
	src/queue/quick.c \
	src/queue/quick.h \
	src/queue/ring.c \
	src/queue/rings.c \
	src/queue/rings.h \
	src/queue/seat.c \
	src/queue/seat.h
