unit_tests += tests/unit/spool/check_spool
