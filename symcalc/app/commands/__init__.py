"""The commands, one file each; `command` in each is what the command line runs."""
