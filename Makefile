# Everything a newcomer runs. Needs Python 3.11 or newer, make, and the package registries.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready
COMPILE := $(BIN)/uv pip compile --no-config --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --quiet

.PHONY: setup demo test check drill spark bench pin pictures migration

setup: $(STAMP)

# Dependencies first, each held to its hash; then the project itself, whose build fetches the front
# end's assets through npm: the machine's own, or else the Python registry's.
$(STAMP): pyproject.toml constraints.txt constraints-npm.txt package-lock.json hatch_build.py
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r constraints.txt
	command -v npm >/dev/null || \
		$(BIN)/python -m pip install --quiet --require-hashes -r constraints-npm.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

# A register of a simulated month, served on loopback.
demo: setup
	$(BIN)/register demo

# Every test, on SQLite and on PostgreSQL, in a browser too.
test: setup
	$(BIN)/pytest -n 2 --dist loadfile --durations 20

# The one gate before a change is shared.
check: setup
	$(BIN)/python -m pip check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(MAKE) --no-print-directory test

# The same tests of durability and of any order, with the counts that take their time; and linking
# on a Spark cluster of this machine, where it has Java.
drill: setup
	REGISTER_DRILL=1 $(BIN)/pytest -n 2 --dist loadfile tests/cli/test_killed.py \
		tests/cli/test_server_killed.py tests/cli/test_power_loss.py tests/cli/test_no_room.py \
		tests/cli/test_poison.py tests/domain/test_pipeline_any_order.py \
		tests/domain/test_histories.py tests/domain/test_histories_any_order.py \
		tests/domain/test_undo.py tests/domain/test_mismatch_histories.py \
		tests/api/test_messages.py tests/api/test_schema_conformance.py \
		tests/domain/test_messages_in_bulk.py tests/domain/test_tampering.py \
		tests/domain/test_seals_of_many.py tests/domain/test_guessing.py \
		tests/pure/test_json_rows.py tests/pure/test_suspicion.py \
		tests/web/test_matrix.py tests/web/test_canaries.py tests/underneath/test_pitfalls.py
	REGISTER_DRILL=1 $(BIN)/pytest tests/domain/test_crowd_at_work.py
	! command -v java >/dev/null || $(MAKE) --no-print-directory spark
	REGISTER_DRILL=1 $(BIN)/pytest tests/cli/test_spark.py

# What linking on Spark needs besides Java 17, in a folder of its own that only PYTHONPATH shows:
# PYTHONPATH=.venv/spark .venv/bin/register link --engine spark ...
spark: setup .venv/spark/.ready

.venv/spark/.ready: constraints-spark.txt
	rm -rf .venv/spark
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --target .venv/spark \
		-r constraints-spark.txt
	touch $@

# The speed of an import, the quality of linking and the proof of the log, on this machine.
bench: setup
	$(BIN)/python -m benchmarks.import
	$(BIN)/python -m benchmarks.folding --reports 100000
	$(BIN)/python -m benchmarks.linking
	$(BIN)/python benchmarks/linking_peers.py
	$(BIN)/python -m benchmarks.log
	$(BIN)/python -m benchmarks.row_security

# Rewrites what is derived but committed. UPGRADE=--upgrade takes newer releases too.
pin: setup
	$(COMPILE) --all-extras $(UPGRADE) pyproject.toml -o constraints.txt
	$(COMPILE) $(UPGRADE) --group pyproject.toml:npm -o constraints-npm.txt
	$(COMPILE) $(UPGRADE) -c constraints.txt --group pyproject.toml:spark -o constraints-spark.txt
	$(BIN)/python docs/write.py

# The pictures in the documents, made again from the pages. Those of every page at two widths, which
# the tests make for people to look at, lie in the folder that SCREENSHOTS names.
pictures: setup
	PIN=1 $(BIN)/pytest tests/browser/test_pictures.py -k "sqlite or documents"

# A new revision from the models: make migration WHY="reports know their source".
migration: setup
	@test -n "$(WHY)" || { echo 'say why: make migration WHY="..."' >&2; exit 1; }
	rm -f .venv/revision.sqlite3
	REGISTER_DATABASE_URL=sqlite:///.venv/revision.sqlite3 $(BIN)/alembic upgrade head
	REGISTER_DATABASE_URL=sqlite:///.venv/revision.sqlite3 \
		$(BIN)/alembic revision --autogenerate -m "$(WHY)"
	$(BIN)/ruff format migrations/versions
