libsupport_la_SOURCES += tests/unit/redact/made.c tests/unit/redact/made.h
unit_tests += \
	tests/unit/redact/check_bare \
	tests/unit/redact/check_bearer \
	tests/unit/redact/check_block \
	tests/unit/redact/check_card \
	tests/unit/redact/check_detect \
	tests/unit/redact/check_element \
	tests/unit/redact/check_gap \
	tests/unit/redact/check_harmless \
	tests/unit/redact/check_hide \
	tests/unit/redact/check_iban \
	tests/unit/redact/check_insert \
	tests/unit/redact/check_issued \
	tests/unit/redact/check_jwt \
	tests/unit/redact/check_keys \
	tests/unit/redact/check_letter \
	tests/unit/redact/check_mask \
	tests/unit/redact/check_named \
	tests/unit/redact/check_names \
	tests/unit/redact/check_opaque \
	tests/unit/redact/check_pair \
	tests/unit/redact/check_pem \
	tests/unit/redact/check_percent \
	tests/unit/redact/check_phrase \
	tests/unit/redact/check_pii \
	tests/unit/redact/check_placed \
	tests/unit/redact/check_search \
	tests/unit/redact/check_secret \
	tests/unit/redact/check_shaped \
	tests/unit/redact/check_spans \
	tests/unit/redact/check_style \
	tests/unit/redact/check_text \
	tests/unit/redact/check_unicode \
	tests/unit/redact/check_url \
	tests/unit/redact/check_value
