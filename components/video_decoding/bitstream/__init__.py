"""What encoded pictures say of themselves, read from their headers and without decoding them."""
