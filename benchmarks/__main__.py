"""Run the benchmarks at the everyday size."""

import subprocess
import sys

for name in ("screening", "simulation", "intake", "statistics"):
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}", "--cases", "350000"], check=True)
subprocess.run([sys.executable, "-m", "benchmarks.closure_batch"], check=True)
