"""Policies: what they say as data, where they come from, and how a version is released."""
