"""What is wired together from components, and where it runs; `dags` is what to read first."""
