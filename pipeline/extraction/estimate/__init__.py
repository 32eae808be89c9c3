"""What an extraction will take on this machine."""
