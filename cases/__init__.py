"""The record: what is known about a case, and how it may change."""
