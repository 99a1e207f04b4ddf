unit_tests += \
	tests/unit/sink/check_append \
	tests/unit/sink/check_capture \
	tests/unit/sink/check_commit \
	tests/unit/sink/check_console \
	tests/unit/sink/check_datagram \
	tests/unit/sink/check_dial \
	tests/unit/sink/check_file \
	tests/unit/sink/check_frozen \
	tests/unit/sink/check_journald \
	tests/unit/sink/check_logfile \
	tests/unit/sink/check_mask \
	tests/unit/sink/check_name \
	tests/unit/sink/check_outage \
	tests/unit/sink/check_outlet \
	tests/unit/sink/check_owed \
	tests/unit/sink/check_recent \
	tests/unit/sink/check_resolve \
	tests/unit/sink/check_rolled \
	tests/unit/sink/check_rotate \
	tests/unit/sink/check_rotation \
	tests/unit/sink/check_secure \
	tests/unit/sink/check_shape \
	tests/unit/sink/check_stderr \
	tests/unit/sink/check_stdout \
	tests/unit/sink/check_stream \
	tests/unit/sink/check_syslog \
	tests/unit/sink/check_wait
thread_tests += \
	tests/unit/sink/check_commit \
	tests/unit/sink/check_file \
	tests/unit/sink/check_journald
