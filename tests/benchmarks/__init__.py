"""What the program costs, measured from outside through a pseudo-terminal: `python -m tests.benchmarks`."""
