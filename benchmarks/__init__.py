"""The program measured against its floors: ratios within one run, because machines are noisy."""
