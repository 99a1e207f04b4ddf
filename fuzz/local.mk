# A fuzz target is fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput(), inputs in
# fuzz/corpus/NAME/, and one line here:
#	fuzz_programs += fuzz/fuzz_NAME
shell_tests += fuzz/replay.sh
EXTRA_DIST  += fuzz/smoke.sh fuzz/corpus
fuzz_programs += fuzz/fuzz_expr
fuzz_programs += fuzz/fuzz_stack
