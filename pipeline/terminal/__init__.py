"""All that people see of a command: lines, tables and live displays, and the log that takes the rest."""
