"""A synthetic delivery of the courts' files, an identity extract and evidence; no real person."""
