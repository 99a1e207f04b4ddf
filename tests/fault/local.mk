live_tests += tests/fault/disk_full.sh
