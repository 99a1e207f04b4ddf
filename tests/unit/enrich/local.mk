unit_tests += \
	tests/unit/enrich/check_env \
	tests/unit/enrich/check_fixed \
	tests/unit/enrich/check_host \
	tests/unit/enrich/check_parse \
	tests/unit/enrich/check_parsed \
	tests/unit/enrich/check_process \
	tests/unit/enrich/check_read \
	tests/unit/enrich/check_resource \
	tests/unit/enrich/check_set
noinst_HEADERS += tests/unit/enrich/parse_trial.h
