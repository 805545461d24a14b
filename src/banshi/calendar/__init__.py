"""Working days: `working_days` counts, `queries` loads the calendar in force, `actions` changes it."""
