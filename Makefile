# Two commands: run it, test it. Both set everything up first; only python3, pip, git and make are needed.
run:
	@./go run
test:
	@./go test
soak:           # the long forms of the reliability runs, hours on a small machine: docs/reliability.md
	@./go soak
check:
	@./go check

# After a change of the dependencies in pyproject.toml: write the hash-locked lists again.
COMPILE = .venv/bin/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11
lock:
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) pyproject.toml --group test -o requirements/test.txt
	$(COMPILE) --group node -o requirements/node.txt
	$(COMPILE) --group uv -o requirements/uv.txt
.PHONY: run test soak check lock
