"""Write determinations of the present engine into the archive, for the next engines to equal.

    python -m tests.screening.write_archive

A file that is there is not written again, unless --replace is given: that is for an engine version
that nobody has used yet.
"""

import argparse
import sys

from benchmarks.scratch import scratch_database

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replace", action="store_true")
    arguments = parser.parse_args()
    with scratch_database("archive"):
        from tests.screening.archived import write  # Django must be set up first

        for line in write(replace=arguments.replace):
            sys.stdout.write(f"{line}\n")
