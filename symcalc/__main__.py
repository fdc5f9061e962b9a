"""`python -m symcalc` is the command `symcalc`."""

import sys

from symcalc.app.cli import main

sys.exit(main())
