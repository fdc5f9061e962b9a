"""Makes `cases_at_hand` importable from every test folder; what is compiled or kept goes to a folder of the run."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

if "SYMCALC_TESTS_CACHE" not in os.environ:
    # The workers of a parallel run inherit it, and what one of them compiles the others find.
    os.environ["SYMCALC_TESTS_CACHE"] = os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="symcalc-cache-")
    atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)
