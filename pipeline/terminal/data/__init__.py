"""What is drawn of data sets."""
