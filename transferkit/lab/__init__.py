"""JupyterLab for people who take part: a folder of their own, German, quiet, hints instead of tracebacks."""
