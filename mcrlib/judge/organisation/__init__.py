"""Who holds the relationship, a person or the organisation: one file a question."""
