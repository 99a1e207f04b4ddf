libtelltale_core_la_SOURCES += \
	src/encode/encode.c \
	src/encode/encode.h \
	src/encode/escape.c \
	src/encode/journal.c \
	src/encode/json.c \
	src/encode/json.h \
	src/encode/json_embed.c \
	src/encode/json_fields.c \
	src/encode/json_place.c \
	src/encode/json_text.c \
	src/encode/json_value.c \
	src/encode/line.h \
	src/encode/logfmt.c \
	src/encode/metrics.c \
	src/encode/metrics.h \
	src/encode/parts.h \
	src/encode/rfc3164.c \
	src/encode/rfc5424.c \
	src/encode/room.c \
	src/encode/room.h \
	src/encode/sd.c \
	src/encode/sd.h \
	src/encode/template.c \
	src/encode/text.c \
	src/encode/value.c \
	src/encode/value.h
