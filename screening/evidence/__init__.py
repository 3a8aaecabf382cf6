"""Taking in evidence: what others wrote about a respondent, in documented formats."""
