release_tests += \
	tests/release/forward_loki.sh \
	tests/release/forward_lumber.sh
