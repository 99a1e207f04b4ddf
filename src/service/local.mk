libtelltale_core_la_SOURCES += src/service/settings.c
