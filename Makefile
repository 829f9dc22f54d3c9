# Every job is in tasks.py; this file only finds a Python to start it.
# Another Python for the environment: make demo PYTHON=/path/to/python3.12

START := $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 $(PYTHON),\
	$(shell command -v $(name) 2>/dev/null)))
JOBS := help demo demo-class test test-slow test-colab bench-grading lab setup lock

.PHONY: $(JOBS)
$(JOBS):
	@$(if $(START),$(START) tasks.py $@,echo "the course needs Python: install it first" >&2; exit 1)
