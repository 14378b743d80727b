"""Relationships of three dimensions: with key persons, with people at all levels, between the organisations."""
