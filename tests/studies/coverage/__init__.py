"""Do the intervals keep their promise? Samples from known populations, again and again.

    python -m tests.studies.coverage [--populations N] [--replicates R] [--seed S] [--resume] [--out DIR]

What is simulated and what came out is in docs/coverage-study.md.
"""
