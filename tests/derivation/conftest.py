"""Makes the losses of the mistakes importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "calculus"))
