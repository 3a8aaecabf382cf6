"""Taking in a delivery: EOIR CASE files and identities, staged, checked and merged."""
