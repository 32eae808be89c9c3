"""Reads what the headers of encoded pictures declare, without decoding the pictures."""
