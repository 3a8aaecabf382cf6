"""The border-encounter trigger: counts in, determinations recorded, suspension periods out."""
