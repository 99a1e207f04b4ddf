unit_tests += tests/unit/service/check_settings
