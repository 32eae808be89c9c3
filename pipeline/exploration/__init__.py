"""What the notebooks show: tables, pictures and pages, built on the readers of the other packages."""
