"""Runs blocks one after the other: [{file, env}] on standard input, a line of JSON for each on standard output."""
import contextlib
import io
import json
import os
import runpy
import sys

for block in json.load(sys.stdin):
    os.environ.update(block["env"])
    output, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(output):
            runpy.run_path(block["file"])
    except (Exception, SystemExit) as reason:
        error = f"{type(reason).__name__}: {reason}"
    print(json.dumps({"output": output.getvalue(), "error": error}), flush=True)
