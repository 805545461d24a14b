"""Reception: applications taken in for the person who stands before an official, agents with a mandate, visits at home."""
