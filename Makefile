# make site    set up if needed, build all guides into build/site
# make test    set up if needed, check types, style and floors, run all tests
# make apps    serve the apps on this machine: http://localhost:8866/
# make lab     open the notebooks in JupyterLab, as copies among the documents of who calls it
# make pictures  take the pictures of the handbook anew, after the screens they show have changed
# make bench   time all that must be fast, the build side by side with the papermill and jupyter commands
# make lock    renew requirements.lock and environment.yml from pyproject.toml (needs network)
# make clean   remove what was built; .venv stays

.PHONY: site test apps lab pictures bench lock clean
.DEFAULT_GOAL := site

python := .venv/bin/python

# Written last when everything is installed; holds the folder it was installed in, for who moves the project.
ready := .venv/.complete
ifneq ($(shell cat $(ready) 2>/dev/null),$(CURDIR))
.PHONY: $(ready)
endif

site: $(ready)
	@.venv/bin/transferkit build

test: $(ready)
	@.ci/programs
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@$(python) -m pytest -n 2

apps: $(ready)
	@.venv/bin/transferkit serve

lab: $(ready)
	@.venv/bin/transferkit lab

pictures: $(ready)
	@.ci/programs
	@$(python) -m pytest tests/browser/test_pictures.py --take-pictures

bench: $(ready)
	@$(python) tests/benchmarks/bench_register.py
	@$(python) tests/benchmarks/bench_options.py
	@$(python) tests/benchmarks/bench_cohorts.py
	@$(python) tests/benchmarks/bench_kernels.py
	@$(python) tests/benchmarks/bench_apps.py
	@$(python) tests/benchmarks/bench_guides.py
	@$(python) tests/benchmarks/bench_everything.py
	@$(python) tests/benchmarks/bench_cluster.py
	@$(python) tests/benchmarks/bench_workshop.py

lock: $(ready)
	@$(python) .ci/lock.py

clean:
	@find build -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

$(ready): requirements.lock pyproject.toml
	@.ci/setup
