"""The demo plant: the processes of one run on this machine, and the people who talk in it."""
