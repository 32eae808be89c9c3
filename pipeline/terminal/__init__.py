"""The output of commands: lines, tables and live displays, and the log for everything else."""
