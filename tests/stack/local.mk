# Verdicts and grammar against libpam; pam_step.so is the PAM module both sides' steps are.
if HAVE_PAM
program_tests       += tests/stack/check_pam_oracle
check_LTLIBRARIES   += pam_step.la
pam_step_la_SOURCES  = tests/stack/pam_step.c tests/stack/pam_step.h
# -rpath: without a place to install to libtool makes no shared object.
pam_step_la_LDFLAGS  = $(AM_LDFLAGS) -module -avoid-version -shared -rpath /nowhere
pam_step_la_LIBADD   = $(PAM_LIBS)
tests_stack_check_pam_oracle_SOURCES = \
	tests/stack/check_pam_oracle.c \
	tests/stack/pam_quiet.c \
	tests/stack/pam_step.h \
	tests/stack/stack_maker.c \
	tests/stack/stack_maker.h
tests_stack_check_pam_oracle_LDADD = $(LDADD) $(PAM_LIBS) -ldl
live_tests += tests/live/pam_oracle.sh
endif

# Each control word in a stack file of its own.
unit_tests += tests/stack/check_files
stack_files = \
	tests/stack/at-include.stack \
	tests/stack/done.part \
	tests/stack/ignore.stack \
	tests/stack/include.stack \
	tests/stack/jump-too-far.stack \
	tests/stack/jump.stack \
	tests/stack/optional-alone.stack \
	tests/stack/optional.stack \
	tests/stack/pam-words.stack \
	tests/stack/required.stack \
	tests/stack/requisite.stack \
	tests/stack/reset.stack \
	tests/stack/silent.stack \
	tests/stack/substack.stack \
	tests/stack/sufficient.stack
EXTRA_DIST += $(stack_files)
