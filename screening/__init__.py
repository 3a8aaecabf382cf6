"""The judgement: evidence, criteria, policies, determinations."""
