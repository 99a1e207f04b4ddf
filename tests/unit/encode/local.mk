unit_tests += \
	tests/unit/encode/check_encode \
	tests/unit/encode/check_escape \
	tests/unit/encode/check_health \
	tests/unit/encode/check_journal \
	tests/unit/encode/check_member \
	tests/unit/encode/check_metrics \
	tests/unit/encode/check_json \
	tests/unit/encode/check_metrics \
	tests/unit/encode/check_json_embed \
	tests/unit/encode/check_json_fields \
	tests/unit/encode/check_json_place \
	tests/unit/encode/check_json_text \
	tests/unit/encode/check_json_value \
	tests/unit/encode/check_logfmt \
	tests/unit/encode/check_rfc3164 \
	tests/unit/encode/check_rfc5424 \
	tests/unit/encode/check_rfc5424_reader \
	tests/unit/encode/check_room \
	tests/unit/encode/check_sd \
	tests/unit/encode/check_template \
	tests/unit/encode/check_text \
	tests/unit/encode/check_value
