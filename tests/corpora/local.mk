EXTRA_DIST += tests/corpora/corpus.py tests/corpora/kinds.py tests/corpora/lookalikes.py tests/corpora/settings.py
shell_tests += tests/corpora/score.sh

# All kinds and settings, both corpora.
score: telltale
	for held in '' --held-out; do PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/tests/corpora/corpus.py \
		-n 20000 $$held -vv --score ./telltale redact | grep -E '^(kind|setting|[a-z]+ +[01]\.)'; done
.PHONY: score
