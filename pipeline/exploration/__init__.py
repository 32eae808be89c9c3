"""What the notebooks show: tables, pictures and pages, made from what the rest of the project reads."""
